"""The data-quality report finds what was planted, names the rows, shows no personal data, changes nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from kpisim.crm.quality import quality, quality_lines
from kpisim.model import Model
from kpisim.scenario import load
from kpisim.tables import Meta, Tables
from kpisim.tables.io import weekdays
from kpisim.tables.schema import DTYPES, TABLES
from kpisim.text import language

pytestmark = pytest.mark.unit
START, END = date(2027, 1, 1), date(2027, 4, 1)


def typed(name: str, cells: list[dict[str, Any]]) -> pd.DataFrame:
    """Return a frame of the right types whose content may be wrong; reading a file refuses some of it earlier."""
    frame = pd.DataFrame(cells).reindex(columns=list(TABLES[name].names))
    for column in TABLES[name].columns:
        if column.kind == "time":
            frame[column.name] = pd.to_datetime(frame[column.name])
    return frame.astype({column.name: DTYPES[column.kind] for column in TABLES[name].columns})


def tables(**rows: list[dict[str, Any]]) -> Tables:
    frames = {name: typed(name, cells) for name, cells in rows.items()}
    return Tables(Meta(START, END, workdays=weekdays(START, END), source="x.csv"), frames)


ORDER = {"order_id": "o1", "account_id": "a", "booked": "2027-01-05", "value": 100.0}


@pytest.mark.parametrize(
    ("rows", "level", "column", "row"),
    [
        ({"orders": [ORDER, ORDER | {"value": 5.0}]}, "stop", "order_id", 2),
        ({"orders": [ORDER, ORDER | {"order_id": "o2"}]}, "warn", "account_id, booked, value", 2),
        ({"orders": [ORDER | {"delivered": "2027-01-01"}]}, "stop", "delivered", 1),
        ({"orders": [ORDER | {"booked": "2027-05-01"}]}, "warn", "booked", 1),
        ({"orders": [ORDER | {"value": 0.0}]}, "warn", "value", 1),
        ({"orders": [ORDER | {"value": -5.0}]}, "note", "value", 1),
        ({"orders": [ORDER | {"account_id": "13812345678"}]}, "warn", "account_id", 1),
        ({"orders": [ORDER | {"account_id": "li.lei@example.com"}]}, "warn", "account_id", 1),
        ({"opportunities": [{"opportunity_id": "1", "created": "2027-01-02", "status": "won"}]}, "stop", "closed", 1),
        ({"opportunities": [{"opportunity_id": "1", "created": "2027-01-02", "status": "open", "closed": "2027-01-03"}]}, "stop", "closed", 1),
        ({"orders": [ORDER | {"rep_id": "r9"}], "reps": [{"rep_id": "r1"}]}, "warn", "rep_id", 1),
    ],
)  # fmt: skip
def test_what_was_planted_is_found(rows: Any, level: str, column: str, row: int) -> None:
    found = [one for one in quality(tables(**rows)) if one.level == level and one.column == column]
    assert len(found) == 1
    assert (found[0].count, found[0].rows) == (1, (row,))


def test_a_clean_table_has_nothing_wrong() -> None:
    full = {
        "rep_id": "r1", "opportunity_id": "p1", "delivered": "2027-01-06", "invoiced": "2027-01-07", "cancelled": "2027-02-01",
        "cost": 1.0, "discount": 0.0,
    }  # fmt: skip
    assert quality(tables(orders=[ORDER | full])) == []
    assert len(quality_lines([])) == 1


def test_a_simulated_team_has_nothing_that_cannot_be() -> None:
    played = Model(load("default").derive({"team.size": 3, "calendar.weeks": 20}), 1, 0).play()
    assert [one for one in quality(played) if one.level == "stop"] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_personal_data_are_counted_and_never_shown(lang: Any) -> None:
    dirty = tables(orders=[ORDER | {"account_id": "张三 13812345678"}])
    with language(lang):
        text = "\n".join(quality_lines(quality(dirty)))
    assert "13812345678" not in text
    assert ("手机号" if lang == "zh" else "mobile number") in text


def test_the_source_stays_untouched() -> None:
    dirty = tables(orders=[ORDER, ORDER])
    before = dirty["orders"].copy()
    quality(dirty)
    pd.testing.assert_frame_equal(dirty["orders"], before)
