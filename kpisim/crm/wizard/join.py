"""Several exports of one firm at once: a mapping that reads them together, and how well their keys meet.

The tables refer to each other by key (a deal to its rep and customer), so files are joined by giving each its table; what
does not meet is told and left as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from glob import escape
from typing import TYPE_CHECKING, Any

from kpisim.crm.load import load_export
from kpisim.crm.mapping import Mapping
from kpisim.crm.wizard.draft import open_export, read_raw
from kpisim.crm.wizard.guess import PARTIES
from kpisim.crm.wizard.make import as_text, mapping_of, parse
from kpisim.crm.wizard.words import NOT_USED, roles
from kpisim.tables.parse import missing, plain, texts
from kpisim.tables.schema import TABLES
from kpisim.text import UserError, t
from kpisim.text.cells import align

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from kpisim.crm.wizard.draft import Draft
    from kpisim.tables import Tables

LEAST = 1.0
"""Beside another export a list of customers may have but one column that is needed."""


@dataclass(frozen=True, slots=True)
class Join:
    """How the key of one file meets the list it refers to.

    Attributes
    ----------
    file, column, of
        The file with the key, its column, and the file of the list.
    rows, empty
        Rows of the file, and those without the key.
    unmatched
        Rows whose key is not in the list.
    nearly
        Of these, rows that would meet if blanks and capitals did not count.
    unused
        Keys of the list that no row refers to.
    doubles, apart
        Rows of the list whose key stood above already (the first one counts), and those of them that say something else.
    """

    file: str
    column: str
    of: str
    rows: int
    empty: int
    unmatched: int
    nearly: int
    unused: int
    doubles: int
    apart: int


def open_exports(paths: Sequence[Path], table: str | None = None, currency: str | None = None) -> list[Draft]:
    """Look at one or several exports and propose what their columns are; see :func:`open_export`.

    Raises
    ------
    UserError
        A file that cannot be read, files of several folders, or two files of one table.
    """
    if len(paths) == 1:
        return [open_export(paths[0], table, currency)]
    if table is not None:
        raise UserError(
            "--table {name}: goes with one file; leave it out or import the file alone", name=table
        )
    for path in paths:
        if path.resolve().parent != paths[0].resolve().parent:
            raise UserError(
                "{path}: lies in another folder than {first}; put the files into one folder, they are read together",
                path=str(path),
                first=paths[0].name,
            )
    drafts = [open_export(path, None, currency, LEAST) for path in paths]
    refuse_two(drafts)
    return drafts


def refuse_two(drafts: Sequence[Draft]) -> None:
    """Refuse two files whose rows are the same thing: monthly files are read through one mapping's file pattern."""
    seen: dict[str, Draft] = {}
    for draft in drafts:
        other = seen.setdefault(draft.table, draft)
        if other is not draft:
            raise UserError(
                "{path} and {other}: both are read as {table}; import one, and write file: '*.csv' in its mapping to read them one after the other",
                path=draft.path.name,
                other=other.path.name,
                table=draft.table,
            )


def give(drafts: Sequence[Draft], column: str, role: str) -> None:
    """Take a column for `role` in every file that has both; see :meth:`Draft.give`."""
    having = [draft for draft in drafts if any(one.name == column for one in draft.columns)]
    fitting = [draft for draft in having if role == NOT_USED or role in roles(draft.table)]
    for draft in fitting or having[:1] or drafts[:1]:
        draft.give(column, role)


def joined_mapping(drafts: Sequence[Draft]) -> dict[str, Any]:
    """Return one mapping that reads all files together."""
    if len(drafts) == 1:
        return mapping_of(drafts[0])
    refuse_two(drafts)
    first = next((draft for draft in drafts if draft.table not in PARTIES), drafts[0])
    whole = mapping_of(first)
    names = ", ".join(draft.path.name for draft in drafts)
    whole |= {
        "title_en": f"Made by kpisim import from {names}",
        "title_zh": f"由 kpisim import 根据 {names} 生成",
    }
    tables: dict[str, Any] = {}
    for draft in [first, *(draft for draft in drafts if draft is not first)]:
        own = {other.table for other in drafts if other is not draft}
        for name, made in mapping_of(draft)["tables"].items():
            # A list of its own says more of reps and orders than what is gathered from another file.
            if name not in own and name not in tables:
                made = {**made, "file": escape(draft.path.name)}  # noqa: PLW2901  (the same, with its file)
                if draft.separator != first.separator:
                    made["separator"] = draft.separator
                tables[name] = made
    return {**whole, "skip_strangers": False, "tables": tables}


