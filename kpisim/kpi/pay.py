"""Targets and pay: attainment, pace, what the team costs, the culture score in pay.

A pay or target period that reaches beyond the window counts with the share of its days inside.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kpisim.kpi.facts import Found, Part, found, part
from kpisim.kpi.registry import register
from kpisim.kpi.revenue import booked
from kpisim.kpi.window import Window, micros, workdays

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from kpisim.kpi.facts import Facts

EARLY = 0.05
"""Below this share of the period's working days a pace says nothing."""
QUOTA = "quota"


def in_window(facts: Facts, window: Window) -> NDArray[np.float64]:
    """Return for each pay row the share of its period that lies in the window.

    A period cut short by the end of the data was paid for the part that was played.
    """
    return _inside(facts, "pay", window, until=micros(window.data_end))


@register(
    name="attainment", en="Target attainment", zh="目标达成率",
    formula_en="bookings ÷ quota", formula_zh="签约额 ÷ 指标",
    unit="share", direction="higher", perspective="financial", cohort="targets", needs=(), kind="ratio",
)  # fmt: skip
def attainment(facts: Facts, window: Window) -> Found:
    """Quotas of the pay table, else revenue targets; bookings only of those who have one, while they have it."""
    return _against(facts, window, _quotas(facts, window) or _targets(facts, window), 1.0)


@register(
    name="pace", en="Pace", zh="进度比",
    formula_en="(bookings ÷ target) ÷ (working days gone ÷ all working days)", formula_zh="（签约额 ÷ 目标）÷（已过工作日 ÷ 全部工作日）",
    unit="share", direction="higher", perspective="financial", cohort="so_far", needs=(), kind="ratio",
)  # fmt: skip
def pace(facts: Facts, window: Window) -> Found:
    """1 is on the time-proportional line; says nothing in the first 5 % of the period."""
    meta = facts.tables.meta
    today = min(window.end, window.data_end)
    total = workdays(meta, window.start, window.end)
    gone = workdays(meta, window.start, today) / total if total and today > window.start else 0.0
    if gone < EARLY:
        return Found(reason="early")
    running = window.end > window.data_end
    target = _targets(facts, window) if running else _quotas(facts, window) or _targets(facts, window)
    return _against(facts, replace(window, end=today), target, gone)


@register(
    name="pay_cost", en="Pay", zh="薪酬成本",
    formula_en="total pay", formula_zh="薪酬合计",
    unit="money", direction="lower", perspective="financial", cohort="pay_periods", needs=("pay",), kind="sum",
)  # fmt: skip
def pay_cost(facts: Facts, window: Window) -> Found:
    """No pay period in the window is no data, not 0."""
    share = in_window(facts, window)
    if not (share > 0).any():
        return Found(reason="no_data")
    return found(part("pay", share > 0, share * facts.number("pay", "total")))


@register(
    name="cost_of_sales", en="Pay ÷ bookings", zh="薪酬费用率（薪酬 ÷ 签约额）",
    formula_en="total pay ÷ bookings", formula_zh="薪酬合计 ÷ 签约额",
    unit="share", direction="lower", perspective="financial", cohort="pay_booked", needs=("pay", "orders"), kind="ratio",
)  # fmt: skip
def cost_of_sales(facts: Facts, window: Window) -> Found:
    """Bookings of nothing or less leave nothing to divide by."""
    share = in_window(facts, window)
    if not (share > 0).any():
        return Found(reason="no_data")
    sales = booked(facts, window)
    below = Part(sales.table, sales.rows, np.zeros(len(sales.rows)), sales.numerator)
    return found(part("pay", share > 0, share * facts.number("pay", "total")), below)


@register(
    name="culture", en="Culture score", zh="文化评分",
    formula_en="mean culture score used in pay", formula_zh="薪酬中所用文化评分的平均值",
    unit="share", direction="higher", perspective="learning", cohort="pay_periods", needs=("pay.culture_score",),
    kind="mean", people="reps",
)  # fmt: skip
def culture(facts: Facts, window: Window) -> Found:
    """Pay periods that lie mostly in the window; hidden for fewer than five people."""
    score = facts.number("pay", "culture_score")
    mask = (in_window(facts, window) > 0.5) & ~np.isnan(score)
    return found(part("pay", mask, np.nan_to_num(score), mask))


