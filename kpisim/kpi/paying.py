"""From KPI to money: a rep's statement step by step, what a plan costs, who gains and who loses under another.

The rules are those the model pays by (`kpisim.model.pay`); every step is worked out anew and held against the pay table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from kpisim.kpi.shown import show
from kpisim.kpi.window import as_date
from kpisim.model import pay as rules
from kpisim.text import Text, UserError, did_you_mean, t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    import pandas as pd

    from kpisim.scenario.incentive import Incentive
    from kpisim.tables import Tables

PARTS = ("base", "commission", "bonus", "matrix", "kpi_bonus", "pool", "contest", "culture")
TITLES: dict[str, Text] = {
    "base": Text("Base salary", "底薪"),
    "commission": Text("Commission", "提成"),
    "bonus": Text("Bonus at attainment", "达标奖金"),
    "matrix": Text("Attainment × collection bonus", "达成率×回款率奖金"),
    "kpi_bonus": Text("KPI bonus", "KPI奖金"),
    "pool": Text("Share of the team pool", "团队奖金"),
    "contest": Text("Contest prize", "竞赛奖金"),
    "culture": Text("Culture share", "文化占比调整"),
}
NOT_AGAIN: dict[str, Text] = {
    **dict.fromkeys(PARTS, Text("hangs on a score or on others' sales", "取决于得分或他人业绩")),
    "base": Text("as paid, for the days employed", "按在职天数发放"),
}
"""Why a part cannot be worked out anew from the rep's own row."""
CENT = 0.005


@dataclass(frozen=True, slots=True)
class PayStep:
    """One step of a statement.

    Attributes
    ----------
    part
        A key of `TITLES`.
    amount
        Money of the step as paid.
    words
        How it comes about, with its numbers.
    again
        The same worked out anew from the plan; None where it hangs on what the table does not hold (others' sales).
    """

    part: str
    amount: float
    words: Text
    again: float | None

    @property
    def agrees(self) -> bool:
        """Whether the pay table and the plan say the same to the cent."""
        return self.again is None or abs(self.again - self.amount) < CENT


@dataclass(frozen=True, slots=True)
class Statement:
    """One rep's pay of one period.

    Attributes
    ----------
    rep_id, start, end
        Whose, and the period ``[start, end)``.
    quota, sales, attained
        Quota, credited sales, attainment.
    steps
        In the order of pay; they sum to `total`.
    total
        Total pay of the table.
    cut
        Whether the end of the records cut the period short.
    """

    rep_id: str
    start: pd.Timestamp
    end: pd.Timestamp
    quota: float
    sales: float
    attained: float | None
    steps: tuple[PayStep, ...]
    total: float
    cut: bool = False


def statement(tables: Tables, plan: Incentive, rep_id: str, start: str | None = None) -> Statement:
    """Return the statement of one rep for the pay period that begins at `start`, by default the last whole one.

    Parameters
    ----------
    tables
        With a pay table.
    plan
        The incentive plan that was paid.
    rep_id, start
        Rep, and first day of the period.

    Raises
    ------
    UserError
        No such rep or period in the pay table.
    """
    import pandas as pd  # noqa: PLC0415

    pay = tables["pay"]
    mine = pay[pay["rep_id"] == rep_id].sort_values("period_start")
    if not len(mine):
        names = sorted(pay["rep_id"].dropna().unique().tolist())
        raise UserError(
            "{name}: no pay of that rep; {remedy}", name=rep_id, remedy=did_you_mean(rep_id, names)
        )
    if start is not None:
        mine = mine[mine["period_start"] == pd.Timestamp(as_date(start, "start"))]
        if not len(mine):
            raise UserError(
                "{name}: no pay period begins on {start}; leave it out for the last whole one",
                name=rep_id,
                start=start,
            )
    else:
        # What the end of the records cut short was paid for a stub; it is taken only where there is nothing else.
        over = mine[mine["period_end"] <= pd.Timestamp(tables.meta.end)]
        mine = over if len(over) else mine
    row: Any = mine.iloc[-1].to_dict()
    quota, sales = float(row["quota"]), float(row["sales"])
    again = _again(plan, row)
    words = _words(plan, row)
    steps = tuple(
        PayStep(part, float(np.nan_to_num(row[part])), words[part], again.get(part))
        for part in PARTS
        if np.nan_to_num(row[part]) != 0 or part in {"base", "commission"}
    )
    return Statement(
        rep_id,
        row["period_start"],
        row["period_end"],
        quota,
        sales,
        sales / quota if quota > 0 else None,
        steps,
        float(row["total"]),
        cut=bool(row["period_end"] > pd.Timestamp(tables.meta.end)),
    )


