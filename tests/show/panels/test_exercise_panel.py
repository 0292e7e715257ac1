"""Exercises on the screen without a browser: what a click does, what is kept, and that a language switch loses nothing."""

from __future__ import annotations

import asyncio
import random
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import ipywidgets as w
import nbformat
import numpy as np
import pytest

from kpisim.course.practice import PRACTISED, exercises, is_played, solution
from kpisim.course.practice.judging import Verdict
from kpisim.session import open_session
from kpisim.show import panels
from kpisim.show.panels.desk import Desk
from kpisim.show.panels.practice import ExercisePanel, exercise
from kpisim.text import Text
from tests.show.panels.seen import every

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[3]
ALL = exercises()
PLAYED = {name: one for name, one in ALL.items() if one.kind == "what_if"}
BRIEF = sorted(PLAYED, key=lambda name: PLAYED[name].replications)[:2]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(open_session(tmp_path / "培训", "a"), "zh")
    with made.words():
        yield made


def found(box: Any, exercise_name: str, name: str) -> Any:
    """Return the widget of an exercise by its class."""
    wanted = f"kpisim-exercise-{exercise_name}-{name}"
    return next(one for one in every(box) if wanted in one._dom_classes)


def shown(box: Any) -> str:
    return " ".join(
        str(one.value if isinstance(one, w.HTML) else getattr(one, "description", "")) for one in every(box)
    )


def fill(box: Any, name: str) -> None:
    """Fill in the solution as a hand would, and press Check."""
    asked, answer = ALL[name], solution(ALL[name])
    if asked.kind in {"choose", "what_if"}:
        found(box, name, str(answer)).click()
    elif isinstance(answer, dict) and asked.kind == "sort":
        for item, group in answer.items():
            found(box, name, item).value = group
    elif asked.kind == "number":
        found(box, name, "number").value = f"{answer}"
    else:
        assert isinstance(answer, dict)
        found(box, name, "text").value = answer["zh"]
    found(box, name, "check").click()


@pytest.mark.parametrize("name", [name for name, one in ALL.items() if one.kind != "what_if"])
def test_an_exercise_is_done_by_hand_and_kept(desk: Desk, name: str) -> None:
    box = exercise(name, at=desk)
    found(box, name, "check").click()
    assert "▲ 还没填。" in shown(box)
    fill(box, name)
    assert f"✓ {ALL[name].why.zh}" in shown(box)
    kept = desk.session.latest(f"exercise.{name}")
    assert kept is not None
    assert (kept["right"], kept["tries"]) == (True, 0)
    again = exercise(name, at=Desk(desk.session, "zh"))
    assert f"✓ {ALL[name].why.zh}" in shown(again)


@pytest.mark.parametrize("name", ALL)
def test_every_exercise_is_shown_in_both_languages(desk: Desk, name: str) -> None:
    box = exercise(name, at=desk)
    assert ALL[name].title.zh in shown(box)
    desk.speak("en")
    assert not re.search("[\u4e00-\u9fff]", shown(box))
    for one in every(box):
        if isinstance(one, w.Button):
            assert one.layout.min_height == "44px"
        if isinstance(one, w.Dropdown):
            assert one.layout.height == "44px"
            assert one.label  # "choose …" and not a blank


def test_hints_grow_and_the_language_switch_keeps_answer_and_sentence(desk: Desk) -> None:
    asked = ALL["culture_star"]
    assert asked.kind == "choose"
    hint = next(one.hint for one in asked.options if one.name == "wait")
    assert hint is not None
    box = exercise("culture_star", at=desk)
    found(box, "culture_star", "wait").click()
    assert found(box, "culture_star", "wait").description.startswith("● ")
    assert found(box, "culture_star", "facts").description.startswith("○ ")
    found(box, "culture_star", "check").click()
    assert f"▲ {hint.zh}</div>" in shown(box)
    found(box, "culture_star", "check").click()
    assert f"▲ {hint.zh}{asked.more.zh}</div>" in shown(box)
    desk.speak("en")
    assert f"▲ {hint.en} {asked.more.en}</div>" in shown(box)
    assert found(box, "culture_star", "wait").description.startswith("● ")
    assert asked.why.en not in shown(box)


def test_another_answer_takes_the_old_sentence_away(desk: Desk) -> None:
    box = exercise("pace", at=desk)
    found(box, "pace", "number").value = "0.525"
    found(box, "pace", "check").click()
    assert "▲" in shown(box)
    found(box, "pace", "number").value = "０．８４"
    assert "▲" not in shown(box)
    found(box, "pace", "check").click()
    assert "✓" in shown(box)


