"""A clock that the server keeps: the page asks it when it is drawn, so neither a reload nor a slow laptop loses time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from kpisim.text import t

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
CSS = HERE / "hand.css"


class Countdown(anywidget.AnyWidget):
    """The time left.

    Parameters
    ----------
    asked
        Returns the seconds left and whether the clock runs.
    over
        Called once when the page has counted down to nothing.
    whole
        Seconds at the start.

    Attributes
    ----------
    words
        State (``running``, ``late``, ``still``, ``over``) -> word beside the digits, in the reader's language.
    """

    _esm = HERE / "countdown.js"
    _css = CSS
    left = traitlets.Float(0.0).tag(sync=True)
    whole = traitlets.Float(1.0).tag(sync=True)
    running = traitlets.Bool(default_value=False).tag(sync=True)
    tick = traitlets.Int(0).tag(sync=True)
    words = traitlets.Dict().tag(sync=True)

    def __init__(
        self, asked: Callable[[], tuple[float, bool]], over: Callable[[], None], whole: float
    ) -> None:
        super().__init__(whole=whole)
        self._asked, self._over = asked, over
        self.on_msg(self.heard)
        self.follow()

    def heard(self, _widget: Any, content: Any, _buffers: Any) -> None:
        """Answer the page: it asks when it is drawn, and tells when it has counted down."""
        if isinstance(content, dict) and content.get("kind") == "over":
            self._over()
        self.follow()

    def speak(self) -> None:
        """Write the words beside the digits in the current language; the clock goes on."""
        self.words = {
            "running": t("left"),
            "late": t("left: last minute"),
            "still": t("not running"),
            "over": t("time is over"),
        }
        self.follow()

    def follow(self) -> None:
        """Tell the page the time left now."""
        left, running = self._asked()
        with self.hold_sync():
            self.left, self.running = left, running
            self.tick += 1


__all__ = ["CSS", "HERE", "Countdown"]
