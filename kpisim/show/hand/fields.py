"""What the widget library leaves out for fields: words being typed stay, and a slider says what it is asked for."""

from __future__ import annotations

from typing import Any, TypeVar

import anywidget
import ipywidgets as w

from kpisim.show.hand.countdown import HERE

_Field = TypeVar("_Field", bound=w.DOMWidget)
NAMED = "kpisim-named"
UNSEEN = (
    f".{NAMED} > .widget-label {{ position: absolute; width: 1px; min-width: 0; height: 1px; margin: 0; overflow: hidden; "
    "clip-path: inset(50%); white-space: nowrap; } "
)
"""Style of a name that only screen readers read: the question stands above the field, for all to see."""


class Fields(anywidget.AnyWidget):
    """Nothing to see: a script for the text fields and sliders of the whole window; one a page is enough.

    It holds values from elsewhere back from a text field until the field is left, and gives a slider's handle its name.
    """

    _esm = HERE / "fields.js"

    def __init__(self) -> None:
        super().__init__(layout=w.Layout(display="none"))


def named_field(field: _Field, question: str) -> _Field:
    """Give a field the question above it as its name, for those who hear the page; return the field.

    A question in a widget of its own is a text beside others: a screen reader would say "edit, blank" and no more.

    Parameters
    ----------
    field
        A text field, list, date, slider, or buttons to choose from.
    question
        What stands above it.
    """
    made: Any = field
    if isinstance(field, w.ToggleButtons):
        options = [one if isinstance(one, tuple) else (str(one), one) for one in made.options]
        made.tooltips = [f"{question} {label}" for label, _ in options]
    else:
        made.description = question
        made.style.description_width = "0px"
        made.add_class(NAMED)
    return field


__all__ = ["NAMED", "UNSEEN", "Fields", "named_field"]
