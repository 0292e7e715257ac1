"""The drivers of a gap: exact to the cent for any orders, and right where one factor alone changed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpisim.kpi import measure_values
from kpisim.kpi.tracking import Driver, gap_lines, split_gap, split_target
from kpisim.kpi.tracking.gap import _to_cents, shapley
from kpisim.kpi.window import Window
from kpisim.text import UserError, language

pytestmark = pytest.mark.functional

A, B, C = date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)
BEFORE, NOW = Window(A, B, C), Window(B, C, C)
ORDER = st.fixed_dictionaries(
    {
        "account_id": st.sampled_from("abcd"),
        "booked": st.integers(0, 58).map(lambda d: A + timedelta(days=d)),
        "value": st.integers(-5_000, 100_000).map(lambda cents: cents / 100),
        "cancelled": st.none() | st.integers(30, 58).map(lambda d: A + timedelta(days=d)),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ORDER, max_size=15), st.lists(st.integers(0, 58), max_size=10))
def test_the_drivers_sum_to_the_gap_to_the_cent(
    make: Any, orders: list[dict[str, Any]], created: list[int]
) -> None:
    for order in orders:
        if order["cancelled"] is not None and order["cancelled"] < order["booked"]:
            order["cancelled"] = None
    deals = [{"created": A + timedelta(days=day), "status": "open"} for day in created]
    tables = make(A, C, orders=orders, opportunities=deals)
    then = measure_values(tables, ["revenue_booked"], A, B)["revenue_booked"].numerator or 0.0
    now = measure_values(tables, ["revenue_booked"], B, C)["revenue_booked"].numerator or 0.0
    assert sum(one.cents for one in split_gap(tables, BEFORE, NOW)) == round((now - then) * 100)


@given(st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 1e4)), min_size=1, max_size=4))
def test_shapley_adds_up_and_gives_nothing_to_what_did_not_change(pairs: list[tuple[float, float]]) -> None:
    before, now = [one for one, _ in pairs], [two for _, two in pairs]
    effects = shapley(before, now)
    whole, then, most = 1.0, 1.0, 1.0
    for one, two in pairs:
        then, whole, most = then * one, whole * two, most * max(one, two, 1.0)
    assert sum(effects) == pytest.approx(whole - then, abs=1e-9 * most)
    for effect, (one, two) in zip(effects, pairs, strict=True):
        if one == two:
            assert effect == pytest.approx(0.0, abs=1e-9 * most)


@pytest.mark.parametrize(
    ("planned", "head", "last"),
    [
        (False, "last period", "sum = difference of bookings"),
        (True, "plan behind the target", "sum = bookings − target"),
    ],
)
def test_the_largest_driver_stands_first_and_the_column_adds_up(planned: bool, head: str, last: str) -> None:
    drivers = [
        Driver("volume", 10.0, 12.0, 20_00),
        Driver("conversion", 0.5, 0.4, -123_456_78),
        Driver("ticket", 100.0, 100.5, 5),
        Driver("returned", 0.0, 0.0, 0),
    ]
    lines = gap_lines(drivers, planned=planned)
    assert [re.split(r" {2,}", line) for line in lines] == [
        ["driver", head, "this period", "effect on bookings"],
        ["leads that become a first order", "50.0%", "40.0%", "−123,456.78"],
        ["leads", "10", "12", "+20.00"],
        ["size of a first order", "100", "100.50", "+0.05"],
        ["returns and cancellations", "0", "0", "0.00"],
        [last, "−123,436.73"],
    ]
    # Numbers stand below each other at their right edge.
    assert len({len(line) for line in lines}) == 1


JANUARY = [("a", "01-05", 100), ("b", "01-10", 200), ("a", "01-20", 50), ("a", "01-25", -30)]
FEBRUARY = [
    ("c", "02-03", 300),
    ("a", "02-05", 60),
    ("b", "02-09", 80),
    ("c", "02-20", 40),
    ("b", "02-25", -10),
]
ORDERS = [
    {"account_id": account, "booked": f"2027-{day}", "value": value}
    for account, day, value in JANUARY + FEBRUARY
]


def test_two_months_by_hand(make: Any) -> None:
    deals = [{"created": day, "status": "open"} for day in [A] * 4 + [B] * 5]
    found = {one.name: one for one in split_gap(make(A, C, orders=ORDERS, opportunities=deals), BEFORE, NOW)}
    # January: two first orders of four leads, 300 together, one repeat order of 50.  February: one of five, 300, and
    # three repeat orders, 180 together.
    assert {name: (one.before, one.now) for name, one in found.items()} == {
        "volume": (4, 5), "conversion": (0.5, 0.2), "ticket": (150, 300), "repeat": (1, 3), "repeat_ticket": (50, 60),
        "returned": (-30, -10),
    }  # fmt: skip
    # Leads: 1 × ((.5×150 + .2×300) ÷ 3 + (.5×300 + .2×150) ÷ 6), and so on; repeat orders: 2 × 55 and 10 × 2.
    assert {name: one.cents for name, one in found.items()} == {
        "volume": 75_00, "conversion": -307_50, "ticket": 232_50, "repeat": 110_00, "repeat_ticket": 20_00, "returned": 20_00,
    }  # fmt: skip


def test_a_target_is_twice_the_month_before_in_leads_repeats_and_returns(make: Any) -> None:
    deals = [{"created": day, "status": "open"} for day in [A] * 4 + [B] * 5]
    tables = make(A, C, orders=ORDERS, opportunities=deals)
    found = {one.name: one for one in split_target(tables, BEFORE, NOW, 640.0)}
    # January made 320; 640 is 8 leads × .5 × 150, 2 × 50 and −60.
    assert {name: (one.before, one.now) for name, one in found.items()} == {
        "volume": (8, 5), "conversion": (0.5, 0.2), "ticket": (150, 300), "repeat": (2, 3), "repeat_ticket": (50, 60),
        "returned": (-60, -10),
    }  # fmt: skip
    # February made 470.  Repeat orders: 1 × 55 and 10 × 2.5.
    assert sum(one.cents for one in found.values()) == -170_00
    assert [found[name].cents for name in ("repeat", "repeat_ticket", "returned")] == [55_00, 25_00, 50_00]


def test_a_month_without_anything_has_no_factor_at_all(make: Any) -> None:
    found = {one.name: one.before for one in split_gap(make(A, C, orders=ORDERS[4:]), BEFORE, NOW)}
    assert set(found.values()) == {0}


def test_an_order_book_speaks_of_new_customers_and_not_of_leads(make: Any) -> None:
    found = {one.name: one for one in split_gap(make(A, C, orders=ORDERS), BEFORE, NOW)}
    assert {name: (one.before, one.now) for name, one in found.items()} == {
        "customers": (2, 1), "ticket": (150, 300), "repeat": (1, 3), "repeat_ticket": (50, 60), "returned": (-30, -10),
    }  # fmt: skip
    # A customer less at the mean size of 225; a first order 150 larger for a mean of 1.5 customers.
    assert (found["customers"].cents, found["ticket"].cents) == (-225_00, 225_00)


def test_a_month_with_first_orders_and_no_leads_takes_them_for_their_own(make: Any) -> None:
    deals = [{"created": B, "status": "open"}] * 5
    found = {one.name: one for one in split_gap(make(A, C, orders=ORDERS, opportunities=deals), BEFORE, NOW)}
    assert [(found[name].before, found[name].now) for name in ("volume", "conversion")] == [(2, 5), (1, 0.2)]


def test_nothing_returned_is_nothing(make: Any) -> None:
    # .7 + .1 − .7 − .1 is not 0 in binary fractions, but a little below.
    orders = [
        {"account_id": "a", "booked": f"2027-01-0{day}", "value": value}
        for day, value in ((1, 0.7), (2, 0.1))
    ]
    [returned] = [one for one in split_gap(make(A, C, orders=orders), BEFORE, NOW) if one.name == "returned"]
    assert (returned.before, returned.now) == (0, 0)


def test_leads_without_an_order_and_no_leads_at_all(make: Any) -> None:
    deals = [{"created": B, "status": "open"}] * 5
    found = {
        one.name: one for one in split_gap(make(A, C, orders=ORDERS[:1], opportunities=deals), BEFORE, NOW)
    }
    assert (found["conversion"].before, found["conversion"].now) == (1.0, 0.0)
    empty = {
        one.name: one for one in split_gap(make(A, C, orders=ORDERS[4:], opportunities=deals), BEFORE, NOW)
    }
    assert (empty["volume"].before, empty["conversion"].before) == (0, 0)


def test_cents_left_over_go_to_the_largest_effect() -> None:
    assert _to_cents([1.0, 5.0], 6_00) == [1_00, 5_00]
    assert _to_cents([0.003, 0.004], 1) == [0, 1]
    assert sum(_to_cents([0.0, 0.0], 1)) == 1
    assert gap_lines([Driver("volume", 0.0, 0.0, 1)])[-1].endswith("+0.01")


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "sum = difference of bookings"), ("zh", "合计 = 签约额之差")]
)
def test_the_drivers_in_words(make: Any, lang: Any, words: str) -> None:
    orders = [{"account_id": "a", "booked": "2027-02-10", "value": 12.34}]
    with language(lang):
        lines = gap_lines(split_gap(make(A, C, orders=orders), BEFORE, NOW))
    assert lines[-1].startswith(words)
    assert lines[-1].endswith("+12.34")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ORDER, max_size=12), st.integers(1, 10_000_000))
def test_the_gap_to_a_target_is_split_to_the_cent(
    make: Any, orders: list[dict[str, Any]], cents: int
) -> None:
    for order in orders:
        if order["cancelled"] is not None and order["cancelled"] < order["booked"]:
            order["cancelled"] = None
    orders.append(
        {"account_id": "e", "booked": A, "value": 200_000.0}
    )  # so that there is a month to plan from
    tables = make(A, C, orders=orders)
    now = measure_values(tables, ["revenue_booked"], B, C)["revenue_booked"].numerator or 0.0
    drivers = split_target(tables, BEFORE, NOW, cents / 100)
    assert sum(one.cents for one in drivers) == round(now * 100) - cents
    planned = {one.name: one.before for one in drivers}
    sold = planned["customers"] * planned["ticket"]
    again = planned["repeat"] * planned["repeat_ticket"]
    assert sold + again + planned["returned"] == pytest.approx(cents / 100, rel=1e-9, abs=1e-6)


def test_a_target_without_a_month_to_plan_from_is_refused(make: Any) -> None:
    tables = make(A, C, orders=[{"account_id": "a", "booked": "2027-02-10", "value": 12.34}])
    with pytest.raises(UserError, match="choose a later period"):
        split_target(tables, BEFORE, NOW, 100.0)
