"""Inner processes: orders, hand-overs, load, output per hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kpisim.kpi.facts import NEVER, found, part
from kpisim.kpi.registry import register
from kpisim.kpi.revenue import booked
from kpisim.kpi.window import DAY

if TYPE_CHECKING:
    from kpisim.kpi.facts import Facts, Found
    from kpisim.kpi.window import Window


@register(
    name="order_days", en="Order processing time", zh="订单处理时间",
    formula_en="mean calendar days from signing to delivery", formula_zh="从签约到交付的平均自然日",
    unit="days", direction="lower", perspective="process", cohort="delivered", needs=("orders.delivered",), kind="mean",
)  # fmt: skip
def order_days(facts: Facts, window: Window) -> Found:
    """Orders still open do not count, nor do orders cancelled before delivery."""
    done, cancelled = facts.time("orders", "delivered"), facts.time("orders", "cancelled")
    mask = facts.within("orders", "delivered", window) & ((cancelled == NEVER) | (cancelled >= done))
    taken = np.maximum(done - facts.time("orders", "booked"), 0) / DAY
    return found(part("orders", mask, taken, mask))


@register(
    name="defect_rate", en="Rework of hand-overs", zh="缺陷率（部门请求返工占比）",
    formula_en="requests that went through a desk more than once ÷ requests finished", formula_zh="返工的请求 ÷ 期内完成的请求",
    unit="share", direction="lower", perspective="process", cohort="finished", needs=("requests.rounds",), kind="rate",
)  # fmt: skip
def defect_rate(facts: Facts, window: Window) -> Found:
    """Defective requests, not defects: one that came back three times counts once."""
    rounds = facts.number("requests", "rounds")
    mask = facts.within("requests", "finished", window) & ~np.isnan(rounds)
    return found(part("requests", mask, rounds > 1, mask))


@register(
    name="workload", en="Workload", zh="负荷率",
    formula_en="planned hours ÷ available hours", formula_zh="计划工时 ÷ 可用工时",
    unit="share", direction="band", perspective="process", cohort="days", needs=("rep_days.available",), kind="ratio",
)  # fmt: skip
def workload(facts: Facts, window: Window) -> Found:
    """80 to 100 % is the usual band."""
    planned = np.nan_to_num(facts.number("rep_days", "planned"))
    available = np.nan_to_num(facts.number("rep_days", "available"))
    return found(part("rep_days", facts.within("rep_days", "day", window), planned, available))


@register(
    name="productivity", en="Bookings per hour worked", zh="生产效率（每工时签约额）",
    formula_en="bookings ÷ hours worked", formula_zh="签约额 ÷ 实际工时",
    unit="money/h", direction="higher", perspective="process", cohort="days", needs=("orders", "rep_days.worked"), kind="ratio",
)  # fmt: skip
def productivity(facts: Facts, window: Window) -> Found:
    """Output is bookings, input is hours busy."""
    days = facts.within("rep_days", "day", window)
    hours = np.nan_to_num(facts.number("rep_days", "worked"))
    return found(booked(facts, window), part("rep_days", days, np.zeros(len(hours)), hours))
