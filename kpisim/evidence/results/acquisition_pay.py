"""Pay for new customers only, and weak ones come in (Kim, Sudhir, Uetake & Canales 2019)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import ABOVE_ZERO, BELOW_ZERO, booked, lift, mean, only, over, play, printed
from kpisim.text import Text

NEW: dict[str, Any] = {"name": "new", "kpi": "new_customers", "period": "quarter", "target": 6, "weight": 1.0}
KEPT: dict[str, Any] = {
    "name": "collection",
    "kpi": "collection_rate",
    "period": "quarter",
    "target": 0.95,
    "weight": 0.6,
}


def acquisition_pay(bonus: float = 15_000.0, runs: int = 24, *, seed: int = 1) -> list[Row]:
    """A KPI bonus on new customers and on what they pay, against one on new customers alone.

    Parameters
    ----------
    bonus
        KPI bonus of a quarter at full score.
    runs
        Years played.
    seed
        Seed.

    Notes
    -----
    Only acceptance is on; which deals to push through is the rep's choice.
    """

    def both(run: int) -> list[float]:
        found: list[float] = []
        for targets in ([NEW | {"weight": 0.4}, KEPT], [NEW]):
            tables = play(
                {
                    "mechanisms": only("acceptance"),
                    "incentive": {"commission_rate": 0.0, "kpi_bonus": bonus},
                    "kpi.targets": targets,
                },
                seed,
                run,
            )
            orders = booked(tables)
            bills = tables["collections"].merge(orders[["order_id", "booked"]], on="order_id")
            # Later orders cannot have been due for long enough to tell.
            bills = bills[bills["booked"] < pd.Timestamp(tables.meta.start) + pd.Timedelta(weeks=34)]
            good = bills["paid"].notna()
            found += [float(len(orders)), float(1.0 - good.mean()), float(bills.loc[good, "amount"].sum())]
        return found

    values = over(runs, both)
    value, error = mean(values[:, 4] - values[:, 1])
    return [
        lift(
            Text("deals signed, new customers alone ÷ both, less 1", "签单数，只考核新客÷两者都考核，减1"),
            values[:, 0],
            values[:, 3],
            0.0,
            ABOVE_ZERO,
        ),
        printed(
            Text("never paid, new customers alone less both", "收不回款的比例，只考核新客减两者都考核"),
            value,
            0.0,
            ABOVE_ZERO,
            error,
        ),
        lift(
            Text(
                "money collected, new customers alone ÷ both, less 1", "实收货款，只考核新客÷两者都考核，减1"
            ),
            values[:, 2],
            values[:, 5],
            0.0,
            BELOW_ZERO,
        ),
    ]


CASE = Case(
    "acquisition_pay",
    Text("Pay for new customers only", "只奖励拉新"),
    "emerges",
    "Kim, Sudhir, Uetake & Canales 2019, Journal of Marketing Research: direction",
    acquisition_pay,
    status="read in the paper",
    setting=Text("Loan officers of a microfinance bank", "一家小额信贷银行的信贷员"),
    a=Text("new customers and collection", "拉新加回款"),
    b=Text("new customers alone", "只考核拉新"),
    reason=Text(
        "Only signs are claimed: the whole 95% interval must have them.",
        "只主张方向：整个95%区间都须在同一侧。",
    ),
    explanation=Text(
        "More deals and more that are never paid. That they cost more than they bring does not come out: most weak deals are paid here (35% are not), and in a sale, unlike a loan, only the margin is at stake with those that are.",
        "单子更多、坏账更多，都能复现。“得不偿失”没有出来：这里多数劣质单还是收得回款（35%收不回），而且销售不像放贷，不会连本金一起亏掉。",
    ),
    limits=Text(
        "Customers that leave later and the bank's private information are left out.",
        "没有模拟客户日后流失，也没有模拟信贷员私下掌握的信息。",
    ),
)
