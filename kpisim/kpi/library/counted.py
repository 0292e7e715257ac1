"""From a definition in YAML to a function on tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kpisim.kpi.facts import NEVER, Found, Part, found
from kpisim.kpi.library.definition import EMPTY, FILLED, Between, Definition, Term
from kpisim.kpi.window import DAY
from kpisim.tables.schema import TABLES

if TYPE_CHECKING:
    from kpisim.kpi.facts import Facts, Floats, Mask
    from kpisim.kpi.registry import Finder
    from kpisim.kpi.window import Window


def finder(definition: Definition) -> Finder:
    """Return the function that counts what `definition` says."""
    if definition.kind == "qualitative":
        return _rubric(definition.name)
    above, below = definition.numerator, definition.denominator
    assert above is not None, "declared, see Definition"

    def find(facts: Facts, window: Window) -> Found:
        if _never_asked(below or above, facts):
            return Found(reason="no_data")
        rows = chosen(above, facts, window)
        if definition.counted == "rate":
            assert below is not None, "declared, see Definition"
            base = chosen(below, facts, window)
            picked = np.flatnonzero(base)
            return found(Part(above.table, picked, rows[picked].astype(float), np.ones(len(picked))))
        places = np.flatnonzero(rows)
        top = Part(above.table, places, added(above, facts)[places], np.zeros(len(places)))
        if definition.counted == "mean":
            return found(Part(above.table, places, top.numerator, np.ones(len(places))))
        if below is None:
            return found(top)
        under = np.flatnonzero(chosen(below, facts, window))
        return found(top, Part(below.table, under, np.zeros(len(under)), added(below, facts)[under]))

    return find


def _never_asked(term: Term, facts: Facts) -> bool:
    """Whether a term counts answers to a question that nobody was ever asked; customers answer others than the team."""
    asked = term.where.get("question") if term.table == "surveys" else None
    return asked is not None and not _holds(facts, "surveys", "question", asked).any()


def chosen(term: Term, facts: Facts, window: Window) -> Mask:
    """Return which rows of its table a term counts in `window`."""
    mask = facts.within(term.table, term.when, window)
    for column, wanted in term.where.items():
        mask &= _holds(facts, term.table, column, wanted)
    # What cannot be added or subtracted is left out, not taken for 0.
    mask &= ~np.isnan(added(term, facts))
    return mask


def added(term: Term, facts: Facts) -> Floats:
    """Return what each row of the table adds: 1, a number, or days between two times."""
    if term.days is not None:
        first, last = (facts.time(term.table, name) for name in term.days)
        known = (first != NEVER) & (last != NEVER)
        gap: Floats = np.where(known, np.where(known, last - first, 0) / DAY, np.nan)
        return gap
    if term.add is not None:
        return facts.number(term.table, term.add)
    return np.ones(len(facts.time(term.table, term.when)))


def _holds(facts: Facts, table: str, column: str, wanted: object) -> Mask:
    kind = TABLES[table].column(column).kind
    mask: Mask
    if wanted in (EMPTY, FILLED):
        if kind == "time":
            mask = facts.time(table, column) == NEVER
        elif kind in {"id", "text", "category"}:
            mask = facts.codes(table, column) < 0
        else:
            mask = np.isnan(facts.number(table, column))
        return mask if wanted == EMPTY else ~mask
    if isinstance(wanted, Between):
        number = facts.number(table, column)
        mask = ~np.isnan(number)
        if wanted.min is not None:
            mask &= number >= wanted.min
        if wanted.max is not None:
            mask &= number <= wanted.max
        return mask
    words = wanted if isinstance(wanted, tuple) else (wanted,)
    if kind in {"id", "text", "category"}:
        return facts.same(table, column, *(str(word) for word in words))
    mask = np.isin(facts.number(table, column), [float(word) for word in words])
    return mask


def _rubric(name: str) -> Finder:
    """Return the mean of the rubric scores, which are answers to the question of that name."""

    def find(facts: Facts, window: Window) -> Found:
        score = facts.number("surveys", "score")
        mask = (
            facts.within("surveys", "answered", window)
            & facts.same("surveys", "question", name)
            & ~np.isnan(score)
        )
        if not facts.same("surveys", "question", name).any():
            return Found(reason="no_data")
        rows = np.flatnonzero(mask)
        return found(Part("surveys", rows, score[rows], np.ones(len(rows))))

    return find


__all__ = ["added", "chosen", "finder"]
