"""How far a method was off before: past errors for the interval, and a score on days it has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import stdtr, stdtrit

from kpisim.kpi.tracking.forecast.methods import LEAST, METHODS, method

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from kpisim.kpi.tracking.forecast.methods import Method
    from kpisim.kpi.tracking.forecast.open_days import OpenDays

    Floats = NDArray[np.float64]

PERIOD = 20
"""Open days of the periods that methods are scored on: about a month."""
ELAPSED = (5, 10, 15)
"""Open days into the period on which it is forecast."""
SEEN = 0.6
"""Share of the days on which the default method was chosen; the rest is for the score."""
FEWEST = 10
"""Past errors below which no range is given."""
SEPARATE = 2
"""Past stretches that do not overlap, below which no range is given."""
_RECENT = 60
HIGH = 0.9


@dataclass(frozen=True, slots=True)
class Past:
    """Forecasts that could have been made, one per origin, and what came.

    Attributes
    ----------
    known
        Open days that were over at the origin.
    forecast, actual
        What the days to come were forecast to bring, and what they brought.
    scale
        Size of business at the origin: mean of the last 60 open days × days to come.
    """

    known: NDArray[np.int64]
    forecast: Floats
    actual: Floats
    scale: Floats

    @property
    def off(self) -> Floats:
        """Errors against the size of business; NaN where there was none."""
        made: Floats = np.full(len(self.scale), np.nan)
        return np.divide(self.actual - self.forecast, self.scale, out=made, where=self.scale > 0)


@dataclass(frozen=True, slots=True)
class Spread:
    """How far a forecast may be off: Student's law with as many degrees of freedom as past cases stand apart.

    Attributes
    ----------
    size
        Root mean square of past errors, × √(1 + 1/cases): the new case is off by as much as those, and what they are off by
        is itself known from so few.  In the unit the errors were in.
    cases
        Past stretches that do not overlap.
    errors
        Past errors, overlapping ones counted.
    """

    size: float
    cases: int
    errors: int

    @property
    def half(self) -> float:
        """Half the width of the 80 % range."""
        return self.size * float(stdtrit(self.cases, HIGH))

    def above(self, distance: float) -> float:
        """Return the chance that what comes lies `distance` or more above the forecast.

        Held away from 0 and 1 by one more case counted each way, since a few alike errors are no certainty.
        """
        one = 1 / (self.errors + 2)
        if self.size:
            chance = float(stdtr(self.cases, -distance / self.size))
        else:
            chance = 1.0 if distance <= 0 else 0.0
        return min(max(chance, one), 1 - one)


@dataclass(frozen=True, slots=True)
class Score:
    """How one method did on one series.

    Attributes
    ----------
    method
        A key of `METHODS`.
    mae, wape
        Mean absolute error of the rest of the period, and its sum against the sum of what came.
    coverage
        Share of origins at which what came lay in the 80 % range; None where there was no range.
    width
        Mean width of these ranges against what came; None likewise.  A range that holds because it is wide says little.
    origins, separate
        Forecasts scored, and how many of their stretches do not overlap.
    """

    method: str
    mae: float
    wape: float
    coverage: float | None
    width: float | None
    origins: int
    separate: int


def scale_at(amounts: Floats, known: int, ahead: int) -> float:
    """Return the size of business: mean size of the last 60 open days × days to come.

    At least a tenth of the mean of all days before, since an error measured against next to nothing says nothing.
    """
    if not known:
        return 0.0
    sizes = np.abs(amounts[:known])
    return max(float(sizes[-_RECENT:].mean()), 0.1 * float(sizes.mean())) * ahead


def past(series: OpenDays, how: Method, elapsed: int, ahead: int, upto: int | None = None) -> Past:
    """Return the forecasts of `ahead` days that could have been made and judged before day `upto`.

    Parameters
    ----------
    series, how
        The series and the method bound to it.
    elapsed, ahead
        Open days of the period that were over, and those to come.
    upto
        Number of open days that are known; by default all.
    """
    amounts = series.amounts
    last = len(amounts) if upto is None else upto
    weekdays = [day.weekday() for day in series.days]
    origins = np.arange(max(LEAST, elapsed), last - ahead + 1, dtype=np.int64)
    forecast = [how.rest(int(k), elapsed, weekdays[k : k + ahead]) for k in origins]
    actual = [float(amounts[k : k + ahead].sum()) for k in origins]
    scale = [scale_at(amounts, int(k), ahead) for k in origins]
    return Past(origins, *(np.array(column, dtype=np.float64) for column in (forecast, actual, scale)))


def spread(off: Floats, ahead: int) -> Spread | None:
    """Return how far forecasts of `ahead` days may be off after the past errors `off`; None where these are too few.

    Errors of stretches that begin on neighbouring days overlap, so `m` of them are worth about ``m / ahead`` cases.
    """
    known = off[~np.isnan(off)]
    cases = -(-len(known) // ahead)
    if len(known) < FEWEST or cases < SEPARATE:
        return None
    size = float(np.sqrt((known**2).mean() * (1 + 1 / cases)))
    return Spread(size, cases, len(known))


def score(series: OpenDays, names: Iterable[str] = tuple(METHODS), period: int = PERIOD) -> list[Score]:
    """Score methods on the last 40 % of the days; no forecast there saw a day after its origin.

    Parameters
    ----------
    series
        Amounts by open day.
    names
        Methods.
    period
        Open days of a period, forecast when a quarter, half and three quarters of it are over.
    """
    return [_scored(series, name, period, held_out=True) for name in names]


def wape_before(series: OpenDays, name: str, period: int = PERIOD) -> float:
    """Return a method's error on the first 60 % of the days alone, which is what the default was chosen by."""
    return _scored(series, name, period, held_out=False).wape


def _scored(series: OpenDays, name: str, period: int, *, held_out: bool) -> Score:
    border = int(len(series.amounts) * SEEN)
    seen = len(series.amounts) if held_out else border
    weekdays = np.array([day.weekday() for day in series.days], dtype=np.int64)
    # Days after the border do not exist for the choice: not even for a weekday profile.
    how = method(name, series.amounts[:seen], weekdays[:seen])
    errors: list[float] = []
    came: list[float] = []
    inside: list[bool] = []
    widths: list[float] = []
    held: list[float] = []
    for elapsed in (round(period * step / PERIOD) for step in ELAPSED):
        ahead = period - elapsed
        made = past(series, how, elapsed, ahead, seen)
        judged = made.known >= border if held_out else np.ones(len(made.known), dtype=bool)
        errors += list(np.abs(made.actual - made.forecast)[judged])
        came += list(made.actual[judged])
        for place in np.flatnonzero(judged):
            # Only errors that were known by then: their stretch was over.
            may = spread(made.off[made.known + ahead <= made.known[place]], ahead)
            if may is not None and not np.isnan(made.off[place]):
                inside.append(abs(made.off[place]) <= may.half)
                widths.append(2 * may.half * made.scale[place])
                held.append(abs(made.actual[place]))
    whole = float(np.abs(came).sum())
    return Score(
        name,
        float(np.mean(errors)) if errors else float("nan"),
        float(np.sum(errors)) / whole if whole else float("nan"),
        float(np.mean(inside)) if inside else None,
        float(np.sum(widths) / np.sum(held)) if sum(held) else None,
        len(errors),
        (seen - border if held_out else border - LEAST) // period,
    )


__all__ = [
    "ELAPSED",
    "PERIOD",
    "SEEN",
    "Past",
    "Score",
    "Spread",
    "past",
    "scale_at",
    "score",
    "spread",
    "wape_before",
]
