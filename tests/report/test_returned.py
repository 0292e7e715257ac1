"""Checks that come back: read whatever the files are called, counted once a person, nothing private, kept beside the plan."""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from kpisim.report.cohort import cohort_report
from kpisim.report.returned import KIND, _shown, collect
from kpisim.report.returns import LeftOut, Returned, _day, read_return, read_returns
from kpisim.report.take_home import take_home
from kpisim.session import open_session
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.session import Session

pytestmark = pytest.mark.unit

WORDS = {0: ("not begun", "还没开始"), 50: ("half-way", "做到一半"), 100: ("kept it", "已做到")}


def plan(place: int) -> list[dict[str, Any]]:
    areas = ("culture", "goals", "pressure")
    return [
        {"area": area, "commitment": f"PROMISE-{place} {area}", "measure": "count", "helper": f"HELPER{place}",
         "date": "2099-05-01" if area == "goals" else ""}
        for area in areas
    ]  # fmt: skip


@pytest.fixture
def room(tmp_path: Path) -> list[Session]:
    """Give six laptops with a plan each, and private sheets that must not come out anywhere."""
    made = []
    for place in range(6):
        session = open_session(tmp_path / f"laptop {place}", f"code{place}")
        session.keep("action_plan", plan(place))
        session.keep_private("abc_sheet", [{"event": f"SECRET{place}"}])
        session.keep_private("stressors", [{"source": "boss", "strength": 5.0}])
        made.append(session)
    return made


def exported(session: Session, folder: Path, lang: Any = "zh") -> tuple[Path, Path]:
    """Return the check of one person as a page and as a workbook."""
    with language(lang):
        files = {file.name: file for file in take_home(session, folder)}
    return files["self_check.html"], files["self_check.xlsx"]


def tick_page(page: Path, to: Path, marks: list[int | None], since: str = "", reasons: str = "", days: int = 30) -> Path:  # fmt: skip
    """Save a page as the Keep button does: with ticks as attributes."""
    text = page.read_text(encoding="utf-8")
    for place, mark in enumerate(marks):
        if mark is not None:
            asked = f'name="d{days}-{place}" value="{mark}"'
            assert asked in text
            text = text.replace(asked, f'{asked} checked=""')
        if mark == 100 and since:
            text = text.replace(f'id="o{days}-{place}"', f'id="o{days}-{place}" value="{since}"')
    for name in reasons.split():
        letter, value = name.split(":")
        text = text.replace(f'name="{letter}{days}" value="{value}"', f'name="{letter}{days}" value="{value}" checked')  # fmt: skip
    text = text.replace("</textarea>", "SENTENCE</textarea>")
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(text, encoding="utf-8")
    return to


def tick_book(book: Path, to: Path, marks: list[int | None], lang: str, since: Any = None, reasons: tuple[str, ...] = ()) -> Path:  # fmt: skip
    made = openpyxl.load_workbook(book)
    page = made.worksheets[0]
    for line in range(1, page.max_row + 1):
        key = str(page[f"A{line}"].value or "")
        if key.startswith("action "):
            mark = marks[int(key.split()[1])]
            page[f"D{line}"] = None if mark is None else WORDS[mark][lang == "zh"]
            page[f"E{line}"] = since if mark == 100 else None
            page[f"F{line}"] = "SENTENCE"
        if key in reasons:
            page[f"D{line}"] = "x"
    page.insert_rows(3)  # somebody made room for a note
    to.parent.mkdir(parents=True, exist_ok=True)
    made.save(to)
    return to


def looks(session: Session) -> Any:
    kept = session.latest(KIND)
    assert kept is not None
    return kept["looks"]


def planned(session: Session) -> Any:
    return session.entries("action_plan")[-1].at.astimezone().date()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_and_workbook_of_one_check_say_the_same(lang: Any, room: list[Session], tmp_path: Path) -> None:
    day = planned(room[0]) + timedelta(days=12)
    page, book = exported(room[0], tmp_path / "home", lang)
    one = read_return(
        tick_page(page, tmp_path / "a.html", [100, 50, None], day.isoformat(), "h:asked w:time")
    )
    two = read_return(
        tick_book(book, tmp_path / "b.xlsx", [100, 50, None], lang, day, ("helped asked", "hindered time"))
    )
    assert isinstance(one, Returned)
    assert isinstance(two, Returned)
    assert (one.code, one.planned, one.words) == (two.code, two.planned, two.words)
    assert one.looks == two.looks
    look = one.looks[30]
    assert [(action.area, action.mark, action.since) for action in look.actions] == [
        ("culture", 100, day), ("goals", 50, None), ("pressure", None, None)
    ]  # fmt: skip
    assert (look.helped, look.hindered, look.answered, one.looks[60].answered) == (
        ("asked",),
        ("time",),
        2,
        0,
    )


