"""What must hold for any tables, not only for those somebody thought of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpisim.kpi import measure, measure_values, scoring, why
from kpisim.kpi.interval import t95, wilson
from kpisim.kpi.split import largest_remainder
from kpisim.tables import Tables

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Tables]

pytestmark = pytest.mark.functional

START, END = date(2027, 1, 1), date(2027, 10, 1)
DAYS = st.integers(0, 272).map(lambda d: START + timedelta(days=d))
LATER = st.none() | st.integers(0, 90)
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def orders(draw: st.DrawFn) -> dict[str, Any]:
    booked, later = draw(DAYS), draw(LATER)
    return {
        "account_id": draw(st.sampled_from("abcdef")),
        "rep_id": draw(st.sampled_from(["r1", "r2"])),
        "booked": booked,
        "cancelled": booked + timedelta(days=later) if later is not None and draw(st.booleans()) else None,
        "value": draw(st.integers(-50, 1000)),
    }


@st.composite
def opportunities(draw: st.DrawFn) -> dict[str, Any]:
    created, status = draw(DAYS), draw(st.sampled_from(["open", "won", "lost"]))
    closed = None if status == "open" else created + timedelta(days=draw(st.integers(0, 60)))
    return {
        "created": created,
        "closed": closed,
        "status": status,
        "rep_id": draw(st.sampled_from(["r1", "r2"])),
    }


@st.composite
def surveys(draw: st.DrawFn) -> dict[str, Any]:
    return {"question": "csat", "account_id": draw(st.sampled_from("abcdefgh") | st.none()), "answered": draw(DAYS),
            "score": draw(st.integers(1, 5) | st.none())}  # fmt: skip


TEAM = st.fixed_dictionaries({
    "orders": st.lists(orders(), max_size=25),
    "opportunities": st.lists(opportunities(), max_size=25),
    "surveys": st.lists(surveys(), max_size=25),
})  # fmt: skip


@QUICK
@given(TEAM, st.randoms(use_true_random=False))
def test_the_order_of_rows_never_matters(make: Make, rows: dict[str, Any], chance: Any) -> None:
    tables = make(START, END, **rows)
    shuffled = {}
    for name, frame in tables.frames.items():
        order = list(range(len(frame)))
        chance.shuffle(order)
        shuffled[name] = frame.iloc[order].reset_index(drop=True)
    for by in (None, "rep_id"):
        a, b = measure(tables, by=by), measure(Tables(tables.meta, shuffled), by=by)
        assert a["reason"].equals(b["reason"])
        np.testing.assert_allclose(
            a[["value", "numerator", "denominator"]], b[["value", "numerator", "denominator"]]
        )


@QUICK
@given(TEAM)
def test_parts_add_up_to_the_whole(make: Make, rows: dict[str, Any]) -> None:
    """Sums over months or reps, and rates put together again from summed numerators and denominators."""
    tables = make(START, END, reps=[{"rep_id": "r1"}, {"rep_id": "r2"}], **rows)
    additive = ["revenue_booked", "new_customers", "wins", "conversion_created", "conversion_closed"]
    whole = measure_values(tables, additive)
    for by in ("rep_id", "week", "month", "quarter", "year"):
        parts = measure(tables, additive, by=by).groupby("kpi")  # type: ignore[arg-type,unused-ignore]
        for name, value in whole.items():
            if value.reason == "no_data":
                continue
            assert parts["numerator"].sum()[name] == pytest.approx(value.numerator), (by, name)
            if value.denominator is not None:
                assert parts["denominator"].sum()[name] == pytest.approx(value.denominator), (by, name)


@QUICK
@given(TEAM)
def test_why_adds_up_to_the_value(make: Make, rows: dict[str, Any]) -> None:
    tables = make(START, END, **rows)
    for name, value in measure_values(tables).items():
        if value.value is not None:
            behind = why(tables, name)
            assert behind["numerator"].sum() == pytest.approx(value.numerator), name
            if value.denominator is not None:
                assert behind["denominator"].sum() == pytest.approx(value.denominator), name


@QUICK
@given(TEAM)
def test_rates_lie_inside_their_interval_and_inside_zero_to_one(make: Make, rows: dict[str, Any]) -> None:
    for value in measure_values(make(START, END, **rows)).values():
        if value.low is not None and value.unit == "share":
            assert value.value is not None
            assert value.high is not None
            assert 0 <= value.low <= value.value <= value.high <= 1


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(-400, 300), st.none() | st.integers(0, 700)), max_size=12))
def test_retention_and_churn_are_one_on_the_same_customers(
    make: Make, customers: list[tuple[int, int | None]]
) -> None:
    rows = [
        {"since": START + timedelta(days=a), "left": None if b is None else START + timedelta(days=a + b)}
        for a, b in customers
    ]
    values = measure_values(make(START, END, accounts=rows), ["customer_retention", "customer_churn"])
    kept, lost = values["customer_retention"], values["customer_churn"]
    assert kept.reason == lost.reason
    if kept.value is not None and lost.value is not None:
        assert kept.value + lost.value == pytest.approx(1)
        assert kept.denominator == lost.denominator


@QUICK
@given(TEAM, st.integers(-30, 30))
def test_moving_everything_in_time_changes_no_number(make: Make, rows: dict[str, Any], weeks: int) -> None:
    tables = make(START, END, **rows)
    gap = timedelta(weeks=weeks)
    moved = {
        name: frame.assign(**{c: frame[c] + gap for c in frame.columns if frame[c].dtype.kind == "M"})
        for name, frame in tables.frames.items()
    }
    meta = replace(
        tables.meta,
        start=START + gap,
        end=END + gap,
        workdays=tuple(day + gap for day in tables.meta.workdays),
    )
    names = [
        "revenue_booked",
        "new_customers",
        "repeat_purchase_rate",
        "conversion_created",
        "conversion_closed",
        "cycle_days",
        "csat",
    ]
    there, here = measure_values(Tables(meta, moved), names), measure_values(tables, names)
    assert {name: value.value for name, value in there.items()} == {
        name: value.value for name, value in here.items()
    }


@given(st.integers(-10_000, 10_000), st.lists(st.floats(0, 1e6), min_size=1, max_size=20).filter(any))
def test_a_split_adds_up_and_is_off_by_less_than_one(total: int, weights: list[float]) -> None:
    parts = largest_remainder(total, weights)
    assert sum(parts) == total
    assert all(
        abs(part - total * weight / sum(weights)) < 1 + 1e-6
        for part, weight in zip(parts, weights, strict=True)
    )


@given(st.lists(st.none() | st.floats(0, 120), min_size=1, max_size=8), st.data())
def test_a_weighted_score_lies_between_its_scores(scores: list[float | None], data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.floats(0.01, 1), min_size=len(scores), max_size=len(scores)))
    got, known = scoring.weighted(scores, weights), [score for score in scores if score is not None]
    assert (got is None) == (not known)
    if got is not None:
        assert min(known) - 1e-9 <= got <= max(known) + 1e-9


@given(st.floats(0, 3), st.floats(0, 3))
def test_a_payout_curve_never_falls(x: float, y: float) -> None:
    curve = [(0.8, 0.5), (1.0, 1.0), (1.3, 1.9)]
    low, high = sorted((x, y))
    assert (
        scoring.piecewise(low, curve, slope=2, cap=2)
        <= scoring.piecewise(high, curve, slope=2, cap=2) + 1e-12
    )


@pytest.mark.theory
@pytest.mark.parametrize("df", [1, 2, 3, 4, 5, 10, 29, 100, 999, 1001, 5000])
def test_quantiles_of_student_equal_those_of_scipy(df: int) -> None:
    from scipy.stats import t

    assert t95(df) == pytest.approx(float(t.ppf(0.975, df)), abs=2e-6)


@pytest.mark.theory
@pytest.mark.parametrize(("hits", "n"), [(0, 1), (1, 1), (3, 10), (50, 100), (999, 1000)])
def test_wilson_equals_scipy(hits: int, n: int) -> None:
    from scipy.stats import binomtest

    reference = binomtest(hits, n).proportion_ci(0.95, "wilson")
    assert wilson(hits, n) == pytest.approx((float(reference.low), float(reference.high)), abs=1e-9)
