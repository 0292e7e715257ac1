"""The whole day as one participant: every sheet, every round, the in-basket, the plan, and what is taken home.

``KPISIM_PICTURES`` names a folder that takes a picture of every step; people look at them.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from kpisim.course import lessons, sheet
from kpisim.course.inbasket import draw
from kpisim.course.rounds import a_round
from kpisim.course.week import next_monday
from kpisim.report.take_home import take_home
from kpisim.session import open_session
from kpisim.session.room import comments
from kpisim.show.panels.desk import CUT, PAUSE
from kpisim.show.panels.inbasket import RESULT
from kpisim.text import language
from tests.browser.watching import (
    LOCAL,
    LONG,
    answered,
    clean,
    lab,
    named_for_all,
    one_bar,
    opened,
    pages,
    picture,
    shown,
    until,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from kpisim.course.schema import Lesson, Step
    from kpisim.sheets import Field, Sheet

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOKS = {
    "start": "0_start",
    "culture": "1_culture",
    "communication": "2_communication",
    "goals": "3_goals",
    "pressure": "4_pressure",
    "action_plan": "5_action_plan",
}
NUMBERS = {
    ("goal_tree", "annual"): 12_000_000, ("goal_tree", "week"): 230_000, ("scorecard", "target"): 0.8,
    ("scorecard", "weight"): 30, ("culture_action_plan", "share"): 10, ("time_audit", "before"): 5,
    ("time_audit", "after"): 2, ("priority_matrix", "hours"): 2, ("week_plan", "hours"): 2,
}  # fmt: skip
"""Numbers where the lowest allowed would say nothing."""
CHOSEN = {("work_calendar", "kind"): "off", ("timebox_week", "kind"): "customers"}
SAVED = re.compile("已保存|Saved at")
FILLED_BEFORE = ("week_plan", "timebox_week", "action_plan")
"""Sheets that come filled in from earlier ones."""


def words(name: str, field: Field, row: int) -> str:
    """Return what is typed: what a good answer looks like where the sheet shows one, and a mark to find it again."""
    said = field.label.text() if field.hint is None or field.kind == "number" else field.hint.text()
    return f"{said} [{name}.{field.name}.{row}]"


def mark(name: str, field: str, row: int) -> str:
    """Return the mark of one answer."""
    return f"[{name}.{field}.{row}]"


class Day:
    """One participant at one laptop."""

    def __init__(self, browser: Browser, folder: Path, address: str, lang: str) -> None:
        self.browser, self.folder, self.address, self.lang = browser, folder, address, lang
        self.asked: list[str] = []
        self.broken: list[str] = []
        self.page: Page | None = None
        self.today = datetime.now(UTC).astimezone().date()

    @property
    def kept(self) -> Any:
        """Return what is on disk."""
        return open_session(self.folder / "session")

    def open(self, module: str) -> Page:
        """Open a module's notebook and run it."""
        first = self.page is None
        path = f"{self.lang}/{NOTEBOOKS.get(module, module)}.ipynb"
        self.page = opened(self.browser, self.address, path, self.asked, self.page)
        if first:
            self.page.on("pageerror", lambda problem: self.broken.append(str(problem)))
        return self.page

    def latest(self, one: Sheet) -> Any:
        """Return what was kept last of a sheet."""
        return self.kept.latest_private(one.name) if one.private else self.kept.latest(one.name)

    def fill(self, page: Page, name: str) -> None:
        """Fill in every field of the fewest rows a sheet takes, save it, and find it on disk."""
        one = sheet(name)
        for row in range(one.rows[0]):
            for field in one.fields:
                self.enter(page, one, field, row)
        before = self.latest(one)
        answered(
            lambda: shown(page, f"kpisim-{name}-save").click(),
            lambda: self.latest(one) not in (None, before),
            name,
        )
        # Drafts of later sheets come before the word that this one is saved, and a hand goes on when it has read that.
        form = page.locator(".widget-vbox").filter(has=page.locator(f".kpisim-{name}-save")).last
        form.locator("[role=status]").filter(has_text=SAVED).first.wait_for(timeout=LONG)
        rows = self.latest(one)
        for row in range(one.rows[0]):
            for field in one.fields:
                assert rows[row][field.name] not in (None, ""), (name, row, field.name, rows)
                if field.kind in {"text", "long"}:
                    typed = mark(name, field.name, row)
                    assert typed in rows[row][field.name], (name, field.name)
                    # The screen shows what is kept, also where the form was drawn anew while one typed.
                    box = page.locator(f".kpisim-{name}-{field.name}-{row}").locator("input, textarea").first
                    until(lambda box=box, typed=typed: typed in box.input_value(), what=typed)

    def enter(self, page: Page, one: Sheet, field: Field, row: int) -> None:
        """Enter one answer as a hand does."""
        at = shown(page, f"kpisim-{one.name}-{field.name}-{row}")
        key = (one.name, field.name)
        if field.kind == "choice":
            values = [choice.value for choice in field.choices]
            wanted = values.index(CHOSEN[key]) if key in CHOSEN else (row if len(values) > row else 0)
            at.locator("select").select_option(index=wanted + 1)
        elif field.kind == "scale":
            at.locator("button").nth(3).click()
        elif field.kind == "flag":
            at.locator("input").check()
        elif field.kind == "date":
            days = 2 if field.name == "first_by" else 30
            day = self.today + timedelta(days=days)
            if one.name == "work_calendar":
                day = next_monday(self.today) + timedelta(days=2)
            at.locator("input").fill(day.isoformat())
        elif field.kind == "number":
            number = (
                9 + 2 * row if key == ("timebox_week", "start") else NUMBERS.get(key, (field.low or 0) + 1)
            )
            at.locator("input").fill(f"{number:.15g}")
        else:
            at.locator("input, textarea").first.fill(words(one.name, field, row))

    def play(self, page: Page, name: str) -> None:
        """Predict, run, read."""
        for place, kpi in enumerate(a_round(name).watch):
            shown(page, f"kpisim-guess-{name}-{kpi}").locator("button").nth(place % 3).click()
        self.decide(page, name)
        shown(page, f"kpisim-round-{name}-run").click()
        if a_round(name).halfway is not None:
            until(lambda: self.kept.latest(f"round.{name}.board"), 120)
            shown(page, f"kpisim-round-{name}-again")
            assert self.kept.latest(f"round.{name}.result") is None
            self.decide(page, name)
            shown(page, f"kpisim-round-{name}-run").click()
        until(lambda: self.kept.latest(f"round.{name}.result"), 120)
        page.locator("figure svg").first.wait_for(timeout=60_000)
        decided = self.kept.latest(f"round.{name}.decision")
        assert set(decided["guesses"]) == set(a_round(name).watch)
        assert decided["choices"], name

    def decide(self, page: Page, name: str) -> None:
        """Set the first lever otherwise than it stands, by the keyboard."""
        lever = a_round(name).inputs[0]
        at = shown(page, f"kpisim-lever-{lever.path.replace('.', '-')}")
        if lever.choices:
            now = at.locator("select").evaluate("one => one.selectedIndex")
            at.locator("select").select_option(index=0 if now else 1)
        elif lever.flag:
            at.locator("input").click()
        else:
            handle = at.locator(".noUi-handle")
            handle.focus()
            before = at.locator(".widget-readout").inner_text()
            top = at.locator(".noUi-handle").get_attribute("aria-valuemax") or "0"
            up = float(handle.get_attribute("aria-valuenow") or 0) < float(top)
            handle.press("ArrowRight" if up else "ArrowLeft")
            until(lambda: at.locator(".widget-readout").inner_text() != before, what=lever.path)

    def work_off(self, page: Page) -> None:
        """Decide all twelve things of the in-basket and see what comes of it."""
        shown(page, "kpisim-inbasket-clock").click()
        for place, item in enumerate(draw(self.kept.author)):
            shown(page, f"kpisim-inbasket-{item.name}").locator("button").nth(place % 4).click()
        until(lambda: len([one for one in self.kept.entries("inbasket.event") if one.data["item"]]) == 12)
        shown(page, "kpisim-inbasket-run").click()
        result = until(lambda: self.kept.latest(RESULT), 120)
        assert len(result["made"]) == 12

    def talk(self, page: Page, taught: Lesson, name: str) -> None:
        """Open one card and walk through the dialogue to its end."""
        scene = next(one for one in taught.roleplays if one.name == name)
        shown(page, f"kpisim-roleplay-{name}-a").click()
        turns = {turn.name: turn for turn in scene.dialogue}
        turn, steps = scene.dialogue[0], 0
        while turn.answers:
            shown(page, f"kpisim-roleplay-{name}-say-0").click()
            steps += 1
            state = until(lambda steps=steps: self._walked(name, steps))
            to = turn.answers[0].to
            if to is None:
                break
            turn = turns[to]
        assert state["side"] == "a"
        shown(page, f"kpisim-roleplay-{name}-again")

    def _walked(self, name: str, steps: int) -> Any:
        state = self.kept.latest(f"roleplay.{name}.state")
        return state if state and len(state["path"]) == steps else None

    def ask(self, page: Page, taught: Lesson, name: str) -> None:
        """Answer wrongly once, read the hint, then rightly."""
        question = next(one for one in taught.questions if one.name == name)
        for place in (0 if question.right else 1, question.right):

            def click(place: int = place) -> None:
                shown(page, f"kpisim-quiz-{name}-{place}").click()

            def kept(place: int = place) -> bool:
                return bool(self.kept.latest(f"quiz.{name}") == place)

            answered(click, kept, f"{name} {place}")
        page.get_by_text(str(question.why.text())[:40]).first.wait_for()

    def move_cards(self, page: Page) -> None:
        """Move a card to every quadrant by the keyboard alone."""
        for place, wanted in enumerate(("do", "plan", "delegate", "drop")):

            def move(place: int = place) -> None:
                page.locator(f'.kpisim-task[data-id="{place}"]').first.focus(timeout=60_000)
                page.keyboard.press(str(place + 1))

            answered(move, lambda place=place, wanted=wanted: self._card(place) == wanted, f"card {place}")

    def _card(self, place: int) -> Any:
        return (self.kept.latest("priority_matrix") or [{}] * 4)[place].get("quadrant")

    def move_boxes(self, page: Page, where: str) -> None:
        """Move a box of the week by keys, and one by the mouse; without the frame, while the keys' answer is on its way.

        In JupyterLab that answer may make the form above grow and move the grid away from under the mouse, as it would
        for a person, who looks again; the test waits for it and then looks.
        """

        def lies(place: int) -> Any:
            row = self.kept.latest("timebox_week")[place]
            return row["day"], row["start"]

        day, start = lies(0)
        page.evaluate("document.querySelector('.kpisim-days').scrollIntoView({block: 'start'})")
        page.locator('.kpisim-box[data-id="0"]').first.focus(timeout=60_000)
        if where == "lab":
            page.keyboard.press("ArrowDown")
            until(lambda: lies(0) == (day, start + 0.5))
            page.wait_for_timeout(500)

        def drag() -> None:
            box = until(lambda: page.locator('.kpisim-box[data-id="1"]').bounding_box())
            column = until(lambda: page.locator('.kpisim-days .day[data-day="thu"]').bounding_box())
            assert box["height"] >= 44, "too small for a finger"
            if where != "lab" and lies(0) == (day, start):
                page.keyboard.press("ArrowDown")
            page.mouse.move(box["x"] + 10, box["y"] + 8)
            page.mouse.down()
            page.mouse.move(column["x"] + 20, box["y"] + 8, steps=5)
            until(lambda: lies(0) == (day, start + 0.5))
            page.wait_for_timeout(500)
            page.mouse.up()

        answered(drag, lambda: lies(1)[0] == "thu", "a box to Thursday")

    def cut_to_three(self, page: Page) -> None:
        """Take the plan that earlier sheets filled in, and leave three commitments of it."""
        sources = (
            "culture_action_plan.behaviour",
            "collab_agreement.give",
            "smart_goals.goal",
            "comment_m4.rule",
        )
        for row, source in enumerate(sources):
            box = shown(page, f"kpisim-action_plan-commitment-{row}").locator("textarea")
            assert f"[{source}.0]" in box.input_value(), (row, source)
        shown(page, "kpisim-action_plan-cut-3").click()
        page.locator(".kpisim-action_plan-commitment-3").wait_for(state="detached")

    def do(self, page: Page, taught: Lesson, step: Step, where: str = "lab") -> None:
        """Do everything of one step, in the order it stands there."""
        acts: list[Callable[[], None]] = [partial(self.talk, page, taught, name) for name in step.roleplays]
        if "inbasket" in step.tools:
            acts.append(partial(self.work_off, page))
        if step.round is not None:
            acts.append(partial(self.play, page, step.round))
        for name in step.sheets:
            if name == "action_plan":
                acts.append(partial(self.cut_to_three, page))
            acts.append(partial(self.fill, page, name))
            if name == "priority_matrix":
                acts.append(partial(self.move_cards, page))
            if name == "timebox_week":
                acts.append(partial(self.move_boxes, page, where))
        acts += [partial(self.ask, page, taught, name) for name in step.quiz]
        for act in acts:
            act()
        name = f"{where}-{self.lang}-{taught.name}-{step.name}"
        picture(page, name, f".kpisim-step-{step.name}")
        if step.round or step.tools:
            picture(page, f"{name}-wide", f".kpisim-step-{step.name}", (1920, 1080))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_whole_day_is_played_and_taken_home(browser: Browser, tmp_path: Path, lang: Any) -> None:
    begun = time.monotonic()
    settings = {"KPISIM_RUNS": "2", "KPISIM_CACHE": str(tmp_path / "cache")}
    with lab(tmp_path / "培训 day", lang, settings) as (folder, address):
        day = Day(browser, folder, address, lang)
        with language(lang):
            for taught in lessons():
                page = day.open(taught.name)
                shown(page, f"kpisim-step-{taught.steps[-1].name}")
                for step in taught.steps:
                    day.do(page, taught, step)
                    clean(page, f"{taught.name}.{step.name}")
                    one_bar(page, f"{taught.name}.{step.name}")
                    named_for_all(page, f"{taught.name}.{step.name}")
                print(f"{lang} {taught.name}: {time.monotonic() - begun:.0f} s")  # noqa: T201
            shown(page, "kpisim-export").click()
            home = folder / "take_home"
            until((home / "self_check.html").is_file)
            page.get_by_text("self_check.html").first.wait_for()
            clean(page, "export")
            taken_home(home, day)
            shown(page, "kpisim-wipe-ask").click()
            assert day.kept.entries()
            shown(page, "kpisim-wipe-yes")
            page.wait_for_timeout(1000)  # an answer within a blink is taken for a double click
            shown(page, "kpisim-wipe-yes").click()
            until(lambda: not day.kept.entries() and not day.kept.private_entries())
            clean(page, "wipe")
        assert not [url for url in day.asked if not url.startswith(LOCAL)]
        assert not day.broken
        page.close()


