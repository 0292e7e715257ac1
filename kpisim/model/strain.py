"""Demands, resources, energy and engagement: the job demands-resources theory as four equations.

Class: published (Evers et al., the JD-R model of the sdbuildR package), equations as published; the model takes them
up in a later step.

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

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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
        r_U, an exhausted person makes demands of his own.
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
