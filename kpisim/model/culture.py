"""Mechanism 12: newcomers take up the team's values early, misfits leave sooner.

Class: published (see `socialisation`), c read as a rep's alignment with the team's values.  Alignment feeds what reps
neglect, whether they help and which deals they refuse; misfit feeds exits.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from kpisim.model import socialisation

if TYPE_CHECKING:
    from kpisim.model.state import Rep
    from kpisim.model.world import World


class CultureCarriers:
    """Every rep's alignment."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._hired = [world.streams.sequence(f"alignment.hired.{rep.index}", "normal") for rep in world.reps]

    def _rules(self) -> socialisation.Culture:
        rules = self.world.rules.culture
        return socialisation.Culture(
            strength=rules.onboarding,
            tolerance=rules.tolerance,
            misfit_exit=rules.misfit_exit,
            base_exit=0.0,
            selectivity=rules.hiring_spread,
        )

    def monthly(self) -> None:
        """Move everybody towards the team's median, and let misfit be felt."""
        there = [rep for rep in self.world.reps if not rep.absent]
        if not there:
            return
        rules = self._rules()
        values = [rep.alignment for rep in there]
        middle = median(values)
        after = socialisation.socialise(values, middle, [max(rep.tenure, 1.0) for rep in there], 1, rules)
        chance = socialisation.exit_chance(after, middle, rules)
        for rep, value, misfit in zip(there, after.tolist(), chance.tolist(), strict=True):
            rep.alignment = min(max(value, 0.0), 1.0)
            rep.misfit = misfit

    def arrive(self, rep: Rep) -> None:
        """Give the newcomer in `rep`'s place an alignment: near the team's median, the nearer the more selective."""
        others = [one.alignment for one in self.world.reps if not one.absent and one is not rep]
        middle = median(others) if others else rep.alignment
        value = middle + self.world.rules.culture.hiring_spread * next(self._hired[rep.index])
        rep.alignment = min(max(value, 0.0), 1.0)
