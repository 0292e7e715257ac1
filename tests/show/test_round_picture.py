"""The picture of a round says its numbers in each language, puts its marks where they belong, and calls early runs early."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from kpisim.course.rounds import Reading
from kpisim.show.rounds import EDGE, WIDE, named, readings_table, round_picture
from kpisim.text import language

pytestmark = pytest.mark.unit

ONE = Reading("csat", 0.74, 0.78, 0.7, 0.8, 0.04, 0.01, 0.07, None, None)
LUCK = replace(ONE, low=-0.01)


def texts(svg: str) -> list[str]:
    # Our own drawing.
    return [one.text or "" for one in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314


def test_it_says_its_numbers_in_both_languages() -> None:
    english = round_picture([ONE])
    assert "74.0% → 78.0%" in texts(english.svg)
    assert english.alt == "Customer satisfaction (CSAT) 74.0% → 78.0%"
    assert any(text.endswith("decision") for text in texts(english.svg))
    assert any(text.endswith("could be luck") for text in texts(round_picture([LUCK]).svg))
    with language("zh"):
        chinese = round_picture([ONE])
    assert "客户满意度（CSAT）" in texts(chinese.svg)
    # Whoever does not see it hears the same numbers: the drawing is one picture with a name.
    root = ET.fromstring(chinese.svg)  # noqa: S314  (our own)
    assert (root.get("role"), root.get("aria-label")) == ("img", chinese.alt)
    assert chinese.svg in chinese.html()


def test_its_marks_stand_where_the_numbers_are() -> None:
    """From 70 to 80 %, so 74 % is at four tenths and 78 % at eight."""
    svg = round_picture([ONE]).svg
    room = WIDE - 2 * EDGE
    circle = re.search(r'cx="([\d.]+)"', svg)
    diamond = re.search(r'd="M([\d.]+) [\d.]+L([\d.]+) ', svg)
    assert circle is not None
    assert diamond is not None
    assert float(circle[1]) == pytest.approx(EDGE + 0.4 * room, abs=0.1)
    assert float(diamond[2]) == pytest.approx(EDGE + 0.8 * room, abs=0.1)


def test_a_row_alone_is_not_told_from_others() -> None:
    assert round_picture([ONE]).note.endswith("8 of 10 runs.")
    assert round_picture([ONE, LUCK]).note.endswith("8 of 10 runs. Each row has a scale of its own.")


def test_three_numbers_that_do_not_differ_can_be_drawn() -> None:
    same = Reading("csat", 0.7, 0.7, 0.7, 0.7, 0.0, 0.0, 0.0, None, None)
    assert "nan" not in round_picture([same] * 3).svg


@pytest.mark.parametrize(
    ("lang", "told", "luck"),
    [
        ("en", "First 2 of 20 runs, still playing", "could be luck"),
        ("zh", "先看前2次（共6次），其余还在推演", "可能只是运气"),
    ],
)
def test_early_runs_say_that_they_are_early_and_nothing_of_luck(lang: str, told: str, luck: str) -> None:
    with language(lang):  # type: ignore[arg-type]
        picture = round_picture([ONE, LUCK], early=(2, 20 if lang == "en" else 6))
    assert picture.title == told
    assert told in texts(picture.svg)
    assert picture.alt.startswith(told)
    assert not [text for text in texts(picture.svg) if luck in text or "decision" in text or "决策" in text]
    assert "data-early" in picture.html()
    assert "data-early" not in round_picture([ONE]).html()


def test_in_a_narrow_table_the_sign_between_two_numbers_stays_with_the_first_of_them() -> None:
    table = readings_table(
        [replace(ONE, kpi="revenue_booked", before=15.1e6, after=14.8e6, p10=12.3e6, p90=18.8e6)]
    )
    gap = "\N{NO-BREAK SPACE}"
    assert f"CNY{gap}15.1m{gap}→ CNY{gap}14.8m" in table
    assert f"CNY{gap}12.3m{gap}– CNY{gap}18.8m" in table


def test_a_pulse_that_says_who_is_fine_is_not_read_as_stress() -> None:
    pulse = replace(ONE, kpi="stress_pulse")
    assert "Stress pulse (higher is better)" in texts(round_picture([pulse]).svg)
    with language("zh"):
        assert "压力脉搏（越高越好）" in texts(round_picture([pulse]).svg)
    assert named("csat") == "Customer satisfaction (CSAT)"


def test_the_table_leaves_out_what_the_picture_said_in_brackets() -> None:
    defects = replace(ONE, kpi="defect_rate")
    with language("zh"):
        assert "缺陷率（部门请求返工占比）" in texts(round_picture([defects]).svg)
        table = readings_table([defects, ONE])
    assert ">缺陷率<" in table
    assert ">客户满意度<" in table
    assert ">Customer satisfaction<" in readings_table([ONE])


@pytest.mark.parametrize(("lang", "word"), [("en", "decision"), ("zh", "决策")])
def test_who_predicts_in_an_exercise_has_decided_nothing(lang: Any, word: str) -> None:
    with language(lang):
        picture = round_picture([ONE], asked=True)
        assert word not in picture.svg + picture.note
        assert word in round_picture([ONE]).svg
