"""What else there is to do, and what is done first."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal, Self

from pydantic import model_validator

from kpisim.scenario.fields import Section, broken, par

Policy = Literal[
    "first_come",
    "urgent_first",
    "important_first",
    "value_per_hour",
    "easiest_first",
    "deadline_first",
]
TaskKind = Literal["selling", "service", "admin", "complaint", "training", "review"]


class TimeBox(Section):
    """A daily window kept for one kind of work; other work waits unless nothing of the kind is there."""

    kind: TaskKind = par(
        "selling", unit="kind", en="Kind of work the box is kept for", zh="时间盒留给哪类工作"
    )
    start_hour: float = par(
        0.0, unit="h", ge=0, lt=24, en="Start, hours after the day begins", zh="开始（上班后第几小时）"
    )
    hours: float = par(2.0, unit="h", gt=0, le=24, en="Length of the box", zh="时间盒时长（小时）")


class Workload(Section):
    """Work besides selling, and the rule by which a rep picks the next task."""

    policy: Policy = par(
        "first_come", unit="policy", en="Which task is done next", zh="下一件先做什么（任务优先级规则）"
    )
    admin_per_day: float = par(
        3.0,
        unit="tasks/rep/day",
        ge=0,
        le=100,
        en="Administrative tasks per rep and day",
        zh="每人每日行政任务数",
    )
    admin_hours: float = par(
        0.5, unit="h", gt=0, le=40, en="Mean hours of an administrative task", zh="行政任务平均工时"
    )
    service_per_account_month: float = par(
        0.6,
        unit="tasks/account/month",
        ge=0,
        le=100,
        en="Service requests per customer and month",
        zh="每个客户每月的服务请求数",
    )
    service_hours: float = par(
        0.5, unit="h", gt=0, le=40, en="Mean hours of a service request", zh="服务请求平均工时"
    )
    complaint_hours: float = par(
        1.5, unit="h", gt=0, le=40, en="Mean hours to handle a complaint", zh="处理客诉平均工时"
    )
    complaint_waits: float = par(
        0.0,
        unit="h",
        ge=0,
        le=400,
        en="Working hours that a complaint lies there before anybody takes it up",
        zh="客诉放着没人接的工时",
    )
    crm_daily: bool = par(
        default=False,
        unit="yes/no",
        en="Reps keep the CRM daily (a quarter of an hour a day)",
        zh="是否每日更新CRM（每天一刻钟）",
    )
    time_boxes: tuple[TimeBox, ...] = par(
        (), unit="boxes", max_length=10, en="Daily time boxes", zh="每日时间盒"
    )
    outside_hours: float = par(
        0.0,
        unit="h/day",
        ge=0,
        lt=24,
        en="Hours a day lost to travel and meetings outside the backlog",
        zh="每天路上和开会占用的小时数",
    )
    urgent_within_hours: float = par(
        8.0,
        unit="h",
        gt=0,
        le=400,
        en="A task due within this many working hours is urgent",
        zh="任务在多少工时内到期算紧急",
    )
    rivalry: float = par(
        0.5,
        unit="share",
        ge=0,
        lt=1,
        en="How much kinds of work compete for the same attention (γ of the multitask model)",
        zh="不同工作争夺同一份精力的程度（多任务模型的γ）",
        source="Holmström & Milgrom 1991",
    )
    least_care: float = par(
        0.4,
        unit="share",
        gt=0,
        le=1,
        en="Least that neglected work is given of the care it needs",
        zh="再怎么怠慢，至少也拿得出应有用心程度的几成",
    )
    care_worth: float = par(
        1.0,
        unit="points",
        ge=0,
        le=5,
        en="Satisfaction points (of 5) that a customer loses where service gets no care at all",
        zh="服务完全不上心时，客户满意度（5分制）下降几分",
    )

    @model_validator(mode="after")
    def _boxes_apart(self) -> Self:
        boxes = sorted(self.time_boxes, key=lambda box: box.start_hour)
        # A billionth of an hour is what adding 0.1 h pieces may leave over.
        if any(a.start_hour + a.hours > b.start_hour + 1e-9 for a, b in pairwise(boxes)):
            raise broken("time_boxes", "time boxes overlap; let each begin after the one before it ends")
        return self
