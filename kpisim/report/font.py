"""The font inside a page, where reports have always looked for it."""

from __future__ import annotations

from kpisim.text.fonts.css import FAMILY, font_css, glyphs_of

__all__ = ["FAMILY", "font_css", "glyphs_of"]
