"""An import played day by day: the tables as they were known at the end of a day.

Every column that an outcome fills in later is taken back; a row that came in later is not there yet.  What a table cannot
say (which stage an opportunity stood in without a log of stages, what a task looked like half-way) stays empty.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from kpisim.tables import Tables
from kpisim.tables.schema import TABLES
from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import pandas as pd

BEGINS: dict[str, str] = {
    "opportunities": "created",
    "stage_changes": "entered",
    "orders": "booked",
    "collections": "due",
    "complaints": "opened",
    "surveys": "answered",
    "tasks": "created",
    "requests": "submitted",
    "trainings": "held",
    "rep_days": "day",
    "pay": "period_end",
    "finance": "period_end",
}
"""Table -> the time at which a row becomes known.  Pay and books are known when their period is over; targets and bills
that fall due later are known from the start, reps from the day they were hired, customers from their first order."""
OUTCOMES: dict[str, dict[str, tuple[str, ...]]] = {
    "reps": {"left": ()},
    "opportunities": {"closed": ("stage", "reason", "value", "discount")},
    "orders": {"delivered": (), "invoiced": (), "cancelled": ()},
    "collections": {"paid": ("received",)},
    "accounts": {"left": (), "since": ()},
    "complaints": {"answered": ("handling",)},
    "tasks": {"started": (), "finished": ("hours", "spent")},
    "requests": {"finished": ("rounds",)},
}
"""Table -> time of an outcome -> what is known only from then on."""
_KNOWN_BEFORE = {"value"}
"""What may be known before the outcome: it is kept, as an export would show today's estimate."""
_LATE = {"accounts": "satisfaction"}
"""What only the end of the records knows."""


def as_of(tables: Tables, day: date) -> Tables:
    """Return the tables as they were known at the end of `day`.

    Parameters
    ----------
    tables
        Tables of a run or of an import; they stay untouched.
    day
        A day of the window.

    Raises
    ------
    UserError
        A day outside the window of the tables.
    """
    import pandas as pd  # noqa: PLC0415

    meta = tables.meta
    if not meta.start <= day < meta.end:
        raise UserError(
            "{day} is outside the records; choose a day from {first} to {last}",
            day=day,
            first=meta.start,
            last=meta.end - timedelta(days=1),
        )
    border = pd.Timestamp(day) + pd.Timedelta(days=1)
    frames = {name: _known(name, frame, border) for name, frame in tables.frames.items()}
    return Tables(replace(meta, end=day + timedelta(days=1)), frames)


def replay(tables: Tables, step: int = 1) -> Iterator[tuple[date, Tables]]:
    """Yield each day of the window, or every `step`-th, with the tables as they were known at its end."""
    day = tables.meta.start
    while day < tables.meta.end:
        yield day, as_of(tables, day)
        day += timedelta(days=step)


def _known(name: str, frame: pd.DataFrame, border: pd.Timestamp) -> pd.DataFrame:
    made = frame
    if name in BEGINS and name != "collections":
        begins = made[BEGINS[name]]
        # A period ends where the next one begins, so at the end of its last day it is over.
        made = made[begins <= border if BEGINS[name] == "period_end" else begins < border]
    if name == "collections":
        # Without a due date a row is money that came in, and nothing before that.
        made = made[made["due"].notna() | (made["paid"] < border)]
    if name == "reps":
        made = made[made["hired"].isna() | (made["hired"] < border)]
    made = made.copy()
    for moment, told in OUTCOMES.get(name, {}).items():
        later = made[moment].isna() | (made[moment] >= border)
        undone = made[moment].notna() & later
        made.loc[undone, moment] = None
        for column in told:
            if column not in _KNOWN_BEFORE:
                made.loc[undone, column] = None
        if name == "opportunities":
            made.loc[undone, "status"] = "open"
    late = _LATE.get(name)
    if late is not None and len(made):
        made[late] = float("nan")
    return made.reset_index(drop=True)


assert set(BEGINS) | set(OUTCOMES) | {"targets"} == set(TABLES), "every table says when its rows are known"

__all__ = ["BEGINS", "OUTCOMES", "as_of", "replay"]
