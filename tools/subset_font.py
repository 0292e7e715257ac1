"""Cut the bundled Chinese font out of a full Noto Sans SC.

Figures must show Chinese on any machine, also one without Chinese fonts, but the whole font weighs 10 MB.
This keeps GB 2312 (the 6,763 characters of everyday Chinese), ASCII, Latin-1, Greek, and the punctuation and
signs used in tables and figures. Only needed to make the files anew, never at run time::

    python tools/subset_font.py PATH/TO/NotoSansSC-Regular.ttf

The source is the static regular weight with TrueType outlines, version 2.004 of Google's release (SIL Open Font
Licence 1.1), as carried for instance by the npm package ``@expo-google-fonts/noto-sans-sc``. Needs fonttools and brotli.
"""

from __future__ import annotations

import argparse
import codecs
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "kpisim" / "text" / "fonts"

# Blocks whose characters turn up in text, tables and formulas. What the source lacks is left out without a word:
# matplotlib's own DejaVu Sans stands behind this font and has those signs.
BLOCKS = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x00FF),  # Latin-1: ° ² × ± · é
    (0x0370, 0x03FF),  # Greek: ρ σ μ λ
    (0x2000, 0x206F),  # punctuation: – — … ‰ “ ”
    (0x2070, 0x209F),  # superscripts and subscripts
    (0x20A0, 0x20CF),  # currency: €
    (0x2100, 0x214F),  # letterlike: ℃ № ™
    (0x2150, 0x218F),  # fractions and Roman numerals
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematics: − ≤ ≥ ≈ ∑
    (0x2460, 0x24FF),  # circled numbers
    (0x25A0, 0x25FF),  # shapes: ■ ▲ ▼ ◆ ●
    (0x2600, 0x27BF),  # signs: ★ ✓ ✗
    (0x3000, 0x303F),  # Chinese punctuation: 、 。 《 》
    (0xFE30, 0xFE4F),  # upright forms
    (0xFF00, 0xFFEF),  # full width forms: ， ： （ ） ￥
)


def gb2312() -> set[int]:
    """Return the code points of GB 2312, read off Python's own codec."""
    points: set[int] = set()
    for high in range(0xA1, 0xFF):
        for low in range(0xA1, 0xFF):
            text, _ = codecs.getdecoder("gb2312")(bytes((high, low)), "ignore")
            points.update(map(ord, text))
    return points


def characters() -> set[int]:
    """Return every code point the subset asks for."""
    return gb2312().union(*(range(first, last + 1) for first, last in BLOCKS))


def cut(source: Path, target: Path, flavor: str | None = None) -> int:
    """Write the subset of `source` to `target` and return how many characters it holds.

    Parameters
    ----------
    source
        Full Noto Sans SC with TrueType outlines.
    target
        The file to write; replaced when it exists.
    flavor
        ``"woff2"`` for the compressed form browsers read, None for plain TrueType.
    """
    options = subset.Options()
    options.name_IDs = ["*"]  # the licence, the copyright and the family name stay in the file
    options.name_languages = ["*"]
    options.notdef_outline = True
    # No vertical setting and no variants: half the size.
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl"]
    options.hinting = False  # drawn anti-aliased at print size; hints would only add weight
    options.drop_tables += ["vhea", "vmtx"]  # vertical setting again
    options.flavor = flavor
    font = TTFont(source, recalcTimestamp=False)  # same source, same bytes
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    subset.save_font(font, str(target), options)
    return len(font.getBestCmap())


def main() -> None:
    """Write both files beside the code that uses them."""
    parser = argparse.ArgumentParser(description="Cut the bundled Chinese font out of a full Noto Sans SC.")
    parser.add_argument("source", type=Path, help="full Noto Sans SC, regular weight, TrueType outlines")
    source: Path = parser.parse_args().source
    for name, flavor in (("NotoSansSC-subset.ttf", None), ("NotoSansSC-subset.woff2", "woff2")):
        count = cut(source, FONTS / name, flavor)
        print(f"{name}: {count} characters, {(FONTS / name).stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
