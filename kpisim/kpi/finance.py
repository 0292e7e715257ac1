"""The firm's own books: net profit and what it is divided by.

A sales team has no books; these KPIs read the finance table that a firm brings, a row for each period it has closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kpisim.kpi.facts import Found, found, part
from kpisim.kpi.registry import register

if TYPE_CHECKING:
    from kpisim.kpi.facts import Facts, Floats, Mask
    from kpisim.kpi.window import Window

_COSTS = ("cost_of_goods", "operating_expenses", "finance_cost", "tax")


@register(
    name="net_profit", en="Net profit", zh="净利润",
    formula_en="revenue − cost of goods − expenses − finance cost − tax + other", formula_zh="收入 − 成本 − 费用 − 财务费用 − 所得税 + 其他",
    unit="money", direction="higher", perspective="financial", cohort="closed_books", needs=("finance.revenue",), kind="sum",
)  # fmt: skip
def net_profit(facts: Facts, window: Window) -> Found:
    """A loss is negative and stays so."""
    rows = _closed(facts, window)
    return found(part("finance", rows, _profit(facts))) if rows.any() else Found(reason="no_data")


@register(
    name="net_margin", en="Net margin", zh="净利率",
    formula_en="net profit ÷ revenue", formula_zh="净利润 ÷ 收入",
    unit="share", direction="higher", perspective="financial", cohort="closed_books", needs=("finance.revenue",), kind="ratio",
)  # fmt: skip
def net_margin(facts: Facts, window: Window) -> Found:
    """No revenue leaves nothing to divide by."""
    rows = _closed(facts, window)
    if not rows.any():
        return Found(reason="no_data")
    return found(part("finance", rows, _profit(facts), facts.number("finance", "revenue")))


@register(
    name="return_on_assets", en="Return on assets", zh="资产回报率（总资产净利率）",
    formula_en="net income ÷ average total assets", formula_zh="净利润 ÷ 平均总资产",
    unit="share", direction="higher", perspective="financial", cohort="closed_books",
    needs=("finance.revenue", "finance.assets_open", "finance.assets_close"), kind="ratio",
)  # fmt: skip
def return_on_assets(facts: Facts, window: Window) -> Found:
    """Average of the assets at the start of the first period and the end of the last; not scaled to a year."""
    rows = _closed(facts, window)
    if not rows.any():
        return Found(reason="no_data")
    begun = facts.time("finance", "period_start")
    places = np.flatnonzero(rows)
    first, last = places[np.argmin(begun[places])], places[np.argmax(begun[places])]
    opening, closing = (
        facts.number("finance", "assets_open")[first],
        facts.number("finance", "assets_close")[last],
    )
    if np.isnan(opening) or np.isnan(closing):
        return Found(reason="no_data")
    assets = np.zeros(len(begun))
    assets[first] += opening / 2
    assets[last] += closing / 2
    return found(part("finance", rows, _profit(facts), assets))


def _closed(facts: Facts, window: Window) -> Mask:
    """Return the periods that lie wholly in the window: books are not cut in pieces."""
    begun, ended = facts.time("finance", "period_start"), facts.time("finance", "period_end")
    mask: Mask = (begun >= window.lo) & (ended <= window.hi) & ~np.isnan(facts.number("finance", "revenue"))
    return mask


def _profit(facts: Facts) -> Floats:
    costs = sum(np.nan_to_num(facts.number("finance", name)) for name in _COSTS)
    made: Floats = (
        np.nan_to_num(facts.number("finance", "revenue"))
        + np.nan_to_num(facts.number("finance", "other_income"))
        - costs
    )
    return made
