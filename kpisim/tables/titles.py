"""What tables and columns are called in the reader's language, with the name that finds them where it is another one."""

from __future__ import annotations

import re

from kpisim.tables.schema import TABLES
from kpisim.text import Text

_APART = {"rep_days": "hours by day"}
"""Names that read as no words even without the underscore."""
_TITLES: dict[str, str] = {
    "reps": "销售代表",
    "opportunities": "商机",
    "stage_changes": "阶段变更",
    "orders": "订单",
    "collections": "应收与回款",
    "accounts": "客户",
    "complaints": "客诉",
    "surveys": "答卷",
    "tasks": "任务",
    "requests": "部门请求",
    "trainings": "培训",
    "pay": "薪酬",
    "targets": "目标",
    "rep_days": "每日工时",
    "finance": "财务",
}
_ASIDE = re.compile(r"[（(：].*$")


def table_title(name: str) -> Text:
    """Return what table `name` is called; in English that is its name, as words.

    Examples
    --------
    >>> table_title("stage_changes").en, table_title("rep_days").en
    ('stage changes', 'hours by day')
    """
    return Text(_APART.get(name, name.replace("_", " ")), _TITLES[name])


def column_title(table: str, column: str, raw: str | None = None) -> Text:
    """Return what a column is called, with the name that finds it.

    Parameters
    ----------
    table, column
        A table and a column of it; another name is returned as it is.
    raw
        What the user's file calls it; None where the file uses the schema's own name.

    Examples
    --------
    >>> str(column_title("orders", "booked")), str(column_title("orders", "booked", "签单日期"))
    ('booked', 'booked (签单日期)')
    >>> from kpisim.text import language
    >>> with language("zh"):
    ...     str(column_title("orders", "value")), str(column_title("orders", "value", "净额"))
    ('净额（value）', '净额')
    """
    if column not in TABLES[table].names:
        return Text("{name}", "{name}", name=column)
    zh, found_by = _ASIDE.sub("", TABLES[table].column(column).zh), raw or column
    return Text(
        "{name}" if found_by == column else "{name} ({raw})",
        "{title}" if found_by == zh else "{title}（{raw}）",
        name=column,
        title=zh,
        raw=found_by,
    )


def column_words(table: str, column: str, raw: str | None = None) -> Text:
    """Return what a column is called for a reader who never sees a table of ours: no name of the schema.

    Parameters
    ----------
    table, column, raw
        As in :func:`column_title`.

    Examples
    --------
    >>> str(column_words("orders", "value")), str(column_words("orders", "value", "净额"))
    ('Net value', 'Net value (净额)')
    """
    if column not in TABLES[table].names:
        return Text("{name}", "{name}", name=column)
    declared = TABLES[table].column(column)
    en, zh = declared.en.split(";")[0], _ASIDE.sub("", declared.zh)
    return Text(
        "{en}" if raw in {None, en} else "{en} ({raw})",
        "{zh}" if raw in {None, zh} else "{zh}（{raw}）",
        en=en,
        zh=zh,
        raw=raw,
    )


__all__ = ["column_title", "column_words", "table_title"]
