"""Mechanism 1: effort under any pay plan.

Class: exact.  A rep sees booked sales X move as ``dX = (m + e) dt + σ dW``, bears the cost ``c e²/2`` per unit
of time and is paid ``g(X_T)`` at the end of the period.  The best effort is ``e = σ² ∂x ln h`` with
``h(x, t) = E₀[exp(g(X_T)/(c σ²)) | X_t = x]`` (no effort under E₀): the Hamilton-Jacobi-Bellman equation turns
linear (path-integral control).  With impatience ρ the cost weighs ``c·e^{ρ(T-t)}`` against pay at the end; the
transformation then holds step by step.

Consequences that the theory cases check: a lump bonus B multiplies the odds of reaching quota by ``exp(B/(cσ²))``;
expected effort is flat over the period without impatience and grows as ``e^{ρt}`` with it.

A rep who dislikes risk (CARA, coefficient r) values a plan at its certainty equivalent V, which obeys
``V_t + m V_x + σ²/2 V_xx + V_x²/(2c) - r σ²/2 V_x² = 0``.  It stays linear in ``h = exp(κV)`` with
``κ = 1/(cσ²) - r``; where r outweighs (κ < 0) nothing but the sign changes, and at κ = 0 the equation is linear in V
itself.  Effort stays ``V_x/c``.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import lru_cache
from math import exp, inf, isinf, sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kpisim.model.pay import goal

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.scenario.incentive import Incentive

Array = NDArray[np.float64]

GRID = 601
"""Points of the sales grid."""
REACH = 6.0
"""Half-width of the grid in standard deviations of the period's sales."""
FIRST_STEP = 2e-5
"""Length of the last step before the deadline, as a share of the period."""
CELL_POINTS = 16
"""Points per grid cell at which pay is read."""
BALANCED = 1e-8
"""Where risk aversion takes away all of the effort's curvature but this share, the equation is solved as the linear one."""
GROWTH = 1.4
"""Each step further from the deadline is this much longer: the deadline spike needs fine steps only there."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Effort and value on a grid of (time left, sales so far).

    Attributes
    ----------
    left, times
        Time left at each level, rising from 0, in the unit of T, as an array and as a list.
    x0, dx
        First point and spacing of the sales grid.
    effort
        Drift added by effort [sales per unit of time], one row a level.
    value
        Value of the rest of the period [money], one row a level.
    """

    left: Array
    x0: float
    dx: float
    effort: NDArray[np.floating]
    value: NDArray[np.floating]
    times: list[float]

    def compact(self) -> Policy:
        """Return the policy in single precision."""
        single = np.float32
        return replace(self, effort=self.effort.astype(single), value=self.value.astype(single))

    def effort_at(self, x: Array | float, left: float) -> Array:
        """Return effort at sales `x` (any shape) with `left` time to go."""
        return self._at(self.effort, x, left)

    def value_at(self, x: Array | float, left: float) -> Array:
        """Return the value at sales `x` with `left` time to go."""
        inside = self._at(self.value, x, left)
        beyond: Array = np.maximum((np.asarray(x) - self._top) / self.dx, 0.0)
        last = self._at(self.value, self._top, left) - self._at(self.value, self._top - self.dx, left)
        return inside + beyond * last

    def effort_now(self, x: float, left: float) -> float:
        """Return `effort_at` for one rep, without the cost of whole arrays."""
        return self._one(self.effort, x, left)

    def value_now(self, x: float, left: float) -> float:
        """Return `value_at` for one rep, without the cost of whole arrays."""
        beyond = (x - self._top) / self.dx
        inside = self._one(self.value, min(x, self._top), left)
        if beyond <= 0.0:
            return inside
        return inside + beyond * (inside - self._one(self.value, self._top - self.dx, left))

    @property
    def _top(self) -> float:
        """Largest sales on the grid.

        One deal may be worth more than that.  The value then goes on as it ends: if it stopped there, even a straight
        line would seem to pay less for a huge deal at the start of a period than at its end.
        """
        top: float = self.x0 + self.dx * (self.value.shape[1] - 1)
        return top

    def _one(self, table: NDArray[np.floating], x: float, left: float) -> float:
        # Asked for every rep every day, so the bounds are written out: min() and max() are calls.
        times, highest = self.times, table.shape[1] - 1.000001
        level = bisect_left(times, left)
        if level < 1:
            level = 1
        elif level >= len(times):
            level = len(times) - 1
        low, high = times[level - 1], times[level]
        w = (left - low) / (high - low)
        w = 0.0 if w < 0.0 else 1.0 if w > 1.0 else w  # noqa: FURB136
        position = (x - self.x0) / self.dx
        position = 0.0 if position < 0.0 else highest if position > highest else position  # noqa: FURB136
        cell = int(position)
        f = position - cell
        item = table.item
        near = item(level - 1, cell) * (1 - f) + item(level - 1, cell + 1) * f
        far = item(level, cell) * (1 - f) + item(level, cell + 1) * f
        result: float = near * (1 - w) + far * w
        return result

    def _at(self, table: NDArray[np.floating], x: Array | float, left: float) -> Array:
        level = int(np.searchsorted(self.left, left))
        level = min(max(level, 1), len(self.left) - 1)
        low, high = self.left[level - 1], self.left[level]
        w = min(max((left - low) / (high - low), 0.0), 1.0)
        position = np.clip((np.asarray(x, dtype=float) - self.x0) / self.dx, 0.0, table.shape[1] - 1.000001)
        cell = position.astype(np.int64)
        f = position - cell
        a, b = table[level - 1], table[level]
        near = a[cell] * (1 - f) + a[cell + 1] * f
        far = b[cell] * (1 - f) + b[cell + 1] * f
        result: Array = near * (1 - w) + far * w
        return result


