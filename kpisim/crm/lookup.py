"""Look-up lists: codes of one file translated through another, e.g. the number of a rep into the name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from kpisim.tables.parse import code_form, plain, texts
from kpisim.text import Text, UserError, nearest

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.crm.mapping import Lookup, Source


@dataclass(frozen=True, slots=True)
class Unknown:
    """Codes of one column that a list does not have, or has without the cell that was asked for.

    Attributes
    ----------
    column, file, taken, of
        Column of the export with the codes, its file, what was to be taken, and the file of the list.
    lines, codes
        Row in the file and code of each.
    among
        Rows with a code at all.
    """

    column: str
    file: str
    taken: str
    of: str
    lines: tuple[int, ...]
    codes: tuple[str, ...]
    among: int

    @property
    def told_as(self) -> object:
        """What makes it the same news for a reader, whatever was to be taken."""
        return self.column, self.file, self.of, frozenset(self.codes)


class CodeList:
    """One look-up list, read once.

    Parameters
    ----------
    declared
        Its key and file as the mapping says.
    file
        Where it lies.
    cells
        Its cells as they stand.

    Raises
    ------
    UserError
        No such column, or a key twice: which of two names a code means cannot be guessed.
    """

    def __init__(self, declared: Lookup, file: Path, cells: pd.DataFrame) -> None:
        self.name, self.cells = file.name, cells
        self.columns = {plain(name): str(name) for name in cells.columns}
        self.alike = declared.alike
        keys = self._codes(cells[self._column(declared.key)]).dropna()
        again = keys[keys.duplicated()]
        if len(again):
            line, code = int(again.index[0]), str(again.iloc[0])
            raise UserError(
                "{path}, row {row}: {value} stands in row {first} already; each {key} of a look-up list may stand once",
                path=self.name,
                row=line + 2,
                value=code,
                first=int(keys.index[keys == code][0]) + 2,
                key=declared.key,
            )
        self.keys = pd.Series(keys.index, index=keys.to_numpy(dtype=object))

    def translate(
        self, source: Source, cells: pd.Series[Any], file: str, *, keep: bool
    ) -> tuple[pd.Series[Any], Unknown | None]:
        """Return what the list says for each code, and the codes it says nothing for.

        Parameters
        ----------
        source
            Which column to take.
        cells
            The codes; the index is the row's position under the header.
        file
            File of the codes, for the report.
        keep
            Whether a code without an entry stays as it is (an id still says whose row it is) or becomes empty.
        """
        taken = self.cells[self._column(str(source.take))]
        codes = texts(cells, strip=True)
        places = self.keys.reindex(self._codes(cells).astype(object).where(codes.notna(), "")).to_numpy()
        known = ~pd.isna(places)
        out = pd.Series([None] * len(codes), index=cells.index, dtype=object)
        out[known] = _cells(texts(taken, strip=True).reindex(places[known])).to_numpy()
        there = codes.notna().to_numpy(dtype=bool)
        lost = there & out.isna().to_numpy(dtype=bool)
        if not lost.any():
            return out, None
        if keep:
            out[lost] = codes[lost].to_numpy(dtype=object)
        lines = tuple(int(line) + 2 for line in cells.index[lost])
        named = " / ".join(source.columns())
        words = tuple(str(code) for code in codes[lost])
        return out, Unknown(named, file, str(source.take), self.name, lines, words, int(there.sum()))

    def shared(self, source: Source, cells: pd.Series[Any]) -> dict[str, list[str]]:
        """Return what several of the codes in `cells` are all translated into, with those codes."""
        codes = self._codes(cells).dropna().drop_duplicates()
        places = self.keys[self.keys.index.isin(codes)]
        names = texts(self.cells[self._column(str(source.take))], strip=True).loc[places.to_numpy()]
        found: dict[str, list[str]] = {}
        for code, name in zip(places.index, names, strict=True):
            if isinstance(name, str):
                found.setdefault(name, []).append(str(code))
        return {name: several for name, several in found.items() if len(several) > 1}

    def _codes(self, cells: pd.Series[Any]) -> pd.Series[Any]:
        codes = texts(cells, strip=True)
        return codes.map(code_form, na_action="ignore") if self.alike else codes

    def _column(self, name: str) -> str:
        if plain(name) not in self.columns:
            near = nearest(plain(name), self.columns)
            raise UserError(
                "{path}: {remedy}",
                path=self.name,
                remedy=Text(
                    "no column {column}; did you mean {near}?", None, column=name, near=self.columns[near]
                )
                if near
                else Text(
                    "no column {column}; the file has: {names}",
                    None,
                    column=name,
                    names=", ".join(list(self.columns.values())[:12]),
                ),
            )
        return self.columns[plain(name)]


def _cells(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return texts as plain objects, None where there is none."""
    return column.astype(object).where(column.notna(), None)


__all__ = ["CodeList", "Unknown"]
