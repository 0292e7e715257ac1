"""What goes home is what was saved, never what is private, and nothing in it runs."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import openpyxl
import pytest
from icalendar import Calendar

from kpisim.course import sheet
from kpisim.course.week import next_monday
from kpisim.report.self_check import facts, return_code, self_check
from kpisim.report.take_home import Export, calendar, own_sheets, take_home
from kpisim.session import open_session
from kpisim.session.room import comment
from kpisim.show.panels.desk import Desk
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit

PLAN = [
    {
        "area": "goals",
        "commitment": "=1+1 每周一晨会复盘一单",
        "first": "周三",
        "date": "2027-05-01",
        "measure": "次数",
        "helper": "李雷",
    },
]


def test_a_check_asks_about_commitments_and_a_plan_without_any_has_none(tmp_path: Path) -> None:
    row = {"area": "goals", "commitment": "a", "date": "2027-05-01", "helper": None, "measure": "calls"}
    assert facts(row) == "measure: calls; by 2027-05-01"
    assert facts({"commitment": "a"}) == ""
    page = self_check([{"area": "goals", "measure": "calls"}, row], date(2027, 3, 1), "c")
    assert page.count('class="action"') == 3
    assert page.count("0 of 1 answered, 0% done") == 3
    session = open_session(tmp_path / "s", "a")
    session.keep("action_plan", [{"area": "goals", "measure": "calls"}])
    names = [file.name for file in take_home(session, tmp_path / "out")]
    # A workbook with nothing to answer would hold a list of choices without a cell.
    assert not [name for name in names if name.startswith("self_check")]


@pytest.mark.back
def test_checks_that_are_at_home_already_are_read_again_after_ninety_days() -> None:
    """What a file of today says of itself; printf 'kpisim self-check code1' | sha256sum | cut -c1-12 makes the code anew."""
    assert return_code("code1") == "abf6b7e48bb8"
    page = self_check([{"area": "goals", "commitment": "a"}], date(2027, 3, 1), return_code("code1"))
    assert '<main data-check="2" data-code="abf6b7e48bb8" data-planned="2027-03-01">' in page
    assert '<fieldset class="action" data-area="goals">' in page
    assert re.findall(r'name="d30-0" value="(\d+)"', page) == ["0", "50", "100"]
    assert {"asked", "small"} < set(re.findall(r'name="h30" value="(\w+)"', page))
    assert {"time", "changed"} < set(re.findall(r'name="w30" value="(\w+)"', page))
    # No area is none, not the word for nothing.
    assert 'data-area=""' in self_check([{"commitment": "a"}], date(2027, 3, 1), "c")


@pytest.mark.parametrize(("lang", "word"), [("zh", "目标"), ("en", "goals")])
def test_saved_sheets_go_home_in_three_forms(lang: Any, word: str, tmp_path: Path) -> None:
    session = open_session(tmp_path / "s", "a")
    session.keep("action_plan", PLAN)
    session.keep_private("abc_sheet", [{"event": "SECRET-EVENT"}])
    session.keep_private("stressors", [{"source": "boss", "strength": 5}])
    with language(lang):
        page, book, ics, back, again = take_home(session, tmp_path / "带走 out")
        text = page.read_text(encoding="utf-8")
    looked = back.read_text(encoding="utf-8")
    assert looked.count("<section data-day") == 3
    assert looked.count('type="radio"') == 3 * 3 * len(PLAN)
    assert "SECRET" not in looked
    assert len(openpyxl.load_workbook(again).worksheets) == 3
    assert not re.search(r"(?:src|href)=.https?:", looked)
    assert word in text
    assert "晨会复盘" in text
    assert b"SECRET" not in page.read_bytes() + book.read_bytes() + ics.read_bytes()
    # Who opens the sheet of 60 days is not told to send it back after 30 alone.
    assert {"zh": "60天、90天后也一样", "en": "again after 60 and 90"}[lang] in looked
    sheet = openpyxl.load_workbook(book).worksheets[0]
    # Eight columns of a plan would be torn over three sheets of paper.
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth) == ("landscape", 1)
    cell = sheet["B2"]
    assert (cell.value, cell.data_type) == ("=1+1 每周一晨会复盘一单", "s")
    events = [part for part in Calendar.from_ical(ics.read_bytes()).walk() if part.name == "VEVENT"]
    assert len(events) == 4


def test_looking_back_is_30_60_and_90_days_later(tmp_path: Path) -> None:
    session = open_session(tmp_path, "a")
    session.keep("action_plan", PLAN)
    events = [
        part
        for part in Calendar.from_ical(calendar(own_sheets(session), date(2027, 3, 1))).walk()
        if part.name == "VEVENT"
    ]
    assert sorted(str(event.decoded("dtstart")) for event in events) == [
        "2027-03-31",
        "2027-04-30",
        "2027-05-01",
        "2027-05-30",
    ]


def test_dates_are_reckoned_from_the_day_of_the_sheet_whenever_it_goes_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = open_session(tmp_path / "s", "a")
    session.keep("action_plan", PLAN)
    session.keep("timebox_week", [{"task": "calls", "day": "mon", "start": 9.0, "hours": 1.0}])
    saved = session.entries("action_plan")[-1].at

    later = Mock(wraps=datetime)
    later.now.return_value = saved + timedelta(days=8)
    monkeypatch.setattr("kpisim.report.take_home.datetime", later)
    _, _, ics, back, _ = take_home(session, tmp_path / "out")
    days = [str(saved.astimezone().date() + timedelta(days=number)) for number in (30, 60, 90)]
    found = {
        str(event.decoded("dtstart"))[:10]
        for event in Calendar.from_ical(ics.read_bytes()).walk()
        if event.name == "VEVENT"
    }
    assert {*days, next_monday(saved.astimezone().date()).isoformat()} <= found
    events = [event for event in Calendar.from_ical(ics.read_bytes()).walk() if event.name == "VEVENT"]
    # A calendar that is given the file twice knows an entry by its uid; each says what it is.
    assert len({str(event["uid"]) for event in events}) == len(events)
    said = [str(event["summary"]) for event in events]
    assert {"calls", str(PLAN[0]["commitment"])} <= set(said)
    assert sum("Look back after" in text for text in said) == 3
    assert all(day in back.read_text(encoding="utf-8") for day in days)


def test_the_button_says_where_the_files_lie_or_what_is_missing(tmp_path: Path) -> None:
    at = Desk(open_session(tmp_path / "session", "a"), "zh")
    with at.words():
        button = Export(at, tmp_path / "take_home")
        button.run()
        assert "请先保存一张" in button.said.value
        at.session.keep("action_plan", PLAN)
        button.button.click()
        assert f"已保存到文件夹 {tmp_path / 'take_home'}，" in button.said.value
        # A name says nothing to who did not choose it.
        assert "my_workbook.xlsx：我的表单，Excel版" in button.said.value
        assert button.said.value.count("<li>") == 5
        at.speak("en")
    assert button.button.description == "Take my sheets home"
    assert (tmp_path / "take_home" / "my_workbook.html").is_file()


def test_an_empty_session_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="save at least one sheet"):
        take_home(open_session(tmp_path, "a"), tmp_path / "out")


@pytest.mark.parametrize(("lang", "trainer"), [("zh", "讲师"), ("en", "Trainer")])
def test_what_partner_and_trainer_said_goes_home_and_only_to_its_owner(
    lang: Any, trainer: str, tmp_path: Path
) -> None:
    ann, bob = (open_session(tmp_path / "s", author) for author in ("ann", "bob"))
    for one in (ann, bob):
        one.keep("action_plan", PLAN)
    ann.keep("peer_feedback", [{"keep": "KEEP-IT", "question": "WHEN?", "suggestion": "SMALLER"}])
    comment(open_session(tmp_path / "s", "boss"), "ann", "action_plan", "=BRAVO <b>")
    with language(lang):
        page, book, *_ = take_home(ann, tmp_path / "ann")
        other, other_book, *_ = take_home(bob, tmp_path / "bob")
    text = page.read_text(encoding="utf-8")
    assert all(said in text for said in ("KEEP-IT", "WHEN?", "SMALLER", f"★ {trainer}", "=BRAVO &lt;b&gt;"))
    cells = [
        cell
        for one in openpyxl.load_workbook(book)
        for line in one.iter_rows()
        for cell in line
        if cell.value
    ]
    assert {"KEEP-IT", "WHEN?", "SMALLER"} <= {cell.value for cell in cells}
    (said,) = [cell for cell in cells if "BRAVO" in str(cell.value)]
    assert said.data_type == "s"
    assert "BRAVO" not in other.read_text(encoding="utf-8")
    values = [c.value for one in openpyxl.load_workbook(other_book) for line in one.iter_rows() for c in line]
    assert not [value for value in values if value and ("BRAVO" in str(value) or "KEEP-IT" in str(value))]


def test_sheets_of_one_title_say_their_module_and_figures_are_figures(tmp_path: Path) -> None:
    session = open_session(tmp_path / "s", "a")
    for name in ("case1_answers", "case2_answers"):
        session.keep(name, [{field.name: "x" for field in sheet(name).fields}])
    session.keep("goal_tree", [{"annual": 12_000_000, "people": 6, "season": "flat", "week": 230_000.5}])
    session.keep("action_plan", [{**PLAN[0], "first_by": "2027-03-03"}])
    with language("zh"):
        page, book, ics, *_ = take_home(session, tmp_path / "out")
    text = page.read_text(encoding="utf-8")
    titles = re.findall(r"<h2[^>]*>([^<]+)</h2>", text)
    assert titles == ["小组回答（文化落地）", "小组回答（跨部门沟通）", "目标树", "我的行动计划"]
    sheets = openpyxl.load_workbook(book)
    assert sheets.sheetnames == titles
    assert "12,000,000" in text
    tree = sheets["目标树"]
    assert [cell.value for cell in tree[2]] == [12_000_000, 6, "全年平稳", 230_000.5]
    assert all(cell.alignment.wrap_text for row in tree.iter_rows() for cell in row)
    # A date stands in one line.
    assert '<td class="w">2027-03-03</td>' in text
    events = [event for event in Calendar.from_ical(ics.read_bytes()).walk() if event.name == "VEVENT"]
    assert ("第一步：周三", "2027-03-03") in {
        (str(event["summary"]), str(event.decoded("dtstart"))) for event in events
    }


def test_a_workbook_can_be_read_and_printed_as_it_is(tmp_path: Path) -> None:
    session = open_session(tmp_path / "session", "ann")
    long = "每周一9点晨会，点名感谢一位帮过忙的同事，并说清帮的是什么忙、谁因此少走了哪一步。" * 3
    session.keep("action_plan", [{"area": "goals", "commitment": long}])
    take_home(session, tmp_path / "home")
    page = openpyxl.load_workbook(tmp_path / "home" / "my_workbook.xlsx").active
    assert page is not None
    # Not every program works out heights when it opens a file: 243 cells of text in 26 are ten lines.
    assert page.row_dimensions[2].height == 10 * 15 + 2
    assert page["B2"].alignment.horizontal == "left"
    for check in openpyxl.load_workbook(tmp_path / "home" / "self_check.xlsx").worksheets:
        assert check.page_setup.fitToWidth == 1
        assert check.page_setup.orientation == "landscape"
        assert check.row_dimensions[4].height == 5 * 15 + 2  # 243 in 50
