"""The panel for one's own data, without a browser: what is proposed, answered, read, kept and told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import ipywidgets as w
import pytest

from kpisim.course import lesson
from kpisim.crm import load_export
from kpisim.session import open_session
from kpisim.show.panels.desk import Desk
from kpisim.show.panels.own_data import OwnDataPanel
from kpisim.show.panels.own_target import tracked_target
from kpisim.show.panels.screen import panels
from kpisim.show.track import track_picture
from kpisim.text import language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kpisim.show.picture import Picture

pytestmark = pytest.mark.unit

EXPORT = """商机编号,客户,销售,手机,录入,阶段,金额
SJ001,甲公司,张三,13800138000,2027-01-04,赢单,12
SJ002,乙公司,李四,13900139000,2027/1/5,输单,8
SJ003,丙公司,张三,13700137000,2027年1月6日,预审,8
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(open_session(tmp_path / "session", "a"), "zh")
    with made.words():
        yield made


@pytest.fixture
def panel(desk: Desk, tmp_path: Path) -> OwnDataPanel:
    made = OwnDataPanel(desk, tmp_path)
    made.read(("导出.csv", EXPORT.encode("gb18030")))
    return made


def every(panel: OwnDataPanel) -> list[w.Widget]:
    """Return every widget of the panel."""
    found, left = [], [panel.inner]
    while left:
        widget = left.pop()
        left += list(getattr(widget, "children", ()))
        found.append(widget)
    return found


def text(panel: OwnDataPanel) -> str:
    """Return everything that stands in the panel."""
    return "\n".join(str(getattr(widget, "value", "")) for widget in every(panel))


def test_it_stands_last_in_the_step_on_the_gap(desk: Desk) -> None:
    taught = lesson("goals")
    gap = next(step for step in taught.steps if step.name == "gap")
    assert isinstance(panels(taught, gap, desk)[-1], OwnDataPanel)


def test_from_upload_to_a_mapping_that_reads(panel: OwnDataPanel, tmp_path: Path) -> None:
    draft = panel.draft
    assert draft is not None
    assert draft.picks["录入"].role == "created"
    assert "请核对" in text(panel)
    assert "13800138000" not in text(panel)
    assert "张三" not in text(panel)
    question = next(one for one in draft.open() if one.asked == "word")
    panel.settle(question, "lost")
    panel.check()
    assert panel.tables is not None
    assert (panel.tables["opportunities"]["status"] == "lost").sum() == 2
    assert "读入结果与数据质量" in text(panel)
    panel.keep()
    panel.keep()
    names = sorted(file.name for file in tmp_path.glob("*.yaml"))
    assert names == ["导出-2.mapping.yaml", "导出.mapping.yaml"]
    (tmp_path / "later.csv").write_text(EXPORT, encoding="utf-8")
    assert len(load_export(tmp_path / "later.csv", tmp_path / names[1])["opportunities"]) == 3
    assert str(tmp_path) not in text(panel)


