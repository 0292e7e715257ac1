"""What is wrong with an import, said before any KPI is believed; nothing is changed in the source.

Missing cells, things that cannot be, doubles, rows that point nowhere, and cells that look like personal data.  Personal
data are counted and never shown.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kpisim.tables.origin import FILE, LINE, Finding, Level, Origin
from kpisim.tables.schema import TABLES
from kpisim.tables.titles import table_title
from kpisim.text import Text, t
from kpisim.text.cells import align
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    import pandas as pd

    from kpisim.tables import Tables
    from kpisim.tables.schema import Table

LEVELS: dict[Level, Text] = {
    "stop": Text("■ wrong", "■ 有错"),
    "warn": Text("▲ look at it", "▲ 请核对"),
    "note": Text("– for information", "– 供参考"),
}
SHOWN = 5
"""Rows named of each finding."""
ORDER: tuple[tuple[str, str, str], ...] = (
    ("opportunities", "created", "closed"),
    ("orders", "booked", "delivered"),
    ("orders", "booked", "invoiced"),
    ("orders", "booked", "cancelled"),
    ("complaints", "opened", "answered"),
    ("tasks", "created", "finished"),
    ("tasks", "started", "finished"),
    ("requests", "submitted", "finished"),
    ("reps", "hired", "left"),
    ("pay", "period_start", "period_end"),
    ("targets", "period_start", "period_end"),
)
"""Table, what comes first, what comes later."""
PERSONAL: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("mobile number", re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")),
    ("e-mail address", re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")),
    ("identity number", re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")),
)
_SAMPLE = 5000


def quality(tables: Tables) -> list[Finding]:
    """Return everything worth knowing about `tables`, the worst first.

    Parameters
    ----------
    tables
        An import after its mapping, or any tables; they stay untouched.
    """
    found: list[Finding] = []
    for name, frame in tables.frames.items():
        if len(frame):
            declared = TABLES[name]
            found += _missing(declared, frame)
            found += _doubles(declared, frame)
            found += _personal(declared, frame)
            found += _nowhere(declared, frame, tables)
    found += _impossible(tables)
    found += _spelt_twice(tables)
    if tables.origin is not None:
        found = [_placed(one, tables.origin) for one in [*tables.origin.found, *found]]
    rank = list(LEVELS)
    return sorted(found, key=lambda one: (rank.index(one.level), -one.share))


def _placed(one: Finding, origin: Origin) -> Finding:
    """Return a finding with the rows and columns as the user's own file has them."""
    names = origin.columns.get(one.table, {})
    called = tuple(names.get(name) for name in one.column.split(", ") if name)
    if one.table not in origin.rows:
        return replace(one, called=called)
    lines = origin.rows[one.table].iloc[[row - 1 for row in one.rows]]
    several = origin.several(one.table)
    places = tuple(
        Text("{file} row {row}", None, file=file, row=line) if several else str(line)
        for file, line in zip(lines[FILE], lines[LINE], strict=True)
    )
    return replace(one, called=called, places=one.places or places)


def _finding(level: Level, table: str, column: str, mask: pd.Series, text: Text) -> list[Finding]:
    import numpy as np  # noqa: PLC0415

    places = np.flatnonzero(mask.fillna(False).to_numpy(dtype=bool))  # noqa: FBT003  (the value that is filled in)
    if not len(places):
        return []
    return [
        Finding(level, table, column, len(places), len(mask), tuple(int(p) + 1 for p in places[:SHOWN]), text)
    ]


def _missing(declared: Table, frame: pd.DataFrame) -> list[Finding]:
    found = []
    silent = []
    for column in declared.columns:
        empty = frame[column.name].isna()
        if empty.all():
            silent.append(column.name)
        elif empty.any() and column.kind in {"money", "id"} and column.name != "opportunity_id":
            found += _finding("warn", declared.name, column.name, empty, Text("cells are empty"))
    if silent:
        text = Text("no values at all: KPIs that need them say so")
        found.append(Finding("note", declared.name, ", ".join(silent), len(frame), len(frame), (), text))
    return found


def _doubles(declared: Table, frame: pd.DataFrame) -> list[Finding]:
    found = _finding(
        "stop",
        declared.name,
        ", ".join(declared.key),
        frame.duplicated(list(declared.key)),
        Text("the same key stands more than once"),
    )
    if declared.name == "orders":
        same = frame.duplicated(["account_id", "booked", "value"]) & frame["account_id"].notna()
        found += _finding(
            "warn",
            "orders",
            "account_id, booked, value",
            same,
            Text("same customer, moment and amount: perhaps entered twice"),
        )
    return found


