"""Periods: half-open, cut at calendar edges, counted in working days."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from kpisim.text import UserError

if TYPE_CHECKING:
    from kpisim.tables import Meta

Cut = Literal["week", "month", "quarter", "year"]
DAY = 86_400_000_000
"""Microseconds a day."""
_EPOCH = date(1970, 1, 1).toordinal()
_QUARTER_DAYS = 92
_USUAL = (0, 1, 2, 3, 4)
_A_FORTNIGHT = 14

LATE = 7
"""Days that records may begin late in a quarter, as after New Year, or end early, and still stand for the whole."""


@dataclass(frozen=True)
class Window:
    """A period ``[start, end)`` within data that reach to `data_end`."""

    start: date
    end: date
    data_end: date

    @cached_property
    def lo(self) -> int:
        """Start in microseconds since 1970."""
        return micros(self.start)

    @cached_property
    def hi(self) -> int:
        """End in microseconds since 1970."""
        return micros(self.end)

    def next(self) -> Window:
        """Return the window of the same length right after: whole months after whole months, else days."""
        if self.start.day == 1 and self.end.day == 1:
            months = _months(self.end) - _months(self.start)
            return Window(self.end, shift(self.end, months), self.data_end)
        return Window(self.end, self.end + (self.end - self.start), self.data_end)

    def blocks(self) -> list[Window]:
        """Return the window itself, or the whole quarters in it where it is longer than a quarter.

        Quarters are three calendar months where the window starts on the first of a month, else 91 days.
        """
        if (self.end - self.start).days <= _QUARTER_DAYS:
            return [self]
        blocks: list[Window] = []
        start = self.start
        while True:
            end = shift(start, 3) if self.start.day == 1 else start + timedelta(days=91)
            if end > self.end:
                return blocks
            blocks.append(Window(start, end, self.data_end))
            start = end


def window(meta: Meta, start: date | str | None = None, end: date | str | None = None) -> Window:
    """Return the period asked for; by default the whole window of the tables.

    Raises
    ------
    UserError
        A text that is no date, a time of day, or an end that is not after the start.
    """
    first = meta.start if start is None else as_date(start, "start")
    last = meta.end if end is None else as_date(end, "end")
    if last <= first:
        raise UserError(
            "the period ends on {end}, not after its start {start}; correct one of them",
            start=first,
            end=last,
        )
    return Window(first, last, meta.end)


def cut(whole: Window, by: Cut, fiscal_year_start: int = 1) -> list[tuple[str, Window]]:
    """Return the calendar periods in `whole` with their labels; the first and last are cut at its edges.

    Weeks run from Monday (ISO); quarters and years follow the fiscal year and say so (``FY``) unless it starts
    in January.
    """
    made: list[tuple[str, Window]] = []
    start = whole.start
    while start < whole.end:
        label, end = _period(start, by, fiscal_year_start)
        end = min(end, whole.end)
        made.append((label, Window(start, end, whole.data_end)))
        start = end
    return made


def workdays(meta: Meta, start: date, end: date) -> int:
    """Return the number of working days in ``[start, end)``.

    Where the calendar of the tables does not reach, its usual weekdays are taken; Monday to Friday where it is
    shorter than a fortnight.
    """
    if not meta.workdays:
        return len(_on(_USUAL, start, end))
    inside = sum(start <= day < end for day in meta.workdays)
    first = min(meta.start, meta.workdays[0])
    last = max(meta.end, meta.workdays[-1] + timedelta(days=1))
    # A Saturday worked now and then, in exchange for a holiday, makes no six-day week.
    often = Counter(day.weekday() for day in meta.workdays)
    usual = tuple(day for day, times in often.items() if 2 * times >= max(often.values()))
    if (last - first).days < _A_FORTNIGHT:
        usual = _USUAL
    return inside + len(_on(usual, start, min(end, first))) + len(_on(usual, max(start, last), end))


def _on(days: tuple[int, ...], start: date, end: date) -> list[int]:
    return [
        day for day in range(start.toordinal(), end.toordinal()) if date.fromordinal(day).weekday() in days
    ]


def as_date(value: date | str, name: str) -> date:
    """Return `value` as a date.

    Raises
    ------
    UserError
        Not a date like 2027-04-30, or with a time of day: periods begin and end at midnight.
    """
    if isinstance(value, datetime):
        if value.time() == time(0):
            return value.date()
    elif isinstance(value, date):
        return value
    elif isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise UserError("{name}: {value} is not a date; write it like 2027-04-30", name=name, value=str(value))


def micros(day: date) -> int:
    """Return midnight of `day` in microseconds since 1970."""
    return (day.toordinal() - _EPOCH) * DAY


def shift(day: date, months: int) -> date:
    """Return the first of the month `months` after that of `day`."""
    month = _months(day) + months
    return date(month // 12, month % 12 + 1, 1)


def fiscal_part(year: int, number: int, months: int, fiscal_year_start: int) -> tuple[date, date]:
    """Return first day and first day after of part `number` of the fiscal year that begins in `year`.

    Examples
    --------
    >>> fiscal_part(2027, 4, 3, 4)
    (datetime.date(2028, 1, 1), datetime.date(2028, 4, 1))
    """
    first = date(year, fiscal_year_start, 1)
    return shift(first, (number - 1) * months), shift(first, number * months)


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


def _period(start: date, by: Cut, fiscal: int) -> tuple[str, date]:
    if by == "week":
        year, week, weekday = start.isocalendar()
        return f"{year}-W{week:02d}", start + timedelta(days=8 - weekday)
    if by == "month":
        return f"{start.year}-{start.month:02d}", shift(start, 1)
    year = start.year if start.month >= fiscal else start.year - 1
    name = f"{year}" if fiscal == 1 else f"FY{year}"
    into = (start.month - fiscal) % 12
    if by == "year":
        return name, shift(start, 12 - into)
    return f"{name}-Q{into // 3 + 1}", shift(start, 3 - into % 3)


__all__ = [
    "DAY",
    "LATE",
    "Cut",
    "Window",
    "as_date",
    "cut",
    "fiscal_part",
    "micros",
    "shift",
    "window",
    "workdays",
]
