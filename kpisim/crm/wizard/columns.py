"""A column of an unknown export: what its cells look like, and samples that give no person away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kpisim.crm.quality import PERSONAL
from kpisim.crm.wizard.words import outcome, personal_name
from kpisim.tables.parse import flags, missing, numbers, texts, times
from kpisim.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

Look = Literal["empty", "date", "amount", "id", "yes/no", "outcome", "word", "text"]
LOOKS: dict[Look, Text] = {
    "empty": Text("empty"),
    "date": Text("dates"),
    "amount": Text("numbers"),
    "id": Text("a different value in each row"),
    "yes/no": Text("yes or no"),
    "outcome": Text("words such as won, lost, in progress"),
    "word": Text("few words that come again"),
    "text": Text("text"),
}
FORMATS = (
    "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M",
    "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%m/%d/%y", "%d/%m/%y", "%d %b %Y", "%b %d, %Y",
)  # fmt: skip
"""Spellings of a date that are tried where year-month-day does not fit."""
SAMPLES, LOOKED_AT, FEW, WIDEST = 3, 2000, 30, 24
_YEARS = (1990, 2100)
_LATIN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Seen:
    """One column of the export.

    Attributes
    ----------
    name
        As it stands in the header.
    look
        What the cells look like.
    samples
        A few different cells, masked where they may give a person away.
    words
        The different cells where they are few, else empty.
    formats
        Date formats that read every cell looked at; empty where year-month-day does or the cells are no dates.
        More than one: day and month cannot be told apart.
    filled
        Share of rows with a value.
    unique
        Whether every value is another one.
    personal
        Whether it seems to name or reach persons.
    different
        Share of the filled cells that are another value than those before.
    """

    name: str
    look: Look
    samples: tuple[str, ...]
    words: tuple[str, ...]
    formats: tuple[str, ...]
    filled: float
    unique: bool
    personal: bool
    different: float


def look_at(name: str, cells: pd.Series[Any], *, files: Sequence[int] | None = None) -> Seen:
    """Return what a column of raw cells looks like.

    Parameters
    ----------
    name, cells
        The column.
    files
        Number of the file of each cell where there are several: a row that stands in two months is no double.
    """
    there = cells[~missing(cells)]
    filled = len(there) / len(cells) if len(cells) else 0.0
    # Spread over the file: an export sorted by date would show one month only.
    some = there.iloc[:: max(len(there) // LOOKED_AT, 1)]
    every = texts(there, strip=True)
    different = every.drop_duplicates().tolist()
    apart = len(different)
    if files is not None:
        apart = int(
            (~every.to_frame("cell").assign(file=[files[row] for row in there.index]).duplicated()).sum()
        )
    unique = bool(len(there)) and apart == len(there)
    look, formats = _look(some, different, unique=unique)
    personal = personal_name(name) or any(
        pattern.search(text) for text in different[:LOOKED_AT] for _, pattern in PERSONAL
    )
    samples = tuple(masked(text, hide=personal) for text in different[:SAMPLES])
    words = tuple(different) if len(different) <= FEW else ()
    return Seen(name, look, samples, words, formats, filled, unique, personal, apart / max(len(there), 1))


def masked(text: str, *, hide: bool = False) -> str:
    """Return a cell that can be shown: cut, and of what may name or reach a person only the first sign."""
    cut = text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
    if hide or any(pattern.search(text) for _, pattern in PERSONAL):
        return _LATIN.sub(lambda found: found.group()[0] + "*" * min(max(len(found.group()) - 1, 1), 5), cut)
    return cut


def _look(some: pd.Series[Any], different: list[str], *, unique: bool) -> tuple[Look, tuple[str, ...]]:
    if not different:
        return "empty", ()
    if len(different) <= FEW:
        known = [outcome(word) for word in different]
        if {"won", "lost"} & set(known) and sum(one is not None for one in known) * 2 > len(known):
            return "outcome", ()
        if len(different) == 2 and not flags(some)[1].any():
            return "yes/no", ()
    dated, formats = _dates(some)
    return ("date", formats) if dated else (_value(some, different, unique=unique), ())


def _value(some: pd.Series[Any], different: list[str], *, unique: bool) -> Look:
    if not numbers(some)[1].any():
        return "id" if unique and all(text.isdigit() for text in different) else "amount"
    if unique:
        return "id"
    return "word" if len(different) <= FEW else "text"


def _dates(some: pd.Series[Any]) -> tuple[bool, tuple[str, ...]]:
    # Excel keeps a date as a date; a bare number in a workbook is a number here.
    moments, bad = times(some)
    if not bad.any():
        return bool(moments.dt.year.between(*_YEARS).all()), ()
    fitting = tuple(form for form in FORMATS if not times(some, form)[1].any())
    return bool(fitting), fitting


__all__ = ["FORMATS", "LOOKS", "Look", "Seen", "look_at", "masked"]
