"""The board to take home: every form says the same, and the workbook calculates what Python calculated."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest

from kpisim.kpi.board import board
from kpisim.kpi.scorecard import Line, Scorecard
from kpisim.report.board import _reached, board_html, save_board
from kpisim.show.board import board_picture
from kpisim.tables import Meta, Tables, conform
from kpisim.tables.io import weekdays
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.kpi.board import Board

pytestmark = pytest.mark.unit
START, END = date(2027, 1, 1), date(2027, 7, 1)


@pytest.fixture
def shown() -> Board:
    orders = pd.DataFrame(
        {
            "order_id": ["o1", "o2", "o3"],
            "account_id": ["a", "=b()", "=b()"],
            "booked": ["2027-02-01", "2027-04-05", "2027-06-28"],
            "delivered": ["2027-02-02", "2027-04-08", None],
            "value": [100.0, 50.0, 30.0],
        }
    )
    tables = Tables(Meta(START, END, workdays=weekdays(START, END)), {"orders": conform("orders", orders)})
    lines = (
        Line(kpi="revenue_booked", target=100, weight=4, cap=120),
        Line(kpi="order_days", target=2, weight=2),
        Line(kpi="new_customers", target=2, weight=2),
        Line(kpi="csat", target=0.8, weight=2),
    )
    return board(tables, Scorecard(lines=lines))


def calculated(path: Path) -> dict[str, Any]:
    """Return the cells of the first sheet as a spreadsheet program calculates them."""
    import formulas

    solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    sheet = openpyxl.load_workbook(path).sheetnames[0].upper()
    cells = {}
    for name, found in solution.items():
        match = re.fullmatch(rf"'\[.*\]{re.escape(sheet)}'!([A-Z]+[0-9]+)", str(name).upper())
        if match:
            cells[match[1]] = found.value[0, 0]
    return cells


def test_the_workbook_calculates_the_score_and_follows_a_changed_target(shown: Board, tmp_path: Path) -> None:
    assert shown.scored is not None
    path = save_board(shown, tmp_path / "board.xlsx", "板")
    cells = calculated(path)
    # 80 of 100; 3 days against 2 are 50 %; 1 new customer of 2; no answers: the weights are shared out 4 : 2 : 2.
    assert [cells[f"E{row}"] for row in (6, 7, 9)] == pytest.approx([80.0, 50.0, 50.0])
    assert [cells[f"G{row}"] for row in (6, 7, 8, 9)] == pytest.approx([0.5, 0.25, 0.0, 0.25])
    assert cells["E10"] == pytest.approx(65.0)
    assert shown.scored.total == pytest.approx(65.0)
    assert "red" in cells["H6"]
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["C6"] = 80
    book.worksheets[0]["F7"] = 0
    book.save(path)
    cells = calculated(path)
    assert (cells["D6"], "green" in cells["H6"]) == (pytest.approx(1.0), True)
    assert cells["E10"] == pytest.approx(100 * 2 / 3 + 50 / 3)


def test_every_form_says_the_same(shown: Board, tmp_path: Path) -> None:
    read = pd.read_csv(save_board(shown, tmp_path / "b.csv", "x"))
    assert (tmp_path / "b.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    said = json.loads(save_board(shown, tmp_path / "b.json", "x").read_text(encoding="utf-8"))
    assert [row["kpi"] for row in said["rows"]] == list(read["kpi"])
    assert [row["value"] for row in said["rows"] if row["value"] is not None] == pytest.approx(
        list(read["value"].dropna())
    )
    markdown = save_board(shown, tmp_path / "b.md", "x").read_text(encoding="utf-8")
    page = save_board(shown, tmp_path / "b.html", "x").read_text(encoding="utf-8")
    for row in shown.rows:
        assert row.kpi in set(read["kpi"])
    assert "■ red: alert" in markdown
    assert "red: alert" in page


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_needs_nothing_else(shown: Board, lang: Any, tmp_path: Path) -> None:
    with language(lang):
        page = save_board(shown, tmp_path / "b.html", "<b>板</b>").read_text(encoding="utf-8")
    assert "&lt;b&gt;" in page
    assert not re.search(r'(?:src|href)="(?!data:|#)', page)
    assert page.count("<figure>") == 3


def test_another_ending_gets_one_line(shown: Board, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"b\.pdf: a board ends in \.html"):
        save_board(shown, tmp_path / "b.pdf", "x")


def test_a_kpi_of_judgement_is_scored_beside_counted_ones_and_marked_as_one(tmp_path: Path) -> None:
    answers = pd.DataFrame(
        {
            "survey_id": [f"s{n}" for n in range(5)],
            "question": ["coaching_quality"] * 5,
            "answered": ["2027-02-01"] * 5,
            "score": [5, 4, 4, 3, 4],
        }
    )
    orders = pd.DataFrame({"order_id": ["o"], "account_id": ["a"], "booked": ["2027-02-01"], "value": [90.0]})
    frames = {"orders": conform("orders", orders), "surveys": conform("surveys", answers)}
    tables = Tables(Meta(START, END, workdays=weekdays(START, END)), frames)
    lines = (
        Line(kpi="revenue_booked", target=100, weight=3),
        Line(kpi="coaching_quality", target=4, weight=1),
    )
    made = board(tables, Scorecard(lines=lines), START, date(2027, 4, 1))
    assert made.scored is not None
    # 90 of 100 points at three quarters of the weight, 4 of 4 at one.
    assert made.scored.total == pytest.approx(0.75 * 90 + 0.25 * 100)
    with language("en"):
        page = save_board(made, tmp_path / "b.html", "x").read_text(encoding="utf-8")
    marked = [row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if "a judgement on a rubric" in row]
    assert [re.sub("<[^>]+>", "|", row).split("|")[2] for row in marked] == ["Quality of coaching"]


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "stands on 80.0% of the weight"), ("zh", "只用到80.0%的权重")]
)
def test_a_total_without_all_its_kpis_says_what_it_stands_on(shown: Board, lang: Any, said: str) -> None:
    # Nobody answered, so of 4 + 2 + 2 + 2 the last is missing.
    with language(lang):
        assert said in board_html(shown, "x")


def test_lights_that_are_out_are_no_green_ones() -> None:
    orders = pd.DataFrame(
        {"order_id": ["o1"], "account_id": ["a"], "booked": ["2027-06-28"], "value": [100.0]}
    )
    tables = Tables(Meta(START, END, workdays=weekdays(START, END)), {"orders": conform("orders", orders)})
    csat = Line(kpi="csat", target=0.8)
    both = board(tables, Scorecard(lines=(Line(kpi="revenue_booked", target=50), csat)))
    assert board_picture(both).title == "No target is red or amber; 1 of 2 have no number"
    assert board_picture(board(tables, Scorecard(lines=(csat,)))).title == "No target has a number yet"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_numbers_of_the_workbook_are_in_words(shown: Board, lang: Any, tmp_path: Path) -> None:
    with language(lang):
        sheet = openpyxl.load_workbook(save_board(shown, tmp_path / "b.xlsx", "x")).worksheets[1]
    heads, *rows = sheet.iter_rows(values_only=True)
    # A share is read as per cent, in whatever column of its unit it stands.
    share = next(place for place, row in enumerate(rows, 2) if row[3] in {"share", "比率"})
    assert [sheet.cell(share, place).number_format for place in (5, 6, 7)] == ["0.0%"] * 3
    first = dict(zip(heads, rows[0], strict=True))
    if lang == "zh":
        assert not [head for head in heads if not re.search("[\u4e00-\u9fff]", str(head)) and head != "KPI"]
        assert (first["KPI"], first["维度"], first["单位"], first["红绿灯"]) == (
            "签约额",
            "财务",
            "金额",
            "红灯预警",
        )
        assert "没有相应数据" in {row[list(heads).index("没有数值的原因")] for row in rows}
    else:
        assert (first["KPI name"], first["KPI"], first["light"]) == (
            "revenue_booked",
            "Bookings",
            "red: alert",
        )


def test_a_band_of_a_fifth_is_halved_as_people_do() -> None:
    assert "/0.1," in _reached(6, "band", "workload")
