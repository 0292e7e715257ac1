"""From an export to tables: read the files, take the cells where the mapping says, hold them against the schema."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim.crm.layout import (
    ALL_SHEETS,
    SHEET,
    Spot,
    block_of,
    checked,
    fitting_sheets,
    is_export,
    rows_of,
    sheets_of,
)
from kpisim.crm.lines import BEGINS, put_together
from kpisim.crm.lookup import CodeList, Unknown
from kpisim.crm.mapping import EMPTY, FILLED, Mapping, Source, load_mapping, mappings
from kpisim.crm.periods import MONTHS, of_cell, span
from kpisim.crm.stack import CHANGED, SAME, SHOWN, Part, across, differing, in_order, marked, stack
from kpisim.crm.walk import walked
from kpisim.tables import Tables, conform
from kpisim.tables.files import read_header
from kpisim.tables.io import infer_meta, weekdays
from kpisim.tables.origin import Finding, Origin
from kpisim.tables.parse import missing, numbers, plain, texts, times
from kpisim.tables.schema import TABLES
from kpisim.tables.titles import table_title
from kpisim.text import Text, UserError, nearest, t

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict
    from collections.abc import Sequence

    from kpisim.crm.layout import Block
    from kpisim.crm.mapping import Cell, Laid, Lookup, Periods, Stages, TableMap, Words
    from kpisim.crm.periods import Period
    from kpisim.crm.stack import Stacked


def load_export(path: str | Path, mapping: Mapping | str | Path) -> Tables:
    """Read an export through a mapping.

    Parameters
    ----------
    path
        The folder of the export, or one file of it; then only the tables whose columns that file has are read.
    mapping
        A mapping, the name of one that comes along, or a YAML file.

    Raises
    ------
    UserError
        A missing file or column, a value that the mapping or the schema does not know; names file, row,
        column and remedy.
    """
    return apply(mapping if isinstance(mapping, Mapping) else load_mapping(mapping), path)


def apply(mapping: Mapping, path: str | Path) -> Tables:
    """Return the tables that `mapping` makes of the files in `path`; see :func:`load_export`."""
    source = _Export(Path(path), mapping)
    frames: dict[str, pd.DataFrame] = {}
    notes: list[str] = []
    rows: dict[str, pd.DataFrame] = {}
    columns: dict[str, dict[str, str]] = {}
    found: list[Finding] = []
    told: set[object] = set()
    for name, table in mapping.tables.items():
        files = source.files(name, table)
        if not files:
            continue
        made = [
            _Reader(name, table, source.read(file, table), file, source, several=len(files) > 1).frame()
            for file in files
        ]
        parts, apart = across(name, [one.part for one in made])
        made = [
            replace(one, part=part, wholes=len(part.frame)) for one, part in zip(made, parts, strict=True)
        ]
        stacked = stack(name, parts, distinct=table.distinct)
        frames[name], rows[name], columns[name] = stacked.frame, stacked.origin, made[0].labels
        # Reps gathered from the orders have the codes of the orders: they are told once.
        lost = [unknown for one in made for unknown in one.unknown if unknown.told_as not in told]
        told |= {unknown.told_as for unknown in lost}
        found += [
            *apart,
            *stacked.found,
            *_unknown(name, lost),
            *(one for part in made for one in part.found),
        ]
        notes += _notes(name, table, made, stacked, lost)
        notes += [
            t("{table}: {count} numbers have lines in several files; they were added up", table=table_title(name), count=one.count)
            for one in apart
        ]  # fmt: skip
    found += source.differing()
    notes += source.notes()
    undated = _undated(frames)
    if undated:
        notes.append(
            t(
                "opportunities: {rows} won or lost ones have no closing date and are missing from figures by closing",
                rows=undated,
            )
        )
    if not frames:
        raise UserError(
            "{path}: no table of the mapping {mapping} fits this file; {remedy}",
            path=str(path),
            mapping=mapping.name,
            remedy=source.remedy(),
        )
    meta = infer_meta(
        frames, mapping.name, currency=mapping.currency, hours_per_day=mapping.hours_per_day,
        fiscal_year_start=mapping.fiscal_year_start, start=mapping.start, end=mapping.end, notes=tuple(notes),
    )  # fmt: skip
    days = set(weekdays(meta.start, meta.end, mapping.workdays)) - set(mapping.holidays)
    days |= {day for day in mapping.extra_workdays if meta.start <= day < meta.end}
    meta = replace(meta, workdays=tuple(sorted(days)))
    return Tables(meta, frames, Origin(rows, columns, tuple(found)))


def _notes(
    name: str, table: TableMap, made: Sequence[_Made], stacked: Stacked, lost: Sequence[Unknown]
) -> list[str]:
    """Return what a reader of the figures must know about one table."""
    notes = []
    left_out = sum(one.left_out for one in made)
    if left_out:
        gaps = ", ".join(c for c, w in dict(table.where).items() if w in (EMPTY, FILLED))
        notes.append(t("{table}: {rows} rows left out because a cell is empty ({columns})", table=table_title(name), rows=left_out, columns=gaps))  # fmt: skip
    if odd := sum(len(one.odd) for one in made):
        cells = t(", ").join(dict.fromkeys(cell for one in made for cell in one.odd.values()))
        notes.append(t("{table}: {rows} rows left out because a cell is no date or number ({cells}); see kpisim quality", table=table_title(name), rows=odd, cells=cells))  # fmt: skip
    if odd := sum(found.count for one in made for found in one.found if found.text is ODD_CELLS):
        notes.append(t("{table}: {rows} cells that are no date or number were left out; see kpisim quality", table=table_title(name), rows=odd))  # fmt: skip
    if taken_out := sum(one.taken_out for one in made):
        said = "; ".join(f"{c}: {', '.join(_words_of(w))}" for c, w in dict(table.without).items())
        notes.append(t("{table}: {rows} rows left out as the mapping says ({said})", table=table_title(name), rows=taken_out, said=said))  # fmt: skip
    lines, wholes = sum(one.lines for one in made), sum(one.wholes for one in made)
    if lines > wholes:
        notes.append(
            t("{table}: {rows} rows are lines of {count} numbers; the amounts of one number were added up", table=table_title(name), rows=lines, count=wholes)
            if table.lines == "add"
            else t("{table}: {rows} rows repeat the amounts of {count} numbers; each counts once", table=table_title(name), rows=lines, count=wholes)
        )  # fmt: skip
    if same := stacked.count(SAME):
        notes.append(
            t("{table}: {rows} rows are in two files and count once", table=table_title(name), rows=same)
        )
    if (changed := stacked.count(CHANGED)) and not table.distinct:
        notes.append(t("{table}: {rows} rows are in two files with different contents; the later file counts", table=table_title(name), rows=changed))  # fmt: skip
    if not table.distinct:
        notes += [
            t(
                "{table}: {rows} rows of {file} have a {column} that {of} does not know; see kpisim quality",
                table=table_title(name),
                rows=len(unknown.lines),
                file=unknown.file,
                column=unknown.column,
                of=unknown.of,
            )
            for unknown in lost
        ]
    return notes


def _unknown(name: str, lost: Sequence[Unknown]) -> list[Finding]:
    """Return a finding for each column of each file whose codes a look-up list does not know."""
    return [
        Finding(
            "warn", name, one.column, len(one.lines), one.among, (),
            Text("code without {column} in {of}", None, column=one.taken, of=one.of),
            tuple(
                Text("{file} row {row}: {value}", None, file=one.file, row=line, value=code)
                for line, code in list(zip(one.lines, one.codes, strict=True))[:SHOWN]
            ),
        )
        for one in lost
    ]  # fmt: skip


ODD = 10
"""One cell in so many of a column may be no date or number where a mapping leaves such cells out; one always may."""
ODD_CELLS = Text("the cell is no date or number: left out")
ODD_ROWS = Text("the cell is no date or number, and the row cannot do without it: the row is left out")
SHOWN_SIGNS = 40
_NUMBERS = {"money", "number", "hours", "share"}


_CODES = re.compile(
    r"编[码号]|代码|[货料型行]号|产品|商品|物料|sku|code|item|product|\bno\b|number", re.IGNORECASE
)
"""Columns whose numbers are names."""


class NoDateError(UserError):
    """A cell of a column of dates that is none."""


def detect(path: str | Path) -> str | None:
    """Return the name of the shipped mapping that fits one file best, None where none does.

    A mapping fits when the file has all columns of at least one of its tables that may not be missing; the one that
    uses most columns wins.
    """
    fits = {name: _used(load_mapping(name), Path(path)) for name in mappings()}
    best = max(fits, key=lambda name: fits[name])
    return best if fits[best] else None


@dataclass(frozen=True, slots=True)
class _Made:
    part: Part
    left_out: int
    taken_out: int
    lines: int
    wholes: int
    labels: dict[str, str]
    unknown: tuple[Unknown, ...]
    found: tuple[Finding, ...]
    odd: Dict[int, str]


class _Export:
    """The files of an export; each is read once."""

    def __init__(self, path: Path, mapping: Mapping) -> None:
        if not path.exists():
            raise UserError("{path}: no such file or folder; check the path", path=str(path))
        self.path, self.mapping = checked(path) if path.is_file() else path, mapping
        self._read: dict[tuple[Spot, str], Block] = {}
        # What all tables need tells a header from the band above it, in which one of them may stand.
        needed = [one.needed() for one in mapping.tables.values()]
        needed += [one.needed() for one in mapping.lists().values()]
        self._needed = {column for columns in needed for column in columns}
        self._lists: dict[str, CodeList] = {}
        self._stacks: dict[tuple[Spot, ...], tuple[str, list[TableMap]]] = {}
        self._passed: dict[Spot, tuple[str, _Lack]] = {}
        self._taken: set[Spot] = set()
        self._sums: dict[Spot, tuple[str, tuple[int, ...], int]] = {}

    def files(self, name: str, table: TableMap) -> list[Spot]:
        """Return the files or sheets that hold `table`, earlier ones first; none where it may be missing.

        Raises
        ------
        UserError
            No file of that name, or one that lacks a column.
        """
        if self.path.is_file():
            pieces = self._pieces([self.path], table)
            lacking = {piece: lack for piece in pieces if (lack := self._lacks(piece, table)) is not None}
            fitting = [piece for piece in pieces if piece not in lacking]
            return self._take(name, table, fitting, lacking)
        patterns = (table.file,) if isinstance(table.file, str) else table.file
        files = list(dict.fromkeys(file for pattern in patterns for file in self._matching(pattern)))
        found = self._pieces(files, table)
        if not found and not table.optional:
            there = [file.name for file in sorted(self.path.iterdir()) if is_export(file)]
            near = nearest(patterns[0], there)
            raise UserError(
                "{path}: no file {pattern}; {remedy}",
                path=str(self.path),
                pattern=" / ".join(patterns),
                remedy=Text("did you mean {near}?", None, near=near)
                if near
                else Text("the folder has: {names}", None, names=", ".join(there[:12]) or "-"),
            )
        lacking = {file: lack for file in found if (lack := self._lacks(file, table)) is not None}
        whole = [file for file in found if file not in lacking]
        # One month without a column that may be empty is read beside months that have it, and told.
        partly = {file for file, lack in lacking.items() if whole and lack.bearable(table.must(name))}
        fitting = [file for file in found if file not in lacking or file in partly]
        # A list of codes that fits the pattern by chance is no month of the orders.
        lists = {
            file for declared in self.mapping.lists().values() for file in _exports(self.path, declared.file)
        }
        lists = lists if fitting else set()
        lacking = {
            file: lack for file, lack in lacking.items() if file not in partly and file.path not in lists
        }
        # Of all sheets, those with other columns are other things; of files, only where the mapping says so.
        strange = {
            file: lack for file, lack in lacking.items() if table.sheet != ALL_SHEETS or file.sheet is None
        }
        if lacking and not fitting and not table.optional:
            strange = lacking
        if strange and not (self.mapping.skip_strangers and (fitting or table.optional)):
            file, lack = max(strange.items(), key=lambda item: item[1].hits)
            raise lack.error(file.name)
        return self._take(name, table, fitting, lacking)

    def _take(
        self, name: str, table: TableMap, fitting: list[Spot], lacking: Dict[Spot, _Lack]
    ) -> list[Spot]:
        if fitting and not table.optional:
            self._passed |= {piece: (name, lack) for piece, lack in lacking.items()}
        self._taken |= set(fitting)
        if len(fitting) > 1:
            self._stacks.setdefault(tuple(fitting), (name, []))[1].append(table)
        for piece in fitting:
            block = self._block(piece, table)
            if block.sums and not table.distinct:
                self._sums.setdefault(piece, (name, block.sums, len(block.frame) + len(block.sums)))
        return fitting

    def _pieces(self, files: Sequence[Path], table: Laid) -> list[Spot]:
        """Return the sheets of the files that the mapping means; a file as it is where it names none."""
        pieces = []
        for file in files:
            if file.suffix.lower() != ".xlsx" or table.sheet is None:
                pieces.append(Spot(file))
                continue
            there = sheets_of(file)
            meant = fitting_sheets(there, table.sheet)
            wanted = (table.sheet,) if isinstance(table.sheet, str) else table.sheet
            for name in wanted:
                if not fitting_sheets(there, name) and name != ALL_SHEETS:
                    raise UserError(
                        "{path}: no sheet {sheet}; the workbook has: {names}",
                        path=str(file),
                        sheet=name,
                        names=", ".join(there),
                    )
            pieces += [Spot(file, sheet) for sheet in meant]
        return pieces

    def _matching(self, pattern: str) -> list[Path]:
        return sorted(_exports(self.path, pattern), key=in_order)

    def code_list(self, name: str) -> CodeList:
        """Return a look-up list of the mapping.

        Raises
        ------
        UserError
            No file or several of that name, or anything :class:`~kpisim.crm.lookup.CodeList` refuses.
        """
        if name not in self._lists:
            declared = self.mapping.lists()[name]
            folder = self.path.parent if self.path.is_file() else self.path
            files = _exports(folder, declared.file)
            if len(files) != 1:
                raise UserError(
                    "{path}: the look-up list {name} needs one file {pattern}, and there are {count}; put it there, or correct file in the mapping",
                    path=str(folder),
                    name=name,
                    pattern=declared.file,
                    count=len(files),
                )
            piece = self._pieces(files, declared)[0]
            self._lists[name] = CodeList(declared, files[0], self._block(piece, declared).frame)
        return self._lists[name]

    def differing(self) -> list[Finding]:
        """Return which of several files have other columns than the rest, which were passed over, and rows of sums."""
        found = []
        for files, (name, tables) in self._stacks.items():
            used = [column for table in tables for column in table.needed()]
            found += differing({file.name: self.read(file, tables[0]) for file in files}, used, name)
        for file, (name, lack) in self._strangers().items():
            rows = len(self.read(file, self.mapping.tables[name]))
            near = 2 * lack.hits >= lack.needed
            text = Text("the file was skipped: {remedy}", None, remedy=lack.remedy())
            found.append(
                Finding("warn" if near else "note", name, lack.column, rows, rows, (), text, (file.name,))
            )
        for name in dict.fromkeys(name for name, _, _ in self._sums.values()):
            mine = [
                (file.name, lines, rows) for file, (one, lines, rows) in self._sums.items() if one == name
            ]
            places = [
                Text("{file} row {row}", None, file=file, row=line)
                for file, lines, _ in mine
                for line in lines
            ]
            count, of = len(places), sum(rows for _, _, rows in mine)
            text = Text("rows of sums: left out")
            found.append(Finding("note", name, "", count, of, (), text, tuple(places[:SHOWN])))
        return found

    def _strangers(self) -> dict[Spot, tuple[str, _Lack]]:
        return {file: told for file, told in self._passed.items() if file not in self._taken}

    def notes(self) -> list[str]:
        """Return what was not read, a line each."""
        made = []
        if self._sums:
            made.append(
                t(
                    "rows of sums (total, 合计, 小计) left out: {rows}, in {files}",
                    rows=sum(len(lines) for _, lines, _ in self._sums.values()),
                    files=t(", ").join(dict.fromkeys(file.path.name for file in self._sums)),
                )
            )
        if strangers := self._strangers():
            made.append(
                t(
                    "not read, because they lack columns of the mapping: {files}; see kpisim quality",
                    files=t(", ").join(file.name for file in strangers),
                )
            )
        return made

    def read(self, piece: Spot, table: TableMap) -> pd.DataFrame:
        """Return the cells of one file or sheet, with the name of the sheet where the mapping uses it."""
        frame = self._block(piece, table).frame
        if SHEET in table.needed() and piece.sheet is not None:
            return frame.assign(**{SHEET: piece.sheet})
        return frame

    def _block(self, piece: Spot, table: TableMap | Lookup) -> Block:
        separator = table.separator or (
            "\t" if piece.path.suffix.lower() == ".tsv" else self.mapping.separator
        )
        key = (piece, separator)
        if key not in self._read:
            rows = rows_of(piece.path, piece.sheet, encoding=self.mapping.encoding, separator=separator)
            self._read[key] = block_of(rows, piece.path, self._needed)
        return self._read[key]

    def remedy(self) -> Text:
        """Say which column of the table that fits best is missing."""
        lacks = (
            [
                lack
                for table in self.mapping.tables.values()
                for piece in self._pieces([self.path], table)
                if (lack := self._lacks(piece, table)) is not None
            ]
            if self.path.is_file()
            else []
        )
        if not lacks:
            return Text("choose another mapping")
        return max(lacks, key=lambda lack: lack.hits).remedy()

    def _lacks(self, file: Spot, table: TableMap) -> _Lack | None:
        frame = self.read(file, table)
        return _lack([str(name) for name in frame.columns], table.needed())


def _exports(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a pattern that can be read."""
    return [file for file in folder.glob(pattern) if is_export(file)]


