"""The in-basket: what is drawn, the clock, and choices as dated changes of the season that is played."""

from __future__ import annotations

from datetime import date

import pytest

from kpisim.course.inbasket import (
    BOUNDS,
    CHOICES,
    MINUTES,
    SEASON,
    Choice,
    Event,
    decisions,
    draw,
    outcome,
    played,
    pool,
    season,
    seconds,
    since_again,
    state,
    untouched,
)
from kpisim.scenario.scenario import CHANGEABLE

pytestmark = pytest.mark.unit

START = date.fromisoformat(SEASON["calendar.start"])


@pytest.mark.parametrize("seed", range(200))
def test_both_drills_are_in_every_draw(seed: int) -> None:
    items = draw(str(seed))
    kinds = [item.kind for item in items]
    assert len({item.name for item in items}) == 12
    assert kinds.count("complaint") >= 2
    assert kinds.count("pressure") >= 2
    assert draw(str(seed)) == items


def test_draws_differ() -> None:
    assert len({tuple(item.name for item in draw(str(seed))) for seed in range(20)}) > 15


def test_every_effect_can_be_played_alone() -> None:
    for item in pool().items:
        for effects in (item.waits, *item.does.values()):
            assert set(effects) <= set(BOUNDS), item.name
            assert all(path.split(".")[0] in CHANGEABLE for path in effects)
    for choice in CHOICES:
        items = draw("a")
        played(items, {item.name: (choice, 0.5) for item in items})


@pytest.mark.parametrize("path", BOUNDS)
def test_both_ends_of_every_range_can_be_played_and_the_season_lies_between(path: str) -> None:
    low, high = BOUNDS[path]
    base = season()
    assert low <= base.get(path) <= high
    for end in (low, high):
        assert base.derive({path: end}).get(path) == end


def event(what: str, at: float, item: str = "", choice: Choice = "do") -> Event:
    return Event(what, at, item, choice)  # type: ignore[arg-type]


def test_the_clock_leaves_pauses_out_and_stops_after_ten_minutes() -> None:
    events = [event("start", 100.0), event("pause", 160.0), event("resume", 1000.0)]
    assert [seconds(events, at) for at in (100.0, 130.0)] == [0.0, 30.0]
    assert seconds(events, 900.0) == 60.0
    assert seconds(events, 1030.0) == 90.0
    assert seconds(events, 9999.0) == 60.0 * MINUTES
    assert [state(events[:1], 110.0), state(events[:2], 200.0), state(events, 1001.0), state(events, 9999.0)] == [
        "running", "paused", "running", "over",
    ]  # fmt: skip
    assert state([], 5.0) == "before"
    assert seconds([event("pause", 1.0), event("resume", 2.0)], 1.5) == 0.0


def test_a_changed_mind_counts_with_its_own_minute_and_order() -> None:
    events = [
        event("start", 0.0), event("choice", 30.0, "dent", "do"), event("choice", 60.0, "boss", "leave"),
        event("choice", 120.0, "dent", "plan"),
    ]  # fmt: skip
    assert list(decisions(events).items()) == [("boss", ("leave", 1.0)), ("dent", ("plan", 2.0))]
    assert since_again([*events, event("again", 130.0), event("start", 140.0)]) == [event("start", 140.0)]


def test_a_choice_is_a_dated_change_of_its_week() -> None:
    items = [item for item in pool().items if item.name in {"dent", "report"}]
    base = season()
    # Until Monday, nine o'clock, nothing lies there; then a complaint that lies there teaches the team to let them lie.
    (lying,) = untouched(items).changes
    assert lying.at == START
    assert lying.set["workload.complaint_waits"] == 4
    assert untouched(items).workload == base.workload
    first, second, third = played(items, {"dent": ("do", 2.0), "report": ("do", 3.0)}).changes
    assert first == lying
    assert (second.at - START).days == 14
    assert (third.at - START).days == 21
    assert second.set["workload.complaint_waits"] == 0
    assert second.set["workload.admin_per_day"] == base.workload.admin_per_day
    assert third.set["workload.admin_per_day"] == base.workload.admin_per_day + 1


def test_left_lying_and_never_touched_are_the_same_season() -> None:
    items = [item for item in pool().items if item.name == "repair"]
    assert played(items, {"repair": ("leave", 0.0)}) == untouched(items)


def test_a_choice_in_the_last_second_counts_on_the_last_day() -> None:
    items = [item for item in pool().items if item.name == "overtime"]
    days = [
        [(change.at - START).days for change in played(items, {"overtime": ("do", minute)}).changes]
        for minute in (0.0, 0.15, 2.5, 10.0)
    ]
    assert days == [[0], [0, 1], [0, 17], [0, 69]]


def test_sums_stay_in_their_range() -> None:
    late = next(item for item in pool().items if item.name == "overtime")
    (one,) = played([late, late], {"overtime": ("do", 0.0)}).changes
    assert one.set["pressure.late_hours"] == BOUNDS["pressure.late_hours"][1] == 4


@pytest.mark.functional
@pytest.mark.slow
def test_answering_complaints_early_keeps_satisfaction_and_customers_and_late_does_not() -> None:
    """Directions only, with the interval of paired runs: M4.8 of the brief."""
    items = [item for item in pool().items if item.kind == "complaint"]
    early = outcome(items, {item.name: ("do", 0.5) for item in items}, replications=16)
    late = outcome(items, {item.name: ("do", 9.5) for item in items}, replications=16)
    by_name = {one.kpi: one for one in early}
    assert by_name["csat"].low > 0
    assert by_name["customer_retention"].low > 0
    gained = {one.kpi: one.difference for one in late}
    assert all(gained[name] < by_name[name].difference for name in ("csat", "customer_retention"))


@pytest.mark.functional
@pytest.mark.slow
def test_overtime_for_all_brings_orders_and_costs_the_pulse() -> None:
    items = draw("a")
    by_name = {one.kpi: one for one in outcome(items, {"overtime": ("do", 0.0)}, replications=16)}
    assert by_name["revenue_booked"].low > 0
    assert by_name["stress_pulse"].high < 0
