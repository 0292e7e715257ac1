"""A week of time boxes: overlaps, full days, days off, and where a moved box lands."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpisim.course.week import (
    DAYS,
    FIRST,
    LAST,
    load,
    moments,
    moved,
    next_monday,
    overlaps,
    remarks,
    workdays,
)
from kpisim.text import language

pytestmark = pytest.mark.unit

MONDAY = date(2027, 9, 27)


def box(day: str, start: float, hours: float, kind: str = "focus") -> dict[str, Any]:
    return {"task": f"{day} {start}", "day": day, "start": start, "hours": hours, "kind": kind}


@pytest.mark.parametrize(
    ("today", "monday"),
    [(date(2027, 3, 1), date(2027, 3, 8)), (date(2027, 3, 7), date(2027, 3, 8)), (date(2026, 12, 31), date(2027, 1, 4))],
)  # fmt: skip
def test_the_week_planned_is_the_one_that_follows(today: date, monday: date) -> None:
    assert next_monday(today) == monday


def test_boxes_that_touch_do_not_overlap() -> None:
    rows = [box("mon", 9, 2), box("mon", 11, 1), box("mon", 11.5, 1), box("tue", 9, 2)]
    assert overlaps(rows) == [(1, 2)]


def test_seventy_percent_is_allowed_and_more_is_not() -> None:
    # 5.6 of 8 hours are exactly 70 %.
    assert not [
        text for _, text in remarks([box("mon", 8, 4), box("mon", 12, 1.6), box("mon", 15, 1, "recovery")])
    ]
    rows = [box("mon", 8, 4), box("mon", 12, 2), box("mon", 15, 4, "recovery")]
    assert load(rows) == {"mon": 0.75}
    assert [str(text) for _, text in remarks(rows)] == [
        "Monday is 75% full; above 70% one surprise makes a queue, move a box"
    ]


def test_a_week_with_swapped_days_counts_right() -> None:
    calendar: list[dict[str, Any]] = [
        {"day": "2027-10-01", "kind": "off"},  # Friday, National Day
        {"day": "2027-10-02", "kind": "work"},  # Saturday, swapped
        {"day": "2027-10-03", "kind": None},
        {"day": None, "kind": "off"},
    ]
    assert workdays(calendar, MONDAY) == ["mon", "tue", "wed", "thu", "sat"]
    assert workdays([], MONDAY) == list(DAYS[:5])
    rows = [box("fri", 9, 1), box("fri", 12, 1, "recovery"), box("sat", 9, 1), box("sat", 12, 1, "recovery")]
    with language("zh"):
        assert [(row, str(text)) for row, text in remarks(rows, calendar, MONDAY)] == [
            (0, "周五（2027-10-01）放假，请把时间盒挪走"),
            (1, "周五（2027-10-01）放假，请把时间盒挪走"),
        ]


def test_a_day_without_recovery_is_named() -> None:
    assert [str(text) for _, text in remarks([box("wed", 9, 1)])] == [
        "Wednesday has no box for recovery; half an hour is enough"
    ]


@given(st.integers(-3, 5), st.sampled_from([*DAYS, "", "someday"]), st.floats(-50, 50), st.floats(0.5, 4))
def test_a_moved_box_stays_on_the_grid(place: int, day: str, start: float, hours: float) -> None:
    rows = [box("mon", 9, hours), box("tue", 9, hours)]
    after = moved(rows, place, day, start)
    changed = [one for one, old in zip(after, rows, strict=True) if one != old]
    assert len(changed) <= 1
    for one in changed:
        assert one["start"] >= FIRST
        assert one["start"] + hours <= LAST + 0.25
        assert one["start"] * 2 == int(one["start"] * 2)


def test_moments_are_dates_of_that_week() -> None:
    assert moments([box("wed", 9.5, 1.5), {"task": "x"}], MONDAY) == [
        ("wed 9.5", date(2027, 9, 29), 9.5, 11.0)
    ]


def test_a_box_on_a_day_off_is_told_to_move_and_of_no_break_beside_it() -> None:
    rows = [
        {"task": "visit", "day": day, "start": 9.0, "hours": 2.0, "kind": "customers"}
        for day in ("thu", "fri")
    ]
    off = [{"day": "2027-10-01", "kind": "off"}]  # Friday, National Day
    with language("en"):
        told = [(row, str(words)) for row, words in remarks(rows, off, MONDAY)]
    assert told == [
        (0, "Thursday has no box for recovery; half an hour is enough"),
        (1, "Friday 2027-10-01 is a day off; move the box"),
    ]


def test_a_box_that_overlaps_is_named_by_its_number() -> None:
    rows = [
        {"task": "a", "day": "mon", "start": 9.0, "hours": 1.0, "kind": "recovery"},
        {"task": "b", "day": "tue", "start": 9.0, "hours": 1.0, "kind": "recovery"},
        {"task": "c", "day": "mon", "start": 9.5, "hours": 1.0, "kind": "recovery"},
    ]
    assert [(place, str(text)) for place, text in remarks(rows)] == [
        (2, "Monday: box 3 overlaps box 1; move one of them")
    ]


@pytest.mark.parametrize(
    ("place", "day", "start", "wanted"),
    [
        (0, "tue", 10.2, ("tue", 10.0)),
        (0, "tue", 10.3, ("tue", 10.5)),
        (0, "mon", 3.0, ("mon", 8.0)),
        (0, "mon", 23.0, ("mon", 18.0)),
        (1, "fri", 23.0, ("fri", 19.5)),
        (2, "tue", 10.0, None),
        (-1, "tue", 10.0, None),
        (0, "someday", 10.0, None),
    ],
)
def test_a_box_is_moved_inside_the_grid_on_the_half_hour(
    place: int, day: str, start: float, wanted: tuple[str, float] | None
) -> None:
    """The grid goes from 8 to 20; a box of two hours begins at 18 at the latest, one without hours takes half an hour."""
    rows: list[dict[str, Any]] = [{"task": "a", "day": "mon", "start": 9.0, "hours": 2.0}, {"task": "b"}]
    made = moved(rows, place, day, start)
    if wanted is None:
        assert made == rows
    else:
        assert (made[place]["day"], made[place]["start"]) == wanted
        assert made[1 - place] == rows[1 - place]
    assert rows[0] == {"task": "a", "day": "mon", "start": 9.0, "hours": 2.0}
