"""Ways to say what the open days to come will bring: two naive ones, two exponential ones, and the mean of three.

Each knows only the days before its origin; smoothing parameters and weekday profile are taken from the days before the
last multiple of `REFIT`, so that a look back over a year fits a dozen times and not three hundred.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from kpisim.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LEAST = 20
"""Open days that a forecast needs before it."""
REFIT = 20
_SHRINK = 4.0
"""Days of average weekday that each weekday's own mean is mixed with, so that four Mondays make no rule."""
_LOWEST = 0.05

METHODS: dict[str, Text] = {
    "last": Text("same as last time (naive)", "照上期（朴素法）"),
    "pace": Text("run rate of the period so far (naive)", "按本期日均外推（朴素法）"),
    "level": Text("exponential level × weekday", "指数平滑水平×星期系数"),
    "damped": Text("damped trend × weekday", "阻尼趋势×星期系数"),
    "blend": Text("mean of last time, run rate and level", "上期、日均、平滑水平三者平均"),
}
NAIVE = ("last", "pace")


class Method(Protocol):
    """A way to forecast, bound to one series."""

    def rest(self, known: int, elapsed: int, ahead: Sequence[int]) -> float:
        """Return what the days `ahead` will bring.

        Parameters
        ----------
        known
            Number of open days that are over.
        elapsed
            How many of these belong to the period.
        ahead
            Weekdays of the days to come.
        """
        ...


@dataclass(frozen=True)
class Last:
    """The days to come bring what as many days before brought."""

    amounts: Floats

    def rest(self, known: int, elapsed: int, ahead: Sequence[int]) -> float:  # noqa: ARG002  (as the others)
        """Return the sum of the last days; of all there are, scaled, where they are too few."""
        many = min(len(ahead), known)
        return float(self.amounts[known - many : known].sum()) * len(ahead) / many if many else 0.0


@dataclass(frozen=True)
class Pace:
    """The days to come bring the mean of the period so far; before its first day, that of as many days before."""

    amounts: Floats

    def rest(self, known: int, elapsed: int, ahead: Sequence[int]) -> float:
        """Return mean × days to come."""
        many = min(elapsed or len(ahead), known)
        return float(self.amounts[known - many : known].mean()) * len(ahead) if many else 0.0


class Smooth:
    """Exponential smoothing (statsmodels) of amounts freed of their weekday, with or without a damped trend."""

    def __init__(self, amounts: Floats, weekdays: Ints, *, damped: bool) -> None:
        self.amounts, self.weekdays, self.damped = amounts, weekdays, damped
        self._states: dict[int, tuple[Floats, Floats, float, Floats]] = {}
        self._signed = bool((amounts < 0).any())

    def rest(self, known: int, elapsed: int, ahead: Sequence[int]) -> float:  # noqa: ARG002  (as the others)
        """Return level (and trend) × weekday, summed over the days to come."""
        at = known // REFIT * REFIT
        if at < LEAST:
            return Pace(self.amounts).rest(known, 0, ahead)
        if at not in self._states:
            self._states[at] = self._fitted(at)
        levels, trends, phi, profile = self._states[at]
        steps = np.cumsum(phi ** np.arange(1, len(ahead) + 1)) if self.damped else np.zeros(len(ahead))
        daily = (levels[known - 1] + trends[known - 1] * steps) * profile[np.asarray(ahead, dtype=np.int64)]
        return float((daily if self._signed else np.maximum(daily, 0.0)).sum())

    def _fitted(self, at: int) -> tuple[Floats, Floats, float, Floats]:
        """Fit on the first `at` days and run on to the next fit with the parameters kept."""
        from statsmodels.tsa.holtwinters import ExponentialSmoothing  # noqa: PLC0415  (a second to import)

        profile = weekday_profile(self.amounts[:at], self.weekdays[:at])
        until = min(at + REFIT, len(self.amounts))
        plain = self.amounts[:until] / profile[self.weekdays[:until]]
        size = float(np.abs(plain[:at]).mean()) or 1.0
        shape = {"trend": "add", "damped_trend": True} if self.damped else {}
        with warnings.catch_warnings():
            # An optimum on the edge of its range is reported as not converged; back-testing judges what comes out.
            warnings.simplefilter("ignore")
            fit = ExponentialSmoothing(plain[:at] / size, initialization_method="estimated", **shape).fit()
            found = fit.params
            start = {"initial_level": found["initial_level"]}
            given = {"smoothing_level": found["smoothing_level"]}
            if self.damped:
                start["initial_trend"] = found["initial_trend"]
                given |= {
                    "smoothing_trend": found["smoothing_trend"],
                    "damping_trend": found["damping_trend"],
                }
            run = ExponentialSmoothing(plain / size, initialization_method="known", **start, **shape).fit(
                optimized=False, **given
            )
        levels = np.asarray(run.level, dtype=np.float64) * size
        trends = np.asarray(run.trend, dtype=np.float64) * size if self.damped else np.zeros(until)
        return levels, trends, float(found["damping_trend"]) if self.damped else 1.0, profile


class Blend:
    """The mean of what several methods say: errors that have little to do with each other partly cancel."""

    def __init__(self, *methods: Method) -> None:
        self.methods = methods

    def rest(self, known: int, elapsed: int, ahead: Sequence[int]) -> float:
        """Return the mean."""
        return float(np.mean([one.rest(known, elapsed, ahead) for one in self.methods]))


def weekday_profile(amounts: Floats, weekdays: Ints) -> Floats:
    """Return for each weekday its amount against the mean of all days; 1 where it is not known.

    Examples
    --------
    >>> import numpy as np
    >>> weekday_profile(np.array([4.0, 2.0] * 60), np.array([0, 1] * 60)).round(2).tolist()
    [1.31, 0.69, 1.0, 1.0, 1.0, 1.0, 1.0]
    """
    profile = np.ones(7)
    mean = float(amounts.mean())
    if mean <= 0:
        return profile
    for weekday in np.unique(weekdays):
        mine = amounts[weekdays == weekday]
        profile[weekday] = max((mine.sum() + _SHRINK * mean) / (len(mine) + _SHRINK) / mean, _LOWEST)
    return profile


def method(name: str, amounts: Floats, weekdays: Ints) -> Method:
    """Return the method called `name`, bound to a series."""
    if name == "last":
        return Last(amounts)
    if name == "pace":
        return Pace(amounts)
    if name == "blend":
        return Blend(Last(amounts), Pace(amounts), Smooth(amounts, weekdays, damped=False))
    return Smooth(amounts, weekdays, damped=name == "damped")


DEFAULT = "blend"
"""Least error on the first 60% of the days of the real files (docs/forecast.md); a test holds the choice to them."""

__all__ = [
    "DEFAULT",
    "LEAST",
    "METHODS",
    "NAIVE",
    "Blend",
    "Last",
    "Method",
    "Pace",
    "Smooth",
    "method",
    "weekday_profile",
]
