"""When training pays back: it takes hours now and raises the chance to sign later; the week in which the sum turns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kpisim.experiment.experiment import compare
from kpisim.kpi.shown import show_change
from kpisim.text import t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kpisim.experiment.experiment import Comparison
    from kpisim.scenario import Scenario

PATH = "team.training_hours"
WEEKS = 104
"""Horizon: two years, since what is learnt adds up from month to month."""


@dataclass(frozen=True, slots=True)
class BreakEven:
    """Bookings with more training minus those without it, added up from the day on which it begins.

    Attributes
    ----------
    before, hours
        Training hours per rep and month on either side.
    weeks, runs
        Horizon, and paired runs.
    lowest, lowest_week
        Least mean sum over the runs [money], and the week at whose end it stands.
    week
        Week from which the mean sum stays above 0; None where it does not within the horizon.
    p10, p90
        The same week by run, its 10th and 90th percentile over the runs; None where not within the horizon.
    share
        Share of runs that are above 0 within the horizon.
    """

    before: float
    hours: float
    weeks: int
    runs: int
    lowest: float
    lowest_week: int
    week: int | None
    p10: int | None
    p90: int | None
    share: float


def raises_training(a: Scenario, b: Scenario) -> bool:
    """Whether `b` is `a` with more training and nothing else."""
    before, hours = a.team.training_hours, b.team.training_hours
    return hours > before and a.derive({PATH: hours}).digest() == b.digest()


def break_even(
    scenario: Scenario,
    hours: float,
    replications: int = 20,
    seed: int = 1,
    *,
    weeks: int = WEEKS,
    workers: int | None = None,
) -> BreakEven:
    """Play a team that is trained more from its first day on, and the same team as it is, on the same streams.

    For fewer hours it is the team as it is against the one that cuts them: the week in which what was saved is used up.

    Parameters
    ----------
    scenario
        The team, with the training it has.
    hours
        Training hours per rep and month from the first day after the warm-up on.
    replications, seed, workers
        Runs of each side, seed, and processes.
    weeks
        Horizon.
    """
    base = scenario.derive({"calendar.weeks": weeks})
    change = {"at": base.calendar.start, "set": {PATH: hours}}
    trained = base.derive({"changes": [*base.model_dump()["changes"], change]})
    versus = compare(base, trained, replications, seed, workers=workers)
    differences = booked_more(versus)
    low, high = sorted((scenario.team.training_hours, hours))
    return _found((1 if hours == high else -1) * differences.cumsum(axis=1), low, high)


def booked_more(versus: Comparison) -> NDArray[np.float64]:
    """Return the bookings of the second team minus those of the first, by run that both have (rows) and week (columns)."""
    frames = [
        side.weekly.pivot(index="run", columns="week", values="booked") for side in (versus.b, versus.a)
    ]
    return np.asarray((frames[0] - frames[1]).dropna(), dtype=float)


def _found(sums: NDArray[np.float64], before: float, hours: float) -> BreakEven:
    """Return what sums by run (rows) and week (columns) say."""
    by_run = np.array([turned(row) for row in sums])
    mean = sums.mean(axis=0)
    lowest = int(mean.argmin())
    runs, weeks = sums.shape
    # An order statistic, no interpolation: a week halfway to "never" does not exist.
    p10, p90 = (float(np.percentile(by_run, edge, method="inverted_cdf")) for edge in (10, 90))
    return BreakEven(
        before=before,
        hours=hours,
        weeks=weeks,
        runs=runs,
        lowest=float(mean[lowest]),
        lowest_week=lowest + 1,
        week=_week(turned(mean)),
        p10=_week(p10),
        p90=_week(p90),
        share=float(np.isfinite(by_run).mean()),
    )


def turned(sums: NDArray[np.float64]) -> float:
    """Return the week, from 1, from which a sum stays above 0 to the end; infinite where it ends at 0 or below."""
    not_above = np.flatnonzero(sums <= 0)
    if not len(not_above):
        return 1.0
    last = int(not_above[-1])
    return np.inf if last == len(sums) - 1 else last + 2.0


def _week(week: float) -> int | None:
    return int(week) if np.isfinite(week) else None


def break_even_lines(found: BreakEven) -> list[str]:
    """Return it in words: what it costs first, from which week on it is back, and what is assumed."""
    never = t("not within {weeks} weeks", weeks=found.weeks)
    low, high = (never if week is None else t("week {week}", week=week) for week in (found.p10, found.p90))
    costs = t(
        "Training {hours} h per rep and month instead of {before} h, from the first day on: bookings added up are lowest in week {week}, {lowest} (mean of {runs} paired runs).",
        hours=f"{found.hours:g}",
        before=f"{found.before:g}",
        week=found.lowest_week,
        lowest=show_change(round(found.lowest), "money"),
        runs=found.runs,
    )
    pays = (
        t("Break-even: not within {weeks} weeks on average over runs.", weeks=found.weeks)
        if found.week is None
        else t("Break-even: from week {week} on, on average over runs.", week=found.week)
    )
    spread = t(
        "By run: P10 {low}, P90 {high}; {share} of runs break even within {weeks} weeks.",
        low=low,
        high=high,
        share=percent(found.share, 0),
        weeks=found.weeks,
    )
    assumed = t(
        "Assumed: the gain per hour, its lag, and that nothing is forgotten; a trainer's fee is not counted."
    )
    return [costs, pays, spread, assumed]


__all__ = ["BreakEven", "booked_more", "break_even", "break_even_lines", "raises_training", "turned"]
