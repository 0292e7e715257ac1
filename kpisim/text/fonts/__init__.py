"""The bundled Chinese font, so that a figure or a report looks the same on a machine without Chinese fonts.

A subset of Noto Sans SC (SIL Open Font Licence 1.1, see ``OFL.txt`` beside the files): GB 2312, Latin-1, Greek and
common signs. ``tools/subset_font.py`` made it.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["family", "font_path", "use", "woff2_path"]

_HERE = Path(__file__).resolve().parent
_FAMILY = "Noto Sans SC"


def font_path() -> Path:
    """Return the TrueType file, for drawing."""
    return _HERE / "NotoSansSC-subset.ttf"


def woff2_path() -> Path:
    """Return the same font compressed, for embedding in HTML."""
    return _HERE / "NotoSansSC-subset.woff2"


def family() -> str:
    """Return the family name under which the font is found once it is registered or embedded."""
    return _FAMILY


def use() -> dict[str, object]:
    """Make the font known to matplotlib and return the settings that draw with it.

    Nothing global is set but the registration; pass the result on, after any seaborn theme, which would
    otherwise put its own font back::

        with matplotlib.rc_context(fonts.use()):
            ...

    Returns
    -------
    dict
        ``font.family`` as a chain, the bundled font first and matplotlib's own DejaVu Sans for the signs it lacks
        (``✗``), and ``axes.unicode_minus``, which is safe because both draw the true minus sign.
    """
    from matplotlib.font_manager import fontManager  # noqa: PLC0415  (0.8 s: only when a figure is drawn)

    path = str(font_path())
    # Registering twice would make the list grow with every figure.
    if all(entry.fname != path for entry in fontManager.ttflist):
        fontManager.addfont(path)
    return {"font.family": [_FAMILY, "DejaVu Sans"], "axes.unicode_minus": True}
