"""A goal: what somebody wants to reach, in words and, where they are known, in fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from kpisim.kpi.goals.cascade import Level


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal.

    Attributes
    ----------
    text
        The goal as it was said, zh or en.
    id
        Name that other goals point to.
    owner
        Person, team or region.
    kpi
        KPI of the library by name; empty where only the text tells.
    target
        Value to reach in the unit of the KPI (share 0.9 for 90 %, money, count, days).
    parent
        `id` or title of the goal that this one serves.
    due
        Last day.
    level
        Whose goal it is; empty where nobody said.
    weight
        Relative weight among goals, 0 or more.
    """

    text: str = ""
    id: str = ""
    owner: str = ""
    kpi: str = ""
    target: float | None = None
    parent: str = ""
    due: date | None = None
    level: Level | None = None
    weight: float = 1.0


__all__ = ["Goal"]
