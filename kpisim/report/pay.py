"""The pay statement as a page: from KPI to money, the payout curve, what the plan costs, who gains and who loses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.kpi.paying import NOT_AGAIN, TITLES, cost_line, period_line, plans_compared, whole_periods
from kpisim.model.pay import payout_curve
from kpisim.report.page import items, paragraph, picture, section, table
from kpisim.show.money import pay_curve, statement_picture, winners_picture
from kpisim.text import t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from kpisim.kpi.paying import PayStep, Statement
    from kpisim.report.page import Align
    from kpisim.scenario.incentive import Incentive
    from kpisim.show.picture import Picture
    from kpisim.tables import Tables


def statement_parts(made: Statement, plan: Incentive, currency: str) -> list[str]:
    """Return one rep's statement: the steps as a picture and with their reasons, and the payout curve of the plan."""
    heads: list[tuple[str, Align]] = [
        (t("step"), "text"), (t("amount"), "number"), (t("how it comes about"), "text"), (t("worked out anew"), "text"),
    ]  # fmt: skip
    rows = [
        [str(TITLES[step.part]), f"{step.amount:,.2f}", str(step.words), _again(step)] for step in made.steps
    ]
    whole = sum(step.amount for step in made.steps)
    rows.append([
        t("Total pay"), f"{made.total:,.2f}", "", "✓" if round(whole - made.total, 2) == 0 else f"{whole:,.2f}",
    ])  # fmt: skip
    told = [] if made.attained is None else [
        t("Sales {sales}, quota {quota}: attainment {reach}", sales=f"{made.sales:,.2f}", quota=f"{made.quota:,.2f}", reach=percent(made.attained))
    ]  # fmt: skip
    parts = [
        section("steps", period_line(made), picture(statement_picture(made, currency)), items(told) if told else "", table(t("From KPI to money, in {currency}", currency=currency), heads, rows)).html,
    ]  # fmt: skip
    return [*parts, *([] if made.quota <= 0 else [_curve_part(made.quota, plan, currency)])]


def plan_parts(tables: Tables, now: Incentive, other: Incentive | None, currency: str) -> list[str]:
    """Return what the plan costs, its payout curve, and against another plan who gains and who loses."""
    parts = [section("cost", t("What the plan costs"), paragraph(cost_line(tables), "lead")).html]
    quotas = whole_periods(tables)["quota"]
    quota = float(quotas[quotas > 0].mean()) if (quotas > 0).any() else 0.0
    if quota > 0:
        parts.append(_curve_part(quota, now, currency, other))
    if other is None:
        return [*parts, paragraph(t("Name another plan with -p to see who gains and who loses."))]
    frame = plans_compared(tables, now, other)
    heads: list[tuple[str, Align]] = [
        (t("rep"), "text"), (t("sales"), "number"), (t("pay now"), "number"), (t("pay then"), "number"), (t("Difference"), "number"),
    ]  # fmt: skip
    rows = [
        [str(row["rep_id"]), *(f"{row[name]:,.2f}" for name in ("sales", "now", "other")), f"{row['difference']:+,.2f}"]
        for row in frame.to_dict("records")
    ]  # fmt: skip
    fixed = t(
        "If everybody sold the same. People sell differently under another plan; kpisim compare plays it."
    )
    return [
        *parts,
        section(
            "winners",
            t("Winners and losers"),
            picture(winners_picture(frame, currency)),
            table(t("Own parts of pay over these periods, in {currency}", currency=currency), heads, rows),
            paragraph(fixed),
        ).html,
    ]


def curve_picture(quota: float, plan: Incentive, currency: str, other: Incentive | None = None) -> Picture:
    """Return the payout curve of a plan from 0 to 200 % of `quota`, and that of another beside it."""
    return pay_curve(
        payout_curve(plan, quota, steps=True),
        currency,
        plan.period,
        None if other is None else payout_curve(other, quota, steps=True),
        (t("now"), t("then")),
    )


def _curve_part(quota: float, plan: Incentive, currency: str, other: Incentive | None = None) -> str:
    heads: list[tuple[str, Align]] = [(t("attainment"), "text"), (t("variable pay"), "number")]
    curves = [payout_curve(plan, quota, 9)]
    if other is not None:
        heads = [(t("attainment"), "text"), (t("pay now"), "number"), (t("pay then"), "number")]
        curves.append(payout_curve(other, quota, 9))
    rows = [
        [percent(reach, 0), *(f"{curve['pay'].iloc[place]:,.2f}" for curve in curves)]
        for place, reach in enumerate(curves[0]["attainment"])
    ]
    words = t("Quota of the period {quota}; collection 95%, culture in full, KPI score as the attainment.", quota=f"{quota:,.2f}")  # fmt: skip
    return section(
        "curve",
        t("Payout curve"),
        picture(curve_picture(quota, plan, currency, other)),
        table(t("Variable pay by attainment, in {currency}", currency=currency), heads, rows),
        paragraph(words),
    ).html


def _again(step: PayStep) -> str:
    if step.again is None:
        return str(NOT_AGAIN[step.part])
    return "✓" if step.agrees else f"{step.again:,.2f}"


__all__ = ["curve_picture", "plan_parts", "statement_parts"]
