"""Where the rows of an import came from: file, row and column of the export, and what was found on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from kpisim.tables.titles import column_title, column_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from kpisim.text import Text

Level = Literal["stop", "warn", "note"]
FILE, LINE = "file", "file_row"
"""Columns of the frames in :attr:`Origin.rows`."""
WRITTEN = {"source_file": FILE, "source_row": LINE}
"""What these columns are called where tables are written: two more in each table that came from an export."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about an import.

    Attributes
    ----------
    level
        ``stop``: cannot be; ``warn``: look at it; ``note``: for information.
    table, column
        Where; `column` may be empty.
    count, of
        Rows concerned, and rows in all.
    rows
        The first of them, counted from 1 as in a spreadsheet without its header.
    text
        What it is, in the reader's language when shown.
    places
        The first of them as file, row and value, where they are known; they take the place of `rows`.
    called
        What the export calls each column of `column`, where it has names of its own.
    """

    level: Level
    table: str
    column: str
    count: int
    of: int
    rows: tuple[int, ...]
    text: Text
    places: tuple[str | Text, ...] = ()
    called: tuple[str | None, ...] = ()

    @property
    def share(self) -> float:
        """Share of the rows."""
        return self.count / self.of if self.of else 0.0

    def columns(self) -> list[Text]:
        """Return what its columns are called in the reader's language, with the names that find them."""
        return [column_title(self.table, name, raw) for name, raw in self._named()]

    def words(self) -> list[Text]:
        """Return the same without any name of our tables, for who never sees one."""
        return [column_words(self.table, name, raw) for name, raw in self._named()]

    def _named(self) -> list[tuple[str, str | None]]:
        names = [name for name in self.column.split(", ") if name]
        return list(zip(names, self.called or (None,) * len(names), strict=True))

    def where(self) -> str:
        """Return the first rows concerned, as far as they are known."""
        return ", ".join(str(place) for place in self.places or self.rows)


@dataclass(frozen=True)
class Origin:
    """Where the rows of the tables came from.

    Attributes
    ----------
    rows
        Table -> frame with the columns ``file`` (name) and ``file_row`` (row in the file, the header is row 1), a row for
        each row of the table in its order.
    columns
        Table -> column -> what the export calls it.
    found
        What reading found: codes that no look-up list has, rows that stood in two files, columns that differ.
    """

    rows: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    found: tuple[Finding, ...] = ()

    def several(self, table: str) -> bool:
        """Whether the rows of `table` came from more than one file."""
        return table in self.rows and len(self.rows[table][FILE].unique()) > 1


def with_places(name: str, frame: pd.DataFrame, origin: Origin | None) -> pd.DataFrame:
    """Return a table on its way to disk, with the place each row came from where that is known."""
    places = None if origin is None else origin.rows.get(name)
    if places is None or len(places) != len(frame):
        return frame
    return frame.assign(**{there: places[here].to_numpy() for there, here in WRITTEN.items()}).astype(
        {"source_file": "str", "source_row": "Int64"}
    )


def places_of(frames: Mapping[str, pd.DataFrame]) -> Origin | None:
    """Return where the rows came from, out of tables as they were written; None where no table says it."""
    import pandas as pd  # noqa: PLC0415

    from kpisim.tables.parse import counts, texts  # noqa: PLC0415

    rows = {
        name: pd.DataFrame({
            FILE: texts(frame["source_file"], strip=False).to_numpy(),
            LINE: counts(frame["source_row"])[0].to_numpy(),
        }).astype({FILE: "str", LINE: "Int64"})
        for name, frame in frames.items()
        if set(WRITTEN) <= set(frame.columns)
    }  # fmt: skip
    return Origin(rows) if rows else None


__all__ = ["FILE", "LINE", "WRITTEN", "Finding", "Level", "Origin", "places_of", "with_places"]
