"""Formulas on totals and scores, by numbers worked out on paper: every edge, both sides of it."""

from __future__ import annotations

import pytest

from kpisim.kpi import ratios, scoring
from kpisim.kpi.split import largest_remainder
from kpisim.text import UserError

pytestmark = pytest.mark.unit


def test_nothing_to_divide_by_is_none_everywhere() -> None:
    assert ratios.share(1, 0) is None
    assert ratios.share(1, -1) is None
    assert ratios.share(0, 1) == 0
    assert ratios.retention(0, 5, 5) is None
    assert ratios.churn(0, 5, 5) is None
    assert ratios.gross_margin(0, 5) is None
    assert ratios.return_on_assets(1, -5, 5) is None
    assert ratios.dpmo(1, 0, 5) is None
    assert ratios.answers([]) is None
    assert ratios.answers([None]) is None
    assert ratios.skill_gain({"a": 1}, {"b": 2}, 5) is None


def test_ratios_by_hand() -> None:
    assert ratios.gross_margin(200, 150) == 0.25
    assert ratios.gross_margin(100, 130) == pytest.approx(-0.3)
    assert ratios.yearly_churn(0.02) == pytest.approx(0.2153, abs=1e-4)
    assert ratios.yearly_churn(1.0) == 1
    assert ratios.turnover(3, 10, 20) == 0.2
    assert ratios.staff_retention(10, 4) == 0.6
    assert ratios.dpmo(3, 100, 4) == 7500
    roa = ratios.return_on_assets(12, 100, 140)
    assert roa is not None
    assert [roa.raw, roa.annualised] == pytest.approx([0.1, 0.1])


def test_answers_say_share_mean_number_and_response() -> None:
    got = ratios.answers([5, 4, 3, None], asked=8)
    assert got is not None
    assert [got.favourable, got.mean, got.n, got.response_rate] == pytest.approx([2 / 3, 4.0, 3, 0.375])
    alone = ratios.answers([3])
    assert alone is not None
    assert (alone.favourable, alone.response_rate) == (0.0, None)


def test_skill_gain_over_matched_people() -> None:
    got = ratios.skill_gain({"a": 2, "b": 5, "c": 4, "x": 1}, {"a": 4, "b": 5, "c": 3, "y": 5}, 5)
    assert got is not None
    # Gains 2, 0, −1; b was at the top, so it has no room; unmatched: x and y.
    assert [got.mean, got.improved, got.n, got.unmatched] == pytest.approx([1 / 3, 1 / 3, 3, 2])
    assert got.normalised == pytest.approx((2 / 3 - 1) / 2)
    top = ratios.skill_gain({"a": 5}, {"a": 5}, 5)
    assert top is not None
    assert (top.normalised, top.improved) == (None, 0.0)


@pytest.mark.parametrize(
    ("actual", "target", "lower", "form", "attained"),
    [
        (50, 100, False, "mirror", 0.5),
        (50, 0, False, "mirror", None),
        (-80, -100, False, "mirror", 1.2),
        (-100, -100, False, "mirror", 1.0),
        (-150, -100, False, "mirror", 0.5),
        (8, 10, True, "mirror", 1.2),
        (12, 10, True, "mirror", 0.8),
        (8, 10, True, "inverse", 1.25),
        (0, 10, True, "inverse", None),
        (0, 10, True, "mirror", 2.0),
        (0, 10, False, "inverse", 0.0),
    ],
)
def test_attainment(
    actual: float, target: float, lower: bool, form: scoring.CostForm, attained: float | None
) -> None:
    assert scoring.attainment(actual, target, lower=lower, form=form) == (
        None if attained is None else pytest.approx(attained)
    )


