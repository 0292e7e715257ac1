"""Too few hands, too many hands (Tan & Netessine 2014)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import (
    booked,
    mean,
    over,
    play,
    printed,
)
from kpisim.scenario import Scenario
from kpisim.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence


def staffing(sizes: Sequence[float] = (4, 5, 6, 7, 8, 10, 12), runs: int = 6, *, seed: int = 1) -> list[Row]:
    """The same leads and customers in fewer or more hands: sales bend down under overload and with slack.

    Claim of Tan & Netessine (2014).

    Parameters
    ----------
    sizes
        Numbers of reps.
    runs
        Years played of each.
    seed
        Seed.
    """

    def sales(run: int) -> list[float]:
        found = []
        for size in map(int, sizes):
            tables = play(
                {
                    "team.size": size,
                    "market.leads_per_rep_week": 40.0 / size,
                    "market.accounts_per_rep": round(160 / size),
                    "kpi.quota": Scenario().kpi.quota * 8 / size,
                    "mechanisms.exits": False,
                },
                seed,
                run,
            )
            found.append(float(booked(tables)["value"].sum()))
        return found

    values = over(runs, sales)
    best = int(values.mean(axis=0).argmax())
    few, few_error = mean(1.0 - values[:, 0] / values[:, best])
    many, many_error = mean(1.0 - values[:, -1] / values[:, best])
    return [
        printed(
            Text(
                "sales lost with {n:g} reps against the best number",
                "{n:g}名销售时比最佳人数少卖的比例",
                n=sizes[0],
            ),
            few,
            0.0,
            (0.02, float("inf")),
            few_error,
        ),
        printed(
            Text(
                "sales lost with {n:g} reps against the best number",
                "{n:g}名销售时比最佳人数少卖的比例",
                n=sizes[-1],
            ),
            many,
            0.03,
            (0.01, float("inf")),
            many_error,
        ),
    ]


CASE = Case(
    "staffing",
    Text(
        "Too few hands, too many hands",
        "人太少与人太多",
    ),
    "emerges",
    "Tan & Netessine 2014, Management Science 60:1574: inverted U",
    staffing,
    status="read in the paper",
    setting=Text(
        "Servers of a restaurant chain; counterfactual estimates",
        "一家连锁餐厅的服务员；反事实估计",
    ),
    a=Text(
        "few reps for the same customers",
        "同样多的客户，人手少",
    ),
    b=Text(
        "many reps for the same customers",
        "同样多的客户，人手多",
    ),
    reason=Text(
        "Too few: at least 2% lost. Too many: at least 1% lost; the paper gives 3%.",
        "人太少：至少损失2%；人太多：至少损失1%，论文为3%。",
    ),
    explanation=Text(
        "Overload costs sales; slack does not. Idle time breeds no slacking in this model, so the right half of the inverted U is missing.",
        "人手不足会丢业绩，人手富余则不会：模型里闲着不会变懒，所以倒U形的右半边出不来。",
    ),
    limits=Text(
        "The 3% is a counterfactual estimate for waiters; an earlier version of the paper had about 35% (read in a secondary page): take the sign, not the size.",
        "3%是对餐厅服务员的反事实估计；论文早期版本约为35%（二手资料）：只取方向，不取大小。",
    ),
)
