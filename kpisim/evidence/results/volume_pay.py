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
        "More deals, and more of them never paid: both emerge. That more are signed at month end does not: a straight commission pays the same on any day, so nobody moves a date for it. (Until 2026-11-28 some did, since pay stopped at zero sales in the law of effort, which bent the line; see docs/model/effort.md.) That month-end deals are worse hangs on luck: seeds 2 and 3 say no.",
        "单子变多、坏账变多，都能复现。“月末更集中”没有显出来：统一提成哪天签都一样，没人会为它挪日子（2026-11-28以前有人挪，是因为努力规律里业绩低于零时提成不再减少，直线被弄弯了，见docs/model/effort.md）。“月末的单子更差”要看运气：种子2和3都说不是。",
    ),
    limits=Text(
        "How often a weak deal is never paid (35%) is our assumption.",
        "劣质单收不回款的比例（35%）是我们的假设。",
    ),
)
