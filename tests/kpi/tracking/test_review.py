"""The quarterly review on tables small enough to add up: edges of the quarter, the quarter before, what was changed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.kpi.goals.targets import new_target
from kpisim.kpi.tracking.aims import Aim
from kpisim.kpi.tracking.notes import Note
from kpisim.kpi.tracking.review import quarter_aims, review
from kpisim.kpi.window import Window

if TYPE_CHECKING:
    from kpisim.tables import Tables

pytestmark = pytest.mark.unit

START, END = date(2027, 1, 1), date(2027, 7, 1)
Q1, Q2 = Window(START, date(2027, 4, 1), END), Window(date(2027, 4, 1), END, END)
ORDERS = [
    {"account_id": "a", "booked": "2027-01-01", "value": 1},
    {"account_id": "a", "booked": "2027-03-31", "value": 10},
    {"account_id": "a", "booked": "2027-04-01", "value": 100},
    {"account_id": "b", "booked": "2027-05-10", "value": 1_000},
    {"account_id": "b", "booked": "2027-06-30", "value": 10_000},
]


def aim(start: date, end: date, target: float, kpi: str = "revenue_booked") -> Aim:
    return Aim("bookings", kpi, "", None, start, end, target)


@pytest.fixture
def half_year(make: Any) -> Tables:
    made: Tables = make(START, END, orders=ORDERS)
    return made


def test_a_quarter_beside_the_one_before(half_year: Tables) -> None:
    made = review(half_year, "Q2", Q2, [aim(Q2.start, Q2.end, 20_000)])
    [found] = made.results
    assert found.before is not None
    assert (made.on, found.now.value, found.before.value, found.trend) == (
        date(2027, 6, 30), 11_100, 11, "same",
    )  # fmt: skip
    # Sums of the drivers: against the target, and against the quarter before where no target is for the quarter.
    assert made.planned
    assert made.drivers is not None
    assert sum(one.cents for one in made.drivers) == (11_100 - 20_000) * 100
    year = review(half_year, "Q2", Q2, [aim(START, date(2028, 1, 1), 50_000)])
    assert not year.planned
    assert year.drivers is not None
    assert sum(one.cents for one in year.drivers) == (11_100 - 11) * 100


def test_the_first_quarter_of_the_records_has_none_before(half_year: Tables) -> None:
    made = review(half_year, "Q1", Q1, [aim(Q1.start, Q1.end, 5)])
    [found] = made.results
    assert (found.before, found.trend, found.now.value) == (None, "unknown", 11)
    assert (made.drivers, made.planned) == (None, False)


def test_half_a_quarter_is_held_against_its_part_of_the_target(make: Any) -> None:
    """The records end after 32 of 65 working days, with 1,100 booked in the quarter."""
    tables = make(START, date(2027, 5, 15), orders=ORDERS[:4])
    made = review(tables, "Q2", Q2, [aim(Q2.start, Q2.end, 6_500)])
    [found] = made.results
    assert (made.on, found.row.time, found.now.value) == (date(2027, 5, 14), 32 / 65, 1_100)
    # Half a quarter against a whole one says nothing on an amount.
    assert found.trend == "unknown"
    assert made.drivers is not None
    assert sum(one.cents for one in made.drivers) == (1_100 - 3_200) * 100


def test_weeks_that_lie_in_the_quarter_are_put_together(half_year: Tables) -> None:
    """12 whole weeks from Monday 5 April to Sunday 27 June; those of 29 March and 28 June belong to two quarters."""

    def weekly(day: date) -> list[Aim]:
        monday = day - timedelta(days=day.weekday())
        return [aim(monday, monday + timedelta(days=7), 100.0)]

    [made] = quarter_aims(weekly, Q2, date(2027, 6, 30))
    assert (made.start, made.end, made.target) == (date(2027, 4, 5), date(2027, 6, 28), 1_200.0)
    # What was booked on 1 April and on 30 June lies outside these weeks.
    assert review(half_year, "Q2", Q2, [made]).results[0].row.value.value == 1_000

    def rates(day: date) -> list[Aim]:
        return [aim(one.start, one.end, 0.8, "conversion_closed") for one in weekly(day)]

    [last] = quarter_aims(rates, Q2, date(2027, 6, 30))
    assert (last.start, last.target) == (date(2027, 6, 28), 0.8)


def test_months_as_far_as_the_records_go() -> None:
    def monthly(day: date) -> list[Aim]:
        first = day.replace(day=1)
        return [aim(first, date(2027, first.month + 1, 1), 10.0 * first.month)]

    [made] = quarter_aims(monthly, Q2, date(2027, 5, 10))
    assert (made.start, made.end, made.target) == (Q2.start, date(2027, 6, 1), 90.0)
    [made] = quarter_aims(monthly, Q2, date(2027, 4, 10))
    assert (made.start, made.end, made.target) == (Q2.start, date(2027, 5, 1), 40.0)


def test_notes_of_the_quarter_alone_oldest_first(half_year: Tables) -> None:
    days = [date(2027, 6, 30), date(2027, 3, 31), date(2027, 7, 1), Q2.start]
    notes = [Note("bookings", "Li", day, "why", "next") for day in days]
    made = review(half_year, "Q2", Q2, [], notes=notes)
    assert [one.when for one in made.notes] == [Q2.start, date(2027, 6, 30)]


@pytest.mark.parametrize(
    ("recorded", "valid", "told"),
    [
        (date(2027, 3, 31), date(2027, 3, 31), False),
        (date(2027, 3, 31), Q2.start, True),
        (Q2.start, date(2027, 9, 1), True),
        (date(2027, 6, 30), date(2027, 6, 30), True),
        (date(2027, 3, 1), date(2027, 7, 1), False),
        (date(2027, 7, 1), date(2027, 7, 1), False),
    ],
)
def test_a_change_belongs_to_the_quarter_it_was_decided_or_counts_from(
    half_year: Tables, recorded: date, valid: date, told: bool
) -> None:
    target = new_target("bookings", "revenue_booked", 5, START, "plan", author="Li", recorded_on=START)
    target = target.changed(6, valid, "more", author="Li", recorded_on=recorded)
    made = review(half_year, "Q2", Q2, [], targets=[target])
    assert [one.new.value for one in made.changes] == ([6.0] if told else [])


def test_without_orders_there_is_no_gap_to_split(make: Any) -> None:
    tables = make(START, END, opportunities=[{"created": Q2.start, "status": "open"}])
    made = review(tables, "Q2", Q2, [])
    assert (made.drivers, made.planned) == (None, False)