def test_what_was_filled_in_but_not_checked_outlives_a_crash(desk: Desk) -> None:
    found(exercise("short_message", at=desk), "short_message", "text").value = "写到一半"
    found(exercise("ellis", at=desk), "ellis", "call").value = "a"
    later = Desk(desk.session, "en")
    assert found(exercise("short_message", at=later), "short_message", "text").value == "写到一半"
    assert found(exercise("ellis", at=later), "ellis", "call").value == "a"


def test_a_given_answer_is_shown_and_judged_and_the_own_one_stays(desk: Desk) -> None:
    fill(exercise("pace", at=desk), "pace")
    before = desk.session.latest("exercise.pace")
    box = exercise("pace", 0.525, at=desk)
    assert found(box, "pace", "number").value == "0.525"
    assert "▲ 这只是完成率" in shown(box)
    assert desk.session.latest("exercise.pace") == before


def test_a_written_solution_follows_the_language(desk: Desk) -> None:
    answer = solution(ALL["smart_goal"])
    assert isinstance(answer, dict)
    box = exercise("smart_goal", answer, at=desk)
    assert found(box, "smart_goal", "text").value == answer["zh"]
    desk.speak("en")
    assert found(box, "smart_goal", "text").value == answer["en"]
    assert "✓ The words hold" in shown(box)


def test_a_right_prediction_shows_the_runs_and_a_wrong_one_does_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kpisim.course.rounds import Reading

    one = Reading("csat", 0.74, 0.69, 0.66, 0.72, -0.05, -0.07, -0.03, None, None)
    monkeypatch.setattr("kpisim.course.practice.judging.played", lambda _: one)
    monkeypatch.setattr("kpisim.show.panels.practice.played", lambda _: one)
    box = exercise("commission_csat", at=desk)
    found(box, "commission_csat", "up").click()
    found(box, "commission_csat", "check").click()
    assert "▲ 看工时" in shown(box)
    assert "<svg" not in shown(box)
    found(box, "commission_csat", "down").click()
    found(box, "commission_csat", "check").click()
    assert "✓" in shown(box)
    assert "<svg" in shown(box)


# What each of them comes to is tested without a panel (`test_practice`): here the two that take fewest runs will do.
@pytest.mark.slow
@pytest.mark.parametrize("name", BRIEF)
def test_a_prediction_is_played_and_kept(desk: Desk, name: str) -> None:
    box = exercise(name, at=desk)
    fill(box, name)
    assert f"✓ {ALL[name].why.zh}" in shown(box)
    assert "<svg" in shown(box)


