"""Published equations as pure functions: hand-worked steps, extremes, and what must hold for any values."""

from __future__ import annotations

from dataclasses import replace
from math import exp

import numpy as np
import pytest

from kpisim.model import coordination, corner_cutting, handover, hours, socialisation, strain
from kpisim.text import UserError, language

# --- cutting corners ----------------------------------------------------------------------------------


@pytest.mark.unit
def test_pressure_time_and_norm_by_hand() -> None:
    # 1,200 orders of 1 h on 1,000 h: p = 1.2; 1.2^-0.64 = 0.8899.
    assert corner_cutting.pressure(1200, 1.0, 1000.0) == pytest.approx(1.2)
    given = corner_cutting.time_per_order(1.0, 1.2)
    assert given == pytest.approx(0.8899, abs=5e-5)
    assert corner_cutting.next_norm(1.0, given) == pytest.approx(1 - (1 - given) * (1 - exp(-1 / 18.83)))


@pytest.mark.unit
def test_an_order_is_never_given_less_than_a_tenth_of_an_hour() -> None:
    assert corner_cutting.time_per_order(1.0, 1e6) == 0.1


@pytest.mark.functional
def test_the_norm_falls_under_load_and_stays_down() -> None:
    path = corner_cutting.norms([1300.0] * 30 + [700.0] * 500, 1080.0)
    assert (np.diff(path[:31]) < 0).all()
    assert path[-1] == pytest.approx(path[30], rel=1e-4)


@pytest.mark.functional
def test_a_norm_that_can_rise_recovers() -> None:
    own = replace(corner_cutting.PUBLISHED, weeks_to_raise=18.83)
    path = corner_cutting.norms([1300.0] * 30 + [1000.0] * 1000, 1080.0, own)
    assert path[-1] == pytest.approx(path[0], rel=1e-6)


@pytest.mark.functional
def test_peaks_erode_the_norm_though_mean_load_is_normal() -> None:
    level = corner_cutting.norms([1000.0] * 52, 1080.0)
    peaks = corner_cutting.norms([900.0, 1100.0] * 26, 1080.0)
    assert level[-1] == pytest.approx(1.08)
    assert peaks[-1] < 0.98 * level[-1]


# --- strain -------------------------------------------------------------------------------------------


@pytest.mark.unit
def test_one_step_by_hand() -> None:
    after = strain.step(strain.State(), 1.0)
    assert after.engagement == pytest.approx(0.5 + 0.2 * 0.5 * 0.7 * 1.2 * 0.5 - 0.1 * 0.5 * 0.5)
    assert after.resources == pytest.approx(0.7 + 0.2 * 0.5 * 0.3 - 0.05 * 0.7)
    assert after.energy == pytest.approx(0.5 + 0.15 * 0.25 - 0.4 * 0.5 * 0.2 / 1.7)
    assert after.demands == pytest.approx(0.2 + 0.15 * 0.5 + 0.2 * 0.8 - 0.2 * 0.5 * 0.2)
    assert after.performance == after.engagement + after.energy


@pytest.mark.unit
def test_the_path_is_made_of_steps() -> None:
    path = strain.integrate(days=1.0, dt=0.5)
    state = strain.step(strain.step(strain.START, 0.5), 0.5)
    assert path[:, 0].tolist() == [0.0, 0.5, 1.0]
    assert path[-1, 1:].tolist() == [
        state.demands,
        state.engagement,
        state.resources,
        state.energy,
        state.performance,
    ]


@pytest.mark.functional
@pytest.mark.parametrize("level", [0.0, 0.05, 0.5, 0.95, 1.0])
def test_states_stay_in_their_ranges(level: float) -> None:
    path = strain.integrate(strain.State(level, level, level, level), days=400.0, dt=0.05)
    assert path[:, 1:5].min() >= 0.0
    assert path[:, 2:5].max() <= 1.0
    # Demands of an exhausted person: 1 + 0.15/0.20.
    assert path[:, 1].max() <= 1.75 + 1e-9


@pytest.mark.functional
def test_the_published_rates_exhaust_and_a_smaller_drain_does_not() -> None:
    draws = np.random.default_rng(4).random((20, 4)).tolist()
    for values in [*draws, [0.0, 1.0, 1.0, 1.0]]:
        assert strain.integrate(strain.State(*values), days=300.0, dt=0.1)[-1, 4] < 0.01
    milder = replace(strain.PUBLISHED, drain=0.15)
    assert strain.integrate(days=300.0, dt=0.1, rates=milder)[-1, 4] > 0.5


@pytest.mark.functional
def test_smaller_steps_hardly_change_the_path() -> None:
    coarse, fine = strain.integrate(days=60.0, dt=0.02), strain.integrate(days=60.0, dt=0.005)
    assert np.abs(coarse[-1, 1:] - fine[-1, 1:]).max() < 2e-3


@pytest.mark.functional
def test_more_demands_cost_energy() -> None:
    calm = strain.integrate(strain.State(demands=0.1), days=5.0)
    busy = strain.integrate(strain.State(demands=0.9), days=5.0)
    assert busy[-1, 4] < calm[-1, 4]


