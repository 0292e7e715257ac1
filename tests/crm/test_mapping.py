"""A manager's mapping of a Chinese export, and every way a mapping or an export can be wrong."""

from __future__ import annotations

import copy
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest
import yaml

from kpisim.crm import Mapping, detect, load_export, load_mapping, mappings
from kpisim.crm.discover import discover
from kpisim.kpi import measure_values
from kpisim.tables import check_references
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit

# The export of a made-up firm, as Chinese systems write it: full-width brackets, 万, dates in three spellings.
DEALS = """商机编号,客户名称,负责人,创建日期,方案日期,签约日期,丢单日期,状态,预计金额（元）,老客户
SJ001,甲公司,张三,2027-01-04,2027/1/11,2027年1月20日,,赢单,"120,000",是
SJ002,乙公司,李四,2027-01-05 09:30,2027/1/15,,2027年2月3日,输单,8.5万,否
SJ003,丙公司,张三,2027/1/6,,,,跟进中,￥30000,
SJ004,甲公司,李四,2027/1/7,2027/1/18,2027年2月9日,,赢单,50000元,是
"""
ORDERS = """单号,客户,日期,金额,作废日期
D1,甲公司,20/01/2027,120000,
D2,甲公司,09/02/2027,50000,
D3,丁公司,10/02/2027,7000,12/02/2027
"""
MAPPING: dict[str, Any] = yaml.safe_load("""
title_zh: 某公司CRM导出
currency: CNY
fiscal_year_start: 4
holidays: [2027-02-08]
extra_workdays: [2027-02-06]
tables:
  opportunities:
    file: "商机*.csv"
    columns:
      opportunity_id: 商机编号
      account_id: 客户名称
      rep_id: 负责人
      created: 创建日期
      closed: {first: [签约日期, 丢单日期]}
      status:
        rules:
          - {when: {签约日期: not empty}, then: won}
          - {when: {状态: [输单, 丢单]}, then: lost}
          - {when: {商机编号: not empty}, then: open}
      stage: {column: 状态, map: {赢单: 签约, 输单: 关闭}, other: 谈判}
      source: {constant: CRM}
      value: 预计金额(元)
      existing: 老客户
  stage_changes:
    file: "商机*.csv"
    dates: {opportunity_id: 商机编号, rep_id: 负责人, stages: {线索: 创建日期, 方案: 方案日期, 签约: 签约日期}}
  reps:
    file: "商机*.csv"
    distinct: true
    columns: {rep_id: 负责人}
  orders:
    file: "订单*.csv"
    columns:
      order_id: 单号
      account_id: 客户
      booked: {column: 日期, format: "%d/%m/%Y"}
      cancelled: {column: 作废日期, format: "%d/%m/%Y"}
      value: 金额
""")


def changed(path: str, value: Any) -> dict[str, Any]:
    data = copy.deepcopy(MAPPING)
    holder = data
    *above, last = path.split("/")
    for part in above:
        holder = holder[part]
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    return data