def _inside(facts: Facts, table: str, window: Window, until: int | None = None) -> NDArray[np.float64]:
    begin, end = facts.time(table, "period_start"), facts.time(table, "period_end")
    if until is not None:
        end = np.minimum(end, until)
    overlap = np.minimum(end, window.hi) - np.maximum(begin, window.lo)
    length = np.maximum(end - begin, 1)
    return np.where((overlap > 0) & (end > begin), overlap / length, 0.0)


def _quotas(facts: Facts, window: Window) -> Part | None:
    if not facts.known("pay", "quota"):
        return None
    quota = facts.number("pay", "quota")
    share = in_window(facts, window)
    mask = (share > 0) & ~np.isnan(quota)
    return part("pay", mask, np.zeros(len(quota)), share * np.nan_to_num(quota)) if mask.any() else None


def _targets(facts: Facts, window: Window) -> Part | None:
    """Return the revenue targets of the window: of persons before teams before the company, one name only."""
    from kpisim.kpi.scorecard.declared import held  # noqa: PLC0415

    if not facts.has("targets"):
        return None
    frame = facts.tables["targets"]
    share = np.zeros(len(frame))
    counted = held(facts.tables, frame, window.start, window.end)
    share[counted.index] = counted["share"]
    candidates = (share > 0) & facts.same("targets", "kpi", "revenue_booked")
    names = frame["name"].to_numpy(dtype=object)
    weight = np.nan_to_num(facts.number("targets", "weight"))
    unnamed = facts.codes("targets", "level") < 0
    for mask in (
        *(facts.same("targets", "level", level) for level in ("person", "team", "company")),
        unnamed,
    ):
        rows = np.flatnonzero(candidates & mask)
        if len(rows):
            # Two targets on the same revenue say the same thing twice; the quota is the one that pay is tied to.
            chosen = min(rows, key=lambda row: (names[row] != QUOTA, -weight[row], str(names[row])))
            return part(
                "targets",
                candidates & mask & (names == names[chosen]),
                np.zeros(len(names)),
                share * facts.number("targets", "target"),
            )
    return None


def _against(facts: Facts, window: Window, target: Part | None, due: float) -> Found:
    """Return bookings over `target` times the share `due` of it."""
    if target is None:
        return Found(reason="no_data")
    begin = facts.time(target.table, "period_start")[target.rows]
    end = facts.time(target.table, "period_end")[target.rows]
    first, last = max(window.lo, int(begin.min())), min(window.hi, int(end.max()))
    below = Part(target.table, target.rows, target.numerator, target.denominator * due)
    if not facts.has("orders"):
        if target.table != "pay" or not facts.known("pay", "sales"):
            return Found(reason="no_data")
        share = in_window(facts, window)[target.rows]
        return found(
            Part(
                "pay",
                target.rows,
                share * np.nan_to_num(facts.number("pay", "sales")[target.rows]),
                below.denominator,
            )
        )
    sales = booked(facts, Window(_day(first), _day(last), window.data_end))
    owners = {
        facts.labels(target.table, "rep_id")[code]
        for code in facts.codes(target.table, "rep_id")[target.rows]
        if code >= 0
    }
    if owners:
        if not facts.known("orders", "rep_id") and below.denominator.any():
            # Nobody is known to have signed anything, which is not the same as nothing signed.
            return Found(reason="no_data")
        labels = facts.labels("orders", "rep_id")
        theirs = np.isin(
            facts.codes("orders", "rep_id")[sales.rows],
            [code for code, label in enumerate(labels) if label in owners],
        )
        sales = Part("orders", sales.rows[theirs], sales.numerator[theirs], sales.denominator[theirs])
    return found(sales, below)


def _day(moment: int) -> date:
    from datetime import date  # noqa: PLC0415

    return date.fromordinal(date(1970, 1, 1).toordinal() + moment // 86_400_000_000)
