"""What the team stands for, as far as it is measured and paid in this model."""

from __future__ import annotations

from kpisim.scenario.fields import Section, par


class Culture(Section):
    """Alignment with the team's values, seen by the manager in reviews with some error."""

    alignment: float = par(
        0.70,
        unit="share",
        ge=0,
        le=1,
        en="Mean alignment of the reps with the team's values",
        zh="销售代表对团队价值观的平均认同度",
    )
    alignment_sd: float = par(
        0.12, unit="share", ge=0, le=0.5, en="Spread of alignment between reps", zh="价值观认同度的个体差异"
    )
    rating_error: float = par(
        0.08,
        unit="share",
        ge=0,
        le=0.5,
        en="Error of the culture score that a review gives",
        zh="检视时给文化打分的误差",
    )
