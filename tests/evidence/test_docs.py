"""What the documents say about evidence is what the code does."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from kpisim import evidence
from kpisim.evidence import docs, results
from kpisim.scenario import Scenario

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted(path for path in Path(results.__file__).parent.glob("*.py") if path.stem != "__init__")
CALIBRATION = (ROOT / "docs" / "model" / "calibration.md").read_text(encoding="utf-8")


def test_the_list_of_cases_is_up_to_date() -> None:
    assert docs.FILE.read_text(encoding="utf-8") == docs.page(), f"run {docs.COMMAND}"


COEFFICIENTS = re.findall(r"^\| `([a-z_]+)\.([A-Za-z_]+)` \| (-?[0-9.]+) \|", CALIBRATION, flags=re.MULTILINE)


def test_the_list_of_coefficients_is_read() -> None:
    rows = [line for line in CALIBRATION.split("## What a case")[0].splitlines() if line.startswith("| `")]
    assert len(rows) == len(COEFFICIENTS) > 40


@pytest.mark.parametrize(("place", "name", "value"), COEFFICIENTS)
def test_a_coefficient_has_the_value_that_the_list_says(place: str, name: str, value: str) -> None:
    holder = import_module(f"kpisim.model.{place}") if name.isupper() else getattr(Scenario(), place)
    assert getattr(holder, name) == pytest.approx(float(value), rel=1e-3)


def test_cases_named_in_the_documents_exist() -> None:
    section = CALIBRATION.split("## What a case changes")[1]
    first = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    named = [name for cell in first for name in re.findall(r"`([a-z_0-9]+)`", cell)]
    assert named
    assert set(named) <= set(evidence.cases())


def test_every_case_says_what_it_does_not_show() -> None:
    # A caveat of the source that is lost on the way to the page is a claim that nobody made.
    without = [
        case.name for case in evidence.cases().values() if case.rule != "exact" and case.limits is None
    ]
    assert without == [], "give its CASE limits=Text(…): what the source warns of, in both languages"


def test_every_mechanism_has_a_page() -> None:
    model = ROOT / "kpisim" / "model"
    names = [
        path.stem
        for path in model.glob("*.py")
        if path.read_text(encoding="utf-8").startswith('"""Mechanism ')
    ]
    assert len(names) >= 10
    pages = {"culture": "socialisation"}  # named after the paper's equations
    assert [name for name in names if not (ROOT / f"docs/model/{pages.get(name, name)}.md").exists()] == []


AT_ITS_DEFAULT = {("review_interval", "goal_drive")}
"""Coefficients that a case hands on at their default."""


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_coefficient_that_a_case_changes_is_listed(path: Path) -> None:
    names = {name for _, name, _ in COEFFICIENTS}
    lines = CALIBRATION.split("## What a case changes")[1].splitlines()
    row = next(
        (line for line in lines if line.startswith("|") and f"`{path.stem}`" in line.split("|")[1]), ""
    )
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        for key in node.keys if isinstance(node, ast.Dict) else ():
            name = str(key.value).rpartition(".")[2] if isinstance(key, ast.Constant) else ""
            if name in names and (path.stem, name) not in AT_ITS_DEFAULT:
                assert f".{name}`" in row, f"docs/model/calibration.md: {path.stem} changes {name}"


# --- one file per result ------------------------------------------------------------------------------


def test_every_file_of_a_result_is_listed() -> None:
    listed, files = {*results.EMERGING, *results.MYTHS}, {path.stem for path in FILES}
    assert files ^ listed == set(), "name it in EMERGING or MYTHS of kpisim/evidence/results/__init__.py"
    assert len(listed) == len((*results.EMERGING, *results.MYTHS))
    known = evidence.cases()
    assert all(known[name].rule == "emerges" for name in results.EMERGING)
    assert all(known[name].rule == "myth" for name in results.MYTHS)


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_what_a_figure_is_called_stands_in_both_languages(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = getattr(node.func, "id", "")
        if called in {"printed", "lift", "myth", "shown", "_ratio"}:
            assert not isinstance(node.args[0], (ast.Constant, ast.JoinedStr)), ast.unparse(node.args[0])
        if called == "Text":
            assert len(node.args) == 2, ast.unparse(node)


@pytest.mark.parametrize("name", [*results.EMERGING, *results.MYTHS])
def test_a_result_says_what_it_compares_and_why_its_band_is_what_it_is(name: str) -> None:
    case = evidence.get(name)
    missing = [part for part in ("a", "b", "reason") if getattr(case, part) is None]
    assert missing == [], "say in CASE what is compared (a with b) and why the band is what it is"
    assert case.status != "exact" or name == "myth_year_end"
    for parameter in case.parameters:
        assert parameter in (case.play.__doc__ or ""), parameter
