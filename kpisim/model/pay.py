"""Pay under every plan: from results to money, step by step.

Class: exact (arithmetic on the plan).  Every function takes arrays or single numbers, so that the same code
pays a rep at a period's end, draws the payout curve, and is the goal the effort law works on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from kpisim.scenario.incentive import Incentive, Matrix


def commission(plan: Incentive, sales: ArrayLike, quota: ArrayLike) -> NDArray[np.float64]:
    """Return commission on booked `sales` against `quota`.

    Notes
    -----
    The flat rate holds up to the first tier.  Marginal tiers pay each slice at its own rate, whole-amount tiers
    pay everything at the highest rate reached.  The accelerator multiplies the rate of the slice above 100 %.
    Sales beyond the cap earn nothing; below the threshold there is no commission.
    """
    x = np.maximum(np.asarray(sales, dtype=float), 0.0)
    q = np.asarray(quota, dtype=float)
    reach = x / q
    paid = np.minimum(reach, plan.cap) if plan.cap is not None else reach
    edges = [0.0, *(tier.attainment for tier in plan.tiers)]
    rates = [plan.commission_rate, *(tier.rate for tier in plan.tiers)]
    if plan.tier_mode == "whole":
        top = np.select([reach >= edge for edge in reversed(edges)], list(reversed(rates)), 0.0)
        amount = top * paid + (plan.accelerator - 1.0) * top * np.maximum(paid - 1.0, 0.0)
    else:
        amount = np.zeros(np.broadcast(paid, q).shape)
        for edge, above, rate in zip(edges, [*edges[1:], np.inf], rates, strict=True):
            for low, high, factor in (
                (edge, min(above, 1.0), 1.0),
                (max(edge, 1.0), above, plan.accelerator),
            ):
                if high > low:
                    amount = amount + rate * factor * (np.clip(paid, low, high) - low)
    return np.where(reach >= plan.threshold, amount * q, 0.0)


def lump_sums(plan: Incentive, attainment: ArrayLike) -> NDArray[np.float64]:
    """Return the sum of the bonuses whose attainment is reached."""
    reach = np.asarray(attainment, dtype=float)
    total = np.zeros(reach.shape)
    for bonus in plan.bonuses:
        total = total + np.where(reach >= bonus.attainment, bonus.amount, 0.0)
    return np.where(reach >= plan.threshold, total, 0.0)


def coefficient(matrix: Matrix, attainment: ArrayLike, collection: ArrayLike) -> NDArray[np.float64]:
    """Return the matrix cell for attainment and collection rate; 0 below the first edge of either."""
    row = np.searchsorted(matrix.attainment, np.asarray(attainment, dtype=float), side="right")
    column = np.searchsorted(matrix.collection, np.asarray(collection, dtype=float), side="right")
    table = np.zeros((len(matrix.attainment) + 1, len(matrix.collection) + 1))
    table[1:, 1:] = matrix.coefficient
    return np.asarray(table[row, column])


def individual(
    plan: Incentive,
    sales: ArrayLike,
    quota: ArrayLike,
    *,
    collection_rate: ArrayLike = 1.0,
    kpi_score: ArrayLike = 100.0,
    culture: ArrayLike = 1.0,
) -> dict[str, NDArray[np.float64]]:
    """Return the parts of one rep's variable pay that hang on their own results.

    Parameters
    ----------
    plan
        The incentive plan.
    sales, quota
        Booked sales and quota of the period [money].
    collection_rate
        Collected ÷ due in the period [share].
    kpi_score
        Score over the KPI targets, 100 = all met; paid up to 120.
    culture
        Culture score ÷ the score that counts as full [share]; paid up to 1.2.

    Returns
    -------
    dict
        ``commission, bonus, matrix, kpi_bonus, culture`` [money]; `culture` is what the culture share adds
        or takes, 0 when the share is 0.
    """
    reach = np.asarray(sales, dtype=float) / np.asarray(quota, dtype=float)
    open_ = reach >= plan.threshold
    parts = {
        "commission": commission(plan, sales, quota),
        "bonus": lump_sums(plan, reach),
        "matrix": np.where(open_, plan.matrix.base * coefficient(plan.matrix, reach, collection_rate), 0.0),
        "kpi_bonus": np.where(open_, plan.kpi_bonus * np.clip(kpi_score, 0.0, 120.0) / 100.0, 0.0),
    }
    variable = sum(parts.values())
    parts["culture"] = variable * plan.culture_share * (np.clip(culture, 0.0, 1.2) - 1.0)
    return parts


def pool_share(plan: Incentive, team_sales: float, size: int) -> float:
    """Return one rep's equal share of the team pool."""
    return plan.team_pool_rate * max(team_sales, 0.0) / size if size else 0.0


