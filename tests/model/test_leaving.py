"""Customers leave by the calendar: as the law says, on their own luck, and with everything that hangs on them."""

from __future__ import annotations

from datetime import timedelta
from math import exp, log, sqrt
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from kpisim.model import Model
from kpisim.model.customers import talks
from kpisim.scenario import ALL_OFF, Scenario, load

if TYPE_CHECKING:
    from kpisim.tables import Tables

pytestmark = pytest.mark.functional

QUIET = {
    "calendar.weeks": 26,
    "calendar.warmup_weeks": 0,
    "team.size": 4,
    "market.complaint": 0.0,
    "market.leaving": "any_day",
    "mechanisms": ALL_OFF,
}
"""Nobody complains, so that whoever leaves does so by the calendar."""


def played(changes: dict[str, Any], run: int = 0) -> Tables:
    return Model(Scenario().derive(QUIET | changes), 1, run).play()


@pytest.mark.theory
def test_customers_who_are_not_served_leave_at_the_rate_that_is_declared() -> None:
    """Satisfaction of who hardly ever orders stays as usual, so lives are exponential: 1 - (1 - churn)^(t ÷ interval)."""
    base = Scenario().derive(
        QUIET
        | {
            "market.leads_per_rep_week": 0.0,
            "market.accounts_per_rep": 500,
            "market.repurchase_days": 5000.0,
            "market.churn": 1.0 - 1e-12,
        }
    )
    accounts = Model(base, 1, 0).play()["accounts"]
    days = len(Model(base, 1, 0).world.clock.days)
    for part in (0.25, 0.5, 1.0):
        share = 1.0 - exp(log(1e-12) * part * days / (5000.0 + talks(base.market)))
        until = pd.Timestamp(base.calendar.start) + part * timedelta(weeks=26)
        gone = (accounts["left"] <= until).mean()
        # Binomial, three standard errors.
        assert gone == pytest.approx(share, abs=3 * sqrt(share * (1 - share) / len(accounts)))


def test_what_an_existing_customer_takes_over_an_offer() -> None:
    """Worked out by hand: two stages of 4 and 2 days without spread, one in ten silent for 30 days, 60 % pass."""
    stages = [
        {"name": name, "customer_days": days, "customer_sigma": 0.0, "pass_rate": passed}
        for name, days, passed in (("lead", 9.0, 0.5), ("proposal", 4.0, 0.6), ("negotiation", 2.0, 0.5))
    ]
    market = (
        Scenario()
        .derive({"market.stages": stages, "market.silence": 0.1, "market.silence_days": 30.0})
        .market
    )
    first, second = 0.1 * 30 + 0.9 * 4, 0.1 * 30 + 0.9 * 2
    assert talks(market) == pytest.approx(first + 0.9 * 0.6 * second)


@pytest.mark.parametrize("name", ["default", "technology"])
def test_who_has_left_neither_orders_nor_talks_about_an_order(name: str) -> None:
    changes = {"calendar.weeks": 78, "communication.keep_rate": 0.9, "market.leaving": "any_day"}
    tables = Model(load(name).derive(changes), 1, 0).play()
    left = tables["accounts"].set_index("account_id")["left"]
    assert left.notna().sum() > 20
    orders, deals = tables["orders"], tables["opportunities"]
    gone = orders["account_id"].map(left)
    assert (gone.isna() | (orders["booked"] <= gone)).all()
    gone = deals["account_id"].map(left)
    assert (deals.loc[gone.notna(), "status"] != "open").all()
    assert (gone.isna() | (deals["closed"] <= gone)).all()
    # Some were in the middle of it, and their offers were lost on that very day.
    assert ((deals["closed"] == gone) & (deals["status"] == "lost")).any()


def test_leaving_takes_no_luck_from_anything_else() -> None:
    """Where nobody leaves, both ways of leaving play the same day by day."""
    stay = {"market.churn": 0.0}
    one, other = played(stay), played(stay | {"market.leaving": "at_order"})
    for table, frame in one.frames.items():
        pd.testing.assert_frame_equal(frame, other[table])


def test_more_churn_costs_the_same_customers_and_more() -> None:
    """The same luck: whoever leaves at 4 % leaves no later at 12 %, as far as nobody's satisfaction moves."""
    still = {"market.repurchase_days": 400.0, "market.leads_per_rep_week": 0.0}
    few, many = (played(still | {"market.churn": churn})["accounts"]["left"] for churn in (0.04, 0.12))
    assert few.notna().sum() > 0
    assert (many[few.notna()] <= few[few.notna()]).all()
    assert many.notna().sum() > few.notna().sum()


def test_a_dated_change_of_churn_counts_from_its_date() -> None:
    start = Scenario().calendar.start
    day = start + timedelta(weeks=12)
    change = {"changes": [{"at": day, "set": {"market.churn": 0.0}}]}
    heavy = {"market.churn": 0.3}
    kept, stopped = (played(heavy | extra)["accounts"]["left"] for extra in ({}, change))
    before = kept[kept < pd.Timestamp(day)]
    assert len(before) > 5
    pd.testing.assert_series_equal(stopped[stopped.notna()], before)
    assert (kept >= pd.Timestamp(day)).sum() > 5
    # And the other way round: nobody leaves before the day, and from then on people do.
    change = {"changes": [{"at": day, "set": {"market.churn": 0.3}}]}
    begun = played({"market.churn": 0.0} | change)["accounts"]["left"]
    assert begun.notna().sum() > 5
    assert (begun.dropna() >= pd.Timestamp(day)).all()


def test_everybody_leaves_at_once_where_churn_is_one() -> None:
    accounts = played({"market.churn": 1.0})["accounts"]
    customers = accounts[accounts["since"].notna()]
    assert customers["left"].notna().all()
