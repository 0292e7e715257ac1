"""Several exports of one firm at once: a mapping that reads them together, and how well their keys meet.

Files of one table, a month each, are one draft; see :mod:`kpisim.crm.stack`.

The tables refer to each other by key (a deal to its rep and customer), so files are joined by giving each its table; what
does not meet is told and left as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpisim.crm.layout import ENDS, SHEET, checked, is_export, spots_of
from kpisim.crm.load import load_export
from kpisim.crm.mapping import Mapping
from kpisim.crm.stack import in_order
from kpisim.crm.wizard.cells import raws_of, separator_at
from kpisim.crm.wizard.columns import look_at
from kpisim.crm.wizard.draft import LEAST as TABLE
from kpisim.crm.wizard.draft import draft_of
from kpisim.crm.wizard.guess import PARTIES, Pick
from kpisim.crm.wizard.make import as_text, lookups_of, mapping_of, parse, where
from kpisim.crm.wizard.through import Listed, owner, through
from kpisim.crm.wizard.words import NOT_USED, roles
from kpisim.tables.parse import code_form, missing, plain, texts
from kpisim.tables.schema import TABLES
from kpisim.tables.titles import table_title
from kpisim.text import Text, UserError, nearest, t
from kpisim.text.cells import align

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from kpisim.crm.layout import Spot
    from kpisim.crm.wizard.draft import Draft
    from kpisim.tables import Tables

LIKE = 0.75
"""Files that share this much of their columns are months of one table, whatever each looks like by itself."""
_WILD = re.compile(r"[*?\[]")
SELLING = ("orders", "opportunities")
"""Tables out of which reps are gathered before all others."""
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


def expand(paths: Sequence[Path]) -> list[Path]:
    """Return the files meant: those of a folder, those that a pattern fits, and files as they are.

    Raises
    ------
    UserError
        A folder or pattern without an export.
    """
    found: list[Path] = []
    for path in paths:
        made = [path]
        if path.is_dir():
            made = [file for file in path.iterdir() if is_export(file)]
        elif not path.exists() and _WILD.search(path.name):
            made = [file for file in path.parent.glob(path.name) if is_export(file)]
        if not made:
            raise UserError(
                "{path}: no export there; an export ends in {ends}", path=str(path), ends=", ".join(ENDS)
            )
        found += sorted(made, key=in_order)
    return list(dict.fromkeys(found))


def open_exports(paths: Sequence[Path], table: str | None = None, currency: str | None = None) -> list[Draft]:
    """Look at one or several exports and propose what their columns are; see :func:`open_export`.

    Files with the same columns, in whatever order, are months of one table and make one draft.  A file that is no table
    may be a list in which codes of the others stand.

    Parameters
    ----------
    paths
        Files, folders or patterns.
    table, currency
        As in :func:`open_export`; `table` goes with files of one table.

    Raises
    ------
    UserError
        A file that cannot be read, files of several folders, or files of one table with other columns.
    """
    files = expand(paths)
    for path in files:
        if path.resolve().parent != files[0].resolve().parent:
            raise UserError(
                "{path}: lies in another folder than {first}; put the files into one folder, they are read together",
                path=str(path),
                first=files[0].name,
            )
    spots = [spot for file in files for spot in spots_of(checked(file))]
    layouts, hollow = _layouts(spots)
    if table is not None and all(_shared(layouts[0], layout) >= LIKE for layout in layouts):
        layouts = [spots]
    if table is not None and len(layouts) > 1:
        raise UserError(
            "--table {name}: goes with one file, or several with the same columns; leave it out or import the files separately",
            name=table,
        )
    drafts, loose = [], []
    for layout in layouts:
        try:
            drafts.append(_opened(layout, table, currency, LEAST if len(layouts) > 1 else None))
        except UserError as problem:
            if table is not None or len(layouts) == 1:
                raise
            loose.append((layout, problem))
    drafts = _stacked(drafts, currency)
    _look_up(drafts, loose)
    others = {*hollow, *(spot for alike, _ in loose for spot in alike)}
    for draft in drafts[:1]:
        draft.others = tuple(spot for spot in spots if spot in others)
    return drafts


def _shared(one: Sequence[Spot], other: Sequence[Spot]) -> float:
    """Return the share of the columns of two layouts that both have."""
    mine, theirs = (_columns(spots[0]) for spots in (one, other))
    return len(mine & theirs) / len(mine | theirs)


def _columns(spot: Spot) -> frozenset[str]:
    return frozenset(plain(name) for name in raws_of([spot])[0].columns)


def _layouts(spots: Sequence[Spot]) -> tuple[list[list[Spot]], list[Spot]]:
    """Return the files and sheets by their columns, whose order and spelling do not count, and sheets without a table."""
    found: dict[frozenset[str], list[Spot]] = {}
    hollow = []
    for spot in spots:
        try:
            found.setdefault(_columns(spot), []).append(spot)
        except UserError:
            # A sheet of notes in a workbook stops nobody.
            if spot.sheet is None or len(spots) == 1:
                raise
            hollow.append(spot)
    if not found:
        _columns(spots[0])
    return list(found.values()), hollow


def _opened(
    spots: Sequence[Spot], table: str | None, currency: str | None, least: float | None = None
) -> Draft:
    signs = {spot.path.name: separator_at(spot) for spot in spots if spot.path.suffix.lower() != ".xlsx"}
    first = next(iter(signs), "")
    for name, sign in signs.items():
        if sign != signs[first]:
            raise UserError(
                "{path}: its cells are separated by {one}, those of {first} by {other}; save both alike",
                path=name,
                one=repr(sign),
                first=first,
                other=repr(signs[first]),
            )
    least = TABLE if least is None else least
    return draft_of(spots, raws_of(spots), separator_at(spots[0]), table, currency, least)


def _stacked(drafts: Sequence[Draft], currency: str | None) -> list[Draft]:
    """Put files of one table together although some have a column more or less.

    Raises
    ------
    UserError
        A file lacks a column without which its rows say nothing.
    """
    made: dict[str, list[Draft]] = {}
    for draft in sorted(drafts, key=lambda one: -len(one.spots)):
        # A short month may look like something else; its columns say what it is a month of.
        like = next(
            (others[0] for others in made.values() if _shared(draft.spots, others[0].spots) >= LIKE), draft
        )
        made.setdefault(like.table, []).append(draft)
    whole = []
    for table, several in made.items():
        if len(several) == 1:
            whole += several
            continue
        # The most files came first: what they call their columns counts.
        spots = sorted((spot for one in several for spot in one.spots), key=_in_order)
        for one in several[1:]:
            _refuse_other(several[0], one)
        whole.append(_opened(spots, table, currency))
    return whole


def _in_order(spot: Spot) -> tuple[Any, ...]:
    return (in_order(spot.path), *((in_order(Path(spot.sheet)),) if spot.sheet else ()))


def _refuse_other(usual: Draft, other: Draft) -> None:
    known = {plain(column.name) for column in other.columns} | {plain(SHEET)}
    needed = [name for role in usual.needed() for name in usual.by_role(role)]
    for name in [*needed, *filter(None, [usual.told_by()])]:
        if plain(name) not in known:
            mine = {plain(column.name) for column in usual.columns}
            free = [column.name for column in other.columns if plain(column.name) not in mine]
            near = nearest(name, free)
            raise UserError(
                "{path}: no column {column} as in {other}, and both are read as {table}; {remedy}",
                path=other.spots[0].name,
                column=name,
                other=usual.spots[0].name,
                table=table_title(usual.table),
                remedy=Text("did you mean {near}? rename it", None, near=near)
                if near
                else Text("files of one table need the same columns; otherwise import them separately"),
            )


def _look_up(drafts: Sequence[Draft], loose: Sequence[tuple[list[Spot], UserError]]) -> None:
    """Find columns whose codes another file names.

    Raises
    ------
    UserError
        A file that is no table, and no list of such codes either.
    """
    cells = [draft.cells() for draft in drafts]
    lists = [
        Listed(draft.spots[0], draft.separator, draft.columns, frame, draft)
        for draft, frame in zip(drafts, cells, strict=True)
        if draft.table in PARTIES and not draft.more
    ]
    for spots, problem in loose:
        if len(spots) > 1 and any(spot.sheet is None for spot in spots):
            raise problem
        raw = raws_of(spots[:1])[0]
        columns = tuple(look_at(str(name), raw[name]) for name in raw.columns)
        lists.append(Listed(spots[0], separator_at(spots[0]), columns, raw))
    for draft, frame in zip(drafts, cells, strict=True):
        others = [listed for listed in lists if listed.draft is not draft]
        for column in draft.columns:
            found = through(column, frame[column.name], others)
            if found is None:
                continue
            draft.through[column.name] = found
            other = found.listed.draft
            if other is not None and other.one(own := TABLES[other.table].key[0]) is None and draft.picks[column.name].role == own:  # fmt: skip
                # The list calls its codes by no name we know, but they are those of the other file.
                other.give(found.key, own)
    _owners(drafts, cells, lists)
    _say_keys(drafts)
    _refuse_strangers(drafts, loose)


def _say_keys(drafts: Sequence[Draft]) -> None:
    """Let a list say of columns without a role of their own what they are to another file: where its codes meet, or what they mean."""
    for draft in drafts:
        met = list(draft.through.items())
        if draft.owner is not None:
            met.append(draft.owner[:2])
        for name, one in met:
            listed = one.listed.draft
            if listed is None:
                continue
            said = {one.key: Text("{column} of {file} stands here", None, column=name, file=draft.name)}
            if one.proposal is not None and one.proposal != one.key:
                said[one.proposal] = Text(
                    "may be shown instead of {column} of {file}", None, column=name, file=draft.name
                )
            for column, reason in said.items():
                if listed.picks[column].role == NOT_USED:
                    listed.picks[column] = Pick(NOT_USED, 0.0, reason)


def _owners(drafts: Sequence[Draft], cells: Sequence[pd.DataFrame], lists: Sequence[Listed]) -> None:
    """Find the rep by way of the list of customers, where a file names customers and no rep."""
    for draft, frame in zip(drafts, cells, strict=True):
        customer = draft.one("account_id") if draft.table not in PARTIES else None
        if customer is not None and draft.one("rep_id") is None:
            known = owner(frame[customer], [listed for listed in lists if listed.draft is not draft])
            draft.owner = None if known is None else (customer, *known)


def _refuse_strangers(drafts: Sequence[Draft], loose: Sequence[tuple[list[Spot], UserError]]) -> None:
    """Refuse a file that is neither a table nor a list of codes; a sheet beside tables may be anything."""
    used = {one.listed.spot for draft in drafts for one in draft.through.values()}
    for spots, problem in loose:
        if spots[0] not in used and (not drafts or any(spot.sheet is None for spot in spots)):
            raise problem


def refuse_two(drafts: Sequence[Draft]) -> None:
    """Refuse two drafts whose rows are the same thing; files of one table with like columns are one draft already."""
    seen: dict[str, Draft] = {}
    for draft in drafts:
        other = seen.setdefault(draft.table, draft)
        if other is not draft:
            raise UserError(
                "{path} and {other}: both are read as {table}; give them the same columns, or import them separately",
                path=draft.name,
                other=other.name,
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
    # Who sells stands in orders and opportunities; whom complaints name may sell nothing.
    first = min(
        drafts,
        key=lambda draft: (
            SELLING.index(draft.table) if draft.table in SELLING else len(SELLING),
            draft.table in PARTIES,
        ),
    )
    whole = mapping_of(first)
    names = ", ".join(draft.name for draft in drafts)
    whole |= {
        "title_en": f"read like {names}",
        "title_zh": f"按{names}的映射读取",
    }
    tables: dict[str, Any] = {}
    for draft in [first, *(draft for draft in drafts if draft is not first)]:
        own = {other.table for other in drafts if other is not draft}
        for name, made in mapping_of(draft)["tables"].items():
            # A list of its own says more of reps and orders than what is gathered from another file.
            if name not in own and name not in tables:
                made = {**made, **where(draft)}  # noqa: PLW2901  (the same, with its file)
                if draft.separator != first.separator:
                    made["separator"] = draft.separator
                tables[name] = made
    lists = {name: one for draft in drafts for name, one in lookups_of(draft, first.separator).items()}
    whole.pop("lookups", None)
    zone = next((draft.zone for draft in drafts if draft.zone is not None and draft.zoned()), None)
    whole |= {} if zone is None else {"timezone": zone}
    return {
        **whole,
        "skip_strangers": False,
        "odd_cells": "leave out",
        **({"lookups": lists} if lists else {}),
        "tables": tables,
    }


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
    if len(drafts) == 1 and len(drafts[0].files) == 1:
        return load_export(drafts[0].path, parse(drafts[0]))
    name = drafts[0].path.stem
    mapping = Mapping.parse({"name": name, **joined_mapping(drafts)}, where=drafts[0].path.name)
    return load_export(drafts[0].path.parent, mapping)


def joins(drafts: Sequence[Draft]) -> list[Join]:
    """Return how the keys of the files meet: unmatched, nearly matched, unused and double ones."""
    lists = {draft.table: draft for draft in drafts}
    raw = {draft.table: draft.cells() for draft in drafts}
    found = []
    for draft in drafts:
        for role, table in TABLES[draft.table].refers:
            target = lists.get(table)
            here = draft.one(role) if role in roles(draft.table) else None
            there = None if target is None else target.key()
            form: Callable[[object], object] = str
            if target is not None and here is not None and draft.taken(here) is not None:
                # Codes are looked for among the codes, whatever is shown for them.
                there = draft.through[here].key
                form = str if draft.through[here].alike is None else code_form
            if target is not None and target is not draft and here is not None and there is not None:
                found.append(_join(draft, here, raw[draft.table], target, there, raw[table], form))
    return found


def _join(
    draft: Draft,
    here: str,
    rows: pd.DataFrame,
    target: Draft,
    there: str,
    known: pd.DataFrame,
    form: Callable[[object], object],
) -> Join:
    keys, listed = (
        texts(cells, strip=True).map(form, na_action="ignore") for cells in (rows[here], known[there])
    )
    told, names = keys[~missing(rows[here])], listed[~missing(known[there])]
    lost = told[~told.isin(names)]
    alike = {_loose(name) for name in names}
    # The lines of one order have its number each.
    again = names[names.duplicated()] if not target.read_as_lines() else names[:0]
    used = [name for name, pick in target.picks.items() if pick.role != NOT_USED]
    same = known.loc[names.index, used].duplicated()
    return Join(
        draft.name, here, target.name, len(rows), len(rows) - len(told), len(lost),
        sum(_loose(name) in alike for name in lost), len(set(names) - set(told)),
        len(again), int((~same[again.index]).sum()),
    )  # fmt: skip


def _loose(name: Any) -> str:
    return "".join(plain(str(name)).casefold().split())


def read_lines(tables: Tables) -> list[str]:
    """Return what was read, and what was left out of it."""
    rows = [
        t("{table}: {rows} rows", table=table_title(name), rows=f"{len(frame):,}")
        for name, frame in tables.frames.items()
        if len(frame)
    ]
    return [
        t("Read through it: {rows}. The files themselves are unchanged.", rows=t(", ").join(rows)),
        *(t("Note: {note}", note=note) for note in tables.meta.notes),
        "",
    ]


def lookup_lines(drafts: Sequence[Draft]) -> list[str]:
    """Return which codes are translated through which file, a line each, and what nothing is taken from."""
    lists = {
        draft.through[one.name].listed.spot
        for draft in drafts
        for one in draft.columns
        if draft.taken(one.name)
    }
    idle = [spot.name for draft in drafts for spot in draft.others if spot not in lists]
    return (
        [
            t(
                "{file}: {column} → {take} of {of} (by {key})",
                file=draft.name,
                column=column.name,
                take=take,
                of=draft.through[column.name].listed.spot.name,
                key=draft.through[column.name].key,
            )
            for draft in drafts
            for column in draft.columns
            if (take := draft.taken(column.name)) is not None
        ]
        + [
            t(
                "{file}: the rep is {take} of {of} (by {key})",
                file=draft.name,
                take=draft.owner[2],
                of=draft.owner[1].listed.spot.name,
                key=draft.owner[0],
            )
            for draft in drafts
            if draft.owned and draft.ownable() and draft.owner is not None
        ]
        + (
            [t("Nothing is taken from {files}: no table was recognised there.", files=t(", ").join(idle))]
            if idle
            else []
        )
    )


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
    "expand",
    "give",
    "heads",
    "join_lines",
    "joined_mapping",
    "joined_text",
    "joins",
    "load_joined",
    "lookup_lines",
    "open_exports",
    "read_lines",
    "refuse_two",
]
