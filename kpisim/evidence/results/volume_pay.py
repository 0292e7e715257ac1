"""Pay by volume lowers the bar (Agarwal & Ben-David 2012)."""

from __future__ import annotations

import pandas as pd

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import (
    ABOVE_ZERO,
    booked,
    lift,
    mean,
    over,
    play,
    printed,
)
from kpisim.text import Text


def volume_pay(rate: float = 0.06, bonus: float = 4000.0, runs: int = 12, *, seed: int = 1) -> list[Row]:
    """From salary to pay by volume: more deals, more of them bad, most of all at month end (Agarwal & Ben-David 2012).

    Parameters
    ----------
    rate, bonus
        Commission and monthly bonus of the volume plan.
    runs
        Years played.
    seed
        Seed.

    Notes
    -----
    Acceptance of weak deals is the reps' choice; the chance that a weak deal is never paid is put in (35 %).
    """

    def both(run: int) -> list[float]:
        found: list[float] = []
        volume = {
            "commission_rate": rate,
            "period": "month",
            "bonuses": [{"attainment": 1.0, "amount": bonus}],
        }
        for plan in ({"commission_rate": 0.0}, volume):
            tables = play({"incentive": plan, "mechanisms.exits": False}, seed, run)
            orders = booked(tables)
            # Orders of the last third of the year cannot have been due for long enough to tell.
            until = pd.Timestamp(tables.meta.start) + pd.Timedelta(weeks=34)
            bills = tables["collections"].merge(orders[["order_id", "booked"]], on="order_id")
            bills = bills[bills["booked"] < until]
            late = bills["booked"].dt.day >= 25
            found += [
                float(len(orders)),
                float(bills["paid"].isna().mean()),
                float(bills.loc[late, "paid"].isna().mean()),
                float(bills.loc[~late, "paid"].isna().mean()),
                float((orders["booked"].dt.day >= 25).mean()),
            ]
        return found

    values = over(runs, both)
    rows = [
        lift(
            Text("deals signed, volume pay ÷ salary, less 1", "签单数，按量计酬÷底薪，减1"),
            values[:, 0],
            values[:, 5],
            0.0,
            ABOVE_ZERO,
        )
    ]
    for name, first, second in (
        (
            Text("never paid, volume pay less salary", "收不回款的比例，按量计酬减底薪"),
            values[:, 1],
            values[:, 6],
        ),
        (
            Text(
                "share signed from the 25th on, volume pay less salary", "25日以后签单的比例，按量计酬减底薪"
            ),
            values[:, 4],
            values[:, 9],
        ),
        (
            Text(
                "never paid, signed from the 25th on less before (volume pay)",
                "收不回款的比例，25日以后减之前（按量计酬）",
            ),
            values[:, 8],
            values[:, 7],
        ),
    ):
        value, error = mean(second - first)
        rows.append(printed(name, value, 0.0, ABOVE_ZERO, error))
    return rows


CASE = Case(
    "volume_pay",
    Text(
        "Pay by volume lowers the bar",
        "按量计酬，门槛降低",
    ),
    "emerges",
    "Agarwal & Ben-David 2012, working paper: signs",
    volume_pay,
    status="read in the paper",
    setting=Text(
        "Loan officers of one bank moved from salary to pay by volume",
        "一家银行的信贷员从固定薪酬改为按量计酬",
    ),
    a=Text(
        "salary",
        "只有底薪",
    ),
    b=Text(
        "commission and a monthly bonus",
        "提成加月度奖金",
    ),
    reason=Text(
        "Only the sign is claimed: the whole 95% interval must have it.",
        "只主张方向：整个95%区间都须在同一侧。",
    ),
    explanation=Text(
        "More deals, more of them never paid, more at month end: all emerge. That month-end deals are worse than the rest does not show: here the bar is low all month once commission is high.",
        "单子变多、坏账变多、月末更集中，都能复现。“月末的单子更差”没有显出来：提成高时整月门槛都低。",
    ),
    limits=Text(
        "How often a weak deal is never paid (35%) is our assumption.",
        "劣质单收不回款的比例（35%）是我们的假设。",
    ),
)
