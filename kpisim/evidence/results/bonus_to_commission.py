"""From bonus to commission (Kishore et al. 2013)."""

from __future__ import annotations

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import (
    ABOVE_ZERO,
    BELOW_ZERO,
    booked,
    cliff,
    lift,
    mean,
    only,
    over,
    play,
    printed,
)
from kpisim.text import Text


def bonus_to_commission(
    bonus: float = 9_000.0, rate: float = 0.045, runs: int = 12, *, seed: int = 1
) -> list[Row]:
    """From an all-or-nothing bonus to a commission: games with dates fall, other work suffers (Kishore et al. 2013).

    Parameters
    ----------
    bonus
        Monthly bonus at quota.
    rate
        Commission of the new plan.
    runs
        Years played.
    seed
        Seed.

    Notes
    -----
    Only neglect is on beside effort and timing.
    """

    def both(run: int) -> list[float]:
        found: list[float] = []
        for plan in (cliff(bonus, "month"), {"commission_rate": rate, "period": "month"}):
            tables = play({"mechanisms": only("allocation"), "incentive": plan}, seed, run)
            orders = booked(tables)
            tasks = tables["tasks"].query("kind == 'service'")
            found += [
                float(orders["value"].sum()),
                float((orders["discount"] > 0).mean()),
                float(tasks["hours"].mean()),
            ]
        return found

    values = over(runs, both)
    rows = [
        lift(
            Text("sales, commission ÷ bonus, less 1", "销售额，提成÷奖金，减1"),
            values[:, 0],
            values[:, 3],
            0.0,
            ABOVE_ZERO,
        )
    ]
    value, error = mean(values[:, 4] - values[:, 1])
    rows.append(
        printed(
            Text(
                "share of deals moved by a discount, commission less bonus",
                "靠折扣挪日期的单子占比，提成减奖金",
            ),
            value,
            0.0,
            BELOW_ZERO,
            error,
        )
    )
    rows.append(
        lift(
            Text(
                "hours per service request, commission ÷ bonus, less 1", "每个服务请求的用时，提成÷奖金，减1"
            ),
            values[:, 2],
            values[:, 5],
            0.0,
            BELOW_ZERO,
        )
    )
    return rows


CASE = Case(
    "bonus_to_commission",
    Text(
        "From bonus to commission",
        "从达标奖金到提成",
    ),
    "emerges",
    "Kishore, Rao, Narasimhan & John 2013, Journal of Marketing Research 50(3): signs",
    bonus_to_commission,
    status="read in the paper",
    setting=Text(
        "Indian pharmaceutical firm, 458 territories, 36 months",
        "印度一家药企，458个区域，36个月",
    ),
    a=Text(
        "monthly bonus at quota",
        "月度达标奖金",
    ),
    b=Text(
        "commission",
        "提成",
    ),
    reason=Text(
        "Only the sign is claimed: the whole 95% interval must have it.",
        "只主张方向：整个95%区间都须在同一侧。",
    ),
    limits=Text(
        "The gain by ability is not claimed: rational reps do not give it.",
        "不主张“能力越强收益越大”：理性的销售不会产生这一结果。",
    ),
)
