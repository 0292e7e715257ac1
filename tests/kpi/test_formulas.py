"""Formulas that no other test worked out by hand: numerator and denominator of each, both sides of every edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kpisim.kpi import measure_values

if TYPE_CHECKING:
    from kpisim.kpi import Value

pytestmark = pytest.mark.unit


def value(tables: Any, name: str) -> Value:
    return measure_values(tables, [name])[name]


def parts(tables: Any, name: str) -> tuple[float | None, float | None]:
    found = value(tables, name)
    return found.numerator, found.denominator


def test_cash_collected_counts_when_it_came(make: Any) -> None:
    bills = [
        {"order_id": "a", "due": "2026-12-01", "paid": "2027-01-01", "amount": 10.0},
        {"order_id": "b", "due": "2027-02-01", "paid": "2027-03-31", "amount": 20.0},
        {"order_id": "c", "due": "2027-02-01", "paid": "2027-04-01", "amount": 40.0},
        {"order_id": "d", "due": "2027-02-01", "amount": 80.0},
    ]
    assert parts(make(collections=bills), "revenue_collected") == (30.0, None)


def test_contribution_is_profit_less_pay(make: Any) -> None:
    orders = [
        {"account_id": "a", "booked": "2027-01-05", "value": 100.0, "cost": 60.0},
        {"account_id": "a", "booked": "2027-01-06", "value": 50.0},
        {"account_id": "a", "booked": "2026-12-30", "value": 30.0, "cost": 10.0, "cancelled": "2027-02-01"},
    ]
    pay = [
        {"rep_id": "r", "period_start": "2027-01-01", "period_end": "2027-04-01", "total": 25.0},
        {"rep_id": "s", "period_start": "2026-12-02", "period_end": "2027-01-31", "total": 60.0},
    ]
    # 40 + 50 (no cost known) − 20 (cancelled now) − 25 − half of 60, since half of that period lies inside.
    assert value(make(orders=orders, pay=pay), "contribution").value == pytest.approx(40 + 50 - 20 - 25 - 30)


def test_complaints_answered_quickly_of_those_opened(make: Any) -> None:
    complaints = [
        {"opened": "2027-01-05", "answered": "2027-01-05", "handling": "quick"},
        {"opened": "2027-01-06", "answered": "2027-01-20", "handling": "slow"},
        {"opened": "2027-01-07", "handling": "none"},
        {"opened": "2026-12-31", "answered": "2027-01-02", "handling": "quick"},
    ]
    assert parts(make(complaints=complaints), "complaint_quick_rate") == (1.0, 3.0)


def test_rework_counts_requests_finished_and_not_their_rounds(make: Any) -> None:
    requests = [
        {"department": "product", "submitted": "2027-01-04", "finished": "2027-01-05", "rounds": 3},
        {"department": "product", "submitted": "2027-01-04", "finished": "2027-01-06", "rounds": 1},
        {"department": "product", "submitted": "2027-01-04", "finished": "2027-01-07"},
        {"department": "product", "submitted": "2027-01-04", "rounds": 2},
        {"department": "product", "submitted": "2026-12-01", "finished": "2026-12-05", "rounds": 2},
    ]
    assert parts(make(requests=requests), "defect_rate") == (1.0, 2.0)


DAYS = [
    {"rep_id": "r", "day": "2027-01-04", "available": 8.0, "worked": 4.0, "planned": 10.0},
    {"rep_id": "r", "day": "2027-01-05", "available": 8.0, "worked": 6.0},
    {"rep_id": "r", "day": "2026-12-31", "available": 8.0, "worked": 8.0, "planned": 8.0},
]


def test_workload_is_planned_of_available_hours(make: Any) -> None:
    assert parts(make(rep_days=DAYS), "workload") == (10.0, 16.0)


def test_productivity_is_bookings_of_hours_worked(make: Any) -> None:
    orders = [
        {"account_id": "a", "booked": "2027-01-05", "value": 300.0},
        {"account_id": "a", "booked": "2026-12-05", "value": 900.0},
    ]
    assert parts(make(orders=orders, rep_days=DAYS), "productivity") == (300.0, 10.0)


def test_two_trainings_of_one_person_count_once_and_later_joiners_not(make: Any) -> None:
    reps = [
        {"rep_id": "a", "hired": "2026-01-01"},
        {"rep_id": "b", "hired": "2026-01-01"},
        {"rep_id": "late", "hired": "2027-02-01"},
        {"rep_id": "gone", "hired": "2026-01-01", "left": "2026-12-01"},
    ]
    trainings = [
        {"rep_id": "a", "held": "2027-01-05"},
        {"rep_id": "a", "held": "2027-01-06"},
        {"rep_id": "b", "held": "2026-12-06"},
        {"rep_id": "late", "held": "2027-02-06"},
    ]
    assert parts(make(reps=reps, trainings=trainings), "training_participation") == (1.0, 2.0)
