"""Easy things first: more done, less achieved? (KC, Staats, Kouchaki & Gino 2020)."""

from __future__ import annotations

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import ABOVE_ZERO, BELOW_ZERO, booked, lift, over, play
from kpisim.scenario import ALL_OFF
from kpisim.text import Text


def easy_first(leads: float = 8.0, admin: float = 4.0, runs: int = 12, *, seed: int = 1) -> list[Row]:
    """An overloaded team that picks short tasks first, against order of arrival and value per hour.

    Parameters
    ----------
    leads
        Leads per rep and week; the default of the scenario is 5.
    admin
        Administrative tasks per rep and day.
    runs
        Half-years played.
    seed
        Seed.
    """

    def one(run: int) -> list[float]:
        found: list[float] = []
        for policy in ("first_come", "easiest_first", "value_per_hour"):
            tables = play(
                {
                    "mechanisms": ALL_OFF,
                    "workload.policy": policy,
                    "market.leads_per_rep_week": leads,
                    "workload.admin_per_day": admin,
                    "calendar.weeks": 26,
                },
                seed,
                run,
            )
            found += [float(tables["tasks"]["finished"].notna().sum()), float(booked(tables)["value"].sum())]
        return found

    values = over(runs, one)
    return [
        lift(
            Text("tasks finished, easiest first ÷ first come, less 1", "完成任务数，先易后难÷先来先做，减1"),
            values[:, 0],
            values[:, 2],
            0.0,
            ABOVE_ZERO,
        ),
        lift(
            Text("sales, easiest first ÷ value per hour, less 1", "销售额，先易后难÷每小时价值优先，减1"),
            values[:, 5],
            values[:, 3],
            0.0,
            BELOW_ZERO,
        ),
        lift(
            Text("sales, easiest first ÷ first come, less 1", "销售额，先易后难÷先来先做，减1"),
            values[:, 1],
            values[:, 3],
            0.0,
            BELOW_ZERO,
        ),
    ]


CASE = Case(
    "easy_first",
    Text("Easy things first", "先易后难"),
    "emerges",
    "KC, Staats, Kouchaki & Gino 2020, Management Science 66:4397: directions",
    easy_first,
    status="read in the paper",
    setting=Text("Physicians of an emergency department, six years", "一家急诊科的医生，六年"),
    a=Text("order of arrival, or value per hour", "先来先做，或每小时价值优先"),
    b=Text("shortest tasks first", "先做最短的任务"),
    reason=Text(
        "Only signs are claimed: the whole 95% interval must have them.",
        "只主张方向：整个95%区间都须在同一侧。",
    ),
    explanation=Text(
        "More gets done, and less is sold than by value per hour. Against order of arrival short tasks first sell more here: a queue is shorter for everybody, and deals cool less. The paper's loss comes from learning less on hard cases, which this model does not have.",
        "完成得更多，卖得比“每小时价值优先”少，都能复现。但与先来先做相比，先做短的反而卖得多：大家排队都短了，商机凉得慢。论文里的损失来自少做难题、学得少，模型里没有这一点。",
    ),
    limits=Text(
        "One of the paper's authors has other papers that were retracted; treat it as secondary.",
        "该论文一位作者另有论文被撤稿；仅作次要参考。",
    ),
)
