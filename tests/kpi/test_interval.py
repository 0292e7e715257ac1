"""Intervals against printed tables and against values worked out by hand."""

from __future__ import annotations

import pytest

from kpisim.kpi.interval import Z95, mean_interval, t95, wilson

pytestmark = pytest.mark.unit

# 97.5 % quantiles of Student's t as textbooks print them.
PRINTED = {
    1: 12.7062, 2: 4.3027, 3: 3.1824, 4: 2.7764, 5: 2.5706, 6: 2.4469, 7: 2.3646, 10: 2.2281, 20: 2.0860, 29: 2.0452,
    30: 2.0423, 60: 2.0003, 120: 1.9799, 1000: 1.9623,
}  # fmt: skip


@pytest.mark.parametrize(("df", "quantile"), list(PRINTED.items()))
def test_students_t_is_that_of_the_tables(df: int, quantile: float) -> None:
    t95.cache_clear()
    assert t95(df) == pytest.approx(quantile, abs=6e-5)


def test_above_a_thousand_the_expansion_takes_over_without_a_step() -> None:
    t95.cache_clear()
    before, after, far = t95(1000), t95(1001), t95(1_000_000)
    # (Z³ + Z) / 4n falls by a thousandth of itself from n = 1000 to 1001.
    assert before - after == pytest.approx((Z95**3 + Z95) / 4 * (1 / 1000 - 1 / 1001), rel=0.01)
    assert far == pytest.approx(Z95 + (Z95**3 + Z95) / 4e6, abs=1e-11)
    # Both as scipy.stats.t.ppf(0.975, n) gives them; the second term of the expansion is 2.8e-6 at n = 1001.
    assert after == pytest.approx(1.9623367053, abs=1e-8)
    assert t95(1500) == pytest.approx(1.9615467539, abs=1e-8)


@pytest.mark.parametrize(("hits", "n", "low", "high"), [
    (3, 10, 0.10779, 0.60322), (8, 10, 0.49016, 0.94332), (50, 100, 0.40383, 0.59617),
    (0, 10, 0.0, 0.27753), (10, 10, 0.72247, 1.0), (1, 1, 0.20655, 1.0), (0, 1, 0.0, 0.79345),
])  # fmt: skip
def test_wilson(hits: int, n: int, low: float, high: float) -> None:
    assert wilson(hits, n) == pytest.approx((low, high), abs=6e-6)


def test_a_rate_of_nothing_or_everything_ends_exactly_there() -> None:
    # Rounding of centre ± half would leave 1e-17.
    assert [wilson(0, n)[0] for n in (1, 7, 49, 1000)] == [0.0] * 4
    assert [wilson(n, n)[1] for n in (1, 7, 49, 1000)] == [1.0] * 4


def test_the_mean_of_four_and_of_two_and_of_one() -> None:
    # 2 / √4 = 1 × 3.1824; √2 / √2 = 1 × 12.7062.
    for sd, n, edges in ((2.0, 4, (10 - 3.1824, 10 + 3.1824)), (2**0.5, 2, (10 - 12.7062, 10 + 12.7062))):
        found = mean_interval(10.0, sd, n)
        assert found is not None
        assert found == pytest.approx(edges, abs=1e-4)
    assert mean_interval(5.0, 0.0, 3) == (5.0, 5.0)
    assert mean_interval(5.0, 1.0, 1) is None
