"""The command that looks at the room after the day, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kpisim.session import open_session

if TYPE_CHECKING:
    from tests.cli.conftest import Kpisim

pytestmark = pytest.mark.unit


def laptops(count: int) -> list[str]:
    for place in range(count):
        session = open_session(Path(f"day{place}") / "session")
        session.keep("action_plan", [{"area": "goals", "commitment": f"C{place}", "date": "2027-03-01"}])
    return [f"day{place}" for place in range(count)]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_folders_of_three_laptops_become_one_page(kpisim: Kpisim, lang: str) -> None:
    said = kpisim("cohort", *laptops(3), "-o", "全场.html", "--lang", lang)
    assert (said.code, said.err) == (0, "")
    text = Path("全场.html").read_text(encoding="utf-8")
    assert all(f"C{place}" in text for place in range(3))


@pytest.mark.parametrize(
    ("lang", "said_first", "said_last"),
    [
        ("zh", "读到1份自查表，来自1人", "1人交回了自查表"),
        ("en", "Checks read: 1, people: 1", "whose check came back: 1."),
    ],
)
def test_checks_that_came_back_are_read_told_and_kept(
    kpisim: Kpisim, lang: str, said_first: str, said_last: str
) -> None:
    days = laptops(3)
    kpisim("takehome", days[0], "-o", "home", "--lang", lang)
    page = Path("home/self_check.html").read_text(encoding="utf-8")
    back = Path("收回 的表")
    back.mkdir()
    ticked = page.replace('name="d30-0" value="100"', 'name="d30-0" value="100" checked')
    (back / "王.html").write_text(ticked, encoding="utf-8")
    (back / "x.txt").write_text("", encoding="utf-8")
    said = kpisim("cohort", *days, "--returns", str(back), "-o", "a.html", "--lang", lang)
    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert (lines[0], lines[-1]) == (said_first, "a.html")
    assert lines[1].startswith("x.txt")
    # Kept: without the folder the next page still knows.
    kpisim("cohort", *days, "-o", "b.html", "--lang", lang)
    assert said_last in Path("b.html").read_text(encoding="utf-8")
    wrong = kpisim("cohort", *days, "--returns", "nowhere", "--lang", lang)
    assert (wrong.code, len(wrong.err.strip().splitlines())) == (2, 1)


@pytest.mark.parametrize(("lang", "word"), [("zh", "不满3人"), ("en", "fewer than 3")])
def test_too_few_are_refused_in_one_line(kpisim: Kpisim, lang: str, word: str) -> None:
    said = kpisim("cohort", *laptops(2), "--lang", lang)
    assert said.code == 2
    assert word in said.err
    assert len(said.err.strip().splitlines()) == 1
    assert not Path("cohort.html").exists()


def test_a_folder_without_a_session_is_told_and_not_made(kpisim: Kpisim) -> None:
    said = kpisim("cohort", "nowhere")
    assert said.code == 2
    assert "nowhere" in said.err
    assert not Path("nowhere").exists()
