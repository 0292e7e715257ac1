"""The room as the trainer may see it: who is how far, and means of enough people.  Open entries alone, never anything private."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from kpisim.session.store import Entry, Session

LEAST = 3
"""Fewest people of whom a mean is shown."""
LEAST_CHANGE = 5
"""Fewest people of whom a change is shown: two answers of one person say more about him than one."""
STUCK_MINUTES = 8.0
"""Minutes without a saved or typed word after which somebody may be stuck."""
TRAINER = "trainer."
"""Beginning of the kinds that the trainer keeps; they are nobody's work."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one person is.

    Attributes
    ----------
    author
        Code without a name.
    sheets
        How many different sheets were saved.
    last
        What was saved or typed last.
    minutes
        Minutes since then.
    stuck
        Whether that is long ago.
    """

    author: str
    sheets: int
    last: str
    minutes: float
    stuck: bool


def progress(session: Session, sheets: Sequence[str], now: datetime) -> list[Progress]:
    """Return how far everybody is, by code.

    Parameters
    ----------
    session
        A session in the room's database.
    sheets
        Names of the open sheets of the day.
    now
        Moment to reckon from.
    """
    by_author: dict[str, list[Entry]] = {}
    for entry in session.room():
        if not entry.kind.startswith(TRAINER):
            by_author.setdefault(entry.author, []).append(entry)
    known = set(sheets)
    found = []
    for author, entries in sorted(by_author.items()):
        minutes = (now - entries[-1].at).total_seconds() / 60.0
        saved = {entry.kind for entry in entries} & known
        last = entries[-1].kind.removeprefix("draft.")
        found.append(Progress(author, len(saved), last, minutes, minutes > STUCK_MINUTES))
    return found


def mean(session: Session, kind: str, least: int = LEAST) -> tuple[float, int] | None:
    """Return the mean of all marks of a sheet and of how many people, None where they are too few."""
    people = [_marks(entry.data) for entry in session.cohort(kind)]
    told = [sum(marks.values()) / len(marks) for marks in people if marks]
    return (sum(told) / len(told), len(told)) if len(told) >= least else None


def change(session: Session, before: str, after: str) -> tuple[float, int] | None:
    """Return the mean change between two sheets over people who filled in both, None where they are too few."""
    first = {entry.author: _marks(entry.data) for entry in session.cohort(before)}
    pairs = []
    for entry in session.cohort(after):
        marks, earlier = _marks(entry.data), first.get(entry.author, {})
        both = set(marks) & set(earlier)
        if both:
            pairs.append(sum(marks[name] - earlier[name] for name in both) / len(both))
    return (sum(pairs) / len(pairs), len(pairs)) if len(pairs) >= LEAST_CHANGE else None


def _marks(data: Any) -> dict[str, float]:
    row = data[0] if isinstance(data, list) and data and isinstance(data[0], dict) else {}
    return {str(name): float(value) for name, value in row.items() if isinstance(value, (int, float))}


__all__ = ["LEAST", "LEAST_CHANGE", "STUCK_MINUTES", "TRAINER", "Progress", "change", "mean", "progress"]
