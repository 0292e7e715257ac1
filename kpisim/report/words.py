"""The key findings: three sentences computed from the numbers, never written beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from kpisim.show.numbers import amount, change, interval, is_number, joined, money, month, rows_of
from kpisim.show.records import by_month, whole_months
from kpisim.show.team import period_word
from kpisim.text import t
from kpisim.text.numbers import percent, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from kpisim.experiment.result import Result
    from kpisim.report.content import Content


FOUND = 3
"""Sentences at the top of a report."""


def findings(content: Content, names: Mapping[str, str], labels: tuple[str, str]) -> list[str]:
    """Return three sentences: the result, the load, and the comparison or what pay costs."""
    if content.result is None:
        return _own(content)
    kpis, currency = content.result.kpis, content.currency
    third = _cost(content) if content.comparison is None else _versus(content, names, labels)
    return [_result(kpis, content, currency), _load(content.result.weekly, _row(kpis, "workload")), third]


def _row(frame: pd.DataFrame, kpi: str) -> dict[str, Any] | None:
    rows = rows_of(frame[frame["kpi"] == kpi])
    key = "mean" if "mean" in frame else "value"
    return rows[0] if rows and is_number(rows[0][key]) else None


def _result(kpis: pd.DataFrame, content: Content, currency: str) -> str:
    assert content.result is not None
    booked, values = _row(kpis, "revenue_booked"), content.result.attainment["attainment"].dropna()
    if booked is None:
        return t("Booked revenue has no number in this run; the KPI table says why.")
    first = t(
        "In {weeks} weeks the team books {mean} (95% interval {interval})",
        weeks=content.result.scenario.calendar.weeks,
        mean=money(booked["mean"], currency),
        interval=interval(booked["low"], booked["high"], "money", currency),
    )
    if values.empty:
        return t("{text}.", text=first)
    return t(
        "{text}, and {share} of {word} reach the quota.",
        text=first,
        share=percent(float((values >= 1).mean()), 0),
        word=period_word(content.result.scenario.incentive.period),
    )


def load_level(result: Result) -> float | None:
    """Return the mean load as the KPI table tells it; None without working hours."""
    row = _row(result.kpis, "workload")
    return None if row is None else float(row["mean"])


def _load(weekly: pd.DataFrame, kpi: dict[str, Any] | None) -> str:
    load = weekly.dropna(subset=["load"]).groupby("week")["load"].mean()
    if load.empty:
        return t("The load cannot be told: no working hours.")
    # Judged as it is shown: 79.6 % reads 80 %, and 80 % is not below 80 %.
    # The KPI's own mean, as the table below tells it: a mean of weeks weighs a short week like a full one.
    over, level = int((load > 1).sum()), round(float(load.mean() if kpi is None else kpi["mean"]), 2)
    mean = percent(level, 0)
    if over:
        return t(
            "The load averages {mean}; in {over} of {n} weeks more work comes in than there are hours.",
            mean=mean,
            over=over,
            n=len(load),
        )
    if level < 0.8:
        return t(
            "The load averages {mean}, below the band of 80 to 100%: the team has room for more.", mean=mean
        )
    return t("The load averages {mean}, inside the band of 80 to 100%.", mean=mean)


def _cost(content: Content) -> str:
    assert content.result is not None
    found = pay_share(content.result)
    if found is None:
        return t("What pay costs cannot be told: no pay or no sales.")
    cost, share = found
    return t(
        "Pay costs {cost} a run, {share} of booked sales.",
        cost=money(cost, content.currency),
        share=percent(share),
    )


def pay_share(result: Result) -> tuple[float, float] | None:
    """Return pay and its share of bookings as the KPI table says them; None where there is no number."""
    cost, share = (float(result.values(name).mean()) for name in ("pay_cost", "cost_of_sales"))
    return (cost, share) if is_number(cost) and is_number(share) else None


def _versus(content: Content, names: Mapping[str, str], labels: tuple[str, str]) -> str:
    assert content.comparison is not None
    rows = [
        r
        for r in rows_of(content.comparison.differences)
        if is_number(r["difference"]) and is_number(r["low"])
    ]
    clear = [r for r in rows if r["low"] > 0 or r["high"] < 0]
    if not clear:
        return t(
            "Against “{a}”, “{b}” shows no clear difference in any of {n} KPIs.",
            a=labels[0],
            b=labels[1],
            n=len(rows),
        )
    text = t(
        "Against “{a}”, “{b}” differs clearly in {k} of {n} KPIs.",
        a=labels[0],
        b=labels[1],
        k=len(clear),
        n=len(rows),
    )
    better, worse = ([r for r in clear if _good(r) is good] for good in (True, False))
    paid = [r for name in ("pay_cost", "contribution") for r in clear if r["kpi"] == name]
    # What it costs is told beside what it brings, or a report would sell whatever it compares.
    return joined(
        text,
        t("Better: {told}.", told=_told(better, names, content.currency))
        if better
        else t("Nothing is better."),
        t("Worse: {told}.", told=_told(worse, names, content.currency)) if worse else t("Nothing is worse."),
        t("In money: {told}.", told=_told(paid, names, content.currency)) if paid else "",
    )


def _good(row: dict[str, Any]) -> bool | None:
    """Whether a difference is to the good; None where a KPI is right in a band."""
    from kpisim.kpi.registry import kpis  # noqa: PLC0415

    known = kpis().get(row["kpi"])
    if known is None or known.direction not in {"higher", "lower"}:
        return None
    rises: bool = row["difference"] > 0
    return rises == (known.direction == "higher")


def _told(rows: list[dict[str, Any]], names: Mapping[str, str], currency: str) -> str:
    return t(", ").join(
        t(
            "{name} {change}",
            name=names.get(r["kpi"], r["kpi"]),
            change=change(r["difference"], r["unit"], currency, (r["a"], r["b"])),
        )
        for r in _diverse(rows)
    )


def _diverse(rows: list[dict[str, Any]], most: int = 3) -> list[dict[str, Any]]:
    """Return the first row of each perspective, then others: three kinds of money would say one thing thrice."""
    from kpisim.kpi.registry import kpis  # noqa: PLC0415

    seen: set[str] = set()
    first: list[dict[str, Any]] = []
    rest: list[dict[str, Any]] = []
    for row in rows:
        known = kpis().get(row["kpi"])
        view = known.perspective if known is not None else ""
        (rest if view in seen else first).append(row)
        seen.add(view)
    return [*first, *rest][:most]


def _own(content: Content) -> list[str]:
    assert content.tables is not None
    assert content.kpis is not None
    currency, kpis = content.currency, content.kpis
    booked, wins, cycle = (
        _row(kpis, "revenue_booked"),
        _row(kpis, "conversion_created"),
        _row(kpis, "cycle_days"),
    )
    again, paid = _row(kpis, "repurchase_rate"), _row(kpis, "collection_rate")
    told, silent = [], []
    if booked is None:
        silent.append(t("Booked revenue cannot be told from these tables."))
    else:
        value, sums = money(booked["value"], currency), by_month(content.tables["orders"], *content.active)
        if sums is None:
            told.append(t("{value} was signed in the period.", value=value))
        else:
            whole = whole_months(sums, *content.active)
            best = cast("pd.Period", (sums[whole] if any(whole) else sums).idxmax())
            told.append(
                t(
                    "{value} was signed in the period; the strongest month is {month}.",
                    value=value,
                    month=month(best.start_time, year=True),
                )
            )
    if (reached := _row(kpis, "attainment")) is not None:
        told.append(t("{share} of the target was reached.", share=percent(reached["value"])))
    if wins is None:
        silent.append(t("The win rate cannot be told from these tables."))
    else:
        text = t(
            "{share} of the opportunities created are won ({won} of {n})",
            share=percent(wins["value"]),
            won=plain(wins["numerator"]),
            n=plain(wins["denominator"]),
        )
        if cycle is not None:
            text = t("{text}, on average after {days}", text=text, days=amount(cycle["value"], "days"))
        told.append(t("{text}.", text=text))
    if again is not None:
        told.append(
            t("{share} of the customers of one window buy again in the next.", share=percent(again["value"]))
        )
    if paid is not None:
        told.append(t("{share} of what was due was collected.", share=percent(paid["value"])))
    elif (came := _row(kpis, "revenue_collected")) is not None:
        told.append(t("{value} came in.", value=money(came["value"], currency)))
    if again is None and paid is None:
        silent.append(t("Repurchase and collection cannot be told from these tables."))
    # What the tables say comes before what they do not.
    return [*told, *silent][:FOUND]


__all__ = ["findings"]
