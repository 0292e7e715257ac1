"""The report in a real browser without a network: nothing asked for, nothing broken, nothing too wide."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.report.build import build_report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE = """() => [...document.querySelectorAll('body *')].filter(e => {
    if (e.closest('.wide') && e.tagName !== 'DIV') return false;
    const r = e.getBoundingClientRect(); return r.width && (r.right > innerWidth + 1 || r.left < -1);
}).map(e => e.tagName + ': ' + e.textContent.slice(0, 40))"""
CUT = "() => [...document.querySelectorAll('.wide')].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.slice(0, 40))"
FAINT = """() => {
    const lum = c => { const v = c.map(x => { x /= 255; return x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4 });
        return .2126 * v[0] + .7152 * v[1] + .0722 * v[2] };
    const rgb = s => s.match(/[\\d.]+/g).map(Number);
    const back = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255] };
    return [...document.querySelectorAll('body *')].filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).map(e => {
        const a = lum(rgb(getComputedStyle(e).color)), b = lum(back(e));
        return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), e.tagName + ': ' + e.textContent.slice(0, 30)] }).filter(p => p[0] < 4.5)
}"""
TOFU = """() => { const names = new Set(); document.fonts.forEach(f => names.add(f.family + ' ' + f.status)); return [...names] }"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium once."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install it to run the browser tests")
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="module", params=["en", "zh"])
def report_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build one report with a comparison per language."""
    values: dict[str, Any] = {
        "scenario": "medical_devices",
        "set": {"calendar.weeks": 26, "calendar.warmup_weeks": 4},
        "versus_set": {"incentive.commission_rate": 0.04},
        "replications": 3,
        "workers": 1,
        "lang": request.param,
    }
    return build_report(values, tmp_path_factory.mktemp("报告 report"))


def opened(browser: Browser, file: Path, width: int = 1024, height: int = 768) -> tuple[Page, list[str]]:
    """Open `file` offline; return the page and a list that fills with everything that is wrong."""
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True)
    page = context.new_page()
    wrong: list[str] = []
    page.on(
        "request", lambda asked: None if asked.url.startswith(("file:", "data:")) else wrong.append(asked.url)
    )
    page.on("requestfailed", lambda asked: wrong.append(f"failed: {asked.url[:80]}"))
    page.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    files: list[str] = []
    page.on("request", lambda asked: files.append(asked.url) if asked.url.startswith("file:") else None)
    page.goto(file.as_uri(), wait_until="load")
    page.wait_for_function("document.fonts.status === 'loaded'")
    assert len(files) == 1
    return page, wrong


@pytest.mark.parametrize("width", [1024, 1440, 700])
def test_the_page_asks_for_nothing_and_fits(browser: Browser, report_file: Path, width: int) -> None:
    page, wrong = opened(browser, report_file, width)
    assert wrong == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(WIDE) == []
    if width >= 1024:
        assert page.evaluate(CUT) == []
    page.context.close()


def test_every_picture_is_drawn_and_the_font_is_ours(browser: Browser, report_file: Path) -> None:
    page, wrong = opened(browser, report_file)
    sizes = page.evaluate("[...document.images].map(i => [i.complete, i.naturalWidth, i.alt.length])")
    assert len(sizes) == 7
    assert all(done and width > 600 and alt > 20 for done, width, alt in sizes)
    assert page.evaluate(TOFU) == ["Kpisim loaded"]
    assert wrong == []
    page.context.close()


def test_contrast_is_at_least_four_and_a_half(browser: Browser, report_file: Path) -> None:
    page, _ = opened(browser, report_file)
    assert page.evaluate(FAINT) == []
    page.context.close()


def test_the_contents_lead_to_their_sections(browser: Browser, report_file: Path) -> None:
    page, _ = opened(browser, report_file)
    page.locator(".toc a").last.click()
    page.wait_for_function("document.querySelector('#stamp').getBoundingClientRect().top < innerHeight")
    page.context.close()


def test_it_prints_to_a_few_pages(browser: Browser, report_file: Path) -> None:
    page, _ = opened(browser, report_file)
    paper = page.pdf(format="A4")
    pages = paper.count(b"/Type /Page\n") or paper.count(b"/Type /Page")
    assert paper.startswith(b"%PDF")
    assert 3 <= pages <= 20
    page.context.close()