def test_a_folder_of_everything_that_comes_back(room: list[Session], tmp_path: Path) -> None:
    """Renamed, Chinese folder with a space, twice the same, half filled, another year's, a stray file, Excel's leftovers."""
    back = tmp_path / "收回 30天"
    day = planned(room[0]) + timedelta(days=10)
    first = tick_page(exported(room[0], tmp_path / "0")[0], back / "我的自查（张三）.html", [100, 50, 0], day.isoformat())  # fmt: skip
    shutil.copy(first, back / "我的自查（张三） (1).html")
    half = exported(room[1], tmp_path / "1")[1]
    tick_book(half, back / "内层 文件夹" / "x y.xlsx", [50, None, None], "zh")
    other = open_session(tmp_path / "last year", "somebody")
    other.keep("action_plan", [{"area": "goals", "commitment": "another room's"}])
    tick_page(exported(other, tmp_path / "other")[0], back / "last.html", [100])
    newer = exported(room[2], tmp_path / "2")[0].read_text(encoding="utf-8")
    (back / "newer.html").write_text(newer.replace('data-check="2"', 'data-check="3"'), encoding="utf-8")
    exported(room[3], tmp_path / "3")[0].rename(back / "blank.html")
    (back / "notes.txt").write_text("buy milk", encoding="utf-8")
    (back / "broken.xlsx").write_bytes(b"PK no workbook")
    (back / "~$x y.xlsx").write_bytes(b"lock")
    with language("en"):
        found = collect(room, back)
        said = found.lines()
    assert (found.people, found.files, found.again) == (2, 3, 1)
    assert said[0] == "Checks read: 3, people: 2"
    why = dict(line.split(": ", 1) for line in said[2:])
    assert set(why) == {"last.html", "newer.html", "blank.html", "notes.txt", "broken.xlsx"}
    assert "another room or another year" in why["last.html"]
    assert "newer version" in why["newer.html"]
    assert "nothing ticked" in why["blank.html"]
    kept = looks(room[0])["30"]["actions"]
    assert [one["mark"] for one in kept] == [100, 50, 0]
    assert [one["mark"] for one in looks(room[1])["30"]["actions"]] == [50, None, None]
    assert room[2].latest(KIND) is None
    # The same folder once more keeps nothing new.
    before = len(room[0].entries(KIND))
    collect(room, back)
    assert len(room[0].entries(KIND)) == before == 1


def test_a_page_of_the_version_before_is_found_by_its_commitments(
    room: list[Session], tmp_path: Path
) -> None:
    page = tick_page(exported(room[4], tmp_path / "4")[0], tmp_path / "back" / "old.html", [100, 0, 50])
    text = re.sub(r' data-(check|code|planned|area)="[^"]*"', "", page.read_text(encoding="utf-8"))
    text = text.replace(' class="action"', "")
    page.write_text(re.sub(r"<fieldset><legend>什么.*?</fieldset>", "", text), encoding="utf-8")
    collect(room, page.parent)
    kept = looks(room[4])["30"]["actions"]
    assert [(one["area"], one["mark"]) for one in kept] == [("culture", 100), ("goals", 0), ("pressure", 50)]


def test_a_later_check_is_put_beside_the_earlier_one(room: list[Session], tmp_path: Path) -> None:
    page, book = exported(room[0], tmp_path / "0")
    tick_page(page, tmp_path / "may" / "a.html", [50, 0, 0])
    tick_page(page, tmp_path / "june" / "a.html", [100, 100, 0], days=60)
    tick_book(book, tmp_path / "june" / "b.xlsx", [100, None, None], "zh")
    collect(room, tmp_path / "may")
    collect(room, tmp_path / "june")
    after = looks(room[0])
    assert [one["mark"] for one in after["60"]["actions"]] == [100, 100, 0]
    # The workbook says less about day 30 than what is there already.
    assert [one["mark"] for one in after["30"]["actions"]] == [50, 0, 0]


