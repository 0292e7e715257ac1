"""Goals and targets in files that people write: JSON or YAML, a list with one entry each."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from kpisim.kpi.goals.cascade import LEVELS
from kpisim.kpi.goals.goal import Goal
from kpisim.kpi.registry import kpi_with
from kpisim.kpi.window import as_date
from kpisim.scenario.library import read_any_yaml
from kpisim.text import Text, UserError, did_you_mean, t

if TYPE_CHECKING:
    from collections.abc import Collection


LONGEST = 60
"""Most signs that a message quotes of what somebody typed."""


def read_entries(path: str | Path) -> list[tuple[str, Any]]:
    """Return the entries of the list that a JSON or (any other ending) YAML file holds, each with its place in words.

    Raises
    ------
    UserError
        No such file, not readable as what its ending says, or no list.
    """
    file = Path(path)
    is_json = file.suffix.lower() == ".json"
    content = _read_json(file) if is_json else read_any_yaml(file)
    if not isinstance(content, list):
        raise UserError(
            "{path}: does not hold a list; begin each entry on a line of its own with a hyphen", path=file
        )
    lines = [] if is_json else lines_of(file)
    places = (
        t("{file}, line {line}", file=file.name, line=line) for line in lines
    ) if len(lines) == len(content) else (f"{file.name}: {place}" for place in range(1, len(content) + 1))  # fmt: skip
    return list(zip(places, content, strict=True))


def lines_of(file: Path) -> list[int]:
    """Return the line, from 1, on which each entry of a YAML list begins."""
    node: Any = yaml.compose(file.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    return [int(one.start_mark.line) + 1 for one in node.value]


def _read_json(file: Path) -> Any:
    try:
        # JSON is a part of YAML, but not its escaped surrogates.
        return json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError:
        raise UserError("{path}: no such file; check the path", path=file) from None
    except ValueError:
        raise UserError(
            "{path}: cannot be read as {form}; correct the file", path=file, form="JSON"
        ) from None


_STRANGE = Text("{place}: {name} is no field here; {remedy}")
_STRANGE_GOAL = Text("{place}: {name} is no field of a goal; {remedy}")


def fields_of(
    item: Any, place: str, known: Collection[str], must: Collection[str] = (), strange: Text = _STRANGE
) -> dict[str, Any]:
    """Return what an entry says by field, fields that say nothing left out.

    Parameters
    ----------
    item, place
        The entry as read, and where it stands in words.
    known, must
        Fields there may be, and those that must say something.
    strange
        What is said of an unknown field.

    Raises
    ------
    UserError
        Not an entry, a field that is unknown, or one that must be there and says nothing.
    """
    if not isinstance(item, dict):
        raise UserError("{place}: {value} is not an entry; write the fields {fields}", place=place, value=str(item)[:LONGEST],
                        fields=", ".join(known))  # fmt: skip
    for name in item:
        if name not in known:
            raise UserError(
                strange.en,
                place=place,
                name=str(name),
                remedy=did_you_mean(str(name), known),
            )
    cells = {str(name): value for name, value in item.items() if value is not None and str(value).strip()}
    for name in must:
        if name not in cells:
            raise UserError("{place}: {name} is missing; every entry says {fields}", place=place, name=name,
                            fields=", ".join(must))  # fmt: skip
    return cells


def words_of(item: Any, place: str, known: Collection[str], must: Collection[str] = ()) -> dict[str, str]:
    """Return an entry of a file that people write as words by field; dates as they are written."""
    return {name: str(value).strip() for name, value in fields_of(item, place, known, must).items()}


def read_goals(path: str | Path) -> list[Goal]:
    """Return the goals of a JSON or YAML file; an entry is a text, or the fields of :class:`Goal`.

    Raises
    ------
    UserError
        A file that cannot be read, an unknown field, or a value of the wrong kind.
    """
    return [_goal(item, place) for place, item in read_entries(path)]


def _goal(item: Any, place: str) -> Goal:
    if isinstance(item, str):
        return Goal(item)
    known = [field.name for field in fields(Goal)]
    if not isinstance(item, dict):
        raise UserError(
            "{place}: {value} is not a goal; write a text or the fields {fields}",
            place=place,
            value=str(item)[:LONGEST],
            fields=", ".join(known),
        )
    cells = fields_of(item, place, known, strange=_STRANGE_GOAL)
    for name, value in cells.items():
        if name in {"target", "weight"}:
            cells[name] = number_of(value, f"{place}: {name}")
        elif name == "due":
            cells[name] = as_date(value if isinstance(value, date) else str(value), f"{place}: {name}")
        else:
            cells[name] = str(value)
    if "kpi" in cells:
        kpi_with(cells["kpi"], cells.get("target", 0.0), lambda _: place)
    level = cells.get("level", "company")
    if level not in LEVELS:
        raise UserError(
            "{place}: level {value} is unknown; write one of {names}",
            place=place,
            value=level,
            names=", ".join(LEVELS),
        )
    return Goal(**cells)


def number_of(value: Any, place: str) -> float:
    """Return a number that a file gives.

    Raises
    ------
    UserError
        Not a number, not a finite one, or a whole number too long for one.
    """
    try:
        if not isinstance(value, bool) and isinstance(value, int | float) and isfinite(value):
            return float(value)
    except OverflowError:
        pass
    said = str(value)
    raise UserError(
        "{name}: {value} is not a number; give one",
        name=place,
        value=said if len(said) <= LONGEST else said[: LONGEST - 1] + "…",
    )


__all__ = ["fields_of", "lines_of", "number_of", "read_entries", "read_goals", "words_of"]
