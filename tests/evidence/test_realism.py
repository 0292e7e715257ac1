"""The default team looks like a real one: means over 200 two-year runs, each inside the range that surveys and logs give."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from joblib import Parallel, delayed

from kpisim.evidence.realism import top_fifth, two_years

pytestmark = [pytest.mark.evidence, pytest.mark.slow]

SEEDS = 200


@pytest.fixture(scope="module")
def team() -> tuple[pd.DataFrame, Any, Any]:
    found = Parallel(n_jobs=2)(delayed(two_years)("default", 11, run) for run in range(SEEDS))
    return (
        pd.DataFrame([figures for figures, _, _ in found]),
        np.array([pair for _, pairs, _ in found for pair in pairs]),
        [np.array(sold) for _, _, sold in found],
    )


@pytest.mark.parametrize(
    ("figure", "low", "high"),
    [
        ("at quota", 0.40, 0.70),
        ("top fifth", 0.26, 0.38),
        ("win rate of qualified", 0.20, 0.30),
        ("existing against new", 3.0, 12.0),
        ("selling time", 0.25, 0.42),
        ("turnover", 0.20, 0.35),
    ],
)
def test_a_figure_of_the_default_team(
    team: tuple[pd.DataFrame, Any, Any], figure: str, low: float, high: float
) -> None:
    values = team[0][figure].dropna()
    error = values.std() / np.sqrt(len(values))
    # The whole interval lies in the range: not a lucky seed.
    assert low <= values.mean() - 2 * error, values.mean()
    assert values.mean() + 2 * error <= high, values.mean()


def test_the_top_fifth_of_a_sales_force_sells_about_a_third(team: tuple[pd.DataFrame, Any, Any]) -> None:
    """Pooled over all teams: among eight people the best 1.6 cannot stand out as far."""
    teams = team[2]
    shares = [top_fifth(np.concatenate(teams[part::10])) for part in range(10)]
    error = np.std(shares, ddof=1) / np.sqrt(len(shares))
    assert np.mean(shares) - 2 * error >= 0.30, shares
    assert np.mean(shares) + 2 * error <= 0.36, shares


def test_a_good_year_is_half_luck(team: tuple[pd.DataFrame, Any, Any]) -> None:
    """Near .4 in the rule (I-12: .43 for 24 deals a year); here .36 by rank and .38 by amount, for 31 deals a year."""
    pairs = pd.DataFrame(team[1])
    for method, low, high in (("pearson", 0.3, 0.5), ("spearman", 0.3, 0.5)):
        correlation = float(pairs.corr(method).iloc[0, 1])  # type: ignore[arg-type]
        error = (1 - correlation**2) / np.sqrt(len(pairs))
        assert low <= correlation - 2 * error, (method, correlation)
        assert correlation + 2 * error <= high, (method, correlation)
