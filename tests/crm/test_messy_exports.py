"""Exports as firms keep them are read to the cent: every file is made here, with its own truth, and invented."""

from __future__ import annotations

import csv
import random
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from kpisim.cli import cli
from kpisim.crm.calibrate import calibrate
from kpisim.crm.discover import discover_one
from kpisim.kpi import measure_values
from kpisim.tables.io import read as read_tables
from kpisim.tables.io import write
from kpisim.text import Language, language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from kpisim.tables import Tables
    from kpisim.tables.io import Format

pytestmark = pytest.mark.functional

Truth = dict[str, float]
REPS = ("李雷", "韩梅梅", "王芳", "赵强")
PLACES = tuple(
    f"{city}{kind}"
    for city in ("苏州", "杭州", "广州", "北京")
    for kind in ("第一人民医院", "中医院", "市立医院")
)
DAY = date(2027, 1, 4)


def luck() -> random.Random:
    return random.Random(7)  # noqa: S311  (rows of a test, no secret)


def save(
    path: Path, rows: Iterable[Iterable[Any]], encoding: str = "utf-8-sig", separator: str = ","
) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)


def chinese_crm(folder: Path) -> tuple[Path, Truth]:
    """Deals in one file, their stages in another, remarks over two lines with a telephone number in them."""
    draw = luck()
    won = lost = booked = 0.0
    deals, history = [], []
    for number in range(80):
        begun, rep, place = DAY + timedelta(days=draw.randrange(150)), draw.choice(REPS), draw.choice(PLACES)
        value, code = round(draw.lognormvariate(11.5, 0.8), 2), f"SJ{number:05d}"
        outcome = draw.choice(("赢单", "输单", "输单", "方案报价"))
        closed = begun + timedelta(days=draw.randrange(5, 60))
        won, lost = won + (outcome == "赢单"), lost + (outcome == "输单")
        booked += value if outcome == "赢单" else 0.0
        history += [
            [code, stage, f"{begun + timedelta(days=3 * step):%Y-%m-%d} 09:1{step}:00", rep]
            for step, stage in enumerate(("初步接触", "方案报价"))
        ]
        remark = f"备注：\n联系人 1380000{number:04d}" if number % 9 == 0 else ""
        deals.append(
            [
                code,
                place,
                outcome,
                f"{value:,.2f}",
                f"{closed:%Y-%m-%d}",
                rep,
                f"{begun:%Y-%m-%d} 08:30",
                remark,
            ]
        )
    save(
        folder / "商机列表.csv",
        [
            ["商机编号", "客户名称", "销售阶段", "商机金额（元）", "结单日期", "负责人", "创建时间", "备注"],
            *deals,
        ],
    )
    save(folder / "商机阶段变更记录.csv", [["商机编号", "变更后阶段", "变更时间", "操作人"], *history])
    return folder, {"wins": won, "conversion_closed": won / (won + lost), "revenue_booked": booked}


def chinese_erp(folder: Path) -> tuple[Path, Truth]:
    """A workbook with a title, a band over the header, sums between the months, three ways to write dates and amounts."""
    draw = luck()
    book = openpyxl.Workbook()
    sold = book.active
    assert sold is not None
    sold.title = "销售订单"
    for row in (
        ["某公司销售订单序时簿"],
        ["期间：2027年1月至3月"],
        ["单据信息", None, "客户", "业务员", "金额"],
        ["日期", "单据编号", "客户名称", "业务员", "价税合计"],
    ):
        sold.append(row)
    sold.merge_cells("A1:E1")
    sold.merge_cells("A3:B3")
    total = paid = 0.0
    owed = []
    for month in (1, 2, 3):
        for number in range(12):
            day, value = date(2027, month, draw.randrange(1, 28)), round(draw.lognormvariate(10, 0.9), 2)
            if number == 11:
                value = -round(value / 5, 2)
            said: Any = value
            if number % 3 == 1:
                said, value = f"{value / 10_000:.4f}万", round(round(value / 10_000, 4) * 10_000, 2)
            elif number % 3 == 2:
                said = f"{value:,.2f}元"
            when: Any = (
                f"{day.year}年{day.month}月{day.day}日",
                (day - date(1899, 12, 30)).days,
                datetime.combine(day, time()),
            )[number % 3]
            code = f"XSDD{month}{number:03d}"
            sold.append([when, code, draw.choice(PLACES), draw.choice(REPS), said])
            total += value
            if value > 0:
                owed.append((code, day + timedelta(days=60), value))
        sold.append([f"{month}月小计", None, None, None, f"{total:,.2f}元"])
    sold.append(["合计", None, None, None, f"{total:,.2f}元"])
    bills = book.create_sheet("收款单")
    bills.append(["收款单列表"])
    bills.append(["应收日期", "收款日期", "源单编号", "应收金额"])
    for number, (code, due, value) in enumerate(owed):
        settled = number % 4 != 0
        paid += value if settled else 0.0
        bills.append(
            [
                datetime.combine(due, time()),
                f"{due.year}年{due.month}月{due.day}日" if settled else None,
                code,
                f"{value:,.2f}",
            ]
        )
    bills.append(["合计", None, None, f"{sum(value for *_, value in owed):,.2f}"])
    book.save(folder / "销售与收款.xlsx")
    return folder / "销售与收款.xlsx", {"revenue_booked": total, "revenue_collected": paid}


