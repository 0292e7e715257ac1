"""The departments sales depends on, and how much gets lost when work is handed over."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import model_validator

from kpisim.scenario.fields import Section, broken, par

Moment = Literal["proposal", "qualified", "negotiation", "lead", "delivery", "complaint"]


class Department(Section):
    """A desk: a few people, their own work, and requests from sales."""

    name: str = par(
        "product", unit="name", min_length=1, max_length=40, en="Name of the department", zh="部门名称"
    )
    serves: Moment = par(
        "proposal", unit="moment", en="What sales needs it for", zh="销售在哪个环节需要它配合"
    )
    people: int = par(3, unit="people", ge=1, le=1000, en="People at the desk", zh="对接岗位人数")
    hours: float = par(2.0, unit="h", gt=0, le=400, en="Mean hours per request", zh="处理一个请求的平均工时")
    share: float = par(
        1.0, unit="share", ge=0, le=1, en="Share of cases that need it", zh="需要该部门配合的业务占比"
    )
    own_load: float = par(
        0.5,
        unit="share",
        ge=0,
        lt=1,
        en="Share of its capacity taken by its own work",
        zh="部门本职工作占用的产能比例",
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
    facts: int = par(
        4,
        unit="facts",
        ge=0,
        le=50,
        en="Facts that a request must carry",
        zh="一次请求必须交代清楚的信息点数",
    )
    keep_rate: float = par(
        0.969,
        unit="share",
        ge=0,
        le=1,
        en="Chance that one fact survives one hand-over (spoken 0.478, with notes 0.969, sheet 0.998)",
        zh="每条信息经过一次交接还能留下来的概率（口头 0.478，边说边记 0.969，用表单 0.998）",
        source="Bhabra et al. 2007: 2.5 / 85.5 / 99% kept after five links; constant rate per link is our assumption",
        rule="published",
    )
    clarify_hours: float = par(
        0.3,
        unit="h",
        ge=0,
        le=40,
        en="Rep hours to mend a request that came back",
        zh="请求被退回后，销售代表补充信息所需工时",
    )
    links: int = par(
        1,
        unit="links",
        ge=1,
        le=10,
        en="Hand-overs that a request passes until it reaches the desk",
        zh="一个请求要经过几次交接才到对接岗位",
    )
    read_back: bool = par(
        default=False,
        unit="yes/no",
        en="The receiver reads the request back, which catches 23% of the errors",
        zh="接收方是否复述确认（能拦下23%的差错）",
        source="Starmer et al. 2014 (I-PASS), figures from memory: 24.5 to 18.8 errors per 100 admissions, before and after, not randomised; no extra time",
        rule="published",
    )

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        names = [desk.name for desk in self.departments]
        if len(set(names)) != len(names):
            raise broken("departments", "two departments have one name; give each a name of its own")
        return self