@pytest.fixture(params=["gb18030", "utf-8-sig"])
def export(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "销售 数据"
    folder.mkdir()
    (folder / "商机导出.csv").write_bytes(DEALS.encode(request.param))
    (folder / "订单导出.csv").write_bytes(ORDERS.encode(request.param))
    return folder


def test_a_chinese_export_becomes_tables(export: Path) -> None:
    tables = load_export(export, Mapping.parse(MAPPING))
    deals = tables["opportunities"]
    assert list(deals["status"]) == ["won", "lost", "open", "won"]
    assert list(deals["value"]) == [120_000, 85_000, 30_000, 50_000]
    assert list(deals["stage"]) == ["签约", "关闭", "谈判", "签约"]
    assert deals["closed"].dt.date.tolist()[:2] == [date(2027, 1, 20), date(2027, 2, 3)]
    assert deals["existing"].tolist()[:2] == [True, False]
    assert len(tables["stage_changes"]) == 4 + 3 + 2
    assert list(tables["reps"]["rep_id"]) == ["张三", "李四"]
    assert tables["orders"]["booked"].dt.date.tolist() == [
        date(2027, 1, 20),
        date(2027, 2, 9),
        date(2027, 2, 10),
    ]
    assert (tables.meta.start, tables.meta.end, tables.meta.fiscal_year_start) == (
        date(2027, 1, 4),
        date(2027, 2, 13),
        4,
    )
    assert date(2027, 2, 8) not in tables.meta.workdays
    assert date(2027, 2, 6) in tables.meta.workdays
    check_references(tables)
    values = measure_values(tables)
    assert values["conversion_created"].value == 0.5
    assert values["conversion_closed"].value == pytest.approx(2 / 3)
    assert values["revenue_booked"].value == 170_000


def test_a_mapping_file_is_read_from_disk(export: Path, tmp_path: Path) -> None:
    file = tmp_path / "映射.yaml"
    file.write_text(yaml.safe_dump(MAPPING, allow_unicode=True), encoding="utf-8")
    assert load_export(export, file).meta.source == "映射"


def test_one_file_gives_the_tables_it_holds(export: Path) -> None:
    assert set(load_export(export / "订单导出.csv", Mapping.parse(MAPPING)).frames) == {"orders"}
    assert set(load_export(export / "商机导出.csv", Mapping.parse(MAPPING)).frames) == {
        "opportunities",
        "stage_changes",
        "reps",
    }


def test_an_excel_export_with_real_dates(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "订单"
    for row in (
        ["单号", "客户", "日期", "金额", "作废日期"],
        [1001, "甲", date(2027, 1, 20), 5.5, None],
        [1002, "乙", date(2027, 1, 21), 7, None],
    ):
        sheet.append(row)
    book.save(tmp_path / "订单.xlsx")
    mapping = Mapping.parse(
        {"tables": {"orders": {**MAPPING["tables"]["orders"], "file": "*.xlsx", "sheet": "订单"}}}
    )
    orders = load_export(tmp_path, mapping)["orders"]
    assert list(orders["order_id"]) == ["1001", "1002"]
    assert orders["booked"].dt.date.tolist() == [date(2027, 1, 20), date(2027, 1, 21)]


def test_monthly_files_are_read_one_after_the_other(tmp_path: Path) -> None:
    for month in (1, 2):
        (tmp_path / f"订单{month}月.csv").write_text(
            f"单号,客户,日期,金额,作废日期\nD{month},甲,05/0{month}/2027,1,\n", encoding="utf-8"
        )
    mapping = Mapping.parse({"tables": {"orders": MAPPING["tables"]["orders"]}})
    assert len(load_export(tmp_path, mapping)["orders"]) == 2
    (tmp_path / "订单3月.csv").write_text(
        "单号,客户,日其,金额,作废日期\nD3,甲,05/03/2027,1,\n", encoding="utf-8"
    )
    with pytest.raises(UserError, match=r"订单3月\.csv: no column 日期; did you mean 日其"):
        load_export(tmp_path, mapping)


def test_won_opportunities_become_orders_only_if_the_mapping_says_so(export: Path) -> None:
    deals = {name: table for name, table in MAPPING["tables"].items() if name != "orders"}
    assert not load_export(export, Mapping.parse({"tables": deals})).has("orders")
    won = {"file": "商机*.csv", "where": {"状态": "赢单"},
           "columns": {"order_id": "商机编号", "opportunity_id": "商机编号", "account_id": "客户名称", "booked": "签约日期", "value": "预计金额（元）"}}  # fmt: skip
    tables = load_export(export, Mapping.parse({"tables": {**deals, "orders": won}}))
    assert list(tables["orders"]["value"]) == [120_000, 50_000]


def test_closed_deals_without_a_date_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,on,st\n1,2027-01-04,won\n2,2027-01-04,open\n", encoding="utf-8")
    mapping = {
        "tables": {"opportunities": {"columns": {"opportunity_id": "id", "created": "on", "status": "st"}}}
    }
    assert (
        load_export(tmp_path, Mapping.parse(mapping))
        .meta.notes[0]
        .startswith("opportunities: 1 won or lost ones have no closing date")
    )


def test_an_expected_closing_date_of_an_open_deal_is_not_a_closing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "id,on,end,st\n1,2027-01-04,2027-09-01,open\n2,2027-01-04,2027-02-01,won\n", encoding="utf-8"
    )
    mapping = {
        "tables": {
            "opportunities": {
                "columns": {"opportunity_id": "id", "created": "on", "closed": "end", "status": "st"}
            }
        }
    }
    tables = load_export(tmp_path, Mapping.parse(mapping))
    assert tables["opportunities"]["closed"].isna().tolist() == [True, False]
    assert tables.meta.end == date(2027, 2, 2)


def test_yes_and_no_of_yaml_mean_the_words(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,on,won\n1,2027-01-04,yes\n2,2027-01-04,No\n", encoding="utf-8")
    status = yaml.safe_load("{column: won, map: {yes: won, no: lost}}")
    mapping = {
        "tables": {"opportunities": {"columns": {"opportunity_id": "id", "created": "on", "status": status}}}
    }
    assert list(load_export(tmp_path, Mapping.parse(mapping))["opportunities"]["status"]) == ["won", "lost"]


def test_rows_left_out_for_an_empty_cell_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("cust,date,value\na,2027-01-04,1\nb,,2\n", encoding="utf-8")
    data = {
        "tables": {
            "orders": {
                "where": {"date": "not empty"},
                "columns": {
                    "order_id": {"number": "O{row}"},
                    "account_id": "cust",
                    "booked": "date",
                    "value": "value",
                },
            }
        }
    }
    tables = load_export(tmp_path, Mapping.parse(data))
    assert tables.meta.notes == ("orders: 1 rows left out because a cell is empty (date)",)
    assert list(tables["orders"]["order_id"]) == ["O2"]


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (
            "tables/orders/columns/booked",
            {"column": "日期", "formt": "%d"},
            "tables.orders.columns.booked.formt: unknown parameter; did you mean format",
        ),
        ("tables/orders/colums", {}, "tables.orders.colums: unknown parameter; did you mean columns"),
        ("tables/order", {"columns": {}}, "tables.order: no such table; did you mean orders"),
        ("tables/orders/columns/valeu", "金额", "no such column; did you mean value"),
        (
            "tables/orders/columns/booked",
            None,
            "column booked (Signed on) is missing; say where it comes from",
        ),
        ("tables/orders/columns/value", {}, "give exactly one of column, first, constant, rules, number"),
        ("tables/orders/columns/value", {"column": "金额", "constant": 1}, "give exactly one of"),
        ("tables/orders/dates", {"opportunity_id": "单号", "stages": {"x": "日期"}}, "only stage_changes"),
        ("tables/orders/file", "/srv/export/*.csv", "tables.orders.file: not a name or pattern within"),
        ("tables/orders/file", "C:\\export\\*.csv", "tables.orders.file: not a name or pattern within"),
        ("tables/orders/file", ["a.csv", "**b.csv"], "tables.orders.file: not a name or pattern within"),
        ("tables/orders/file", [], "tables.orders.file: not a name or pattern within"),
        ("fiscal_year_start", 13, "m.yaml: fiscal_year_start: 13 is above 12"),
        ("currencey", "CNY", "currencey: unknown parameter; did you mean currency"),
        ("tables", None, "m.yaml: tables: no table is declared; write at least one, e.g. orders"),
    ],
)
def test_a_wrong_mapping_is_refused(path: str, value: Any, line: str) -> None:
    with pytest.raises(UserError) as problem:
        Mapping.parse(changed(path, value), where="m.yaml")
    assert line in str(problem.value)


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("tables/orders/columns/value", "金客", "订单导出.csv: no column 金客; did you mean 金额?"),
        (
            "tables/orders/columns/booked",
            "日期",
            "订单导出.csv, row 2 (also 3, 4), column 日期: 20/01/2027 is not a date; set format",
        ),
        (
            "tables/orders/columns/booked",
            {"column": "日期", "format": "%m/%d/%Y"},
            "20/01/2027 is not a date (%m/%d/%Y)",
        ),
        (
            "tables/opportunities/columns/stage",
            {"column": "状态", "map": {"赢单了": "a"}},
            "商机导出.csv, row 2, column 状态: 赢单 is not in the mapping's map; add it, or did you mean 赢单了",
        ),
        ("tables/orders/file", "定单*.csv", "no file 定单*.csv"),
        (
            "tables/orders/columns/order_id",
            "客户",
            "订单导出.csv, table orders, row 3: 甲公司 stands in row 2 already; each 客户",
        ),
        ("tables/opportunities/columns/status", "状态", "column 状态: 赢单 is not one of open, won, lost"),
        ("tables/opportunities/columns/value", "客户名称", "column 客户名称: 甲公司 is not a number"),
        ("end", date(2026, 1, 1), "not after its start"),
    ],
)
def test_an_export_that_does_not_fit_is_named(export: Path, path: str, value: Any, line: str) -> None:
    with pytest.raises(UserError) as problem:
        load_export(export, Mapping.parse(changed(path, value)))
    assert line in str(problem.value)
    assert "\n" not in str(problem.value)


