"""Theorems on incentives, contests, gaming and customer value, found again by trial and by counting."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import log, pi, sqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from kpisim.evidence import queues
from kpisim.evidence.case import held
from kpisim.evidence.plans import FINE, _follow
from kpisim.model import coordination as pairs
from kpisim.model import pay
from kpisim.model.effort import solve
from kpisim.model.streams import Streams
from kpisim.scenario.incentive import Incentive, Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from kpisim.evidence.case import Row

    Array = NDArray[np.float64]


def _normals(count: int, generator: np.random.Generator) -> Array:
    """Return standard normals, one from each of `count` equally likely slices, so that means have little error."""
    from scipy.special import ndtri  # noqa: PLC0415

    return np.asarray(ndtri((np.arange(count) + generator.random(count)) / count))


def _certain(money: Array, aversion: float) -> float:
    """Return the sure sum that a rep with constant absolute risk aversion values like the lottery `money`."""
    shift = float(money.mean())
    return shift - log(float(np.exp(-aversion * (money - shift)).mean())) / aversion


def _climb(worth: Callable[[float], float], start: float, step: float) -> float:
    """Return the place of the maximum of `worth`, found by trying a bit more and a bit less."""
    best, value = start, worth(start)
    while step > 1e-4:
        for trial in (best + step, best - step):
            found = worth(trial)
            if found > value:
                best, value = trial, found
                break
        else:
            step /= 2
    return best


def linear_contract(
    aversions: Sequence[float] = (1.0, 2.0, 2.0, 0.5),
    costs: Sequence[float] = (1.0, 1.0, 1.0, 2.0),
    variances: Sequence[float] = (0.5, 0.5, 2.0, 1.0),
    months: int = 4_000,
    *,
    seed: int = 1,
) -> list[Row]:
    """Best commission for a rep who dislikes risk: b* = 1/(1 + r c σ²), effort b*/c, surplus 1/(2c(1 + r c σ²)).

    A rep tries a bit more and a bit less until nothing is better, under the pay code's own commission; the firm tries
    every rate from 0 to 1 and keeps the one with the largest surplus.

    Parameters
    ----------
    aversions, costs, variances
        r, c and σ² of each setting; three rows each.
    months
        Months over which a trial is judged.
    seed
        Seed.
    """
    rows = []
    for r, c, variance in zip(aversions, costs, variances, strict=True):
        shocks = sqrt(variance) * _normals(months, Streams(seed, 0).generator("shocks"))
        # Sales far above 0, because the pay code rightly pays nothing on negative sales.
        base = 10 * sqrt(variance) + 1

        def played(
            rate: float, r: float = r, c: float = c, shocks: Array = shocks, base: float = base
        ) -> tuple[float, float]:
            plan = Incentive(commission_rate=rate)

            def worth(effort: float) -> float:
                income = pay.goal(plan, base + effort + shocks, base) - rate * base
                return _certain(income - c * effort**2 / 2, r)

            effort = _climb(worth, 0.0, 0.25)
            # Salary only moves money between the two, so the surplus is the firm's margin plus what the rep's lot is worth.
            margin = (1 - rate) * (effort + float(shocks.mean()))
            return effort, margin + worth(effort)

        rates = np.linspace(0.0, 1.0, 101)
        surplus = [played(rate)[1] for rate in rates.tolist()]
        best = float(rates[int(np.argmax(surplus))])
        exact = 1 / (1 + r * c * variance)
        label = f"r = {r:g}, c = {c:g}, σ² = {variance:g}"
        rows += [
            held(f"best commission rate, {label}", best, exact, absolute=0.03),
            held(f"effort at the best rate, {label}", played(best)[0], exact / c, absolute=0.03 / c),
            held(f"surplus at the best rate, {label}", max(surplus), exact / (2 * c)),
        ]
    return rows


def _multitask_surplus(
    rates: Array, values: Array, gamma: float, aversion: float, variances: Array
) -> tuple[float, Array]:
    """Return the surplus under commission `rates` and the rep's own choice of time for the two tasks."""
    from scipy.optimize import minimize  # noqa: PLC0415

    def cost(times: Array) -> float:
        return float((times[0] ** 2 + times[1] ** 2) / 2 + gamma * times[0] * times[1])

    def loss(times: Any) -> float:
        return cost(times) - float(rates @ times)

    times = np.asarray(minimize(loss, np.zeros(2), tol=1e-10).x)
    # The risk premium from the lottery itself, by quadrature over both shocks.
    nodes, weights = np.polynomial.hermite_e.hermegauss(24)
    weights = weights / weights.sum()
    premium = 0.0
    for rate, variance in zip(rates.tolist(), variances.tolist(), strict=True):
        exponents = np.exp(-aversion * rate * sqrt(variance) * nodes)
        premium += log(float(weights @ exponents)) / aversion
    return float(values @ times) - cost(times) - premium, times


