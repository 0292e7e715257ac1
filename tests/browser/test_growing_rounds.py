"""A round in a real JupyterLab: the first runs are on the page before the others are played, and the page goes on answering."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.session import open_session
from kpisim.text import language, t
from tests.browser.watching import BAD, LONG, PICTURES, lab, opened, shown, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RUNS = 60
"""So many that there is time to change one's mind."""
EARLY, WHOLE = ".kpisim-step-round figure[data-early] svg", ".kpisim-step-round figure:not([data-early]) svg"

NOTE_FIRST = """(early) => {
    window.first = null;
    new MutationObserver(() => {
        window.first ??= document.querySelector(early)?.getAttribute("aria-label") ?? null;
    }).observe(document.body, { childList: true, subtree: true });
}"""
"""Note what the first picture says: it may have made room for the second before a test can look."""


@pytest.fixture(scope="module", params=["zh", "en"])
def day(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Any, Path, str]]:
    """Serve a session folder as `kpisim workshop` does, and return language, folder and address."""
    place = tmp_path_factory.mktemp("day")
    with lab(place, request.param, {"KPISIM_CACHE": str(place / "cache"), "KPISIM_RUNS": str(RUNS)}) as (
        folder,
        address,
    ):
        yield request.param, folder, address


def pictured(page: Page, name: str) -> None:
    """Take a picture of the round where pictures are asked for."""
    if folder := os.environ.get(PICTURES):
        page.locator(".kpisim-step-round").screenshot(path=Path(folder) / f"{name}.png")


def test_first_runs_first_and_a_second_wish_drops_the_first(
    browser: Browser, day: tuple[Any, Path, str]
) -> None:
    lang, folder, address = day
    page = opened(browser, address, f"{lang}/1_culture.ipynb", [])
    kept = open_session(folder / "session")
    run = shown(page, "kpisim-round-culture-run")
    page.evaluate(NOTE_FIRST, EARLY)
    run.click()
    page.locator(EARLY).wait_for(timeout=2 * LONG)
    with language(lang):
        told = t("First {there} of {of} runs, still playing", there=2, of=RUNS)
    assert str(page.evaluate("window.first")).startswith(told)
    pictured(page, f"early-{lang}")
    assert kept.latest("round.culture.result") is None
    # The page answers while the first is being played: another decision is taken, and the first is dropped.
    handle = page.locator(
        ".kpisim-lever-culture-share .noUi-handle, .kpisim-lever-incentive-culture_share .noUi-handle"
    )
    handle.first.focus()
    page.keyboard.press("ArrowRight")
    run.click()
    until(lambda: len(kept.entries("round.culture.decision")) == 2, 20)
    assert kept.latest("round.culture.result") is None
    page.locator(WHOLE).wait_for(timeout=3 * LONG)
    pictured(page, f"whole-{lang}")
    (only,) = until(lambda: kept.entries("round.culture.result"))
    decisions = [one.data["choices"] for one in kept.entries("round.culture.decision")]
    assert decisions[0].get("incentive.culture_share", 0.0) == 0.0
    assert decisions[1]["incentive.culture_share"] == pytest.approx(0.05)
    assert {one["kpi"] for one in only.data["readings"]} <= {"revenue_booked", "culture", "csat"}
    for bad in BAD:
        assert not page.locator(bad).count(), bad
    page.close()
