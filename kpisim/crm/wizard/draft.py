"""A mapping in the making: what is proposed, what is still open, and the mapping that comes of the answers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpisim.crm.layout import Spot, checked, spots_of
from kpisim.crm.lines import BEGINS
from kpisim.crm.wizard.aims import aims_questions
from kpisim.crm.wizard.cells import at, below, factor_of, raws_of, separator_at
from kpisim.crm.wizard.columns import day_first, look_at, masked
from kpisim.crm.wizard.guess import MANY, MONEY, NAMED, PARTIES, Pick, guess, looks_of
from kpisim.crm.wizard.lined import Lined, lined, lines_question, payments_question
from kpisim.crm.wizard.money import currencies, currency_question, returned, returns_question
from kpisim.crm.wizard.question import Question, choice
from kpisim.crm.wizard.words import (
    NOT_USED,
    book,
    by_list,
    by_name,
    currency_of,
    kind,
    likely_outcome,
    outcome,
    roles,
    title,
)
from kpisim.tables.parse import DAY_NUMBER
from kpisim.tables.schema import TABLES
from kpisim.text import Text, UserError, did_you_mean
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from kpisim.crm.wizard.columns import Seen
    from kpisim.crm.wizard.question import Asked
    from kpisim.crm.wizard.through import Through

_CURRENCY = re.compile("[A-Za-z]{3}")
LEAST = 1.5
"""Two columns must be called like those of a table before the file is taken for it."""
CLOSE = 0.5
"""Tables whose scores lie nearer than this are asked for."""
_AMOUNTS = dict(MONEY)
STATUSES = ("open", "won", "lost")


class NoDatesError(UserError):
    """A column whose cells are no dates was given a meaning that needs them."""


class NoTableError(UserError):
    """The names of the columns do not tell what a row is."""


@dataclass
class Draft:
    """A mapping in the making.

    Attributes
    ----------
    path
        The export, or the first of several files of one table; it is only ever read.
    separator
        Between the cells of a CSV file.
    columns
        What each column looks like.
    table
        What the rows are.
    picks
        Column -> what it is taken for.
    words
        Word of the status column -> open, won or lost.
    formats
        Column -> date format, where one is needed.
    decimals
        Column -> decimal sign, where both read every cell.
    states
        Word of the state of an order -> whether such orders are left out.
    zone
        Time zone of the firm, where times carry one.
    won_is_order
        Whether a won opportunity counts as an order; None while that is open.
    currency
        Of all money.
    spots
        The files or sheets of the table, later ones last.
    others
        Files and sheets beside it in which no table was recognised; some may be lists that codes are looked up in.
    through
        Column -> list that knows its codes.
    takes
        Column -> what to take from that list instead, `NOT_USED` to leave the codes as they are.
    owner
        Column of the customer, the list of customers, and its column that says whose each is; None without such a list.
    owned
        Whether the rep is taken from there; None while that is open.
    said
        Questions that were answered, or whose proposal was taken, with the answer; what a column or a row is stands in
        `picks` and `table`.
    """

    path: Path
    separator: str
    columns: tuple[Seen, ...]
    table: str
    currency: str
    settled: set[tuple[str, str]] = field(default_factory=set)
    picks: dict[str, Pick] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    decimals: dict[str, str] = field(default_factory=dict)
    states: dict[str, bool] = field(default_factory=dict)
    zone: str | None = None
    won_is_order: bool | None = None
    spots: tuple[Spot, ...] = ()
    others: tuple[Spot, ...] = ()
    through: dict[str, Through] = field(default_factory=dict)
    takes: dict[str, str] = field(default_factory=dict)
    owner: tuple[str, Through, str] | None = None
    owned: bool | None = None
    said: dict[tuple[str, str], tuple[Question, str]] = field(default_factory=dict)

    @property
    def files(self) -> tuple[Path, ...]:
        """All files of the table."""
        return tuple(dict.fromkeys(spot.path for spot in self.spots))

    @property
    def more(self) -> bool:
        """Whether the table stands in several files or sheets."""
        return len(self.spots) > 1

    @property
    def name(self) -> str:
        """The name of the file, or of the first and last of several."""
        first = self.spots[0].name
        return f"{first} … {self.spots[-1].name} ({len(self.spots)})" if self.more else first

    def cells(self) -> pd.DataFrame:
        """Return the cells of all files as they stand, one file below the other."""
        return below(raws_of(self.spots))

    def taken(self, name: str) -> str | None:
        """Return the column of a look-up list that is taken for the codes of a column, None where they stay."""
        take = self.takes.get(name, NOT_USED)
        offered = {one for one, _ in self._offered(name)}
        return take if take in offered else None

    def _offered(self, name: str) -> tuple[tuple[str, str], ...]:
        listed, pick = self.through.get(name), self.picks[name]
        # What the words of a status column mean is asked word by word.
        if listed is None or pick.role == NOT_USED or name == self.told_by():
            return ()
        return listed.offered(self.table, pick.role)

    def seen(self, name: str) -> Seen:
        """Return the column called `name`.

        Raises
        ------
        UserError
            No such column; the nearest is named.
        """
        for column in self.columns:
            if column.name == name:
                return column
        names = [column.name for column in self.columns]
        raise UserError(
            "{path}: no column {name}; {remedy}",
            path=self.path.name,
            name=name,
            remedy=did_you_mean(name, names),
        )

    def samples(self, name: str) -> str:
        """Return sample cells of a column as they may be shown."""
        column = self.seen(name)
        hide = column.personal or self.picks[name].role == "rep_id"
        return " · ".join(masked(text, hide=hide) for text in column.samples)

    def take(self, table: str) -> None:
        """Propose anew for `table`."""
        if table not in book()["tables"]:
            raise UserError(
                "{name}: no such table; {remedy}", name=table, remedy=did_you_mean(table, book()["tables"])
            )
        self.table = table
        self.picks = guess(table, self.columns, lines=True)
        if (rows := self.lined()) is not None and not rows.whole:
            self.picks = guess(table, self.columns)
        self.words, self.formats, self.won_is_order = {}, {}, None
        self.decimals, self.states, self.said = {}, {}, {}
        for name, reason in (
            (currencies(self)[0], Text("the currency of each row")),
            (returned(self)[0], Text("says which rows are returns")),
            (
                "".join(self.changed()),
                Text("says which field a row changes: only those of the stage are read"),
            ),
        ):
            if name and self.picks[name].role == NOT_USED:
                self.picks[name] = Pick(NOT_USED, 0.0, reason)
        self.settled = {("table", self.name)}

    def give(self, name: str, role: str) -> None:
        """Take a column for `role`, or for nothing.

        Raises
        ------
        UserError
            No such column or role, or cells that cannot be that.
        """
        column = self.seen(name)
        if role != NOT_USED:
            if role not in roles(self.table):
                raise UserError(
                    "{value}: no such meaning of a column; {remedy}",
                    value=role,
                    remedy=did_you_mean(role, roles(self.table)),
                )
            if kind(self.table, role) == "time" and not column.may_be({"date"}):
                raise NoDatesError(
                    "{name}: its cells are no dates and cannot be {role}; choose another or - for not used",
                    name=name,
                    role=role,
                )
            if role not in MANY:
                # A role goes over to the column it was given to last.
                for other, pick in self.picks.items():
                    if other != name and pick.role == role:
                        self.picks[other] = Pick(NOT_USED, 1.0, Text("given to another column"))
        self.picks[name] = Pick(role, 1.0, Text("as answered"))
        self.settled.add(("column", name))

    def changed(self) -> dict[str, list[str]]:
        """Return the column of a history that says which field a row changes, and its words for the stage; empty without one."""
        for column in self.columns if self.table == "stage_changes" else ():
            words = [word for word in column.words if by_name("opportunities", "stage", word)[0] == 1]
            if words and len(words) < len(column.words) and by_list("changed", column.name):
                return {column.name: words}
        return {}

    def lists_customers(self) -> bool:
        """Whether each row is another customer and no column is called like an opportunity: then it is a list of customers."""
        customer, key = self.one("account_id"), self.one("opportunity_id")
        return (
            customer is not None
            and self.seen(customer).unique
            and (key is None or self.picks[key].score < NAMED)
            and not any(self.one(role) for role in ("value", "stage", "status"))
        )

    def fits(self, name: str) -> bool:
        """Whether every cell looked at is what the column is taken for; an odd one stops the reading of the file."""
        column, role = self.seen(name), self.picks[name].role
        return role == NOT_USED or column.look in looks_of(self.table, role) or column.nearly is None

    def by_role(self, role: str) -> list[str]:
        """Return the columns taken for `role`, in the order of the file."""
        return [column.name for column in self.columns if self.picks[column.name].role == role]

    def one(self, role: str) -> str | None:
        """Return the column taken for `role`, None where there is none."""
        return next(iter(self.by_role(role)), None)

    def told_by(self) -> str | None:
        """Return the column whose words say won or lost: the status, else a stage column that has them."""
        for role in ("status", "stage"):
            name = self.one(role)
            if name is not None:
                words = self.seen(name).words
                # A stage column says it only where a stage is called won or lost.
                if words and (role == "status" or {"won", "lost"} & {outcome(word) for word in words}):
                    return name
        return None

    def open(self) -> list[Question]:
        """Return what is still open, in the order to ask."""
        return [
            *self._table(),
            *self._unsure(),
            *self._missing(),
            *self._lines(),
            *currency_question(self),
            *returns_question(self),
            *aims_questions(self),
            *self._unknown(),
            *self._states(),
            *self._formats(),
            *self._decimals(),
            *self._zones(),
            *self._lookups(),
            *self._owner(),
            *self._orders(),
        ]

    def answer(self, question: Question, said: str) -> None:
        """Take an answer; an empty one takes the proposal.

        Raises
        ------
        UserError
            Not one of the choices, or nothing where something must be said.
        """
        given, subject = choice(question, said), question.subject
        if question.asked not in {"table", "column", "missing"}:
            self.said[question.asked, subject] = question, given
        yes_or_no = {"owner": "owned", "orders": "won_is_order"}
        of_each: dict[str, dict[str, Any]] = {
            "word": self.words,
            "format": self.formats,
            "decimal": self.decimals,
        }
        if question.asked in yes_or_no:
            setattr(self, yes_or_no[question.asked], given == "yes")
        elif question.asked in of_each:
            of_each[question.asked][subject] = given
        elif question.asked == "state":
            self.states[subject] = given == "yes"
        elif question.asked == "table":
            self.take(given)
        elif question.asked == "column":
            self.give(subject, given)
        elif question.asked == "missing":
            self.give(given, subject)
        elif question.asked == "zone":
            self.zone = given
        elif question.asked == "lookup":
            self._look_up(subject, given)

    def _answer_to(self, asked: Asked) -> str | None:
        return next((given for (kind, _), (_, given) in self.said.items() if kind == asked), None)

    @property
    def lines(self) -> str | None:
        """What several rows of one number are: ``add``, ``first`` or ``each`` (an order of its own); None while that is open."""
        return self._answer_to("lines")

    @property
    def counted(self) -> str | None:
        """Code of the currency whose rows count where there are several, `NOT_USED` where all do; None while that is open."""
        return self._answer_to("currency")

    @property
    def returns(self) -> bool | None:
        """Whether the amounts of returns are to be subtracted; None while that is open."""
        given = self._answer_to("returns")
        return None if given is None else given == "yes"

    @property
    def aim(self) -> str | None:
        """The KPI that a sheet of targets is for; None while that is open."""
        return self._answer_to("aim")

    @property
    def year(self) -> str | None:
        """The year of periods that do not name theirs; None while that is open."""
        return self._answer_to("year")

    def accept(self) -> None:
        """Take every proposal.

        Raises
        ------
        UserError
            Something has no proposal.
        """
        while asked := self.open():
            if asked[0].proposal is None and asked[0].asked != "missing":
                raise UserError(
                    "{path}: {question} Nothing in the file says it; answer the question",
                    path=self.path.name,
                    question=asked[0].text,
                )
            if asked[0].proposal is None:
                raise UserError(
                    "{path}: {question} Give it with --column NAME={role}",
                    path=self.path.name,
                    question=asked[0].text,
                    role=asked[0].subject,
                )
            self.answer(asked[0], "")

    def _table(self) -> list[Question]:
        if ("table", self.name) in self.settled:
            return []
        choices = tuple((name, Text(TABLES[name].en, TABLES[name].zh)) for name in book()["tables"])
        return [Question("table", self.name, Text("What is one row of this file?"), choices, self.table)]

    def _unsure(self) -> list[Question]:
        choices = (
            (NOT_USED, title(self.table, NOT_USED)),
            *((role, title(self.table, role)) for role in roles(self.table)),
        )
        return [
            Question(
                "column", name, Text("What is column {name}?", None, name=name), choices, pick.role
            )
            for name, pick in self.picks.items()
            if not pick.sure and ("column", name) not in self.settled
        ]  # fmt: skip

    def _missing(self) -> list[Question]:
        found = []
        for role in self.needed():
            if self.one(role) is None:
                fits = [
                    column
                    for column in self.columns
                    if column.may_be({"date"}) == (kind(self.table, role) == "time")
                    and column.look != "empty"
                ]
                choices = tuple((column.name, self.samples(column.name)) for column in fits)
                text = Text(
                    "Which column is {role} ({title})?", None, role=role, title=title(self.table, role)
                )
                found.append(Question("missing", role, text, choices, None))
        return found

    def needed(self) -> list[str]:
        """Return the roles without which a row says nothing."""
        table = TABLES[self.table]
        if self.table == "targets":
            in_rows = self.one("period") is not None and self.one("target") is not None
            return ["rep_id", "period", "target"] if in_rows else ["rep_id", "of_period"]
        # A key of one part can be made of row numbers; a stage and whose it is cannot.
        made = {
            "department",
            "status",
            "question",
            *(table.key if self.table not in PARTIES and len(table.key) == 1 else ()),
        }
        if self.table == "collections" and not self._receipts():
            made -= {"order_id"}
        needed = [column.name for column in table.columns if column.required and column.name not in made]
        if self.table == "collections" and not self._receipts():
            needed.append("due")
        if self.table == "surveys":
            # Answers without a customer may be those of the team, which are read by kpisim pulse.
            needed += ["account_id", "score"]
        if self.table == "opportunities" and not (
            self.told_by() or self.by_role("won_on") or self.by_role("lost_on")
        ):
            needed.append("status")
        return needed

    def _receipts(self) -> bool:
        """Whether each row is money that came in, so that nothing needs to be due."""
        paid = self.one("paid")
        return paid is not None and self.seen(paid).filled == 1

    def _unknown(self) -> list[Question]:
        name = self.told_by() if self.table == "opportunities" else None
        if name is None:
            return []
        choices = (
            ("open", Text("in progress")),
            ("won", Text("won")),
            ("lost", Text("lost")),
        )
        return [
            Question(
                "word", word, Text("Column {name}: does {word} mean open, won or lost?", None, name=name, word=word), choices,
                likely_outcome(word),
            )
            for word in self.seen(name).words
            if outcome(word) is None and word not in self.words
        ]  # fmt: skip

    def _formats(self) -> list[Question]:
        return [
            Question(
                "format", column.name,
                Text("Column {name}: how are its dates written ({samples})?", None, name=column.name, samples=self.samples(column.name)),
                tuple((form, form) for form in column.formats), column.formats[0],
            )
            for column in self.columns
            if len(column.formats) > 1
            and self._day_first() is None
            and self.picks[column.name].role != NOT_USED
            and column.name not in self.formats
        ]  # fmt: skip

    def format(self, name: str) -> str | None:
        """Return the date format of a column: as answered, else in the order of the other columns, else the first that fits."""
        fitting = self.seen(name).formats
        first = self._day_first()
        same = [form for form in fitting if first in {None, day_first(form)}]
        return self.formats.get(name) or next(iter(same or fitting), None)

    def _day_first(self) -> bool | None:
        """Return whether the columns whose dates leave no doubt have the day before the month; None where they do not say."""
        orders = {
            day_first(column.formats[0])
            for column in self.columns
            if len(column.formats) == 1 and column.formats[0] != DAY_NUMBER
        }
        return orders.pop() if len(orders) == 1 else None

    def _states(self) -> list[Question]:
        return [
            Question(
                "state", word,
                Text("Column {name}: leave out the orders that are {word}?", None, name=name, word=word),
                (("yes", Text("yes, and count them")), ("no", Text("no, they count like the others"))), "yes",
            )
            for name in self.by_role("state")
            for word in self.seen(name).words
            if outcome(word, "cancelled") is not None and word not in self.states
        ]  # fmt: skip

    def _decimals(self) -> list[Question]:
        return [
            Question(
                "decimal", column.name,
                Text("Column {name}: which is the decimal sign ({samples})?", None, name=column.name, samples=self.samples(column.name)),
                ((",", Text("a comma: 1.234 is more than a thousand")), (".", Text("a point: 1.234 is little more than 1"))),
                column.decimals[0],
            )
            for column in self.columns
            if len(column.decimals) > 1
            and self.picks[column.name].role != NOT_USED
            and kind(self.table, self.picks[column.name].role) in {"money", "number", "hours", "share", "count"}
            and column.name not in self.decimals
        ]  # fmt: skip

    def decimal(self, name: str) -> str:
        """Return the decimal sign of a column."""
        return self.decimals.get(name) or next(iter(self.seen(name).decimals), ".")

    def zoned(self) -> list[str]:
        """Return the columns in use whose times carry a zone."""
        return [one.name for one in self.columns if one.zoned and self.picks[one.name].role != NOT_USED]

    def _zones(self) -> list[Question]:
        if self.zone is not None or not self.zoned():
            return []
        text = Text(
            "The times of {name} carry a time zone. In which zone does the firm count its days?",
            None,
            name=self.zoned()[0],
        )
        zones = book()["zones"]
        choices: tuple[tuple[str, Text | str], ...] = tuple(
            (str(name), Text(str(en), str(zh))) for name, (en, zh) in zones["choices"].items()
        )
        return [Question("zone", "timezone", text, choices, zones["usual"].get(self.currency, "UTC"))]

    def _lookups(self) -> list[Question]:
        found = []
        for column in self.columns:
            offered = self._offered(column.name)
            if not offered or column.name in self.takes:
                continue
            listed = self.through[column.name]
            spelt = {} if listed.alike is None else {"code": listed.alike[0], "other": listed.alike[1]}
            text = Text(
                "Column {name}: {share} of its values are in {file}, column {key}, if {code} and {other} are the same. Read them so, and what shall be shown?"
                if spelt
                else "Column {name}: {share} of its values are in {file}, column {key}. What shall be shown instead?",
                None,
                name=column.name,
                share=percent(listed.share, 0),
                file=listed.listed.spot.name,
                key=listed.key,
                **spelt,
            )
            proposal = listed.proposal if listed.proposal in {name for name, _ in offered} else NOT_USED
            choices: tuple[tuple[str, Text | str], ...] = (
                (NOT_USED, Text("nothing: leave them as they are")),
                *offered,
            )
            found.append(Question("lookup", column.name, text, choices, proposal))
        return found

    def lined(self) -> Lined | None:
        """Return what speaks for rows that are lines of an order or opportunity; None where each has a number of its own."""
        key = self.one(TABLES[self.table].key[0]) if self.table in BEGINS else None
        if key is None or (self.seen(key).unique and self.seen(key).filled == 1):
            return None
        told = [self.one(role) for role in ("account_id", BEGINS[self.table], _AMOUNTS[self.table])]
        used = [name for name, pick in self.picks.items() if pick.role != NOT_USED]
        return lined(at(self.spots), key, *told, tuple(used))

    def read_as_lines(self) -> bool:
        """Whether the rows of one number are put together."""
        return self.lines in {"add", "first"} and self.lined() is not None

    def key(self) -> str | None:
        """Return the column with the number of each row or of each order; None where rows are numbered."""
        return None if self.lines == "each" and self.lined() else self.one(TABLES[self.table].key[0])

    def _lines(self) -> list[Question]:
        rows, name = self.lined(), self.one(TABLES[self.table].key[0])
        if self.lines is not None or not rows or name is None:
            return []
        if self.table == "collections":
            return [payments_question(name, rows, received=self.one("received") is not None)]
        return [lines_question(name, rows)]

    def _owner(self) -> list[Question]:
        if self.owner is None or self.owned is not None or not self.ownable():
            return []
        column, listed, rep = self.owner
        text = Text(
            "No column says the rep; {file} says in {rep} whose customer each is, for {share} of {column}. Take the rep from there?",
            None,
            file=listed.listed.spot.name,
            rep=rep,
            share=percent(listed.share, 0),
            column=column,
        )
        return [Question("owner", column, text, (("yes", Text("yes")), ("no", Text("no"))), "yes")]

    def ownable(self) -> bool:
        """Whether the rep is missing and the customer is the one that the list of customers knows."""
        return (
            self.owner is not None
            and "rep_id" in roles(self.table)
            and self.table not in PARTIES
            and self.one("rep_id") is None
            and self.one("account_id") == self.owner[0]
        )

    def _look_up(self, name: str, take: str) -> None:
        """Take a column of a list for the codes of `name`; the list itself then goes by the same."""
        self.takes[name] = take
        listed = self.through[name].listed.draft
        if listed is not None:
            listed.give(self.through[name].key if take == NOT_USED else take, self.picks[name].role)

    def _orders(self) -> list[Question]:
        if self.won_is_order is not None or not self.orders_possible():
            return []
        text = Text("Does a won opportunity count as an order? (no where orders come from another file)")
        return [Question("orders", "won", text, (("yes", Text("yes")), ("no", Text("no"))), "yes")]

    def orders_possible(self) -> bool:
        """Whether orders can be made of won opportunities: customer, value, closing date and status are known."""
        return (
            self.table == "opportunities"
            and self.one("account_id") is not None
            and self.one("value") is not None
            and (
                bool(self.by_role("won_on"))
                or (self.one("closed") is not None and self.told_by() is not None)
            )
        )


def open_export(
    path: str | Path, table: str | None = None, currency: str | None = None, least: float = LEAST
) -> Draft:
    """Look at an export and propose what its columns are.

    Parameters
    ----------
    path
        A CSV file (UTF-8 or GB18030) or the first sheet of a workbook; it is only read.
    table
        What its rows are; by default the table whose names fit best.
    currency
        Of its money; by default that of the signs in it, else CNY.
    least
        How many columns must be called like those of a table, unless it is named.

    Raises
    ------
    UserError
        A file that cannot be read, or no table that it may be.
    """
    spots = spots_of(checked(Path(path)))[:1]
    return draft_of(spots, raws_of(spots), separator_at(spots[0]), table, currency, least)


def draft_of(
    spots: Sequence[Spot],
    raws: Sequence[pd.DataFrame],
    separator: str,
    table: str | None = None,
    currency: str | None = None,
    least: float = LEAST,
) -> Draft:
    """Propose what the columns of one or several files of one table are; see :func:`open_export`.

    Parameters
    ----------
    spots
        The files or sheets, earlier ones first.
    raws, separator
        The cells of each, and what separates them.
    table, currency, least
        As in :func:`open_export`.
    """
    if currency is not None and not _CURRENCY.fullmatch(currency):
        raise UserError("{value}: no code of a currency; write its three letters, e.g. CNY", value=currency)
    path = spots[0].path
    raw = below(raws)
    files = None if len(raws) == 1 else [number for number, one in enumerate(raws) for _ in range(len(one))]
    excel, factor = path.suffix.lower() == ".xlsx", factor_of(spots)
    columns = tuple(
        look_at(str(name), raw[name], files=files, serial=excel, comma=separator == ";", factor=factor)
        for name in raw.columns
    )
    draft = Draft(
        path, separator, columns, "", currency.upper() if currency else _currency(columns), spots=tuple(spots)
    )
    if table is not None:
        draft.take(table)
        return draft
    dated = any(column.may_be({"date"}) for column in columns)
    scores = {}
    for name in book()["tables"]:
        draft.take(name)
        # A number that comes again tells an order of several rows as little as a history of changes.
        own = draft.one(TABLES[name].key[0]) if draft.lined() is not None else None
        named = sum(
            pick.score
            for column, pick in draft.picks.items()
            if pick.sure and pick.role != NOT_USED and column != own
        )
        # Without its first date, or with something else it cannot do without, a table is the less likely.
        absent = [role for role in draft.needed() if draft.one(role) is None]
        # What happens on a day cannot stand in a file without one.
        dateless = any(kind(name, role) == "time" for role in absent) and not dated
        scores[name] = named - len(absent) - (1 if dateless else 0)
        if name == "targets" and any(draft.one(role) is None for role in draft.needed() if role != "rep_id"):
            # A list of people has reps and teams too.
            scores[name] = 0.0
        if name == "opportunities" and draft.lists_customers():
            scores[name] -= 1
        key = draft.one(TABLES[name].key[0]) if name in PARTIES else None
        if key is not None:
            # Where one name comes again and again, the rows are not those who bear it.
            scores[name] -= 2 * (1 - draft.seen(key).different)
    best, second = sorted(scores, key=lambda name: -scores[name])[:2]
    if scores[best] < least:
        raise NoTableError(
            "{path}: no table recognised by its columns ({names}); say which with --table, one of {tables}",
            path=spots[0].name,
            names=", ".join(column.name for column in columns[:12]),
            tables=", ".join(book()["tables"]),
        )
    draft.take(best)
    if scores[best] - scores[second] < CLOSE:
        draft.settled.clear()
    return draft


def _currency(columns: tuple[Seen, ...]) -> str:
    for column in columns:
        codes = {currency_of(word) for word in column.words}
        if len(codes) == 1 and (code := codes.pop()) is not None:
            return code
    amounts = [column for column in columns if column.may_be({"amount", "id"})]
    told = [*(column.name for column in amounts), *(text for column in amounts for text in column.samples)]
    for code, signs in book()["currency"].items():
        if any(str(sign) in text.casefold() for sign in signs for text in told):
            return str(code)
    return "CNY"


__all__ = [
    "STATUSES",
    "Draft",
    "NoDatesError",
    "NoTableError",
    "draft_of",
    "open_export",
]
