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
