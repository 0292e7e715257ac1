"""The hook that keeps outputs out of notebooks, and that the repository's own notebooks pass it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
HOOK = ROOT / "tools" / "notebook_outputs.py"


def hook(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, HOOK, *arguments], check=False, capture_output=True, text=True, encoding="utf-8"
    )


def notebook(outputs: list[dict[str, Any]], count: int | None) -> str:
    code: dict[str, Any] = {
        "cell_type": "code",
        "source": "1",
        "metadata": {},
        "outputs": outputs,
        "execution_count": count,
    }
    text = {"cell_type": "markdown", "source": "回款率", "metadata": {}}
    return json.dumps({"cells": [text, code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "a folder 课程"
    folder.mkdir()
    return folder / "lesson 一.ipynb"


def test_passes_a_clean_notebook(path: Path) -> None:
    path.write_text(notebook([], None), encoding="utf-8")
    assert hook(path).returncode == 0


@pytest.mark.parametrize(
    ("outputs", "count", "says"),
    [
        ([{"output_type": "stream", "name": "stdout", "text": "1"}], 1, "cell 2 carries 1 output(s)"),
        ([], 7, "cell 2 carries execution count 7"),
    ],
)
def test_refuses_and_names_the_remedy(
    path: Path, outputs: list[dict[str, Any]], count: int | None, says: str
) -> None:
    path.write_text(notebook(outputs, count), encoding="utf-8")
    done = hook(path)
    assert done.returncode == 1
    assert says in done.stderr
    assert "--strip" in done.stderr


def test_strip_makes_it_pass_and_keeps_the_text(path: Path) -> None:
    path.write_text(notebook([{"output_type": "stream", "name": "stdout", "text": "1"}], 1), encoding="utf-8")
    assert hook("--strip", path).returncode == 0
    assert hook(path).returncode == 0
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(notebook([], None))


def test_a_file_that_is_no_notebook_is_refused_without_a_traceback(path: Path) -> None:
    path.write_text("not JSON", encoding="utf-8")
    done = hook(path)
    assert done.returncode == 1
    assert "not a notebook" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_repository_keeps_notebooks_without_outputs() -> None:
    found = [p for top in ("notebooks", "exercises") for p in sorted((ROOT / top).rglob("*.ipynb"))]
    own = [p for p in found if ".ipynb_checkpoints" not in p.parts]
    done = hook(*own)
    assert done.returncode == 0, done.stderr
