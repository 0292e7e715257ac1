"""The mapping wizard: what it proposes for exports it was not told about, and what comes of the answers."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

import openpyxl
import pytest

from kpisim.crm import load_export, load_mapping
from kpisim.crm.wizard import NOT_USED, Draft, open_export, roles
from kpisim.crm.wizard.ask import ask, open_lines, proposal_lines
from kpisim.crm.wizard.columns import look_at, masked
from kpisim.crm.wizard.join import Join, give, join_lines, joins, load_joined, open_exports
from kpisim.crm.wizard.make import parse, save, text_of
from kpisim.crm.wizard.words import book, likeness
from kpisim.tables.files import AUTO, read_csv
from kpisim.tables.schema import TABLES
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.text import Language

MAVEN = "maven_crm_SYNTHETIC/sales_pipeline.csv"
BPI = "bpic2012_cases_2011-10-01_to_2011-12-15.csv"
RETAIL = "online_retail_orders_2009-12_2010-12.csv"
# What each column is, labelled by hand.
TRUTH: dict[str, tuple[str, dict[str, str]]] = {
    MAVEN: (
        "opportunities",
        {
            "opportunity_id": "opportunity_id",
            "sales_agent": "rep_id",
            "product": NOT_USED,
            "account": "account_id",
            "deal_stage": "stage",
            "engage_date": "created",
            "close_date": "closed",
            "close_value": "value",
        },
    ),
    BPI: (
        "opportunities",
        {
            "case": "opportunity_id",
            "amount": "value",
            "submitted": "created",
            "preaccepted": "stage_on",
            "accepted": "stage_on",
            "offer_sent": "stage_on",
            "offer_back": "stage_on",
            "approved": "won_on",
            "declined": "lost_on",
            "cancelled": "lost_on",
            "offer_agent": "rep_id",
            "followup_calls": NOT_USED,
            "outcome": "status",
        },
    ),
    RETAIL: ("orders", {"cust": "account_id", "date": "booked", "value": "value"}),
}
SHIPPED = {MAVEN: "opportunity_export", BPI: "bpi2012", RETAIL: "order_export"}

HEADER = "商机编号,客户,销售,联系人,联系电话,创建日期,预计成交日期,阶段,金额（万元）,老客户,备注"
CHINESE = {
    "商机编号": "opportunity_id",
    "客户": "account_id",
    "销售": "rep_id",
    "联系人": NOT_USED,
    "联系电话": NOT_USED,
    "创建日期": "created",
    "预计成交日期": "closed",
    "阶段": "stage",
    "金额（万元）": "value",
    "老客户": "existing",
    "备注": NOT_USED,
}


def chinese_export() -> str:
    """Return an invented export of a Chinese CRM, 60 rows."""
    draw = random.Random(4)  # noqa: S311  (no secret)
    lines = [HEADER]
    for row in range(60):
        day = date(2027, 1, 4) + timedelta(days=row)
        stage = draw.choice(["初步接触", "方案报价", "赢单", "丢单"])
        lines.append(
            f"SJ{row:04d},{draw.choice('甲乙丙丁')}公司,{draw.choice(['张三', '李四', '王五'])},赵先生,138{row:08d},"
            f"{day.year}年{day.month}月{day.day}日,{day + timedelta(days=40)},{stage},{draw.randint(10, 90) / 10},"
            f"{draw.choice('是否')},"
        )
    return "\n".join(lines)


@pytest.fixture
def deals(tmp_path: Path) -> Path:
    file = tmp_path / "商机 导出.csv"
    file.write_text(chinese_export(), encoding="gb18030")
    return file


def right(draft: Draft, truth: dict[str, str]) -> int:
    return sum(draft.picks[name].role == role for name, role in truth.items())


@pytest.mark.evidence
@pytest.mark.parametrize("name", list(TRUTH))
def test_columns_of_real_exports(name: str, real_data: Path) -> None:
    if not (real_data / name).exists():
        pytest.skip(f"{name} is not among the real data")
    table, truth = TRUTH[name]
    draft = open_export(real_data / name)
    assert set(truth) == {column.name for column in draft.columns}
    found = right(draft, truth)
    print(f"{name}: {found} of {len(truth)} columns right, {len(draft.open())} questions open")  # noqa: T201
    assert draft.table == table
    assert found == len(truth)
    draft.accept()
    # The mapping that comes along was written by hand; the wizard's reads the same rows.
    mine, theirs = load_export(real_data / name, parse(draft)), load_export(real_data / name, SHIPPED[name])
    for what in load_mapping(SHIPPED[name]).tables:
        if what == "reps" and not len(theirs[what]):
            continue  # the mapping by hand looks for them in another file of the folder
        assert len(mine[what]) == len(theirs[what]), what
        for column in (
            "status",
            "value",
            "account_id",
            "rep_id",
            "created",
            "closed",
            "booked",
            "stage",
            "entered",
        ):
            if column in theirs[what].columns:
                there, other = mine[what][column].astype("str"), theirs[what][column].astype("str")
                assert there.tolist() == other.tolist(), (what, column)  # fmt: skip


@pytest.mark.evidence
@pytest.mark.parametrize("name", list(TRUTH))
def test_what_the_cells_alone_say_is_asked_for(name: str, real_data: Path, tmp_path: Path) -> None:
    if not (real_data / name).exists():
        pytest.skip(f"{name} is not among the real data")
    table, truth = TRUTH[name]
    frame = read_csv(real_data / name, encoding=AUTO)
    blank = {column: f"F{place}" for place, column in enumerate(frame.columns)}
    frame.rename(columns=blank).to_csv(tmp_path / "x.csv", index=False)
    with pytest.raises(UserError, match="--table"):
        open_export(tmp_path / "x.csv")
    draft = open_export(tmp_path / "x.csv", table)
    found = right(draft, {blank[column]: role for column, role in truth.items()})
    print(f"{name}, names taken away: {found} of {len(truth)} columns right")  # noqa: T201
    picked = [pick for pick in draft.picks.values() if pick.role != NOT_USED]
    assert picked
    assert not any(pick.sure for pick in picked)


@pytest.mark.unit
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-8"])
def test_a_chinese_export(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "导出.csv"
    file.write_text(chinese_export(), encoding=encoding)
    before = file.read_bytes()
    draft = open_export(file)
    assert right(draft, CHINESE) == len(CHINESE)
    assert [question.asked for question in draft.open()] == ["orders"]
    draft.accept()
    tables = load_export(file, save(draft, tmp_path / "m.yaml"))
    assert len(tables["opportunities"]) == 60
    assert set(tables["opportunities"]["status"]) == {"open", "won", "lost"}
    # 万元: 1.0 to 9.0 of them are 10,000 to 90,000 yuan.
    assert tables["opportunities"]["value"].between(10_000, 90_000).all()
    assert len(tables["orders"]) == (tables["opportunities"]["status"] == "won").sum() > 0
    assert tables.meta.currency == "CNY"
    assert file.read_bytes() == before


@pytest.mark.unit
def test_nobody_is_given_away(deals: Path) -> None:
    shown = "\n".join(proposal_lines(open_export(deals)))
    assert "甲公司" in shown or "乙公司" in shown
    for secret in ("张三", "李四", "王五", "赵先生", "13800000001"):
        assert secret not in shown
    assert masked("打给 13812345678 吧") == "打* 1***** 吧*"
    assert masked("Ann Bell", hide=True) == "A** B***"
    assert masked("x" * 99) == "x" * 23 + "…"


@pytest.mark.unit
@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("Account Name", False), ("Opportunity Name", False), ("Name", True), ("Full Name", True), ("Contact Name", True),
        ("客户名称", False), ("姓名", True), ("联系人", True),
    ],
)  # fmt: skip
def test_the_name_of_a_firm_is_shown_and_that_of_a_person_is_not(name: str, hidden: bool) -> None:
    import pandas as pd

    [sample] = look_at(name, pd.Series(["Klinik Nord"])).samples
    assert (sample != "Klinik Nord") is hidden


@pytest.mark.functional
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_day_numbers_in_a_text_file_are_dates_where_the_column_says_so(
    lang: Language, tmp_path: Path
) -> None:
    days = [date(2027, 1, 4) + timedelta(days=k) for k in range(40)]
    rows = [
        f"D{k},{(day - date(1899, 12, 30)).days if k % 5 else f'{day:%Y/%m/%d}'},客户{k % 7},{10_000 + k}"
        for k, day in enumerate(days)
    ]
    path = tmp_path / "orders.csv"
    path.write_text("订单编号,下单日期,客户名称,订单金额\n" + "\n".join(rows), encoding="utf-8")
    with language(lang):
        draft = open_export(path)
        assert draft.picks["下单日期"].role == "booked"
        # An amount of five digits is none.
        assert draft.picks["订单金额"].role == "value"
        save(draft, tmp_path / "mine.yaml")
        tables = load_export(path, tmp_path / "mine.yaml")
    assert [moment.date() for moment in tables["orders"]["booked"]] == days


@pytest.mark.unit
def test_the_dialogue_asks_what_is_open_and_again_after_a_wrong_answer(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text(
        "deal id,client,created,result,amount\n1,A,03/04/2027,won,5\n2,B,05/04/2027,tbd,7\n3,A,06/04/2027,lost,8\n4,A,06/05/2027,tbd,8\n",
        encoding="utf-8",
    )
    draft = open_export(file)
    answers = iter(["maybe", "won", "9", "2", "", "x", ""])
    told: list[str] = []
    ask(draft, lambda _: next(answers), told.append)
    wrong = [line for line in told if "no answer" in line]
    assert [line.split()[0] for line in wrong] == ["maybe", "9"]
    # The line about the wrong answer is all: the question stands above it already.
    assert sum("does tbd mean" in line for line in told) == 1
    assert draft.words == {"tbd": "won"}
    # 3 April or 4 March: only a person knows.
    assert draft.formats == {"created": "%m/%d/%Y"}
    tables = load_export(file, parse(draft))
    assert str(tables["opportunities"]["created"].min())[:10] == "2027-03-04"
    assert (tables["opportunities"]["status"] == "won").sum() == 3


@pytest.mark.unit
def test_open_things_are_listed_with_what_is_proposed(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("单号,客户,金额,录入\n1,A,5,2027-01-04\n2,B,6,2027-01-05\n3,B,6,2027-01-06\n", "utf-8")
    with language("zh"):
        draft = open_export(file, "orders")
        assert list(open_lines(draft)) == ["？“录入”这一列是什么？建议：booked"]
    draft.give("录入", NOT_USED)
    asked = draft.open()
    assert [(one.asked, one.subject, one.proposal) for one in asked] == [("missing", "booked", None)]
    with pytest.raises(UserError, match="--column NAME=booked"):
        draft.accept()
    draft.answer(asked[0], "录入")
    assert draft.open() == []


@pytest.mark.unit
@pytest.mark.parametrize(
    ("zone", "days"),
    [
        ("", ["2027-03-31 23:59", "2027-04-01 00:00", "2027-04-01 09:00"]),
        ("UTC", ["2027-03-31 15:59", "2027-03-31 16:00", "2027-04-01 01:00"]),
        # Summer time has begun.
        ("Europe/Berlin", ["2027-03-31 17:59", "2027-03-31 18:00", "2027-04-01 03:00"]),
    ],
)
def test_times_with_a_zone_are_counted_on_the_firm_s_own_days(
    tmp_path: Path, zone: str, days: list[str]
) -> None:
    """An order one minute before April in Shanghai is one of March there; a firm of CNY is taken for one in China."""
    file = tmp_path / "x.csv"
    times = ["2027-03-31T15:59:00Z", "2027-03-31T16:00:00+00:00", "2027-04-01T09:00:00+08:00"]
    rows = "".join(f"D{place},A,{time},5\n" for place, time in enumerate(times))
    file.write_text(f"order no,customer,booked on,amount\n{rows}", encoding="utf-8")
    draft = open_export(file, "orders")
    draft.give("booked on", "booked")
    [asked] = [one for one in draft.open() if one.asked == "zone"]
    assert asked.proposal == "Asia/Shanghai"
    draft.answer(asked, zone)
    assert draft.open() == []
    tables = load_export(file, save(draft, tmp_path / "m.yaml"))
    assert tables["orders"]["booked"].dt.strftime("%Y-%m-%d %H:%M").tolist() == days
    # Who does not use the column is not asked.
    other = open_export(file, "orders")
    other.give("booked on", NOT_USED)
    assert not [one for one in other.open() if one.asked == "zone"]


@pytest.mark.unit
def test_a_meaning_goes_over_to_the_column_it_was_given_last(deals: Path) -> None:
    draft = open_export(deals)
    draft.give("备注", "reason")
    draft.give("老客户", "reason")
    assert draft.by_role("reason") == ["老客户"]
    with pytest.raises(UserError, match="no dates"):
        draft.give("客户", "created")
    with pytest.raises(UserError, match="did you mean account_id"):
        draft.give("客户", "acount_id")
    with pytest.raises(UserError, match="did you mean 客户"):
        draft.give("客户1", "account_id")
    with pytest.raises(UserError, match="did you mean orders"):
        draft.take("order")


@pytest.mark.unit
def test_a_mapping_that_is_there_stays(deals: Path, tmp_path: Path) -> None:
    draft = open_export(deals)
    draft.accept()
    place = save(draft, tmp_path / "m.yaml")
    kept = place.read_bytes()
    with pytest.raises(UserError, match="another name"):
        save(draft, place)
    assert place.read_bytes() == kept
    assert "商机编号" in text_of(draft)
    with pytest.raises(UserError, match=r"\.yaml"):
        save(draft, tmp_path / "m.txt")


@pytest.mark.unit
def test_a_workbook_and_other_separators(tmp_path: Path) -> None:
    book_ = openpyxl.Workbook()
    sheet = book_.active
    assert sheet is not None
    for line in chinese_export().splitlines():
        sheet.append(line.split(","))
    book_.save(tmp_path / "x.xlsx")
    draft = open_export(tmp_path / "x.xlsx")
    draft.accept()
    assert len(load_export(tmp_path / "x.xlsx", parse(draft))["opportunities"]) == 60
    (tmp_path / "y.csv").write_text(
        "order no;customer;order date;amount €\n1;A;31.12.2027;5\n2;B;30.12.2027;6\n"
    )
    draft = open_export(tmp_path / "y.csv")
    assert (draft.separator, draft.currency, draft.open()) == (";", "EUR", [])
    assert len(load_export(tmp_path / "y.csv", parse(draft))["orders"]) == 2


@pytest.mark.unit
@pytest.mark.parametrize(("name", "text", "said"), [
    ("x.csv", "a,b\n", "no rows"),
    ("x.pdf", "a,b\n1,2\n", "give one file"),
    ("x.csv", "a,b\n1,2\n", "--table"),
])  # fmt: skip
def test_what_cannot_be_read_is_told(name: str, text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(UserError, match=said):
        open_export(tmp_path / name)


@pytest.mark.unit
def test_names_are_compared_by_words_and_chinese_by_parts() -> None:
    assert likeness("CreatedDate", "created date") == 1
    assert likeness("showcase", "case") == 0
    assert likeness("金额(元)", "金额") == 1
    assert 0.5 < likeness("商机预计金额", "金额") < 0.75
    assert likeness("额", "金额") == 0


@pytest.mark.unit
def test_every_role_is_a_column_or_known_by_name() -> None:
    special = {"won_on", "lost_on", "stage_on", "won_value", "of_period", "period", "team", "state"}
    for table in book()["tables"]:
        assert set(roles(table)) - special <= set(TABLES[table].names)
        needed = {column.name for column in TABLES[table].columns if column.required}
        # What a survey asks is no column of it: customers are asked whether they are satisfied.
        needed -= {"question"} if table == "surveys" else set()
        # Of targets everything but the rep is made of the columns called after periods.
        assert needed <= set(roles(table)) or "of_period" in roles(table)


@pytest.mark.unit
def test_looks(deals: Path) -> None:
    frame = read_csv(deals, encoding=AUTO)
    looks = {str(name): look_at(str(name), frame[name]).look for name in frame.columns}
    assert looks == {
        "商机编号": "id", "客户": "word", "销售": "word", "联系人": "word", "联系电话": "id", "创建日期": "date",
        "预计成交日期": "date", "阶段": "outcome", "金额（万元）": "amount", "老客户": "yes/no", "备注": "empty",
    }  # fmt: skip


DEALS = """deal id,account,owner,created,closed,status,amount
1,Acme Ltd,An,2027-01-04,2027-02-01,won,100
2,acme  LTD,Bo,2027-01-05,2027-02-02,lost,50
3,Cargo,Cy,2027-01-06,,open,70
4,,An,2027-01-07,,open,70
"""
REPS = "sales rep;team\nAn;north\nBo;south\nBo;east\nBo;south\nDi;east\nEd;east\nFi;west\n"
CUSTOMERS = "customer\nAcme Ltd\nZeta\n"


def three(tmp_path: Path) -> list[Path]:
    """Write deals, reps (with other separators and a rep who stands there three times) and customers."""
    for name, text in (("deals.csv", DEALS), ("reps.csv", REPS), ("customers.csv", CUSTOMERS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return [tmp_path / name for name in ("customers.csv", "deals.csv", "reps.csv")]


@pytest.mark.unit
def test_several_exports_are_read_together_and_the_sources_stay_as_they_were(tmp_path: Path) -> None:
    files = three(tmp_path)
    before = [file.read_bytes() for file in files]
    drafts = open_exports(files)
    assert [draft.table for draft in drafts] == ["accounts", "opportunities", "reps"]
    tables = load_joined(drafts)
    assert {name: len(tables[name]) for name in ("opportunities", "reps", "accounts")} == {
        "opportunities": 4, "reps": 5, "accounts": 2,
    }  # fmt: skip
    assert tables["reps"].set_index("rep_id")["team"].to_dict() == {
        "An": "north", "Bo": "south", "Di": "east", "Ed": "east", "Fi": "west",
    }  # fmt: skip
    assert [file.read_bytes() for file in files] == before


@pytest.mark.unit
def test_what_does_not_meet_is_counted_by_hand(tmp_path: Path) -> None:
    found = {(one.column, one.of): one for one in joins(open_exports(three(tmp_path)))}
    # Cy is in no list; Di, Ed and Fi are never used; Bo stands there three times, once with another team.
    assert found["owner", "reps.csv"] == Join("deals.csv", "owner", "reps.csv", 4, 0, 1, 0, 3, 2, 1)
    # Cargo and another spelling of Acme are not in the list; Zeta is never used; one deal has no customer.
    assert found["account", "customers.csv"] == Join(
        "deals.csv", "account", "customers.csv", 4, 1, 2, 1, 1, 0, 0
    )
    assert len(found) == 2
    with language("zh"):
        assert "名单中没有" in "\n".join(join_lines(list(found.values())))
    assert join_lines([]) == []


@pytest.mark.unit
def test_files_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    files = three(tmp_path)
    other = DEALS.replace("created", "created on day")
    (tmp_path / "more.csv").write_text(other, encoding="utf-8")
    with pytest.raises(
        UserError, match=r"more\.csv: no column created as in deals\.csv.*did you mean created on day"
    ):
        open_exports([*files, tmp_path / "more.csv"])
    (tmp_path / "more.csv").write_text("colour,shape\nred,round\nblue,flat\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"more\.csv: no table recognised"):
        open_exports([*files, tmp_path / "more.csv"])
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "reps.csv").write_text(REPS, encoding="utf-8")
    with pytest.raises(UserError, match="put the files into one folder"):
        open_exports([files[1], tmp_path / "other" / "reps.csv"])
    with pytest.raises(UserError, match="goes with one file"):
        open_exports(files, table="orders")


@pytest.mark.unit
def test_a_column_is_given_where_it_has_that_meaning(tmp_path: Path) -> None:
    drafts = open_exports(three(tmp_path))
    give(drafts, "team", "-")
    assert drafts[2].picks["team"].role == "-"
    give(drafts, "owner", "-")
    assert drafts[1].picks["owner"].role == "-"
    with pytest.raises(UserError, match="no column nobody"):
        give(drafts, "nobody", "rep_id")
