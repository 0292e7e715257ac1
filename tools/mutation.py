"""Plant mistakes in the KPI formulas and count how many the tests catch: ``python tools/mutation.py --help``.

mutmut leaves decorated functions alone, and every KPI formula is decorated; so the copy that is mutated has the
decorator called below the function instead.  Takes about half an hour on one processor; needs ``pip install -e '.[mutation]'``.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MUTATED = (
    "customers",
    "finance",
    "funnel",
    "pay",
    "process",
    "ratios",
    "revenue",
    "scoring",
    "split",
    "staff",
)
TESTS = (
    "test_golden.py",
    "test_edges.py",
    "test_properties.py",
    "test_formulas.py",
    "test_finance.py",
    "test_ratios.py",
    "library",
    "scorecard",
)
CAUGHT = {1, 3, 24, 36, 37, 38, 152, 255, -9, -24}
"""mutmut's exit codes for a mistake that a test caught, or that made it run for ever."""


def undecorated(source: str) -> str:
    """Return `source` with every ``@register(...)`` called below its function."""
    lines = source.splitlines(keepends=True)
    for node in sorted(
        (n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)), key=lambda n: -n.lineno
    ):
        for decorator in node.decorator_list:
            if (
                isinstance(decorator, ast.Call)
                and isinstance(decorator.func, ast.Name)
                and decorator.func.id == "register"
            ):
                first, last, end = decorator.lineno - 1, decorator.end_lineno or 0, node.end_lineno or 0
                call = "".join(lines[first:last]).strip().removeprefix("@")
                body = call.rpartition(")")[0] if call.endswith("# fmt: skip") else call
                lines[end:end] = ["\n\n", f"{(body + ')') if body != call else call}({node.name})\n"]
                del lines[first:last]
    return "".join(lines)


def main(folder: Path, modules: tuple[str, ...] = MUTATED, minutes: float | None = None) -> None:
    """Mutate a copy of the project in `folder` and print how many mistakes were caught, by function.

    Parameters
    ----------
    folder
        An empty folder for the copy.
    modules
        Files of ``kpisim/kpi`` in which mistakes are planted.
    minutes
        Stop after that long and count what was tried; mutmut goes through the files in order.
    """
    for name in (
        "kpisim",
        "tests",
        "notebooks",
        "docs",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "environment.yml",
        "constraints.txt",
    ):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, folder / name)
    for name in modules:
        file = folder / "kpisim" / "kpi" / f"{name}.py"
        file.write_text(undecorated(file.read_text(encoding="utf-8")), encoding="utf-8")
    paths = [f"kpisim/kpi/{name}.py" for name in modules]
    tests = [f"tests/kpi/{name}" for name in TESTS]
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write(
            f"\n[tool.mutmut]\npaths_to_mutate = {json.dumps(paths)}\ntests_dir = {json.dumps(tests)}\n"
            'also_copy = ["tests", "kpisim", "notebooks", "docs"]\n'
        )
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1"]
    with contextlib.suppress(subprocess.TimeoutExpired):
        seconds = None if minutes is None else 60 * minutes
        subprocess.run(command, cwd=folder, check=False, timeout=seconds)  # noqa: S603  (our own words)
    caught: Counter[str] = Counter()
    planted: Counter[str] = Counter()
    untried = 0
    for file in sorted((folder / "mutants" / "kpisim" / "kpi").glob("*.meta")):
        for key, code in json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            if code is None:
                untried += 1
                continue
            name = key.rpartition("__mutmut_")[0].replace(".x_", ".")
            planted[name] += 1
            caught[name] += code in CAUGHT
    for name, count in planted.items():
        print(f"{name:<48} {caught[name]:>4} of {count}")
    print(f"caught {sum(caught.values())} of {sum(planted.values())}; {untried} not tried")


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument(
        "folder", nargs="?", type=Path, help="empty folder for the copy; by default one that is removed"
    )
    words.add_argument(
        "--only", nargs="+", choices=MUTATED, default=list(MUTATED), help="only these files of kpisim/kpi"
    )
    words.add_argument("--minutes", type=float, help="stop after that long and count what was tried")
    asked = words.parse_args()
    if asked.folder is not None:
        main(asked.folder, tuple(asked.only), asked.minutes)
    else:
        with tempfile.TemporaryDirectory(prefix="mutation-") as made:
            main(Path(made), tuple(asked.only), asked.minutes)
