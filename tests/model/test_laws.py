"""A mixture from one normal number is that mixture, with its moments, and more luck is never less of a kind."""

from __future__ import annotations

from itertools import pairwise
from math import log
from typing import Any

import numpy as np
import pytest
from scipy import stats

from kpisim.model.laws import lognormal, mixed, mixed_moments

FIRST, SECOND = (0.3, 0.2, 0.6), (5.0, 0.9)


def numbers(size: int) -> np.ndarray:
    return np.array([mixed(z, FIRST, SECOND) for z in np.random.default_rng(4).standard_normal(size)])


@pytest.mark.theory
def test_the_law_is_the_mixture() -> None:
    def below(x: Any) -> Any:
        share, low, low_sigma = FIRST
        quick = stats.norm.cdf((np.log(x) - log(low)) / low_sigma)
        other = stats.norm.cdf((np.log(x) - log(SECOND[0])) / SECOND[1])
        return share * quick + (1 - share) * other

    assert stats.kstest(numbers(4000), below).pvalue > 1e-4


@pytest.mark.theory
def test_the_moments_are_those_of_the_law() -> None:
    x = numbers(40_000)
    for power, known in zip((1, 2), mixed_moments(FIRST, SECOND), strict=True):
        error = float((x**power).std() / len(x) ** 0.5)
        assert abs(float((x**power).mean()) - known) < 4 * error


@pytest.mark.unit
def test_one_kind_alone_is_the_lognormal_to_the_last_digit() -> None:
    for z in (-40.0, -1.5, 0.0, 2.0, 40.0):
        assert mixed(z, (0.0, 1.0, 1.0), SECOND) == lognormal(z, *SECOND)
    assert mixed_moments((0.0, 1.0, 1.0), (3.0, 0.0)) == (3.0, 9.0)


@pytest.mark.functional
def test_more_luck_is_more_within_a_kind_and_extremes_stay_finite() -> None:
    edge = stats.norm.ppf(FIRST[0])
    for low, high in ((-6.0, edge - 1e-9), (edge + 1e-9, 6.0)):
        drawn = [mixed(z, FIRST, SECOND) for z in np.linspace(low, high, 200)]
        assert all(a <= b for a, b in pairwise(drawn))
    assert all(np.isfinite(mixed(z, FIRST, SECOND)) for z in (-60.0, 60.0))
