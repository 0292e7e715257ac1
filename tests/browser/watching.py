"""What several browser tests share: a real server, a page on it, and what must never be seen there."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

from kpisim.text import language
from kpisim.workshop import app, command, environment, prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
TOKEN = "a-token-of-this-test"  # noqa: S105  (of a server that lives for one test, on this machine alone)
LOCAL = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
LONG = 60_000
IDLE, RUN, RUN_ALL = (
    re.compile(words) for words in (r"\| (Idle|空闲)", "^(Run|运行)", "^(Run All Cells|运行所有单元格)")
)
"""JupyterLab's own words, in either language."""
PICTURES = "KPISIM_PICTURES"
"""Folder that takes a picture of every panel; without it none are taken."""
BAD = (
    '[data-mime-type="application/vnd.jupyter.stderr"]',
    '[data-mime-type="application/vnd.jupyter.error"]',
    ".jp-OutputArea-error",
    "text=Traceback",
)
"""What a participant must never see."""


def until(probe: Any, seconds: float = 60, what: str = "") -> Any:
    """Return what `probe` gives as soon as it gives anything."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = probe()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"nothing was kept {what}")


def answered(act: Callable[[], Any], probe: Any, what: str = "", tries: int = 4) -> Any:
    """Do `act` until `probe` gives something: who sees no answer clicks again, for a page in motion may swallow a click."""
    for turn in range(tries):
        act()
        with suppress(AssertionError):
            return until(probe, 15, what)
        print(f"no answer, once more ({turn + 1}): {what}")  # noqa: T201
    raise AssertionError(f"nothing was kept in {tries} tries: {what}")


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def lab(
    place: Path, lang: Any, settings: dict[str, str] | None = None, *, trainer: bool = False
) -> Iterator[tuple[Path, str]]:
    """Serve a session folder as `kpisim workshop` does; give its folder and address."""
    port = free_port()
    with language(lang):
        folder = prepare(place, trainer=trainer)
        words = [*command(folder, port, browser=False), f"--IdentityProvider.token={TOKEN}"]
        said = environment(folder) | {
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "HOME": os.environ.get("HOME", str(folder)),
            **(settings or {}),
        }
    server = subprocess.Popen(
        words, env=said, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(120):
            try:
                urlopen(f"http://127.0.0.1:{port}/api?token={TOKEN}", timeout=2).close()
                break
            except OSError:
                time.sleep(0.5)
        yield folder, f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def pages(place: Path, lang: Any, settings: dict[str, str] | None = None) -> Iterator[tuple[Path, int, str]]:
    """Serve a session folder as `kpisim workshop --app` does; give its folder, port and first page."""
    port = app.free_port()
    with language(lang):
        folder = prepare(place)
        words, said = app.command(folder, port), app.environment(folder, TOKEN) | (settings or {})
        first = app.first_page(port, TOKEN)
    server = subprocess.Popen(
        words, env=said, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        assert app.ready(port, server)
        yield folder, port, first
    finally:
        server.terminate()
        server.wait(30)


def opened(browser: Browser, address: str, path: str, asked: list[str], page: Page | None = None) -> Page:
    """Open a notebook and run all its cells, as a participant does with one click."""
    if page is None:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/lab/tree/{path}?token={TOKEN}&reset")
    page.wait_for_selector(".jp-Notebook", timeout=LONG)
    page.get_by_text(IDLE).first.wait_for(timeout=LONG)
    page.wait_for_timeout(3000)
    page.locator(".lm-MenuBar-itemLabel", has_text=RUN).click()
    page.locator(".lm-Menu-itemLabel", has_text=RUN_ALL).first.click()
    page.wait_for_timeout(1500)
    if page.locator(".jp-Dialog").count():
        # A kernel that was still starting is asked for once more.
        page.locator(".jp-Dialog .jp-mod-accept").first.click()
    return page


def shown(page: Page, name: str) -> Any:
    """Return the widget with a class, scrolled into view."""
    found = page.locator(f".{name}").first
    found.wait_for(timeout=LONG)
    for _ in range(20):
        # A panel that is drawn anew at this moment puts another element in the same place.
        with suppress(Exception):
            found.scroll_into_view_if_needed(timeout=2000)
            return found
    found.scroll_into_view_if_needed(timeout=LONG)
    return found


def clean(page: Page, where: str) -> None:
    """Hold that nothing went wrong on the page: no error output, no traceback."""
    for bad in BAD:
        found = page.locator(bad)
        assert not found.count(), (where, bad, found.first.inner_text()[:2000])


BARS = """() => [...document.querySelectorAll('.jupyter-widgets.widget-box')].filter(one => {
    const style = getComputedStyle(one), scrolls = /auto|scroll/;
    return (scrolls.test(style.overflowY) && one.scrollHeight > one.clientHeight + 1)
        || (scrolls.test(style.overflowX) && one.scrollWidth > one.clientWidth + 1);
}).map(one => one.className + ': ' + one.innerText.slice(0, 60))"""
"""Boxes of widgets that would show a scroll bar of their own."""


def one_bar(page: Page, where: str) -> None:
    """Hold that only the page scrolls: a bar within a bar is where a wheel or a finger gets stuck."""
    found = page.evaluate(BARS)
    assert not found, (where, found)


NAMELESS = """() => {
    const fields = '.jupyter-widgets :is(input:not([type=file], [type=range]), textarea, select, [role=slider])';
    const said = one => one.getAttribute('aria-label') || one.title || [...one.labels ?? []].map(l => l.innerText).join('');
    return [...document.querySelectorAll(fields)].filter(one => !said(one).trim()).map(one => one.outerHTML.slice(0, 120));
}"""
"""Fields of which a screen reader would say no more than their kind."""


def named_for_all(page: Page, where: str) -> None:
    """Hold that every field says what it is asked for to those who hear the page, too."""
    # A slider gets its name a moment after it is drawn.
    until(lambda: not page.evaluate(NAMELESS) or None, 10, f"{where}: {page.evaluate(NAMELESS)}")


def picture(page: Page, name: str, selector: str, size: tuple[int, int] = (1024, 768)) -> None:
    """Take a picture of each widget a selector finds, in a window of this size, where a folder for them is named."""
    folder = os.environ.get(PICTURES)
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    before = page.viewport_size
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_timeout(300)
    for place in range(page.locator(selector).count()):
        one = page.locator(selector).nth(place)
        if one.is_visible():
            # Higher than it is, else the part that one would scroll to is cut off.
            box = one.bounding_box() or {"height": 0.0}
            page.set_viewport_size({"width": size[0], "height": max(size[1], round(box["height"]) + 300)})
            page.wait_for_timeout(200)
            one.screenshot(path=str(Path(folder) / f"{name}-{place}.png"))
    if before:
        page.set_viewport_size(before)
