"""Pulses of the day: C3 and A8 of the brief."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.course import lesson
from kpisim.course.pulses import ITEMS, LOOP, PULSE, loop, room_waves, stress_waves
from kpisim.course.read import sheet
from kpisim.course.rounds import play_round, read_round, rota
from kpisim.kpi.pulse import QUESTIONS
from kpisim.model.rules import rules
from kpisim.session import open_session

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit

SET = date(2027, 3, 1)
ROW = {
    "item": "speaking_up",
    "theme": "坏消息来得晚",
    "action": "每周五16点说一件",
    "owner": "小李",
    "measure_on": "2027-03-29",
}


def test_the_items_of_the_pulse_are_the_questions_of_the_firm() -> None:
    assert list(ITEMS) == [field.name for field in sheet(PULSE).fields]
    assert set(ITEMS.values()) <= set(QUESTIONS)
    item = next(field for field in sheet(LOOP).fields if field.name == "item")
    assert [one.value for one in item.choices] == list(ITEMS)


@pytest.mark.parametrize(
    ("on", "changed", "state"),
    [
        (date(2027, 3, 29), {}, "due"), (date(2027, 3, 30), {}, "overdue"),
        (date(2027, 3, 30), {"measured_on": "2027-03-30"}, "done"),
        (date(2027, 3, 30), {"measured_on": "2027-03-31"}, "overdue"),  # a day to come measures nothing
        (date(2027, 3, 30), {"measured_on": "2027-03-01"}, "overdue"),  # nor does the day of the promise
    ],
)  # fmt: skip
def test_measuring_again_that_is_overdue_is_told(on: date, changed: dict[str, str], state: str) -> None:
    (kept,) = loop([(SET, [ROW | changed])], [], on)
    assert kept.state == state
    assert kept.promise.set_on == SET


def test_a_promise_counts_from_the_day_it_was_first_saved() -> None:
    saved = [(SET, [ROW]), (date(2027, 3, 20), [ROW | {"owner": "小王"}])]
    assert loop(saved, [], SET)[0].promise.set_on == SET
    other = [(SET, [ROW]), (date(2027, 3, 20), [ROW | {"action": "换一个做法"}])]
    assert loop(other, [], SET)[0].promise.set_on == date(2027, 3, 20)
    assert loop([], [], SET) == []
    assert loop([(SET, [{"item": "learning"}])], [], SET) == []


def test_the_rooms_pulse_is_shown_from_five_on_and_knows_nobody(tmp_path: Path) -> None:
    marks = dict.fromkeys(ITEMS, 4.0)
    sessions = [open_session(tmp_path, f"p{place}") for place in range(5)]
    for session in sessions[:4]:
        session.keep(PULSE, [marks])
    today = datetime.now(UTC).astimezone().date()
    assert {wave.n for wave in room_waves(sessions[0].room(PULSE), today)} == {None}
    # Who changes their mind answers once.
    sessions[0].keep(PULSE, [marks | {"learning": 1.0}])
    assert {wave.n for wave in room_waves(sessions[0].room(PULSE), today)} == {None}
    sessions[4].keep(PULSE, [marks])
    found = {wave.question: wave for wave in room_waves(sessions[0].room(PULSE), today)}
    assert found["learning"].favourable == 0.8
    assert found["goal_clarity"].n == 5
    assert "p0" not in repr(found)


@pytest.mark.parametrize(("answering", "shown"), [(0, False), (4, False), (5, True), (10, True)])
def test_a_stress_pulse_under_five_answers_shows_nothing(answering: int, shown: bool) -> None:
    found = stress_waves(answering)
    assert all((wave.n is not None) == shown for wave in found)
    assert all((wave.favourable is not None) == shown for wave in found)
    assert len(found) == (rota().from_week if answering else 0)


def test_the_rota_changes_after_the_pulses_were_read_and_not_before() -> None:
    played = rota()
    decided = played.decided({"pressure.late_hours": "0.0"})
    (change,) = decided.changes
    assert (change.at - decided.calendar.start).days == 7 * (played.from_week or 0) == 28
    assert decided.at(decided.calendar.start).pressure.late_hours == 3.0
    assert decided.at(change.at).pressure.late_hours == 0.0
    assert played.decided({}) == played.base()


def test_the_rule_behind_the_pulse_is_named_with_its_class() -> None:
    named: dict[str, Any] = {rule.name: rule.rule for rule in rules(rota().base())}
    assert named["pulse"] == "assumption"
    assert named["hours"] == "published"
    assert "pulse" in next(step for step in lesson("pressure").steps if step.name == "comment").tools


@pytest.mark.functional
@pytest.mark.slow
def test_going_home_at_six_lifts_the_pulse_and_moving_paperwork_pays_for_it() -> None:
    home = {
        one.kpi: one
        for one in read_round(rota(), play_round(rota(), {"pressure.late_hours": "0.0"}, replications=16))
    }
    assert home["stress_pulse"].low > 0
    assert home["revenue_booked"].high < 0
    both = {"pressure.late_hours": "0.0", "workload.admin_per_day": 1}
    paid = {one.kpi: one for one in read_round(rota(), play_round(rota(), both, replications=16))}
    assert paid["stress_pulse"].low > 0
    assert paid["revenue_booked"].difference > home["revenue_booked"].difference