def test_lists_of_reps_and_customers_are_read_with_the_deals_and_what_does_not_meet_is_told(
    desk: Desk, tmp_path: Path
) -> None:
    panel = OwnDataPanel(desk, tmp_path)
    reps = "销售,大区\n张三,华东\n王五,华南\n"
    customers = "客户名称;客户经理\n甲公司;张三\n甲公司;王五\n丁公司;张三\n"
    panel.read(("导出.csv", EXPORT.encode()), ("人员.csv", reps.encode()), ("客户.csv", customers.encode()))
    assert panel.problem == ""
    assert [draft.table for draft in panel.drafts] == ["opportunities", "reps", "accounts"]
    question = next(one for one in panel.drafts[0].open() if one.asked == "word")
    panel.settle(question, "lost")
    panel.check()
    assert panel.tables is not None
    assert panel.tables["reps"].set_index("rep_id")["team"].to_dict() == {"张三": "华东", "王五": "华南"}
    assert "各文件按编号或名称对接的情况" in text(panel)
    assert "导出.csv: 销售 → 人员.csv" in text(panel)
    panel.keep()
    for name, content in (("导出.csv", EXPORT), ("人员.csv", reps), ("客户.csv", customers)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    again = load_export(tmp_path, tmp_path / "导出.mapping.yaml")
    assert {name: len(frame) for name, frame in again.frames.items()} == {
        name: len(frame) for name, frame in panel.tables.frames.items()
    }


def test_months_and_codes_are_read_together(desk: Desk, tmp_path: Path) -> None:
    panel = OwnDataPanel(desk, tmp_path)
    head = "订单编号,客户,业务员代码,签约日期,金额\n"
    panel.read(
        ("订单 1月.csv", f"{head}D1,甲公司,K01,2027-01-05,100\nD2,乙公司,K09,2027-01-06,200\n".encode()),
        ("订单 2月.csv", f"{head}D2,乙公司,K09,2027-01-06,200\nD3,甲公司,K01,2027-02-05,300\n".encode()),
        ("人员.csv", "工号,姓名\nK01,张三\nK02,李四\n".encode()),
    )
    assert panel.problem == ""
    assert "改用哪一列来显示" in text(panel)
    offered = [
        label for widget in every(panel) if isinstance(widget, w.Dropdown) for label, _ in widget.options
    ]
    assert "姓名 (张** · 李**)" in offered
    panel.check()
    assert panel.tables is not None
    assert panel.tables["orders"]["rep_id"].tolist() == ["张三", "K09", "张三"]
    assert "订单 1月.csv第3行：K09" in text(panel)
    assert "同一行出现在两个文件中" in text(panel)
    assert "业务员代码 → “人员.csv”的姓名" in text(panel)
    desk.speak("en")
    assert "counted once" in text(panel)


def test_a_mistake_is_one_line_and_what_was_chosen_stays(panel: OwnDataPanel) -> None:
    panel.give("客户", "created")
    assert "没有日期" in panel.problem
    assert panel.draft is not None
    assert panel.draft.picks["客户"].role == "account_id"
    panel.give("录入", "-")
    panel.check()
    assert panel.tables is None
    assert "--column" not in panel.problem
    assert panel.problem == "哪一列是创建时间？请在上方选择。"
    panel.read(("x.csv", b"a,b\n"))
    assert panel.problem
    assert panel.draft is None


def test_one_odd_date_is_told_by_its_cell(desk: Desk, tmp_path: Path) -> None:
    panel = OwnDataPanel(desk, tmp_path)
    dates = ["2027/1/5", "2027-13-45", "2027/1/7", "待定"]
    rows = "".join(f"A{n},甲公司,张三,{day},{100 + n}\n" for n, day in enumerate(dates * 3))
    panel.read(("订单.csv", f"订单号,客户,销售,签单日,金额\n{rows}".encode()))
    panel.take("orders")
    assert "没有哪一列合适" in text(panel)
    panel.give("签单日", "booked")
    assert (
        panel.problem == "签单日：“2027-13-45”、“待定”读不成日期，所以不能作“签约时间”；请在文件里改好再上传"
    )
    panel.give("客户", "booked")
    assert panel.problem == "客户：这一列里没有日期，不能作“签约时间”；请另选一列"


def test_a_column_with_one_odd_cell_is_taken_and_the_cell_is_told_before_and_after_reading(
    desk: Desk, tmp_path: Path
) -> None:
    panel = OwnDataPanel(desk, tmp_path)
    days = [(date(2027, 1, 5) + timedelta(n)).isoformat() for n in range(19)]
    rows = "".join(
        f"A{n},甲公司,张三,{day},{'待定' if n == 7 else 100 + n}\n" for n, day in enumerate([*days, "6月底"])
    )
    panel.read(("订单.csv", f"订单号,客户,销售,签单日期,金额\n{rows}".encode()))
    assert panel.draft is not None
    assert (panel.draft.one("booked"), panel.draft.one("value")) == ("签单日期", "金额")
    assert "▲ 请核对 · 列名像“签单日期”；内容：日期，只有“6月底”不是" in text(panel)
    panel.check()
    assert not panel.problem
    assert panel.tables is not None
    # 20 orders of 100 to 119, without the eighth and the last.
    assert panel.tables["orders"]["value"].sum() == sum(range(100, 120)) - 107 - 119
    # The last of 20 rows under a header.
    assert "订单.csv第21行：6月底" in text(panel)
    assert "订单.csv第9行：待定" in text(panel)
    assert "整行已剔除" in text(panel)
    panel.read(
        (
            "订单.csv",
            f"订单号,客户,销售,签单日期,金额\n{rows.replace('6月底', '2027-02-01').replace('待定', '107')}".encode(),
        )
    )
    panel.check()
    assert not panel.problem
    assert "▲ 请核对 · 列名像“金额”" not in text(panel)
    # No name of a table or column of ours.
    assert "取消时间、" in text(panel)
    assert "cancelled" not in text(panel)


def test_the_language_follows(panel: OwnDataPanel, desk: Desk) -> None:
    desk.speak("en")
    assert panel.box.titles == ("For later: your own data",)
    assert "please check" in text(panel)
    assert panel.draft is not None
    assert panel.draft.picks["客户"].role == "account_id"


def an_order_a_day(desk: Desk, folder: Path, count: int) -> OwnDataPanel:
    """Return the page after orders of 1,000 a day since 4 January 2027 were read."""
    days = [date(2027, 1, 4) + timedelta(days=k) for k in range(count)]
    orders = "单号,客户,日期,金额\n" + "\n".join(f"D{k},c{k % 9},{day},1000" for k, day in enumerate(days))
    panel = OwnDataPanel(desk, folder)
    panel.read(("订单.csv", orders.encode()))
    panel.check()
    return panel


def test_a_target_of_the_quarter_is_followed_on_the_tracking_board(desk: Desk, tmp_path: Path) -> None:
    panel = an_order_a_day(desk, tmp_path, 120)
    assert panel.tables is not None
    tracked = tracked_target(panel.tables, 91_000.0)
    # 1,000 a day from 1 April to 3 May, the last day of the records.
    assert tracked.on == date(2027, 5, 3)
    (row,) = tracked.rows
    assert (row.aim.start, row.aim.end) == (date(2027, 4, 1), date(2027, 7, 1))
    assert row.value.value == 33_000.0
    assert "<figure>" not in text(panel)
    panel.follow(91_000.0)
    assert "<figure>" in text(panel)
    behind = track_picture(tracked_target(panel.tables, 910_000.0), "CNY")
    assert behind.title == "落后于目标：本季签约额"
    assert len(forecasts(behind)) == 1
    panel.follow(-1.0)
    assert "不能作为目标" in text(panel)


@pytest.mark.parametrize(("lang", "word"), [("zh", "都还没有亮灯"), ("en", "No light yet")])
def test_a_quarter_of_one_day_has_no_light_and_is_not_praised_for_it(
    desk: Desk, tmp_path: Path, lang: Any, word: str
) -> None:
    panel = an_order_a_day(desk, tmp_path, 88)
    assert panel.tables is not None
    tracked = tracked_target(panel.tables, 91_000.0)
    # 1 April is the last day of the records and the first of the quarter.
    assert (tracked.on, tracked.rows[0].light) == (date(2027, 4, 1), "none")
    with language(lang):
        picture = track_picture(tracked, "CNY")
        assert word in picture.title
    assert not forecasts(picture), "a dot on the target would pass for a forecast"


def forecasts(picture: Picture) -> list[Any]:
    """Return the marks of where the rows of a tracking board lead."""
    return [
        line
        for axes in picture.figure.axes
        for line in axes.lines
        if line.get_marker() == "o" and line.get_markeredgecolor() == "white"
    ]


def amounts(panel: OwnDataPanel) -> list[float] | None:
    return None if panel.tables is None else panel.tables["orders"]["value"].tolist()


def test_what_was_taken_for_an_answer_stays_and_can_be_changed(desk: Desk, tmp_path: Path) -> None:
    orders = "单号,客户,日期,产品,金额\nD1,甲,2027-04-05,A,100\nD1,甲,2027-04-05,B,20\n"
    panel = OwnDataPanel(desk, tmp_path)
    panel.read(("订单.csv", orders.encode()))
    assert "▲ “单号”列" in text(panel)
    panel.check()
    assert amounts(panel) == [120]
    assert "✓ “单号”列" in text(panel)
    (field,) = [one for one in every(panel) if "kpisim-own-data-lines" in one._dom_classes]
    assert field.value == "add"
    field.value = "each"
    # What was read by the other answer is gone until it is read again.
    assert amounts(panel) is None
    panel.check()
    assert amounts(panel) == [100, 20]


def test_the_target_comes_from_a_sheet_of_targets_beside_the_orders(desk: Desk, tmp_path: Path) -> None:
    orders = "单号,客户,日期,业务员,金额\n" + "".join(
        f"D{k},c{k % 9},2027-04-{k + 5:02},张三,1000\n" for k in range(20)
    )
    aims = "姓名,3月,4月,5月,6月\n张三,9,1,2,3\n李四,9,1,1,\n"
    panel = OwnDataPanel(desk, tmp_path)
    panel.read(("订单.csv", orders.encode()), ("2027年目标（万元）.csv", aims.encode()))
    panel.check()
    # April to June of both, in yuan; what is wanted in March is another quarter's.
    assert panel.target == 80_000.0
    assert "<figure>" in text(panel)
    # Read without the sheet, nothing is wanted until somebody says so.
    panel.read(("订单.csv", orders.encode()))
    panel.check()
    assert panel.target is None


def test_a_bad_file_is_named_without_the_place_it_was_put(desk: Desk, tmp_path: Path) -> None:
    made = OwnDataPanel(desk, tmp_path)
    made.read(("空.csv", b""))
    assert made.problem.startswith("空.csv")


def test_columns_that_tell_nothing_become_a_question_and_no_word_of_a_terminal(
    desk: Desk, tmp_path: Path
) -> None:
    panel = OwnDataPanel(desk, tmp_path)
    export = "品项,甲方,跟单,日子,数目\n灯,市一医院,张伟,2027/1/5,12000\n灯,华东医院,李娜,2027/1/6,8000\n"
    panel.read(("上半年.csv", export.encode("gb18030")))
    assert "看不出每一行是什么；请在下面选" in text(panel)
    assert "--table" not in text(panel)
    assert "opportunities" not in panel.problem
    (asked,) = (one for one in every(panel) if "kpisim-own-data-table" in one._dom_classes)
    assert asked.label == "请选择……"
    asked.value = "orders"
    assert panel.problem == ""
    assert panel.drafts[0].table == "orders"
    assert "数目" in text(panel)
    assert "哪一列是客户？" in text(panel)
