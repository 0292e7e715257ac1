"""Numbers as people read them."""

from __future__ import annotations

from datetime import date

import pytest

from kpisim.show import numbers
from kpisim.show.numbers import change
from kpisim.show.theme import broken
from kpisim.text import language
from kpisim.text.numbers import plain

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("value", "unit", "en", "zh"),
    [
        (0.2345, "share", "23.5%", "23.5%"),
        # Rare, and not nothing; noise of the arithmetic is nothing.
        (0.00047, "share", "0.05%", "0.05%"),
        (0.00003, "share", "0.003%", "0.003%"),
        (1e-17, "share", "0.0%", "0.0%"),
        (0.0, "share", "0.0%", "0.0%"),
        (-0.05, "share", "−5.0%", "−5.0%"),
        (19_200_000, "money", "CNY 19.2m", "1,920万元"),
        (999_999, "money", "CNY 1.00m", "100万元"),
        (123_456_789, "money", "CNY 123m", "1.23亿元"),
        (850, "money", "CNY 850", "850元"),
        (12.5, "money", "CNY 12.5", "12.5元"),
        (44, "count", "44", "44"),
        (1234.0, "count", "1,234", "1,234"),
        (41.26, "days", "41.3 days", "41.3天"),
        (None, "share", "–", "–"),
        (float("nan"), "money", "–", "–"),
        (float("inf"), "count", "–", "–"),
    ],
)
def test_amounts(value: float | None, unit: str, en: str, zh: str) -> None:
    assert numbers.amount(value, unit) == en
    with language("zh"):
        assert numbers.amount(value, unit) == zh


@pytest.mark.parametrize(
    ("value", "unit", "en", "zh"),
    [
        (0.023, "share", "+2.3 points", "+2.3个百分点"),
        (-0.023, "share", "−2.3 points", "−2.3个百分点"),
        (
            0.5745,
            "share",
            "+57.5 points",
            "+57.5个百分点",
        ),  # as 57.5%, not the 57.449 that 100 × 0.5745 is in binary
        (-900_000, "money", "−CNY 900k", "−90.0万元"),
        (0.0, "share", "0.0 points", "0.0个百分点"),
        (0.0004, "share", "0.0 points", "0.0个百分点"),
    ],
)
def test_a_difference_of_rates_is_in_points(value: float, unit: str, en: str, zh: str) -> None:
    assert numbers.change(value, unit) == en
    with language("zh"):
        assert numbers.change(value, unit) == zh


def test_an_interval_says_its_unit_once() -> None:
    assert numbers.interval(1e6, 2e6, "money") == "CNY 1.00 to 2.00m"
    assert numbers.interval(9e5, 2e6, "money") == "CNY 900k to 2.00m"
    assert numbers.interval(3.0, 4.0, "days") == "3.00 to 4.00 days"
    assert numbers.interval(0.1, 0.2, "share") == "10.0% to 20.0%"
    assert numbers.change_interval(-0.01, 0.02, "share") == "−1.0 to +2.0 points"
    with language("zh"):
        assert numbers.interval(1e6, 2e6, "money") == "100至200万元"
        assert numbers.interval(1e6, 2e6, "money", "USD") == "USD 100至200万"


@pytest.mark.parametrize(("value", "shown"), [(0.5, "1"), (1.5, "2"), (2.5, "3"), (-0.5, "−1"), (-0.4, "0")])
def test_rounding_is_half_up_away_from_zero(value: float, shown: str) -> None:
    assert plain(value) == shown


@pytest.mark.parametrize(
    ("share", "shown"), [(1.0, "100%"), (0.998, "99.8%"), (0.9999, "99.9%"), (0.994, "99%"), (1.29, "129%")]
)
def test_a_target_just_missed_never_reads_as_reached(share: float, shown: str) -> None:
    assert numbers.attained(share) == shown


def test_dates() -> None:
    day = date(2027, 3, 4)
    assert numbers.day_text(day) == "4 Mar 2027"
    assert numbers.month(day, year=True) == "Mar 2027"
    with language("zh"):
        assert numbers.day_text(day) == "2027年3月4日"
        assert numbers.month(day) == "3月"


def test_lines_break_at_spaces_and_between_chinese_characters_but_not_before_a_comma() -> None:
    assert broken("one two three", 8) == ["one two", "three"]
    assert broken("一二三四，五六", 8) == ["一二三四，", "五六"]
    assert broken("short", 80) == ["short"]


@pytest.mark.parametrize(
    ("ends", "unit", "says"),
    [
        ((0.78753, 0.70413), "share", "−8.4 points"),
        ((0.56349, 0.69851), "share", "+13.6 points"),
        ((0.50049, 0.50051), "share", "+0.1 points"),
        ((0.5, 0.5004), "share", "0.0 points"),
        ((0.404, 0.396), "days", "0.00 days"),
        ((0.00012, 0.30001), "share", "+30.0 points"),  # the first end shows more digits
        ((5.34, 7.16), "count", "+1.9"),
        ((2_344_900.0, 4_695_000.0), "money", "+CNY 2.36m"),
        ((2_344_900.0, 2_695_000.0), "money", "+CNY 350k"),  # another scale: its own digits
        ((7.26, -2.04), "points", "−9.30 points"),
    ],
)
def test_a_difference_agrees_with_the_amounts_beside_it(
    ends: tuple[float, float], unit: str, says: str
) -> None:
    with language("en"):
        before, after = ends
        assert change(after - before, unit, between=ends) == says


def test_a_difference_of_other_runs_than_its_ends_keeps_its_own_digits() -> None:
    with language("en"):
        assert change(0.02, "share", between=(0.5, 0.6)) == "+2.0 points"
        assert change(0.02, "share", between=(None, 0.6)) == "+2.0 points"
