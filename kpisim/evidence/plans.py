"""Theorems on pay and effort, played on the model's own pay and effort code."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from math import exp, sqrt
from typing import TYPE_CHECKING

import numpy as np

from kpisim.evidence.case import Row, held
from kpisim.model import pay
from kpisim.model.effort import Policy, ratchet_charge, solve
from kpisim.model.streams import Streams
from kpisim.scenario.incentive import Bonus, Incentive, Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

SUBSTEPS = 20
"""Each step of the policy's time grid is played in so many smaller ones; what is left of the deadline spike between
them costs about 1% of the odds."""
FINE = 3001
"""Sales grid of these cases, finer than the model's own, so that the comparison is of the law and not of the grid."""


def _normal(z: float) -> float:
    from scipy.special import ndtr  # noqa: PLC0415

    return float(ndtr(z))


def _follow(
    policy: Policy, mean: float, sigma: float, paths: int, seed: int
) -> tuple[NDArray[np.float64], list[tuple[float, float, float, float]]]:
    """Let many reps follow `policy`; return final sales and (time, step, mean effort, its standard error)."""
    draws = Streams(seed, 0).generator("diffusion")
    x = np.zeros(paths)
    seen = []
    horizon = float(policy.left[-1])
    levels = policy.left[::-1]
    for high, low in pairwise(levels):
        step = float(high - low) / SUBSTEPS
        for k in range(SUBSTEPS):
            left = float(high) - k * step
            effort = policy.effort_at(x, left)
            seen.append((horizon - left, step, float(effort.mean()), float(effort.std() / sqrt(paths))))
            x = x + (mean + effort) * step + sigma * sqrt(step) * draws.standard_normal(paths)
    return x, seen


def bonus_odds(
    bonus: float = 0.15,
    cost: float = 1.0,
    sigma: float = 0.3,
    mean: float = 0.85,
    quota: float = 1.0,
    paths: int = 40_000,
    *,
    seed: int = 1,
) -> list[Row]:
    """A lump bonus for quota: it multiplies the odds of making quota by exp(B/(cσ²)).

    Parameters
    ----------
    bonus
        Lump sum B, in the unit of money in which effort e costs ``c e²/2``.
    cost, sigma, mean
        c, σ and the drift m of sales without effort.
    quota
        Quota Q.
    paths
        Reps simulated.
    seed
        Seed.
    """
    plan = Incentive(commission_rate=0.0, bonuses=(Bonus(attainment=1.0, amount=bonus),))
    policy = solve(lambda x: pay.goal(plan, x, quota), mean=mean, sigma=sigma, cost=cost, grid=FINE)
    sales, seen = _follow(policy, mean, sigma, paths, seed)
    factor = exp(bonus / (cost * sigma**2))
    d = (quota - mean) / sigma
    before = 1 - _normal(d)
    after = factor * before / (1 + (factor - 1) * before)
    density = exp(-0.5 * d * d) / sqrt(2 * np.pi)
    extra = (factor - 1) * sigma * density / (1 + (factor - 1) * before)
    hit = float((sales >= quota).mean())
    error = sqrt(hit * (1 - hit) / paths)
    odds = hit / (1 - hit) / (before / (1 - before))
    return [
        held("share at quota", hit, after, error),
        held("odds multiplied by", odds, factor, odds * error / (hit * (1 - hit)), tolerance=0.03),
        held("extra sales", float(sales.mean()) - mean, extra, float(sales.std() / sqrt(paths))),
        held("effort at the start", seen[0][2], extra, tolerance=0.02),
    ]


