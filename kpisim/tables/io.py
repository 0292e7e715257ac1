"""Tables on disk: a folder of CSV or Parquet, one Excel workbook, one JSON file, a database.

Each way keeps everything: what is read back equals what was written, column types included.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, fields
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from kpisim.tables.origin import places_of, with_places
from kpisim.tables.schema import TABLES
from kpisim.tables.tables import Meta, Tables
from kpisim.text import UserError, did_you_mean, nearest

if TYPE_CHECKING:
    import pandas as pd
    from openpyxl.workbook.workbook import Workbook

Format = Literal["csv", "xlsx", "parquet", "json", "sqlite"]
FORMATS: tuple[Format, ...] = get_args(Format)
META = "meta"
_SHEET_ROWS = 1_048_576
_CELL_TEXT = 32_767
MOST_YEARS = 100
"""Records of a firm that run over more years than this hold a date that is none."""
_TIME_FORMAT = "yyyy-mm-dd hh:mm:ss"
# What Excel would run as a formula when a CSV is opened; an apostrophe before it stops that.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def write(tables: Tables, path: str | Path, fmt: Format = "csv") -> Path:
    """Write `tables` with what is known about their window.

    Parameters
    ----------
    tables
        What to write; tables that the source does not have are not written.
    path
        A folder for ``"csv"`` and ``"parquet"`` (made if missing), a file for the others; a ``postgresql://``
        address goes to the database whatever `fmt` says.
    fmt
        ``"csv"`` (UTF-8 with byte order mark, which Excel needs for Chinese), ``"xlsx"``, ``"parquet"``,
        ``"json"`` or ``"sqlite"``.  In CSV an apostrophe is put before texts that Excel would run as a formula
        (they begin with = + - @, tab or carriage return and are no number); :func:`read` takes it away again.

    Returns
    -------
    Path
        The folder or file.

    Raises
    ------
    UserError
        Unknown format, a path that cannot be written, tables of another kind left in the folder, or a table
        too long for a worksheet.
    """
    if fmt not in FORMATS:
        raise UserError(
            "{value} is not one of {names}; {remedy}",
            value=fmt,
            names=", ".join(FORMATS),
            remedy=did_you_mean(fmt, FORMATS),
        )
    if fmt == "sqlite" or "://" in str(path):
        from kpisim.tables.sql import SUFFIXES, address, is_database, write_sql  # noqa: PLC0415

        place = path if is_database(path) else Path(path).with_suffix(SUFFIXES[0])
        write_sql(tables, place)
        # The caller may print it: no password.
        return Path(address(place)[1])
    if fmt == "json":
        from kpisim.tables.jsonfile import write_json  # noqa: PLC0415

        return write_json(
            tables, path if Path(path).suffix.lower() == ".json" else Path(path).with_suffix(".json")
        )
    target = Path(path)
    frames = frames_of(tables)
    try:
        if fmt == "xlsx":
            return _write_workbook(
                tables.meta,
                frames,
                target if target.suffix.lower() == ".xlsx" else target.with_suffix(".xlsx"),
            )
        target.mkdir(parents=True, exist_ok=True)
        _refuse_leftovers(target, set(frames), fmt)
        for name, frame in frames.items():
            file = target / f"{name}.{fmt}"
            if fmt == "csv":
                # Carriage return and line feed make the writer quote both inside cells; either alone would be lost.
                _guarded(frame).to_csv(file, index=False, encoding="utf-8-sig", lineterminator="\r\n")
            else:
                frame.to_parquet(file, index=False)
        text = json.dumps(meta_facts(tables.meta), ensure_ascii=False, indent=1)
        (target / f"{META}.json").write_text(text + "\n", encoding="utf-8")
    except (FileExistsError, NotADirectoryError):
        raise UserError("{path}: is a file; give a folder", path=str(target)) from None
    except PermissionError:
        raise UserError(
            "{path}: may not be written; choose another folder or close the file", path=str(target)
        ) from None
    return target


def frames_of(tables: Tables) -> dict[str, pd.DataFrame]:
    """Return the frames as they are written: in the order of the schema, typed, each row with its place in the export."""
    from kpisim.tables.validate import conform  # noqa: PLC0415

    return {
        name: with_places(name, conform(name, tables[name]), tables.origin)
        for name in TABLES
        if tables.has(name)
    }


def read(path: str | Path) -> Tables:
    """Read tables from a folder of CSV or Parquet, an Excel workbook, a JSON file or a database (file or URL).

    Without ``meta.json`` (or the sheet ``meta``) the window runs from the first to the last dated event, with
    Monday to Friday as working days.

    Raises
    ------
    UserError
        Missing path, no table in it, unreadable file, or anything :func:`~kpisim.tables.validate.conform` refuses.
    """
    from kpisim.tables.sql import is_database, read_sql  # noqa: PLC0415
    from kpisim.tables.validate import conform  # noqa: PLC0415

    source = Path(path)
    if "://" in str(path) or (is_database(path) and source.is_file()):
        return read_sql(path)
    if not source.exists():
        raise UserError("{path}: no such file or folder; check the path", path=str(path))
    if source.is_file():
        if source.suffix.lower() == ".json":
            from kpisim.tables.jsonfile import read_json  # noqa: PLC0415

            return read_json(source)
        if source.suffix.lower() != ".xlsx":
            raise UserError(
                "{path}: tables are a folder of CSV or Parquet files or one .xlsx workbook; give one of these",
                path=str(path),
            )
        return _read_workbook(source)
    files = table_files(source)
    if not files:
        books = sorted(source.glob("*.xlsx"))
        if len(books) == 1:
            return _read_workbook(books[0])
        raise UserError(
            "{path}: no table in this folder; a table is a file like {names}",
            path=str(path),
            names="orders.csv, reps.csv",
        )
    raw = {name: _read_file(file) for name, file in files.items()}
    frames = {name: conform(name, frame, files[name].name) for name, frame in raw.items()}
    meta_file = source / f"{META}.json"
    meta = _meta_file(meta_file) if meta_file.exists() else infer_meta(frames, source.name)
    return Tables(meta, frames, places_of(raw))


def table_files(folder: Path) -> dict[str, Path]:
    """Return the files of `folder` that are tables by their name.

    Raises
    ------
    UserError
        One table in two files, or no table but a file whose name is nearly that of one.
    """
    found: dict[str, Path] = {}
    strangers: list[Path] = []
    for file in sorted(folder.iterdir()):
        if not file.is_file() or file.suffix.lower() not in {".csv", ".parquet"}:
            continue
        if file.stem not in TABLES:
            strangers.append(file)
        elif file.stem in found:
            raise UserError("{path}: table {table} is there twice, as {first} and {second}; keep one", path=str(folder), table=file.stem,
                            first=found[file.stem].name, second=file.name)  # fmt: skip
        else:
            found[file.stem] = file
    if found:
        for file in strangers:
            near = nearest(file.stem, [name for name in TABLES if name not in found])
            # "order.csv" would be passed over without a word; "notes.csv" may lie beside the tables.
            if near is not None and near.rstrip("s") == file.stem.rstrip("s"):
                raise UserError(
                    "{path}: no such table; did you mean {near}?", path=str(file), near=f"{near}{file.suffix}"
                )
    return found


def infer_meta(frames: dict[str, pd.DataFrame], source: str, **known: Any) -> Meta:
    """Return the window that typed `frames` cover, from the first to the day after the last dated event.

    Due dates and plans may lie ahead and do not stretch the window.

    Raises
    ------
    UserError
        No dated event at all, or dates so far apart that one of them stands for "never" or is mistyped.
    """
    from datetime import timedelta  # noqa: PLC0415

    moments = [
        (moment.date(), f"{name}.{column}")
        for name, columns in EVENTS.items()
        if name in frames
        for column in columns
        for moment in (frames[name][column].min(), frames[name][column].max())
        if moment == moment  # noqa: PLR0124  (NaT is not itself)
    ]
    start, end = known.pop("start", None), known.pop("end", None)
    if not moments and (start is None or end is None):
        raise UserError("{path}: no dated row, so no window; give start and end", path=source)
    (low, earliest), (high, latest) = (
        (min(moments), max(moments)) if moments else ((start, "start"), (end, "end"))
    )
    first, last = start or low, end or high
    if last.year - first.year > MOST_YEARS:
        # 9999-12-31 is how many systems write "never"; as a day of the window it would be believed.
        raise UserError(
            "{path}: the dates run from {first} ({low}) to {last} ({high}), over more than {years} years; correct the odd one, or give start and end",
            path=source,
            first=first,
            low="start" if start else earliest,
            last=last,
            high="end" if end else latest,
            years=MOST_YEARS,
        )
    last = end or last + timedelta(days=1)
    if last <= first:
        raise UserError(
            "{path}: the window ends on {end}, not after its start {start}; correct one of them",
            path=source,
            start=first,
            end=last,
        )
    workdays = known.pop("workdays", None)
    if workdays is None:
        workdays = weekdays(first, last)
    return Meta(start=first, end=last, workdays=tuple(workdays), source=source, **known)


def weekdays(start: date, end: date, days: tuple[int, ...] = (0, 1, 2, 3, 4)) -> tuple[date, ...]:
    """Return the days of ``[start, end)`` that fall on `days` of the week (0 = Monday)."""
    return tuple(
        day
        for day in map(date.fromordinal, range(start.toordinal(), end.toordinal()))
        if day.weekday() in days
    )


EVENTS: dict[str, tuple[str, ...]] = {
    "opportunities": ("created", "closed"),
    "stage_changes": ("entered",),
    "orders": ("booked", "delivered", "invoiced", "cancelled"),
    "collections": ("paid",),
    "complaints": ("opened", "answered"),
    "surveys": ("answered",),
    "tasks": ("created", "finished"),
    "requests": ("submitted", "finished"),
    "rep_days": ("day",),
}


def _refuse_leftovers(folder: Path, names: set[str], fmt: Format) -> None:
    """Refuse a folder in which tables of an earlier run would stay beside the new ones and be read with them."""
    new = {f"{name}.{fmt}" for name in names}
    for file in sorted(folder.iterdir()):
        if file.stem in TABLES and file.suffix.lower() in {".csv", ".parquet"} and file.name not in new:
            raise UserError(
                "{path}: {file} of an earlier run lies there; give an empty folder",
                path=str(folder),
                file=file.name,
            )


def _guarded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a copy in which no text runs as a formula; one that already begins like a guarded one gets one more."""

    def guard(cell: Any) -> Any:
        runs = isinstance(cell, str) and _FORMULA.match(cell) and not _NUMBER.fullmatch(cell)
        return f"'{cell}" if runs else cell

    out = frame.copy()
    for name in frame.columns:
        if frame[name].dtype.name in {"str", "category"}:
            out[name] = frame[name].astype(object).map(guard)
    return out


