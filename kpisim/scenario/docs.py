"""Write ``docs/parameters.md`` from the declarations: ``python -m kpisim.scenario.docs [FILE]``."""

from __future__ import annotations

import sys
from datetime import date
from inspect import getdoc
from itertools import groupby
from pathlib import Path
from typing import Any

from kpisim.scenario.declared import Parameter, parameters
from kpisim.scenario.fields import Section
from kpisim.scenario.scenario import SECTIONS
from kpisim.text.cells import markdown_row

COMMAND = "python -m kpisim.scenario.docs"
FILE = Path(__file__).parents[2] / "docs" / "parameters.md"
_HEAD = f"""# Parameters 参数

Written by `{COMMAND}` from the declarations in `kpisim/scenario/`; edit those, not this file.
本文件由 `{COMMAND}` 根据 `kpisim/scenario/` 中的声明生成；请修改声明，不要修改本文件。

A path goes into a scenario file, after `-p` on the command line, and into `derive`: `team.size`.
An item of a list is reached by its position or its name: `communication.departments.product.people`; `*` stands for it below.
路径可用于场景文件、命令行的 `-p` 和 `derive`，例如 `team.size`。列表中的一项用序号或名称指定，例如 `communication.departments.product.people`；下表以 `*` 表示。

The class says what the default or its rule rests on: **exact** a theorem, **published** figures of others, **assumption** a choice of ours to be questioned and changed.
类别说明默认值或规则的依据：**exact** 定理；**published** 已发表的数据；**assumption** 我们的假设，欢迎质疑和修改。

In ranges `(` and `)` leave the bound itself out.
取值范围中，圆括号表示不含端点。

Editors check a scenario file while it is written when told of `docs/scenario.schema.json`.
把 `docs/scenario.schema.json` 告诉编辑器，写场景文件时即可自动检查。
"""
_WORDS = {"text", "name", "code"}
_COLUMNS = (
    "| path | default | unit | range | meaning | 含义 | class | source |\n|---|---|---|---|---|---|---|---|"
)


def page() -> str:
    """Return the page as Markdown; the same declarations give the same text."""
    parts = [_HEAD]
    titles = {one.path: one.zh for one in parameters()} | {"scenario": "场景"}
    for group, rows in groupby(parameters(), key=_group):
        parts.append(f"## {group} {titles[group]}\n")
        if group in SECTIONS:
            parts.append(_summary(SECTIONS[group]) + "\n")
        parts.append(_COLUMNS)
        parts += [_row(one) for one in rows if one.path not in SECTIONS]
        parts.append("")
    return "\n".join(parts)


def _group(one: Parameter) -> str:
    """Return the heading a parameter stands under; what has no section stands under ``scenario``."""
    top = one.path.split(".")[0]
    return top if top in SECTIONS or top == "changes" else "scenario"


def _summary(section: type[Section]) -> str:
    return (getdoc(section) or "").split("\n\n")[0].replace("\n", " ")


def _row(one: Parameter) -> str:
    cells = (
        f"`{one.path}`",
        show(one.default),
        one.unit,
        span(one),
        one.en,
        one.zh,
        # A name or a story is no rule of the model's.
        "–" if one.unit in _WORDS else one.rule,
        one.source,
    )
    return markdown_row(cells)


def show(value: Any) -> str:
    """Return a default as a reader writes it in YAML, short."""
    if value is None or value in ("", (), {}):
        return "–"
    if isinstance(value, tuple):
        return _list(value)
    if isinstance(value, Section):
        return "see below"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) and abs(value) < 1e4 else _grouped(value)


def _grouped(value: Any) -> str:
    return f"{value:,.0f}" if isinstance(value, float) else str(value)


def _list(values: tuple[Any, ...]) -> str:
    if any(isinstance(item, Section) for item in values):
        names = (str(getattr(item, "name", position)) for position, item in enumerate(values))
        return f"{len(values)}: {', '.join(names)}"
    return "[" + ", ".join(show(item) for item in values) + "]"


def span(one: Parameter) -> str:
    """Return the range of a parameter: choices, an interval, or how long a list or text may be."""
    if one.choices:
        return ", ".join(f"`{name}`" for name in one.choices)
    parts = []
    if one.low is not None or one.high is not None:
        low, high = ("" if bound is None else _bound(bound) for bound in (one.low, one.high))
        parts.append(f"{'(' if one.low_open else '['}{low}, {high}{')' if one.high_open else ']'}")
    if one.most is not None:
        kind = "characters" if isinstance(one.default, str) else "items"
        fewest = one.fewest or 0
        parts.append(f"{one.most} {kind}" if fewest == one.most else f"{fewest} to {one.most} {kind}")
    return "; ".join(parts) or "–"


def _bound(bound: Any) -> str:
    return bound.isoformat() if isinstance(bound, date) else f"{bound:g}"


def write(text: str, default: Path) -> None:
    """Write `text` to the file named on the command line, or to `default`, and print where it is."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="\n")
    sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    write(page(), FILE)
