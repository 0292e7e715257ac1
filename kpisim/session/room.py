"""The room as the trainer may see it: who is how far, and means of enough people.  Open entries alone, never anything private."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any, Protocol

from kpisim.kpi.interval import mean_interval

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from kpisim.session.store import Entry, Session

LEAST = 3
"""Fewest people of whom a mean is shown."""
LEAST_CHANGE = 5
"""Fewest people of whom a change is shown: two answers of one person say more about them than one."""
STUCK_MINUTES = 8.0
"""Minutes without a saved or typed word after which somebody may be stuck."""
TRAINER = "trainer."
"""Beginning of the kinds that the trainer keeps; they are nobody's work."""
COMMENT = f"{TRAINER}comment"
"""What the trainer wrote about a starred sheet, with its author's code."""

MERGED = f"{TRAINER}merged"
"""Two obstacles that say the same, as the trainer put them together: the one that goes and the one that stays."""


class Cohort(Protocol):
    """Whatever knows everybody's last open entry of a kind: a room's database, or many laptops' folders."""

    def cohort(self, kind: str) -> list[Entry]:
        """Return the last entry of every author under `kind`.  Never anything private."""
        ...


class Laptops:
    """Many sessions read as one room, e.g. the folders that were collected after the day.

    Parameters
    ----------
    sessions
        Open sessions; an author who is in several counts once, with what was kept last.
    """

    def __init__(self, sessions: Iterable[Session]) -> None:
        self.sessions = list(sessions)

    def cohort(self, kind: str) -> list[Entry]:
        """Return the last entry of every author under `kind`.  Never anything private."""
        last: dict[str, Entry] = {}
        for session in self.sessions:
            for entry in session.cohort(kind):
                if entry.author not in last or last[entry.author].at <= entry.at:
                    last[entry.author] = entry
        return list(last.values())


@dataclass(frozen=True, slots=True)
class Moved:
    """How one mark moved over people who gave it both times.

    Attributes
    ----------
    before, after
        Means.
    low, high
        95 % interval of the mean difference; None where everybody moved alike.
    n
        People.
    """

    before: float
    after: float
    low: float | None
    high: float | None
    n: int


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


def names(session: Cohort) -> dict[str, str]:
    """Return author's code -> the nickname given on joining, with the code behind it where two chose the same."""
    given = {
        entry.author: " ".join(str(entry.data[0].get("nickname") or "").split())
        for entry in session.cohort("join")
        if entry.data
    }
    often = Counter(given.values())
    return {
        author: name if often[name] == 1 else f"{name} ({author})" for author, name in given.items() if name
    }


def obstacles(session: Session) -> dict[str, int]:
    """Return the obstacles of the room with their votes, most votes first; who wrote one is not told.

    What two people wrote alike, blanks aside, is one obstacle, and so is what the trainer merged.
    """
    votes: dict[str, int] = {}
    for entry in session.cohort("obstacles"):
        for row in entry.data:
            text = " ".join(str(row.get("obstacle") or "").split())
            if text:
                votes[text] = votes.get(text, 0) + int(row.get("votes") or 0)
    for entry in session.room(MERGED):
        gone, stays = str(entry.data["gone"]), str(entry.data["stays"])
        if gone != stays and gone in votes and stays in votes:
            votes[stays] += votes.pop(gone)
    return dict(sorted(votes.items(), key=lambda one: -one[1]))


def merge(session: Session, gone: str, stays: str) -> None:
    """Put one obstacle into another; its votes go along."""
    session.keep(MERGED, {"gone": gone, "stays": stays})


def comment(session: Session, author: str, sheet: str, text: str) -> None:
    """Keep what the trainer wrote about one sheet of one author; an empty text takes an earlier one back."""
    session.keep(COMMENT, {"author": author, "sheet": sheet, "text": text.strip()})


def comments(session: Session, author: str | None = None) -> dict[str, str]:
    """Return sheet -> what the trainer wrote about it last.

    Parameters
    ----------
    session
        A session in the room's database.
    author
        Whose sheets; by default the session's own.
    """
    found = {}
    for entry in session.room(COMMENT):
        if entry.data.get("author") == (author or session.author):
            found[str(entry.data["sheet"])] = str(entry.data["text"])
    return {sheet: text for sheet, text in found.items() if text}


def mean(session: Cohort, kind: str, least: int = LEAST) -> tuple[float, int] | None:
    """Return the mean of all marks of a sheet and of how many people, None where they are too few."""
    people = [_marks(entry.data) for entry in session.cohort(kind)]
    told = [sum(marks.values()) / len(marks) for marks in people if marks]
    return (sum(told) / len(told), len(told)) if len(told) >= least else None


def change(session: Cohort, before: str, after: str) -> tuple[float, int] | None:
    """Return the mean change between two sheets over people who filled in both, None where they are too few."""
    first = {entry.author: _marks(entry.data) for entry in session.cohort(before)}
    pairs = []
    for entry in session.cohort(after):
        marks, earlier = _marks(entry.data), first.get(entry.author, {})
        both = set(marks) & set(earlier)
        if both:
            pairs.append(sum(marks[name] - earlier[name] for name in both) / len(both))
    return (sum(pairs) / len(pairs), len(pairs)) if len(pairs) >= LEAST_CHANGE else None


def changes(session: Cohort, before: str, after: str) -> dict[str, Moved]:
    """Return mark -> how it moved; a mark that fewer than five people gave both times is left out."""
    first = {entry.author: _marks(entry.data) for entry in session.cohort(before)}
    pairs: dict[str, list[tuple[float, float]]] = {}
    for entry in session.cohort(after):
        for name, mark in _marks(entry.data).items():
            if name in first.get(entry.author, {}):
                pairs.setdefault(name, []).append((first[entry.author][name], mark))
    return {name: _moved(both) for name, both in pairs.items() if len(both) >= LEAST_CHANGE}


def _moved(both: Sequence[tuple[float, float]]) -> Moved:
    steps = [later - earlier for earlier, later in both]
    interval = mean_interval(fmean(steps), stdev(steps), len(steps)) if len(set(steps)) > 1 else None
    low, high = interval or (None, None)
    return Moved(fmean(one for one, _ in both), fmean(one for _, one in both), low, high, len(both))


def _marks(data: Any) -> dict[str, float]:
    row = data[0] if isinstance(data, list) and data and isinstance(data[0], dict) else {}
    return {str(name): float(value) for name, value in row.items() if isinstance(value, (int, float))}


__all__ = [
    "COMMENT",
    "LEAST",
    "LEAST_CHANGE",
    "MERGED",
    "STUCK_MINUTES",
    "TRAINER",
    "Cohort",
    "Laptops",
    "Moved",
    "Progress",
    "change",
    "changes",
    "comment",
    "comments",
    "mean",
    "merge",
    "obstacles",
    "progress",
]
