"""Opportunities: how many are won, and how long that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kpisim.kpi.facts import NEVER, Found, found, part
from kpisim.kpi.registry import register
from kpisim.kpi.window import DAY

if TYPE_CHECKING:
    from kpisim.kpi.facts import Facts
    from kpisim.kpi.window import Window


@register(
    name="conversion_created", en="Conversion, by creation", zh="转化率（按创建）",
    formula_en="won ÷ created in the period (won, lost and open)", formula_zh="赢单数 ÷ 期内创建的商机数（含赢单、丢单、进行中）",
    unit="share", direction="higher", perspective="process", cohort="created", needs=("opportunities",), kind="rate",
)  # fmt: skip
def conversion_created(facts: Facts, window: Window) -> Found:
    """Looks low for recent periods until their opportunities have had time to close."""
    mask = facts.within("opportunities", "created", window)
    return found(part("opportunities", mask, facts.same("opportunities", "status", "won"), mask))


@register(
    name="conversion_closed", en="Win rate, by closing", zh="赢单率（按关闭）",
    formula_en="won ÷ (won + lost) closed in the period", formula_zh="赢单数 ÷ 期内关闭的商机数（赢单＋丢单）",
    unit="share", direction="higher", perspective="process", cohort="closed", needs=("opportunities.closed",), kind="rate",
)  # fmt: skip
def conversion_closed(facts: Facts, window: Window) -> Found:
    """Open opportunities do not count."""
    mask = facts.within("opportunities", "closed", window) & facts.same(
        "opportunities", "status", "won", "lost"
    )
    return found(part("opportunities", mask, facts.same("opportunities", "status", "won"), mask))


@register(
    name="wins", en="Deals won", zh="赢单数",
    formula_en="opportunities won in the period", formula_zh="期内赢单的商机数",
    unit="count", direction="higher", perspective="process", cohort="won", needs=("opportunities.closed",), kind="count",
)  # fmt: skip
def wins(facts: Facts, window: Window) -> Found:
    """Dated when won."""
    mask = facts.within("opportunities", "closed", window) & facts.same("opportunities", "status", "won")
    return found(part("opportunities", mask, mask))


@register(
    name="cycle_days", en="Sales cycle", zh="成交周期",
    formula_en="mean calendar days from creation to winning", formula_zh="从创建到赢单的平均自然日",
    unit="days", direction="lower", perspective="process", cohort="won", needs=("opportunities.closed",), kind="mean",
)  # fmt: skip
def cycle_days(facts: Facts, window: Window) -> Found:
    """Won opportunities only; a closing date without a time of day cannot make the cycle negative.

    Where every opportunity of the whole table closes in the very moment that creates it, the table has one date and not two:
    nothing was measured.
    """
    mask = facts.within("opportunities", "closed", window) & facts.same("opportunities", "status", "won")
    created, closed = facts.time("opportunities", "created"), facts.time("opportunities", "closed")
    ended = closed != NEVER
    if ended.any() and (closed == created)[ended].all():
        return Found(reason="no_data")
    return found(part("opportunities", mask, np.maximum(closed - created, 0) / DAY, mask))