@pytest.mark.parametrize("lang", ["zh"])
def test_the_module_with_every_kind_of_hand_work_is_played_through_voila(
    browser: Browser, tmp_path: Path, lang: Any
) -> None:
    """Pressure and time: private sheets, the week's boxes, the in-basket, a round, quizzes."""
    pytest.importorskip("voila", reason="voila is not installed")
    begun = time.monotonic()
    settings = {"KPISIM_RUNS": "2", "KPISIM_CACHE": str(tmp_path / "cache")}
    with pages(tmp_path / "培训 pages", lang, settings) as (folder, port, first), language(lang):
        day = Day(browser, folder, f"http://127.0.0.1:{port}", lang)
        page = browser.new_page(viewport={"width": 1024, "height": 768})
        page.on("request", lambda request: day.asked.append(request.url))
        page.on("pageerror", lambda problem: day.broken.append(str(problem)))
        page.goto(first.replace(NOTEBOOKS["start"], NOTEBOOKS["pressure"]), timeout=120_000)
        taught = next(one for one in lessons() if one.name == "pressure")
        shown(page, f"kpisim-step-{taught.steps[-1].name}")
        for step in taught.steps:
            day.do(page, taught, step, "voila")
            clean(page, f"voila {step.name}")
            one_bar(page, f"voila {step.name}")
        for name in (name for step in taught.steps for name in step.sheets):
            assert day.latest(sheet(name)), name
        assert not [url for url in day.asked if not url.startswith(LOCAL)]
        assert not day.broken
        page.close()
    print(f"voila {lang}: {time.monotonic() - begun:.0f} s")  # noqa: T201


