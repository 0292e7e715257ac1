"""Which state feeds which mechanism, read from the code: ``python -m kpisim.model.interplay`` writes the diagram.

A state is an attribute of a rep (or the mark on a weak deal).  Who sets one writes it, who looks at one reads it; both
are found in the syntax tree of the modules, so the diagram cannot disagree with the code without a test failing.
"""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

COMMAND = "python -m kpisim.model.interplay"
FILE = Path(__file__).parents[2] / "docs" / "model" / "interplay.md"

MECHANISMS = {
    "allocation": ("allocation",),
    "acceptance": ("acceptance",),
    "corner_cutting": ("corner_cutting", "load"),
    "strain": ("strain", "load"),
    "hours": ("hours", "load"),
    "appraisal": ("appraisal",),
    "goals": ("goals",),
    "handover": ("handover",),
    "cooperation": ("cooperation",),
    "culture": ("culture",),
    "culture_pay": ("culture_pay",),
    "exits": ("exits",),
}
"""Modules that a switch turns on; `load` serves three."""
ENGINE = (
    "behaviour",
    "customers",
    "demand",
    "departments",
    "funnel",
    "manager",
    "payroll",
    "timing",
    "world",
)
"""Modules that play whatever is on."""
STATES = (
    "absent", "alignment", "asked", "attention", "belief", "care", "demands", "drive", "energy", "engagement", "focus",
    "given", "helps", "know_how", "load", "misfit", "norm", "notice", "overtime", "persuasion", "quota", "ramp", "resources", "sales", "spill",
    "stretch", "tenure", "tired", "vigour", "weak", "win",
)  # fmt: skip
HOLDERS = frozenset({"rep", "colleague", "partner", "one", "other", "owner", "worker", "opportunity"})
"""Names under which a rep or an opportunity goes in the modules."""
OWN_TOUCH = {
    "acceptance": frozenset({"weak"}),  # the funnel marks the deal on its word
}
PAY_ONLY = frozenset({("payroll", "alignment"), ("manager", "alignment")})
"""Engine readings that move nothing but pay: alignment is rated in reviews, and the rating is paid."""


@dataclass(frozen=True, slots=True)
class Touch:
    """States that one module reads and writes."""

    reads: frozenset[str]
    writes: frozenset[str]


@lru_cache(maxsize=64)
def touched(module: str) -> Touch:
    """Return the states that `module` of this room reads and writes."""
    tree = ast.parse((Path(__file__).parent / f"{module}.py").read_text(encoding="utf-8"))
    reads: set[str] = set()
    writes: set[str] = set(OWN_TOUCH.get(module, ()))
    for node in ast.walk(tree):
        if isinstance(node, ast.AugAssign) and _is_state(node.target):
            reads.add(node.target.attr)  # type: ignore[union-attr]
        if isinstance(node, ast.Attribute) and _is_state(node):
            (reads if isinstance(node.ctx, ast.Load) else writes).add(node.attr)
    return Touch(frozenset(reads), frozenset(writes))


def _is_state(node: ast.expr) -> bool:
    if not (isinstance(node, ast.Attribute) and node.attr in STATES):
        return False
    holder = node.value
    name = holder.id if isinstance(holder, ast.Name) else getattr(holder, "attr", "")
    return name in HOLDERS


def touch(mechanism: str) -> Touch:
    """Return what all modules of `mechanism` read and write."""
    parts = [touched(module) for module in MECHANISMS[mechanism]]
    return Touch(
        frozenset().union(*(part.reads for part in parts)),
        frozenset().union(*(part.writes for part in parts)),
    )


def reach(mechanism: str) -> frozenset[str]:
    """Return what `mechanism`, the only one on, can change: ``people``, ``pay``, ``results`` (all that follows from work).

    Who comes to buy is changed by none: leads arrive as they do.
    """
    found: set[str] = set()
    for state in touch(mechanism).writes:
        readers = [module for module in ENGINE if state in touched(module).reads]
        if readers:
            found.add("pay")
        if any((module, state) not in PAY_ONLY for module in readers):
            found.add("results")
    if mechanism == "handover":
        found |= {"pay", "results"}  # it answers the departments' question itself and keeps no state
    if mechanism == "exits":
        found.add("people")
    return frozenset(found)


def diagram() -> str:
    """Return the page: a Mermaid diagram and two tables."""
    lines = [
        "# Interplay: which state feeds which mechanism",
        "",
        f"Written by `{COMMAND}` from the code of `kpisim/model/`; a test fails when the two disagree.",
        "An arrow into a mechanism is a state it reads, an arrow out of it one that it sets; the engine reads what is in the box at the right.",
        "",
        "```mermaid",
        "flowchart LR",
    ]
    for name in MECHANISMS:
        one = touch(name)
        lines += [f"    {state}([{state}]) --> {name}" for state in sorted(one.reads - one.writes)]
        lines += [f"    {name} --> {state}([{state}])" for state in sorted(one.writes)]
    for module in ENGINE:
        lines += [
            f"    {state}([{state}]) --> engine[[{'engine'}]]" for state in sorted(touched(module).reads)
        ]
    lines = list(dict.fromkeys(lines))
    lines += ["```", "", "| mechanism | reads | sets | can change, alone on |", "|---|---|---|---|"]
    for name in MECHANISMS:
        one = touch(name)
        lines.append(
            f"| {name} | {_list(one.reads)} | {_list(one.writes)} | {_list(reach(name)) or 'nothing'} |"
        )
    lines += ["", "| part of the engine | reads | sets |", "|---|---|---|"]
    lines += [
        f"| {module} | {_list(touched(module).reads)} | {_list(touched(module).writes)} |"
        for module in ENGINE
    ]
    return "\n".join(lines) + "\n"


def _list(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    target.write_text(diagram(), encoding="utf-8", newline="\n")
    print(target)  # noqa: T201
