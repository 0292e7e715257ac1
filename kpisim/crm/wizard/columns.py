"""A column of an unknown export: what its cells look like, and samples that give no person away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kpisim.crm.quality import PERSONAL
from kpisim.crm.wizard.words import outcome, personal_name, unit_of
from kpisim.tables.parse import DAY_NUMBER, flags, missing, numbers, texts, times
from kpisim.text import Text

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

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
    "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %I:%M %p", "%m/%d/%Y %I:%M %p", "%d/%m/%Y, %I:%M %p", "%m/%d/%Y, %I:%M %p", "%d/%m/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%y", "%d/%m/%y", "%d %b %Y", "%b %d, %Y",
)  # fmt: skip
"""Spellings of a date that are tried where year-month-day does not fit."""
SAMPLES, LOOKED_AT, FEW, WIDEST = 3, 2000, 30, 24
ODD = 10
"""One cell in so many may be odd, and the column is still taken for what the others say."""
_YEARS = (1990, 2100)
ZONED = ("zone",)
"""Stands for formats where times carry a zone."""
_DATED = re.compile(r"日期|时间|\bdate\b", re.IGNORECASE)
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
    decimals
        Decimal signs that read every cell looked at, the likelier first; empty where the point does or nothing.
    zoned
        Whether its times carry a time zone.
    nearly
        What it looks like without a few odd cells; None where every cell fits or too few do.
    odd
        The first of those cells, masked like the samples.
    factor
        What its numbers are multiplied by where they are money, as its name says or else a line above the table.
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
    decimals: tuple[str, ...] = ()
    zoned: bool = False
    nearly: Look | None = None
    odd: tuple[str, ...] = ()
    factor: int = 1

    def may_be(self, looks: Container[str]) -> bool:
        """Whether its cells, or all but a few, look like one of `looks`."""
        return self.look in looks or self.nearly in looks


def look_at(
    name: str,
    cells: pd.Series[Any],
    *,
    files: Sequence[int] | None = None,
    serial: bool = False,
    comma: bool = False,
    factor: int = 1,
) -> Seen:
    """Return what a column of raw cells looks like.

    Parameters
    ----------
    name, cells
        The column.
    files
        Number of the file of each cell where there are several: a row that stands in two months is no double.
    serial
        Whether the cells are those of a workbook, where a date may be a day number.
    comma
        Whether the file seems to be written where the comma is the decimal sign, so that 1.234 may be a thousand.
    factor
        Unit of the amounts of the whole table.
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
    dated = _dates(some, serial=serial, named=_DATED.search(name) is not None)
    decimals = _decimals(some, comma=comma)
    look, formats = _look(some, different, dated, unique=unique, decimals=decimals)
    nearly: Look | None = None
    odd: tuple[str, ...] = ()
    if look in {"id", "word", "text"} and not decimals:
        left = _odd(some, serial=serial)
        rest = some[~left]
        if left.any():
            dated = _dates(rest, serial=serial, named=_DATED.search(name) is not None)
            decimals = () if dated is not None else _decimals(rest, comma=comma)
        if left.any() and (dated is not None or decimals):
            nearly = "date" if dated is not None else "amount"
            formats = () if dated in {None, ZONED} else dated or ()
            odd = tuple(texts(some[left], strip=True).drop_duplicates())
    personal = personal_name(name) or any(
        pattern.search(text) for text in different[:LOOKED_AT] for _, pattern in PERSONAL
    )
    samples = tuple(masked(text, hide=personal) for text in different[:SAMPLES])
    words = tuple(different) if len(different) <= FEW else ()
    return Seen(
        name, look, samples, words, formats, filled, unique, personal, apart / max(len(there), 1),
        decimals=decimals if {look, nearly} & {"amount", "id"} and decimals != (".",) else (),
        zoned="date" in {look, nearly} and dated == ZONED,
        nearly=nearly, odd=tuple(masked(text, hide=personal) for text in odd[:SAMPLES]),
        factor=unit_of(name, factor),
    )  # fmt: skip


def masked(text: str, *, hide: bool = False) -> str:
    """Return a cell that can be shown: cut, and of what may name or reach a person only the first sign."""
    text = " ".join(text.removesuffix("T00:00:00").split())
    cut = text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
    if hide or any(pattern.search(text) for _, pattern in PERSONAL):
        return _LATIN.sub(lambda found: found.group()[0] + "*" * min(max(len(found.group()) - 1, 1), 5), cut)
    return cut


def day_first(form: str) -> bool:
    """Return whether a date format has the day before the month."""
    month = form.find("%m") if "%m" in form else form.find("%b")
    return form.find("%d") < month


def _look(
    some: pd.Series[Any],
    different: list[str],
    dated: tuple[str, ...] | None,
    *,
    unique: bool,
    decimals: tuple[str, ...],
) -> tuple[Look, tuple[str, ...]]:
    if not different:
        return "empty", ()
    if len(different) <= FEW:
        known = [outcome(word) for word in different]
        if {"won", "lost"} & set(known) and sum(one is not None for one in known) * 2 > len(known):
            return "outcome", ()
        if len(different) == 2 and not flags(some)[1].any():
            return "yes/no", ()
    if dated is not None:
        return "date", () if dated == ZONED else dated
    return _value(different, unique=unique, number=bool(decimals)), ()


def _value(different: list[str], *, unique: bool, number: bool) -> Look:
    if number:
        return "id" if unique and all(text.isdigit() for text in different) else "amount"
    if unique:
        return "id"
    return "word" if len(different) <= FEW else "text"


def _dates(some: pd.Series[Any], *, serial: bool, named: bool) -> tuple[str, ...] | None:
    """Return the formats that read all cells as dates, none where year-month-day does, None where they are no dates."""
    moments, bad = times(some)
    # Excel keeps a date as a date; a bare number is one only beside dates, or under a name that says so.
    if serial and bad.any() and (named or not bad.all()):
        moments, bad = times(some, serial=True)
    if not bad.any():
        return () if moments.dt.year.between(*_YEARS).all() else None
    if not times(some, zone="UTC")[1].any():
        return ZONED
    fitting = tuple(form for form in FORMATS if not times(some, form)[1].any())
    if fitting or not named:
        return fitting or None
    # Copied out of a workbook into a text file, dates may have become day numbers.
    moments, bad = times(some, DAY_NUMBER)
    return (DAY_NUMBER,) if not bad.any() and moments.dt.year.between(*_YEARS).all() else None


def _odd(some: pd.Series[Any], *, serial: bool) -> Any:
    """Return which cells stand in the way of dates or else of numbers, where they are few; none where they are many."""
    import numpy as np  # noqa: PLC0415

    dates = [times(some)[1], *([times(some, serial=True)[1]] if serial else [])]
    dates += [times(some, form)[1] for form in FORMATS]
    for bads in (dates, [numbers(some)[1], numbers(some, ",")[1]]):
        fewest = min(bads, key=lambda bad: int(bad.sum()))
        if 0 < int(fewest.sum()) * ODD <= len(some):
            return fewest
    return np.zeros(len(some), dtype=bool)


def _decimals(some: pd.Series[Any], *, comma: bool) -> tuple[str, ...]:
    point = not numbers(some)[1].any()
    if point and not comma:
        return (".",)
    other, bad = numbers(some, ",")
    if bad.any():
        return (".",) if point else ()
    return (".",) if point and other.equals(numbers(some)[0]) else (",", ".") if point else (",",)


__all__ = ["FORMATS", "LOOKS", "Look", "Seen", "day_first", "look_at", "masked"]
