"""Load, what to move to whom, and priorities that follow the weights."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpisim.crm.replay import as_of
from kpisim.kpi.facts import Facts
from kpisim.kpi.scorecard import Line, Scorecard
from kpisim.kpi.work.hours import Load, _moved, hours_by_kind, load, task_hours
from kpisim.kpi.work.priority import NO_KPI, ranked
from kpisim.kpi.work.serves import read_serves, weights_of
from kpisim.kpi.work.words import load_lines, map_lines, rank_lines
from kpisim.tables import Tables, conform
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit

MONDAY = date(2027, 3, 1)
SUNDAY = MONDAY + timedelta(days=6)


def tasks_of(make: Any, *rows: tuple[str, str, int, float | None, int | None], **more: Any) -> Tables:
    """Return tables with tasks: rep, kind, day it came in, hours, day it is due, days counted from the Monday."""
    tables = make(reps=[{"rep_id": rep, "team": "t"} for rep in ("A", "B", "C")], **more)
    frame = pd.DataFrame(
        [
            {
                "task_id": f"t{place}", "rep_id": rep, "kind": kind, "created": MONDAY + timedelta(days=came), "hours": hours,
                "due": None if due is None else MONDAY + timedelta(days=due),
            }
            for place, (rep, kind, came, hours, due) in enumerate(rows)
        ]
    )  # fmt: skip
    return Tables(tables.meta, {**tables.frames, "tasks": conform("tasks", frame)})


def test_who_is_over_is_listed_with_hours_to_move_and_to_whom(make: Any) -> None:
    tables = tasks_of(
        make, ("A", "selling", 0, 50.0, 30), ("B", "selling", 1, 34.0, 30), ("C", "service", 2, 37.0, 30),
        ("A", "selling", 7, 99.0, 30),
    )  # fmt: skip
    people, weeks = load(tables, read_serves(), SUNDAY, 1)
    assert [(week.start, week.end) for week in weeks] == [(MONDAY, MONDAY + timedelta(days=7))]
    a, b, c = people
    assert (a.loads, b.loads, c.loads) == ([1.25], [0.85], [0.925])
    assert [(move.to, move.hours) for move in a.moves] == [("B", 6.0), ("C", 3.0)]
    assert (a.over, a.left, a.pressure) == (10.0, 1.0, True)
    said = "\n".join(load_lines(people, weeks))
    assert (
        "Above 100% in the latest week:\n  A: 10.0 h to move: 6.0 h to B, 3.0 h to C; nobody has room for 1.0 h: drop"
    ) in said
    # Whose work piles up is told under a heading of its own: B's week was not full.
    assert "\nMore than a week's work is waiting:\n  A: 50 h of work waiting, 1.2 weeks\n" in said


def test_pressure_needs_two_full_weeks_one_very_full_one_or_a_week_waiting() -> None:
    hours = (40.0, 40.0)
    for came, waiting, high in (
        ((41.0, 41.0), 0.0, True), ((40.0, 41.0), 0.0, False), ((41.0, 40.0), 0.0, False), ((10.0, 48.1), 0.0, True),
        ((10.0, 48.0), 0.0, False), ((10.0, 10.0), 40.1, True), ((10.0, 10.0), 40.0, False),
    ):  # fmt: skip
        assert Load("A", came, hours, waiting).pressure is high, (came, waiting)


def test_time_off_is_no_load_and_unknown_hours_are_the_mean_of_their_kind(make: Any) -> None:
    tables = tasks_of(
        make, ("A", "sick", 0, 8.0, None), ("A", "selling", 0, 2.0, None), ("B", "selling", 0, 4.0, None),
        ("A", "selling", 1, None, None), ("A", "odd", 1, None, None),
    )  # fmt: skip
    hours = task_hours(Facts(tables), read_serves())
    assert hours[:4].tolist() == [0.0, 2.0, 4.0, 3.0]
    assert hours[4] == pytest.approx((8.0 + 2.0 + 4.0) / 3)  # no other of its kind: the mean of all that say


def test_available_hours_come_from_the_days_of_each_rep(make: Any) -> None:
    days = [{"rep_id": "A", "day": MONDAY + timedelta(days=k), "available": 4.0} for k in range(5)]
    people, _ = load(tasks_of(make, ("A", "selling", 0, 10.0, 30), rep_days=days), read_serves(), SUNDAY, 1)
    assert [one.available[0] for one in people] == [20.0, 40.0, 40.0]
    # In the week before, their days had not begun: no hours, and no load of 0 %.
    people, _ = load(tasks_of(make, ("A", "selling", 0, 10.0, 30), rep_days=days), read_serves(), SUNDAY, 2)
    assert people[0].available == (0.0, 20.0)
    assert people[0].loads[0] is None


def test_weeks_are_whole_and_known(make: Any) -> None:
    tables = tasks_of(make, ("A", "selling", 0, 10.0, 30))
    _, weeks = load(tables, read_serves(), SUNDAY - timedelta(days=1), 2)
    assert [week.start for week in weeks] == [MONDAY - timedelta(days=14), MONDAY - timedelta(days=7)]
    with pytest.raises(UserError, match="no whole week before it"):
        load(tables, read_serves(), date(2027, 1, 3))
    with pytest.raises(UserError, match="no tasks here"):
        load(make(), read_serves(), SUNDAY)


@given(st.lists(st.tuples(st.floats(0, 80), st.floats(0, 60)), min_size=1, max_size=9))
def test_no_hour_is_lost_in_moving_and_nobody_gets_more_than_he_has_room_for(
    pairs: list[tuple[float, float]],
) -> None:
    people = _moved([Load(str(place), (came,), (there,)) for place, (came, there) in enumerate(pairs)])
    got: dict[str, float] = {}
    for one in people:
        assert sum(move.hours for move in one.moves) + one.left == pytest.approx(one.over)
        for move in one.moves:
            got[move.to] = got.get(move.to, 0.0) + move.hours
    for one in people:
        assert got.get(one.rep, 0.0) <= max(one.available[0] - one.came[0], 0.0) + 1e-9


def card_of(revenue: float, csat: float) -> Scorecard:
    return Scorecard(
        lines=(
            Line(kpi="revenue_booked", target=1.0, weight=revenue),
            Line(kpi="csat", target=1.0, weight=csat),
        )
    )


def test_the_order_changes_when_a_weight_changes(make: Any) -> None:
    # Both due on the same day; nothing differs but the KPI they serve.
    tables, serves = tasks_of(make, ("A", "selling", 0, 1.0, 10), ("A", "service", 0, 1.0, 10)), read_serves()
    for revenue, first in ((0.7, "selling"), (0.3, "service")):
        order = ranked(tables, serves, weights_of(card_of(revenue, 1 - revenue), serves), SUNDAY)
        assert order[0].kind == first


def test_a_near_day_beats_a_larger_weight_at_the_rate_the_formula_says(make: Any) -> None:
    tables, serves = (
        tasks_of(
            make, ("A", "selling", 0, 1.0, 8), ("A", "service", 0, 1.0, 7), ("A", "admin", 0, 1.0, None)
        ),
        read_serves(),
    )
    order = ranked(tables, serves, weights_of(card_of(0.6, 0.4), serves), SUNDAY)
    # Due on Monday: one day left, .4 / 2; due on Tuesday: two, .6 / 3.  The same priority: the earlier day first.
    assert [(one.kind, one.left) for one in order] == [("service", 1), ("selling", 2), ("admin", 20)]
    assert order[0].priority == pytest.approx(0.2)
    assert order[1].priority == pytest.approx(0.2)
    assert order[2].weight == NO_KPI
    assert ranked(tables, serves, weights_of(card_of(0.61, 0.39), serves), SUNDAY)[0].kind == "selling"


def test_overdue_has_no_days_left_and_done_tasks_are_gone(make: Any) -> None:
    tables = tasks_of(
        make, ("A", "selling", 0, 1.0, 2), ("A", "selling", 0, 1.0, 6), ("B", "selling", 0, 1.0, 7)
    )
    frame = tables["tasks"].copy()
    frame.loc[0, "finished"] = pd.Timestamp(MONDAY + timedelta(days=9))
    done = Tables(tables.meta, {**tables.frames, "tasks": conform("tasks", frame)})
    serves = read_serves()
    weights = weights_of(None, serves)
    # On Sunday the first is still open; ten days on it is done.
    assert [(one.task, one.left) for one in ranked(as_of(done, SUNDAY), serves, weights, SUNDAY)] == [
        ("t0", 0),
        ("t1", 0),
        ("t2", 1),
    ]
    later = MONDAY + timedelta(days=10)
    assert [one.task for one in ranked(as_of(done, later), serves, weights, later)] == ["t1", "t2"]
    assert [one.task for one in ranked(done, serves, weights, SUNDAY, "B")] == ["t2"]


def test_an_open_list_is_that_of_one_rep_and_of_the_end_of_the_day(make: Any) -> None:
    # Sick days stand before other work, come in on Monday after, or belong to B; work of an unknown kind counts 2 %.
    tables = tasks_of(
        make, ("A", "sick", 0, 8.0, 6), ("A", "odd", 0, 1.0, 6), ("A", "selling", 7, 1.0, 6), ("B", "selling", 0, 1.0, 6),
        ("A", "selling", 6, 1.0, 6),
    )  # fmt: skip
    frame = tables["tasks"].copy()
    frame["finished"] = pd.Series([None, None, None, MONDAY, None], dtype="datetime64[us]")
    tables, serves = Tables(tables.meta, {**tables.frames, "tasks": conform("tasks", frame)}), read_serves()
    # t3 is done, whoever asks: the list of B is empty and that of everybody has two tasks.
    order = ranked(tables, serves, weights_of(card_of(0.6, 0.4), serves), SUNDAY)
    assert [(one.task, one.rep, one.due, one.weight) for one in order] == [
        ("t4", "A", SUNDAY, 0.6), ("t1", "A", SUNDAY, NO_KPI),
    ]  # fmt: skip
    assert ranked(tables, serves, weights_of(None, serves), SUNDAY, "B") == []


def test_the_day_itself_is_over_and_its_own_day_counts(make: Any) -> None:
    # At the end of a Tuesday, Wednesday and Thursday are left until Thursday.
    serves, tuesday = read_serves(), MONDAY + timedelta(days=1)
    tables = tasks_of(make, ("A", "selling", 0, 1.0, 3), ("A", "selling", 0, 1.0, 1))
    order = ranked(tables, serves, weights_of(None, serves), tuesday)
    assert [(one.task, one.left) for one in order] == [("t1", 0), ("t0", 2)]


def test_of_the_same_priority_the_earlier_day_comes_first_and_no_day_last(make: Any) -> None:
    # Weight .2 with nothing left, .6 with two days left: the same .2; 20 days left and none at all are the same too.
    serves = read_serves()
    tables = tasks_of(make, ("A", "admin", 0, 1.0, None), ("A", "admin", 0, 1.0, 6 + 28), ("A", "service", 0, 1.0, 5), ("A", "service", 0, 1.0, 4))  # fmt: skip
    order = ranked(tables, serves, weights_of(card_of(0.6, 0.4), serves), SUNDAY)
    assert [(one.task, one.left) for one in order] == [("t3", 0), ("t2", 0), ("t1", 20), ("t0", 20)]


def test_nobody_under_pressure_is_given_more() -> None:
    over = Load("A", (44.0,), (40.0,))
    piled, free = Load("B", (20.0,), (40.0,), waiting=50.0), Load("C", (37.0,), (40.0,))
    (a, _, _) = _moved([over, piled, free])
    assert [(move.to, move.hours) for move in a.moves] == [("C", 3.0)]
    assert a.left == 1.0


def test_the_fullest_hand_over_first_and_a_quarter_of_an_hour_is_enough() -> None:
    people = [Load("A", (41.0,), (40.0,)), Load("B", (50.0,), (40.0,)), Load("C", (39.5,), (40.0,)), Load("D", (30.5,), (40.0,))]  # fmt: skip
    a, b, *_ = _moved(people)
    # B, ten hours over, fills D and half an hour of C; for A nothing is left.
    assert [(move.to, move.hours) for move in b.moves] == [("D", 9.5), ("C", 0.5)]
    assert (a.moves, a.left, b.left) == ((), 1.0, 0.0)
    quarter, _ = _moved([Load("A", (40.25,), (40.0,)), Load("B", (39.0,), (40.0,))])
    assert [(move.to, move.hours) for move in quarter.moves] == [("B", 0.25)]
    little, _ = _moved([Load("A", (40.2,), (40.0,)), Load("B", (39.0,), (40.0,))])
    assert little.moves == ()
    assert little.left == pytest.approx(0.2)


def test_hours_waiting_are_ones_own_open_at_the_end_of_the_day(make: Any) -> None:
    tables = tasks_of(
        make, ("A", "selling", 0, 3.0, 30), ("A", "selling", 6, 4.0, 30), ("A", "selling", 7, 50.0, 30), ("B", "selling", 0, 9.0, 30),
        ("A", "selling", 1, 5.0, 30), ("A", "selling", 1, 6.0, 30),
    )  # fmt: skip
    frame = tables["tasks"].copy()
    ends = [None, None, None, None, pd.Timestamp(SUNDAY), pd.Timestamp(SUNDAY + timedelta(days=1))]
    frame["finished"] = pd.Series(ends, dtype="datetime64[us]")
    done = Tables(tables.meta, {**tables.frames, "tasks": conform("tasks", frame)})
    people, _ = load(done, read_serves(), SUNDAY, 1)
    # t4 was done on Sunday; t5 was done at midnight, so at the end of Sunday it was open; t2 came in at that midnight.
    assert [one.waiting for one in people] == [3.0 + 4.0 + 6.0, 9.0, 0.0]


def test_who_works_in_the_latest_week_is_listed_and_weeks_follow_each_other(make: Any) -> None:
    tables = tasks_of(
        make, ("A", "selling", 0, 1.0, 9), ("B", "selling", 0, 1.0, 9), ("C", "selling", 0, 1.0, 9)
    )
    days = {
        "A": (None, MONDAY),
        "B": (None, MONDAY + timedelta(days=1)),
        "C": (MONDAY + timedelta(days=7), None),
    }
    reps = [{"rep_id": rep, "hired": hired, "left": left} for rep, (hired, left) in days.items()]
    frames = {**tables.frames, "reps": conform("reps", pd.DataFrame(reps))}
    people, weeks = load(Tables(tables.meta, frames), read_serves(), SUNDAY, 3)
    assert [one.rep for one in people] == ["B"]
    starts = [MONDAY - timedelta(days=14), MONDAY - timedelta(days=7), MONDAY]
    assert [(week.start, week.end) for week in weeks] == [(day, day + timedelta(days=7)) for day in starts]


def test_the_first_week_of_the_records_counts(make: Any) -> None:
    tables = tasks_of(make, ("A", "selling", 0, 1.0, 9), start=MONDAY)
    assert [week.start for week in load(tables, read_serves(), SUNDAY, 2)[1]] == [MONDAY]


def test_hours_of_several_weeks_by_kind_most_first_and_none_left_out(make: Any) -> None:
    tables = tasks_of(make, ("A", "admin", 0, 0.5, 9), ("A", "selling", -7, 2.0, 9), ("A", "sick", 0, 8.0, 9), ("A", "selling", 1, 1.0, 9))  # fmt: skip
    _, weeks = load(tables, read_serves(), SUNDAY, 2)
    hours = hours_by_kind(tables, read_serves(), weeks)
    assert list(hours.items()) == [("selling", 3.0), ("admin", 0.5)]


def test_without_any_hours_the_mean_is_none_and_all_kinds_after_time_off_are_filled(make: Any) -> None:
    tables = tasks_of(make, ("A", "selling", 0, None, 9), ("A", "admin", 0, None, 9))
    assert task_hours(Facts(tables), read_serves()).tolist() == [0.0, 0.0]
    # Kinds come in the order of their names: visit comes after sick.
    tables = tasks_of(make, ("A", "sick", 0, 8.0, 9), ("A", "visit", 0, 3.0, 9), ("A", "visit", 0, None, 9))
    assert task_hours(Facts(tables), read_serves()).tolist() == [0.0, 3.0, 3.0]


def test_without_a_scorecard_all_kpis_weigh_alike() -> None:
    serves = read_serves()
    weights = weights_of(None, serves)
    assert sum(weights.values()) == pytest.approx(1.0)
    assert len(set(weights.values())) == 1
    assert weights_of(card_of(3, 1), serves) == {"revenue_booked": 0.75, "csat": 0.25}


def test_hours_without_a_kpi_are_told(make: Any) -> None:
    tables, serves = tasks_of(make, ("A", "selling", 0, 30.0, 9), ("A", "admin", 0, 10.0, 9)), read_serves()
    _, weeks = load(tables, serves, SUNDAY, 1)
    hours = hours_by_kind(tables, serves, weeks)
    assert hours == {"selling": 30.0, "admin": 10.0}
    assert "25.0% of the hours serve no KPI with a weight." in map_lines(
        hours, serves, weights_of(card_of(0.5, 0.5), serves)
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- {kind: selling, kpis: 5}", "map.yaml, line 1: kpis is no list; write kpis: []"),
        ("- {kind: selling, kpis: [csta]}", "map.yaml, line 1: csta: no such KPI; did you mean csat?"),
        ("- {kind: holiday, away: 'no'}", "line 1: away: no is not true or false"),
        ("- {kpis: [csat]}", "line 1: kind is missing"),
        ("- {kind: visit, kpis: [csta]}", "did you mean csat?"),
        ("- {kind: visit, kpi: [csat]}", "did you mean kpis?"),
        ("[{kind: visit}, {kind: visit}]", "visit stands twice"),
    ],
)
def test_a_wrong_map_is_refused(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "map.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as refused:
        read_serves(file)
    assert words in str(refused.value)


@pytest.mark.parametrize(("lang", "words"), [("en", "Priority = weight"), ("zh", "优先级 = ")])
def test_words(make: Any, lang: Any, words: str) -> None:
    tables, serves = tasks_of(make, ("A", "selling", 0, 1.0, 10)), read_serves()
    with language(lang):
        assert rank_lines(ranked(tables, serves, weights_of(None, serves), SUNDAY), serves)[-1].startswith(
            words
        )
        assert len(rank_lines([], serves)) == 1
