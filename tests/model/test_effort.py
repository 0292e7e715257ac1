"""The effort law on its grid, and how the model uses it."""

from __future__ import annotations

import numpy as np
import pytest

from kpisim.model import pay
from kpisim.model.effort import plan_policy, solve
from kpisim.scenario import Bonus, Incentive

pytestmark = pytest.mark.theory


def test_a_straight_line_is_met_with_constant_effort() -> None:
    policy = solve(lambda x: 0.3 * x, mean=1.0, sigma=0.4, cost=2.0)
    inner = policy.effort[:, 100:-100]
    assert np.allclose(inner, 0.15, rtol=1e-3)


def test_value_of_a_bonus_is_the_closed_form() -> None:
    bonus, sigma, mean = 0.15, 0.3, 0.85
    policy = solve(lambda x: np.where(x >= 1, bonus, 0.0), mean=mean, sigma=sigma, cost=1.0, grid=3001)
    from scipy.special import ndtr

    hit = 1 - ndtr((1 - mean) / sigma)
    exact = sigma**2 * np.log(1 + (np.exp(bonus / sigma**2) - 1) * hit)
    assert float(policy.value_at(0.0, 1.0)) == pytest.approx(exact, rel=2e-3)


def test_scalar_and_array_lookups_agree() -> None:
    policy = solve(lambda x: np.maximum(x - 1, 0), mean=1.0, sigma=0.5, cost=1.0)
    for x in (-1.0, 0.0, 0.77, 1.4, 99.0):
        for left in (0.0, 1e-4, 0.3, 1.0, 2.0):
            assert policy.effort_now(x, left) == pytest.approx(float(policy.effort_at(x, left)))
            assert policy.value_now(x, left) == pytest.approx(float(policy.value_at(x, left)))


def test_nobody_works_for_what_is_out_of_reach_or_already_earned() -> None:
    plan = Incentive(commission_rate=0.0, bonuses=(Bonus(attainment=1.0, amount=10_000),))
    policy = plan_policy(plan, 100_000.0, 0.9, 0.3, 20_000.0, 0.25, 0.3, 8)
    near = policy.effort_now(0.9, 0.05)
    assert policy.effort_now(0.2, 0.05) < 0.01 * near
    assert policy.effort_now(1.3, 0.05) < 0.01 * near


def test_a_steep_plan_does_not_overflow() -> None:
    policy = solve(lambda x: 5_000.0 * np.maximum(x, 0), mean=1.0, sigma=0.3, cost=1.0)
    assert np.isfinite(policy.value).all()
    assert np.isfinite(policy.effort).all()


def test_a_cap_ends_effort_and_a_ratchet_lowers_it() -> None:
    free = Incentive(commission_rate=0.04)
    capped = free.model_copy(update={"cap": 1.0})
    follow = Incentive(commission_rate=0.02, accelerator=3.0, ratchet=0.5)
    still = follow.model_copy(update={"ratchet": 1.0})
    at = [
        plan_policy(plan, 1e5, 1.1, 0.3, 2e4, 0.25, 0.3, 8).effort_now(1.05, 0.1)
        for plan in (free, capped, still, follow)
    ]
    assert at[1] < 0.2 * at[0]
    assert at[3] < at[2]


def test_pool_effort_falls_with_the_size_of_the_team() -> None:
    plan = Incentive(commission_rate=0.0, team_pool_rate=0.04)
    slopes = [float(pay.goal(plan, 2e5, 1e5, team) - pay.goal(plan, 1e5, 1e5, team)) for team in (1, 2, 4, 8)]
    assert np.allclose(np.array(slopes) / slopes[0], [1, 0.5, 0.25, 0.125])