def solve(  # noqa: PLR0913  (all but the first by name)
    pay: Callable[[Array], Array],
    *,
    mean: float,
    sigma: float,
    cost: float,
    horizon: float = 1.0,
    impatience: float = 0.0,
    risk_aversion: float = 0.0,
    grid: int = GRID,
) -> Policy:
    """Solve for the best effort under any end-of-period pay.

    Parameters
    ----------
    pay
        g(X_T): pay by final sales [money]; jumps and kinks are allowed.
    mean
        Sales per unit of time without incentive effort (m).
    sigma
        Standard deviation of sales per square root of a unit of time (σ).
    cost
        Cost of effort c: money per unit of time for effort e is ``c e²/2``.
    horizon
        Length of the period T.
    impatience
        Discount rate ρ per unit of time.
    risk_aversion
        Coefficient r of constant absolute risk aversion [1/money]; 0 = only the mean counts.
    grid
        Points of the sales grid.

    Returns
    -------
    Policy
        On a grid that covers six standard deviations around the whole path; its value is the certainty equivalent.

    References
    ----------
    Kappen (2005), path-integral control; Fleming (1978), logarithmic transformation; Holmström & Milgrom (1987) for
    the certainty equivalent of a rep with constant absolute risk aversion.
    """
    half = REACH * sigma * sqrt(horizon)
    low, high = min(0.0, mean * horizon) - half, max(0.0, mean * horizon) + half
    x = np.linspace(low, high, grid)
    dx = float(x[1] - x[0])
    steps = _graded_steps(horizon)
    left = np.concatenate([[0.0], np.cumsum(steps)])
    value = np.empty((len(left), grid))
    value[0] = _cell_means(pay, x, dx, _weight(cost * sigma**2, risk_aversion))
    steps_back = _moves(tuple(steps.tolist()), dx, mean, sigma, grid)
    for level, (step, moves) in enumerate(zip(steps, steps_back, strict=True), start=1):
        toil = cost * exp(impatience * (left[level - 1] + step / 2)) * sigma**2
        weight = _weight(toil, risk_aversion)
        value[level] = _step_back(value[level - 1], moves, weight)
    slope = np.gradient(value, dx, axis=1)
    effort = slope / (cost * np.exp(impatience * left))[:, None]
    effort[0] = effort[1]
    return Policy(left, low, dx, np.maximum(effort, 0.0), value, left.tolist())


