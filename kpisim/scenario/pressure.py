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
        zh="匿名压力小调查每隔几周做一次",
    )
    pulse_load_slope: float = par(
        2.0,
        unit="points",
        ge=0,
        le=10,
        en="Fall of the mean pulse answer (1 to 5) per 100 % of load above 80 %",
        zh="负荷超过80%后，每再多100个百分点，压力调查均分（1–5分）下降几分",
    )
