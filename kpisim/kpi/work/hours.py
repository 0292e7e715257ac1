"""Hours of work against hours there are, per person and week; who is over, and where the hours could go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from kpisim.kpi.facts import NEVER, Facts
from kpisim.kpi.tracking.one_to_one import employed
from kpisim.kpi.window import Window, workdays
from kpisim.text import UserError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kpisim.kpi.work.serves import Serves
    from kpisim.tables import Tables

WEEKS = 4
FULL = 1.0
HIGH = 1.2
"""Load of one week that is high pressure by itself."""


@dataclass(frozen=True, slots=True)
class Move:
    """Hours that somebody could take over."""

    to: str
    hours: float


@dataclass(frozen=True, slots=True)
class Load:
    """One person's weeks.

    Attributes
    ----------
    rep
        Who.
    came, available
        Hours of work that came in and hours there were, a pair per week, the oldest first.
    waiting
        Hours of work that is not done yet, whenever it came in.
    moves
        Who could take over what is above the hours there are, from the latest week.
    left
        Hours above that nobody has room for.
    """

    rep: str
    came: tuple[float, ...]
    available: tuple[float, ...]
    waiting: float = 0.0
    moves: tuple[Move, ...] = ()
    left: float = 0.0

    @property
    def loads(self) -> list[float | None]:
        """Load of each week; None where there were no hours."""
        return [
            came / there if there > 0 else None for came, there in zip(self.came, self.available, strict=True)
        ]

    @property
    def over(self) -> float:
        """Hours above those there were in the latest week."""
        return max(self.came[-1] - self.available[-1], 0.0)

    @property
    def pressure(self) -> bool:
        """Whether it is high: above 120 % in the latest week, above 100 % in it and the one before, or a week's work waiting."""
        if self.waiting > max(self.available[-1], 0.0):
            return True
        latest = [0.0 if load is None else load for load in self.loads[-2:]]
        return latest[-1] > HIGH or (len(latest) > 1 and min(latest) > FULL)


def load(
    tables: Tables, serves: dict[str, Serves], on: date, weeks: int = WEEKS
) -> tuple[list[Load], list[Window]]:
    """Return the load of everybody in the last whole weeks up to `on`, and these weeks.

    Work counts in the week it came in, with the hours it took; work that is not done yet counts with the mean of its kind.
    Hours there are come from the rep-day table, where sick days and training are taken off, else from the calendar.

    Parameters
    ----------
    tables
        Tables with tasks, as they were known on `on`.
    serves
        Kinds of tasks; what is ``away`` is no load.
    on
        Last day known.
    weeks
        How many weeks.

    Raises
    ------
    UserError
        No tasks, or no whole week before `on`.
    """
    if not tables.has("tasks"):
        raise UserError("no tasks here; the task table needs rep_id, kind, created and hours")
    first = (
        on + timedelta(days=1) - timedelta(days=(on.weekday() + 1) % 7)
    )  # the Monday after the last whole week
    spans = [
        Window(first - timedelta(days=7 * k), first - timedelta(days=7 * (k - 1)), tables.meta.end)
        for k in range(weeks, 0, -1)
    ]
    spans = [span for span in spans if span.start >= tables.meta.start]
    if not spans:
        raise UserError("{day}: no whole week before it in the records; choose a later day", day=on)
    facts = Facts(tables)
    hours = task_hours(facts, serves)
    waiting = unfinished(facts, Window(on, on + timedelta(days=1), tables.meta.end).hi)
    made = []
    for rep in employed(tables, spans[-1].start, spans[-1].end):
        mine = facts.same("tasks", "rep_id", rep)
        came = [float(hours[mine & facts.within("tasks", "created", span)].sum()) for span in spans]
        there = [_available(tables, facts, rep, span) for span in spans]
        made.append(Load(rep, tuple(came), tuple(there), float(hours[mine & waiting].sum())))
    return _moved(made), spans


def task_hours(facts: Facts, serves: dict[str, Serves]) -> NDArray[np.float64]:
    """Return the hours of each task: its own, else the mean of its kind, else of all; 0 for time off."""
    hours = facts.number("tasks", "hours").copy()
    kinds, labels = facts.codes("tasks", "kind"), facts.labels("tasks", "kind")
    known = ~np.isnan(hours)
    overall = float(hours[known].mean()) if known.any() else 0.0
    for code, label in enumerate(labels):
        mine = kinds == code
        if label in serves and serves[label].away:
            hours[mine] = 0.0
            continue
        told = hours[mine & known]
        hours[mine & ~known] = float(told.mean()) if len(told) else overall
    return np.nan_to_num(hours)


def _available(tables: Tables, facts: Facts, rep: str, span: Window) -> float:
    if facts.has("rep_days"):
        mine = facts.same("rep_days", "rep_id", rep)
        if mine.any():
            # No day of theirs in these weeks: they were not there yet.
            days = mine & facts.within("rep_days", "day", span)
            return float(np.nan_to_num(facts.number("rep_days", "available")[days]).sum())
    return workdays(tables.meta, span.start, span.end) * tables.meta.hours_per_day


def _moved(people: list[Load]) -> list[Load]:
    """Give what is above the hours of the fullest to whoever has most room, and nobody more than they have.

    Whoever is under high pressure has none: a quiet week with a pile behind it is no room.
    """
    room = {one.rep: max(one.available[-1] - one.came[-1], 0.0) for one in people if not one.pressure}
    made = {}
    for one in sorted(people, key=lambda one: (-one.over, one.rep)):
        rest, moves = one.over, []
        for name in sorted(room, key=lambda name: (-room[name], name)):
            part = min(rest, room[name])
            # Less than a quarter of an hour is not worth a hand-over.
            if part < 0.25:
                break
            moves.append(Move(name, part))
            room[name] -= part
            rest -= part
        made[one.rep] = replace(one, moves=tuple(moves), left=rest)
    return [made[one.rep] for one in people]


def hours_by_kind(tables: Tables, serves: dict[str, Serves], spans: list[Window]) -> dict[str, float]:
    """Return the hours that came in by kind over some weeks, most first; time off is left out."""
    facts = Facts(tables)
    hours = task_hours(facts, serves)
    inside = np.zeros(len(hours), dtype=bool)
    for span in spans:
        inside |= facts.within("tasks", "created", span)
    kinds, labels = facts.codes("tasks", "kind"), facts.labels("tasks", "kind")
    found = {label: float(hours[inside & (kinds == code)].sum()) for code, label in enumerate(labels)}
    return {
        label: found[label]
        for label in sorted(found, key=lambda label: (-found[label], label))
        if found[label] > 0
    }


def unfinished(facts: Facts, before: int) -> NDArray[np.bool_]:
    """Return which tasks had come in and were not done at `before`."""
    came, done = facts.time("tasks", "created"), facts.time("tasks", "finished")
    return np.asarray((came < before) & ((done == NEVER) | (done >= before)))


__all__ = [
    "FULL",
    "HIGH",
    "WEEKS",
    "Load",
    "Move",
    "hours_by_kind",
    "load",
    "task_hours",
    "unfinished",
]
