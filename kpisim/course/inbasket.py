"""The in-basket: twelve things, ten minutes, one click each; what comes of order, time and choices is played.

A minute on the clock is a week of the season.  A choice is a dated change of the scenario that counts from its moment on;
until then, and for good where nobody decides, the item lies there and does what things that lie there do.  How strongly a
choice moves a parameter is our assumption (``inbasket.yaml``); what follows from it is the model's work.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from pydantic import Field

from kpisim.course.read import read_one
from kpisim.course.rounds import read_numbers
from kpisim.kpi.library.definition import Words  # noqa: TC001  (pydantic reads the annotations)
from kpisim.scenario import load
from kpisim.scenario.fields import Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kpisim.course.rounds import Reading
    from kpisim.scenario import Scenario

Choice = Literal["do", "plan", "delegate", "leave"]
Kind = Literal["complaint", "pressure", "team", "customer", "office"]
What = Literal["start", "pause", "resume", "choice", "again"]
CHOICES: tuple[Choice, ...] = get_args(Choice)
FILE = Path(__file__).with_name("inbasket.yaml")
MINUTES = 10
REPLICATIONS = 12
WATCH = ("csat", "customer_retention", "revenue_booked", "stress_pulse")
"""Customers, money, and how the team takes it."""
SEASON: dict[str, Any] = {
    "calendar.start": "2027-10-04",
    "calendar.weeks": MINUTES,
    # A bad batch: one order in four leads to a complaint.
    "market.complaint": 0.25,
    "workload.admin_per_day": 4,
}
"""The peak season that is played: the ready scenario's ten busiest weeks, and a bad batch."""
BOUNDS = {
    "workload.complaint_waits": (0.0, 40.0),
    "pressure.interruptions_per_hour": (0.0, 6.0),
    "pressure.belief": (0.0, 3.0),
    "pressure.late_hours": (0.0, 4.0),
    "workload.outside_hours": (0.0, 4.0),
    "reviews.coaching_hours": (0.0, 8.0),
    "market.leads_per_rep_week": (0.0, 40.0),
    "workload.admin_per_day": (0.0, 20.0),
    "incentive.commission_rate": (0.0, 0.2),
}
"""Range that sums of effects are held in."""


class Item(Section):
    """One thing on the desk.

    Attributes
    ----------
    name, kind, text
        What it is.
    due
        Minute by which it is pressing.
    waits
        What it does while nobody has decided.
    does
        Choice -> what it does from then on; a choice that is not named does nothing more.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    kind: Kind
    due: int = Field(ge=1, le=MINUTES)
    text: Words
    waits: dict[str, float] = Field(default={})
    does: dict[Choice, dict[str, float]] = Field(default={})


class Draw(Section):
    """How many items are drawn: at least so many complaints and pressures, and so many in all."""

    complaint: int = Field(ge=1)
    pressure: int = Field(ge=1)
    total: int = Field(ge=4, le=20)


class Pool(Section):
    """Everything that may lie on the desk."""

    draw: Draw
    always: tuple[str, ...] = ()
    items: tuple[Item, ...] = Field(min_length=12)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at the desk.

    Attributes
    ----------
    what
        ``start``, ``pause``, ``resume``, ``choice`` or ``again``.
    at
        Moment, seconds of the server's clock.
    item, choice
        Of a choice.
    """

    what: What
    at: float
    item: str = ""
    choice: Choice = "leave"


@cache
def pool() -> Pool:
    """Return everything that may lie on the desk."""
    return read_one(FILE, Pool)


def draw(seed: str) -> list[Item]:
    """Return the twelve items of one desk: both drills, complaints and target pressure, in every draw."""
    chance = random.Random(seed)  # noqa: S311  (which things lie on a desk)
    all_ = pool()
    known = {item.name: item for item in all_.items}
    picked = [known[name] for name in all_.always]
    for kind, count in (("complaint", all_.draw.complaint), ("pressure", all_.draw.pressure)):
        there = [item for item in all_.items if item.kind == kind and item not in picked]
        missing = count - sum(item.kind == kind for item in picked)
        picked += chance.sample(there, max(missing, 0))
    rest = [item for item in all_.items if item not in picked]
    picked += chance.sample(rest, all_.draw.total - len(picked))
    chance.shuffle(picked)
    return picked