@dataclass(frozen=True, slots=True)
class _Lack:
    """The first column that a file does not have."""

    column: str
    header: tuple[str, ...]
    free: tuple[str, ...]
    absent: tuple[str, ...]
    needed: int

    @property
    def hits(self) -> int:
        """How many of the columns are there."""
        return self.needed - len(self.absent)

    def bearable(self, must: set[str]) -> bool:
        """Whether nothing that is needed is missing, and nothing seems only to be called otherwise."""
        free = [plain(name) for name in self.free]
        return not any(column in must or nearest(plain(column), free) is not None for column in self.absent)

    def remedy(self) -> Text:
        near = nearest(plain(self.column), [plain(name) for name in self.free])
        if near is not None:
            shown = next(name for name in self.free if plain(name) == near)
            return Text("no column {column}; did you mean {near}?", None, column=self.column, near=shown)
        return Text(
            "no column {column}; the file has: {names}",
            None,
            column=self.column,
            names=", ".join(self.header[:12]),
        )

    def error(self, file: str) -> UserError:
        return UserError("{path}: {remedy}", path=file, remedy=self.remedy())


def _lack(header: list[str], needed: list[str]) -> _Lack | None:
    known = {plain(name) for name in header}
    absent = [column for column in needed if plain(column) not in known]
    if not absent:
        return None
    # A column that the mapping uses already is not the misspelt one.
    used = {plain(column) for column in needed}
    free = tuple(name for name in header if plain(name) not in used)
    return _Lack(absent[0], tuple(header), free, tuple(absent), len(needed))


