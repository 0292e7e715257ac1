"""Whether several rows of one number are one order: its products a row each, or the order written several times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from kpisim.crm.wizard.cells import below, raws_of
from kpisim.crm.wizard.columns import masked
from kpisim.crm.wizard.question import Question
from kpisim.tables.parse import texts
from kpisim.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from pandas.api.typing import DataFrameGroupBy

    from kpisim.crm.wizard.cells import At


ALIKE = 0.95
"""Share of the numbers whose rows must say the same; one order of twenty may be booked on two days."""
ENOUGH = 5
"""Numbers with the same amount in each of their rows from which on that is no chance."""


@dataclass(frozen=True, slots=True)
class Lined:
    """What speaks for rows that are parts of an order.

    Attributes
    ----------
    whole
        Whether the rows of one number have the same customer, or, where none is named, the same date.
    proposal
        ``add``, ``first`` or ``each``.
    again
        How many numbers stand in several rows.
    example
        One of them, as it may be shown.
    below
        How many rows have no number and stand below one that has, with an amount and nothing that would make them an
        order: a cell merged over the rows of an order.
    fill
        Columns that are empty in all those rows.
    same
        Whether the rows of each number have the same amount.
    """

    whole: bool
    proposal: Literal["add", "first", "each"]
    again: int
    example: str
    below: int
    fill: tuple[str, ...]
    same: bool = False


def lined_by(
    cells: pd.DataFrame,
    key: str,
    account: str | None,
    begin: str | None,
    value: str | None,
    used: Sequence[str],
) -> Lined:
    """Return what speaks for rows that are lines of an order.

    Parameters
    ----------
    cells
        The export as it stands.
    key
        Column of the number.
    account, begin, value
        Columns of the customer, the first date and the amount, where they are known.
    used
        All columns that mean something.
    """
    needed = dict.fromkeys([key, *(name for name in (account, begin, value) if name is not None), *used])
    words = cells[[*needed]].apply(texts, strip=True)
    gone = words[key].isna()
    fill: tuple[str, ...] = ()
    if gone.any():
        told = [name for name in (account, begin) if name is not None]
        bare = bool(told) and not gone.iloc[0] and bool(words.loc[gone, told].isna().to_numpy().all())
        paid = value is not None and bool(words.loc[gone, value].notna().all())
        if not (bare and paid):
            return Lined(whole=False, proposal="each", again=0, example="", below=0, fill=())
        fill = tuple(name for name in used if name != value and bool(words.loc[gone, name].isna().all()))
        words = words.assign(**{name: words[name].ffill() for name in fill})
    several = words[words.duplicated(key, keep=False)]
    groups = several.groupby(key, sort=False)
    customers = None if account is None else _alike(groups, account)
    dates = None if begin is None else _alike(groups, begin)
    whole = (customers if customers is not None else dates or 0.0) >= ALIKE
    proposal: Literal["add", "first", "each"] = "add"
    same = value is not None and _alike(groups, value) == 1.0
    if not whole or (dates is not None and dates < ALIKE):
        proposal = "each"
    elif same and groups.ngroups >= ENOUGH:
        proposal = "first"
    example = masked(str(several[key].iloc[0])) if len(several) else ""
    return Lined(whole, proposal, groups.ngroups, example, int(gone.sum()) if fill else 0, fill, same)


@lru_cache(maxsize=64)
def lined(
    at: At,
    key: str,
    account: str | None,
    begin: str | None,
    value: str | None,
    used: tuple[str, ...],
) -> Lined:
    """Return what speaks for rows that are lines; asked for again and again while the questions are answered."""
    spots, _ = at
    cells = below(raws_of(spots))
    # A row that stands in two files is no second line.
    return lined_by(cells.drop_duplicates() if len(spots) > 1 else cells, key, account, begin, value, used)


def lines_question(name: str, rows: Lined) -> Question:
    """Return what to ask of the column `name` whose numbers stand in several rows."""
    text = (
        Text(
            "Column {name}: rows without a number, below one that has it: {rows}. What are they?",
            None, name=name, rows=rows.below,
        )
        if rows.below
        else _again(name, rows)
    )  # fmt: skip
    choices = (
        ("add", Text("a product or part of one order or deal: add up their amounts")),
        ("first", Text("the whole order or deal once more: count its amount once")),
        ("each", Text("an order or deal of its own: the number does not count")),
    )
    return Question("lines", name, text, choices, rows.proposal)


def payments_question(name: str, rows: Lined, *, received: bool) -> Question:
    """Return what to ask of a list of bills whose column `name` has numbers in several rows.

    Parameters
    ----------
    name, rows
        The column, and what speaks for rows that belong together.
    received
        Whether a column says what came in, beside the one of what is due.
    """
    choices = (
        ("each", Text("an instalment or a payment of its own: its amount counts on its own dates")),
        (
            "first",
            Text(
                "a payment on a bill whose full amount stands in each row: count that once, add up what was received"
            ),
        ),
    )
    proposal = "first" if received and rows.same else "each"
    return Question("lines", name, _again(name, rows), choices, proposal)


def _again(name: str, rows: Lined) -> Text:
    return Text(
        "Column {name}: numbers that stand in several rows: {count}, e.g. {value}. What is such a row?",
        None, name=name, count=rows.again, value=rows.example,
    )  # fmt: skip


def _alike(groups: DataFrameGroupBy[Any, Any], name: str) -> float:
    """Return the share of the numbers whose rows say the same in a column."""
    return float(groups[name].nunique().le(1).mean())


__all__ = ["Lined", "lined", "lined_by", "lines_question", "payments_question"]
