"""Hours worked and output: proportional to 49 hours a week, nothing extra beyond 63.

Class: published (Pencavel 2015; munition workers, 1914-18), as published.  How far hours follow the
load is our assumption.

Two printed facts, output proportional up to 49 h and none gained beyond 63 h, fix one parabola above 49 h::

    Y(h) = h                              h ≤ 49
    Y(h) = 49 + (h - 49) - (h - 49)²/28   49 < h ≤ 70

Its slope is 0 at 63 h, and 70 h give what 56 h give, which is a third fact, remembered and not read.  The parabola is our reading of
the paper's figures, not an equation in it.  Beyond 70 h nothing was observed; output is held at its value there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpisim.model.world import World

PROPORTIONAL = 49.0
"""Hours a week up to which output is proportional."""
FLAT = 63.0
"""Hours a week at which one more adds nothing."""
OBSERVED = 70.0
"""Hours a week beyond which there are no observations to speak of."""


def output(hours: float) -> float:
    """Return a week's output [hours' worth at the proportional rate].

    Parameters
    ----------
    hours
        Hours worked in the week, 0 or more.

    Examples
    --------
    >>> output(40.0), output(56.0), output(70.0)
    (40.0, 54.25, 54.25)
    """
    over = min(hours, OBSERVED) - PROPORTIONAL
    if over <= 0:
        return hours
    return PROPORTIONAL + over - over**2 / (2 * (FLAT - PROPORTIONAL))


def marginal(hours: float) -> float:
    """Return what one more hour adds [hours' worth]: 1 up to 49 h, 0 at 63 h, below 0 up to 70 h, then 0."""
    if hours <= PROPORTIONAL:
        return 1.0
    return 1 - (hours - PROPORTIONAL) / (FLAT - PROPORTIONAL) if hours < OBSERVED else 0.0


class Hours:
    """Overtime: beyond a load of 100 % hours follow, up to where one more adds nothing; a rota may order more.

    Overtime takes place in the evening, so on the clock of working hours tasks get done faster.
    """

    def __init__(self, world: World) -> None:
        self.world = world

    def weekly(self) -> None:
        """Set next week's hours by the load felt, at least what the rota orders."""
        world = self.world
        pressure = world.rules.pressure
        days = len(world.scenario.calendar.workdays)
        week = world.hours * days
        ordered = week + pressure.late_hours * days
        for rep in world.reps:
            more = rep.load**pressure.overtime if rep.load > 1.0 else 1.0
            # Nobody stays unasked for what adds nothing; where the rota says so, they do.
            longer = max(min(week * more, max(FLAT, week)), ordered)
            rep.overtime = longer / week
            rep.stretch = output(week) / output(longer)
