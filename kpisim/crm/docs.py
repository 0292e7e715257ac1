"""Write ``docs/data.md``, the mapping file and the tables, from their declarations: ``python -m kpisim.crm.docs [FILE]``."""

from __future__ import annotations

from inspect import getdoc
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from kpisim.crm.mapping import Lookup, Mapping, Periods, Rule, Source, Stages, TableMap, Walk
from kpisim.scenario.docs import show, write
from kpisim.tables.schema import DTYPES, TABLES
from kpisim.text.cells import markdown_row

if TYPE_CHECKING:
    from kpisim.scenario.fields import Section
    from kpisim.tables.schema import Column

COMMAND = "python -m kpisim.crm.docs"
FILE = Path(__file__).parents[2] / "docs" / "data.md"
SECTIONS: dict[str, tuple[type[Section], str]] = {
    "the file": (Mapping, "文件"),
    "tables.T": (TableMap, "一张表"),
    "tables.T.columns.C": (Source, "一列的取值方式"),
    "rules": (Rule, "规则"),
    "walk": (Walk, "日志日期"),
    "tables.stage_changes.dates": (Stages, "阶段日期"),
    "tables.targets.periods": (Periods, "各期目标"),
    "lookups.L": (Lookup, "对照表"),
}
"""Heading -> section of a mapping file and its Chinese name."""
EXAMPLES: tuple[tuple[str, str, str], ...] = (
    (
        "An order a row, other column names",
        "一单一行，列名不同",
        """tables:
  orders:
    file: "orders-*.csv"                    # every month's file
    without: {Status: [cancelled, void]}    # left out and counted
    columns:
      order_id: Order No
      account_id: Customer
      booked: {column: Date, format: "%d/%m/%Y"}
      value: {column: Net (k), factor: 1000}
""",
    ),
    (
        "A product a row; the order's number stands in its first row; returns have no minus",
        "一单多行，单号只写在首行；退货写成正数",
        """tables:
  orders:
    file: "*.xlsx"
    lines: add
    fill_down: [单据编号, 日期, 客户]
    negative: {单据类型: 销售退货}
    columns: {order_id: 单据编号, account_id: 客户, booked: 日期, value: 金额}
""",
    ),
    (
        "Codes of reps become names; targets a month a column",
        "工号换成姓名；目标每月一列",
        """lookups:
  people: {file: "人员*.csv", key: 工号}
tables:
  orders:
    file: "订单*.csv"
    columns:
      order_id: 订单号
      account_id: 客户
      booked: 日期
      value: 金额
      rep_id: {column: 业务员, lookup: people, take: 姓名}
  targets:
    file: "目标*.csv"
    periods:
      columns: {1月: 2027-01, 2月: 2027-02, 3月: 2027-03}
      factor: 10000
      rep_id: {column: 工号, lookup: people, take: 姓名}
""",
    ),
)
"""Title in English and Chinese, and a mapping file."""
_HEAD = f"""# Your own data 自有数据

Written by `{COMMAND}` from the declarations in `kpisim/crm/mapping.py` and `kpisim/tables/schema.py`; edit those, not this file.
本文件由 `{COMMAND}` 根据 `kpisim/crm/mapping.py` 和 `kpisim/tables/schema.py` 中的声明生成；请修改声明，不要修改本文件。

`kpisim import FILES` looks at an export, asks what it cannot see, and writes the mapping; `kpisim kpi FOLDER --mapping FILE` and every
other command that takes `--mapping` read through it. Nothing in the source is changed. `kpisim quality` says what is wrong with it.
`kpisim import 文件` 会识别导出文件的列，看不出的才问，并写好映射文件；`kpisim kpi 文件夹 --mapping 映射文件` 等命令按它读取。源文件不作改动；`kpisim quality` 列出数据问题。
"""


def page() -> str:
    """Return the page as Markdown; the same declarations give the same text."""
    parts = [_HEAD, "## Examples 示例\n"]
    for en, zh, text in EXAMPLES:
        parts += [f"{en} {zh}:\n", f"```yaml\n{text}```\n"]
    parts.append("## The mapping file 映射文件\n")
    for heading, (section, zh) in SECTIONS.items():
        parts.append(f"### {heading} {zh}\n\n{(getdoc(section) or '').split(chr(10))[0]}\n")
        parts.append("| name | default | unit | meaning | 含义 |\n|---|---|---|---|---|")
        parts += [_row(name, field) for name, field in section.model_fields.items()]
        parts.append("")
    parts.append(
        "## The tables 数据表\n\nWhat a mapping fills, and what `kpisim run -o` writes. **bold**: must be there. Keys may stand once.\n"
        "映射要填的表，也是 `kpisim run -o` 写出的表。**粗体**为必填列；键不得重复。\n"
    )
    for name, table in TABLES.items():
        points = "".join(f" `{column}` → `{target}`." for column, target in table.refers)
        keys = ", ".join(f"`{one}`" for one in table.key)
        parts.append(f"### {name}\n\n{table.en}. {table.zh}。 Key 键: {keys}.{points}\n")
        parts.append("| column | type | unit | meaning | 含义 |\n|---|---|---|---|---|")
        parts += [_column(column) for column in table.columns]
        parts.append("")
    return "\n".join(parts)


def _row(name: str, field: Any) -> str:
    extra = field.json_schema_extra
    kinds = (field.annotation, *get_args(field.annotation))
    words = [word for kind in kinds for word in get_args(kind) if isinstance(word, str)]
    choices = f" ({', '.join(f'`{word}`' for word in words)})" if words else ""
    return markdown_row(
        [f"`{name}`", show(field.default), str(extra["unit"]) + choices, field.description, extra["zh"]]
    )


def _column(column: Column) -> str:
    words = ", ".join(f"`{word}`" for word in column.values)
    span = (
        ""
        if column.low is None
        else f"{column.low:g} to {'∞' if column.high is None else f'{column.high:g}'}"
    )
    kind = f"{column.kind} ({DTYPES[column.kind]})" + "".join(f"; {more}" for more in (words, span) if more)
    name = f"**`{column.name}`**" if column.required else f"`{column.name}`"
    return markdown_row([name, kind, column.unit or "–", column.en, column.zh])


__all__ = ["COMMAND", "EXAMPLES", "FILE", "page"]

if __name__ == "__main__":
    write(page(), FILE)
