"""Mechanism 4: a rep may close a weak deal (bad fit, doubtful credit, a promise too many).

Class: the effect emerges.  Which deals could be pushed through, how often they go bad and the scruple of reps are
assumptions; whether one is closed is read from the value function of the effort law and the KPI bonus, so it hangs on
the plan, on the distance to quota and on alignment.  Weak deals default, complain and disappoint later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpisim.model.payroll import Payroll
    from kpisim.model.state import Opportunity
    from kpisim.model.world import World

DISAPPOINTED = 0.8
"""Points of satisfaction that a weak deal costs at delivery."""


class Acceptance:
    """Whether a deal that a customer is about to turn down is pushed through."""

    def __init__(self, world: World, payroll: Payroll) -> None:
        self.world, self.payroll = world, payroll

    def accepts(self, opportunity: Opportunity, luck: float, chance: float) -> bool:
        """Return whether the rep closes `opportunity` as a weak deal.

        Parameters
        ----------
        opportunity
            A deal whose customer says no.
        luck
            The customer's own uniform, at least `chance`.
        chance
            The chance to sign a sound deal.
        """
        rules = self.world.rules
        if luck >= chance + rules.market.weak_share * (1.0 - chance):
            return False
        rep = opportunity.rep
        usual = max(rules.culture.alignment, 0.05)
        price = rules.market.scruple * opportunity.value * rep.alignment / usual
        return self._worth(opportunity) > price

    def _worth(self, opportunity: Opportunity) -> float:
        """Return what signing now adds to the rep's pay [money]."""
        rep, plan = opportunity.rep, self.payroll.plan
        gain = 0.0
        if rep.policy is not None:
            left, x = self.payroll.left(), rep.sales / rep.quota
            value = rep.policy.value_now
            gain = value(x + opportunity.value / rep.quota, left) - value(x, left)
        if plan.kpi_bonus and not opportunity.existing:
            gain += plan.kpi_bonus * self.payroll.new_customer_worth()
        return gain
