"""The knee of occupancy (Kuntz et al. 2015; Berry Jaeker & Tucker 2017)."""

from __future__ import annotations

from math import inf

import numpy as np

from kpisim.evidence.case import Case, Row
from kpisim.evidence.tools import (
    printed,
)
from kpisim.model.desk import Desk, Job
from kpisim.model.streams import Streams
from kpisim.text import Text


def quality_knee(servers: int = 8, limit: float = 0.5, jobs: int = 60_000, *, seed: int = 1) -> list[Row]:
    """Lateness is flat up to a knee of occupancy and steep beyond (Kuntz et al. 2015; Berry Jaeker & Tucker 2017).

    Parameters
    ----------
    servers
        People at the desk.
    limit
        A job that waits longer than this (in mean service times) is late.
    jobs
        Jobs per level of occupancy.
    seed
        Seed.

    Notes
    -----
    Occupancy 0.70 to 0.99 at one desk; the knee is where two straight lines fit the share of late jobs best.
    """
    from simpy import Environment  # noqa: PLC0415

    levels = np.round(np.arange(0.70, 0.991, 0.02), 3)
    late = []
    for level in levels:
        env = Environment()
        desk = Desk(env, servers)
        streams = Streams(seed, 0)
        gaps = streams.generator("gaps").standard_exponential(jobs)
        lengths = streams.generator("lengths").standard_exponential(jobs)
        times = np.cumsum(gaps) / (servers * level)
        batch = [(float(at), Job(float(hours))) for at, hours in zip(times, lengths, strict=True)]
        desk.expect(list(batch), quiet=True)
        env.run(until=float(times[-1]) + 1.0)
        desk.look()
        waits = np.array([job.started - at for at, job in batch if job.started == job.started])
        late.append(float((waits > limit).mean()))
    share = np.array(late)
    best, knee = inf, float("nan")
    for place in range(2, len(levels) - 2):
        x = levels - levels[place]
        design = np.column_stack([np.ones_like(x), np.minimum(x, 0.0), np.maximum(x, 0.0)])
        residual = share - design @ np.linalg.lstsq(design, share, rcond=None)[0]
        if residual @ residual < best:
            best, knee = float(residual @ residual), float(levels[place])
    steep = float((share[-1] - share[-4]) / (levels[-1] - levels[-4]))
    flat = float((share[3] - share[0]) / (levels[3] - levels[0]))
    return [
        printed(Text("occupancy at the knee", "拐点处的负荷"), knee, 0.925, (0.90, 0.96)),
        printed(
            Text("slope above ÷ slope below", "拐点后斜率÷拐点前斜率"),
            steep / max(flat, 1e-9),
            1.0,
            (1.5, inf),
        ),
    ]


CASE = Case(
    "quality_knee",
    Text(
        "The knee of occupancy",
        "负荷的拐点",
    ),
    "emerges",
    "Kuntz, Mennicken & Scholtes 2015, Management Science 61:754: 92.5 %; Berry Jaeker & Tucker 2017: 93 %",
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
        "A queue bends smoothly, so two straight lines meet earlier, and where depends on the range; the hospitals' knee comes from rationing as well.",
        "排队曲线是平滑弯曲的，两段直线的交点更靠前，且随范围而变；医院的拐点还来自减少服务。",
    ),
)
