"""Culture holds up under turnover, and less so under growth (directions of Harrison & Carroll 1991)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import ABOVE_ZERO, mean, over, printed
from kpisim.model import socialisation
from kpisim.model.streams import Streams
from kpisim.text import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

START_SPREAD = 0.1
"""Spread within a firm at the start, as in the published runs."""


def culture_growth(
    growth: float = 0.02, people: int = 60, months: int = 120, runs: int = 60, *, seed: int = 1
) -> list[Row]:
    """Firms that grow, stand still or shrink, on the same socialisation: how far members are from the firm's middle.

    Parameters
    ----------
    growth
        Growth a month; the shrinking firm loses half as much.
    people
        Size at the start.
    months
        Length of a run.
    runs
        Firms of each kind.
    seed
        Seed.

    Notes
    -----
    The published equations of the culture model (hiring, socialisation by tenure, exits of misfits) with its defaults, here
    for one firm alone.  Weakness of culture is the mean distance from the firm's median over the last two years.
    """
    arms = {"growth": growth, "none": 0.0, "decline": -growth / 2}

    def one(run: int) -> list[float]:
        found = [_weakness(rate, 0.0, people, months, seed, run) for rate in arms.values()]
        busy = _weakness(0.0, 0.05, people, months, seed, run)
        return [
            *(float(path[-24:].mean()) for path in found),
            float(busy[-24:].mean() - busy[-60:-36].mean()),
        ]

    values = over(runs, one)
    rows = []
    for name, first, second in (
        (
            Text("distance from the firm's middle, growth less standstill", "与公司中心的距离，增长减不变"),
            1,
            0,
        ),
        (
            Text("distance from the firm's middle, standstill less decline", "与公司中心的距离，不变减收缩"),
            2,
            1,
        ),
    ):
        value, error = mean(values[:, second] - values[:, first])
        rows.append(printed(name, value, 0.0, ABOVE_ZERO, error))
    value, error = mean(values[:, 3])
    rows.append(
        printed(
            Text(
                "drift of that distance in three years at 5% more exits a month",
                "每月多走5%的人时，该距离三年内的漂移",
            ),
            value,
            0.0,
            (-0.02, 0.02),
            error,
        )
    )
    return rows


def _weakness(
    growth: float, extra_exit: float, people: int, months: int, seed: int, run: int
) -> NDArray[np.float64]:
    """Return the mean distance from the median, month by month."""
    streams = Streams(seed, run)
    hired, lots = streams.generator("hired"), streams.generator("exits")
    culture = socialisation.PUBLISHED
    values = START_SPREAD * hired.standard_normal(people)
    tenure = np.full(people, 12.0)
    size = float(people)
    path = np.empty(months)
    for month in range(months):
        middle = float(np.median(values))
        leaves = lots.random(len(values)) < socialisation.exit_chance(values, middle, culture) + extra_exit
        values, tenure = values[~leaves], tenure[~leaves] + 1.0
        size = max(size * (1.0 + growth), 12.0)
        places = max(round(size) - len(values), 0)
        fresh, _ = socialisation.hire(places, middle, hired, (), culture)
        values = np.concatenate([values, fresh])
        tenure = np.concatenate([tenure, np.ones(places)])
        values = socialisation.socialise(values, middle, tenure, 1, culture)
        path[month] = np.abs(values - np.median(values)).mean()
    return path


CASE = Case(
    "culture_growth",
    Text("Growth thins a culture, turnover alone does not undo it", "扩张会稀释文化，单靠人员流动还毁不掉它"),
    "emerges",
    "Harrison & Carroll 1991, Administrative Science Quarterly 36:552: directions; equations of Bhatt's culture model",
    culture_growth,
    status="read in the paper",
    setting=Text("Simulation model of organisational demography", "组织人口学的模拟模型"),
    a=Text("a firm that keeps its size", "规模不变的公司"),
    b=Text("a firm that grows, or shrinks", "扩张或收缩的公司"),
    reason=Text(
        "Only signs are claimed; under high turnover the distance may drift by 0.02 in three years.",
        "只主张方向；高流动下该距离三年内漂移不超过0.02。",
    ),
    explanation=Text(
        "Turnover alone does no harm, as in the paper. That growth thins culture does not come out: these equations hire around the firm's own middle and bring newcomers close within months, so that more of them thin nothing; the paper's newcomers come from outside. A firm that shrinks even ends further from its middle than one that keeps its size, where the paper has it closer.",
        "单靠人员流动无碍，与论文一致。“扩张稀释文化”没有出来：这套方程围绕公司自身的中心招人，新人几个月内就靠拢，所以新人多也不稀释；论文里的新人来自外部。收缩的公司离自己的中心反而比规模不变的更远，与论文相反。",
    ),
    limits=Text(
        "The paper's parameter tables were not at hand: other equations than its own, so directions only.",
        "论文的参数表不在手边：这里用的是另一套方程，所以只看方向。",
    ),
)
