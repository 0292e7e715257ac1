"""The cards of all KPIs: those that come along, and those that a YAML file adds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from kpisim.kpi.library.counted import finder
from kpisim.kpi.library.definition import Definition
from kpisim.kpi.registry import Kpi, declare, kpis
from kpisim.kpi.value import COHORTS
from kpisim.scenario.errors import first_error
from kpisim.scenario.library import line_of, read_any_yaml
from kpisim.text import Text, UserError, choose, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE = Path(__file__).with_name("library.yaml")
_cards: dict[str, Definition] = {}


def cards() -> dict[str, Definition]:
    """Return the card of every KPI by name, in the order of the library."""
    kpis()
    return _cards


def declare_library() -> None:
    """Read the library and make KPIs of what it declares without code."""
    for one in read_definitions(FILE, own=True):
        _cards[one.name] = one
        if not one.code:
            enter(one)


def card(name: str) -> Definition:
    """Return the card of one KPI.

    Raises
    ------
    UserError
        No KPI of that name; the nearest is named.
    """
    return choose("{name}: no such KPI; {remedy}", name, cards())


def add(path: str | Path) -> list[Definition]:
    """Add the KPIs of a YAML file for the rest of this process; all or none.

    Parameters
    ----------
    path
        A list of definitions; `kpisim/kpi/library/library.yaml` shows the form.

    Raises
    ------
    UserError
        A definition that breaks a rule: file, line, value, rule and remedy.
    """
    known = cards()
    made = read_definitions(Path(path))
    for one in made:
        if one.name in known:
            raise UserError(
                "{path}: the name {name} is taken; choose another", path=Path(path).name, name=one.name
            )
    for one in made:
        enter(one)
        known[one.name] = one
    return made


def enter(definition: Definition) -> Kpi:
    """Make a definition a KPI that is measured like all others."""
    if definition.cohort is not None:
        COHORTS[definition.name] = definition.cohort.text()
    return declare(
        Kpi(
            name=definition.name,
            en=definition.title.en,
            zh=definition.title.zh,
            formula_en=definition.formula.en,
            formula_zh=definition.formula.zh,
            unit=definition.unit,
            direction=definition.direction,
            perspective=definition.perspective,
            cohort=definition.name if definition.cohort is not None else "rows",
            needs=_needs(definition),
            kind=definition.counted,
            find=finder(definition),
            people=definition.people,
        )
    )


def _needs(definition: Definition) -> tuple[str, ...]:
    if definition.numerator is None:
        return ("surveys",)
    terms = [term for term in (definition.numerator, definition.denominator) if term is not None]
    columns = [f"{term.table}.{term.when}" for term in terms]
    columns += [f"{term.table}.{term.add}" for term in terms if term.add is not None]
    columns += [f"{term.table}.{name}" for term in terms for name in term.days or ()]
    columns += definition.needs
    return tuple(dict.fromkeys(columns))


def read_definitions(path: Path, *, own: bool = False) -> list[Definition]:
    """Read definitions from a YAML file.

    Parameters
    ----------
    path
        The file.
    own
        Whether it is the library that comes along: only there may a formula be code.

    Raises
    ------
    UserError
        Not a list of definitions, or one that breaks a rule; says the line.
    """
    items = read_any_yaml(path)
    if not isinstance(items, list) or not items:
        raise UserError("{path}: holds no list of KPIs; begin each with “- name: …”", path=path.name)
    made: list[Definition] = []
    for place, item in enumerate(items):
        where = _Where(path, place)
        if not isinstance(item, dict):
            raise where.error((), Text("a KPI is names with values; begin with “- name: …”"))
        try:
            one = Definition.model_validate(item)
        except ValidationError as problem:
            raise where.error(_loc(problem), _said(problem)) from None
        if one.code and not own:
            raise where.error(
                ("code",), Text("only KPIs that come along have code; give numerator: {table, when}")
            )
        if any(one.name == other.name for other in made):
            raise where.error(
                ("name",), Text("the name {name} stands twice; choose another", None, name=one.name)
            )
        made.append(one)
    return made


def _loc(problem: ValidationError) -> tuple[Any, ...]:
    error = problem.errors(include_url=False)[0]
    path = (error.get("ctx") or {}).get("path")
    return (*error["loc"], *(path.split(".") if path else ()))


def _said(problem: ValidationError) -> object:
    error = problem.errors(include_url=False)[0]
    context = error.get("ctx") or {}
    if error["type"] == "missing":
        return Text("is missing; add it")
    if error["type"] == "string_pattern_mismatch":
        return Text(
            "{value} is no name for code; use small letters, digits and _, e.g. large_orders",
            None,
            value=error["input"],
        )
    if "known" in context:
        known: Iterable[str] = context["known"]
        return Text(
            "{name} is not there; {remedy}",
            None,
            name=context["name"],
            remedy=did_you_mean(context["name"], known),
        )
    return first_error(problem, Definition)


class _Where:
    """Where in a file a definition stands, to name the line of what is wrong in it."""

    def __init__(self, path: Path, place: int) -> None:
        self.path, self.place = path, place

    def error(self, loc: tuple[Any, ...], said: object) -> UserError:
        name = ".".join(str(part) for part in loc)
        return UserError(
            "{path}, line {line}: {problem}"
            if str(said).startswith(name) or not name
            else "{path}, line {line}: {name}: {problem}",
            path=self.path.name,
            line=line_of(self.path, [str(self.place), *map(str, loc)]),
            name=name,
            problem=said,
        )


__all__ = ["add", "card", "cards", "declare_library", "enter", "read_definitions"]