def _best_rates(gamma: float, aversion: float, variances: Array) -> Array:
    """Return the firm's best commission rates where both tasks are measured and worth 1."""
    from scipy.optimize import minimize  # noqa: PLC0415

    def loss(rates: Any) -> float:
        return -_multitask_surplus(rates, np.ones(2), gamma, aversion, variances)[0]

    return np.asarray(
        minimize(loss, np.full(2, 0.5), method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-9}).x
    )


def multitask(
    gammas: Sequence[float] = (0.0, 0.5, 0.8, 0.5, -0.5),
    values: Sequence[float] = (1.0, 1.0, 1.0, 2.0, 1.0),
    aversion: float = 1.0,
    variance: float = 0.5,
    second: float = 4.0,
    *,
    seed: int = 1,  # noqa: ARG001  (every case takes a seed)
) -> list[Row]:
    """Pay on one task takes time from the other: b1* = (1 - γB2)/(1 + rσ²(1 - γ²)) (Holmström & Milgrom).

    The rep's choice of times and the firm's choice of rates are both found by numerical search.

    Parameters
    ----------
    gammas
        γ, how far time for one task makes the other harder (below 1); one setting each.
    values
        B2, worth of the second task to the firm (the first is worth 1); one for each γ.
    aversion
        r, the rep's risk aversion.
    variance
        σ² of the measure of the first task.
    second
        σ² of the measure of the second task in the last rows, where both are measured and paid.
    seed
        Not used: nothing is random.
    """
    from scipy.optimize import minimize_scalar  # noqa: PLC0415

    rows = []
    for gamma, value in zip(gammas, values, strict=True):
        worth = np.array([1.0, value])
        noise = np.array([variance, 0.0])

        def loss(rate: float, gamma: float = gamma, worth: Array = worth, noise: Array = noise) -> float:
            return -_multitask_surplus(np.array([rate, 0.0]), worth, gamma, aversion, noise)[0]

        best = float(minimize_scalar(loss, bounds=(-2.0, 3.0), method="bounded").x)
        times = _multitask_surplus(np.array([best, 0.0]), worth, gamma, aversion, noise)[1]
        exact = (1 - gamma * value) / (1 + aversion * variance * (1 - gamma**2))
        label = f"γ = {gamma:g}, B2 = {value:g}"
        rows.append(held(f"rate on the measured task, {label}", best, exact, absolute=0.002))
        rows.append(
            held(
                f"time for the unmeasured task, {label}",
                float(times[1]),
                -gamma * exact / (1 - gamma**2),
                absolute=0.002,
            )
        )
    noise = np.array([variance, second])
    for gamma in dict.fromkeys(gamma for gamma in gammas if gamma >= 0):
        found = _best_rates(gamma, aversion, noise)
        crossed = np.array([[1.0, gamma], [gamma, 1.0]])
        exact_rates = np.linalg.solve(np.eye(2) + aversion * crossed @ np.diag(noise), np.ones(2))
        rows += [
            held(f"rate on task {task}, both measured, γ = {gamma:g}", mine, exact, absolute=0.002)
            for task, (mine, exact) in enumerate(
                zip(found.tolist(), exact_rates.tolist(), strict=True), start=1
            )
        ]
    return rows


