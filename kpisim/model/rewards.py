"""What a plan and a KPI scheme reward, as shares of pay: the common ground of neglect and of help.

Class: exact for pay at target; what a KPI point is worth beside money is an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from kpisim.model.pay import goal

if TYPE_CHECKING:
    from kpisim.scenario import Scenario
    from kpisim.scenario.incentive import Incentive

POINTS = 0.10
"""A full KPI score that no money hangs on moves people like this share of pay: the boss sees it."""
SERVICE = frozenset({"csat", "repeat_purchase_rate", "repurchase_rate"})
"""KPIs that service to customers moves; all others count as selling."""


@dataclass(frozen=True, slots=True)
class Rewards:
    """Rewards at target, each a share of total pay.

    Attributes
    ----------
    sales, service
        What selling and serving bring to the rep alone.
    team
        What the team's result brings, as a share of pay whoever brought it about.
    culture
        Part that hangs on the culture score.
    """

    sales: float
    service: float
    team: float
    culture: float


def rewards(rules: Scenario, plan: Incentive, months: float, size: int) -> Rewards:
    """Return what `plan` and the KPI scheme reward.

    Parameters
    ----------
    rules
        Holds the KPI scheme.
    plan
        The plan in force.
    months
        Length of a pay period.
    size
        Reps who share the team pool.
    """
    return _rewards(rules.kpi, plan, months, size)


@lru_cache(maxsize=64)
def _rewards(kpi: object, plan: Incentive, months: float, size: int) -> Rewards:
    quota = kpi.quota * months / 12.0  # type: ignore[attr-defined]
    personal = {True: 0.0, False: 0.0}
    shared = 0.0
    for target in kpi.targets:  # type: ignore[attr-defined]
        if target.level == "person" or target.kpi in SERVICE:
            personal[target.kpi in SERVICE] += target.weight
        else:
            shared += target.weight
    points = personal[True] + personal[False] + shared or 1.0
    by_score = plan.kpi_bonus * personal[True] / points
    pool = plan.team_pool_rate * quota  # the whole team at quota, an equal share each
    own = float(goal(plan, quota, quota, size)) - pool / size - by_score
    total = plan.base_salary * months + own + by_score + pool or 1.0
    return Rewards(
        sales=(own + pool / size) / total + POINTS * personal[False] / points,
        service=by_score / total + POINTS * personal[True] / points,
        team=pool / total + POINTS * shared / points,
        culture=plan.culture_share * (own + by_score) / total,
    )