def flat_effort(
    means: Sequence[float] = (0.7, 0.85, 1.0, 1.15),
    bonus: float = 0.15,
    sigma: float = 0.3,
    paths: int = 40_000,
    *,
    seed: int = 1,
) -> list[Row]:
    """Without impatience expected effort is the same in every quarter of the year, for any plan.

    Parameters
    ----------
    means
        Sales without effort, quota = 1; one row each, for a bonus at quota, then one for an accelerator.
    bonus
        Lump sum at quota.
    sigma
        σ.
    paths
        Reps simulated.
    seed
        Seed.
    """
    rows = []
    step_plan = Incentive(commission_rate=0.0, bonuses=(Bonus(attainment=1.0, amount=bonus),))
    kinked = Incentive(commission_rate=0.05, accelerator=3.0, cap=1.4)
    for mean, plan, label in [(mean, step_plan, "bonus") for mean in means] + [
        (means[-1], kinked, "accelerator and cap")
    ]:
        policy = solve(partial(pay.goal, plan, quota=1.0), mean=mean, sigma=sigma, cost=1.0, grid=FINE)
        _, seen = _follow(policy, mean, sigma, paths, seed)
        first, last = _quarter(seen, 0.0, 0.25), _quarter(seen, 0.75, 1.0)
        error = last[1] / first[0]
        rows.append(
            held(f"effort Q4 ÷ Q1, {label}, m = {mean:g}", last[0] / first[0], 1.0, error, tolerance=0.02)
        )
    return rows


def _quarter(seen: list[tuple[float, float, float, float]], start: float, end: float) -> tuple[float, float]:
    """Return time-weighted mean effort in ``[start, end)`` and its standard error."""
    total = weight = error = 0.0
    for when, step, effort, wrong in seen:
        share = max(min(when + step, end) - max(when, start), 0.0)
        total, weight, error = total + effort * share, weight + share, error + wrong * share
    return total / weight, error / weight


def impatience(
    rates: Sequence[float] = (0.1, 0.4),
    bonus: float = 0.15,
    sigma: float = 0.3,
    mean: float = 0.85,
    paths: int = 60_000,
    *,
    seed: int = 1,
) -> list[Row]:
    """With impatience ρ effort grows as exp(ρt): Q4 ÷ Q1 = exp(0.75 ρ).

    Parameters
    ----------
    rates
        Yearly discount rates; one row each.
    bonus, sigma, mean
        Plan and noise as in ``bonus_odds``.
    paths
        Reps simulated.
    seed
        Seed.
    """
    plan = Incentive(commission_rate=0.0, bonuses=(Bonus(attainment=1.0, amount=bonus),))
    rows = []
    for rate in rates:
        policy = solve(
            lambda x: pay.goal(plan, x, 1.0), mean=mean, sigma=sigma, cost=1.0, impatience=rate, grid=FINE
        )
        _, seen = _follow(policy, mean, sigma, paths, seed)
        first, last = _quarter(seen, 0.0, 0.25), _quarter(seen, 0.75, 1.0)
        rows.append(
            held(
                f"effort Q4 ÷ Q1, ρ = {rate:g}",
                last[0] / first[0],
                exp(0.75 * rate),
                last[1] / first[0],
                tolerance=0.02,
            )
        )
    return rows


def ratchet(
    discount: float = 0.95,
    keeps: Sequence[float] = (0.0, 0.5, 0.8, 0.9),
    rate: float = 0.05,
    *,
    seed: int = 1,  # noqa: ARG001  (every case takes a seed)
) -> list[Row]:
    """A quota that follows results: linear pay above quota keeps only (1-δ)/(1-δλ) of its rate.

    Parameters
    ----------
    discount
        δ, worth of next period's money.
    keeps
        λ, weight of the old quota; one row each.
    rate
        Commission above quota b.
    seed
        Not used: nothing is random.
    """
    rows = []
    for keep in keeps:
        # A rep always far above quota, so that pay is b(X - Q) throughout.
        plan = Incentive(commission_rate=0.0, tiers=(Tier(attainment=1.0, rate=rate),), ratchet=keep)
        charge = ratchet_charge(plan, 1.0, 3.0, 0.1, discount)
        rows.append(
            held(
                f"effective rate ÷ rate, λ = {keep:g}",
                (rate - charge) / rate,
                (1 - discount) / (1 - discount * keep),
            )
        )
    return rows