def _unguarded(frame: pd.DataFrame) -> pd.DataFrame:
    """Undo :func:`_guarded`."""

    def bare(cell: Any) -> Any:
        return cell[1:] if isinstance(cell, str) and cell[:1] == "'" and _FORMULA.match(cell) else cell

    return frame.map(bare)


def _read_file(file: Path) -> pd.DataFrame:
    import pandas as pd  # noqa: PLC0415

    from kpisim.tables.files import content, read_csv  # noqa: PLC0415

    if file.suffix.lower() == ".csv":
        return _unguarded(read_csv(file))
    content(file)
    try:
        return pd.read_parquet(file)
    except (OSError, ValueError):
        raise UserError("{path}: not a Parquet file; write it again", path=str(file)) from None


def _read_workbook(path: Path) -> Tables:
    from kpisim.tables.files import sheet_frame, workbook  # noqa: PLC0415
    from kpisim.tables.parse import times  # noqa: PLC0415
    from kpisim.tables.validate import conform  # noqa: PLC0415

    book = workbook(path)
    # openpyxl rounds dates to milliseconds; as plain day numbers they keep the microseconds.
    book._date_formats = set()  # type: ignore[attr-defined]  # noqa: SLF001
    frames: dict[str, pd.DataFrame] = {}
    raw: dict[str, pd.DataFrame] = {}
    for name, table in TABLES.items():
        if name not in book.sheetnames:
            continue
        frame = sheet_frame(book, name, path)
        for column in table.columns:
            if column.kind == "time" and column.name in frame.columns:
                moments, bad = times(frame[column.name], serial=True)
                # A cell that cannot be read stays as it is, for conform to name it.
                frame[column.name] = (
                    moments if not bad.any() else moments.astype(object).where(~bad, frame[column.name])
                )
        raw[name], frames[name] = frame, conform(name, frame, path.name)
    if not frames:
        near = next((near for sheet in book.sheetnames if (near := nearest(sheet, TABLES))), "orders")
        raise UserError("{path}: no sheet is a table; name the sheets like {near}", path=str(path), near=near)
    if META not in book.sheetnames:
        return Tables(infer_meta(frames, path.stem), frames, places_of(raw))
    listed: dict[str, Any] = {"workdays": [], "notes": []}
    cells = sheet_frame(book, META, path)
    if list(cells.columns[:2]) != ["name", "value"]:
        raise UserError(
            "{path}: sheet meta needs the columns name and value; write them into its first row",
            path=str(path),
        )
    for name, value in zip(cells["name"], cells["value"], strict=True):
        if name in {"workdays", "notes"}:
            listed[name].append(value)
        else:
            listed[str(name)] = value
    return Tables(meta_of(listed, f"{path.name}, {META}"), frames, places_of(raw))


