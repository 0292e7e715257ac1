"""The day as plain pages in a real Voilà: a module opened, a sheet filled, a round played, nothing asked of elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kpisim.session import open_session
from tests.browser.watching import pages, until

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytest.importorskip("voila", reason="voila is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG = 120_000
FOCUS = """() => {
    const style = getComputedStyle(document.activeElement);
    return {
        name: document.activeElement.className,
        ring: [style.outlineStyle, style.outlineWidth, style.outlineColor].join(" "),
    };
}"""
"""What has the keyboard, and its ring."""


def held_beside(page: Page) -> None:
    """Hold that on a small laptop, too, what waits for the last button stands beside it, below the menu."""
    page.set_viewport_size({"width": 1366, "height": 768})
    page.locator(".kpisim-round-culture-run").scroll_into_view_if_needed()
    waits = page.locator(".kpisim-wait").first.bounding_box()
    menu = page.locator(".menu").bounding_box()
    assert waits
    assert menu
    assert menu["y"] + menu["height"] <= waits["y"] < 768, (menu, waits)
    page.set_viewport_size({"width": 1280, "height": 1000})


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_module_is_played_without_the_frame_and_nothing_leaves_the_machine(
    browser: Browser, tmp_path: Path, lang: Any
) -> None:
    with pages(tmp_path / "培训 pages", lang) as (folder, port, first):
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        stranger = browser.new_page()
        stranger.goto(first.split("?", maxsplit=1)[0], timeout=LONG)
        assert "/login" in stranger.url  # without the token nobody gets in
        stranger.close()

        page.goto(first, timeout=LONG)
        page.locator(".kpisim-join-nickname-0 input").wait_for(timeout=LONG)
        assert page.locator(f'.menu nav[lang="{lang}"]').is_visible()
        assert not page.locator(f'.menu nav[lang="{"en" if lang == "zh" else "zh"}"]').is_visible()
        page.locator(".menu a:visible").nth(1).click()
        for item in ("clarity", "cooperation", "speaking_up", "recognition", "learning", "customer_first"):
            found = page.locator(f".kpisim-culture_pulse-{item}-0 button").nth(3)
            found.wait_for(timeout=LONG)
            found.click()
        page.locator(".kpisim-culture_pulse-save").click()
        kept = open_session(folder / "session")
        (pulse,) = until(lambda: kept.latest("culture_pulse"))
        assert set(pulse.values()) == {4.0}

        # The round takes the sheet over and is drawn anew: what was looked up before that is no longer on the page.
        page.locator(".kpisim-taken-culture-pulse").wait_for(timeout=LONG)
        page.locator(".kpisim-guess-culture-culture button").first.click()
        held_beside(page)
        page.locator(".kpisim-round-culture-run").click()
        result = until(lambda: kept.latest("round.culture.result"), 240)
        assert {one["kpi"] for one in result["readings"]} <= {"revenue_booked", "culture", "csat"}
        page.locator(".jupyter-widgets figure svg").first.wait_for(timeout=LONG)
        assert not page.locator("text=Traceback").count()
        # Who goes by the keyboard sees where they are, on sliders too.
        page.locator(".kpisim-round-culture-run").focus()
        for _ in range(4):
            page.keyboard.press("Shift+Tab")
            reached = page.evaluate(FOCUS)
            assert reached["ring"] == "solid 3px rgb(0, 114, 178)", reached
            if "noUi-handle" in reached["name"]:
                break
        else:
            raise AssertionError("no slider above the button")
        page.locator(".kpisim-feedback_loop-theme-0 input").focus()
        assert page.evaluate(FOCUS)["ring"] == "solid 3px rgb(0, 114, 178)"
        # The text of a step stands once: the page tells it, so the panels do not.
        title = "文化脉搏" if lang == "zh" else "Pulse of my team"
        assert page.locator("h2", has_text=title).count() == 1

        # The page alone scrolls, and its menu stays.
        page.evaluate("window.scrollTo(0, 1e6)")
        until(lambda: page.evaluate("window.scrollY") > 2000)
        assert page.evaluate("document.querySelector('.menu').getBoundingClientRect().top") == 0

        # What was saved is there when the page is opened again, though kernels were started ahead.
        page.reload(timeout=LONG)
        chosen = page.locator(".kpisim-culture_pulse-clarity-0 button.mod-active")
        chosen.wait_for(timeout=LONG)
        assert chosen.inner_text().strip() == "4"
        # A kernel that was warm knows its page too, so the text of a step still stands once.
        assert page.locator("h2", has_text=title).count() == 1
        local = (f"http://127.0.0.1:{port}/", f"ws://127.0.0.1:{port}/", "data:", "blob:")
        assert not [url for url in asked if not url.startswith(local)]
        page.close()
