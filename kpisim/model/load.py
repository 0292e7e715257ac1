"""How loaded a rep feels: hours asked of them in a week against hours there are, felt over about a month.

Class: assumption.  No mechanism of its own: corner-cutting, overtime and strain read it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpisim.model.world import World

SENSE = 0.25
"""Weight of the last week in what a rep feels: about a month of memory.  A single busy week does not make a norm."""


class Load:
    """Updates every rep's felt load once a week."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._day = 0
        for rep in world.reps:
            rep.load = world.rules.pressure.usual_load

    def weekly(self) -> None:
        """Take in the week that ended."""
        world = self.world
        there = (world.day - self._day) * world.hours
        self._day = world.day
        if there <= 0:
            return
        for rep in world.reps:
            if not rep.absent:
                rep.load += SENSE * (rep.asked / there - rep.load)
            rep.asked = 0.0