def _weight(toil: float, risk_aversion: float) -> float:
    """Return 1/κ = 1/(1/(cσ²) - r), infinite where the two cancel."""
    bend = 1.0 - risk_aversion * toil
    return toil / bend if abs(bend) > BALANCED else inf


def _cell_means(pay: Callable[[Array], Array], x: Array, dx: float, weight: float) -> Array:
    """Return pay at the grid points, a jump inside a cell counted with its true place.

    Evaluated at the points alone, a bonus would start up to half a cell off its quota.
    """
    offsets = (np.arange(CELL_POINTS) + 0.5) / CELL_POINTS - 0.5
    paid = pay((x[:, None] + offsets * dx).ravel()).reshape(len(x), CELL_POINTS)
    if isinf(weight):
        return np.asarray(paid.mean(axis=1))
    inside = paid / weight
    top = inside.max(axis=1, keepdims=True)
    result: Array = weight * (np.log(np.exp(inside - top).mean(axis=1)) + top[:, 0])
    return result


def _graded_steps(horizon: float) -> Array:
    steps = []
    step, total = FIRST_STEP * horizon, 0.0
    while total < horizon:
        step = min(step, horizon - total, horizon / 25)
        steps.append(step)
        total += step
        step *= GROWTH
        if horizon - total < 1e-12 * horizon:
            break
    return np.array(steps)


class _Moves(NamedTuple):
    """Every move over the grid within one step, from the farthest down to the farthest up.

    Attributes
    ----------
    odds
        How likely each is.
    beyond
        1, 2, … up to the farthest move: how far the grid has to go on past its ends.
    """

    odds: Array
    beyond: Array


@lru_cache(maxsize=64)
def _moves(steps: tuple[float, ...], dx: float, mean: float, sigma: float, most: int) -> list[_Moves]:
    """Return the moves of each step; they hang on the market and not on pay, so that all plans of a market share them."""
    found: list[_Moves] = []
    of = 0.0
    for step in steps:
        if step != of:
            # Far from the deadline all steps are alike.
            drift, spread = mean * step, sigma * sqrt(step)
            reach = max(2, min(most, int(np.ceil((abs(drift) + 7 * spread) / dx)) + 2))
            offsets = np.arange(-reach, reach + 1, dtype=np.float64) * dx
            moves, of = (
                _Moves(_hat_weights(offsets, dx, drift, spread), np.arange(1, reach + 1, dtype=np.float64)),
                step,
            )
        found.append(moves)
    return found


def _step_back(value: Array, moves: _Moves, weight: float) -> Array:
    """Return ``weight · ln E exp(V(x + move)/weight)`` on the grid.

    V is continued in straight lines on both sides, so that the edges do not pull; exp(V/weight) is taken as linear between
    grid points and integrated exactly against the normal density (hat weights), so steps far shorter than the grid are
    safe.  An infinite weight is the limit, the plain mean of V.
    """
    odds, beyond = moves
    first, last = value[1] - value[0], value[-1] - value[-2]
    padded = np.concatenate([value[0] - first * beyond[::-1], value, value[-1] + last * beyond])
    if isinf(weight):
        return np.correlate(padded, odds, mode="valid")
    scaled = padded / weight
    top = scaled.max()
    if top - scaled.min() < 600:
        moved = np.correlate(np.exp(scaled - top), odds, mode="valid")
        result: Array = weight * (np.log(np.maximum(moved, 1e-300)) + top)
        return result
    # A steep plan overflows exp(): there the largest exponent is taken out window by window, which is slower.
    with np.errstate(divide="ignore"):
        exponents = np.lib.stride_tricks.sliding_window_view(scaled, len(odds)) + np.log(odds)
    largest = exponents.max(axis=1)
    return np.asarray(weight * (np.log(np.exp(exponents - largest[:, None]).sum(axis=1)) + largest))


