"""Text in a terminal's cells: Chinese signs take two, combining marks none."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


_HAN = r"[\u3000-\u9fff\uff00-\uffef]"
_GAP = {blank: re.compile(f"(?<={_HAN}){gap}(?={_HAN})") for blank, gap in {" ": " +", "\n": "\n"}.items()}


def without_gaps(text: str, blank: str) -> str:
    """Return `text` without the blanks, or the single breaks of line, that stand between two Chinese signs.

    Two breaks begin a paragraph and stay.
    """
    return _GAP[blank].sub("", text)


def width(text: str) -> int:
    """Return how many cells `text` takes."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


def pad(text: str, size: int, *, right: bool = False) -> str:
    """Return `text` filled with blanks to `size` cells, standing on the left or on the `right`."""
    gap = " " * (size - width(text))
    return gap + text if right else text + gap


def markdown_row(cells: Sequence[str]) -> str:
    """Return a row of a table in Markdown."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def align(rows: Sequence[Sequence[str]], right: Sequence[bool]) -> list[str]:
    """Return rows as lines with columns in line; `right` says which columns stand on the right."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(right))]
    return [
        "  ".join(
            pad(text, size, right=side) for text, size, side in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in rows
    ]
