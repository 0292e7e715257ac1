"""Forecasts: what a method may know, how it is scored, where the range comes from."""

from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from kpisim.crm.discover import discover
from kpisim.kpi import measure_values
from kpisim.kpi.tracking.forecast import (
    DEFAULT,
    METHODS,
    OpenDays,
    countable,
    forecast,
    forecast_lines,
    open_days,
    score,
    score_lines,
    wape_before,
)
from kpisim.kpi.tracking.forecast.backtest import ELAPSED, PERIOD, spread
from kpisim.kpi.tracking.forecast.methods import method
from kpisim.kpi.tracking.forecast.period import period_of
from kpisim.text import UserError, language

pytestmark = pytest.mark.unit

MONDAY = date(2027, 1, 4)
FILES = {
    "bpic2012_cases_2011-10-01_to_2011-12-15.csv": ("wins", "new_opportunities"),
    "online_retail_orders_2009-12_2010-12.csv": ("revenue_booked", "new_customers", "orders.booked"),
}


def series(amounts: list[float] | np.ndarray) -> OpenDays:
    """Return working days from a Monday on with these amounts."""
    days: list[date] = []
    day = MONDAY
    while len(days) < len(amounts):
        if day.weekday() < 5:
            days.append(day)
        day += timedelta(days=1)
    made = np.asarray(amounts, dtype=np.float64)
    daily = np.zeros((days[-1] - MONDAY).days + 1)
    daily[[(one - MONDAY).days for one in days]] = made
    return OpenDays(
        "revenue_booked", "money", tuple(days), made, frozenset(range(5)), frozenset(), MONDAY, daily
    )


def weekdays(of: OpenDays) -> np.ndarray:
    return np.array([day.weekday() for day in of.days], dtype=np.int64)


def test_naive_methods_by_hand() -> None:
    amounts = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    last, pace = (method(name, amounts, np.arange(6) % 5) for name in ("last", "pace"))
    assert last.rest(6, 2, [0, 1, 2]) == 4 + 5 + 6
    assert last.rest(2, 0, [0, 1, 2]) == 4.5  # two days known, three to come
    assert pace.rest(6, 2, [0, 1, 2]) == 3 * 5.5
    assert pace.rest(6, 0, [0, 1, 2]) == 4 + 5 + 6  # nothing of the period yet


def test_smoothing_learns_the_weekdays() -> None:
    one = series([16.0, 10.0, 10.0, 8.0, 6.0] * 12)
    level = method("level", one.amounts, weekdays(one))
    # Twelve Mondays of 16 and four average days of 10 make 14.5; twelve Fridays of 6 make 7.
    assert level.rest(60, 0, [0]) == pytest.approx(14.5, rel=0.05)
    assert level.rest(60, 0, [4]) == pytest.approx(7.0, rel=0.05)
    assert level.rest(60, 0, [0, 1, 2, 3, 4]) == pytest.approx(50.0, rel=0.05)


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize(("known", "later"), [(21, 0.0), (40, 1e5), (59, 1.0)])
def test_no_method_sees_a_day_after_its_origin(known: int, name: str, later: float) -> None:
    rng = np.random.default_rng(5)
    amounts = rng.gamma(2.0, 50.0, 80)
    changed = amounts.copy()
    changed[known:] = later
    days = np.arange(80) % 5
    one, other = (method(name, series, days).rest(known, 3, [0, 1, 2, 3]) for series in (amounts, changed))
    assert one == pytest.approx(other, rel=1e-9)


@pytest.mark.parametrize("name", ["last", "pace"])
def test_the_score_is_what_plain_loops_count(name: str) -> None:
    amounts = np.random.default_rng(11).gamma(2.0, 50.0, 140)
    one = series(amounts)
    border, errors, came, inside = int(140 * 0.6), [], [], []
    widths: list[float] = []
    held: list[float] = []
    for elapsed in ELAPSED:
        ahead, offs = PERIOD - elapsed, {}
        for k in range(20, 140 - ahead + 1):
            back = ahead if name == "last" else elapsed
            said = amounts[k - back : k].mean() * ahead
            true = amounts[k : k + ahead].sum()
            size = np.abs(amounts[max(k - 60, 0) : k]).mean() * ahead
            offs[k] = (true - said) / size
            if k >= border:
                errors.append(abs(true - said))
                came.append(true)
                over = [off for at, off in offs.items() if at + ahead <= k]
                cases = math.ceil(len(over) / ahead)
                wide = (
                    stats.t.ppf(0.9, cases) * math.sqrt(1 + 1 / cases) * math.sqrt(np.mean(np.square(over)))
                )
                inside.append(abs(offs[k]) <= wide)
                widths.append(2 * wide * size)
                held.append(true)
    [made] = score(one, [name])
    assert made.origins == len(errors)
    assert made.mae == pytest.approx(np.mean(errors))
    assert made.wape == pytest.approx(np.sum(errors) / np.sum(came))
    assert made.coverage == pytest.approx(np.mean(inside))
    assert made.width == pytest.approx(np.sum(widths) / np.sum(held))


