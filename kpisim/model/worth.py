"""What a plan is worth to a rep for sure, so that pay with risk can be set beside pay without.

Class: exact under the effort law; that a rep's luck and cost of effort are those of the usual rep is an assumption.
The certainty equivalent is the value of the effort law's policy.  For a flat commission b it is
``b·m + b²/(2c) - r·b²σ²/2``: mean, gain from effort net of its cost, and the premium that risk needs (Holmström & Milgrom).
"""

from __future__ import annotations

from functools import lru_cache
from math import exp
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from kpisim.model.clock import MONTHS
from kpisim.model.effort import Array, Policy, ratchet_charge, solve
from kpisim.model.pay import goal
from kpisim.model.payroll import WEEKS_A_YEAR, coarse, effort_cost, forecast, risk_aversion

if TYPE_CHECKING:
    from kpisim.scenario import Scenario
    from kpisim.scenario.incentive import Incentive


class Worth(NamedTuple):
    """The certainty equivalent of one plan by skill.

    Attributes
    ----------
    policy
        Of the usual rep in a period of average season, sales counted in quotas.
    sure
        What a month pays whatever is sold [money].
    months
        Length of a period.
    """

    policy: Policy
    sure: float
    months: int

    def of(self, skill: float) -> float:
        """Return the sure monthly pay that is as good to a rep who sells `skill` quotas on average without effort."""
        # Sales add up: who sells more on average is where the usual rep is with a lead of as much.
        return self.sure + self.policy.value_now(skill - 1.0, 1.0) / self.months


@lru_cache(maxsize=32)
def worth(scenario: Scenario, plan: Incentive, quota: float) -> Worth:
    """Return what `plan` is worth to reps.

    Parameters
    ----------
    scenario
        Says what reps are like and how much luck is in their sales.
    plan
        The plan in force.
    quota
        A year's quota [money].

    Notes
    -----
    Colleagues sell their quotas with luck of their own, so a team pool spreads risk.  A contest counts with its mean prize.
    """
    team = scenario.team
    months = MONTHS[plan.period]
    years = months / 12.0
    quota = quota * years
    new, _, square = forecast(scenario)
    cv = coarse((square * WEEKS_A_YEAR * years) ** 0.5 / quota)
    cost = effort_cost(scenario, plan, months, coarse(new * WEEKS_A_YEAR * years / quota))
    aversion = risk_aversion(scenario)
    charge = ratchet_charge(plan, quota, 1.0, cv, exp(-team.impatience * years), team.size)
    nothing = goal(plan, 0.0, quota, team.size)

    def pay(x: Array) -> Array:
        # Sales never fall below 0, but normal ones do: mirrored there, a flat commission keeps its mean.
        earned = goal(plan, np.abs(x) * quota, quota, team.size) - nothing
        # A ratchet takes for what lies above quota and gives back for what lies below.
        return nothing + np.where(x < 0, -earned, earned) - charge * (x - 1.0)

    policy = solve(
        pay,
        mean=1.0,
        sigma=cv,
        cost=cost,
        impatience=team.impatience * years,
        risk_aversion=aversion,
    )
    share = plan.team_pool_rate * quota / team.size
    others = (team.size - 1) * (share - aversion * (share * cv) ** 2 / 2)
    prizes = sum(plan.contest_prizes[: team.size]) / team.size
    return Worth(policy.compact(), plan.base_salary + (others + prizes) / months, months)
