"""One file of an export on its way to one table: cells taken where the mapping says, held against the schema."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim.crm.layout import SHEET
from kpisim.crm.lines import BEGINS, put_together
from kpisim.crm.mapping import EMPTY, FILLED
from kpisim.crm.stack import SHOWN, Part, marked
from kpisim.crm.targets import SHOWN_SIGNS, targets
from kpisim.crm.walk import walked
from kpisim.tables import conform
from kpisim.tables.origin import Finding
from kpisim.tables.parse import missing, numbers, plain, scaled, texts, times
from kpisim.tables.schema import TABLES
from kpisim.tables.validate import told_rows
from kpisim.text import Text, UserError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict
    from collections.abc import Sequence

    from kpisim.crm.export import Export
    from kpisim.crm.layout import Spot
    from kpisim.crm.lookup import Unknown
    from kpisim.crm.mapping import Cell, Source, Stages, TableMap, Words

ODD = 10
"""One cell in so many of a column may be no date or number where a mapping leaves such cells out; one always may."""
ODD_CELLS = Text("the cell is no date or number: left out")
ODD_ROWS = Text("the cell is no date or number, and the row cannot do without it: the row is left out")
_NUMBERS = {"money", "number", "hours", "share"}


_CODES = re.compile(
    r"编[码号]|代码|[货料型行]号|产品|商品|物料|sku|code|item|product|\bno\b|number", re.IGNORECASE
)
"""Columns whose numbers are names."""


class NoDateError(UserError):
    """A cell of a column of dates that is none."""


@dataclass(frozen=True, slots=True)
class Made:
    """What one file makes of one table.

    Attributes
    ----------
    part
        Its rows, and where they stand in the file.
    left_out, taken_out
        Rows that an empty cell, and those that the mapping leaves out.
    lines, wholes
        Rows before and after the lines of one number were put together.
    labels
        Column of the table -> what the file calls it.
    unknown
        Codes that a look-up list does not know.
    found
        What to tell of it.
    odd
        Row less 2 -> cell that is no date or number, where its row is left out for it.
    """

    part: Part
    left_out: int
    taken_out: int
    lines: int
    wholes: int
    labels: dict[str, str]
    unknown: tuple[Unknown, ...]
    found: tuple[Finding, ...]
    odd: Dict[int, str]


class Reader:
    """One file on its way to one table; what was found on the way stands in `labels`, `unknown`, `found` and `odd`."""

    def __init__(
        self, name: str, table: TableMap, raw: pd.DataFrame, piece: Spot, export: Export, *, several: bool
    ) -> None:
        self.name, self.table, self.piece, self.export, self.several = name, table, piece, export, several
        self.file = piece.name
        self.columns = {plain(column): str(column) for column in raw.columns}
        self.raw = raw
        for column in table.fill_down:
            # A cell merged over the rows of an order is written in the first of them only.
            there = self.column(column)
            self.raw = self.raw.assign(**{self.columns[plain(column)]: there.mask(missing(there)).ffill()})
        self.labels: dict[str, str] = {}
        self.unknown: list[Unknown] = []
        self.found: list[Finding] = []
        self.odd: dict[int, str] = {}

    def frame(self) -> Made:
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
            made = targets(self, self.table.periods)
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
        return Made(
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
        made = {name: self.cells(name, source) for name, source in self.table.sources().items()}
        return pd.DataFrame(made, index=self.raw.index)

    def cells(self, name: str, source: Source) -> pd.Series[Any]:
        """Return the cells of a column of the table as the mapping makes them, not yet typed."""
        cells = self._raw_cells(source)
        self.labels[name] = " / ".join(source.columns()) or name
        if source.lookup is not None:
            cells = self._translated(name, source, cells)
        if source.map:
            cells = self.mapped(name, source, cells)
        if TABLES[self.name].column(name).kind == "time":
            cells = self._times(name, source.format, cells)
        elif TABLES[self.name].column(name).kind in _NUMBERS:
            bad = numbers(cells, source.decimal)[1]
            cells = cells.mask(bad) if self.leave_out(name, cells, bad) else cells
        if source.factor != 1 or source.decimal != ".":
            cells, _ = scaled(cells, source.factor, source.decimal)
        if self.table.negative and TABLES[self.name].column(name).kind == "money":
            against = self._any(dict(self.table.negative))
            amounts, bad = numbers(cells)
            # A row that has its minus already keeps it.
            cells = cells.astype(object).mask(against & ~bad, -amounts.abs())
        return cells

    def _raw_cells(self, source: Source) -> pd.Series[Any]:
        index = self.raw.index
        if source.column is not None:
            return self.column(source.column)
        if source.first:
            cells = self.column(source.first[0])
            for column in source.first[1:]:
                cells = cells.mask(missing(cells), self.column(column))
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
                self.column(walk.month),
                self.column(walk.weekday),
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

    def column(self, name: str) -> pd.Series[Any]:
        """Return the cells of a column of the file as they stand."""
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

    def mapped(self, name: str, source: Source, cells: pd.Series[Any]) -> pd.Series[Any]:
        """Return what the mapping writes for each word.

        Raises
        ------
        UserError
            A word that the mapping does not know.
        """
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
            if not zoned and self.leave_out(name, cells, bad):
                return moments
            if zoned:
                raise UserError(
                    "{file}, row {row}, column {column}: {value} carries a time zone; set timezone in the mapping to that of the firm, e.g. Asia/Shanghai",
                    file=self.file,
                    row=self._rows(bad),
                    column=self.labels[name],
                    value=str(cells.iloc[position])[:40],
                )
            raise NoDateError(
                "{file}, row {row}, column {column}: {value} is not a date{form}; set format in the mapping, e.g. '%d/%m/%Y', or mend the cell where it stands alone",
                file=self.file,
                row=self._rows(bad),
                column=self.labels[name],
                value=str(cells.iloc[position])[:40],
                form="" if form is None else f" ({form})",
            )
        return moments

    def leave_out(self, name: str, cells: pd.Series[Any], bad: Any) -> bool:
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
        rep = None if dates.rep_id is None else self.cells("rep_id", dates.rep_id)
        for stage, column in dict(dates.stages).items():
            self.labels["entered"] = column
            part = pd.DataFrame({
                "opportunity_id": self.column(dates.opportunity_id),
                "stage": pd.Series([stage] * len(self.raw), index=self.raw.index, dtype=object),
                "entered": self._times(
                    "entered", dict(dates.formats).get(column, dates.format), self.column(column)
                ),
            })  # fmt: skip
            if rep is not None:
                part["rep_id"] = rep
            parts.append(part[part["entered"].notna()])
        self.labels |= {"opportunity_id": dates.opportunity_id}
        return pd.concat(parts)

    def _distinct(self, made: pd.DataFrame) -> pd.DataFrame:
        key = [column for column in TABLES[self.name].key if column in made.columns]
        if self.name == "stage_changes":
            # A deal that went back enters a stage twice; the first time counts.
            made = made.sort_values("entered", kind="stable")
        words = pd.DataFrame({column: texts(made[column], strip=True) for column in key}, index=made.index)
        return made[(words.notna().all(axis=1) & ~words.duplicated()).to_numpy(dtype=bool)]

    def _rows(self, which: Any) -> int | Text:
        """Return the rows of the file in which a fault stands, as its line tells them."""
        return told_rows(self.raw.index[which].to_numpy() + 2)

    def _any(self, conditions: Dict[str, Cell | Words]) -> Any:
        """Return where one of the conditions holds, or more."""
        each = [self._holds({column: wanted}) for column, wanted in conditions.items()]
        return np.logical_or.reduce(each)

    def _holds(self, conditions: Dict[str, Cell | Words]) -> Any:
        """Return where all conditions hold."""
        result = pd.Series([True] * len(self.raw), index=self.raw.index).to_numpy(dtype=bool, copy=True)
        for column, wanted in conditions.items():
            cells = self.column(column)
            gone = missing(cells)
            if wanted == EMPTY:
                result &= gone
            elif wanted == FILLED:
                result &= ~gone
            else:
                words = set(words_of(wanted))
                result &= texts(cells, strip=True).isin(words).to_numpy(dtype=bool)
        return result


def words_of(wanted: Cell | Words) -> list[str]:
    """Return how the export may write what a condition of the mapping asks for."""
    return [word for one in (wanted if isinstance(wanted, tuple) else (wanted,)) for word in _words(one)]


def _words(value: object) -> list[str]:
    """Return how the export may write a value of the mapping; YAML reads yes, no, on and off as true and false."""
    if isinstance(value, bool):
        spelt = ("true", "yes", "on", "y") if value else ("false", "no", "off", "n")
        return [form for word in spelt for form in (word, word.capitalize(), word.upper())]
    return [str(value).strip() if value is not None else ""]


__all__ = ["ODD_CELLS", "Made", "NoDateError", "Reader", "words_of"]
