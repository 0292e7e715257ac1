"""Pay by hand: every plan, every edge."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpisim.model import pay
from kpisim.model.payroll import kpi_score
from kpisim.scenario import Bonus, Incentive, Matrix, Tier, load

pytestmark = pytest.mark.unit

QUOTA = 100_000.0


def paid(plan: Incentive, attainment: float) -> float:
    return float(pay.commission(plan, attainment * QUOTA, QUOTA))


def test_salary_alone_has_no_commission() -> None:
    assert paid(Incentive(commission_rate=0.0), 1.5) == 0.0


def test_linear() -> None:
    assert paid(Incentive(commission_rate=0.04), 0.75) == pytest.approx(3_000)


@pytest.mark.parametrize(
    ("mode", "attainment", "expected"),
    [
        ("marginal", 0.8, 0.8 * 3_000),
        ("marginal", 1.1, 3_000 + 0.1 * 5_000),
        ("marginal", 1.5, 3_000 + 0.2 * 5_000 + 0.3 * 8_000),
        ("whole", 0.999, 0.999 * 3_000),
        ("whole", 1.0, 5_000),
        ("whole", 1.5, 1.5 * 8_000),
    ],
)
def test_tiers(mode: str, attainment: float, expected: float) -> None:
    plan = Incentive(
        commission_rate=0.03,
        tiers=(Tier(attainment=1.0, rate=0.05), Tier(attainment=1.2, rate=0.08)),
        tier_mode=mode,  # type: ignore[arg-type]
    )
    assert paid(plan, attainment) == pytest.approx(expected)


def test_threshold_is_a_cliff_to_the_first_euro() -> None:
    plan = Incentive(commission_rate=0.05, threshold=0.8)
    assert paid(plan, 0.7999) == 0.0
    assert paid(plan, 0.8) == pytest.approx(4_000)


def test_accelerator_counts_above_quota_only() -> None:
    assert paid(Incentive(commission_rate=0.05, accelerator=2.0), 1.3) == pytest.approx(5_000 + 0.3 * 10_000)


def test_cap_stops_commission() -> None:
    plan = Incentive(commission_rate=0.05, cap=1.2)
    assert paid(plan, 1.2) == paid(plan, 3.0) == pytest.approx(6_000)


def test_a_negative_result_is_paid_like_nothing() -> None:
    assert paid(Incentive(commission_rate=0.05), -0.3) == 0.0


def test_lump_sums_add_up() -> None:
    plan = Incentive(bonuses=(Bonus(attainment=0.8, amount=1_000), Bonus(attainment=1.0, amount=5_000)))
    assert pay.lump_sums(plan, [0.79, 0.8, 0.999, 1.0]).tolist() == [0, 1_000, 1_000, 6_000]


@pytest.mark.parametrize(
    ("attainment", "collection", "expected"),
    [
        (0.79, 0.99, 0.0),
        (0.8, 0.69, 0.0),
        (0.8, 0.7, 0.3),
        (1.0, 0.85, 0.9),
        (1.19, 0.9499, 0.9),
        (1.2, 0.95, 1.5),
        (9.0, 1.3, 1.5),
    ],
)
def test_matrix_cells(attainment: float, collection: float, expected: float) -> None:
    assert float(pay.coefficient(Matrix(), attainment, collection)) == expected


def test_culture_share_moves_the_variable_part_only() -> None:
    plan = Incentive(commission_rate=0.05, culture_share=0.2)
    parts = pay.individual(plan, QUOTA, QUOTA, culture=0.5)
    assert float(parts["culture"]) == pytest.approx(-5_000 * 0.2 * 0.5)
    none = pay.individual(plan.model_copy(update={"culture_share": 0.0}), QUOTA, QUOTA, culture=0.5)
    assert float(none["culture"]) == 0.0


def test_kpi_bonus_is_capped() -> None:
    plan = Incentive(commission_rate=0.0, kpi_bonus=1_000)
    bonus = [
        float(pay.individual(plan, QUOTA, QUOTA, kpi_score=score)["kpi_bonus"]) for score in (0, 80, 100, 150)
    ]
    assert bonus == pytest.approx([0, 800, 1_000, 1_200])


def test_pool_is_split_equally() -> None:
    assert pay.pool_share(Incentive(team_pool_rate=0.01), 800_000, 8) == pytest.approx(1_000)


def test_contest_prizes_go_by_rank_and_ties_share() -> None:
    assert pay.contest([300, 200, 100], [5, 9, 1, 7]) == [100, 300, 0, 200]
    assert pay.contest([300, 200, 100], [5, 9, 9, 1]) == [100, 250, 250, 0]
    assert pay.contest([300], [4, 4]) == [150, 150]
    assert pay.contest([], [4, 4]) == [0, 0]


def test_ratchet_moves_the_quota_towards_the_result() -> None:
    plan = Incentive(ratchet=0.8)
    assert pay.next_quota(plan, 100, 150, 100, 100) == pytest.approx(110)
    assert pay.next_quota(Incentive(), 100, 150, 100, 120) == pytest.approx(120)


def test_payout_curve_is_the_pay_function() -> None:
    plan = Incentive(commission_rate=0.03, accelerator=1.5, bonuses=(Bonus(),))
    curve = pay.payout_curve(plan, QUOTA)
    assert curve["attainment"].iloc[[0, -1]].tolist() == [0.0, 2.0]
    again = [float(pay.goal(plan, x * QUOTA, QUOTA)) for x in curve["attainment"]]
    assert np.allclose(curve["pay"], again)
    assert len(curve) == 201
    drawn = pay.payout_curve(plan, QUOTA, steps=True)
    (foot,) = set(drawn["attainment"]) - set(curve["attainment"])
    assert 0.999 < foot < 1.0
    by_reach = drawn.set_index("attainment")["pay"]
    assert by_reach[1.0] - by_reach[foot] == pytest.approx(Bonus().amount, abs=0.01)


@given(
    st.lists(st.floats(0, 3), min_size=2, max_size=30),
    st.floats(0, 0.3),
    st.floats(1, 4),
    st.floats(0.1, 3) | st.none(),
)
def test_commission_never_falls_with_sales(
    points: list[float], rate: float, accelerator: float, cap: float | None
) -> None:
    plan = Incentive(commission_rate=rate, accelerator=accelerator, cap=cap)
    amounts = pay.commission(plan, np.sort(points) * QUOTA, QUOTA)
    assert (np.diff(amounts) >= -1e-6).all()


@pytest.mark.parametrize(
    ("revenue", "customers", "bonuses"), [(0.6, 0.4, [960.0, 1_120.0]), (0.2, 0.8, [1_120.0, 1_040.0])]
)
def test_a_changed_kpi_weight_changes_the_pay_of_each_rep_as_worked_out_by_hand(
    revenue: float, customers: float, bonuses: list[float]
) -> None:
    """80 % of revenue and 150 % of new customers (counted as 120), against 130 % (120) and 100 %; 1,000 at a full score."""
    targets = [
        {
            "name": "revenue",
            "kpi": "revenue_booked",
            "period": "quarter",
            "target": 650_000,
            "weight": revenue,
        },
        {
            "name": "new customers",
            "kpi": "new_customers",
            "period": "quarter",
            "target": 6,
            "weight": customers,
        },
        # Nobody has answered yet, so this weight is shared out.
        {"name": "satisfaction", "kpi": "csat", "period": "quarter", "target": 0.8, "weight": 0.5},
    ]
    rules = load("default").derive({"kpi.targets": targets, "incentive.kpi_bonus": 1_000.0})
    made = []
    for sales, won in ((520_000.0, 9), (845_000.0, 6)):
        rep: Any = SimpleNamespace(sales=sales, quota=650_000.0, new_customers=won, won=1, lost=1, csat=[])
        score = kpi_score(rules, rep, collection=1.0, culture=1.0, months=3.0)
        made.append(float(pay.individual(rules.incentive, sales, 650_000.0, kpi_score=score)["kpi_bonus"]))
    assert made == pytest.approx(bonuses)
