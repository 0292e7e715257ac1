"""A figure together with what it says: its finding, its alt text, how to read it."""

from __future__ import annotations

import io
from base64 import b64encode
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Literal

from kpisim.show.theme import Medium, theme
from kpisim.text import Language, current_language, language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 144
COLOURS = 64


@dataclass(frozen=True)
class Picture:
    """A figure that can speak for itself.

    Attributes
    ----------
    figure
        The matplotlib figure; it belongs to no window and no global state.
    title
        The finding in one sentence, computed from the data; also drawn on the figure.
    alt
        What a reader who does not see the figure needs to know, with the numbers.
    note
        How to read the figure: what is drawn, over how many runs.
    medium, lang
        Look and language it was made in; matplotlib asks for both again when it renders.
    """

    figure: Figure
    title: str
    alt: str
    note: str = ""
    medium: Medium = "screen"
    lang: Language = field(default_factory=current_language)

    def png(self, dpi: int = DPI) -> bytes:
        """Return the figure as a PNG with a small palette, a third of the size of full colour."""
        from PIL import Image  # noqa: PLC0415  (only who renders pays for it)

        raw, small = io.BytesIO(), io.BytesIO()
        with language(self.lang), theme(self.medium):
            self.figure.savefig(raw, format="png", dpi=dpi, facecolor="white")
        raw.seek(0)
        with Image.open(raw) as image:
            flat = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            flat.save(small, format="png", optimize=True, dpi=(dpi, dpi))
        return small.getvalue()

    def svg(self) -> str:
        """Return the figure as SVG with text as paths, so that it looks the same without our font."""
        import matplotlib as mpl  # noqa: PLC0415

        text = io.StringIO()
        # A fixed salt gives the same ids, hence the same bytes, for the same data.
        with (
            language(self.lang),
            theme(self.medium),
            mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "kpisim"}),
        ):
            self.figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
        return text.getvalue()

    def html(self, kind: Literal["png", "svg"] = "png") -> str:
        """Return a ``<figure>`` with the picture inside it and its alt text."""
        if kind == "svg":
            data, mime = self.svg().encode(), "image/svg+xml"
        else:
            data, mime = self.png(), "image/png"
        width, height = (round(size * 96) for size in self.figure.get_size_inches())
        caption = f"<figcaption>{escape(self.note)}</figcaption>" if self.note else ""
        return (
            f'<figure><img src="data:{mime};base64,{b64encode(data).decode()}" alt="{escape(self.alt)}" '
            f'width="{width}" height="{height}">{caption}</figure>'
        )

    def _repr_html_(self) -> str:
        return self.html()
