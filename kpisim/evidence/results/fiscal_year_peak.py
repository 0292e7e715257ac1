"""The peak of the fiscal year (Oyer 1998)."""

from __future__ import annotations

from typing import Any

import numpy as np

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import (
    ABOVE_ZERO,
    BELOW_ZERO,
    START,
    booked,
    cliff,
    mean,
    play,
    printed,
)
from kpisim.scenario import ALL_OFF
from kpisim.text import Text


def fiscal_year_peak(bonus: float = 120_000.0, runs: int = 8, *, seed: int = 1) -> list[Row]:
    """A yearly bonus at quota: bookings peak at the end of the fiscal year, and the peak moves with it (Oyer 1998).

    Parameters
    ----------
    bonus
        Bonus at the yearly quota.
    runs
        Years played.
    seed
        Seed.

    Notes
    -----
    Bookings of a month against the same month and luck under a straight commission, team of twelve, mechanisms off.
    """

    def months(start: int, plan: dict[str, Any], run: int) -> Any:
        tables = play(
            {
                "mechanisms": ALL_OFF,
                "team.size": 12,
                "calendar": {"weeks": 70, "fiscal_year_start": start},
                "incentive": plan,
            },
            seed,
            run,
        )
        orders = booked(tables)
        return orders.groupby(orders["booked"].dt.to_period("M"))["value"].sum()

    rows = []
    ends = {1: (12, 1), 4: (3, 4)}
    for start in (1, 4):
        last, first = ends[start]
        found = []
        for run in range(runs):
            flat = months(start, {"commission_rate": 0.04, "period": "year"}, run)
            peaked = months(start, cliff(bonus, "year"), run)
            ratio = peaked / flat
            middle = ratio[
                (ratio.index.month >= 6) & (ratio.index.month <= 9) & (ratio.index.year == START.year)
            ].mean()
            year = START.year if start == 1 else START.year + 1
            closing = ratio[
                (ratio.index.month == last) & (ratio.index.year == (START.year if start == 1 else year))
            ]
            opening = ratio[(ratio.index.month == first) & (ratio.index.year == START.year + 1)]
            found.append((float(closing.iloc[0] / middle), float(opening.iloc[0] / middle)))
        values = np.array(found)
        for name, column, band in (
            (Text("last", "最后"), 0, ABOVE_ZERO),
            (Text("first", "第"), 1, BELOW_ZERO),
        ):
            value, error = mean(values[:, column] - 1.0)
            rows.append(
                printed(
                    Text(
                        "{name} month of fiscal year ÷ middle, less 1; year from month {start}",
                        "财年{name}一个月÷年中，减1；财年从{start}月开始",
                        name=name,
                        start=start,
                    ),
                    value,
                    0.0,
                    band,
                    error,
                )
            )
    return rows


CASE = Case(
    "fiscal_year_peak",
    Text(
        "The peak of the fiscal year",
        "财年末的高峰",
    ),
    "emerges",
    "Oyer 1998, Quarterly Journal of Economics 113(1): signs; the peak moves with the fiscal year",
    fiscal_year_peak,
    status="read in the paper",
    setting=Text(
        "US manufacturers, sales by calendar and by fiscal quarter",
        "美国制造业企业，按日历季度和财年季度的销售",
    ),
    a=Text(
        "straight commission",
        "统一提成",
    ),
    b=Text(
        "bonus at the yearly quota; the year begins in month 1 or 4",
        "年度达标奖金；财年从1月或4月开始",
    ),
    reason=Text(
        "Only the sign is claimed: the whole 95% interval must have it.",
        "只主张方向：整个95%区间都须在同一侧。",
    ),
    explanation=Text(
        "The effect moves with the fiscal year, but its sign is the other one, at easy and at hard quotas (last month -0.24 ± 0.13 and -0.31 ± 0.11 at 0.7 and 1.3 times the quota, year from January, seed 1): under a cliff whoever has made it, or no longer can, holds deals back for the new year, and only the few in between pull them in. With an accelerator above the yearly quota (three times the rate) the two cancel out (-0.05 ± 0.16). Oyer's peak needs a plan that still pays most people at the end of the year, or reps who put things off.",
        "效果确实跟着财年走，但方向相反，指标高低都一样（指标乘以0.7和1.3时，财年从1月开始，最后一个月为−0.24±0.13和−0.31±0.11，种子1）：只有一道坎的方案下，已经达标的和达标无望的都会压单到新年，只有差一点的少数人才会提前签单。年度超额加速（三倍提成率）的方案下，两者互相抵消（−0.05±0.16）。要出现年底高峰，方案得让多数人到年底还有得赚，或者大家爱拖。",
    ),
    limits=Text(
        "Totals of firms cannot tell effort from shifted dates. The paper's percentages were not read.",
        "公司汇总数据分不清是更努力还是挪日期。论文中的百分比未读到。",
    ),
)
