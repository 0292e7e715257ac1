"""One line that says how something went, as every panel says it: a sign, a colour, and the words that a screen reader reads out."""

from __future__ import annotations

from html import escape
from typing import Literal

from kpisim.show.theme import GREEN, ORANGE, RED

How = Literal["good", "left", "bad", "plain"]
TOLD: dict[str, tuple[str, str]] = {
    "good": ("✓ ", GREEN),
    "left": ("▲ ", ORANGE),
    "bad": ("■ ", RED),
    "plain": ("", "inherit"),
}
"""Sign and colour: done and whole, something left to mend, not done, neither."""


def status(how: How, *lines: object, below: str = "") -> str:
    """Return the lines as HTML; nothing where there are no words.

    Parameters
    ----------
    how
        What it says: ``good``, ``left`` (something to mend), ``bad`` or ``plain``.
    lines
        Words, a line each; they are escaped here.
    below
        HTML that is read out with them, in the colour of text.
    """
    words = "<br>".join(escape(str(line)) for line in lines if str(line))
    if not words and not below:
        return ""
    sign, colour = TOLD[how]
    return f'<div role="status" style="color:{colour};line-height:1.5;overflow-wrap:anywhere">{sign}{words}{below}</div>'


__all__ = ["TOLD", "How", "status"]
