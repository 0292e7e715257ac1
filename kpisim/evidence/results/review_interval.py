"""Who looks more often closes more of the gap (Harkin et al. 2016)."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import (
    ABOVE_ZERO,
    only,
    play,
    printed,
)
from kpisim.text import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray


def review_interval(goal_drive: float = 0.25, reps: int = 20, runs: int = 8, *, seed: int = 1) -> list[Row]:
    """Weekly reviews against quarterly ones: who sees the gap sooner closes more of it (Harkin et al. 2016).

    Parameters
    ----------
    goal_drive
        Effort that a seen gap adds (the default of the scenario, an assumption).
    reps, runs
        Reps a team and years played; the effect size is taken between rep-years.
    seed
        Seed.

    Notes
    -----
    Salary only, so that nothing but the goal moves anybody; only the goal mechanism is on.
    """

    def results(every: str, run: int) -> NDArray[np.float64]:
        tables = play(
            {
                "mechanisms": only("goals"),
                "team.size": reps,
                "incentive": {"commission_rate": 0.0},
                "reviews": {"every": every, "hours": 0.1, "goal_drive": goal_drive},
            },
            seed,
            run,
        )
        pay = tables["pay"]
        year = pay[pay["period_start"] >= pd.Timestamp(tables.meta.start)].groupby("rep_id")
        return np.asarray(year["sales"].sum() / year["quota"].sum(), dtype=float)

    week = np.concatenate([results("week", run) for run in range(runs)])
    quarter = np.concatenate([results("quarter", run) for run in range(runs)])
    spread = sqrt((week.var(ddof=1) + quarter.var(ddof=1)) / 2)
    effect = float((week.mean() - quarter.mean()) / spread)
    # Both years of a rep share their luck, so the difference is far better known than the spread suggests.
    paired = float((week - quarter).std(ddof=1) / sqrt(len(week)) / spread)
    return [
        printed(
            Text("d of weekly against quarterly reviews: sign", "每周对每季检视的d值：方向"),
            effect,
            0.40,
            ABOVE_ZERO,
            paired,
        ),
        printed(
            Text("d of weekly against quarterly reviews", "每周对每季检视的d值"),
            effect,
            0.40,
            (0.32, 0.48),
            paired,
        ),
    ]


CASE = Case(
    "review_interval",
    Text(
        "Who looks more often closes more of the gap",
        "看得勤，差距补得多",
    ),
    "emerges",
    "Harkin et al. 2016, Psychological Bulletin 142: monitoring, d = 0.40 [0.32, 0.48]",
    review_interval,
    status="read in the paper",
    setting=Text(
        "138 randomised trials with 19,951 people, mostly on health goals",
        "138项随机试验、19,951人，多为健康目标",
    ),
    a=Text(
        "quarterly reviews, salary only",
        "每季检视，只发底薪",
    ),
    b=Text(
        "weekly reviews, salary only",
        "每周检视，只发底薪",
    ),
    reason=Text(
        "The interval of the meta-analysis; the sign needs its whole 95% interval.",
        "取荟萃分析给出的区间；方向须整个95%区间成立。",
    ),
    explanation=Text(
        "The sign emerges, the size hangs on how hard a seen gap drives a rep, which is our assumption: it is not turned up to hit the band.",
        "方向能复现；大小取决于“看到差距后有多拼”，这是我们的假设，没有为了凑数而调高。",
    ),
    limits=Text(
        "Giving up on goals out of reach and public display are left out.",
        "没有模拟对遥不可及的目标放弃，也没有模拟公开张贴。",
    ),
)