def whole_periods(tables: Tables) -> pd.DataFrame:
    """Return the rows of the pay table whose period is over and lies mostly in the window of the tables; all where none does.

    A run also pays for the months that it needed to warm up, and for the days of a period that its end cut short.
    """
    import pandas as pd  # noqa: PLC0415

    pay, meta = tables["pay"], tables.meta
    middle = pay["period_start"] + (pay["period_end"] - pay["period_start"]) / 2
    inside = pay[(pay["period_end"] <= pd.Timestamp(meta.end)) & (middle >= pd.Timestamp(meta.start))]
    return inside if len(inside) else pay


def _again(plan: Incentive, row: dict[str, Any]) -> dict[str, float]:
    """Return the parts that follow from the plan and the rep's own row."""
    if not row["quota"] > 0:
        return {}
    collected = float(row["collection_rate"]) if row["collection_rate"] == row["collection_rate"] else 1.0
    parts = rules.individual(plan, float(row["sales"]), float(row["quota"]), collection_rate=collected)
    made = {name: float(parts[name]) for name in ("commission", "bonus")}
    if row["collection_rate"] == row["collection_rate"]:
        made["matrix"] = float(parts["matrix"])
    return made


def _words(plan: Incentive, row: dict[str, Any]) -> dict[str, Text]:
    sales, quota = f"{row['sales']:,.2f}", f"{row['quota']:,.2f}"
    reach = percent(row["sales"] / row["quota"]) if row["quota"] > 0 else "–"
    tiers = (
        Text(" with tiers and accelerator as in the plan", "（含方案中的阶梯与加速）")
        if plan.tiers or plan.accelerator != 1
        else Text("", "")
    )
    return {
        "base": Text("base salary of the period", "本期底薪"),
        "commission": Text("{rate} of {sales}{tiers}; quota {quota}, attainment {reach}", "{sales}×{rate}{tiers}；指标{quota}，达成率{reach}",
                           rate=percent(plan.commission_rate), sales=sales, quota=quota, reach=reach, tiers=tiers),
        "bonus": Text("for reaching {reach}", "达成率{reach}，达到奖励线", reach=reach),
        "matrix": Text("{base} × coefficient at attainment {reach} and collection {collected}", "{base}×系数（达成率{reach}、回款率{collected}）",
                       base=f"{plan.matrix.base:,.2f}", reach=reach, collected=percent(row["collection_rate"])),
        "kpi_bonus": Text("{full} at a full KPI score, paid in proportion", "KPI满分{full}，按得分折算", full=f"{plan.kpi_bonus:,.2f}"),
        "pool": Text("equal share of {rate} of the team's sales", "团队签约额×{rate}，人均分配", rate=percent(plan.team_pool_rate)),
        "contest": Text("prize by rank of sales", "按业绩名次"),
        "culture": Text("{share} of variable pay × (culture score − what counts as full)", "浮动薪酬×{share}×（文化评分与满分线之差）",
                        share=percent(plan.culture_share, 0)),
    }  # fmt: skip


def statement_lines(made: Statement) -> list[str]:
    """Return a statement as aligned text in the reader's language."""
    from kpisim.text.cells import align  # noqa: PLC0415

    rows = [[t("step"), t("amount"), t("how it comes about"), t("worked out anew")]]
    for step in made.steps:
        again = NOT_AGAIN[step.part] if step.again is None else "✓" if step.agrees else f"{step.again:,.2f}"
        rows.append([str(TITLES[step.part]), f"{step.amount:,.2f}", str(step.words), str(again)])
    rows.append(
        [
            t("Total pay"),
            f"{made.total:,.2f}",
            "",
            "✓" if _sums(made) else f"{sum(step.amount for step in made.steps):,.2f}",
        ]
    )
    return [period_line(made), *align(rows, [False, True, False, False])]


def period_line(made: Statement) -> str:
    """Return whose pay it is and of when, and whether the records end within it."""
    last = (made.end - timedelta(days=1)).date()
    line = t("{rep}, {start} to {end}", rep=made.rep_id, start=made.start.date(), end=last)
    return t("{line} (cut short: the records end before)", line=line) if made.cut else line


def _sums(made: Statement) -> bool:
    return abs(sum(step.amount for step in made.steps) - made.total) < 0.01


