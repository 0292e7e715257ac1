"""What a quarterly review needs on the table: results, issues, adjustments, verdicts on earlier decisions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kpisim.kpi.board import trend
from kpisim.kpi.facts import Facts
from kpisim.kpi.measures import value_in
from kpisim.kpi.tracking.decisions import verdicts
from kpisim.kpi.tracking.follow import follow
from kpisim.kpi.tracking.gap import split_gap, split_target
from kpisim.kpi.window import LATE, Window, cut, fiscal_part, shift
from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kpisim.kpi.board import Trend
    from kpisim.kpi.goals.targets import TargetHistory, Version
    from kpisim.kpi.tracking.aims import Aim
    from kpisim.kpi.tracking.decisions import Decision, Verdict
    from kpisim.kpi.tracking.follow import Tracked, TrackRow
    from kpisim.kpi.tracking.gap import Driver
    from kpisim.kpi.tracking.notes import Note
    from kpisim.kpi.value import Value
    from kpisim.tables import Tables

_QUARTER = re.compile(r"^(?:FY)?(\d{4})[-\s]?[Qq]([1-4])$")


@dataclass(frozen=True, slots=True)
class Result:
    """One target of the quarter with the quarter before.

    Attributes
    ----------
    row
        The target as it stood at the end.
    now
        The KPI over the quarter alone, which of a year's target is a part.
    before
        The KPI over the quarter before; None where the data do not reach back.
    trend
        Better, worse, in the noise or unknown.
    """

    row: TrackRow
    now: Value
    before: Value | None
    trend: Trend


@dataclass(frozen=True, slots=True)
class Change:
    """A target that was changed: the version before, the new one."""

    target: TargetHistory
    old: Version
    new: Version


@dataclass(frozen=True, slots=True)
class Review:
    """The pack of one quarter.

    Attributes
    ----------
    label, start, end, on
        Quarter ``[start, end)`` and the last day of it that the data reach.
    results
        Targets with the quarter before.
    tracked
        The same as a tracking board, with its alerts.
    drivers, planned
        Where the gap in bookings comes from, against the target (`planned`) or the quarter before; None without orders.
    changes
        Targets changed in the quarter.
    notes
        Notes written in it.
    verdicts
        What came of earlier decisions.
    """

    label: str
    start: date
    end: date
    on: date
    results: tuple[Result, ...]
    tracked: Tracked
    drivers: tuple[Driver, ...] | None
    planned: bool
    changes: tuple[Change, ...]
    notes: tuple[Note, ...]
    verdicts: tuple[Verdict, ...]


def quarter_of(tables: Tables, text: str | None = None) -> tuple[str, Window]:
    """Return label and period of a quarter written like 2027Q2; with a fiscal year, that of the fiscal year.

    Without a text it is the latest quarter that the records hold whole, or nearly so; where there is none, the latest.

    Raises
    ------
    UserError
        Not a quarter, or one that the records do not touch; those there are are named.
    """
    meta = tables.meta
    there = [
        label for label, _ in cut(Window(meta.start, meta.end, meta.end), "quarter", meta.fiscal_year_start)
    ]
    if text is None:
        periods = [quarter_of(tables, label) for label in reversed(there)]
        whole = (one for one in periods if _held(tables, one[1]))
        return next(whole, periods[0])
    found = _QUARTER.match(text.strip())
    if found is None:
        raise UserError("--quarter {value}: not a quarter; write it like 2027Q2", value=text)
    year, number = int(found[1]), int(found[2])
    period = Window(*fiscal_part(year, number, 3, meta.fiscal_year_start), meta.end)
    if period.start >= meta.end or period.end <= meta.start:
        raise UserError(
            "--quarter {value}: not in the records; there are {names}", value=text, names=", ".join(there)
        )
    return cut(period, "quarter", meta.fiscal_year_start)[0][0], period


def quarter_aims(aims_on: Callable[[date], list[Aim]], period: Window, on: date) -> list[Aim]:
    """Return the aims of a quarter: shorter ones (months, weeks) put together by name, longer ones as far as they are.

    Amounts of shorter periods that lie in the quarter are added; of a rate the last one counts.
    """
    found: dict[str, list[Aim]] = {}
    day = period.start
    while day <= on:
        for aim in aims_on(day):
            kept = found.setdefault(aim.name, [])
            # A later day may know a newer version of the same period.
            if kept and kept[-1].start == aim.start:
                kept[-1] = aim
            else:
                kept.append(aim)
        day = min(day + timedelta(days=7), on) if day < on else on + timedelta(days=1)
    made = []
    for aims in found.values():
        inside = [aim for aim in aims if aim.start >= period.start and aim.end <= period.end]
        last = aims[-1]
        if len(inside) > 1 and last.adds_up:
            # The last one may be a week that ends in the next quarter.
            whole = sum(aim.target for aim in inside)
            made.append(replace(last, start=inside[0].start, end=inside[-1].end, target=whole))
        else:
            made.append(last)
    return made


def review(
    tables: Tables,
    label: str,
    period: Window,
    aims: Sequence[Aim],
    *,
    targets: Iterable[TargetHistory] = (),
    notes: Sequence[Note] = (),
    decisions: Iterable[Decision] = (),
) -> Review:
    """Return the review of one quarter.

    Parameters
    ----------
    tables
        Tables as they were known at the end of the quarter.
    label, period
        See :func:`quarter_of`.
    aims
        See :func:`quarter_aims`.
    targets
        Versioned targets, for what was changed and why.
    notes, decisions
        What people wrote.
    """
    on = min(period.end, tables.meta.end) - timedelta(days=1)
    tracked = follow(tables, aims, on, notes)
    facts = Facts(tables)
    results = tuple(_result(tables, facts, row, period, on) for row in tracked.rows)
    drivers, planned = _drivers(tables, tracked, period, on)
    written = tuple(
        sorted((one for one in notes if period.start <= one.when <= on), key=lambda one: one.when)
    )
    return Review(
        label, period.start, period.end, on, results, tracked, drivers, planned,
        tuple(_changes(targets, period, on)), written, tuple(verdicts(decisions, tables, on)),
    )  # fmt: skip


def _held(tables: Tables, period: Window) -> bool:
    """Whether the records hold a quarter from its first days to its last."""
    meta = tables.meta
    return (meta.start - period.start).days <= LATE and (period.end - meta.end).days <= LATE


def _before(tables: Tables, period: Window) -> Window | None:
    """Return the quarter before as far as the records reach; None where more than its first days are missing."""
    start = shift(period.start, -3)
    if (tables.meta.start - start).days > LATE:
        return None
    return Window(max(start, tables.meta.start), period.start, tables.meta.end)


def _result(tables: Tables, facts: Facts, row: TrackRow, period: Window, on: date) -> Result:
    now = Window(period.start, on + timedelta(days=1), tables.meta.end)
    this = value_in(facts, row.aim.kpi, now, row.aim.reps)
    before = _before(tables, period)
    if before is None:
        return Result(row, this, None, "unknown")
    then = value_in(facts, row.aim.kpi, before, row.aim.reps)
    # Half a quarter against a whole one says nothing about an amount.
    whole = on + timedelta(days=1) == period.end or not row.aim.adds_up
    return Result(row, this, then, trend(this, then) if whole else "unknown")


def _drivers(
    tables: Tables, tracked: Tracked, period: Window, on: date
) -> tuple[tuple[Driver, ...] | None, bool]:
    before = _before(tables, period)
    if not tables.has("orders") or before is None:
        return None, False
    now = Window(period.start, on + timedelta(days=1), tables.meta.end)
    for row in tracked.rows:
        aim = row.aim
        if (
            aim.kpi == "revenue_booked"
            and aim.reps is None
            and (aim.start, aim.end) == (period.start, period.end)
        ):
            try:
                return tuple(split_target(tables, before, now, aim.target * row.time)), True
            except UserError:
                return None, False
    return tuple(split_gap(tables, before, now)), False


def _changes(targets: Iterable[TargetHistory], period: Window, on: date) -> list[Change]:
    found = []
    for target in targets:
        for old, new in zip(target.versions, target.versions[1:], strict=False):
            if new.recorded_on <= on and (
                period.start <= new.valid_from < period.end or period.start <= new.recorded_on < period.end
            ):
                found.append(Change(target, old, new))
    return found


__all__ = ["Change", "Result", "Review", "quarter_aims", "quarter_of", "review"]
