"""Tables by hand, small enough to add up on paper."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd
import pytest

from kpisim.tables import Meta, Tables, conform
from kpisim.tables.io import weekdays

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

START, END = date(2027, 1, 1), date(2027, 4, 1)


class Make(Protocol):
    """Builds tables from rows; see the fixture ``make``."""

    def __call__(
        self,
        start: date = START,
        end: date = END,
        source: str = "simulated",
        **rows: Sequence[Mapping[str, Any]],
    ) -> Tables:
        """Return the tables."""
        ...


@pytest.fixture(scope="session")
def make() -> Make:
    """Return a function that makes typed tables from lists of rows; ids are numbered where they are left out."""

    def build(
        start: date = START, end: date = END, source: str = "simulated", **rows: Sequence[Mapping[str, Any]]
    ) -> Tables:
        keys = {"orders": "order_id", "opportunities": "opportunity_id", "surveys": "survey_id", "collections": "order_id",
                "complaints": "complaint_id", "requests": "request_id", "accounts": "account_id", "reps": "rep_id"}  # fmt: skip
        frames = {}
        for name, cells in rows.items():
            key = keys.get(name)
            numbered = [
                {**({key: f"{name[0]}{number:04d}"} if key else {}), **row}
                for number, row in enumerate(cells)
            ]
            columns = list(dict.fromkeys(column for row in numbered for column in row))
            if not numbered:
                frames[name] = conform(name, Tables(Meta(start, end))[name])
                continue
            frames[name] = conform(
                name, pd.DataFrame({column: [row.get(column) for row in numbered] for column in columns})
            )
        return Tables(Meta(start, end, workdays=weekdays(start, end), source=source), frames)

    return build
