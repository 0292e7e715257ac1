"""Exports as people keep them: a title above the header, a header of two lines, sums between the rows, sheets alike.

What is read is a block of rows under one header.  Nothing is dropped without a word: rows of sums are counted.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from statistics import median
from typing import TYPE_CHECKING, Any

from kpisim.tables.files import AUTO, content, csv_rows, decode, frame_of, header_of, sheet_rows, workbook
from kpisim.tables.parse import plain
from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pandas as pd

SHEET = "[sheet]"
"""Name of the column that holds the sheet of each row, where a table stands on several; no sheet may be called so."""
ALL_SHEETS = "*"
ENDS = (".csv", ".txt", ".tsv", ".xlsx")
"""How the name of an export ends."""
SEPARATORS = (",", ";", "\t", "|")
TOP = 20
"""Rows from the top in which a header is looked for."""
WHOLE = 0.7
"""A first row that fills this share of the columns is the header, as in nearly every export."""
_SUM = re.compile(
    r"(?:.{0,12}?(?:合计|小计|总计|累计|总和)|(?:grand |sub ?|sub-)?totals?|sum|summe|gesamt\w*)\W*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[\s¥$€£(+-]*\d[\d.,'\s]*(?:[%)万亿元]|万元)?")
_DATE = re.compile(r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}.*")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a table stands: a file, or one sheet of a workbook.

    Attributes
    ----------
    path, sheet
        The file, and the sheet; None for its first one and for what has no sheets.
    """

    path: Path
    sheet: str | None = None

    @property
    def name(self) -> str:
        """How a reader finds it."""
        return self.path.name if self.sheet is None else f"{self.path.name} [{self.sheet}]"


@dataclass(frozen=True, slots=True)
class Block:
    """One table of a file or sheet as it stands.

    Attributes
    ----------
    frame
        Cells; the index is the row of the file less 2, whatever stands above the header.
    sums
        Rows of sums that were left out, as rows of the file.
    above
        What is written above the header: a title, who made the list, the unit of its amounts.
    """

    frame: pd.DataFrame
    sums: tuple[int, ...]
    above: tuple[str, ...] = ()


def is_export(file: Path) -> bool:
    """Whether a file of a folder can be an export; Excel keeps a ~$ file beside every workbook that is open, macOS a hidden one."""
    return file.is_file() and file.suffix.lower() in ENDS and not file.name.startswith(("~$", "."))


def checked(path: Path) -> Path:
    """Return `path` if it can be an export.

    Raises
    ------
    UserError
        A folder, or a file of another kind.
    """
    if path.is_dir() or path.suffix.lower() not in ENDS:
        raise UserError(
            "{path}: give one file of the export, ending in {ends}", path=str(path), ends=", ".join(ENDS)
        )
    return path


def rows_of(
    path: Path, sheet: str | None = None, *, encoding: str = AUTO, separator: str = ","
) -> list[list[Any]]:
    """Return all rows of a file, or of one sheet of a workbook (the first by default)."""
    if path.suffix.lower() != ".xlsx":
        return csv_rows(path, encoding=encoding, separator=separator)
    book = workbook(path)
    return sheet_rows(book, sheet or book.sheetnames[0])


def block_of(rows: Sequence[Sequence[Any]], path: Path, needed: Iterable[str] | None = None) -> Block:
    """Return the table that stands in `rows`.

    Parameters
    ----------
    rows, path
        All rows of a file or sheet, and the file for error lines.
    needed
        Columns of the mapping: the header is the row that has most of them.  Without them it is found by its looks.
    """
    head = find_header(rows) if needed is None else _header_with(rows, {plain(name) for name in needed})
    names = names_at(rows, head)
    if path.suffix.lower() == ".xlsx":
        # What stands beside the table in a sheet is a column without a name, not a cell with a comma.
        names += [""] * (max((len(header_of(row)) for row in rows[head:]), default=0) - len(names))
    sums = [number for number in range(head + 1, len(rows)) if _is_sum(rows[number], len(names))]
    kept = rows
    if sums:
        gone = set(sums)
        kept = [[] if number in gone else row for number, row in enumerate(rows)]
    return Block(
        frame_of(kept, path, head=head, names=names),
        tuple(number + 1 for number in sums),
        tuple(cell for row in rows[:head] for cell in row if isinstance(cell, str) and cell.strip()),
    )


def find_header(rows: Sequence[Sequence[Any]]) -> int:
    """Return the position of the row that names the columns.

    It is the first row, unless that leaves much of the width empty (a title, a band over several columns); then it is
    the fullest of the rows of words that stand above the first number or date.
    """
    width = _width(rows)
    if not rows or (_filled(rows[0]) >= WHOLE * width and not _under(rows, 0)):
        return 0
    candidates = []
    for number, row in enumerate(rows[:TOP]):
        if any(_is_value(cell) for cell in row):
            break
        candidates.append(number)
    return max(
        candidates, key=lambda number: (len([n for n in names_at(rows, number) if n]), -number), default=0
    )


