"""One Chinese word for one thing, and Chinese signs between Chinese words, wherever a participant or trainer reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

PACKAGE = Path(__file__).resolve().parents[2] / "kpisim"
# What people type in goals, sheets and exports: any word may stand there.
TYPED = {
    PACKAGE / "kpi" / "goals",
    PACKAGE / "crm" / "wizard" / "words.yaml",
    PACKAGE / "sheets" / "check.py",
}
FILES = sorted(
    file
    for ends in ("*.yaml", "*.po", "*.py")
    for file in PACKAGE.rglob(ends)
    if not TYPED & {file, file.parent}
)
# What was said in two ways or means something else to a Chinese seller, and what is said instead.
INSTEAD = {
    "跑单": "跟单",  # 跑单 is a customer who leaves without paying
    "卖单": "做销售",  # 卖单 is a sell order at the stock exchange
    "带笔记": "边说边记",
    "艾利斯": "埃利斯",
    "调查表": "问卷表",
    "文书": "行政任务",
    "货本": "货物成本",
    "仿真": "模拟",
    "签单额": "签约额",
    "仪表板": "看板",
    "员工离职率": "员工流失率",
    "记分卡": "计分卡",
    "教学重构": "教学改编",
    "后缀": "扩展名",
    "回本周": "回本时间",
    "阶段变化": "阶段变更",
}
# A half-width sign between Chinese words; `name: value` and lists of names stand in quotes and commands.
HALF = re.compile(r"[\u4e00-\u9fff][,;:!?](?=[\u4e00-\u9fff])")
AS_TYPED = ("李雷,韩梅梅",)


def said_otherwise(text: str) -> set[str]:
    """Return the words in `text` that are said in another way here."""
    return {word for word in INSTEAD if word in text}


def half_width(text: str) -> list[str]:
    """Return the lines of `text` with a half-width sign between Chinese words."""
    for example in AS_TYPED:
        text = text.replace(example, "")
    return [line for line in text.splitlines() if HALF.search(line)]


def test_what_is_looked_for_is_found() -> None:
    assert said_otherwise("客诉排在跑单后面，写进调查表") == {"跑单", "调查表"}
    assert half_width("先听,再说\n先听，再说\n华东=李雷,韩梅梅") == ["先听,再说"]


def test_one_word_for_one_thing() -> None:
    found = {
        file.relative_to(PACKAGE).as_posix(): said_otherwise(file.read_text(encoding="utf-8"))
        for file in FILES
    }
    assert len(FILES) > 100
    assert not {file: words for file, words in found.items() if words}, "see INSTEAD"


def test_chinese_signs_between_chinese_words() -> None:
    found = {
        file.relative_to(PACKAGE).as_posix(): half_width(file.read_text(encoding="utf-8")) for file in FILES
    }
    assert not {file: lines for file, lines in found.items() if lines}


def test_chinese_signs_where_the_code_puts_the_day_together() -> None:
    notebooks = sorted((PACKAGE.parent / "notebooks" / "zh").glob("*.ipynb"))
    assert len(notebooks) == 7
    apart = re.compile(HALF.pattern.replace("(?=", " (?="))
    found = {file.name: apart.findall(file.read_text(encoding="utf-8")) for file in notebooks}
    assert not {name: signs for name, signs in found.items() if signs}