def _plan_for(
    bend: float, steep: float, luck: Array, reservation: float
) -> tuple[float, float, float, float]:
    """Return profit, effort, level A and expected pay of the plan ``s(x) = (A + B x^p)²`` with B = `steep`, p = `bend`.

    The rep tries efforts; the firm then lowers A until they just stay.
    """

    def powered(effort: float) -> float:
        return float((((20 + 10 * effort) * luck) ** bend).mean())

    effort = _climb(lambda t: 2 * steep * powered(max(t, 0.0)) - t**2, 1.0, 0.25)
    level = (reservation + effort**2) / 2 - steep * powered(effort)
    sales = (20 + 10 * effort) * luck
    paid = float(((level + steep * sales**bend) ** 2).mean())
    return float(sales.mean()) - paid, effort, level, paid


def _best_steepness(bend: float, luck: Array, reservation: float) -> float:
    """Return the B with the largest profit for plans with p = `bend`."""
    # A power of sales near 28 is steeper by 28^(p-1); without it the steps would be too coarse for large p.
    unit: float = 28.0 ** (1 - bend)

    def profit(trial: float) -> float:
        return _plan_for(bend, unit * trial, luck, reservation)[0]

    return unit * _climb(profit, 0.05, 0.02)


def concave_plan(
    shape: float = 9.0,
    reservation: float = 8.0,
    bends: Sequence[float] = (0.5, 0.75, 1.0, 1.25, 1.5),
    months: int = 4_000,
    *,
    seed: int = 1,
) -> list[Row]:
    """The best pay for a rep with utility 2√s who dislikes risk: √s is linear in sales (Basu, Lal, Srinivasan & Staelin).

    Sales are gamma with mean 20 + 10t, effort costs t², a unit of sales earns 1.  The rep tries efforts, the firm tries
    plans ``s(x) = (A + B x^p)²``: every steepness B, and several bends p.

    Parameters
    ----------
    shape
        Shape q of the gamma law of sales; the larger, the less luck.
    reservation
        Utility that the rep can have elsewhere.
    bends
        Exponents p that the firm tries; the theorem says 1 is best.
    months
        Months over which a trial is judged.
    seed
        Seed.

    Notes
    -----
    ``B = t/10``, ``A + B g = (m + t²)/2`` and ``E s = ((m + t²)/2)² + B² g²/q`` with g = 20 + 10t and reservation m;
    t makes the profit ``g - E s`` largest.
    """
    from scipy.optimize import minimize_scalar  # noqa: PLC0415
    from scipy.special import gammaincinv  # noqa: PLC0415

    slices = (np.arange(months) + Streams(seed, 0).generator("luck").random(months)) / months
    luck = np.asarray(gammaincinv(shape, slices), dtype=np.float64) / shape

    def spent(t: float) -> float:
        return ((reservation + t**2) / 2) ** 2 + (t / 10 * (20 + 10 * t)) ** 2 / shape

    def loss(t: float) -> float:
        return spent(t) - 20 - 10 * t

    t = float(minimize_scalar(loss, bounds=(0.0, 5.0), method="bounded").x)
    tried = []
    for bend in bends:
        steep = _best_steepness(bend, luck, reservation)
        tried.append((*_plan_for(bend, steep, luck, reservation), steep, bend))
    _, effort, level, paid, steep, bend = max(tried)
    level_exact = (reservation + t**2) / 2 - t / 10 * (20 + 10 * t)
    return [
        held("best bend p of √s = A + B x^p", bend, 1.0),
        held("effort", effort, t),
        held("level A", level, level_exact),
        held("steepness B", steep, t / 10),
        held("mean sales", 20 + 10 * effort, 20 + 10 * t),
        held("expected pay", paid, spent(t)),
        held("pay at no sales", level**2, level_exact**2),
    ]


