"""The columns of the tables as arrays, made once and shared by all KPIs of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kpisim.kpi.value import Reason
    from kpisim.kpi.window import Window
    from kpisim.tables import Tables

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]
    Rows = NDArray[np.intp]

NEVER = np.iinfo(np.int64).min
"""A time that is missing; before every period, so it lies in none."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of one table and what each adds above and below the line."""

    table: str
    rows: Rows
    numerator: Floats
    denominator: Floats


@dataclass(frozen=True, slots=True)
class Found:
    """What a KPI function found: the rows behind numerator and denominator, or the reason why there is nothing."""

    parts: tuple[Part, ...] = ()
    reason: Reason | None = None


class Facts:
    """Tables seen as arrays; each column is turned once."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._kept: dict[tuple[str, ...], Any] = {}

    def has(self, table: str) -> bool:
        """Whether the source has `table`."""
        return self.tables.has(table)

    def time(self, table: str, column: str) -> Ints:
        """Return a time column in microseconds since 1970, `NEVER` where empty."""
        key = ("time", table, column)
        if key not in self._kept:
            self._kept[key] = self.tables[table][column].to_numpy(dtype="datetime64[us]").astype(np.int64)
        made: Ints = self._kept[key]
        return made

    def number(self, table: str, column: str) -> Floats:
        """Return a number column, NaN where empty."""
        key = ("number", table, column)
        if key not in self._kept:
            self._kept[key] = self.tables[table][column].to_numpy(dtype="float64", na_value=np.nan)
        made: Floats = self._kept[key]
        return made

    def codes(self, table: str, column: str) -> Ints:
        """Return an id or category column as codes from 0, -1 where empty; see :meth:`labels`."""
        return self._factor(table, column)[0]

    def labels(self, table: str, column: str) -> list[str]:
        """Return what the codes of a column stand for."""
        return self._factor(table, column)[1]

    def same(self, table: str, column: str, *words: str) -> Mask:
        """Return where a category column holds one of `words`."""
        codes, labels = self._factor(table, column)
        mask: Mask = np.isin(codes, [labels.index(word) for word in words if word in labels])
        return mask

    def within(self, table: str, column: str, window: Window) -> Mask:
        """Return where a time column lies in ``[start, end)``."""
        moments = self.time(table, column)
        mask: Mask = (moments >= window.lo) & (moments < window.hi)
        return mask

    def known(self, table: str, column: str) -> bool:
        """Whether a table is there and, if it has rows, whether the column holds anything at all."""
        if not self.has(table):
            return False
        frame = self.tables[table]
        return len(frame) == 0 or bool(frame[column].notna().any())

    def span(self) -> tuple[int, int]:
        """Return the first and last dated event, in microseconds since 1970 (first above last: none)."""
        from kpisim.tables.io import EVENTS  # noqa: PLC0415

        if ("span",) not in self._kept:
            first, last = np.iinfo(np.int64).max, NEVER
            for table, columns in EVENTS.items():
                for column in columns if self.has(table) else ():
                    moments = self.time(table, column)
                    moments = moments[moments != NEVER]
                    if len(moments):
                        first, last = min(first, int(moments.min())), max(last, int(moments.max()))
            self._kept[("span",)] = (first, last)
        made: tuple[int, int] = self._kept[("span",)]
        return made

    def purchases(self) -> Mask:
        """Return which orders are purchases: not cancelled, worth more than nothing, of a known customer.

        A cancelled order is removed whenever the cancellation came, so that months add up to their quarter.
        """
        live: Mask = (self.time("orders", "cancelled") == NEVER) & (self.number("orders", "value") > 0)
        live &= (self.codes("orders", "account_id") >= 0) & (self.time("orders", "booked") != NEVER)
        return live

    def edge(self, rows: Rows, group: Ints, moments: Ints, key: tuple[str, str], *, last: bool) -> Rows:
        """Return the first (or last) row in time of each group.

        Parameters
        ----------
        rows
            Positions in the table to choose from.
        group, moments
            Group and time of each of `rows`.
        key
            Table and id column that decide between rows of one time, so that the order of rows never matters.
        last
            Whether the last is wanted instead of the first.
        """
        if not len(rows):
            return rows
        order = np.lexsort((moments, group))
        same_group = group[order][1:] == group[order][:-1]
        if (same_group & (moments[order][1:] == moments[order][:-1])).any():
            table, column = key
            ids = self.tables[table][column].to_numpy(dtype=object)[rows].astype(str)
            _, rank = np.unique(ids, return_inverse=True)
            order = np.lexsort((rank, moments, group))
            same_group = group[order][1:] == group[order][:-1]
        ends = np.append(~same_group, [True]) if last else np.insert(~same_group, 0, [True])
        chosen: Rows = rows[order[ends]]
        return chosen

    def _factor(self, table: str, column: str) -> tuple[Ints, list[str]]:
        key = ("codes", table, column)
        if key not in self._kept:
            import pandas as pd  # noqa: PLC0415

            series = self.tables[table][column]
            if isinstance(series.dtype, pd.CategoricalDtype):
                codes, labels = series.cat.codes.to_numpy(), series.cat.categories
            else:
                codes, labels = pd.factorize(series)
            self._kept[key] = codes.astype(np.int64), [str(label) for label in labels]
        made: tuple[Ints, list[str]] = self._kept[key]
        return made


def part(table: str, mask: Mask, numerator: Floats | Mask, denominator: Floats | Mask | None = None) -> Part:
    """Return the rows of `mask` with what they add; arrays are given for the whole table."""
    rows = np.flatnonzero(mask)
    above = np.asarray(numerator, dtype=np.float64)[rows]
    below = np.zeros(len(rows)) if denominator is None else np.asarray(denominator, dtype=np.float64)[rows]
    return Part(table, rows, above, below)


def found(*parts: Part) -> Found:
    """Return the parts as what was found."""
    return Found(parts)


__all__ = ["NEVER", "Facts", "Found", "Part", "found", "part"]
