"""A sheet whose rows lie on a grid where a hand moves them; what a move changes is kept before the screen says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as w

from kpisim.course import sheet
from kpisim.show.panels.status import status
from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpisim.show.panels.desk import Desk


class HandPanel:
    """Rows of a sheet on a grid.

    Parameters
    ----------
    desk
        The participant's desk.
    name, also
        The sheet that is moved on the grid, and others that the grid shows.
    grid
        The widget for the hand.

    Attributes
    ----------
    rows
        Rows of the sheet as saved.
    box
        The widget to show.
    """

    def __init__(self, desk: Desk, name: str, grid: w.DOMWidget, also: Sequence[str] = ()) -> None:
        self.desk, self.sheet = desk, sheet(name)
        self.rows: list[dict[str, Any]] = []
        self.head, self.said = w.HTML(), w.HTML()
        self.box = w.VBox([self.head, grid, self.said], layout=w.Layout(width="100%", max_width="76em"))
        desk.panels.append(self)
        desk.follow([name, *also], self.draw)
        self.draw()

    def keep(self, rows: list[dict[str, Any]]) -> None:
        """Keep the rows as a move left them; saving draws the grid anew, here and wherever the sheet is shown."""
        with self.desk.words():
            try:
                self.desk.keep(self.sheet, rows)
            except UserError as problem:
                self.said.value = status("bad", problem)
                return
            self.said.value = ""

    def draw(self) -> None:
        """Write everything in the current language; what lies on the grid stays."""
        raise NotImplementedError


__all__ = ["HandPanel"]
