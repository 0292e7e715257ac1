"""Exercises: built from the solutions, failing unfilled, passing solved, a hint for each wrong answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest

from kpisim.course.exercises import BEGIN, END, NAME, TASKS, check, given_tables, texts
from kpisim.kpi import measure_values
from kpisim.scenario import load
from kpisim.text import UserError, language

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]


def test_exercises_and_solutions_are_built_from_the_tasks() -> None:
    """Written anew by ``python -m kpisim.course.exercises``."""
    for name, content in texts().items():
        assert (ROOT / name).read_text(encoding="utf-8") == content, name


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_markers_are_balanced_and_exercises_hold_no_solution(lang: str) -> None:
    solved = (ROOT / "solutions" / lang / NAME).read_text(encoding="utf-8")
    blank = (ROOT / "exercises" / lang / NAME).read_text(encoding="utf-8")
    assert solved.count(BEGIN) == solved.count(END) == len(TASKS)
    assert BEGIN not in blank
    for task in TASKS:
        assert task.solution.splitlines()[0] not in blank


def run(folder: str, lang: str) -> dict[str, bool]:
    """Run a notebook's cells and return what each check said."""
    cells = [
        c.source
        for c in nbformat.read(str(ROOT / folder / lang / NAME), as_version=4).cells
        if c.cell_type == "code"
    ]
    space: dict[str, Any] = {}
    for source in cells:
        if source.startswith("check("):
            name = source.split('"')[1]
            space[f"said-{name}"] = eval(source, space)  # noqa: S307  (our own notebook)
        else:
            exec(source, space)  # noqa: S102  (our own notebook)
    return {name: said for name, said in space.items() if name.startswith("said-")}


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_solutions_pass_and_unfilled_exercises_fail(lang: str) -> None:
    assert set(run("solutions", lang).values()) == {True}
    assert set(run("exercises", lang).values()) == {False}


def win_rate() -> float:
    value = measure_values(given_tables(), ["conversion_closed"])["conversion_closed"].value
    assert value is not None
    return value


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("change", 0.05, "a changed scenario"),
        ("change", load("default"), "still the old one"),
        ("change", load("default").derive({"incentive.commission_rate": 0.5}), "not to 5 %"),
        ("direction", "sideways", "one of the words"),
        ("rate", "high", "a number between"),
        ("rate", 0.9, "won ÷ (won + lost)"),
        ("rate", None, "nothing filled in"),
    ],
)
def test_wrong_answers_get_the_hint_that_fits(
    name: str, answer: Any, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with language("en"):
        assert check(name, answer) is False
    assert says in capsys.readouterr().out.lower()


def test_a_rate_in_per_cent_is_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("rate", win_rate())
    assert not check("rate", 100 * win_rate())
    assert "fractions" in capsys.readouterr().out


def test_an_unknown_exercise_gets_the_nearest() -> None:
    with pytest.raises(UserError, match="did you mean change"):
        check("chang", 1)
