"""Playing beside the page: pictures grow, a later wish drops an earlier one, and nothing that goes wrong is lost."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.course import rounds as course_rounds
from kpisim.course.rounds import Part, a_round, known, read_round, results
from kpisim.experiment import compare, one
from kpisim.experiment.growing import Outcomes
from kpisim.scenario import Scenario
from kpisim.show.panels import play as play_module
from kpisim.show.panels import player as module
from kpisim.show.panels.play import RoundPanel
from kpisim.show.panels.player import MOST_AHEAD, Neighbour, Player
from tests.show.panels.seen import found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kpisim.show.panels.desk import Desk

pytestmark = pytest.mark.functional

LEVER = "kpisim-lever-incentive-commission_rate"
SMALL = {"calendar.weeks": 4, "calendar.warmup_weeks": 0, "team.size": 2}


@pytest.fixture
def panel(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[RoundPanel]:
    monkeypatch.setenv("KPISIM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(module, "AHEAD_AFTER", 3600.0)
    course_rounds._KNOWN.clear()
    made = RoundPanel(desk, a_round("practice"), replications=6, workers=1)
    made.round = made.round.model_copy(update={"sets": SMALL})
    yield made
    desk.player.close()


async def until(probe: Callable[[], Any], seconds: float = 60.0) -> None:
    for _ in range(int(seconds / 0.02)):
        if probe():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("nothing came")


def _raise(error: Exception) -> Part:
    raise error


def pictures(panel: RoundPanel) -> list[str]:
    shown: list[str] = []
    panel.said.observe(lambda change: shown.append(change["new"]), names="value")
    return shown


def test_the_first_runs_are_shown_and_only_the_whole_is_kept(panel: RoundPanel, desk: Desk) -> None:
    shown = pictures(panel)

    async def page() -> None:
        found(panel.box, LEVER).value = 0.08
        found(panel.box, "kpisim-guess-practice-pay_cost").value = "up"
        panel.run()
        # The decision is kept before anything is played, and the page is not held up.
        (decision,) = desk.session.entries("round.practice.decision")
        assert decision.data["choices"] == {"incentive.commission_rate": 0.08}
        assert desk.session.latest("round.practice.result") is None
        await until(lambda: panel.part is None)

    asyncio.run(page())
    playing, early, whole = shown
    assert "两边各6次" in playing
    assert "data-early" in early
    assert "先看前2次（共6次），其余还在推演" in early
    assert "决策的作用" not in early
    assert "data-early" not in whole
    (kept,) = desk.session.entries("round.practice.result")
    course_rounds._KNOWN.clear()
    once = results(
        panel.round, {"incentive.commission_rate": 0.08}, {"pay_cost": "up"}, replications=6, workers=1
    )
    assert panel.readings == once
    assert [one["after"] for one in kept.data["readings"]] == [one.after for one in once]


def test_a_second_release_drops_the_first(
    panel: RoundPanel, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown, gate = pictures(panel), threading.Event()
    begun: list[float] = []
    real = course_rounds.growing

    def slow(played: Any, choices: Any, *args: Any, **more: Any) -> Iterator[Part]:
        begun.append(choices["incentive.commission_rate"])
        for part in real(played, choices, *args, **more):
            yield part
            if choices["incentive.commission_rate"] == 0.05:
                # The first one is in the middle of it when the second is asked for.
                assert gate.wait(30)

    monkeypatch.setattr(play_module, "growing", slow)

    async def page() -> None:
        panel.choices["incentive.commission_rate"] = 0.05
        panel.run()
        await until(lambda: panel.part is not None and panel.part.there == 2)
        panel.choices["incentive.commission_rate"] = 0.08
        panel.run()
        count = len(shown)
        gate.set()
        await until(lambda: panel.part is None)
        # Nothing of the first was shown once the second was asked for.
        assert [html for html in shown[count - 1 :] if "两边各" in html] == [shown[count - 1]]

    asyncio.run(page())
    assert begun == [0.05, 0.08]
    assert len(desk.session.entries("round.practice.decision")) == 2
    (only,) = desk.session.entries("round.practice.result")
    course_rounds._KNOWN.clear()
    once = results(panel.round, {"incentive.commission_rate": 0.08}, replications=6, workers=1)
    assert [one["after"] for one in only.data["readings"]] == [one.after for one in once]


def test_what_is_known_drops_what_is_being_played(panel: RoundPanel, desk: Desk) -> None:
    results(panel.round, {"incentive.commission_rate": 0.03}, replications=6, workers=1)

    async def page() -> None:
        panel.choices["incentive.commission_rate"] = 0.06
        panel.run()
        panel.choices["incentive.commission_rate"] = 0.03
        panel.run()
        assert panel.part is None
        readings = list(panel.readings)
        await asyncio.sleep(1.0)
        assert panel.readings == readings

    asyncio.run(page())
    assert len(desk.session.entries("round.practice.result")) == 1


def test_two_panels_do_not_drop_each_other(panel: RoundPanel, desk: Desk) -> None:
    other = RoundPanel(desk, panel.round, replications=4, workers=1)

    async def page() -> None:
        for asking, rate in ((panel, 0.07), (other, 0.02)):
            asking.choices["incentive.commission_rate"] = rate
            asking.run()
        await until(lambda: panel.part is None and other.part is None)

    asyncio.run(page())
    assert panel.readings
    assert other.readings
    assert panel.readings != other.readings


@pytest.mark.parametrize("error", [RuntimeError("worker\ndied"), KeyError("x")])
def test_an_error_is_one_line_on_the_page(
    panel: RoundPanel, desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def broken(*_: Any, **__: Any) -> Iterator[Part]:
        yield from map(_raise, [error])

    monkeypatch.setattr(play_module, "growing", broken)

    async def page() -> None:
        panel.run()
        await until(lambda: panel.part is None)

    asyncio.run(page())
    assert "这一轮没能推演" in panel.said.value
    assert type(error).__name__ in panel.said.value
    assert "Traceback" not in panel.said.value
    assert desk.session.latest("round.practice.result") is None


def test_runs_that_failed_are_told_beside_the_numbers_of_the_others(
    panel: RoundPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = one.play

    def now_and_then(scenario: Scenario, seed: int, run: int) -> Any:
        if run == 4 and scenario.incentive.commission_rate == 0.08:
            raise ZeroDivisionError("by chance")
        return real(scenario, seed, run)

    monkeypatch.setattr(one, "play", now_and_then)
    panel.choices["incentive.commission_rate"] = 0.08
    panel.run()
    assert "6次模拟中有1次出错（ZeroDivisionError: by chance）" in panel.said.value
    assert "<svg" in panel.said.value
    # It is not taken for known, so that it is tried again.
    assert not known(panel.round, panel.choices, replications=6)


def test_neighbours_are_one_step_away_and_the_lever_moved_last_comes_first(desk: Desk) -> None:
    panel = RoundPanel(desk, a_round("communication"), replications=2, workers=1)
    panel._move("communication.links", 3.0)
    near = [
        {path: value for path, value in one.items() if panel.choices.get(path) != value}
        for one in panel.neighbours()
    ]
    assert near[:3] == [{}, {"communication.links": 4}, {"communication.links": 2}]
    assert {"communication.read_back": True} in near
    assert {"communication.keep_rate": "0.478"} in near
    # At the end of its range there is no step further.
    panel._move("communication.links", 4)
    assert panel.neighbours()[1]["communication.links"] == 3


# --- ahead ---


@pytest.fixture
def player(monkeypatch: pytest.MonkeyPatch) -> Iterator[Player]:
    monkeypatch.setattr(module, "AHEAD_AFTER", 0.0)
    made = Player()
    yield made
    made.close()


def near(count: int, done: list[int], runs: int = 3) -> list[Neighbour]:
    base = Scenario().derive(SMALL)
    return [
        Neighbour(
            base.derive({"team.impatience": 0.1 + 0.01 * number}),
            runs,
            1,
            lambda _held, _stop, number=number: done.append(number),  # type: ignore[misc]
        )
        for number in range(count)
    ]


@pytest.mark.slow
def test_ahead_is_played_in_order_and_no_more_than_so_many(player: Player) -> None:
    done: list[int] = []
    failures: list[Exception] = []
    wanted = near(MOST_AHEAD + 2, done)

    async def page() -> None:
        player.ahead(lambda: wanted, failures.append)
        await until(lambda: len(done) == MOST_AHEAD)
        await asyncio.sleep(0.3)

    asyncio.run(page())
    assert done == list(range(MOST_AHEAD))
    assert [len(player.held.of(one.scenario, 1)) for one in wanted] == [3] * MOST_AHEAD + [0, 0]
    assert not failures


def test_who_asks_for_something_stops_what_is_played_ahead(player: Player) -> None:
    done: list[int] = []
    wanted = near(2, done, runs=500)
    shown: list[int] = []

    async def page() -> None:
        player.ahead(lambda: wanted, pytest.fail)  # type: ignore[arg-type]
        await until(lambda: len(player.held.of(wanted[0].scenario, 1)) > 2)
        player.play("panel", lambda _stop: iter([1]), shown.append, pytest.fail)  # type: ignore[arg-type]
        await until(lambda: bool(shown))
        there = len(player.held.of(wanted[0].scenario, 1))
        await asyncio.sleep(1.0)
        # The run under way ends by itself, and none is begun.
        assert len(player.held.of(wanted[0].scenario, 1)) <= there + 1 < 500

    asyncio.run(page())
    assert not done


@pytest.mark.slow
def test_an_error_while_playing_ahead_is_told_and_the_next_is_played(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Exception] = []
    done: list[int] = []
    with monkeypatch.context() as patched:
        patched.setattr(module, "outcome", lambda *_: os._exit(3))

        async def page() -> None:
            player.ahead(lambda: near(1, done), told.append)
            await until(lambda: bool(told))

        asyncio.run(page())
    assert not done

    async def again() -> None:
        player.ahead(lambda: near(1, done), told.append)
        await until(lambda: bool(done))

    asyncio.run(again())
    assert len(told) == 1


def test_a_panel_says_that_nothing_is_played_ahead_any_more(panel: RoundPanel) -> None:
    panel.choices["incentive.commission_rate"] = 0.08
    panel.run()
    panel._ahead_failed(RuntimeError("gone"))
    assert "提前推演已停（RuntimeError: gone）" in panel.said.value
    assert "<svg" in panel.said.value


@pytest.mark.slow
def test_what_was_played_ahead_is_known_and_the_same(
    panel: RoundPanel, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AHEAD_AFTER", 0.0)

    async def page() -> None:
        panel._move("incentive.commission_rate", 0.05)
        panel.run()
        await until(lambda: known(panel.round, {"incentive.commission_rate": 0.06}, replications=6))

    asyncio.run(page())
    ahead = results(panel.round, {"incentive.commission_rate": 0.06}, replications=6, workers=1)
    # Nothing of it is in the session: nobody has asked for it.
    assert len(desk.session.entries("round.practice.result")) == 1
    decided = panel.round.decided({"incentive.commission_rate": 0.06})
    assert ahead == read_round(panel.round, compare(panel.round.base(), decided, 6, workers=1, cache=False))


@pytest.mark.slow
def test_a_moved_lever_is_played_before_somebody_presses_run(
    panel: RoundPanel, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    results(panel.round, {}, replications=6, workers=1)
    monkeypatch.setattr(module, "AHEAD_AFTER", 0.0)

    async def page() -> None:
        found(panel.box, LEVER).value = 0.07
        await until(lambda: known(panel.round, {"incentive.commission_rate": 0.07}, replications=6))

    asyncio.run(page())
    # Nobody has decided anything yet.
    assert not desk.session.entries()


@pytest.mark.slow
def test_what_plays_ahead_gives_way_to_everything_else(player: Player) -> None:
    if not hasattr(os, "nice"):
        pytest.skip("priorities are read on POSIX only")
    assert player._ahead._apart().submit(os.nice, 0).result() == 19
    assert os.nice(0) < 19


def test_a_closed_page_plays_and_shows_nothing_more() -> None:
    player = Player()
    shown: list[int] = []
    going = threading.Event()

    def parts(stop: Callable[[], bool]) -> Iterator[int]:
        going.set()
        number = 0
        while not stop():
            yield (number := number + 1)

    async def page() -> None:
        player.play("panel", parts, lambda _part: None, pytest.fail)  # type: ignore[arg-type]
        await until(going.is_set)
        player.close()
        player.play("panel", lambda _stop: iter([1]), shown.append, pytest.fail)  # type: ignore[arg-type]
        player.ahead(lambda: near(1, []), pytest.fail)  # type: ignore[arg-type]
        await asyncio.sleep(0.2)

    asyncio.run(page())
    assert not shown
    assert not [one for one in threading.enumerate() if one.name.startswith("kpisim-")]
    assert isinstance(player.held, Outcomes)


def test_the_rules_are_those_of_the_result_and_not_of_a_lever_moved_since(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KPISIM_CACHE", str(tmp_path / "cache"))
    culture = a_round("culture")
    culture = culture.model_copy(update={"sets": culture.sets | SMALL})
    panel = RoundPanel(desk, culture, replications=2, workers=1, ahead=False)
    panel.run()
    plain = panel.said.value
    found(panel.box, "kpisim-lever-incentive-culture_share").value = 0.3
    panel.draw()
    assert panel.said.value == plain
    panel.run()
    assert panel.said.value.count("<li>") == plain.count("<li>") + 1
    # Opened again, the result stands beside what it was played with.
    again = RoundPanel(desk, culture, replications=2, workers=1, ahead=False)
    assert again.said.value.count("<li>") == plain.count("<li>") + 1
