"""Following targets: how far, how far along, where it leads, and what somebody must look at now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from kpisim.kpi.board import is_stale, newest_record
from kpisim.kpi.facts import NEVER, Facts
from kpisim.kpi.library import card
from kpisim.kpi.measures import period_end, value_in
from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.scorecard.declared import Line
from kpisim.kpi.scorecard.score import light_of, reached
from kpisim.kpi.scoring import attainment, pace
from kpisim.kpi.shown import show
from kpisim.kpi.tracking.aims import time_share
from kpisim.kpi.tracking.forecast.open_days import open_days
from kpisim.kpi.tracking.forecast.period import forecast
from kpisim.kpi.value import REASONS
from kpisim.kpi.window import Window
from kpisim.text import Text, UserError, t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from kpisim.kpi.scorecard.score import Light
    from kpisim.kpi.tracking.aims import Aim
    from kpisim.kpi.tracking.forecast.period import Forecast
    from kpisim.kpi.tracking.notes import Note
    from kpisim.kpi.value import Value
    from kpisim.tables import Tables

Kind = Literal["note", "unlikely", "overdue", "stale", "no_data"]
UNLIKELY = 0.2
"""Chance below which a target is called unlikely to be reached."""


@dataclass(frozen=True, slots=True)
class TrackRow:
    """One target on the tracking board.

    Attributes
    ----------
    aim
        The target.
    value
        What has been measured from the start of its period to the day.
    done, time
        Share of the target reached and share of the working days over; `done` is None without a number.
    pace
        `done` ÷ `time`, 1.29 for 42 % done after 32.6 % of the days; None for a rate, and in the first 5 % of the period.
    forecast
        Where it leads; None for a rate or where there is too little to go by.
    chance
        Chance to reach the target; None where nothing can be said.
    light
        Of an amount by its pace, of a rate by its attainment; ``none`` while it is too early.
    stale, newest
        Whether the data are older than the KPI's frequency, and the day of the newest record.
    note
        The last note of this period.
    """

    aim: Aim
    value: Value
    done: float | None
    time: float
    pace: float | None
    forecast: Forecast | None
    chance: float | None
    light: Light
    stale: bool
    newest: date | None
    note: Note | None


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that somebody must look at.

    Attributes
    ----------
    kind
        ``note``: red without a word; ``unlikely``: chance below 20 %; ``overdue``: the next step of a note is past its day
        and the light is not green; ``stale``; ``no_data``.
    target
        Name of the target.
    text
        The same in words.
    """

    kind: Kind
    target: str
    text: Text


@dataclass(frozen=True, slots=True)
class Tracked:
    """All targets as they stood at the end of one day."""

    on: date
    rows: tuple[TrackRow, ...]
    alerts: tuple[Alert, ...]


def follow(tables: Tables, aims: Iterable[Aim], on: date, notes: Sequence[Note] = ()) -> Tracked:
    """Follow targets up to a day.

    Parameters
    ----------
    tables
        Tables of a run or of a firm, as they were known on `on`.
    aims
        Targets; see :mod:`kpisim.kpi.tracking.aims`.
    on
        Last day that counts.
    notes
        What people wrote; only notes of the period up to `on` count.
    """
    facts = Facts(tables)
    rows = tuple(_row(tables, facts, aim, on, notes) for aim in aims)
    return Tracked(on, rows, tuple(alert for row in rows for alert in _alerts(row, on)))


def _row(tables: Tables, facts: Facts, aim: Aim, on: date, notes: Sequence[Note]) -> TrackRow:
    past = Window(aim.start, min(on + timedelta(days=1), aim.end), tables.meta.end)
    value = value_in(facts, aim.kpi, past, aim.reps)
    time = time_share(tables, aim, on)
    declared = card(aim.kpi)
    lower = lookup(aim.kpi).direction == "lower"
    newest = newest_record(facts, aim.kpi, past.hi)
    stale = is_stale(facts, aim.kpi, past)
    done = speed = judged = None
    ahead = None
    if value.value is not None and aim.adds_up:
        done = value.value / aim.target if aim.target else None
        speed = pace(value.value, aim.target, time, 1.0)
        if speed is not None:
            judged = attainment(value.value, aim.target * time, lower=lower)
        ahead = _ahead(tables, aim, on)
    elif value.value is not None:
        done = judged = reached(Line(kpi=aim.kpi, target=aim.target), declared, value.value)
    chance = None if ahead is None else ahead.chance(aim.target, lower=lower)
    mine = [one for one in notes if aim.called(one.target) and aim.start <= one.when <= on]
    return TrackRow(
        aim,
        value,
        done,
        time,
        speed,
        ahead,
        chance,
        light_of(judged, stale=stale),
        stale,
        None if newest == NEVER else period_end(newest) - timedelta(days=1),
        max(mine, key=lambda one: one.when) if mine else None,
    )


def _ahead(tables: Tables, aim: Aim, on: date) -> Forecast | None:
    try:
        series = open_days(tables, aim.kpi, on, aim.reps)
    except UserError:
        return None
    return forecast(tables, aim.kpi, aim.start, aim.end, on, series=series)


def _alerts(row: TrackRow, on: date) -> list[Alert]:
    name = row.aim.title
    found: list[tuple[Kind, Text]] = []
    if row.value.value is None:
        found.append(
            (
                "no_data",
                Text(
                    "{name}: no number ({reason}), so nothing says whether it is on course",
                    None,
                    name=name,
                    reason=REASONS[row.value.reason or "no_data"],
                ),
            )
        )
    if row.light == "red" and row.note is None:
        found.append(
            (
                "note",
                Text("{name}: red and nobody has written why; add who, when, why and next", None, name=name),
            )
        )
    if row.chance is not None and row.chance < UNLIKELY and row.forecast is not None and row.forecast.ahead:
        found.append(
            (
                "unlikely",
                Text(
                    "{name}: unlikely to be reached, chance {chance}",
                    None,
                    name=name,
                    chance=percent_of(row.chance),
                ),
            )
        )
    note = row.note
    if note is not None and note.by is not None and note.by <= on and row.light in {"red", "amber"}:
        found.append(
            ("overdue", Text("{name}: “{next}” was due on {day} and the light is still not green", None, name=name, next=note.next, day=note.by))
        )  # fmt: skip
    if row.stale:
        found.append(
            (
                "stale",
                Text(
                    "{name}: newest record of {day}, older than a KPI of this kind may be",
                    None,
                    name=name,
                    day=row.newest,
                ),
            )
        )
    return [Alert(kind, row.aim.name, text) for kind, text in found]


def span_of(row: TrackRow) -> tuple[str, str, str]:
    """Return forecast, its lower and its upper end as people read them; dashes where there is none."""
    unit = lookup(row.aim.kpi).unit
    ahead = row.forecast
    if ahead is None:
        return "–", "–", "–"
    low, high = ("–" if edge is None else show(round(edge), unit) for edge in (ahead.low, ahead.high))
    return show(round(ahead.expected), unit), low, high


def percent_of(share: float | None) -> str:
    """Return a chance or share in whole per cent, and a dash for None; what is not certain never reads 0 or 100 %."""
    if share is None:
        return "–"
    return t("under 1%") if 0 < share < 0.01 else t("over 99%") if 0.99 < share < 1 else percent(share, 0)


__all__ = ["UNLIKELY", "Alert", "Kind", "TrackRow", "Tracked", "follow", "percent_of", "span_of"]
