"""What comes first: the weight of the KPI that a task serves × how near its day is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from kpisim.kpi.facts import NEVER, Facts
from kpisim.kpi.window import Window, workdays
from kpisim.kpi.work.hours import task_hours, unfinished

if TYPE_CHECKING:
    from kpisim.kpi.work.serves import Serves
    from kpisim.tables import Tables

NO_KPI = 0.02
"""Weight of work that no KPI counts: it comes last among tasks of one day and is not forgotten."""
NO_DAY = 20
"""Working days left of a task that nobody has given a day."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An open task in its order.

    Attributes
    ----------
    task, rep, kind
        Id, whose, kind of work.
    due
        Its day; None where it has none.
    left
        Working days left up to and with its day, 0 from the end of that day on.
    weight
        Weight of the KPIs it serves, a share.
    priority
        ``weight`` ÷ (1 + ``left``).
    hours
        Hours it takes, estimated from its kind where it does not say.
    """

    task: str
    rep: str
    kind: str
    due: date | None
    left: int
    weight: float
    priority: float
    hours: float


def ranked(
    tables: Tables, serves: dict[str, Serves], weights: dict[str, float], on: date, rep: str | None = None
) -> list[Ranked]:
    """Return the open tasks at the end of `on`, first things first.

    Parameters
    ----------
    tables
        Tables with tasks, as they were known on `on`.
    serves, weights
        Which KPI a kind serves, and the weight of each KPI.
    on
        The day.
    rep
        Only this rep's.
    """
    facts = Facts(tables)
    hours = task_hours(facts, serves)
    edge = Window(on, on + timedelta(days=1), tables.meta.end).hi
    mask = unfinished(facts, edge)
    if rep is not None:
        mask &= facts.same("tasks", "rep_id", rep)
    frame = tables["tasks"]
    due = facts.time("tasks", "due")
    days: dict[date, int] = {}
    made = []
    for place in np.flatnonzero(mask):
        kind = str(frame["kind"].iloc[place])
        if kind in serves and serves[kind].away:
            continue
        when = None if due[place] == NEVER else frame["due"].iloc[place].date()
        if when is not None and when not in days:
            days[when] = (
                workdays(tables.meta, on + timedelta(days=1), when + timedelta(days=1)) if when > on else 0
            )
        left = NO_DAY if when is None else days[when]
        weight = (serves[kind].weight(weights) if kind in serves else 0.0) or NO_KPI
        made.append(
            Ranked(
                str(frame["task_id"].iloc[place]), str(frame["rep_id"].iloc[place]), kind, when, left, weight,
                weight / (1 + left), float(hours[place]),
            )
        )  # fmt: skip
    return sorted(made, key=lambda one: (-one.priority, one.due or date.max, one.task))


__all__ = ["NO_DAY", "NO_KPI", "Ranked", "ranked"]
