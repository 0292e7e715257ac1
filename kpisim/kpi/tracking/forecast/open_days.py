"""Amounts per open day: what a KPI counted on each day that the business was open.

Which weekdays are open is read from the records themselves, since an export says nothing about it and a wholesaler may
trade on Sundays and rest on Saturdays.  What falls on a closed day counts with the next open one, so that days add up to
their period.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from kpisim.kpi.facts import NEVER, Facts
from kpisim.kpi.measures import found_in
from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.registry import kpis as registry
from kpisim.kpi.window import DAY, Window
from kpisim.text import UserError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from kpisim.kpi.registry import Kpi
    from kpisim.tables import Tables

ADDS_UP = {"sum", "count"}
_OFTEN = 0.5
"""A weekday is open where records fall on it half as often as on the best one."""
_DENSE = 0.9
"""Where nine in ten such days have a record, one without any was a holiday."""
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class OpenDays:
    """A KPI day by day.

    Attributes
    ----------
    name, unit
        KPI, or ``table.column`` for the number of rows dated so, and its unit.
    days, amounts
        Open days in order, and what was counted on each.
    weekdays
        Weekdays that are open, 0 = Monday.
    holidays
        Days to come that the calendar of the tables says are off although their weekday is open.
    first, daily
        First calendar day, and what was counted on each calendar day from it on.
    """

    name: str
    unit: str
    days: tuple[date, ...]
    amounts: NDArray[np.float64]
    weekdays: frozenset[int]
    holidays: frozenset[date]
    first: date
    daily: NDArray[np.float64]

    def ahead(self, start: date, end: date) -> list[date]:
        """Return the open days expected in ``[start, end)``."""
        days = (start + timedelta(days=k) for k in range((end - start).days))
        return [day for day in days if day.weekday() in self.weekdays and day not in self.holidays]

    def within(self, start: date, end: date) -> list[int]:
        """Return the positions of the open days in ``[start, end)``."""
        return [place for place, day in enumerate(self.days) if start <= day < end]


def countable(tables: Tables) -> list[str]:
    """Return the KPIs that add up from days and have something to add up here."""
    facts = Facts(tables)
    whole = Window(tables.meta.start, tables.meta.end, tables.meta.end)
    names = []
    for name, declared in registry().items():
        if _adds_up(declared) and declared.people == "no":
            what = found_in(facts, name, whole)
            if what.reason is None and any(len(part.rows) for part in what.parts):
                names.append(name)
    return names


def open_days(
    tables: Tables,
    name: str,
    on: date | None = None,
    reps: Collection[str] | None = None,
) -> OpenDays:
    """Return a KPI by open days, from the first record of its table to `on`.

    Parameters
    ----------
    tables
        Tables of a run or of a firm.
    name
        A KPI that is a sum or a count, or ``table.column`` for the number of rows with that date.
    on
        Last day; by default the day on which the newest row of its table began, since an export that has stopped taking
        in new cases still closes old ones for a while.
    reps
        Only what belongs to these; None means everybody.

    Raises
    ------
    UserError
        Unknown name, a KPI that does not add up from days, or no records up to `on`.
    """
    facts = Facts(tables)
    table, column, unit = _place(tables, name)
    oldest, newest = _rows(facts, name)
    first, last = max(oldest, tables.meta.start), on or min(newest, tables.meta.end - timedelta(days=1))
    if last < first:
        raise UserError(
            "{day} is before the first record of {first}; give a later day", day=last, first=first
        )
    days = [first + timedelta(days=k) for k in range((last - first).days + 1)]
    amounts = np.array([_amount(facts, name, day, reps, (table, column)) for day in days])
    # One rep alone sells too seldom to tell open days from closed ones, so the whole team says.
    seen = _seen(facts, name, days, amounts if reps is None else None, (table, column))
    made = _folded(tables, name, unit, days, amounts, seen)
    if "." not in name:
        span = Window(first, last + timedelta(days=1), tables.meta.end)
        whole = sum(part.numerator.sum() for part in found_in(facts, name, span, reps).parts)
        if abs(whole - amounts.sum()) > 1e-6 * max(1.0, np.abs(amounts).sum()):
            raise _no_days(tables, name)
    return made


def _no_days(tables: Tables, name: str) -> UserError:
    return UserError(
        "{name}: does not add up from days; choose an amount or a count such as {names}",
        name=name,
        names=", ".join(countable(tables)[:5]) or "revenue_booked",
    )


def newest_row(tables: Tables, name: str) -> date:
    """Return the day on which the newest row behind a KPI began, within the records; see :func:`open_days`."""
    return min(_rows(Facts(tables), name)[1], tables.meta.end - timedelta(days=1))


def _rows(facts: Facts, name: str) -> tuple[date, date]:
    """Return the days on which the oldest and the newest row behind a KPI began."""
    from kpisim.tables.io import EVENTS  # noqa: PLC0415

    table, column, _ = _place(facts.tables, name)
    begins = EVENTS[table][0] if table in EVENTS else column
    starts = facts.time(table, begins) if facts.has(table) else np.array([], dtype=np.int64)
    starts = starts[starts != NEVER]
    if not len(starts):
        raise UserError("{name}: no data for it here; choose another KPI", name=name)
    return _day(int(starts.min())), _day(int(starts.max()))


def _adds_up(declared: Kpi) -> bool:
    """Whether a KPI is an amount or a count of things that have a day; pay and books come by period."""
    from kpisim.tables.io import EVENTS  # noqa: PLC0415

    return declared.kind in ADDS_UP and all(need.partition(".")[0] in EVENTS for need in declared.needs)


def _place(tables: Tables, name: str) -> tuple[str, str, str]:
    """Return the table behind `name`, the column that dates its rows, and the unit."""
    from kpisim.tables.io import EVENTS  # noqa: PLC0415

    table, dot, column = name.partition(".")
    if dot:
        if table not in EVENTS or column not in EVENTS[table]:
            known = [f"{one}.{date_of}" for one, columns in EVENTS.items() for date_of in columns]
            raise UserError(
                "{name}: no such date in the tables; {remedy}", name=name, remedy=did_you_mean(name, known)
            )
        return table, column, "count"
    declared = lookup(name)
    if not _adds_up(declared):
        raise _no_days(tables, name)
    source = next((need.partition(".")[0] for need in declared.needs), "orders")
    return source, EVENTS.get(source, ("booked",))[0], declared.unit


def _amount(
    facts: Facts, name: str, day: date, reps: Collection[str] | None, place: tuple[str, str]
) -> float:
    window = Window(day, day + timedelta(days=1), facts.tables.meta.end)
    if "." in name:
        inside = facts.within(*place, window)
        if reps is not None:
            inside &= facts.same(place[0], "rep_id", *reps)
        return float(inside.sum())
    what = found_in(facts, name, window, reps)
    return float(sum(part.numerator.sum() for part in what.parts))


def _seen(
    facts: Facts, name: str, days: list[date], amounts: NDArray[np.float64] | None, place: tuple[str, str]
) -> NDArray[np.bool_]:
    """Return on which days the KPI counted anything, for the whole team."""
    if amounts is None:
        amounts = np.array([_amount(facts, name, day, None, place) for day in days])
    return np.asarray(amounts != 0)


def _folded(
    tables: Tables,
    name: str,
    unit: str,
    days: list[date],
    amounts: NDArray[np.float64],
    seen: NDArray[np.bool_],
) -> OpenDays:
    weekday = np.array([day.weekday() for day in days])
    often = np.array([seen[weekday == k].mean() if (weekday == k).any() else 0.0 for k in range(7)])
    weekdays = frozenset(int(k) for k in np.flatnonzero((often >= _OFTEN * often.max()) & (often > 0)))
    usual = np.isin(weekday, list(weekdays))
    closed = ~usual
    if usual.any() and seen[usual].mean() >= _DENSE:
        closed |= ~seen
    if closed.all():
        closed = np.zeros(len(days), dtype=bool)
    made = amounts.copy()
    held = 0.0
    for place in range(len(days)):
        if closed[place]:
            held += made[place]
        else:
            made[place] += held
            held = 0.0
    open_ = np.flatnonzero(~closed)
    if held:  # nothing open after the last closed days
        made[open_[-1]] += held
    return OpenDays(
        name,
        unit,
        tuple(days[k] for k in open_),
        made[open_],
        weekdays or frozenset(range(5)),
        _off(tables, days[-1]),
        days[0],
        amounts,
    )


def _off(tables: Tables, after: date) -> frozenset[date]:
    """Return the days after `after` that the calendar leaves out although it works on their weekday."""
    listed = tables.meta.workdays
    if not listed:
        return frozenset()
    worked, usual = set(listed), {day.weekday() for day in listed}
    days = (after + timedelta(days=k) for k in range(1, (listed[-1] - after).days + 1))
    return frozenset(day for day in days if day.weekday() in usual and day not in worked)


def _day(moment: int) -> date:
    return _EPOCH + timedelta(days=moment // DAY)


def add_up(series: OpenDays, start: date, end: date) -> float:
    """Return what was counted in ``[start, end)``, closed days on their own date, as the board counts it."""
    low, high = (max((day - series.first).days, 0) for day in (start, end))
    return float(series.daily[low:high].sum())


__all__ = ["ADDS_UP", "OpenDays", "add_up", "countable", "newest_row", "open_days"]
