"""How one parameter is declared: default, unit, range, meaning in zh and en, source, class of rule.

Everything that speaks of a parameter (YAML, JSON Schema, error text, ``docs/parameters.md``, widgets)
reads this one declaration.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from collections.abc import Iterator

RuleClass = Literal["exact", "published", "assumption"]


class Section(BaseModel):
    """A frozen group of parameters; unknown names are refused."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=False
    )

    @model_validator(mode="before")
    @classmethod
    def _no_yes_for_a_number(cls, data: Any) -> Any:
        """Refuse ``yes`` for a number, which would pass as 1, and a number for a date, as seconds since 1970."""
        if isinstance(data, dict):
            for name, value in data.items():
                for place, wrong, wanted in _wrong_kinds(value, _kinds(cls, name), str(name)):
                    raise PydanticCustomError(
                        "kind", "{path}", {"path": place, "input": wrong, "wanted": wanted}
                    )
        return data


@cache
def _kinds(section: type[Section], name: str) -> frozenset[Any]:
    """Return the plain types that a parameter may have."""
    field = section.model_fields.get(name)
    return frozenset(_leaves(field.annotation if field else None))


def _wrong_kinds(value: Any, kinds: frozenset[Any], place: str) -> Iterator[tuple[str, Any, str]]:
    """Yield what pydantic would quietly turn into something else: place, value and the kind that is wanted."""
    if isinstance(value, (list, tuple)):
        for position, item in enumerate(value):
            yield from _wrong_kinds(item, kinds, f"{place}.{position}")
    elif isinstance(value, bool) and kinds & {int, float} and bool not in kinds:
        yield place, value, "float"
    elif isinstance(value, (bool, int, float)) and date in kinds:
        yield place, value, "date"


def _leaves(wanted: Any) -> Iterator[Any]:
    """Yield the plain types inside an annotation such as ``tuple[Annotated[float, …], ...] | None``."""
    if get_origin(wanted) is Annotated:
        wanted = get_args(wanted)[0]
    if parts := get_args(wanted):
        for part in parts:
            yield from _leaves(part)
    elif isinstance(wanted, type):
        yield wanted


def broken(path: str, rule: str) -> PydanticCustomError:
    """Return the error of a rule that spans several values.

    Parameters
    ----------
    path
        The field to mend, below the section that holds the rule.
    rule
        What must hold and how to mend it, in English; a key of the catalogue.
    """
    return PydanticCustomError("rule", "{path}: {rule}", {"path": path, "rule": rule})


def par(
    default: Any,
    *,
    unit: str,
    en: str,
    zh: str,
    source: str | None = None,
    rule: RuleClass = "assumption",
    plausible: tuple[float, float] | None = None,
    **limits: Any,
) -> Any:
    """Declare one parameter.

    Parameters
    ----------
    default
        The value where a scenario says nothing.
    unit
        Unit as shown to users, e.g. ``"h/day"``, ``"share"``, ``"count"``, ``"money"``.
    en, zh
        One-line meaning in English and Chinese.
    source
        Where the default or the rule comes from; None means a design choice of ours.
    rule
        What the default, or the choice that the parameter is, rests on.  A size of ours in an exact rule is an assumption:
        only assumptions are varied by ``kpisim sensitivity``.
    plausible
        Between which values it may well lie; ``kpisim sensitivity`` varies it over these.  None leaves that to a share of
        the scenario's own value.
    **limits
        Pydantic constraints (``ge``, ``gt``, ``le``, ``lt``, ``min_length``, ``max_length``).
    """
    extra: dict[str, Any] = {"unit": unit, "zh": zh, "rule": rule}
    if source is not None:
        extra["source"] = source
    if plausible is not None:
        extra["plausible"] = list(plausible)
    if type(default) in {list, dict}:
        message = "defaults are frozen: give a tuple"
        raise TypeError(message)
    return Field(default, description=en, json_schema_extra=extra, **limits)
