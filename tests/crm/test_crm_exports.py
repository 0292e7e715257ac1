"""Exports in the layouts of well-known CRM systems: what the wizard makes of them, counted by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from kpisim.crm.wizard import NOT_USED, open_export
from kpisim.crm.wizard.join import load_joined
from kpisim.crm.wizard.make import mapping_of
from kpisim.crm.wizard.words import likely_outcome
from kpisim.kpi.measures import measure_values

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.crm.wizard.draft import Draft
    from kpisim.tables import Tables

pytestmark = pytest.mark.unit

# American dates with AM and PM, money with its code, a stage that says won or lost.
AMERICAN = """"Opportunity Owner","Account Name","Opportunity Name","Stage","Amount","Expected Revenue","Close Date","Created Date","Last Activity"
"Ann Lee","Acme","Acme - Monitor","Closed Won","USD 12,000.00","USD 12,000.00","2/15/2027","1/6/2027 10:12 AM","2/1/2027"
"Bob Ray","Beta","Beta - Pump","Closed Lost - Price","USD 8,500.00","USD 0.00","3/1/2027","1/9/2027 3:05 PM","2/2/2027"
"Ann Lee","Gamma","Gamma - Pump","Negotiation/Review","USD 20,000.00","USD 18,000.00","4/5/2027","3/2/2027 9:00 AM","2/3/2027"
"Cy Oh","Acme","Acme - Service","Closed Won","USD 3,000.00","USD 3,000.00","3/2/2027","3/1/2027 12:00 AM","3/2/2027"
"""
# Expected and actual dates and amounts side by side; a last contact that is no stage.
CHINESE = """商机名称,客户名称,负责人,销售阶段,预计成交金额（元）,成交金额（元）,预计成交日期,实际成交日期,创建时间,最后跟进时间,商机状态
监护仪,甲医院,张三,赢单,"120,000.00","100,000.00",2027-02-20,2027-02-18,2027-01-05 10:20,2027-02-18 09:00,赢单
泵,乙医院,李四,无效,"50,000.00",,2027-03-20,2027-02-01,2027-01-09 11:20,2027-02-01 09:00,无效
超声,丙医院,张三,输单,"300,000.00",,2027-03-31,2027-03-15,2027-01-20 15:20,2027-03-15 09:00,输单
耗材,甲医院,王五,方案报价,"20,000.00",,2027-05-01,,2027-03-20 15:20,2027-03-25 09:00,进行中
"""


def draft(tmp_path: Path, text: str) -> Draft:
    (tmp_path / "export.csv").write_text(text, encoding="utf-8")
    return open_export(tmp_path / "export.csv")


def read(made: Draft) -> Tables:
    made.accept()
    return load_joined([made])


def test_american_dates_and_codes_of_money_are_read(tmp_path: Path) -> None:
    made = draft(tmp_path, AMERICAN)
    # 1/6 may be June, but 2/15 of the same export cannot be: nobody is asked.
    assert [question.asked for question in made.open()] == ["column", "word", "word", "orders"]
    assert [question.proposal for question in made.open()[1:3]] == ["lost", "open"]
    assert made.picks["Last Activity"].role == NOT_USED
    tables = read(made)
    deals = tables["opportunities"].set_index("opportunity_id")
    assert tables.meta.currency == "USD"
    assert deals["created"].astype(str).tolist() == ["2027-01-06 10:12:00", "2027-01-09 15:05:00", "2027-03-02 09:00:00", "2027-03-01 00:00:00"]  # fmt: skip
    assert deals["closed"].dt.strftime("%m-%d").fillna("").tolist() == ["02-15", "03-01", "", "03-02"]
    assert deals["status"].tolist() == ["won", "lost", "open", "won"]
    assert measure_values(tables, ["revenue_booked"])["revenue_booked"].value == 15_000


def test_where_no_column_leaves_a_doubt_out_it_is_asked(tmp_path: Path) -> None:
    text = AMERICAN.replace("2/15/2027", "2/5/2027")
    asked = [(question.subject, question.proposal) for question in draft(tmp_path, text).open() if question.asked == "format"]  # fmt: skip
    assert asked == [("Close Date", "%d/%m/%Y"), ("Created Date", "%d/%m/%Y %I:%M %p")]


def test_what_came_counts_before_what_was_expected(tmp_path: Path) -> None:
    made = draft(tmp_path, CHINESE)
    roles = {
        name: made.picks[name].role
        for name in ("预计成交日期", "实际成交日期", "最后跟进时间", "成交金额（元）")
    }
    assert roles == {
        "预计成交日期": NOT_USED,
        "实际成交日期": "closed",
        "最后跟进时间": NOT_USED,
        "成交金额（元）": "won_value",
    }
    tables = read(made)
    deals = tables["opportunities"].set_index("opportunity_id")
    # The deal won is worth what was signed, the others what is hoped for.
    assert deals["value"].to_dict() == {"监护仪": 100_000, "泵": 50_000, "超声": 300_000, "耗材": 20_000}
    assert deals["status"].to_dict() == {"监护仪": "won", "泵": "lost", "超声": "lost", "耗材": "open"}
    assert tables["orders"]["value"].tolist() == [100_000]
    # No row of a deal that is open is told as left out of the orders.
    assert tables.meta.notes == ()


def test_amounts_in_different_units_are_not_mixed(tmp_path: Path) -> None:
    made = draft(tmp_path, CHINESE.replace("成交金额（元）,预计成交日期", "成交金额（万元）,预计成交日期"))
    assert str(made.picks["成交金额（万元）"].reason) == "in another unit than 预计成交金额（元）"


def test_an_amount_alone_stands_for_all_deals(tmp_path: Path) -> None:
    made = draft(tmp_path, "商机编号,客户,创建日期,状态,成交金额\nS1,甲,2027-01-04,赢单,5\n")
    assert (made.one("value"), made.one("won_value")) == ("成交金额", None)


def test_steps_in_columns_of_different_spelling_are_all_read(tmp_path: Path) -> None:
    text = "Opportunity ID,Account,Created Date,Proposal Date,Won Date\nS1,A,1/16/2027 10:12 AM,2027-02-03,2/25/2027\n"
    tables = read(draft(tmp_path, text))
    assert tables["stage_changes"]["entered"].dt.strftime("%m-%d").tolist() == ["01-16", "02-03"]
    assert mapping_of(draft(tmp_path, text))["tables"]["stage_changes"]["dates"]["formats"] == {
        "Created Date": "%m/%d/%Y %I:%M %p"
    }


def test_a_list_of_receipts_that_names_no_order_is_cash_and_no_bookings(tmp_path: Path) -> None:
    text = """单据编号,业务日期,往来单位,结算方式,实收金额,销售员,备注
