"""Whole reports: built by papermill, read back as HTML and as a workbook."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from kpisim.report import build
from kpisim.report.batch import build_batch
from kpisim.report.build import build_report
from kpisim.report.command import report, reports
from kpisim.text import UserError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.notebook, pytest.mark.slow]

QUICK = {"replications": 3, "workers": 1}


class Page(HTMLParser):
    """Collects what the tests ask about; complains about tags left open."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "img", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Complain about a tag closed out of turn."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep what a reader sees."""
        if self.open and self.open[-1] != "style":
            self.text += data

    def all(self, name: str) -> list[dict[str, str | None]]:
        """Return the attributes of every tag called `name`."""
        return [attributes for tag, attributes in self.tags if tag == name]


def check(file: Path, lang: str) -> Page:
    """Hold a report against what every report must be."""
    html = file.read_text(encoding="utf-8")
    page = Page(html)
    assert page.open == []
    assert page.all("html") == [{"lang": {"zh": "zh-CN", "en": "en"}[lang]}]
    assert not page.all("script")
    assert not page.all("iframe")
    for _, attributes in page.tags:
        for key in ("src", "href", "data", "poster", "srcset"):
            value = attributes.get(key)
            assert value is None or value.startswith(("data:", "#")), value
        assert not any(name.startswith("on") for name in attributes)
    assert all(address.startswith("data:") for address in re.findall(r"url\(\"?([^)\"]*)", html))
    assert "@import" not in html
    assert page.all("img")
    assert all(len(image["alt"] or "") > 20 for image in page.all("img"))
    assert "sections." not in page.text
    assert "In [" not in page.text
    ids = [attributes["id"] for _, attributes in page.tags if attributes.get("id")]
    assert len(ids) == len(set(ids))
    links = [str(link["href"])[1:] for link in page.all("a")]
    assert links
    assert set(links) <= set(ids)
    assert file.stat().st_size < 800_000
    return page


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_report_with_comparison_and_workbook(lang: str, small: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    out = tmp_path / "输出 out"
    values = {"scenario": small, "versus_set": {"incentive.commission_rate": 0.06}, "lang": lang, **QUICK}
    file = build_report(values, out, xlsx=True, progress=lambda done, total: seen.append((done, total)))
    page = check(file, lang)
    anchors = {str(link["href"])[1:] for link in page.all("a")}
    assert anchors == {
        "story",
        "findings",
        "kpis",
        "attainment",
        "flow",
        "pay",
        "comparison",
        "rules",
        "limits",
        "stamp",
    }
    assert '<script>alert("x")</script>' in page.text
    assert len(page.all("img")) == 7
    assert seen[-1][0] == seen[-1][1]
    assert not list(out.glob("*.ipynb"))
    if lang == "zh":
        assert "两名销售代表，一个市场。" in page.text
        words = re.sub(r"[A-Za-z_.]*[._/:][A-Za-z_.]*|alert|script", "", page.text)
        english = set(re.findall(r"[A-Za-z]{4,}", words.split("所用规则")[-2]))
        assert english <= {"CSAT", "KPIA"}, english
    book = load_workbook(file.with_suffix(".xlsx"))
    assert len(book.sheetnames) == 7
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.max_row > 1
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    first = book[book.sheetnames[0]]
    heads = [cell.value for cell in first[1]]
    assert ("均值" if lang == "zh" else "Mean") in heads
    booked = next(row for row in first.iter_rows(min_row=2) if row[1].value == "revenue_booked")
    assert booked[3].number_format == "#,##0.00"
    assert isinstance(booked[3].value, (int, float))


def test_a_library_scenario_is_labelled_as_invented(tmp_path: Path) -> None:
    values = {"scenario": "default", "set": {"calendar.weeks": 13, "calendar.warmup_weeks": 4}, **QUICK}
    page = check(build_report(values, tmp_path), "en")
    assert "all figures are invented" in page.text
    assert "Length of the reported horizon (calendar.weeks) 52 → 13" in page.text
    assert not any(link["href"] == "#comparison" for link in page.all("a"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_report_on_own_tables(lang: str, firm: Path, tmp_path: Path) -> None:
    file = build_report({"data": firm, "lang": lang}, tmp_path / "out", xlsx=True)
    page = check(file, lang)
    assert len(page.all("img")) == 3
    assert ("没有数值的 KPI 及原因" if lang == "zh" else "KPIs without a number, and why") in page.text
    anchors = {str(link["href"])[1:] for link in page.all("a")}
    assert anchors == {"findings", "kpis", "records", "quality", "limits", "stamp"}
    assert str(tmp_path) not in page.text
    assert len(load_workbook(file.with_suffix(".xlsx")).sheetnames) == 2


def test_an_empty_window_of_own_tables_is_told_not_crashed(firm: Path, tmp_path: Path) -> None:
    page = check(build_report({"data": firm, "start": "2027-06-20", "end": "2027-06-21"}, tmp_path), "en")
    assert "No " in page.text or page.all("img")


def broken_template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    notebook = json.loads(build.template_path().read_text(encoding="utf-8"))
    notebook["cells"] = [*notebook["cells"][:2], notebook["cells"][-1] | {"source": source}]
    template = tmp_path / "template.ipynb"
    template.write_text(json.dumps(notebook), encoding="utf-8")
    monkeypatch.setattr(build, "template_path", lambda: template)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "# why\nraise ValueError('two\\nlines')",
            "“raise ValueError('two\\nlines')”: ValueError: two lines; see",
        ),
        ("from kpisim.text import UserError\nraise UserError('no way')", "no way; see"),
        ("import os; os._exit(3)", "DeadKernelError"),
        ("import time; time.sleep(600)", "CellTimeoutError"),
    ],
)
def test_a_failed_cell_is_one_line_and_the_notebook_is_kept(
    source: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_template(tmp_path, monkeypatch, source)
    with pytest.raises(UserError) as caught:
        build_report({"scenario": "default"}, tmp_path / "out", cell_timeout=15)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert (tmp_path / "out" / "default-en.failed.ipynb").is_file()
    assert not (tmp_path / "out" / "default-en.html").exists()


def test_a_batch_goes_on_after_failures_and_says_why(small: Path, tmp_path: Path) -> None:
    entries: list[Any] = [
        {"scenario": small.name, "name": "好 报告", **QUICK},
        {"scenario": small.name, "replicatons": 3},
        "nonsense",
        {"scenario": "defalt"},
        {"scenario": small.name, "lang": "zh", "name": "好 报告", **QUICK},
    ]
    file = small.parent / "batch.yaml"
    file.write_text(json.dumps(entries, ensure_ascii=False), encoding="utf-8")
    frame = reports(file, tmp_path / "out", "en")
    assert list(frame["status"]) == ["ok", "failed", "failed", "failed", "ok"]
    assert list(frame["path"]) == ["好-报告.html", "", "", "", "好-报告-2.html"]
    assert "did you mean replications?" in frame["message"][1]
    assert "is not a set of parameters" in frame["message"][2]
    assert "did you mean default?" in frame["message"][3]
    index = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "5 reports, 3 failed" in index
    assert build_batch is not None


def test_the_command_writes_where_it_is_told(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "a" / "my.report.html"
    made = report(str(small), {}, None, {}, "en", 2, 1, out, False)
    assert made == out
    check(out, "en")
    (tmp_path / "plain").write_text("x")
    with pytest.raises(UserError, match="is a file"):
        report(str(small), {}, None, {}, "en", 2, 1, tmp_path / "plain", False)


def test_a_report_of_one_export_finds_its_mapping(tmp_path: Path) -> None:
    export = tmp_path / "订单.csv"
    rows = "\n".join(f"{k % 7},2027-0{1 + k % 3}-1{k % 9} 10:00:00,{100 + k}" for k in range(60))
    export.write_text(f"cust,date,value\n{rows}\n", encoding="utf-8-sig")
    made = report(None, {}, None, {}, "zh", 2, 1, tmp_path / "out", xlsx=False, data=export)
    assert "回购率" in made.read_text(encoding="utf-8")