def cap_and_kink(
    rate: float = 0.3,
    cap: float = 1.3,
    mean: float = 0.85,
    sigma: float = 0.3,
    paths: int = 150_000,
    *,
    seed: int = 1,
) -> list[Row]:
    """Commission from quota up to a cap: final sales follow the no-effort law, re-weighted by exp(g(x)/(cσ²)).

    Parameters
    ----------
    rate
        Commission on sales above quota (quota = 1, c = 1).
    cap
        Sales beyond which nothing is earned, as a share of quota.
    mean, sigma
        Sales without effort m, and σ.
    paths
        Reps simulated under the model's own effort policy.
    seed
        Seed.

    Notes
    -----
    The policy's steps in time leave the simulated extras about half a percent short of the law.
    """
    plan = Incentive(commission_rate=0.0, tiers=(Tier(attainment=1.0, rate=rate),), cap=cap)
    policy = solve(lambda x: pay.goal(plan, x, 1.0), mean=mean, sigma=sigma, cost=1.0, grid=FINE)
    sales, _ = _follow(policy, mean, sigma, paths, seed)
    x = np.linspace(mean - 8 * sigma, mean + 10 * sigma, 200_001)
    # The theorem's own pay, so that a slip in the pay code shows.
    goal = rate * np.clip(x - 1.0, 0.0, cap - 1.0)
    law = np.exp(-0.5 * ((x - mean) / sigma) ** 2 + goal / sigma**2)
    law /= law.sum()
    income = pay.goal(plan, sales, 1.0)
    rows = []
    for name, simulated, exact in (
        ("extra sales", sales - mean, float(law @ x) - mean),
        ("pay", income, float(law @ goal)),
        ("share above quota", (sales >= 1.0).astype(float), float(law[x >= 1.0].sum())),
        (
            "share between quota and cap",
            ((sales >= 1.0) & (sales < cap)).astype(float),
            float(law[(x >= 1.0) & (x < cap)].sum()),
        ),
        ("share beyond the cap", (sales >= cap).astype(float), float(law[x >= cap].sum())),
    ):
        rows.append(held(name, float(simulated.mean()), exact, float(simulated.std()) / sqrt(paths)))
    return rows


def _marginal(winners: int, reps: int) -> float:
    """Return what a unit more effort adds to the chance of one of `winners` equal prizes (noise sd 1)."""
    from scipy.integrate import quad  # noqa: PLC0415
    from scipy.special import comb, ndtr  # noqa: PLC0415

    def density(z: float) -> float:
        up = 1 - float(ndtr(z))
        return float(np.exp(-z * z) / (2 * pi)) * up ** (winners - 1) * float(ndtr(z)) ** (reps - 1 - winners)

    return float((reps - 1) * comb(reps - 2, winners - 1) * quad(density, -9, 9)[0])


