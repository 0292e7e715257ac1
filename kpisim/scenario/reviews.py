"""The manager: how often results are looked at, and what a review does."""

from __future__ import annotations

from typing import Literal

from kpisim.scenario.fields import Section, par


class Reviews(Section):
    """Review cadence.  A review takes rep time, cleans the pipeline and rates culture."""

    every: Literal["week", "month", "quarter"] = par(
        "month", unit="period", en="How often the manager reviews each rep", zh="主管多久检视一次每位销售代表"
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
