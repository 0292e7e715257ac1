"""Who sells: number, skill, speed, cost of effort, impatience, training."""

from __future__ import annotations

from kpisim.scenario.fields import Section, par


class Team(Section):
    """The reps.  Each rep's own skill and speed are drawn once from the spreads given here."""

    size: int = par(8, unit="reps", ge=1, le=1000, en="Number of reps", zh="销售代表人数")
    win_rate_sd: float = par(
        0.04,
        unit="share",
        ge=0,
        le=0.3,
        en="True spread (standard deviation) of the win rate between reps, luck removed",
        zh="销售代表之间赢单率的真实差异（标准差，已剔除运气）",
        source="BPI Challenge 2012: 0.047 over 30 agents, binomial noise removed",
        rule="published",
    )
    speed_sd: float = par(
        0.30,
        unit="ln",
        ge=0,
        le=1.5,
        en="Spread of handling speed between reps (standard deviation of the logarithm)",
        zh="销售代表处理速度的差异（对数标准差）",
    )
    effort_cost: float = par(
        4.0,
        unit="monthly base salary",
        gt=0,
        le=1000,
        en="Cost of effort: a month of selling twice as hard is worth half this many monthly base salaries to a rep",
        zh="努力成本：要一个月加倍卖力，销售代表认为值“这个数的一半”个月的底薪",
    )
    impatience: float = par(
        0.30,
        unit="1/year",
        ge=0,
        le=3,
        en="Yearly rate at which a rep discounts pay that comes later",
        zh="急于兑现的程度：销售代表对晚到收入的年贴现率",
        source="Q4/Q1 effort = exp(0.75 × rate), exact under the effort law",
        rule="exact",
    )
    max_effort: float = par(
        0.6,
        unit="share",
        ge=0,
        le=3,
        en="Most that incentive effort can add to a rep's chance to win",
        zh="激励带来的努力最多能把赢单机会提高多少",
    )
    learning_rate: float = par(
        0.10,
        unit="share",
        ge=0,
        le=0.5,
        en="Handling time saved with each doubling of tasks done of a kind",
        zh="学习曲线：同类任务每做满一倍，处理时间缩短的比例",
    )
    training_hours: float = par(
        0.0, unit="h/month", ge=0, le=40, en="Training hours per rep and month", zh="每人每月培训小时数"
    )
    training_effect: float = par(
        0.002,
        unit="share/h",
        ge=0,
        le=0.05,
        en="Relative gain in the chance to win per hour trained, reached after the training lag",
        zh="每小时培训使赢单机会相对提高多少（滞后见效）",
    )
    training_lag_weeks: float = par(
        6.0, unit="week", ge=0, le=52, en="Weeks until training shows", zh="培训见效所需周数"
    )
