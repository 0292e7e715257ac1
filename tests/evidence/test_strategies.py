"""What `no_plan_dominates` compares: the grid, what it calls clearly different, and what it picks from a ranking."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import Any

import pandas as pd
import pytest

from kpisim.evidence.results.no_plan_dominates import (
    HEADS,
    LOADS,
    ORDERS,
    Strategy,
    contenders,
    first_three,
    grid,
    ninth,
    plans,
    quality_told,
    share_of_luck,
)
from kpisim.scenario import load

pytestmark = pytest.mark.unit

ALL = grid(plans(load("default")))
BASE = Strategy("commission", 0.5, "as they are", "first come", "as it is", "eight reps")


def test_the_grid_holds_every_strategy_once() -> None:
    assert len(ALL) == len(set(ALL))
    varied = {one[:2] for one in ALL if one.weights != "as they are"}
    assert {form for form, _ in varied} == {"KPI bonus"}, "weights are varied where pay hangs on the score"
    # 25 pay plans, four of them with two sets of weights, two orders, three loads, three numbers of reps.
    assert len(ALL) == (25 + 4) * 2 * 3 * 3


@pytest.mark.parametrize(
    ("change", "different"),
    [
        ({"form": "accelerator"}, False),
        ({"share": 1.0}, False),
        ({"order": "value per hour", "load": "more paperwork", "heads": "nine reps"}, False),
        ({"form": "accelerator", "share": 1.0}, True),
        ({"share": 1.0, "load": "more paperwork"}, True),
        ({"form": "accelerator", "order": "value per hour"}, True),
        ({"form": "accelerator", "heads": "seven reps"}, True),
    ],
)
def test_clearly_different_is_two_decisions_with_pay_among_them(
    change: dict[str, Any], *, different: bool
) -> None:
    other = BASE._replace(**change)
    assert BASE.clearly_different(other) is other.clearly_different(BASE) is different


def test_a_ninth_of_the_grid_is_balanced() -> None:
    played = ninth(ALL)
    assert len(played) == len(ALL) / 9
    assert set(Counter((one[:3], one.order) for one in played).values()) == {1}
    # Every load meets every number of reps, and neither comes with one order more than with the other.
    for pair in ("load", "heads"), ("order", "load"), ("order", "heads"):
        met = Counter(tuple(getattr(one, name) for name in pair) for one in played)
        assert len(met) == len(ORDERS if "order" in pair else LOADS) * 3
        assert max(met.values()) - min(met.values()) <= 3
    # No plan is played under one load or one number of reps alone: what a plan brings is told apart from how the team works.
    for plan in {one[:3] for one in played}:
        assert len({one.load for one in played if one[:3] == plan}) == 2
        assert len({one.heads for one in played if one[:3] == plan}) == 2


@pytest.mark.parametrize("heads", HEADS)
def test_however_many_reps_share_the_leads_of_eight(heads: str) -> None:
    base = load("default")
    changed = base.derive(HEADS[heads])
    assert (changed.market.territory or changed.team.size) == base.team.size
    assert changed.team.size == {"seven reps": 7, "eight reps": 8, "nine reps": 9}[heads]


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
    assert Counter(one[:3] for one in chosen) == dict.fromkeys(dict.fromkeys(one[:3] for one in ALL[:72]), 2)
    assert set(ALL[:2]) <= set(chosen)


def test_quality_is_what_the_other_years_brought() -> None:
    frame = pd.DataFrame({0: [1.0, 2.0, 3.0], 1: [1.0, 2.0, 3.0], 2: [6.0, 4.0, 2.0]})
    # Year 0 beside (3.5, 3, 2.5): -1; year 1 the same; year 2 beside (1, 2, 3): -1.
    assert quality_told(frame)[0] == pytest.approx(-1.0)
    # With the reversed year weaker than the one beside it, the others still tell: 1, 1 and -1; left out in turn: -1, -1, 1.
    frame[2] = [2.9, 2.5, 2.1]
    told, error = quality_told(frame)
    assert told == pytest.approx(1 / 3)
    assert error == pytest.approx((2 * (8 / 9)) ** 0.5)


def test_a_year_that_is_good_for_all_is_no_luck_and_one_that_swaps_them_is_nothing_else() -> None:
    assert share_of_luck(pd.DataFrame([[1.0, 3.0], [5.0, 7.0]])) == (0.0, 0.0)
    # Variance 2 within each of two strategies; four values of -1 and 1 have 4/3.
    assert share_of_luck(pd.DataFrame([[0.0, 2.0], [2.0, 0.0]])) == (1.5, 0.0)
    # Without the first or the second year all is luck, without the third nothing is.
    share, error = share_of_luck(pd.DataFrame([[0.0, 0.0, 2.0], [2.0, 2.0, 0.0]]))
    assert share == pytest.approx((4 / 3) / (6 / 5))
    assert error == pytest.approx(1.0)