def joined_text(drafts: Sequence[Draft]) -> str:
    """Return that mapping as the text of its file."""
    return as_text(joined_mapping(drafts))


def load_joined(drafts: Sequence[Draft]) -> Tables:
    """Return the tables that the files make; the files are only read.

    Raises
    ------
    UserError
        As :func:`kpisim.crm.load.load_export`.
    """
    if len(drafts) == 1:
        return load_export(drafts[0].path, parse(drafts[0]))
    name = drafts[0].path.stem
    mapping = Mapping.parse({"name": name, **joined_mapping(drafts)}, where=drafts[0].path.name)
    return load_export(drafts[0].path.parent, mapping)


def joins(drafts: Sequence[Draft]) -> list[Join]:
    """Return how the keys of the files meet: unmatched, nearly matched, unused and double ones."""
    lists = {draft.table: draft for draft in drafts}
    raw = {draft.table: read_raw(draft.path)[0] for draft in drafts}
    found = []
    for draft in drafts:
        for role, table in TABLES[draft.table].refers:
            target = lists.get(table)
            here = draft.one(role) if role in roles(draft.table) else None
            there = None if target is None else target.one(TABLES[table].key[0])
            if target is not None and target is not draft and here is not None and there is not None:
                found.append(_join(draft, here, raw[draft.table], target, there, raw[table]))
    return found


def _join(
    draft: Draft, here: str, rows: pd.DataFrame, target: Draft, there: str, known: pd.DataFrame
) -> Join:
    keys, listed = texts(rows[here], strip=True), texts(known[there], strip=True)
    told, names = keys[~missing(rows[here])], listed[~missing(known[there])]
    lost = told[~told.isin(names)]
    alike = {_loose(name) for name in names}
    again = names[names.duplicated()]
    used = [name for name, pick in target.picks.items() if pick.role != NOT_USED]
    same = known.loc[names.index, used].duplicated()
    return Join(
        draft.path.name, here, target.path.name, len(rows), len(rows) - len(told), len(lost),
        sum(_loose(name) in alike for name in lost), len(set(names) - set(told)),
        len(again), int((~same[again.index]).sum()),
    )  # fmt: skip


def _loose(name: Any) -> str:
    return "".join(plain(str(name)).casefold().split())


def read_lines(tables: Tables) -> list[str]:
    """Return what was read, and what was left out of it."""
    rows = [
        t("{table}: {rows} rows", table=name, rows=f"{len(frame):,}")
        for name, frame in tables.frames.items()
        if len(frame)
    ]
    return [
        t("Read through it: {rows}. The files themselves are unchanged.", rows=t(", ").join(rows)),
        *(t("Note: {note}", note=note) for note in tables.meta.notes),
        "",
    ]


def join_lines(found: Sequence[Join]) -> list[str]:
    """Return how the files meet as aligned text; nothing where there is nothing to join."""
    if not found:
        return []
    rows = [list(heads())]
    rows += [cells_of(one) for one in found]
    return [t("How the files meet by key (nothing was changed):"), *align(rows, [False, *[True] * 6])]


def heads() -> tuple[str, ...]:
    """Return the titles of :func:`cells_of`."""
    return (
        t("key"), t("rows"), t("without a key"), t("not in the list"), t("of these, but for blanks or capitals"),
        t("in the list, never used"), t("double in the list (differing)"),
    )  # fmt: skip


def cells_of(one: Join) -> list[str]:
    """Return one join as cells of a table."""
    return [
        f"{one.file}: {one.column} → {one.of}",
        *(f"{number:,}" for number in (one.rows, one.empty, one.unmatched, one.nearly, one.unused)),
        f"{one.doubles:,} ({one.apart:,})",
    ]


__all__ = [
    "Join",
    "cells_of",
    "give",
    "heads",
    "join_lines",
    "joined_mapping",
    "joined_text",
    "joins",
    "load_joined",
    "open_exports",
    "read_lines",
    "refuse_two",
]
