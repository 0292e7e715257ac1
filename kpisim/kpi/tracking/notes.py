"""Notes beside the numbers: who says when why it is red, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kpisim.kpi.goals.files import read_entries, words_of
from kpisim.kpi.window import as_date
from kpisim.text import UserError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from pathlib import Path

FIELDS = ("target", "who", "when", "why", "next", "by")
_MUST = FIELDS[:5]


@dataclass(frozen=True, slots=True)
class Note:
    """One note on one target.

    Attributes
    ----------
    target
        Name of the target.
    who, when, why
        Author, day, and cause.
    next
        What comes next.
    by
        Day by which it is done; None where nobody said.
    """

    target: str
    who: str
    when: date
    why: str
    next: str
    by: date | None = None


def read_notes(path: str | Path, targets: Iterable[str] = ()) -> list[Note]:
    """Return the notes of a JSON or YAML file.

    Parameters
    ----------
    path
        A list with the fields of :class:`Note`.
    targets
        Names that a note may be about; without any, every name will do.

    Raises
    ------
    UserError
        A file that cannot be read, a field that is missing or unknown, a target that there is not.
    """
    names = list(targets)
    return [_note(item, place, names) for place, item in read_entries(path)]


def _note(item: Any, place: str, targets: list[str]) -> Note:
    cells = words_of(item, place, FIELDS, _MUST)
    if targets and cells["target"] not in targets:
        raise UserError(
            "{name}: no such target; {remedy}",
            name=f"{place}: {cells['target']}",
            remedy=did_you_mean(cells["target"], targets),
        )
    by = cells.get("by")
    return Note(
        cells["target"],
        cells["who"],
        as_date(cells["when"], f"{place}: when"),
        cells["why"],
        cells["next"],
        None if by is None else as_date(by, f"{place}: by"),
    )


__all__ = ["FIELDS", "Note", "read_notes"]