def cells(page: str) -> list[list[str]]:
    return [
        [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line)]
        for line in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_of_the_room_counts_them_by_hand(lang: Any, room: list[Session], tmp_path: Path) -> None:
    back = tmp_path / "back"
    for place, session in enumerate(room[:5]):
        # Kept after 10, 12, 14, 16, 18 days: median 14.
        since = (planned(session) + timedelta(days=10 + 2 * place)).isoformat()
        reasons = "h:asked w:time" if place < 3 else "h:asked"
        page = exported(session, tmp_path / f"h{place}", lang)[0]
        tick_page(page, back / f"{place}.html", [100, 50, 0 if place else None], since, reasons)
    collect(room, back)
    with language(lang):
        text = cohort_report(room, tmp_path / "x.html").read_text(encoding="utf-8")
    name = {"zh": "30天", "en": "30 days"}[lang]
    (row,) = [line for line in cells(text) if line and line[0] == name]
    assert row[1:] == [{"zh": "5/6", "en": "5 of 6"}[lang], "5", "5", "4", "1", "14"]
    goals = {"zh": "· 目标", "en": "· goals"}[lang]
    (row,) = [line for line in cells(text) if line and line[0] == goals]
    assert row[1:] == ["", "0", "5", "0", "0", "–"]
    said = re.sub("<[^>]+>", "", text)
    sums = {
        "zh": "6人有行动计划，其中6人写了日期；共18项承诺，6项有日期。5人交回了自查表。",
        "en": "People with a plan: 6, with a date in it: 6. Commitments: 18, with a date: 6. People whose check came back: 5.",
    }
    assert sums[lang] in said
    reason = {"zh": "什么帮上了忙？ 有人来问我：5", "en": "What helped? somebody asked me about it: 5"}
    assert reason[lang] in said
    assert {"zh": "没时间：3", "en": "no time for it: 3"}[lang] in said
    # Letters of a font or a picture may spell any short word.
    written = re.sub(r"data:[\w/+.-]+;base64,[\w+/=]+", "", text)
    for hidden in ("SECRET", "HELPER", "SENTENCE", "code1", "boss", "上级施压"):
        assert hidden not in written


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        ({"goals": {0, 1, 2}, "culture": {0, 1, 2, 3}}, {"goals", "culture"}),
        # One alone in an area: all less the other two would be theirs, so the smaller of these is not shown either.
        ({"goals": {0, 1, 2}, "culture": {0, 1, 2, 3}, "pressure": {4}}, {"culture"}),
        ({"goals": {0, 1, 2}, "pressure": {4}}, set()),
        # What two areas leave over is that of three people.
        ({"goals": {0, 1, 2}, "culture": {3}, "pressure": {4, 5}}, {"goals"}),
        # A file of version 1 may name no area.
        ({"goals": {0, 1, 2}, "": {3, 4, 5}}, {"goals"}),
        ({"goals": {0, 1}}, set()),
    ],
)
def test_no_part_is_shown_whose_rest_would_be_one_or_two_peoples(people: Any, shown: set[str]) -> None:
    assert _shown(people) == shown


