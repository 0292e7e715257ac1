"""KPIs by attainment and weight: the corner each lies in, the finding, and words beside colour and shape."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.course import lesson, sheet
from kpisim.kpi.scorecard import Line, Scorecard
from kpisim.kpi.scorecard.score import score_values
from kpisim.kpi.value import Value
from kpisim.report.board import board_html
from kpisim.session import open_session
from kpisim.sheets import tidy
from kpisim.show.kpi_quadrants import Point, kpi_quadrants, label, points_of, urgent
from kpisim.show.panels.desk import Desk
from kpisim.show.panels.kpi_quadrants import KpiQuadrantPanel, sheet_points
from kpisim.show.panels.screen import panels
from kpisim.show.theme import NARROW
from kpisim.text import language
from tests.show.test_board import shown

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit

CARD = [
    {"kpi": "revenue_booked", "target": 100.0, "weight": 50.0, "now": 80.0},
    {"kpi": "csat", "target": 0.8, "weight": 30.0, "now": 0.88},
    {"kpi": "complaints", "target": 10.0, "weight": 10.0, "now": 12.0},
    {"kpi": "new_customers", "target": 6.0, "weight": 10.0, "now": None},
]


def test_attainment_and_weight_of_each_row_as_worked_out_by_hand_v2() -> None:
    points = sheet_points(CARD)
    assert [one.weight for one in points] == pytest.approx([0.5, 0.3, 0.1, 0.1])
    # Of complaints less is better: 2 − 12 ÷ 10.
    assert [one.attained for one in points] == [
        pytest.approx(0.8),
        pytest.approx(1.1),
        pytest.approx(0.8),
        None,
    ]
    assert [one.light for one in points] == ["red", "green", "red", "none"]
    # Four KPIs: 25 % each if all weighed alike; complaints are missed too, but weigh less.
    assert [one.weight for one in urgent(points, 0.25)] == [0.5]


@pytest.mark.parametrize(
    ("lang", "title", "words"),
    [
        ("en", "Act first: Bookings; missed, and 50% of the weight", "red: alert"),
        ("zh", "先抓签约额：没达标，合计占权重50%", "红灯预警"),
    ],
)
def test_the_title_is_the_finding_and_every_mark_has_a_word_v2(lang: Any, title: str, words: str) -> None:
    with language(lang):
        points = sheet_points(CARD)
        picture = kpi_quadrants(points)
        labels = [label(one) for one in points if one.attained is not None]
    drawn = [text.get_text() for text in picture.figure.axes[0].texts]
    assert picture.title == title
    assert set(labels) <= set(drawn)
    assert words in labels[0]
    assert words in picture.alt
    # Whatever has no number is named, not drawn at zero.
    assert points[3].title in picture.note
    assert not any(points[3].title in text for text in drawn)
    marks = {line.get_marker() for line in picture.figure.axes[0].lines} - {"None"}
    assert marks == {"s", "o"}


def test_labels_of_kpis_at_one_place_do_not_cover_each_other() -> None:
    with language("en"):
        picture = kpi_quadrants([Point(f"KPI {place}", 0.2, 1.01, "green") for place in range(5)])
    figure = picture.figure
    figure.canvas.draw()
    boxes = [
        text.get_window_extent() for text in figure.axes[0].texts if re.match(r"KPI \d", text.get_text())
    ]
    assert len(boxes) == 5
    assert not any(one.overlaps(other) for place, one in enumerate(boxes) for other in boxes[place + 1 :])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_reached_is_named_beyond_the_line_of_the_target(lang: Any) -> None:
    # The longest name in English is wider than half of a small laptop's picture.
    longest = "csat" if lang == "zh" else "collection_rate"
    card = [{"kpi": kpi, "target": 0.8, "weight": 30.0, "now": 1.0} for kpi in (longest, "new_customers")]
    with language(lang):
        points = sheet_points(card)
        picture = kpi_quadrants(points, width=NARROW)
        labels = {label(one) for one in points}
    figure, axes = picture.figure, picture.figure.axes[0]
    figure.canvas.draw()
    line = axes.transData.transform((1.0, 0.0))[0]
    boxes = [text.get_window_extent() for text in axes.texts if text.get_text() in labels]
    assert len(boxes) == 2
    assert all(one.x0 > line for one in boxes)
    assert all(one.x1 < figure.bbox.x1 for one in boxes)


@pytest.mark.parametrize(
    ("points", "title"),
    [
        ([], "No KPI of this scorecard has a number yet"),
        ([Point("A", 1.0, 1.0, "green")], "The one KPI with a number reaches its target"),
        (
            [Point("A", 0.8, 1.2, "green"), Point("B", 0.2, 0.7, "red")],
            "What weighs much is reached; 1 of less weight missed",
        ),
        # Far off the scale: at the edge, with the true number beside it.
        ([Point("A", 1.0, -3.0, "red")], "Act first: A; missed, and 100% of the weight"),
    ],
)
def test_other_findings(points: list[Point], title: str) -> None:
    with language("en"):
        picture = kpi_quadrants(points)
    assert picture.title == title
    assert picture.png()


def test_the_board_and_the_goals_module_show_it_v2(tmp_path: Path) -> None:
    with language("zh"):
        both = ("revenue_booked", "new_customers")
        assert "横轴是达成率，纵轴是权重" in board_html(shown(100.0, both), "x")
        # One KPI alone has no weight to be compared by.
        assert "横轴是达成率，纵轴是权重" not in board_html(shown(100.0), "x")
        assert "横轴是达成率，纵轴是权重" not in board_html(shown(None), "x")
    goals = lesson("goals")
    step = next(one for one in goals.steps if one.name == "scorecard")
    desk = Desk(open_session(tmp_path, "a"), "zh")
    panel = next(one for one in panels(goals, step, desk) if isinstance(one, KpiQuadrantPanel))
    assert "填上目前完成值" in panel.box.value
    desk.keep(sheet("scorecard"), tidy(sheet("scorecard"), CARD))
    assert "先抓" in panel.box.value or "红灯预警" in panel.box.value
    desk.speak("en")
    assert "Bookings: weight 50%, attainment 80%, red: alert" in panel.box.value


def test_points_of_a_scored_card_keep_the_weights_it_asks_for() -> None:
    card = Scorecard(
        lines=(Line(kpi="revenue_booked", target=100.0, weight=3), Line(kpi="csat", target=0.8, weight=1))
    )
    begin, end = date(2027, 1, 1), date(2027, 4, 1)
    booked = Value("revenue_booked", 90.0, 90.0, None, 3, "money", begin, end, "booked")
    scored = score_values(card, {"revenue_booked": booked}, begin)
    points = points_of(scored)
    # A KPI without a number keeps its weight on the picture, where scoring shares it out.
    assert [(one.weight, one.attained) for one in points] == [(0.75, pytest.approx(0.9)), (0.25, None)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_label_lies_over_the_line_of_the_target_on_a_small_laptop(lang: Any) -> None:
    card = [
        {"kpi": "csat", "target": 0.85, "weight": 20.0, "now": 0.74},
        {"kpi": "csat", "target": 0.85, "weight": 20.0, "now": 0.95},
        {"kpi": "revenue_booked", "target": 100.0, "weight": 30.0, "now": 96.0},
    ]
    with language(lang):
        figure = kpi_quadrants(sheet_points(card), width=NARROW).figure
    figure.canvas.draw()
    (axes,) = figure.axes
    line = axes.transData.transform((1.0, 0.0))[0]
    for text in axes.texts:
        box = text.get_window_extent()
        assert box.x1 <= line or box.x0 >= line, text.get_text()