@pytest.mark.slow
def test_a_prediction_that_came_true_is_shown_again_without_being_played(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(exercise("commission_csat", at=desk), "commission_csat")
    monkeypatch.setattr("kpisim.show.panels.practice.played", None)
    assert "<svg" in shown(exercise("commission_csat", at=Desk(desk.session, "zh")))


def test_while_a_prediction_is_played_the_page_goes_on_answering(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    sort = next(name for name, one in ALL.items() if one.kind == "sort")
    guess = next(name for name, one in ALL.items() if one.kind == "what_if")
    begun, go_on = Event(), Event()

    def slow(*_: Any) -> Iterator[None]:
        begun.set()
        assert go_on.wait(20)
        yield None

    monkeypatch.setattr("kpisim.show.panels.practice.playing", slow)
    monkeypatch.setattr("kpisim.show.panels.practice.judge", lambda *_: Verdict(False, Text("judged"), True))

    async def page() -> None:
        other, first = ExercisePanel(desk, ALL[sort]), ExercisePanel(desk, ALL[guess])
        first.answer = "up"
        first.check()
        assert await asyncio.to_thread(begun.wait, 20)
        assert "正在推演，两边各10次" in first.sentence.value
        other.check()
        assert "judged" in other.sentence.value
        # Another answer meanwhile: the one that is played is not judged any more.
        first.take("down")
        assert first.sentence.value == ""
        go_on.set()
        await asyncio.sleep(0.2)
        assert (first.sentence.value, first.tries) == ("", 0)
        first.check()
        for _ in range(100):
            await asyncio.sleep(0.02)
            if first.tries:
                break
        assert "judged" in first.sentence.value
        assert first.tries == 1
        desk.player.close()

    asyncio.run(page())


def test_a_prediction_is_played_while_its_question_is_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = PLAYED[BRIEF[0]].model_copy(update={"replications": 2})
    monkeypatch.setattr("kpisim.experiment.growing.kept", lambda *_: None)
    # Here and now, not in a process that waits until a busy machine has nothing else to do.
    monkeypatch.setattr("kpisim.show.panels.player.AHEAD_AFTER", 0.0)
    monkeypatch.setattr("kpisim.show.panels.player._Ahead._apart", lambda _: ThreadPoolExecutor(1))

    async def page() -> None:
        panel = ExercisePanel(desk, asked)
        for _ in range(2400):
            await asyncio.sleep(0.05)
            if is_played(asked):
                break
        assert panel.said == {}, "nothing is told before somebody asks"
        monkeypatch.setattr(desk.player, "play", pytest.fail)
        panel.answer = "up"
        panel.check()
        assert panel.said
        desk.player.close()

    asyncio.run(page())


def test_a_prediction_that_cannot_be_played_says_so_in_one_line(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    guess = next(name for name, one in ALL.items() if one.kind == "what_if")

    def broken(*_: Any) -> Iterator[None]:
        raise MemoryError("full")

    monkeypatch.setattr("kpisim.show.panels.practice.playing", broken)
    panel = ExercisePanel(desk, ALL[guess])
    panel.take("up")
    panel.check()
    assert "MemoryError: full" in panel.sentence.value
    assert panel.tries == 0


def run_cells(folder: str, lang: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Run the participants' cells of a folder shuffled, one of them twice and one left out; return what each shows."""
    monkeypatch.setattr("kpisim.show.panels.practice.desk", lambda: desk)
    lines = {}
    for path in sorted((ROOT / folder / lang).glob("[1-5]_*.ipynb")):
        cells = [c.source for c in nbformat.read(str(path), as_version=4).cells if "exercise(" in c.source]
        random.Random(4).shuffle(cells)  # noqa: S311  (an order, no secret)
        for source in (cells[-1], *cells[1:]):
            before, _, last = source.rpartition("\n")
            space: dict[str, Any] = {}
            exec(before, space)  # noqa: S102  (our own notebook)
            lines[last] = shown(eval(last, space))  # noqa: S307  (our own notebook)
    return lines


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_notebooks_pass_solved_and_fail_unfilled_whatever_the_order(
    desk: Desk, lang: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.speak(lang)
    solved = run_cells("solutions", lang, desk, monkeypatch)
    blank = run_cells("exercises", lang, desk, monkeypatch)
    assert len(solved) == len(blank) == len(ALL) - len(PRACTISED)
    assert all("✓" in line for line in solved.values())
    assert not any("✓" in line for line in blank.values())


ODD = [[], {"a": [1]}, {"call": [1], "en": [1], "zh": [1]}, 10**5000, np.array([1, 2]), "<script>x</script>", "😀",
       "x" * 10_000, True, object()]  # fmt: skip


@pytest.mark.parametrize("name", ["ellis", "pace", "culture_star", "short_message", "culture_talks"])
def test_odd_answers_get_a_sentence_and_no_markup_is_run(desk: Desk, name: str) -> None:
    for odd in ODD:
        said = shown(exercise(name, odd, at=desk))
        assert "▲" in said
        assert "Traceback" not in said
        assert "<script>" not in said


@pytest.mark.parametrize("odd", ["<b>x</b>", "😀", "x" * 10_000, "\x00", "１２％"])
def test_odd_texts_are_kept_as_typed(desk: Desk, odd: str) -> None:
    box = exercise("pace", at=desk)
    found(box, "pace", "number").value = odd
    found(box, "pace", "check").click()
    assert "▲" in shown(box)
    assert ExercisePanel(desk, ALL["pace"]).answer == odd


def test_half_an_emoji_is_kept_as_a_question_mark(desk: Desk) -> None:
    box = exercise("short_message", at=desk)
    found(box, "short_message", "text").value = "好\ud83d"
    assert ExercisePanel(desk, ALL["short_message"]).answer == "好?"


def test_an_unknown_name_is_answered_on_the_screen(desk: Desk) -> None:
    assert "pace" in shown(exercise("pacee", at=desk))
    assert "■" in shown(exercise("pacee", at=desk))


def test_a_session_that_cannot_be_written_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from kpisim.text import UserError

    def full(*_: Any) -> None:
        raise UserError("{path}: no such file; check the path", path="disk")

    box = exercise("pace", at=desk)
    monkeypatch.setattr(desk.session, "keep", full)
    found(box, "pace", "number").value = "0.84"
    assert "disk" in shown(box)


def test_the_name_stays_a_function_however_often_it_is_imported() -> None:
    for _ in range(2):
        assert panels.exercise is exercise


def test_the_notebook_around_it_tells_the_text_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "/exercises/zh/3_goals.ipynb")
    box = exercise("pace", at=desk)
    assert ALL["pace"].title.zh not in shown(box)
    desk.speak("en")
    assert ALL["pace"].title.en in shown(box)
