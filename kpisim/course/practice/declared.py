"""An exercise for participants as data: what is asked, in zh and en, and a hint for each way to go wrong.

Five kinds: ``choose`` an answer, ``sort`` items into groups, work out a ``number``, predict a KPI (``what_if``), and
``write`` a goal or a message.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import Field, model_validator

from kpisim.course.schema import Module, Paragraphs  # noqa: TC001  (pydantic reads the annotations)
from kpisim.kpi.library.definition import Words  # noqa: TC001  (pydantic reads the annotations)
from kpisim.scenario.fields import Section, broken
from kpisim.sheets.declared import Rule  # noqa: TC001  (pydantic reads the annotations)

Direction = Literal["up", "same", "down"]
_One = TypeVar("_One", bound="Asked | Option | Group | Item")
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class Asked(Section):
    """What every exercise has.

    Attributes
    ----------
    name
        Name in code and in the session.
    title, text
        Heading, and what is asked.
    why
        What is said when it is right, and what to look at next.
    more
        The stronger hint, said after a second wrong try; it never holds the answer.
    """

    name: Name
    title: Words
    text: Paragraphs
    why: Words
    more: Words


class Option(Section):
    """One answer that can be chosen; a wrong one has the hint that fits it."""

    name: Name
    text: Words
    hint: Words | None = None


class Choose(Asked):
    """A situation to judge: one best answer."""

    kind: Literal["choose"]
    options: tuple[Option, ...] = Field(min_length=4, max_length=5)
    right: str

    @model_validator(mode="after")
    def _one_right_and_a_hint_for_each_other(self) -> Self:
        if self.right not in [one.name for one in _named(self.options, "options")]:
            raise broken("right", "names none of the options; name one of them")
        if any((one.hint is None) != (one.name == self.right) for one in self.options):
            raise broken("options", "each wrong option has a hint and the right one has none; mend the hints")
        return self


class Group(Section):
    """Where items are sorted into, and by what to tell that one does not belong there."""

    name: Name
    label: Words
    hint: Words


class Item(Section):
    """One thing to sort, the group it belongs into, and a hint for it alone."""

    name: Name
    text: Words
    group: str
    hint: Words


class Sort(Asked):
    """Items to sort into groups.  Three groups at least, or to call one wrong would be to tell the answer."""

    kind: Literal["sort"]
    groups: tuple[Group, ...] = Field(min_length=3, max_length=4)
    items: tuple[Item, ...] = Field(min_length=6, max_length=8)

    @model_validator(mode="after")
    def _every_item_has_a_group(self) -> Self:
        names = {one.name for one in _named(self.groups, "groups")}
        if {item.group for item in _named(self.items, "items")} != names:
            raise broken("items", "every item names a group, and every group has an item; mend the groups")
        return self


class Row(Section):
    """One row of the table that is shown."""

    label: Words
    values: tuple[float, ...] = Field(min_length=1, max_length=5)


class Mistake(Section):
    """A number that people typically arrive at, and the hint that fits."""

    value: float
    hint: Words


class Number(Asked):
    """A number to work out from a small table.

    Attributes
    ----------
    columns, rows
        The table; the first column heads the labels of the rows.
    percent
        Whether the answer is asked for in per cent.
    right, tolerance
        The answer, and how far off rounding may be.
    mistakes, other
        Typical wrong numbers with their hints, and the hint for any other.
    """

    kind: Literal["number"]
    columns: tuple[Words, ...] = Field(min_length=2, max_length=6)
    rows: tuple[Row, ...] = Field(min_length=1, max_length=8)
    percent: bool = False
    right: float
    tolerance: float = Field(gt=0)
    mistakes: tuple[Mistake, ...] = Field(min_length=3, max_length=6)
    other: Words

    @model_validator(mode="after")
    def _whole_table_and_clear_mistakes(self) -> Self:
        if any(len(row.values) != len(self.columns) - 1 for row in self.rows):
            raise broken(
                "rows", "a row has as many values as there are columns behind the first; add or take out"
            )
        told = [self.right, *(one.value for one in self.mistakes)]
        if any(
            abs(one - other) <= 2 * self.tolerance
            for place, one in enumerate(told)
            for other in told[place + 1 :]
        ):
            raise broken("mistakes", "two numbers cannot be told apart within the tolerance; make it smaller")
        return self


class Guesses(Section):
    """A hint for each prediction; which of them are wrong only the simulator knows."""

    up: Words
    same: Words
    down: Words


class WhatIf(Asked):
    """A KPI to predict: one round of the simulation is played with and without a decision.

    Attributes
    ----------
    round, decision
        Round, and path of a lever -> what it is set to.
    kpi
        One of the KPIs that the round watches.
    replications
        Runs of each side.
    solution
        What the solved notebook answers; no check reads it, the runs alone decide.
    """

    kind: Literal["what_if"]
    round: str
    decision: dict[str, Any] = Field(min_length=1, max_length=2)
    kpi: str
    replications: int = Field(ge=4, le=40)
    hints: Guesses
    solution: Direction


class Write(Asked):
    """A goal or a message to write; rules of the sheets say what is missing.

    Attributes
    ----------
    label
        What the field is called, also in remarks.
    rules
        Rules of :mod:`kpisim.sheets.check`.
    solution
        What the solved notebook writes.
    """

    kind: Literal["write"]
    label: Words
    rules: tuple[Rule, ...] = Field(min_length=1, max_length=4)
    solution: Paragraphs


Exercise = Choose | Sort | Number | WhatIf | Write


class Practice(Section):
    """The exercises of one module."""

    module: Module
    exercises: tuple[Annotated[Exercise, Field(discriminator="kind")], ...] = Field(min_length=3)

    @model_validator(mode="after")
    def _one_judgement_at_least(self) -> Self:
        if not any(one.kind == "choose" for one in _named(self.exercises, "exercises")):
            raise broken("exercises", "a module has at least one situation to judge; add a choose")
        return self


def _named(those: tuple[_One, ...], where: str) -> tuple[_One, ...]:
    """Return `those` where each has a name of its own."""
    if len({one.name for one in those}) != len(those):
        raise broken(where, "two have one name; give each its own")
    return those


__all__ = [
    "Choose",
    "Direction",
    "Exercise",
    "Group",
    "Item",
    "Number",
    "Option",
    "Practice",
    "Sort",
    "WhatIf",
    "Write",
]
