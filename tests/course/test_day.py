"""The day as data: minutes, texts in both languages, interaction, notebooks that are not stale."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.course import lesson, lessons, sheets
from kpisim.course.notebooks import NAMES, texts
from kpisim.course.peak_tasks import peak_tasks
from kpisim.course.rounds import rounds
from kpisim.course.schema import MODES
from kpisim.text import UserError

if TYPE_CHECKING:
    from kpisim.course.schema import Lesson, Step

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
MINUTES = {"culture": 60, "communication": 105, "goals": 90, "pressure": 60, "action_plan": 15}
PRIVATE = {"abc_sheet", "stressors"}


def clock(text: str) -> int:
    hours, minutes = text.split(":")
    return 60 * int(hours) + int(minutes)


def test_the_minutes_are_those_of_the_brief() -> None:
    assert {one.name: one.minutes for one in lessons() if one.name != "start"} == MINUTES
    assert sum(MINUTES.values()) == 330
    taught = [one for one in lessons() if one.name != "start"]
    ends = [(clock(one.steps[0].start), clock(one.steps[-1].start) + one.steps[-1].minutes) for one in taught]
    pauses = [later[0] - earlier[1] for earlier, later in itertools.pairwise(ends)]
    # 10, lunch, 15 and 5 minutes; lunch is off the clock.
    assert pauses == [10, 65, 15, 5]
    assert sum(pauses) - 65 == 30


@pytest.mark.parametrize("taught", lessons(), ids=lambda one: str(one.name))
def test_every_step_begins_when_the_one_before_ends(taught: Lesson) -> None:
    for earlier, later in zip(taught.steps, taught.steps[1:], strict=False):
        assert clock(earlier.start) + earlier.minutes == clock(later.start), later.name


@pytest.mark.parametrize(
    "taught", [one for one in lessons() if one.name != "start"], ids=lambda one: str(one.name)
)
def test_somebody_does_something_every_fifteen_minutes(taught: Lesson) -> None:
    waited = 0
    for step in taught.steps:
        waited = 0 if step.interactive else waited + step.minutes
        assert waited <= 15, step.name


def test_every_teaching_mode_appears_in_the_day() -> None:
    used = {mode for taught in lessons() for step in taught.steps for mode in step.modes}
    assert used == set(MODES)


def test_every_round_is_played_once_and_every_sheet_is_used() -> None:
    steps = [step for taught in lessons() for step in taught.steps]
    assert [step.round for step in steps if step.round] == list(rounds())
    used = [name for step in steps for name in step.sheets]
    assert sorted(used) == sorted(sheets())
    assert {name for name, one in sheets().items() if one.private} == PRIVATE


def test_what_is_optional_may_go_without_breaking_a_later_step() -> None:
    """Nothing that a later round or sheet needs stands in a step that may be cut."""
    for taught in lessons():
        for step in taught.steps:
            if step.optional:
                assert step.round is None, step.name
                assert not set(step.sheets) & {
                    "culture_action_plan",
                    "collab_agreement",
                    "smart_goals",
                    "scorecard",
                    "week_plan",
                    "action_plan",
                }


def every_text(value: Any, place: str = "") -> list[tuple[str, str, str]]:
    """Return place, en and zh of every pair of texts below a value."""
    if isinstance(value, dict):
        if set(value) == {"en", "zh"}:
            return [(place, value["en"], value["zh"])]
        return [one for name, inner in value.items() for one in every_text(inner, f"{place}.{name}")]
    if isinstance(value, (list, tuple)):
        return [one for place_, inner in enumerate(value) for one in every_text(inner, f"{place}[{place_}]")]
    return []


@pytest.mark.parametrize("taught", lessons(), ids=lambda one: str(one.name))
def test_both_languages_say_something(taught: Lesson) -> None:
    pairs = every_text(taught.model_dump())
    assert len(pairs) > 20
    for place, en, zh in pairs:
        assert re.search("[\u4e00-\u9fff]", zh) or en == zh or re.fullmatch(r"[\d.%KPI ]+", zh), place
        assert not re.search("[\u4e00-\u9fff]", en.replace("调休", "")), place
        assert "http" not in en + zh, place


@pytest.mark.parametrize("taught", lessons(), ids=lambda one: str(one.name))
def test_questions_have_a_hint_for_each_wrong_answer(taught: Lesson) -> None:
    for one in taught.questions:
        assert 0 <= one.right < len(one.answers)
        assert len(one.hints) == len(one.answers) - 1, one.name


def test_cases_with_a_real_name_say_what_they_are() -> None:
    for taught in lessons():
        for case in taught.cases:
            if "国药" in case.title.zh + case.story.zh:
                assert case.label.zh == "教学改编，数字虚构"
                assert case.label.en == "Teaching reconstruction, figures invented"


def test_notebooks_are_built_from_the_course() -> None:
    """Written anew by ``python -m kpisim.course.notebooks``."""
    for name, content in texts().items():
        stale = f"{name} is out of step; write it anew: python -m kpisim.course.notebooks"
        assert (ROOT / "notebooks" / name).read_text(encoding="utf-8") == content, stale


def test_no_chinese_sentence_is_followed_by_a_break_that_shows_as_a_blank() -> None:
    chinese = {path: text for path, text in texts().items() if path.startswith("zh/")}
    assert chinese
    for path, text in chinese.items():
        for cell in json.loads(text)["cells"]:
            if cell["cell_type"] == "markdown":
                assert not re.search(
                    r"[\u3000-\u9fff\uff00-\uffef]\n[\u3000-\u9fff\uff00-\uffef]", "".join(cell["source"])
                ), path


def test_the_two_languages_have_the_same_code_cells() -> None:
    for name in NAMES.values():
        cells = [
            ["".join(cell["source"]) for cell in json.loads((ROOT / "notebooks" / lang / name).read_text(encoding="utf-8"))["cells"]
             if cell["cell_type"] == "code"]
            for lang in ("zh", "en")
        ]  # fmt: skip
        assert cells[0] == cells[1]
        assert all(len(code.splitlines()) == 1 for code in cells[0][1:])


def test_participants_notebooks_hold_no_key_and_no_answer() -> None:
    for lang in ("zh", "en"):
        for name in NAMES.values():
            text = (ROOT / "notebooks" / lang / name).read_text(encoding="utf-8")
            for taught in lessons():
                for case in taught.cases:
                    assert (
                        json.dumps(getattr(case.key, lang).strip()[:30], ensure_ascii=False)[1:-1] not in text
                    )
                step: Step
                for step in taught.steps:
                    assert (
                        json.dumps(getattr(step.notes, lang).strip()[:30], ensure_ascii=False)[1:-1]
                        not in text
                    )
            assert all(getattr(one.why, lang) not in text for one in peak_tasks())


def test_an_unknown_module_gets_the_nearest() -> None:
    with pytest.raises(UserError, match="did you mean culture"):
        lesson("cultur")
