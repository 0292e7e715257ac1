"""Customers: new, coming back, content, staying."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from kpisim.kpi.facts import NEVER, Found, Part, found, part
from kpisim.kpi.registry import register
from kpisim.kpi.window import DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kpisim.kpi.facts import Facts
    from kpisim.kpi.window import Window

FAVOURABLE = 4
"""Answers from here on, of 5, count as satisfied (top-2-box)."""
DORMANT = 365
"""Days without an order after which a customer counts as dormant, and as won back with the next one (our choice)."""
_ORDER = ("orders", "order_id")


@register(
    name="new_customers", en="New customers", zh="新客户数",
    formula_en="customers whose first order ever falls in the period", formula_zh="首单落在期内的客户数",
    unit="count", direction="higher", perspective="customer", cohort="first_order", needs=("orders",), kind="count",
)  # fmt: skip
def new_customers(facts: Facts, window: Window) -> Found:
    """Each customer counts once, for the rep of the first order.

    A customer whose `since` lies before the first order on record was there before the records began.
    """
    rows = np.flatnonzero(facts.purchases())
    account, when = facts.codes("orders", "account_id"), facts.time("orders", "booked")
    first = facts.edge(rows, account[rows], when[rows], _ORDER, last=False)
    first = first[(when[first] >= window.lo) & (when[first] < window.hi)]
    known = _before_the_records(facts)
    if len(known):
        labels = facts.labels("orders", "account_id")
        first = first[np.array([labels[code] not in known for code in account[first]], dtype=bool)]
    return found(Part("orders", first, np.ones(len(first)), np.zeros(len(first))))


@register(
    name="won_back_customers", en="Customers won back", zh="唤回客户数",
    formula_en="customers who order in the period after 365 days or more without an order", formula_zh="沉睡满365天后在期内再次下单的客户数",
    unit="count", direction="higher", perspective="customer", cohort="won_back", needs=("orders",), kind="count",
)  # fmt: skip
def won_back_customers(facts: Facts, window: Window) -> Found:
    """Each customer counts once, for the rep of the first such order; they are no new customers.

    Records know of nobody's silence in their first year: a period there has no data, and one that reaches from it into
    later years counts only if most of it lies there.
    """
    known_from = facts.tables.meta.start + timedelta(days=DORMANT)
    if window.start < known_from and window.end - known_from < known_from - window.start:
        return Found(reason="no_data")
    rows = np.flatnonzero(facts.purchases())
    account, when = facts.codes("orders", "account_id")[rows], facts.time("orders", "booked")[rows]
    order = np.lexsort((when, account))
    rows, account, when = rows[order], account[order], when[order]
    back = np.zeros(len(rows), dtype=bool)
    back[1:] = (account[1:] == account[:-1]) & (when[1:] - when[:-1] >= DORMANT * DAY)
    back &= (when >= window.lo) & (when < window.hi)
    first = facts.edge(rows[back], account[back], when[back], _ORDER, last=False)
    return found(Part("orders", first, np.ones(len(first)), np.zeros(len(first))))


@register(
    name="repeat_purchase_rate", en="Repeat-purchase rate (one window)", zh="复购率（同一窗口内）",
    formula_en="customers with 2 or more orders ÷ customers with 1 or more", formula_zh="期内下单≥2次的客户 ÷ 期内下单≥1次的客户",
    unit="share", direction="higher", perspective="customer", cohort="buyers", needs=("orders",), kind="rate",
)  # fmt: skip
def repeat_purchase_rate(facts: Facts, window: Window) -> Found:
    """Orders of one day are one purchase; the rate grows with the length of the window."""
    rows = np.flatnonzero(facts.purchases() & facts.within("orders", "booked", window))
    account, when = facts.codes("orders", "account_id")[rows], facts.time("orders", "booked")[rows]
    first = facts.edge(rows, account, when, _ORDER, last=False)
    day = when // DAY
    span = int(day.max() - day.min()) + 1 if len(day) else 1
    bought_on = np.unique(account * span + day - (day.min() if len(day) else 0)) // span
    often = np.bincount(bought_on) >= 2
    is_first = np.isin(rows, first)
    return found(Part("orders", rows, (is_first & often[account]).astype(float), is_first.astype(float)))


@register(
    name="repurchase_rate", en="Repurchase rate (window to window)", zh="回购率（跨窗口）",
    formula_en="customers of window t who buy again in t+1 ÷ customers of t", formula_zh="本窗口客户中下一窗口再次购买者 ÷ 本窗口客户",
    unit="share", direction="higher", perspective="customer", cohort="buyers_then", needs=("orders",), kind="rate",
)  # fmt: skip
def repurchase_rate(facts: Facts, window: Window) -> Found:
    """Counts only windows whose next window lies wholly in the data; none such: too early.

    A period longer than a quarter is the sum of its quarters, so that a year says what its quarters say.
    """
    bought = facts.purchases()
    account, when = facts.codes("orders", "account_id"), facts.time("orders", "booked")
    parts: list[Part] = []
    for block in window.blocks():
        after = block.next()
        if after.end > window.data_end:
            continue
        rows = np.flatnonzero(bought & facts.within("orders", "booked", block))
        again = np.isin(account[rows], account[bought & facts.within("orders", "booked", after)])
        first = facts.edge(rows, account[rows], when[rows], _ORDER, last=False)
        is_first = np.isin(rows, first)
        parts.append(Part("orders", rows, (is_first & again).astype(float), is_first.astype(float)))
    return Found(tuple(parts)) if parts else Found(reason="early")


@register(
    name="csat", en="Customer satisfaction (CSAT)", zh="客户满意度（CSAT）",
    formula_en="answers 4 and 5 ÷ answers, on 1 to 5", formula_zh="评4–5分的答卷 ÷ 有效答卷（5分制）",
    unit="share", direction="higher", perspective="customer", cohort="answers", needs=("surveys",), kind="rate", people="answers",
)  # fmt: skip
def csat(facts: Facts, window: Window) -> Found:
    """Top-2-box; a blank is no answer and not a neutral one."""
    score = facts.number("surveys", "score")
    asked = facts.same("surveys", "question", "csat") & facts.within("surveys", "answered", window)
    rows = np.flatnonzero(asked & ~np.isnan(score))
    account = facts.codes("surveys", "account_id")[rows]
    # An answer without a customer is somebody's of its own.
    account = np.where(account < 0, len(facts.labels("surveys", "account_id")) + rows, account)
    last = facts.edge(
        rows, account, facts.time("surveys", "answered")[rows], ("surveys", "survey_id"), last=True
    )
    return found(Part("surveys", last, (score[last] >= FAVOURABLE).astype(float), np.ones(len(last))))


@register(
    name="customer_retention", en="Customer retention", zh="客户留存率",
    formula_en="customers of the start still there at the end ÷ customers of the start", formula_zh="期初客户中期末仍在者 ÷ 期初客户数",
    unit="share", direction="higher", perspective="customer", cohort="at_start", needs=("accounts.since",), kind="rate",
)  # fmt: skip
def customer_retention(facts: Facts, window: Window) -> Found:
    """Counted on customers, so that one who leaves and comes back never makes more than 100 %."""
    return _stayed(facts, window, lost=False)


@register(
    name="customer_churn", en="Customer churn", zh="客户流失率",
    formula_en="customers of the start lost in the period ÷ customers of the start", formula_zh="期初客户中期内流失者 ÷ 期初客户数",
    unit="share", direction="lower", perspective="customer", cohort="at_start", needs=("accounts.since",), kind="rate",
)  # fmt: skip
def customer_churn(facts: Facts, window: Window) -> Found:
    """1 − retention on the same customers."""
    return _stayed(facts, window, lost=True)


@register(
    name="complaint_quick_rate", en="Complaints handled quickly", zh="客诉快速处理率",
    formula_en="complaints handled quickly ÷ complaints with a known handling", formula_zh="快速处理的客诉 ÷ 已有处理结果的客诉",
    unit="share", direction="higher", perspective="customer", cohort="opened", needs=("complaints.handling",), kind="rate",
)  # fmt: skip
def complaint_quick_rate(facts: Facts, window: Window) -> Found:
    """Complaints that are still open have no handling yet and do not count."""
    mask = facts.within("complaints", "opened", window) & (facts.codes("complaints", "handling") >= 0)
    return found(part("complaints", mask, facts.same("complaints", "handling", "quick"), mask))


def _stayed(facts: Facts, window: Window, *, lost: bool) -> Found:
    left = facts.time("accounts", "left")
    if facts.tables.meta.source != "simulated" and not (left != NEVER).any():
        # An export that never says who left would show 100 %.
        return Found(reason="no_data")
    since = facts.time("accounts", "since")
    base = (since != NEVER) & (since < window.lo) & ((left == NEVER) | (left >= window.lo))
    gone: NDArray[np.bool_] = (left >= window.lo) & (left < window.hi)
    return found(part("accounts", base, gone if lost else ~gone, base))


def _before_the_records(facts: Facts) -> set[str]:
    booked = facts.time("orders", "booked")
    if not facts.has("accounts") or not len(booked):
        return set()
    since = facts.time("accounts", "since")
    early = (since != NEVER) & (since < booked.min())
    return set(facts.tables["accounts"]["account_id"].to_numpy(dtype=object)[early].tolist())
