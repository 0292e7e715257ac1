"""Customers who stay make sales steadier (direction of Gruca & Rego 2005)."""

from __future__ import annotations

import pandas as pd

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import ABOVE_ZERO, BELOW_ZERO, booked, lift, over, play
from kpisim.scenario import ALL_OFF
from kpisim.text import Text


def retention_steadies(few: float = 0.04, many: float = 0.30, runs: int = 24, *, seed: int = 1) -> list[Row]:
    """Monthly sales of a team whose customers stay, against one whose customers leave.

    Parameters
    ----------
    few, many
        Chance that a customer leaves when they might order again, at usual satisfaction.
    runs
        Two-year replications; the second year is judged.
    seed
        Seed.
    """

    def both(run: int) -> list[float]:
        found: list[float] = []
        for churn in (many, few):
            tables = play({"mechanisms": ALL_OFF, "market.churn": churn, "calendar.weeks": 104}, seed, run)
            orders = booked(tables)
            middle = pd.Timestamp(tables.meta.start) + pd.DateOffset(weeks=52)
            late = orders[orders["booked"] >= middle]
            month = late.groupby((late["booked"] - middle).dt.days // 28)["value"].sum()
            found += [float(month.std() / month.mean()), float(month.mean())]
        return found

    values = over(runs, both)
    return [
        lift(
            Text(
                "variation of monthly sales, customers stay ÷ leave, less 1",
                "月销售额的波动（变异系数），客户留÷客户走，减1",
            ),
            values[:, 0],
            values[:, 2],
            0.0,
            BELOW_ZERO,
        ),
        lift(
            Text(
                "sales of the second year, customers stay ÷ leave, less 1", "第二年销售额，客户留÷客户走，减1"
            ),
            values[:, 1],
            values[:, 3],
            0.0,
            ABOVE_ZERO,
        ),
    ]


CASE = Case(
    "retention_steadies",
    Text("Customers who stay make sales steadier", "留得住客户，业绩更稳"),
    "emerges",
    "Gruca & Rego 2005, Journal of Marketing: satisfaction goes with growth and with steadier cash flow, direction",
    retention_steadies,
    status="read in the paper",
    setting=Text("American firms with satisfaction indices", "有满意度指数的美国公司"),
    a=Text("many customers leave", "客户流失多"),
    b=Text("few customers leave", "客户流失少"),
    reason=Text(
        "Only signs are claimed: the whole 95% interval must have them.",
        "只主张方向：整个95%区间都须在同一侧。",
    ),
    limits=Text(
        "The rate at which customers leave is set, satisfaction is not moved.",
        "流失率是设定的，没有改变满意度。",
    ),
)
