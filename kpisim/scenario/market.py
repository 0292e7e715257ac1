"""Who buys: leads, stages, deal values, existing customers, complaints, paying habits."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from kpisim.scenario.fields import Section, broken, par

StageName = Literal["lead", "qualified", "proposal", "negotiation"]
Positive = Annotated[float, Field(ge=0, le=100)]
Share = Annotated[float, Field(ge=0, le=1)]


class Stage(Section):
    """One step of the funnel: work by the rep, then time taken by the customer."""

    name: StageName = par("lead", unit="name", en="Stage of the funnel", zh="漏斗阶段")
    rep_hours: float = par(
        1.0, unit="h", gt=0, le=200, en="Mean rep hours for the stage", zh="销售代表在该阶段的平均工时"
    )
    customer_days: float = par(
        3.0,
        unit="working day",
        ge=0,
        le=400,
        en="Median working days the customer takes afterwards",
        zh="之后客户考虑所需的工作日（中位数）",
    )
    customer_sigma: float | None = par(
        None,
        unit="ln",
        ge=0,
        le=4,
        en="Spread of the customer's time in this stage (lognormal; none = that of market.customer_sigma)",
        zh="该阶段客户用时的波动（对数正态；不填 = 用 market.customer_sigma）",
    )
    quick_share: float = par(
        0.0,
        unit="share",
        ge=0,
        lt=1,
        en="Share of customers who answer by another, quicker law (0 = one law for all)",
        zh="按另一种更快规律答复的客户占比（0 = 所有客户同一规律）",
        source="BPI 2012: every stage's times are a mixture of two lognormals",
    )
    quick_days: float = par(
        0.1,
        unit="working day",
        ge=0,
        le=400,
        en="Median working days that the quick ones take",
        zh="快的那部分客户所需的工作日（中位数）",
    )
    quick_sigma: float = par(
        0.9,
        unit="ln",
        ge=0,
        le=4,
        en="Spread of the quick ones' time (lognormal)",
        zh="快的那部分客户用时的波动（对数正态）",
    )
    pass_rate: float = par(
        0.6,
        unit="share",
        gt=0,
        le=1,
        en="Chance of an average new customer to go on to the next stage (the last stage: to sign)",
        zh="一般新客户进入下一阶段（最后阶段：签约）的概率",
    )

    @property
    def usual_days(self) -> float:
        """Median days of both kinds of customers, weighted by their shares [working days]."""
        if not self.quick_share:
            return self.customer_days
        return (1.0 - self.quick_share) * self.customer_days + self.quick_share * self.quick_days


_FUNNEL = (
    Stage(name="lead", rep_hours=0.7, customer_days=2, pass_rate=0.42),
    Stage(name="qualified", rep_hours=1.5, customer_days=5, pass_rate=0.70),
    Stage(name="proposal", rep_hours=3.0, customer_days=8, pass_rate=0.70),
    Stage(name="negotiation", rep_hours=2.0, customer_days=6, pass_rate=0.60),
)


class Market(Section):
    """Demand and customers."""

    leads_per_rep_week: float = par(
        5.0, unit="leads/rep/week", ge=0, le=200, en="New leads per rep and week", zh="每人每周新线索数"
    )
    territory: int = par(
        0,
        unit="reps",
        ge=0,
        le=1000,
        en="Number of reps that leads and customers at the start are counted for; whoever is there shares them (0 = as many as there are)",
        zh="线索和期初老客户按几个人的量来算，由在岗的人分摊（0 = 在岗几人就算几人）",
    )
    weekday_profile: tuple[Positive, ...] = par(
        (1.15, 1.10, 1.05, 0.95, 0.75, 0.15, 0.10),
        unit="factor",
        min_length=7,
        max_length=7,
        en="Lead arrivals by weekday, Monday first, relative (days off: factor is carried to the next working day)",
        zh="线索在一周内的分布（从周一起，相对值；休息日的线索顺延到下一个工作日）",
    )
    season: tuple[Positive, ...] = par(
        (1.0,) * 12,
        unit="factor",
        min_length=12,
        max_length=12,
        en="Lead arrivals by month, January first, relative",
        zh="线索的淡旺季系数（从1月起，相对值）",
    )
    day_dispersion: float = par(
        4.0,
        unit="ratio",
        ge=1,
        le=50,
        en="Variance-to-mean ratio of the team's daily leads (1 = pure chance; more = good and bad days shared by all)",
        zh="团队每日线索数的方差与均值之比（1 = 纯随机；越大，全队同旺同淡越明显）",
        source="several real arrival logs: 3 to 6",
        rule="published",
    )
    web_share: float = par(
        0.3,
        unit="share",
        ge=0,
        le=1,
        en="Share of leads that come from the web and cool while they wait",
        zh="网络线索占比（跟进越晚，意向越冷）",
    )
    response_exponent: float = par(
        1.70,
        unit="exponent",
        ge=0,
        le=4,
        en="A web lead's interest falls with waiting time to this power",
        zh="响应衰减指数：网络线索的意向随等待时间按此幂次下降",
        source="Oldroyd, McElheran & Elkington 2011; InsideSales 2007 (vendor study): t^-1.70, derived from their figures",
        rule="published",
    )
    response_floor: float = par(
        1 / 60,
        unit="share",
        ge=0,
        le=1,
        en="Interest that is left however long a web lead waits",
        zh="网络线索等再久也还剩下的意向",
        source="Derived from Oldroyd et al. 2011: more than 60-fold between 1 h and 24 h",
        rule="published",
    )
    stages: tuple[Stage, ...] = par(
        _FUNNEL, unit="stages", min_length=1, max_length=4, en="The funnel, in order", zh="销售漏斗各阶段"
    )
    hours_sigma: float = par(
        0.7,
        unit="ln",
        ge=0,
        le=2,
        en="Spread of rep hours per task (lognormal)",
        zh="单项任务工时的波动（对数正态）",
        source="BPI 2012 and call logs: 0.9 to 1.5 for single calls; a stage pools several",
    )
    customer_sigma: float = par(
        0.9,
        unit="ln",
        ge=0,
        le=2,
        en="Spread of the customer's time (lognormal)",
        zh="客户用时的波动（对数正态）",
        source="BPI 2012: 0.88 for won cases",
        rule="published",
    )
    silence: float = par(
        0.10,
        unit="share",
        ge=0,
        le=0.95,
        en="Chance at each stage that the customer just stops answering",
        zh="每个阶段客户不再回复（商机悄悄流失）的概率",
    )
    silence_days: float = par(
        30.0,
        unit="working day",
        gt=0,
        le=400,
        en="Working days of silence after which a deal is written off if no review does so earlier",
        zh="客户沉默多少个工作日后记为丢单（检视可能更早清理）",
    )
    age_half_life_days: float = par(
        120.0,
        unit="working day",
        gt=0,
        le=5000,
        en="Working days after which the odds to win have halved",
        zh="商机拖多少个工作日，赢单优势减半",
    )
    deal_value: float = par(
        60_000.0, unit="money", gt=0, le=1e9, en="Median value of a new deal", zh="新客户订单金额（中位数）"
    )
    deal_sigma: float = par(
        0.9,
        unit="ln",
        ge=0,
        le=2.5,
        en="Spread of deal values (lognormal)",
        zh="订单金额的波动（对数正态）",
        source="BPI 2012 amounts 0.95; Online Retail orders 1.09",
        rule="published",
    )
    small_share: float = par(
        0.0,
        unit="share",
        ge=0,
        lt=1,
        en="Share of deals of another, smaller kind (0 = one law for all)",
        zh="另一类小额订单的占比（0 = 所有订单同一规律）",
        source="BPI 2012 amounts: a mixture of two lognormals",
    )
    small_value: float = par(
        20_000.0, unit="money", gt=0, le=1e9, en="Median value of a small deal", zh="小额订单金额（中位数）"
    )
    small_sigma: float = par(
        0.9,
        unit="ln",
        ge=0,
        le=2.5,
        en="Spread of small deals' values (lognormal)",
        zh="小额订单金额的波动（对数正态）",
    )
    gross_margin: float = par(0.35, unit="share", ge=-1, le=1, en="Gross margin of an order", zh="订单毛利率")
    existing_odds: float = par(
        3.0,
        unit="odds ratio",
        ge=1,
        le=50,
        en="How many times better the odds are to win a deal with an existing customer",
        zh="老客户的赢单优势是新客户的几倍（优势比）",
        source="direction: several real logs agree that existing clients win far more often",
    )
    accounts_per_rep: int = par(
        20,
        unit="accounts",
        ge=0,
        le=2000,
        en="Existing customers per rep at the start",
        zh="期初每人手上的老客户数",
    )
    repurchase_days: float = par(
        80.0,
        unit="working day",
        gt=0,
        le=5000,
        en="Mean working days between orders of a satisfied customer",
        zh="满意客户两次下单的平均间隔（工作日）",
    )
    repurchase_spread: float = par(
        0.0,
        unit="share",
        ge=0,
        le=3,
        en="How unlike customers are in how often they order: standard deviation of their order rates ÷ mean (0 = all alike)",
        zh="客户下单快慢的差异：下单频率的标准差÷平均值（0表示人人一样）",
        source="form: order rates follow a gamma law, as in Fader, Hardie & Lee 2005; an order log of a wholesaler (Online Retail) has about 1",
    )
    repeat_value: float = par(
        0.4,
        unit="share",
        gt=0,
        le=10,
        en="Value of a repeat order relative to a first one",
        zh="复购订单金额相当于首单的比例",
    )
    churn: float = par(
        0.04,
        unit="share",
        ge=0,
        le=1,
        en="Chance that an average customer leaves within the usual time between two orders (repurchase_days and the talks)",
        zh="一般客户在通常的下单间隔内（含洽谈）流失的概率",
    )
    leaving: Literal["any_day", "at_order"] = par(
        "at_order",
        unit="rule",
        en="When customers leave: at_order when the next order is due, as who buys by the piece; any_day by the calendar, as who can give notice",
        zh="客户何时流失：at_order 在该再下单时，适合一单一单采购的客户；any_day 按日历，任何一天都可能，适合签了合同、可以解约的客户",
        source="form only: a constant hazard, apart from ordering, as in Schmittlein, Morrison & Colombo 1987",
    )
    referral: float = par(
        0.04,
        unit="share",
        ge=0,
        le=1,
        en="Chance that an order of a satisfied customer brings a lead",
        zh="满意客户下单后带来转介绍的概率",
    )
    complaint: float = par(
        0.06,
        unit="share",
        ge=0,
        le=1,
        en="Chance that an order leads to a complaint",
        zh="订单引发客诉的概率",
    )
    complaint_shock_cv: float = par(
        1.0,
        unit="ratio",
        ge=0,
        le=5,
        en="How strongly complaints cluster in bad weeks (coefficient of variation of the weekly factor)",
        zh="客诉扎堆的程度（每周系数的变异系数）",
    )
    complaint_quick_hours: float = par(
        8.0,
        unit="h",
        gt=0,
        le=400,
        en="A complaint answered within this many working hours counts as quick",
        zh="客诉在多少工时内答复算快速处理",
    )
    complaint_return: tuple[Share, Share, Share] = par(
        (0.19, 0.54, 0.82),
        unit="share",
        en="Chance to keep the customer: complaint not solved, solved slowly, solved quickly",
        zh="客诉后留住客户的概率：没解决、解决慢、解决快",
        source="TARP 1979/86, figures from memory (intentions of consumers with problems above 100 dollars, not purchases)",
        rule="published",
    )
    credit_days: float = par(
        30.0, unit="working day", ge=0, le=400, en="Credit term after invoice", zh="账期（开票后的工作日）"
    )
    late_days: float = par(
        10.0,
        unit="working day",
        ge=0,
        le=400,
        en="Mean delay of payment beyond the credit term",
        zh="平均逾期天数（工作日）",
    )
    bad_debt: float = par(
        0.02, unit="share", ge=0, le=1, en="Share of orders never paid", zh="始终收不回款的订单比例（坏账）"
    )
    cancel: float = par(
        0.01,
        unit="share",
        ge=0,
        le=1,
        en="Share of orders cancelled before delivery",
        zh="交付前取消的订单比例",
    )
    complaint_survey: bool = par(
        default=False,
        unit="yes/no",
        en="Customers are also asked how satisfied they are once their complaint has been handled: 4 of 5 quickly, 3 slowly, 1 not solved",
        zh="客诉处理完也请客户打分：快解决4分、慢解决3分、没解决1分（满分5分）",
    )
    survey_response: float = par(
        0.35,
        unit="share",
        ge=0,
        le=1,
        en="Share of customers who answer the satisfaction survey after an order",
        zh="下单后满意度调查的回复率",
    )
    weak_share: float = par(
        0.25,
        unit="share",
        ge=0,
        le=1,
        en="Share of the deals lost at the last stage that could be closed as weak deals (over-promised, doubtful credit)",
        zh="最后阶段丢掉的单子中，有多少可以硬签成“带病单”（过度承诺、信用存疑）",
    )
    weak_default: float = par(
        0.35,
        unit="share",
        ge=0,
        le=1,
        en="Chance that a weak deal is never paid",
        zh="带病单最终收不回款的概率",
    )
    weak_complaint: float = par(
        4.0,
        unit="factor",
        ge=1,
        le=20,
        en="How many times more often a weak deal ends in a complaint",
        zh="带病单引发客诉的倍数",
    )
    scruple: float = par(
        0.045,
        unit="share of value",
        ge=0,
        le=1,
        en="Pay per value of a deal at which a rep of average alignment is just willing to close a weak one",
        zh="提成占单值多少时，认同度一般的销售代表才愿意签带病单",
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if sum(self.weekday_profile) <= 0:
            raise broken("weekday_profile", "all weekdays are 0; give at least one above 0")
        names = [stage.name for stage in self.stages]
        if len(set(names)) != len(names):
            raise broken("stages", "a stage stands there twice; take one out")
        return self
