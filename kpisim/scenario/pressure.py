"""Interruptions, and how the team feels the load."""

from __future__ import annotations

from typing import Literal

from kpisim.scenario.fields import Section, par


class Pressure(Section):
    """Interruptions cost handling plus resumption."""

    interruptions_per_hour: float = par(
        0.5, unit="1/h", ge=0, le=60, en="Interruptions per working hour", zh="每个工时被打断的次数"
    )
    handling_minutes: float = par(
        3.0, unit="min", ge=0, le=240, en="Minutes to deal with an interruption", zh="处理一次打断的分钟数"
    )
    resumption_minutes: float = par(
        3.0,
        unit="min",
        ge=0,
        le=240,
        en="Minutes to find back into the task",
        zh="被打断后重新进入状态的分钟数",
    )
    after_interruption: Literal["resume", "restart"] = par(
        "resume",
        unit="mode",
        en="resume: go on where it stopped; restart: the task starts again",
        zh="resume 从中断处接着做；restart 从头再来",
        source="resume S(1 + l(D+L)); restart (exp(lS)-1)(1/l + D), standard queueing results",
        rule="exact",
    )
    pulse_every_weeks: int = par(
        4,
        unit="week",
        ge=1,
        le=52,
        en="Weeks between anonymous pulse surveys of the reps",
        zh="匿名压力脉搏每隔几周做一次",
    )
    pulse_load_slope: float = par(
        2.0,
        unit="points",
        ge=0,
        le=10,
        en="Fall of the mean pulse answer (1 to 5) per 100% of load above 80%",
        zh="负荷超过80%后，每再多100个百分点，压力脉搏均分（1–5分）下降几分",
    )
    usual_load: float = par(
        0.75,
        unit="share",
        gt=0,
        le=3,
        en="Load that the team is used to: the norm for a contact fits it",
        zh="团队习惯的负荷：按此负荷形成“每次接触该花多少时间”的标准",
    )
    contact_effect: float = par(
        -0.64,
        unit="elasticity",
        ge=-2,
        le=0,
        en="Effect of work pressure on the time a contact gets",
        zh="工作压力对每次接触用时的影响",
        source="Oliva & Sterman 2001: -0.64 [-0.70, -0.59]",
        rule="published",
    )
    weeks_to_lower: float = par(
        18.83,
        unit="week",
        gt=0,
        le=1e9,
        en="Time to lower the norm of service",
        zh="服务标准下滑所需时间",
        source="Oliva & Sterman 2001: [13, 29]; re-analysis from 5.8 to infinity",
        rule="published",
    )
    weeks_to_raise: float = par(
        8.14e6,
        unit="week",
        gt=0,
        le=1e9,
        en="Time to raise the norm of service (practically never)",
        zh="服务标准回升所需时间（几乎回不来）",
        source="Oliva & Sterman 2001; re-analysis from 19 to infinity",
        rule="published",
    )
    contact_worth: float = par(
        0.3,
        unit="elasticity",
        ge=0,
        le=3,
        en="How much the chance to win follows the time a contact gets",
        zh="赢单机会随每次接触用时变化的弹性",
    )
    overtime: float = par(
        0.36,
        unit="elasticity",
        ge=0,
        le=1,
        en="How far hours follow a load above 100%",
        zh="负荷超过100%时，工时随之增加的弹性",
        source="the part of pressure that Oliva & Sterman find not met by cutting corners; overtime is our reading",
    )
    late_hours: float = par(
        0.0,
        unit="h/day",
        ge=0,
        le=6,
        en="Hours a day that everybody stays longer by the rota, whatever the load",
        zh="排班要求全员每天延时的小时数（不论忙闲）",
    )
    drain: float = par(
        0.15,
        unit="1/day",
        ge=0,
        le=1,
        en="Rate at which demands take energy",
        zh="工作要求消耗精力的速度",
        source="Evers et al. print 0.40 and try 0.175, 0.15, 0.10; with 0.40 everybody burns out within weeks",
    )
    tired_output: float = par(
        0.3,
        unit="elasticity",
        ge=0,
        le=3,
        en="How much the chance to win follows energy and engagement",
        zh="赢单机会随精力和投入程度变化的弹性",
    )
    tired_errors: float = par(
        0.3,
        unit="share per unit of energy",
        ge=0,
        le=1,
        en="Share of complete hand-overs that go wrong per unit of energy lost",
        zh="精力每下降一个单位，原本完整的交接出错的比例",
    )
    sick_days: float = par(
        4.0,
        unit="day/year",
        ge=0,
        le=60,
        en="Sick days a year at usual energy",
        zh="精力正常时每年的病假天数",
    )
    tired_sickness: float = par(
        3.0,
        unit="ln per unit of energy",
        ge=0,
        le=20,
        en="How strongly lost energy raises sickness",
        zh="精力下降对生病概率（对数）的影响",
    )
    belief: float = par(
        0.5,
        unit="index",
        ge=0,
        le=3,
        en="Mean of the belief index: how much beliefs add to an event (0 = none)",
        zh="不合理信念指数的均值：信念把事件的压力放大多少（0 = 不放大）",
    )
    belief_sd: float = par(
        0.25,
        unit="index",
        ge=0,
        le=2,
        en="Spread of the belief index between reps",
        zh="不合理信念指数的个体差异",
    )
