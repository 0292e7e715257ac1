"""Speed of the panels in a real browser, as ``kpisim bench --only panels`` prints it.

A slider is moved by a key in JupyterLab; the page itself notes when the key goes down and when the new picture is there.
The trivial notebook is the same one, with a callback that only writes the value.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpisim.course.notebooks import NAMES, hidden_cell, whole
from kpisim.course.schema import Module  # noqa: TC001  (a constant says it)
from kpisim.report.browser import find_browser, flags
from kpisim.text import t

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMES, OPENINGS, WARM_UP = 20, 3, 3
READ, PAUSE = 8.0, 0.5
"""Seconds that somebody reads a picture before moving on, for what is played ahead meanwhile; and from one move to the next.

Both are kept before the trivial callback too: after a pause everything is slower, and right after a move the page may still
be busy with the one before."""
LONG = 90_000
LEVER = "incentive.commission_rate"
MODULE: Module = "culture"
FIRST_BUTTON = "kpisim-culture_pulse-save"
KINDS = ("trivial", "cached", "fresh", "ahead")
WATCH = """(names) => {
    // The moment of the key, of the first picture that is drawn after it, and of the picture of all runs.
    window.pressed = 0; window.drawn = window.whole = null;
    document.addEventListener("keydown", () => {
        window.pressed = performance.now(); window.drawn = window.whole = null;
    }, true);
    for (const name of names) {
        const said = document.querySelector("." + name);
        new MutationObserver(() => {
            // A line such as "playing" is no picture.
            if (!said.querySelector("figure svg, b.value")) return;
            const whole = !said.querySelector("figure[data-early]");
            requestAnimationFrame(() => {
                const now = performance.now() - window.pressed;
                window.drawn ??= now;
                if (whole) window.whole ??= now;
            });
        }).observe(said, { childList: true, subtree: true, characterData: true });
    }
}"""


@dataclass(frozen=True, slots=True)
class Times:
    """What was measured, in milliseconds.

    Attributes
    ----------
    slider
        Key to the first picture, by kind of callback; each beside the trivial one that was measured right before it.
    whole
        Key to the picture of all runs, beside the same trivial ones.
    module, empty
        Opening a module, and a notebook that only imports the same libraries.
    """

    slider: dict[str, list[tuple[float, float]]]
    whole: dict[str, list[tuple[float, float]]]
    module: list[float]
    empty: list[float]


def shown(kind: str) -> Any:
    """Return the panel that is measured; its slider plays as soon as it is let go.

    Parameters
    ----------
    kind
        ``trivial`` only writes the value, ``cached`` plays what was played before, ``fresh`` what never was, ``ahead``
        what was played ahead while the picture before was read.
    """
    import ipywidgets as w  # noqa: PLC0415

    from kpisim.course.rounds import Lever, Round, a_round  # noqa: PLC0415
    from kpisim.kpi.library.definition import Words  # noqa: PLC0415
    from kpisim.show.panels.desk import desk  # noqa: PLC0415
    from kpisim.show.panels.play import RoundPanel  # noqa: PLC0415

    known = a_round("quarters")
    # Eight reps for one quarter; steps so fine that no setting comes twice.
    step = 0.01 if kind == "cached" else 0.0005
    lever = Lever(
        path=LEVER, label=Words(en="Commission", zh="提成"), low=0.01, high=0.08, step=step, start=0.03
    )
    played = Round.model_validate(
        {
            "name": f"bench_{kind}",
            "title": known.title,
            "scenario": "default",
            "set": {"calendar.weeks": 13, "team.size": 8},
            "ask": known.ask,
            "inputs": [lever.model_dump()],
            "watch": known.watch,
            "questions": known.questions,
        }
    )
    # What is played ahead for one of these panels would help it, and stand in the way of the others.
    panel = RoundPanel(desk(), played, replications=20, ahead=kind == "ahead")
    panel.said.add_class(f"kpisim-bench-said-{kind}")
    panel.box.add_class(f"kpisim-bench-{kind}")

    def let_go(change: dict[str, Any]) -> None:
        if kind == "trivial":
            panel.said.value = f'<b class="value">{change["new"]}</b>'
        else:
            panel.run()

    def sliders(widget: Any) -> Iterator[Any]:
        if isinstance(widget, w.FloatSlider):
            yield widget
        for child in getattr(widget, "children", ()):
            yield from sliders(child)

    for slider in sliders(panel.box):
        slider.observe(let_go, names="value")
    return panel.box


def loaded_by_a_module() -> list[str]:
    """Return every library module that a page of the day has loaded, in the order of loading."""
    code = (
        "import sys, json, os, tempfile\n"
        "os.environ['KPISIM_SESSION'] = tempfile.mkdtemp()\n"
        "from kpisim.show.panels import page, step\n"
        "from kpisim.course import lesson\n"
        f"page('{MODULE}')\n"
        f"[step('{MODULE}', one.name) for one in lesson('{MODULE}').steps]\n"
        "print(json.dumps([n for n, m in sys.modules.items() if getattr(m, '__spec__', None)]))"
    )
    done = subprocess.run(  # noqa: S603  (our own words)
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    names: list[str] = json.loads(done.stdout.splitlines()[-1])
    return [name for name in names if name.split(".")[0] not in {"kpisim", "__main__"}]


def measure(times: int = TIMES, openings: int = OPENINGS) -> Times | str:
    """Measure in a real browser; return why not where there is none.

    Parameters
    ----------
    times
        Moves of the slider of each kind.
    openings
        Openings of each notebook.
    """
    browser = find_browser()
    if browser is None or find_spec("playwright") is None:
        return t("needs Chromium and playwright (pip install kpisim[test])")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as top:
        folder = Path(top)
        with _served(folder) as address, sync_playwright() as driver:
            words = [word for word in flags() if word != "--headless"]
            started = driver.chromium.launch(executable_path=browser, args=words)
            try:
                page = started.new_page(viewport={"width": 1280, "height": 1000})
                slider, whole = _moved(page, address, times)
                module: list[float] = []
                empty: list[float] = []
                # The first opening reads JupyterLab itself from disk.
                _end_kernels(page)
                _opened(page, address, "empty.ipynb", "kpisim-bench-empty")
                for _ in range(openings):
                    _end_kernels(page)
                    empty.append(_opened(page, address, "empty.ipynb", "kpisim-bench-empty"))
                    _end_kernels(page)
                    module.append(_opened(page, address, f"en/{NAMES[MODULE]}", FIRST_BUTTON))
                return Times(slider, whole, module, empty)
            finally:
                started.close()


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """Serve a day with the notebooks that are measured, and yield an address with a place for the path."""
    from kpisim.text import language  # noqa: PLC0415
    from kpisim.workshop import command, environment, prepare  # noqa: PLC0415
    from kpisim.workshop.app import free_port  # noqa: PLC0415

    port, token = free_port(), secrets.token_urlsafe(12)
    with language("en"):
        place = prepare(folder)
        cells = [f'from kpisim.bench_panels import shown\n\nshown("{kind}")' for kind in KINDS]
        _notebook(place / "sliders.ipynb", *cells)
        names = ", ".join(f'"{name}"' for name in loaded_by_a_module())
        # What one library keeps to itself cannot always be imported by name; it is loaded with the library anyway.
        empty = (
            f"from contextlib import suppress\nfrom importlib import import_module\nfor name in [{names}]:\n"
            "    with suppress(Exception):\n        import_module(name)\n"
            'import ipywidgets\nbutton = ipywidgets.Button(description="x")\n'
            'button.add_class("kpisim-bench-empty")\nbutton'
        )
        _notebook(place / "empty.ipynb", empty)
        words = command(place, port, browser=False)
        settings = environment(place) | {
            "JUPYTER_TOKEN": token,
            "KPISIM_CACHE": str(folder / "cache"),
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
        }
    server = subprocess.Popen(  # noqa: S603  (our own command)
        words, env=settings, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}/lab/tree/{{path}}?token={token}&reset"
    finally:
        server.terminate()
        server.wait(30)


def _wait(port: int) -> None:
    import socket  # noqa: PLC0415

    for _ in range(900):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


def _notebook(path: Path, *cells: str) -> None:
    made = whole([hidden_cell(code, f"cell-{place}") for place, code in enumerate(cells)])
    path.write_text(json.dumps(made), encoding="utf-8")


def _opened(page: Any, address: str, path: str, until: str) -> float:
    """Open a notebook, run all of it, and return the milliseconds until the first thing to click is there."""
    begun = time.perf_counter()
    page.goto(address.format(path=path), timeout=LONG)
    page.get_by_text("| Idle").first.wait_for(timeout=LONG)
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").click()
    page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
    ends = time.perf_counter() + LONG / 1000
    while time.perf_counter() < ends:
        if page.locator(".jp-Dialog .jp-mod-accept").count():
            # A kernel that was still starting is asked for once more.
            page.locator(".jp-Dialog .jp-mod-accept").first.click()
        if page.locator(f".{until}").count():
            break
        page.wait_for_timeout(50)
    seconds = time.perf_counter() - begun
    return 1000 * seconds


def _end_kernels(page: Any) -> None:
    """End every kernel of our server, so that the next opening starts one of its own."""
    page.evaluate(
        """async () => {
            const mark = (document.cookie.match(/_xsrf=([^;]+)/) || ["", ""])[1];
            for (const one of await (await fetch("/api/sessions")).json())
                await fetch("/api/sessions/" + one.id, { method: "DELETE", headers: { "X-XSRFToken": mark } });
        }"""
    )


def _moved(
    page: Any, address: str, times: int
) -> tuple[dict[str, list[tuple[float, float]]], dict[str, list[tuple[float, float]]]]:
    """Move the sliders by turns, and return the milliseconds to each first and each whole picture beside the trivial ones."""
    _opened(page, address, "sliders.ipynb", f"kpisim-bench-{KINDS[-1]}")
    for kind in KINDS:
        _handle(page, kind).wait_for(timeout=LONG)
    page.evaluate(WATCH, [f"kpisim-bench-said-{kind}" for kind in KINDS])
    first: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS[1:]}
    whole: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS[1:]}
    for kind in KINDS[1:]:
        for number in range(times + WARM_UP):
            there = number % 2 == 0
            pause = 1000 * (READ if kind == "ahead" else PAUSE)
            page.wait_for_timeout(pause)
            trivial, _ = _move(page, "trivial", forward=there)
            page.wait_for_timeout(pause)
            # A known result lies one step back and forth, a new one always ahead.
            early, late = _move(page, kind, forward=there or kind != "cached")
            # The first ones fill caches and start processes.
            if number >= WARM_UP:
                first[kind].append((early, trivial))
                whole[kind].append((late, trivial))
    return first, whole


def _handle(page: Any, kind: str) -> Any:
    return page.locator(f".kpisim-bench-{kind} .noUi-handle").first


def _move(page: Any, kind: str, *, forward: bool) -> tuple[float, float]:
    """Move a slider by one step, and return the milliseconds to the first picture and to that of all runs."""
    _handle(page, kind).focus()
    page.keyboard.press("ArrowRight" if forward else "ArrowLeft")
    page.wait_for_function("window.whole !== null", timeout=LONG)
    early, whole = page.evaluate("[window.drawn, window.whole]")
    return float(early), float(whole)


__all__ = ["Times", "loaded_by_a_module", "measure", "shown"]
