"""What a KPI is beyond its number: the card that a trainer reads, fills in or adds in YAML.

A KPI whose formula is code says ``code: true``; any other says in YAML which rows of which table count, so that a
trainer adds one without code.  A qualitative KPI is scored by people on a rubric and says so wherever it is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from kpisim.kpi.registry import Direction, Perspective, Unit  # noqa: TC001  (pydantic reads the annotations)
from kpisim.scenario.fields import Section, broken
from kpisim.tables.schema import TABLES
from kpisim.text import Text

if TYPE_CHECKING:
    from kpisim.tables.schema import Column

Level = Literal["company", "team", "person"]
Timing = Literal["leading", "lagging"]
Frequency = Literal["day", "week", "month", "quarter", "year"]
Counted = Literal["rate", "mean", "ratio", "sum", "count"]
Cell = bool | int | float | str
EMPTY, FILLED = "empty", "not empty"
STEPS = 5
_NUMBERS = {"money", "number", "count", "hours", "share"}


class Words(Section):
    """One text in both languages."""

    en: str = Field(min_length=1, max_length=400)
    zh: str = Field(min_length=1, max_length=400)

    def text(self) -> Text:
        """Return the text whose language is chosen when it is shown."""
        return Text(self.en, self.zh)


class Between(Section):
    """Numbers from `min` to `max`, both included; either may be left out."""

    min: float | None = None
    max: float | None = None


class Term(Section):
    """Rows of one table, and what each of them adds.

    Attributes
    ----------
    table
        Table of the schema.
    when
        Its time column that must lie in the period.
    where
        Column -> a value, a list of values, ``empty``, ``not empty``, or ``{min, max}``; all must hold.
    add
        Number column that is added up; without it each row counts 1.
    days
        Two time columns; the days from the first to the second are added up.
    """

    table: str
    when: str
    where: dict[str, Cell | tuple[Cell, ...] | Between] = Field(default={})
    add: str | None = None
    days: tuple[str, str] | None = None

    @model_validator(mode="after")
    def _columns_exist(self) -> Self:
        if self.table not in TABLES:
            raise _unknown("table", self.table, list(TABLES))
        columns = {column.name: column for column in TABLES[self.table].columns}
        times = [name for name, column in columns.items() if column.kind == "time"]
        for field, name in (("when", self.when), *(("days", name) for name in self.days or ())):
            if name not in times:
                raise _unknown(field, name, times)
        for name, wanted in self.where.items():
            if name not in columns:
                raise _unknown("where", name, list(columns))
            _refuse_condition(columns[name], wanted)
        if self.add is not None:
            numbers = [name for name, column in columns.items() if _is_number(column)]
            if self.add not in numbers:
                raise _unknown("add", self.add, numbers)
        if self.add is not None and self.days is not None:
            raise broken("add", "a term adds a column or days, not both; leave one out")
        return self


class Definition(Section):
    """One KPI as a trainer declares it."""

    name: str = Field(min_length=2, max_length=60, pattern=r"^[a-z][a-z0-9_]*$")
    title: Words
    formula: Words
    sentence: Words
    goal: Words
    kind: Literal["quantitative", "qualitative"] = "quantitative"
    perspective: Perspective
    levels: tuple[Level, ...] = Field(min_length=1)
    timing: Timing
    direction: Direction
    unit: Unit
    counted: Counted
    cohort: Words | None = None
    frequency: Frequency
    owner: Words
    source: Words
    influenced_by: tuple[Level, ...] = ()
    influence: Words
    people: Literal["no", "answers", "reps"] = "no"
    code: bool = False
    numerator: Term | None = None
    denominator: Term | None = None
    band: tuple[float, float] | None = None
    rubric: dict[int, Words] = Field(default={})
    needs: tuple[str, ...] = ()

    @field_validator("influenced_by", "levels")
    @classmethod
    def _no_level_twice(cls, value: tuple[Level, ...]) -> tuple[Level, ...]:
        return tuple(dict.fromkeys(value))

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.kind == "qualitative":
            if sorted(self.rubric) != list(range(1, STEPS + 1)):
                raise broken("rubric", "a qualitative KPI needs an anchor for each of the points 1 to 5")
            if self.counted != "mean":
                raise broken("counted", "a rubric is averaged; write counted: mean")
        elif self.rubric:
            raise broken(
                "rubric", "only a qualitative KPI has a rubric; write kind: qualitative or leave it out"
            )
        if self.direction == "band" and (self.band is None or self.band[0] >= self.band[1]):
            raise broken("band", "a KPI that is best in a band needs it: band: [low, high]")
        if not self.code and self.kind == "quantitative":
            self._counted_as_said()
        return self

    def _counted_as_said(self) -> None:
        """Refuse terms that do not make what `counted` says."""
        above, below = self.numerator, self.denominator
        if above is None:
            raise broken("numerator", "say which rows count: table, when, and where or add if needed")
        if self.counted in {"sum", "count", "mean"} and below is not None:
            raise broken("denominator", "only a rate or a ratio has a denominator; leave it out")
        if self.counted in {"rate", "ratio"} and below is None:
            raise broken("denominator", "a rate or ratio needs a denominator; add it or count a sum")
        if self.counted == "rate" and below is not None and above.table != below.table:
            raise broken(
                "denominator", "a rate counts rows of one table; for two tables write counted: ratio"
            )


def _refuse_condition(column: Column, wanted: Cell | tuple[Cell, ...] | Between) -> None:
    """Refuse a condition that no cell of its column can meet."""
    path = f"where.{column.name}"
    if isinstance(wanted, Between):
        if not _is_number(column):
            raise broken(path, "min and max go with a column of numbers; write a value or a list of values")
        if wanted.min is not None and wanted.max is not None and wanted.min > wanted.max:
            raise broken(path, "min lies above max, so no row counts; swap them")
        return
    words = wanted if isinstance(wanted, tuple) else (wanted,)
    if wanted in (EMPTY, FILLED):
        return
    if column.kind == "time":
        raise broken(path, "a column of dates is empty or not empty; the period says which days count")
    if column.kind == "flag" and not all(isinstance(word, bool) for word in words):
        raise broken(path, "a column of yes or no takes true or false without quotes; write one of them")
    if _is_number(column) and not all(isinstance(word, (int, float)) for word in words):
        raise broken(path, "a column of numbers takes numbers; write one, a list, or min and max")
    for word in words:
        if column.values and str(word) not in column.values:
            raise _unknown(path, str(word), list(column.values))


def _is_number(column: Column) -> bool:
    return column.kind in _NUMBERS


def _unknown(field: str, name: str, known: list[str]) -> PydanticCustomError:
    return PydanticCustomError("unknown_name", "{path}", {"path": field, "name": name, "known": tuple(known)})


__all__ = [
    "EMPTY",
    "FILLED",
    "STEPS",
    "Between",
    "Definition",
    "Frequency",
    "Level",
    "Term",
    "Timing",
    "Words",
]
