"""The examples in docstrings give what they say."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

import kpisim
from kpisim.text import language

HOME = Path(kpisim.__file__).parent


def _modules() -> list[str]:
    with_examples = (path for path in sorted(HOME.rglob("*.py")) if ">>> " in path.read_text("utf-8"))
    return [
        ".".join(("kpisim", *path.relative_to(HOME).with_suffix("").parts)).removesuffix(".__init__")
        for path in with_examples
    ]


MODULES = _modules()


@pytest.mark.unit
@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name: str) -> None:
    with language("en"):
        found = doctest.testmod(importlib.import_module(name))
    assert found.attempted, f"{name}: examples that nothing runs"
    assert not found.failed


@pytest.mark.unit
def test_there_are_examples() -> None:
    assert len(MODULES) > 20