def risk_premium(
    aversions: Sequence[float] = (0.0, 2.0, 6.25, 20.0),
    cost: float = 1.0,
    sigma: float = 0.4,
    rate: float = 0.3,
    bonus: float = 0.3,
    *,
    seed: int = 1,  # noqa: ARG001  (every case takes a seed)
) -> list[Row]:
    """Risky pay is worth its mean less a premium, and the best commission falls with risk: b* = 1/(1 + r c σ²).

    The effort law itself is solved, below, at and above r = 1/(cσ²), where its equation changes sign.  A flat
    commission b is worth ``b·m + b²/(2c) - r b²σ²/2``, a bonus B for quota ``ln(1 + (e^{κB} - 1) p)/κ`` with
    ``κ = 1/(cσ²) - r`` and p the chance without effort.

    Parameters
    ----------
    aversions
        r, the coefficient of constant absolute risk aversion; three rows each.
    cost, sigma
        c and σ.
    rate
        Commission b of the first row.
    bonus
        Bonus B of the second.
    seed
        Not used: nothing is random.
    """
    mean, quota = 1.0, 1.1

    def certain(goal: Callable[[NDArray[np.float64]], NDArray[np.float64]], aversion: float) -> float:
        policy = solve(goal, mean=mean, sigma=sigma, cost=cost, risk_aversion=aversion, grid=FINE)
        return float(policy.value_at(0.0, 1.0))

    rows = []
    for r in aversions:
        bend = 1 / (cost * sigma**2) - r
        flat = rate * mean + rate**2 / (2 * cost) - r * (rate * sigma) ** 2 / 2
        chance = 1 - _normal((quota - mean) / sigma)
        lump = bonus * chance if abs(bend) < 1e-9 else float(np.log1p(np.expm1(bend * bonus) * chance) / bend)
        plan = Incentive(commission_rate=0.0, bonuses=(Bonus(attainment=1.0, amount=bonus),))
        # Salary moves money between firm and rep, so the firm keeps what sales bring beyond what must be paid for them.
        rates = np.linspace(0.0, 1.0, 101)
        gains = [
            (1 - b) * (mean + b / cost) + certain(lambda x, b=b: b * x, r)  # type: ignore[misc]
            for b in rates.tolist()
        ]
        label = f"r = {r:g}"
        rows += [
            held(f"worth of a flat commission, {label}", certain(lambda x: rate * x, r), flat),
            held(
                f"worth of a bonus at quota, {label}", certain(partial(pay.goal, plan, quota=quota), r), lump
            ),
            held(
                f"best commission, {label}",
                float(rates[int(np.argmax(gains))]),
                1 / (1 + r * cost * sigma**2),
                absolute=0.02,
            ),
        ]
    return rows


def newsvendor_quota(
    mean: float = 100.0,
    sd: float = 30.0,
    odds: Sequence[float] = (1.0, 3.0, 1 / 3),
    reps: int = 400_000,
    *,
    seed: int = 1,
) -> list[Row]:
    """The quota that costs least when too low and too high cost unlike: q* = F⁻¹(c_u / (c_u + c_o)).

    Parameters
    ----------
    mean, sd
        Sales of a rep, normal.
    odds
        Cost of a quota one unit too low (commission paid above it) ÷ one unit too high; one row each.
    reps
        Sample size.
    seed
        Seed.

    Notes
    -----
    Costs are computed with the plan's own commission: a tier with rate 1 above quota pays (X - q)⁺.
    """
    from scipy.special import ndtri  # noqa: PLC0415

    sales = mean + sd * Streams(seed, 0).generator("sales").standard_normal(reps)
    above = Incentive(commission_rate=0.0, tiers=(Tier(attainment=1.0, rate=1.0),))
    rows = []
    for ratio in odds:
        quotas = np.linspace(mean - 1.5 * sd, mean + 1.5 * sd, 301)
        costs = []
        for quota in quotas:
            over = pay.commission(above, sales, quota)
            costs.append(ratio * over.mean() + (over - (np.maximum(sales, 0.0) - quota)).mean())
        best = float(quotas[int(np.argmin(costs))])
        rows.append(
            held(
                f"best quota, too low : too high = {ratio:.3g}",
                best,
                mean + sd * float(ndtri(ratio / (1 + ratio))),
                tolerance=0.02,
            )
        )
    reached = float((sales >= 1.1 * mean).mean())
    rows.append(
        held(
            "share at 110% of expectation",
            reached,
            1 - _normal(0.1 * mean / sd),
            sqrt(reached * (1 - reached) / reps),
        )
    )
    return rows
