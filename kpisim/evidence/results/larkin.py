"""Gaming under an accelerator (Larkin 2014)."""

from __future__ import annotations

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import (
    ABOVE_ZERO,
    booked,
    mean,
    over,
    play,
    printed,
)
from kpisim.scenario import ALL_OFF
from kpisim.text import Text


def larkin(
    accelerator: float = 4.0, discount_limit: float = 0.25, runs: int = 10, *, seed: int = 1
) -> list[Row]:
    """Gaming under an accelerator: discounts, last-week share, and what a straight line costs (Larkin 2014).

    Parameters
    ----------
    accelerator
        Factor on the commission above quota.
    discount_limit
        Largest discount a rep may give to move a date.
    runs
        Years played.
    seed
        Seed.

    Notes
    -----
    Few large deals with long cycles; quarterly plan.  A pays a straight 5 %, B 2.5 % up to quota and the accelerator above.
    """

    def both(run: int) -> list[float]:
        found: list[float] = []
        enterprise = {
            "mechanisms": ALL_OFF,
            "team.size": 12,
            "market": {
                "leads_per_rep_week": 3.0,
                "deal_value": 150_000.0,
                "accounts_per_rep": 4,
                "age_half_life_days": 300.0,
            },
            "kpi.quota": 3_000_000.0,
        }
        for plan in (
            {"commission_rate": 0.05},
            {"commission_rate": 0.025, "accelerator": accelerator},
        ):
            dates = {"discount_limit": discount_limit, "period": "quarter"}
            tables = play(enterprise | {"incentive": plan | dates}, seed, run)
            orders = booked(tables)
            listed = orders["value"] / (1.0 - orders["discount"])
            month = orders["booked"].dt.month % 3
            quarter_end = orders["booked"].dt.to_period("Q").dt.end_time
            last_week = (quarter_end - orders["booked"]).dt.days < 7
            found += [
                float((listed - orders["value"]).sum() / listed.sum()),
                float(orders.loc[last_week, "value"].sum() / orders["value"].sum()),
                float(orders.loc[month == 0, "discount"].mean() - orders.loc[month != 0, "discount"].mean()),
            ]
        return found

    values = over(runs, both)
    rows = []
    for name, column, reference, band in (
        (Text("revenue given away, straight line", "让掉的收入占比，统一提成"), 0, 0.0, (-0.003, 0.003)),
        (Text("revenue given away, accelerator", "让掉的收入占比，加速提成"), 3, 0.07, (0.05, 0.09)),
        (
            Text("share booked in the last week, accelerator", "最后一周签约占比，加速提成"),
            4,
            0.70,
            (0.60, 1.0),
        ),
        (
            Text("discount in the last month less before, accelerator", "季末月折扣减之前，加速提成"),
            5,
            0.10,
            ABOVE_ZERO,
        ),
    ):
        value, error = mean(values[:, column])
        rows.append(printed(name, value, reference, band, error))
    value, error = mean(values[:, 4] - values[:, 1])
    rows.append(
        printed(
            Text(
                "share booked in the last week, accelerator less straight line",
                "最后一周签约占比，加速提成减统一提成",
            ),
            value,
            0.0,
            ABOVE_ZERO,
            error,
        )
    )
    return rows


CASE = Case(
    "larkin",
    Text(
        "Gaming under an accelerator",
        "超额加速下的“凑单”",
    ),
    "emerges",
    "Larkin 2014, Journal of Labor Economics 32(2): 6-8% of revenue; 70% in the last week (teaching case)",
    larkin,
    status="read in the paper",
    setting=Text(
        "Deals of one enterprise-software vendor; cycles of 12 to 24 months",
        "一家企业软件厂商的成交记录；周期12到24个月",
    ),
    a=Text(
        "straight commission",
        "统一提成",
    ),
    b=Text(
        "accelerator above quota",
        "超额加速",
    ),
    reason=Text(
        "5 to 9% around 6-8%; straight line within 0.3% of nothing; last week 60% and more.",
        "6%–8%放宽到5%–9%；统一提成与零相差0.3%以内；最后一周60%以上。",
    ),
    explanation=Text(
        "A straight line gives nothing away and discounts cluster at quarter ends under the accelerator. The size is far smaller: here only deals whose customer was about to sign can be moved, and by 25 working days at most; in software with cycles of 12 to 24 months nearly every date is the rep's. Where dates are free, 6-8% comes out: see two_quarters. Nor does business crowd into the last week: days within the window are as good as each other here.",
        "统一提成不让利，加速方案下季末折扣增多，都能复现。规模小得多：这里只有客户快签的单子才挪得动，最多25个工作日；软件业周期12到24个月，几乎每个日期都由销售说了算。日期完全自由时能得到6%–8%，见 two_quarters。最后一周也不会扎堆：模型里窗口期内哪一天都一样。",
    ),
    limits=Text(
        "One vendor, whose buyers know the game. The 70% and the 10 points of discount come from a teaching case on a disguised firm, read in a secondary page.",
        "只有一家厂商，而且买方也懂这套做法。70%和折扣的10个百分点出自一则匿名公司的教学案例（二手资料）。",
    ),
)
