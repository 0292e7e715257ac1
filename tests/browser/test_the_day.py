"""A module played in a real JupyterLab: sheets filled, a round played, the language switched, everything kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from kpisim.session import open_session
from tests.browser.watching import LOCAL, LONG, lab, opened, shown, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module", params=["zh", "en"])
def day(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path, str]]:
    """Serve a session folder as `kpisim workshop` does, and return language, folder and address."""
    lang: Any = request.param
    with lab(tmp_path_factory.mktemp("培训 day"), lang) as (folder, address):
        yield lang, folder, address


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
    assert {one["kpi"] for one in result["readings"]} <= {"revenue_booked", "culture", "csat"}

    shown(page, "kpisim-culture_action_plan-value-0").locator("input").fill("说到做到 promise")
    shown(page, "kpisim-culture_action_plan-save").click()
    plan = until(lambda: kept.latest("culture_action_plan"))
    assert plan[0]["value"] == "说到做到 promise"
    assert not page.locator("text=Traceback").count()
    assert not [url for url in asked if not url.startswith(LOCAL)]
    page.close()


def test_what_is_being_typed_stays_while_another_sheet_fills_this_one(
    browser: Browser, day: tuple[str, Path, str]
) -> None:
    lang, folder, address = day
    page = opened(browser, address, f"{lang}/1_culture.ipynb", [])
    kept = open_session(folder / "session")
    for row in (0, 1):
        behaviour = shown(page, f"kpisim-culture_action_plan-behaviour-{row}")
        behaviour.locator("textarea, input").first.fill(f"calls back by nine {row}")
    wanted = shown(page, "kpisim-behaviour_week-wanted-0").locator("input")
    wanted.focus()
    page.keyboard.type("1")
    # The other sheet is saved, and its answer comes, while the keyboard is here.
    page.evaluate(
        "document.querySelector('.kpisim-culture_action_plan-save').dispatchEvent(new MouseEvent('click', {bubbles: true}))"
    )
    shown(page, "kpisim-behaviour_week-behaviour-1")
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    draft = until(lambda: kept.latest("draft.behaviour_week"))
    assert float(draft[0]["wanted"]) == 12.0
    assert [row["behaviour"] for row in draft] == ["calls back by nine 0", "calls back by nine 1"]
    page.close()


def test_words_being_typed_are_not_replaced_by_what_another_sheet_fills_in(
    browser: Browser, day: tuple[str, Path, str]
) -> None:
    lang, folder, address = day
    page = opened(browser, address, f"{lang}/2_communication.ipynb", [])
    kept = open_session(folder / "session")
    give, get = (
        shown(page, f"kpisim-collab_agreement-{name}-0").locator("textarea, input").first
        for name in ("give", "get")
    )

    def found_in_the_case(name: str, words: str) -> None:
        shown(page, f"kpisim-case2_answers-{name}-0").locator("textarea").fill(words)

    def save_the_case() -> None:
        """Save it while the keyboard stays where it is, as if its answer had taken a moment."""
        page.evaluate(
            "document.querySelector('.kpisim-case2_answers-save').dispatchEvent(new MouseEvent('click', {bubbles: true}))"
        )

    found_in_the_case("goal", "the goal")
    found_in_the_case("handover", "the hand-over")
    get.focus()
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    save_the_case()
    until(lambda: give.input_value() == "the hand-over")
    page.keyboard.press("Tab")
    assert get.input_value() == "the goal"  # the field was left as it was found, so it shows what came

    found_in_the_case("goal", "another goal")
    found_in_the_case("handover", "another hand-over")
    give.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("my own wor")
    save_the_case()
    # The same answer of the kernel fills in the next field, and would fill in this one.
    until(lambda: get.input_value() == "another goal")
    assert give.input_value() == "my own wor"
    page.keyboard.type("ds")
    page.keyboard.press("Tab")
    draft = until(lambda: kept.latest("draft.collab_agreement"))
    assert (draft[0]["give"], draft[0]["get"]) == ("my own words", "another goal")
    assert give.input_value() == "my own words"
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
    page.locator('section[data-quadrant="plan"] h4').click()
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


CUT = """one => {
    // The ring stands 5 dots out of the button: whatever clips must lie further out than that.
    const ring = one.getBoundingClientRect(), found = [];
    for (let box = one.parentElement; box && !box.matches('.jp-Notebook'); box = box.parentElement) {
        const at = box.getBoundingClientRect();
        if (getComputedStyle(box).overflowX !== 'visible' && (at.left > ring.left - 5 || at.bottom < ring.bottom + 5))
            found.push(box.className);
    }
    return found;
}"""


def test_the_ring_around_a_button_is_whole(browser: Browser, day: tuple[str, Path, str]) -> None:
    lang, _, address = day
    page = opened(browser, address, f"{lang}/2_communication.ipynb", [])
    for name in ("kpisim-case2_answers-save", "kpisim-quiz-sbi-1", "kpisim-roleplay-promise-timer"):
        assert not shown(page, name).evaluate(CUT), name
    page.close()


def test_a_picture_grows_with_the_words_on_a_projector(browser: Browser, day: tuple[str, Path, str]) -> None:
    lang, folder, address = day
    row = {"kpi": "revenue_booked", "target": 100.0, "weight": 30.0, "now": 80.0}
    open_session(folder / "session").keep("scorecard", [row])
    page = opened(browser, address, f"{lang}/3_goals.ipynb", [])
    drawn = page.locator(".kpisim-step-scorecard figure img").first
    drawn.wait_for(timeout=LONG)
    wide = {}
    for width in (1366, 1920):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(300)
        wide[width] = drawn.evaluate(
            "one => one.getBoundingClientRect().width / parseFloat(getComputedStyle(one.parentElement).fontSize)"
        )
    assert wide[1920] >= wide[1366]
    page.close()
