"""Periods at their edges: the next one, quarters in a year, weeks and years that are cut, working days outside the records."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from kpisim.kpi.window import Window, as_date, cut, window, workdays
from kpisim.tables import Meta
from kpisim.tables.io import weekdays
from kpisim.text import UserError

pytestmark = pytest.mark.unit

DATA_END = date(2028, 1, 1)


def day(month: int, number: int, year: int = 2027) -> date:
    return date(year, month, number)


@pytest.mark.parametrize(("start", "end", "after"), [
    (day(1, 1), day(4, 1), day(7, 1)),  # whole months after whole months
    (day(1, 5), day(1, 12), day(1, 19)),  # else as many days
    (day(2, 1), day(2, 15), day(3, 1)),  # from the first on, but no whole month
    (day(1, 15), day(2, 1), day(2, 18)),  # to the first, but no whole month
])  # fmt: skip
def test_the_next_period_is_as_long_and_begins_where_this_one_ends(
    start: date, end: date, after: date
) -> None:
    assert Window(start, end, DATA_END).next() == Window(end, after, DATA_END)


@pytest.mark.parametrize(("start", "end", "edges"), [
    (day(7, 1), day(10, 1), [day(7, 1), day(10, 1)]),  # 92 days: the longest quarter
    (day(1, 5), day(4, 7), [day(1, 5), day(4, 7)]),  # 92 days from anywhere
    (day(1, 1), day(7, 1), [day(1, 1), day(4, 1), day(7, 1)]),  # the second quarter ends with the window
    (day(1, 1), day(8, 15), [day(1, 1), day(4, 1), day(7, 1)]),  # the third is not whole
    (day(1, 5), day(1, 5) + timedelta(days=182), [day(1, 5), day(4, 6), day(7, 6)]),  # 91 days each
    (day(1, 5), day(1, 5) + timedelta(days=181), [day(1, 5), day(4, 6)]),
])  # fmt: skip
def test_whole_quarters_of_a_long_window(start: date, end: date, edges: list[date]) -> None:
    made = Window(start, end, DATA_END).blocks()
    assert made == [Window(first, last, DATA_END) for first, last in pairwise(edges)]


def test_weeks_begin_on_monday_and_the_first_is_cut() -> None:
    # 6 January 2027 is a Wednesday.
    assert [
        (label, one.start, one.end) for label, one in cut(Window(day(1, 6), day(1, 20), DATA_END), "week")
    ] == [
        ("2027-W01", day(1, 6), day(1, 11)),
        ("2027-W02", day(1, 11), day(1, 18)),
        ("2027-W03", day(1, 18), day(1, 20)),
    ]


def test_fiscal_years_end_before_their_month_begins_again() -> None:
    made = cut(Window(day(2, 1), day(6, 1, 2028), day(6, 1, 2028)), "year", 4)
    assert [(label, one.start, one.end) for label, one in made] == [
        ("FY2026", day(2, 1), day(4, 1)),
        ("FY2027", day(4, 1), day(4, 1, 2028)),
        ("FY2028", day(4, 1, 2028), day(6, 1, 2028)),
    ]


def test_a_period_without_a_day_is_refused_and_a_wrong_date_is_named() -> None:
    meta = Meta(day(1, 1), day(4, 1))
    assert window(meta, day(1, 1), day(1, 2)) == Window(day(1, 1), day(1, 2), day(4, 1))
    with pytest.raises(UserError, match="ends on 2027-01-05, not after its start 2027-01-05"):
        window(meta, day(1, 5), day(1, 5))
    with pytest.raises(UserError, match=r"^start: soon is not a date"):
        window(meta, "soon", day(1, 5))
    with pytest.raises(UserError, match=r"^end: soon is not a date"):
        window(meta, day(1, 5), "soon")


def test_midnight_is_a_day_and_an_hour_is_none() -> None:
    assert as_date(datetime(2027, 1, 5), "on") == day(1, 5)  # noqa: DTZ001  (wall-clock time by contract)
    with pytest.raises(UserError, match=r"^on: 2027-01-05 01:00:00 is not a date"):
        as_date(datetime(2027, 1, 5, 1), "on")  # noqa: DTZ001


MONDAY, FOURTH = day(1, 4), day(1, 25)


def known(*days: date, end: date = FOURTH) -> Meta:
    return Meta(MONDAY, end, workdays=days)


THREE_WEEKS = weekdays(MONDAY, day(1, 25))
SATURDAYS = tuple(MONDAY + timedelta(days=5 + 7 * week) for week in range(4))


@pytest.mark.parametrize(("meta", "start", "end", "count"), [
    # A holiday in the records is none to work on; after them Monday to Friday is what was usual.
    (known(*(one for one in THREE_WEEKS if one != day(1, 6))), MONDAY, day(2, 1), 19),
    # Before the records too.
    (known(*THREE_WEEKS), day(12, 28, 2026), day(1, 5), 6),
    # One Saturday of three was in exchange for a holiday; two of four are usual.
    (known(*sorted([*THREE_WEEKS, SATURDAYS[0]])), day(1, 25), day(2, 1), 5),
    (known(*sorted([*weekdays(MONDAY, day(2, 1)), *SATURDAYS[:2]]), end=day(2, 1)), day(2, 1), day(2, 8), 6),
    # The calendar reaches to Wednesday the 27th, past the window: the 28th is the first day it does not know.
    (known(*weekdays(MONDAY, day(1, 28))), day(1, 27), day(1, 30), 3),
    # It begins with a Sunday worked before the window; the Saturday before that was none.
    (known(day(1, 3), *THREE_WEEKS), day(1, 1), day(1, 5), 3),
    # Shorter than a fortnight: six days say nothing about Saturdays.
    (known(*weekdays(MONDAY, day(1, 10), (0, 1, 2, 3, 4, 5)), end=day(1, 10)), day(1, 11), day(1, 18), 5),
    (known(), MONDAY, day(1, 11), 5),
    # Two days worked before the window: both are days of the calendar, and the Friday between them is none.
    (known(day(12, 30, 2026), day(1, 3), *THREE_WEEKS), day(12, 30, 2026), day(1, 5), 3),
])  # fmt: skip
def test_working_days_in_and_outside_the_calendar(meta: Any, start: date, end: date, count: int) -> None:
    assert workdays(meta, start, end) == count
