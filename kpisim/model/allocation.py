"""Mechanism 2: which work the effort goes to; what neither pays nor scores is neglected.

Class: exact in the small, assumption in the large.  With cost ``(t₁² + t₂² + 2γ t₁t₂)/2`` and rewards b₁ for selling,
b₂ for service, the best service is ``t₂ = (b₂ - γ b₁)/(1 - γ²)`` (Holmström & Milgrom 1991).  Rewards are shares of pay
and of KPI points, b₂ also what service is worth to somebody who shares the team's values.  Below 0 service gets that much
less than the care it needs: less time, and customers feel it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.model.rewards import rewards

if TYPE_CHECKING:
    from kpisim.model.payroll import Payroll
    from kpisim.model.world import World


class Allocation:
    """How much care service gets from each rep."""

    def __init__(self, world: World, payroll: Payroll) -> None:
        self.world, self.payroll = world, payroll

    def monthly(self) -> None:
        """Let every rep weigh their kinds of work."""
        rules = self.world.rules
        reward = rewards(rules, self.payroll.plan, self.payroll.months, len(self.world.reps))
        for rep in self.world.reps:
            service = reward.service + rules.culture.intrinsic * rep.alignment
            rep.care = care(reward.sales, service, rules.workload.rivalry, rules.workload.least_care)


def care(sales: float, service: float, rivalry: float, least: float) -> float:
    """Return the share of the care it needs that service gets.

    Parameters
    ----------
    sales, service
        Rewards of selling and of service [share of pay].
    rivalry
        γ, how much the two compete for the same attention.
    least
        Lower limit of the result.

    Examples
    --------
    >>> care(0.3, 0.25, 0.5, 0.4), round(care(0.8, 0.1, 0.5, 0.4), 2)
    (1.0, 0.6)
    """
    task = (service - rivalry * sales) / (1.0 - rivalry * rivalry)
    return max(min(1.0 + task, 1.0), least)
