"""A week of time boxes against one's own work calendar: what overlaps, what is too full, what falls on a day off."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kpisim.text import Text
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Rows = Sequence[Mapping[str, Any]]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NAMES = {
    "mon": Text("Monday", "周一"),
    "tue": Text("Tuesday", "周二"),
    "wed": Text("Wednesday", "周三"),
    "thu": Text("Thursday", "周四"),
    "fri": Text("Friday", "周五"),
    "sat": Text("Saturday", "周六"),
    "sun": Text("Sunday", "周日"),
}
SHORT = {name: Text(one.en[:3], one.zh) for name, one in NAMES.items()}
"""Days as a narrow column heads them."""
DAY_HOURS = 8.0
FULL = 0.7
"""Share of a day that boxes may take; the rest is for what nobody planned."""
FIRST, LAST = 8.0, 20.0
"""Hours of the day that the grid shows."""
_LEAST = 1e-9


def next_monday(today: date) -> date:
    """Return the Monday of the week that is planned: the one that follows."""
    return today + timedelta(days=7 - today.weekday())


def workdays(calendar: Rows, monday: date) -> list[str]:
    """Return the working days of a week: Monday to Friday, less days off, more swapped weekend days.

    Parameters
    ----------
    calendar
        Rows of the sheet ``work_calendar``: ``day`` as ISO date, ``kind`` off or work.
    monday
        First day of the week.
    """
    kinds = {str(row["day"]): row.get("kind") for row in calendar if row.get("day")}
    found = []
    for place, name in enumerate(DAYS):
        kind = kinds.get((monday + timedelta(days=place)).isoformat())
        if kind == "work" or (place < 5 and kind != "off"):
            found.append(name)
    return found


def boxes(rows: Rows) -> list[tuple[int, str, float, float]]:
    """Return row, day, start and end of each row that is a whole box."""
    return [
        (place, str(row["day"]), float(row["start"]), float(row["start"]) + float(row["hours"]))
        for place, row in enumerate(rows)
        if row.get("day") in DAYS and row.get("start") is not None and row.get("hours")
    ]


def overlaps(rows: Rows) -> list[tuple[int, int]]:
    """Return pairs of rows whose boxes overlap; one that begins when another ends does not."""
    there = boxes(rows)
    return [
        (first, second)
        for at, (first, day, start, end) in enumerate(there)
        for second, other, begins, ends in there[at + 1 :]
        if day == other and start < ends - _LEAST and begins < end - _LEAST
    ]


def load(rows: Rows) -> dict[str, float]:
    """Return day -> share of its hours that boxes take, recovery left out: it is no work."""
    hours: dict[str, float] = defaultdict(float)
    for place, day, start, end in boxes(rows):
        if rows[place].get("kind") != "recovery":
            hours[day] += end - start
    return {day: hours[day] / DAY_HOURS for day in DAYS if day in hours}


def remarks(rows: Rows, calendar: Rows = (), monday: date | None = None) -> list[tuple[int, Text]]:
    """Return row and what to mend: overlaps, days fuller than 70 %, days without recovery, boxes on a day off."""
    found: list[tuple[int, Text]] = [
        (
            second,
            Text(
                "{day}: box {second} overlaps box {first}; move one of them",
                None,
                day=NAMES[str(rows[second]["day"])],
                first=first + 1,
                second=second + 1,
            ),
        )
        for first, second in overlaps(rows)
    ]
    there = boxes(rows)
    open_days = list(DAYS) if monday is None else workdays(calendar, monday)
    for day, share in load(rows).items():
        at = next(place for place, name, _, _ in there if name == day)
        if share > FULL + _LEAST:
            words = Text(
                "{day} is {share} full; above 70% one surprise makes a queue, move a box",
                None,
                day=NAMES[day],
                share=percent(share, 0),
            )
            found.append((at, words))
        # Nobody plans a break on a day off: there the box is to be moved, and that is all.
        if day in open_days and not any(
            rows[place].get("kind") == "recovery" for place, name, _, _ in there if name == day
        ):
            found.append(
                (at, Text("{day} has no box for recovery; half an hour is enough", None, day=NAMES[day]))
            )
    if monday is not None:
        found += [
            (
                place,
                Text(
                    "{day} {date} is a day off; move the box", None, day=NAMES[day], date=_date(monday, day)
                ),
            )
            for place, day, _, _ in there
            if day not in open_days
        ]
    return found


def moved(rows: Iterable[Mapping[str, Any]], place: int, day: str, start: float) -> list[dict[str, Any]]:
    """Return the rows with one box moved, held inside the grid, on the half hour; an unknown box or day moves nothing."""
    kept = [dict(row) for row in rows]
    if 0 <= place < len(kept) and day in DAYS:
        hours = float(kept[place].get("hours") or 0.5)
        kept[place]["day"] = day
        kept[place]["start"] = round(min(max(start, FIRST), LAST - hours) * 2) / 2
    return kept


def moments(rows: Rows, monday: date) -> list[tuple[str, date, float, float]]:
    """Return task, date, start and end of each box, for a calendar file."""
    return [
        (str(rows[place].get("task") or ""), monday + timedelta(days=DAYS.index(day)), start, end)
        for place, day, start, end in boxes(rows)
    ]


def _date(monday: date, day: str) -> str:
    return (monday + timedelta(days=DAYS.index(day))).isoformat()


__all__ = [
    "DAYS",
    "DAY_HOURS",
    "FIRST",
    "FULL",
    "LAST",
    "NAMES",
    "SHORT",
    "boxes",
    "load",
    "moments",
    "moved",
    "next_monday",
    "overlaps",
    "remarks",
    "workdays",
]
