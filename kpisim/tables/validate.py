"""Holding a frame against the schema: typed as it says, or one line that names table, row, column and remedy."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim.tables import parse
from kpisim.tables.schema import DTYPES, TABLES
from kpisim.tables.titles import table_title
from kpisim.text import Text, UserError, did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from kpisim.tables.schema import Column, Table
    from kpisim.tables.tables import Tables

MOST_ROWS = 5
"""Rows that the line about a fault names."""
HEADER = 1
"""Row of the header in the file; data start one row below."""

_NOT_BEFORE: dict[str, tuple[tuple[str, str], ...]] = {
    "reps": (("hired", "left"),),
    "opportunities": (("created", "closed"),),
    "orders": (("booked", "delivered"), ("booked", "cancelled")),
    "accounts": (("since", "left"),),
    "complaints": (("opened", "answered"),),
    "tasks": (("created", "started"), ("started", "finished")),
    "requests": (("submitted", "finished"),),
    "pay": (("period_start", "period_end"),),
    "targets": (("period_start", "period_end"),),
}
_WANTED: dict[str, tuple[Text, Text]] = {
    "time": (Text("a date"), Text("write it like 2027-04-30 or 2027-04-30 16:20, without a time zone")),
    "flag": (Text("yes or no"), Text("write yes or no")),
    "count": (Text("a whole number"), Text("write a whole number")),
}
_A_NUMBER = (Text("a number"), Text("write it like 1234.50"))


def conform(
    name: str,
    frame: pd.DataFrame,
    where: str = "",
    *,
    labels: Mapping[str, str] | None = None,
    lines: bool = False,
) -> pd.DataFrame:
    """Return `frame` as table `name`, its columns in order and typed as the schema says.

    Parameters
    ----------
    name
        Name of a table of the schema.
    frame
        Any frame with the table's columns; columns of other names are left out.  A whole-number index is
        taken as the row's position among the data rows of the file (0 = first row under the header).
    where
        File the frame came from, for the error line.
    labels
        Column of the schema -> name of the column in the user's file, for the error line.
    lines
        Whether the rows are parts of those of the table, e.g. a row for each product, so that a key may come again.

    Raises
    ------
    UserError
        The first thing against the schema: a missing column, an unreadable or forbidden value, an empty
        cell, a number out of range, a key twice, an end before its beginning.

    Examples
    --------
    >>> import pandas as pd
    >>> conform("reps", pd.DataFrame({"rep_id": ["r1", "r1"]}), "reps.csv")
    Traceback (most recent call last):
        ...
    kpisim.text.UserError: reps.csv, table reps, row 3: r1 stands in row 2 already; each rep_id may stand once
    """
    if name not in TABLES:
        raise UserError("{name}: no such table; {remedy}", name=name, remedy=did_you_mean(name, TABLES))
    checker = _Checker(TABLES[name], where, labels or {}, frame)
    columns: dict[str, pd.Series[Any]] = {}
    for column in checker.table.columns:
        if column.name in frame.columns:
            columns[column.name] = checker.column(column, frame[column.name])
        else:
            checker.absent(column, [str(other) for other in frame.columns])
            columns[column.name] = pd.Series(index=frame.index, dtype=DTYPES[column.kind])
    typed = pd.DataFrame(columns, index=frame.index)
    if not lines:
        checker.keys(typed)
    checker.orders(typed)
    return typed.reset_index(drop=True)


def check_references(tables: Tables) -> None:
    """Refuse an id that points to nothing, where the table it points to is there and has rows.

    Raises
    ------
    UserError
        The first dangling id, with table, row and column.
    """
    for name in tables.frames:
        frame = tables[name]
        for column, target in TABLES[name].refers:
            known = tables[target][TABLES[target].key[0]] if tables.has(target) else ()
            if not len(known):
                continue
            ids = frame[column]
            lost = (ids.notna() & ~ids.isin(known)).to_numpy(dtype=bool)
            if lost.any():
                row = int(np.argmax(lost))
                raise UserError(
                    "table {table}, row {row}, column {column}: {value} is not in table {target}; {remedy}",
                    table=name,
                    row=row + HEADER + 1,
                    column=column,
                    value=str(ids.iloc[row]),
                    target=target,
                    remedy=did_you_mean(str(ids.iloc[row]), {str(item) for item in known}),
                )


def told_rows(rows: Sequence[int] | NDArray[np.int64]) -> int | Text:
    """Return the first rows of a fault for its line, and how many there are where there are more.

    Examples
    --------
    >>> str(told_rows([3])), str(told_rows([3, 7])), str(told_rows([2, 3, 4, 5, 6, 9]))
    ('3', '3 (also 7)', '2 (also 3, 4, 5, 6; 6 in all)')
    """
    shown = [str(int(row)) for row in rows[:MOST_ROWS]]
    if len(shown) == 1:
        return int(rows[0])
    also, all_of_them = ", ".join(shown[1:]), "、".join(shown)
    if len(rows) <= MOST_ROWS:
        return Text("{first} (also {also})", "{rows}", first=shown[0], also=also, rows=all_of_them)
    return Text(
        "{first} (also {also}; {count} in all)",
        "{rows}等{count}",
        first=shown[0],
        also=also,
        rows=all_of_them,
        count=f"{len(rows):,}",
    )


class _Checker:
    """One frame on its way through the schema; knows how to name a place in the user's file."""

    def __init__(self, table: Table, where: str, labels: Mapping[str, str], frame: pd.DataFrame) -> None:
        self.table, self.labels = table, labels
        # In a file of one's own with column names of its own nobody looks for a table of ours by its name.
        called = table_title(table.name) if labels else table.name
        self.place: str | Text = (
            Text("{file}, table {table}", None, file=where, table=called)
            if where
            else Text("table {table}", None, table=table.name)
        )
        index = frame.index
        positions = index.to_numpy() if pd.api.types.is_integer_dtype(index.dtype) else np.arange(len(index))
        self.rows = positions + HEADER + 1

    def column(self, column: Column, raw: pd.Series[Any]) -> pd.Series[Any]:
        """Return one column typed, or raise for its first bad cell."""
        typed, bad = _read(column, raw)
        wanted, remedy = _WANTED.get(column.kind, _A_NUMBER)
        self._first(
            bad,
            column,
            raw,
            "{place}, row {row}, column {column}: {value} is not {wanted}; {remedy}",
            wanted=wanted,
            remedy=remedy,
        )
        if not column.empty:
            gone = typed.isna().to_numpy(dtype=bool)
            self._first(
                gone,
                column,
                raw,
                "{place}, row {row}, column {column}: the cell is empty; fill it in or take the row out",
            )
        if column.values:  # noqa: PD011  (allowed words, no frame)
            self._known(column, typed)
        if column.low is not None or column.high is not None:
            numbers = typed.to_numpy(dtype="float64", na_value=np.nan)
            low = -np.inf if column.low is None else column.low
            high = np.inf if column.high is None else column.high
            self._first(
                (numbers < low) | (numbers > high), column, raw,
                "{place}, row {row}, column {column}: {value} is outside {low} to {high}; correct it or leave it empty",
                low=f"{low:g}", high="∞" if np.isinf(high) else f"{high:g}",
            )  # fmt: skip
        return typed

    def absent(self, column: Column, present: list[str]) -> None:
        """Refuse a required column that is not there, and a column that looks like a misspelt one."""
        strangers = [other for other in present if other not in self.table.names]
        near = nearest(column.name, strangers)
        if column.required:
            remedy = (
                Text("did you mean {near}? rename it", None, near=near)
                if near is not None
                else Text("the file has: {names}", None, names=", ".join(present[:12]) or "-")
            )
            raise UserError(
                "{place}: column {column} is missing; {remedy}",
                place=self.place,
                column=self.shown(column.name),
                remedy=remedy,
            )
        # A column that nothing needs may stay, but one that is a letter off would be lost without a word.
        close = get_close_matches(
            column.name, [parse.plain(other).replace(" ", "_") for other in strangers], n=1, cutoff=0.85
        )
        if close:
            wrong = next(other for other in strangers if parse.plain(other).replace(" ", "_") == close[0])
            raise UserError(
                "{place}: unknown column {column}; did you mean {near}?",
                place=self.place,
                column=wrong,
                near=column.name,
            )

    def keys(self, typed: pd.DataFrame) -> None:
        """Refuse a key that stands twice."""
        key = list(self.table.key)
        twice = typed.duplicated(key).to_numpy(dtype=bool)
        if not twice.any():
            return
        row = int(np.argmax(twice))
        cells = typed[key].astype("object").where(typed[key].notna(), "")
        same = (cells == cells.iloc[row]).all(axis=1).to_numpy(dtype=bool)
        raise UserError(
            "{place}, row {row}: {value} stands in row {first} already; each {key} may stand once",
            place=self.place,
            row=int(self.rows[row]),
            value=" / ".join(str(cell) for cell in cells.iloc[row]),
            first=int(self.rows[int(np.argmax(same))]),
            key=" + ".join(self.shown(part) for part in key),
        )

    def orders(self, typed: pd.DataFrame) -> None:
        """Refuse an end before its beginning, and an open opportunity with a closing time."""
        for first, second in _NOT_BEFORE.get(self.table.name, ()):
            begin = typed[first].to_numpy(dtype="datetime64[us]")
            end = typed[second].to_numpy(dtype="datetime64[us]")
            # A date without a time of day lies at midnight; it is not before a time on the same day.
            day_only = (end == end.astype("datetime64[D]")) & (
                begin.astype("datetime64[D]") == end.astype("datetime64[D]")
            )
            wrong = (end < begin) & ~day_only
            self._first(
                wrong, self.table.column(second), typed[second],
                "{place}, row {row}, column {column}: {value} is before {first} ({begin}); correct one of them",
                first=self.shown(first), begin=_Cell(typed[first]),
            )  # fmt: skip
        if self.table.name == "opportunities":
            closed = (typed["status"].to_numpy(dtype=object) == "open") & typed["closed"].notna().to_numpy(
                dtype=bool
            )
            self._first(
                closed, self.table.column("closed"), typed["closed"],
                "{place}, row {row}, column {column}: {value} closes an opportunity that is open; empty the cell or correct the status",
            )  # fmt: skip

    def shown(self, name: str) -> str:
        """Return the name of a column as the user's file has it."""
        return self.labels.get(name, name)

    def _known(self, column: Column, typed: pd.Series[Any]) -> None:
        strange = ~np.isin(typed.cat.codes.to_numpy(), np.arange(-1, len(column.values)))
        if strange.any():
            value = str(typed.iloc[int(np.argmax(strange))])
            self._first(
                strange, column, typed,
                "{place}, row {row}, column {column}: {value} is not one of {names}; {remedy}",
                names=", ".join(column.values), remedy=did_you_mean(value, column.values),
            )  # fmt: skip

    def _first(
        self, bad: NDArray[np.bool_], column: Column, raw: pd.Series[Any], message: str, **more: Any
    ) -> None:
        if not bad.any():
            return
        position = int(np.argmax(bad))
        values = {
            name: value.at(position) if isinstance(value, _Cell) else value for name, value in more.items()
        }
        raise UserError(
            message,
            place=self.place,
            row=told_rows(self.rows[bad]),
            column=self.shown(column.name),
            value=_Cell(raw).at(position),
            **values,
        )


