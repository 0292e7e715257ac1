"""A bonus for the team (Friebel et al. 2017)."""

from __future__ import annotations

import pandas as pd

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import (
    booked,
    lift,
    mean,
    over,
    play,
    printed,
)
from kpisim.text import Text


def team_bonus(rate: float = 0.008, runs: int = 12, *, seed: int = 1) -> list[Row]:
    """A bonus on the team's sales, split equally, on top of salary (Friebel et al. 2017).

    Parameters
    ----------
    rate
        Share of team sales paid out.
    runs
        Years played.
    seed
        Seed.
    """

    def both(run: int) -> list[float]:
        found = []
        for pool in (0.0, rate):
            tables = play({"incentive": {"commission_rate": 0.0, "team_pool_rate": pool}}, seed, run)
            pay = tables["pay"]
            paid = pay.loc[pay["period_start"] >= pd.Timestamp(tables.meta.start), "pool"].sum()
            found += [float(booked(tables)["value"].sum()), float(paid)]
        return found

    values = over(runs, both)
    gain, error = mean(values[:, 2] - values[:, 0])
    paid = float(values[:, 3].mean())
    return [
        lift(
            Text("sales with a team bonus ÷ without, less 1", "有团队奖金÷无，销售额，减1"),
            values[:, 0],
            values[:, 2],
            0.03,
            (0.02, 0.04),
        ),
        printed(
            Text("sales gained per unit of bonus", "每一元奖金多卖多少"),
            gain / paid,
            3.80,
            (2.5, 5.0),
            error / paid,
        ),
    ]


CASE = Case(
    "team_bonus",
    Text(
        "A bonus for the team",
        "团队奖金",
    ),
    "emerges",
    "Friebel, Heinz, Krueger & Zubanov 2017, American Economic Review 107(8): +3% sales, 3.80 of sales per unit of bonus",
    team_bonus,
    status="read in the paper",
    setting=Text(
        "193 bakery shops with 1,300 staff, randomised",
        "193家面包店、1300名员工，随机试验",
    ),
    a=Text(
        "salary",
        "只有底薪",
    ),
    b=Text(
        "salary and a share of team sales, split equally",
        "底薪加团队销售额提成，人人均分",
    ),
    reason=Text(
        "A third of the effect either way.",
        "效果上下三分之一。",
    ),
    explanation=Text(
        "In shops the bonus works through help at peaks. Here it brings a 1/n incentive and help at one step only, and the default team is seldom so busy that help matters; see group_targets, where it is.",
        "门店里团队奖金靠高峰时互相搭把手起作用。这里只有1/n的激励，且只有一个环节能帮忙，默认团队也很少忙到非帮不可；忙的情形见 group_targets。",
    ),
    limits=Text(
        "Small shops with simple tasks, not territories with their own customers.",
        "小门店、简单工作，不是各管各客户的销售团队。",
    ),
)
