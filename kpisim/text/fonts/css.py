"""The font inside a page: only the glyphs used, as woff2 in a data URI."""

from __future__ import annotations

import io
import re
from base64 import b64encode
from html import unescape
from importlib.util import find_spec
from string import printable

from kpisim.text import current_language, fonts

FAMILY = "Kpisim"
ENGLISH = "unicode-range: U+0000-2017, U+201E-2025, U+2027-10FFFF; "
"""What an English page takes from the font: its quotation marks and its ellipsis are as wide as a Chinese sign and tear a line apart."""
_LATIN = (
    f'@font-face {{ font-family: "{FAMILY}"; font-weight: {{weight}}; unicode-range: U+2018-201D, U+2026; '
    'src: local("Segoe UI"), local("Helvetica Neue"), local("Arial"), local("Liberation Sans"), local("DejaVu Sans"); }'
)
"""Where these come from instead, before a Chinese font of the reader's machine is asked; of the same weight, or bold words would leave the font."""


def glyphs_of(html: str) -> str:
    """Return the characters a reader can meet in `html`, each once; what is inside tags is left out."""
    text = unescape(re.sub(r"<[^>]*>", "", html))
    return "".join(sorted(set(text) | set(printable.strip())))


def font_css(characters: str) -> str:
    """Return ``@font-face`` rules that hold the glyphs for `characters` and ask for nothing.

    In English, quotation marks and the ellipsis come from a font of the reader's machine.
    """
    from fontTools import subset  # noqa: PLC0415  (comes with matplotlib)
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    # Hinting and layout tables beyond the basics double the size and show no difference on screen.
    options = subset.Options(
        hinting=False,
        desubroutinize=True,
        notdef_outline=True,
        layout_features=["kern", "locl", "palt"],
        name_IDs=[1, 2],
    )
    made = io.BytesIO()
    # Without the time of writing, which would make every page another one.
    with TTFont(str(fonts.font_path()), lazy=True, recalcTimestamp=False) as font:
        chosen = subset.Subsetter(options)
        chosen.populate(text=characters + " ")
        chosen.subset(font)
        font.flavor = kind = "woff2" if _brotli() else "woff"
        weight = "100 900" if "fvar" in font else "400"
        font.save(made)
    data = b64encode(made.getvalue()).decode()
    english = current_language() == "en"
    rule = (
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; font-display: block; {ENGLISH if english else ""}'
        f'src: url("data:font/{kind};base64,{data}") format("{kind}"); }}'
    )
    return f"{rule} {_LATIN.replace('{weight}', weight)}" if english else rule


def _brotli() -> bool:
    """Whether woff2 can be written; without brotli a woff does, a third larger."""
    return find_spec("brotli") is not None


__all__ = ["ENGLISH", "FAMILY", "font_css", "glyphs_of"]
