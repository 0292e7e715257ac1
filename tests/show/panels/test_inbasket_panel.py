"""The in-basket on the screen: the server's clock, one click each, nothing lost by a reload."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.course import inbasket as core
from kpisim.show.panels.inbasket import EVENT, InbasketPanel
from kpisim.show.panels.screen import look
from tests.show.panels.seen import found

if TYPE_CHECKING:
    from kpisim.show.panels.desk import Desk

pytestmark = pytest.mark.unit


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(InbasketPanel, "now", lambda _self: now[0])
    return now


def test_cards_lie_face_down_until_the_clock_starts(desk: Desk, clock: list[float]) -> None:
    panel = InbasketPanel(desk)
    name = panel.items[0].name
    assert found(panel.box, f"kpisim-inbasket-{name}") is None
    # One thing to press, and it is not the end.
    assert found(panel.box, "kpisim-inbasket-run") is None
    panel.press()
    assert found(panel.box, "kpisim-inbasket-run") is not None
    found(panel.box, f"kpisim-inbasket-{name}").value = "do"
    assert panel.made() == {name: ("do", 0.0)}
    assert "12件已处理1件" in panel.told.value
    clock[0] += 90
    found(panel.box, f"kpisim-inbasket-{name}").value = "plan"
    assert panel.made() == {name: ("plan", 1.5)}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_card_says_of_a_choice_is_in_the_words_of_its_button(desk: Desk, lang: Any) -> None:
    desk.speak(lang)
    panel = InbasketPanel(desk)
    panel.press()
    buttons = {words for card in panel.cards.values() for words, _ in card.options}
    meant = [
        words
        for item in core.pool().items
        for words in re.findall(r"“([^”]*)”\s*[=＝]", getattr(item.text, lang))
    ]
    assert len(meant) == 6
    assert set(meant) <= buttons
    # Nothing is meant without being quoted.
    assert sum(len(re.findall("[=＝]", getattr(item.text, lang))) for item in core.pool().items) == len(meant)


def test_clock_and_choices_outlive_a_reload(desk: Desk, clock: list[float]) -> None:
    panel = InbasketPanel(desk)
    panel.press()
    clock[0] += 120
    panel.choose(panel.items[3].name, "delegate")
    clock[0] += 60
    again = InbasketPanel(desk)
    assert again.left() == (420.0, True)
    assert again.clock.left == 420.0
    assert again.made() == {panel.items[3].name: ("delegate", 2.0)}
    assert again.cards[panel.items[3].name].value == "delegate"


def test_a_pause_stops_clock_and_clicks_and_says_so(desk: Desk, clock: list[float]) -> None:
    panel = InbasketPanel(desk)
    panel.press()
    clock[0] += 60
    panel.press()
    clock[0] += 600
    assert panel.left() == (540.0, False)
    found(panel.box, f"kpisim-inbasket-{panel.items[0].name}").value = "do"
    assert panel.made() == {}
    assert panel.cards[panel.items[0].name].value is None
    assert "计时已暂停" in panel.told.value
    panel.press()
    assert panel.left() == (540.0, True)


def test_after_ten_minutes_nothing_is_taken_any_more(desk: Desk, clock: list[float]) -> None:
    panel = InbasketPanel(desk)
    panel.press()
    clock[0] += 601
    panel.clock.heard(None, {"kind": "over"}, [])
    assert panel.where() == "over"
    assert found(panel.box, "kpisim-inbasket-clock").description == "再来一次"
    panel.choose(panel.items[0].name, "do")
    assert panel.made() == {}
    assert "时间到" in panel.told.value
    panel.press()
    assert panel.where() == "before"
    assert len(desk.session.entries(EVENT)) == 2


def test_the_language_switches_in_the_middle_and_nothing_is_lost(desk: Desk, clock: list[float]) -> None:
    panel = InbasketPanel(desk)
    panel.press()
    panel.choose(panel.items[0].name, "leave")
    clock[0] += 30
    desk.speak("en")
    assert panel.cards[panel.items[0].name].value == "leave"
    assert panel.clock.words["running"] == "left"
    assert panel.left() == (570.0, True)
    assert "1 of 12 decided." in panel.told.value


def test_without_a_choice_nothing_is_played(desk: Desk, clock: list[float]) -> None:
    panel = InbasketPanel(desk)
    panel.run()
    assert "还没做任何选择" in panel.told.value
    assert clock == [1000.0]


@pytest.mark.functional
@pytest.mark.slow
def test_what_came_of_it_is_kept_and_shown_in_order(
    desk: Desk, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(core, "SEASON", core.SEASON | {"team.size": 2, "calendar.warmup_weeks": 2})
    panel = InbasketPanel(desk, replications=3, workers=1)
    panel.press()
    for item in panel.items:
        clock[0] += 20
        panel.choose(item.name, "do")
    panel.run()
    assert "<svg" in panel.said.value
    assert "开始后0:20：<b>马上做</b> · 1 " in panel.said.value
    assert "开始后4:00" in panel.said.value
    again = InbasketPanel(desk)
    assert [one.after for one in again.readings] == [one.after for one in panel.readings]


def test_four_choices_of_a_card_are_told_to_stand_in_one_line(desk: Desk, clock: list[float]) -> None:
    clock[0] = 100.0
    panel = InbasketPanel(desk)
    found(panel.box, "kpisim-inbasket-clock").click()
    cards = [card for card in panel.cards.values() if "kpisim-tight" in card._dom_classes]
    assert len(cards) == len(core.draw(desk.session.author)) == 12
    assert ".kpisim-tight .jupyter-button" in look("en")
