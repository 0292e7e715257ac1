"""Every parameter as declared: path, default, unit, range, meaning, class and source, for whoever lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast, get_args, get_origin

from kpisim.scenario.fields import Section
from kpisim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

    from kpisim.scenario.fields import RuleClass


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter.

    Attributes
    ----------
    path
        Dotted path; ``*`` stands for the position or the name of a list's item.
    default
        Value where a scenario says nothing.
    unit, en, zh, rule, source
        As given to `kpisim.scenario.fields.par`; ``source`` is ``""`` for a choice of ours.
    low, high
        Bounds of the number, the date, or each number in the list; None where there is none.
    low_open, high_open
        Whether the bound itself is left out.
    fewest, most
        Bounds of the number of items, or of characters.
    choices
        Allowed words, where there are only some.
    annotation
        Type in the declaration.
    plausible
        Between which values a number may well lie, where the declaration says so.
    """

    path: str
    default: Any
    unit: str
    en: str
    zh: str
    rule: RuleClass
    source: str
    low: Any
    high: Any
    low_open: bool
    high_open: bool
    fewest: int | None
    most: int | None
    choices: tuple[str, ...]
    annotation: Any
    plausible: tuple[float, float] | None = None

    @property
    def numeric(self) -> bool:
        """Whether the value is a number or a list of numbers."""
        return bool({int, float} & set(_leaves(self.annotation)))

    @property
    def item(self) -> type[Section] | None:
        """The declaration of the section, or of each item of the list; None for a plain value."""
        return next((leaf for leaf in _leaves(self.annotation) if _is_section(leaf)), None)


def parameters(model: type[Section] = Scenario, prefix: str = "") -> list[Parameter]:
    """Return every parameter below `model` in the order of declaration, sections before their fields.

    Parameters
    ----------
    model
        Where to begin.
    prefix
        Put before each path, e.g. ``"team."``.
    """
    found: list[Parameter] = []
    for name, field in model.model_fields.items():
        one = _parameter(f"{prefix}{name}", field)
        found.append(one)
        if one.item is not None:
            star = "" if _is_section(field.annotation) else "*."
            found += parameters(one.item, f"{one.path}.{star}")
    return found


def _parameter(path: str, field: FieldInfo) -> Parameter:
    extra = field.json_schema_extra
    assert isinstance(extra, dict), f"{path}: declare it with par()"
    bounds: dict[str, Any] = {}
    for limit in (*_limits(field.annotation), *field.metadata):
        for key in ("ge", "gt", "le", "lt", "min_length", "max_length"):
            if getattr(limit, key, None) is not None:
                bounds[key] = getattr(limit, key)
    return Parameter(
        path=path,
        default=field.default,
        unit=str(extra["unit"]),
        en=field.description or "",
        zh=str(extra["zh"]),
        rule=cast("RuleClass", extra["rule"]),
        source=str(extra.get("source", "")),
        low=bounds.get("gt", bounds.get("ge")),
        high=bounds.get("lt", bounds.get("le")),
        low_open="gt" in bounds,
        high_open="lt" in bounds,
        fewest=bounds.get("min_length"),
        most=bounds.get("max_length"),
        choices=get_args(field.annotation) if get_origin(field.annotation) is Literal else (),
        annotation=field.annotation,
        plausible=_pair(extra.get("plausible")),
    )


def _pair(ends: Any) -> tuple[float, float] | None:
    return None if ends is None else (float(ends[0]), float(ends[1]))


def _limits(annotation: Any) -> Iterator[Any]:
    """Yield the bounds set on the items of a list."""
    if get_origin(annotation) is Annotated:
        for one in annotation.__metadata__:
            yield from getattr(one, "metadata", ())
    for part in get_args(annotation):
        yield from _limits(part)


def _leaves(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    parts = get_args(annotation)
    if not parts or get_origin(annotation) is Literal:
        yield annotation
    for part in parts:
        yield from _leaves(part)


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Section)


__all__ = ["Parameter", "parameters"]
