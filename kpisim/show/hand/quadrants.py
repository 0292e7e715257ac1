"""Cards on four quadrants, moved by mouse, finger or keys; where a card lies is the server's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from kpisim.show.hand.countdown import CSS, HERE

if TYPE_CHECKING:
    from collections.abc import Callable


class Quadrants(anywidget.AnyWidget):
    """The four quadrants.

    Parameters
    ----------
    moved
        Called with the number of a card and the quadrant it was put into; an empty one means "by the rule again".

    Attributes
    ----------
    cards
        ``id``, ``text``, ``detail``, ``quadrant``, ``by_hand`` of each card.
    words
        Titles of the quadrants and everything else that is read.
    """

    _esm = HERE / "quadrants.js"
    _css = CSS
    cards: traitlets.List[Any] = traitlets.List().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(self, moved: Callable[[int, str], None]) -> None:
        super().__init__()
        self._moved = moved
        self.on_msg(self.heard)

    def heard(self, _widget: Any, content: Any, _buffers: Any) -> None:
        """Take a move from the page; anything else is left alone."""
        if isinstance(content, dict) and content.get("kind") == "move" and isinstance(content.get("id"), int):
            self._moved(content["id"], str(content.get("to") or ""))
            # Whatever came of it: the page holds the card where it was put until it hears this.
            self.send({"kind": "answer", "id": content["id"], "turn": content.get("turn", 0)})


__all__ = ["Quadrants"]
