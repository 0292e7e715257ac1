"""Tasks of a retail peak to practise the four quadrants with, and the trainer's key to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from unicodedata import normalize

from pydantic import Field

from kpisim.course.prefill import placed
from kpisim.course.read import read_list
from kpisim.kpi.library.definition import Words  # noqa: TC001  (pydantic reads the annotations)
from kpisim.scenario.fields import Section

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

FILE = Path(__file__).with_name("peak_tasks.yaml")
FRIDAY = 4


class PeakTask(Section):
    """One task, invented.

    Attributes
    ----------
    name, task
        What it is.
    importance, due_days, kpi, hours
        As the team graded it: 1 to 5, working days from today, the KPI it serves, hours it takes.
    key, why
        Quadrant the trainer puts it into, and the reason in one line.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    task: Words
    importance: float = Field(ge=1, le=5)
    due_days: int = Field(ge=0, le=30)
    kpi: Words | None = None
    hours: float = Field(gt=0, le=40)
    key: Literal["do", "plan", "delegate", "drop"]
    why: Words


@dataclass(frozen=True, slots=True)
class Placed:
    """One task as the group placed it, beside the key.

    Attributes
    ----------
    task
        The task.
    mine
        Quadrant it lies in.
    """

    task: PeakTask
    mine: str

    @property
    def agrees(self) -> bool:
        """Whether the group and the trainer put it into the same quadrant."""
        return self.mine == self.task.key


@cache
def peak_tasks() -> tuple[PeakTask, ...]:
    """Return all tasks, in the order of the file."""
    return tuple(read_list(FILE, PeakTask))


def draft(today: date) -> list[dict[str, Any]]:
    """Return the tasks as rows of ``priority_matrix`` in the current language; the rule places them."""
    return [
        {
            "task": str(one.task.text()),
            "importance": one.importance,
            "due": _working_day(today, one.due_days).isoformat(),
            "kpi": None if one.kpi is None else str(one.kpi.text()),
            "hours": one.hours,
            "quadrant": None,
        }
        for one in peak_tasks()
    ]


def against_key(rows: Sequence[Mapping[str, Any]], today: date) -> list[Placed]:
    """Return the tasks of the peak among `rows` beside the key; a group's own tasks have none and are left out."""
    by_text = {text: one for one in peak_tasks() for text in (one.task.en, one.task.zh)}
    return [
        Placed(by_text[text], placed(row, today))
        for row in rows
        if (text := str(row.get("task") or "").strip()) in by_text
    ]


def key_code(day: date) -> str:
    """Return the four digits that open the key on a laptop of its own on `day`.

    They follow from the date, so that trainer and participants need no network between them.  A curtain, not a lock:
    whoever reads our source finds code and key alike.
    """
    return f"{int(sha256(f'kpisim key {day.isoformat()}'.encode()).hexdigest(), 16) % 10_000:04d}"


def opens(typed: str, day: date) -> bool:
    """Whether what somebody typed is the code of `day` or of a day beside it, full-width digits and blanks aside.

    A day beside it, since the trainer's laptop may stand in another time zone or have its clock wrong by hours.
    """
    digits = "".join(normalize("NFKC", typed).split())
    return digits in {key_code(day + timedelta(days=shift)) for shift in (-1, 0, 1)}


def missing(rows: Sequence[Mapping[str, Any]], today: date) -> list[dict[str, Any]]:
    """Return the drafted rows of those tasks that are not among `rows` yet, in either language."""
    there = {one.task.name for one in against_key(rows, today)}
    return [row for task, row in zip(peak_tasks(), draft(today), strict=True) if task.name not in there]


def _working_day(today: date, days: int) -> date:
    """Return the day `days` working days after today; holidays are not known here."""
    day = today
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() <= FRIDAY
    return day


__all__ = ["PeakTask", "Placed", "against_key", "draft", "key_code", "missing", "opens", "peak_tasks"]
