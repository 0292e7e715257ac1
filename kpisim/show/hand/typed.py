"""What somebody is typing stays, whatever another sheet fills in at that moment."""

from __future__ import annotations

import anywidget
import ipywidgets as w

from kpisim.show.hand.countdown import HERE


class TypedStays(anywidget.AnyWidget):
    """Nothing to see: it holds values from elsewhere back from a text field until the field is left.

    One a page is enough; it looks after all of the window's fields.
    """

    _esm = HERE / "typed.js"

    def __init__(self) -> None:
        super().__init__(layout=w.Layout(display="none"))


__all__ = ["TypedStays"]
