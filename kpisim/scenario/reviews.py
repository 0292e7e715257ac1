"""The manager: how often results are looked at, and what a review does."""

from __future__ import annotations

from typing import Literal

from kpisim.scenario.fields import Section, par


class Reviews(Section):
    """Review cadence.  A review takes rep time, cleans the pipeline and rates culture."""

    every: Literal["week", "month", "quarter"] = par(
        "month",
        unit="period",
        en="How often the manager reviews each rep",
        zh="主管多久对每名销售代表检视一次",
    )
    hours: float = par(1.0, unit="h", gt=0, le=40, en="Rep hours per review", zh="每次检视占用销售代表的工时")
    stale_days: float = par(
        15.0,
        unit="working day",
        gt=0,
        le=400,
        en="A review writes off deals that have been silent for this many working days",
        zh="检视时，沉默超过多少个工作日的商机记为丢单",
    )
    allocation: Literal["turn", "shortest_backlog"] = par(
        "turn",
        unit="rule",
        en="How new leads are given out (turn: one after the other; shortest_backlog: to the rep with the least waiting)",
        zh="线索分配规则：turn 轮流；shortest_backlog 给积压最少的人",
    )
    goal_drive: float = par(
        0.25,
        unit="share per share",
        ge=0,
        le=5,
        en="Extra effort of a rep who sees that it takes twice the pace to reach the goal (below that in proportion)",
        zh="看到必须加快一倍才能达标时，销售代表额外付出的努力（不足一倍按比例）",
    )
    goal_clarity: float = par(
        1.0,
        unit="share",
        ge=0,
        le=1,
        en="How specific goals are (1 = a number and a date, 0 = do your best)",
        zh="目标有多具体（1 = 有数字有期限，0 = “尽力而为”）",
    )
    proximal_goals: bool = par(
        default=False,
        unit="yes/no",
        en="Goals are broken down to the end of the running month",
        zh="是否把目标分解到当月",
    )
    coaching_hours: float = par(
        0.0,
        unit="h/month",
        ge=0,
        le=40,
        en="Coaching hours per rep and month",
        zh="每人每月辅导小时数",
    )
    coaching_effect: float = par(
        0.06,
        unit="share/h",
        ge=0,
        le=0.5,
        en="Share of the belief index that an hour of coaching takes away",
        zh="每小时辅导能让不合理信念指数降低多少（比例）",
        source="set against Richardson & Rothstein 2008: d = 0.36 to 0.69 after some 8 hours",
    )
    pair_talk_hours: float = par(
        0.0,
        unit="h/week",
        ge=0,
        le=20,
        en="Structured talks in pairs, hours per rep and week",
        zh="结构化结对交流：每人每周小时数",
    )
    pair_talk_transfer: float = par(
        0.15,
        unit="share/h",
        ge=0,
        le=1,
        en="Share of the gap in skill to the better partner that an hour of structured talk closes",
        zh="一小时结构化交流能补上与搭档能力差距的多少",
    )
