"""Goals and targets in files that people write: JSON or YAML, a list with one entry each."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any

from kpisim.kpi.goals.cascade import LEVELS
from kpisim.kpi.goals.goal import Goal
from kpisim.kpi.window import as_date
from kpisim.text import UserError, did_you_mean


def read_list(path: str | Path) -> list[Any]:
    """Return the list that a JSON or (any other ending) YAML file holds.

    Raises
    ------
    UserError
        No such file, not readable as what its ending says, or no list.
    """
    import yaml  # noqa: PLC0415

    file = Path(path)
    is_json = file.suffix.lower() == ".json"
    try:
        text = file.read_text(encoding="utf-8-sig")
        # JSON is a part of YAML, but not its escaped surrogates.
        content = json.loads(text) if is_json else yaml.safe_load(text)
    except OSError:
        raise UserError("{path}: no such file; check the path", path=file) from None
    except (ValueError, yaml.YAMLError):
        form = "JSON" if is_json else "YAML"
        raise UserError("{path}: cannot be read as {form}; correct the file", path=file, form=form) from None
    if not isinstance(content, list):
        raise UserError("{path}: does not hold a list; write one entry for each goal or target", path=file)
    return content


def read_goals(path: str | Path) -> list[Goal]:
    """Return the goals of a JSON or YAML file; an entry is a text, or the fields of :class:`Goal`.

    Raises
    ------
    UserError
        A file that cannot be read, an unknown field, or a value of the wrong kind.
    """
    return [_goal(item, f"{path}: {place}") for place, item in enumerate(read_list(path), 1)]


def _goal(item: Any, place: str) -> Goal:
    if isinstance(item, str):
        return Goal(item)
    known = [field.name for field in fields(Goal)]
    if not isinstance(item, dict):
        raise UserError(
            "{place}: {value} is not a goal; write a text or the fields {fields}",
            place=place,
            value=str(item)[:60],
            fields=", ".join(known),
        )
    cells: dict[str, Any] = {}
    for name, value in item.items():
        if name not in known:
            raise UserError(
                "{place}: {name} is no field of a goal; {remedy}",
                place=place,
                name=str(name),
                remedy=did_you_mean(str(name), known),
            )
        if value is None:
            continue
        if name in {"target", "weight"}:
            cells[name] = _number(value, f"{place}: {name}")
        elif name == "due":
            cells[name] = as_date(value if isinstance(value, date) else str(value), f"{place}: {name}")
        else:
            cells[name] = str(value)
    level = cells.get("level", "company")
    if level not in LEVELS:
        raise UserError(
            "{place}: level {value} is unknown; write one of {names}",
            place=place,
            value=level,
            names=", ".join(LEVELS),
        )
    return Goal(**cells)


def _number(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise UserError("{name}: {value} is not a number; give one", name=place, value=value)
    return float(value)


__all__ = ["read_goals", "read_list"]
