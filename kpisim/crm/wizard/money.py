"""What the amounts of an export are: in which currency, and whether those of returns have their minus."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from kpisim.crm.wizard.cells import at, below, raws_of
from kpisim.crm.wizard.guess import MONEY
from kpisim.crm.wizard.question import Question
from kpisim.crm.wizard.words import NOT_USED, by_list, currency_of, outcome
from kpisim.tables.parse import numbers, texts
from kpisim.text import Text, t

if TYPE_CHECKING:
    from kpisim.crm.wizard.cells import At
    from kpisim.crm.wizard.draft import Draft


def currencies(draft: Draft) -> tuple[str, dict[str, str]]:
    """Return the column that names the currency of each row, and the code of each of its words; empty without one."""
    for column in draft.columns if _paid(draft) else ():
        codes = {word: code for word in column.words if (code := currency_of(word)) is not None}
        if codes and len(codes) == len(column.words):
            return column.name, codes
    return "", {}


def currency(draft: Draft) -> str:
    """Return the currency of the amounts that count."""
    return draft.currency if draft.counted in {None, NOT_USED} else str(draft.counted)


def left_out(draft: Draft) -> dict[str, list[str]]:
    """Return the column of the currency and the words whose rows are left out, since other money cannot be added."""
    name, codes = currencies(draft)
    words = [word for word, code in codes.items() if draft.counted not in {None, NOT_USED, code}]
    return {name: words} if words else {}


def currency_question(draft: Draft) -> list[Question]:
    """Return which rows count where the amounts are in several currencies; nothing where they are in one."""
    name, codes = currencies(draft)
    if draft.counted is not None or len(set(codes.values())) < 2:
        return []
    rows: dict[str, int] = {}
    for word, (count, _) in _tally(at(draft.spots), name, None, ".").items():
        rows[codes[word]] = rows.get(codes[word], 0) + count
    ranked = sorted(rows, key=lambda code: -rows[code])
    text = Text(
        "Column {name}: the amounts are in several currencies ({codes}) and cannot be added up. Which rows count?",
        None,
        name=name,
        codes=t(", ").join(f"{code}: {rows[code]}" for code in ranked),
    )
    choices = (
        *((code, Text("only those in {code}", None, code=code)) for code in ranked),
        (NOT_USED, Text("all: the amounts are converted already")),
    )
    return [
        Question("currency", name, text, choices, draft.currency if draft.currency in rows else ranked[0])
    ]


def returned(draft: Draft) -> tuple[str, list[str]]:
    """Return the column that says what kind of document a row is, and its words for returns; empty without such."""
    for column in draft.columns if draft.table == "orders" else ():
        words = [word for word in column.words if outcome(word, "returned") is not None]
        if words and len(words) < len(column.words) and by_list("document", column.name):
            return column.name, words
    return "", []


def returns_question(draft: Draft) -> list[Question]:
    """Return whether returns are to be subtracted; nothing where there are none, or they have their minus."""
    name, words = returned(draft)
    value = _paid(draft)
    if draft.returns is not None or not name or value is None:
        return []
    found = _tally(at(draft.spots), name, value, draft.decimal(value))
    without_minus = sum(found[word][1] for word in words)
    if not without_minus:
        return []
    text = Text(
        "Column {name}: rows of returns ({words}) whose amounts have no minus: {rows}. Subtract them?",
        None,
        name=name,
        rows=without_minus,
        words=t(", ").join(words),
    )
    choices = (("yes", Text("yes")), ("no", Text("no: their amounts count like the others")))
    return [Question("returns", name, text, choices, "yes")]


def _paid(draft: Draft) -> str | None:
    """Return the column of the amounts."""
    role = next((role for table, role in MONEY if table == draft.table), None)
    return None if role is None else draft.one(role)


@lru_cache(maxsize=64)
def _tally(at: At, name: str, value: str | None, decimal: str) -> dict[str, tuple[int, int]]:
    """Return how many rows have each word of a column, and in how many of them the amount is above 0."""
    cells = below(raws_of(at[0]))
    words = texts(cells[name], strip=True)
    above = numbers(cells[value], decimal)[0].gt(0) if value is not None else words.notna()
    return {str(word): (len(rows), int(above[rows.index].sum())) for word, rows in words.groupby(words)}


__all__ = ["currencies", "currency", "currency_question", "left_out", "returned", "returns_question"]
