"""Every golden vector of the KPI definitions, each worked out on paper before it was worked out here."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.kpi import measure_values, ratios, scoring
from kpisim.kpi.split import largest_remainder

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.tables import Tables

    Make = Callable[..., Tables]

pytestmark = pytest.mark.unit

JAN, FEB, MAR = date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)


def orders(month: date, **counts: int) -> list[dict[str, Any]]:
    return [
        {
            "order_id": f"{month}{who}{k}",
            "account_id": who,
            "booked": month + timedelta(days=2 * k),
            "value": 100,
        }
        for who, count in counts.items()
        for k in range(count)
    ]


def test_retention_and_churn() -> None:
    assert ratios.retention(200, 210, 40) == pytest.approx(0.85)
    assert ratios.churn(200, 210, 40) == pytest.approx(0.15)


def test_retention_and_churn_from_tables(make: Make) -> None:
    old = [{"since": "2026-06-01", "left": "2027-02-10" if k < 30 else None} for k in range(200)]
    new = [{"account_id": f"new{k}", "since": "2027-01-20"} for k in range(40)]
    values = measure_values(make(accounts=[*old, *new]))
    assert values["customer_retention"].value == pytest.approx(0.85)
    assert values["customer_churn"].value == pytest.approx(0.15)


def test_turnover_is_not_one_minus_retention() -> None:
    assert ratios.turnover(2, 8, 8) == pytest.approx(0.25)
    assert ratios.staff_retention(8, 2) == pytest.approx(0.75)


def test_turnover_and_retention_from_tables(make: Make) -> None:
    team = [{"hired": "2026-01-01", "left": "2027-02-01" if k < 2 else None} for k in range(8)]
    values = measure_values(
        make(reps=[*team, {"rep_id": "n1", "hired": "2027-02-02"}, {"rep_id": "n2", "hired": "2027-02-02"}])
    )
    assert values["staff_turnover"].value == pytest.approx(0.25)
    assert values["staff_retention"].value == pytest.approx(0.75)


def test_csat_is_top_two_box(make: Make) -> None:
    scores = [5, 4, 4, 3, 2, 5, 1, 4, 5, 3]
    got = ratios.answers(scores)
    assert got is not None
    assert (got.favourable, got.mean) == pytest.approx((0.6, 3.6))
    assert got.n == 10
    rows = [
        {"question": "csat", "account_id": f"a{k}", "answered": "2027-01-05", "score": s}
        for k, s in enumerate(scores)
    ]
    value = measure_values(make(surveys=rows), ["csat"])["csat"]
    assert value.value == pytest.approx(0.6)
    assert (value.numerator, value.denominator, value.n) == (6, 10, 10)


def test_repeat_purchase_and_repurchase(make: Make) -> None:
    tables = make(JAN, MAR, orders=[*orders(JAN, a=2, b=1, c=1, d=3), *orders(FEB, a=1, c=2, e=1)])
    values = measure_values(tables, start=JAN, end=FEB)
    assert values["repeat_purchase_rate"].value == pytest.approx(0.5)
    assert values["repurchase_rate"].value == pytest.approx(0.5)


def test_conversion_of_creation_and_of_closing(make: Make) -> None:
    rows = [{"created": "2027-01-04", "closed": "2027-02-01", "status": "won"}] * 3
    rows += [{"created": "2027-01-04", "closed": "2027-02-01", "status": "lost"}] * 7
    rows += [{"created": "2027-01-04", "status": "open"}] * 90
    values = measure_values(make(opportunities=rows))
    assert values["conversion_created"].value == pytest.approx(0.03)
    assert values["conversion_closed"].value == pytest.approx(0.30)


def test_cycle_days(make: Make) -> None:
    rows = [
        {"created": "2027-01-04", "closed": date(2027, 1, 4) + timedelta(days=d), "status": "won"}
        for d in (3, 5, 10)
    ]
    assert measure_values(make(opportunities=rows))["cycle_days"].value == pytest.approx(6.0)


def test_return_on_assets_of_a_quarter() -> None:
    got = ratios.return_on_assets(12, 100, 140, months=3)
    assert got is not None
    assert (got.raw, got.annualised) == pytest.approx((0.10, 0.40))


@pytest.mark.parametrize(("value", "score"), [(300, 0), (500, 10 / 3), (600, 5), (700, 20 / 3), (900, 10)])
def test_goal_and_red_flag(value: float, score: float) -> None:
    assert scoring.goal_score(value, 700, 500) == pytest.approx(score)


@pytest.mark.parametrize(("value", "score"), [(2, 6.667), (4, 5.0), (8, 1.667)])
def test_goal_and_red_flag_where_less_is_better(value: float, score: float) -> None:
    assert scoring.goal_score(value, 2, 6) == pytest.approx(score, abs=5e-4)


@pytest.mark.parametrize(
    ("value", "baseline", "target", "way"), [(4.8, 6, 3, 0.40), (130, 100, 150, 0.60), (90, 100, 150, -0.20)]
)
def test_progress(value: float, baseline: float, target: float, way: float) -> None:
    assert scoring.progress(value, baseline, target) == pytest.approx(way)


def test_weights_are_shared_again_where_a_score_is_missing() -> None:
    assert scoring.weighted([110, 80, None, 95], [0.4, 0.2, 0.2, 0.2]) == 98.75
    assert scoring.weighted([110, 80, 0, 95], [0.4, 0.2, 0.2, 0.2]) == pytest.approx(
        79.0
    )  # what zero-filling would say


@pytest.mark.parametrize(
    ("attained", "paid"),
    [(0.79, 0), (0.80, 0.50), (0.90, 0.75), (1.0, 1.0), (1.2, 1.4), (1.5, 2.0), (1.8, 2.0)],
)
def test_payout_curve(attained: float, paid: float) -> None:
    assert scoring.piecewise(attained, [(0.8, 0.5), (1.0, 1.0)], slope=2, cap=2) == pytest.approx(paid)


def test_largest_remainder() -> None:
    assert largest_remainder(1000, [1, 1, 1]) == [334, 333, 333]
    months = [7, 5, 8, 9, 9, 10, 8, 8, 9, 9, 11, 7]
    assert largest_remainder(1200, months) == [84, 60, 96, 108, 108, 120, 96, 96, 108, 108, 132, 84]
    assert largest_remainder(100_00, [1, 1, 1]) == [33_34, 33_33, 33_33]


def test_pace() -> None:
    assert scoring.pace(42, 100, 30, 92) == pytest.approx(1.288)


def test_pace_from_tables(make: Make) -> None:
    """42 of 100 after 30 of 92 days, all days being working days."""
    from dataclasses import replace

    from kpisim.tables import Tables as Made
    from kpisim.tables.io import weekdays

    tables = make(JAN, JAN + timedelta(days=30), orders=[{"account_id": "a", "booked": "2027-01-05", "value": 42}],
                  targets=[{"name": "sales", "kpi": "revenue_booked", "period_start": JAN, "period_end": JAN + timedelta(days=92), "target": 100}])  # fmt: skip
    every = weekdays(JAN, JAN + timedelta(days=92), (0, 1, 2, 3, 4, 5, 6))
    tables = Made(replace(tables.meta, workdays=every), tables.frames)
    value = measure_values(tables, ["pace"], JAN, JAN + timedelta(days=92))["pace"]
    assert value.value == pytest.approx(1.288)