# --- hours --------------------------------------------------------------------------------------------


@pytest.mark.unit
@pytest.mark.parametrize(
    ("worked", "made"),
    [(0.0, 0.0), (40.0, 40.0), (49.0, 49.0), (56.0, 54.25), (63.0, 56.0), (70.0, 54.25), (90.0, 54.25)],
)
def test_output_of_a_week(worked: float, made: float) -> None:
    assert hours.output(worked) == pytest.approx(made)


@pytest.mark.unit
@pytest.mark.parametrize("worked", [10.0, 49.5, 56.0, 63.0, 69.0, 80.0])
def test_marginal_output_is_the_slope(worked: float) -> None:
    slope = (hours.output(worked + 1e-5) - hours.output(worked - 1e-5)) / 2e-5
    assert hours.marginal(worked) == pytest.approx(slope, abs=1e-6)


# --- socialisation ------------------------------------------------------------------------------------


@pytest.mark.unit
def test_exit_is_r0_at_perfect_fit_and_r0_plus_r2_far_away() -> None:
    near, far = socialisation.exit_chance([2.0, 50.0], 2.0).tolist()
    assert near == pytest.approx(0.01)
    assert far == pytest.approx(0.06)


@pytest.mark.unit
def test_exit_is_the_published_formula() -> None:
    from scipy.stats import norm

    c, r0, r1, r2 = 0.3, 0.01, 0.5, 0.05
    published = (r0 + r2) - r2 * r1 * np.sqrt(2 * np.pi) * norm.pdf(c, 0.0, r1)
    assert socialisation.exit_chance(c, 0.0) == pytest.approx(published)


@pytest.mark.unit
def test_socialisation_fades_with_tenure_and_earlier_employments() -> None:
    moved = socialisation.socialise([1.0, 1.0, 1.0], 0.0, [1, 7, 1], [1, 1, 3])
    assert moved.tolist() == pytest.approx([0.5, 1 - 0.5 * exp(-1.8), 1 - 0.5 * exp(-0.2)])


@pytest.mark.functional
def test_entrants_are_spread_around_the_median() -> None:
    n = 40_000
    values, taken = socialisation.hire(n, 1.0, np.random.default_rng(5))
    assert taken == []
    assert values.mean() == pytest.approx(1.0, abs=4 * 0.5 / n**0.5)
    assert values.std() == pytest.approx(0.5, abs=4 * 0.5 / (2 * n) ** 0.5)


@pytest.mark.unit
def test_only_the_unemployed_who_fit_are_hired_and_nobody_twice() -> None:
    closed = replace(socialisation.PUBLISHED, entrants=0.0, selectivity=0.1)
    pool = [0.15, 5.0, -0.1, 0.25]
    values, taken = socialisation.hire(2, 0.0, np.random.default_rng(1), pool, closed)
    assert sorted(taken) == [0, 2]
    assert values.tolist() == [pool[place] for place in taken]


@pytest.mark.unit
def test_without_candidates_entrants_come_in() -> None:
    closed = replace(socialisation.PUBLISHED, entrants=0.0)
    values, taken = socialisation.hire(3, 0.0, np.random.default_rng(1), [9.0], closed)
    assert len(values) == 3
    assert taken == []


# --- hand-overs and coordination ----------------------------------------------------------------------


@pytest.mark.unit
def test_a_chain_keeps_the_product() -> None:
    assert handover.kept("notes", 2) == pytest.approx(0.969**2)
    assert handover.kept("spoken", 0) == 1.0
    assert handover.hand_over(0, "sheet", np.random.default_rng(1)) == 0


@pytest.mark.theory
@pytest.mark.parametrize("protocol", list(handover.RETENTION))
def test_one_hand_over_keeps_its_share(protocol: str) -> None:
    n, rate = 100_000, handover.retention(protocol)
    kept = handover.hand_over(n, protocol, np.random.default_rng(3))
    assert kept / n == pytest.approx(rate, abs=4 * (rate * (1 - rate) / n) ** 0.5)


@pytest.mark.unit
def test_an_unknown_protocol_is_named_in_both_languages() -> None:
    with pytest.raises(UserError, match="did you mean notes"):
        handover.retention("note")
    with language("zh"), pytest.raises(UserError) as caught:
        handover.retention("note")
    with language("zh"):
        assert "交接" in str(caught.value)


@pytest.mark.unit
def test_links_and_net_hours_by_hand() -> None:
    assert [coordination.links(n) for n in (0, 1, 2, 3, 6, 10)] == [0, 0, 1, 3, 15, 45]
    # Four people, six pairs, both sides one hour: 160 - 12.
    assert coordination.net_hours(4, 1.0) == 148.0
    assert coordination.best_size(2.0) == 10.5


@pytest.mark.functional
@pytest.mark.parametrize("per_link", [0.7, 1.3, 3.0])
def test_the_nearest_whole_size_is_best(per_link: float) -> None:
    best = max(range(1, 200), key=lambda n: coordination.net_hours(n, per_link))
    assert abs(best - coordination.best_size(per_link)) <= 0.5
