"""Pulses of the day: what the model's team says in the peak season, and what was promised after the room's own pulse."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from kpisim.course.rounds import rota
from kpisim.kpi.pulse import Kept, Promise, answers_of, keep, waves

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kpisim.kpi.pulse import Wave
    from kpisim.session import Entry

PULSE, LOOP = "culture_pulse", "feedback_loop"
ITEMS = {
    "clarity": "goal_clarity",
    "cooperation": "cooperation",
    "speaking_up": "speaking_up",
    "recognition": "recognition",
    "learning": "learning",
    "customer_first": "customer_first",
}
"""Field of the culture pulse -> the question it asks."""


def stress_waves(answering: int) -> list[Wave]:
    """Return the weekly stress pulses of the model's team before the rota can change.

    Parameters
    ----------
    answering
        How many of the team answer each week; answers carry no name, so it does not matter which.
    """
    from kpisim.experiment.one import play  # noqa: PLC0415

    asked = rota()
    short = asked.base().derive({"calendar.weeks": asked.from_week})
    answers = answers_of(play(short, 1, 0)["surveys"], "pulse")
    answers = answers[answers["answered"].dt.date >= short.calendar.start]
    return waves(answers.groupby(answers["answered"].dt.date).head(answering))


def room_waves(entries: Iterable[Entry], on: date) -> list[Wave]:
    """Return the culture pulses of the room, an item each; the last answer of a day counts for each person.

    Parameters
    ----------
    entries
        Saved culture pulses of everybody.  Who answered decides whose last answer counts and goes no further.
    on
        Leave out later answers.
    """
    import pandas as pd  # noqa: PLC0415

    last = {(one.author, one.at.astimezone().date()): one for one in entries if one.data}
    answers = [
        {"question": ITEMS[name], "answered": day, "score": score}
        for (_, day), one in last.items()
        for name, score in one.data[0].items()
        if name in ITEMS and score is not None
    ]
    frame = pd.DataFrame(answers, columns=["question", "answered", "score"])
    return waves(frame.assign(answered=pd.to_datetime(frame["answered"])), on)


def loop(
    saved: Sequence[tuple[date, Sequence[Mapping[str, Any]]]], found: Sequence[Wave], on: date
) -> list[Kept]:
    """Return what became of the promises of a feedback loop.

    Parameters
    ----------
    saved
        Day and rows of each time the sheet was saved, the oldest first; a promise counts from the first of its days.
    found
        Waves of the room's pulse.
    on
        Today: a promise whose day is past without having been measured again is overdue.
    """
    if not saved:
        return []
    kept = []
    for row in saved[-1][1]:
        if not (row.get("theme") and row.get("measure_on")):
            continue
        set_on = next(day for day, rows in saved if any(_same(row, one) for one in rows))
        promise = Promise(
            ITEMS.get(str(row.get("item")), ""), str(row["theme"]), str(row.get("action") or ""),
            str(row.get("owner") or ""), set_on, date.fromisoformat(str(row["measure_on"])),
        )  # fmt: skip
        measured = row.get("measured_on")
        if measured and set_on < date.fromisoformat(str(measured)) <= on:
            kept.append(Kept(promise, "done", None))
        else:
            kept += keep([promise], found, on)
    return kept


def _same(row: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(row.get(name) == other.get(name) for name in ("item", "theme", "action"))


__all__ = ["ITEMS", "LOOP", "PULSE", "loop", "room_waves", "stress_waves"]
