"""How full a step of the day is: minutes that its sheets, rounds and questions take, against the minutes it has.

``python -m kpisim.course.load`` writes ``docs/day_load.md`` anew.  Seconds per field are our assumption: a short sheet
comes to about two minutes, a long one to three to five.  What is talked about at the table is not in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kpisim.course.prefill import DRAFTED
from kpisim.course.read import lessons, sheets
from kpisim.course.rounds import a_round
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from kpisim.course.schema import Lesson, Step
    from kpisim.sheets.declared import Kind, Sheet

SECONDS: dict[Kind, float] = {
    "text": 30, "long": 45, "number": 20, "scale": 10, "date": 15, "choice": 15, "flag": 10,
}  # fmt: skip
"""Seconds to think of an answer and fill it in, by kind of field (assumption)."""
READ, DRAFT = 30.0, 1 / 3
"""Seconds to read what a sheet asks, and the share of a field's time that it takes where a draft stands in it."""
QUIZ, CASE, CLIP, SCENE = 45.0, 120.0, 240.0, 420.0
"""Seconds for a question, for reading a case, for a clip (or its scene read aloud) and to
prepare and play a scene; in the three minutes of feedback the rubric is ticked."""
PREDICT, LEVER, RUN, LOOK = 10.0, 20.0, 30.0, 90.0
"""Seconds of a round: to predict a number, to set a lever, to play, and to read the result."""
TOOLS = {"calm": 0, "inbasket": 600, "kpi_quadrants": 30, "loop": 30, "own_data": 0, "quadrants": 120, "wall": 60, "week": 120, "pulse": 240}  # fmt: skip
"""Seconds with a panel made for the hand.  The two minutes of `calm` are those in which its sheet is filled in; one's own data is for later."""
ASKED = {"priority_matrix": 6, "scorecard": 5, "time_audit": 3, "barrier_map": 3, "behaviour_week": 2}  # fmt: skip
"""Rows that the text asks for, or that a draft brings, where there are more than the sheet's fewest."""
FULL = 0.9
"""Largest share of a step's minutes that may be planned: somebody is always slower, and the trainer speaks too."""


@dataclass(frozen=True, slots=True)
class StepLoad:
    """What one step asks of a participant.

    Attributes
    ----------
    module, step
        Which.
    minutes
        Minutes it has.
    sheets, fields
        Sheets, and fields to fill in on them (required ones, rows that are asked for).
    needed
        Minutes that sheets, round, questions, case and panels take.
    """

    module: str
    step: str
    minutes: int
    sheets: int
    fields: int
    needed: float

    @property
    def share(self) -> float:
        """Planned share of the step's minutes."""
        return self.needed / self.minutes

    @property
    def per_minute(self) -> float:
        """Fields to fill in per minute."""
        return self.fields / self.minutes


def loads() -> list[StepLoad]:
    """Return every step of the day, in order."""
    return [_load(taught, step) for taught in lessons() for step in taught.steps]


def _load(taught: Lesson, step: Step) -> StepLoad:
    asked = [sheets()[name] for name in step.sheets]
    seconds = sum(sheet_seconds(one) for one in asked) + QUIZ * len(step.quiz)
    seconds += SCENE * len(step.roleplays) + sum(TOOLS[name] for name in step.tools)
    # The in-basket's card is the in-basket itself.
    seconds += CASE * (step.case is not None and "inbasket" not in step.tools) + CLIP * ("V" in step.modes)
    if step.round is not None:
        seconds += round_seconds(step.round)
    fields = sum(_rows(one) * sum(field.required for field in one.fields) for one in asked)
    return StepLoad(str(taught.name), step.name, step.minutes, len(asked), fields, seconds / 60)


def sheet_seconds(one: Sheet) -> float:
    """Return the seconds that a sheet takes: its required fields, on as many rows as are asked for."""
    drafted = DRAFTED.get(one.name, frozenset())
    row = sum(
        SECONDS[field.kind] * (DRAFT if field.name in drafted else 1)
        for field in one.fields
        if field.required
    )
    return READ + _rows(one) * row


def round_seconds(name: str) -> float:
    """Return the seconds that a round takes with one run, or with two where it is adjusted half-way."""
    played = a_round(name)
    decide = LEVER * len(played.inputs) + RUN + LOOK
    return PREDICT * len(played.watch) + decide * (1 if played.halfway is None else 2)


def _rows(one: Sheet) -> int:
    return ASKED.get(one.name, one.rows[0])


PAGE = Path(__file__).resolve().parents[2] / "docs" / "day_load.md"


def page() -> str:
    """Return the table of the day as Markdown."""
    lines = [
        "# How full the day is",
        "",
        "Written by `python -m kpisim.course.load`. Minutes needed are added up from seconds per field, question and lever, which are our assumption (see `kpisim/course/load.py`); table talk and what the trainer says are not in them.",
        f"A test holds every step to {percent(FULL, 0)} of its minutes and at most three sheets.",
        "",
        "| module | step | minutes | sheets | fields | fields per minute | minutes needed | share |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.module} | {one.step} | {one.minutes} | {one.sheets} | {one.fields} | {one.per_minute:.1f} | {one.needed:.1f} | {percent(one.share, 0)} |"
        for one in loads()
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")


__all__ = ["FULL", "PAGE", "StepLoad", "loads", "page", "round_seconds", "sheet_seconds"]
