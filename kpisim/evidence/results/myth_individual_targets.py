"""The claim that individual targets always help."""

from __future__ import annotations

from kpisim.evidence.case import Case, Row, myth
from kpisim.evidence.results.group_targets import group_targets
from kpisim.text import Text


def myth_individual_targets(runs: int = 16, *, seed: int = 1) -> list[Row]:
    """Where a step is shared: what individual targets do to sales and to time through the funnel.

    Parameters
    ----------
    runs
        Years played.
    seed
        Seed.
    """
    sales, time = group_targets(runs=runs, seed=seed)
    return [
        myth(row.metric, row.simulated, 0.0, band, (row.high - row.low) / 3.92)
        for row, band in ((sales, (float("-inf"), 0.0)), (time, (0.0, float("inf"))))
    ]


CASE = Case(
    "myth_individual_targets",
    Text(
        "‘Individual targets always help’",
        "“个人指标总是有用”",
    ),
    "myth",
    "Kleingeld, van Mierlo & Arends 2011, Journal of Applied Psychology 96:1289: in groups that depend on each other they hurt",
    myth_individual_targets,
    status="read in the paper",
    setting=Text(
        "Meta-analysis of goals in groups",
        "团队目标的荟萃分析",
    ),
    a=Text(
        "commission on own sales",
        "个人提成",
    ),
    b=Text(
        "the same money in a pool",
        "同样的钱放进奖金池",
    ),
    reason=Text(
        "The claim is borne out where the group target does no better.",
        "团队目标没有更好，才算说法成立。",
    ),
    limits=Text(
        "Effort is off; where nothing is shared, individual targets keep their pull (team_pay).",
        "这里关掉了努力；若没有共同环节，个人指标仍更有推动力（见 team_pay）。",
    ),
)