def test_the_trainer_stars_a_sheet_comments_it_and_skips_a_step(browser: Browser, tmp_path: Path) -> None:
    asked: list[str] = []
    with lab(tmp_path / "讲师 day", "zh", trainer=True) as (folder, address):
        ann, boss = open_session(folder / "session", "ann"), open_session(folder / "session")
        ann.keep("action_plan", [{"area": "goals", "commitment": "每周一9点晨会，点名感谢一位同事"}])
        ann.keep_private("abc_sheet", [{"event": "SECRET-EVENT"}])
        page = opened(browser, address, "zh/trainer_guide.ipynb", asked)
        shown(page, "kpisim-console-star-action_plan-ann").click()
        shown(page, "kpisim-console-comment").locator("textarea").fill("“点名”两个字写得好")
        shown(page, "kpisim-console-comment-save").click()
        until(lambda: comments(ann) == {"action_plan": "“点名”两个字写得好"})
        shown(page, "kpisim-cut-culture-obstacles").locator("input").check()
        until(lambda: boss.latest(CUT) == ["culture.obstacles"])
        shown(page, "kpisim-console-pause").click()
        until(lambda: (boss.latest(PAUSE) or {}).get("what") == "pause")
        shown(page, "kpisim-console-pause").click()
        until(lambda: (boss.latest(PAUSE) or {}).get("what") == "resume")
        clean(page, "console")
        assert "SECRET-EVENT" not in page.content()
        picture(page, "zh-console", ".jp-OutputArea:has(.kpisim-console-pause)")
        assert not [url for url in asked if not url.startswith(LOCAL)]
        page.close()
        with language("zh"):
            text = take_home(ann, tmp_path / "ann")[0].read_text(encoding="utf-8")
        assert "“点名”两个字写得好" in text


