"""Whatever kpisim says in English it says in Chinese, with the same fields and in one way only."""

from __future__ import annotations

import ast
import string
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import polib
import pytest

from kpisim.scenario.errors import KINDS, LIMITS, OTHER_KIND
from kpisim.text import Text, UserError, catalogue, did_you_mean, language, set_language, t

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.unit

PACKAGE = Path(__file__).resolve().parents[2] / "kpisim"
FILES = sorted((PACKAGE / "text" / "locale" / "zh").glob("*.po"))
SAYS = {"t", "UserError", "NoDatesError", "NoTableError", "Text", "choose"}


def literal(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def said_in(tree: ast.AST) -> Iterator[str]:
    """Yield the message ids that stand in the source as literals."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            first = literal(node.args[0]) if node.args else None
            # Text(en, zh) brings its Chinese along; Text(en) and Text(en, None, …) look it up.
            own = name == "Text" and len(node.args) > 1 and literal(node.args[1]) is not None
            if name in SAYS and first is not None and not own:
                yield first
            if name == "broken" and len(node.args) > 1 and (rule := literal(node.args[1])) is not None:
                yield rule
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if literal(key) == "rule" and (rule := literal(value)) is not None:
                    yield rule


def all_said() -> dict[str, str]:
    """Return every message id with the file it stands in."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        for message in said_in(ast.parse(file.read_text(encoding="utf-8"))):
            found[message] = file.relative_to(PACKAGE).as_posix()
    for message in (*(line for line, _ in LIMITS.values()), *KINDS.values(), OTHER_KIND):
        found[message] = "scenario/errors.py"
    return found


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_message_has_a_chinese_one() -> None:
    known = catalogue("zh")
    missing = {message: file for message, file in all_said().items() if message not in known}
    assert not missing, "write msgid and msgstr into kpisim/text/locale/zh/<room>.po"


def test_the_walk_finds_messages_of_every_kind() -> None:
    source = (
        "t('a'); UserError('b {x}', x=1); Text('c'); Text('d', None, x=1); Text('e', '中'); text.t('f')\n"
        "broken('path', 'g'); raise_({'path': 'p', 'rule': 'h'}); t(name); print('i')"
    )
    assert set(said_in(ast.parse(source))) == {"a", "b {x}", "c", "d", "f", "g", "h"}
    assert len(all_said()) > 150


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_fields_are_the_same_in_both_languages(file: Path) -> None:
    for entry in polib.pofile(str(file), encoding="utf-8"):
        assert entry.msgstr, entry.msgid
        assert fields(entry.msgid) == fields(entry.msgstr), entry.msgid


def test_nothing_is_translated_in_two_ways() -> None:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for file in FILES:
        entries = polib.pofile(str(file), encoding="utf-8", check_for_duplicates=True)
        for entry in entries:
            found[entry.msgid][file.name] = entry.msgstr
    twice = {message: texts for message, texts in found.items() if len(set(texts.values())) > 1}
    assert not twice


def test_texts_follow_the_language_when_they_are_shown() -> None:
    text = Text("did you mean {near}?", None, near="team.size")
    own = Text("box {n}", "盒 {n}", n=1)
    problem = UserError("{path}: unknown parameter; {remedy}", path="x", remedy=text)
    assert (str(text), str(own)) == ("did you mean team.size?", "box 1")
    assert str(problem) == "x: unknown parameter; did you mean team.size?"
    with language("zh"):
        assert "team.size" in str(text) != "did you mean team.size?"
        assert str(own) == "盒 1"
        assert str(text) in str(problem)
    assert str(own) == "box 1"


def test_language_is_put_back_after_an_error() -> None:
    set_language("en")
    with pytest.raises(ZeroDivisionError), language("zh"):
        raise ZeroDivisionError
    assert t("KPI") == "KPI"
    assert str(Text("a", "甲")) == "a"


def test_an_error_is_one_line_whatever_is_in_it() -> None:
    for sign in "\n\r\x0b\u2028\x85":
        assert len(str(UserError("{value}: no", value=f"a{sign}b")).splitlines()) == 1


def test_an_unknown_message_and_a_brace_in_a_value_pass_through() -> None:
    with language("zh"):
        assert t("never heard of {x}", x="{y}") == "never heard of {y}"
    assert str(UserError("{a}", a="{b}")) == "{b}"


def test_remedies_name_the_nearest_or_all() -> None:
    assert str(did_you_mean("reprot", ["run", "report"])) == "did you mean report?"
    assert str(did_you_mean("zzz", ["run", "report"])) == "known names: report, run"
