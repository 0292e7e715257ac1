"""The claim that a peak at the end of the year shows effort."""

from __future__ import annotations

from kpisim.evidence.case import Case, Row, myth
from kpisim.evidence.plans import flat_effort
from kpisim.text import Text


def myth_year_end(mean: float = 0.85, paths: int = 20_000, *, seed: int = 1) -> list[Row]:
    """Effort in the last quarter against the first, under a bonus at quota, of a rep who is not impatient.

    Parameters
    ----------
    mean
        Sales without effort, quota = 1.
    paths
        Reps simulated.
    seed
        Seed.
    """
    row = flat_effort(means=(mean,), paths=paths, seed=seed)[0]
    return [
        myth(
            Text(
                "effort in the last quarter ÷ in the first, bonus at quota", "最后一季÷第一季的努力，达标奖金"
            ),
            row.simulated,
            1.25,
            (1.1, float("inf")),
            (row.high - row.low) / 3.92,
        )
    ]


CASE = Case(
    "myth_year_end",
    Text(
        "‘The year-end peak shows how hard people try’",
        "“年底冲高说明大家在拼”",
    ),
    "myth",
    "martingale property of effort (flat_effort); Oyer 1998 and Larkin 2014 find shifted dates",
    myth_year_end,
    status="exact",
    setting=Text(
        "A rational rep under a bonus at quota",
        "达标奖金下理性的销售",
    ),
    a=Text(
        "first quarter",
        "第一季",
    ),
    b=Text(
        "last quarter",
        "最后一季",
    ),
    reason=Text(
        "A peak of effort would be at least 10%.",
        "若是努力的高峰，至少应高10%。",
    ),
    limits=Text(
        "Impatient reps do try harder at the end (impatience), by exp(0.75 ρ).",
        "性急的人年底确实更拼（见 impatience），幅度为exp(0.75ρ)。",
    ),
)