def european_crm(folder: Path) -> tuple[Path, Truth]:
    """Semicolons, a comma as decimal sign, days first, quoted lines within a cell."""
    draw = luck()
    won = lost = booked = 0.0
    rows = [
        [
            "Opportunity ID",
            "Account Name",
            "Stage",
            "Amount",
            "Close Date",
            "Created Date",
            "Opportunity Owner",
            "Description",
        ]
    ]
    for number in range(90):
        begun = DAY + timedelta(days=draw.randrange(120))
        stage, value = (
            draw.choice(("Closed Won", "Closed Lost", "Closed Lost", "Prospecting")),
            round(draw.lognormvariate(9.5, 1), 2),
        )
        won, lost, booked = (
            won + (stage == "Closed Won"),
            lost + (stage == "Closed Lost"),
            booked + (value if stage == "Closed Won" else 0.0),
        )
        written = f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
        rows.append(
            [
                f"0065g{number:06d}",
                f"Klinik {number % 17}",
                stage,
                written,
                f"{begun + timedelta(days=30):%d.%m.%Y}",
                f"{begun:%d.%m.%Y}",
                f"Owner {number % 4}",
                'said "call; back"\nsecond line' if number % 5 == 0 else "",
            ]
        )
    save(folder / "report.csv", rows, "utf-8", ";")
    return folder / "report.csv", {
        "wins": won,
        "conversion_closed": won / (won + lost),
        "revenue_booked": booked,
    }


def kept_by_hand(folder: Path) -> tuple[Path, Truth]:
    """A sheet for each rep, a header of two lines, empty rows, a sum below."""
    draw, total = luck(), 0.0
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for rep in REPS:
        sheet = book.create_sheet(rep)
        for row in (["客户", None, "订单", None], ["客户名称", "联系人", "签单日期", "金额"], []):
            sheet.append(row)
        for number in range(15):
            day, value = DAY + timedelta(days=draw.randrange(150)), draw.randrange(5, 300) * 100
            when: Any = f"{day.year}.{day.month}.{day.day}" if number % 2 else datetime.combine(day, time())
            sheet.append([draw.choice(PLACES), "王主任", when, value])
            total += value
            if number % 6 == 5:
                sheet.append([])
        sheet.append(["合计", None, None, None])
    book.save(folder / "各人订单台账.xlsx")
    return folder / "各人订单台账.xlsx", {"revenue_booked": total, "reps": len(REPS)}


def old_excel_csv(folder: Path) -> tuple[Path, Truth]:
    """GBK, amounts in 10,000 yuan, cancelled orders among the others."""
    draw, kept = luck(), 0.0
    rows: list[list[Any]] = [["订单号", "下单日期", "客户名称", "销售员", "订单金额(万元)", "状态"]]
    for number in range(80):
        day, value = DAY + timedelta(days=draw.randrange(150)), round(draw.lognormvariate(1, 0.8), 2)
        state = "已取消" if number % 20 == 19 else "已完成"
        kept += value * 10_000 if state == "已完成" else 0.0
        rows.append(
            [
                f"DD{number:04d}",
                f"{day.year}/{day.month}/{day.day}",
                draw.choice(PLACES),
                draw.choice(REPS),
                value,
                state,
            ]
        )
    save(folder / "订单导出.csv", rows, "gbk")
    return folder / "订单导出.csv", {"revenue_booked": kept}


def months_with_codes(folder: Path) -> tuple[Path, Truth]:
    """A file a month with columns in another order; reps and customers as numbers, padded with zeros in their lists."""
    draw, total = luck(), 0.0
    heads = (
        ["订单编号", "订单日期", "客户编码", "业务员工号", "订单金额"],
        ["客户编码", "订单金额", "订单编号", "业务员工号", "订单日期"],
    )
    for month in (1, 2):
        rows: list[list[Any]] = [heads[month - 1]]
        for number in range(40):
            value = draw.randrange(1000, 90_000)
            cells = {
                "订单编号": f"B{month}{number:03d}",
                "订单日期": f"2027-0{month}-{draw.randrange(1, 28):02d}",
                "客户编码": str(1 + draw.randrange(len(PLACES))),
                "业务员工号": str(17 + draw.randrange(len(REPS))),
                "订单金额": value,
            }
            rows.append([cells[head] for head in heads[month - 1]])
            total += value
        save(folder / f"2027年{month}月订单.csv", rows)
    save(
        folder / "员工.csv",
        [["工号", "姓名"], *[[f"{17 + number:04d}", rep] for number, rep in enumerate(REPS)]],
    )
    save(
        folder / "客户档案.csv",
        [
            ["客户编码", "客户名称", "负责人"],
            *[[f"{1 + number:04d}", place, REPS[number % 4]] for number, place in enumerate(PLACES)],
        ],
    )
    return folder, {"revenue_booked": total, "reps": len(REPS)}


