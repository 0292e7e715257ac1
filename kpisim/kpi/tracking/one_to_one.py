"""The sheet for a talk in pairs: facts, praise, gap, support, next, each line read from the tracking data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from kpisim.kpi.board import trend
from kpisim.kpi.facts import NEVER, Facts
from kpisim.kpi.measures import reps_named, value_in
from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.shown import show, show_change
from kpisim.kpi.tracking.follow import follow
from kpisim.kpi.tracking.forecast.open_days import ADDS_UP
from kpisim.kpi.window import LATE, Window, shift, workdays
from kpisim.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from kpisim.kpi.board import Trend
    from kpisim.kpi.tracking.aims import Aim
    from kpisim.kpi.tracking.follow import Tracked, TrackRow
    from kpisim.kpi.tracking.notes import Note
    from kpisim.kpi.value import Value
    from kpisim.tables import Tables

KPIS = (
    "revenue_booked", "wins", "conversion_closed", "new_customers", "collection_rate", "csat", "complaints", "cycle_days",
)  # fmt: skip
"""What a rep is talked to about, as far as there are data for it."""
MOST = 3
"""Lines of praise, gap and support at most: a talk has room for few."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One KPI of a rep.

    Attributes
    ----------
    kpi
        Its name.
    own, before
        The rep's value in the period and in the one before; `before` is None where the data do not reach back.
    team
        Per head for an amount or count, the team's own rate otherwise; None where there is none.
    trend
        Of the rep's own.
    """

    kpi: str
    own: Value
    before: Value | None
    team: float | None
    trend: Trend


@dataclass(frozen=True, slots=True)
class OneToOne:
    """The sheet of one rep.

    Attributes
    ----------
    rep, start, end, on
        Who, period ``[start, end)``, last day that counts.
    facts
        The rep's KPIs.
    tracked
        The rep's targets.
    praise, gap, support, steps
        Lines of the talk, each from the data; empty where they say nothing.
    """

    rep: str
    start: date
    end: date
    on: date
    facts: tuple[Fact, ...]
    tracked: Tracked
    praise: tuple[Text, ...]
    gap: tuple[Text, ...]
    support: tuple[Text, ...]
    steps: tuple[Text, ...]


def one_to_one(  # noqa: PLR0913  (who, when, against what, and what people wrote)
    tables: Tables,
    rep: str,
    period: Window,
    on: date,
    aims: Sequence[Aim],
    *,
    notes: Sequence[Note] = (),
    tries: Mapping[str, Sequence[Text]] | None = None,
    following: Sequence[Aim] = (),
) -> OneToOne:
    """Return the sheet of one rep.

    Parameters
    ----------
    tables
        Tables as they were known on `on`.
    rep
        The rep's id.
    period, on
        Period talked about and last day that counts.
    aims
        The rep's own targets.
    notes
        What people wrote about them.
    tries
        KPI -> what may be tried for it; shown as judgements.
    following
        The rep's targets of the period after, where this one is over.
    """
    facts = Facts(tables)
    tracked = follow(tables, aims, on, notes)
    now = Window(period.start, min(period.end, on + timedelta(days=1)), tables.meta.end)
    before = Window(shift(period.start, -3), period.start, tables.meta.end)
    reaches = (tables.meta.start - before.start).days <= LATE
    heads = _heads(tables, now)
    found = tuple(
        fact
        for fact in (_fact(facts, name, rep, now, before if reaches else None, heads) for name in KPIS)
        if fact is not None
    )
    behind = [row for row in tracked.rows if row.light in {"red", "amber"}]
    behind.sort(key=lambda row: 1.0 if row.done is None else row.done)
    return OneToOne(
        rep,
        period.start,
        period.end,
        on,
        found,
        tracked,
        tuple(_praise(tracked, found, on)[:MOST]),
        tuple(_gap(behind, found, on)[:MOST]),
        tuple(_support(tables, facts, rep, on, behind, tries or {})[:MOST]),
        tuple(_steps(tables, tracked, on, following)[:MOST]),
    )


def _heads(tables: Tables, now: Window) -> int:
    """Return how many reps worked in the period."""
    return len(employed(tables, now.start, now.end))


def employed(tables: Tables, start: date, end: date) -> list[str]:
    """Return the reps who were there on a day of ``[start, end)``; without a list of reps, all that any table names."""
    import pandas as pd  # noqa: PLC0415

    reps = tables["reps"]
    if not len(reps):
        return reps_named(Facts(tables))
    here = reps["hired"].isna() | (reps["hired"] < pd.Timestamp(end))
    here &= reps["left"].isna() | (reps["left"] >= pd.Timestamp(start) + pd.Timedelta(days=1))
    return [str(rep) for rep in reps.loc[here, "rep_id"]]


def _fact(facts: Facts, name: str, rep: str, now: Window, before: Window | None, heads: int) -> Fact | None:
    own = value_in(facts, name, now, [rep])
    if own.reason == "no_data" or (own.value is None and own.reason == "no_base"):
        return None
    then = None if before is None else value_in(facts, name, before, [rep])
    team = value_in(facts, name, now).value
    if lookup(name).kind in ADDS_UP:
        team = None if team is None or not heads else team / heads
    # Amounts have no interval, so half a period against a whole one must not pass for a fall.
    whole = before is None or (now.end - now.start).days > 0.95 * (before.end - before.start).days
    moved: Trend = trend(own, then) if whole or lookup(name).kind not in ADDS_UP else "unknown"
    return Fact(name, own, then, team, moved)


def _praise(tracked: Tracked, found: Sequence[Fact], on: date) -> list[Text]:
    lines = []
    for row in tracked.rows:
        if row.light != "green" or row.done is None or row.value.value is None:
            continue
        declared = lookup(row.aim.kpi)
        if row.aim.adds_up and declared.direction == "lower":
            # "30 % of the target reached" of three complaints where ten are allowed would read as a failure.
            due, day = _due(row, on)
            text = Text("{target}: {now}, no more than the {due} allowed by {day}", None, target=row.aim.title,
                        now=show(row.value.value, declared.unit), due=show(round(due, 2), declared.unit), day=day)  # fmt: skip
        else:
            text = Text("{target}: {done} of the target reached", None, target=row.aim.title, done=show(row.done, "share"))  # fmt: skip
        lines.append(text)
    return lines + _moved(found, "better")


def _due(row: TrackRow, on: date) -> tuple[float, date]:
    """Return what was due by the day, and the day: a month before its end owes no whole month."""
    due = row.aim.target * row.time if row.aim.adds_up else row.aim.target
    return due, min(on, row.aim.end - timedelta(days=1))


def _gap(behind: Sequence[TrackRow], found: Sequence[Fact], on: date) -> list[Text]:
    lines = []
    for row in behind:
        if row.value.value is None or row.done is None:
            continue
        declared = lookup(row.aim.kpi)
        due, day = _due(row, on)
        said = (
            "{target}: {now}, more than the {due} allowed by {day} ({gap})"
            if declared.direction == "lower"
            else "{target}: {now} against {due} due by {day} ({gap})"
        )
        lines.append(
            Text(said, None, target=row.aim.title, now=show(row.value.value, declared.unit), due=show(round(due, 2), declared.unit),
                 day=day, gap=show_change(round(row.value.value - due, 4), declared.unit))
        )  # fmt: skip
    return lines + _moved(found, "worse")


def _moved(found: Sequence[Fact], way: Trend) -> list[Text]:
    """Return the rep's KPIs that moved beyond noise; of sums and ratios of amounts nobody can tell, so they are left out."""
    lines = []
    for fact in found:
        now, before = fact.own.value, None if fact.before is None else fact.before.value
        declared = lookup(fact.kpi)
        if (
            fact.trend == way
            and declared.kind in {"rate", "mean", "count"}
            and now is not None
            and before is not None
        ):
            lines.append(
                Text(
                    "{kpi}: {now} after {before} in the period before",
                    None,
                    kpi=declared.title,
                    now=show(now, declared.unit),
                    before=show(before, declared.unit),
                )
            )
    return lines


