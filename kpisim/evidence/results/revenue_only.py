"""Pay revenue alone and service pays the price (Holmström & Milgrom 1991)."""

from __future__ import annotations

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import (
    ABOVE_ZERO,
    BELOW_ZERO,
    mean,
    over,
    play,
    printed,
)
from kpisim.text import Text


def revenue_only(rate: float = 0.10, runs: int = 10, *, seed: int = 1) -> list[Row]:
    """Pay only revenue and service is neglected: satisfaction falls and customers go (after Holmström & Milgrom 1991).

    Parameters
    ----------
    rate
        Commission of the plan that pays revenue alone.
    runs
        Years played.
    seed
        Seed.

    Notes
    -----
    A: a mixed plan with a KPI bonus on satisfaction; B: the same team with revenue alone.  All mechanisms are on but exits.
    """
    mixed = {
        "incentive": {"commission_rate": 0.02, "kpi_bonus": 6000.0},
        "kpi.targets": [
            {
                "name": "revenue",
                "kpi": "revenue_booked",
                "period": "quarter",
                "target": 650_000,
                "weight": 0.6,
            },
            {"name": "satisfaction", "kpi": "csat", "period": "quarter", "target": 0.8, "weight": 0.4},
        ],
    }
    alone = {
        "incentive": {"commission_rate": rate},
        "kpi.targets": [
            {
                "name": "revenue",
                "kpi": "revenue_booked",
                "period": "quarter",
                "target": 650_000,
                "weight": 1.0,
            }
        ],
    }

    def both(run: int) -> list[float]:
        found: list[float] = []
        for scheme in (mixed, alone):
            tables = play(scheme | {"mechanisms.exits": False}, seed, run)
            score = tables["surveys"].query("question == 'csat'")["score"]
            accounts = tables["accounts"]
            known = accounts["since"].notna()
            found += [float(score.mean()), float(accounts.loc[known, "left"].notna().mean())]
        return found

    values = over(runs, both)
    rows = []
    for name, column, band in (
        (Text("satisfaction", "满意度"), 0, BELOW_ZERO),
        (Text("share of customers who leave", "流失客户占比"), 1, ABOVE_ZERO),
    ):
        value, error = mean(values[:, column + 2] - values[:, column])
        rows.append(
            printed(
                Text("{name}, revenue alone less mixed", "{name}，只看收入减混合考核", name=name),
                value,
                0.0,
                band,
                error,
            )
        )
    return rows


CASE = Case(
    "revenue_only",
    Text(
        "Pay revenue alone and service pays the price",
        "只考核收入，服务买单",
    ),
    "emerges",
    "after Holmström & Milgrom 1991: direction",
    revenue_only,
    status="from memory",
    a=Text(
        "revenue and satisfaction",
        "收入加满意度",
    ),
    b=Text(
        "revenue alone",
        "只看收入",
    ),
    reason=Text(
        "Only the sign is claimed: the whole 95% interval must have it.",
        "只主张方向：整个95%区间都须在同一侧。",
    ),
    explanation=Text(
        "Satisfaction falls. Within a year it does not yet show in departures: a customer leaves when the next order would be due, and one who is less satisfied orders later.",
        "满意度下降。一年之内流失还看不出来：客户是到该复购时才走，而不满意的客户下单更晚。",
    ),
    limits=Text(
        "How much satisfaction neglect costs is our assumption.",
        "少花心思会让满意度掉多少，是我们的假设。",
    ),
)
