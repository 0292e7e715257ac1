"""From value to score: attainment, goal and red flag, progress, pace, weights, payout curve.

Score, progress and pay are three things; nothing here turns one into another.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

CostForm = Literal["mirror", "inverse"]
_EARLY = 0.05
_RED, _GREEN = 10 / 3, 20 / 3


def attainment(
    actual: float, target: float, *, lower: bool = False, form: CostForm = "mirror"
) -> float | None:
    """Return attainment (1 = target reached), None for a target of 0.

    Parameters
    ----------
    actual, target
        In the same unit.  A negative target (a planned loss) is compared by distance:
        1 + (actual − target) ÷ |target|.
    lower
        Whether less is better.
    form
        For lower-is-better: ``"mirror"`` 2 − actual ÷ target, or ``"inverse"`` target ÷ actual.
    """
    if target == 0 or (lower and form == "inverse" and actual == 0):
        return None
    if lower:
        return 2 - actual / target if form == "mirror" else target / actual
    return actual / target if target > 0 else 1 + (actual - target) / -target


def goal_score(value: float, goal: float, red: float) -> float | None:
    """Return 0 to 10 on the line through the red flag (3.33) and the goal (6.67); None where both are equal.

    Works in both directions: a goal below the red flag means less is better.

    Examples
    --------
    >>> [round(goal_score(value, 700, 500), 3) for value in (300, 500, 600, 700, 900)]
    [0.0, 3.333, 5.0, 6.667, 10.0]
    """
    if goal == red:
        return None
    return min(max(_RED + (value - red) / (goal - red) * (_GREEN - _RED), 0.0), 10.0)


def progress(value: float, baseline: float, target: float) -> float | None:
    """Return the way gone from baseline to target; negative when it went backwards; None where they are equal."""
    return None if target == baseline else (value - baseline) / (target - baseline)


def pace(actual: float, target: float, elapsed: float, total: float) -> float | None:
    """Return (actual ÷ target) ÷ (elapsed ÷ total working days), 进度比.

    None for a target or a period of 0 and in the first 5 % of the period, when it says nothing.
    """
    if target == 0 or total <= 0 or elapsed / total < _EARLY:
        return None
    return (actual / target) / (elapsed / total)


def reshare(weights: Sequence[float], known: Sequence[bool]) -> list[float]:
    """Return the weights of what is known, scaled to sum to 1; 0 where unknown or where nothing is known."""
    kept = [weight if there else 0.0 for weight, there in zip(weights, known, strict=True)]
    total = sum(kept)
    return [weight / total if total > 0 else 0.0 for weight in kept]


def weighted(scores: Sequence[float | None], weights: Sequence[float]) -> float | None:
    """Return the weighted mean of the scores that are there, weights re-shared; None where none is.

    Examples
    --------
    >>> weighted([110, 80, None, 95], [0.4, 0.2, 0.2, 0.2])
    98.75
    """
    shares = reshare(weights, [score is not None for score in scores])
    if not any(shares):
        return None
    # Rounded where floats end, so that 98.75 is 98.75.
    return round(
        sum(score * share for score, share in zip(scores, shares, strict=True) if score is not None), 12
    )


def piecewise(
    x: float,
    points: Sequence[tuple[float, float]],
    *,
    slope: float = 0.0,
    below: float = 0.0,
    cap: float | None = None,
) -> float:
    """Return a payout curve at `x`: nothing below the threshold, straight between the points, `slope` after them.

    Parameters
    ----------
    x
        Attainment, 1 = target.
    points
        (attainment, payout), attainment rising; the first is the threshold, where payout jumps from `below`.
    slope
        Payout per unit of attainment beyond the last point, e.g. 2 for an accelerator of two.
    below
        Payout below the threshold.
    cap
        Most that is paid.

    Raises
    ------
    UserError
        No points, or attainments that do not rise.

    Examples
    --------
    >>> curve = [(0.8, 0.5), (1.0, 1.0)]
    >>> [round(piecewise(x, curve, slope=2, cap=2), 6) for x in (0.79, 0.8, 0.9, 1.0, 1.2, 1.5, 3)]
    [0.0, 0.5, 0.75, 1.0, 1.4, 2.0, 2.0]
    """
    edges = [edge for edge, _ in points]
    if not points or any(after <= before for before, after in pairwise(edges)):
        raise UserError(
            "payout points {points}: attainments must rise; sort them and take doubles out",
            points=list(points),
        )
    place = bisect_right(edges, x)
    if place == 0:
        return below
    edge, pay = points[place - 1]
    if place < len(points):
        after, more = points[place]
        slope = (more - pay) / (after - edge)
    paid = pay + (x - edge) * slope
    return paid if cap is None else min(paid, float(cap))


def threshold_score(value: float, threshold: float, target: float, stretch: float) -> float:
    """Return 0 below the threshold, then 60, 100 and 120 at threshold, target and stretch, straight between (门槛/目标/挑战).

    Examples
    --------
    >>> [threshold_score(value, 80, 100, 120) for value in (79, 80, 90, 100, 110, 130)]
    [0.0, 60.0, 80.0, 100.0, 110.0, 120.0]
    """
    sign = 1.0 if stretch >= threshold else -1.0
    points = [(sign * threshold, 60.0), (sign * target, 100.0), (sign * stretch, 120.0)]
    return piecewise(sign * value, points, cap=120.0)


def rag(
    attained: float | None, green: float = 1.0, amber: float = 0.9
) -> Literal["green", "amber", "red"] | None:
    """Return the traffic light of an attainment, rules read from the top; None where there is none."""
    if attained is None:
        return None
    return "green" if attained >= green else "amber" if attained >= amber else "red"


__all__ = [
    "CostForm",
    "attainment",
    "goal_score",
    "pace",
    "piecewise",
    "progress",
    "rag",
    "reshare",
    "threshold_score",
    "weighted",
]
