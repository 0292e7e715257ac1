"""From a pydantic error to one line for a user: value, rule, remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from kpisim.text import Text, UserError, did_you_mean, nearest

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

_LIMITS = {
    "greater_than": ("{path}: {value} is not above {limit}; give a value above {limit}", "gt"),
    "greater_than_equal": ("{path}: {value} is below {limit}; give {limit} or more", "ge"),
    "less_than": ("{path}: {value} is not below {limit}; give a value below {limit}", "lt"),
    "less_than_equal": ("{path}: {value} is above {limit}; give {limit} or less", "le"),
    "too_short": ("{path}: {value} has fewer than {limit} items; give {limit} or more", "min_length"),
    "too_long": ("{path}: more than {limit} items; give {limit} or fewer", "max_length"),
    "string_too_short": ("{path}: the text is empty; give at least {limit} character", "min_length"),
    "string_too_long": ("{path}: the text is longer than {limit} characters; shorten it", "max_length"),
}
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "bool": "yes or no",
    "date": "a date like 2027-04-01",
    "string": "a text",
    "tuple": "a list",
    "list": "a list",
    "dict": "names with values",
    "model": "names with values",
    "finite": "a finite number",
}


def first_error(problem: ValidationError, model: type[BaseModel], where: str = "") -> UserError:
    """Return the first error of `problem` as a line for users.

    Parameters
    ----------
    problem
        What pydantic raised for `model`.
    model
        The declaration that was validated; its field names are offered as remedies.
    where
        Put before the path, e.g. a file name.
    """
    error = problem.errors(include_url=False)[0]
    context: dict[str, Any] = error.get("ctx") or {}
    loc = tuple(part for part in error["loc"] if not (isinstance(part, str) and part.startswith("function-")))
    path = ".".join(str(part) for part in loc)
    if "path" in context:
        path = ".".join(part for part in (path, str(context["path"])) if part)
    shown = f"{where}: {path}" if where else path
    value = _short(error.get("input"))
    kind = error["type"]
    if kind == "extra_forbidden":
        names = _names_at(model, loc[:-1])
        return UserError("{path}: unknown parameter; {remedy}", path=shown, remedy=_near_path(loc, names))
    if kind in _LIMITS:
        message, key = _LIMITS[kind]
        return UserError(message, path=shown, value=value, limit=context[key])
    if kind == "literal_error":
        return UserError(
            "{path}: {value} is not one of {names}; {remedy}",
            path=shown,
            value=value,
            names=str(context["expected"]).replace(" or ", ", ").replace("'", ""),
            remedy=_choose(value, str(context["expected"])),
        )
    if kind == "cycle":
        return UserError(
            "{path}: the targets {cycle} form a circle; take one parent out", path=shown, cycle=context["cycle"]
        )
    if kind == "unknown_parent":
        return UserError(
            "{path}: {name} names the parent {parent}, which does not exist; {remedy}",
            path=shown,
            name=context["name"],
            parent=context["parent"],
            remedy=did_you_mean(context["parent"], context["known"]),
        )
    if kind == "unchangeable":
        return UserError(
            "{path}: cannot change during a run; a dated change may set {sections}",
            path=shown,
            sections=context["sections"],
        )
    if kind == "nested":
        inner: UserError = context["problem"]
        return UserError("{path}: {problem}", path=shown, problem=inner)
    if kind == "rule":
        return UserError("{path}: {rule}", path=shown, rule=Text(context["rule"]))
    if kind == "not_a_number":
        return _wrong_kind(f"{shown}.{context['name']}" if shown else context["name"], context["input"], "a number")
    stem = kind.split("_")[0]
    return _wrong_kind(shown, error.get("input"), _KINDS.get(stem, "a value of another kind"))


def unknown_path(path: str, part: str, holder: Any, above: list[str], known: list[str]) -> UserError:
    """Return the error for a dotted `path` that leads nowhere."""
    if isinstance(holder, dict):
        near = nearest(part, holder)
        if near is not None:
            remedy: Text = Text("did you mean {near}?", None, near=".".join([*above, near]))
        else:
            remedy = did_you_mean(path, known)
    elif isinstance(holder, (list, tuple)):
        names = [item["name"] for item in holder if isinstance(item, dict) and "name" in item]
        options = names or [str(position) for position in range(len(holder))]
        remedy = Text("known items: {names}", None, names=", ".join(options) or "0")
    else:
        remedy = Text("{above} has no parts; set it as a whole", None, above=".".join(above))
    return UserError("{path}: unknown parameter; {remedy}", path=path, remedy=remedy)


def _wrong_kind(path: str, value: object, wanted: str) -> UserError:
    return UserError("{path}: {value} is not {wanted}; give {wanted}", path=path, value=_short(value), wanted=Text(wanted))


def _short(value: object, limit: int = 40) -> str:
    text = str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _near_path(loc: tuple[Any, ...], names: list[str]) -> Text:
    last = str(loc[-1])
    near = nearest(last, names)
    if near is not None:
        return Text("did you mean {near}?", None, near=".".join([*map(str, loc[:-1]), near]))
    return did_you_mean(last, names)


def _choose(value: str, expected: str) -> Text:
    names = [name.strip(" '") for name in expected.replace(" or ", ", ").split(",")]
    return did_you_mean(value, names)


def _names_at(model: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    """Return the field names of the model that `loc` leads to."""
    from pydantic import BaseModel as Base  # noqa: PLC0415

    current = model
    for part in loc:
        if isinstance(part, int):
            continue
        kind: Any = current.model_fields[part].annotation if part in current.model_fields else None
        options = [kind, *get_args(kind)]
        inner = next((item for item in options if isinstance(item, type) and issubclass(item, Base)), None)
        if inner is None:
            return []
        current = inner
    return list(current.model_fields)