def test_an_unknown_encoding(tmp_path: Path) -> None:
    (tmp_path / "订单.csv").write_text(ORDERS, encoding="utf-8")
    mapping = Mapping.parse({"encoding": "latin-9000", "tables": {"orders": MAPPING["tables"]["orders"]}})
    with pytest.raises(UserError, match="unknown encoding latin-9000; write utf-8 or gb18030"):
        load_export(tmp_path, mapping)


def test_a_date_that_stands_for_never_is_no_day_of_the_records(tmp_path: Path) -> None:
    # 9999-12-31 ended in an OverflowError; a mistyped year made a window of centuries.
    declared = copy.deepcopy(MAPPING["tables"]["orders"])
    declared["columns"]["cancelled"] = "作废日期"
    never = ORDERS.replace("12/02/2027", "")
    for old, new, line in (
        (
            "10/02/2027,7000,",
            "10/02/2027,7000,9999-12-31",
            "from 2027-01-20 (orders.booked) to 9999-12-31 (orders.cancelled), over",
        ),
        ("20/01/2027,120000,", "20/01/1907,120000,", "from 1907-01-20 (orders.booked) to 2027-02-10"),
    ):
        (tmp_path / "订单.csv").write_text(never.replace(old, new), encoding="utf-8")
        with pytest.raises(UserError) as problem:
            load_export(tmp_path, Mapping.parse({"tables": {"orders": declared}}))
        assert line in str(problem.value)
    (tmp_path / "订单.csv").write_text(ORDERS.replace("12/02/2027", "9999-12-31"), encoding="utf-8")
    declared["columns"]["cancelled"] = {"column": "作废日期", "map": {"9999-12-31": None}}
    read = load_export(tmp_path, Mapping.parse({"tables": {"orders": declared}}))
    assert (read.meta.end, read["orders"]["cancelled"].notna().sum()) == (date(2027, 2, 11), 0)


