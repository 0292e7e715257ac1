"""Read the course: one YAML file a module, checked against the schema."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from kpisim.course.schema import MODULES, Lesson
from kpisim.scenario.errors import first_error
from kpisim.scenario.fields import Section
from kpisim.scenario.library import line_in, read_any_yaml, read_yaml
from kpisim.text import UserError, choose, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpisim.sheets import Sheet

Declared = TypeVar("Declared", bound=Section)
FOLDER = Path(__file__).parent / "day"


@cache
def lesson(name: str) -> Lesson:
    """Return one module of the day.

    Raises
    ------
    UserError
        No such module, or a file that breaks a rule.
    """
    return read_module(name, MODULES, FOLDER, Lesson, "name")


def read_module(
    name: str, known: Sequence[str], folder: Path, model: type[Declared], called: str
) -> Declared:
    """Return what the file of one module declares.

    Parameters
    ----------
    name, known
        The module asked for, and those that have a file.
    folder
        Where ``<name>.yaml`` lies.
    model, called
        Declaration to read it as, and the field that holds the module's name.

    Raises
    ------
    UserError
        No such module, or a file that breaks a rule.
    """
    if name not in known:
        raise UserError("{name}: no such module; {remedy}", name=name, remedy=did_you_mean(name, known))
    file = folder / f"{name}.yaml"
    try:
        return model.model_validate({called: name, **read_yaml(file)})
    except ValidationError as problem:
        raise first_error(problem, model, partial(line_in, file)) from None


def read_one(file: Path, model: type[Declared]) -> Declared:
    """Return what a file of the course declares as a whole.

    Raises
    ------
    UserError
        A rule is broken: file, line, value, rule and remedy.
    """
    return _checked(read_any_yaml(file), model, file)


def read_list(file: Path, model: type[Declared]) -> list[Declared]:
    """Return what a file of the course declares one after the other; errors as in `read_one`."""
    return [_checked(item, model, file, str(place)) for place, item in enumerate(read_any_yaml(file))]


def _checked(data: object, model: type[Declared], file: Path, *above: str) -> Declared:
    try:
        return model.model_validate(data)
    except ValidationError as problem:
        raise first_error(problem, model, lambda parts: line_in(file, [*above, *parts])) from None


def lessons() -> list[Lesson]:
    """Return all modules in the order of the day."""
    return [lesson(name) for name in MODULES]


@cache
def sheets() -> dict[str, Sheet]:
    """Return every sheet of the day by name."""
    return {one.name: one for module in lessons() for one in module.sheets}


def sheet(name: str) -> Sheet:
    """Return one sheet.

    Raises
    ------
    UserError
        No sheet of that name; the nearest is named.
    """
    return choose("{name}: no such sheet; {remedy}", name, sheets())


__all__ = ["FOLDER", "lesson", "lessons", "read_list", "read_module", "read_one", "sheet", "sheets"]
