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
        en="True spread (standard deviation) of the win rate of qualified deals between reps, luck removed",
        zh="销售代表之间合格商机赢单率的真实差异（标准差，已剔除运气）",
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
        en="Cost of effort: what a rep wants for a month of selling twice as hard, in half monthly base salaries (4 = two months' salary; where outside pay is given, months of that)",
        zh="努力成本：一个月加倍卖力，销售代表觉得要多拿多少底薪才划算。填4就是要多拿2个月底薪，填6就是3个月（填了外部薪酬的，按外部月薪算）",
    )
    risk_aversion: float = par(
        0.0,
        unit="1/year of pay",
        ge=0,
        le=20,
        en="Aversion to risk in pay: pay that swings by a fifth of a year's pay is worth 2% of it less for each unit (0 = only the mean counts)",
        zh="对收入波动的厌恶程度：年收入上下波动两成，每1个单位就相当于少拿年收入的2%（0 = 只看平均收入）",
        source="relative risk aversion: about 1 and hardly above 2 from labour supply (Chetty 2006); 92 studies, corrected for publication bias: 1 in economics, 2 to 7 in finance (Elminejad et al. 2025)",
        plausible=(0, 2),
    )
    impatience: float = par(
        0.30,
        unit="1/year",
        ge=0,
        le=3,
        en="Yearly rate at which a rep discounts pay that comes later",
        zh="急于兑现的程度：销售代表对晚到收入的年贴现率",
        source="size ours; what it does is exact under the effort law: Q4/Q1 effort = exp(0.75 × rate)",
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
    exit_rate: float = par(
        0.20,
        unit="1/year",
        ge=0,
        le=3,
        en="Yearly rate at which a content rep at usual energy and market pay leaves",
        zh="状态正常、薪酬合市价的销售代表，每年离职的概率（强度）",
        source="benchmarks: turnover of reps 20 to 35% a year (surveys)",
    )
    exit_strain: float = par(
        2.5,
        unit="ln per unit of energy",
        ge=0,
        le=20,
        en="How strongly lost energy raises the rate of leaving",
        zh="精力每下降一个单位，离职率（对数）上升多少",
    )
    exit_pay: float = par(
        2.0,
        unit="ln per unit of pay",
        ge=0,
        le=20,
        en="How strongly a gap to the outside option (relative) raises the rate of leaving",
        zh="薪酬与外部机会的相对差距对离职率（对数）的影响",
    )
    outside_pay: float | None = par(
        None,
        unit="money/month",
        gt=0,
        le=1e8,
        en="Sure monthly pay that a rep who sells the quota finds elsewhere; empty: what the scenario's first plan pays at quota",
        zh="刚好完成指标的销售代表在外部能拿到的固定月薪；不填：按本场景最初的薪酬方案达标时的收入",
    )
    outside_by_skill: float = par(
        0.5,
        unit="elasticity",
        ge=0,
        le=2,
        en="How much the outside option rises with a rep's skill",
        zh="能力越强，外部机会的薪酬越高（弹性）",
        source="direction: Sandvik et al. 2021",
    )
    exit_contagion: float = par(
        1.0,
        unit="ln per share of team",
        ge=0,
        le=10,
        en="How strongly departures of the last quarter raise the rate of leaving",
        zh="近三个月有人离职，对其他人离职率（对数）的带动",
        source="direction: Felps et al. 2009; the size is our choice",
    )
    notice_weeks: int = par(
        4,
        unit="week",
        ge=0,
        le=26,
        en="Weeks between the decision to leave and the last day",
        zh="从提出离职到离岗的周数",
    )
    notice_output: float = par(
        0.7,
        unit="factor",
        ge=0,
        le=1,
        en="Chance to win of a rep who works out the notice, relative",
        zh="离职前那段时间赢单机会打几折",
    )
    vacancy_weeks: int = par(
        8,
        unit="week",
        ge=0,
        le=104,
        en="Weeks until an empty place is filled",
        zh="空岗多少周后补上",
        source="survey (DePaul, secondary): 6.2 months on average, 5.8 to 7.8; shorter here, our choice",
    )
    ramp_months: float = par(
        5.0,
        unit="month",
        ge=0,
        le=36,
        en="Months until a new rep sells like the others",
        zh="新人多少个月后能达到正常水平",
        source="survey: median 5 months (Bridge Group 2024, secondary)",
    )
    ramp_start: float = par(
        0.5,
        unit="factor",
        gt=0,
        le=1,
        en="Chance to win of a new rep on the first day, relative",
        zh="新人第一天的赢单机会相当于老手的几成",
    )
    mean_tenure_months: float = par(
        24.0,
        unit="month",
        gt=0,
        le=480,
        en="Mean tenure of the reps at the start",
        zh="期初销售代表的平均司龄（月）",
    )
