"""The thread on the screen: a sheet that is saved moves the round below it and fills in the next sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kpisim.course import sheet
from kpisim.course.rounds import a_round, rota
from kpisim.show.panels.form import SheetForm
from kpisim.show.panels.play import RoundPanel
from kpisim.show.panels.wall import WallPanel
from tests.show.panels.seen import found, said

if TYPE_CHECKING:
    from kpisim.show.panels.desk import Desk

pytestmark = pytest.mark.unit

AGREED = {"department": "产品部", "give": "每份需求周三前写全四项", "handover": "sheet", "read_back": True}


def test_a_saved_agreement_moves_the_levers_of_the_round_on_the_same_page(desk: Desk) -> None:
    panel = RoundPanel(desk, a_round("communication"))
    assert found(panel.box, "kpisim-lever-communication-keep_rate").value == "0.868"
    desk.keep(sheet("collab_agreement"), [AGREED])
    assert found(panel.box, "kpisim-lever-communication-keep_rate").value == "0.998"
    assert found(panel.box, "kpisim-lever-communication-read_back").value is True
    assert "取自你的《共赢协议》：需求用表单交接，并复述确认" in said(panel.box)
    desk.speak("en")
    assert "Taken from your sheet “Win-win agreement”: requests are handed over on a form" in said(panel.box)


def test_what_a_sheet_gives_can_be_left_out_and_levers_go_back(desk: Desk) -> None:
    desk.keep(sheet("collab_agreement"), [AGREED])
    panel = RoundPanel(desk, a_round("communication"))
    found(panel.box, "kpisim-taken-communication-agreement").value = False
    assert found(panel.box, "kpisim-lever-communication-keep_rate").value == "0.868"
    assert panel.used() == []


def test_a_lever_moved_by_hand_counts_before_the_sheet(desk: Desk) -> None:
    desk.keep(sheet("collab_agreement"), [AGREED])
    panel = RoundPanel(desk, a_round("communication"))
    found(panel.box, "kpisim-lever-communication-read_back").value = False
    assert panel.round.decided(panel.choices, panel.used()).communication.read_back is False
    assert panel.round.decided(panel.choices, panel.used()).communication.keep_rate == 0.998


def test_a_choice_that_is_no_more_does_not_stop_the_page(desk: Desk) -> None:
    desk.session.keep("round.communication.decision", {"choices": {"communication.keep_rate": 0.738}})
    panel = RoundPanel(desk, a_round("communication"))
    assert found(panel.box, "kpisim-lever-communication-keep_rate").value == "0.868"


def test_the_plan_is_filled_in_says_from_where_and_is_kept_only_when_saved(desk: Desk) -> None:
    desk.keep(sheet("collab_agreement"), [AGREED])
    desk.keep(sheet("comment_m4"), [{"rule": "旺季每天13点恢复半小时"}])
    form = SheetForm(desk, sheet("action_plan"))
    assert [row.get("commitment") for row in form.rows] == [
        "每份需求周三前写全四项",
        "旺季每天13点恢复半小时",
        None,
    ]
    assert "已从你前面的表带入：共赢协议、我的旺季规矩" in said(form.box)
    assert desk.session.latest("action_plan") is None
    form.save()
    kept = desk.session.latest("action_plan")
    assert kept is not None
    assert len(kept) == 2


def test_no_row_vanishes_while_somebody_may_be_typing_into_it(desk: Desk) -> None:
    task = {"importance": 5.0, "due": "2026-01-01", "kpi": "csat", "hours": 1.0, "quadrant": None}
    desk.keep(sheet("priority_matrix"), [task | {"task": f"task {place}"} for place in range(6)])
    form = SheetForm(desk, sheet("week_plan"))
    rows, last = len(form.rows), found(form.box, "kpisim-week_plan-task-5")
    assert last.value == "task 5"
    desk.keep(sheet("priority_matrix"), [task | {"task": "task 0"}])
    assert found(form.box, "kpisim-week_plan-task-5") is last
    assert last.value == ""
    last.value = "mine"
    assert form.rows[5]["task"] == "mine"
    form.save()
    assert [row["task"] for row in desk.session.latest("week_plan") or []] == ["task 0", "mine"]
    assert rows == 6


def test_what_was_typed_is_never_replaced_by_a_draft(desk: Desk) -> None:
    form = SheetForm(desk, sheet("week_plan"))
    found(form.box, "kpisim-week_plan-task-0").value = "我自己的事"
    desk.keep(
        sheet("priority_matrix"), [{"task": "做标书", "importance": 5.0, "due": "2026-01-01", "kpi": "csat"}]
    )
    assert form.rows[0]["task"] == "我自己的事"
    found(form.box, "kpisim-week_plan-fill").click()
    assert [row.get("task") for row in form.rows][:2] == ["我自己的事", "做标书"]
    found(form.box, "kpisim-week_plan-fill").click()
    assert [row.get("task") for row in form.rows].count("做标书") == 1


def test_a_sheet_nobody_touched_follows_the_one_before(desk: Desk) -> None:
    form = SheetForm(desk, sheet("week_plan"))
    desk.keep(
        sheet("priority_matrix"), [{"task": "做标书", "importance": 5.0, "due": "2026-01-01", "kpi": "csat"}]
    )
    assert form.rows[0]["task"] == "做标书"
    assert form.rows[0]["quadrant"] == "do"


def test_a_field_stays_where_it_is_while_rows_come_and_go_around_it(desk: Desk) -> None:
    form = SheetForm(desk, sheet("behaviour_week"))
    wanted, save = (
        found(form.box, "kpisim-behaviour_week-wanted-0"),
        found(form.box, "kpisim-behaviour_week-save"),
    )
    behaviours = [{"behaviour": "每天9点前回电"}, {"behaviour": "周五前写复盘"}]
    desk.keep(sheet("culture_action_plan"), behaviours)
    assert [row["behaviour"] for row in form.rows] == ["每天9点前回电", "周五前写复盘"]
    assert found(form.box, "kpisim-behaviour_week-behaviour-0").value == "每天9点前回电"
    assert found(form.box, "kpisim-behaviour_week-cut-1") is not None
    # Replaced by its like it would lose what is being typed into it, and the keyboard with it.
    assert found(form.box, "kpisim-behaviour_week-wanted-0") is wanted
    assert found(form.box, "kpisim-behaviour_week-save") is save
    found(form.box, "kpisim-behaviour_week-add").click()
    assert len(form.rows) == 3
    assert found(form.box, "kpisim-behaviour_week-wanted-0") is wanted
    found(form.box, "kpisim-behaviour_week-cut-2").click()
    desk.keep(sheet("culture_action_plan"), behaviours[:1])
    assert len(form.rows) == 2, "typed rows are one's own"


def test_a_long_number_stands_with_its_thousands_apart(desk: Desk) -> None:
    tree = sheet("goal_tree")
    form = SheetForm(desk, tree)
    annual, people = (found(form.box, f"kpisim-goal_tree-{name}-0") for name in ("annual", "people"))
    annual.value, people.value = "12000000", "800"
    assert (annual.value, people.value) == ("12,000,000", "800")
    form.save()
    kept = desk.session.latest("goal_tree")
    assert kept is not None
    assert (kept[0]["annual"], kept[0]["people"]) == (12_000_000.0, 800.0)
    assert found(SheetForm(desk, tree).box, "kpisim-goal_tree-annual-0").value == "12,000,000"


def test_what_rows_come_to_is_no_fault(desk: Desk) -> None:
    form = SheetForm(desk, sheet("behaviour_week"))
    for name, value in (("behaviour", "接到客诉当天回电"), ("wanted", "2"), ("week_1", "1")):
        found(form.box, f"kpisim-behaviour_week-{name}-0").value = value
    form.save()
    faults, _, come_to = form.said.value.partition("<br><span")
    assert "应有的次数里看到了50%" in come_to
    assert "50%" not in faults


def test_once_saved_a_sheet_no_longer_asks_to_be_saved(desk: Desk) -> None:
    desk.keep(sheet("culture_action_plan"), [{"behaviour": "每天9点前回电"}])
    form = SheetForm(desk, sheet("behaviour_week"))
    assert "已从你前面的表带入" in said(form.box)
    form.save()
    assert "已从你前面的表带入" not in said(form.box)


def test_a_result_tells_range_prediction_and_the_day_so_far(desk: Desk) -> None:
    reading = {
        "kpi": "csat", "before": 0.7, "after": 0.8, "p10": 0.72, "p90": 0.9, "difference": 0.1,
        "low": 0.05, "high": 0.15, "guessed": "up", "hit": True,
    }  # fmt: skip
    luck = reading | {"kpi": "revenue_booked", "low": -1.0, "guessed": "down", "hit": False}
    desk.session.keep("round.culture.result", {"readings": [reading, luck]})
    desk.session.keep("round.practice.result", {"readings": [reading]})
    panel = RoundPanel(desk, a_round("culture"))
    assert "72.0% – 90.0%" in panel.said.value.replace("\N{NO-BREAK SPACE}", " ")
    assert "↑ ✓ 猜对" in panel.said.value.replace("\N{NO-BREAK SPACE}", " ")
    assert "↓ ✗ 没猜中" in panel.said.value.replace("\N{NO-BREAK SPACE}", " ")
    assert "可能只是运气" in panel.said.value
    assert "2轮累计：3项猜对2项。" in panel.said.value
    # The rota's round is no round of the day, so it tells its own predictions alone.
    desk.session.keep("round.rota.result", {"readings": [reading]})
    alone = RoundPanel(desk, rota())
    assert "1项猜对1项" in alone.said.value
    assert "累计" not in alone.said.value
    desk.speak("en")
    assert "Over 2 rounds: 2 of 3." in panel.said.value


def test_the_wall_shows_own_lines_and_predictions_and_nothing_private(desk: Desk) -> None:
    panel = WallPanel(desk)
    desk.keep(sheet("abc_sheet"), [{"event": "SECRET-EVENT"}])
    desk.keep(sheet("collab_agreement"), [AGREED])
    reading = {
        "kpi": "csat", "before": 0.7, "after": 0.8, "p10": 0.7, "p90": 0.9, "difference": 0.1,
        "low": 0.05, "high": 0.15, "guessed": "up", "hit": True,
    }  # fmt: skip
    desk.session.keep(
        "round.culture.result", {"readings": [reading, reading | {"guessed": "down", "hit": False}]}
    )
    panel.draw()
    assert "每份需求周三前写全四项" in panel.box.value
    assert "●○" in panel.box.value
    assert "2项猜对1项" in panel.box.value
    assert "SECRET" not in panel.box.value
    assert "这里还没存过内容" in panel.box.value


def test_a_plan_is_cut_row_by_row_down_to_the_fewest_and_not_further(desk: Desk) -> None:
    plan = sheet("action_plan")
    desk.keep(plan, [{"commitment": f"c{place}"} for place in range(4)])
    form = SheetForm(desk, plan)
    form.cut(1)
    assert [row["commitment"] for row in form.rows] == ["c0", "c2", "c3"]
    # A crash before saving does not bring the row back.
    assert [row["commitment"] for row in SheetForm(desk, plan).rows] == ["c0", "c2", "c3"]
    form.cut(0)
    assert len(form.rows) == 3
    form.save()
    assert len(desk.session.latest("action_plan") or []) == 3
    # What was cut stays in the history.
    assert len(desk.session.entries("action_plan")[0].data) == 4


@pytest.mark.parametrize(
    ("asked", "played"), [("3", 3), ("1", 20), ("", 20), ("many", 20), ("99999", 20), ("²", 20)]
)
def test_a_slow_laptop_may_play_fewer_runs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, asked: str, played: int
) -> None:
    monkeypatch.setenv("KPISIM_RUNS", asked)
    assert RoundPanel(desk, a_round("practice")).replications == played


def test_what_is_typed_while_the_form_is_drawn_anew_stands_in_the_new_field(desk: Desk) -> None:
    form = SheetForm(desk, sheet("week_plan"))
    old = found(form.box, "kpisim-week_plan-task-0")
    desk.keep(sheet("priority_matrix"), [{"task": "from the matrix", "importance": 4.0, "hours": 1.0}])
    assert found(form.box, "kpisim-week_plan-task-0").value == "from the matrix"
    old.value = "typed by hand"
    assert found(form.box, "kpisim-week_plan-task-0").value == "typed by hand"
    assert form.rows[0]["task"] == "typed by hand"


def test_a_draft_that_changes_stays_in_the_fields_that_are_there(desk: Desk) -> None:
    row = {"importance": 4.0, "kpi": "CSAT", "hours": 1.0}
    tasks = [row | {"task": f"task {place}", "quadrant": "do"} for place in range(3)]
    desk.keep(sheet("priority_matrix"), tasks)
    form = SheetForm(desk, sheet("week_plan"))
    there = found(form.box, "kpisim-week_plan-task-0")
    desk.keep(sheet("priority_matrix"), [tasks[0] | {"quadrant": "drop"}, *tasks[1:]])
    assert found(form.box, "kpisim-week_plan-task-0") is there
    assert there.value == "task 1"
    assert found(form.box, "kpisim-week_plan-quadrant-2").value == "drop"
    # A proposal is no answer: nothing was kept as a draft.
    assert not form.touched
    assert not desk.session.entries("draft.week_plan")
