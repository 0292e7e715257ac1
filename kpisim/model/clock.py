"""Working time: the simulated clock counts working hours; this turns them into dates and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kpisim.scenario.calendar import Calendar
    from kpisim.scenario.kpi_scheme import Period

OPENING_HOUR = 9
MONTHS: dict[Period, int] = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Span:
    """A pay or target period in working time.

    Attributes
    ----------
    start, end
        First day and first day after.
    first, last
        Index of its first working day and of the first working day after it.
    share
        Share of the period's working days that lie in the played horizon (1 for a whole period).
    """

    start: date
    end: date
    first: int
    last: int
    share: float


class Clock:
    """The working days of a scenario, warm-up first.

    Day ``d`` lasts from hour ``d * hours`` to ``(d + 1) * hours`` of simulated time.
    """

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.hours = calendar.hours_per_day
        self.begin = calendar.start - timedelta(weeks=calendar.warmup_weeks)
        self.end = calendar.start + timedelta(weeks=calendar.weeks)
        self.days = self.working_days(self.begin, self.end)
        self.warm_days = sum(day < calendar.start for day in self.days)
        self._edges = np.array(self.days, dtype="datetime64[D]")
        self._spans: dict[Period, tuple[Span, ...]] = {}

    def working_days(self, start: date, end: date) -> list[date]:
        """Return the working days in ``[start, end)``."""
        calendar = self.calendar
        off, extra, week = set(calendar.holidays), set(calendar.extra_workdays), set(calendar.workdays)
        span = (start + timedelta(days=k) for k in range((end - start).days))
        return [day for day in span if day in extra or (day.weekday() in week and day not in off)]

    def day_of(self, day: date) -> int:
        """Return the index of the first working day on or after `day`."""
        return int(np.searchsorted(self._edges, np.datetime64(day)))

    def stamp(self, hours: np.ndarray) -> np.ndarray:
        """Turn working hours into wall-clock times (datetime64[us]); NaN becomes NaT."""
        result = np.full(len(hours), np.datetime64("NaT"), dtype="datetime64[us]")
        known = ~np.isnan(hours)
        h = hours[known]
        day = np.minimum((h / self.hours).astype(np.int64), len(self.days) - 1)
        rest = (h - day * self.hours) * 3_600_000_000
        opening = self._edges[day].astype("datetime64[us]") + np.timedelta64(OPENING_HOUR, "h")
        result[known] = opening + rest.astype("timedelta64[us]")
        return result

    def spans(self, period: Period) -> tuple[Span, ...]:
        """Return the periods that touch the played days, in order."""
        if period not in self._spans:
            self._spans[period] = tuple(self._periods(period))
        return self._spans[period]

    def _periods(self, period: Period) -> Iterator[Span]:
        start = self._period_start(self.days[0], period)
        while start < self.end:
            end = add_months(start, MONTHS[period])
            whole = len(self.working_days(start, end))
            first, last = self.day_of(start), self.day_of(end)
            if last > first:
                yield Span(start, end, first, last, (last - first) / max(whole, 1))
            start = end

    def _period_start(self, day: date, period: Period) -> date:
        months = MONTHS[period]
        offset = (day.month - self.calendar.fiscal_year_start) % 12 % months
        return add_months(date(day.year, day.month, 1), -offset)


def add_months(day: date, months: int) -> date:
    """Return the first of the month `months` after `day`'s month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
