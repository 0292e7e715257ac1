"""Codes of one file that another file names: which column holds them there, and what may be taken instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kpisim.crm.wizard.columns import masked
from kpisim.crm.wizard.words import book, likeness
from kpisim.tables.parse import code_form, texts
from kpisim.tables.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from kpisim.crm.layout import Spot
    from kpisim.crm.wizard.columns import Seen
    from kpisim.crm.wizard.draft import Draft

COVERED, APART, NEARLY = 0.5, 0.9, 0.95
"""Share of the codes that a list must know to be proposed, share of its keys that must differ, and share of the codes
that must meet where they are spelt otherwise: 17 of 100 may be the 0017 of the list by chance, 95 of 100 are not."""
NAMED = 0.75
_CODED = {"id", "word", "text", "amount", "yes/no"}
_NAMING = {"id", "word", "text"}


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that may hold the names of codes.

    Attributes
    ----------
    spot, separator
        The file or sheet, and what separates its cells.
    columns, cells
        What its columns look like, and the cells.
    draft
        Its draft where it is read as a table of its own, else None.
    """

    spot: Spot
    separator: str
    columns: tuple[Seen, ...]
    cells: pd.DataFrame
    draft: Draft | None = None


@dataclass(frozen=True, slots=True)
class Through:
    """A proposal to translate the codes of a column.

    Attributes
    ----------
    listed, key
        The list, and its column with the codes.
    share
        Share of the different codes that it knows.
    alike
        A code and how the list writes it, where they meet only if zeros before codes, capitals and blanks do not count.
    takes
        Columns that may be taken instead, with samples as they may be shown.
    unique
        Those of them that can stand for a rep or customer: no value twice, and called like a name in a list of them.
    proposal
        The column to take; None where none is called like a name.
    """

    listed: Listed
    key: str
    share: float
    takes: tuple[tuple[str, str], ...]
    unique: frozenset[str]
    proposal: str | None
    alike: tuple[str, str] | None = None

    def offered(self, table: str, role: str) -> tuple[tuple[str, str], ...]:
        """Return what may be taken for `role` of `table`."""
        column = next((one for one in TABLES[table].columns if one.name == role), None)
        if column is None or column.kind not in {"id", "text", "category"}:
            return ()
        # The list of reps names reps; it says nothing of customers whose numbers happen to be the same.
        own = None if self.listed.draft is None else TABLES[self.listed.draft.table].key[0]
        if own is not None and own != role:
            return ()
        return tuple(take for take in self.takes if column.kind != "id" or take[0] in self.unique)


def through(column: Seen, cells: pd.Series[Any], lists: Sequence[Listed]) -> Through | None:
    """Return the list that knows most of a column's codes, None where none knows half of them.

    Parameters
    ----------
    column, cells
        The column with codes.
    lists
        The other files.
    """
    if column.look not in _CODED:
        return None
    codes = set(texts(cells, strip=True).dropna())
    found = [
        made for listed in lists for key in listed.columns if (made := _one(codes, listed, key)) is not None
    ]
    return max(found, key=lambda one: one.share, default=None)


def _one(codes: set[Any], listed: Listed, key: Seen) -> Through | None:
    if not codes or key.look not in _CODED or key.different < APART or _called(key):
        return None
    keys = set(texts(listed.cells[key.name], strip=True).dropna())
    share = len(codes & keys) / len(codes)
    alike = _alike(codes, keys) if share < NEARLY else None
    if alike is not None:
        share, met = alike
    others = [one for one in listed.columns if one.name != key.name and one.look in _NAMING]
    if share < COVERED or not (others or alike):
        return None
    names = sorted((one for one in others if _called(one) and one.unique), key=lambda one: -_called(one))
    own = None if listed.draft is None else listed.draft.one(TABLES[listed.draft.table].key[0])
    if not names and own not in {None, key.name}:
        names = [one for one in others if one.name == own and one.unique]
    if not names and listed.draft is None and len(others) == 1:
        names = others
    takes = tuple(
        (one.name, " · ".join(masked(text, hide=one.personal) for text in one.samples)) for one in others
    )
    # Three teams of three reps are unique too: in a list of people only what is called like a name stands for them.
    people = names if listed.draft is not None else names or others
    unique = frozenset(one.name for one in people if one.unique)
    proposal = names[0].name if names else None
    if alike is None:
        return Through(listed, key.name, share, takes, unique, proposal)
    # The code as the list writes it can be taken too.
    written = (key.name, f"{met[0]} → {met[1]}")
    return Through(listed, key.name, share, (written, *takes), unique | {key.name}, proposal or key.name, met)


def owner(cells: pd.Series[Any], lists: Sequence[Listed]) -> tuple[Through, str] | None:
    """Return the list of customers that knows most of the customers in `cells`, and its column of reps.

    Parameters
    ----------
    cells
        The customers of a file that names no rep.
    lists
        The other files.
    """
    found = []
    codes = set(texts(cells, strip=True).dropna())
    for listed in lists:
        rep = None if listed.draft is None or listed.draft.table != "accounts" else listed.draft.one("rep_id")
        if rep is None or not codes or listed.draft is None or listed.draft.taken(rep) is not None:
            continue
        for key in listed.columns:
            if not key.unique or key.name == rep:
                continue
            keys = set(texts(listed.cells[key.name], strip=True).dropna())
            share, alike = len(codes & keys) / len(codes), None
            if share < NEARLY and (spelt := _alike(codes, keys)) is not None:
                share, alike = spelt
            if share >= COVERED:
                found.append((Through(listed, key.name, share, (), frozenset(), rep, alike), rep))
    return max(found, key=lambda one: one[0].share, default=None)


def _alike(codes: set[Any], keys: set[Any]) -> tuple[float, tuple[str, str]] | None:
    """Return the share of the codes that meet if their spelling does not count, and an example.

    None where too few meet, or two codes of one file would fall together.
    """
    mine, theirs = ({code_form(one): str(one) for one in some} for some in (codes, keys))
    share = len(mine.keys() & theirs.keys()) / len(codes)
    if share < NEARLY or len(mine) < len(codes) or len(theirs) < len(keys):
        return None
    changed = sorted(form for form in mine.keys() & theirs.keys() if mine[form] != theirs[form])
    return (share, (mine[changed[0]], theirs[changed[0]])) if changed else None


def _called(column: Seen) -> float:
    """Return how far a column is called like a name, 0 where it is not."""
    best = max(likeness(column.name, str(known)) for known in book()["names"])
    return best if best >= NAMED else 0.0


__all__ = ["Listed", "Through", "owner", "through"]