SKD1,2027-01-10,甲院,电汇,"50,000.00",张三,首付
SKD2,2027-02-10,甲院,承兑,"41,800.00",张三,
SKD3,2027-02-15,乙院,电汇,"84,000.00",李四,
SKD4,2027-03-15,乙院,电汇,"-2,000.00",李四,退款
合计,,,,"173,800.00",,
"""
    made = draft(tmp_path, text)
    assert (made.table, made.open(), made.one("paid"), made.one("order_id")) == (
        "collections",
        [],
        "业务日期",
        None,
    )
    tables = read(made)
    values = measure_values(tables, ["revenue_collected", "collection_rate", "revenue_booked"])
    assert values["revenue_collected"].value == 173_800
    assert (values["collection_rate"].value, values["revenue_booked"].value) == (None, None)
    # What a till took in is an order of its own where it has that number.
    till = (
        text.replace("单据编号,业务日期", "订单号,下单时间")
        .replace("往来单位", "会员号")
        .replace('合计,,,,"173,800.00",,\n', "")
    )
    assert draft(tmp_path, till).table == "orders"


@pytest.mark.parametrize(
    "header",
    [
        "序号,提交答卷时间,所用时间,来源,1、您所在的医院,2、您对我们的总体满意度",
        "Response ID,Submitted at,Seconds,Channel,Customer name,Overall satisfaction",
        "Response ID,Date submitted,Seconds,Channel,Company,How satisfied are you overall? (1-5)",
    ],
)
def test_a_survey_of_customers_tells_their_satisfaction(tmp_path: Path, header: str) -> None:
    answers = [("甲", 5), ("乙", 2), ("丙", 4), ("丁", ""), ("戊", 3), ("己", 5), ("乙", 4)]
    rows = [f"{n},2027/2/{n} 10:12:33,35秒,微信,{who}院,{mark}" for n, (who, mark) in enumerate(answers, 1)]
    made = draft(tmp_path, "\n".join([header, *rows, ""]))
    assert made.table == "surveys"
    csat = measure_values(read(made), ["csat"])["csat"]
    # The last answer of each counts, a blank is none: of 甲 丙 戊 己 and 乙 all but 戊 give 4 or 5.
    assert (csat.numerator, csat.denominator) == (4, 5)


def test_answers_without_a_customer_may_be_the_teams(tmp_path: Path) -> None:
    made = draft(tmp_path, "序号,提交答卷时间,得分\n1,2027-02-01,5\n2,2027-02-02,4\n")
    assert (made.table, [one.subject for one in made.open()]) == ("surveys", ["account_id"])


def test_a_list_of_customers_is_none_of_opportunities(tmp_path: Path) -> None:
    text = """客户编号,客户名称,负责人,客户级别,创建时间,首次成交日期,流失日期,最近跟进时间
