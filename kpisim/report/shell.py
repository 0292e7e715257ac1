"""The shell of a report that is one page: title, sections, its own font, nothing from elsewhere."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from kpisim.report.export import page_head
from kpisim.report.font import glyphs_of
from kpisim.text import UserError, current_language, t
from kpisim.text.writing import writing_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ENDS = (".html", ".htm")
"""How the name of a page ends."""


def whole_page(title: str, parts: Sequence[str], *, kind: str = "", style: str = "") -> str:
    """Return sections under a title as one page with its own font.

    Parameters
    ----------
    title
        As text.
    parts
        Sections as HTML.
    kind
        A class more for the page, e.g. ``sheet``.
    style
        Style elements of this page alone.
    """
    classes = f"page single {kind}".strip()
    body = f'<div class="{classes}"><main><h1>{escape(title)}</h1>' + "\n".join(parts) + "</main></div>"
    head = page_head(title, current_language(), glyphs_of(body + title))
    return head.replace("</head>", f"{style}</head>") + f"<body>{body}</body></html>\n"


def write_page(path: Path, page: str) -> Path:
    """Write a page, with the folders above it.

    Raises
    ------
    UserError
        Another ending, or a place that cannot be written to.
    """
    if path.suffix.lower() not in ENDS:
        raise UserError(
            "{path}: a page ends in {ends}; choose one of them", path=path.name, ends=t(", ").join(ENDS)
        )
    with writing_file(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    return path


def save_page(path: Path, title: str, parts: Sequence[str]) -> Path:
    """Write sections as one HTML page; see :func:`write_page`."""
    return write_page(path, whole_page(title, parts))


__all__ = ["save_page", "whole_page", "write_page"]
