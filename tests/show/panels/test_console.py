"""The trainer's console: what it shows of the room, and what it does to the participants' pages."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from kpisim.course import sheet
from kpisim.course.peak_tasks import key_code, opens
from kpisim.session import open_session
from kpisim.session.room import comments, names
from kpisim.show.panels.desk import KEY, Desk
from kpisim.show.panels.inbasket import InbasketPanel
from kpisim.show.panels.quadrants import QuadrantPanel
from kpisim.show.panels.screen import step
from kpisim.show.panels.trainer import Console
from tests.show.panels.seen import found, said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.unit


@pytest.fixture
def room(tmp_path: Path) -> Iterator[tuple[Desk, Desk]]:
    trainer, ann = (Desk(open_session(tmp_path, who), "zh") for who in ("boss", "ann"))
    with trainer.words():
        yield trainer, ann


def test_the_console_shows_who_is_how_far_and_nothing_private(room: tuple[Desk, Desk]) -> None:
    trainer, ann = room
    ann.keep(sheet("abc_sheet"), [{"event": "SECRET-EVENT"}])
    assert "还没有人保存过内容" in said(Console(trainer).box)
    ann.keep(sheet("culture_pulse"), [{"clarity": 4.0}])
    shown = said(Console(trainer).box)
    assert "ann" in shown
    assert "已存1张表" in shown
    assert "满3人才显示" in shown
    assert "刚刚" in shown
    assert "0分钟前" not in shown
    assert "SECRET" not in shown


def test_people_are_called_by_the_nicknames_they_joined_with(room: tuple[Desk, Desk]) -> None:
    trainer, ann = room
    ann.keep(sheet("join"), [{"nickname": "<山鹰>", "table": 2.0}])
    ann.keep(sheet("smart_goals"), [{"goal": "GOAL-A"}])
    console = Console(trainer)
    assert "&lt;山鹰&gt;" in said(console.box)
    assert found(console.box, "kpisim-console-star-smart_goals-ann").description == "★ <山鹰>"
    trainer.keep(sheet("join"), [{"nickname": "<山鹰>", "table": 3.0}])
    assert names(ann.session) == {"ann": "<山鹰> (ann)", "boss": "<山鹰> (boss)"}


def test_a_pause_for_the_room_stops_a_participants_clock(room: tuple[Desk, Desk]) -> None:
    trainer, ann = room
    panel, console = InbasketPanel(ann), Console(trainer)
    panel.press()
    assert panel.left()[1]
    found(console.box, "kpisim-console-pause").click()
    assert panel.where() == "paused"
    stands = panel.left()[0]
    time.sleep(0.05)
    assert panel.left() == (stands, False)
    found(console.box, "kpisim-console-pause").click()
    assert panel.where() == "running"


def test_a_skipped_step_says_so_and_stays_usable(room: tuple[Desk, Desk]) -> None:
    trainer, ann = room
    console = Console(trainer)
    found(console.box, "kpisim-cut-culture-obstacles").value = True
    assert console.saved_minutes() == 6
    page = step("culture", "obstacles", ann)
    assert "讲师今天跳过这一节" in said(page)
    assert found(page, "kpisim-obstacles-save") is not None
    assert "讲师今天跳过" not in said(step("culture", "pulse", ann))
    found(console.box, "kpisim-cut-culture-obstacles").value = False
    assert "讲师今天跳过" not in said(step("culture", "obstacles", ann))


def test_a_starred_sheet_is_enlarged(room: tuple[Desk, Desk]) -> None:
    trainer, ann = room
    ann.keep(sheet("collab_agreement"), [{"give": "周三前写全<b>四项</b>", "handover": "sheet"}])
    console = Console(trainer)
    found(console.box, "kpisim-console-star-collab_agreement-ann").click()
    assert "周三前写全&lt;b&gt;四项" in said(console.box)
    assert "用表单交接" in said(console.box)
    assert trainer.session.latest("trainer.star") == ["ann", "collab_agreement"]


def test_keys_are_on_the_console_and_on_no_page(room: tuple[Desk, Desk]) -> None:
    trainer, ann = room
    assert "奖励的是同事报得出来的帮助" in said(Console(trainer).box)
    assert "奖励的是同事报得出来的帮助" not in said(step("culture", "case", ann))


def test_a_comment_on_the_starred_sheet_is_kept_for_its_author(room: tuple[Desk, Desk]) -> None:
    trainer, ann = room
    ann.keep(sheet("smart_goals"), [{"goal": "GOAL-A"}])
    console = Console(trainer)
    assert found(console.box, "kpisim-console-comment") is None
    console.enlarge("ann", "smart_goals")
    found(console.box, "kpisim-console-comment").value = "日期写得好"
    found(console.box, "kpisim-console-comment-save").click()
    assert comments(ann.session) == {"smart_goals": "日期写得好"}
    assert "已保存" in said(console.box)
    assert found(console.box, "kpisim-console-comment").value == "日期写得好"


def test_the_trainer_merges_obstacles_that_say_the_same(room: tuple[Desk, Desk]) -> None:
    trainer, ann = room
    assert found(Console(trainer).box, "kpisim-console-merge") is None
    ann.keep(
        sheet("obstacles"),
        [{"obstacle": "<i>口号多</i>", "votes": 2.0}, {"obstacle": "口号太多", "votes": 3.0}],
    )
    console = Console(trainer)
    assert "&lt;i&gt;口号多&lt;/i&gt; · <small>2票" in said(console.box)
    found(console.box, "kpisim-console-merge").click()
    assert "口号太多 · <small>5票" in said(console.box)
    assert found(console.box, "kpisim-console-merge") is None


def test_the_key_of_the_peak_tasks_is_compared_once_it_is_released_a7(room: tuple[Desk, Desk]) -> None:
    trainer, ann = room
    console, panel = Console(trainer), QuadrantPanel(ann)
    found(panel.box, "kpisim-quadrants-take").click()
    # The rule drafts the matrix: nothing was placed by hand.
    cards = panel.grid.cards
    assert [card["quadrant"] for card in cards] == [
        "do", "do", "plan", "delegate", "drop", "plan", "do", "drop",
    ]  # fmt: skip
    assert not any(card["by_hand"] for card in cards)
    compare = found(panel.box, "kpisim-quadrants-key")
    compare.click()
    assert "还没公布" in panel.compared.value
    assert "8张" not in panel.compared.value
    found(console.box, "kpisim-console-release").click()
    compare.click()
    assert "8张卡片里，有6张和参考答案一致" in panel.compared.value
    assert panel.compared.value.count("<li>") == 2
    assert "重排下周班表：你放在“不重要不紧急”，参考答案是“重要不紧急”；没写KPI" in panel.compared.value
    panel.move(4, "plan")
    assert "有7张" in panel.compared.value
    assert panel.compared.value.count("<li>") == 1
    found(console.box, "kpisim-console-release").click()
    compare.click()
    assert "还没公布" in panel.compared.value


@pytest.mark.parametrize("as_typed", ["{code}", " {code} ", "{wide}"])
def test_on_a_laptop_of_its_own_the_code_that_the_trainer_reads_out_opens_the_key_a7(
    tmp_path: Path, as_typed: str
) -> None:
    """Two folders that know nothing of each other: no release reaches the participant, four digits do."""
    trainer, ann, bob = (Desk(open_session(tmp_path / who, who), "zh") for who in ("boss", "ann", "bob"))
    with trainer.words():
        console, panel = Console(trainer), QuadrantPanel(ann)
        assert panel.code.layout.display == "none"  # nothing to compare yet
        found(panel.box, "kpisim-quadrants-take").click()
        found(console.box, "kpisim-console-release").click()
        compare = found(panel.box, "kpisim-quadrants-key")
        compare.click()
        assert "输入讲师念的四位数" in panel.compared.value
        assert panel.code.layout.display == ""
        panel.code.value = "你好"
        compare.click()
        assert "你好不是" in panel.compared.value
        assert "<li>" not in panel.compared.value
        code = str(re.search(r"\b\d{4}\b", said(console.box).split("没连到讲师机")[1])[0])  # type: ignore[index]
        wide = code.translate({ord(digit): chr(0xFF10 + int(digit)) for digit in "0123456789"})
        panel.code.value = as_typed.format(code=code, wide=wide)
        compare.click()
        assert "8张卡片里，有6张和参考答案一致" in panel.compared.value
        assert panel.code.layout.display == "none"
        # It stays open after a crash, and opens nobody else's.
        again = QuadrantPanel(Desk(open_session(tmp_path / "ann", "ann"), "zh"))
        found(again.box, "kpisim-quadrants-key").click()
        assert "有6张" in again.compared.value
        assert not QuadrantPanel(bob).released()
        assert not QuadrantPanel(Desk(open_session(tmp_path / "ann", "eve"), "zh")).released()


def test_the_code_counts_a_day_around_and_no_longer() -> None:
    day = date(2027, 3, 9)
    codes = {key_code(day + timedelta(days=shift)) for shift in range(365)}
    assert len(codes) > 300  # another one each day, chance repeats aside
    assert all(len(code) == 4 for code in codes)
    for shift, right in ((-1, True), (1, True), (2, False), (-2, False)):
        assert opens(key_code(day + timedelta(days=shift)), day) is right


def test_own_tasks_have_no_key_and_stay(room: tuple[Desk, Desk]) -> None:
    _, ann = room
    own = {
        "task": "自己的事",
        "importance": 5.0,
        "due": "2027-03-02",
        "kpi": "csat",
        "hours": 1.0,
        "quadrant": None,
    }
    ann.keep(sheet("priority_matrix"), [own])
    panel = QuadrantPanel(ann)
    assert found(panel.box, "kpisim-quadrants-key").layout.display == "none"
    found(panel.box, "kpisim-quadrants-take").click()
    assert panel.rows[0] == own
    assert len(panel.rows) == 9
    ann.session.keep(KEY, data=True)
    panel.compare()
    assert "8张卡片里" in panel.compared.value
    # A full sheet has no room for eight more: nothing of one's own would be lost for an exercise.
    ann.keep(sheet("priority_matrix"), [own | {"task": f"事{place}"} for place in range(5)])
    assert found(panel.box, "kpisim-quadrants-take").layout.display == "none"


def test_an_enlarged_sheet_stands_under_the_names_it_was_picked_from_and_can_be_put_away(
    room: tuple[Desk, Desk],
) -> None:
    trainer, ann = room
    ann.keep(sheet("culture_action_plan"), [{"behaviour": "当天回电"}])
    ann.keep(sheet("action_plan"), [{"commitment": "每周一感谢一位同事"}])
    console = Console(trainer)
    found(console.box, "kpisim-console-star-culture_action_plan-ann").click()
    told = [str(getattr(one, "value", "")) for one in console.box.children]
    (large,) = (place for place, text in enumerate(told) if "font-size:24px" in text)
    assert "团队文化行动计划" in told[large - 2], "the names stand between"
    assert any("我的行动计划" in text for text in told[large:])
    picked, other = (
        found(console.box, f"kpisim-console-star-{name}-ann")
        for name in ("culture_action_plan", "action_plan")
    )
    assert (picked.button_style, other.button_style) == ("primary", "")
    found(console.box, "kpisim-console-away").click()
    assert "font-size:24px" not in said(console.box)
    assert found(console.box, "kpisim-console-comment") is None


def test_the_rooms_change_is_told_as_every_other_number(tmp_path: Path) -> None:
    desks = [Desk(open_session(tmp_path, f"p{place}"), "zh") for place in range(5)]
    rated = sheet("post_rating").fields[0].name
    for place, one in enumerate(desks):
        one.keep(sheet("pre_rating"), [{rated: 3.0}])
        one.keep(sheet("post_rating"), [{rated: 2.0 if place < 4 else 3.0}])
    with desks[0].words():
        # Four lost a point, one none: −4/5, with a real minus.
        assert "前后变化：−0.8分" in said(Console(desks[0]).box)
        # One lost a point, one won one, three neither: nothing moved, and nothing has no sign.
        for one, after in zip(desks, (2.0, 4.0, 3.0, 3.0, 3.0), strict=True):
            one.keep(sheet("post_rating"), [{rated: after}])
        assert "前后变化：0.0分" in said(Console(desks[0]).box)
