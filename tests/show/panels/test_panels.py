"""Panels without a browser: what a click does, what is kept, and that a language switch loses nothing."""

from __future__ import annotations

import re
import time
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w
import pytest

from kpisim.course import lessons
from kpisim.course.rounds import a_round
from kpisim.course.schema import Question, RolePlay
from kpisim.session import open_session
from kpisim.sheets import Sheet
from kpisim.show.panels.desk import Desk, _asked
from kpisim.show.panels.form import SheetForm
from kpisim.show.panels.play import RoundPanel, _form
from kpisim.show.panels.screen import page, step
from kpisim.show.panels.talk import QuizPanel, RolePlayPanel
from kpisim.show.rounds import round_picture
from kpisim.text import UserError
from tests.show.panels.seen import found

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kpisim.course.schema import Answer, Lesson

pytestmark = pytest.mark.unit


def words(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh": zh}


def sheet(**more: Any) -> Sheet:
    return Sheet.model_validate(
        {
            "name": "plan",
            "title": words("Plan", "计划"),
            "rows": [1, 3],
            "fields": [
                {"name": "what", "label": words("What", "做什么")},
                {"name": "count", "label": words("How many", "多少"), "kind": "number", "low": 0},
            ],
            **more,
        }
    )


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(open_session(tmp_path / "培训", "a"), "zh")
    with made.words():
        yield made


def said(box: Any) -> str:
    if isinstance(box, w.HTML):
        return str(box.value)
    return " ".join(
        [str(getattr(box, "description", "")), *(said(child) for child in getattr(box, "children", ()))]
    )


def test_a_sheet_is_kept_when_saved_and_says_what_is_missing(desk: Desk) -> None:
    form = SheetForm(desk, sheet())
    found(form.box, "kpisim-plan-what-0").value = "每周一晨会"
    found(form.box, "kpisim-plan-save").click()
    assert desk.session.latest("plan") == [{"what": "每周一晨会", "count": None}]
    assert "已保存" in form.said.value
    assert "多少：还没填" in form.said.value
    # Kept, but not whole: neither the sign nor the green of what is complete.
    assert "▲ 已保存" in form.said.value
    assert "✓" not in form.said.value
    found(form.box, "kpisim-plan-count-0").value = "3"
    found(form.box, "kpisim-plan-save").click()
    assert "内容完整" in form.said.value
    assert "✓ 已保存" in form.said.value
    assert desk.session.latest("plan") == [{"what": "每周一晨会", "count": 3.0}]


def test_an_empty_sheet_is_not_said_to_be_saved_before_it_held_something(desk: Desk) -> None:
    form = SheetForm(desk, sheet())
    form.save()
    assert "已保存" not in form.said.value
    assert "还没有填写" in form.said.value
    assert desk.session.latest("plan") is None
    found(form.box, "kpisim-plan-what-0").value = "每周一晨会"
    form.save()
    found(form.box, "kpisim-plan-what-0").value = ""
    form.save()  # who empties what was saved means it
    assert "已保存" in form.said.value
    assert desk.session.latest("plan") == []


def test_what_was_changed_after_saving_asks_to_be_saved_again_and_no_longer_says_saved(desk: Desk) -> None:
    form = SheetForm(desk, sheet())
    found(form.box, "kpisim-plan-what-0").value = "每周一晨会"
    assert form.said.value == ""  # nothing was saved yet, so nothing is stale
    found(form.box, "kpisim-plan-count-0").value = "3"
    found(form.box, "kpisim-plan-save").click()
    acts: list[Callable[[], Any]] = [
        lambda: setattr(found(form.box, "kpisim-plan-count-0"), "value", "4"),
        lambda: found(form.box, "kpisim-plan-add").click(),
        lambda: found(form.box, "kpisim-plan-cut-1").click(),
    ]
    for act in acts:
        at = form.saved  # each turn saves again, perhaps in another second
        act()
        assert f"▲ {at}保存之后又改过：请再保存一次。" in form.said.value
        assert "内容完整" not in form.said.value
        desk.speak("en")
        assert "Changed after it was saved" in form.said.value
        desk.speak("zh")
        found(form.box, "kpisim-plan-save").click()
        assert "已保存" in form.said.value
        assert "又改过" not in form.said.value
    # Moved by hand elsewhere on the page, it was saved there.
    found(form.box, "kpisim-plan-count-0").value = "5"
    desk.keep(form.sheet, [{"what": "每周一晨会", "count": 6.0}])
    assert "又改过" not in form.said.value


def test_a_box_to_tick_says_yes_and_is_never_optional(desk: Desk) -> None:
    tick = {"name": "stop", "label": words("I stop it", "我来停掉它"), "kind": "flag", "required": False}
    form = SheetForm(desk, sheet(fields=[tick]))
    assert found(form.box, "kpisim-plan-stop-0").description == "是"
    assert "选填" not in said(form.box)
    # Alone in its row it takes the width of a line.
    assert found(form.box, "kpisim-single") is not None
    assert found(SheetForm(desk, sheet()).box, "kpisim-single") is None


def test_a_wrong_value_is_told_and_stays_on_the_screen(desk: Desk) -> None:
    form = SheetForm(desk, sheet())
    found(form.box, "kpisim-plan-count-0").value = "很多"
    found(form.box, "kpisim-plan-save").click()
    assert "“很多”不是数字" in form.said.value
    assert "Traceback" not in form.said.value
    assert found(form.box, "kpisim-plan-count-0").value == "很多"
    assert desk.session.latest("plan") is None


def test_what_was_typed_but_not_saved_outlives_a_crash(desk: Desk) -> None:
    form = SheetForm(desk, sheet())
    found(form.box, "kpisim-plan-what-0").value = "写到一半"
    again = SheetForm(Desk(open_session(desk.session.engine.url.database.rpartition("/")[0], "a")), sheet())  # type: ignore[union-attr]
    assert again.rows[0]["what"] == "写到一半"


def test_switching_the_language_loses_nothing(desk: Desk) -> None:
    form = SheetForm(desk, sheet())
    found(form.box, "kpisim-plan-what-0").value = "中英混写 mixed"
    assert "做什么" in said(form.box)
    desk.speak("en")
    assert "What" in said(form.box)
    assert "做什么" not in said(form.box)
    assert found(form.box, "kpisim-plan-what-0").value == "中英混写 mixed"
    assert found(form.box, "kpisim-plan-save").description == "Save"


@pytest.mark.parametrize(
    ("path", "env", "lang"),
    [
        ("/day/zh/1_culture.ipynb", "en", "zh"),
        ("C:\\day\\en\\1.ipynb", "zh", "en"),
        ("/day/x.ipynb", "en", "en"),
        ("", "", None),
    ],
)
def test_a_notebook_speaks_its_own_language(
    monkeypatch: pytest.MonkeyPatch, path: str, env: str, lang: str | None
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", path)
    monkeypatch.setenv("KPISIM_LANG", env)
    assert _asked() == lang


def test_rows_are_added_up_to_the_most(desk: Desk) -> None:
    form = SheetForm(desk, sheet())
    for _ in range(5):
        form.add()
    assert len(form.rows) == 3
    assert found(form.box, "kpisim-plan-add") is None


def test_a_private_sheet_never_reaches_the_open_table(desk: Desk) -> None:
    form = SheetForm(desk, sheet(name="abc_sheet", private=True))
    found(form.box, "kpisim-abc_sheet-what-0").value = "只给自己看"
    found(form.box, "kpisim-abc_sheet-save").click()
    assert "只有你自己看得到" in said(form.box)
    assert all("只给自己看" not in str(entry.data) for entry in desk.session.entries())
    assert desk.session.latest_private("abc_sheet") is not None


def test_markup_is_shown_and_not_run(desk: Desk) -> None:
    form = SheetForm(desk, sheet())
    found(form.box, "kpisim-plan-count-0").value = "<script>x</script>"
    found(form.box, "kpisim-plan-save").click()
    assert "<script>" not in form.said.value
    assert "&lt;script&gt;" in form.said.value


QUESTION = Question.model_validate(
    {
        "name": "rates",
        "text": words("Which rate?", "哪个率？"),
        "answers": [words("first", "甲"), words("second", "乙"), words("third", "丙")],
        "right": 1,
        "hints": [words("hint one", "提示一"), words("hint three", "提示三")],
        "why": words("because", "因为"),
    }
)


@pytest.mark.parametrize(("pick", "says"), [(0, "提示一"), (1, "因为"), (2, "提示三")])
def test_each_wrong_answer_gets_the_hint_that_fits(desk: Desk, pick: int, says: str) -> None:
    panel = QuizPanel(desk, QUESTION)
    found(panel.box, f"kpisim-quiz-rates-{pick}").click()
    assert says in said(panel.box)
    assert ("因为" in said(panel.box)) == (pick == 1)
    assert QuizPanel(desk, QUESTION).picked == pick


def scene() -> RolePlay:
    text = {"en": "text", "zh": "场景"}
    return RolePlay.model_validate(
        {
            "name": "promise", "title": words("Promise", "承诺"), "scene": text,
            "card_a": {"en": "SECRET A", "zh": "甲方底牌"}, "card_b": {"en": "SECRET B", "zh": "乙方底牌"},
            "rubric": [words(f"r{n}", f"行为{n}") for n in range(4)],
            "dialogue": [
                {"name": "one", "says": words("hi", "你好"), "answers": [
                    {"text": words("a", "请坐"), "effect": words("good", "对方放松"), "points": 1, "to": "two"},
                    {"text": words("b", "别废话"), "effect": words("bad", "对方抵触"), "points": -1}]},
                {"name": "two", "says": words("so?", "所以？"), "answers": [
                    {"text": words("c", "一起看"), "effect": words("ok", "有进展"), "points": 2, "to": "three"}]},
                {"name": "three", "says": words("bye", "再见")},
            ],
        }
    )  # fmt: skip


def test_a_card_opens_once_and_the_other_stays_shut(desk: Desk) -> None:
    panel = RolePlayPanel(desk, scene())
    assert "底牌" not in said(panel.box)
    found(panel.box, "kpisim-roleplay-promise-a").click()
    assert "甲方底牌" in said(panel.box)
    panel.take("b")
    again = RolePlayPanel(desk, scene())
    assert "甲方底牌" in said(again.box)
    assert "乙方底牌" not in said(again.box)


def test_a_card_can_be_laid_down_for_another_role(desk: Desk) -> None:
    panel = RolePlayPanel(desk, scene())
    found(panel.box, "kpisim-roleplay-promise-observer").click()
    assert "行为1" in said(panel.box)
    found(panel.box, "kpisim-roleplay-promise-lay-down").click()
    assert "底牌" not in said(panel.box)
    found(panel.box, "kpisim-roleplay-promise-b").click()
    assert "乙方底牌" in said(panel.box)
    assert "甲方底牌" not in said(panel.box)


def test_the_clock_outlives_a_reload(desk: Desk) -> None:
    panel = RolePlayPanel(desk, scene())
    assert panel.left() is None
    panel.start(5)
    left = RolePlayPanel(desk, scene()).left()
    assert left is not None
    assert 290 <= left <= 300


def test_the_clock_of_a_scene_runs_on_the_page_and_stands_before_the_start(desk: Desk) -> None:
    panel = RolePlayPanel(desk, scene())
    assert (panel.clock.left, panel.clock.running) == (300.0, False)
    found(panel.box, "kpisim-roleplay-promise-timer").click()
    assert panel.clock.running
    assert 299 <= panel.clock.left <= 300
    panel.until = time.time() - 1
    panel.clock.follow()
    assert (panel.clock.left, panel.clock.running) == (0.0, False)


def test_the_dialogue_branches_and_adds_up(desk: Desk) -> None:
    panel = RolePlayPanel(desk, scene())
    found(panel.box, "kpisim-roleplay-promise-say-0").click()
    found(panel.box, "kpisim-roleplay-promise-say-0").click()
    lines, turn, points = RolePlayPanel(desk, scene()).walk()
    assert [effect for _, _, effect in lines] == ["对方放松", "有进展"]
    assert (turn.name, points) == ("three", 3)
    assert "得3分，满分3分：没有更好的谈法了。" in said(panel.box)
    found(panel.box, "kpisim-roleplay-promise-again").click()
    assert panel.path == []
    found(panel.box, "kpisim-roleplay-promise-say-1").click()
    assert "得−1分，满分3分。换个说法再试一次。" in said(panel.box)


def test_an_observer_ticks_what_was_seen_and_finds_the_ticks_again(desk: Desk) -> None:
    panel = RolePlayPanel(desk, scene())
    found(panel.box, "kpisim-roleplay-promise-observer").click()
    for place in (0, 2, 3):
        found(panel.box, f"kpisim-roleplay-promise-seen-{place}").value = True
    found(panel.box, "kpisim-roleplay-promise-seen-3").value = False
    assert "目前看到2条，共4条" in panel.counted.value
    again = RolePlayPanel(desk, scene())
    assert [found(again.box, f"kpisim-roleplay-promise-seen-{place}").value for place in range(4)] == [
        True, False, True, False,
    ]  # fmt: skip
    desk.speak("en")
    assert "Seen so far: 2 of 4" in again.counted.value
    assert "底牌" not in said(again.box)


def ways(scene: RolePlay, name: str | None) -> list[list[Answer]]:
    turn = next((one for one in scene.dialogue if one.name == name), None)
    if turn is None or not turn.answers:
        return [[]]
    return [[one, *rest] for one in turn.answers for rest in ways(scene, one.to)]


@pytest.mark.parametrize("name", ["promise", "complaint", "leads"])
def test_one_way_through_a_dialogue_is_the_best_and_no_turn_stands_there_for_nothing(
    desk: Desk, name: str
) -> None:
    real = next(one for taught in lessons() for one in taught.roleplays if one.name == name)
    through = ways(real, real.dialogue[0].name)
    points = sorted(sum(one.points for one in way) for way in through)
    best = RolePlayPanel(desk, real).best(real.dialogue[0].name)
    assert points[-1] == best > points[-2]
    reached = {one.to for way in through for one in way} | {real.dialogue[0].name}
    assert {turn.name for turn in real.dialogue} <= reached


@pytest.mark.parametrize("taught", lessons(), ids=lambda one: str(one.name))
def test_every_step_can_be_shown_in_both_languages(desk: Desk, taught: Lesson) -> None:
    head = page(taught.name, desk)
    shown = [step(taught.name, one.name, desk) for one in taught.steps]
    chinese = [said(box) for box in (head, *shown)]
    desk.speak("en")
    english = [said(box) for box in (head, *shown)]
    for zh, en in zip(chinese, english, strict=True):
        assert re.search("[\u4e00-\u9fff]", zh)
        assert zh != en
        rest = en.replace("中文", "").replace("调休", "")
        assert not re.search("[\u4e00-\u9fff]", rest), rest


def test_no_key_reaches_a_participants_screen(desk: Desk) -> None:
    for taught in lessons():
        screen = " ".join(said(step(taught.name, one.name, desk)) for one in taught.steps)
        for case in taught.cases:
            assert case.key.zh.strip()[:20] not in screen
        for scene in taught.roleplays:
            assert scene.card_b.zh.strip()[4:24] not in screen
        for one in taught.questions:
            assert one.why.zh not in screen


def test_an_unknown_step_gets_the_nearest(desk: Desk) -> None:
    with pytest.raises(UserError, match="pulse"):
        step("culture", "puls", desk)


def test_a_round_is_predicted_decided_played_and_kept(desk: Desk) -> None:
    panel = RoundPanel(desk, a_round("practice"), replications=3, workers=1)
    panel.round = panel.round.model_copy(
        update={"sets": {"calendar.weeks": 8, "calendar.warmup_weeks": 2, "team.size": 2}}
    )
    found(panel.box, "kpisim-guess-practice-pay_cost").value = "up"
    found(panel.box, "kpisim-lever-incentive-commission_rate").value = 0.08
    found(panel.box, "kpisim-round-practice-run").click()
    kept = desk.session.latest("round.practice.decision")
    assert kept == {
        "choices": {"incentive.commission_rate": 0.08},
        "guesses": {"pay_cost": "up"},
        "off": [],
        "taken": {},
    }
    pay = next(one for one in panel.readings if one.kpi == "pay_cost")
    assert pay.after > pay.before
    assert pay.hit == (pay.direction == "up")
    assert "<svg" in panel.said.value
    assert "是哪条规则造成的" in panel.said.value
    # The commission first, and what is at work whatever is decided after it.
    straight, others = panel.said.value.split("不管怎么定，这些也在起作用")
    assert "薪酬完全按方案条款计算" in straight.split("你的决定直接牵动这几条")[1]
    assert "薪酬完全按方案条款计算" not in others
    assert "各阶段占用销售工时和客户时间" in others
    again = RoundPanel(desk, a_round("practice"), replications=3, workers=1)
    assert [one.after for one in again.readings] == [one.after for one in panel.readings]
    assert again.choices == panel.choices
    assert not again.moved.value


def test_a_lever_moved_after_the_run_says_that_the_result_is_of_before(desk: Desk) -> None:
    """On a slow machine the last step of a slider may reach the kernel after the click on "run"."""
    panel = RoundPanel(desk, a_round("practice"), replications=2, workers=1)
    panel.round = panel.round.model_copy(
        update={"sets": {"calendar.weeks": 4, "calendar.warmup_weeks": 0, "team.size": 2}}
    )
    lever = found(panel.box, "kpisim-lever-incentive-commission_rate")
    lever.value = 0.05
    assert not panel.moved.value  # nothing was played yet
    assert not panel.found.value
    panel.run()
    assert not panel.moved.value
    # Who has pressed the button reads beside it what the picture above the window's edge says.
    assert "结果在右上方：" in panel.found.value
    assert escape(round_picture(panel.readings).title) in panel.found.value
    lever.value = 0.06
    assert "请再推演一次" in panel.moved.value
    assert not panel.found.value
    desk.speak("en")
    assert "Run again" in panel.moved.value
    found(panel.box, "kpisim-lever-incentive-commission_rate").value = 0.05
    assert not panel.moved.value  # back where it was played
    panel.choices["incentive.commission_rate"] = 0.06
    panel.run()
    assert not panel.moved.value


@pytest.mark.parametrize(("step_", "said_"), [(1.0, ".0f"), (0.5, ".1f"), (0.25, ".2f"), (3000, ".0f")])
def test_a_slider_shows_as_many_decimals_as_its_steps_have(step_: float, said_: str) -> None:
    lever = a_round("practice").inputs[0].model_copy(update={"step": step_, "percent": False})
    assert _form(lever) == said_


def test_what_was_played_is_shown_at_once_and_the_old_picture_stays_until_then(desk: Desk) -> None:
    panel = RoundPanel(desk, a_round("practice"), replications=3, workers=1)
    panel.round = panel.round.model_copy(
        update={"sets": {"calendar.weeks": 4, "calendar.warmup_weeks": 0, "team.size": 2}}
    )
    lever = found(panel.box, "kpisim-lever-incentive-commission_rate")
    shown: list[str] = []
    panel.said.observe(lambda change: shown.append(change["new"]), names="value")
    for rate in (0.08, 0.05, 0.08):
        lever.value = rate
        panel.run()
    first, second, third = (html for html in shown if "<svg" in html)
    assert third == first != second
    # Twice "playing", once not: the third answer was known.
    assert len(shown) == 5
    decisions = [entry.data["choices"] for entry in desk.session.entries("round.practice.decision")]
    assert [one["incentive.commission_rate"] for one in decisions] == [0.08, 0.05, 0.08]
    assert len(desk.session.entries("round.practice.result")) == 3


def test_a_large_number_is_shown_as_people_write_it_and_can_be_saved_again(desk: Desk) -> None:
    form = SheetForm(desk, sheet())
    found(form.box, "kpisim-plan-count-0").value = "1200万"
    form.save()
    again = SheetForm(desk, sheet())
    assert found(again.box, "kpisim-plan-count-0").value == "12,000,000"
    again.typed(0, "count", found(again.box, "kpisim-plan-count-0").value)
    again.save()
    assert (desk.session.latest("plan") or [{}])[0]["count"] == 12_000_000
