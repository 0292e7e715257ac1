"""Interruptions, and how the team feels the load."""

from __future__ import annotations

from typing import Literal

from kpisim.scenario.fields import Section, par


class Pressure(Section):
    """Interruptions cost handling plus resumption."""

    interruptions_per_hour: float = par(
        0.5, unit="1/h", ge=0, le=60, en="Interruptions per working hour", zh="每工时被打断次数"
    )
    handling_minutes: float = par(
        3.0, unit="min", ge=0, le=240, en="Minutes to deal with an interruption", zh="处理一次打断的分钟数"
    )
    resumption_minutes: float = par(
        3.0, unit="min", ge=0, le=240, en="Minutes to find back into the task", zh="重新进入状态的分钟数"
    )
    after_interruption: Literal["resume", "restart"] = par(
        "resume", unit="mode", en="resume: go on where it stopped; restart: the task starts again", zh="resume 接着做；restart 从头再来",
        source="resume S(1 + l(D+L)); restart (exp(lS)-1)(1/l + D), standard queueing results",
        rule="exact",
    )
    pulse_every_weeks: int = par(
        4, unit="week", ge=1, le=52, en="Weeks between anonymous pulse surveys of the reps", zh="匿名压力脉搏调查的间隔（周）"
    )
    pulse_load_slope: float = par(
        2.0,
        unit="points",
        ge=0,
        le=10,
        en="Fall of the mean pulse answer (1 to 5) per 100 % of load above 80 %",
        zh="负荷每高出80%一倍，脉搏均分（1–5分）下降多少",
    )
