"""docs/brief.md: every row of the customer's brief is there once, and names tests and commands that exist."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from kpisim.cli.group import COMMANDS

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "brief.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| [A-Z]\d", line)
]
ASKED = {
    "K": 7,
    "T": 4,
    "P": 9,
    "S": 5,
    "C": 3,
    "G": 3,
    "H": 3,
    "A": 10,
    "F": 5,
    "M": 35,
    "B": 5,
    "V": 4,
    "X": 4,
}
"""Rows of the brief by their letter."""


@cache
def functions(file: str) -> frozenset[str]:
    """Return the names of the functions of a test file."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_row_of_the_brief_is_there_once() -> None:
    names = [row[0] for row in ROWS]
    assert len(set(names)) == len(names)
    assert Counter(name[0] for name in names) == ASKED


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_names_a_place_and_tests_that_exist(row: list[str]) -> None:
    _, what, where, shown = row
    assert what
    assert where
    tests = re.findall(r"`(tests/[^`]+)`", shown)
    assert tests
    for one in tests:
        file, _, name = one.partition("::")
        assert name in functions(file), one
    commands = re.findall(r"`kpisim (\w+)", where)
    assert set(commands) <= set(COMMANDS)
