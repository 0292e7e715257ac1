"""Workbook, font, page and batch list by themselves, without a kernel."""

from __future__ import annotations

import base64
import io
import re
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from kpisim.kpi.value import reason_text
from kpisim.report import batch, build, page, sections
from kpisim.report.batch import build_batch, index_page, read_batch
from kpisim.report.build import build_report
from kpisim.report.content import Content, prepare
from kpisim.report.font import font_css, glyphs_of
from kpisim.report.parameters import ReportParameters
from kpisim.report.sections import meaning, names
from kpisim.report.words import _load, findings
from kpisim.report.xlsx import sheet
from kpisim.scenario import load
from kpisim.show.records import revenue
from kpisim.tables import Meta, Tables, conform, write
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("nasty", ['=HYPERLINK("x")', "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_looks_like_a_formula_stays_a_text(nasty: str, tmp_path: Path) -> None:
    book = Workbook()
    sheet(book, "A/B:C*", [(nasty, "text"), ("v", "share")], [[nasty, 0.5]])
    book.save(tmp_path / "x.xlsx")
    read = load_workbook(tmp_path / "x.xlsx")["A-B-C-"]
    for cell in (read["A1"], read["A2"]):
        assert cell.data_type == "s"
        assert cell.quotePrefix
    assert read["B2"].value == 0.5
    assert read["B2"].number_format == "0.0%"
    assert read.freeze_panes == "A2"


def test_what_is_counted_has_decimals_only_as_a_mean_and_a_sheet_prints_as_wide_as_the_paper(
    tmp_path: Path,
) -> None:
    book = Workbook()
    sheet(book, "s", [("count", "count"), ("text", "text")], [[226, "a"], [8.1, "b"], [None, "c"]])
    book.save(tmp_path / "x.xlsx")
    read = load_workbook(tmp_path / "x.xlsx")["s"]
    # "#,##0.##" shows 226 as "226."
    assert [read["A2"].number_format, read["A3"].number_format] == ["#,##0", "#,##0.0"]
    assert read["B2"].number_format == "General"
    assert (read.page_setup.orientation, read.page_setup.fitToWidth, read.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )
    fitted = read.sheet_properties.pageSetUpPr
    assert fitted is not None
    assert fitted.fitToPage
    assert read.print_title_rows == "$1:$1"


def test_a_value_the_scenario_has_already_is_no_change() -> None:
    has = load("technology").get("incentive.commission_rate")
    with language("en"):
        told = [
            sections._changes(
                SimpleNamespace(  # type: ignore[arg-type]
                    parameters=SimpleNamespace(
                        sets={}, versus_sets=sets, versus="technology", scenario="technology"
                    )
                ),
                second=True,
            )
            for sets in (
                {"incentive.commission_rate": has},
                {"incentive.commission_rate": has, "team.size": 4},
            )
        ]
    assert told[0] == ["Changed: nothing, the scenario has these values already"]
    assert "commission" not in told[1][0]
    assert "→ 4" in told[1][0]


def test_a_difference_that_reads_nought_is_not_told_as_higher_without_a_word() -> None:
    with language("en"):
        told = [
            sections._told_verdict(
                {"difference": by, "low": by / 2, "high": 2 * by, "unit": "share", "verdict": "B is higher"},
                "CNY",
            )
            for by in (0.0001, 0.01)
        ]
    assert told == ["B is higher, by less than the digits show", "B is higher"]


@pytest.mark.parametrize(("lang", "own"), [("zh", False), ("en", True)])
def test_an_english_page_takes_no_quotation_marks_as_wide_as_a_chinese_sign(lang: Any, own: bool) -> None:
    with language(lang):
        css = font_css("a“”…")
    assert ("unicode-range: U+0000-2017, U+201E-2025, U+2027-10FFFF" in css) == own
    assert ('local("Arial")' in css) == own
    # Rules of two weights would draw bold words in the second font.
    assert len(set(re.findall("font-weight: [^;]+;", css))) == 1
    assert "http" not in css


def test_missing_and_infinite_values_are_empty_cells(tmp_path: Path) -> None:
    book = Workbook()
    values = [float("nan"), float("inf"), None, pd.NaT, pd.NA, pd.Timestamp("2027-01-04"), 3, "a\x00b"]
    sheet(book, "s", [(str(k), "number") for k in range(len(values))], [values])
    book.save(tmp_path / "x.xlsx")
    row = [cell.value for cell in load_workbook(tmp_path / "x.xlsx")["s"][2]]
    assert row[:5] == [None] * 5
    assert row[5] == pd.Timestamp("2027-01-04")
    assert row[6:] == [3, "ab"]


@pytest.mark.parametrize(
    ("booked", "told"),
    [
        # 100 in January and 100 off in it again; February's 50 are the most.
        (
            [("2028-01-05", 100.0, "2028-01-20"), ("2028-02-29", 50.0, None), ("2028-03-01", 40.0, None)],
            "CNY 90 was signed in the period; the strongest month is Feb 2028.",
        ),
        # Of April the window holds ten days.
        (
            [("2028-02-10", 50.0, None), ("2028-04-02", 70.0, None)],
            "CNY 120 was signed in the period; the strongest month is Feb 2028.",
        ),
        ([("2027-12-31", 50.0, None), ("2028-04-11", 70.0, None)], "CNY 0 was signed in the period."),
        ([("2027-12-31", 50.0, "2028-02-01")], "CNY −50 was signed in the period."),
    ],
)
def test_the_strongest_month_is_the_one_of_the_picture(
    booked: list[tuple[str, float, str | None]], told: str, tmp_path: Path
) -> None:
    rows = [
        {
            "order_id": f"S{place}",
            "account_id": "A",
            "rep_id": "R",
            "booked": day,
            "value": value,
            "cancelled": off,
        }
        for place, (day, value, off) in enumerate(booked)
    ]
    orders = {"orders": conform("orders", pd.DataFrame(rows))}
    write(Tables(Meta(date(2028, 1, 1), date(2028, 4, 11)), orders), tmp_path / "d")
    with language("en"):
        content = prepare(data=str(tmp_path / "d"), lang="en")
        assert findings(content, names(), ("A", "B"))[0] == told
        assert content.tables is not None
        drawn = revenue(content.tables["orders"], *content.window).title
    assert ("the best month is Feb 2028" in drawn) == ("strongest" in told)


@pytest.mark.parametrize("data", [".", "here/..", "../我们 team", "../我们 team/.."])
def test_a_folder_is_called_by_its_name_however_it_is_reached(
    data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "我们 team"
    (folder / "here").mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert ReportParameters.check({"data": data}).source == (
        tmp_path.name if data == "../我们 team/.." else "我们 team"
    )


def test_a_report_of_a_database_tells_its_name_and_not_its_password() -> None:
    made = ReportParameters.check(
        {"data": "postgresql://ann:secret@host/sales?sslmode=require", "lang": "en"}
    )
    assert (made.source, made.stem()) == ("sales", "sales-en")
    assert "secret" not in repr(Content(made))
    assert ReportParameters.check({"data": "sqlite:////far/away/our team.sqlite"}).source == "our team"


def test_the_font_holds_only_the_glyphs_used() -> None:
    from fontTools.ttLib import TTFont

    css = font_css(glyphs_of("<p title='隐'>签约额 &amp; −5%</p>"))
    assert "http" not in css
    data = re.search(r"base64,([^\"]+)", css)
    assert data is not None
    held = set(TTFont(io.BytesIO(base64.b64decode(data[1]))).getBestCmap())
    assert {ord(char) for char in "签约额&−5%aZ"} <= held
    assert ord("隐") not in held
    assert len(css) < 60_000


def test_the_font_is_the_same_whenever_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    now = font_css("a")
    monkeypatch.setattr("fontTools.ttLib.tables._h_e_a_d.timestampNow", lambda: 3_900_000_000)
    assert font_css("a") == now


def test_table_cells_are_escaped_and_a_reason_spans_the_rest() -> None:
    html = page.table(
        "<c>", [("a", "text"), ("b", "number"), ("d", "number")], [["<x>", page.Wide("why & how")]]
    )
    assert "<x>" not in html
    assert "&lt;x&gt;" in html
    assert 'colspan="2">why &amp; how' in html
    assert 'scope="row"' in html


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("scenario: default", "must hold a list of reports"),
        ("[]", "must hold a list of reports"),
        ("- a: [", "is not valid YAML"),
    ],
)
def test_a_batch_file_that_is_no_list_is_refused(text: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "batch.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=says):
        read_batch(file)
    with pytest.raises(UserError, match="no such file"):
        read_batch(tmp_path / "nowhere.yaml")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_index_names_each_report_and_why_one_failed(lang: str) -> None:
    frame = pd.DataFrame(
        [
            ("报告 1", "default", "ok", "", "报告 1.html", 2.0),
            ("b", "<b>", "failed", "team.size: 0 <is> below 1", "", 0.1),
        ],
        columns=["report", "title", "status", "message", "path", "seconds"],
    )
    with language(lang):  # type: ignore[arg-type]
        html = index_page(frame)
    assert f'lang="{"zh-CN" if lang == "zh" else "en"}"' in html
    assert 'href="%E6%8A%A5%E5%91%8A%201.html"' in html
    assert "0 &lt;is&gt; below 1" in html
    assert "<script" not in html
    assert "http" not in html


def test_no_report_takes_the_place_of_another_or_of_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def built(_: object, folder: Path, *, name: str) -> Path:
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.html").write_text("a report", encoding="utf-8")
        return folder / f"{name}.html"

    monkeypatch.setattr(batch, "build_report", built)
    file = tmp_path / "batch.yaml"
    file.write_text(
        "- name: Index\n- name: a/b\n- name: A b\n- name: a-b\n- 7\n- scenario: nosuch\n", encoding="utf-8"
    )
    made = build_batch(file, tmp_path / "out")
    assert made["report"].tolist() == ["Index-2", "a-b", "A-b-2", "a-b-3", "5", "6"]
    assert made["status"].tolist() == ["ok"] * 4 + ["failed"] * 2
    pages = sorted(one.name for one in (tmp_path / "out").iterdir())
    assert pages == ["A-b-2.html", "Index-2.html", "a-b-3.html", "a-b.html", "index.html"]
    assert "Index-2.html" in (tmp_path / "out" / "index.html").read_text(encoding="utf-8")


def test_reasons_and_parameters_are_told_in_words() -> None:
    assert reason_text("no_base") == "nothing to divide by in this period"
    assert reason_text(float("nan")) == "no number"
    assert meaning("incentive.commission_rate") == "Commission on booked sales (incentive.commission_rate)"
    assert meaning("market.stages.0.pass_rate") == "market.stages.0.pass_rate"
    with language("zh"):
        assert meaning("team.size") == "销售代表人数 (team.size)".replace(" (", "（").replace(")", "）")
        assert names()["revenue_booked"] == "签约额"


def test_wrong_parameters_start_no_kernel(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="did you mean default"):
        build_report({"scenario": "defaul"}, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_out_dir_that_is_a_file_is_a_user_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    with pytest.raises(UserError, match="cannot be made a folder"):
        build_report({"scenario": "default"}, tmp_path / "out")


def test_the_template_of_a_wheel_comes_before_that_of_a_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "__file__", str(tmp_path / "kpisim" / "report" / "build.py"))
    with pytest.raises(UserError, match="install kpisim again"):
        build.template_path()
    for folder in ("notebooks", "kpisim/_notebooks"):
        (tmp_path / folder / "reports").mkdir(parents=True)
        (tmp_path / folder / "reports" / build.TEMPLATE).write_text("{}")
        assert build.template_path() == tmp_path / folder / "reports" / build.TEMPLATE


@pytest.mark.parametrize(("load", "told"), [(0.794, "averages 79%, below"), (0.796, "averages 80%, inside")])
def test_a_load_is_judged_as_it_is_shown(load: float, told: str) -> None:
    weekly = pd.DataFrame({"week": [1, 2], "load": [load, load]})
    with language("en"):
        assert told in _load(weekly, None)


def test_the_finding_tells_the_load_of_the_kpi_table_and_no_mean_of_weeks() -> None:
    # A short week of 60% weighs less in the KPI (0.79) than in a mean of two weeks (0.70).
    weekly = pd.DataFrame({"week": [1, 2], "load": [0.8, 0.6]})
    with language("en"):
        assert "averages 79%" in _load(weekly, {"mean": 0.79})


def test_a_row_to_be_filled_in_by_hand_has_no_empty_heading() -> None:
    made = page.table("x", [("a", "text"), ("b", "text")], [["said", "1"], ["", ""]])
    assert made.count('<th scope="row">') == 1
    assert '<th scope="row"></th>' not in made
