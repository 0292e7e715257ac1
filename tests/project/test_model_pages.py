"""The pages of the mechanisms say what the declarations say: a default or a class stands in two places."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kpisim.experiment.guesses import decided
from kpisim.scenario.declared import Parameter, parameters

pytestmark = pytest.mark.unit

PAGES = sorted((Path(__file__).resolve().parents[2] / "docs" / "model").glob("*.md"))
DECLARED = {one.path: one for one in parameters()}
DECIDED = {"incentive.discount_limit"}
"""Set by hand and yet a manager's to decide."""


def rows(page: Path) -> list[tuple[str, str, str]]:
    """Return the rows of a page's tables that begin with one parameter: path, default, and what stands beside it."""
    found = re.findall(
        r"^\| `([a-z_]+\.[A-Za-z_]+)` \| ([^|]+) \| ([^|]*) \|",
        page.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    return [
        (path, value.strip(), beside.strip()) for path, value, beside in found if not path.endswith(".py")
    ]


def first_number(words: str) -> float | None:
    """Return the number that a cell begins with; 1/60 is one."""
    found = re.match(r"(-?[\d.]+)(?:/(\d+))?", words)
    return None if found is None else float(found[1]) / float(found[2] or 1)


def is_shown(one: Parameter, value: str) -> bool:
    """Whether a cell begins with the default of a parameter."""
    default = one.default
    if default is None or isinstance(default, bool):
        return value.startswith({None: "none", True: "yes", False: "no"}[default])
    if isinstance(default, (int, float)):
        return first_number(value) == pytest.approx(float(default))
    if isinstance(default, tuple):
        return [float(part) for part in value.split(", ")] == pytest.approx(list(default))
    return value.strip("`").startswith(str(default))


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_defaults_are_those_of_the_declarations(page: Path) -> None:
    for path, value, _ in rows(page):
        if path.rpartition(".")[2].isupper():
            continue  # a constant of the code
        assert path in DECLARED, f"docs/model/{page.name}: {path} is no parameter"
        assert is_shown(DECLARED[path], value), f"docs/model/{page.name}: {path} is {DECLARED[path].default}"


def test_what_was_set_by_hand_is_varied_by_the_sensitivity() -> None:
    """A size of ours that was called exact, or stood in a section of decisions, was never varied."""
    calibration = next(page for page in PAGES if page.stem == "calibration")
    ours = [path for path, _, source in rows(calibration) if source == "assumption" and path in DECLARED]
    assert len(ours) > 20
    assert [path for path in ours if DECLARED[path].rule != "assumption"] == []
    assert {path for path in ours if decided(path)} == DECIDED, "see kpisim/experiment/guesses.py"