def test_the_choice_knows_nothing_of_the_days_it_is_scored_on() -> None:
    amounts = np.random.default_rng(3).gamma(2.0, 50.0, 120)
    changed = amounts.copy()
    changed[72:] *= 100
    for name in ("last", "pace", "level"):
        assert wape_before(series(amounts), name) == wape_before(series(changed), name)


@pytest.mark.theory
def test_the_range_holds_about_eight_in_ten_where_days_are_alike() -> None:
    """Of 25 independent series: Student's law allows for few past cases, so 80 % is what must be held."""
    held = [
        score(series(np.random.default_rng(k).gamma(2.0, 50.0, 260)), ["pace"])[0].coverage for k in range(25)
    ]
    mean, error = float(np.mean(held)), float(np.std(held, ddof=1) / 5)  # type: ignore[arg-type]
    assert abs(mean - 0.8) < 0.03 + 3 * error


@pytest.mark.theory
@pytest.mark.parametrize("cases", [2, 3, 8])
def test_a_range_from_few_normal_errors_holds_eight_in_ten(cases: int) -> None:
    """With independent normal errors the root mean square × t is all but exact; percentiles of so few are not."""
    rng = np.random.default_rng(17)
    draws = rng.normal(size=(20_000, cases + 1))
    half = np.sqrt((draws[:, :cases] ** 2).mean(axis=1)) * stats.t.ppf(0.9, cases)
    inside = float((np.abs(draws[:, cases]) <= half).mean())
    assert abs(inside - 0.8) < 3 * math.sqrt(0.16 / 20_000)
    errors = np.repeat(draws[0, :cases], 10)
    made = spread(errors, 10)
    assert made is not None
    assert made.cases == cases
    # The level they are measured from is not known better than they are: a little wider.
    assert made.half == pytest.approx(half[0] * math.sqrt(1 + 1 / cases))
    assert made.above(made.half) == pytest.approx(0.1)
    assert made.above(-made.half) == pytest.approx(0.9)


@pytest.mark.parametrize(("errors", "ahead"), [(9, 2), (10, 10)])
def test_too_few_or_too_entangled_errors_give_no_range(errors: int, ahead: int) -> None:
    assert spread(np.ones(errors), ahead) is None
    assert spread(np.ones(errors + 1), min(ahead, 5)) is not None
    assert spread(np.full(errors + 5, np.nan), 1) is None


def test_days_add_up_to_the_period_and_closed_days_count_with_the_next_open_one(make: Any) -> None:
    orders = [
        {"account_id": "a", "booked": MONDAY + timedelta(days=k), "value": 10.0}
        for k in range(60)
        if (MONDAY + timedelta(days=k)).weekday() < 5
    ]
    orders.append({"account_id": "b", "booked": date(2027, 1, 9), "value": 7.0})  # a Saturday
    tables = make(orders=orders)
    one = open_days(tables, "revenue_booked")
    assert one.weekdays == frozenset(range(5))
    assert one.amounts.sum() == measure_values(tables, ["revenue_booked"])["revenue_booked"].value
    assert one.amounts[one.days.index(date(2027, 1, 11))] == 17.0
    # The board counts the Saturday in its own week, and so does a forecast's "so far".
    week = forecast(tables, "revenue_booked", "2027-01-04", "2027-01-11", date(2027, 1, 10))
    assert (week.done, week.ahead, week.expected) == (57.0, 0, 57.0)


def test_a_holiday_is_no_open_day_where_every_day_has_a_record(make: Any) -> None:
    days = [MONDAY + timedelta(days=k) for k in range(80)]
    booked = [day for day in days if day.weekday() < 5 and day != date(2027, 2, 10)]
    one = open_days(
        make(orders=[{"account_id": "a", "booked": day, "value": 1.0} for day in booked]), "revenue_booked"
    )
    assert date(2027, 2, 10) not in one.days
    assert len(one.days) == len(booked)