def _support(
    tables: Tables,
    facts: Facts,
    rep: str,
    on: date,
    behind: Sequence[TrackRow],
    tries: Mapping[str, Sequence[Text]],
) -> list[Text]:
    """Return what weighs on the rep, from the data, then what may be tried, which is a judgement."""
    lines: list[Text] = []
    edge = Window(on, on + timedelta(days=1), tables.meta.end).hi
    if facts.has("tasks"):
        due, done = facts.time("tasks", "due"), facts.time("tasks", "finished")
        late = (
            facts.same("tasks", "rep_id", rep)
            & (due != NEVER)
            & (due < edge)
            & ((done == NEVER) | (done >= edge))
        )
        if late.any():
            lines.append(
                Text(
                    "Tasks past their day and not done: {count}; which of them can go to somebody else?",
                    None,
                    count=int(late.sum()),
                )
            )
    if facts.has("rep_days"):
        month = facts.same("rep_days", "rep_id", rep) & facts.within(
            "rep_days", "day", Window(on - timedelta(days=27), on + timedelta(days=1), tables.meta.end)
        )
        hours, came = (
            float(facts.number("rep_days", column)[month].sum()) for column in ("available", "planned")
        )
        if hours > 0 and came > hours:
            lines.append(
                Text(
                    "More work came in than hours in the last four weeks: load {load}",
                    None,
                    load=show(came / hours, "share"),
                )
            )
    if facts.has("requests"):
        made, done = facts.time("requests", "submitted"), facts.time("requests", "finished")
        waiting = (
            facts.same("requests", "rep_id", rep)
            & (made != NEVER)
            & (made < edge)
            & ((done == NEVER) | (done >= edge))
        )
        if waiting.any():
            lines.append(
                Text(
                    "Requests to other departments still open: {count}; which does the manager take up?",
                    None,
                    count=int(waiting.sum()),
                )
            )
    # Two targets on one KPI (a month's and a quarter's) are tried for once.
    for name in dict.fromkeys(row.aim.kpi for row in behind):
        lines += [
            Text("To try for {kpi}: {attempt}", None, kpi=lookup(name).title, attempt=attempt)
            for attempt in list(tries.get(name, ()))[:1]
        ]
    return lines


