"""The page of evidence: one file, a figure with words for each case, in both languages."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from kpisim.cli import cli
from kpisim.evidence import get
from kpisim.text import language, t

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.text import Language

pytestmark = pytest.mark.functional


@pytest.mark.parametrize(("lang", "word"), [("zh", "证据"), ("en", "Evidence")])
def test_the_page_needs_nothing_else(lang: Language, word: str, tmp_path: Path) -> None:
    target = tmp_path / "证据 page.html"
    typed = ["evidence", "--only", "juggling", "--only", "team_pay", "--report", str(target), "--lang", lang]
    with language(lang):
        said = CliRunner().invoke(cli, typed)
    assert said.exit_code == 0, said.output
    page = target.read_text(encoding="utf-8")
    assert word in page
    assert page.count("<figure>") == 2
    assert all(alt for alt in re.findall(r'<img[^>]* alt="([^"]*)"', page))
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", page)


def test_a_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    said = CliRunner().invoke(
        cli, ["evidence", "--only", "juggling", "--report", str(tmp_path / "taken" / "a.html")]
    )
    assert said.exit_code != 0


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "word"), [("zh", "三个故事"), ("en", "Three stories")])
def test_three_stories_on_one_page(lang: Language, word: str, tmp_path: Path) -> None:
    target = tmp_path / "stories.html"
    with language(lang):
        said = CliRunner().invoke(cli, ["stories", "-n", "2", "-o", str(target), "--lang", lang])
    assert said.exit_code == 0, said.output
    page = target.read_text(encoding="utf-8")
    assert word in page
    # Differences for each, and both sides of two of them.
    assert (page.count("<section"), page.count("<figure>")) == (3, 3 + 2 * 2)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_says_what_is_compared_and_where_the_figure_was_seen(lang: Language, tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    case = get("myth_feedback")
    with language(lang):
        said = CliRunner().invoke(
            cli, ["evidence", "--only", case.name, "--report", str(target), "--lang", lang]
        )
        texts = [str(text) for text in (case.title, case.setting, case.a, case.b, case.reason, case.limits)]
        texts += [case.source, t(case.status), t("refuted")]
    assert said.exit_code == 0, said.output
    page = target.read_text(encoding="utf-8")
    assert not [text for text in texts if escape(text) not in page]


def test_report_without_a_name_has_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(cli, ["evidence", "--only", "juggling", "--report"])
    assert said.exit_code == 0, said.output
    assert (tmp_path / "evidence.html").is_file()
