"""The week as a grid of boxes, moved by mouse, finger or keys; where a box lies is the server's to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from kpisim.show.hand.countdown import CSS, HERE

if TYPE_CHECKING:
    from collections.abc import Callable


class WeekGrid(anywidget.AnyWidget):
    """A week.

    Parameters
    ----------
    moved
        Called with the number of a box, the day and the hour it was put to.

    Attributes
    ----------
    days
        ``name``, ``title``, ``date``, ``off``, ``full`` of each day.
    boxes
        ``id``, ``day``, ``start``, ``hours``, ``kind``, ``text``, ``clash`` of each box.
    words
        Everything else that is read.
    """

    _esm = HERE / "week.js"
    _css = CSS
    days: traitlets.List[Any] = traitlets.List().tag(sync=True)
    boxes: traitlets.List[Any] = traitlets.List().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(self, moved: Callable[[int, str, float], None]) -> None:
        super().__init__()
        self._moved = moved
        self.on_msg(self.heard)

    def heard(self, _widget: Any, content: Any, _buffers: Any) -> None:
        """Take a move from the page; anything else is left alone."""
        if not isinstance(content, dict) or content.get("kind") != "move":
            return
        place, start = content.get("id"), content.get("start")
        if isinstance(place, int) and isinstance(start, (int, float)):
            self._moved(place, str(content.get("day") or ""), float(start))
            # Whatever came of it: the page holds the box where it was put until it hears this.
            self.send({"kind": "answer", "id": place, "turn": content.get("turn", 0)})


__all__ = ["WeekGrid"]
