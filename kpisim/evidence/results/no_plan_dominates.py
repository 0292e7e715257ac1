"""No plan beats all others (aim of the model)."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import (
    TOO_NOISY,
    mean,
    play,
    printed,
)
from kpisim.model.clock import MONTHS
from kpisim.model.pay import goal
from kpisim.model.payroll import WEEKS_A_YEAR, forecast
from kpisim.scenario import load
from kpisim.scenario.incentive import Incentive
from kpisim.text import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kpisim.scenario import Scenario
    from kpisim.tables import Tables


FORMS: dict[str, dict[str, Any]] = {
    "commission": {"commission_rate": 1.0},
    "accelerator": {"commission_rate": 1.0, "accelerator": 2.0},
    "bonus at quota": {"bonuses": 1.0},
    "commission and bonus": {"commission_rate": 0.5, "bonuses": 0.5},
    "KPI bonus": {"kpi_bonus": 1.0},
    "team pool": {"team_pool_rate": 1.0},
}
"""Forms of variable pay; the parts are scaled until a rep at quota may expect the same pay from each."""


MIXES = (0.25, 0.5, 1.0)
"""Variable share of pay at quota: 75:25 is usual in pharma, 50:50 for who wins new customers, 0:100 among insurance agents;
on average 60:40."""


ORDERS: dict[str, dict[str, Any]] = {
    "first come": {},
    "value per hour": {"workload.policy": "value_per_hour"},
}


LOADS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "coaching and talks": {"reviews.coaching_hours": 2.0, "reviews.pair_talk_hours": 1.0},
    "more paperwork": {"workload.admin_per_day": 7.0},
}


CLOSE = 0.05


Plan = tuple[str, float]
"""Form of pay and variable share."""


def plans(base: Scenario) -> dict[Plan, dict[str, Any]]:
    """Return salary alone and every form of pay in every mix; all cost the same at quota.

    Parameters
    ----------
    base
        Scenario whose outside pay is what a rep whose average sales are his quota may expect, luck included.
    """
    found = {(form, mix): _plan(base, form, mix) for form in FORMS for mix in MIXES}
    return {("salary", 0.0): _plan(base, "commission", 0.0)} | found


def _plan(base: Scenario, form: str, mix: float) -> dict[str, Any]:
    monthly = base.team.outside_pay or 0.0
    months = MONTHS[base.incentive.period]
    quota = base.kpi.quota * months / 12
    usual = mix * monthly * months
    parts = FORMS[form]
    # Each part alone pays `usual` at quota without luck; then all are scaled so that they do with luck.
    unit = {
        "commission_rate": parts.get("commission_rate", 0.0) * usual / quota,
        "accelerator": parts.get("accelerator", 1.0),
        "team_pool_rate": parts.get("team_pool_rate", 0.0) * usual / quota,
        "kpi_bonus": parts.get("kpi_bonus", 0.0) * usual,
        "bonuses": [{"attainment": 1.0, "amount": parts["bonuses"] * usual}] if "bonuses" in parts else [],
    }
    plan = Incentive.model_validate(unit)
    expected = float(goal(plan, _sales(base, quota, months), quota).mean())
    factor = usual / expected if expected else 1.0
    for name in ("commission_rate", "team_pool_rate", "kpi_bonus"):
        unit[name] = float(f"{unit[name] * factor:.4g}")
    for bonus in unit["bonuses"]:
        bonus["amount"] = float(f"{bonus['amount'] * factor:.4g}")
    return unit | {"base_salary": round((1 - mix) * monthly, 2), "period": base.incentive.period}


def _sales(base: Scenario, quota: float, months: int, points: int = 2001) -> NDArray[np.float64]:
    """Return the sales of periods with as much luck as reps forecast, lognormal, `quota` on average [money]."""
    from scipy.special import ndtri  # noqa: PLC0415

    _, _, square = forecast(base)
    sigma = float(np.sqrt(np.log1p(square * WEEKS_A_YEAR * months / 12 / quota**2)))
    draws = np.exp(sigma * ndtri((np.arange(points) + 0.5) / points))
    return np.asarray(quota * draws / draws.mean())


def _profit(tables: Tables, margin: float) -> float:
    """Return gross margin of what was booked, less what is never paid, less pay [money a year]."""
    orders, pay, bills = tables["orders"], tables["pay"], tables["collections"]
    start = pd.Timestamp(tables.meta.start)
    booked = float(orders.loc[orders["booked"] >= start, "value"].sum())
    # Bills old enough that who pays at all has paid.
    old = bills[bills["due"] < pd.Timestamp(tables.meta.end) - pd.Timedelta(days=45)]
    unpaid = float(old.loc[old["paid"].isna(), "amount"].sum() / max(float(old["amount"].sum()), 1.0))
    paid = float(pay.loc[pay["period_start"] >= start, "total"].sum())
    return booked * (margin - unpaid) - paid


def _behind(judged: dict[Plan, NDArray[np.float64]], kinds: list[Any]) -> list[tuple[float, float]]:
    """Return the profit of each kind of plan ÷ that of the best kind, best first, with standard errors over years.

    A kind counts by the best of its plans.
    """
    best: dict[Any, NDArray[np.float64]] = {}
    for kind, profit in zip(kinds, judged.values(), strict=True):
        if kind not in best or profit.mean() > best[kind].mean():
            best[kind] = profit
    ranked = sorted(best.values(), key=lambda profit: -profit.mean())
    top = ranked[0].mean()
    # Paired by year, for all are played on the same luck.
    return [(float(one.mean() / top), mean((one - ranked[0]) / top)[1]) for one in ranked]


def _close(metric: Text, share: float, error: float) -> Row:
    """Return a row; where the interval holds the border of 5 %, it is too noisy to say."""
    row = printed(metric, share, 1 - CLOSE, (1 - CLOSE, 1.0), error)
    return replace(row, verdict=TOO_NOISY) if row.low < 1 - CLOSE < row.high else row


def no_plan_dominates(runs: int = 2, years: int = 6, *, seed: int = 1) -> list[Row]:
    """Several forms of pay come close to the best profit, and decisions order the ranking more than luck does.

    Parameters
    ----------
    runs
        Years in which each plan is tried under every priority rule and workload, on the same luck.
    years
        Further years in which each plan shows what it brings under the best of them.
    seed
        Seed.

    Notes
    -----
    All plans are equally dear for a rep at quota.  What is best is chosen in other years than it is judged in, since the best
    of many is the luckiest too.  A form counts once, by its best mix; a mix once, by its best form.  The rank correlation is
    taken between years: how far the ranking of one year tells that of another.
    """
    base = load("default").derive({"calendar.weeks": 52})
    pay = plans(base)
    settings = list(product(ORDERS, LOADS))
    plain = base.model_dump(exclude={"name", "title_en", "title_zh", "story_en", "story_zh"})

    def year(plan: Plan, setting: tuple[str, str], run: int) -> float:
        order, load_ = setting
        tables = play(plain | {"incentive": pay[plan]} | ORDERS[order] | LOADS[load_], seed, run)
        return _profit(tables, base.market.gross_margin)

    profit = np.array(
        [[[year(plan, setting, run) for run in range(runs)] for setting in settings] for plan in pay]
    )
    chosen = [settings[place] for place in profit.mean(axis=2).argmax(axis=1)]
    judged = {
        plan: np.array([year(plan, setting, run) for run in range(runs, runs + years)])
        for plan, setting in zip(pay, chosen, strict=True)
    }
    forms = _behind(judged, [form for form, _ in judged])
    mixes = _behind(judged, [mix for _, mix in judged])
    strategies = profit.reshape(-1, runs)
    frame = pd.DataFrame(strategies)
    pairs = [
        float(frame[one].corr(frame[other], method="spearman")) for one, other in combinations(range(runs), 2)
    ]
    correlation, error = mean(pairs)
    # A good or bad year for all of them moves no rank.
    apart = strategies - strategies.mean(axis=0)
    luck = float(apart.var(axis=1, ddof=1).mean() / apart.var(ddof=1))
    return [
        _close(
            Text("profit of the third-best form of pay ÷ the best", "利润第三的薪酬形式 ÷ 最佳形式"),
            *forms[2],
        ),
        _close(
            Text(
                "profit of the second-best mix of base and variable pay ÷ the best",
                "利润第二的固浮比 ÷ 最佳固浮比",
            ),
            *mixes[1],
        ),
        printed(
            Text("rank correlation of strategies between years", "各打法名次的年际相关"),
            correlation,
            0.7,
            (0.7, 1.0),
            error,
        ),
        printed(
            Text(
                "share of luck in the differences between strategies within a year",
                "同一年内各打法的差距中运气所占比例",
            ),
            luck,
            0.5,
            (0.0, 0.5),
        ),
    ]


CASE = Case(
    "no_plan_dominates",
    Text(
        "No plan beats all others",
        "没有一种方案通吃",
    ),
    "emerges",
    "aim of the model, 2026: no reproduction of a paper",
    no_plan_dominates,
    status="no figure: our own aim",
    a=Text(
        "salary, and six forms of variable pay at 25, 50 and 100 % of pay, equally dear at quota",
        "纯底薪，以及六种浮动薪酬形式各占25%、50%和100%；达标时花费相同",
    ),
    b=Text(
        "two priority rules × three workloads, judged by profit",
        "两种优先级规则 × 三种工作量，按利润评判",
    ),
    reason=Text(
        "Ours: three forms and two mixes within 5 % of the best, rank correlation 0.7, luck less than half.",
        "自定：三种形式、两种固浮比相差5%以内，名次相关0.7，运气占不到一半。",
    ),
    explanation=Text(
        "Decisions order the ranking. Whether pay plans come close lies on the border: over seeds 1 to 3, 18 years, the third-best form reaches 0.947 ± 0.015 of the best profit and the second-best mix, 50:50, 0.946 ± 0.019; salary, a team pool and a bonus alone 0.86 to 0.88. Pay all on sales, with an accelerator, is ahead, as theory says of this team: at a relative risk aversion of 1 the best rate is margin ÷ (1 + r c σ²), 22 % of sales, and all pay at quota is but 7 %. Risk alone would make 50:50 best only at an aversion of about 15, which no estimate supports.",
        "决定名次的是决策。各种方案是否接近，正处在边缘：种子1至3共18年，第三名的形式达到最佳利润的0.947±0.015，第二名的固浮比（五五开）达到0.946±0.019；纯底薪、团队奖金池和单一达标奖为0.86至0.88。全浮动加超额加速领先，这正是理论对这支团队的预言：相对风险厌恶为1时，最优提成率 = 毛利率 ÷ (1 + r c σ²)，约为销售额的22%，而达标时的全部收入只合7%。单靠风险厌恶，要到15左右，五五开才会最优，没有任何估计支持这么高的数值。",
    ),
    limits=Text(
        "The forms near the top all pay for one's own sales; salary, a team pool, a KPI bonus and a bonus alone fall behind. What firms fear of all-variable pay besides risk (neglect that shows after years, savings that run out, whom it attracts) is not played. All plans gain from coaching and from value per hour.",
        "排在前面的形式都是按个人销售额付酬；纯底薪、团队奖金池、KPI奖金和单一达标奖落在后面。企业对全浮动薪酬的其他顾虑（多年后才显现的忽视、积蓄耗尽、会吸引来什么样的人）没有模拟。所有方案都得益于辅导和按每小时价值排序。",
    ),
)
