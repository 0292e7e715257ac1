"""Numbers with what they count, and people without a gender, wherever a participant or trainer reads."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path
from typing import TYPE_CHECKING

import polib
import pytest

from kpisim.experiment import words as experiment_words
from kpisim.kpi import shown
from kpisim.show import numbers as show_numbers
from kpisim.text import LANGUAGES, language
from kpisim.text.numbers import measured, percent, plain, signed

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.unit


def test_the_largest_number_there_is_can_be_written() -> None:
    assert plain(1e28) == "10" + ",000" * 9
    assert percent(1e27) == "100" + ",000" * 9 + ".0%"
    assert len(plain(1.7e308, 2).replace(",", "")) == 312


ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "kpisim"
SOURCES = sorted(PACKAGE.rglob("*.py"))
TEXTS = sorted([*PACKAGE.rglob("*.yaml"), *PACKAGE.rglob("*.po")])
GAP = re.compile(r"[0-9}'\"][ \u00a0]%(?!\()")
UNITS = "天周年月日号小时分钟秒个元万亿人次轮条行张项位家单份倍名步场件句页级档"
APART = re.compile(rf"[0-9}}][ \u00a0][{UNITS}%]")
NAMED: tuple[str, ...] = ()
"""Sentences about a named person, who may keep a gender; none so far."""
GENDER = re.compile(r"\b(he|she|his|her|him|hers|himself|herself)\b", re.IGNORECASE)

ER = re.compile("(?<![其你他])[他她](?![们人])")
"""One person, told by gender; 其他 and 他人 are other words, and goals are searched for a list of pronouns."""


def strings(file: Path) -> Iterator[str]:
    """Yield the string literals of a source file, docstrings left out: nobody but a programmer reads those."""
    source = file.read_text(encoding="utf-8")
    docs = {
        (body[0].value.lineno, body[0].value.col_offset)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and isinstance((body := node.body)[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
    }
    # A text below a constant says what it means.
    docs |= {
        (node.value.lineno, node.value.col_offset)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    kinds = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", -1)}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in kinds and token.start not in docs:
            yield token.string


def found(pattern: re.Pattern[str], *, english: bool = False) -> dict[str, list[str]]:
    """Return the texts of the product in which a pattern stands, by file."""
    hits: dict[str, list[str]] = {}
    for file in [*SOURCES, *TEXTS]:
        if file.suffix == ".py":
            texts: list[str] = list(strings(file))
        elif file.suffix == ".po":
            entries = polib.pofile(str(file), encoding="utf-8")
            texts = [text for one in entries for text in (one.msgid, *([] if english else [one.msgstr]))]
        else:
            texts = file.read_text(encoding="utf-8").splitlines()
        bad = [text for text in texts if pattern.search(text) and not any(one in text for one in NAMED)]
        if bad:
            hits[file.relative_to(ROOT).as_posix()] = bad
    return hits


def test_what_is_looked_for_is_found() -> None:
    assert GAP.search("{share} % of the runs")
    assert APART.search("共 {count} 个")
    assert APART.search("1.70 天")
    assert not APART.search("1.70天，{name} 与 {other}")
    assert GENDER.search("Nobody shares unless He wants to")
    assert not GENDER.search("the other shelf is theirs")
    assert any("percent" in text for text in strings(Path(__file__)))


def test_no_text_puts_a_gap_before_per_cent() -> None:
    assert not found(GAP)


def test_chinese_puts_no_gap_between_a_number_and_its_unit() -> None:
    assert not found(APART)


def test_nobody_is_taken_for_a_man_in_english() -> None:
    assert not found(GENDER, english=True)


def test_nobody_is_taken_for_a_man_in_chinese() -> None:
    assert not found(ER)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_notebook_has_one_either(lang: str) -> None:
    files = sorted(ROOT.glob(f"notebooks/{lang}/*.ipynb")) + sorted(ROOT.glob(f"exercises/{lang}/*.ipynb"))
    assert len(files) == 13
    pattern = APART if lang == "zh" else GENDER
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not GAP.findall(text), file
        assert not pattern.findall(text), file
        assert not ER.findall(text), file


def test_one_function_writes_per_cent() -> None:
    """No format ends in ``%`` anywhere else.  Names of evidence figures are keys, made once from round numbers."""
    by_hand = re.compile(r":[+,]*\.?[0-9]*%\}")
    for file in SOURCES:
        if "evidence" in file.parts:
            continue
        assert not [text for text in strings(file) if by_hand.search(text)], file
    for file in TEXTS:
        assert not by_hand.search(file.read_text(encoding="utf-8")), file


@pytest.mark.parametrize(
    ("share", "decimals", "text"),
    [
        (0.511, 1, "51.1%"), (0.2345, 1, "23.5%"), (0.285, 0, "29%"), (0.145, 0, "15%"), (1.0, 0, "100%"),
        (-0.03, 1, "−3.0%"), (12.0, 0, "1,200%"), (0.0, 0, "0%"), (-0.0001, 0, "0%"),
    ],
)  # fmt: skip
def test_per_cent_is_one_text_in_both_languages(share: float, decimals: int, text: str) -> None:
    for lang in LANGUAGES:
        with language(lang):
            assert percent(share, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.25, "+0.3"), (-0.25, "−0.3"), (-0.0, "0.0"), (-0.04, "0.0"), (0.04, "0.0"), (1234.0, "+1,234.0")],
)
def test_a_difference_that_rounds_to_nothing_has_no_sign(value: float, text: str) -> None:
    assert signed(value, 1) == text


def test_no_number_is_no_error() -> None:
    assert percent(float("nan")) == "nan"
    assert plain(float("inf")) == "inf"


def test_every_renderer_writes_units_the_same_way() -> None:
    with language("zh"):
        assert measured("3", "天") == "3天"
        assert shown.show(0.511, "share") == "51.1%"
        assert shown.show(1.7, "days") == "1.7天"
        assert show_numbers.amount(1.7, "days") == "1.70天"
        assert show_numbers.amount(0.511, "share") == "51.1%"
        assert show_numbers.interval(1.7, 2.0, "days") == "1.70至2.00天"
        assert experiment_words._number(0.511, "share") == "51.1%"
    with language("en"):
        assert measured("3", "days") == "3 days"
        assert measured("3", "") == "3"
        assert shown.show(0.511, "share") == "51.1%"
        assert show_numbers.amount(1.7, "days") == "1.70 days"
        assert experiment_words._number(0.511, "share") == "51.1%"


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [(0.4, "count", "0"), (-0.4, "count", "0"), (0.5, "count", "+1"), (-0.0004, "share", "0.0 points"),
     (0.0005, "share", "+0.1 points"), (0.0, "days", "0.0 days"), (-12.0, "days", "−12.0 days")],
)  # fmt: skip
def test_a_change_that_rounds_to_nothing_is_neither_more_nor_less(value: float, unit: str, told: str) -> None:
    with language("en"):
        assert shown.show_change(value, unit) == told
