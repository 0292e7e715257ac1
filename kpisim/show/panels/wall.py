"""The review wall on the screen: a card a module, filled from what was saved."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import ipywidgets as w

from kpisim.course import lesson, sheets
from kpisim.course.wall import WALL, wall
from kpisim.show.panels.play import predictions
from kpisim.text import t

if TYPE_CHECKING:
    from kpisim.show.panels.desk import Desk


class WallPanel:
    """The wall: one's own lines of the day and how often one's predictions were right."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.box = w.HTML(layout=w.Layout(width="100%", max_width="min(76em, calc(100% - 4px))"))
        self.box.add_class("kpisim-wall")
        desk.panels.append(self)
        desk.follow({name for sources in WALL.values() for name, _ in sources}, self.draw)
        self.draw()

    def draw(self) -> None:
        """Write the wall in the current language."""
        with self.desk.words():
            known = sheets()
            built = wall(self.desk.filled({name for sources in WALL.values() for name, _ in sources}))
            cards = []
            for module, lines in built.items():
                said = "".join(
                    f"<li>{escape(line.text)}<br><small>◆ {escape(str(known[line.sheet].title.text()))}</small></li>"
                    for line in lines
                )
                empty = f"<p>{escape(t('Nothing saved here yet.'))}</p>"
                cards.append(
                    '<section style="flex:1 1 calc(50% - 12px);box-sizing:border-box;border:1px solid #5F6670;border-top:6px solid #0072B2;'
                    'padding:8px 14px;min-width:min(100%,220px);overflow-wrap:anywhere">'
                    f"<h3>{escape(str(lesson(module).title.text()))}</h3>"
                    + (f'<ul style="padding-left:1.2em">{said}</ul>' if said else empty)
                    + "</section>"
                )
            self.box.value = (
                f'<div style="display:flex;flex-wrap:wrap;gap:12px;line-height:1.5">{"".join(cards)}</div>'
                + self._predictions()
            )

    def _predictions(self) -> str:
        """Return how predictions went, round by round, as bars one can read without colour."""
        lines = predictions(self.desk)
        if not lines:
            return ""
        rows = "".join(
            f'<tr><th scope="row" style="text-align:left;padding:2px 12px 2px 0">{escape(title)}</th>'
            f"<td>{'●' * hits}{'○' * (asked - hits)}</td>"
            f'<td style="padding-left:12px">{escape(t("{hits} of {asked}", hits=hits, asked=asked))}</td></tr>'
            for title, hits, asked in lines
        )
        return (
            f"<h3>{escape(t('My predictions over the rounds'))}</h3>"
            f'<table style="line-height:1.6">{rows}</table>'
        )


__all__ = ["WallPanel"]
