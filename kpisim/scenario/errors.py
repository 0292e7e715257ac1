"""From a pydantic error to one line for a user: value, rule, remedy."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_args

from kpisim.text import Text, UserError, did_you_mean, nearest, t

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel, ValidationError

    Made = Callable[[str, str, dict[str, Any]], UserError]
    Where = str | Callable[[tuple[str, ...]], str]

LIMITS = {
    "greater_than": ("{path}: {value} is not above {limit}; give a value above {limit}", "gt"),
    "greater_than_equal": ("{path}: {value} is below {limit}; give {limit} or more", "ge"),
    "less_than": ("{path}: {value} is not below {limit}; give a value below {limit}", "lt"),
    "less_than_equal": ("{path}: {value} is above {limit}; give {limit} or less", "le"),
    "too_short": ("{path}: {value} has fewer than {limit} items; give {limit} or more", "min_length"),
    "too_long": ("{path}: more than {limit} items; give {limit} or fewer", "max_length"),
    "string_too_short": ("{path}: the text is empty; give at least {limit} character", "min_length"),
    "string_too_long": ("{path}: the text is longer than {limit} characters; shorten it", "max_length"),
}
"""Pydantic's name of a broken bound -> message and where the bound is kept."""
RANGES = {
    "greater_than_equal": "{path}: {value} is below {low}; give a value from {low} to {high}",
    "less_than_equal": "{path}: {value} is above {high}; give a value from {low} to {high}",
}
"""The same where the other bound is known too."""
KINDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "date": "a date like 2027-04-01",
    "string": "a text",
    "tuple": "a list",
    "list": "a list",
    "dict": "names with values",
    "model": "names with values",
    "finite": "a finite number",
}
"""First word of pydantic's name of a wrong kind -> what is wanted."""
OTHER_KIND = "a value of another kind"


def first_error(problem: ValidationError, model: type[BaseModel], where: Where = "") -> UserError:
    """Return the first error of `problem` as a line for users.

    Parameters
    ----------
    problem
        What pydantic raised for `model`.
    model
        The declaration that was validated; its field names are offered as remedies.
    where
        Put before the path, e.g. a file name; or what returns it, given the parts of the path.
    """
    error = _first(problem)
    context: dict[str, Any] = error.get("ctx") or {}
    loc = tuple(part for part in error["loc"] if not (isinstance(part, str) and part.startswith("function-")))
    path = ".".join(str(part) for part in loc)
    if "path" in context:
        path = ".".join(part for part in (path, str(context["path"])) if part)
    where = where if isinstance(where, str) else where(tuple(path.split(".")) if path else ())
    shown = f"{where}{t(': ')}{path}" if where and path else where or path
    value = short(error.get("input"))
    kind = error["type"]
    if kind == "extra_forbidden":
        remedy = _near_path(loc, _names_at(model, loc[:-1]))
        return UserError("{path}: unknown parameter; {remedy}", path=shown, remedy=remedy)
    if kind == "missing":
        return UserError("{path}: is missing; add it", path=shown)
    if kind in RANGES and (known := _range_at(model, loc)) is not None:
        return UserError(RANGES[kind], path=shown, value=value, low=known[0], high=known[1])
    if kind in LIMITS:
        message, key = LIMITS[kind]
        return UserError(message, path=shown, value=value, limit=context[key])
    if kind in _OWN:
        return _OWN[kind](shown, value, context)
    return _wrong_kind(shown, error.get("input"), KINDS.get(kind.split("_")[0], OTHER_KIND))


def _first(problem: ValidationError) -> Any:
    """Return the first error; where a name is missing, a name beside it that nobody knows, for that one was misspelt."""
    errors = problem.errors(include_url=False)
    first = errors[0]
    if first["type"] != "missing":
        return first
    beside = (
        one for one in errors if one["type"] == "extra_forbidden" and one["loc"][:-1] == first["loc"][:-1]
    )
    return next(beside, first)


def _literal(path: str, value: str, context: dict[str, Any]) -> UserError:
    names = [name.strip(" '") for name in str(context["expected"]).replace(" or ", ", ").split(",")]
    return UserError(
        "{path}: {value} is not one of {names}; {remedy}",
        path=path,
        value=value,
        names=", ".join(names),
        remedy=did_you_mean(value, names),
    )


def _unknown_parent(path: str, _value: str, context: dict[str, Any]) -> UserError:
    return UserError(
        "{path}: {name} names the parent {parent}, which does not exist; {remedy}",
        path=path,
        name=context["name"],
        parent=context["parent"],
        remedy=did_you_mean(context["parent"], context["known"]),
    )


