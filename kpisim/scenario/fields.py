"""How one parameter is declared: default, unit, range, meaning in zh and en, source, class of rule.

Everything that speaks of a parameter (YAML, JSON Schema, error text, ``docs/parameters.md``, widgets)
reads this one declaration.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

RuleClass = Literal["exact", "published", "assumption"]


class Section(BaseModel):
    """A frozen group of parameters; unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=False)

    @model_validator(mode="before")
    @classmethod
    def _no_yes_for_a_number(cls, data: Any) -> Any:
        """Refuse ``yes`` where a number is meant: YAML turns it into True, and True would pass as 1."""
        if isinstance(data, dict):
            for name, value in data.items():
                field = cls.model_fields.get(name)
                if isinstance(value, bool) and field is not None and field.annotation in {int, float}:
                    kind = "not_a_number"
                    raise PydanticCustomError(kind, "{name}", {"name": name, "input": value})
        return data


def par(
    default: Any,
    *,
    unit: str,
    en: str,
    zh: str,
    source: str | None = None,
    rule: RuleClass = "assumption",
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
        Class of the rule the parameter belongs to.
    **limits
        Pydantic constraints (``ge``, ``gt``, ``le``, ``lt``, ``min_length``, ``max_length``).
    """
    extra: dict[str, Any] = {"unit": unit, "zh": zh, "rule": rule}
    if source is not None:
        extra["source"] = source
    if isinstance(default, (list, dict)):
        message = "defaults are frozen: give a tuple"
        raise TypeError(message)
    return Field(default, description=en, json_schema_extra=extra, **limits)
