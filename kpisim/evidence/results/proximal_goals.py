"""Near goals move people more than far ones (Bandura & Schunk 1981)."""

from __future__ import annotations

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import ABOVE_ZERO, booked, lift, only, over, play
from kpisim.text import Text


def proximal_goals(reviews: str = "week", runs: int = 16, *, seed: int = 1) -> list[Row]:
    """The same quarterly quota, looked at as a whole or broken down to the running month.

    Parameters
    ----------
    reviews
        How often a rep sees where they stand.
    runs
        Years played.
    seed
        Seed.

    Notes
    -----
    Salary only, so that nothing but the goal moves anybody; only the goal mechanism is on.  A gap to the end of the month
    looks larger than the same gap spread over the rest of the quarter: that is all the mechanism has.
    """

    def both(run: int) -> list[float]:
        found = []
        for near in (False, True):
            tables = play(
                {
                    "mechanisms": only("goals"),
                    "incentive": {"commission_rate": 0.0},
                    "reviews": {"every": reviews, "hours": 0.1, "proximal_goals": near},
                },
                seed,
                run,
            )
            found.append(float(booked(tables)["value"].sum()))
        return found

    values = over(runs, both)
    return [
        lift(
            Text("sales, goals by month ÷ by quarter, less 1", "销售额，目标分解到月÷只看季度，减1"),
            values[:, 0],
            values[:, 1],
            0.0,
            ABOVE_ZERO,
        )
    ]


CASE = Case(
    "proximal_goals",
    Text("Near goals move people more than far ones", "近目标比远目标更能推动人"),
    "emerges",
    "Bandura & Schunk 1981, Journal of Personality and Social Psychology 41:586: order",
    proximal_goals,
    status="read in the paper",
    setting=Text("40 children learning arithmetic", "40名学算术的儿童"),
    a=Text("a quarterly goal, weekly reviews, salary only", "季度目标，每周检视，只发底薪"),
    b=Text("the same goal broken down to the running month", "同样的目标分解到当月"),
    reason=Text(
        "Only the order is claimed: the whole 95% interval must have it.",
        "只主张先后顺序：整个95%区间都须在同一侧。",
    ),
    limits=Text(
        "Children and sums, not reps. Goals that are too many or too easy are left out.",
        "研究对象是儿童和算术，不是销售。目标过多、过易的坏处没有模拟。",
    ),
)
