"""Mechanism 15: pay that hangs on culture turns attention from selling to what the values ask for, and habit follows.

Class: exact in the small for the attention (two paid tasks compete, Holmström & Milgrom 1991), an assumption for the
habit.  With b the share of pay at target that hangs on the culture score, selling gets ``γ b / (1 - γ²)`` less of a rep's
attention, and each month ``practice × b`` of what a rep lacks to full alignment becomes habit.  Alignment then feeds
neglect, help and weak deals.  Without a culture share nothing happens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.model.rewards import rewards

if TYPE_CHECKING:
    from kpisim.model.payroll import Payroll
    from kpisim.model.world import World


class CulturePay:
    """What a culture share does to people."""

    def __init__(self, world: World, payroll: Payroll) -> None:
        self.world, self.payroll = world, payroll

    def monthly(self) -> None:
        """Let every rep weigh what culture pays, and let what they do become habit."""
        rules = self.world.rules
        hangs = rewards(rules, self.payroll.plan, self.payroll.months, len(self.world.reps)).culture
        for rep in self.world.reps:
            rep.focus = focus(hangs, rules.workload.rivalry)
            if hangs and not rep.absent:
                rep.alignment += min(rules.culture.practice * hangs, 1.0) * (1.0 - rep.alignment)


def focus(hangs: float, rivalry: float) -> float:
    """Return the attention that selling keeps.

    Parameters
    ----------
    hangs
        Part of pay at target that hangs on the culture score [share].
    rivalry
        γ, how much the two compete for the same attention.

    Examples
    --------
    >>> focus(0.0, 0.5), round(focus(0.09, 0.5), 2)
    (1.0, 0.94)
    """
    return max(1.0 - rivalry * hangs / (1.0 - rivalry * rivalry), 0.0)
