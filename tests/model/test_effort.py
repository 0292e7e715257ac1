"""The effort law on its grid, and how the model uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from kpisim.model import pay
from kpisim.model.effort import plan_policy, solve
from kpisim.scenario import Bonus, Incentive

if TYPE_CHECKING:
    from numpy.typing import NDArray

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


SIGMA, COST = 0.4, 2.0
TOIL = COST * SIGMA**2
AVERSIONS = pytest.mark.parametrize("aversion", [0.0, 0.4 / TOIL, 1.0 / TOIL, 4.0 / TOIL])
"""No aversion to risk, less than what makes the equation linear, as much, more."""


@AVERSIONS
def test_a_flat_commission_is_worth_its_mean_and_effort_less_the_risk_premium(aversion: float) -> None:
    """Holmström & Milgrom 1987: b·m·T + b²T/(2c) - r·b²σ²T/2, and the same effort whatever the risk."""
    rate, mean, horizon = 0.3, 1.0, 0.5
    policy = solve(
        lambda x: rate * x,
        mean=mean,
        sigma=SIGMA,
        cost=COST,
        horizon=horizon,
        risk_aversion=aversion,
        grid=3001,
    )
    exact = horizon * (rate * mean + rate**2 / (2 * COST) - aversion * (rate * SIGMA) ** 2 / 2)
    assert float(policy.value_at(0.0, horizon)) == pytest.approx(exact, rel=1e-4)
    assert np.allclose(policy.effort[:, 500:-500], rate / COST, rtol=1e-3)


@AVERSIONS
def test_a_bonus_is_worth_the_closed_form_whatever_the_aversion(aversion: float) -> None:
    from scipy.special import ndtr

    bonus, mean = 0.3, 0.85
    policy = solve(
        lambda x: np.where(x >= 1, bonus, 0.0),
        mean=mean,
        sigma=SIGMA,
        cost=COST,
        risk_aversion=aversion,
        grid=3001,
    )
    hit = 1 - ndtr((1 - mean) / SIGMA)
    bend = 1 / TOIL - aversion
    exact = bonus * hit if abs(bend) < 1e-9 else np.log1p(np.expm1(bend * bonus) * hit) / bend
    assert float(policy.value_at(0.0, 1.0)) == pytest.approx(exact, rel=3e-3)


def test_where_risk_and_toil_balance_nothing_jumps() -> None:
    worths = [
        float(
            solve(
                lambda x: 0.3 * np.maximum(x - 1, 0), mean=1.0, sigma=SIGMA, cost=COST, risk_aversion=r / TOIL
            ).value_at(0.0, 1.0)
        )
        for r in (1 - 1e-6, 1.0, 1 + 1e-6)
    ]
    assert worths == pytest.approx([worths[1]] * 3, rel=1e-6)


@pytest.mark.parametrize("aversion", [0.4 / TOIL, 1.0 / TOIL, 4.0 / TOIL])
def test_the_value_is_the_certainty_equivalent_of_what_reps_live_through(aversion: float) -> None:
    """Played and not solved: final pay less toil on each path, and -ln E exp(-r·)/r over the paths."""

    def pay_(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return 0.3 * np.maximum(x, 0) + 1.2 * np.maximum(x - 1, 0)

    best, blind = (
        solve(pay_, mean=1.0, sigma=SIGMA, cost=COST, risk_aversion=r, grid=1201) for r in (aversion, 0.0)
    )
    lots = {}
    for name, policy in (("best", best), ("blind", blind)):
        draws = np.random.default_rng(5)
        x, toil = np.zeros(20_000), np.zeros(20_000)
        steps = 200
        for k in range(steps):
            effort = policy.effort_at(x, 1 - k / steps)
            toil += COST * effort**2 / 2 / steps
            x += (1.0 + effort) / steps + SIGMA * draws.standard_normal(len(x)) / np.sqrt(steps)
        lots[name] = np.exp(-aversion * (pay_(x) - toil))
    lot = lots["best"]
    equivalent = -np.log(lot.mean()) / aversion
    error = lot.std() / lot.mean() / np.sqrt(len(lot)) / aversion
    assert float(best.value_at(0.0, 1.0)) == pytest.approx(equivalent, abs=4 * error + 2e-3)
    # The same luck with the effort of somebody who does not mind risk: worse, in utility.
    loss = lots["blind"] - lot
    assert loss.mean() > 3 * loss.std() / np.sqrt(len(lot))


def test_aversion_to_risk_gives_a_straight_line_no_reason_to_move_deals() -> None:
    plan = Incentive(commission_rate=0.03)
    policy = plan_policy(plan, 6e5, 1.2, 0.2, 2e5, 0.25, 0.0, 8, 5e-6)
    now = policy.value_now(0.9 + 0.2, 0.05) - policy.value_now(0.9, 0.05)
    later = policy.value_now(0.4 + 0.2, 1.0) - policy.value_now(0.4, 1.0)
    assert now == pytest.approx(later, rel=1e-4)


def test_aversion_to_risk_makes_a_deal_that_settles_a_bonus_worth_more() -> None:
    """Timing and acceptance read such differences: who dislikes risk pays more for making the bonus sure."""
    plan = Incentive(commission_rate=0.0, bonuses=(Bonus(attainment=1.0, amount=30_000),))
    gains, gambles = [], []
    for aversion in (0.0, 5e-6, 2e-5, 1e-4):
        policy = plan_policy(plan, 6e5, 0.9, 0.4, 2e5, 0.25, 0.0, 8, aversion)
        gambles.append(policy.value_now(0.0, 1.0))
        gains.append(policy.value_now(1.3, 0.05) - policy.value_now(0.9, 0.05))
    assert gambles == sorted(gambles, reverse=True)
    assert gambles[-1] < 0.9 * gambles[0]
    assert gains == sorted(gains)
    assert gains[-1] > 1.02 * gains[0]


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


@pytest.mark.parametrize("luck", [0.2, 0.8, 1.5])
@pytest.mark.parametrize("aversion", [0.0, 5e-6])
def test_a_flat_commission_is_flat_whatever_the_luck(luck: float, aversion: float) -> None:
    """Holmström and Milgrom: one rate for every sale, so one effort all along, and no day on which a deal is worth more.

    The wider the luck, the more paths of the law run below zero sales, where a commission held at zero would bend it.
    """
    rate, quota, cost = 0.04, 6e5, 2e5
    policy = plan_policy(Incentive(commission_rate=rate), quota, 1.0, luck, cost, 0.25, 0.0, 8, aversion)
    for left in (1.0, 0.5, 0.05):
        for sold in (0.0, 0.3, 1.0, 1.4):
            assert policy.effort_now(sold, left) == pytest.approx(rate * quota / cost, rel=2e-3)
            worth = policy.value_now(sold + 0.4, left) - policy.value_now(sold, left)
            assert worth == pytest.approx(0.4 * rate * quota, rel=2e-3)
