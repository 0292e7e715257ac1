"""The bundled font draws every character that kpisim can show."""

from __future__ import annotations

import json
import unicodedata
import warnings
from io import BytesIO
from pathlib import Path

import matplotlib as mpl
import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from matplotlib.figure import Figure

from kpisim.text import fonts

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = (
    "销售额 回款率 −5% ≥90%，“目标达成率”：ρ σ μ λ ▲▼●■◆ ✓✗ – — … · × ± → ↑ ↓ ‰ ° ² 《客户》、（万元）￥ §"
)


def glyphs(path: Path) -> set[int]:
    with TTFont(path) as font:
        return set(font.getBestCmap())


@pytest.fixture(scope="module")
def drawable() -> set[int]:
    """Return what the chain of fonts draws: the bundled one, then matplotlib's DejaVu Sans."""
    dejavu = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    return glyphs(fonts.font_path()) | glyphs(dejavu)


def shown_files() -> list[Path]:
    """Return every file whose text can reach a reader's figure."""
    found = [
        p for suffix in ("po", "yaml", "yml", "py", "j2") for p in (ROOT / "kpisim").rglob(f"*.{suffix}")
    ]
    for top in ("notebooks", "solutions", "exercises"):
        found += (ROOT / top).rglob("*.ipynb")
    return sorted(p for p in found if ".ipynb_checkpoints" not in p.parts)


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_no_glyph_is_missing(form: str) -> None:
    with mpl.rc_context(fonts.use()), warnings.catch_warnings():  # type: ignore[arg-type]
        warnings.simplefilter("error")
        figure = Figure()
        axes = figure.add_subplot()
        axes.plot([-5, 5], [-1, 1])
        axes.set_title(SAMPLE)
        figure.savefig(BytesIO(), format=form)


def test_the_sample_would_show_a_missing_glyph() -> None:
    """Without the font the same drawing warns, so the test above can fail."""
    with mpl.rc_context({"font.family": ["DejaVu Sans"]}):
        figure = Figure()
        figure.add_subplot().set_title(SAMPLE)
        with pytest.warns(UserWarning, match="missing from font"):
            figure.savefig(BytesIO(), format="png")


def test_use_finds_the_bundled_file_and_registers_it_once() -> None:
    fonts.use()
    settings = fonts.use()
    path = str(fonts.font_path())
    assert [entry.fname for entry in font_manager.fontManager.ttflist].count(path) == 1
    assert settings["font.family"] == [fonts.family(), "DejaVu Sans"]
    assert fonts.family() in font_manager.get_font_names()


def test_use_leaves_the_settings_alone() -> None:
    before = dict(mpl.rcParams)
    fonts.use()
    assert dict(mpl.rcParams) == before


def test_everything_shown_can_be_drawn(drawable: set[int]) -> None:
    missing: dict[str, list[str]] = {}
    for path in shown_files():
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":  # JSON may escape what the reader sees
            text = json.dumps(json.loads(text), ensure_ascii=False)
        for char in sorted(set(text)):
            if ord(char) not in drawable and unicodedata.category(char)[0] not in "CZ":
                missing.setdefault(f"U+{ord(char):04X} {char}", []).append(path.relative_to(ROOT).as_posix())
    assert not missing, f"add them in tools/subset_font.py, or use another word: {missing}"


def test_all_of_gb_2312_is_there() -> None:
    """A firm's own names are not in our files; the everyday standard covers them."""
    have = glyphs(fonts.font_path())
    hanzi = {
        bytes((high, low)).decode("gb2312")
        for high in range(0xB0, 0xF8)
        for low in range(0xA1, 0xFF)
        if not (high == 0xD7 and low > 0xF9)  # five places the standard leaves empty
    }
    assert len(hanzi) == 6763
    assert not {char for char in hanzi if ord(char) not in have}


def test_the_web_font_is_the_same_and_small_enough_to_embed() -> None:
    assert glyphs(fonts.woff2_path()) == glyphs(fonts.font_path())
    assert fonts.woff2_path().stat().st_size < 1_500_000


def test_the_licence_travels_with_the_font() -> None:
    text = (fonts.font_path().parent / "OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in text
    assert "Copyright" in text
    with TTFont(fonts.font_path()) as font:
        assert "SIL Open Font License" in str(font["name"].getDebugName(13))
