"""Five words and two minutes: the clock of the calm-decision protocol, kept by the server."""

from __future__ import annotations

import time
from html import escape
from typing import TYPE_CHECKING

import ipywidgets as w

from kpisim.show.hand.countdown import Countdown
from kpisim.show.panels.form import HEADING, WIDE
from kpisim.show.panels.status import status
from kpisim.show.panels.talk import BUTTON
from kpisim.text import UserError, t

if TYPE_CHECKING:
    from kpisim.show.panels.desk import Desk

START = "calm.start"
SECONDS = 120.0


class CalmPanel:
    """Two minutes to stop, look at facts and options, ask and decide.

    Attributes
    ----------
    clock
        The time left; it runs from the moment kept on disk, so a reload loses nothing.
    box
        The widget to show.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.clock = Countdown(self.left, lambda: None, SECONDS)
        self.said, self.box = w.HTML(), w.VBox(layout=WIDE)
        self.box.add_class("kpisim-calm")
        desk.panels.append(self)
        self.draw()

    def now(self) -> float:
        """Return the server's time."""
        return time.time()

    def left(self) -> tuple[float, bool]:
        """Return the seconds left and whether the clock runs."""
        begun = self.desk.session.latest(START)
        if begun is None:
            return SECONDS, False
        left = max(SECONDS - (self.now() - float(begun)), 0.0)
        return left, left > 0

    def start(self) -> None:
        """Begin two minutes, also where others are running."""
        with self.desk.words():
            try:
                self.desk.session.keep(START, self.now())
            except UserError as problem:
                self.said.value = status("bad", problem)
                return
        self.clock.follow()

    def draw(self) -> None:
        """Write everything in the current language; the clock goes on."""
        with self.desk.words():
            self.clock.speak()
            button = w.Button(description=t("Start 2 minutes"), layout=w.Layout(**BUTTON))
            button.add_class("kpisim-calm-start")
            button.on_click(lambda _: self.start())
            words = w.HTML(f'<b style="{HEADING}">{escape(t("Stop → facts → options → ask → decide"))}</b>')
            self.box.children = [words, w.HBox([button, self.clock]), self.said]


__all__ = ["SECONDS", "START", "CalmPanel"]