def contest(prizes: Sequence[float], sales: Sequence[float]) -> list[float]:
    """Return each rep's prize by rank of `sales`; reps who tie share the prizes of their ranks."""
    won = [0.0] * len(sales)
    order = sorted(range(len(sales)), key=lambda rep: -sales[rep])
    position = 0
    while position < len(order):
        tied = [rep for rep in order[position:] if sales[rep] == sales[order[position]]]
        purse = sum(prizes[position : position + len(tied)])
        for rep in tied:
            won[rep] = purse / len(tied)
        position += len(tied)
    return won


def next_quota(plan: Incentive, quota: float, result: float, planned: float, planned_next: float) -> float:
    """Return next period's quota under the ratchet ``Q' = λQ + (1-λ)X``.

    Parameters
    ----------
    plan
        Holds λ (`Incentive.ratchet`).
    quota, result
        Quota and booked sales of the period that ended.
    planned, planned_next
        What the yearly plan says for this period and the next; their ratio carries the season over.
    """
    season = planned_next / planned if planned > 0 else 1.0
    raised = plan.ratchet * quota + (1.0 - plan.ratchet) * max(result, 0.1 * quota)
    return raised * season


JUST_BELOW = 1e-9
"""Attainment short of a step by so little that it counts as the step's foot."""


def payout_curve(
    plan: Incentive, quota: float, points: int = 201, most: float = 2.0, *, steps: bool = False
) -> pd.DataFrame:
    """Return variable pay of one rep by attainment, all other results at target.

    Parameters
    ----------
    plan, quota
        The plan, and the quota of its period [money].
    points, most
        How many attainments from 0 to `most`, evenly spaced.
    steps
        Whether what is paid right below a step in pay has a row of its own, so that the step is drawn upright.

    Returns
    -------
    DataFrame
        ``attainment`` from 0 to `most`, ``pay`` [money per period], ``rate`` = pay ÷ sales.
    """
    import pandas as pd  # noqa: PLC0415

    reach = np.linspace(0.0, most, points)
    if steps:
        below = reach[1:] - JUST_BELOW
        jumps = goal(plan, reach[1:] * quota, quota) - goal(plan, below * quota, quota)
        # A slope gains next to nothing over so short a way.
        reach = np.sort(np.concatenate([reach, below[np.abs(jumps) > 100 * JUST_BELOW * quota]]))
    pay = goal(plan, reach * quota, quota)
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(reach > 0, pay / (reach * quota), np.nan)
    return pd.DataFrame({"attainment": reach, "pay": pay, "rate": rate})


def goal(
    plan: Incentive, sales: ArrayLike, quota: float, team: int = 1, collection_rate: float = 0.95
) -> NDArray[np.float64]:
    """Return what a rep can move by their own sales: variable pay g(X), the goal of the effort law.

    The team pool counts with the rep's own 1/n share; the KPI bonus as if the score moved with attainment and
    culture and collection were at target; contest prizes are left out (they depend on the others).
    """
    x = np.asarray(sales, dtype=float)
    parts = individual(
        plan, x, quota, collection_rate=collection_rate, kpi_score=100.0 * np.minimum(x / quota, 1.2)
    )
    own: NDArray[np.float64] = sum(parts.values()) + plan.team_pool_rate * np.maximum(x, 0.0) / max(team, 1)
    return own
