"""Forecasts and scores as aligned text."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kpisim.kpi.registry import kpis
from kpisim.kpi.shown import show
from kpisim.kpi.tracking.forecast.backtest import FEWEST, SEPARATE
from kpisim.kpi.tracking.forecast.methods import METHODS, NAIVE
from kpisim.text import t
from kpisim.text.cells import align

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpisim.kpi.tracking.forecast.backtest import Score
    from kpisim.kpi.tracking.forecast.open_days import OpenDays
    from kpisim.kpi.tracking.forecast.period import Forecast


def title_of(name: str) -> str:
    """Return the KPI's title, or ``table.column`` as it stands."""
    return str(kpis()[name].title) if name in kpis() else name


def forecast_lines(made: Sequence[Forecast]) -> list[str]:
    """Return forecasts of one period as text: so far, expected with its range, and what the naive ways say."""
    if not made:
        return [t("Nothing here that adds up from days, so nothing to forecast.")]
    first = made[0]
    heads = [t("KPI"), t("so far"), t("expected"), t("8 in 10: from"), t("to"), t("as last time"), t("run rate"), t("open days"), t("separate past cases")]  # fmt: skip
    rows = [heads]
    for one in made:
        edges = ["–" if edge is None else show(round(edge), one.unit) for edge in (one.low, one.high)]
        naive = [show(round(one.naive[name]), one.unit) for name in NAIVE]
        rows.append(
            [title_of(one.name), show(one.done, one.unit), show(round(one.expected), one.unit), *edges, *naive, t("{over} of {all}", over=one.elapsed, all=one.elapsed + one.ahead), str(one.separate)]
        )  # fmt: skip
    lines = [
        t(
            "Period {first} to {last}, known up to {on}",
            first=first.start,
            last=first.end - timedelta(days=1),
            on=max(one.on for one in made),
        ),
        "",
        *align(rows, [False, *[True] * (len(heads) - 1)]),
        "",
        t("Method: {method}; chosen on the first 60% of real files, see docs/forecast.md.", method=METHODS[first.method]),
        t("The range comes from the method's own past errors at the same point of a period, scaled to the business of today; the fewer separate past cases, the wider."),
        t("On days of real files that nothing was chosen on, such 80% ranges held in 76 to 100% of cases."),
    ]  # fmt: skip
    if any(one.low is None for one in made):
        lines.append(
            t(
                "No range where fewer than {count} past errors or {separate} separate past cases are known.",
                count=FEWEST,
                separate=SEPARATE,
            )
        )
    return lines


def score_lines(series: OpenDays, scores: Sequence[Score], period: int) -> list[str]:
    """Return the score of methods on the last 40 % of the days of one series."""
    head = t(
        "{name}: {count} open days, {first} to {last}",
        name=title_of(series.name),
        count=len(series.days),
        first=series.days[0],
        last=series.days[-1],
    )
    if not scores[0].origins:
        return [head, t("  too short: the last 40% of the days hold no whole period of {days}", days=period)]
    rows = [
        [
            t("method"),
            t("mean error"),
            t("error ÷ amount"),
            t("80% range holds"),
            t("its width ÷ amount"),
            t("forecasts"),
            t("separate periods"),
        ]
    ]
    best = min((one.wape for one in scores if one.wape == one.wape), default=None)
    rows += [
        [
            f"{METHODS[one.method]}{' *' if one.wape == best else ''}",
            f"{one.mae:,.1f}",
            "–" if one.wape != one.wape else show(one.wape, "share"),
            "–" if one.coverage is None else show(one.coverage, "share"),
            "–" if one.width is None else show(one.width, "share"),
            str(one.origins),
            str(one.separate),
        ]
        for one in scores
    ]
    return [head, *("  " + line for line in align(rows, [False, *[True] * 6]))]


__all__ = ["forecast_lines", "score_lines", "title_of"]