_OWN: dict[str, Made] = {
    "literal_error": _literal,
    "unknown_parent": _unknown_parent,
    "cycle": lambda path, _value, context: UserError(
        "{path}: the targets {cycle} form a circle; take one parent out", path=path, cycle=context["cycle"]
    ),
    "unchangeable": lambda path, _value, context: UserError(
        "{path}: cannot change during a run; a dated change may set {sections}",
        path=path,
        sections=context["sections"],
    ),
    "outside": lambda path, _value, context: UserError(
        "{path}: {value} is no day of the run; give one from {first} to {last}",
        path=path,
        value=context["input"],
        first=context["first"],
        last=context["last"],
    ),
    "nested": lambda path, _value, context: UserError(
        "{path}: {problem}", path=path, problem=context["problem"]
    ),
    "rule": lambda path, _value, context: UserError("{path}: {rule}", path=path, rule=Text(context["rule"])),
    "kind": lambda path, _value, context: _wrong_kind(path, context["input"], KINDS[context["wanted"]]),
}
"""Errors with context of their own -> the line made of path, value and context."""


def unknown_path(path: str, part: str, holder: Any, above: list[str], known: list[str]) -> UserError:
    """Return the error for a dotted `path` that leads nowhere."""
    if isinstance(holder, dict):
        remedy = _near_name(path, part, holder, above, known)
    elif isinstance(holder, (list, tuple)) and holder:
        names = [item["name"] for item in holder if isinstance(item, dict) and "name" in item]
        options = names or [str(position) for position in range(len(holder))]
        remedy = Text("known items: {names}", None, names=", ".join(options))
    elif isinstance(holder, (list, tuple)):
        remedy = Text("{above} is an empty list; set it as a whole", None, above=".".join(above))
    else:
        remedy = Text("{above} has no parts; set it as a whole", None, above=".".join(above))
    return UserError("{path}: unknown parameter; {remedy}", path=short(path, 80), remedy=remedy)


def _near_name(path: str, part: str, holder: Any, above: list[str], known: list[str]) -> Text:
    """Return the remedy for a name unknown in `holder`: one like it there, one like it elsewhere, or all there are."""
    here = {name: ".".join([*above, name]) for name in holder}
    # The right name in the wrong section, or in none: people remember commission_rate, not where it stands.
    ends = {one.rpartition(".")[2]: one for one in reversed(known)}
    last = path.rpartition(".")[2]
    for names, name, likeness in ((ends, last, 1.0), (here, part, 0.7), (ends, last, 0.7), (here, part, 0.5)):
        near = get_close_matches(name, names, n=1, cutoff=likeness)
        if near:
            return Text("did you mean {near}?", None, near=names[near[0]])
    # Where there are sections, one of them is meant, and the list stays short.
    return did_you_mean(part, [name for name in holder if isinstance(holder[name], dict)] or holder)


def _wrong_kind(path: str, value: object, wanted: str) -> UserError:
    if not path:
        return UserError("{value} is not {wanted}; give {wanted}", value=short(value), wanted=Text(wanted))
    return UserError(
        "{path}: {value} is not {wanted}; give {wanted}", path=path, value=short(value), wanted=Text(wanted)
    )


def short(value: object, limit: int = 40) -> str:
    """Return `value` as a user wrote it, cut to `limit` signs; an empty one is made visible."""
    # YAML's words, since that is where values come from.
    words = {None: "null", True: "yes", False: "no", "": '""'}
    text = (
        words[value] if value is None or (isinstance(value, (bool, str)) and value in words) else str(value)
    )
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _near_path(loc: tuple[Any, ...], names: list[str]) -> Text:
    last = str(loc[-1])
    near = nearest(last, names)
    if near is not None:
        return Text("did you mean {near}?", None, near=".".join([*map(str, loc[:-1]), near]))
    return did_you_mean(last, names)


def _range_at(model: type[BaseModel], loc: tuple[Any, ...]) -> tuple[Any, Any] | None:
    """Return the smallest and the largest value of the parameter that `loc` leads to; None unless both count themselves."""
    holder = _model_at(model, loc[:-1])
    field = holder.model_fields.get(str(loc[-1])) if holder is not None else None
    rules = field.metadata if field is not None else ()
    low, high = (
        next((getattr(one, name) for one in rules if hasattr(one, name)), None) for name in ("ge", "le")
    )
    return None if low is None or high is None else (_plain(low), _plain(high))


def _plain(limit: Any) -> Any:
    """Return a limit as one would write it: 1000000, not 1000000.0."""
    return int(limit) if isinstance(limit, float) and limit.is_integer() else limit


def _names_at(model: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    """Return the field names of the model that `loc` leads to, as they are written in a file."""
    found = _model_at(model, loc)
    return [] if found is None else [field.alias or name for name, field in found.model_fields.items()]


def _model_at(model: type[BaseModel], loc: tuple[Any, ...]) -> type[BaseModel] | None:
    """Return the model that `loc` leads to, through lists and what may be missing; None where it is none."""
    from pydantic import BaseModel as Base  # noqa: PLC0415

    current = model
    for part in loc:
        if isinstance(part, int):
            continue
        kind: Any = current.model_fields[part].annotation if part in current.model_fields else None
        options = [kind, *get_args(kind)]
        inner = next((item for item in options if isinstance(item, type) and issubclass(item, Base)), None)
        if inner is None:
            return None
        current = inner
    return current