def contest_winners(
    teams: Sequence[int] = (5, 10, 20),
    contests: int = 12_000,
    spread: float = 10.0,
    *,
    seed: int = 1,
) -> list[Row]:
    """How many winners a contest should have: one for reps who do not mind risk, about 3 of 10 for those who do.

    Parameters
    ----------
    teams
        Numbers of reps n.
    contests
        Contests played through the pay code for each n (each also with all luck reversed).
    spread
        ΔW, the winner's prize less the loser's in the contest of two with σ = 2 and c = 1.
    seed
        Seed.

    Notes
    -----
    What effort adds to the chance to win is the mean of (won or not) × own luck, the score of a normal: it needs no
    second run with more effort.  Formula: ``∫ (n-1) C(n-2, k-1) φ² (1-Φ)^{k-1} Φ^{n-1-k}``.  With a fixed budget
    shared by k winners the pull on effort is dP_k ÷ k without risk aversion and dP_k ÷ √k for utility √prize.
    The largest of n normals shows how much of a star is luck.
    """
    rows = []
    for reps in teams:
        luck = Streams(seed, 0).generator(f"luck.{reps}").standard_normal((contests, reps))
        place = np.array([pay.contest(range(reps, 0, -1), row) for row in luck.tolist()])
        gains = []
        for winners in range(1, reps):
            # Luck reversed turns the order round, so both runs are read off the same places.
            won = (place > reps - winners).astype(float) - (place <= winners)
            each = (won * luck).mean(axis=1) / 2
            gains.append((float(each.mean()), float(each.std() / sqrt(contests))))
        exact = [_marginal(winners, reps) for winners in range(1, reps)]
        for winners in (1, 2, 3, 5):
            if winners < reps - 1:
                gain, error = gains[winners - 1]
                rows.append(held(f"dP/de, {winners} of {reps} win", gain, exact[winners - 1], error))
        counts = np.arange(1, reps)
        pull = np.array([gain for gain, _ in gains])
        plain, modest = pull / counts, pull / np.sqrt(counts)
        theory = np.array(exact) / np.sqrt(counts)
        rows.append(
            held(f"best number of winners of {reps}, no risk aversion", float(counts[plain.argmax()]), 1.0)
        )
        chosen = float(counts[modest.argmax()])
        rows.append(
            held(f"best number of winners of {reps}, utility √prize", chosen, float(counts[theory.argmax()]))
        )
        best = int(theory.argmax())
        error = sqrt((gains[best][1] / pull[best]) ** 2 + (gains[0][1] / pull[0]) ** 2)
        ratio = float(modest[best] / modest[0])
        rows.append(
            held(
                f"effort against one winner of {reps}, utility √prize",
                ratio,
                float(theory[best] / theory[0]),
                ratio * error,
            )
        )
        top = luck.max(axis=1)
        rows.append(
            held(
                f"largest of {reps} normals",
                float(top.mean()),
                reps * _marginal(1, reps),
                float(top.std() / sqrt(contests)),
            )
        )
    sigma = 2.0
    luck = sigma * Streams(seed, 0).generator("luck.pair").standard_normal((contests, 2))
    prizes = np.array([pay.contest((spread, 0.0), row) for row in luck.tolist()])
    # The rep adds effort until its marginal pay equals its marginal cost, c e with c = 1.
    effort = ((prizes - spread / 2) * luck).mean(axis=1) / sigma**2
    rows.append(
        held(
            "effort in a contest of two",
            float(effort.mean()),
            spread / (2 * sigma * sqrt(pi)),
            float(effort.std() / sqrt(contests)),
        )
    )
    return rows


def goodhart(
    value_sd: float = 1.0,
    noise_sd: float = 0.5,
    gaming_sds: Sequence[float] = (0.0, 0.5, 1.0),
    top: float = 0.1,
    reps: int = 200_000,
    *,
    seed: int = 1,
) -> list[Row]:
    """Once a KPI is paid and gamed it says less: its correlation with value falls, and so does what selection by it finds.

    Parameters
    ----------
    value_sd, noise_sd
        Spread of what reps are worth and of the KPI's honest noise.
    gaming_sds
        Spread between reps of what gaming adds (never below 0); two rows each, 0 = no gaming.
    top
        Share of reps selected by the KPI.
    reps
        Reps simulated.
    seed
        Seed.

    Notes
    -----
    ``corr = σv/σy`` and ``E[v | y] - μv = (σv²/σy²)(y - μy)`` with ``σy² = σv² + σn² + σg²``.
    """
    streams = Streams(seed, 0)
    value = value_sd * streams.generator("value").standard_normal(reps)
    noise = noise_sd * streams.generator("noise").standard_normal(reps)
    habit = streams.generator("gaming").standard_normal(reps)
    rows = []
    for spread in gaming_sds:
        # Nobody games below nothing: four spreads above 0 leave 3 in 100,000 to be cut.
        kpi = value + noise + np.maximum(spread * (4.0 + habit), 0.0)
        variance = value_sd**2 + noise_sd**2 + spread**2
        exact = value_sd / sqrt(variance)
        seen = float(np.corrcoef(value, kpi)[0, 1])
        rows.append(
            held(f"correlation of KPI and value, gaming {spread:g}", seen, exact, (1 - exact**2) / sqrt(reps))
        )
        chosen = kpi >= np.quantile(kpi, 1 - top)
        excess = float(kpi[chosen].mean()) - 4.0 * spread
        worth = value[chosen]
        rows.append(
            held(
                f"worth of the top {top:.0%} by KPI, gaming {spread:g}",
                float(worth.mean()),
                value_sd**2 / variance * excess,
                float(worth.std() / sqrt(len(worth))),
            )
        )
    return rows


