"""One cell of a sheet as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpisim.sheets.check import printable
from kpisim.text import t

if TYPE_CHECKING:
    from kpisim.sheets.declared import Field


def shown(field: Field, value: Any) -> str:
    """Return one cell as people read it."""
    if value is None:
        return ""
    if field.kind == "choice":
        return next((str(one.label.text()) for one in field.choices if one.value == value), str(value))
    if field.kind == "flag":
        return t("yes") if value else ""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return f"{value:,.15g}" if number else printable(str(value))


def label(field: Field) -> str:
    """Return what a field asks for, and whether it may stay empty; a name for a task handed over may not.

    A box that is not ticked says no, so of that nothing need be said.
    """
    needed = field.required or field.rule == "delegated" or field.kind == "flag"
    asked = str(field.label.text())
    if needed:
        return asked
    # One pair of brackets, not two in a row.
    return asked[:-1] + t("; optional)") if asked.endswith((")", "）")) else asked + t(" (optional)")


__all__ = ["label", "shown"]
