"""The review wall: a line or two of one's own a module, built from what was saved, without typing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WALL: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "culture": (("culture_action_plan", ("value", "behaviour")), ("comment_m1", ("comment",))),
    "communication": (("collab_agreement", ("give", "get")), ("sbi_line", ("request",))),
    "goals": (("smart_goals", ("goal",)), ("adjustment", ("adjustment",))),
    "pressure": (("comment_m4", ("rule",)), ("time_audit", ("drain",))),
}
"""Module -> the sheets, most telling first, and the fields that make its line."""
LINES = 2
"""Lines a module on the wall."""
LONGEST = 160
"""Signs of a line on the wall; the sheet keeps them all."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line on the wall: the sheet it stands on, and what was written there."""

    sheet: str
    text: str


def wall(filled: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, list[Line]]:
    """Return module -> its lines; a module of which nothing was saved has none."""
    return {
        module: [line for name, fields in sources for line in _lines(name, fields, filled.get(name, ()))][
            :LINES
        ]
        for module, sources in WALL.items()
    }


def _lines(name: str, fields: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> list[Line]:
    said = [[str(row[field]) for field in fields if row.get(field)] for row in rows]
    return [Line(name, _short(" → ".join(words))) for words in said if words]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


__all__ = ["LINES", "WALL", "Line", "wall"]
