"""What is paid: salary, commission, tiers, bonus, team pool, culture share, contest, collection matrix."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kpisim.scenario.fields import Section, broken, par
from kpisim.scenario.kpi_scheme import Period  # noqa: TC001  (pydantic reads annotations at run time)

Edge = Annotated[float, Field(ge=0, le=20)]
Factor = Annotated[float, Field(ge=0, le=100)]
Money = Annotated[float, Field(ge=0, le=1e9)]


class Tier(Section):
    """From this attainment on, the commission rate is this."""

    attainment: float = par(
        1.0,
        unit="share of quota",
        ge=0,
        le=20,
        en="Attainment at which the tier starts",
        zh="档位起点（目标达成率）",
    )
    rate: float = par(
        0.06, unit="share of sales", ge=0, le=1, en="Commission rate in the tier", zh="该档提成比例"
    )


class Bonus(Section):
    """A lump sum for reaching an attainment."""

    attainment: float = par(
        1.0, unit="share of quota", ge=0, le=20, en="Attainment that earns it", zh="达到的目标达成率"
    )
    amount: float = par(10_000.0, unit="money", ge=0, le=1e9, en="Lump sum", zh="一次性奖金")


class Matrix(Section):
    """The attainment × collection-rate matrix: bonus = base × coefficient of the cell."""

    base: float = par(0.0, unit="money", ge=0, le=1e9, en="Bonus at coefficient 1", zh="绩效系数为1时的奖金")
    attainment: tuple[Edge, ...] = par(
        (0.8, 1.0, 1.2),
        unit="share",
        min_length=1,
        max_length=20,
        en="Lower edges of the attainment rows",
        zh="目标达成率各行下限",
    )
    collection: tuple[Edge, ...] = par(
        (0.7, 0.85, 0.95),
        unit="share",
        min_length=1,
        max_length=20,
        en="Lower edges of the collection-rate columns",
        zh="回款率各列下限",
    )
    coefficient: tuple[tuple[Factor, ...], ...] = par(
        ((0.3, 0.5, 0.6), (0.6, 0.9, 1.0), (0.8, 1.2, 1.5)),
        unit="factor",
        min_length=1,
        max_length=20,
        en="Coefficients, one row per attainment edge; below the first edge: 0",
        zh="绩效系数（每行对应一档达成率；低于首档为0）",
    )

    @model_validator(mode="after")
    def _shape(self) -> Self:
        rows, columns = len(self.attainment), len(self.collection)
        if len(self.coefficient) != rows or any(len(row) != columns for row in self.coefficient):
            raise broken(
                "coefficient",
                "the shape does not fit the edges; give one row per attainment edge and one number per collection edge",
            )
        for path in ("attainment", "collection"):
            edges = getattr(self, path)
            if any(b <= a for a, b in pairwise(edges)):
                raise broken(path, "the edges must rise; sort them and take doubles out")
        return self


class Incentive(Section):
    """The incentive plan.  A rule changed during a period counts from the next period on."""

    base_salary: float = par(9_000.0, unit="money/month", ge=0, le=1e8, en="Base salary", zh="月底薪")
    period: Period = par(
        "quarter", unit="period", en="Period over which variable pay is earned", zh="浮动薪酬的结算周期"
    )
    commission_rate: float = par(
        0.03, unit="share of sales", ge=0, le=1, en="Commission on booked sales", zh="提成比例（按签约额）"
    )
    tiers: tuple[Tier, ...] = par(
        (),
        unit="tiers",
        max_length=20,
        en="Tiers that replace the flat rate from an attainment on",
        zh="阶梯提成：从某一达成率起，以该档比例代替统一比例",
    )
    tier_mode: Literal["marginal", "whole"] = par(
        "marginal",
        unit="mode",
        en="marginal: a tier's rate counts for sales inside it; whole: the top rate reached counts for all sales",
        zh="marginal 超额累进：各档分别计提；whole 全额累进：全部签约额按达到的最高档计提",
    )
    threshold: float = par(
        0.0,
        unit="share of quota",
        ge=0,
        le=5,
        en="Attainment below which there is no variable pay",
        zh="门槛值：低于此达成率没有浮动薪酬",
    )
    accelerator: float = par(
        1.0,
        unit="factor",
        ge=0,
        le=20,
        en="Commission rate above 100% attainment, times the normal rate",
        zh="超额加速系数：达成率超过100%部分的提成倍数",
        source="QuotaPath (vendor): 1.5 is usual",
    )
    cap: float | None = par(
        None,
        unit="share of quota",
        gt=0,
        le=20,
        en="Attainment beyond which sales earn nothing more",
        zh="封顶：超过此达成率的签约额不再计提成",
    )
    bonuses: tuple[Bonus, ...] = par(
        (), unit="bonuses", max_length=20, en="Lump sums at attainments", zh="达标奖金"
    )
    team_pool_rate: float = par(
        0.0,
        unit="share of sales",
        ge=0,
        le=1,
        en="Share of team sales put into a pool and split equally",
        zh="团队奖金池：按团队签约额的这一比例提取，人人均分",
    )
    culture_share: float = par(
        0.0,
        unit="share of variable pay",
        ge=0,
        le=0.5,
        en="Part of variable pay that depends on the culture score",
        zh="浮动薪酬中与文化得分挂钩的比例",
    )
    contest_prizes: tuple[Money, ...] = par(
        (),
        unit="money",
        max_length=50,
        en="Prizes by rank of booked sales in the period",
        zh="竞赛奖金（按当期签约额名次）",
    )
    kpi_bonus: float = par(
        0.0,
        unit="money",
        ge=0,
        le=1e9,
        en="Bonus paid in proportion to the KPI score (100 = full, capped at 120)",
        zh="KPI奖金：按KPI得分比例发放（100分全额，120分封顶）",
    )
    matrix: Matrix = par(
        Matrix(),
        unit="matrix",
        en="Attainment × collection-rate matrix",
        zh="目标达成率 × 回款率的绩效系数矩阵",
    )
    ratchet: float = par(
        1.0,
        unit="share",
        ge=0,
        le=1,
        en="Weight of the old quota in the next one (1 = no ratchet; the rest is last period's result)",
        zh="棘轮（鞭打快牛）：下期指标中原指标的权重，其余看上期实绩；1 = 没有棘轮",
        source="Weitzman 1980: Q' = λQ + (1-λ)X",
        rule="exact",
    )
    discount_limit: float = par(
        0.15,
        unit="share",
        ge=0,
        le=0.3,
        en="Largest discount a rep may give to pull a deal into this period (0 = no timing games by discount)",
        zh="为把订单提前到本期签约，销售代表最多能让的折扣（0 = 不靠折扣提前签单）",
        source="deal files in enterprise software show extra discounts of 10 points and more at quarter end",
    )
    timing_games: bool = par(
        default=True,
        unit="yes/no",
        en="Reps may pull deals in or hold them back near a period's end",
        zh="期末是否可以提前签单或压单",
    )

    @model_validator(mode="after")
    def _tiers_rise(self) -> Self:
        edges = [tier.attainment for tier in self.tiers]
        if any(b <= a for a, b in pairwise(edges)):
            raise broken("tiers", "tiers must start at rising attainments; sort them and take doubles out")
        if self.cap is not None and self.cap < self.threshold:
            raise broken("cap", "the cap lies below the threshold; raise the cap or lower the threshold")
        return self
