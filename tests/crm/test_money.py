"""What the amounts of an export are: parts paid, returns without a minus, several currencies, tax, names in two spellings."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.crm import load_export
from kpisim.crm.mapping import Mapping
from kpisim.crm.quality import quality
from kpisim.crm.replay import as_of
from kpisim.crm.wizard import NOT_USED, open_export
from kpisim.crm.wizard.ask import open_lines
from kpisim.crm.wizard.join import load_joined, open_exports
from kpisim.crm.wizard.make import mapping_of, parse
from kpisim.crm.wizard.words import currency_of, exactness, unit_above
from kpisim.kpi.measures import measure_values
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.crm.wizard.draft import Draft
    from kpisim.tables import Tables

pytestmark = pytest.mark.unit

BILLS = """订单号,客户,业务员,到期日,应收金额,已收金额,回款日期
D1,甲公司,张三,2027-01-31,100000,100000,2027-01-28
D2,乙公司,李四,2027-01-31,80000,30000,2027-02-02
D3,丙公司,张三,2027-02-28,60000,0,
D4,甲公司,李四,2027-02-28,50000,,2027-03-15
D5,甲公司,李四,2027-02-28,10000,4000,
"""
DOCUMENTS = """单号,单据类型,日期,客户,业务员,金额
X1,销售出库,2027-01-04,甲公司,张三,100000
X2,销售出库,2027-01-05,乙公司,李四,80000
X3,销售退货,2027-01-09,甲公司,张三,20000
X4,销售出库,2027-02-05,丙公司,李四,50000
X5,销售退货,2027-02-09,丙公司,李四,-5000
"""
ABROAD = """订单号,日期,客户,业务员,币种,金额
X1,2027-01-04,甲公司,张三,人民币,100000
X2,2027-01-05,乙公司,李四,USD,8000
X3,2027-01-09,甲公司,张三,CNY,20000
X4,2027-02-05,丙公司,李四,港币,5000
X5,2027-02-06,丙公司,李四,美元,1000
"""


def draft(tmp_path: Path, text: str, currency: str | None = None) -> Draft:
    (tmp_path / "export.csv").write_text(text, encoding="utf-8")
    return open_export(tmp_path / "export.csv", currency=currency)


def read(tmp_path: Path, text: str, **answers: str) -> Tables:
    made = draft(tmp_path, text)
    for question in made.open():
        made.answer(question, answers.get(question.asked, ""))
    return load_joined([made])


def bookings(tables: Tables) -> float | None:
    return measure_values(tables, ["revenue_booked"])["revenue_booked"].value


def told(tables: Tables) -> dict[str, tuple[str, str, int]]:
    return {str(one.text): (one.level, one.column, one.count) for one in quality(tables)}


# --- parts paid ---


def test_of_a_bill_paid_in_part_only_the_part_was_collected(tmp_path: Path) -> None:
    tables = read(tmp_path, BILLS)
    values = measure_values(
        tables, ["revenue_collected", "collection_rate"], date(2027, 1, 1), date(2027, 4, 1)
    )
    # 100,000 + 30,000, and of D4, where nobody wrote down how much, all of it; D5 came on no day that is known.
    assert values["revenue_collected"].value == 180_000
    assert values["collection_rate"].value == pytest.approx(180_000 / 300_000)
    assert told(tables)["money received without a date: it counts in no period"] == ("warn", "received", 1)
    part = "paid in part: what was received counts on its date, the rest stays owed"
    assert told(tables)[part] == ("note", "received", 1)


def test_what_is_received_later_is_not_known_before(tmp_path: Path) -> None:
    then = as_of(read(tmp_path, BILLS), date(2027, 2, 1))["collections"].set_index("order_id")
    assert then["received"].fillna(-1).to_dict() == {"D1": 100_000, "D2": -1, "D3": 0, "D4": -1, "D5": 4_000}


@pytest.mark.parametrize("order", [("回款金额", "应收金额"), ("应收金额", "回款金额")])
def test_what_came_and_what_is_owed_are_told_apart_in_any_order(
    tmp_path: Path, order: tuple[str, str]
) -> None:
    made = draft(
        tmp_path, f"订单号,客户,到期日,回款日期,{','.join(order)}\nD1,甲,2027-01-31,2027-02-01,5,5\n"
    )
    assert (made.one("amount"), made.one("received")) == ("应收金额", "回款金额")


def test_one_amount_alone_is_what_is_owed(tmp_path: Path) -> None:
    made = draft(tmp_path, "订单号,客户,到期日,回款日期,回款金额\nD1,甲,2027-01-31,2027-02-01,5\n")
    assert (made.one("amount"), made.one("received")) == ("回款金额", None)


# --- returns ---


def test_returns_without_a_minus_are_subtracted_and_one_that_has_it_keeps_it(tmp_path: Path) -> None:
    assert bookings(read(tmp_path, DOCUMENTS)) == 100_000 + 80_000 - 20_000 + 50_000 - 5_000
    assert bookings(read(tmp_path, DOCUMENTS, returns="no")) == 100_000 + 80_000 + 20_000 + 50_000 - 5_000


def test_returns_are_asked_for_in_both_languages(tmp_path: Path) -> None:
    made = draft(tmp_path, DOCUMENTS)
    assert list(open_lines(made)) == [
        "? Column 单据类型: rows of returns (销售退货) whose amounts have no minus: 1. Subtract them? Proposed: yes"
    ]
    with language("zh"):
        [line] = open_lines(made)
        assert line == "？“单据类型”列：有1行是退货（销售退货），金额没有写成负数。要冲减吗？建议：yes"
    assert str(made.picks["单据类型"].reason) == "says which rows are returns"
    made.accept()
    assert mapping_of(made)["tables"]["orders"]["negative"] == {"单据类型": ["销售退货"]}


@pytest.mark.parametrize(
    "text",
    [
        DOCUMENTS.replace(",20000\n", ",-20000\n"),
        # The state of an order is no kind of document: a returned order is left out, its amount is not subtracted.
        DOCUMENTS.replace("单据类型", "备注"),
    ],
)
def test_nothing_is_asked_where_nothing_is_to_be_subtracted(tmp_path: Path, text: str) -> None:
    assert draft(tmp_path, text).open() == []


def test_costs_of_returns_count_against_too(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("no,kind,day,who,net,cost\n1,sale,2027-01-04,A,100,60\n2,credit note,2027-01-05,A,10,6\n", encoding="utf-8")  # fmt: skip
    columns = {"order_id": "no", "booked": "day", "account_id": "who", "value": "net", "cost": "cost"}
    table: dict[str, Any] = {"file": "o.csv", "negative": {"kind": "credit note"}, "columns": columns}
    tables = load_export(tmp_path, Mapping.parse({"tables": {"orders": table}}))
    assert tables["orders"][["value", "cost"]].to_numpy().tolist() == [[100, 60], [-10, -6]]


# --- currencies ---


def test_other_money_is_left_out_and_counted(tmp_path: Path) -> None:
    made = draft(tmp_path, ABROAD)
    [question] = made.open()
    assert [choice for choice, _ in question.choices] == ["CNY", "USD", "HKD", NOT_USED]
    assert str(question.text) == (
        "Column 币种: the amounts are in several currencies (CNY: 2, USD: 2, HKD: 1) and cannot be added up. Which rows count?"
    )
    tables = read(tmp_path, ABROAD)
    assert (bookings(tables), tables.meta.currency) == (120_000, "CNY")
    assert tables.meta.notes == ("orders: 3 rows left out as the mapping says (币种: USD, 港币, 美元)",)
    tables = read(tmp_path, ABROAD, currency="USD")
    assert (bookings(tables), tables.meta.currency) == (9_000, "USD")
    tables = read(tmp_path, ABROAD, currency=NOT_USED)
    assert (bookings(tables), tables.meta.currency) == (134_000, "CNY")


def test_the_currency_that_was_named_is_proposed(tmp_path: Path) -> None:
    assert [one.proposal for one in draft(tmp_path, ABROAD, "HKD").open()] == ["HKD"]


def test_one_currency_needs_no_question_and_is_that_of_the_tables(tmp_path: Path) -> None:
    text = ABROAD.replace("人民币", "美元").replace("CNY", "USD").replace("港币", "usd")
    made = draft(tmp_path, text)
    assert (made.open(), mapping_of(made)["currency"]) == ([], "USD")


@pytest.mark.parametrize(("word", "code"), [("RMB", "CNY"), ("￥", "CNY"), ("HK$", "HKD"), ("chf", "CHF"), ("日元", "JPY"), ("公斤", None)])  # fmt: skip
def test_words_for_currencies(word: str, code: str | None) -> None:
    assert currency_of(word) == code


def test_a_row_is_left_out_if_one_of_the_conditions_holds(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text("no,state,money,day,who,net\n1,done,CNY,2027-01-04,A,1\n2,void,CNY,2027-01-04,A,2\n3,done,USD,2027-01-04,A,4\n", encoding="utf-8")  # fmt: skip
    columns = {"order_id": "no", "booked": "day", "account_id": "who", "value": "net"}
    table: dict[str, Any] = {
        "file": "o.csv",
        "without": {"state": "void", "money": "USD"},
        "columns": columns,
    }
    assert load_export(tmp_path, Mapping.parse({"tables": {"orders": table}}))["orders"][
        "value"
    ].tolist() == [1]


# --- tax, and names ---


@pytest.mark.parametrize("order", [("不含税金额", "价税合计"), ("价税合计", "不含税金额")])
def test_an_amount_without_tax_is_taken_before_one_with_tax(tmp_path: Path, order: tuple[str, str]) -> None:
    made = draft(tmp_path, f"订单号,日期,客户,{','.join(order)}\nX1,2027-01-04,甲公司,100,113\n")
    assert made.one("value") == "不含税金额"
    assert str(made.picks["价税合计"].reason) == "called like 价税合计, which is read from 不含税金额"
    alone = draft(tmp_path, "订单号,日期,客户,价税合计\nX1,2027-01-04,甲公司,113\n")
    assert str(alone.picks["价税合计"].reason).startswith("called like 价税合计: with tax")
    assert exactness("orders", "value", "不含税金额") < exactness("orders", "value", "价税合计")


def test_reps_and_customers_in_two_spellings_are_told(tmp_path: Path) -> None:
    text = (
        "订单号,日期,客户,业务员,金额\n"
        "X1,2027-01-04,甲公司,张三,1\nX2,2027-01-05,甲公司,张三,2\nX3,2027-01-06,乙 公司,张 三,4\n"
        "X4,2027-01-07,乙公司,李四,8\nX5,2027-01-08,乙公司,李四,16\n"
    )
    tables = read(tmp_path, text)
    found = [one for one in quality(tables) if str(one.text).startswith("called like another one")]
    assert {(one.table, one.column, one.count, one.where()) for one in found} == {
        ("orders", "rep_id", 1, "4"),
        ("orders", "account_id", 1, "4"),
    }


def test_lines_that_are_the_same_in_every_cell_are_told(tmp_path: Path) -> None:
    text = (
        "订单号,日期,客户,产品,金额\nX1,2027-01-04,甲,A,100\nX1,2027-01-04,甲,A,100\nX1,2027-01-04,甲,B,50\n"
    )
    tables = read(tmp_path, text)
    assert bookings(tables) == 250
    [same] = [one for one in quality(tables) if "the same in every cell" in str(one.text)]
    assert (same.level, same.count, same.where()) == ("warn", 1, "export.csv row 3")


UNIT = """2027年销售订单台账,,,,
编制单位：万达商贸,,,,{line}
订单号,日期,客户,业务员,{money}
D1,2027-01-04,甲,张三,9
D2,2027-02-04,甲,张三,6.5
D3,2027-03-04,乙,李四,30
"""


@pytest.mark.parametrize(
    ("line", "money", "booked"),
    [
        ("单位：万元", "金额", 455_000),
        ("金额单位:人民币千元", "金额", 45_500),
        ("单位：元", "金额", 45.5),
        ("单位：台", "金额", 45.5),
        ("", "金额", 45.5),
        # What the column itself says comes before what stands above the table.
        ("单位：万元", "金额（元）", 45.5),
        ("单位：千元", "金额（万元）", 455_000),
    ],
)
def test_the_unit_of_amounts_may_stand_above_the_header(
    tmp_path: Path, line: str, money: str, booked: float
) -> None:
    (tmp_path / "订单.csv").write_text(UNIT.format(line=line, money=money), encoding="utf-8")
    draft = open_export(tmp_path / "订单.csv")
    draft.accept()
    assert load_export(tmp_path / "订单.csv", parse(draft))["orders"]["value"].sum() == pytest.approx(booked)
    assert ("multiplied" in str(draft.picks[money].reason)) == (booked > 100)


@pytest.mark.parametrize(
    ("line", "factor"),
    [
        ("单位：万元", 10_000), ("（单位：人民币万元）", 10_000), ("2027年销售合同台账（百万元）", 1_000_000), ("单位：万", 10_000),
        ("编制单位：万达商贸", 1), ("填报单位：销售部", 1), ("百万雄师奖名单", 1), ("单位：元", 1),
    ],
)  # fmt: skip
def test_what_a_line_above_the_table_says_of_the_unit(line: str, factor: int) -> None:
    assert unit_above(["2027年", line]) == factor


def test_two_months_in_different_units_are_refused(tmp_path: Path) -> None:
    for month, line in (("1月", "单位：万元"), ("2月", "单位：元")):
        (tmp_path / f"订单{month}.csv").write_text(UNIT.format(line=line, money="金额"), encoding="utf-8")
    with pytest.raises(UserError, match=r"gives another unit than that of 订单2月.csv \(10,000 and 1 yuan\)"):
        open_exports([tmp_path])


ODD = "订单号,日期,客户,业务员,成本,金额\n" + "".join(
    f"D{n},2027-01-{n:02},甲,张三,{'未核算' if n == 5 else 10},{'待定' if n == 7 else '6万左右' if n == 9 else 100 * n}\n"
    for n in range(1, 25)
)


def test_few_odd_cells_are_left_out_and_told_with_their_place(tmp_path: Path) -> None:
    tables = read(tmp_path, ODD)
    # 24 orders of 100 to 2,400 without the seventh and the ninth; the fifth has no cost, and counts.
    assert tables["orders"]["value"].sum() == 100 * (sum(range(1, 25)) - 7 - 9)
    assert tables["orders"]["cost"].sum() == 21 * 10
    found = {one.column: one for one in quality(tables) if "no date or number" in str(one.text)}
    assert {column: (one.level, one.count, one.of) for column, one in found.items()} == {
        "value": ("warn", 2, 24),
        "cost": ("warn", 1, 24),
    }
    assert [str(place) for place in found["value"].places] == [
        "export.csv row 8: 待定",
        "export.csv row 10: 6万左右",
    ]
    assert "the row is left out" in str(found["value"].text)
    assert str(found["cost"].text) == "the cell is no date or number: left out"
    with language("en"):
        assert tables.meta.notes[:2] == (
            "orders: 2 rows left out because a cell is no date or number (待定, 6万左右); see kpisim quality",
            "orders: 1 cells that are no date or number were left out; see kpisim quality",
        )


@pytest.mark.parametrize(
    ("rows", "odd", "read_anyway"),
    [(20, 2, True), (20, 3, False), (2, 1, True), (1, 1, False), (9, 2, False)],
)
def test_more_than_one_odd_cell_in_ten_says_that_the_column_was_misread(
    tmp_path: Path, rows: int, odd: int, *, read_anyway: bool
) -> None:
    lines = [f"D{n},2027-01-05,甲,{'x' if n < odd else 5}" for n in range(rows)]
    (tmp_path / "orders.csv").write_text("\n".join(["no,day,who,sum", *lines]), encoding="utf-8")
    made = {"orders": {"columns": {"order_id": "no", "booked": "day", "account_id": "who", "value": "sum"}}}
    lenient = Mapping.parse({"odd_cells": "leave out", "tables": made})
    if read_anyway:
        assert load_export(tmp_path, lenient)["orders"]["value"].sum() == 5 * (rows - odd)
    else:
        with pytest.raises(UserError, match="x is not a number"):
            load_export(tmp_path, lenient)
    # A mapping that does not say so refuses the first one.
    with pytest.raises(UserError, match=r"row 2( \(also .*\))?, column sum: x is not a number"):
        load_export(tmp_path, Mapping.parse({"tables": made}))


def test_a_target_that_is_no_number_is_left_out_alone(tmp_path: Path) -> None:
    aims = "姓名,2027年1月,2027年2月\n张三,10,20\n李四,未定,30\n王五,40,50\n"
    (tmp_path / "签约目标.csv").write_text(aims, encoding="utf-8")
    periods = {"columns": {"2027年1月": "2027-01", "2027年2月": "2027-02"}, "rep_id": "姓名"}
    made = Mapping.parse(
        {
            "odd_cells": "leave out",
            "start": "2027-01-01",
            "end": "2027-03-01",
            "tables": {"targets": {"periods": periods}},
        }
    )
    targets = load_export(tmp_path, made)["targets"]
    assert sorted(targets["target"]) == [10, 20, 30, 40, 50]


SOLD = """订单号,日期,客户,业务员,金额
D1,2027-01-04,甲,张三,90000
D2,2027-02-04,甲,张三,60000
D3,2027-03-04,乙,李四,30000
"""
PAYMENTS = """订单号,客户,业务员,到期日期,收款日期,收款金额
D1,甲,张三,2027-02-03,2027-01-20,40000
D1,甲,张三,2027-02-03,2027-02-20,50000
D2,甲,张三,2027-03-06,2027-03-01,60000
D3,乙,李四,2027-04-03,2027-03-20,10000
"""
REPEATED = """订单号,客户,业务员,到期日期,应收金额,已收金额,收款日期
D1,甲,张三,2027-02-03,90000,40000,2027-01-20
D1,甲,张三,2027-02-03,90000,50000,2027-02-20
D2,甲,张三,2027-03-06,60000,60000,2027-03-01
D3,乙,李四,2027-04-03,30000,10000,2027-03-20
D3,乙,李四,2027-04-03,30000,,
"""


def paid(tmp_path: Path, text: str) -> tuple[str | None, Tables]:
    (tmp_path / "订单.csv").write_text(SOLD, encoding="utf-8")
    (tmp_path / "收款.csv").write_text(text, encoding="utf-8")
    drafts = open_exports([tmp_path])
    [bills] = [one for one in drafts if one.table == "collections"]
    [asked] = [question for question in bills.open() if question.asked == "lines"]
    for one in drafts:
        one.accept()
    return asked.proposal, load_joined(drafts)


def by_month(tables: Tables, *days: date) -> list[tuple[float | None, float | None]]:
    values = [
        measure_values(tables, ["collection_rate"], start, end)["collection_rate"]
        for start, end in pairwise(days)
    ]
    return [(value.numerator, value.denominator) for value in values]


MONTHS = (date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1), date(2027, 4, 1))


def test_each_payment_of_a_list_of_receipts_counts_on_its_own_day(tmp_path: Path) -> None:
    proposal, tables = paid(tmp_path, PAYMENTS)
    assert proposal == "each"
    collected = [
        measure_values(tables, ["revenue_collected"], start, end)["revenue_collected"].value
        for start, end in pairwise(MONTHS)
    ]
    assert collected == [40_000, 50_000, 70_000]
    # 20,000 of D3 are still owed, and no row says so: by what came in alone everything would be collected.
    value = measure_values(tables, ["collection_rate"])["collection_rate"]
    assert (value.value, value.reason) == (None, "no_data")
    # The number of an order stands in two rows, so rows are numbered; that such a number refers to nothing is no news.
    assert not [one for one in quality(tables) if "points to nothing" in str(one.text)]


def test_a_list_of_receipts_needs_no_due_date(tmp_path: Path) -> None:
    bare = "\n".join(",".join(line.split(",")[:3] + line.split(",")[4:]) for line in PAYMENTS.splitlines())
    proposal, tables = paid(tmp_path, bare + "\n")
    assert proposal == "each"
    assert measure_values(tables, ["revenue_collected"])["revenue_collected"].value == 160_000
    # Before it came, a payment is not known at all.
    assert as_of(tables, date(2027, 2, 20))["collections"]["amount"].to_list() == [40_000, 50_000]


def test_a_mapping_of_payments_has_one_date_or_the_other() -> None:
    columns = {"order_id": "No", "amount": "Amount"}
    with pytest.raises(UserError, match=r"tables\.collections\.columns: neither due nor paid is there"):
        Mapping.parse({"tables": {"collections": {"columns": columns}}})
    made = Mapping.parse({"tables": {"collections": {"columns": columns | {"paid": "Paid"}}}})
    assert {"paid", "amount"} <= set(made.tables["collections"].columns)


def test_a_list_of_bills_needs_its_due_date(tmp_path: Path) -> None:
    owed = "订单号,客户,回款日期,应收金额\nD1,甲,2027-02-01,5\nD2,乙,,7\nD3,乙,2027-02-03,9\n"
    assert [one.subject for one in draft(tmp_path, owed).open() if one.asked == "missing"] == ["due"]


def test_a_bill_that_stands_in_the_row_of_each_payment_is_due_once(tmp_path: Path) -> None:
    proposal, tables = paid(tmp_path, REPEATED)
    assert proposal == "first"
    bills = tables["collections"].set_index("order_id")
    assert bills["amount"].to_dict() == {"D1": 90_000, "D2": 60_000, "D3": 30_000}
    assert bills["received"].to_dict() == {"D1": 90_000, "D2": 60_000, "D3": 10_000}
    # All of a bill counts on the day of its last payment, as the schema says.
    assert by_month(tables, *MONTHS) == [(0, 0), (90_000, 90_000), (70_000, 60_000)]


def test_a_bill_that_refers_to_no_order_is_still_told(tmp_path: Path) -> None:
    (tmp_path / "订单.csv").write_text(SOLD, encoding="utf-8")
    (tmp_path / "应收.csv").write_text(BILLS.replace("D5", "D9"), encoding="utf-8")
    drafts = open_exports([tmp_path])
    for one in drafts:
        one.accept()
    [lost] = [one for one in quality(load_joined(drafts)) if "points to nothing" in str(one.text) and one.table == "collections"]  # fmt: skip
    assert lost.count == 2
