"""What `no_plan_dominates` compares: the grid, what it calls clearly different, and what it picks from a ranking."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

import pandas as pd
import pytest

from kpisim.evidence.results.no_plan_dominates import (
    Strategy,
    between_years,
    contenders,
    first_three,
    grid,
    plans,
    share_of_luck,
    third,
)
from kpisim.scenario import load

pytestmark = pytest.mark.unit

ALL = grid(plans(load("default")))
BASE = Strategy("commission", 0.5, "as they are", "first come", "as it is")


def test_the_grid_holds_every_strategy_once() -> None:
    assert len(ALL) == len(set(ALL))
    varied = {one[:2] for one in ALL if one.weights != "as they are"}
    assert {form for form, _ in varied} == {"KPI bonus"}, "weights are varied where pay hangs on the score"
    # 19 pay plans, three of them with two sets of weights, two orders, three loads.
    assert len(ALL) == (19 + 3) * 2 * 3


@pytest.mark.parametrize(
    ("change", "different"),
    [
        ({"form": "accelerator"}, False),
        ({"share": 1.0}, False),
        ({"order": "value per hour", "load": "more paperwork"}, False),
        ({"form": "accelerator", "share": 1.0}, True),
        ({"share": 1.0, "load": "more paperwork"}, True),
        ({"form": "accelerator", "order": "value per hour"}, True),
    ],
)
def test_clearly_different_is_two_decisions_with_pay_among_them(
    change: dict[str, Any], *, different: bool
) -> None:
    other = BASE._replace(**change)
    assert BASE.clearly_different(other) is other.clearly_different(BASE) is different


def test_a_third_of_the_grid_is_balanced() -> None:
    played = third(ALL)
    assert len(played) == len(ALL) / 3
    assert set(Counter((one[:3], one.order) for one in played).values()) == {1}
    loads = Counter(one.load for one in played)
    assert max(loads.values()) - min(loads.values()) <= 1


def test_the_three_chosen_are_those_whose_last_stands_highest() -> None:
    chosen = first_three(ALL)
    assert all(one.clearly_different(other) for one, other in combinations(chosen, 2))
    above = ALL[: max(ALL.index(one) for one in chosen)]
    assert not any(
        all(one.clearly_different(other) for one, other in combinations(three, 2))
        for three in combinations(above, 3)
    )


def test_contenders_are_the_first_ways_to_work_under_the_first_plans() -> None:
    chosen = contenders(ALL, count=4, ways=2)
    assert Counter(one[:3] for one in chosen) == dict.fromkeys(dict.fromkeys(one[:3] for one in ALL[:24]), 2)
    assert set(ALL[:2]) <= set(chosen)


def test_pairs_of_years_that_share_a_year_are_not_counted_as_independent() -> None:
    # Two years alike, one reversed: pairs 1, -1, -1; without one year -1, -1 and 1, so the variance is 2/3 of 24/9.
    frame = pd.DataFrame({0: [1.0, 2.0, 3.0], 1: [1.0, 2.0, 3.0], 2: [3.0, 2.0, 1.0]})
    assert between_years(frame) == pytest.approx((-1 / 3, 4 / 3))
    assert between_years(frame[[0, 1]]) == pytest.approx((1.0, 0.0))


def test_a_year_that_is_good_for_all_is_no_luck_and_one_that_swaps_them_is_nothing_else() -> None:
    assert share_of_luck(pd.DataFrame([[1.0, 3.0], [5.0, 7.0]])) == (0.0, 0.0)
    # Variance 2 within each of two strategies; four values of -1 and 1 have 4/3.
    assert share_of_luck(pd.DataFrame([[0.0, 2.0], [2.0, 0.0]])) == (1.5, 0.0)
    # Without the first or the second year all is luck, without the third nothing is.
    share, error = share_of_luck(pd.DataFrame([[0.0, 0.0, 2.0], [2.0, 2.0, 0.0]]))
    assert share == pytest.approx((4 / 3) / (6 / 5))
    assert error == pytest.approx(1.0)
