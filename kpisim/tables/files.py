"""Raw files: CSV and Excel cells as they stand, with one-line errors for what a user can do wrong."""

from __future__ import annotations

import codecs
import csv
import io
import re
import zlib
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

import pandas as pd

from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from openpyxl.workbook.workbook import Workbook

AUTO = "auto"
# The mark of UTF-32 begins like that of UTF-16, so it is looked for first.
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DAMAGED = (
    BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    OSError,
    EOFError,
    NotImplementedError,
    SyntaxError,
)
"""What opening a workbook raises where the file is none, was cut off or has a wrong byte (XML that is broken is a SyntaxError)."""
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def content(path: Path) -> bytes:
    """Return the bytes of `path`.

    Raises
    ------
    UserError
        Missing file, a folder, no permission, or nothing in it.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UserError("{path}: no such file; check the path", path=str(path)) from None
    except IsADirectoryError:
        raise UserError("{path}: is a folder; give a file", path=str(path)) from None
    except PermissionError:
        raise UserError("{path}: may not be read; check its permissions", path=str(path)) from None
    if not data.strip():
        raise UserError("{path}: the file is empty; export it again with its header", path=str(path))
    return data


def decode(data: bytes, path: Path, encoding: str) -> str:
    """Return `data` as text.

    ``"auto"`` goes by the byte order mark, then tries UTF-8, then GB18030 (what Chinese Excel writes as CSV).

    Raises
    ------
    UserError
        The bytes are not in that encoding; the remedy says whether GB18030 would do.
    """
    marked = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    tries = [marked or "utf-8", "gb18030"] if encoding == AUTO else [marked or encoding]
    for name in tries:
        try:
            return data.decode(name)
        except UnicodeDecodeError as problem:
            position = problem.start
        except LookupError:
            raise UserError(
                "{path}: unknown encoding {encoding}; write utf-8 or gb18030",
                path=str(path),
                encoding=encoding,
            ) from None
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        raise UserError(
            "{path}: not UTF-8 (byte {position}); save the file as UTF-8", path=str(path), position=position
        ) from None
    raise UserError(
        "{path}: not UTF-8 (byte {position}) but readable as GB18030; save it as CSV UTF-8, "
        "or import it through a mapping with encoding: gb18030",
        path=str(path),
        position=position,
    )


def read_csv(path: Path, *, encoding: str = "utf-8", separator: str = ",") -> pd.DataFrame:
    """Return all cells of a CSV file as text, empty cells missing.

    The index is the row's position under the header in the file, so that blank lines, which are left out,
    do not shift the row numbers of error lines.

    Raises
    ------
    UserError
        See :func:`content` and :func:`decode`; besides, a header cell twice, or a row longer than the header.
    """
    return frame_of(csv_rows(path, encoding=encoding, separator=separator), path)


def csv_rows(path: Path, *, encoding: str = "utf-8", separator: str = ",") -> list[list[Any]]:
    """Return the rows of a CSV file as they stand, the header among them.

    Raises
    ------
    UserError
        See :func:`content` and :func:`decode`.
    """
    text = decode(content(path), path, encoding)
    csv.field_size_limit(2**31 - 1)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False))
    except csv.Error:
        raise UserError("{path}: not a CSV file; export it again as CSV", path=str(path)) from None


def read_header(path: Path, *, separator: str = ",", sheet: str | None = None) -> list[str]:
    """Return the header of a CSV or Excel file without reading the rest; empty where there is none to read."""
    if path.suffix.lower() == ".xlsx":
        try:
            return [str(name) for name in read_sheet(path, sheet, rows=1).columns]
        except UserError:
            return []
    with path.open("rb") as file:
        head = file.read(65_536)
    try:
        rows = list(csv.reader([_first_line(head, path)], delimiter=separator))
    except (UserError, csv.Error):
        return []
    return [name.strip() for name in rows[0]] if rows else []


def _first_line(head: bytes, path: Path) -> str:
    marked = next((name for mark, name in _BOMS if head.startswith(mark)), "")
    if marked in {"utf-16", "utf-32"}:
        # Half of 上 or 不 is the byte of a line break here; a sign cut by the end of what was read is left out.
        return head.decode(marked, errors="ignore").partition("\n")[0].strip("\r")
    lines = head.splitlines()
    return decode(lines[0], path, AUTO).strip("\r\n") if lines else ""


def workbook(path: Path) -> Workbook:
    """Open an Excel workbook for reading.

    Raises
    ------
    UserError
        Not a workbook, a damaged one, or an old ``.xls``.
    """
    import openpyxl  # noqa: PLC0415

    data = io.BytesIO(content(path))
    try:
        # Sheets are read when they are asked for; a wrong byte in one would be found far from here.
        with ZipFile(data) as parts:
            bad = parts.testzip()
        if bad is None:
            return openpyxl.load_workbook(data, read_only=True, data_only=True)
    except DAMAGED:
        pass
    raise UserError("{path}: not an Excel workbook; save it as .xlsx", path=str(path))


def read_sheet(path: Path, sheet: str | None = None, *, rows: int | None = None) -> pd.DataFrame:
    """Return the cells of one sheet (the first by default) as they are, header in the first row."""
    book = workbook(path)
    if sheet is not None and sheet not in book.sheetnames:
        raise UserError(
            "{path}: no sheet {sheet}; the workbook has: {names}",
            path=str(path),
            sheet=sheet,
            names=", ".join(book.sheetnames),
        )
    return sheet_frame(book, sheet or book.sheetnames[0], path, rows=rows)


def sheet_frame(book: Workbook, sheet: str, path: Path, *, rows: int | None = None) -> pd.DataFrame:
    """Return one sheet of an open workbook as a frame of cells."""
    return frame_of(sheet_rows(book, sheet, rows=rows), path)


def sheet_rows(book: Workbook, sheet: str, *, rows: int | None = None) -> list[list[Any]]:
    """Return the rows of one sheet of an open workbook, the header among them."""
    return [
        [unescape(cell) if isinstance(cell, str) else cell for cell in row]
        for row in book[sheet].iter_rows(values_only=True, max_row=None if rows is None else rows + 1)
    ]


def escape(text: str) -> str:
    """Write what a worksheet cannot hold as ``_xHHHH_``, Excel's own way; protect what only looks like it."""
    kept = _ESCAPED.sub(lambda found: f"_x005F_x{found.group(1)}_", text)
    return re.sub(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]", lambda found: f"_x{ord(found.group()):04X}_", kept)


