"""Satisfaction pays later (Anderson, Fornell & Lehmann 1994)."""

from __future__ import annotations

import pandas as pd

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import ABOVE_ZERO, booked, lift, mean, over, play, printed
from kpisim.scenario import ALL_OFF
from kpisim.text import Text


def satisfaction_later(bad: float = 0.20, good: float = 0.02, runs: int = 22, *, seed: int = 1) -> list[Row]:
    """Fewer reasons to complain: what it adds to sales in the first year, and in the second.

    Parameters
    ----------
    bad, good
        Chance that an order gives reason to complain.
    runs
        Two-year replications.
    seed
        Seed.
    """

    def both(run: int) -> list[float]:
        found: list[float] = []
        for wrong in (bad, good):
            tables = play(
                {"mechanisms": ALL_OFF, "market.complaint": wrong, "calendar.weeks": 104}, seed, run
            )
            orders = booked(tables)
            first = orders["booked"] < pd.Timestamp(tables.meta.start) + pd.DateOffset(weeks=52)
            found += [float(orders.loc[first, "value"].sum()), float(orders.loc[~first, "value"].sum())]
        return found

    values = over(runs, both)
    gains = values[:, 2:] / values[:, :2] - 1.0
    value, error = mean(gains[:, 1] - gains[:, 0])
    return [
        lift(
            Text(
                "sales of the second year, few complaints ÷ many, less 1", "第二年销售额，投诉少÷投诉多，减1"
            ),
            values[:, 1],
            values[:, 3],
            0.0,
            ABOVE_ZERO,
        ),
        printed(
            Text("gain of the second year less gain of the first", "第二年的增幅减第一年的增幅"),
            value,
            0.0,
            ABOVE_ZERO,
            error,
        ),
    ]


CASE = Case(
    "satisfaction_later",
    Text("Satisfaction pays later", "满意度的回报来得晚"),
    "emerges",
    "Anderson, Fornell & Lehmann 1994, Journal of Marketing 58(3):53: later returns, direction",
    satisfaction_later,
    status="read in the paper",
    setting=Text("Firms of the Swedish customer satisfaction index", "瑞典顾客满意度指数中的公司"),
    a=Text("many orders give reason to complain", "让客户不满的订单多"),
    b=Text("few do", "让客户不满的订单少"),
    reason=Text(
        "Only signs are claimed: the whole 95% interval must have them.",
        "只主张方向：整个95%区间都须在同一侧。",
    ),
    limits=Text(
        "How often an order disappoints is set; what that does to sales emerges.",
        "订单让客户失望的频率是设定的，对销售的影响才是涌现的。",
    ),
)