def names_at(rows: Sequence[Sequence[Any]], head: int) -> list[str]:
    """Return what the columns are called where the header is row `head`.

    A name that is missing there stands one line above; one that stands twice goes by the band above it, else by a number.
    """
    names = header_of(rows[head]) if len(rows) > head else []
    above = header_of(rows[head - 1]) if head else []
    # A title is one cell; a band names several groups.
    if len([name for name in above if name]) < 2:
        above = []
    names += [""] * (len(above) - len(names))
    bands, last = [], ""
    for number in range(len(names)):
        last = (above[number] if number < len(above) else "") or last
        bands.append(last)
    made = [name or (above[number] if number < len(above) else "") for number, name in enumerate(names)]
    often = Counter(plain(name) for name in made)
    seen: Counter[str] = Counter()
    for number, name in enumerate(made):
        if not name or often[plain(name)] == 1:
            continue
        if bands[number] and bands[number] != name:
            made[number] = f"{bands[number]} {name}"
        seen[plain(made[number])] += 1
        if seen[plain(made[number])] > 1:
            made[number] = f"{made[number]} ({seen[plain(made[number])]})"
    return made


def doubled(names: Sequence[str]) -> set[str]:
    """Return the columns whose name stood in the header more than once, as :func:`names_at` tells them apart."""
    again = {name: name.rpartition(" (")[0] for name in names if re.search(r" \(\d+\)$", name)}
    return {part for name, first in again.items() if first in names for part in (name, first)}


def sheets_of(path: Path) -> list[str]:
    """Return the sheets of a workbook that hold rows; empty for other files."""
    if path.suffix.lower() != ".xlsx":
        return []
    return [
        sheet.title
        for sheet in workbook(path).worksheets
        if sum(_filled(row) > 0 for row in sheet.iter_rows(values_only=True, max_row=2 * TOP)) > 1
    ]


def spots_of(path: Path) -> list[Spot]:
    """Return the tables that a file may hold: one for each sheet with rows."""
    sheets = sheets_of(path)
    if len(sheets) == 1 and workbook(path).sheetnames[0] == sheets[0]:
        sheets = []
    return [Spot(path, sheet) for sheet in sheets] or [Spot(path)]


def fitting_sheets(there: Sequence[str], wanted: str | Sequence[str]) -> list[str]:
    """Return the sheets that a name, a pattern or several of them mean."""
    patterns = (wanted,) if isinstance(wanted, str) else wanted
    return [name for name in there if any(fnmatchcase(name, pattern) for pattern in patterns)]


def separator_of(path: Path) -> str:
    """Return what separates the cells of a CSV file: the sign that gives its first rows most cells, and most rows as many.

    In a sheet of amounts with a decimal comma the comma gives the rows as many cells as the semicolon, but not the header.
    """
    lines = decode(content(path), path, AUTO).lstrip("\ufeff").splitlines()[: 2 * TOP]

    def cells(sign: str) -> tuple[float, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=sign)]
        usual = median(counts)
        return usual, counts.count(int(usual))

    return max(SEPARATORS, key=cells)


def _header_with(rows: Sequence[Sequence[Any]], needed: set[str]) -> int:
    def hits(number: int) -> int:
        return len(needed & {plain(name) for name in names_at(rows, number)})

    if not rows or hits(0) == len(needed):
        return 0
    best = max(range(min(len(rows), TOP)), key=lambda number: (hits(number), -number))
    return best if hits(best) else find_header(rows)


def _under(rows: Sequence[Sequence[Any]], head: int) -> bool:
    """Whether the next row only names what `head` leaves open, as the second line of a header does."""
    if len(rows) < head + 2:
        return False
    upper, lower = header_of(rows[head]), rows[head + 1]
    open_ = [number for number in range(len(lower)) if number >= len(upper) or not upper[number]]
    filled = [number for number, cell in enumerate(lower) if cell not in (None, "")]
    # The first name of a band stands above the first of its columns, so half of the cells below may do both.
    return (
        bool(open_)
        and set(open_) <= set(filled)
        and len(filled) < len(lower)
        and len(open_) * 2 >= len(filled)
        and not any(_is_value(cell) for cell in lower)
    )


def says_sum(cell: Any) -> bool:
    """Whether a cell calls its row one of sums: 合计, 华东小计, Grand total."""
    return isinstance(cell, str) and len(cell) < 30 and _SUM.fullmatch(cell.strip()) is not None


def _is_sum(row: Sequence[Any], width: int) -> bool:
    first = next((cell for cell in row if cell not in (None, "")), None)
    return says_sum(first) and _filled(row) < width


def _is_value(cell: Any) -> bool:
    if isinstance(cell, str):
        text = cell.strip()
        return _NUMBER.fullmatch(text) is not None or _DATE.fullmatch(text) is not None
    return isinstance(cell, (int, float, date))


def _filled(row: Sequence[Any]) -> int:
    return sum(cell is not None and cell != "" for cell in row)


def _width(rows: Sequence[Sequence[Any]]) -> int:
    return max((len(header_of(row)) for row in rows[: 2 * TOP]), default=0)


__all__ = [
    "ALL_SHEETS",
    "ENDS",
    "SEPARATORS",
    "SHEET",
    "Block",
    "Spot",
    "block_of",
    "checked",
    "doubled",
    "find_header",
    "fitting_sheets",
    "is_export",
    "names_at",
    "rows_of",
    "says_sum",
    "separator_of",
    "sheets_of",
    "spots_of",
]
