"""The sheet for a talk in pairs, from tables small enough to add up: a rep of two, and what weighs on one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.kpi.tracking.aims import Aim
from kpisim.kpi.tracking.one_to_one import employed, one_to_one
from kpisim.kpi.window import Window

if TYPE_CHECKING:
    from kpisim.kpi.tracking.one_to_one import OneToOne

pytestmark = pytest.mark.unit

START, END = date(2027, 1, 1), date(2027, 7, 1)
Q2 = Window(date(2027, 4, 1), END, END)
LAST = date(2027, 6, 30)
REPS = [{"rep_id": "An"}, {"rep_id": "Bo"}]
ORDERS = [
    {"account_id": "a", "rep_id": "Bo", "booked": "2027-01-01", "value": 7},
    {"account_id": "a", "rep_id": "Bo", "booked": "2027-03-31", "value": 70},
    {"account_id": "b", "rep_id": "Bo", "booked": "2027-04-01", "value": 100},
    {"account_id": "b", "rep_id": "An", "booked": "2027-05-03", "value": 300},
    {"account_id": "b", "rep_id": "Bo", "booked": "2027-06-30", "value": 1_000},
]


def sheet(make: Any, on: date = LAST, aims: tuple[Aim, ...] = (), **rows: Any) -> OneToOne:
    tables = make(START, END, orders=ORDERS, **{"reps": REPS, **rows})
    return one_to_one(tables, "Bo", Q2, on, aims)


def test_own_and_team_beside_the_quarter_before(make: Any) -> None:
    [booked] = [one for one in sheet(make).facts if one.kpi == "revenue_booked"]
    assert booked.before is not None
    # 1,400 of two people; two orders after two are no rise, whatever their size.
    assert (booked.own.value, booked.before.value, booked.team, booked.trend) == (1_100, 77, 700, "same")


def test_half_a_quarter_of_an_amount_is_no_fall(make: Any) -> None:
    [booked] = [one for one in sheet(make, date(2027, 5, 14)).facts if one.kpi == "revenue_booked"]
    assert (booked.own.value, booked.trend) == (100, "unknown")
    # 87 of 91 days are not yet a whole quarter for the purpose of 95 %: 87 > 86.45 counts as one.
    [booked] = [one for one in sheet(make, date(2027, 6, 26)).facts if one.kpi == "revenue_booked"]
    assert booked.trend == "same"


def test_the_first_quarter_has_none_before(make: Any) -> None:
    tables = make(START, END, orders=ORDERS, reps=REPS)
    made = one_to_one(tables, "Bo", Window(START, Q2.start, END), date(2027, 3, 31), ())
    [booked] = [one for one in made.facts if one.kpi == "revenue_booked"]
    assert (booked.own.value, booked.before, booked.trend) == (77, None, "unknown")


@pytest.mark.parametrize(("first", "then"), [(date(2027, 1, 4), 70), (date(2027, 1, 9), None)])
def test_records_that_begin_in_the_first_week_of_a_quarter_are_of_that_quarter(
    make: Any, first: date, then: int | None
) -> None:
    made = one_to_one(make(first, END, orders=ORDERS[1:], reps=REPS), "Bo", Q2, LAST, ())
    [booked] = [one for one in made.facts if one.kpi == "revenue_booked"]
    assert (None if booked.before is None else booked.before.value) == then


def test_tasks_and_requests_that_wait_on_the_day(make: Any) -> None:
    """Of each: one of the other rep, one done in time, one not yet due or made, one done a day later, one open."""
    tasks = [
        {"rep_id": "An", "due": "2027-06-01"},
        {"rep_id": "Bo", "due": "2027-06-01", "finished": "2027-06-30"},
        {"rep_id": "Bo", "due": "2027-07-01"},
        {"rep_id": "Bo"},
        {"rep_id": "Bo", "due": "2027-06-30", "finished": "2027-07-01"},
        {"rep_id": "Bo", "due": "2027-06-30"},
    ]
    tasks = [
        {"task_id": f"t{number}", "kind": "visit", "created": "2027-05-01", **one}
        for number, one in enumerate(tasks)
    ]
    requests = [
        {"rep_id": "An", "submitted": "2027-06-01"},
        {"rep_id": "Bo", "submitted": "2027-06-01", "finished": "2027-06-30"},
        {"rep_id": "Bo", "submitted": "2027-07-01"},
        {"rep_id": "Bo", "submitted": "2027-06-30", "finished": "2027-07-01"},
        {"rep_id": "Bo", "submitted": "2027-06-30"},
    ]
    made = sheet(make, tasks=tasks, requests=[{"department": "legal", **one} for one in requests])
    assert [str(line) for line in made.support] == [
        "Tasks past their day and not done: 2; which of them can go to somebody else?",
        "Requests to other departments still open: 2; which does the manager take up?",
    ]


def test_the_load_of_four_weeks_and_not_of_a_day_more(make: Any) -> None:
    """28 days to the last one: 20 working days of 8 hours; 200 hours came in on the first of them and none after."""

    def days(first: date) -> list[dict[str, Any]]:
        return [
            {"rep_id": "Bo", "day": day, "available": 8, "planned": 200 if day == first else 0}
            for day in (Q2.start + timedelta(days=number) for number in range(91))
            if day.weekday() < 5
        ]

    inside, before = date(2027, 6, 3), date(2027, 6, 2)
    assert [str(line) for line in sheet(make, rep_days=days(inside)).support] == [
        "More work came in than hours in the last four weeks: load 125.0%"
    ]
    assert not sheet(make, rep_days=days(before)).support


def test_what_a_week_has_to_bring_until_five_days_are_left(make: Any) -> None:
    """From 24 June on five working days are left, from 25 June on four."""
    aim = Aim("bookings", "revenue_booked", "Bo", ("Bo",), Q2.start, Q2.end, 3_100)
    lines = [str(line) for line in sheet(make, date(2027, 6, 23), (aim,)).steps]
    assert lines == ["bookings: 3,000 a week until 2027-06-30 would reach it"]
    assert not sheet(make, date(2027, 6, 24), (aim,)).steps


def test_who_was_there(make: Any) -> None:
    reps = [
        {"rep_id": "gone", "left": "2027-04-01"},
        {"rep_id": "one day", "left": "2027-04-02"},
        {"rep_id": "last day", "hired": "2027-06-30"},
        {"rep_id": "later", "hired": "2027-07-01"},
        {"rep_id": "always"},
    ]
    tables = make(START, END, orders=ORDERS, reps=reps)
    assert employed(tables, Q2.start, Q2.end) == ["one day", "last day", "always"]
    # Without a list of reps, whoever is named.
    assert employed(make(START, END, orders=ORDERS), Q2.start, Q2.end) == ["An", "Bo"]


def test_complaints_are_told_against_what_is_allowed(make: Any) -> None:
    """Three of ten allowed: "30 % of the target reached" would read as a failure."""
    complaints = [{"account_id": "b", "rep_id": "Bo", "opened": f"2027-05-0{day}"} for day in (3, 4)]
    complaints.append({"account_id": "b", "rep_id": "Bo", "opened": "2027-06-28"})
    aim = Aim("few complaints", "complaints", "Bo", ("Bo",), Q2.start, Q2.end, 10)
    made = sheet(make, LAST, (aim,), complaints=complaints)
    assert [row.light for row in made.tracked.rows] == ["green"]
    assert [str(line) for line in made.praise] == [
        "few complaints: 3, no more than the 10 allowed by 2027-06-30"
    ]
    made = sheet(make, LAST, (replace(aim, target=1.0),), complaints=complaints)
    assert not made.praise
    assert [str(line) for line in made.gap] == [
        "few complaints: 3, more than the 1 allowed by 2027-06-30 (+2)"
    ]


@pytest.mark.parametrize("more", ["now", "before"])
def test_what_moved_beyond_noise_is_praise_or_gap(make: Any, more: str) -> None:
    """One new customer in one quarter and thirty in the other; of bookings, a sum, nobody can tell noise."""
    days = {"now": "2027-05-03", "before": "2027-02-01"}
    other = days["before" if more == "now" else "now"]
    orders = [
        {"account_id": f"c{number}", "rep_id": "Bo", "booked": days[more], "value": 9} for number in range(30)
    ]
    orders.append({"account_id": "d", "rep_id": "Bo", "booked": other, "value": 9})
    tables = make(START, END, orders=orders, reps=REPS)
    made = one_to_one(tables, "Bo", Q2, LAST, ())
    said = {"praise": [str(line) for line in made.praise], "gap": [str(line) for line in made.gap]}
    if more == "now":
        assert said == {"praise": ["New customers: 30 after 1 in the period before"], "gap": []}
    else:
        assert said == {"praise": [], "gap": ["New customers: 1 after 30 in the period before"]}


def test_what_is_reached_asks_for_nothing_more(make: Any) -> None:
    aim = Aim("bookings", "revenue_booked", "Bo", ("Bo",), Q2.start, Q2.end, 100)
    assert not sheet(make, date(2027, 4, 30), (aim,)).steps
