"""A sheet as data: its fields in both languages, what each must hold, and who may ever see it."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field as Declared
from pydantic import model_validator

from kpisim.kpi.library.definition import Words  # noqa: TC001  (pydantic reads the annotations)
from kpisim.scenario.fields import Section, broken

Kind = Literal["text", "long", "number", "scale", "date", "choice", "flag"]
Rule = Literal[
    "behaviour", "dated", "countable", "short", "asks", "deadline", "smart", "soon", "commitment", "delegated"
]


class Choice(Section):
    """One thing that can be chosen."""

    value: str = Declared(min_length=1, max_length=60)
    label: Words


class Field(Section):
    """One field of a sheet.

    Attributes
    ----------
    name
        Name in the data, the same in both languages.
    label, hint
        What is asked, and an example or a help.
    kind
        ``text`` one line, ``long`` several, ``number``, ``scale`` 1 to 5, ``date``, ``choice``, ``flag`` yes or no.
    required
        Whether a row without it is incomplete.
    low, high
        Range of a number, both included.
    choices
        Of a choice.
    rule
        A check beyond being filled in, see :mod:`kpisim.sheets.check`.
    """

    name: str = Declared(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")
    label: Words
    hint: Words | None = None
    kind: Kind = "text"
    required: bool = True
    low: float | None = None
    high: float | None = None
    choices: tuple[Choice, ...] = ()
    rule: Rule | None = None

    @model_validator(mode="after")
    def _choices_where_one_chooses(self) -> Self:
        if (self.kind == "choice") != bool(self.choices):
            raise broken("choices", "a choice has choices, and nothing else has; add or take them out")
        return self


class Sheet(Section):
    """One sheet.

    Attributes
    ----------
    name
        Kind of the entry in the session.
    title, help
        What it is for.
    fields
        Its fields.
    rows
        Fewest and most rows; (1, 1) is a sheet without rows.
    private
        Never leaves the participant's own session: no export, no cohort view, no report can hold it.
    rule
        A check of the rows together, made by the panel that shows the sheet: ``boxes`` may not overlap;
        or one of their number: a ``scorecard`` asks for five.
    """

    name: str = Declared(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")
    title: Words
    help: Words | None = None
    fields: tuple[Field, ...] = Declared(min_length=1, max_length=12)
    rows: tuple[int, int] = (1, 1)
    private: bool = False
    rule: Literal["boxes", "scorecard"] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        names = [field.name for field in self.fields]
        if len(set(names)) != len(names):
            raise broken("fields", "two fields have one name; give each its own")
        if not 1 <= self.rows[0] <= self.rows[1] <= 30:
            raise broken("rows", "rows are fewest and most, from 1 to 30")
        return self


__all__ = ["Choice", "Field", "Kind", "Rule", "Sheet"]
