"""Sheets of targets: names of periods, what the wizard asks, and attainment counted by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from kpisim.crm import load_export
from kpisim.crm.mapping import Mapping
from kpisim.crm.periods import Period, finest, named, span
from kpisim.crm.quality import quality
from kpisim.crm.wizard import NOT_USED, open_export
from kpisim.crm.wizard.join import load_joined, open_exports
from kpisim.crm.wizard.make import mapping_of
from kpisim.kpi.measures import measure_values
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.tables import Tables

pytestmark = pytest.mark.unit

SHEET = """姓名,大区,1月,2月,3月,一季度,4月,全年
张三,华东,10,10,10,30,5,35
李四,华南,20,20,20,60,,60
合计,,30,30,30,90,5,95
"""
ORDERS = """订单号,日期,客户,业务员,金额
D1,2027-01-04,甲,张三,90000
D2,2027-02-04,甲,张三,60000
D3,2027-03-04,乙,李四,300000
D4,2027-04-05,乙,李四,1000
"""
NAMED = "2027年签约目标（万元）.csv"


def read(tmp_path: Path, name: str = NAMED, text: str = SHEET, **answers: str) -> Tables:
    (tmp_path / "订单.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / name).write_text(text, encoding="utf-8")
    drafts = open_exports([tmp_path / "订单.csv", tmp_path / name])
    for draft in drafts:
        while questions := draft.open():
            draft.answer(questions[0], answers.get(questions[0].asked, ""))
    return load_joined(drafts)


@pytest.mark.parametrize(
    ("column", "period"),
    [
        ("1月", ("month", 1, None)), ("12月份", ("month", 12, None)), ("十一月", ("month", 11, None)), ("十二月", ("month", 12, None)), ("十月", ("month", 10, None)), ("13月", None),
        ("2027年3月目标（万元）", ("month", 3, 2027)), ("27年3月", ("month", 3, 2027)), ("2027-03", ("month", 3, 2027)),
        ("2027/3", ("month", 3, 2027)), ("202712", ("month", 12, 2027)), ("2027-03-01 00:00:00", ("month", 3, 2027)),
        ("Jan", ("month", 1, None)), ("Sept-27", ("month", 9, 2027)), ("2027 March", ("month", 3, 2027)), ("M3", ("month", 3, None)),
        ("Q2 target", ("quarter", 2, None)), ("Q4 2027", ("quarter", 4, 2027)), ("2027年第二季度", ("quarter", 2, 2027)),
        ("上半年", ("half", 1, None)), ("下半年", ("half", 2, None)), ("2027H2", ("half", 2, 2027)),
        ("全年", ("year", 1, None)), ("2027年", ("year", 1, 2027)), ("FY2027", ("year", 1, 2027)),
        ("客户", None), ("金额", None), ("3", None), ("Mayor", None), ("marketing", None), ("合计", None), ("2027-13", None),
    ],
)  # fmt: skip
def test_periods_by_the_names_of_columns(column: str, period: tuple[Any, ...] | None) -> None:
    assert named(column) == (None if period is None else Period(*period))


@pytest.mark.parametrize(
    ("text", "fiscal", "days"),
    [
        ("2027-12", 4, (date(2027, 12, 1), date(2028, 1, 1))),
        ("2027Q1", 1, (date(2027, 1, 1), date(2027, 4, 1))),
        ("2027Q4", 4, (date(2028, 1, 1), date(2028, 4, 1))),
        ("2027H2", 1, (date(2027, 7, 1), date(2028, 1, 1))),
        ("2027", 7, (date(2027, 7, 1), date(2028, 7, 1))),
        ("2027-13", 1, None),
        ("27Q1", 1, None),
    ],
)
def test_periods_as_a_mapping_writes_them(text: str, fiscal: int, days: tuple[date, date] | None) -> None:
    assert span(text, fiscal) == days


def test_the_shortest_periods_count_unless_one_stands_alone() -> None:
    def kinds(*names: str) -> str | None:
        return finest({name: period for name in names if (period := named(name)) is not None})

    assert kinds("1月", "2月", "Q1", "全年") == "month"
    assert kinds("12月", "Q1", "Q2") == "quarter"
    assert kinds("全年") == "year"
    assert kinds() is None


def test_attainment_of_each_rep_and_of_all(tmp_path: Path) -> None:
    tables = read(tmp_path)
    aims = tables["targets"]
    assert len(aims) == 7
    assert aims["target"].sum() == 950_000
    assert set(aims["period_start"].dt.strftime("%Y-%m")) == {"2027-01", "2027-02", "2027-03", "2027-04"}
    # 150,000 of 300,000 and 300,000 of 600,000; the targets of later days stretch no window.
    quarter = measure_values(tables, ["attainment"], date(2027, 1, 1), date(2027, 4, 1))["attainment"]
    assert (quarter.numerator, quarter.denominator) == (450_000, 900_000)
    assert tables.meta.end == date(2027, 4, 6)


def test_what_is_asked_and_proposed(tmp_path: Path) -> None:
    (tmp_path / NAMED).write_text(SHEET, encoding="utf-8")
    draft = open_export(tmp_path / NAMED)
    assert draft.table == "targets"
    assert {name: pick.role for name, pick in draft.picks.items()} == {
        "姓名": "rep_id", "大区": "team", "1月": "of_period", "2月": "of_period", "3月": "of_period", "一季度": NOT_USED,
        "4月": "of_period", "全年": NOT_USED,
    }  # fmt: skip
    assert [(question.asked, question.proposal) for question in draft.open()] == [("aim", "revenue_booked"), ("year", "2027")]  # fmt: skip
    with language("zh"):
        assert str(draft.open()[1].text) == "“1月”列：是哪一年的？"
    draft.accept()
    made = mapping_of(draft)["tables"]["targets"]["periods"]
    assert (made["kpi"], made["factor"], made["columns"]["4月"]) == ("revenue_booked", 10_000, "2027-04")


@pytest.mark.parametrize(("name", "aim"), [("回款指标.csv", "revenue_collected"), ("new customer targets.csv", "new_customers"), ("汇总.csv", None)])  # fmt: skip
def test_the_file_says_what_the_targets_are_for_or_a_person_must(
    tmp_path: Path, name: str, aim: str | None
) -> None:
    (tmp_path / name).write_text(SHEET, encoding="utf-8")
    draft = open_export(tmp_path / name)
    assert [question.proposal for question in draft.open()] == [aim, str(datetime.now(UTC).year)]
    if aim is None:
        with pytest.raises(UserError, match=r"Nothing in the file says it; answer the question"):
            draft.accept()


def test_years_in_the_columns_need_no_question(tmp_path: Path) -> None:
    tables = read(tmp_path, "targets.csv", "rep,Q1 2027,Q2 2027\n张三,300000,200000\n")
    assert tables["targets"]["period_end"].astype(str).tolist() == ["2027-04-01", "2027-07-01"]
    assert tables["targets"]["level"].tolist() == ["person", "person"]


def test_dates_in_the_header_of_a_workbook_stand_for_their_months(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["姓名", datetime(2027, 1, 1), datetime(2027, 2, 1)])  # noqa: DTZ001  (a cell knows no zone)
    sheet.append(["张三", 5, 6])
    book.save(tmp_path / "目标.xlsx")
    draft = open_export(tmp_path / "目标.xlsx")
    draft.accept()
    assert sorted(mapping_of(draft)["tables"]["targets"]["periods"]["columns"].values()) == [
        "2027-01",
        "2027-02",
    ]


def test_units_that_differ_are_refused(tmp_path: Path) -> None:
    (tmp_path / "目标.csv").write_text("姓名,1月（万元）,2月（元）\n张三,5,60000\n", encoding="utf-8")
    draft = open_export(tmp_path / "目标.csv")
    draft.accept()
    with pytest.raises(UserError, match="are in different units; write them in one"):
        mapping_of(draft)


def test_a_wrong_cell_is_named_with_its_own_column(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("who,Jan,Feb\nA,5,6\nB,7,soon\n", encoding="utf-8")
    periods = {"columns": {"Jan": "2027-01", "Feb": "2027-02"}, "rep_id": "who"}
    mapping = Mapping.parse({"start": "2027-01-01", "end": "2027-04-01", "tables": {"targets": {"file": "t.csv", "periods": periods}}})  # fmt: skip
    with pytest.raises(UserError, match=r"t\.csv, table targets, row 3, column Feb: soon is not a number"):
        load_export(tmp_path, mapping)


@pytest.mark.parametrize(
    ("table", "periods", "says"),
    [
        ("orders", {"columns": {"Jan": "2027-01"}}, "only targets can be made of columns called after periods"),
        ("targets", {"columns": {}}, "no column is declared; write at least one, e.g. 1月: 2027-01"),
        ("targets", {"columns": {"Jan": "Jan 27"}}, r"tables\.targets\.periods\.columns\.Jan: Jan 27 is no period"),
        ("targets", {"columns": {"Jan": "2027-01"}, "kpi": "revenue_boked"}, "no KPI revenue_boked; did you mean revenue_booked"),
        ("targets", {"columns": {"Jan": "2027-01"}, "rep_id": {"column": "who", "lookup": "staff", "take": "name"}}, "no look-up list staff"),
    ],
)  # fmt: skip
def test_wrong_declarations_are_one_line(table: str, periods: dict[str, Any], says: str) -> None:
    with pytest.raises(UserError, match=says):
        Mapping.parse({"tables": {table: {"file": "t.csv", "periods": periods}}})


ROWS = """姓名,考核月份,指标名称,目标值（万元）
张三,2027年1月,签约额,10
张三,2027年2月,签约额,5
张三,2027年一季度,签约额,15
李四,2027-03-31,签约额,6
李四,2027Q2,签约额,9
李四,2027年一季度,回款,4
李四,2027年3月,客户拜访量,30
王五,2027年,签约额,40
"""


def test_targets_in_rows_of_their_own_with_their_kpi(tmp_path: Path) -> None:
    tables = read(tmp_path, "目标.csv", ROWS)
    rows = tables["targets"]
    found = {
        (row.rep_id, row.kpi, str(row.period_start)[:10], str(row.period_end)[:10]): row.target
        for row in rows.itertuples()
    }
    # The quarter of two months that are there is their sum; that of another KPI, another rep or other months is not.
    assert found == {
        ("张三", "revenue_booked", "2027-01-01", "2027-02-01"): 100_000,
        ("张三", "revenue_booked", "2027-02-01", "2027-03-01"): 50_000,
        ("李四", "revenue_booked", "2027-03-01", "2027-04-01"): 60_000,
        ("李四", "revenue_booked", "2027-04-01", "2027-07-01"): 90_000,
        ("李四", "revenue_collected", "2027-01-01", "2027-04-01"): 40_000,
        ("王五", "revenue_booked", "2027-01-01", "2028-01-01"): 400_000,
    }
    assert any("客户拜访量" in note for note in tables.meta.notes)
    [sums] = [one for one in quality(tables) if "whose sum they are" in str(one.text)]
    assert [str(place) for place in sums.places] == ["目标.csv row 4: 2027年一季度"]
    # 60,000 booked of 50,000 wanted.
    february = measure_values(tables, ["attainment"], date(2027, 2, 1), date(2027, 3, 1))["attainment"]
    assert february.numerator == 60_000


def test_targets_in_rows_of_their_own_ask_for_kpi_and_year(tmp_path: Path) -> None:
    text = "业务员,月份,目标\n张三,1月,10000\n张三,2月,20000\n李四,1月,30000\n"
    (tmp_path / "销售目标.csv").write_text(text, encoding="utf-8")
    draft = open_export(tmp_path / "销售目标.csv")
    assert draft.table == "targets"
    assert {name: pick.role for name, pick in draft.picks.items()} == {
        "业务员": "rep_id",
        "月份": "period",
        "目标": "target",
    }
    assert [(one.asked, one.subject, one.proposal) for one in draft.open()] == [
        ("aim", draft.name, "revenue_booked"), ("year", "月份", str(datetime.now(UTC).year)),
    ]  # fmt: skip
    draft.accept()
    made = mapping_of(draft)["tables"]["targets"]["periods"]
    assert made == {
        "period": "月份",
        "target": "目标",
        "year": datetime.now(UTC).year,
        "kpi": "revenue_booked",
        "rep_id": "业务员",
    }


@pytest.mark.parametrize(
    ("word", "kpi"),
    [
        ("销售额", "revenue_booked"), ("业绩", "revenue_booked"), ("合同金额", "revenue_booked"), ("Revenue", "revenue_booked"),
        ("销售回款", "revenue_collected"), ("新增客户数", "new_customers"), ("开票金额", "revenue_invoiced"),
        # Bookings are meant by a whole word only: none of these is money signed.
        ("销售拜访量", NOT_USED), ("合同数", NOT_USED), ("销售毛利", NOT_USED), ("sales calls", NOT_USED),
    ],
)  # fmt: skip
def test_what_a_kpi_column_calls_a_kpi(tmp_path: Path, word: str, kpi: str) -> None:
    text = f"业务员,月份,指标,目标值\n张三,2027-01,{word},10000\n李四,2027-02,{word},20000\n张三,2027-03,签约额,30000\n"
    (tmp_path / "目标.csv").write_text(text, encoding="utf-8")
    asked = [(one.subject, one.proposal) for one in open_export(tmp_path / "目标.csv").open()]
    assert asked == [(word, kpi)]


def test_a_month_of_what_was_reached_is_no_target(tmp_path: Path) -> None:
    text = "业务员,月份,销售额\n张三,1月,10000\n张三,2月,20000\n李四,1月,30000\n"
    (tmp_path / "业绩.csv").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="no table recognised"):
        open_export(tmp_path / "业绩.csv")


@pytest.mark.parametrize(
    ("periods", "told"),
    [
        ({"period": "月份"}, "no column is declared"),
        ({"period": "月份", "target": "目标", "columns": {"1月": "2027-01"}}, "leave one of them out"),
        (
            {"period": "月份", "target": "目标", "kpi_column": "指标", "kpis": {"签约": "bookings"}},
            "kpis.签约: no KPI bookings",
        ),
    ],
)
def test_a_mapping_of_targets_in_rows_is_checked(periods: dict[str, Any], told: str) -> None:
    with pytest.raises(UserError, match=told):
        Mapping.parse({"tables": {"targets": {"periods": {"rep_id": "姓名", **periods}}}})


@pytest.mark.parametrize(
    ("cell", "year", "told"),
    [("待定", None, "row 3, column 月份: 待定 is no period; write"), ("2月", None, "2月 is no period of a known year"), ("", 2027, "– is no period"), ("2月", 2027, None)],
)  # fmt: skip
def test_a_cell_that_is_no_period_is_refused_with_its_row(
    tmp_path: Path, cell: str, year: int | None, told: str | None
) -> None:
    (tmp_path / "a.csv").write_text(f"姓名,月份,目标\n张三,2027-01,1\n张三,{cell},2\n", encoding="utf-8")
    periods = {
        "rep_id": "姓名",
        "period": "月份",
        "target": "目标",
        **({} if year is None else {"year": year}),
    }
    made = Mapping.parse(
        {"start": "2027-01-01", "end": "2027-04-01", "tables": {"targets": {"periods": periods}}}
    )
    if told is None:
        assert load_export(tmp_path, made)["targets"]["target"].tolist() == [1, 2]
    else:
        with pytest.raises(UserError, match=told):
            load_export(tmp_path, made)


def periods_made(tmp_path: Path, name: str, text: str) -> tuple[list[tuple[Any, str]], dict[str, Any]]:
    (tmp_path / name).write_text(text, encoding="utf-8")
    draft = open_export(tmp_path / name, table="targets")
    asked = [(question.asked, question.subject) for question in draft.open()]
    draft.accept()
    return asked, mapping_of(draft)["tables"]["targets"]["periods"]


def test_the_year_is_asked_of_the_column_that_does_not_say_it(tmp_path: Path) -> None:
    asked, made = periods_made(tmp_path, "2026年签约目标.csv", "姓名,2027年1月,2月\n张三,10,20\n")
    assert asked == [("aim", "2026年签约目标.csv"), ("year", "2月")]
    # A column that says its year keeps it; the other goes by the name of the file.
    assert made["columns"] == {"2027年1月": "2027-01", "2月": "2026-02"}


def test_targets_without_a_unit_count_as_they_stand(tmp_path: Path) -> None:
    _, made = periods_made(tmp_path, "回款目标.csv", "姓名,2027年1月\n张三,10.5\n")
    assert made == {"columns": {"2027年1月": "2027-01"}, "kpi": "revenue_collected", "rep_id": "姓名"}


def test_targets_with_a_decimal_comma_are_read_so(tmp_path: Path) -> None:
    _, made = periods_made(tmp_path, "targets.csv", "rep;2027-01;2027-02\nA;1.234,50;2.000,25\nB;10,5;7,25\n")
    assert made["decimal"] == ","


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (NAMED, "姓名,1月,2月,3月\n张三,10,10,10\n李四,20,20,20\n合计,30,30,30\n"),
        (NAMED, "大区,姓名,1月,2月,3月\n华东,张三,10,10,10\n华东,小计,10,10,10\n华南,李四,20,20,20\n,合计,30,30,30\n"),
        (NAMED, "姓名,月份,目标\n张三,1月,30\n李四,1月,60\n合计,1月,90\n"),
        ("Quota 2027.csv", "Rep,Month,Quota\n张三,2027-01,300000\n李四,2027-01,600000\nGrand total,2027-01,900000\n"),
    ],
)  # fmt: skip
def test_a_row_of_sums_is_no_rep_though_no_cell_of_it_is_empty(tmp_path: Path, name: str, text: str) -> None:
    tables = read(tmp_path, name, text)
    aims = tables["targets"]
    assert sorted(set(aims["rep_id"])) == ["张三", "李四"]
    assert aims["target"].sum() == 900_000
    assert set(tables["reps"]["rep_id"]) == {"张三", "李四"}
    with language("en"):
        told = [finding for finding in quality(tables) if "sums" in str(finding.text)]
    assert [one.count for one in told if one.table == "targets"] == [text.count("计") + text.count("Grand")]


def test_reps_gathered_from_targets_are_none_of_sums(tmp_path: Path) -> None:
    (tmp_path / NAMED).write_text("大区,姓名,1月,2月\n华东,张三,10,10\n全部,合计,10,10\n", encoding="utf-8")
    draft = open_export(tmp_path / NAMED)
    while questions := draft.open():
        draft.answer(questions[0], "")
    window = {"start": "2027-01-01", "end": "2027-03-01"}
    mapping = Mapping.parse({"name": "aims", **window, **mapping_of(draft)}, where="aims")
    tables = load_export(tmp_path / NAMED, mapping)
    assert tables["reps"]["rep_id"].tolist() == ["张三"]


@pytest.mark.parametrize(
    ("first", "start", "target"),
    [
        # Nobody orders on the first days of the year; the target is one of all of January.
        ("2027-01-04", "2027-01-01", 300_000),
        ("2027-01-08", "2027-01-01", 300_000),
        # Records that begin later than a week speak for a part of it: 22 of 31 days.
        ("2027-01-10", "2027-01-10", 300_000 * 22 / 31),
    ],
)
def test_a_target_counts_whole_where_the_records_begin_in_its_first_week(
    tmp_path: Path, first: str, start: str, target: float
) -> None:
    (tmp_path / "订单.csv").write_text(ORDERS.replace("2027-01-04", first), encoding="utf-8")
    (tmp_path / NAMED).write_text("姓名,1月,2月\n张三,10,1\n李四,20,2\n", encoding="utf-8")
    drafts = open_exports([tmp_path / "订单.csv", tmp_path / NAMED])
    for draft in drafts:
        draft.accept()
    tables = load_joined(drafts)
    assert tables.meta.start == date.fromisoformat(start)
    january = measure_values(tables, ["attainment"], None, date(2027, 2, 1))["attainment"]
    assert january.numerator == 90_000
    assert january.denominator == pytest.approx(target)
