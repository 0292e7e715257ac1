"""KPI formulas on totals, for sheets and cases where there are no tables.

Every function returns None where there is nothing to divide by: never 0, never infinity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def share(part: float, whole: float) -> float | None:
    """Return `part` ÷ `whole`, None unless `whole` is above 0."""
    return part / whole if whole > 0 else None


def retention(start: int, end: int, new: int) -> float | None:
    """Return customer retention (E − N) ÷ S: of `start` customers, how many of the `end` ones are not `new`."""
    return share(end - new, start)


def churn(start: int, end: int, new: int) -> float | None:
    """Return customer churn, 1 − retention on the same customers."""
    kept = retention(start, end, new)
    return None if kept is None else 1 - kept


def yearly_churn(monthly: float) -> float:
    """Return the churn of a year from that of a month: 1 − (1 − c)¹², not 12 c."""
    return 1 - (1 - monthly) ** 12


def turnover(leavers: int, start: int, end: int) -> float | None:
    """Return staff turnover: leavers ÷ average head-count of start and end."""
    return share(leavers, (start + end) / 2)


def staff_retention(start: int, start_who_left: int) -> float | None:
    """Return staff retention: those of the start who are still there ÷ those of the start."""
    return share(start - start_who_left, start)


def gross_margin(revenue: float, cost: float) -> float | None:
    """Return gross margin: (revenue − cost of goods) ÷ revenue."""
    return share(revenue - cost, revenue)


@dataclass(frozen=True, slots=True)
class ReturnOnAssets:
    """Return on assets (总资产净利率: net income, not EBIT) over the months given, and scaled to a year."""

    raw: float
    annualised: float


def return_on_assets(
    net_income: float, opening: float, closing: float, months: float = 12
) -> ReturnOnAssets | None:
    """Return net income ÷ average of opening and closing total assets, None where the average is not above 0."""
    raw = share(net_income, (opening + closing) / 2)
    return None if raw is None else ReturnOnAssets(raw, raw * 12 / months)


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers on a five-point scale.

    Attributes
    ----------
    favourable
        Share of 4 and 5 (CSAT as top-2-box).
    mean
        Mean in points; not CSAT.
    n
        Answers.
    response_rate
        Answers ÷ people asked, None where that is not known.
    """

    favourable: float
    mean: float
    n: int
    response_rate: float | None


def answers(scores: Sequence[int | None], asked: int | None = None) -> Answers | None:
    """Return what a list of answers says; a blank (None) is left out, not neutral."""
    given = [score for score in scores if score is not None]
    if not given:
        return None
    return Answers(
        sum(score >= 4 for score in given) / len(given),
        sum(given) / len(given),
        len(given),
        None if asked is None else share(len(given), asked),
    )


@dataclass(frozen=True, slots=True)
class SkillGain:
    """Skill before and after a training, same people on the same rubric.

    Attributes
    ----------
    mean
        Mean of post − pre, in points.
    improved
        Share of people with post above pre.
    normalised
        Mean of (post − pre) ÷ (max − pre) over those below the maximum; None if all were at it.
    n, unmatched
        People measured twice, and people measured once, who are dropped.
    """

    mean: float
    improved: float
    normalised: float | None
    n: int
    unmatched: int


def skill_gain(pre: dict[str, float], post: dict[str, float], top: float) -> SkillGain | None:
    """Return the gain over people with both scores; None where nobody has both."""
    both = sorted(pre.keys() & post.keys())
    if not both:
        return None
    gains = [post[person] - pre[person] for person in both]
    room = [(post[person] - pre[person]) / (top - pre[person]) for person in both if pre[person] < top]
    return SkillGain(
        sum(gains) / len(gains),
        sum(gain > 0 for gain in gains) / len(gains),
        sum(room) / len(room) if room else None,
        len(both),
        len(pre.keys() ^ post.keys()),
    )


def dpmo(defects: int, units: int, opportunities: int) -> float | None:
    """Return defects per million opportunities, D ÷ (U × O) × 10⁶."""
    rate = share(defects, units * opportunities)
    return None if rate is None else rate * 1e6


__all__ = [
    "Answers",
    "ReturnOnAssets",
    "SkillGain",
    "answers",
    "churn",
    "dpmo",
    "gross_margin",
    "retention",
    "return_on_assets",
    "share",
    "skill_gain",
    "staff_retention",
    "turnover",
    "yearly_churn",
]
