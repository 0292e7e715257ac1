"""The round that stops half-way: a board after the first quarter, decisions that count from then on, nothing lost between."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.course import rounds as course_rounds
from kpisim.course import sheet
from kpisim.course.halfway import SHEET, BoardLine
from kpisim.course.rounds import Round, a_round
from kpisim.show.panels import halfway as module
from kpisim.show.panels.form import SheetForm
from kpisim.show.panels.halfway import HalfwayPanel
from kpisim.text import UserError
from tests.show.panels.seen import found, said
from tests.show.panels.test_player import until

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kpisim.show.panels.desk import Desk

pytestmark = pytest.mark.functional

COMMISSION, ADMIN = "kpisim-lever-incentive-commission_rate", "kpisim-lever-workload-admin_per_day"
RUN, AGAIN = "kpisim-round-quarters-run", "kpisim-round-quarters-again"


@pytest.fixture
def quarters(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Round:
    monkeypatch.setenv("KPISIM_CACHE", str(tmp_path / "cache"))
    course_rounds._KNOWN.clear()
    played = a_round("quarters")
    return played.model_copy(update={"sets": played.sets | {"calendar.warmup_weeks": 4, "team.size": 3}})


def shown(desk: Desk, played: Round) -> HalfwayPanel:
    return HalfwayPanel(desk, played, replications=3, workers=1, ahead=False)


def test_the_board_comes_first_and_the_result_after_the_adjustment(desk: Desk, quarters: Round) -> None:
    panel = shown(desk, quarters)
    desk.speak("en")
    found(panel.box, COMMISSION).value = 0.05
    found(panel.box, "kpisim-guess-quarters-revenue_booked").value = "up"
    found(panel.box, RUN).click()
    assert "Half-way, 1 Apr 2027" in panel.said.value
    assert "same decisions, other luck" in panel.said.value
    assert "top right: Half-way, 1 Apr 2027" in panel.found.value
    # Seen at 1366x768: rows that nothing may break run out of the column, and what stands beside is cut.
    assert "nowrap" not in panel.said.value.split("<svg", 1)[0]
    assert "keep-all" in panel.said.value
    assert "<figure" not in panel.said.value
    assert not panel.readings
    # Nothing of the second quarter is known, and the prediction cannot be made anew.
    assert desk.session.latest("round.quarters.result") is None
    assert found(panel.box, "kpisim-guess-quarters-revenue_booked") is None
    found(panel.box, ADMIN).value = 2
    found(panel.box, RUN).click()
    assert "<figure" in panel.said.value
    assert "top right" in panel.found.value
    assert "Half-way" not in panel.found.value
    assert "The board half-way" in panel.said.value
    assert "What your adjustment did by itself" in panel.said.value
    assert panel.adjustment is not None
    assert [one.kpi for one in panel.adjustment] == ["revenue_booked", "csat", "workload"]
    # Less paperwork is less work, and nothing of the first quarter comes into it.
    (load,) = [one for one in panel.adjustment if one.kpi == "workload"]
    assert load.difference < 0
    (one,) = [one for one in panel.readings if one.kpi == "revenue_booked"]
    assert one.guessed == "up"
    kept: Any = desk.session.latest("round.quarters.decision")
    assert kept["first"]["incentive.commission_rate"] == 0.05
    assert kept["first"]["workload.admin_per_day"] == 4
    assert kept["choices"]["workload.admin_per_day"] == 2


def test_reopened_at_any_moment_it_stands_where_it_stood(desk: Desk, quarters: Round) -> None:
    panel = shown(desk, quarters)
    found(panel.box, COMMISSION).value = 0.05
    found(panel.box, RUN).click()
    again = shown(desk, quarters)
    assert again.said.value == panel.said.value
    assert found(again.box, COMMISSION).value == 0.05
    found(again.box, ADMIN).value = 2
    found(again.box, RUN).click()
    last = shown(desk, quarters)
    assert last.said.value == again.said.value
    assert found(last.box, ADMIN).value == 2


def test_killed_before_the_board_came_the_decision_is_there(
    desk: Desk, quarters: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: Any, **__: Any) -> Sequence[BoardLine]:
        raise UserError("{name}: no such round; {remedy}", name="x", remedy="y")

    monkeypatch.setattr(module, "halfway_board", dies)
    panel = shown(desk, quarters)
    found(panel.box, COMMISSION).value = 0.05
    found(panel.box, RUN).click()
    assert "■" in panel.said.value
    again = shown(desk, quarters)
    assert found(again.box, COMMISSION).value == 0.05
    assert not again.lines
    monkeypatch.undo()


def test_a_sheet_saved_after_the_board_is_told_beside_it(desk: Desk, quarters: Round) -> None:
    told = "看板推演之后又保存了《我的计分卡》"
    card = [{"kpi": name, "target": 1.0, "weight": 30.0} for name in ("revenue_booked", "csat", "workload")]
    desk.keep(sheet("scorecard"), card)
    panel = shown(desk, quarters)
    found(panel.box, RUN).click()
    assert panel.lines
    assert told not in said(panel.box)
    assert told not in said(shown(desk, quarters).box)
    desk.keep(sheet("scorecard"), card[:2])
    assert told in said(panel.box)
    found(panel.box, AGAIN).click()
    found(panel.box, RUN).click()
    assert told not in said(panel.box)


def test_back_to_the_beginning_levers_and_predictions_stay(desk: Desk, quarters: Round) -> None:
    panel = shown(desk, quarters)
    found(panel.box, COMMISSION).value = 0.05
    found(panel.box, "kpisim-guess-quarters-csat").value = "down"
    found(panel.box, RUN).click()
    found(panel.box, RUN).click()
    found(panel.box, AGAIN).click()
    assert found(panel.box, COMMISSION).value == 0.05
    assert found(panel.box, "kpisim-guess-quarters-csat").value == "down"
    assert "<figure" not in panel.said.value
    # What was kept stays kept until something else is played.
    assert desk.session.latest("round.quarters.result") is not None
    found(panel.box, COMMISSION).value = 0.06
    found(panel.box, RUN).click()
    board: Any = desk.session.latest("round.quarters.board")
    assert board["choices"]["incentive.commission_rate"] == 0.06
    assert not shown(desk, quarters).readings


def test_an_adjustment_of_nothing_is_said_so_and_one_that_fails_leaves_the_result(
    desk: Desk, quarters: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = shown(desk, quarters)
    desk.speak("en")
    found(panel.box, RUN).click()
    found(panel.box, RUN).click()
    assert panel.adjustment == []
    assert "nothing was adjusted" in panel.said.value

    def breaks(*_: Any, **__: Any) -> Any:
        raise OSError("no space")

    monkeypatch.setattr(module, "compare_growing", breaks)
    found(panel.box, ADMIN).value = 2
    found(panel.box, RUN).click()
    assert "What your adjustment did by itself" not in panel.said.value
    assert "<figure" in panel.said.value
    assert "no space" in panel.said.value


def test_red_and_amber_lights_stand_in_the_notes(desk: Desk) -> None:
    form = SheetForm(desk, sheet("tracking_notes"))
    desk.speak("zh")
    lights = [("csat", "amber"), ("workload", "none"), ("revenue_booked", "red"), ("new_customers", "green")]
    desk.session.keep(SHEET, [{"kpi": kpi, "light": light} for kpi, light in lights])
    desk.tell(SHEET)
    assert [(row.get("kpi"), row.get("light")) for row in form.rows] == [
        ("签约额", "red"),
        ("客户满意度（CSAT）", "amber"),
    ]
    assert "半程看板" in said(form.box)


def test_the_lines_of_a_board_are_kept_once_and_fill_the_notes(desk: Desk, quarters: Round) -> None:
    panel, form = shown(desk, quarters), SheetForm(desk, sheet("tracking_notes"))
    found(panel.box, RUN).click()
    assert desk.session.latest(SHEET) is None
    kept: Any = desk.session.latest("round.quarters.board")
    asking = [one for one in kept["lines"] if one["light"] in {"red", "amber"}]
    assert len([row for row in form.rows if row.get("kpi")]) == len(asking) > 0
    # A day begun before had them under a name of their own; the newer of the two counts.
    desk.session.keep(SHEET, [{"kpi": "csat", "light": "red"}])
    assert desk.filled([SHEET]) == {SHEET: [{"kpi": "csat", "light": "red"}]}


def test_the_page_answers_while_the_first_quarter_is_played(desk: Desk, quarters: Round) -> None:
    panel = shown(desk, quarters)
    desk.speak("en")

    async def page() -> None:
        panel.run()
        assert "Playing 3 first quarters" in panel.said.value
        assert desk.session.latest("round.quarters.first") is not None
        await until(lambda: panel.lines)

    asyncio.run(page())
    desk.player.close()
    assert "Half-way" in panel.said.value
