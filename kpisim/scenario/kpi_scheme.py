"""What counts: which KPIs, with which target and weight, and how targets hang together."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from kpisim.scenario.fields import Section, broken, par

Period = Literal["month", "quarter", "year"]
Level = Literal["company", "team", "person"]
KpiName = Literal[
    "revenue_booked",
    "revenue_invoiced",
    "revenue_collected",
    "new_customers",
    "conversion_created",
    "conversion_closed",
    "csat",
    "repeat_purchase_rate",
    "repurchase_rate",
    "collection_rate",
    "attainment",
    "pace",
    "workload",
    "pay_cost",
    "cost_of_sales",
    "culture",
]


class Target(Section):
    """One KPI with its target and weight at one level."""

    name: str = par(
        "revenue", unit="name", min_length=1, max_length=60, en="Name of the target", zh="目标名称"
    )
    kpi: KpiName = par("revenue_booked", unit="KPI", en="KPI that is measured", zh="考核的KPI")
    level: Level = par("person", unit="level", en="Who carries it", zh="由谁承担（公司、团队或个人）")
    period: Period = par("quarter", unit="period", en="Period it is measured over", zh="考核周期")
    target: float = par(
        1.0, unit="KPI unit", gt=0, le=1e12, en="Target value per period", zh="每个周期的目标值"
    )
    weight: float = par(1.0, unit="share", ge=0, le=1, en="Weight in the score", zh="权重")
    parent: str | None = par(
        None,
        unit="name",
        min_length=1,
        max_length=60,
        en="Name of the target that this one serves",
        zh="它所支撑的上级目标的名称",
    )


class KpiScheme(Section):
    """The KPI scheme.  The personal revenue quota is given apart, since pay is tied to it."""

    quota: float = par(
        2_600_000.0,
        unit="money/year",
        gt=0,
        le=1e12,
        en="Yearly booked-revenue quota per rep",
        zh="每人的年度签约额指标",
    )
    quota_by_season: bool = par(
        default=True,
        unit="yes/no",
        en="Split the quota over months by season and working days",
        zh="是否按淡旺季和工作日把指标分解到月",
    )
    targets: tuple[Target, ...] = par(
        (
            Target(name="revenue", kpi="revenue_booked", period="quarter", target=650_000, weight=0.6),
            Target(name="new customers", kpi="new_customers", period="quarter", target=6, weight=0.2),
            Target(name="satisfaction", kpi="csat", period="quarter", target=0.8, weight=0.2),
        ),
        unit="targets",
        max_length=30,
        en="KPI targets with their weights",
        zh="KPI目标与权重",
    )

    @model_validator(mode="after")
    def _targets_form_a_tree(self) -> Self:
        parents = {target.name: target.parent for target in self.targets}
        if len(parents) != len(self.targets):
            raise broken("targets", "two targets have one name; give each a name of its own")
        for name, parent in parents.items():
            if parent is not None and parent not in parents:
                raise PydanticCustomError(
                    "unknown_parent",
                    "{path}",
                    {"path": "targets", "name": name, "parent": parent, "known": tuple(parents)},
                )
        for name in parents:
            _refuse_circle(name, parents)
        return self


def _refuse_circle(name: str, parents: dict[str, str | None]) -> None:
    """Follow the parents up from `name`; coming back to one already met means they form a circle."""
    seen, above = [name], parents[name]
    while above is not None:
        if above in seen:
            cycle = " → ".join([*seen[seen.index(above) :], above])
            raise PydanticCustomError("cycle", "{path}", {"path": "targets", "cycle": cycle})
        seen.append(above)
        above = parents[above]