def _used(mapping: Mapping, file: Path) -> int:
    header = read_header(file, separator=mapping.separator)
    main = [table for table in mapping.tables.values() if header and not table.optional]
    fitting = [table.needed() for table in main if _lack(header, table.needed()) is None]
    return len({column for needed in fitting for column in needed})


class _Reader:
    """One file on its way to one table."""

    def __init__(
        self, name: str, table: TableMap, raw: pd.DataFrame, piece: Spot, export: _Export, *, several: bool
    ) -> None:
        self.name, self.table, self.piece, self.export, self.several = name, table, piece, export, several
        self.file = piece.name
        self.columns = {plain(column): str(column) for column in raw.columns}
        self.raw = raw
        for column in table.fill_down:
            # A cell merged over the rows of an order is written in the first of them only.
            there = self._column(column)
            self.raw = self.raw.assign(**{self.columns[plain(column)]: there.mask(missing(there)).ffill()})
        self.labels: dict[str, str] = {}
        self.unknown: list[Unknown] = []
        self.found: list[Finding] = []
        self.odd: dict[int, str] = {}

    def frame(self) -> _Made:
        """Return the typed table and how many rows the conditions on empty cells left out."""
        where = dict(self.table.where)
        # A condition on a value says which rows are meant; one on an empty cell drops what is not filled in.
        gaps = {column: wanted for column, wanted in where.items() if wanted in (EMPTY, FILLED)}
        meant = self._holds({column: wanted for column, wanted in where.items() if column not in gaps})
        left_out = int((meant & ~self._holds(gaps)).sum())
        if where:
            self.raw = self.raw[self._holds(where)]
        dropped = self._any(dict(self.table.without)) if self.table.without else None
        if dropped is not None:
            self.raw = self.raw[~dropped]
        if self.table.dates is not None:
            made = self._stages(self.table.dates)
        elif self.table.periods is not None:
            made = self._targets(self.table.periods)
        else:
            made = self._columns().drop(index=[*self.odd])
            self.raw = self.raw.drop(index=[*self.odd])
        if self.table.distinct:
            made = self._distinct(made)
        if self.name == "opportunities" and {"closed", "status"} <= set(made.columns):
            # Many systems fill the closing date of an open opportunity with the date hoped for.
            made["closed"] = made["closed"].where(made["status"] != "open", None)
        numbered = self.several and any(
            (source := self.table.sources().get(key)) is not None and source.number is not None
            for key in TABLES[self.name].key
        )
        how = self.table.lines
        frame = conform(self.name, made, self.file, labels=self.labels, lines=how != "none")
        rows = tuple(int(position) + 2 for position in made.index)
        lines = len(frame)
        if (
            how == "add"
            and (same := marked(self.raw.loc[made.index]).duplicated().to_numpy(dtype=bool)).any()
        ):
            text = Text("rows that are the same in every cell: each was added up")
            places = tuple(
                Text("{file} row {row}", None, file=self.file, row=rows[at])
                for at in np.flatnonzero(same)[:SHOWN]
            )
            key = TABLES[self.name].key[0]
            self.found.append(Finding("warn", self.name, key, int(same.sum()), len(same), (), text, places))
        products = self._products(frame, made) if how == "add" and self.several else {}
        if how != "none":
            whole = put_together(self.name, frame, how)
            self.found += [
                self._disagreeing(column, frame, at, rows, len(whole.frame))
                for column, at in whole.differing.items()
            ]
            frame, rows = whole.frame, tuple(rows[position] for position in whole.first)
        part = Part(
            self.file,
            frame,
            rows,
            # Two sheets of one workbook are two people or months; equal rows of theirs are two rows.
            marked(self.raw.assign(**{SHEET: self.piece.sheet or ""})) if numbered else None,
            products,
        )
        labels = {name: label for name, label in self.labels.items() if label != name}
        taken_out = 0 if dropped is None else int(dropped.sum())
        return _Made(
            part,
            left_out,
            taken_out,
            lines,
            len(frame),
            labels,
            tuple(self.unknown),
            tuple(self.found),
            self.odd,
        )

    def _products(self, lines: pd.DataFrame, made: pd.DataFrame) -> dict[str, frozenset[tuple[str, ...]]]:
        """Return what the lines of each key say beside amounts and dates: the product, where it goes."""
        spoken = {
            plain(column)
            for name, source in self.table.sources().items()
            if TABLES[self.name].column(name).kind in {"money", "time", "share"}
            for column in source.columns()
        }
        cells = marked(self.raw.loc[made.index])
        # A quantity or day that was put right makes no other line; the number of a product does.
        spoken |= {
            name
            for name in cells.columns
            if not _CODES.search(name) and not (numbers(cells[name])[1].any() and times(cells[name])[1].any())
        }
        cells = cells[[name for name in cells.columns if name not in spoken]].fillna("")
        found: dict[str, set[tuple[str, ...]]] = {}
        for key, said in zip(
            lines[TABLES[self.name].key[0]], cells.itertuples(index=False, name=None), strict=True
        ):
            found.setdefault(str(key), set()).add(said)
        return {key: frozenset(said) for key, said in found.items()}

    def _disagreeing(
        self, column: str, lines: pd.DataFrame, at: Sequence[int], rows: Sequence[int], of: int
    ) -> Finding:
        """Return what to tell of rows with one number that say different things."""
        key = TABLES[self.name].key[0]
        text = (
            Text("rows with one number have different dates: the first date counts")
            if column == BEGINS[self.name]
            else Text("rows with one number say different things: the first one counts")
        )
        places = tuple(
            Text(
                "{file} row {row}: {value}", None, file=self.file, row=rows[one],
                value=f"{lines[key][one]}: " + " / ".join(
                    str(value) for value in lines[column][lines[key] == lines[key][one]].dropna().unique()[:3]
                ),
            )
            for one in at[:SHOWN]
        )  # fmt: skip
        return Finding("warn", self.name, column, len(at), of, (), text, places)

    def _columns(self) -> pd.DataFrame:
        made = {name: self._cells(name, source) for name, source in self.table.sources().items()}
        return pd.DataFrame(made, index=self.raw.index)

    def _cells(self, name: str, source: Source) -> pd.Series[Any]:
        cells = self._raw_cells(source)
        self.labels[name] = " / ".join(source.columns()) or name
        if source.lookup is not None:
            cells = self._translated(name, source, cells)
        if source.map:
            cells = self._mapped(name, source, cells)
        if TABLES[self.name].column(name).kind == "time":
            cells = self._times(name, source.format, cells)
        elif TABLES[self.name].column(name).kind in _NUMBERS:
            bad = numbers(cells, source.decimal)[1]
            cells = cells.mask(bad) if self._left_out(name, cells, bad) else cells
        if source.factor != 1 or source.decimal != ".":
            cells, _ = _scaled(cells, source.factor, source.decimal)
        if self.table.negative and TABLES[self.name].column(name).kind == "money":
            against = self._any(dict(self.table.negative))
            amounts, bad = numbers(cells)
            # A row that has its minus already keeps it.
            cells = cells.astype(object).mask(against & ~bad, -amounts.abs())
        return cells

    def _raw_cells(self, source: Source) -> pd.Series[Any]:
        index = self.raw.index
        if source.column is not None:
            return self._column(source.column)
        if source.first:
            cells = self._column(source.first[0])
            for column in source.first[1:]:
                cells = cells.mask(missing(cells), self._column(column))
            return cells
        if source.number is not None:
            # Row 2 of January and row 2 of February are two rows.
            stem = (
                ":".join(filter(None, (self.piece.path.stem, self.piece.sheet, ""))) + ":"
                if self.several
                else ""
            )
            return pd.Series(
                [source.number.replace("{row}", f"{stem}{position + 2}") for position in index],
                index=index,
                dtype=object,
            )
        if source.walk is not None:
            walk = source.walk
            return walked(
                self._column(walk.month),
                self._column(walk.weekday),
                walk.since,
                self.file,
                (walk.month, walk.weekday),
            )
        if source.rules:
            cells = pd.Series([None] * len(index), index=index, dtype=object)
            for rule in reversed(source.rules):
                cells[self._holds(dict(rule.when))] = rule.then
            return cells
        return pd.Series([source.constant] * len(index), index=index, dtype=object)

    def _column(self, name: str) -> pd.Series[Any]:
        if plain(name) not in self.columns:
            # One of several files may lack a column that need not be filled.
            return pd.Series([None] * len(self.raw), index=self.raw.index, dtype=object)
        return self.raw[self.columns[plain(name)]]

    def _translated(self, name: str, source: Source, cells: pd.Series[Any]) -> pd.Series[Any]:
        declared = TABLES[self.name].column(name)
        listed = self.export.code_list(str(source.lookup))
        keep = declared.kind == "id" and source.otherwise == "code"
        out, unknown = listed.translate(source, cells, self.file, keep=keep)
        if keep and (shared := listed.shared(source, cells)):
            rows = int(out.isin(list(shared)).sum())
            text = Text(
                "several codes have the same {column} in {of}: they count as one",
                None,
                column=source.take,
                of=listed.name,
            )
            places = tuple(f"{' + '.join(codes)} = {name}" for name, codes in list(shared.items())[:SHOWN])
            self.found.append(Finding("warn", self.name, name, rows, len(cells), (), text, places))
        if unknown is None:
            return out
        if declared.kind != "id" and not declared.empty:
            raise UserError(
                "{file}, row {row}, column {column}: {value} has no {taken} in {of}, and {name} may not be empty; add it there",
                file=self.file,
                row=unknown.lines[0],
                column=unknown.column,
                value=unknown.codes[0],
                taken=unknown.taken,
                of=unknown.of,
                name=Text(declared.en, declared.zh),
            )
        self.unknown.append(unknown)
        return out

    def _mapped(self, name: str, source: Source, cells: pd.Series[Any]) -> pd.Series[Any]:
        known = {word: value for key, value in dict(source.map).items() for word in _words(key)}
        words = texts(cells, strip=True)
        gone = words.isna().to_numpy(dtype=bool)
        out: list[Any] = []
        for position, (word, none) in enumerate(zip(words.to_numpy(dtype=object), gone, strict=True)):
            if none:
                out.append(known.get(""))
            elif word in known:
                out.append(known[word])
            elif source.other is not None:
                out.append(source.other)
            else:
                near = nearest(str(word), known)
                raise UserError(
                    "{file}, row {row}, column {column}: {value} is not in the mapping's map; {remedy}",
                    file=self.file,
                    row=int(self.raw.index[position]) + 2,
                    column=self.labels[name],
                    value=word,
                    remedy=Text("add it, or did you mean {near}?", None, near=near)
                    if near
                    else Text("add it to the map, or set other"),
                )
        return pd.Series(out, index=cells.index, dtype=object)

    def _times(self, name: str, form: str | None, cells: pd.Series[Any]) -> pd.Series[Any]:
        zone = self.export.mapping.timezone
        moments, bad = times(cells, form, serial=self.piece.path.suffix.lower() == ".xlsx", zone=zone)
        if bad.any():
            position = int(bad.argmax())
            zoned = zone is None and not times(cells.iloc[[position]], form, zone="UTC")[1].any()
            if not zoned and self._left_out(name, cells, bad):
                return moments
            if zoned:
                raise UserError(
                    "{file}, row {row}, column {column}: {value} carries a time zone; set timezone in the mapping to that of the firm, e.g. Asia/Shanghai",
                    file=self.file,
                    row=int(self.raw.index[position]) + 2,
                    column=self.labels[name],
                    value=str(cells.iloc[position])[:40],
                )
            raise NoDateError(
                "{file}, row {row}, column {column}: {value} is not a date{form}; set format in the mapping, e.g. '%d/%m/%Y', or mend the cell where it stands alone",
                file=self.file,
                row=int(self.raw.index[position]) + 2,
                column=self.labels[name],
                value=str(cells.iloc[position])[:40],
                form="" if form is None else f" ({form})",
            )
        return moments

    def _left_out(self, name: str, cells: pd.Series[Any], bad: Any) -> bool:
        """Whether the cells that could not be read are left out; each is told, and the rows that fall with them."""
        count = int(bad.sum())
        filled = int((~missing(cells)).sum())
        if self.export.mapping.odd_cells == "refuse" or not 0 < count <= max(filled // ODD, 1) < filled:
            return False
        odd = [(int(row), str(cell)[:SHOWN_SIGNS]) for row, cell in cells[bad].items()]
        # A stage without its date or a period without its target is a row less of those made out of columns.
        fatal = not TABLES[self.name].column(name).empty and not (self.table.dates or self.table.periods)
        if fatal:
            self.odd |= dict(odd)
        places = tuple(
            Text("{file} row {row}: {value}", None, file=self.file, row=row + 2, value=cell)
            for row, cell in odd[:SHOWN]
        )
        text = ODD_ROWS if fatal else ODD_CELLS
        self.found.append(Finding("warn", self.name, name, count, len(cells), (), text, places))
        return True

    def _stages(self, dates: Stages) -> pd.DataFrame:
        parts = []
        rep = None if dates.rep_id is None else self._cells("rep_id", dates.rep_id)
        for stage, column in dict(dates.stages).items():
            self.labels["entered"] = column
            part = pd.DataFrame({
                "opportunity_id": self._column(dates.opportunity_id),
                "stage": pd.Series([stage] * len(self.raw), index=self.raw.index, dtype=object),
                "entered": self._times(
                    "entered", dict(dates.formats).get(column, dates.format), self._column(column)
                ),
            })  # fmt: skip
            if rep is not None:
                part["rep_id"] = rep
            parts.append(part[part["entered"].notna()])
        self.labels |= {"opportunity_id": dates.opportunity_id}
        return pd.concat(parts)

    def _targets(self, periods: Periods) -> pd.DataFrame:
        if periods.period is not None and periods.target is not None:
            return self._targets_in_rows(periods, periods.period, periods.target)
        rep = self._cells("rep_id", periods.rep_id)
        first = self.export.mapping.fiscal_year_start
        parts = []
        for column, written in dict(periods.columns).items():
            found = span(written, first)
            assert found is not None, "checked with the mapping"
            cells = self._column(column)
            self.labels["target"] = column
            target, bad = _scaled(cells, periods.factor, periods.decimal)
            if self._left_out("target", cells, bad):
                cells, bad = cells.mask(bad), np.zeros(len(bad), dtype=bool)
            part = pd.DataFrame({"rep_id": rep, "target": target}, index=self.raw.index)
            begin, end = (pd.Timestamp(day) for day in found)
            part = part.assign(
                name=periods.kpi, kpi=periods.kpi, level="person", period_start=begin, period_end=end
            )
            part = part[~missing(cells) & ~missing(rep)]
            if bad.any():
                # Under its own name: of several columns the wrong cell stands in this one.
                conform(self.name, part, self.file, labels=self.labels)
            parts.append(part)
        self.labels["target"] = "target"
        return pd.concat(parts)

    def _targets_in_rows(self, periods: Periods, period: str, target: str) -> pd.DataFrame:
        """Return targets that stand in rows of their own; rows of longer periods beside shorter ones are their sums."""
        rep, cells = self._cells("rep_id", periods.rep_id), self._column(target)
        self.labels |= {"target": target, "period_start": period}
        amounts, bad = _scaled(cells, periods.factor, periods.decimal)
        if self._left_out("target", cells, bad):
            cells, amounts = cells.mask(bad), amounts.mask(bad)
        words = texts(self._column(period), strip=True)
        kpi = pd.Series([periods.kpi] * len(self.raw), index=self.raw.index, dtype=object)
        if periods.kpi_column is not None:
            source = Source.model_validate({"column": periods.kpi_column, "map": dict(periods.kpis)})
            self.labels["kpi"] = periods.kpi_column
            kpi = self._mapped("kpi", source, self._column(periods.kpi_column))
        made = pd.DataFrame(
            {"rep_id": rep, "target": amounts, "name": kpi, "kpi": kpi, "level": "person", "word": words}
        )[~missing(cells) & ~missing(rep)]
        first = self.export.mapping.fiscal_year_start
        named = {word: self._period(made, word, periods.year) for word in made["word"].fillna("").unique()}
        days = {word: span(one.written(periods.year or 0), first) for word, one in named.items()}
        for at, column in enumerate(("period_start", "period_end")):
            made[column] = pd.to_datetime([days[word][at] for word in made["word"]])  # type: ignore[index]
        made["months"] = [MONTHS[named[word].kind] for word in made["word"]]
        sums: list[int] = []
        for _, mine in made.groupby(["rep_id", "kpi"], sort=False):
            for row in mine.index:
                own: Any = mine.loc[row]
                inside = mine["period_start"].between(
                    own["period_start"], own["period_end"], inclusive="left"
                )
                sums += [int(row)] if (inside & (mine["months"] < own["months"])).any() else []
        if sums:
            text = Text("targets of longer periods beside shorter ones, whose sum they are: left out")
            places = tuple(
                Text("{file} row {row}: {value}", None, file=self.file, row=row + 2, value=made["word"][row])
                for row in sums[:SHOWN]
            )
            self.found.append(
                Finding("note", self.name, "period_start", len(sums), len(made), (), text, places)
            )
        return made.drop(index=sums, columns=["word", "months"])

    def _period(self, made: pd.DataFrame, word: str, year: int | None) -> Period:
        found = of_cell(word)
        if found is None or (found.year is None and year is None):
            row = made.index[(made["word"].fillna("") == word).to_numpy(dtype=bool)][0]
            raise UserError(
                "{file}, row {row}, column {column}: {value} is no period{year}; write 2027-03, 2027Q2, 2027H1 or 2027",
                file=self.file,
                row=int(row) + 2,
                column=self.labels["period_start"],
                value=word[:SHOWN_SIGNS] or "–",
                year="" if found is None else Text(" of a known year"),
            )
        return found

    def _distinct(self, made: pd.DataFrame) -> pd.DataFrame:
        key = [column for column in TABLES[self.name].key if column in made.columns]
        if self.name == "stage_changes":
            # A deal that went back enters a stage twice; the first time counts.
            made = made.sort_values("entered", kind="stable")
        words = pd.DataFrame({column: texts(made[column], strip=True) for column in key}, index=made.index)
        return made[(words.notna().all(axis=1) & ~words.duplicated()).to_numpy(dtype=bool)]

    def _any(self, conditions: Dict[str, Cell | Words]) -> Any:
        """Return where one of the conditions holds, or more."""
        each = [self._holds({column: wanted}) for column, wanted in conditions.items()]
        return np.logical_or.reduce(each)

    def _holds(self, conditions: Dict[str, Cell | Words]) -> Any:
        """Return where all conditions hold."""
        result = pd.Series([True] * len(self.raw), index=self.raw.index).to_numpy(dtype=bool, copy=True)
        for column, wanted in conditions.items():
            cells = self._column(column)
            gone = missing(cells)
            if wanted == EMPTY:
                result &= gone
            elif wanted == FILLED:
                result &= ~gone
            else:
                words = set(_words_of(wanted))
                result &= texts(cells, strip=True).isin(words).to_numpy(dtype=bool)
        return result


def _scaled(cells: pd.Series[Any], factor: float, decimal: str) -> tuple[pd.Series[Any], Any]:
    """Return numbers times `factor`, and where there are none: those stay as they are, so that the schema names the cell."""
    amounts, bad = numbers(cells, decimal)
    return (amounts * factor).astype(object).mask(bad, cells), bad


def _undated(frames: Dict[str, pd.DataFrame]) -> int:
    """Return how many closed opportunities do not say when they were closed."""
    if "opportunities" not in frames:
        return 0
    deals = frames["opportunities"]
    return int(((deals["status"] != "open") & deals["closed"].isna()).sum())


def _words_of(wanted: Cell | Words) -> list[str]:
    return [word for one in (wanted if isinstance(wanted, tuple) else (wanted,)) for word in _words(one)]


def _words(value: object) -> list[str]:
    """Return how the export may write a value of the mapping; YAML reads yes, no, on and off as true and false."""
    if isinstance(value, bool):
        spelt = ("true", "yes", "on", "y") if value else ("false", "no", "off", "n")
        return [form for word in spelt for form in (word, word.capitalize(), word.upper())]
    return [str(value).strip() if value is not None else ""]


__all__ = ["NoDateError", "apply", "detect", "load_export"]
