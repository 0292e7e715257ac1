"""Sheets that come filled in from earlier ones, so that nobody types a thing twice.

Only open sheets are read.  A draft is a proposal: the participant changes it, and it is kept only when they save.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kpisim.course.halfway import SHEET, notes
from kpisim.kpi.goals.dates import last_of
from kpisim.kpi.goals.reading import read_goal
from kpisim.kpi.registry import kpi
from kpisim.kpi.window import as_date
from kpisim.text import UserError, t

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Rows = Sequence[Mapping[str, Any]]
    Filled = Mapping[str, Rows]

IMPORTANT = 4
"""Importance from which a task counts as important; see the page of the four quadrants."""
URGENT_DAYS = 3
"""A task due within this many working days counts as urgent, the last day included."""
MOST_BOX = 2.0
"""Longest box that is proposed, in hours."""
MOST_ROWS = 5
"""Rows that the culture plan and the count of behaviours hold."""


def prefilled(sheet: str, filled: Filled, today: date) -> list[dict[str, Any]]:
    """Return rows that earlier sheets propose for `sheet`; empty where they have nothing to say.

    Parameters
    ----------
    sheet
        Sheet to be filled in.
    filled
        Open sheets saved so far, by name.
    today
        Day that dates are compared with.
    """
    return DRAFTS[sheet][1](filled, today) if sheet in DRAFTS else []


def action_plan(filled: Filled, today: date) -> list[dict[str, Any]]:
    """Propose a commitment a module: culture, communication, goals, pressure and time; gaps stay gaps."""
    soon = (today + timedelta(days=2)).isoformat()
    plans = {
        "culture": _culture(filled),
        "communication": _communication(filled),
        "goals": _goals(filled, today),
        "pressure": _pressure(filled),
    }
    return [
        {"area": area, "first_by": soon, **{name: value for name, value in row.items() if value}}
        for area, row in plans.items()
        if row.get("commitment")
    ]


def _culture(filled: Filled) -> dict[str, Any]:
    row = _row(filled, "culture_action_plan", "behaviour")
    return {"commitment": row.get("behaviour"), "date": row.get("review"), "measure": row.get("kpi")}


def _communication(filled: Filled) -> dict[str, Any]:
    row = _row(filled, "collab_agreement", "give")
    return {
        "commitment": row.get("give"),
        "date": row.get("date"),
        "measure": row.get("measure"),
        "helper": row.get("department"),
    }


def _goals(filled: Filled, today: date) -> dict[str, Any]:
    row = _row(filled, "smart_goals", "goal")
    text = str(row.get("goal") or "")
    # As the check of the goal reads it: a year of the company's goal that it serves is no deadline.
    read = read_goal(text, today)
    last = last_of(read.dates)
    # "wins 12 new customers" is counted in new customers, not in wins.
    named = max(read.kpis, key=lambda one: len(one[1]), default=None)
    first = _row(filled, "week_plan", "task")
    return {
        "commitment": text,
        "date": last.end.isoformat() if last is not None and last.end > today else None,
        # What is counted; the upper goal that it serves measures nothing here.
        "measure": str(kpi(named[0]).title) if named else None,
        "first": first.get("task") if first.get("quadrant") in {"do", "plan"} else None,
    }


def _pressure(filled: Filled) -> dict[str, Any]:
    rule = _row(filled, "comment_m4", "rule").get("rule")
    stopped = next((row for row in filled.get("time_audit", ()) if row.get("stop")), {})
    before, after = stopped.get("before"), stopped.get("after")
    # A row may be saved half filled in.
    told = before is not None and after is not None and before > after
    measure = t("{before} → {after} h a week", before=f"{before:g}", after=f"{after:g}") if told else None
    return {"commitment": rule or stopped.get("drain"), "measure": measure}


def _row(filled: Filled, sheet: str, field: str) -> Mapping[str, Any]:
    """Return the first row that says something in `field`."""
    return next((row for row in filled.get(sheet, ()) if row.get(field)), {})


def quadrant(row: Mapping[str, Any], today: date) -> str:
    """Return the quadrant of a task: ``do``, ``plan``, ``delegate`` or ``drop``.

    Important is 4 or 5 and a KPI that it serves; urgent is due within three working days, a task on the line counts as
    urgent.
    """
    important = float(row.get("importance") or 0) >= IMPORTANT and bool(str(row.get("kpi") or "").strip())
    urgent = _due_days(row, today) <= URGENT_DAYS
    return ("do" if urgent else "plan") if important else ("delegate" if urgent else "drop")


def _due_days(row: Mapping[str, Any], today: date) -> int:
    """Return the working days (Monday to Friday) until a task is due; many where no date says so."""
    try:
        due = as_date(str(row["due"]), "due") if row.get("due") else None
    except UserError:
        due = None
    if due is None:
        return 999
    days = min((due - today).days, 999)
    return sum((today + timedelta(days=day)).weekday() < 5 for day in range(1, days + 1))


def week_plan(filled: Filled, today: date) -> list[dict[str, Any]]:
    """Propose next week from the four quadrants: what is to be done first, then what gets a box, then the rest."""
    rank = ("do", "plan", "delegate", "drop")
    rows = [
        {"task": row["task"], "quadrant": placed(row, today), "hours": row.get("hours")}
        for row in filled.get("priority_matrix", ())
        if row.get("task")
    ]
    return sorted(rows, key=lambda row: rank.index(str(row["quadrant"])))


def placed(row: Mapping[str, Any], today: date) -> str:
    """Return the quadrant that a hand put the task into, else the one that the rule gives."""
    by_hand = row.get("quadrant")
    return str(by_hand) if by_hand in {"do", "plan", "delegate", "drop"} else quadrant(row, today)


def timebox_week(filled: Filled, _today: date) -> list[dict[str, Any]]:
    """Propose boxes for what is important: one a task, at most two a day, at nine and at two o'clock.

    A task that has a day keeps it; the others go to the day with the fewest boxes, from Monday on.
    """
    days = ("mon", "tue", "wed", "thu", "fri")
    tasks = [
        row
        for row in filled.get("week_plan", ())
        if row.get("task") and row.get("quadrant") in {"do", "plan"}
    ]
    boxes: list[dict[str, Any]] = []
    used = dict.fromkeys(days, 0)
    for row in sorted(tasks[:10], key=lambda row: row.get("day") not in days):
        day = str(row["day"]) if row.get("day") in days else min(days, key=lambda one: used[one])
        turn = used[day]
        used[day] += 1
        if turn > 1:
            continue
        hours = min(max(float(row.get("hours") or 1.0), 0.5), MOST_BOX)
        boxes.append(
            {"task": row["task"], "day": day, "start": (9.0, 14.0)[turn], "hours": hours, "kind": "focus"}
        )
    order = {day: place for place, day in enumerate(days)}
    return sorted(boxes, key=lambda box: (order[box["day"]], box["start"]))


def collab_agreement(filled: Filled, _today: date) -> list[dict[str, Any]]:
    """Propose an agreement from what the table found in the case: the hand-over, the shared goal, its measure."""
    case = next(iter(filled.get("case2_answers", ())), {})
    row = {name: case.get(of) for name, of in (("give", "handover"), ("get", "goal"), ("measure", "measure"))}
    return [row] if any(row.values()) else []


def culture_action_plan(filled: Filled, _today: date) -> list[dict[str, Any]]:
    """Propose what is to be done for each value as rows of the culture plan; measure, reward and date stay open."""
    return [
        {"value": row.get("value"), "behaviour": row[name]}
        for row in filled.get("value_examples", ())
        for name in ("do_1", "do_2")
        if row.get(name)
    ][:MOST_ROWS]


def behaviour_week(filled: Filled, _today: date) -> list[dict[str, Any]]:
    """Propose the behaviours of the culture plan to be counted; how often is wanted stays open."""
    return [
        {"behaviour": row["behaviour"]}
        for row in filled.get("culture_action_plan", ())
        if row.get("behaviour")
    ][:MOST_ROWS]


def tracking_notes(filled: Filled, _today: date) -> list[dict[str, Any]]:
    """Propose the red and amber lights of the board half-way through a round."""
    return notes(filled.get(SHEET, ()))


DRAFTS: dict[str, tuple[tuple[str, ...], Callable[[Filled, date], list[dict[str, Any]]]]] = {
    "culture_action_plan": (("value_examples",), culture_action_plan),
    "behaviour_week": (("culture_action_plan",), behaviour_week),
    "collab_agreement": (("case2_answers",), collab_agreement),
    "tracking_notes": ((SHEET,), tracking_notes),
    "week_plan": (("priority_matrix",), week_plan),
    "timebox_week": (("week_plan",), timebox_week),
    "action_plan": (
        ("culture_action_plan", "collab_agreement", "smart_goals", "week_plan", "comment_m4", "time_audit"),
        action_plan,
    ),
}
"""Sheet -> the sheets it comes from, and how."""
DRAFTED: dict[str, frozenset[str]] = {
    "culture_action_plan": frozenset({"value", "behaviour"}),
    "behaviour_week": frozenset({"behaviour"}),
    "collab_agreement": frozenset({"give", "get", "measure"}),
    "tracking_notes": frozenset({"kpi", "light"}),
    "week_plan": frozenset({"task", "quadrant", "hours"}),
    "timebox_week": frozenset({"task", "day", "start", "hours", "kind"}),
    "action_plan": frozenset({"area", "commitment", "first_by", "date", "measure"}),
}
"""Sheet -> fields that a draft fills in where the sheets before it are full; a commitment's date and measure mostly."""

__all__ = ["DRAFTED", "DRAFTS", "IMPORTANT", "URGENT_DAYS", "action_plan", "placed", "prefilled", "quadrant"]