@pytest.mark.parametrize("name", ["orders.parquet", "orders.xls", "orders.json"])
def test_a_file_of_another_kind_is_named_as_such(tmp_path: Path, name: str) -> None:
    # Read as text, it was told to be no UTF-8.
    (tmp_path / name).write_bytes(b"PAR1\x15\x04\xff")
    with pytest.raises(UserError, match=r"give one file of the export, ending in \.csv, \.txt, \.tsv"):
        discover(tmp_path / name, "order_export")


def test_files_hidden_by_the_system_are_no_export(tmp_path: Path) -> None:
    (tmp_path / "订单.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "._订单.csv").write_bytes(
        b"\x00\x05\x16\x07"
    )  # macOS writes one beside each file of a foreign disk
    mapping = {"tables": {"orders": {**MAPPING["tables"]["orders"], "file": "*.csv"}}}
    assert len(load_export(tmp_path, Mapping.parse(mapping))["orders"]) == 3


def test_where_there_is_nothing(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file or folder"):
        load_export(tmp_path / "nowhere", "order_export")
    with pytest.raises(UserError, match="order_exprot: no such mapping; did you mean order_export"):
        load_mapping("order_exprot")
    (tmp_path / "a.csv").write_text("customer,dat,value\na,2027-01-04,1\n", encoding="utf-8")
    with pytest.raises(UserError, match="no column cust; did you mean customer"):
        load_export(tmp_path, "order_export")
    with pytest.raises(UserError, match="no table of the mapping order_export fits"):
        load_export(tmp_path / "a.csv", "order_export")


def test_the_mappings_that_come_along() -> None:
    assert set(mappings()) == {
        "bpi2012",
        "call_log",
        "opportunity_export",
        "order_export",
        "telemarketing_log",
        "ticket_log",
        "work_log",
    }
    english = {name: str(line) for name, line in mappings().items()}
    with language("zh"):
        chinese = {name: str(line) for name, line in mappings().items()}
    assert all(english[name] != chinese[name] for name in english)


def test_files_are_recognised_by_their_columns(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("value,cust,extra,date\n1,a,,2027-01-04\n", encoding="utf-8")
    (tmp_path / "y.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "z.csv").write_bytes(b"")
    assert [detect(tmp_path / name) for name in ("x.csv", "y.csv", "z.csv")] == ["order_export", None, None]


def test_mappings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_mapping("bpi2012").currency = "CNY"  # type: ignore[misc]


def test_ids_stay_text(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("cust,date,value\n007,2027-01-04,1\n7,2027-01-05,1\n", encoding="utf-8")
    orders = load_export(tmp_path, "order_export")["orders"]
    assert list(orders["account_id"]) == ["007", "7"]
    assert isinstance(orders["account_id"].dtype, pd.StringDtype)
