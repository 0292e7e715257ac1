"""One measured KPI: the number, where it comes from, how sure it is, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kpisim.text import Text, t

if TYPE_CHECKING:
    from datetime import date

Reason = Literal["no_base", "no_data", "too_few", "early"]

REASONS: dict[Reason, Text] = {
    "no_base": Text("nothing to divide by in this period", "本期分母为零"),
    "no_data": Text("no data for it", "没有相应数据"),
    "too_few": Text("fewer than 5 people, kept hidden", "不足5人，不予显示"),
    "early": Text("too early to tell", "为时尚早，数据未满期"),
}
COHORTS: dict[str, Text] = {
    "booked": Text(
        "orders signed in the period; a cancellation counts on its own date",
        "期内签约的订单；取消计入取消当期",
    ),
    "invoiced": Text(
        "orders invoiced in the period; a cancellation counts on its own date",
        "期内开票的订单；取消计入取消当期",
    ),
    "paid": Text("payments received in the period", "期内到账的回款"),
    "due": Text("paid in the period ÷ due in the period", "期内回款 ÷ 期内到期应收"),
    "won_back": Text(
        "customers whose order in the period comes 365 days or more after the one before",
        "期内订单距上一单满365天的客户",
    ),
    "first_order": Text(
        "first order ever in the period; cancelled orders and returns do not count",
        "首单在期内的客户；已取消订单与退货不计",
    ),
    "created": Text(
        "opportunities created in the period, whenever they close", "期内创建的商机，不论何时关闭"
    ),
    "closed": Text("opportunities closed in the period, whenever created", "期内关闭的商机，不论何时创建"),
    "won": Text("opportunities won in the period", "期内赢单的商机"),
    "answers": Text(
        "last answer of each customer in the period, blanks left out", "每位客户期内最后一份答卷，空白不计"
    ),
    "buyers": Text(
        "customers with an order in the period; orders of one day count once",
        "期内有订单的客户；同日订单合并计一次",
    ),
    "buyers_then": Text(
        "customers of a window who buy again in the next one; a period above a quarter is cut into quarters",
        "本窗口有购买且下一窗口再次购买的客户；超过一个季度的期间按季度拆分",
    ),
    "pay_periods": Text("pay periods inside the period", "期内的薪酬周期"),
    "pay_booked": Text("pay periods inside the period ÷ orders signed in it", "期内的薪酬 ÷ 期内签约额"),
    "targets": Text("target periods inside the period", "期内的考核周期"),
    "so_far": Text(
        "signed so far ÷ target due by now, by working days", "截至目前签约额 ÷ 按工作日折算的应达目标"
    ),
    "days": Text("working days in the period", "期内的工作日"),
    "delivered": Text("orders delivered in the period", "期内交付的订单"),
    "opened": Text("complaints opened in the period", "期内提出的客诉"),
    "finished": Text("requests finished in the period", "期内完成的请求"),
    "at_start": Text("those there at the start of the period", "期初在册者"),
    "closed_books": Text("periods of the books that lie wholly in the period", "整段落在期内的财务期间"),
    "matched": Text(
        "people measured before and after, the last answer of each; who has only one is left out",
        "前后都测过的人，各取最后一次；只测过一次的不计",
    ),
    "rows": Text("rows of the period", "期内的记录"),
    "headcount": Text(
        "leavers of the period ÷ average of head-count at start and end", "期内离职人数 ÷ 期初期末平均人数"
    ),
}


@dataclass(frozen=True, slots=True)
class Value:
    """One KPI over one period.

    Attributes
    ----------
    kpi
        Name in the registry.
    value
        The number in `unit`; None where there is none, then `reason` says why.
    numerator, denominator
        What was divided; `denominator` is None for a sum or a count.  Both are None where people are hidden.
    n
        How many cases the number rests on.
    unit
        ``"share"`` (0.25 = 25 %), ``"money"``, ``"count"``, ``"days"``, ``"money/h"`` or ``"points"``.
    start, end
        The period ``[start, end)``.
    cohort
        Which rows count, a key of `COHORTS`.
    reason
        A key of `REASONS` where `value` is None.
    low, high
        95 % interval: Wilson for a rate, Student's t for a mean; None for sums and money ratios.
    """

    kpi: str
    value: float | None
    numerator: float | None
    denominator: float | None
    n: int
    unit: str
    start: date
    end: date
    cohort: str
    reason: Reason | None = None
    low: float | None = None
    high: float | None = None


def reason_text(code: object) -> str:
    """Return in words why there is no number."""
    if isinstance(code, str) and code in REASONS:
        return str(REASONS[code])
    return str(code) if isinstance(code, str) and code else t("no number")


__all__ = ["COHORTS", "REASONS", "Reason", "Value", "reason_text"]