def _write_workbook(meta: Meta, frames: dict[str, pd.DataFrame], path: Path) -> Path:
    import openpyxl  # noqa: PLC0415

    path.parent.mkdir(parents=True, exist_ok=True)
    book = openpyxl.Workbook(write_only=True)
    rows: list[list[Any]] = []
    for name, value in meta_facts(meta).items():
        rows += [[name, item] for item in value] if isinstance(value, list) else [[name, value]]
    _sheet(book, META, ["name", "value"], [list(column) for column in zip(*rows, strict=True)], path)
    for name, frame in frames.items():
        _sheet(book, name, list(frame.columns), [_cells(frame[column]) for column in frame.columns], path)
    book.save(path)
    return path


def _cells(column: pd.Series[Any]) -> list[Any]:
    """Return a typed column as what a worksheet can hold; times as exact Excel day numbers."""
    import numpy as np  # noqa: PLC0415

    gone = column.isna().to_numpy(dtype=bool)
    if column.dtype.kind == "M":
        micros = column.to_numpy(dtype="datetime64[us]").astype(np.int64)
        return [None if none else _Moment(int(micro)) for micro, none in zip(micros, gone, strict=True)]
    values = column.astype(object).tolist()
    return [None if none else value for value, none in zip(values, gone, strict=True)]