KH1,甲院,张三,A,2025-11-02 10:00,2026-01-15,,2027-03-28 10:00
KH2,乙院,李四,B,2026-02-10 09:30,2026-03-01,2027-02-15,2027-02-15 10:00
KH3,丙院,张三,B,2027-02-01 14:00,,,2027-03-11 10:00
"""
    made = draft(tmp_path, text)
    assert (made.table, made.one("account_id"), made.one("since"), made.one("left")) == (
        "accounts", "客户名称", "首次成交日期", "流失日期",
    )  # fmt: skip
    # Each customer once, but with a stage and an amount: these are deals.
    deals = text.replace("客户级别", "销售阶段,金额").replace(",A,", ",报价,5,").replace(",B,", ",谈判,7,")
    assert draft(tmp_path, deals).table == "opportunities"


def test_a_list_of_invoices_without_another_date_is_one_of_sales(tmp_path: Path) -> None:
    text = """发票号,开票日期,购货单位,业务员,业务类型,无税金额,税额,价税合计
F1,2027.1.4,甲医院,张三,普通销售,"1,000.00",130.00,"1,130.00"
F2,2027.2.5,乙医院,李四,普通销售,"2,000.00",260.00,"2,260.00"
F3,2027.2.9,甲医院,张三,销售退货,300.00,39.00,339.00
"""
    made = draft(tmp_path, text)
    assert (made.table, made.one("booked"), made.one("value")) == ("orders", "开票日期", "无税金额")
    # The amount without tax, and the return against it although it has no minus.
    assert measure_values(read(made), ["revenue_booked"])["revenue_booked"].value == 2700
    # Beside a day of the order the invoice's is its own.
    both = draft(
        tmp_path, re.sub(r"\n(F\d),", r"\n\1,2027-01-02,", text).replace("发票号,", "发票号,订单日期,")
    )
    assert (both.one("booked"), both.one("invoiced")) == ("订单日期", "开票日期")


def test_a_ledger_of_invoices_with_payments_is_one_of_receivables(tmp_path: Path) -> None:
    text = """Invoice number,Customer,Invoice date,Due date,Amount due,Amount paid,Date paid,Status
INV-1,Acme,28/02/2027,30/03/2027,12000.00,12000.00,29/03/2027,Paid
INV-2,Elm,28/02/2027,14/03/2027,5000.00,2500.00,20/03/2027,Part paid
INV-3,Acme,31/03/2027,31/03/2027,3000.00,,,Sent
"""
    made = draft(tmp_path, text)
    assert (made.table, made.open()) == ("collections", [])
    tables = read(made)
    values = measure_values(tables, ["collection_rate", "revenue_collected"], "2027-03-01", "2027-04-01")
    assert values["revenue_collected"].value == 14_500
    assert values["collection_rate"].value == pytest.approx(14_500 / 20_000)


def test_a_history_of_fields_tells_of_the_stage_alone(tmp_path: Path) -> None:
    text = """"Opportunity ID","Edit Date","Field / Event","Old Value","New Value","Edited By"
"006A1","1/15/2027, 9:02 AM","Stage","","Qualification","Ann Lee"
"006A1","2/1/2027, 4:41 PM","Amount","40,000.00","48,000.00","Ann Lee"
"006A1","2/20/2027, 5:30 PM","Stage","Qualification","Closed Won","Ann Lee"
"006A2","3/3/2027, 12:05 PM","Stage","","Qualification","Bob Ray"
"006A2","3/9/2027, 8:00 AM","Close Date","3/31/2027","4/30/2027","Bob Ray"
"""
    made = draft(tmp_path, text)
    entered = read(made)["stage_changes"]
    assert made.table == "stage_changes"
    assert sorted(zip(entered["opportunity_id"], entered["stage"], entered["entered"].astype(str), strict=True)) == [
        ("006A1", "Closed Won", "2027-02-20 17:30:00"),
        ("006A1", "Qualification", "2027-01-15 09:02:00"),
        ("006A2", "Qualification", "2027-03-03 12:05:00"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "means"),
    [("Closed Lost - Price", "lost"), ("已输单（价格）", "lost"), ("Closed Won (renewal)", "won"), ("Wonder", "open"), ("复审", "open")],
)  # fmt: skip
def test_what_an_unknown_word_is_proposed_to_mean(word: str, means: str) -> None:
    assert likely_outcome(word) == means