def test_so_far_and_expected_of_an_even_business(make: Any) -> None:
    days = [date(2027, 1, 1) + timedelta(days=k) for k in range(75)]
    orders = [{"account_id": "a", "booked": day, "value": 100.0} for day in days if day.weekday() < 5]
    tables = make(orders=orders)
    on = date(2027, 3, 12)
    made = forecast(tables, "revenue_booked", "2027-03-01", "2027-04-01", on)
    assert (made.done, made.elapsed, made.ahead) == (1_000.0, 10, 13)
    assert made.expected == pytest.approx(2_300.0)
    assert made.low == pytest.approx(2_300.0)
    assert made.high == pytest.approx(2_300.0)
    assert set(made.naive.values()) == {2_300.0}
    # One more case is counted each way, so nothing is certain before it is over.
    assert made.spread is not None
    assert made.chance(2_299) == pytest.approx((made.spread.errors + 1) / (made.spread.errors + 2))
    assert made.chance(2_301) == pytest.approx(1 / (made.spread.errors + 2))
    assert made.chance(2_301, lower=True) == made.chance(2_299)


def test_without_enough_past_there_is_no_range(make: Any) -> None:
    orders = [{"account_id": "a", "booked": MONDAY + timedelta(days=k), "value": 5.0} for k in range(12)]
    made = forecast(make(orders=orders), "revenue_booked", "2027-01-01", "2027-02-01", date(2027, 1, 15))
    assert (made.low, made.high, made.chance(1.0)) == (None, None, None)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("csat", "does not add up from days; choose an amount or a count such as revenue_booked"),
        ("revenue_bookd", "did you mean revenue_booked?"),
        ("orders.bookd", "did you mean orders.booked?"),
        ("complaints", "no data for it here"),
    ],
)
def test_what_cannot_be_forecast_is_refused_with_the_remedy(make: Any, name: str, words: str) -> None:
    tables = make(orders=[{"account_id": "a", "booked": MONDAY, "value": 5.0}])
    with pytest.raises(UserError, match=words):
        open_days(tables, name)


def test_periods_reach_beyond_the_records(make: Any) -> None:
    period = period_of(make(end=date(2027, 2, 10)), "quarter", date(2027, 2, 9))
    assert (period.start, period.end) == (date(2027, 1, 1), date(2027, 4, 1))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_words(make: Any, lang: Any) -> None:
    orders = [{"account_id": "a", "booked": MONDAY + timedelta(days=k), "value": 5.0} for k in range(60)]
    tables = make(orders=orders)
    with language(lang):
        said = "\n".join(
            forecast_lines([forecast(tables, "revenue_booked", "2027-03-01", "2027-04-01", date(2027, 3, 4))])
        )
        said += "\n".join(score_lines(one := open_days(tables, "revenue_booked"), score(one), PERIOD))
    assert str(METHODS[DEFAULT].zh if lang == "zh" else METHODS[DEFAULT].en) in said


@pytest.mark.evidence
@pytest.mark.slow
def test_the_default_has_the_least_error_on_the_first_part_of_the_real_files(real_data: Path) -> None:
    """A mean over files of the mean over their series; the fictitious export has no say."""
    means: dict[str, list[float]] = {name: [] for name in METHODS}
    for file, names in FILES.items():
        if not (real_data / file).exists():
            pytest.skip(f"{file} is not among the real data")
        [source] = discover(real_data / file)
        assert set(countable(source.tables)) <= set(names)
        found = [open_days(source.tables, name) for name in names]
        for name in METHODS:
            means[name].append(float(np.mean([wape_before(one, name) for one in found])))
    assert min(means, key=lambda name: float(np.mean(means[name]))) == DEFAULT


@pytest.mark.evidence
@pytest.mark.slow
def test_the_scores_printed_in_the_documentation_are_those_of_the_files(real_data: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "forecast.md").read_text(encoding="utf-8")
    for file, names in FILES.items():
        if not (real_data / file).exists():
            pytest.skip(f"{file} is not among the real data")
        [source] = discover(real_data / file)
        for name in names[:2]:
            one = open_days(source.tables, name)
            for made in score(one):
                holds, wide = 100 * (made.coverage or 0), 100 * (made.width or 0)
                line = f"| {name} | {made.method} | {100 * made.wape:.1f} | {holds:.0f} | {wide:.0f} |"
                assert line in page, line
