"""Refuse notebooks that carry outputs or execution counts: a pre-commit hook.

Outputs hide what changed in a diff, go stale, and may show a firm's own figures. Usage::

    python tools/notebook_outputs.py NOTEBOOK [NOTEBOOK ...]          # exit 1 and a line for each bad cell
    python tools/notebook_outputs.py --strip NOTEBOOK [NOTEBOOK ...]  # takes them out
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any


def complaints(notebook: dict[str, Any]) -> list[str]:
    """Return a sentence for each cell of `notebook` that carries an output or an execution count."""
    found = []
    for number, cell in enumerate(notebook.get("cells", []), start=1):
        if cell.get("outputs"):
            found.append(f"cell {number} carries {len(cell['outputs'])} output(s)")
        elif cell.get("execution_count") is not None:
            found.append(f"cell {number} carries execution count {cell['execution_count']}")
    return found


def strip(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return `notebook` without outputs and execution counts; the argument is left as it is."""
    cells = [
        {**cell, "outputs": [], "execution_count": None} if cell.get("cell_type") == "code" else cell
        for cell in notebook.get("cells", [])
    ]
    return {**notebook, "cells": cells}


def main(arguments: list[str] | None = None) -> int:
    """Check or strip the named notebooks; return the exit code."""
    parser = argparse.ArgumentParser(description="Refuse notebooks that carry outputs.")
    parser.add_argument("--strip", action="store_true", help="take the outputs out instead of complaining")
    parser.add_argument("notebooks", nargs="*", type=Path)
    options = parser.parse_args(arguments)
    bad = 0
    for path in options.notebooks:
        try:
            notebook = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            print(f"{path}: not a notebook ({error}); save it again from Jupyter", file=sys.stderr)
            bad += 1
            continue
        found = complaints(notebook)
        if found and options.strip:
            text = json.dumps(strip(notebook), ensure_ascii=False, indent=1) + "\n"
            path.write_text(text, encoding="utf-8", newline="\n")
            print(f"{path}: stripped")
        elif found:
            for sentence in found:
                print(f"{path}: {sentence}; notebooks are kept without outputs", file=sys.stderr)
            print(f"  remedy: python tools/notebook_outputs.py --strip {path}", file=sys.stderr)
            bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
