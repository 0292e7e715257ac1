"""Exports with a row for each product: put together by hand, and what the wizard makes of them without being told."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from kpisim.crm import load_export
from kpisim.crm.lines import put_together
from kpisim.crm.mapping import Mapping
from kpisim.crm.quality import quality
from kpisim.crm.wizard import open_export
from kpisim.crm.wizard.ask import open_lines
from kpisim.crm.wizard.join import joins, load_joined, open_exports
from kpisim.crm.wizard.lined import Lined, lined_by
from kpisim.crm.wizard.make import mapping_of
from kpisim.kpi.measures import measure_values
from kpisim.tables import conform
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.crm.wizard.draft import Draft

pytestmark = pytest.mark.unit

# As ERP systems write it: what belongs to the order stands in its first row only.
MERGED = """单据编号,日期,客户,销售员,物料名称,发货日期,金额（万元）
XS001,2027-01-04,甲公司,王,监护仪,2027-01-06,10
,,,,电极片,2027-01-09,0.5
,,,,培训,2027-01-07,0.3
XS002,2027-01-05,乙医院,李,监护仪,2027-01-08,5
XS003,2027-01-06,甲公司,王,监护仪,2027-01-08,5
,,,,耗材,,0.2
合计,,,,,,21
"""
REPEATED = """Order No,Order Date,Customer,Sales Rep,Product,Amount,Discount,Cost
A1,2027-01-04,A Ltd,Ann,Chair,90,0.1,50
A1,2027-01-04,A Ltd,Ann,Table,60,0.4,30
A2,2027-01-05,B Ltd,Bob,Paper,15,0,
A2,2027-01-05,B Ltd,Bob,Phone,25,0,10
A3,2027-01-05,A Ltd,Ann,Phone,40,1,10
"""


def orders(tmp_path: Path, text: str, **more: Any) -> pd.DataFrame:
    (tmp_path / "orders.csv").write_text(text, encoding="utf-8")
    return load_export(tmp_path, declared(**more))["orders"].set_index("order_id")


def declared(**more: Any) -> Mapping:
    columns = {"order_id": "Order No", "account_id": "Customer", "booked": "Order Date", "value": "Amount"}
    table = {"file": "orders.csv", "lines": "add", **more, "columns": {**columns, **more.get("columns", {})}}
    return Mapping.parse({"tables": {"orders": table}})


def draft(tmp_path: Path, text: str) -> Draft:
    (tmp_path / "export.csv").write_text(text, encoding="utf-8")
    return open_export(tmp_path / "export.csv")


def test_amounts_and_costs_are_added_up_and_the_discount_is_that_of_the_sum(tmp_path: Path) -> None:
    made = orders(tmp_path, REPEATED, columns={"discount": "Discount", "cost": "Cost", "rep_id": "Sales Rep"})
    assert made["value"].to_dict() == {"A1": 150, "A2": 40, "A3": 40}
    assert made["rep_id"].to_dict() == {"A1": "Ann", "A2": "Bob", "A3": "Ann"}
    # List prices 100 + 100; of A2 one cost is not known, so that of the order is not either.
    assert made["discount"].to_dict() == pytest.approx({"A1": 0.25, "A2": 0.0, "A3": 1.0})
    assert made["cost"].fillna(-1).to_dict() == {"A1": 80, "A2": -1, "A3": 10}


def test_each_row_repeats_the_whole_amount(tmp_path: Path) -> None:
    text = "Order No,Order Date,Customer,Amount\nA1,2027-01-04,A,90\nA1,2027-01-04,A,90\nA2,2027-01-04,A,5\n"
    assert orders(tmp_path, text, lines="first")["value"].to_dict() == {"A1": 90, "A2": 5}
    with pytest.raises(UserError, match=r"row 3: A1 stands in row 2 already; each Order No may stand once"):
        orders(tmp_path, text, lines="none")


def test_an_order_is_delivered_with_its_last_line_and_signed_with_its_first(tmp_path: Path) -> None:
    text = (
        "Order No,Order Date,Customer,Amount,Sent,Off\n"
        "A1,2027-01-05,A,1,2027-01-08,\n"
        "A1,2027-01-04,A,2,2027-01-06,\n"
        "A2,2027-01-04,A,4,2027-01-06,\n"
        "A2,2027-01-04,A,8,,\n"
        "A3,2027-01-04,A,16,,2027-01-09\n"
        "A3,2027-01-04,A,32,,\n"
        "A4,2027-01-04,A,64,,2027-01-09\n"
        "A4,2027-01-04,A,128,,2027-01-10\n"
    )
    made = orders(tmp_path, text, columns={"delivered": "Sent", "cancelled": "Off"})
    days = made[["booked", "delivered", "cancelled"]].apply(lambda column: column.dt.day.fillna(0))
    assert days.iloc[0].tolist() == [4, 8, 0]
    assert days.iloc[1].tolist() == [4, 0, 0]
    # The line called off is no part of what was ordered; an order without a line left is called off as a whole.
    assert days["cancelled"].tolist() == [0, 0, 0, 10]
    assert made["value"].tolist() == [3, 12, 32, 192]


def test_rows_that_disagree_are_told_and_where_they_stand(tmp_path: Path) -> None:
    text = "Order No,Order Date,Customer,Amount\nA1,2027-01-05,A,1\nA2,2027-01-05,B,2\nA1,2027-01-04,C,4\n"
    (tmp_path / "orders.csv").write_text(text, encoding="utf-8")
    tables = load_export(tmp_path, declared())
    assert tables["orders"]["account_id"].tolist() == ["A", "B"]
    assert tables.origin is not None
    found = {
        one.column: (one.level, one.count, one.of, str(one.text), one.where()) for one in tables.origin.found
    }
    assert found == {
        "account_id": ("warn", 1, 2, "rows with one number say different things: the first one counts", "orders.csv row 2: A1: A / C"),
        "booked": ("warn", 1, 2, "rows with one number have different dates: the first date counts", "orders.csv row 2: A1: 2027-01-05 00:00:00 / 2027-01-04 00:00:00"),
    }  # fmt: skip
    assert tables.meta.notes == (
        "orders: 3 rows are lines of 2 numbers; the amounts of one number were added up",
    )


@pytest.mark.parametrize("table", [{"collections": {"lines": "add", "columns": {"order_id": "a", "due": "b", "amount": "c"}}},
                                   {"orders": {"lines": "add", "columns": {"account_id": "a", "booked": "b", "value": "c"}}}])  # fmt: skip
def test_only_rows_with_a_number_can_be_lines(table: dict[str, Any]) -> None:
    with pytest.raises(UserError, match="only rows of orders, opportunities with a number of their own"):
        Mapping.parse({"tables": table})


def test_cells_merged_over_an_order_take_what_stands_above(tmp_path: Path) -> None:
    made = draft(tmp_path, MERGED)
    [question] = made.open()
    assert (question.asked, question.proposal) == ("lines", "add")
    assert (
        str(question.text)
        == "Column 单据编号: rows without a number, below one that has it: 3. What are they?"
    )
    made.accept()
    assert mapping_of(made)["tables"]["orders"]["fill_down"] == ["单据编号", "日期", "客户", "销售员"]
    tables = load_joined([made])
    by_order = tables["orders"].set_index("order_id")
    assert by_order["value"].to_dict() == {"XS001": 108_000, "XS002": 50_000, "XS003": 52_000}
    assert by_order["rep_id"].to_dict() == {"XS001": "王", "XS002": "李", "XS003": "王"}
    assert by_order["delivered"].dt.day.fillna(0).tolist() == [9, 8, 0]
    values = measure_values(tables, ["revenue_booked", "order_value"])
    assert values["order_value"].value == pytest.approx(70_000)


def test_the_rows_of_one_number_are_asked_for_in_both_languages(tmp_path: Path) -> None:
    made = draft(tmp_path, REPEATED)
    assert list(open_lines(made)) == [
        "? Column Order No: numbers that stand in several rows: 2, e.g. A1. What is such a row? Proposed: add"
    ]
    with language("zh"):
        assert list(open_lines(made)) == [
            "？“Order No”列：有2个编号各占多行，如“A1”。这样的一行是什么？建议：add"
        ]
    made.answer(made.open()[0], "each")
    assert made.open() == []
    # Every row an order: the number goes nowhere.
    assert mapping_of(made)["tables"]["orders"]["columns"]["order_id"] == {"number": "O{row}"}
    assert len(load_joined([made])["orders"]) == 5


@pytest.mark.parametrize(
    ("change", "proposal"),
    [
        # The same amount in every row of each number: the whole order, written once a product.
        ({"Amount": lambda row: 100 * row["number"]}, "first"),
        # A framework contract: its calls are orders of their own.
        ({"Order Date": lambda row: f"2027-{1 + row['line']:02}-04"}, "each"),
        # Numbers that start anew each year belong to other customers: nothing is asked, rows are counted.
        ({"Customer": lambda row: f"C{row['line']}"}, None),
        ({}, "add"),
    ],
)
def test_the_cells_say_what_the_rows_of_a_number_are(
    tmp_path: Path, change: dict[str, Any], proposal: str | None
) -> None:
    rows = [{"number": number, "line": line} for number in range(1, 9) for line in range(1 + number % 3)]
    cells = [
        {
            "Order No": f"A{row['number']}",
            "Order Date": f"2027-01-{row['number']:02}",
            "Customer": f"C{row['number'] % 5}",
            "Amount": 100 * row["number"] + row["line"],
            **{name: made(row) for name, made in change.items()},
        }
        for row in rows
    ]
    made = draft(tmp_path, pd.DataFrame(cells).to_csv(index=False))
    assert [question.proposal for question in made.open()] == ([] if proposal is None else [proposal])
    made.accept()
    amounts = [row["Amount"] for row in cells]
    once = sum({row["Order No"]: row["Amount"] for row in cells}.values())
    tables = load_joined([made])
    assert tables["orders"]["value"].sum() == (once if proposal == "first" else sum(amounts))
    assert len(tables["orders"]) == (8 if proposal in {"add", "first"} else len(rows))


def test_deals_written_once_a_product_give_their_stages_and_orders_once(tmp_path: Path) -> None:
    lines = ["商机编号,客户,销售,创建日期,报价日期,赢单日期,产品,金额"]
    lines += [f"S{n},客户{n},王,2027-01-0{n},2027-02-0{n},2027-03-0{n},产品{k},{10 * n + k}" for n in range(1, 7) for k in range(3)]  # fmt: skip
    made = draft(tmp_path, "\n".join(lines) + "\n")
    made.accept()
    tables = load_joined([made])
    sums = [3 * 10 * n + 3 for n in range(1, 7)]
    assert tables["opportunities"]["value"].tolist() == sums
    assert tables["orders"]["value"].tolist() == sums
    assert len(tables["stage_changes"]) == 12


def test_a_list_of_lines_beside_its_payments_is_no_list_of_doubles(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(REPEATED, encoding="utf-8")
    (tmp_path / "payments.csv").write_text("Order No,Due Date,Payment Date,Amount due\nA1,2027-02-04,2027-02-09,150\nA2,2027-02-04,,40\n", encoding="utf-8")  # fmt: skip
    drafts = open_exports([tmp_path / "orders.csv", tmp_path / "payments.csv"])
    for one in drafts:
        one.accept()
    [join] = [one for one in joins(drafts) if one.column == "Order No"]
    assert (join.unmatched, join.doubles) == (0, 0)
    assert load_joined(drafts)["orders"]["value"].sum() == 230


def test_the_order_of_the_lines_changes_no_sum(tmp_path: Path) -> None:
    head, *rows = REPEATED.splitlines()
    made = orders(tmp_path, "\n".join([head, *reversed(rows)]) + "\n", columns={"discount": "Discount"})
    assert made.sort_index()["value"].tolist() == [150, 40, 40]
    assert made.sort_index()["discount"].tolist() == pytest.approx([0.25, 0.0, 1.0])


HEAD = "订单号,日期,客户,业务员,{product},数量,金额,发货日期,制单时间\n"
JANUARY = """D1,2027-01-04,甲,张三,A,1,100,2027-01-09,2027-01-04
D1,2027-01-04,甲,张三,B,2,200,2027-01-10,2027-01-04
D2,2027-01-31,乙,李四,A,5,50,2027-02-01,2027-01-31
"""


@pytest.mark.parametrize(
    ("product", "february", "booked", "told"),
    [
        # Another product: 50 + 70.
        ("产品", "D2,2027-01-31,乙,李四,C,7,70,2027-02-09,2027-02-01", 120, "added up"),
        # The same product in another quantity is put right.
        ("产品", "D2,2027-01-31,乙,李四,A,7,70,2027-02-09,2027-02-01", 70, "later file"),
        # The whole order once more, with a product that was added.
        ("产品", "D2,2027-01-31,乙,李四,A,5,50,2027-02-01,2027-01-31\nD2,2027-01-31,乙,李四,C,7,70,2027-02-09,2027-02-01", 120, "later file"),
        # Nothing says what was sold, so it may be put right.
        ("重量", "D2,2027-01-31,乙,李四,3,7,70,2027-02-09,2027-02-01", 70, "later file"),
    ],
)  # fmt: skip
def test_lines_of_one_order_in_two_months_are_added_up_where_they_are_other_lines(
    tmp_path: Path, product: str, february: str, booked: float, told: str
) -> None:
    january = JANUARY if product == "产品" else JANUARY.replace(",A,", ",1,").replace(",B,", ",2,")
    for month, rows in (
        ("01", january),
        ("02", f"{february}\nD3,2027-02-04,乙,李四,{'A' if product == '产品' else '1'},1,10,,2027-02-04\n"),
    ):
        (tmp_path / f"订单2027-{month}.csv").write_text(HEAD.format(product=product) + rows, encoding="utf-8")
    source = {"column": "订单号"}
    columns = {
        "order_id": source,
        "booked": "日期",
        "account_id": "客户",
        "value": "金额",
        "delivered": "发货日期",
    }
    made = Mapping.parse({"tables": {"orders": {"lines": "add", "columns": columns}}})
    tables = load_export(tmp_path, made)
    orders = tables["orders"].set_index("order_id")
    assert orders["value"].to_dict() == {"D1": 300, "D2": booked, "D3": 10}
    assert str(orders["booked"]["D2"].date()) == "2027-01-31"
    # Delivered with its last line.
    assert str(orders["delivered"]["D2"].date()) == "2027-02-09"
    assert tables.origin is not None
    assert dict(zip(tables["orders"]["order_id"], tables.origin.rows["orders"]["file"], strict=True)) == {
        "D1": "订单2027-01.csv", "D2": "订单2027-02.csv", "D3": "订单2027-02.csv",
    }  # fmt: skip
    [found] = [
        one
        for one in quality(tables)
        if "file" in str(one.text) and one.level == "warn" and one.column == "order_id"
    ]
    assert told in str(found.text)
    assert found.count == 1


def test_a_discount_is_that_of_the_sum_and_orders_keep_their_place() -> None:
    rows = {
        "order_id": ["9", "7", "9", "8", "8", "6", "6"],
        "account_id": ["A", "B", "A", "C", "C", "D", "D"],
        "booked": ["2027-01-04"] * 7,
        "value": [90, 50, 40, 0, 0, 10, 20],
        "discount": [0.10, 0.5, 0.20, 1.0, 1.0, 0.1, None],
    }
    whole = put_together("orders", conform("orders", pd.DataFrame(rows), lines=True), "add")
    assert whole.frame["order_id"].tolist() == ["9", "7", "8", "6"]
    assert whole.first == (0, 1, 3, 5)
    assert whole.frame["value"].tolist() == [130, 50, 0, 30]
    # 90 of 100 and 40 of 50: 130 of 150. What was given away was so wholly; a line that does not say leaves it open.
    assert whole.frame["discount"].tolist()[:3] == pytest.approx([20 / 150, 0.5, 1.0])
    assert pd.isna(whole.frame["discount"].iloc[3])


def speaks(
    rows: str, *, account: str | None = "who", begin: str | None = "day", value: str | None = "sum"
) -> Lined:
    cells = pd.read_csv(io.StringIO("no,who,day,sum\n" + rows), dtype="str")
    used = [name for name in ("no", account, begin, value) if name is not None]
    return lined_by(cells, "no", account, begin, value, used)


def numbered(count: int, *, odd: int = 0, other: str = "who") -> str:
    """Return `count` numbers of two rows each, `odd` of them with another customer, day or amount in the second row."""
    said = {"who": "A", "day": "2027-01-04", "sum": "5"}
    rows = []
    for number in range(count):
        again = said | ({other: {"who": "B", "day": "2027-01-05", "sum": "6"}[other]} if number < odd else {})
        rows += [f"{number},{one['who']},{one['day']},{one['sum']}" for one in (said, again)]
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    ("rows", "whole", "proposal", "same"),
    [
        # One number of twenty may have another customer or day, two may not.
        (numbered(20, odd=1), True, "first", True),
        (numbered(20, odd=2), False, "each", True),
        (numbered(20, odd=1, other="day"), True, "first", True),
        (numbered(20, odd=2, other="day"), True, "each", True),
        # The same amount in each row of four numbers may be chance, of five it is not; one that differs is enough.
        (numbered(4), True, "add", True),
        (numbered(5), True, "first", True),
        (numbered(20, odd=1, other="sum"), True, "add", False),
    ],
)
def test_what_the_rows_of_one_number_speak_for(rows: str, *, whole: bool, proposal: str, same: bool) -> None:
    found = speaks(rows)
    assert (found.whole, found.proposal, found.same) == (whole, proposal, same)
    assert (found.again, found.below, found.fill) == (rows.count("\n") // 2, 0, ())


def test_without_a_customer_the_day_says_whether_rows_belong_together() -> None:
    assert speaks(numbered(5), account=None).proposal == "first"
    assert speaks(numbered(5), account=None, value=None) == Lined(
        whole=True, proposal="add", again=5, example="0", below=0, fill=(), same=False
    )
    assert not speaks(numbered(5, odd=5, other="day"), account=None).whole
    # Nothing says it.
    assert not speaks(numbered(5), account=None, begin=None).whole


@pytest.mark.parametrize(
    "rows",
    [
        # A customer of its own, or no amount, or nothing above: no cell merged over several rows.
        "1,A,2027-01-04,5\n,B,2027-01-05,6\n",
        "1,A,2027-01-04,5\n,,,\n,,,6\n",
        ",,,5\n1,A,2027-01-04,6\n",
    ],
)
def test_rows_without_a_number_that_are_no_lines(rows: str) -> None:
    assert speaks(rows) == Lined(whole=False, proposal="each", again=0, example="", below=0, fill=())


def test_rows_below_a_number_with_an_amount_alone_are_its_lines() -> None:
    found = speaks("1,A,2027-01-04,5\n,,,6\n2,B,2027-01-05,7\n")
    assert (found.whole, found.proposal, found.again, found.below) == (True, "add", 1, 1)
    assert found.fill == ("no", "who", "day")
