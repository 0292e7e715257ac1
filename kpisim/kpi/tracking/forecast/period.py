"""What a period will come to: what is done, what the days to come should bring, and how far off that was before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from kpisim.kpi.tracking.forecast.backtest import past, scale_at, spread
from kpisim.kpi.tracking.forecast.methods import DEFAULT, METHODS, NAIVE, method
from kpisim.kpi.tracking.forecast.open_days import OpenDays, add_up, open_days
from kpisim.kpi.window import cut, window
from kpisim.text import choose

if TYPE_CHECKING:
    from kpisim.kpi.tracking.forecast.backtest import Spread
    from kpisim.kpi.window import Cut, Window
    from kpisim.tables import Tables

SELDOM = 10
"""Open days with an amount below which no range is given: seldom cases make errors of 0 that mean nothing."""


@dataclass(frozen=True)
class Forecast:
    """The forecast of one period.

    Attributes
    ----------
    name, unit
        KPI (or ``table.column``) and its unit.
    start, end, on
        The period ``[start, end)`` and the last day that was known.
    method
        A key of `METHODS`.
    done, expected
        Amount so far, and what the whole period should come to.
    low, high
        The 80 % range; None where fewer than two past stretches stand apart or fewer than ten errors are known.  Never below
        what is done already, less what the worst stretch of as many days ever took away.
    spread
        How far the forecast may be off, in the unit; the chance of a target is read from it.
    naive
        What each naive method says, by name.
    elapsed, ahead
        Open days of the period that are over and to come.
    separate
        How many of the past stretches do not overlap: the range rests on so many independent cases.
    """

    name: str
    unit: str
    start: date
    end: date
    on: date
    method: str
    done: float
    expected: float
    low: float | None
    high: float | None
    spread: Spread | None
    naive: dict[str, float]
    elapsed: int
    ahead: int
    separate: int

    def chance(self, target: float, *, lower: bool = False) -> float | None:
        """Return the chance that the period comes to `target` or more (with `lower`, to no more than it).

        Student's law around the forecast, as wide as its past errors (:class:`Spread`).  None where these are too few, and
        a plain 0 or 1 once the period is over.
        """
        if not self.ahead:
            return float(self.done <= target if lower else self.done >= target)
        if self.spread is None:
            return None
        distance = target - self.expected
        return self.spread.above(-distance if lower else distance)


def last_day(tables: Tables) -> date:
    """Return the last day of the records."""
    return tables.meta.end - timedelta(days=1)


def period_of(tables: Tables, by: Cut, on: date) -> Window:
    """Return the whole calendar period that `on` lies in, however far the records reach."""
    from kpisim.kpi.window import Window  # noqa: PLC0415

    around = Window(on - timedelta(days=400), on + timedelta(days=400), tables.meta.end)
    pieces = [piece for _, piece in cut(around, by, tables.meta.fiscal_year_start)]
    return next(piece for piece in pieces if piece.start <= on < piece.end)


def forecast(
    tables: Tables,
    name: str,
    start: date | str,
    end: date | str,
    on: date | None = None,
    *,
    how: str = DEFAULT,
    series: OpenDays | None = None,
) -> Forecast:
    """Forecast an amount or a count over a period.

    Parameters
    ----------
    tables
        Tables of a run or of a firm, as they were known on `on`.
    name
        A KPI that adds up from days, or ``table.column`` for a number of rows.
    start, end
        The period ``[start, end)``.
    on
        Last day that is known; by default that of the newest row of its table.
    how
        A key of `METHODS`.
    series
        The same KPI by open days, where it is at hand already.

    Raises
    ------
    UserError
        Unknown name or method, a KPI that does not add up, no data, or a period that is none.
    """
    choose("{name}: no such way to forecast; {remedy}", how, METHODS)
    period = window(tables.meta, start, end)
    days = series or open_days(tables, name, on)
    last = on or days.days[-1]
    inside = [k for k in days.within(period.start, period.end) if days.days[k] <= last]
    known = sum(day <= last for day in days.days)
    done = add_up(days, period.start, min(period.end, last + timedelta(days=1)))
    to_come = [day.weekday() for day in days.ahead(max(period.start, last + timedelta(days=1)), period.end)]
    # A forecast before the period begins is one of a stretch further off; the gap is left out of account.
    weekdays = np.array([day.weekday() for day in days.days], dtype=np.int64)
    bound = {one: method(one, days.amounts, weekdays) for one in {how, *NAIVE}}
    rest = {one: way.rest(known, len(inside), to_come) if to_come else 0.0 for one, way in bound.items()}
    may = None
    low = high = None
    separate = 0
    expected = done + rest[how]
    if to_come:
        before = past(days, bound[how], len(inside), len(to_come), known)
        separate = -(-len(before.off) // len(to_come))
        may = spread(before.off * scale_at(days.amounts, known, len(to_come)), len(to_come))
        if may is not None:
            # As many days never took away more than their worst stretch did: nothing where amounts only add up.
            worst = min(float(before.actual.min()), 0.0)
            low, high = max(expected - may.half, done + worst), expected + may.half
    else:
        low = high = done
    return Forecast(
        name, days.unit, period.start, period.end, last, how, done, expected, low, high, may,
        {one: done + rest[one] for one in NAIVE}, len(inside), len(to_come), separate,
    )  # fmt: skip


__all__ = ["SELDOM", "Forecast", "forecast", "last_day", "period_of"]
