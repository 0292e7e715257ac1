"""A file of pulse answers: question, answered, score; every other column stays unread."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kpisim.tables.files import AUTO, read_csv, read_header, read_sheet
from kpisim.tables.parse import counts, times
from kpisim.text import UserError

if TYPE_CHECKING:
    import pandas as pd

ENDS = {".csv", ".xlsx"}
MUST = ("answered", "score")


def is_answers(path: Path | str) -> bool:
    """Whether `path` is a file of answers, as an online form exports them."""
    file = Path(path)
    return file.is_file() and file.suffix.lower() in ENDS and set(MUST) <= set(read_header(file))


def read_answers(path: Path | str) -> pd.DataFrame:
    """Return the answers of a CSV or Excel file; without a column ``question`` all are of the stress pulse.

    Raises
    ------
    UserError
        A date that is none, or a score that is no whole number from 1 to 5.
    """
    import pandas as pd  # noqa: PLC0415

    file = Path(path)
    excel = file.suffix.lower() == ".xlsx"
    raw = read_sheet(file) if excel else read_csv(file, encoding=AUTO)
    # Names and addresses that a form may have kept are dropped before anything else is done.
    raw = raw[[name for name in ("question", *MUST) if name in raw.columns]]
    days, no_day = times(raw["answered"], serial=excel)
    scores, no_score = counts(raw["score"])
    outside = (~scores.between(1, 5)).fillna(value=False).to_numpy(dtype=bool)
    for bad, name, rule in ((no_day, "answered", "2027-04-30"), (no_score | outside, "score", "1–5")):
        if bad.any():
            place = int(bad.argmax())
            raise UserError(
                "{path}, row {row}: {name} {value} cannot be used; write it like {rule}",
                path=file.name,
                row=int(raw.index[place]) + 2,
                name=name,
                value=str(raw[name].iloc[place]),
                rule=rule,
            )
    asked = raw["question"].fillna("pulse").astype(str) if "question" in raw.columns else "pulse"
    return pd.DataFrame({"question": asked, "answered": days, "score": scores})


__all__ = ["is_answers", "read_answers"]