def plans_compared(tables: Tables, now: Incentive, other: Incentive) -> pd.DataFrame:
    """Return who gains and who loses under another plan on the same sales.

    People would sell differently under another plan; this holds sales fixed and says so, `kpisim compare` plays it.

    Returns
    -------
    DataFrame
        ``rep_id, sales, now, other, difference``: a row per rep, own parts of variable pay and base over all periods
        [money]; contest, pool and KPI bonus are left out, since they hang on others or on scores the table does not hold.

    Raises
    ------
    UserError
        The other plan pays by another period: sales and quotas of a quarter do not say what each month would have paid.
    """
    import pandas as pd  # noqa: PLC0415

    if other.period != now.period:
        raise UserError(
            "incentive.period: {value} instead of {period}; these sales are told by {period} and cannot be paid by {value}, leave the period as it is or play both with kpisim compare",
            value=other.period,
            period=now.period,
        )
    pay = whole_periods(tables)
    pay = pay[pay["quota"] > 0]
    rows = []
    for rep, mine in pay.groupby("rep_id", observed=True):
        collected = mine["collection_rate"].fillna(1.0).to_numpy()
        sales, quota = mine["sales"].to_numpy(), mine["quota"].to_numpy()
        share = mine["base"].to_numpy() / now.base_salary if now.base_salary else np.zeros(len(mine))
        both = []
        for plan in (now, other):
            parts = rules.individual(plan, sales, quota, collection_rate=collected)
            both.append(
                float(
                    sum(parts[name].sum() for name in ("commission", "bonus", "matrix"))
                    + (share * plan.base_salary).sum()
                )
            )
        rows.append(
            {
                "rep_id": rep,
                "sales": float(sales.sum()),
                "now": both[0],
                "other": both[1],
                "difference": both[1] - both[0],
            }
        )
    return pd.DataFrame(rows, columns=["rep_id", "sales", "now", "other", "difference"]).sort_values(
        "difference", ignore_index=True
    )


def cost_line(tables: Tables) -> str:
    """Return what the plan cost over the whole pay periods, and which these are."""
    cost, pay = plan_cost(tables), whole_periods(tables)
    if not len(pay):
        return t("No pay in these tables.")
    first, end = pay["period_start"].min(), pay["period_end"].max()
    return t(
        "Pay periods {first} to {last}: the plan cost {pay} on credited sales of {sales}: {rate}",
        first=first.date(),
        last=(end - timedelta(days=1)).date(),
        pay=f"{cost['pay']:,.2f}",
        sales=f"{cost['sales']:,.2f}",
        rate="–" if cost["rate"] is None else show(cost["rate"], "share"),
    )


def compared_lines(tables: Tables, now: Incentive, other: Incentive | None = None) -> list[str]:
    """Return what the plan costs and, against another plan, who gains and who loses, as aligned text."""
    from kpisim.text.cells import align  # noqa: PLC0415

    frame = plans_compared(tables, now, other or now)
    if other is None:
        rows = [[t("rep"), t("sales"), t("own parts of pay")]]
        rows += [
            [str(row["rep_id"]), *(f"{row[name]:,.2f}" for name in ("sales", "now"))]
            for row in frame.sort_values("rep_id").to_dict("records")
        ]
        return [
            cost_line(tables),
            *align(rows, [False, True, True]),
            t(
                "Own parts: base, commission, bonus and collection matrix; without KPI bonus, pool, contest and culture."
            ),
            t("Name another plan with -p to see who gains and who loses."),
        ]
    rows = [[t("rep"), t("sales"), t("pay now"), t("pay then"), t("Difference")]]
    rows += [
        [
            str(row["rep_id"]),
            *(f"{row[name]:,.2f}" for name in ("sales", "now", "other")),
            f"{row['difference']:+,.2f}",
        ]
        for row in frame.to_dict("records")
    ]
    gain, lose = int((frame["difference"] > CENT).sum()), int((frame["difference"] < -CENT).sum())
    return [
        cost_line(tables),
        *align(rows, [False, True, True, True, True]),
        t(
            "{gain} gain, {lose} lose, if everybody sold the same; kpisim compare plays what they would sell",
            gain=gain,
            lose=lose,
        ),
    ]


def plan_cost(tables: Tables) -> dict[str, float | None]:
    """Return total pay, sales, and pay ÷ sales of :func:`whole_periods` (None without sales)."""
    pay = whole_periods(tables)
    total, sales = float(pay["total"].sum()), float(pay["sales"].sum())
    return {"pay": total, "sales": sales, "rate": total / sales if sales > 0 else None}


__all__ = [
    "NOT_AGAIN",
    "PARTS",
    "TITLES",
    "PayStep",
    "Statement",
    "compared_lines",
    "cost_line",
    "period_line",
    "plan_cost",
    "plans_compared",
    "statement",
    "statement_lines",
    "whole_periods",
]
