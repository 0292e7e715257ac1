"""``kpisim profile`` and the commands that take its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Kpisim

pytestmark = pytest.mark.functional


@pytest.mark.parametrize(("lang", "words"), [("en", "12 reps"), ("zh", "12名销售代表")])
def test_files_that_the_other_commands_take(kpisim: Kpisim, lang: str, words: str) -> None:
    made = kpisim("profile", "retail", "--team-size", "12", "-o", "start", "--lang", lang)
    assert (made.code, made.err) == (0, "")
    assert words in made.out
    played = kpisim("run", "start/scenario.yaml", "-n", "2", "-o", "tables", "--workers", "1", "--lang", lang,
                    "-p", "calendar.weeks=13", "-p", "calendar.warmup_weeks=0")  # fmt: skip
    assert played.code == 0, played.err
    board = kpisim("board", "tables", "--scorecard", "start/scorecard.yaml", "-o", "board.md", "--lang", lang)
    assert board.code == 0, board.err
    kpis = kpisim("kpi", "tables", "--scorecard", "start/scorecard.yaml", "--lang", lang)
    assert kpis.code == 0, kpis.err
    parts = kpisim("cascade", "1000000", "--scenario", "start/scenario.yaml", "--lang", lang)
    assert parts.code == 0, parts.err
    again = kpisim("profile", "start/profile.yaml", "-o", "second", "--lang", lang)
    assert again.code == 0, again.err
    twice = kpisim("profile", "retail", "-o", "start", "--lang", lang)
    assert (twice.code, twice.err.count("\n")) == (2, 1)


def test_wrong_words(kpisim: Kpisim) -> None:
    wrong = kpisim("profile", "retial")
    assert (wrong.code, wrong.err) == (2, "kpisim: retial: no such industry; did you mean retail?\n")
    assert kpisim("profile", "retail", "--team-size", "0").code == 2
    listed = kpisim("profile")
    assert listed.out.count("\n") == 4
