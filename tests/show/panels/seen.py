"""What tests of panels look for in a box of widgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as w

if TYPE_CHECKING:
    from collections.abc import Iterator


def every(box: Any) -> Iterator[Any]:
    """Yield a widget and everything in it."""
    yield box
    for child in getattr(box, "children", ()):
        yield from every(child)


def found(box: Any, name: str) -> Any:
    """Return the widget with a class, anywhere in a box; None where there is none."""
    return next((one for one in every(box) if name in getattr(one, "_dom_classes", ())), None)


def said(box: Any) -> str:
    """Return everything that a box says."""
    return " ".join(str(one.value) for one in every(box) if isinstance(one, w.HTML))
