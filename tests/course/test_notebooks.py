"""The day's notebooks run from top to bottom, and in any order, without a traceback."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import pytest
from nbclient import NotebookClient

from kpisim.course.notebooks import NAMES

if TYPE_CHECKING:
    from nbformat import NotebookNode

pytestmark = [pytest.mark.notebook, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2] / "notebooks"


def played(cells: list[NotebookNode], folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[NotebookNode]:
    monkeypatch.setenv("KPISIM_SESSION", str(folder / "session"))
    book = nbformat.v4.new_notebook(cells=cells)
    done = NotebookClient(book, timeout=120, kernel_name="python3", allow_errors=True).execute()
    return [
        output for cell in done.cells for output in cell.get("outputs", []) if output.output_type == "error"
    ]


def code(lang: str, name: str) -> list[NotebookNode]:
    cells = nbformat.read(str(ROOT / lang / name), as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


@pytest.mark.parametrize("name", NAMES.values())
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_module_runs_on_its_own(
    lang: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert played(code(lang, name), tmp_path, monkeypatch) == []


def test_steps_run_in_any_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, *steps = code("zh", NAMES["goals"])
    random.Random(3).shuffle(steps)  # noqa: S311  (an order, no secret)
    assert played([first, *steps], tmp_path, monkeypatch) == []
