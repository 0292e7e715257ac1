"""The knee of occupancy (Kuntz et al. 2015; Berry Jaeker & Tucker 2017)."""

from __future__ import annotations

from functools import partial
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import mean, over, printed
from kpisim.model.desk import Desk, Job
from kpisim.model.streams import Streams
from kpisim.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def quality_knee(
    sizes: Sequence[int] = (8, 20, 40),
    limit: float = 0.5,
    jobs: int = 20_000,
    runs: int = 6,
    *,
    seed: int = 1,
) -> list[Row]:
    """Lateness is flat up to a knee of occupancy and steep beyond (Kuntz et al. 2015; Berry Jaeker & Tucker 2017).

    Parameters
    ----------
    sizes
        People at the desk; one row each, and one on slopes for the smallest.
    limit
        A job that waits longer than this (in mean service times) is late.
    jobs
        Jobs per level of occupancy.
    runs
        How often all of it is played, each time with other luck.
    seed
        Seed.

    Notes
    -----
    Occupancy 0.70 to 0.99 at one desk; the knee is where two straight lines fit the share of late jobs best.
    """
    levels = np.round(np.arange(0.70, 0.991, 0.02), 3)
    rows = []
    for size in map(int, sizes):
        shares = over(runs, partial(_lateness, size, levels.tolist(), limit, jobs, seed))
        knee, error = mean([_knee(levels, share) for share in shares])
        rows.append(
            printed(
                Text("occupancy at the knee, desk of {size}", "拐点处的负荷，{size}人的岗位", size=size),
                knee,
                0.925,
                (0.90, 0.96),
                error,
            )
        )
        if size == int(sizes[0]):
            steep = (shares[:, -1] - shares[:, -4]) / (levels[-1] - levels[-4])
            flat = (shares[:, 3] - shares[:, 0]) / (levels[3] - levels[0])
            ratio, error = mean(steep / np.maximum(flat, 1e-9))
            slopes = printed(
                Text(
                    "slope above ÷ slope below, desk of {size}",
                    "拐点后斜率÷拐点前斜率，{size}人的岗位",
                    size=size,
                ),
                ratio,
                1.0,
                (1.5, inf),
                error,
            )
    return [*rows, slopes]


def _lateness(servers: int, levels: list[float], limit: float, jobs: int, seed: int, run: int) -> list[float]:
    """Return the share of jobs that wait too long at each level of occupancy."""
    return [_late(servers, level, limit, jobs, seed, run) for level in levels]


def _late(servers: int, level: float, limit: float, jobs: int, seed: int, run: int) -> float:
    """Return the share of jobs that wait too long at a level of occupancy."""
    from simpy import Environment  # noqa: PLC0415

    env = Environment()
    desk = Desk(env, servers)
    streams = Streams(seed, run)
    gaps = streams.generator("gaps").standard_exponential(jobs)
    lengths = streams.generator("lengths").standard_exponential(jobs)
    times = np.cumsum(gaps) / (servers * level)
    batch = [(float(at), Job(float(hours))) for at, hours in zip(times, lengths, strict=True)]
    desk.expect(list(batch), quiet=True)
    env.run(until=float(times[-1]) + 1.0)
    desk.look()
    waits = np.array([job.started - at for at, job in batch if job.started == job.started])
    return float((waits > limit).mean())


def _knee(levels: NDArray[np.float64], share: NDArray[np.float64]) -> float:
    """Return where two straight lines that meet fit best."""
    best, knee = inf, float("nan")
    for place in range(2, len(levels) - 2):
        x = levels - levels[place]
        design = np.column_stack([np.ones_like(x), np.minimum(x, 0.0), np.maximum(x, 0.0)])
        residual = share - design @ np.linalg.lstsq(design, share, rcond=None)[0]
        if residual @ residual < best:
            best, knee = float(residual @ residual), float(levels[place])
    return knee


CASE = Case(
    "quality_knee",
    Text(
        "The knee of occupancy",
        "负荷的拐点",
    ),
    "emerges",
    "Kuntz, Mennicken & Scholtes 2015, Management Science 61:754: 92.5%; Berry Jaeker & Tucker 2017: 93%",
    quality_knee,
    status="read in the paper",
    setting=Text(
        "83 and 203 hospitals",
        "83家和203家医院",
    ),
    a=Text(
        "a desk below the knee",
        "拐点以下的岗位",
    ),
    b=Text(
        "a desk above it",
        "拐点以上的岗位",
    ),
    reason=Text(
        "0.90 to 0.96 around 0.925 and 0.93.",
        "0.925和0.93，取0.90到0.96。",
    ),
    explanation=Text(
        "Where a queue bends hangs on its size: at 0.86 for a desk of 8, 0.89 for 20, about 0.92 for 40 places, which is nearer to a hospital ward. The knee is real, its place is not a law; the hospitals' knee comes from rationing as well.",
        "排队在哪里拐弯取决于规模：8人的岗位约在86%，20人约89%，40个位置约92%，后者更接近医院病区。拐点是真的，位置却不是定律；医院的拐点还来自减少服务。",
    ),
    limits=Text(
        "How many places the hospitals' departments have was not read; take no 92.5% over to a sales desk.",
        "论文中各科室的床位数未读到；不要把92.5%照搬到销售岗位。",
    ),
)
