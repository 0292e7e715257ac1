"""The departments sales depends on, and how much gets lost when work is handed over."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from kpisim.scenario.fields import Section, par
from kpisim.scenario.market import StageName

Moment = Literal["proposal", "qualified", "negotiation", "lead", "delivery", "complaint"]


class Department(Section):
    """A desk: a few people, their own work, and requests from sales."""

    name: str = par("product", unit="name", min_length=1, max_length=40, en="Name", zh="部门名称")
    serves: Moment = par("proposal", unit="moment", en="What sales needs it for", zh="在哪个环节需要它")
    people: int = par(3, unit="people", ge=1, le=1000, en="People at the desk", zh="岗位人数")
    hours: float = par(2.0, unit="h", gt=0, le=400, en="Mean hours per request", zh="每个请求平均工时")
    share: float = par(1.0, unit="share", ge=0, le=1, en="Share of cases that need it", zh="需要该部门的比例")
    own_load: float = par(
        0.5, unit="share", ge=0, lt=1, en="Share of its capacity taken by its own work", zh="部门自身工作占用的产能比例"
    )


_DESKS = (
    Department(name="marketing", serves="lead", people=2, hours=0.4, share=0.2, own_load=0.5),
    Department(name="product", serves="proposal", people=3, hours=3.0, share=0.6, own_load=0.5),
    Department(name="customer service", serves="delivery", people=4, hours=1.5, share=1.0, own_load=0.3),
)


class Communication(Section):
    """Hand-overs between sales and the departments."""

    departments: tuple[Department, ...] = par(
        _DESKS, unit="departments", max_length=12, en="Departments that sales works with", zh="协作部门"
    )
    facts: int = par(4, unit="facts", ge=0, le=50, en="Facts that a request must carry", zh="一次交接需传递的信息点数")
    keep_rate: float = par(
        0.969,
        unit="share",
        ge=0,
        le=1,
        en="Chance that one fact survives one hand-over (spoken .478, with notes .969, sheet .998)",
        zh="每条信息一次交接后保留的概率（口头 .478，加笔记 .969，表单 .998）",
        source="Bhabra et al. 2007: 2.5 / 85.5 / 99 % kept after five links; constant rate per link is our assumption",
        rule="published",
    )
    clarify_hours: float = par(
        0.3, unit="h", ge=0, le=40, en="Rep hours to mend a request that came back", zh="退回后补充信息所需工时"
    )

    @model_validator(mode="after")
    def _names_once(self) -> Communication:
        names = [desk.name for desk in self.departments]
        if len(set(names)) != len(names):
            kind = "rule"
            raise PydanticCustomError(
                kind, "{path}: {rule}", {"path": "departments", "rule": "each department needs a name of its own"}
            )
        return self


__all__ = ["Communication", "Department", "Moment", "StageName"]
