"""Monthly files put one below the other, and codes translated through another file: counted by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kpisim.crm import load_export
from kpisim.crm.mapping import Mapping
from kpisim.crm.quality import quality, quality_lines
from kpisim.crm.stack import in_order
from kpisim.crm.wizard.join import expand, joined_mapping, joins, load_joined, lookup_lines, open_exports
from kpisim.crm.wizard.make import patterns
from kpisim.kpi.measures import measure_values, why
from kpisim.text import UserError, language

pytestmark = pytest.mark.unit

JANUARY = """订单编号,客户,业务员代码,签约日期,金额
D1,甲公司,K01,2027-01-05,100
D2,乙公司,K02,2027-01-06,200
D3,丙公司,K09,2027-01-07,300
"""
# The same columns in another order and one more; D3 stands there again, and D2 with another amount.
FEBRUARY = """金额,订单编号,客户,业务员代码,签约日期,渠道
300,D3,丙公司,K09,2027-01-07,展会
400,D4,甲公司,K01,2027-02-05,展会
250,D2,乙公司,K02,2027-01-06,展会
"""
PEOPLE = """工号,姓名,大区,入职日期
K01,张三,华东,2020-01-01
K02,李四,华南,2021-01-01
"""
MAPPING: dict[str, Any] = {
    "lookups": {"人员": {"file": "人员*.csv", "key": "工号"}},
    "tables": {
        "orders": {
            "file": "订单*.csv",
            "columns": {
                "order_id": "订单编号",
                "account_id": "客户",
                "rep_id": {"column": "业务员代码", "lookup": "人员", "take": "姓名"},
                "booked": "签约日期",
                "value": "金额",
            },
        },
        "reps": {"file": "人员*.csv", "columns": {"rep_id": "姓名", "team": "大区", "hired": "入职日期"}},
    },
}
FIRST, SECOND, LIST = "订单 2027年1月.csv", "订单 2027年2月.csv", "人员 名单.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "导出 2027"
    made.mkdir()
    (made / FIRST).write_text(JANUARY, encoding="gb18030")
    (made / SECOND).write_text(FEBRUARY, encoding="utf-8")
    (made / LIST).write_text(PEOPLE, encoding="utf-8-sig")
    return made


def test_months_are_stacked_and_codes_become_names(folder: Path) -> None:
    before = {file: file.read_bytes() for file in folder.iterdir()}
    tables = load_export(folder, Mapping.parse(MAPPING))
    orders = tables["orders"].set_index("order_id")
    assert orders["value"].to_dict() == {"D1": 100, "D2": 250, "D3": 300, "D4": 400}
    assert orders["rep_id"].to_dict() == {"D1": "张三", "D2": "李四", "D3": "K09", "D4": "张三"}
    assert tables["reps"]["rep_id"].tolist() == ["张三", "李四"]
    assert measure_values(tables, ["revenue_booked"])["revenue_booked"].value == 1050
    assert {file: file.read_bytes() for file in folder.iterdir()} == before


def test_why_names_file_and_row(folder: Path) -> None:
    rows = why(load_export(folder, Mapping.parse(MAPPING)), "revenue_booked").set_index("order_id")
    places = {key: (row["file"], row["file_row"]) for key, row in rows.to_dict("index").items()}
    assert places == {"D1": (FIRST, 2), "D2": (SECOND, 4), "D3": (SECOND, 2), "D4": (SECOND, 3)}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_quality_report_names_file_row_and_value(folder: Path, lang: str) -> None:
    with language(lang):  # type: ignore[arg-type]
        tables = load_export(folder, Mapping.parse(MAPPING))
        lines = quality_lines(quality(tables))
        notes = tables.meta.notes
    row = "第{}行" if lang == "zh" else " row {}"

    def told(*words: str) -> bool:
        return any(all(word in line for word in words) for line in lines)

    assert told(LIST, f"{FIRST}{row.format(4)}", "K09")
    assert told(LIST, f"{SECOND}{row.format(2)}", "K09")
    assert told(f"{FIRST}{row.format(4)} = {SECOND}{row.format(2)}")
    assert told(f"{FIRST}{row.format(3)} = {SECOND}{row.format(4)}")
    assert told("渠道", SECOND)
    assert len(notes) == 4


def test_a_code_twice_in_the_list_is_refused_in_one_line(folder: Path) -> None:
    (folder / LIST).write_text(PEOPLE + "K01,王五,华北,2022-01-01\n", encoding="utf-8")
    with pytest.raises(UserError) as told:
        load_export(folder, Mapping.parse(MAPPING))
    line = str(told.value)
    assert line.startswith(f"{LIST}, row 4: K01 stands in row 2 already")
    assert "\n" not in line


def test_codes_with_one_name_are_told(folder: Path) -> None:
    (folder / LIST).write_text(PEOPLE.replace("李四", "张三"), encoding="utf-8")
    tables = load_export(
        folder, Mapping.parse({**MAPPING, "tables": {"orders": MAPPING["tables"]["orders"]}})
    )
    found = [one for one in quality(tables) if "count as one" in str(one.text)]
    # In each file, two of the three rows.
    assert [(one.count, one.places) for one in found] == [(2, ("K01 + K02 = 张三",))] * 2


def mapping(**more: object) -> Mapping:
    """Return the mapping with other sources for some columns of the orders."""
    columns = {**MAPPING["tables"]["orders"]["columns"], **more}
    tables = {**MAPPING["tables"], "orders": {**MAPPING["tables"]["orders"], "columns": columns}}
    return Mapping.parse({**MAPPING, "tables": tables})


@pytest.mark.parametrize(("source", "said"), [
    ({"column": "业务员代码", "lookup": "人", "take": "姓名"}, "did you mean 人员"),
    ({"column": "业务员代码", "lookup": "人员"}, "lookup goes with column and take"),
    ({"constant": "x", "lookup": "人员", "take": "姓名"}, "lookup goes with column and take"),
    ({"column": "业务员代码", "lookup": "人员", "take": "姓"}, f"{LIST}: no column 姓"),
])  # fmt: skip
def test_a_wrong_look_up_is_told(folder: Path, source: dict[str, str], said: str) -> None:
    with pytest.raises(UserError, match=said):
        load_export(folder, mapping(rep_id=source))


def test_an_unknown_code_is_empty_where_it_is_no_id_and_refused_where_nothing_may_be_empty(
    folder: Path,
) -> None:
    hired = {"column": "业务员代码", "lookup": "人员", "take": "入职日期"}
    tables = load_export(folder, mapping(invoiced=hired))
    assert tables["orders"].set_index("order_id")["invoiced"].isna().to_dict() == {
        "D1": False, "D2": False, "D3": True, "D4": False,
    }  # fmt: skip
    with pytest.raises(UserError, match=rf"{FIRST}, row 4, column 业务员代码: K09 has no 入职日期"):
        load_export(folder, mapping(booked=hired))


def test_a_month_without_a_needed_column_is_refused_and_without_another_is_told(folder: Path) -> None:
    (folder / SECOND).write_text(FEBRUARY.replace("金额", "总额"), encoding="utf-8")
    with pytest.raises(UserError, match=f"{SECOND}: no column 金额"):
        load_export(folder, Mapping.parse(MAPPING))
    (folder / SECOND).write_text("金额,订单编号,客户,签约日期\n9,D9,甲公司,2027-02-01\n", encoding="utf-8")
    tables = load_export(folder, Mapping.parse(MAPPING))
    assert tables["orders"]["rep_id"].isna().sum() == 1
    (told,) = [one for one in quality(tables) if one.places == (SECOND,)]
    assert (told.level, told.column) == ("warn", "业务员代码")
    # Called only a little otherwise, it is a column renamed and no column gone.
    (folder / SECOND).write_text(
        "金额,订单编号,客户,签约日期,业务员代号\n9,D9,甲公司,2027-02-01,K01\n", encoding="utf-8"
    )
    with pytest.raises(UserError, match="did you mean 业务员代号"):
        load_export(folder, Mapping.parse(MAPPING))


def test_a_strange_file_that_is_passed_over_is_told(folder: Path) -> None:
    (folder / "订单 2027年3月.csv").write_text(JANUARY.replace("金额", "总额"), encoding="utf-8")
    (folder / "订单 备注.csv").write_text("备注\n无\n", encoding="utf-8")
    tables = load_export(folder, Mapping.parse({**MAPPING, "skip_strangers": True}))
    assert [one.places for one in quality(tables) if one.column == "金额"] == [("订单 2027年3月.csv",)]
    # A workbook that somebody has open leaves a file of its own behind, which is no export.
    (folder / "~$订单 2027年4月.xlsx").write_text("open")
    everything = {name: {**table, "file": "*"} for name, table in MAPPING["tables"].items()}
    again = load_export(folder, Mapping.parse({**MAPPING, "skip_strangers": True, "tables": everything}))
    assert again["orders"].equals(tables["orders"])


def test_rows_without_a_key_are_the_same_if_every_cell_is(tmp_path: Path) -> None:
    # Two equal orders of one day are two; the day that stands in both files is one day.
    (tmp_path / "a-1.csv").write_text(
        "客户,日期,金额\n甲,2027-01-30,5\n甲,2027-01-31,7\n甲,2027-01-31,7\n", "utf-8"
    )
    (tmp_path / "a-2.csv").write_text(
        "日期,金额,客户\n2027-01-31,7,甲\n2027-01-31,7,甲\n2027-02-01,7,甲\n", "utf-8"
    )
    (tmp_path / "a-3.csv").write_text("日期,金额,客户\n2027-01-31,7,甲\n2027-02-02,1,乙\n", "utf-8")
    columns = {"order_id": {"number": "O{row}"}, "account_id": "客户", "booked": "日期", "value": "金额"}
    tables = load_export(
        tmp_path, Mapping.parse({"tables": {"orders": {"file": "a-*.csv", "columns": columns}}})
    )
    assert tables["orders"]["value"].tolist() == [5, 7, 7, 7, 1]
    assert tables["orders"]["order_id"].tolist() == ["Oa-1:2", "Oa-1:3", "Oa-1:4", "Oa-2:4", "Oa-3:3"]
    assert tables.origin is not None
    assert sum(one.count for one in tables.origin.found) == 3


def test_a_list_gathered_from_several_months_has_each_rep_once(folder: Path) -> None:
    gathered = {"file": "订单*.csv", "distinct": True, "columns": {"rep_id": "业务员代码"}}
    tables = load_export(
        folder, Mapping.parse({"tables": {"reps": gathered}, "start": "2027-01-01", "end": "2027-02-01"})
    )
    assert sorted(tables["reps"]["rep_id"]) == ["K01", "K02", "K09"]
    assert not [one for one in quality(tables) if "two files" in str(one.text)]


def test_a_file_from_which_nothing_is_taken_is_told(tmp_path: Path) -> None:
    (tmp_path / "订单.csv").write_text(
        "订单号,日期,客户,业务员,金额\nD1,2027-01-04,甲院,张三,900\nD2,2027-02-04,乙院,李四,600\n",
        encoding="utf-8",
    )
    # Its hospitals are those of the orders, so it may be a list in which their codes stand.
    (tmp_path / "问卷.csv").write_text(
        "答题用时,您的医院,渠道\n35秒,甲院,微信\n50秒,乙院,链接\n", encoding="utf-8"
    )
    drafts = open_exports([tmp_path / "订单.csv", tmp_path / "问卷.csv"])
    while questions := drafts[0].open():
        drafts[0].answer(questions[0], "")
    with language("zh"):
        assert lookup_lines(drafts) == ["问卷.csv中未识别出可用的表，没有从中读取任何内容。"]


def test_reps_are_those_who_sell_and_not_those_whom_complaints_name(tmp_path: Path) -> None:
    (tmp_path / "complaints.csv").write_text(
        "Complaint ID,Customer,Order number,Date received,Date resolved,Category,Owner,Outcome\n"
        "C-1,Acme,INV-1,03/02/2027,04/02/2027,Billing,Sue Port,Refund\nC-2,Elm,INV-2,20/02/2027,,Outage,Sue Port,\n",
        encoding="utf-8",
    )
    (tmp_path / "invoices.csv").write_text(
        "Invoice number,Customer,Account manager,Invoice date,Net amount\n"
        "INV-1,Acme,Jane Cole,05/01/2027,1000\nINV-2,Elm,Omar Reid,28/02/2027,2000\n",
        encoding="utf-8",
    )
    drafts = open_exports([tmp_path])
    for draft in drafts:
        draft.accept()
    tables = load_joined(drafts)
    assert {draft.table for draft in drafts} == {"complaints", "orders"}
    assert sorted(tables["reps"]["rep_id"]) == ["Jane Cole", "Omar Reid"]
    values = measure_values(tables, ["complaints", "revenue_booked"])
    assert (values["complaints"].value, values["revenue_booked"].value) == (2, 3000)


def test_a_sheet_of_notes_is_told_as_not_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    orders = book.create_sheet("orders", 0)
    del book["Sheet"]
    for row in (
        ["订单号", "日期", "客户", "业务员", "金额"],
        ["D1", "2027-01-04", "甲", "张三", 900],
        ["D2", "2027-02-04", "乙", "李四", 600],
    ):
        orders.append(row)
    notes = book.create_sheet("说明")
    for row in (["1. 金额为含税", "2. 退货未计"], ["谢谢", "财务部"]):
        notes.append(row)
    book.save(tmp_path / "订单.xlsx")
    drafts = open_exports([tmp_path / "订单.xlsx"])
    assert [draft.table for draft in drafts] == ["orders"]
    with language("en"):
        assert lookup_lines(drafts) == [
            "Nothing is taken from 订单.xlsx [说明]: no table was recognised there."
        ]


def test_months_come_in_their_order() -> None:
    names = ["2027年10月.csv", "2027年2月.csv", "三月.csv", "十二月.csv", "二月.csv", "一月.csv"]
    assert [file.name for file in sorted(map(Path, names), key=in_order)] == [
        "一月.csv", "二月.csv", "三月.csv", "十二月.csv", "2027年2月.csv", "2027年10月.csv",
    ]  # fmt: skip


def test_the_wizard_proposes_what_was_written_by_hand(folder: Path) -> None:
    drafts = open_exports([folder])
    assert sorted(draft.table for draft in drafts) == ["orders", "reps"]
    orders, reps = sorted(drafts, key=lambda draft: draft.table)
    assert orders.name == f"{FIRST} … {SECOND} (2)"
    assert [(one.asked, one.subject, one.proposal) for one in orders.open()] == [
        ("lookup", "业务员代码", "姓名")
    ]
    # Two regions of two reps are unique by chance and stand for nobody.
    assert [value for value, _ in orders.open()[0].choices] == ["-", "姓名"]
    assert "张三" not in str(orders.open()[0].choices)
    orders.accept()
    assert reps.by_role("rep_id") == ["姓名"]
    assert lookup_lines(drafts) == [f"{orders.name}: 业务员代码 → 姓名 of {LIST} (by 工号)"]
    made = joined_mapping(drafts)
    assert made["tables"]["orders"]["file"] == "订单 *年*月.csv"
    mine, theirs = load_joined(drafts), load_export(folder, Mapping.parse(MAPPING))
    for table in ("orders", "reps"):
        assert mine[table].equals(theirs[table]), table
    # K09 is in no list, in a row of each file.
    (join,) = joins(drafts)
    assert (join.rows, join.unmatched, join.unused) == (6, 2, 0)
    # Next month needs no new mapping.
    (folder / "订单 2027年3月.csv").write_text(JANUARY.replace("D", "E"), encoding="utf-8")
    assert len(load_export(folder, Mapping.parse(made))["orders"]) == 7


def test_codes_may_stay_and_two_people_of_one_name_are_never_one(folder: Path) -> None:
    drafts = open_exports(expand([folder]))
    orders, reps = sorted(drafts, key=lambda draft: draft.table)
    orders.answer(orders.open()[0], "-")
    assert reps.by_role("rep_id") == ["工号"]
    assert load_joined(drafts)["orders"]["rep_id"].tolist() == ["K01", "K09", "K01", "K02"]
    (folder / LIST).write_text(PEOPLE + "K03,张三,华北,2022-01-01\n", encoding="utf-8")
    orders = next(draft for draft in open_exports([folder]) if draft.table == "orders")
    assert orders.through["业务员代码"].key == "工号"
    assert orders.open() == []


def test_a_file_that_is_no_table_may_be_a_list_of_codes(tmp_path: Path) -> None:
    deals = "商机编号,客户,创建日期,结果,来源\n1,甲,2027-01-04,赢单,A\n2,乙,2027-01-05,输单,B\n3,丙,2027-01-06,输单,A\n"
    (tmp_path / "商机.csv").write_text(deals, encoding="utf-8")
    (tmp_path / "渠道.csv").write_text("代码;渠道\nA;展会\nB;转介绍\nC;网站\n", encoding="utf-8")
    (draft,) = open_exports([tmp_path])
    question = next(one for one in draft.open() if one.asked == "lookup")
    assert (question.subject, question.proposal) == ("来源", "渠道")
    draft.accept()
    assert load_joined([draft])["opportunities"]["source"].tolist() == ["展会", "转介绍", "展会"]


def test_a_list_of_people_whose_codes_are_called_anything_is_found_by_its_codes(folder: Path) -> None:
    (folder / LIST).write_text(PEOPLE.replace("工号", "代码"), encoding="utf-8")
    drafts = open_exports([folder])
    for draft in drafts:
        draft.accept()
    reps = load_joined(drafts)["reps"].set_index("rep_id")
    assert reps["hired"].dt.year.to_dict() == {"张三": 2020, "李四": 2021}


def test_a_list_that_is_no_table_gives_name_and_team_of_the_reps_of_the_orders(folder: Path) -> None:
    (folder / LIST).write_text("代码,姓名,大区\nK01,张三,华东\nK02,李四,华南\n", encoding="utf-8")
    (draft,) = open_exports([folder])
    draft.accept()
    tables = load_joined([draft])
    reps = tables["reps"].set_index("rep_id")
    assert reps["team"].dropna().to_dict() == {"张三": "华东", "李四": "华南"}
    assert "K09" in reps.index
    # The code that the list does not know is told once a file, not once more for each column of the reps.
    told = [str(place) for one in quality(tables) if "code without" in str(one.text) for place in one.places]
    assert told == [f"{FIRST} row 4: K09", f"{SECOND} row 2: K09"]


def test_months_of_a_table_that_is_named_may_differ_in_a_column(folder: Path) -> None:
    (draft,) = open_exports([folder / "订单*"], table="orders")
    draft.accept()
    assert len(load_joined([draft])["orders"]) == 4
    with pytest.raises(UserError, match="goes with one file"):
        open_exports([folder], table="orders")


def test_a_workbook_and_a_csv_are_two_months_too(tmp_path: Path) -> None:
    (tmp_path / "订单 1.csv").write_text(JANUARY, encoding="utf-8")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in FEBRUARY.splitlines():
        sheet.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    book.save(tmp_path / "订单 2.xlsx")
    (tmp_path / "~$订单 2.xlsx").write_text("Excel has it open")
    (draft,) = open_exports([tmp_path / "订单*"])
    draft.accept()
    assert load_joined([draft])["orders"].set_index("order_id")["value"].to_dict() == {
        "D1": 100, "D2": 250, "D3": 300, "D4": 400,
    }  # fmt: skip


def test_a_pattern_takes_no_file_that_was_not_meant(tmp_path: Path) -> None:
    files = [tmp_path / f"订单[{month}].csv" for month in (1, 2)]
    for file in [*files, tmp_path / "订单[1] 旧 2.csv"]:
        file.write_text(JANUARY, encoding="utf-8")
    made = patterns(files)
    assert {
        file for pattern in ([made] if isinstance(made, str) else made) for file in tmp_path.glob(pattern)
    } == set(files)
    with pytest.raises(UserError, match="no export there"):
        expand([tmp_path / "合同*"])
