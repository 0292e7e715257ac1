"""The plans that are compared in `no_plan_dominates` cost the same for a rep whose average sales are the quota."""

from __future__ import annotations

import numpy as np
import pytest

from kpisim.evidence.results.no_plan_dominates import FORMS, MIXES, plans
from kpisim.model import pay
from kpisim.model.payroll import forecast
from kpisim.scenario import load
from kpisim.scenario.incentive import Incentive

pytestmark = pytest.mark.theory

BASE = load("default")
QUOTA = BASE.kpi.quota / 4


@pytest.mark.parametrize("plan", list(plans(BASE)), ids=str)
def test_a_rep_at_quota_may_expect_the_same_pay(plan: tuple[str, float]) -> None:
    terms = Incentive.model_validate(plans(BASE)[plan])
    spread = np.sqrt(forecast(BASE)[2] * 13) / QUOTA
    sigma = np.sqrt(np.log1p(spread**2))
    sales = QUOTA * np.random.default_rng(3).lognormal(-(sigma**2) / 2, sigma, 400_000)
    parts = pay.individual(terms, sales, QUOTA, kpi_score=100 * np.minimum(sales / QUOTA, 1.2))
    # In a pool the others sell their quotas on average.
    variable = sum(part.mean() for part in parts.values()) + pay.pool_share(terms, 8 * QUOTA, 8)
    assert terms.base_salary + variable / 3 == pytest.approx(BASE.team.outside_pay, rel=0.01)
    assert terms.base_salary == pytest.approx((1 - plan[1]) * 15_500, abs=0.01)


def test_every_form_comes_in_every_mix() -> None:
    assert len(plans(BASE)) == len(FORMS) * len(MIXES) + 1
