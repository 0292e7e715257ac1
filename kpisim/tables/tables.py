"""The tables of one team over one window of time, with what is known about the window."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kpisim.tables.schema import DTYPES, TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pandas as pd

    from kpisim.tables.origin import Origin


@dataclass(frozen=True, slots=True)
class Meta:
    """What is known about the window.

    Attributes
    ----------
    start, end
        The window ``[start, end)``; rows before `start` serve as history (a first order, a cohort).
    hours_per_day
        Working hours a day.
    workdays
        Working days in the window, in order.
    currency
        Currency of all money columns.
    source
        ``"simulated"`` or the name of the export.
    fiscal_year_start
        First month of the fiscal year, 1 to 12.
    notes
        What a reader of the figures must know, e.g. rows that an import left out.
    """

    start: date
    end: date
    hours_per_day: float = 8.0
    workdays: tuple[date, ...] = ()
    currency: str = "CNY"
    source: str = "simulated"
    fiscal_year_start: int = 1
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tables:
    """All frames by name.  A table that the source does not have is an empty frame with the right columns.

    Attributes
    ----------
    meta, frames
        What is known about the window, and the frames by name.
    origin
        Which file and row of an export each row came from, and what was found while reading it; None for tables that are
        no import, or no longer the rows that were read.
    """

    meta: Meta
    frames: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    origin: Origin | None = None

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return the frame called `name`, empty with the right columns where the source has none."""
        frame = self.frames.get(name)
        return empty(name) if frame is None else frame

    def has(self, name: str) -> bool:
        """Whether the source has table `name` (an empty table counts as there)."""
        return name in self.frames


def empty(name: str) -> pd.DataFrame:
    """Return table `name` without rows, columns typed as the schema says."""
    import pandas as pd  # noqa: PLC0415

    return pd.DataFrame({c.name: pd.Series(dtype=DTYPES[c.kind]) for c in TABLES[name].columns})