def _hat_weights(offsets: Array, dx: float, drift: float, spread: float) -> Array:
    """Return the normal probability that linear interpolation gives to each grid offset."""
    edges = np.concatenate([offsets - dx, [offsets[-1], offsets[-1] + dx]])
    z = (edges - drift) / spread
    density = np.exp(-0.5 * z * z) / sqrt(2 * np.pi)
    # G'' = normal density, so second differences of G integrate the hat function exactly.
    g = (edges - drift) * _normal_cdf(z) + spread * density
    weights = np.maximum((g[:-2] - 2 * g[1:-1] + g[2:]) / dx, 0.0)
    normed: Array = weights / weights.sum()
    return normed


def _normal_cdf(z: Array) -> Array:
    from scipy.special import ndtr  # noqa: PLC0415  (the command line does not need scipy to start)

    result: Array = ndtr(z)
    return result


# --- as the model uses it -----------------------------------------------------------------------------


@lru_cache(maxsize=256)
def plan_policy(  # noqa: PLR0913  (the key under which a policy is remembered)
    plan: Incentive,
    quota: float,
    mean: float,
    cv: float,
    cost: float,
    years: float,
    impatience: float,
    team: int,
    risk_aversion: float = 0.0,
) -> Policy:
    """Return the policy of one plan and rep type, sales counted in quotas and time in periods.

    Parameters
    ----------
    plan
        The incentive plan.
    quota
        Quota of the period [money].
    mean, cv
        Mean and standard deviation of the period's sales without incentive effort, in quotas.
    cost
        Cost c of effort: ``c e²/2`` [money] for a period at effort e [quotas per period].
    years
        Length of the period in years (for impatience and ratchet).
    impatience
        Discount rate a year.
    team
        Number of reps who share the pool.
    risk_aversion
        Coefficient of constant absolute risk aversion [1/money].

    Returns
    -------
    Policy
        Solved once for the same arguments and remembered.
    """
    charge = ratchet_charge(plan, quota, mean, cv, exp(-impatience * years), team)

    # The law lets sales run below zero, real ones never do: there pay goes on as it begins.  A commission that stops at zero
    # would make even a straight line bend, and a deal worth more at a period's end than at the start of the next.
    first = goal(plan, np.array([0.0, 1e-6 * quota]), quota, team)
    rise = float(first[1] - first[0]) / 1e-6

    def pay(x: Array) -> Array:
        below = np.minimum(x, 0.0)
        return goal(plan, (x - below) * quota, quota, team) + rise * below - charge * x

    # Single precision halves what 256 remembered policies take: a worker that grows past 100 MB is restarted.
    policy = solve(
        pay,
        mean=mean,
        sigma=max(cv, 0.02),
        cost=cost,
        impatience=impatience * years,
        risk_aversion=risk_aversion,
    )
    return policy.compact()


def ratchet_charge(
    plan: Incentive, quota: float, mean: float, cv: float, discount: float, team: int = 1
) -> float:
    """Return what one more quota of sales costs a rep through higher quotas later [money per quota].

    For linear pay ``b(X - Q)`` and ``Q' = λQ + (1-λ)X`` the effective rate is ``b(1-δ)/(1-δλ)`` (exact, Weitzman
    1980), so the charge is ``b̄(1-λ)δ/(1-δλ)``, where b̄ is the pay lost per unit of quota.  For other plans b̄ is
    averaged over the results to be expected (our approximation).
    """
    keep = plan.ratchet
    if keep >= 1.0:
        return 0.0
    z = np.linspace(-2.5, 2.5, 51)
    density = np.exp(-0.5 * z * z)
    sales = np.maximum(mean + cv * z, 0.0) * quota
    up = 0.02
    lost = goal(plan, sales, quota, team) - goal(plan, sales, quota * (1 + up), team)
    rate = max(float(np.average(lost, weights=density)) / up, 0.0)
    return rate * (1 - keep) * discount / (1 - discount * keep)