def read(path: Path, mapping: Path, lang: Language) -> tuple[Tables, str]:
    with language(lang):
        said = CliRunner().invoke(cli, ["import", str(path), "--yes", "-o", str(mapping)])
        assert said.exit_code == 0, said.output
        return discover_one(str(path), str(mapping)).tables, said.output


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "make", [chinese_crm, chinese_erp, european_crm, kept_by_hand, old_excel_csv, months_with_codes]
)
def test_an_export_as_it_is_kept_gives_its_own_figures(
    make: Callable[[Path], tuple[Path, Truth]], lang: Language, tmp_path: Path
) -> None:
    folder = tmp_path / "导出 files"
    folder.mkdir()
    path, truth = make(folder)
    before = {file: file.read_bytes() for file in folder.iterdir()}
    tables, _ = read(path, tmp_path / "mine.yaml", lang)
    values = measure_values(tables, [name for name in truth if name != "reps"])
    for name, expected in truth.items():
        found = len(tables["reps"]) if name == "reps" else values[name].value
        assert found == pytest.approx(expected, abs=0.005), name
    assert {file: file.read_bytes() for file in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("lang", "code", "name"),
    [
        ("zh", "(2)的“客户编码”列按此列对应", "可代替2027年1月订单.csv"),
        ("en", "客户编码 of 2027年1月订单.csv", "may be shown instead of 业务员工号"),
    ],
)
def test_a_list_of_codes_says_what_its_columns_are_for(
    lang: Language, code: str, name: str, tmp_path: Path
) -> None:
    path, _ = months_with_codes(tmp_path)
    _, said = read(path, tmp_path / "mine.yaml", lang)
    key = [line for line in said.splitlines() if line.startswith("客户编码") and "0001" in line]
    shown = [line for line in said.splitlines() if line.startswith("姓名")]
    assert [code in line for line in key] == [name in line for line in shown] == [True]


def test_the_end_of_a_deal_in_its_history_is_no_stage(tmp_path: Path) -> None:
    path, _ = chinese_crm(tmp_path)
    history = path / "商机阶段变更记录.csv"
    ended = [
        f"{cells[0]},{cells[2]},{cells[4]} 17:00:00,{cells[5]}"
        for cells in csv.reader((path / "商机列表.csv").read_text(encoding="utf-8-sig").splitlines())
        if len(cells) > 5 and cells[2] in {"赢单", "输单"}
    ]
    without = calibrate(read(path, tmp_path / "before.yaml", "zh")[0])
    history.write_text(history.read_text(encoding="utf-8-sig") + "\n".join(ended), encoding="utf-8-sig")
    tables = read(path, tmp_path / "mine.yaml", "zh")[0]
    assert {"赢单", "输单"} <= set(tables["stage_changes"]["stage"])
    found = calibrate(tables)
    stages, expected = (one.scenario().market.stages for one in (found, without))
    assert stages == expected
    assert len(stages) == 2


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    path, _ = chinese_erp(tmp_path)
    _, said = read(path, tmp_path / "mine.yaml", "en")
    assert "rows of sums (total, 合计, 小计) left out: 5, in " in said
    path, _ = old_excel_csv(tmp_path)
    _, said = read(path, tmp_path / "other.yaml", "zh")
    assert "剔除4行" in said
    assert "已取消" in said


@pytest.mark.parametrize("place", ["tables", "tables.xlsx", "tables.json", "tables.sqlite"])
def test_a_row_keeps_where_it_came_from_through_writing_and_reading(place: str, tmp_path: Path) -> None:
    path, _ = months_with_codes(tmp_path)
    tables, _ = read(path, tmp_path / "mine.yaml", "en")
    assert tables.origin is not None
    target = tmp_path / "kept" / place
    target.parent.mkdir()
    formats: dict[str, Format] = {".xlsx": "xlsx", ".json": "json", ".sqlite": "sqlite"}
    write(tables, target, formats.get(target.suffix, "csv"))
    again = read_tables(target)
    assert again.origin is not None
    for name in ("orders", "accounts"):
        assert again.origin.rows[name].values.tolist() == tables.origin.rows[name].values.tolist()  # noqa: PD011
    pd.testing.assert_frame_equal(again["orders"], tables["orders"])
