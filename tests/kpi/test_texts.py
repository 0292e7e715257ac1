"""Every text of the rooms tables, crm and kpi can be read in Chinese."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import kpisim
from kpisim.kpi import kpis
from kpisim.kpi.registry import PERSPECTIVES
from kpisim.kpi.value import COHORTS, REASONS
from kpisim.text import catalogue, language

pytestmark = pytest.mark.unit

ROOT = Path(kpisim.__file__).parent


def message_ids(room: str) -> set[str]:
    """Return the English texts that a room hands to t, Text and UserError without giving the Chinese beside them."""
    found = set()
    for file in sorted((ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            texts = [
                arg.value
                for arg in node.args[:4]
                if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            if name in {"t", "UserError", "choose"} or (name == "Text" and len(texts) == 1):
                found |= set(texts[:1])
            elif name == "_first":
                found |= set(texts)
    return found


@pytest.mark.parametrize("room", ["tables", "crm", "kpi"])
def test_every_text_has_its_chinese_with_the_same_fields(room: str) -> None:
    chinese = catalogue("zh")
    ids = message_ids(room)
    assert len(ids) > 5
    for message in sorted(ids):
        assert message in chinese, message
        assert set(re.findall(r"{\w+}", message)) == set(re.findall(r"{\w+}", chinese[message])), message


def test_declared_texts_change_with_the_language() -> None:
    texts = [*COHORTS.values(), *REASONS.values(), *PERSPECTIVES.values()]
    texts += [text for one in kpis().values() for text in (one.title, one.formula)]
    english = [str(text) for text in texts]
    with language("zh"):
        chinese = [str(text) for text in texts]
    for en, zh in zip(english, chinese, strict=True):
        assert re.search("[\u4e00-\u9fff]", zh), en
        assert not re.search("[\u4e00-\u9fff]", en), en
