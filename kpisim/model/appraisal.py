"""Mechanism 8: between the event and the strain stands what one believes about it (Ellis: A, B, C).

Class: assumption; there is no numeric law.  Strain = event × (1 + belief index); the index differs between reps and
coaching lowers it.  Without `strain` the index moves nothing.

References
----------
Richardson & Rothstein (2008), 36 studies of stress management training, bound how much coaching may do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.model.desk import Task

if TYPE_CHECKING:
    from kpisim.model.state import Rep
    from kpisim.model.world import World


class Appraisal:
    """Every rep's belief index, and coaching."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._traits = [world.streams.sequence(f"belief.{rep.index}", "normal") for rep in world.reps]
        for rep in world.reps:
            self.arrive(rep)

    def arrive(self, rep: Rep) -> None:
        """Draw the belief index of whoever takes the place."""
        rules = self.world.rules.pressure
        rep.belief = max(rules.belief + rules.belief_sd * next(self._traits[rep.index]), 0.0)

    def monthly(self) -> None:
        """Set a date for coaching."""
        world = self.world
        hours = world.rules.reviews.coaching_hours
        if hours == 0:
            return
        due = world.env.now + 10 * world.hours
        for rep in world.reps:
            if not rep.absent:
                world.assign(
                    rep,
                    Task("coaching", hours, self._coached, due, important=True, expected=hours, subject=rep),
                )

    def _coached(self, task: Task) -> None:
        rep: Rep = task.subject
        rep.belief *= max(1.0 - self.world.rules.reviews.coaching_effect, 0.0) ** task.expected