def retention(
    before: float = 0.90,
    after: float = 0.95,
    discount: float = 0.10,
    customers: int = 200_000,
    *,
    seed: int = 1,
) -> list[Row]:
    """Five points more retention: customer life doubles, customer value does not.

    "5 % more retention gives 100 % more profit" (Reichheld & Sasser 1990) is arithmetic on a thought experiment: 0.90
    to 0.95 halves churn, so life goes from 10 to 20 years.  Nobody cut churn in half for nothing in it, money later
    counted as much as money now, and five points are half of all churn.  At 10 % discount the same step is worth a third
    more, before the cost of keeping anybody.

    Parameters
    ----------
    before, after
        Yearly retention rates.
    discount
        Yearly discount rate d.
    customers
        Customers whose lives are played.
    seed
        Seed.

    Notes
    -----
    Life ``1/(1 - r)``; value per unit of yearly margin, paid at the start of each year, ``(1 + d)/(1 + d - r)``.
    """
    rows, lives, worths = [], [], []
    for rate in (before, after):
        # Each year a customer stays with chance r; the year they leave has been paid for.
        years = Streams(seed, 0).generator(f"lives.{rate}").geometric(1 - rate, customers).astype(float)
        factor = 1 / (1 + discount)
        worth = (1 - factor**years) / (1 - factor)
        exact = (1 + discount) / (1 + discount - rate)
        life, value = float(years.mean()), float(worth.mean())
        lives.append((life, float(years.std()) / sqrt(customers) / life))
        worths.append((value, float(worth.std()) / sqrt(customers) / value))
        rows.append(held(f"life at {rate:.0%} [years]", life, 1 / (1 - rate), lives[-1][1] * life))
        rows.append(held(f"value per unit of margin at {rate:.0%}", value, exact, worths[-1][1] * value))
    for name, pair, exact in (
        ("life, after ÷ before", lives, (1 - before) / (1 - after)),
        ("value, after ÷ before", worths, (1 + discount - before) / (1 + discount - after)),
    ):
        ratio = pair[1][0] / pair[0][0]
        rows.append(held(name, ratio, exact, ratio * sqrt(pair[0][1] ** 2 + pair[1][1] ** 2)))
    return rows


def team_pay(
    sizes: Sequence[int] = (1, 2, 4, 8),
    rate: float = 0.2,
    cost: float = 1.0,
    *,
    seed: int = 1,  # noqa: ARG001  (every case takes a seed)
) -> list[Row]:
    """A team bonus split equally moves a selfish rep by 1/n: effort b/(nc).

    The rep tries a bit more and a bit less under the pay code's own team pool, once alone and once as a share of the
    whole team's pool.

    Parameters
    ----------
    sizes
        Team sizes n; two rows each.
    rate
        b, share of sales paid into the pool.
    cost
        c of effort.
    seed
        Not used: nothing is random.

    Notes
    -----
    A contrast and no forecast: measured team bonuses raise sales by 3 % (Friebel et al. 2017) and output by 14 %
    (Hamilton et al. 2003), since people help, watch and teach each other.
    """
    plan = Incentive(commission_rate=0.0, team_pool_rate=rate)
    base = 1.0
    rows = []
    for size in sizes:
        exact = rate / (size * cost)

        def own(effort: float, size: int = size) -> float:
            return float(pay.goal(plan, base + effort, base, size)) - cost * effort**2 / 2

        def shared(effort: float, size: int = size, exact: float = exact) -> float:
            others = (size - 1) * (base + exact)
            return pay.pool_share(plan, others + base + effort, size) - cost * effort**2 / 2

        rows.append(held(f"effort, team of {size}", _climb(own, 0.0, 0.1), exact))
        rows.append(held(f"effort given the others', team of {size}", _climb(shared, 0.0, 0.1), exact))
    return rows


