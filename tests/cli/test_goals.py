"""``kpisim goals`` and ``kpisim cascade``: what they print, and what a slip gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from click.testing import CliRunner

from kpisim.cli import cli
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit


def said(*words: str, lang: Any = "en") -> str:
    with language(lang):
        found = CliRunner().invoke(cli, list(words))
    if found.exception is not None:
        raise found.exception
    return found.output


@pytest.mark.parametrize(("lang", "fails", "passes"), [("en", "fail", "pass"), ("zh", "不通过", "通过")])
def test_a_goal_in_words(lang: Any, fails: str, passes: str) -> None:
    bad = said("goals", "提高业绩", "--today", "2027-03-01", lang=lang)
    assert bad.count(fails) == 4
    good = "华东区张伟在2027年6月30日前新签客户12家，以支撑公司年度增长目标"
    assert said("goals", good, "--today", "2027-03-01", lang=lang).count(f"✓ {passes}") == 4


@pytest.mark.parametrize("nothing", ["", "  "])
def test_no_goal_is_no_failed_goal(nothing: str) -> None:
    with pytest.raises(UserError, match="write it in words"):
        said("goals", nothing)


def test_a_word_like_none_of_the_choices_names_them_once() -> None:
    with pytest.raises(UserError) as problem:
        said("--lang", "fr", "goals", "x")
    assert str(problem.value) == "--lang: fr cannot be chosen; choose one of zh, en"


def test_goals_of_a_file_hang_together(tmp_path: Path) -> None:
    file = tmp_path / "目标.yaml"
    file.write_text(
        "- {id: all, kpi: revenue_booked, target: 100, level: company}\n"
        "- {id: east, kpi: revenue_booked, target: 60, parent: all, level: team}\n"
        "- {id: south, kpi: revenue_booked, target: 30, parent: all, level: team}\n",
        encoding="utf-8",
    )
    text = said("goals", str(file), "--today", "2027-03-01")
    assert "10" in text.splitlines()[-1] or any("10.00" in line for line in text.splitlines())


def test_a_cascade_adds_up_and_is_saved(tmp_path: Path) -> None:
    out = tmp_path / "parts.csv"
    text = said(
        "cascade", "1000", "--kpi", "new_customers", "--team", "华东=李雷，韩梅梅,王芳", "-o", str(out)
    )
    assert "All parts add up exactly" in text
    parts = pd.read_csv(out)
    assert (tmp_path / "parts.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    year = parts[(parts["level"] == "person") & (parts["grain"] == "year")]
    assert sorted(year["target"]) == [333, 333, 334]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("cascade", "100", "--kpi", "csat"), "does not split"),
        (("cascade", "100", "--team", "east"), "write the team and its reps"),
        (("cascade", "100", "--team", "A=B,B"), "named twice"),
        (("cascade", "100", "--team", "A=B", "--team", "A=C"), "named twice"),
        (("cascade", "--", "-5"), "0"),
        (("goals", "nowhere.yaml"), "no such file"),
        (("goals", "sell more", "--today", "tomorrow"), "is not a date"),
    ],
)
def test_a_slip_gets_one_line(words: tuple[str, ...], says: str) -> None:
    with pytest.raises(UserError) as problem:
        said(*words)
    assert says in str(problem.value)