def since_again(events: Iterable[Event]) -> list[Event]:
    """Return the events of the current try."""
    kept: list[Event] = []
    for event in events:
        if event.what == "again":
            kept = []
        else:
            kept.append(event)
    return kept


def seconds(events: Sequence[Event], at: float) -> float:
    """Return how long the clock has run at a moment, pauses left out, at most the ten minutes."""
    total, since = 0.0, None
    for event in events:
        if event.at > at:
            break
        if event.what in {"start", "resume"} and since is None:
            since = event.at
        elif event.what == "pause" and since is not None:
            total += event.at - since
            since = None
    if since is not None:
        total += max(at - since, 0.0)
    return min(total, 60.0 * MINUTES)


def state(events: Sequence[Event], at: float) -> Literal["before", "running", "paused", "over"]:
    """Return where the clock stands."""
    if not any(event.what == "start" for event in events):
        return "before"
    if seconds(events, at) >= 60.0 * MINUTES:
        return "over"
    last = [event.what for event in events if event.what in {"start", "pause", "resume"}][-1]
    return "paused" if last == "pause" else "running"


def decisions(events: Sequence[Event]) -> dict[str, tuple[Choice, float]]:
    """Return item -> last choice and the minute it was made at, in the order of deciding."""
    made: dict[str, tuple[Choice, float]] = {}
    for event in events:
        if event.what == "choice":
            made.pop(event.item, None)
            made[event.item] = (event.choice, seconds(events, event.at) / 60.0)
    return made


def season() -> Scenario:
    """Return the season with nothing on the desk."""
    return load("retail_peak").derive(SEASON)


def untouched(items: Sequence[Item]) -> Scenario:
    """Return the season in which everything lies there to the end."""
    return played(items, {})


def played(items: Sequence[Item], made: Mapping[str, tuple[Choice, float]]) -> Scenario:
    """Return the season with the choices as dated changes: each counts from the day that its moment stands for.

    Parameters
    ----------
    items
        What lies on the desk, from the first day of the season on.
    made
        Item -> choice and minute.
    """
    base = season()
    start = base.calendar.start
    changes: list[dict[str, Any]] = []
    last: dict[str, Any] = {}
    for day in sorted({0, *(_day(minute) for _, minute in made.values())}):
        active = [
            item.does.get(made[item.name][0], {})
            if item.name in made and _day(made[item.name][1]) <= day
            else item.waits
            for item in items
        ]
        values = _state(base, active)
        if values != last:
            changes.append({"at": start + timedelta(days=day), "set": values})
        last = values
    return base.derive({"changes": changes})


def _day(minute: float) -> int:
    """Return the day of the season that a minute stands for; the last one still counts."""
    return min(int(minute * 7), 7 * MINUTES - 1)


def _state(base: Scenario, active: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Return path -> value of everything that items can move, sums held in their range."""
    sums = {path: float(base.get(path)) for path in BOUNDS}
    for effects in active:
        for path, value in effects.items():
            sums[path] += value
    return {path: round(min(max(value, BOUNDS[path][0]), BOUNDS[path][1]), 6) for path, value in sums.items()}


def outcome(
    items: Sequence[Item],
    made: Mapping[str, tuple[Choice, float]],
    replications: int = REPLICATIONS,
    workers: int | None = None,
) -> list[Reading]:
    """Return what came of the choices: the season with them, and with everything left lying, on the same luck."""
    from kpisim.experiment import compare  # noqa: PLC0415

    return read_numbers(WATCH, compare(untouched(items), played(items, made), replications, workers=workers))


__all__ = [
    "CHOICES",
    "MINUTES",
    "REPLICATIONS",
    "WATCH",
    "Event",
    "Item",
    "decisions",
    "draw",
    "outcome",
    "played",
    "pool",
    "season",
    "seconds",
    "since_again",
    "state",
    "untouched",
]
