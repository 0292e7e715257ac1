"""Which role each column of an export may have in a table, and why: by its name first, by its cells where that is silent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpisim.crm.layout import SHEET, doubled
from kpisim.crm.lines import BEGINS
from kpisim.crm.periods import finest, named, of_cell
from kpisim.crm.wizard.columns import LOOKS
from kpisim.crm.wizard.words import NOT_USED, by_list, by_name, exactness, kind, roles
from kpisim.tables.schema import TABLES
from kpisim.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kpisim.crm.wizard.columns import Seen

NAMED, SURE = 0.5, 0.75
"""From here on a name counts, and from here on nobody need be asked."""
MANY = {"stage_on", "won_on", "lost_on", "of_period"}
"""Roles that several columns may have."""
FIRST_TIME = {
    "stage_changes": "entered",
    "opportunities": "created",
    "orders": "booked",
    "collections": "due",
    "requests": "submitted",
    "complaints": "opened",
    "surveys": "answered",
    "tasks": "created",
}
"""The date without which a row of the table says nothing."""
PARTIES = {"reps", "accounts"}
"""Lists of people and customers: their key comes from the file and is never made up, and doubles in it are told."""
MONEY = (("opportunities", "value"), ("orders", "value"), ("collections", "amount"))
_FITS = {
    "time": {"date"},
    "money": {"amount", "id"},
    "number": {"amount", "id"},
    "hours": {"amount", "id"},
    "share": {"amount", "id"},
    "count": {"amount", "id"},
    "flag": {"yes/no"},
    "id": {"id", "text", "word", "amount", "yes/no"},
    "text": {"text", "word", "id", "yes/no"},
    "category": {"text", "word", "outcome", "id", "yes/no"},
}
_BY_LOOK = 0.3
_BY_OUTCOME = 0.6
_DOUBTFUL = 0.7
_LESS = 0.01
_PERIOD = re.compile(r"\d|月|季|sheet|表", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pick:
    """What a column is taken for.

    Attributes
    ----------
    role
        A role of the table, or `NOT_USED`.
    score
        1 for the very name, less for a name that is like it, little where only the cells speak.
    reason
        In the reader's language when shown.
    """

    role: str
    score: float
    reason: Text

    @property
    def sure(self) -> bool:
        """Whether nobody need be asked; a column that nothing speaks for is left out without a question."""
        return self.role == NOT_USED or self.score >= SURE


def guess(table: str, columns: Sequence[Seen], *, lines: bool = False) -> dict[str, Pick]:
    """Return a pick for each column, the best ones first served.

    Parameters
    ----------
    table
        What the rows are.
    columns
        What the columns look like.
    lines
        Whether a number that comes again, or stands in the first of several rows only, may be that of an order of
        several rows.
    """
    twice = doubled([column.name for column in columns])
    rated = [
        (pick.score, -exactness(table, role, column.name), -place, role, column, pick)
        for place, column in enumerate(columns)
        for role in roles(table)
        if (pick := _pick(table, role, column, doubtful=column.name in twice, lines=lines)) is not None
    ]
    # The cells speak only for columns and roles that no name spoke for.
    rated.sort(key=lambda one: (-one[0], -one[1], -one[2]))
    taken: dict[str, Pick] = {}
    used: set[str] = set()
    for *_, role, column, pick in rated:
        if column.name not in taken and (role not in used or role in MANY):
            taken[column.name] = pick
            used.add(role)
    _sums_of_periods(taken)
    by_role = {pick.role: name for name, pick in taken.items()}
    if (signed := by_role.get("won_value")) is not None and "value" not in by_role:
        # The only amount there is stands for deals of every state.
        taken[signed] = Pick("value", taken[signed].score, taken[signed].reason)
    elif (
        signed is not None
        and len({column.factor for column in columns if column.name in {signed, by_role["value"]}}) > 1
    ):
        taken[signed] = Pick(
            NOT_USED, 0.0, Text("in another unit than {column}", None, column=by_role["value"])
        )
    filled = {column.name for column in columns if column.filled == 1}
    if table == "orders" and "booked" not in by_role:
        # A list of invoices or deliveries has no other day on which it was sold.
        days = [name for role in ("invoiced", "delivered") if (name := by_role.get(role)) in filled]
        if len(days) == 1:
            why = Text("the only date of each row")
            taken[days[0]] = Pick("booked", taken[days[0]].score, why)
    if table == "collections":
        _only_receipts(taken, columns)
        _leave_out_due(taken, {column.name: column for column in columns})
    return {column.name: taken.get(column.name) or _left_out(table, column, by_role) for column in columns}


def looks_of(table: str, role: str) -> set[str]:
    """Return what the cells of a role may look like."""
    return _FITS[kind(table, role)]


def _sums_of_periods(taken: dict[str, Pick]) -> None:
    """Leave out columns of longer periods beside those of the shorter ones that they are the sums of."""
    periods = {
        name: period for name, pick in taken.items() if pick.role == "of_period" and (period := named(name))
    }
    kind = finest(periods)
    for name, period in periods.items():
        if period.kind != kind:
            taken[name] = Pick(NOT_USED, 0.0, Text("the sum of shorter periods that are here too"))


def _only_receipts(taken: dict[str, Pick], columns: Sequence[Seen]) -> None:
    """Read a list of what came in, which names no order, by its amount and its only date, whatever that is called."""
    by_role = {pick.role: name for name, pick in taken.items() if pick.score >= NAMED}
    amount = by_role.get("received") or by_role.get("amount")
    if amount is None or not by_list("receipts", amount) or {"order_id", "due", "paid"} & set(by_role):
        return
    days = [column.name for column in columns if column.look == "date" and column.filled == 1]
    if len(days) == 1:
        taken[amount] = Pick("amount", taken[amount].score, taken[amount].reason)
        taken[days[0]] = Pick("paid", SURE, Text("the only date of each row"))
        for name in [name for name, pick in taken.items() if pick.role == "order_id"]:
            # The number of a receipt is that of no order.
            del taken[name]


def _leave_out_due(taken: dict[str, Pick], columns: Mapping[str, Seen]) -> None:
    """Leave the due date out of a list of what came in: all of it is paid, and by it everything would be collected."""
    by_role = {pick.role: name for name, pick in taken.items()}
    due, paid, amount = (by_role.get(role) for role in ("due", "paid", "amount"))
    if due and paid and amount and columns[paid].filled == 1 and by_list("receipts", amount):
        why = Text(
            "each row is money that came in; what is still owed is not here, so there is no collection rate"
        )
        taken[due] = Pick(NOT_USED, 0.0, why)


def _left_out(table: str, column: Seen, taken: Mapping[str, str]) -> Pick:
    if column.look == "empty":
        return Pick(NOT_USED, 0.0, Text("the column is empty"))
    if column.personal:
        return Pick(NOT_USED, 0.0, Text("personal data: not needed and not taken"))
    if table not in {*PARTIES, "targets"} and not column.unique:
        score, word = max(by_name(table, role, column.name) for role in TABLES[table].key)
        if score >= NAMED:
            # A file of order lines: whoever reads "speaks for nothing" would not know that lines are counted.
            repeats = Text(
                "called like {word}, but stands in several rows: each row is counted for itself",
                None,
                word=word,
            )
            return Pick(NOT_USED, 0.0, repeats)
    (score, word), role = max((by_name(table, role, column.name), role) for role in roles(table))
    if score >= SURE and role in taken and column.look in looks_of(table, role):
        other = Text("called like {word}, which is read from {column}", None, word=word, column=taken[role])
        return Pick(NOT_USED, 0.0, other)
    return Pick(NOT_USED, 0.0, Text("neither name nor cells speak for anything"))


def _called(table: str, role: str, column: Seen, word: str) -> Text:
    """Return the reason of a column that is called like `word`."""
    if column.nearly is not None and column.look not in looks_of(table, role):
        return Text(
            "called like {word}; cells: {look}, but not “{cell}” and others"
            if len(column.odd) > 1
            else "called like {word}; cells: {look}, but not “{cell}”",
            None,
            word=word,
            look=LOOKS[column.nearly],
            cell=column.odd[0],
        )
    if kind(table, role) == "money" and column.factor != 1:
        return Text(
            "called like {word}; its numbers are multiplied by {factor}",
            None,
            word=word,
            factor=f"{column.factor:,}",
        )
    if (table, role) in MONEY and by_list("gross", column.name):
        return Text(
            "called like {word}: with tax, while figures are meant without; take another column if there is one",
            None,
            word=word,
        )
    return Text("called like {word}; cells: {look}", None, word=word, look=LOOKS[column.look])


def _called_a_period(factor: int) -> Text:
    if factor == 1:
        return Text("called like a period")
    return Text("called like a period; its numbers are multiplied by {factor}", None, factor=f"{factor:,}")


def _pick(  # noqa: PLR0911  (grounds, tried from the strongest to the weakest)
    table: str, role: str, column: Seen, *, doubtful: bool, lines: bool
) -> Pick | None:
    key = TABLES[table].key == (role,)
    score, word = by_name(table, role, column.name)
    if doubtful:
        # Which of two columns of one name is meant is for a person to say.
        score = min(score, _DOUBTFUL)
    own = column.unique and column.filled == 1
    if key and table in BEGINS and lines and score >= NAMED and not own:
        # A number of its own in each row comes before one that is called as well and comes again.
        score, own = score - _LESS, True
    if column.name == SHEET and role == "rep_id" and not any(_PERIOD.search(word) for word in column.words):
        return Pick(role, _BY_LOOK, Text("perhaps a sheet for each rep"))
    if role == "period":
        said = column.look == "date" or (bool(column.words) and all(map(of_cell, column.words)))
        return Pick(role, score, _called(table, role, column, word)) if said and score >= NAMED else None
    fits = looks_of(table, role)
    odd = column.look not in fits
    if (
        # Only a name makes up for an odd cell.
        (odd and (column.nearly not in fits or score < NAMED))
        or (key and table not in PARTIES and not own)
        or (column.personal and score < 1 and not (key and table in PARTIES))
    ):
        return None
    if role == "of_period":
        period = None if column.look == "date" else named(column.name)
        return None if period is None else Pick(role, 1.0, _called_a_period(column.factor))
    if score >= NAMED:
        return Pick(role, score, _called(table, role, column, word))
    look = LOOKS[column.look]
    if role == "status" and column.look == "outcome":
        return Pick(role, _BY_OUTCOME, Text("by its cells only: {look}", None, look=look))
    by_look = (
        (key and column.look == "id" and table not in PARTIES)
        or (role == FIRST_TIME.get(table) and column.filled == 1)
        or ((table, role) in MONEY and column.look == "amount" and not column.unique)
        or (role == "stage_on" and not by_list("other_dates", column.name))
    )
    if not by_look:
        return None
    less = 0.1 if role == "stage_on" else 0.0
    return Pick(role, _BY_LOOK - less, Text("by its cells only: {look}", None, look=look))


__all__ = ["FIRST_TIME", "MANY", "PARTIES", "Pick", "guess", "looks_of"]
