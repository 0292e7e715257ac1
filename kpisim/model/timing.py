"""Mechanism 3: near a period's end a rep moves deals to where the plan pays more for them.

Class: assumption on discount and window; the effect emerges from the plan.  Whether pulling in or holding back pays
is read from the value function of the effort law, so a straight-line plan gives no reason for either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.model.funnel import U_HOLD, U_PULL, U_WHEN

if TYPE_CHECKING:
    from kpisim.model.funnel import Funnel
    from kpisim.model.payroll import Payroll
    from kpisim.model.state import Opportunity, Rep
    from kpisim.model.world import World

WINDOW_DAYS = 10
"""Working days before a period's end in which reps look at dates."""
REACH_DAYS = 25
"""A decision due up to this many working days after the period can be pulled in."""
WORTH = 0.01
"""Gains below this share of a monthly base salary move nothing; rounding of the value grid is far below it."""
RISK = 0.05
"""Chance that a deal held back is lost: the customer had wanted to sign."""


class Timing:
    """Pulling in and holding back."""

    def __init__(self, world: World, funnel: Funnel, payroll: Payroll) -> None:
        self.world, self.funnel, self.payroll = world, funnel, payroll

    def morning(self) -> None:
        """Let every rep look for deals to pull in."""
        plan = self.payroll.plan
        if not plan.timing_games or plan.discount_limit == 0 or self.payroll.days_left() > WINDOW_DAYS:
            return
        end = self.payroll.end
        reach = end + REACH_DAYS * self.world.hours
        for rep in self.world.reps:
            for opportunity in list(rep.pending.values()):
                if not opportunity.tried and end < opportunity.decides <= reach:
                    self._pull(rep, opportunity, end)

    def _pull(self, rep: Rep, opportunity: Opportunity, end: float) -> None:
        # The customer moves the date for a discount of their own, spread evenly up to twice the limit.
        asked = 2.0 * self.payroll.plan.discount_limit * opportunity.u[U_PULL]
        if asked > self.payroll.plan.discount_limit:
            opportunity.tried = True
            return
        now_gain, next_gain = self.gains(rep, opportunity.value * (1.0 - asked), opportunity.value)
        if now_gain > next_gain + self._worth():
            opportunity.tried = True
            opportunity.discount = asked
            self.funnel.reschedule(
                opportunity, (end - self.world.env.now) * (0.05 + 0.9 * opportunity.u[U_WHEN])
            )

    def hold(self, opportunity: Opportunity) -> bool:
        """Hold a deal back that could be signed now; return whether it is held."""
        plan = self.payroll.plan
        if not plan.timing_games or self.payroll.days_left() > WINDOW_DAYS or opportunity.discount > 0:
            return False
        now_gain, next_gain = self.gains(opportunity.rep, opportunity.value, opportunity.value)
        if next_gain * (1.0 - RISK) <= now_gain + self._worth():
            return False
        wait = self.payroll.end - self.world.env.now
        if opportunity.u[U_HOLD] < RISK:
            self.funnel.lose(opportunity, "held back")
            return True
        opportunity.held = True
        self.funnel.reschedule(opportunity, wait + (0.1 + 2.9 * opportunity.u[U_WHEN]) * self.world.hours)
        return True

    def _worth(self) -> float:
        """Return the gain in pay below which nobody moves a deal [money]."""
        return WORTH * self.payroll.plan.base_salary

    def gains(self, rep: Rep, now: float, later: float) -> tuple[float, float]:
        """Return what a deal adds to pay when booked now (worth `now`) and next period (worth `later`)."""
        policy, quota = rep.policy, rep.quota
        if policy is None:
            return 0.0, 0.0
        left = self.payroll.left()
        x = rep.sales / quota
        here = policy.value_now(x + now / quota, left) - policy.value_now(x, left)
        there = policy.value_now(later / quota, 1.0) - policy.value_now(0.0, 1.0)
        return here, there
