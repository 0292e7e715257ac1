"""What a plan is worth for sure, against formulas, and who leaves for sure pay elsewhere."""

from __future__ import annotations

from math import exp
from typing import Any

import pytest

from kpisim.model import Model
from kpisim.model.payroll import forecast, risk_aversion
from kpisim.model.worth import worth
from kpisim.scenario import Mechanisms, Scenario

pytestmark = pytest.mark.theory

PLAN = {"incentive.base_salary": 9_000.0, "incentive.commission_rate": 0.03}
MARKET = 15_500.0


def scenario(changes: dict[str, Any]) -> Scenario:
    return Scenario().derive(PLAN | {"team.outside_pay": MARKET, "team.impatience": 0.0} | changes)


def sure(changes: dict[str, Any], skill: float = 1.0) -> float:
    one = scenario(changes)
    return worth(one, one.incentive, one.kpi.quota).of(skill)


def luck(sigma: float) -> dict[str, Any]:
    """Return another spread of deals at the same mean value."""
    market = Scenario().market
    return {
        "market.deal_sigma": sigma,
        "market.deal_value": market.deal_value * exp((market.deal_sigma**2 - sigma**2) / 2),
    }


@pytest.mark.parametrize("aversion", [0.0, 1.0, 4.0])
@pytest.mark.parametrize("skill", [0.8, 1.0, 1.3])
def test_commission_is_worth_its_mean_and_effort_less_the_premium(aversion: float, skill: float) -> None:
    one = scenario({"team.risk_aversion": aversion})
    new, _, square = forecast(one)
    quota, weeks = one.kpi.quota / 4, 13.0
    rate = 0.03 * quota
    cost = one.team.effort_cost * MARKET * 3 / (new * weeks / quota) ** 2
    premium = aversion / (12 * MARKET) * rate**2 * square * weeks / quota**2 / 2
    exact = 9_000 + (rate * skill + rate**2 / (2 * cost) - premium) / 3
    # Luck and drift are rounded to steps of 5 %, so the small terms may be a tenth off.
    assert sure({"team.risk_aversion": aversion}, skill) == pytest.approx(
        exact, abs=0.1 * (premium + rate**2 / cost) / 3 + 20
    )
    assert risk_aversion(one) == pytest.approx(aversion / (12 * MARKET))


def test_without_risk_nobody_asks_for_a_premium() -> None:
    sure_things = [sure({"incentive.commission_rate": 0.0, "team.risk_aversion": r}) for r in (0.0, 5.0)]
    assert sure_things == pytest.approx([9_000.0, 9_000.0], abs=1e-3)


def test_more_luck_at_equal_mean_pay_is_worth_less_only_to_the_timid() -> None:
    for aversion in (0.0, 2.0):
        calm, wild = (sure({"team.risk_aversion": aversion} | luck(sigma)) for sigma in (0.5, 1.3))
        if aversion:
            assert wild < calm - 100
        else:
            assert wild == pytest.approx(calm, abs=20)  # of 15,500: rounding of the grid


def test_a_pool_spreads_risk_over_the_team() -> None:
    """The same mean pay, a share of everybody's luck instead of all of one's own."""
    alone = {"team.risk_aversion": 4.0, "team.effort_cost": 1000.0}
    pooled = alone | {"incentive.commission_rate": 0.0, "incentive.team_pool_rate": 0.03}
    certain = sure(alone | {"team.risk_aversion": 0.0})
    premium, shared = certain - sure(alone), certain - sure(pooled)
    assert shared == pytest.approx(premium / Scenario().team.size, rel=0.1, abs=15)


def test_a_ratchet_takes_nothing_from_who_stays_at_quota() -> None:
    """It costs effort: the worth lies between that of a plan without effort and that of the plan without ratchet."""
    still = {"team.effort_cost": 0.5, "incentive.commission_rate": 0.02, "incentive.accelerator": 3.0}
    lame = still | {"team.effort_cost": 1000.0}
    free, chased, idle = (
        sure({"incentive.ratchet": keep} | one) for one, keep in ((still, 1.0), (still, 0.5), (lame, 1.0))
    )
    assert idle - 20 <= chased < free


LEAVING = {
    "calendar.weeks": 40,
    "team.size": 40,
    "team.exit_rate": 0.5,
    "team.exit_contagion": 0.0,
    "mechanisms": {name: name == "exits" for name in Mechanisms.model_fields},
}


def leavers(changes: dict[str, Any]) -> int:
    return int(Model(scenario(LEAVING | changes), 1, 0).play()["reps"]["left"].notna().sum())


@pytest.mark.functional
@pytest.mark.slow
def test_more_risk_at_equal_mean_pay_drives_people_out_and_leaves_the_bold_where_they_are() -> None:
    """On the same luck: whoever leaves over the smaller risk leaves over the larger one."""
    timid, bold = (
        [leavers({"team.risk_aversion": aversion} | luck(sigma)) for sigma in (0.5, 1.5)]
        for aversion in (10.0, 0.0)
    )
    assert bold[0] == bold[1]
    assert timid[1] > timid[0]


@pytest.mark.functional
@pytest.mark.slow
def test_a_firm_that_pays_under_the_market_loses_people() -> None:
    """By its own first plan it never would: that plan used to be the market."""
    poor = {"incentive.base_salary": 4_000.0}
    assert leavers(poor) > leavers({})
    assert leavers(poor | {"team.outside_pay": None}) <= leavers({})
