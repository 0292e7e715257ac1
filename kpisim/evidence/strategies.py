"""No plan dominates, and luck does not decide: a grid of plans, priorities and workloads on the default team."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim.evidence.people import _mean, _play, printed
from kpisim.scenario import load

if TYPE_CHECKING:
    from kpisim.evidence.case import Row
    from kpisim.tables import Tables

PLANS: dict[str, dict[str, Any]] = {
    "salary": {"commission_rate": 0.0, "base_salary": 12_000.0},
    "commission": {"commission_rate": 0.03},
    "rich commission, low base": {"commission_rate": 0.06, "base_salary": 6_000.0},
    "bonus at quota": {"commission_rate": 0.0, "bonuses": [{"attainment": 1.0, "amount": 20_000.0}]},
    "accelerator": {"commission_rate": 0.025, "accelerator": 2.0},
    "team pool": {"commission_rate": 0.0, "team_pool_rate": 0.03},
    "KPI bonus": {"commission_rate": 0.015, "kpi_bonus": 9_000.0},
}
ORDERS: dict[str, dict[str, Any]] = {
    "first come": {},
    "value per hour": {"workload.policy": "value_per_hour"},
}
LOADS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "coaching and talks": {"reviews.coaching_hours": 2.0, "reviews.pair_talk_hours": 1.0},
    "more paperwork": {"workload.admin_per_day": 7.0},
}
CLOSE = 0.05
"""Within this share of the best a strategy counts as good."""


def _profit(tables: Tables, margin: float) -> float:
    """Return gross margin of what was booked, less what is never paid, less pay [money a year]."""
    orders, pay, bills = tables["orders"], tables["pay"], tables["collections"]
    start = pd.Timestamp(tables.meta.start)
    booked = float(orders.loc[orders["booked"] >= start, "value"].sum())
    # Bills old enough that who pays at all has paid.
    old = bills[bills["due"] < pd.Timestamp(tables.meta.end) - pd.Timedelta(days=45)]
    unpaid = float(old.loc[old["paid"].isna(), "amount"].sum() / max(float(old["amount"].sum()), 1.0))
    paid = float(pay.loc[pay["period_start"] >= start, "total"].sum())
    return booked * (margin - unpaid) - paid


def no_plan_dominates(runs: int = 4, *, seed: int = 1) -> list[Row]:
    """Several pay plans come close to the best profit, and decisions order the ranking more than luck does.

    Parameters
    ----------
    runs
        Years played of each strategy, on the same luck.
    seed
        Seed.

    Notes
    -----
    Strategies are all combinations of a pay plan, a priority rule and a workload.  A plan is judged by its best strategy.
    The rank correlation is taken between years: how far the ranking of one year tells that of another.
    """
    base = load("default").derive({"calendar.weeks": 52})
    margin = base.market.gross_margin
    names = list(product(PLANS, ORDERS, LOADS))
    plain = base.model_dump(exclude={"name", "title_en", "title_zh", "story_en", "story_zh"})
    profit = np.array(
        [
            [
                _profit(
                    _play(plain | {"incentive": PLANS[plan]} | ORDERS[order] | LOADS[load_], seed, run),
                    margin,
                )
                for run in range(runs)
            ]
            for plan, order, load_ in names
        ]
    )
    mean = profit.mean(axis=1)
    best = {plan: max(mean[place] for place, name in enumerate(names) if name[0] == plan) for plan in PLANS}
    close = sum(value >= (1 - CLOSE) * max(best.values()) for value in best.values())
    frame = pd.DataFrame(profit)
    pairs = [
        float(frame[one].corr(frame[other], method="spearman")) for one, other in combinations(range(runs), 2)
    ]
    correlation, error = _mean(pairs)
    luck = float(profit.var(axis=1, ddof=1).mean() / profit.var(ddof=1))
    return [
        printed(
            "pay plans whose best strategy lies within 5 % of the best profit",
            float(close),
            3.0,
            (3.0, float(len(PLANS))),
        ),
        printed("rank correlation of strategies between years", correlation, 0.7, (0.7, 1.0), error),
        printed("share of the variance that is luck", luck, 0.5, (0.0, 0.5)),
    ]
