"""Files that people bring: an export uploaded in the goals module, and a clip of the trainer's own, in a real browser."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.watching import LOCAL, LONG, clean, lab, opened, picture, shown

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HEAD = "订单号,客户,销售,下单日期,金额\n"
ROWS = "".join(f"A{n:03},客户{n % 7},王{n % 3},2027-0{1 + n % 6}-1{n % 9},{1000 + n}.50\n" for n in range(60))


def upload(page: Page, name: str, content: bytes) -> None:
    """Choose a file as a person does."""
    with page.expect_file_chooser() as chooser:
        shown(page, "kpisim-own-data-upload").click()
    chooser.value.set_files({"name": name, "mimeType": "text/csv", "buffer": content})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_export_is_uploaded_and_a_bad_file_is_told_in_one_line(
    browser: Browser, tmp_path: Path, lang: Any
) -> None:
    asked: list[str] = []
    with lab(tmp_path / "培训 day", lang) as (_, address):
        page = opened(browser, address, f"{lang}/3_goals.ipynb", asked)
        shown(page, "kpisim-own-data").locator(
            ".lm-AccordionPanel-title, .p-Collapse-header, .jupyter-widget-Collapse-header"
        ).first.click()
        panel = page.locator(".kpisim-own-data").first
        for name, content in (("empty.csv", b""), ("garbled.csv", b"\xff\xfe\x00\xd8\x81\x8d" * 40)):
            upload(page, name, content)
            said = panel.locator('[role="status"]', has_text=f"■ {name}").first
            said.wait_for(timeout=LONG)
            assert "\n" not in said.inner_text().strip()
            picture(page, f"{lang}-upload-{name}", ".kpisim-own-data")
        upload(page, "orders.csv", (HEAD + ROWS).encode("gb18030"))
        panel.locator(".kpisim-own-data-check").wait_for(timeout=LONG)
        assert not panel.locator('[role="status"]', has_text="■").count()
        picture(page, f"{lang}-upload-columns", ".kpisim-own-data")
        panel.locator(".kpisim-own-data-check").click()
        panel.locator("table").last.wait_for(timeout=LONG)
        picture(page, f"{lang}-upload-read", ".kpisim-own-data")
        page.set_viewport_size({"width": 1024, "height": 768})
        page.wait_for_timeout(500)
        # On a small laptop a wide table moves in its own box; it had pushed the panel out of the page.
        fits = "one => one.getBoundingClientRect().right <= one.closest('.jp-WindowedPanel-outer').getBoundingClientRect().right"
        assert panel.evaluate(fits)
        clean(page, "upload")
        assert not [url for url in asked if not url.startswith(LOCAL)]
        page.close()


def test_a_clip_of_the_trainers_own_plays_with_its_captions(browser: Browser, tmp_path: Path) -> None:
    ffmpeg = shutil.which("ffmpeg")
    if ffmpeg is None:
        pytest.skip("no ffmpeg on this machine: install it to make the clip")
    asked: list[str] = []
    with lab(tmp_path / "培训 day", "zh") as (folder, address):
        place = folder / "video"
        place.mkdir(exist_ok=True)
        made = "-loglevel error -f lavfi -i testsrc=size=320x180:rate=10:duration=3 -c:v libx264 -pix_fmt yuv420p"
        subprocess.run([ffmpeg, *made.split(), str(place / "culture.mp4")], check=True)
        for lang, text in (("zh", "店长低头看地"), ("en", "The manager looks at the floor")):
            words = f"WEBVTT\n\n00:00.000 --> 00:03.000\n{text}\n"
            (place / f"culture.{lang}.vtt").write_text(words, encoding="utf-8")
        page = opened(browser, address, "zh/1_culture.ipynb", asked)
        clip = shown(page, "kpisim-step-viewing").locator("video").first
        clip.wait_for(timeout=LONG)
        assert not page.locator(".kpisim-video-culture").count()  # the film gives way
        clip.evaluate("one => { one.muted = true; return one.play(); }")
        page.wait_for_function(
            "document.querySelector('.kpisim-step-viewing video').currentTime > 0.5", timeout=LONG
        )
        said = "one => [...one.textTracks].filter(t => t.mode === 'showing').map(t => [...t.activeCues].map(c => c.text).join())"
        assert clip.evaluate(said) == ["店长低头看地"]
        picture(page, "zh-own-clip", ".kpisim-step-viewing")
        clean(page, "clip")
        assert not [url for url in asked if not url.startswith(LOCAL)]
        page.close()
