"""Exercises for participants: unfilled they fail, solved they pass, and each way to go wrong gets the hint that fits."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from kpisim.course.practice import PRACTISED, exercise, exercises, judge, played, practice, solution
from kpisim.course.practice.declared import Practice
from kpisim.course.practice.judging import DIRECTIONS
from kpisim.course.rounds import a_round
from kpisim.sheets.typed import typed_number
from kpisim.text import LANGUAGES, UserError, language

pytestmark = pytest.mark.unit

ALL = exercises()
QUICK = [name for name, one in ALL.items() if one.kind != "what_if"]
PLAYED = [name for name, one in ALL.items() if one.kind == "what_if"]
TODAY = date(2027, 3, 9)


def text(name: str, answer: Any, tries: int = 0, lang: str = "en") -> str:
    with language("zh" if lang == "zh" else "en"):
        verdict = judge(ALL[name], answer, tries, TODAY)
        assert not verdict.right
        return str(verdict.text)


def test_every_module_has_three_and_a_judgement_and_three_modules_ask_the_simulator() -> None:
    assert sum(len(practice(module).exercises) for module in PRACTISED) == len(ALL)
    kinds = {module: [one.kind for one in practice(module).exercises] for module in PRACTISED}
    assert all(len(those) >= 3 and "choose" in those for those in kinds.values())
    assert sum("what_if" in those for those in kinds.values()) >= 3


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("blank", [None, "", "  ", {}, {"x": None}])
def test_unfilled_fails_and_uses_up_no_hint(name: str, blank: Any, lang: str) -> None:
    verdict = judge(ALL[name], blank)
    assert (verdict.right, verdict.wrong) == (False, False)
    assert text(name, blank, lang=lang) in {"Nothing filled in yet.", "还没填。"}


@pytest.mark.parametrize("day", [TODAY, date(2026, 12, 31), date(2028, 2, 29)])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", QUICK)
def test_the_solution_passes_on_any_day(name: str, lang: str, day: date) -> None:
    with language("zh" if lang == "zh" else "en"):
        verdict = judge(ALL[name], solution(ALL[name]), today=day)
        assert verdict.right, str(verdict.text)
        assert str(verdict.text) == str(ALL[name].why.text())


@pytest.mark.slow
@pytest.mark.parametrize("name", PLAYED)
def test_the_simulator_decides_what_was_predicted_rightly(name: str) -> None:
    asked = ALL[name]
    assert asked.kind == "what_if"
    one = played(asked)
    happened = "up" if one.low > 0 else "down" if one.high < 0 else "same"
    assert asked.solution == happened
    # Far enough from 0 that the answer does not hang on a run more or less, or plainly across it.
    half = (one.high - one.low) / 2
    assert abs(one.difference) > 1.4 * half or abs(one.difference) < 0.7 * half
    hints = asked.hints.model_dump()
    for guess in DIRECTIONS:
        verdict = judge(asked, guess)
        assert verdict.right == (guess == happened)
        if not verdict.right:
            assert str(verdict.text) == hints[guess]["en"]
            assert str(judge(asked, guess, 1).text) == f"{hints[guess]['en']} {asked.more.en}"


@pytest.mark.parametrize("name", PLAYED)
def test_a_prediction_asks_for_a_lever_and_a_kpi_of_its_round(name: str) -> None:
    asked = ALL[name]
    assert asked.kind == "what_if"
    taken = a_round(asked.round)
    assert asked.kpi in taken.watch
    assert taken.decided(asked.decision) != taken.base()


def test_the_answer_to_a_prediction_is_never_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ALL[PLAYED[0]]
    assert asked.kind == "what_if"

    class Down:
        direction = "down"

    monkeypatch.setattr("kpisim.course.practice.judging.played", lambda _: Down)
    assert judge(asked.model_copy(update={"solution": "up"}), "down").right
    assert not judge(asked.model_copy(update={"solution": "up"}), "up").right


WRONG = [
    (name, one.name)
    for name, asked in ALL.items()
    if asked.kind == "choose"
    for one in asked.options
    if one.hint
]


@pytest.mark.parametrize(("name", "pick"), WRONG)
def test_each_wrong_choice_gets_its_own_hint_then_a_stronger_one(name: str, pick: str) -> None:
    asked = ALL[name]
    assert asked.kind == "choose"
    hint = next(one.hint for one in asked.options if one.name == pick)
    assert hint is not None
    assert text(name, pick) == hint.en
    assert text(name, pick, 1) == f"{hint.en} {asked.more.en}"
    assert text(name, pick, 5, "zh") == hint.zh + asked.more.zh


@pytest.mark.parametrize("name", [name for name, one in ALL.items() if one.kind == "choose"])
def test_a_choice_has_three_wrong_answers_with_three_hints_and_tells_none(name: str) -> None:
    asked = ALL[name]
    assert asked.kind == "choose"
    hints = {one.hint.en for one in asked.options if one.hint}
    assert len(hints) == len(asked.options) - 1 >= 3
    right = next(one for one in asked.options if one.name == asked.right).text
    for hint in (*hints, asked.more.en):
        assert right.en not in hint


MISPLACED = [
    (name, item.name, group.name)
    for name, asked in ALL.items()
    if asked.kind == "sort"
    for item in asked.items
    for group in asked.groups
    if group.name != item.group
]


@pytest.mark.parametrize(("name", "item", "group"), MISPLACED)
def test_a_misplaced_item_gets_the_rule_of_the_group_then_its_own_hint(
    name: str, item: str, group: str
) -> None:
    asked = ALL[name]
    assert asked.kind == "sort"
    right = solution(asked)
    assert isinstance(right, dict)
    answer = {**right, item: group}
    count = len(asked.items)
    there = next(one for one in asked.groups if one.name == group)
    mine = next(one for one in asked.items if one.name == item)
    first, second, third = (text(name, answer, tries) for tries in range(3))
    assert first.startswith(f"{count - 1} of {count} are in the right place.")
    assert first.endswith(there.hint.en)
    assert mine.text.en not in first
    assert second.endswith(mine.hint.en)
    assert third == f"{second} {asked.more.en}"
    home = next(one for one in asked.groups if one.name == mine.group)
    assert f"“{home.label.en}”" not in first + second + third


def test_two_misplaced_items_are_counted_and_one_left_out_is_said() -> None:
    right = solution(ALL["ellis"])
    assert isinstance(right, dict)
    assert text("ellis", {**right, "call": "b", "sleep": "a"}).startswith("5 of 7 are")
    assert text("ellis", {**right, "call": "nowhere"}) == "1 not sorted yet."
    assert text("ellis", {"call": "a", "😀": "b"}, lang="zh") == "还有6条没归类。"


TYPICAL = [
    (name, one.value, one.hint.en)
    for name, asked in ALL.items()
    if asked.kind == "number"
    for one in asked.mistakes
]


@pytest.mark.parametrize(("name", "value", "hint"), TYPICAL)
def test_each_typical_mistake_gets_its_own_hint_then_a_stronger_one(
    name: str, value: float, hint: str
) -> None:
    assert text(name, value) == hint
    assert text(name, f" {value} ", 1) == f"{hint} {ALL[name].more.en}"


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("handover_share", 100 * 0.9 * 0.8 * 0.75),
        ("pace", (420 / 800) / (40 / 64)),
        ("retention", 100 * (88 - 20) / 80),
        ("free_boxes", 0.7 * 45 - 14 - 6),
        ("progress", 100 * (72 - 60) / (90 - 60)),
    ],
)
def test_numbers_follow_from_the_table_that_is_shown(name: str, right: float) -> None:
    asked = ALL[name]
    assert asked.kind == "number"
    shown = [value for row in asked.rows for value in row.values]
    assert asked.right == pytest.approx(right)
    assert judge(asked, right + asked.tolerance / 2).right
    assert judge(asked, asked.right + 1.5 * asked.tolerance).wrong
    assert {"handover_share": [90, 80, 75], "pace": [420, 800, 40, 64], "retention": [80, 20, 88],
            "free_boxes": [45, 14, 6], "progress": [60, 72, 90]}[name] == shown  # fmt: skip


@pytest.mark.parametrize(
    "typed", [54, 54.0, "54", "54%", "５４％", " 54 %", "百分之54", "百分之五十四", "五十四", "约54。"]
)
def test_a_number_is_read_however_it_is_typed(typed: Any) -> None:
    assert judge(ALL["handover_share"], typed).right


@pytest.mark.parametrize("typed", [0.54, "0.54", "．54", "零点五四"])
def test_a_fraction_for_per_cent_is_told_apart(typed: Any) -> None:
    assert text("handover_share", typed).startswith("Right as a fraction")


@pytest.mark.parametrize("typed", ["84%", "８４％", "百分之八十四"])
def test_per_cent_for_a_ratio_is_the_same_number(typed: str) -> None:
    assert judge(ALL["pace"], typed).right


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1,200", (1200, False)), ("一千二百", (1200, False)), ("十二", (12, False)), ("一万零五十", (10050, False)),
        ("\N{MINUS SIGN}3", (-3, False)), ("二十五点六", (25.6, False)), ("百分之十二点五", (12.5, True)), (True, None),
        ("12 或 13", None), ("百分之", None), ("1e400", None), (10**400, None), (float("nan"), None),
        ("9" * 400, None), ([1], None), ("😀", None), ("点", None), ("٣", (3, False)),
        ("三万五", (35_000, False)), ("三万零五", (30_005, False)), ("一百五", (150, False)), ("一百零五", (105, False)),
        ("两千三", (2_300, False)), ("一万零五百", (10_500, False)), ("十五", (15, False)), ("三万五千", (35_000, False)),
    ],
)  # fmt: skip
def test_typed_numbers(typed: Any, value: tuple[float, bool] | None) -> None:
    assert typed_number(typed) == value


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        (
            "short_message",
            "The interface is important.",
            "0 of 3 checks met. Your message: no request in it",
        ),
        # Everybody can pay attention without doing anything.
        (
            "short_message",
            "Hi everybody, please pay attention.",
            "0 of 3 checks met. Your message: no request",
        ),
        ("commitment", "Hi everybody, please pay attention.", "0 of 3 checks met. Your commitment: could"),
        ("smart_goal", "Hi everybody, please pay attention.", "0 of 3 checks met. Name who answers for it"),
        (
            "short_message",
            "Please look at the interface soon.",
            "2 of 3 checks met. Your message: no date",
        ),
        (
            "short_message",
            "Hi. It is me. As you know. Please send it by tomorrow.",
            "Your message: 4 sentences",
        ),
        ("smart_goal", "We will try to improve collection", "checks met. "),
        (
            "smart_goal",
            "Li Min's East China team raises its collection rate from 72% to 80%",
            "2 of 3 checks met",
        ),
        ("smart_goal", "Make everything better by the end of next quarter", "checks met. "),
        (
            "commitment",
            "Improve service",
            "0 of 3 checks met. Your commitment: could somebody film it?",
        ),
        (
            "commitment",
            "Each rep rings every complaint before 11 o'clock",
            "2 of 3 checks met. Your commitment: no date",
        ),
        ("commitment", "Each rep rings back at once, from tomorrow", "no number in it"),
    ],
)
def test_what_is_written_gets_partial_credit_and_the_next_thing(name: str, answer: str, says: str) -> None:
    first = text(name, answer)
    assert says in first
    assert ALL[name].more.en not in first
    assert text(name, answer, 1).startswith(first)
    assert ALL[name].more.en in text(name, answer, 1)


ODD = [0, -1, True, 1.5, 10**400, float("inf"), float("nan"), "😀", "很多", "１２％", "百分之", "=1+1", "<script>", "x" * 10_000,
       "\x00", "\ud800", b"54", [], [1], (), set(), object(), {"callback": 3}, {1: 2}, np.array([1, 2]), {"en": 5}, {"zh": ["x"]},
       {"x": {"y": "z"}}, range(3), lambda: 1]  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ALL)
def test_odd_answers_get_one_plain_sentence(name: str, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpisim.course.practice.judging.played", lambda _: pytest.fail("nothing to play"))
    for odd in ODD:
        for tries in (0, 1, 9):
            said = text(name, odd, tries, lang)
            assert said
            assert "\n" not in said
            assert "Traceback" not in said


def test_a_run_that_cannot_be_played_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Any) -> Any:
        raise UserError("{name}: no such lever; {remedy}", name="x", remedy="y")

    monkeypatch.setattr("kpisim.course.practice.judging.played", broken)
    assert text(PLAYED[0], "up") == "x: no such lever; y"


def changed(name: str, /, **more: Any) -> dict[str, Any]:
    """Return a module with one exercise changed, as plain data."""
    data = practice(
        next(m for m in PRACTISED if name in [e.name for e in practice(m).exercises])
    ).model_dump()
    data["exercises"] = [{**one, **more} if one["name"] == name else one for one in data["exercises"]]
    return data


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (changed("culture_star", title={"en": "only English"}), "title"),
        (changed("culture_star", right="nobody"), "names none"),
        (changed("culture_star", right="wait"), "each wrong option has a hint"),
        (changed("ellis", groups=practice("pressure").exercises[0].model_dump()["groups"][:2]), "groups"),
        (changed("ellis", items=[{**i.model_dump(), "group": "d"} for i in ALL["ellis"].items]), "names a group"),  # type: ignore[union-attr]
        (changed("pace", columns=ALL["pace"].model_dump()["columns"][:2]), "as many values"),
        (changed("pace", tolerance=0.2), "told apart"),
        (changed("urgent_csat", solution="sideways"), "solution"),
        (changed("commitment", rules=["spelling"]), "rules"),
        (changed("pace", kind="guess"), "kind"),
        (changed("first_step", name="progress"), "two have one name"),
        ({"module": "goals", "exercises": changed("pace")["exercises"][:3]}, "situation to judge"),
    ],
)  # fmt: skip
def test_the_schema_refuses(data: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Practice.model_validate(data)


def test_names_are_unique_and_the_nearest_is_named() -> None:
    assert len(ALL) == sum(len(practice(module).exercises) for module in PRACTISED)
    with pytest.raises(UserError, match="did you mean pace"):
        exercise("pacee")
    with pytest.raises(UserError, match="no such module"):
        practice("start")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in QUICK if ALL[name].kind == "write"])
def test_a_hint_ends_in_one_stop(name: str, lang: str) -> None:
    for answer in ("好", "努力提高效率", "Improve teamwork."):
        said = text(name, answer, 1, lang)
        assert not any(two in said for two in ("。。", "..", "？。", "?."))
