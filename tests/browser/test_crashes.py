"""``kill -9`` of the kernel, the server and the browser at random moments of the day: reopened, everything is there.

A participant clicks, types, saves and plays; at a random moment one of the three dies without a word. Then the page is
opened again and all cells are run, as a participant does, and the screen must show what the session holds: every entry
that was committed, the same round, the same numbers. ``KPISIM_SEED`` repeats a run, ``KPISIM_KILLS`` says how often (6; 30 take a quarter of an hour).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest

from kpisim.course import sheet
from kpisim.course.rounds import Reading, a_round
from kpisim.session import open_session
from kpisim.show.panels.desk import Desk
from kpisim.show.rounds import round_picture
from kpisim.text import language
from kpisim.workshop import command, environment, prepare
from tests.browser.watching import CHROMIUM, IDLE, RUN, RUN_ALL, TOKEN, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Playwright

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="kill -9 is a word of POSIX systems"),
]

KILLS = int(os.environ.get("KPISIM_KILLS", "6"))
SECONDS = 20.0
"""Longest way back on a machine with nothing else to do.

On a busy one twice an ordinary opening, and the time of a few rounds: who kills the browser in the middle of a round
leaves a kernel that plays it to its end before it shows a page again.
"""
LONG = 90_000
MODULES: dict[str, dict[str, list[str]]] = {
    "1_culture": {"obstacles": ["obstacle"], "culture_action_plan": ["value", "behaviour", "kpi"]},
    "4_pressure": {"abc_sheet": ["event", "belief"], "calm_protocol": ["facts", "options"]},
}
PULSE = ("clarity", "cooperation", "speaking_up", "recognition", "learning", "customer_first")
ROUNDS = {"1_culture": "culture", "4_pressure": "peak"}


@dataclass
class Room:
    """The server and the browser of one laptop, both started so that they can be killed."""

    folder: Path
    port: int
    driver: Playwright
    words: list[str]
    settings: dict[str, str]
    server: Any = None
    chrome: Any = None
    browser: Browser | None = None
    page: Page | None = None
    count: int = field(default=0)

    def serve(self) -> None:
        """Start the server and wait until it answers."""
        self.server = subprocess.Popen(
            self.words, env=self.settings, cwd=self.folder,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        for _ in range(300):
            try:
                urlopen(f"http://127.0.0.1:{self.port}/api?token={TOKEN}", timeout=2).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the server does not start")

    def browse(self) -> None:
        """Start a browser with a profile of its own, as a machine does that was switched off and on."""
        self.count += 1
        profile = self.folder / ".chrome" / str(self.count)
        assert CHROMIUM is not None
        self.chrome = subprocess.Popen(
            [
                CHROMIUM, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", "--disable-sync", "--remote-debugging-port=0",
                f"--user-data-dir={profile}", "--window-size=1280,1000", "about:blank",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        said = profile / "DevToolsActivePort"
        for _ in range(300):
            if said.is_file() and said.read_text().strip():
                break
            time.sleep(0.1)
        number = said.read_text().split()[0]
        self.browser = self.driver.chromium.connect_over_cdp(f"http://127.0.0.1:{number}")

    def open(self, module: str) -> Page:
        """Open a module and run all its cells, as a participant does with one click."""
        assert self.browser is not None
        if self.page is None or self.page.is_closed():
            self.page = self.browser.new_page(viewport={"width": 1280, "height": 1000})
        page = self.page
        page.goto(f"http://127.0.0.1:{self.port}/lab/tree/zh/{module}.ipynb?token={TOKEN}&reset")
        page.wait_for_selector(".jp-Notebook", timeout=LONG)
        page.get_by_text(IDLE).first.wait_for(timeout=LONG)
        page.locator(".lm-MenuBar-itemLabel", has_text=RUN).click()
        page.locator(".lm-Menu-itemLabel", has_text=RUN_ALL).first.click()
        last = {"1_culture": "kpisim-comment_m1-save", "4_pressure": "kpisim-comment_m4-save"}[module]
        for _ in range(int(LONG / 250)):
            if page.locator(".jp-Dialog .jp-mod-accept").count():
                # A kernel that was still starting is asked for once more.
                page.locator(".jp-Dialog .jp-mod-accept").first.click()
            if page.locator(f".{last}").count():
                return page
            page.wait_for_timeout(250)
        raise AssertionError(f"{module} does not come up")

    def kernels(self) -> list[int]:
        """Return the processes of the kernels: children of our own server, and of nobody else's."""
        done = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.server.pid)],
            check=False,
            capture_output=True,
            text=True,
        )
        return [int(line.split()[0]) for line in done.stdout.splitlines() if "ipykernel" in line]

    def kill(self, what: str) -> None:
        """Kill the kernel, the server or the browser without a word."""
        if what == "kernel":
            for number in self.kernels():
                os.kill(number, signal.SIGKILL)
        elif what == "server":
            # The kernels go with it, as they do when somebody pulls the plug.
            for number in [*self.kernels(), self.server.pid]:
                os.kill(number, signal.SIGKILL)
            self.server.wait()
        else:
            os.killpg(self.chrome.pid, signal.SIGKILL)
            self.chrome.wait()
            with suppress(Exception):
                assert self.browser is not None
                self.browser.close()
            self.page = None

    def mend(self, what: str) -> None:
        """Start again what was killed; a dead kernel is started by the server itself."""
        if what == "server":
            self.serve()
        elif what == "browser":
            self.browse()

    def end(self) -> None:
        """Leave no process behind."""
        for process in (self.chrome, self.server):
            if process is not None and process.poll() is None:
                for number in self.kernels() if process is self.server else []:
                    os.kill(number, signal.SIGKILL)
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """Start server and browser, and leave none of them behind."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install it to run the browser tests")
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    port = free_port()
    with language("zh"):
        folder = prepare(tmp_path / "培训 day")
        words = [*command(folder, port, browser=False), f"--IdentityProvider.token={TOKEN}"]
        settings = environment(folder) | {
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_RUNTIME_DIR": str(folder / "run"),
            "KPISIM_CACHE": str(tmp_path / "cache"),
        }
    with sync.sync_playwright() as driver:
        made = Room(folder, port, driver, words, settings)
        try:
            made.serve()
            made.browse()
            yield made
        finally:
            made.end()


def kept(room: Room) -> list[tuple[Any, ...]]:
    """Return every entry that is on disk, private ones too."""
    held = open_session(room.folder / "session")
    return [
        (kind, one.number, one.at, one.kind, one.data)
        for kind, entries in (("open", held.entries()), ("private", held.private_entries()))
        for one in entries
    ]


def act(page: Page, module: str, luck: random.Random) -> None:
    """Do one thing a participant does."""
    choice = luck.choice(["type", "type", "save", "round", "rate", "quiz"])
    name = luck.choice(list(MODULES[module]))
    if choice == "type":
        wanted = luck.choice(MODULES[module][name])
        box = page.locator(f".kpisim-{name}-{wanted}-0").locator("input, textarea").first
        box.fill(f"{luck.randrange(10**6)} 每周一点名感谢一位同事")
        box.blur()
    elif choice == "save":
        page.locator(f".kpisim-{name}-save").first.click()
    elif choice == "round":
        played = ROUNDS[module]
        guess = luck.choice(a_round(played).watch)
        page.locator(f".kpisim-guess-{played}-{guess} button").nth(luck.randrange(3)).click()
        page.locator(f".kpisim-round-{played}-run").click()
    elif choice == "rate" and module == "1_culture":
        page.locator(f".kpisim-culture_pulse-{luck.choice(PULSE)}-0 button").nth(luck.randrange(5)).click()
    else:
        asked = "observable" if module == "1_culture" else "seventy"
        page.locator(f".kpisim-quiz-{asked}-{luck.randrange(3)}").first.click()


def shown_is_kept(room: Room, page: Page, module: str) -> None:
    """Hold the screen against the session: every field, every rating, the round with its numbers."""
    with language("zh"):
        desk = Desk(open_session(room.folder / "session"), "zh")
        for name, fields in MODULES[module].items():
            row = next(iter(desk.kept(sheet(name))), {})
            for one in fields:
                box = page.locator(f".kpisim-{name}-{one}-0").locator("input, textarea").first
                assert box.input_value(timeout=LONG) == (row.get(one) or ""), (name, one)
        if module == "1_culture":
            row = next(iter(desk.kept(sheet("culture_pulse"))), {})
            for one in PULSE:
                active = page.locator(f".kpisim-culture_pulse-{one}-0 button.mod-active")
                said = [text.strip() for text in active.all_inner_texts()]
                assert said == ([] if row.get(one) is None else [f"{row[one]:g}"]), one
        played = a_round(ROUNDS[module])
        result = desk.session.latest(f"round.{played.name}.result")
        pictures = page.locator(f".kpisim-step-{'round' if module == '1_culture' else 'peak'} figure svg")
        if result is None:
            assert pictures.count() == 0
        else:
            readings = [Reading(**one) for one in result["readings"]]
            pictures.first.wait_for(timeout=LONG)
            assert (
                pictures.first.get_attribute("aria-label")
                == round_picture(readings, played.base().currency).alt
            )
        decision = desk.session.latest(f"round.{played.name}.decision")
        for name, guess in ((decision or {}).get("guesses") or {}).items():
            active = page.locator(f".kpisim-guess-{played.name}-{name} button.mod-active")
            place = ("up", "same", "down").index(guess)
            all_of_them = page.locator(f".kpisim-guess-{played.name}-{name} button")
            assert active.inner_text() == all_of_them.nth(place).inner_text()


def test_killed_at_random_moments_nothing_that_was_kept_is_lost(room: Room) -> None:
    seed = int(os.environ.get("KPISIM_SEED", str(random.SystemRandom().randrange(10**6))))
    luck = random.Random(seed)  # noqa: S311  (moments, no secrets)
    print(f"seed {seed}")  # noqa: T201  (whoever repeats a failure needs it)
    victims = ["kernel", "server", "browser"] * (KILLS // 3 + 1)
    victims = victims[:KILLS]
    luck.shuffle(victims)
    module = "1_culture"
    ordinary = []
    for _ in range(2):
        begun = time.monotonic()
        page = room.open(module)
        ordinary.append(time.monotonic() - begun)
        room.kill("kernel")
    page = room.open(module)
    begun = time.monotonic()
    page.locator(f".kpisim-round-{ROUNDS[module]}-run").click()
    # The first runs are no result yet.
    page.locator(".kpisim-step-round figure:not([data-early]) svg").first.wait_for(timeout=LONG)
    playing = time.monotonic() - begun
    limit = max(SECONDS, 2 * max(ordinary) + 3 * playing)
    taken: dict[str, list[float]] = {}
    kills = 0
    for what in victims:
        for _ in range(luck.randrange(1, 5)):
            act(page, module, luck)
        page.wait_for_timeout(luck.uniform(0, 2500))
        before = kept(room)
        room.kill(what)
        kills += 1
        begun = time.monotonic()
        room.mend(what)
        module = luck.choice(list(MODULES))
        page = room.open(module)
        shown_is_kept(room, page, module)
        taken.setdefault(what, []).append(time.monotonic() - begun)
        after = kept(room)
        assert [one for one in after if one in before] == before, (seed, kills, what)
        assert not page.locator("text=Traceback").count(), (seed, kills, what)
    for what, seconds in sorted(taken.items()):
        print(f"{what}: median {median(seconds):.1f} s, slowest {max(seconds):.1f} s of {len(seconds)}")  # noqa: T201
    ways = f"an ordinary opening: {min(ordinary):.1f} to {max(ordinary):.1f} s"
    print(f"{ways}; a round: {playing:.1f} s; limit {limit:.1f} s")  # noqa: T201
    assert kills == KILLS
    assert max(second for seconds in taken.values() for second in seconds) <= limit
