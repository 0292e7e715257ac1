"""The files of an export: which hold a table, what they lack, and what was not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpisim.crm.layout import (
    ALL_SHEETS,
    SHEET,
    Spot,
    block_of,
    checked,
    fitting_sheets,
    is_export,
    rows_of,
    says_sum,
    sheets_of,
)
from kpisim.crm.lookup import CodeList
from kpisim.crm.stack import SHOWN, differing, in_order
from kpisim.tables.origin import Finding
from kpisim.tables.parse import plain
from kpisim.text import Text, UserError, nearest, t

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from kpisim.crm.layout import Block
    from kpisim.crm.mapping import Laid, Lookup, Mapping, TableMap


class Export:
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
        self._passed: dict[Spot, tuple[str, Lack]] = {}
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

    def _take(self, name: str, table: TableMap, fitting: list[Spot], lacking: Dict[Spot, Lack]) -> list[Spot]:
        if fitting and not table.optional:
            self._passed |= {piece: (name, lack) for piece, lack in lacking.items()}
        self._taken |= set(fitting)
        if len(fitting) > 1:
            self._stacks.setdefault(tuple(fitting), (name, []))[1].append(table)
        for piece in fitting:
            block = self._block(piece, table)
            sums = (*block.sums, *(row + 2 for row in self._totals(block.frame, table)))
            if sums and not table.distinct:
                self._sums.setdefault(piece, (name, sums, len(block.frame) + len(block.sums)))
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

    def _strangers(self) -> dict[Spot, tuple[str, Lack]]:
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
        frame = frame.drop(index=self._totals(frame, table))
        if SHEET in table.needed() and piece.sheet is not None:
            return frame.assign(**{SHEET: piece.sheet})
        return frame

    def _totals(self, frame: pd.DataFrame, table: TableMap) -> list[int]:
        """Return the rows of a sheet of targets whose rep is called 合计 or total.

        Elsewhere an empty cell tells a row of sums from an order of somebody who is called so; among targets it has none.
        """
        for aims in self.mapping.tables.values():
            if aims.periods is None or (aims.file, aims.sheet) != (table.file, table.sheet):
                continue
            # Reps gathered from the targets are those who have one.
            if table.periods is None and not table.distinct:
                continue
            who = {plain(column) for column in aims.periods.rep_id.columns()}
            said = [frame[column].map(says_sum) for column in frame.columns if plain(column) in who]
            return [int(row) for one in said for row in frame.index[one.to_numpy(dtype=bool)]]
        return []

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

    def _lacks(self, file: Spot, table: TableMap) -> Lack | None:
        frame = self.read(file, table)
        return lack_of([str(name) for name in frame.columns], table.needed())


def _exports(folder: Path, pattern: str) -> list[Path]:
    """Return the files of a pattern that can be read."""
    return [file for file in folder.glob(pattern) if is_export(file)]


@dataclass(frozen=True, slots=True)
class Lack:
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
        """Say what the missing column may be called here."""
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
        """Return the error line for a file that is refused for it."""
        return UserError("{path}: {remedy}", path=file, remedy=self.remedy())


def lack_of(header: list[str], needed: list[str]) -> Lack | None:
    """Return which of the needed columns a header does not have, None where it has all."""
    known = {plain(name) for name in header}
    absent = [column for column in needed if plain(column) not in known]
    if not absent:
        return None
    # A column that the mapping uses already is not the misspelt one.
    used = {plain(column) for column in needed}
    free = tuple(name for name in header if plain(name) not in used)
    return Lack(absent[0], tuple(header), free, tuple(absent), len(needed))


__all__ = ["Export", "Lack", "lack_of"]