class _Moment:
    """A time on its way into a worksheet."""

    __slots__ = ("micros",)
    _ZERO = -2_209_161_600_000_000  # 1899-12-30 in microseconds since 1970
    _FIRST = -2_203_891_200_000_000  # 1900-03-01: before it Excel counts a day that never was

    def __init__(self, micros: int) -> None:
        self.micros = micros

    def cell(self) -> float | str:
        """Return the Excel day number; ISO text for days that Excel does not know."""
        if self.micros < self._FIRST:
            import numpy as np  # noqa: PLC0415

            return str(np.datetime64(self.micros, "us")).replace("T", " ")
        return (self.micros - self._ZERO) / 86_400_000_000


def _sheet(book: Workbook, name: str, header: list[str], columns: list[list[Any]], path: Path) -> None:
    """Append one sheet; texts are stored as texts, whatever they begin with."""
    length = len(columns[0]) if columns else 0
    if length + 1 > _SHEET_ROWS:
        raise UserError(
            "{path}: table {table} has {rows} rows, more than a worksheet holds; write csv or parquet",
            path=str(path),
            table=name,
            rows=length,
        )
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"

    sheet.append(header)
    for row in zip(*columns, strict=True):
        sheet.append([_cell(sheet, value, name, path) for value in row])


def _cell(sheet: Any, value: Any, table: str, path: Path) -> Any:
    """Return a cell that reads back as `value`; plain values stay plain, which is several times faster."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    from kpisim.tables.files import escape  # noqa: PLC0415

    moment = isinstance(value, _Moment)
    if isinstance(value, _Moment):
        value = value.cell()
    if isinstance(value, float):
        if not moment and float(f"{value:.16g}") == value:
            return value
        made = WriteOnlyCell(sheet, repr(value))  # openpyxl would round the number to 16 digits
        made.data_type = "n"
        if moment:
            made.number_format = _TIME_FORMAT
        return made
    if not isinstance(value, str):
        return value
    text = escape(value)
    if len(text) > _CELL_TEXT:
        raise UserError("{path}: a text of {length} characters in table {table} does not fit into a cell; write csv or parquet",
                        path=str(path), table=table, length=len(text))  # fmt: skip
    if not text.startswith(("=", "+", "-", "@", "#", "\t", "\r")):
        return text
    made = WriteOnlyCell(sheet, text)
    # Otherwise openpyxl takes "=1+1" for a formula and "#N/A" for an error; the prefix keeps Excel from making
    # a formula of it when somebody edits the cell.
    made.data_type = "s"
    made.quotePrefix = True
    return made


def meta_facts(meta: Meta) -> dict[str, Any]:
    """Return what is known about the window as plain JSON; :func:`meta_of` reads it back."""
    out: dict[str, Any] = {}
    for name, value in asdict(meta).items():
        if isinstance(value, tuple):
            out[name] = [item.isoformat() if isinstance(item, date) else item for item in value]
        else:
            out[name] = value.isoformat() if isinstance(value, date) else value
    return out


def _meta_file(path: Path) -> Meta:
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise UserError("{path}: not valid JSON; correct it or take it away", path=str(path)) from None
    if not isinstance(data, dict):
        raise UserError("{path}: must hold names with values; write name: value", path=str(path))
    return meta_of(data, path.name)


def meta_of(data: dict[str, Any], where: str) -> Meta:
    """Return the window that :func:`meta_facts` wrote; `where` names the source in messages."""
    known = [field.name for field in fields(Meta)]
    for name in data:
        if name not in known:
            raise UserError(
                "{path}: unknown parameter; {remedy}",
                path=f"{where}: {name}",
                remedy=did_you_mean(name, known),
            )
    values = {name: value for name, value in data.items() if value is not None}
    for name in ("start", "end"):
        if name not in values:
            raise UserError("{where}: {name} is missing; write {name}: 2027-01-04", where=where, name=name)
        values[name] = _day(values[name], where, name)
    values["workdays"] = tuple(_day(day, where, "workdays") for day in _list(values, "workdays", where))
    values["notes"] = tuple(str(note) for note in _list(values, "notes", where))
    values |= _numbers(values, where)
    if values["end"] <= values["start"]:
        raise UserError("{path}: the window ends on {end}, not after its start {start}; correct one of them", path=where,
                        start=values["start"], end=values["end"])  # fmt: skip
    for name in values.keys() & {"currency", "source"}:
        values[name] = str(values[name])
    return Meta(**values)


def _list(values: dict[str, Any], name: str, where: str) -> list[Any] | tuple[Any, ...]:
    found = values.get(name, ())
    if not isinstance(found, list | tuple):
        raise UserError("{where}: {name} is no list; write {name}: []", where=where, name=name)
    return found


def _numbers(values: dict[str, Any], where: str) -> dict[str, float]:
    try:
        hours, month = float(values.get("hours_per_day", 8.0)), int(values.get("fiscal_year_start", 1))
    except (TypeError, ValueError, OverflowError):
        raise UserError(
            "{where}: hours_per_day and fiscal_year_start are numbers; write 8 and 1", where=where
        ) from None
    if not 0 < hours <= 24:
        raise UserError(
            "{where}: hours_per_day is {value}; give hours above 0, up to 24", where=where, value=f"{hours:g}"
        )
    if not 1 <= month <= 12:
        raise UserError(
            "{where}: fiscal_year_start is {value}; give a month, 1 to 12", where=where, value=month
        )
    return {"hours_per_day": hours, "fiscal_year_start": month}


def _day(value: object, where: str, name: str) -> date:
    from kpisim.tables.parse import from_day_number  # noqa: PLC0415

    typed = isinstance(value, (int, float)) and not isinstance(value, bool)
    # A date typed into the sheet by hand is a day number.
    moment = from_day_number(float(value)) if typed else value  # type: ignore[arg-type]
    if isinstance(moment, datetime):
        return moment.date()
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise UserError(
            "{where}, {name}: {value} is not a date; write it like 2027-04-30",
            where=where,
            name=name,
            value=str(value),
        ) from None


__all__ = ["EVENTS", "FORMATS", "Format", "infer_meta", "read", "table_files", "weekdays", "write"]