def _steps(tables: Tables, tracked: Tracked, on: date, following: Sequence[Aim]) -> list[Text]:
    """Return next steps of notes, and what a week has to bring for what is still missing or comes next."""
    lines = [
        Text("From the note of {day}: {next}", None, day=row.note.when, next=row.note.next)
        for row in tracked.rows
        if row.note is not None
    ]
    for row in tracked.rows:
        missing = row.aim.target - (row.value.value or 0.0)
        week = _a_week(tables, row.aim, missing, on)
        if week is not None:
            lines.append(
                Text(
                    "{target}: {amount} a week until {day} would reach it",
                    None,
                    target=row.aim.title,
                    amount=week,
                    day=row.aim.end - timedelta(days=1),
                )
            )
    for aim in following:
        week = _a_week(tables, aim, aim.target, on)
        if week is not None:
            lines.append(
                Text(
                    "{target} until {day}: {amount}, which is {week} a week",
                    None,
                    target=aim.title,
                    day=aim.end - timedelta(days=1),
                    amount=show(aim.target, lookup(aim.kpi).unit),
                    week=week,
                )
            )
    return lines


def _a_week(tables: Tables, aim: Aim, amount: float, on: date) -> str | None:
    """Return what five working days have to bring; None where it is no matter of bringing more, or too late."""
    left = workdays(tables.meta, max(aim.start, on + timedelta(days=1)), aim.end)
    if not aim.adds_up or left < 5 or amount <= 0 or lookup(aim.kpi).direction != "higher":
        return None
    unit = lookup(aim.kpi).unit
    week = 5 * amount / left
    return f"{week:.1f}" if unit == "count" else show(round(week), unit)


__all__ = ["KPIS", "MOST", "Fact", "OneToOne", "employed", "one_to_one"]
