"""Cut the commission, lose the best (Sandvik et al. 2021)."""

from __future__ import annotations

import numpy as np

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import (
    ABOVE_ZERO,
    START,
    booked,
    lift,
    mean,
    over,
    printed,
)
from kpisim.model import Model
from kpisim.scenario import Scenario
from kpisim.text import Text


def commission_cut(cut: float = 0.18, reps: int = 60, runs: int = 14, *, seed: int = 1) -> list[Row]:
    """A cut of commission: who stays sells as before, the best leave (Sandvik et al. 2021).

    Parameters
    ----------
    cut
        Share of the commission rate taken away on the first day.
    reps, runs
        Size of the team and years played.
    seed
        Seed.
    """
    plan = {"commission_rate": 0.05, "base_salary": 6000.0}

    def both(run: int) -> list[float]:
        found: list[float] = []
        changes = {"changes": [{"at": START, "set": {"incentive.commission_rate": 0.05 * (1 - cut)}}]}
        for change in ({}, changes):
            model = Model(
                Scenario().derive({"calendar.weeks": 52, "team.size": reps, "incentive": plan} | change),
                seed,
                run,
            )
            skill = np.array([rep.win for rep in model.world.reps])
            tables = model.play()
            left = tables["reps"]["left"].iloc[:reps].notna().to_numpy()
            order = np.argsort(skill)
            third = reps // 3
            stayed = tables["reps"]["rep_id"].iloc[:reps][~left]
            orders = booked(tables)
            own = orders[orders["rep_id"].isin(stayed)]["value"].sum() / max(len(stayed), 1)
            found += [float(left[order[-third:]].mean()), float(left[order[:third]].mean()), float(own)]
        return found

    values = over(runs, both)
    rows = []
    for name, column, band in (
        (Text("best third", "最好的三分之一"), 0, ABOVE_ZERO),
        (Text("weakest third", "最弱的三分之一"), 1, (-0.02, 0.02)),
    ):
        value, error = mean(values[:, column + 3] - values[:, column])
        rows.append(
            printed(
                Text(
                    "rise in the share that leaves within a year, {name}",
                    "一年内离职比例的上升，{name}",
                    name=name,
                ),
                value,
                0.0,
                band,
                error,
            )
        )
    rows.append(
        lift(
            Text("sales per stayer, cut ÷ no cut, less 1", "留任者人均销售额，下调÷不下调，减1"),
            values[:, 2],
            values[:, 5],
            0.0,
            (-0.02, 0.02),
        )
    )
    return rows


CASE = Case(
    "commission_cut",
    Text(
        "Cut the commission, lose the best",
        "砍提成，走的是高手",
    ),
    "emerges",
    "Sandvik, Saouma, Seegert & Stanton 2021, Management Science: commission -18%; signs",
    commission_cut,
    status="read in the paper",
    setting=Text(
        "Inbound sales call centre, one division cut",
        "呼入式电话销售中心，其中一个部门下调提成",
    ),
    a=Text(
        "commission 5%",
        "提成5%",
    ),
    b=Text(
        "cut by 18% on the first day",
        "第一天起下调18%",
    ),
    reason=Text(
        "Best third: a sign. Weakest third and stayers: within 2 points of nothing.",
        "最好的三分之一：只看方向；最弱的三分之一和留任者：与零相差2个百分点以内。",
    ),
    explanation=Text(
        "The best leave more often, but so do the weakest, by about as much (with seeds 1 to 3 .021 to .050 against .025 to .039): here the cut moves everybody's pay against the same outside, so that it is the best whom a cut loses is not shown. Stayers sell less here, since the effort law answers to the rate; in the firm they did not.",
        "高手走得更多，但弱者也差不多（种子1到3：高手多走2.1到5.0个百分点，弱者2.5到3.9个）：下调让所有人的收入相对外部都降了，所以“降提成走的是高手”没有得到验证。留下的人在模型里卖得少了，因为努力随提成率变化；那家公司里没有。",
    ),
    limits=Text(
        "The size of the rise in departures was not read.",
        "论文中离职率上升的幅度未读到。",
    ),
)
