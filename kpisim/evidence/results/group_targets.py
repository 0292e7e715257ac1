"""Individual targets end help at shared steps (Kleingeld, van Mierlo & Arends 2011)."""

from __future__ import annotations

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import (
    ABOVE_ZERO,
    BELOW_ZERO,
    booked,
    lift,
    only,
    over,
    play,
)
from kpisim.text import Text


def group_targets(
    proposal_hours: float = 8.0, speed_sd: float = 0.5, runs: int = 16, *, seed: int = 1
) -> list[Row]:
    """Where work is shared, individual targets hurt the group and group targets help it (Kleingeld et al. 2011).

    Parameters
    ----------
    proposal_hours
        Hours of the step that colleagues can share.
    speed_sd
        Spread of speed: without it nobody has time while another is swamped.
    runs
        Years played.
    seed
        Seed.

    Notes
    -----
    A: commission on own sales; B: the same money in a pool split equally.  Effort is switched off, so only helping
    differs; only the cooperation mechanism is on.
    """

    def both(run: int) -> list[float]:
        found = []
        for plan in ({"commission_rate": 0.03}, {"commission_rate": 0.0, "team_pool_rate": 0.03}):
            tables = play(
                {
                    "mechanisms": only("cooperation"),
                    "incentive": plan,
                    "team.max_effort": 0.0,
                    "team.speed_sd": speed_sd,
                    "market.stages.proposal.rep_hours": proposal_hours,
                },
                seed,
                run,
            )
            requests = tables["stage_changes"]
            steps = requests.sort_values("entered").groupby("opportunity_id")["entered"]
            found += [
                float(booked(tables)["value"].sum()),
                float((steps.max() - steps.min()).dt.total_seconds().mean()),
            ]
        return found

    values = over(runs, both)
    return [
        lift(
            Text("team sales, group ÷ individual targets, less 1", "团队销售额，团队目标÷个人目标，减1"),
            values[:, 0],
            values[:, 2],
            0.0,
            ABOVE_ZERO,
        ),
        lift(
            Text(
                "time through the funnel, group ÷ individual targets, less 1",
                "走完漏斗的时间，团队目标÷个人目标，减1",
            ),
            values[:, 1],
            values[:, 3],
            0.0,
            BELOW_ZERO,
        ),
    ]


CASE = Case(
    "group_targets",
    Text(
        "Individual targets end help at shared steps",
        "只背个人指标，共同环节就没人帮忙",
    ),
    "emerges",
    "Kleingeld, van Mierlo & Arends 2011, Journal of Applied Psychology 96:1289: signs",
    group_targets,
    status="read in the paper",
    setting=Text(
        "Meta-analysis of goals in groups that depend on each other",
        "关于相互依赖的团队如何设目标的荟萃分析",
    ),
    a=Text(
        "commission on own sales",
        "个人提成",
    ),
    b=Text(
        "the same money in a pool split equally",
        "同样的钱放进团队奖金池，人人均分",
    ),
    reason=Text(
        "Only the sign is claimed: the whole 95% interval must have it.",
        "只主张方向：整个95%区间都须在同一侧。",
    ),
    limits=Text(
        "Effort is switched off, so that only help differs; with effort on, a pool also weakens the incentive (team_pay).",
        "这里关掉了努力，只比较互助；若打开努力，奖金池还会削弱激励（见 team_pay）。",
    ),
)
