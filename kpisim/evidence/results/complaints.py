"""Complaints in the queue (TARP 1979/86; de Matos et al. 2007)."""

from __future__ import annotations

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import (
    BELOW_ZERO,
    mean,
    over,
    play,
    printed,
)
from kpisim.scenario import ALL_OFF
from kpisim.text import Text


def complaints(runs: int = 10, *, seed: int = 1) -> list[Row]:
    """A fuller queue keeps fewer complaining customers, and recovery makes nobody more loyal than before.

    Claims of TARP (1979/86) and de Matos et al. (2007).

    Parameters
    ----------
    runs
        Years played.
    seed
        Seed.

    Notes
    -----
    What each kind of answer keeps is put in (19, 54 and 82 %); which kind a customer gets is not.
    """

    def both(run: int) -> list[float]:
        found: list[float] = []
        for admin in (1.0, 8.0):
            tables = play(
                {
                    "mechanisms": ALL_OFF,
                    "workload.admin_per_day": admin,
                    "market": {"complaint": 0.20, "deal_value": 60_000.0},
                },
                seed,
                run,
            )
            cases = tables["complaints"].dropna(subset=["answered"])
            left = tables["accounts"].set_index("account_id")["left"]
            gone = left.reindex(cases["account_id"]).notna().to_numpy()
            at_once = (left.reindex(cases["account_id"]).to_numpy() == cases["answered"].to_numpy()) & gone
            known = tables["accounts"].query("since == since")
            calm = ~known["account_id"].isin(tables["complaints"]["account_id"])
            found += [
                float(1.0 - at_once.mean()),
                float(known.loc[calm, "left"].isna().mean()),
                float(1.0 - gone.mean()),
            ]
        return found

    values = over(runs, both)
    rows = []
    value, error = mean(values[:, 3] - values[:, 0])
    rows.append(
        printed(
            Text("kept after a complaint, busy team less calm team", "投诉后留下的比例，忙团队减闲团队"),
            value,
            0.0,
            BELOW_ZERO,
            error,
        )
    )
    value, error = mean(values[:, 2] - values[:, 1])
    rows.append(
        printed(
            Text(
                "still there at the end: complained less never complained (calm team)",
                "年底仍在：投诉过的减从未投诉的（闲团队）",
            ),
            value,
            0.0,
            BELOW_ZERO,
            error,
        )
    )
    return rows


CASE = Case(
    "complaints",
    Text(
        "Complaints in the queue",
        "排队中的客诉",
    ),
    "emerges",
    "TARP 1979/86 (intentions); de Matos, Henrique & Rossi 2007, Journal of Service Research 10:60",
    complaints,
    status="from memory",
    setting=Text(
        "Consumers with problems above 100 dollars; meta-analysis of service recovery",
        "损失超过100美元的消费者；服务补救的荟萃分析",
    ),
    a=Text(
        "little paperwork",
        "事务少",
    ),
    b=Text(
        "a lot of paperwork",
        "事务多",
    ),
    reason=Text(
        "Only the sign is claimed: the whole 95% interval must have it.",
        "只主张方向：整个95%区间都须在同一侧。",
    ),
    limits=Text(
        "What each kind of answer keeps (19, 54, 82%) is put in; which kind a customer gets is not.",
        "各类处理留住多少客户（19%、54%、82%）是给定的；客户得到哪一类则不是。",
    ),
)
