"""A module played in a real JupyterLab: sheets filled, a round played, the language switched, everything kept."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest

from kpisim.session import open_session
from kpisim.text import language
from kpisim.workshop import command, environment, prepare
from tests.browser.watching import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
TOKEN = "a-token-of-this-test"  # noqa: S105  (of a server that lives for one test, on this machine alone)
LOCAL = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:")
LONG = 40_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium once."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install it to run the browser tests")
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture(scope="module", params=["zh", "en"])
def day(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path, str]]:
    """Serve a session folder as `kpisim workshop` does, and return language, folder and address."""
    lang: Any = request.param
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with language(lang):
        folder = prepare(tmp_path_factory.mktemp("培训 day"))
        words = [*command(folder, port, browser=False), f"--IdentityProvider.token={TOKEN}"]
        settings = environment(folder) | {
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "HOME": os.environ.get("HOME", str(folder)),
        }
    server = subprocess.Popen(
        words, env=settings, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(120):
            try:
                urlopen(f"http://127.0.0.1:{port}/api?token={TOKEN}", timeout=2).close()
                break
            except OSError:
                time.sleep(0.5)
        yield lang, folder, f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def opened(browser: Browser, address: str, path: str, asked: list[str]) -> Page:
    """Open a notebook and run all its cells, as a participant does with one click."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/lab/tree/{path}?token={TOKEN}")
    page.wait_for_selector(".jp-Notebook", timeout=LONG)
    page.get_by_text("| Idle").first.wait_for(timeout=LONG)
    page.wait_for_timeout(3000)
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
    page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
    page.wait_for_timeout(1500)
    if page.locator(".jp-Dialog").count():
        # A kernel that was still starting is asked for once more.
        page.locator(".jp-Dialog .jp-mod-accept").first.click()
    return page


def shown(page: Page, name: str) -> Any:
    """Return the widget with a class, scrolled into view."""
    found = page.locator(f".{name}").first
    found.wait_for(timeout=LONG)
    found.scroll_into_view_if_needed(timeout=LONG)
    return found


def test_a_participant_fills_sheets_plays_a_round_and_nothing_leaves_the_machine(
    browser: Browser, day: tuple[str, Path, str]
) -> None:
    lang, folder, address = day
    asked: list[str] = []
    page = opened(browser, address, f"{lang}/1_culture.ipynb", asked)
    kept = open_session(folder / "session")
    for item in ("clarity", "cooperation", "speaking_up", "recognition", "learning", "customer_first"):
        shown(page, f"kpisim-culture_pulse-{item}-0").locator("button").nth(3).click()
    shown(page, "kpisim-culture_pulse-save").click()
    (pulse,) = until(lambda: kept.latest("culture_pulse"))
    assert set(pulse.values()) == {4.0}

    shown(page, "kpisim-lever-incentive-culture_share")
    shown(page, "kpisim-guess-culture-culture").locator("button").first.click()
    shown(page, "kpisim-round-culture-run").click()
    result = until(lambda: kept.latest("round.culture.result"), 120)
    assert {one["kpi"] for one in result["readings"]} <= {"revenue_booked", "culture", "staff_turnover"}

    shown(page, "kpisim-culture_action_plan-value-0").locator("input").fill("说到做到 promise")
    shown(page, "kpisim-culture_action_plan-save").click()
    plan = until(lambda: kept.latest("culture_action_plan"))
    assert plan[0]["value"] == "说到做到 promise"
    assert not page.locator("text=Traceback").count()
    assert not [url for url in asked if not url.startswith(LOCAL)]
    page.close()


def test_cards_move_by_keys_mouse_and_finger_and_the_next_sheet_follows(
    browser: Browser, day: tuple[str, Path, str]
) -> None:
    lang, folder, address = day
    kept = open_session(folder / "session")
    row = {"importance": 5.0, "due": "2026-01-05", "kpi": "CSAT", "hours": 1.0, "quadrant": None}
    kept.keep("priority_matrix", [row | {"task": f"task {place}"} for place in range(4)])
    asked: list[str] = []
    page = opened(browser, address, f"{lang}/3_goals.ipynb", asked)

    def lies(place: int) -> Any:
        return (kept.latest("priority_matrix") or [{}] * 4)[place].get("quadrant")

    page.locator(".kpisim-quad").first.wait_for(timeout=LONG)
    page.locator('.kpisim-task[data-id="0"]').first.focus(timeout=LONG)
    assert page.locator(".kpisim-said[data-warn]").count() == 1  # four are more than three
    page.keyboard.press("2")
    until(lambda: lies(0) == "plan")
    page.keyboard.press("ArrowDown")
    until(lambda: lies(0) == "drop")
    assert page.evaluate("document.activeElement.dataset.id") == "0"
    assert page.locator(".kpisim-said[data-warn]").count() == 0

    page.evaluate("document.querySelector('.kpisim-quad').scrollIntoView({block: 'center'})")
    card = until(lambda: page.locator('.kpisim-task[data-id="1"]').bounding_box())
    zone = until(lambda: page.locator('section[data-quadrant="delegate"]').bounding_box())
    page.mouse.move(card["x"] + 20, card["y"] + 15)
    page.mouse.down()
    page.mouse.move(zone["x"] + 60, zone["y"] + 40, steps=6)
    page.mouse.up()
    until(lambda: lies(1) == "delegate")

    # A finger: pick the card, then the quadrant; and a finger that drags.
    page.locator('.kpisim-task[data-id="2"]').click()
    page.locator('section[data-quadrant="plan"] h5').click()
    until(lambda: lies(2) == "plan")
    page.evaluate(
        """() => {
          const card = document.querySelector('.kpisim-task[data-id="3"]');
          const zone = document.querySelector('section[data-quadrant="drop"]').getBoundingClientRect();
          const from = card.getBoundingClientRect();
          card.setPointerCapture = () => {};
          const tell = (type, x, y) => card.dispatchEvent(new PointerEvent(type,
            {pointerType: "touch", pointerId: 7, button: 0, clientX: x, clientY: y, bubbles: true}));
          tell("pointerdown", from.left + 9, from.top + 9);
          tell("pointermove", zone.left + 30, zone.top + 30);
          tell("pointerup", zone.left + 30, zone.top + 30);
        }"""
    )
    until(lambda: lies(3) == "drop")
    # The only one left to plan comes first in the sheet below.
    until(lambda: page.locator(".kpisim-week_plan-task-0 input").first.input_value(timeout=LONG) == "task 2")
    assert until(page.locator(".kpisim-task").first.bounding_box)["height"] >= 44
    assert not page.locator("text=Traceback").count()
    assert not [url for url in asked if not url.startswith(LOCAL)]
    page.close()


def test_reopened_everything_is_there_in_the_other_language(
    browser: Browser, day: tuple[str, Path, str]
) -> None:
    lang, folder, address = day
    kept = open_session(folder / "session")
    kept.keep(
        "culture_action_plan",
        [{"value": "kept before", "behaviour": None, "kpi": None, "reward": None, "review": None}],
    )
    other = "en" if lang == "zh" else "zh"
    page = opened(browser, address, f"{other}/1_culture.ipynb", [])
    value = shown(page, "kpisim-culture_action_plan-value-0").locator("input")
    assert value.input_value(timeout=LONG) == "kept before"
    page.close()
