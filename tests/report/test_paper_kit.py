"""The paper kit: everything of the day is on it, nothing a participant must not read, and a card keeps to its page."""

from __future__ import annotations

import re
from html import unescape
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from kpisim.course import lessons, sheets
from kpisim.course.rounds import a_round, play_round, read_round, rounds
from kpisim.kpi.registry import kpi
from kpisim.report import browser
from kpisim.report.paper import write_kit
from kpisim.report.paper.form import form, rows_on_paper
from kpisim.report.paper.pages import agenda, cards, participant, trainer
from kpisim.report.paper.rounds import blank_round, extremes, played_rounds
from kpisim.report.paper.write import STYLE, page
from kpisim.show.numbers import amount
from kpisim.text import LANGUAGES, Language, UserError, language
from kpisim.text.cells import width

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit


def plain(html: str) -> str:
    """Return what one reads, without the marks and blanks of the markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", html)))


def told(text: str) -> str:
    """Return Markdown of the course as it is read on the page."""
    return re.sub(r"\s+", " ", re.sub(r"(?m)^- |\*\*|`", "", text)).strip()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_whole_day_is_on_the_participants_paper(lang: Language) -> None:
    with language(lang):
        html = participant()
        read = plain(html)
        assert sorted(re.findall(r'data-sheet="(\w+)"', html)) == sorted(sheets())
        for taught in lessons():
            for step in taught.steps:
                assert str(step.title.text()) in read
                first = getattr(step.text, lang).strip().split("\n")[0]
                assert told(first) in read, step.name
            for case in taught.cases:
                assert all(str(one.text()) in read for one in (*case.facts, *case.questions))
            for question in taught.questions:
                assert all(str(one.text()) in read for one in (question.text, *question.answers))
        for played in rounds().values():
            assert all(str(lever.label.text()) in read for lever in played.inputs)
        for sheet in sheets().values():
            assert all(
                str(field.label.text()) in read for field in sheet.fields if sheet.name != "timebox_week"
            )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_only_the_trainer_may_read_is_in_that_part_alone(lang: Language) -> None:
    with language(lang):
        mine, theirs, guide = plain(participant()), plain(cards()), plain(trainer())
    keys = [
        *(getattr(case.key, lang) for taught in lessons() for case in taught.cases),
        *(getattr(step.notes, lang) for taught in lessons() for step in taught.steps),
    ]
    for key in keys:
        first = told(key.strip().split("\n")[0])
        assert first in guide
        assert first not in mine
        assert first not in theirs
    for taught in lessons():
        for question in taught.questions:
            why = getattr(question.why, lang)
            assert why in guide
            assert why not in mine


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_code_is_on_paper(lang: Language) -> None:
    with language(lang):
        read = plain(participant() + cards() + trainer())
    assert not re.search(r"\bimport\b|\w\(\)|\w\(\"", read)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_role_card_has_a_page_with_an_empty_back(lang: Language) -> None:
    scenes = [scene for taught in lessons() for scene in taught.roleplays]
    with language(lang):
        pages = re.findall(r'<section class="page.*?</section>', cards(), re.DOTALL)
        mine = plain(participant())
    secrets = [told(getattr(card, lang)) for scene in scenes for card in (scene.card_a, scene.card_b)]
    assert len(pages) == 2 * len(secrets) + len(scenes)
    for place, secret in enumerate(secrets):
        front, back = pages[2 * place], pages[2 * place + 1]
        on_it = [one for one in secrets if one in plain(front)]
        assert on_it == [secret]
        assert not any(one in plain(back) for one in secrets)
        assert secret not in mine
    for scene, rubric in zip(scenes, pages[2 * len(secrets) :], strict=True):
        assert all(str(getattr(one, lang)) in plain(rubric) for one in scene.rubric)
        assert not any(one in plain(rubric) for one in secrets)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_asks_for_nothing_and_brings_its_font(lang: Language) -> None:
    with language(lang):
        html = page("x", participant())
    assert not re.search(r'(?:src|href)\s*=\s*"(?!data:)|https?://|<script|@import|url\("(?!data:)', html)
    assert "@font-face" in html
    assert "size: A4" in html


def test_private_sheets_stand_on_paper_of_their_own() -> None:
    for sheet in sheets().values():
        html = form(sheet)
        assert ("private-sheet" in html) == sheet.private
        assert ("take this page home" in html) == sheet.private


def test_rows_are_as_many_as_one_fills_by_hand() -> None:
    known = sheets()
    assert rows_on_paper(known["priority_matrix"]) == 12  # all of 4 to 12, a line each
    assert rows_on_paper(known["action_plan"]) == 4  # 3 to 6, sentences
    assert rows_on_paper(known["scorecard"]) == 7  # all of 3 to 7
    assert form(known["scorecard"]).count('class="number-of-row"') == 7


def test_the_agenda_adds_up_to_the_day() -> None:
    rows = re.findall(r'<td>(\d\d:\d\d)</td><td class="n">(\d+)</td>', agenda())
    for (start, minutes), (later, _) in pairwise(rows):
        hours, rest = divmod(60 * int(start[:2]) + int(start[3:]) + int(minutes), 60)
        assert f"{hours:02d}:{rest:02d}" == later
    pauses = re.findall(r'class="pause"><td>[\d:]+</td><td class="n">(\d+)', agenda())
    assert pauses == ["10", "65", "15", "5"]


def test_a_short_sheet_stays_in_one_piece_with_its_heading() -> None:
    known = sheets()
    assert 'class="sheet short"' in form(known["culture_action_plan"])
    assert 'class="sheet short"' not in form(known["priority_matrix"])
    # Of a rule with :has within :has a browser reads nothing, not even what stands beside it.
    style = STYLE.read_text("utf-8")
    open_ = [style[one.end() :].split(")")[0] for one in re.finditer(r":has\(", style)]
    assert open_
    assert not [inner for inner in open_ if ":has(" in inner or inner.count("(") > 1]


def test_without_a_browser_the_kit_is_html(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(browser.CHOSEN, "no-such-browser")
    files = write_kit(tmp_path / "纸 kit")
    assert [file.name for file in files] == ["participant_en.html", "role_cards_en.html"]
    assert sorted(files) == sorted((tmp_path / "纸 kit").iterdir())


def test_a_browser_that_prints_nothing_leaves_html(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(browser.CHOSEN, "python")
    assert browser.find_browser() is not None
    assert not browser.print_pdf(write_kit(tmp_path, pdf=False)[0], tmp_path / "x.pdf")
    assert {file.suffix for file in tmp_path.iterdir()} == {".html"}


def test_browsers_are_found_where_windows_keeps_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(browser.CHOSEN, raising=False)
    monkeypatch.setattr("shutil.which", lambda _: None)
    for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(browser, "_MAC", ())
    assert browser.find_browser() is None
    edge = tmp_path / "Microsoft" / "Edge" / "Application" / "msedge.exe"
    edge.parent.mkdir(parents=True)
    edge.touch()
    monkeypatch.setenv("PROGRAMFILES(X86)", str(tmp_path))
    assert browser.find_browser() == str(edge)
    monkeypatch.setattr("shutil.which", lambda name: f"there/{name}" if name == "chromium" else None)
    assert browser.find_browser() == "there/chromium"


def test_a_place_that_cannot_be_gets_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be written"):
        write_kit(tmp_path / "file" / "below", pdf=False)


@pytest.mark.slow
@pytest.mark.functional
def test_the_trainers_numbers_are_those_of_the_round(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KPISIM_CACHE", str(tmp_path))
    steps: list[tuple[int, int]] = []
    html = played_rounds(
        ["practice"], replications=2, workers=1, progress=lambda done, all_: steps.append((done, all_))
    )
    played = a_round("practice")
    (lever,) = played.inputs
    assert extremes(lever) == [0.0, 0.08]
    assert steps == [(1, 2), (2, 2)]
    versus = play_round(played, {lever.path: 0.08}, replications=2, workers=1)
    for reading in read_round(played, versus):
        assert amount(reading.after, kpi(reading.kpi).unit, played.base().currency) in plain(html)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_columns_fill_the_page_and_a_choice_stands_beside_its_box(lang: Language) -> None:
    with language(lang):
        for one in sheets().values():
            made = form(one)
            columns = [float(size) for size in re.findall(r'<col style="width: ([\d.]+)mm">', made)]
            if not columns:
                continue
            assert sum(columns) == pytest.approx(178, abs=0.5), one.name
            assert min(columns[1:]) >= 12, one.name
            for size, field in zip(columns[1:], one.fields, strict=True):
                ticked = field.kind == "choice" and any(other.kind == "long" for other in one.fields)
                words = [str(choice.label.text()) for choice in field.choices]
                if ticked and len(words) <= 4 and max(map(width, words)) <= 20:
                    # At this size of type a cell of text is some 1.4 mm wide, a box with its gap 6 mm.
                    assert size >= 6 + 1.4 * max(map(width, words)), (one.name, field.name)


def test_a_round_that_stops_half_way_has_its_board_on_paper(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KPISIM_CACHE", str(tmp_path))
    played = a_round("quarters")
    with language("en"):
        sheet = plain(blank_round(played))
        assert [sheet.count(f"{number} ") > 0 for number in range(1, 7)] == [True] * 6
        assert (
            sheet.index("2 Decide")
            < sheet.index("3 The board")
            < sheet.index("4 Adjust")
            < sheet.index("5 Note")
        )
        # Each lever is decided twice.
        assert all(sheet.count(str(lever.label.text())) == 2 for lever in played.inputs)
        small = played.model_copy(
            update={
                "sets": played.sets | {"calendar.warmup_weeks": 4, "team.size": 2},
                "inputs": played.inputs[:1],
            }
        )
        monkeypatch.setattr("kpisim.report.paper.rounds.rounds", lambda: {"quarters": small})
        read_out = plain(played_rounds(replications=2, workers=1))
    assert "Half-way, 1 Apr 2027" in read_out
    assert "one of 2 beginnings" in read_out


@pytest.mark.browser
@pytest.mark.slow
def test_a_browser_prints_it_card_by_card(tmp_path: Path) -> None:
    if browser.find_browser() is None:
        pytest.skip("no Chromium, Chrome or Edge on this machine: install one to print PDF")
    with language("zh"):
        files = write_kit(tmp_path)
    pages = [len(re.findall(rb"/Type /Page\b", file.read_bytes())) for file in files]
    assert [file.suffix for file in files] == [".pdf", ".pdf"]
    assert 25 <= pages[0] <= 40
    assert pages[1] == 15  # three scenes, two cards with a back each, and three rubrics
    assert sorted(files) == sorted(tmp_path.iterdir())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_step_begins_on_the_page_of_what_it_is_about(lang: Language) -> None:
    with language(lang):
        html = participant()
    leads = re.findall(r'<div class="lead"><h3>(.*?)</div>', html, re.DOTALL)
    assert len(leads) == html.count("<h3>") == sum(len(taught.steps) for taught in lessons())
    assert all("<p>" in lead or "<li>" in lead for lead in leads)
    rule = re.search(r"\.lead \{([^}]*)\}", page("x", html))
    assert rule is not None
    assert {"break-inside: avoid", "break-after: avoid"} <= {one.strip() for one in rule[1].split(";")}


def test_what_is_read_out_of_a_round_stands_on_one_page() -> None:
    rule = re.search(r"table\.results \{([^}]*)\}", page("x", participant()))
    assert rule is not None
    assert "break-inside: avoid" in rule[1]