def test_few_returns_show_no_reasons_and_fewer_no_marks(room: list[Session], tmp_path: Path) -> None:
    for place, session in enumerate(room[:4]):
        page = exported(session, tmp_path / f"h{place}")[0]
        tick_page(page, tmp_path / "back" / f"{place}.html", [100, 50, 0], reasons="h:asked w:forgot")
        collect(room, tmp_path / "back")
        with language("en"):
            said = re.sub("<[^>]+>", "", cohort_report(room, tmp_path / "x.html").read_text(encoding="utf-8"))
        assert "I forgot it" not in said
        assert f"People whose check came back: {place + 1}." in said
        # Marks are shown from exactly three people on.
        shown = [
            line[1:3]
            for line in cells((tmp_path / "x.html").read_text(encoding="utf-8"))
            if line[:1] == ["30 days"]
        ]
        assert shown[-1] == [
            f"{place + 1} of 6",
            str(place + 1) if place >= 2 else "too few: shown from 3 people on",
        ]
    (row,) = [line for line in cells((tmp_path / "x.html").read_text(encoding="utf-8")) if line[:1] == ["30 days"]]  # fmt: skip
    assert row[1:6] == ["4 of 6", "4", "4", "4", "0"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_cannot_be_read_is_told_in_one_line(lang: Any, room: list[Session], tmp_path: Path) -> None:
    (tmp_path / "leer").mkdir()
    with language(lang):
        for folder in ("no such", "leer"):
            with pytest.raises(UserError) as problem:
                collect(room, tmp_path / folder)
            assert folder in str(problem.value)
        (tmp_path / "x.pdf").write_bytes(b"%PDF")
        found = read_return(tmp_path / "x.pdf")
        assert isinstance(found, LeftOut)
        assert str(found).startswith("x.pdf：" if lang == "zh" else "x.pdf: ")


def test_a_workbook_with_a_wrong_byte_stops_no_other_file(room: list[Session], tmp_path: Path) -> None:
    """Mail and chat programs cut files off and change bytes; whatever byte it is, the file is a line of its own."""
    book = exported(room[0], tmp_path / "home")[1]
    whole = book.read_bytes()
    bad = tmp_path / "bad.xlsx"
    for place in range(0, len(whole), len(whole) // 15):
        changed = bytearray(whole)
        changed[place] ^= 0xFF
        bad.write_bytes(changed)
        assert isinstance(read_return(bad), (LeftOut, Returned))
    bad.write_bytes(whole[: len(whole) // 2])
    assert isinstance(read_return(bad), LeftOut)


def test_a_mark_that_somebody_typed_over_is_no_look_back(room: list[Session], tmp_path: Path) -> None:
    file = exported(room[0], tmp_path / "home")[1]
    book = openpyxl.load_workbook(file)
    first = book.worksheets[0]
    first["A1"] = str(first["A1"].value).rpartition(" ")[0] + " soon"
    book.save(file)
    found = read_return(file)
    assert isinstance(found, Returned)
    assert list(found.looks) == [60, 90]


@pytest.mark.parametrize(
    ("typed", "since"),
    [
        ("2027-03-05", date(2027, 3, 5)),
        ("2027/3/5", date(2027, 3, 5)),
        (" 2027.3.5 ", date(2027, 3, 5)),
        ("2027年3月5日", date(2027, 3, 5)),
        (datetime.fromisoformat("2027-03-05T09:00"), date(2027, 3, 5)),
        (date(2027, 3, 5), date(2027, 3, 5)),
        ("2027-02-29", None),
        ("last week", None),
        (46086, None),
        (None, None),
    ],
)
def test_a_day_may_be_typed_as_people_write_it(typed: object, since: date | None) -> None:
    assert _day(typed) == since


def test_a_mark_may_be_a_word_or_a_number_of_per_cent(room: list[Session], tmp_path: Path) -> None:
    """A cell formatted in per cent holds 1 for 100 %."""
    typed: dict[Any, int | None] = {
        1: 100, 0.5: 50, 0: 0, 100: 100, 50: 50, 49.6: 50, "kept it": 100, " Half-way ": 50, "还没开始": 0,
        0.3: None, 75: None, "perhaps": None, "": None, None: None,
    }  # fmt: skip
    file = exported(room[0], tmp_path / "home")[1]
    book = openpyxl.load_workbook(file)
    page = book.worksheets[0]
    [line] = [
        row[0].row for row in page.iter_rows(max_col=1) if str(row[0].value or "").startswith("action 0")
    ]
    found = {}
    for value in [*typed, True]:
        page[f"D{line}"] = value
        book.save(file)
        one = read_return(file)
        assert isinstance(one, Returned)
        found[str(value)] = one.looks[30].actions[0].mark
    assert found == {str(value): mark for value, mark in typed.items()} | {"True": None}


def test_a_file_too_large_for_a_check_is_not_opened(
    room: list[Session], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = exported(room[0], tmp_path / "home")[0]
    assert isinstance(read_return(page), Returned)
    monkeypatch.setattr("kpisim.report.returns.LARGEST", page.stat().st_size - 1)
    assert isinstance(read_return(page), LeftOut)


def test_a_page_without_commitments_and_a_folder_that_is_none(tmp_path: Path) -> None:
    page = tmp_path / "x.html"
    page.write_text("<main data-check='2'><section data-day='30'></section></main>", encoding="utf-8")
    found = read_return(page)
    assert isinstance(found, LeftOut)
    assert "no 30/60/90-day check" in str(found)
    with pytest.raises(UserError, match="no such folder"):
        read_returns(page)
    gone = read_return(tmp_path / "gone.html")
    assert isinstance(gone, LeftOut)
    assert "cannot be read" in str(gone)
