"""From an executed notebook to one HTML file that needs no kernel, no network and no script."""

from __future__ import annotations

import re
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpisim.report.font import font_css, glyphs_of
from kpisim.text import Language, language, t

if TYPE_CHECKING:
    from nbformat import NotebookNode

_TEMPLATES = Path(__file__).parent / "templates"
_HEADING = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.DOTALL)
_TAG: dict[Language, str] = {"en": "en", "zh": "zh-CN"}
_TITLE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)


def to_html(notebook: NotebookNode, lang: Language) -> str:
    """Return the report in `notebook`'s outputs as one HTML page."""
    from nbconvert.exporters.html import HTMLExporter  # noqa: PLC0415

    exporter = HTMLExporter(
        template_name="report", extra_template_basedirs=[str(_TEMPLATES)], exclude_input=True
    )
    shown = _shown(notebook)
    title = _TITLE.search(shown)
    with language(lang):
        contents = t("Contents")
    about: dict[str, Any] = {
        "lang": _TAG[lang],
        "title": unescape(re.sub(r"<[^>]+>", "", title[1])) if title else "kpisim",
        "headings": _HEADING.findall(shown),
        "contents": contents,
        "style": (_TEMPLATES / "report" / "style.css").read_text(encoding="utf-8"),
        "font": font_css(glyphs_of(shown + contents)),
    }
    # Past the HTML exporter's own step, which parses the whole page again to add alt texts that ours has already.
    body, _ = super(HTMLExporter, exporter).from_notebook_node(notebook, resources={"report": about})
    return str(body)


def page_head(title: str, lang: Language, characters: str, style: str | None = None) -> str:
    """Return the start of a page of ours up to its body, for pages that come from no notebook.

    Parameters
    ----------
    title, lang
        Title and language of the page.
    characters
        Everything a reader can meet on it; the font carries no more.
    style
        Its style sheet; by default the reports' own.
    """
    if style is None:
        style = (_TEMPLATES / "report" / "style.css").read_text(encoding="utf-8")
    return (
        f'<!DOCTYPE html>\n<html lang="{_TAG[lang]}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f'<link rel="icon" href="data:,"><style>\n{font_css(characters)}\n{style}</style></head>\n'
    )


def _shown(notebook: NotebookNode) -> str:
    """Return all HTML outputs and kept markdown of `notebook`, for the headings and the glyphs."""
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and "note" not in cell.metadata.get("tags", []):
            parts.append(cell.source)
        for output in cell.get("outputs", []):
            html = output.get("data", {}).get("text/html", "")
            parts.append(html if isinstance(html, str) else "".join(html))
    return "\n".join(parts)


__all__ = ["page_head", "to_html"]