def unescape(text: str) -> str:
    """Undo :func:`escape`."""
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text) if "_x" in text else text


def frame_of(
    rows: Sequence[Sequence[Any]], path: Path, *, head: int = 0, names: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return rows as a frame of cells, empty ones missing; the index is the row of the file less 2.

    Parameters
    ----------
    rows, path
        All rows, and the file for the error line.
    head
        Position of the header among them; what stands above it is left out.
    names
        What its columns are called; by default as the header says.

    Raises
    ------
    UserError
        No header, a name twice, or a row longer than the header.
    """
    header = header_of(rows[head] if len(rows) > head else []) if names is None else list(names)
    if not header:
        raise UserError("{path}: the first row holds no header; put the column names there", path=str(path))
    twice = next((name for number, name in enumerate(header) if name and name in header[:number]), None)
    if twice is not None:
        raise UserError(
            "{path}: column {column} stands twice in the header; rename one", path=str(path), column=twice
        )
    width = len(header)
    index: list[int] = []
    cells: list[list[Any]] = []
    for position, row in enumerate(rows[head + 1 :], head):
        if all(cell is None or cell == "" for cell in row):
            continue
        if len(row) > width and any(cell not in (None, "") for cell in row[width:]):
            raise UserError(
                "{path}, row {row}: {cells} cells under {width} columns; a cell with a comma needs quotes",
                path=str(path),
                row=position + 2,
                cells=len(row),
                width=width,
            )
        index.append(position)
        cells.append([None if cell == "" else cell for cell in [*row, *[None] * (width - len(row))][:width]])
    columns = {
        name or f"column {number + 1}": pd.Series([row[number] for row in cells], index=index, dtype=object)
        for number, name in enumerate(header)
    }
    return pd.DataFrame(columns, index=index)


def header_of(row: Sequence[Any]) -> list[str]:
    """Return the cells of a row as column names, without empty ones at the end."""
    header = ["" if name is None else str(name).strip() for name in row]
    while header and not header[-1]:
        header.pop()
    return header


__all__ = [
    "AUTO",
    "DAMAGED",
    "content",
    "csv_rows",
    "decode",
    "escape",
    "frame_of",
    "header_of",
    "read_csv",
    "read_header",
    "read_sheet",
    "sheet_frame",
    "sheet_rows",
    "unescape",
    "workbook",
]
