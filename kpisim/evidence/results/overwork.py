"""Faster at first, worse after a while (KC & Terwiesch 2009)."""

from __future__ import annotations

import pandas as pd

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import ABOVE_ZERO, BELOW_ZERO, START, lift, only, over, play
from kpisim.text import Text


def overwork(leads: float = 6.5, runs: int = 20, *, seed: int = 1) -> list[Row]:
    """A team that gets more leads from the first day on, for a year.

    Parameters
    ----------
    leads
        Leads per rep and week; the default of the scenario is 5.
    runs
        Years played.
    seed
        Seed.

    Notes
    -----
    Corner-cutting, hours, strain and hand-overs are on.
    """

    def both(run: int) -> list[float]:
        found: list[float] = []
        for rate in (5.0, leads):
            tables = play(
                {
                    "mechanisms": only("corner_cutting", "strain", "hours", "handover"),
                    "changes": [{"at": START, "set": {"market.leads_per_rep_week": rate}}],
                },
                seed,
                run,
            )
            start = pd.Timestamp(tables.meta.start)
            tasks = tables["tasks"].query("kind == 'selling'")
            requests = tables["requests"]
            week = (tasks["started"] - start).dt.days // 7
            sent = (requests["submitted"] - start).dt.days // 7
            found += [
                float(tasks.loc[week.between(2, 9), "hours"].mean()),
                float(tasks.loc[week.between(30, 51), "hours"].mean()),
                float((requests.loc[sent.between(30, 51), "rounds"] > 1).mean()),
            ]
        return found

    values = over(runs, both)
    rows = []
    for name, column, band in (
        (
            Text(
                "hours per contact in weeks 3 to 10, overload ÷ normal, less 1",
                "第3至10周每次接触用时，超负荷÷正常，减1",
            ),
            0,
            BELOW_ZERO,
        ),
        (
            Text(
                "hand-overs that come back after week 30, overload ÷ normal, less 1",
                "第30周后被退回的交接，超负荷÷正常，减1",
            ),
            2,
            ABOVE_ZERO,
        ),
        (
            Text(
                "hours per contact after week 30, overload ÷ normal, less 1",
                "第30周后每次接触用时，超负荷÷正常，减1",
            ),
            1,
            ABOVE_ZERO,
        ),
    ):
        rows.append(lift(name, values[:, column], values[:, column + 3], 0.0, band))
    return rows


CASE = Case(
    "overwork",
    Text("Faster at first, worse after a while", "起初更快，久了更糟"),
    "emerges",
    "KC & Terwiesch 2009, Management Science 55:1486: signs of load and of overwork",
    overwork,
    status="read in the paper",
    setting=Text("Heart surgery and patient transport in a hospital", "医院的心脏外科和病人转运"),
    a=Text("5 leads per rep and week", "每人每周5条线索"),
    b=Text("6.5 leads from the first day on", "第一天起每周6.5条"),
    reason=Text(
        "Only signs are claimed: the whole 95% interval must have them.",
        "只主张方向：整个95%区间都须在同一侧。",
    ),
    explanation=Text(
        "People hurry at once. That they become slower in the end does not come out: a tired rep sells less here, but contacts stay short, since the short contact has become the norm. Nor do errors in hand-overs rise beyond the noise at this load.",
        "马上赶工能复现。“最后反而变慢”没有出来：模型里疲惫的人卖得少，但接触时间一直短，因为短已经成了标准。在这个负荷下，交接出错也没有明显增多。",
    ),
    limits=Text(
        "Days in hospital are not sales: only the signs and their reversal are compared. That the short contact becomes the norm is put in with the equations of corner-cutting.",
        "住院天数不是销售额：只比较方向和先快后慢的反转。“接触变短会成为标准”来自接触缩短的那组方程，是给定的。",
    ),
)
