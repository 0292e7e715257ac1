"""Panels made for the hand, without a browser: what a move keeps, what is warned of, and what is not fetched."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.course import sheet
from kpisim.show.hand.countdown import HERE
from kpisim.show.panels.form import SheetForm
from kpisim.show.panels.quadrants import QuadrantPanel
from kpisim.show.panels.week import WeekPanel

if TYPE_CHECKING:
    from kpisim.show.panels.desk import Desk

pytestmark = pytest.mark.unit

TASK = {"importance": 5.0, "due": "2026-01-05", "kpi": "CSAT", "hours": 1.0}


def tasks(count: int) -> list[dict[str, Any]]:
    return [TASK | {"task": f"任务{place}", "quadrant": None} for place in range(count)]


def test_a_moved_card_is_kept_and_form_and_week_plan_follow(desk: Desk) -> None:
    desk.keep(sheet("priority_matrix"), tasks(2))
    form, plan, panel = (
        SheetForm(desk, sheet("priority_matrix")), SheetForm(desk, sheet("week_plan")), QuadrantPanel(desk),
    )  # fmt: skip
    assert [card["quadrant"] for card in panel.grid.cards] == ["do", "do"]
    panel.grid.heard(None, {"kind": "move", "id": 1, "to": "delegate"}, [])
    kept = desk.session.latest("priority_matrix")
    assert kept is not None
    assert [row["quadrant"] for row in kept] == [None, "delegate"]
    assert form.rows[1]["quadrant"] == "delegate"
    assert [row["quadrant"] for row in plan.rows[:2]] == ["do", "delegate"]
    assert panel.grid.cards[1]["by_hand"] is True
    panel.move(1, "")
    assert [card["quadrant"] for card in panel.grid.cards] == ["do", "do"]


@pytest.mark.parametrize(
    "message",
    [{"kind": "move", "id": 9, "to": "do"}, {"kind": "move", "id": 0, "to": "moon"}, {"kind": "move", "id": "0"},
     {"kind": "other"}, "text", None, {"kind": "move", "id": -1, "to": "do"}],
)  # fmt: skip
def test_a_strange_message_moves_nothing(desk: Desk, message: Any) -> None:
    desk.keep(sheet("priority_matrix"), tasks(2))
    panel = QuadrantPanel(desk)
    panel.grid.heard(None, message, [])
    assert len(desk.session.entries("priority_matrix")) == 1


def test_cards_speak_the_language_of_the_desk(desk: Desk) -> None:
    desk.keep(sheet("priority_matrix"), tasks(1))
    panel = QuadrantPanel(desk)
    assert panel.grid.words["do"] == "重要紧急：马上做"
    assert panel.grid.cards[0]["detail"] == "重要度5 · CSAT · 01-05到期"
    desk.speak("en")
    assert panel.grid.words["do"] == "important and urgent: do"
    assert panel.grid.cards[0]["text"] == "任务0"


def test_a_moved_box_is_kept_and_an_overlap_is_told(desk: Desk) -> None:
    rows = [
        {"task": "标书", "day": "mon", "start": 9.0, "hours": 2.0, "kind": "focus"},
        {"task": "客诉", "day": "tue", "start": 9.0, "hours": 1.0, "kind": "service"},
    ]
    desk.keep(sheet("timebox_week"), rows)
    form, panel = SheetForm(desk, sheet("timebox_week")), WeekPanel(desk)
    assert [one["clash"] for one in panel.grid.boxes] == [False, False]
    panel.grid.heard(None, {"kind": "move", "id": 1, "day": "mon", "start": 10.5}, [])
    kept = desk.session.latest("timebox_week")
    assert kept is not None
    assert (kept[1]["day"], kept[1]["start"]) == ("mon", 10.5)
    assert [one["clash"] for one in panel.grid.boxes] == [True, True]
    assert "周一：第2个时间盒和第1个重叠，挪开一个" in panel.grid.words["said"]
    form.save()
    # Said once on the page: where it can be mended.
    assert f"下面的一周里有{len(panel.grid.words['said'])}处要看一看" in form.said.value
    assert "重叠" not in form.said.value


def test_a_day_off_of_ones_own_calendar_is_on_the_grid(desk: Desk) -> None:
    panel = WeekPanel(desk)
    assert [day["name"] for day in panel.grid.days] == ["mon", "tue", "wed", "thu", "fri"]
    monday = panel.monday()
    desk.keep(
        sheet("work_calendar"),
        [
            {"day": monday.isoformat(), "kind": "off"},
            {
                "day": monday.replace(day=monday.day).fromordinal(monday.toordinal() + 5).isoformat(),
                "kind": "work",
            },
        ],
    )
    assert [day["name"] for day in panel.grid.days] == ["mon", "tue", "wed", "thu", "fri", "sat"]
    assert panel.grid.days[0]["off"] is True


def test_scripts_and_styles_fetch_nothing() -> None:
    files = [*HERE.glob("*.js"), *HERE.glob("*.css")]
    assert len(files) == 5
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not re.search(
            r"https?:|@import|\bimport\s|\bfetch\(|XMLHttp|innerHTML\s*=\s*[^\"'].*one\.", text
        ), file.name


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_stands_out_from_every_ground() -> None:
    """WCAG's formula; 21 for black on white is its own example."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    text = (HERE / "hand.css").read_text(encoding="utf-8")
    grounds = set(re.findall(r"background: (#[0-9A-F]{6})", text)) | {"#FFFFFF"}
    assert len(grounds) >= 4
    for ground in grounds - {"#0072B2", "#B34700"}:
        assert contrast("#1F2933", ground) >= 4.5, ground
    for colour in set(re.findall(r"[^-]color: (#[0-9A-F]{6})", text)):
        assert contrast(colour, "#FFFFFF") >= 4.5, colour
