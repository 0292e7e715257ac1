"""The picture of a round is drawn once for one result, in each language, and follows every number."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kpisim.course.rounds import Reading
from kpisim.show import rounds as drawn
from kpisim.show.rounds import round_html
from kpisim.text import language

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.unit

ONE = Reading("csat", 0.74, 0.78, 0.7, 0.8, 0.04, 0.01, 0.07, "up", hit=True)


@pytest.fixture(autouse=True)
def _nothing_drawn() -> Iterator[None]:
    drawn._drawn.cache_clear()
    yield
    drawn._drawn.cache_clear()


def test_it_is_drawn_once_and_follows_numbers_and_language() -> None:
    english = round_html([ONE])
    assert round_html([replace(ONE, guessed="down", hit=False)]) is english
    with language("zh"):
        chinese = round_html([ONE])
    other = round_html([replace(ONE, after=0.79)])
    assert len({english, chinese, other}) == 3
    assert "74.0% → 78.0%" in english
    assert "74.0% → 79.0%" in other
    assert drawn._drawn.cache_info().misses == 3
