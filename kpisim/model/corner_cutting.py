"""Cutting corners under work pressure: how an overload becomes the new standard of service.

Class: published (Oliva & Sterman 2001), equations as published.  That a shorter contact wins less is our
assumption, and so is the load at which the norm was formed.

An overload is met first by shortening each contact; the shorter contact becomes the new norm; slack never lengthens
it again.  Weekly, with O orders, C hours of capacity and the norm T* [h/order]::

    p  = O T* / C                    work pressure: hours the norm asks for ÷ hours there are
    T  = max(T* p^α, 0.1)            hours an order really gets
    T* = T* + (T - T*)(1 - e^(-1/τ)) the norm follows: τ_i upward (T > T*), τ_d downward

References
----------
Oliva & Sterman (2001), Cutting corners and working overtime, Management Science 47(7):894-914; in the form coded for
the re-analysis by Struben, Sterman & Keith.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kpisim.model.world import World

SHORTEST = 0.1
"""An order is never given less [h/order]."""


@dataclass(frozen=True, slots=True)
class Estimates:
    """The estimates of 2001: a consumer-lending centre of a British bank, 48 weeks.

    The intervals are the authors' univariate 95 % intervals.  The re-analysis by bootstrap and profile likelihood
    finds far wider ones: the asymmetry (slow up, fast down) is weakly identified.

    Attributes
    ----------
    alpha
        Effect of work pressure on time per order [-0.70, -0.59]; re-analysis [-0.71, -0.49].
    weeks_to_lower
        τ_d, time to lower the norm [13, 29] weeks; re-analysis from 5.8 to infinity.
    weeks_to_raise
        τ_i, time to raise it [33 000, ∞) weeks, that is never; re-analysis from 19 to infinity.
    norm
        T* at the start [1.06, 1.09] h/order; re-analysis [1.03, 1.26].
    """

    alpha: float = -0.64
    weeks_to_lower: float = 18.83
    weeks_to_raise: float = 8.14e6
    norm: float = 1.08


PUBLISHED = Estimates()


def pressure(orders: float, norm: float, capacity: float) -> float:
    """Return work pressure p.

    Parameters
    ----------
    orders
        Orders per week.
    norm
        T*, hours an order should get [h/order].
    capacity
        Hours there are [h/week].
    """
    return orders * norm / capacity


def time_per_order(norm: float, load: float, estimates: Estimates = PUBLISHED) -> float:
    """Return hours an order really gets [h/order] under work pressure `load`.

    Pressure below 1 gives it more than the norm: slack lengthens the contact, though not the norm.
    """
    return float(max(norm * load**estimates.alpha, SHORTEST))


def next_norm(norm: float, given: float, weeks: float = 1.0, estimates: Estimates = PUBLISHED) -> float:
    """Return the norm after `weeks` in which an order was `given` so many hours."""
    tau = estimates.weeks_to_raise if given > norm else estimates.weeks_to_lower
    return norm + (given - norm) * (1 - exp(-weeks / tau))


def norms(orders: Iterable[float], capacity: float, estimates: Estimates = PUBLISHED) -> list[float]:
    """Return the norm at the start and after each week of `orders`.

    Parameters
    ----------
    orders
        Orders of each week.
    capacity
        Hours there are [h/week].
    estimates
        Parameters; the norm starts at ``estimates.norm``.

    Examples
    --------
    >>> path = norms([1100.0] * 13 + [1000.0] * 13, 1000 * 1.08)
    >>> path[13] < path[0], abs(path[26] / path[13] - 1) < 1e-4
    (True, True)
    """
    path = [estimates.norm]
    for number in orders:
        now = path[-1]
        given = time_per_order(now, pressure(number, now, capacity), estimates)
        path.append(next_norm(now, given, 1.0, estimates))
    return path


class CornerCutting:
    """Every rep's own norm of time per contact, in units of what the scenario's stages ask for.

    Pressure 1 is the load that the team is used to; hours at the desk stand for capacity.
    """

    def __init__(self, world: World) -> None:
        self.world = world

    def weekly(self) -> None:
        """Move norms, and give the coming week's contacts the time that pressure leaves."""
        rules = self.world.rules.pressure
        estimates = Estimates(rules.contact_effect, rules.weeks_to_lower, rules.weeks_to_raise, 1.0)
        for rep in self.world.reps:
            rep.norm = next_norm(rep.norm, rep.given, 1.0, estimates)
            # The load is counted at the norm of old, so the norm itself relieves or adds to the pressure.
            felt = max(rep.load * rep.norm, 1e-6) / rules.usual_load
            rep.given = time_per_order(rep.norm, felt, estimates)
