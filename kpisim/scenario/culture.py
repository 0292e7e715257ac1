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
    onboarding: float = par(
        0.5,
        unit="share",
        ge=0,
        le=1,
        en="Share of the gap to the team's median alignment that a newcomer closes in the first month",
        zh="新人入职首月向团队价值观中位数靠拢的比例",
        source="ours, within the grid of Bhatt's model, 0 to 1; that it falls by exp(-0.30) each month is published",
        plausible=(0, 1),
    )
    tolerance: float = par(
        0.5,
        unit="alignment",
        gt=0,
        le=5,
        en="Distance from the team's median at which misfit is felt",
        zh="与团队中位数相差多少会觉得合不来",
        source="ours, within the grid of Bhatt's model, 0.1 to 1",
        plausible=(0.1, 1),
    )
    misfit_exit: float = par(
        0.05,
        unit="1/month",
        ge=0,
        le=1,
        en="What complete misfit adds to the monthly chance to leave",
        zh="完全合不来的人每月离职概率增加多少",
        source="Bhatt's model: 0.05 throughout",
        rule="published",
    )
    hiring_spread: float = par(
        0.12,
        unit="alignment",
        ge=0,
        le=1,
        en="Spread of newcomers around the team's median; small = hired for fit",
        zh="新招的人与团队中位数的差异；越小说明招聘越看重合拍",
        source="ours, within the grid of Bhatt's model, 0.1 to 1",
        plausible=(0.1, 1),
    )
    intrinsic: float = par(
        0.35,
        unit="share of pay",
        ge=0,
        le=2,
        en="What full alignment with the team's values is worth to a rep, against pay",
        zh="完全认同团队价值观对销售代表的内在价值（相对于薪酬）",
    )
    practice: float = par(
        1.0,
        unit="1/month per share of pay",
        ge=0,
        le=10,
        en="Part of what a rep lacks to full alignment that becomes habit in a month, per share of pay that hangs on culture",
        zh="薪酬每有一个单位与文化挂钩，每月有多少“未认同”部分转化为习惯",
        plausible=(0.2, 3.0),
    )
    peers_seen: float = par(
        0.15,
        unit="elasticity",
        ge=0,
        le=1,
        en="Gain in a rep's own output when visible colleagues are better (0 = nobody sees the others' work)",
        zh="看得见同事的好业绩，自己的产出提高多少（弹性；0 = 彼此看不见）",
        source="Mas & Moretti 2009 (from memory), supermarket cashiers",
    )