def test_edges_of_scores() -> None:
    assert scoring.goal_score(5, 3, 3) is None
    assert scoring.goal_score(-1e9, 700, 500) == 0
    assert scoring.progress(5, 3, 3) is None
    assert scoring.pace(5, 0, 30, 92) is None
    assert scoring.pace(5, 10, 30, 0) is None
    assert scoring.pace(5, 10, 1, 21) is None
    assert scoring.pace(5, 10, 1, 20) == pytest.approx(10)
    assert scoring.pace(5, 10, 1, 1) == pytest.approx(0.5)
    assert scoring.reshare([1, 3], [True, False]) == [1, 0]
    assert scoring.reshare([1, 3], [False, False]) == [0, 0]
    assert scoring.reshare([0.25, 0.5], [True, True]) == [pytest.approx(1 / 3), pytest.approx(2 / 3)]
    assert scoring.weighted([None, None], [1, 2]) is None
    assert scoring.weighted([80, None], [1, 2]) == 80
    assert [scoring.rag(value) for value in (None, 1.0, 0.99, 0.9, 0.89)] == [
        None,
        "green",
        "amber",
        "amber",
        "red",
    ]
    assert scoring.rag(0.8, green=0.8, amber=0.6) == "green"
    with pytest.raises(ValueError, match="zip"):
        scoring.reshare([1], [True, False])
    with pytest.raises(ValueError, match="zip"):
        scoring.weighted([1.0, 2.0], [1])


def test_piecewise_and_thresholds() -> None:
    curve = [(0.8, 0.5), (1.0, 1.0)]
    assert scoring.piecewise(0.5, curve, below=0.1) == 0.1
    assert scoring.piecewise(3, curve) == 1.0
    assert scoring.piecewise(3, curve, slope=1) == 3.0
    assert scoring.piecewise(3, curve, slope=1, cap=2) == 2.0
    for bad in ([], [(1.0, 1.0), (1.0, 2.0)], [(1.0, 1.0), (0.5, 2.0)]):
        with pytest.raises(UserError, match="attainments must rise"):
            scoring.piecewise(1, bad)
    # Lower is better: 10 complaints are the threshold, 8 the target, 5 the stretch.
    assert [scoring.threshold_score(value, 10, 8, 5) for value in (11, 10, 9, 8, 6.5, 5, 1)] == [
        0,
        60,
        80,
        100,
        110,
        120,
        120,
    ]


def test_splits() -> None:
    assert largest_remainder(-10, [1, 1, 1]) == [-4, -3, -3]
    assert largest_remainder(0, [1, 2]) == [0, 0]
    assert largest_remainder(5, [0, 1]) == [0, 5]
    assert largest_remainder(10, [1, 2, 3, 4]) == [1, 2, 3, 4]
    assert largest_remainder(7, [3, 3, 1]) == [3, 3, 1]
    assert largest_remainder(10_01, [1, 1]) == [5_01, 5_00]
    for bad in ([], [0, 0], [1, -1]):
        with pytest.raises(UserError, match="cannot split by the weights"):
            largest_remainder(5, bad)


@pytest.mark.parametrize(
    ("value", "floor", "target", "stretch", "points"),
    [
        (100.0, 80.0, 100.0, 120.0, 100.0),
        (119.0, 80.0, 100.0, 120.0, 119.0),
        (500.0, 80.0, 100.0, 120.0, 120.0),
        # Less is better where the stretch lies below the floor.
        (10.0, 10.0, 8.0, 6.0, 60.0),
        (7.0, 10.0, 8.0, 6.0, 110.0),
        (1.0, 10.0, 8.0, 6.0, 120.0),
        (10.1, 10.0, 8.0, 6.0, 0.0),
    ],
)
def test_threshold_target_and_stretch_either_way_and_no_further(
    value: float, floor: float, target: float, stretch: float, points: float
) -> None:
    assert scoring.threshold_score(value, floor, target, stretch) == pytest.approx(points)


def test_a_goal_far_exceeded_scores_ten_and_more_is_better_unless_said() -> None:
    assert scoring.goal_score(5_000, 700, 500) == 10.0
    assert scoring.attainment(120.0, 100.0) == pytest.approx(1.2)
    assert scoring.attainment(120.0, 100.0, lower=True) == pytest.approx(0.8)