def taken_home(home: Path, day: Day) -> None:
    """Hold what is taken home against what was typed: all that is open, nothing that is private."""
    page = (home / "my_workbook.html").read_text(encoding="utf-8")
    book = load_workbook(home / "my_workbook.xlsx")
    cells = "\n".join(str(cell.value) for one in book for line in one.iter_rows() for cell in line)
    check = (home / "self_check.html").read_text(encoding="utf-8")
    # Long lines are folded in a calendar file.
    dates = (home / "my_workbook.ics").read_bytes().replace(b"\r\n ", b"").decode()
    everything = f"{page}\n{cells}\n{check}\n{dates}"
    names = [name for taught in lessons() for step in taught.steps for name in step.sheets]
    kept = day.kept
    for name in names:
        one = sheet(name)
        if one.private:
            assert kept.latest_private(name), name
            assert kept.latest(name) is None, name
            assert f"[{name}." not in everything, name
            assert str(one.title.text()) not in everything, name
            continue
        rows = kept.latest(name)
        assert rows, name
        for row, field in ((row, field) for row in range(one.rows[0]) for field in one.fields):
            if field.kind in {"text", "long"}:
                typed = mark(name, field.name, row)
                assert typed in page, typed
                assert typed in cells, typed
    assert "12,000,000" in page
    assert len(kept.latest("action_plan")) == 3
    for row in range(3):
        assert mark("action_plan", "commitment", row) in dates
        assert mark("action_plan", "first", row) in dates
        assert mark("action_plan", "commitment", row) in check
    assert mark("timebox_week", "task", 0) in dates
    # Commitments with the first step of each, days to look back, boxes, and the pulse that is taken again.
    assert dates.count("BEGIN:VEVENT") == 3 + 3 + 3 + 3 + 1
