"""Money: signed, invoiced, collected, what is left of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kpisim.kpi.facts import NEVER, Found, found, part
from kpisim.kpi.registry import register

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kpisim.kpi.facts import Facts, Part
    from kpisim.kpi.window import Window


def signed(facts: Facts, window: Window) -> NDArray[np.float64]:
    """Return +1 for orders signed in the window, -1 for orders cancelled in it, 0 for both and for neither."""
    signs: NDArray[np.float64] = facts.within("orders", "booked", window).astype(np.float64)
    return signs - facts.within("orders", "cancelled", window)


def booked(facts: Facts, window: Window) -> Part:
    """Return the rows that make up the booked revenue of the window."""
    signs = signed(facts, window)
    mask = facts.within("orders", "booked", window) | (signs != 0)
    return part("orders", mask, signs * facts.number("orders", "value"))


@register(
    name="revenue_booked", en="Bookings", zh="签约额",
    formula_en="net value of orders signed − value of orders cancelled", formula_zh="期内签约净额 − 期内取消订单金额",
    unit="money", direction="higher", perspective="financial", cohort="booked", needs=("orders",), kind="sum",
)  # fmt: skip
def revenue_booked(facts: Facts, window: Window) -> Found:
    """An order signed and cancelled in the window nets to 0; one signed earlier and cancelled in it counts negative."""
    return found(booked(facts, window))


@register(
    name="revenue_invoiced", en="Invoiced revenue", zh="开票额",
    formula_en="net value invoiced − value of invoiced orders cancelled", formula_zh="期内开票净额 − 期内取消的已开票金额",
    unit="money", direction="higher", perspective="financial", cohort="invoiced", needs=("orders.invoiced",), kind="sum",
)  # fmt: skip
def revenue_invoiced(facts: Facts, window: Window) -> Found:
    """An invoice is reversed when its order is cancelled, not before it was written."""
    invoiced, cancelled = facts.time("orders", "invoiced"), facts.time("orders", "cancelled")
    reversed_at = np.where((cancelled != NEVER) & (invoiced != NEVER), np.maximum(cancelled, invoiced), NEVER)
    plus = facts.within("orders", "invoiced", window)
    minus = (reversed_at >= window.lo) & (reversed_at < window.hi)
    signs = plus.astype(np.float64) - minus
    return found(part("orders", plus | minus, signs * facts.number("orders", "value")))


@register(
    name="revenue_collected", en="Cash collected", zh="回款额",
    formula_en="amounts paid", formula_zh="期内到账金额合计",
    unit="money", direction="higher", perspective="financial", cohort="paid", needs=("collections",), kind="sum",
)  # fmt: skip
def revenue_collected(facts: Facts, window: Window) -> Found:
    """Dated when the money came."""
    return found(part("collections", facts.within("collections", "paid", window), _received(facts)))


@register(
    name="collection_rate", en="Collection rate", zh="回款率",
    formula_en="collected in the period ÷ due in the period; above 100% is possible", formula_zh="期内回款 ÷ 期内到期应收（可超过100%）",
    unit="share", direction="higher", perspective="financial", cohort="due", needs=("collections.due",), kind="ratio",
)  # fmt: skip
def collection_rate(facts: Facts, window: Window) -> Found:
    """What a cancelled order would have brought is not due; money for which no due date is known counts neither way."""
    due, paid = facts.within("collections", "due", window), facts.within("collections", "paid", window)
    owed = due & ~((facts.time("collections", "paid") == NEVER) & _of_cancelled(facts))
    paid &= facts.time("collections", "due") != NEVER
    amount = facts.number("collections", "amount")
    return found(part("collections", owed | paid, _received(facts) * paid, amount * owed))


@register(
    name="gross_margin", en="Gross margin", zh="毛利率",
    formula_en="(net value − cost) ÷ net value of orders signed", formula_zh="（签约净额 − 成本）÷ 签约净额",
    unit="share", direction="higher", perspective="financial", cohort="booked", needs=("orders.cost",), kind="ratio",
)  # fmt: skip
def gross_margin(facts: Facts, window: Window) -> Found:
    """Orders whose cost is not known count neither above nor below."""
    value, cost = facts.number("orders", "value"), facts.number("orders", "cost")
    signs = signed(facts, window)
    return found(part("orders", (signs != 0) & ~np.isnan(cost), signs * (value - cost), signs * value))


@register(
    name="contribution", en="Contribution (gross profit − pay)", zh="团队贡献（毛利 − 薪酬）",
    formula_en="net value − cost of orders signed − pay", formula_zh="签约净额 − 成本 − 薪酬合计",
    unit="money", direction="higher", perspective="financial", cohort="booked", needs=("orders.cost", "pay"), kind="sum",
)  # fmt: skip
def contribution(facts: Facts, window: Window) -> Found:
    """Stands in for net profit, which a sales team does not have."""
    from kpisim.kpi.pay import in_window  # noqa: PLC0415

    share = in_window(facts, window)
    signs = signed(facts, window)
    profit = signs * (facts.number("orders", "value") - np.nan_to_num(facts.number("orders", "cost")))
    return found(
        part("orders", signs != 0, profit), part("pay", share > 0, -share * facts.number("pay", "total"))
    )


def _received(facts: Facts) -> NDArray[np.float64]:
    """Return what came of each amount due; where nobody wrote it down, all of it."""
    received = facts.number("collections", "received")
    return np.where(np.isnan(received), facts.number("collections", "amount"), received)


def _of_cancelled(facts: Facts) -> NDArray[np.bool_]:
    orders = facts.tables["orders"]
    gone = facts.time("orders", "cancelled") != NEVER
    if not gone.any():
        return np.zeros(len(facts.tables["collections"]), dtype=bool)
    return facts.tables["collections"]["order_id"].isin(orders["order_id"][gone]).to_numpy(dtype=bool)
