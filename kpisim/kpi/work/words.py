"""Load and priorities as aligned text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.shown import show
from kpisim.kpi.work.hours import FULL
from kpisim.text import t
from kpisim.text.cells import align

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpisim.kpi.window import Window
    from kpisim.kpi.work.hours import Load
    from kpisim.kpi.work.priority import Ranked
    from kpisim.kpi.work.serves import Serves

TASKS = 8
"""Tasks shown of one person alone."""
EACH = 3
"""Tasks shown of each person, where there are several."""


def load_lines(people: Sequence[Load], weeks: Sequence[Window]) -> list[str]:
    """Return the load of each person by week, who is over, and where the hours could go."""
    heads = [t("rep"), *(t("week of {day}", day=week.start) for week in weeks), t("waiting"), t("pressure")]
    rows = [heads]
    for one in people:
        loads = [
            "–" if load is None else f"{show(load, 'share')}{' !' if load > FULL else ''}"
            for load in one.loads
        ]
        rows.append(
            [
                one.rep,
                *loads,
                t("{hours} h", hours=f"{one.waiting:,.0f}"),
                t("■ high") if one.pressure else "",
            ]
        )
    lines = [*align(rows, [False, *[True] * (len(weeks) + 1), False]), ""]
    return [
        *lines,
        *(line for head, told in moves_of(people) for line in (head, *(f"  {one}" for one in told))),
        t(
            "Pressure is high above 120% in the latest week, above 100% in it and the one before, or with a week's work waiting."
        ),
    ]


def moves_of(people: Sequence[Load]) -> list[tuple[str, list[str]]]:
    """Return headings with a line a person: above 100 % in the latest week and where the hours could go; whose work piles up."""
    over = sorted((one for one in people if one.over > 0), key=lambda one: -one.over)
    piled = [
        t(
            "{rep}: {hours} h of work waiting, {weeks} weeks",
            rep=one.rep,
            hours=f"{one.waiting:,.0f}",
            weeks=f"{one.waiting / one.available[-1]:.1f}",
        )
        for one in people
        if one.waiting > one.available[-1] > 0
    ]
    first = t("Above 100% in the latest week:") if over else t("Nobody is above 100% in the latest week.")
    return [
        (first, [_moved(one) for one in over]),
        *([(t("More than a week's work is waiting:"), piled)] if piled else []),
    ]


def _moved(one: Load) -> str:
    given = [t("{hours} h to {rep}", hours=f"{move.hours:.1f}", rep=move.to) for move in one.moves]
    to = [t(", ").join(given)] if given else []
    if one.left >= 0.05:
        # It stands with its person: in a line of its own nobody knows whose hours these are.
        left = t("nobody has room for {hours} h: drop them, put them off, or hire", hours=f"{one.left:.1f}")
        to.append(left)
    return t("{rep}: {hours} h to move: {to}", rep=one.rep, hours=f"{one.over:.1f}", to=t("; ").join(to))


def map_lines(hours: dict[str, float], serves: dict[str, Serves], weights: dict[str, float]) -> list[str]:
    """Return what the hours went to: kind, hours, share, KPIs served and their weight."""
    if sum(hours.values()) <= 0:
        return []
    went, idle = map_rows(hours, serves, weights)
    rows = [[t("kind of work"), t("hours"), t("share"), t("weight of its KPIs"), t("KPIs it serves")]]
    rows += [
        [one.title, f"{one.hours:,.0f}", show(one.share, "share"), show(one.weight, "share"), one.names]
        for one in went
    ]
    return [
        *align(rows, [False, True, True, True, False]),
        t("{share} of the hours serve no KPI with a weight.", share=show(idle, "share")),
    ]


@dataclass(frozen=True, slots=True)
class Went:
    """What hours went to: kind of work, hours, their share, weight of the KPIs it serves, and what these are called."""

    title: str
    hours: float
    share: float
    weight: float
    names: str


def map_rows(
    hours: dict[str, float], serves: dict[str, Serves], weights: dict[str, float]
) -> tuple[list[Went], float]:
    """Return what the hours went to, kind by kind, and the share of them that serve no KPI with a weight."""
    whole = sum(hours.values()) or 1.0
    rows = []
    for kind, some in hours.items():
        served = serves.get(kind)
        names = (
            t("not in the map")
            if served is None
            else t(", ").join(str(lookup(name).title) for name in served.kpis) or t("no KPI")
        )
        weight = 0.0 if served is None else served.weight(weights)
        rows.append(Went(title_of(kind, serves), some, some / whole, weight, names))
    return rows, sum(one.hours for one in rows if not one.weight) / whole


def rank_lines(tasks: Sequence[Ranked], serves: dict[str, Serves]) -> list[str]:
    """Return the open tasks, first things first."""
    if not tasks:
        return [t("No open task.")]
    rows = [
        [
            t("first"),
            t("rep"),
            t("kind of work"),
            t("due"),
            t("days left"),
            t("weight"),
            t("priority"),
            t("hours"),
        ]
    ]
    shown = shortlist(tasks)
    for place, one in shown:
        rows.append(
            [
                f"{place} {one.task}", one.rep, title_of(one.kind, serves), "–" if one.due is None else str(one.due), str(one.left),
                show(one.weight, "share"), f"{one.priority:.3f}", f"{one.hours:.1f}",
            ]
        )  # fmt: skip
    lines = align(rows, [False, False, False, False, True, True, True, True])
    if len(tasks) > len(shown):
        lines.append(t("… and {count} more", count=len(tasks) - len(shown)))
    return [
        *lines,
        t(
            "Priority = weight of the KPIs that a task serves ÷ (1 + working days left); what is overdue has none left."
        ),
    ]


def shortlist(tasks: Sequence[Ranked]) -> list[tuple[int, Ranked]]:
    """Return the first tasks of one person, or the first few of each where there are several, with their places."""
    people = sorted({one.rep for one in tasks})
    most = TASKS if len(people) == 1 else EACH
    return [
        pair
        for rep in people
        for pair in list(enumerate((task for task in tasks if task.rep == rep), 1))[:most]
    ]


def title_of(kind: str, serves: dict[str, Serves]) -> str:
    """Return what people call a kind of work."""
    return str(serves[kind].title) if kind in serves else kind


__all__ = ["Went", "load_lines", "map_lines", "map_rows", "moves_of", "rank_lines", "shortlist", "title_of"]
