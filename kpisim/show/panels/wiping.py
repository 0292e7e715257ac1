"""Everything one has entered, deleted with one click and one answer: nothing lost by a slip, nothing kept against a wish."""

from __future__ import annotations

from html import escape
from time import monotonic
from typing import TYPE_CHECKING

import ipywidgets as w

from kpisim.show.panels.desk import desk
from kpisim.show.panels.status import status
from kpisim.show.panels.talk import BUTTON
from kpisim.text import UserError, t

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.show.panels.desk import Desk


READ = 0.7
"""Seconds that a question is read at least: a second click of a double click answers nothing."""


class WipePanel:
    """A button that deletes this participant's entries, private ones too, after it has been answered that it is meant.

    Files that were taken home are one's own and stay.  The other panels leave the page with what they held; pages that are
    open beside it keep nothing any more and say so as soon as somebody goes on there.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.asked, self.since, self.pause = False, 0.0, READ
        self.gone: int | None = None
        self.problem = ""
        self.box = w.VBox()
        desk.panels.append(self)
        self.draw()

    def draw(self) -> None:
        """Write the button, the question or what was done in the current language."""
        with self.desk.words():
            if self.gone is not None:
                self.box.children = [w.HTML(status("good", self._done(self.gone)))]
                return
            lines: list[w.Widget] = [w.HTML(f"<p>{escape(self._what())}</p>")]
            if self.asked:
                lines.append(
                    w.HTML(
                        status(
                            "left",
                            t(
                                "Really delete everything? Take your sheets home first if you want to keep them."
                            ),
                        )
                    )
                )
                lines.append(
                    w.HBox(
                        [
                            # First what loses nothing.
                            self._button(t("No, keep it"), "no", self.keep),
                            self._button(t("Yes, delete it all"), "yes", self.answer),
                        ],
                        layout=w.Layout(flex_flow="row wrap"),
                    )
                )
            else:
                lines.append(self._button(t("Delete everything I entered"), "ask", self.ask))
            if self.problem:
                lines.append(w.HTML(status("bad", self.problem)))
            self.box.children = lines

    def ask(self) -> None:
        """Ask whether it is meant."""
        self.asked, self.problem, self.since = True, "", monotonic()
        self.draw()

    def answer(self) -> None:
        """Delete it, unless the answer came so soon that nobody can have read the question."""
        if monotonic() - self.since >= self.pause:
            self.wipe()

    def keep(self) -> None:
        """Take the question back."""
        self.asked = False
        self.draw()

    def wipe(self) -> None:
        """Delete it, and say how much is gone."""
        with self.desk.words():
            try:
                self.gone = self.desk.session.wipe()
                self.desk.clear(self)
            except UserError as problem:
                self.problem = str(problem)
        self.asked = False
        self.draw()

    def _what(self) -> str:
        return t(
            "Sheets, drafts, decisions, role plays and what is private are deleted from this session for good; nobody can bring "
            "them back. Files already taken home stay."
        )

    def _done(self, gone: int) -> str:
        return t(
            "{count} entries are deleted. Other pages of the day that are still open keep nothing any more: close them.",
            count=gone,
        )

    def _button(self, text: str, name: str, act: Callable[[], None]) -> w.Button:
        made = w.Button(description=text, layout=w.Layout(**BUTTON))
        made.add_class(f"kpisim-wipe-{name}")
        made.on_click(lambda _: act())
        return made


def wipe() -> w.VBox:
    """Return the button that deletes what this kernel's participant entered."""
    return WipePanel(desk()).box


__all__ = ["WipePanel", "wipe"]