def coordination(
    hours: Sequence[float] = (0.5, 1.0, 2.0, 4.0),
    week: float = 40.0,
    *,
    seed: int = 1,  # noqa: ARG001  (every case takes a seed)
) -> list[Row]:
    """Pairwise talks grow as n(n-1)/2, so that net hours peak at n = H/(2h) + 1/2.

    Parameters
    ----------
    hours
        h, hours a week per pair; one row each.
    week
        H, hours a week of one person.
    seed
        Not used: nothing is random.
    """
    rows = []
    for people in (3, 6, 10):
        counted = len(list(combinations(range(people), 2)))
        rows.append(held(f"links of {people}", float(pairs.links(people)), float(counted)))
    for per_link in hours:
        left = []
        for people in range(1, int(2 * week / per_link) + 3):
            # A row a diary, a column a partner: each pair's talk goes into both diaries.
            diaries = per_link * (1.0 - np.eye(people))
            left.append(float((week - diaries.sum(axis=1)).sum()))
        sizes = np.arange(1, len(left) + 1)
        # Net hours are a parabola in n; its top may lie between two sizes.
        curve = np.polynomial.polynomial.polyfit(sizes, left, 2)
        best = float(-curve[1] / (2 * curve[2]))
        rows.append(held(f"best team size, {per_link:g} h a link", best, pairs.best_size(per_link, week)))
        whole = int(sizes[int(np.argmax(left))])
        rows.append(
            held(
                f"best whole team size, {per_link:g} h a link",
                float(whole),
                best,
                tolerance=0.0,
                absolute=0.501,
            )
        )
        rows.append(
            held(
                f"net hours at that size, {per_link:g} h a link",
                left[whole - 1],
                pairs.net_hours(whole, per_link, week),
            )
        )
    return rows


def pipeline(  # noqa: PLR0913  (a case has the parameters of its claim)
    servers: Sequence[int] = (1, 2, 5),
    load: float = 0.8,
    customers: int = 400_000,
    leads: float = 12.0,
    win_rate: float = 0.25,
    cycle: float = 4.0,
    weeks: int = 40_000,
    *,
    seed: int = 1,
) -> list[Row]:
    """A pipeline as queues: waits at desks (M/M/c), wins as a thinned stream, open deals as M/G/∞.

    Parameters
    ----------
    servers
        Reps at the desk; two rows each, through the model's own desk.
    load
        Utilisation of the desk.
    customers
        Length of each run at the desk.
    leads
        λ, leads per week.
    win_rate
        p, share of leads that are won.
    cycle
        T, mean weeks a deal is open (lognormal, very uneven).
    weeks
        Weeks of the lead stream.
    seed
        Seed.

    Notes
    -----
    Wins of a Poisson(λ) stream are Poisson(λp); open deals are Poisson(λT) whatever the law of T.  A variance equal to
    the mean is what tells a Poisson law from others.  With 10 servers, or at loads of 0.9 and above, the mean wait of
    this run is too noisy to judge; play ``mmc_wait`` with a million customers and more for those.
    """
    rows: list[Row] = []
    for number in servers:
        rows += [
            replace(row, metric=f"{row.metric}, {number} at load {load:g}")
            for row in queues.mmc_wait(number, load, customers, seed=seed)
        ]
    streams = Streams(seed, 0)
    draws = streams.generator("leads")
    arrived = np.sort(draws.random(int(draws.poisson(leads * weeks))) * weeks)
    won = arrived[streams.generator("wins").random(len(arrived)) < win_rate]
    sigma = 1.0
    lengths = cycle * np.exp(sigma * streams.generator("cycles").standard_normal(len(arrived)) - sigma**2 / 2)
    # Weeks far enough apart that they share hardly a deal, after the pipeline has filled.
    looks = np.arange(20 * cycle, weeks, 5 * cycle)
    began = np.searchsorted(arrived, looks)
    ended = np.searchsorted(np.sort(arrived + lengths), looks)
    for name, counts, mean in (
        ("wins a week", np.bincount(won.astype(int), minlength=weeks), leads * win_rate),
        ("open deals", began - ended, leads * cycle),
    ):
        count, seen = len(counts), float(counts.mean())
        ratio = float(counts.var(ddof=1) / seen)
        rows.append(held(name, seen, mean, sqrt(mean / count)))
        # Variance of a Poisson sample variance: (2 + 1/mean) mean² / count.
        rows.append(held(f"{name}, variance ÷ mean", ratio, 1.0, sqrt((2 + 1 / mean) / count)))
    return rows
