"""Pieces of HTML: escaped text, sections, tables.  Nothing here knows what a report is about."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kpisim.show import Picture

Align = Literal["text", "number", "word"]


@dataclass(frozen=True)
class Block:
    """A piece of the report; Jupyter shows it where its cell is run.

    Attributes
    ----------
    html
        Ready HTML; whatever came from a user is escaped in it.
    """

    html: str

    def _repr_html_(self) -> str:
        return self.html


def section(name: str, heading: str, *parts: str) -> Block:
    """Return a section with an anchor for the table of contents; empty parts are left out."""
    body = "\n".join(part for part in parts if part)
    return Block(
        f'<section aria-labelledby="{name}"><h2 id="{name}">{escape(heading)}</h2>\n{body}</section>'
    )


def paragraph(text: str, kind: str = "") -> str:
    """Return a paragraph of escaped text."""
    return f'<p class="{kind}">{escape(text)}</p>' if kind else f"<p>{escape(text)}</p>"


def items(texts: Iterable[str], *, ordered: bool = False) -> str:
    """Return a list of escaped texts."""
    tag = "ol" if ordered else "ul"
    return f"<{tag}>" + "".join(f"<li>{escape(text)}</li>" for text in texts) + f"</{tag}>"


def table(
    caption: str, heads: Sequence[tuple[str, Align]], rows: Iterable[Sequence[str | Wide | Named]]
) -> str:
    """Return a table; the first cell of each row is its heading.

    Parameters
    ----------
    caption
        What the table shows.
    heads
        Column names and what the column holds: running text, numbers, or a word that must not break.
    rows
        Cells; a :class:`Wide` cell takes all columns that are left, a :class:`Named` one has a line of detail.
    """
    head = "".join(f'<th scope="col"{_class(align)}>{escape(name)}</th>' for name, align in heads)
    lines = []
    for row in rows:
        cells = []
        for place, cell in enumerate(row):
            if isinstance(cell, Wide):
                cells.append(f'<td class="why" colspan="{len(heads) - place}">{escape(cell.text)}</td>')
                break
            text = (
                f"{escape(cell.text)}<small>{escape(cell.detail)}</small>"
                if isinstance(cell, Named)
                else escape(cell)
            )
            # A row to be filled in by hand has no heading yet, and a heading without a word is none.
            tag, scope = ("th", ' scope="row"') if place == 0 and text else ("td", "")
            cells.append(f"<{tag}{scope}{_class(heads[place][1])}>{text}</{tag}>")
        lines.append("<tr>" + "".join(cells) + "</tr>")
    return (
        f'<div class="wide"><table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>\n{chr(10).join(lines)}\n</tbody></table></div>"
    )


@dataclass(frozen=True)
class Wide:
    """A cell of words that takes all columns left, e.g. the reason why there is no number."""

    text: str


@dataclass(frozen=True)
class Named:
    """A cell with a line of detail below its text."""

    text: str
    detail: str


def picture(shown: Picture) -> str:
    """Return a figure with its alt text, as PNG: a quarter of the size of SVG with Chinese as paths."""
    return shown.html("png")


def _class(align: Align) -> str:
    return {"number": ' class="n"', "word": ' class="w"', "text": ""}[align]


__all__ = ["Align", "Block", "Named", "Wide", "items", "paragraph", "picture", "section", "table"]
