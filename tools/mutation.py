"""Plant mistakes in the KPI formulas and count how many the tests catch: ``python tools/mutation.py --help``.

mutmut leaves decorated functions alone, and every KPI formula is decorated; so the copy that is mutated has the
decorator called below the function instead.  All files take hours on one processor, so name some; needs ``pip install -e '.[mutation]'``.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from statsmodels.stats.proportion import proportion_confint

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
BY_HAND = (
    "test_golden.py",
    "test_edges.py",
    "test_formulas.py",
    "test_finance.py",
    "test_ratios.py",
    "library",
)
"""Without the property tests, which take most of the time before the first mistake is planted."""
MUTATED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("customers", "finance", "funnel", "pay", "process", "ratios", "revenue", "staff"), BY_HAND
    ),
    "window": (*BY_HAND, "test_window.py"),
    "split": (*BY_HAND, "test_properties.py", "goals/test_cascade.py"),
    "interval": ("test_interval.py", "test_ratios.py"),
    "scoring": (*BY_HAND, "test_properties.py", "scorecard"),
    "measures": (*BY_HAND, "test_command.py", "tracking/test_follow.py"),
    "paying": ("test_paying.py",),
    "scorecard/score": ("test_golden.py", "scorecard"),
    "scorecard/balance": ("scorecard",),
    "goals/cascade": ("goals/test_cascade.py",),
    "goals/targets": ("goals/test_targets.py",),
    "goals/tree": ("goals/test_tree.py",),
    "tracking/gap": ("tracking/test_gap.py",),
    "work/hours": ("work",),
    "work/priority": ("work",),
}
"""Files of ``kpisim/kpi`` and the tests under ``tests/kpi`` that answer for them."""
SLOW = (
    "tests/kpi/test_paying.py::test_every_statement_of_a_run_agrees_with_the_plan_and_sums",
    "tests/kpi/test_command.py::test_the_published_data_make_their_blocks",
    "tests/kpi/goals/test_cascade.py::test_any_plan_adds_up_exactly",
    "tests/kpi/goals/test_cascade.py::test_a_grid_is_never_further_off_than_one_piece",
    "tests/kpi/tracking/test_gap.py::test_the_drivers_sum_to_the_gap_to_the_cent",
    "tests/kpi/tracking/test_gap.py::test_the_gap_to_a_target_is_split_to_the_cent",
)
"""Whole runs and properties inside these files; each would take the time of hundreds of planted mistakes."""
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


def main(
    folder: Path,
    modules: Sequence[str] = tuple(MUTATED),
    minutes: float | None = None,
    sample: int | None = None,
    seed: int = 1,
) -> None:
    """Mutate a copy of the project in `folder` and print how many mistakes were caught, by function.

    Parameters
    ----------
    folder
        An empty folder for the copy.
    modules
        Files of ``kpisim/kpi`` in which mistakes are planted.
    minutes
        Stop after that long and count what was tried; mutmut tries first what takes least time, so what was
        tried is no fair sample.
    sample
        Plant only so many, drawn by luck from all that could be planted: the share caught stands for the whole.
    seed
        Which ones are drawn.
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
    tests = list(dict.fromkeys(f"tests/kpi/{test}" for name in modules for test in MUTATED[name]))
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write(
            f"\n[tool.mutmut]\nsource_paths = {json.dumps(paths)}\n"
            f"pytest_add_cli_args_test_selection = {json.dumps(tests)}\n"
            # With xdist the tests would run in processes that mutmut does not see.
            f"pytest_add_cli_args = {json.dumps(['-n', '0', *(f'--deselect={name}' for name in SLOW)])}\n"
            "track_dependencies = false\nuse_git_change_detection = false\n"
            'also_copy = ["tests", "kpisim", "notebooks", "docs"]\n'
        )
    command = [sys.executable, "-m", "mutmut", "run", "--max-children", "1"]
    drawn = [] if sample is None else draw(folder, command, sample, seed)
    with contextlib.suppress(subprocess.TimeoutExpired):
        seconds = None if minutes is None else 60 * minutes
        subprocess.run([*command, *drawn], cwd=folder, check=False, timeout=seconds)  # noqa: S603  (our own words)
    caught: Counter[str] = Counter()
    planted: Counter[str] = Counter()
    missed: list[str] = []
    untried = 0
    for key, code in results(folder).items():
        if drawn and key not in drawn:
            continue
        if code is None:
            untried += 1
            continue
        name = key.rpartition("__mutmut_")[0].replace(".x_", ".")
        planted[name] += 1
        caught[name] += code in CAUGHT
        if code not in CAUGHT:
            missed.append(key)
    for key in sorted(missed):
        print(f"missed: {key}")
    for name, count in planted.items():
        print(f"{name:<48} {caught[name]:>4} of {count}")
    print(f"caught {sum(caught.values())} of {sum(planted.values())}; {untried} not tried")
    if drawn and not untried:
        low, high = proportion_confint(sum(caught.values()), len(drawn), method="wilson")
        print(f"of all {len(results(folder))}: {low:.1%} to {high:.1%} caught (95% interval of the drawn)")


def draw(folder: Path, command: Sequence[str], sample: int, seed: int) -> list[str]:
    """Write the mistakes of the copy in `folder` down without trying any, and return `sample` of their names."""
    subprocess.run([*command, "nothing__mutmut_0"], cwd=folder, check=False)  # noqa: S603  (a name that nothing bears)
    names = sorted(results(folder))
    return sorted(random.Random(seed).sample(names, min(sample, len(names))))  # noqa: S311  (no secret)


def results(folder: Path) -> dict[str, int | None]:
    """Return mutmut's exit code of every mistake in the copy in `folder`, None where it was not tried."""
    return {
        key: code
        for file in sorted((folder / "mutants" / "kpisim" / "kpi").rglob("*.meta"))
        for key, code in json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"].items()
    }


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument(
        "folder", nargs="?", type=Path, help="empty folder for the copy; by default one that is removed"
    )
    words.add_argument(
        "--only",
        nargs="+",
        choices=list(MUTATED),
        default=list(MUTATED),
        help="only these files of kpisim/kpi",
    )
    words.add_argument("--minutes", type=float, help="stop after that long and count what was tried")
    words.add_argument(
        "--sample", type=int, help="plant only so many, drawn from all: a share with its interval"
    )
    words.add_argument("--seed", type=int, default=1, help="which ones are drawn")
    asked = words.parse_args()
    with contextlib.ExitStack() as kept:
        made = asked.folder or Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="mutation-")))
        main(made, asked.only, asked.minutes, asked.sample, asked.seed)