class _Cell:
    """A column from which one cell will be shown."""

    def __init__(self, column: pd.Series[Any]) -> None:
        self.column = column

    def at(self, position: int) -> str:
        """Return the cell as short text."""
        cell = self.column.iloc[position]
        text = str(cell).removesuffix(" 00:00:00")
        return text if len(text) <= 40 else text[:39] + "…"


def _read(column: Column, raw: pd.Series[Any]) -> tuple[pd.Series[Any], NDArray[np.bool_]]:  # noqa: PLR0911  (a return per kind)
    """Return a column typed as its kind, and which cells could not be read."""
    fine = np.zeros(len(raw), dtype=bool)
    match column.kind:
        case "time":
            return parse.times(raw)
        case "count":
            return parse.counts(raw)
        case "flag":
            return parse.flags(raw)
        case "id":
            return parse.texts(raw, strip=True), fine
        case "text":
            return parse.texts(raw, strip=False), fine
        case "category":
            words = parse.texts(raw, strip=True)
            seen = sorted(words.dropna().unique())
            allowed = list(column.values)
            known = [*allowed, *(word for word in seen if word not in allowed)] if allowed else seen
            return pd.Series(
                pd.Categorical(words, categories=pd.Index(known, dtype="str")), index=raw.index
            ), fine
        case _:
            return parse.numbers(raw)


__all__ = ["HEADER", "check_references", "conform", "told_rows"]