def _impossible(tables: Tables) -> list[Finding]:
    import pandas as pd  # noqa: PLC0415

    found = []
    for name, first, later in ORDER:
        frame = tables[name]
        if len(frame):
            text = Text(
                "{later} lies before {first}", None, first=_titled(name, first), later=_titled(name, later)
            )
            # A date without a time may stand before the moment of the same day.
            found += _finding(
                "stop", name, later, frame[later].dt.normalize() < frame[first].dt.normalize(), text
            )
    end = pd.Timestamp(tables.meta.end)
    for name, column in (
        ("orders", "booked"),
        ("opportunities", "created"),
        ("collections", "paid"),
        ("surveys", "answered"),
    ):
        frame = tables[name]
        if len(frame):
            found += _finding(
                "warn", name, column, frame[column] >= end, Text("dates lie after the end of the records")
            )
    deals, orders, tasks = tables["opportunities"], tables["orders"], tables["tasks"]
    if len(deals):
        won = deals["status"] == "won"
        found += _finding(
            "warn", "opportunities", "value", won & deals["value"].isna(), Text("won without a value")
        )
        found += _finding(
            "stop",
            "opportunities",
            "closed",
            (deals["status"] != "open") & deals["closed"].isna(),
            Text("won or lost without a date"),
        )
        found += _finding(
            "stop",
            "opportunities",
            "closed",
            (deals["status"] == "open") & deals["closed"].notna(),
            Text("open with a closing date"),
        )
    if len(orders):
        found += _finding("warn", "orders", "value", orders["value"] == 0, Text("orders worth nothing"))
        found += _finding(
            "note",
            "orders",
            "value",
            orders["value"] < 0,
            Text("returns and credit notes: they count against revenue and are no purchase"),
        )
    bills = tables["collections"]
    if len(bills):
        part = bills["received"]
        found += _finding(
            "warn",
            "collections",
            "received",
            bills["paid"].isna() & part.gt(0),
            Text("money received without a date: it counts in no period"),
        )
        found += _finding(
            "note",
            "collections",
            "received",
            bills["paid"].notna() & part.lt(bills["amount"]),
            Text("paid in part: what was received counts on its date, the rest stays owed"),
        )
    if len(tasks):
        found += _finding("stop", "tasks", "hours", tasks["hours"] < 0, Text("negative hours"))
    return found


def _spelt_twice(tables: Tables) -> list[Finding]:
    """Find reps and customers that stand there in two spellings: each would count for itself."""
    from kpisim.tables.parse import code_form  # noqa: PLC0415

    found = []
    for column, own in (("rep_id", "reps"), ("account_id", "accounts")):
        named = {
            name: frame[column]
            for name, frame in tables.frames.items()
            if len(frame) and column in TABLES[name].names and frame[column].notna().any()
        }
        counts: dict[str, int] = {}
        for name, cells in named.items():
            # The list itself says each name once; who does the work decides which spelling is the usual one.
            for spelt, rows in cells.value_counts().items():
                counts[str(spelt)] = counts.get(str(spelt), 0) + (0 if name == own else int(rows))
        spellings: dict[str, list[str]] = {}
        for spelt in counts:
            spellings.setdefault(code_form(spelt), []).append(spelt)
        rare = {one for many in spellings.values() for one in sorted(many, key=lambda one: -counts[one])[1:]}
        text = Text(
            "called like another one but for blanks, capitals or zeros before: each counts for itself"
        )
        told = [_finding("warn", name, column, cells.isin(rare), text) for name, cells in named.items()]
        found += [
            one
            for some, name in zip(told, named, strict=True)
            for one in some
            if name != own or len(named) == 1
        ]
    return found


def _titled(table: str, column: str) -> Text:
    declared = TABLES[table].column(column)
    return Text(declared.en, declared.zh)


def _nowhere(declared: Table, frame: pd.DataFrame, tables: Tables) -> list[Finding]:
    found = []
    for column, table in declared.refers:
        if tables.has(table) and len(tables[table]) and not _numbered(declared, column, tables):
            lost = frame[column].notna() & ~frame[column].isin(tables[table][TABLES[table].key[0]])
            found += _finding(
                "warn",
                declared.name,
                column,
                lost,
                Text("points to nothing in the table {table}", None, table=table_title(table)),
            )
    return found


def _numbered(declared: Table, column: str, tables: Tables) -> bool:
    """Whether a key was made up of the rows of the export: such a key refers to nothing, and nobody need look for it."""
    origin = tables.origin
    if (column,) != declared.key or origin is None or declared.name not in origin.rows:
        return False
    lines = origin.rows[declared.name][LINE].astype("str")
    ids = tables[declared.name][column].astype("str")
    named = column in origin.columns.get(declared.name, {})
    return not named and all(key.endswith(line) for key, line in zip(ids, lines, strict=True))


def _personal(declared: Table, frame: pd.DataFrame) -> list[Finding]:
    found = []
    for column in declared.columns:
        if column.kind not in {"id", "text", "category"}:
            continue
        cells = frame[column.name].dropna().astype("str").drop_duplicates().head(_SAMPLE)
        for what, pattern in PERSONAL:
            if cells.str.contains(pattern).any():
                mask = frame[column.name].astype("str").str.contains(pattern)
                found += _finding(
                    "warn", declared.name, column.name, mask,
                    Text("looks like personal data ({what}); replace it by a code before you go on", None, what=Text(what)),
                )  # fmt: skip
    return found


def finding_heads() -> list[str]:
    """Return the heads of a table of findings."""
    return [t("how bad"), t("table"), t("column"), t("rows"), t("share"), t("what"), t("first rows")]


def finding_cells(one: Finding) -> list[str]:
    """Return the row of a finding, a cell for each of :func:`finding_heads`."""
    return [
        str(LEVELS[one.level]),
        str(table_title(one.table)),
        t(", ").join(str(column) for column in one.columns()),
        f"{one.count:,}",
        percent(one.share),
        str(one.text),
        one.where(),
    ]


def quality_lines(found: list[Finding]) -> list[str]:
    """Return the findings as aligned text in the reader's language."""
    if not found:
        return [t("Nothing to complain about: no missing, impossible or double rows.")]
    return align(
        [finding_heads(), *map(finding_cells, found)], [False, False, False, True, True, False, False]
    )


__all__ = ["LEVELS", "PERSONAL", "Finding", "finding_cells", "finding_heads", "quality", "quality_lines"]
