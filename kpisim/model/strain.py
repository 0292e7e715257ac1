"""Demands, resources, energy and engagement: the job demands-resources theory as four equations.

Class: published (Evers et al., the JD-R model of the sdbuildR package), equations as published.  In the model load and
beliefs set the level that demands go to (1 as published), `drain` is a value the source itself goes on to try, and what
lost energy does to sales, errors and sickness is our assumption.

E, R and X live between 0 and 1; D is not held there, for an exhausted person it climbs to 1 + r_U/r_D.  Time is in
days::

    dE = r_ER X R (1 + D)(1 - E) - r_EX E (1 - X)      engagement
    dR = r_A E (1 - R) - r_RX R                        job resources
    dX = r_XX X (1 - X) - r_XD X D / (1 + R)           energy
    dD = r_U (1 - X) + r_D (1 - D) - r_A E D           job demands
    P  = E + X                                         performance

The rates are the authors' choice for a theory, not estimates from data.  With them every start that we tried ends in
exhaustion, energy gone within about two months; with ``drain`` at 0.175 or less (values that the source itself goes on
to try) energy lasts.  Whoever gives these equations to agents that work for a year must choose their rates, and say so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp
from typing import TYPE_CHECKING

from kpisim.model.desk import Task

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kpisim.model.state import Rep
    from kpisim.model.world import World

DT = 0.01
"""Euler step of the published run [days]."""
DAYS = 182.5
"""Length of the published run [days]."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Published rates, each per day.

    Attributes
    ----------
    engage
        r_ER, engagement grows out of energy and resources.
    disengage
        r_EX, engagement is lost to exhaustion.
    craft
        r_A, an engaged person builds resources and works demands off.
    wear
        r_RX, resources wear out.
    recover
        r_XX, energy comes back.
    drain
        r_XD, demands take energy, the less the more resources there are.
    undermine
        r_U, an exhausted person makes demands of their own.
    demand
        r_D, demands come in.
    """

    engage: float = 0.20
    disengage: float = 0.10
    craft: float = 0.20
    wear: float = 0.05
    recover: float = 0.15
    drain: float = 0.40
    undermine: float = 0.15
    demand: float = 0.20


@dataclass(frozen=True, slots=True)
class State:
    """Where one person stands; the defaults are the published start.

    Attributes
    ----------
    demands
        D, 0 or more.
    engagement, resources, energy
        E, R and X, each from 0 to 1.
    """

    demands: float = 0.2
    engagement: float = 0.5
    resources: float = 0.7
    energy: float = 0.5

    @property
    def performance(self) -> float:
        """P = E + X, from 0 to 2."""
        return self.engagement + self.energy


PUBLISHED = Rates()
START = State()


def step(state: State, dt: float = DT, rates: Rates = PUBLISHED) -> State:
    """Return `state` after one Euler step of `dt` days.

    An agent whose workload changes calls it with demands of its own: ``step(replace(state, demands=...))``.
    Steps beyond a quarter of a day drift away from the solution; a day is 4 to 100 steps.
    """
    d, e, r, x = state.demands, state.engagement, state.resources, state.energy
    return State(
        demands=d + dt * (rates.undermine * (1 - x) + rates.demand * (1 - d) - rates.craft * e * d),
        engagement=e + dt * (rates.engage * x * r * (1 + d) * (1 - e) - rates.disengage * e * (1 - x)),
        resources=r + dt * (rates.craft * e * (1 - r) - rates.wear * r),
        energy=x + dt * (rates.recover * x * (1 - x) - rates.drain * x * d / (1 + r)),
    )


def integrate(
    start: State = START, days: float = DAYS, dt: float = DT, rates: Rates = PUBLISHED
) -> NDArray[np.float64]:
    """Return the whole path, one row a step: time [days], D, E, R, X, P.

    Parameters
    ----------
    start
        State at time 0.
    days, dt
        Length of the run and of one Euler step [days].
    rates
        Rates per day.
    """
    import numpy as np  # noqa: PLC0415  (an agent that only takes steps needs no arrays)

    count = round(days / dt)
    path = np.empty((count + 1, 6))
    state = start
    for number in range(count + 1):
        path[number] = (
            number * dt,
            state.demands,
            state.engagement,
            state.resources,
            state.energy,
            state.performance,
        )
        state = step(state, dt, rates)
    return path


# --- as the model uses it -----------------------------------------------------------------------------

STEPS = 4
"""Euler steps a day."""
LEAST = 0.02
"""Energy never falls below this: nobody who sleeps is at zero, and zero has no way back in the equations."""
SPELL_DAYS = 2
"""Length of a spell of sickness."""
WORKDAYS_A_YEAR = 250.0


@lru_cache(maxsize=32)
def rested(drain: float) -> State:
    """Return where a person stands in the long run at usual load (demands level 1)."""
    state, rates = START, replace(PUBLISHED, drain=drain)
    for _ in range(2000):
        state = step(state, 0.25, rates)
    return replace(state, energy=max(state.energy, LEAST))


class Strain:
    """Every rep's demands, resources, energy and engagement, day by day."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._sick = [world.streams.sequence(f"sick.{rep.index}", "uniform") for rep in world.reps]
        for rep in world.reps:
            self.arrive(rep)

    def arrive(self, rep: Rep) -> None:
        """Let a rep begin as a rested person does."""
        base = rested(self.world.rules.pressure.drain)
        rep.demands, rep.engagement = base.demands, base.engagement
        rep.resources, rep.energy = base.resources, base.energy
        rep.tired = 0.0

    def daily(self) -> None:
        """Live through a day: energy moves, and some fall ill."""
        world = self.world
        rules = world.rules.pressure
        rates = replace(PUBLISHED, drain=rules.drain)
        base = rested(rules.drain)
        usual = 1.0 / (rules.usual_load * (1.0 + rules.belief))
        dt = 1.0 / STEPS
        # The published equations (see `step`), written out: this runs for every rep on every day.
        r_er, r_ex, r_a, r_rx = rates.engage, rates.disengage, rates.craft, rates.wear
        r_xx, r_xd, r_u, r_d = rates.recover, rates.drain, rates.undermine, rates.demand
        for rep, lots in zip(world.reps, self._sick, strict=True):
            lot = next(lots)
            if rep.absent:
                continue
            level = rep.load * rep.overtime * (1.0 + rep.belief) * usual
            d, e, r, x = rep.demands, rep.engagement, rep.resources, rep.energy
            for _ in range(STEPS):
                d, e, r, x = (
                    d + dt * (r_u * (1 - x) + r_d * (level - d) - r_a * e * d),
                    e + dt * (r_er * x * r * (1 + d) * (1 - e) - r_ex * e * (1 - x)),
                    r + dt * (r_a * e * (1 - r) - r_rx * r),
                    x + dt * (r_xx * x * (1 - x) - r_xd * x * d / (1 + r)),
                )
            rep.demands, rep.engagement, rep.resources = d, e, r
            rep.energy = max(LEAST, x)
            rep.tired = base.energy - rep.energy
            rate = rules.sick_days / SPELL_DAYS / WORKDAYS_A_YEAR * exp(rules.tired_sickness * rep.tired)
            if lot < rate:
                self._fall_ill(rep)
            power = (rep.energy + rep.engagement) / (base.energy + base.engagement)
            rep.vigour = power**rules.tired_output
            rep.attention = 1.0 - rules.tired_errors * min(max(rep.tired, 0.0), 1.0)

    def _fall_ill(self, rep: Rep) -> None:
        world = self.world
        for _ in range(SPELL_DAYS):
            away = Task(
                "sick", world.hours, None, world.env.now, important=True, expected=world.hours, rank=-2.0
            )
            world.assign(rep, away, 0.0)  # days off are no work asked
