"""The board and the strategy map as pictures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from kpisim.kpi.board import board
from kpisim.kpi.scorecard import Line, Scorecard
from kpisim.show.board import board_picture, strategy_map
from kpisim.tables import Meta, Tables, conform
from kpisim.tables.io import weekdays
from kpisim.text import language

if TYPE_CHECKING:
    from kpisim.kpi.board import Board

pytestmark = pytest.mark.unit
START, END = date(2027, 1, 1), date(2027, 7, 1)


def shown(target: float | None, names: tuple[str, ...] = ("revenue_booked",)) -> Board:
    orders = pd.DataFrame(
        {
            "order_id": ["o1", "o2", "o3"],
            "account_id": ["a", "b", "b"],
            "booked": ["2027-02-01", "2027-04-05", "2027-06-28"],
            "value": [100.0, 50.0, 30.0],
        }
    )
    tables = Tables(Meta(START, END, workdays=weekdays(START, END)), {"orders": conform("orders", orders)})
    card = None if target is None else Scorecard(lines=tuple(Line(kpi=name, target=target) for name in names))
    return board(tables, card)


@pytest.mark.parametrize(
    ("lang", "target", "word", "title"),
    [
        ("en", 80.0, "green", "No target is red or amber"),
        ("en", 100.0, "red: alert", "1 of 1 targets red: Bookings"),
        ("zh", 100.0, "红灯预警", "1项目标中1项亮红灯：签约额"),
        ("zh", 88.0, "黄灯", "没有红灯，1项目标中1项黄灯：签约额"),
    ],
)
def test_the_title_is_the_finding_and_the_light_has_a_word(
    lang: Any, target: float, word: str, title: str
) -> None:
    with language(lang):
        picture = board_picture(shown(target))
    drawn = [text.get_text() for text in picture.figure.axes[0].texts]
    assert picture.title == title
    assert any(word in text for text in drawn)
    assert word in picture.alt


@pytest.mark.parametrize(
    ("start", "end", "before"),
    [
        # The quarter before, though it has a day less; the records begin with the first order of a year.
        (date(2027, 4, 1), date(2027, 7, 1), date(2027, 1, 1)),
        (date(2027, 3, 1), date(2027, 4, 1), date(2027, 2, 1)),
        (date(2027, 4, 2), date(2027, 7, 1), None),
        (date(2027, 4, 12), date(2027, 5, 12), date(2027, 3, 13)),
        (date(2027, 1, 1), date(2027, 4, 1), None),
    ],
)
def test_a_period_is_compared_with_the_one_before_it(start: date, end: date, before: date | None) -> None:
    meta = Meta(date(2027, 1, 4), END, workdays=weekdays(date(2027, 1, 4), END))
    tables = Tables(meta, {"orders": conform("orders", pd.DataFrame({"order_id": ["o"], "account_id": ["a"], "booked": ["2027-05-03"], "value": [1.0]}))})  # fmt: skip
    made = board(tables, None, start, end)
    assert (None if made.before is None else made.before.start) == before
    with language("en"):
        if before is None:
            assert board_picture(made).title == f"{len(made.rows)} KPIs of the period; there is none before it to compare with"  # fmt: skip


def test_targets_without_weights_weigh_the_same() -> None:
    rows = [
        {
            "name": "bookings",
            "kpi": "revenue_booked",
            "period_start": START,
            "period_end": END,
            "target": 200.0,
        },
        {
            "name": "customers",
            "kpi": "new_customers",
            "period_start": START,
            "period_end": END,
            "target": 4.0,
        },
    ]
    orders = pd.DataFrame(
        {"order_id": ["o1"], "account_id": ["a"], "booked": ["2027-02-01"], "value": [100.0]}
    )
    frames = {"orders": conform("orders", orders), "targets": conform("targets", pd.DataFrame(rows))}
    made = board(Tables(Meta(START, END, workdays=weekdays(START, END)), frames), None, START, END)
    assert made.scored is not None
    assert [(line.kpi, line.weight, line.attained) for line in made.scored.lines] == [
        ("revenue_booked", 0.5, 0.5),
        ("new_customers", 0.5, 0.25),
    ]
    # With one weight in the table, the others are what they say: none.
    weighed = pd.DataFrame(rows).assign(weight=[0.6, float("nan")])
    frames["targets"] = conform("targets", weighed)
    made = board(Tables(Meta(START, END, workdays=weekdays(START, END)), frames), None, START, END)
    assert made.scored is not None
    assert [line.kpi for line in made.scored.lines] == ["revenue_booked"]


def test_without_targets_there_are_no_lights() -> None:
    picture = board_picture(shown(None))
    assert "light" not in [text.get_text() for text in picture.figure.axes[0].texts]


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("en", "says nothing about: customer, internal process, learning"),
        ("zh", "没有覆盖：客户、内部流程、学习与成长"),
    ],
)
def test_the_map_names_what_the_scorecard_leaves_out(lang: Any, says: str) -> None:
    with language(lang):
        picture = strategy_map(shown(80.0))
    assert says in picture.title
    assert picture.png().startswith(b"\x89PNG")


def test_the_map_says_how_many_it_has_no_room_for() -> None:
    """Ten KPIs of money: six boxes, and a word for the other four; seven have a box each."""
    [row] = [one for one in shown(None).rows if one.kpi == "revenue_booked"]
    full = replace(shown(None), rows=(row,) * 10)
    for picture, boxes, more in ((strategy_map(full), 6, 1), (strategy_map(replace(full, rows=(row,) * 7)), 7, 0)):  # fmt: skip
        texts = [text.get_text() for text in picture.figure.axes[0].texts]
        assert sum("Bookings" in text.replace("\n", " ") for text in texts) == boxes
        assert texts.count("… and 4 more") == more
