"""What exports call things: names of columns, words of a status, signs of a currency, read from ``words.yaml``."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpisim.scenario.library import read_yaml
from kpisim.tables.parse import plain
from kpisim.tables.schema import TABLES, Kind
from kpisim.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

NOT_USED = "-"
"""Answer for a column that goes nowhere."""
TIMES = ("won_on", "lost_on", "stage_on")
"""Roles that are no column of their own: dates that say how an opportunity went on."""
_TITLES: dict[str, Text] = {
    "won_on": Text("Date it was won"),
    "lost_on": Text("Date it was lost"),
    "stage_on": Text("Date it entered a stage (one column a stage)"),
    "won_value": Text("Value signed, of deals won"),
    "of_period": Text("Target of a period (one column a period)"),
    "period": Text("Period of the target (one row a period)"),
    "team": Text("Team of the rep"),
    "state": Text("State of the order (done, cancelled)"),
    NOT_USED: Text("not used"),
}
_APART = re.compile(r"[\s_\-./:()\[\]【】<>#*、，€$£¥%]+")
_YUAN = re.compile(r"[(\[【](?:人民币)?元[)\]】]")
_UNIT = re.compile(r"(?:单位[:\s]*|[(\[【])(?:人民币|rmb|cny)?\s*(?P<unit>百万元?|亿元|万元|千元|万$)")
_BRACKETS = re.compile(r"[(\[【].*?[)\]】]")


@cache
def book() -> dict[str, Any]:
    """Return the words as read from the file."""
    return read_yaml(Path(__file__).with_name("words.yaml"))


def roles(table: str) -> tuple[str, ...]:
    """Return what a column of an export can be in `table`."""
    return tuple(book()["tables"][table])


def kind(table: str, role: str) -> Kind:
    """Return what the cells of a role must be."""
    if role in TIMES:
        return "time"
    if role in {"won_value", "of_period"} or (table, role) == ("targets", "target"):
        return "money"
    if role in {"state", "period"} or (role == "team" and table != "reps"):
        return "text"
    return TABLES[table].column(role).kind


def title(table: str, role: str) -> Text:
    """Return what a role is called in the reader's language."""
    if role in _TITLES:
        return _TITLES[role]
    column = TABLES[table].column(role)
    return Text(column.en, column.zh)


def said(name: str) -> str:
    """Return a column's name in the form that names are compared in: no case, brackets or joints."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(_APART.sub(" ", _BRACKETS.sub(" ", plain(split))).split())


def likeness(name: str, known: str) -> float:
    """Return how far the column `name` is called `known`: 1 the same, 0 not at all.

    English is compared by whole words, since ``case`` in ``showcase`` means nothing; Chinese has no blanks between
    words, so there a name inside a longer one counts by its share of it.
    """
    asked, there = said(name), said(known)
    if not asked or not there:
        return 0.0
    if asked == there:
        return 1.0
    if there.isascii():
        words, mine = there.split(), asked.split()
        inside = any(mine[at : at + len(words)] == words for at in range(len(mine) - len(words) + 1))
        return 0.5 + 0.45 * len(words) / len(mine) if inside else 0.0
    return 0.5 + 0.45 * len(there) / len(asked) if len(there) > 1 and there in asked else 0.0


def by_name(table: str, role: str, name: str) -> tuple[float, str]:
    """Return how far a column is called like `role`, and the known name it is most like.

    An id under our own name for it (rep_id, account_id) is that id, whatever the book of names says.
    """
    if role.endswith("_id") and said(name) == said(role):
        return 1.0, role
    known = book()["tables"][table][role]
    return max(((likeness(name, str(one)), str(one)) for one in known), default=(0.0, ""))


def exactness(table: str, role: str, name: str) -> int:
    """Return the place of the known name a column is called like, 0 for the most exact one: a net amount before a gross one."""
    known = [str(one) for one in book()["tables"][table][role]]
    likely = by_name(table, role, name)[1]
    return known.index(likely) if likely in known else 0


def by_list(listed: str, name: str) -> bool:
    """Whether a column is called exactly like a name of one of the lists of ``words.yaml``."""
    return said(name) in {said(str(known)) for known in book()[listed]}


def currency_of(word: str) -> str | None:
    """Return the code of the currency that a cell names, None where it names none."""
    plainly = plain(word).strip()
    for listed in ("currency", "currencies"):
        for code, names in book()[listed].items():
            if plainly in {code.casefold(), *(str(name) for name in names)}:
                return str(code)
    return None


def unit_of(name: str, otherwise: int = 1) -> int:
    """Return what a column's numbers must be multiplied by, as its name says: 10,000 for 万元, 1,000 for 千元.

    Where the name says nothing it is `otherwise`, the unit of the whole table.
    """
    said_so = next((factor for word, factor in book()["units"].items() if word in plain(name)), None)
    return said_so or (1 if _YUAN.search(plain(name)) else otherwise)


def unit_above(lines: Sequence[str]) -> int:
    """Return the unit of amounts that the lines above a table give: ``单位：万元``, ``销售台账（万元）``, else 1."""
    for line in lines:
        if (found := _UNIT.search(plain(line))) is not None:
            return unit_of(found.group("unit"))
    return 1


def personal_name(name: str) -> bool:
    """Whether a column's name says that it names or reaches a person."""
    sure = 0.6
    # An "account name" is a firm's: the word alone, or after another one for a person, means somebody.
    return any(
        likeness(name, str(known)) > (sure if said(str(known)) != "name" else 0.99)
        for known in book()["personal"]
    )


def outcome(word: str, *among: str) -> str | None:
    """Return ``won``, ``lost`` or ``open`` for a word of a status column, None where it is not known.

    With other lists of ``words.yaml`` in `among`, those are looked through.
    """
    for status in among or ("won", "lost", "open"):
        if said(word) in {said(str(known)) for known in book()[status]}:
            return status
    return None


def likely_outcome(word: str) -> str:
    """Return what an unknown word of a status column is proposed to mean: ``Closed Lost - Price`` is lost, the rest open."""
    words = f" {said(word)} "
    for status in ("lost", "won"):
        for known in (said(str(one)) for one in book()[status]):
            # A word of one letter, or a blunt one such as close, is in too many others.
            if known in book()["telling"] and (f" {known} " in words if known.isascii() else known in words):
                return status
    return "open"


__all__ = [
    "NOT_USED",
    "TIMES",
    "book",
    "by_list",
    "by_name",
    "currency_of",
    "exactness",
    "kind",
    "likely_outcome",
    "likeness",
    "outcome",
    "personal_name",
    "roles",
    "said",
    "title",
    "unit_above",
    "unit_of",
]
