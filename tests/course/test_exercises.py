"""Exercises: built from the solutions, failing unfilled, passing solved, a hint for each wrong answer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from kpisim.course.exercises import ANALYST, BEGIN, END, texts, unsolved
from kpisim.course.notebooks import NAMES
from kpisim.course.practice import PRACTISED, analyst, practice
from kpisim.course.practice.analyst import TASKS, check, given_tables
from kpisim.kpi import measure_values
from kpisim.scenario import load
from kpisim.text import UserError, language

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
PARTICIPANTS: dict[str, str] = {module: NAMES[module] for module in PRACTISED}
BOOKS = {ANALYST: len(TASKS)} | {
    name: len(practice(module).exercises) for module, name in PARTICIPANTS.items()
}


def cells(folder: str, lang: str, name: str) -> list[Any]:
    return list(nbformat.read(str(ROOT / folder / lang / name), as_version=4).cells)


def test_no_build_is_stale() -> None:
    """Written anew by ``python -m kpisim.course.exercises``; a file that nobody builds is stale as well."""
    built = texts()
    for name, content in built.items():
        stale = f"{name} is out of step; write it anew: python -m kpisim.course.exercises"
        assert (ROOT / name).read_text(encoding="utf-8") == content, stale
    there = {
        p.relative_to(ROOT).as_posix()
        for f in ("solutions", "exercises")
        for p in (ROOT / f).rglob("*.ipynb")
    }
    assert {name for name in there if ".ipynb_checkpoints" not in name} == set(built)


@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_title_has_one_colon_at_most(lang: str, name: str) -> None:
    title = cells("exercises", lang, name)[0].source.splitlines()[0]
    assert title.startswith("# ")
    assert len(re.findall("[:：]", title)) <= 1


@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_markers_are_balanced_and_exercises_hold_no_solution(lang: str, name: str) -> None:
    solved = (ROOT / "solutions" / lang / name).read_text(encoding="utf-8")
    assert solved.count(BEGIN) == solved.count(END) == BOOKS[name]
    assert BEGIN not in (ROOT / "exercises" / lang / name).read_text(encoding="utf-8")
    for one in cells("exercises", lang, name):
        if one.cell_type == "code" and (
            found := re.search(r"^(?:mine|answer|rate) = (.*)$", one.source, re.MULTILINE)
        ):
            assert found[1] == "None"


@pytest.mark.parametrize("name", BOOKS)
def test_both_languages_have_the_same_code(name: str) -> None:
    for folder in ("solutions", "exercises"):
        zh, en = (
            [c.source for c in cells(folder, lang, name) if c.cell_type == "code"] for lang in ("zh", "en")
        )
        assert [one.replace('set_language("zh")', 'set_language("en")') for one in zh] == en


@pytest.mark.parametrize("module", PARTICIPANTS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_participants_see_no_code_and_each_cell_stands_alone(lang: str, module: str) -> None:
    code = [c for c in cells("exercises", lang, PARTICIPANTS[module]) if c.cell_type == "code"]
    for one in code:
        assert one.metadata.tags == ["hide-input"]
        assert one.source.startswith("from kpisim.show.panels import ")
        assert one.outputs == []
    assert [re.search(r'exercise\("(\w+)", answer\)', c.source)[1] for c in code[1:]] == [  # type: ignore[index]
        one.name for one in practice(module).exercises
    ]


@pytest.mark.parametrize(
    "lines",
    [
        (BEGIN, "a = 1"),
        ("a = 1", END),
        (BEGIN, "a = 1", BEGIN, "b = 2", END),
        (BEGIN, END, END),
        (END, "a = 1", BEGIN),
    ],
)
def test_unbalanced_markers_are_refused(lines: tuple[str, ...]) -> None:
    with pytest.raises(UserError, match=r"cell-7: the (markers|solution)"):
        unsolved("\n".join(lines), "cell-7")


def test_a_solution_leaves_its_last_name_blank() -> None:
    source = f"before\n  {BEGIN}\nhelp = 2\nrate = help * 3\n{END}\nafter(rate)\n{BEGIN}\nx = 1\n{END}"
    assert unsolved(source) == "before\nrate = None\nafter(rate)\nx = None"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_code_of_the_analysts_fits_a_small_screen_and_says_nothing_twice(lang: str) -> None:
    code = [one.source for one in cells("solutions", lang, ANALYST) if one.cell_type == "code"]
    assert all(len(line) <= 88 for source in code for line in source.splitlines())
    checks = [source for source in code if source.startswith("check(")]
    assert len(checks) == len(TASKS)
    # The sentence that is printed says it; True below it would be a second answer.
    assert all(source.endswith(";") for source in checks)


def run(folder: str, lang: str) -> dict[str, bool]:
    """Run the analysts' notebook and return what each check said."""
    space: dict[str, Any] = {}
    for one in cells(folder, lang, ANALYST):
        if one.cell_type != "code":
            continue
        if one.source.startswith("check("):
            name = one.source.split('"')[1]
            space[f"said-{name}"] = eval(one.source.removesuffix(";"), space)  # noqa: S307  (our own notebook)
        else:
            exec(one.source, space)  # noqa: S102  (our own notebook)
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
        ("change", load("default").derive({"incentive.commission_rate": 0.5}), "not to 5%"),
        ("direction", "sideways", "one of the words"),
        ("direction", 7, "one of the words"),
        ("direction", np.array([1, 2]), "one of the words"),
        ("rate", "high", "a number between"),
        ("rate", 10**400, "a number between"),
        ("rate", np.array([1, 2]), "a number between"),
        ("rate", float("nan"), "a number between"),
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


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_second_wrong_answer_gets_one_hint_more(lang: Any, capsys: pytest.CaptureFixture[str]) -> None:
    analyst._wrong.clear()
    with language(lang):
        for lines in (1, 2):
            check("change", load("default"))
            said = capsys.readouterr().out.strip().splitlines()
            assert len(said) == lines
    assert "incentive.commission_rate" in said[1]
    assert "docs/" not in " ".join(said)  # which no folder of a session holds


def test_an_unknown_exercise_gets_the_nearest() -> None:
    with pytest.raises(UserError, match="did you mean change"):
        check("chang", 1)
