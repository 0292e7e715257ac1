"""Mechanism 9: a rep corrects a gap to the goal only when it is seen.

Class: assumption; what reviews are worth emerges from the control loop.  In a review a rep learns how much faster than
planned they must go from here to reach the goal, and adds effort in proportion until they look again.  A goal to the end
of the month is seen to be missed sooner than one to the end of the period; "do your best" asks for nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.model.clock import add_months

if TYPE_CHECKING:
    from kpisim.model.payroll import Payroll
    from kpisim.model.state import Rep
    from kpisim.model.world import World

TOO_LATE = 0.03
"""Share of a period before its end in which a gap no longer moves anybody: nothing that is begun now is signed by then."""


class Goals:
    """The effort that a seen gap adds."""

    def __init__(self, world: World, payroll: Payroll) -> None:
        self.world, self.payroll = world, payroll
        self._period = -1

    def daily(self) -> None:
        """Begin a new period with a clean sheet."""
        if self.payroll.number != self._period:
            self._period = self.payroll.number
            for rep in self.world.reps:
                rep.drive = 0.0

    def reviewed(self, rep: Rep) -> None:
        """Let `rep` see where they stand."""
        rules = self.world.rules.reviews
        rep.drive = rules.goal_drive * rules.goal_clarity * min(max(self._pace_needed(rep) - 1.0, 0.0), 1.0)

    def _pace_needed(self, rep: Rep) -> float:
        """Return the pace that reaches the goal from here, in planned paces."""
        left = self.payroll.left()
        until = 1.0
        if self.world.rules.reviews.proximal_goals:
            until = self.payroll.passed_by(add_months(self.world.clock.days[self.world.day], 1))
        ahead = until - (1.0 - left)
        if ahead < TOO_LATE:
            return 1.0
        return (until - rep.sales / rep.quota) / ahead
