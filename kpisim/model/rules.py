"""Which rules are in force, of which class, from which source: printed beside every result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from kpisim.scenario import Scenario
    from kpisim.scenario.fields import RuleClass


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the model.

    Attributes
    ----------
    name
        Short name, the file of the mechanism.
    rule
        ``exact``, ``published`` or ``assumption``.
    en, zh
        What it says, in a sentence.
    source
        Paper, theorem or data; ``""`` for an assumption of ours.
    moved_by
        Parameters, or sections of them, that go straight into it; what reaches it by way of other rules is not here.
    """

    name: str
    rule: RuleClass
    en: str
    zh: str
    source: str = ""
    moved_by: tuple[str, ...] = ()

    def is_moved(self, changed: Collection[str]) -> bool:
        """Whether any of the parameters `changed` goes straight into it."""
        return any(path == one or path.startswith(one + ".") for path in changed for one in self.moved_by)


def _always(_scenario: Scenario) -> bool:
    return True


def _ever(scenario: Scenario, path: str) -> bool:
    """Return whether a number is above 0 at any time, from the beginning or after a dated change."""
    return any(
        float(value) > 0
        for value in (scenario.get(path), *(one.set.get(path, 0) for one in scenario.changes))
    )


_PLAN = (
    "incentive.base_salary",
    "incentive.period",
    "incentive.commission_rate",
    "incentive.tiers",
    "incentive.tier_mode",
    "incentive.threshold",
    "incentive.accelerator",
    "incentive.cap",
    "incentive.bonuses",
    "incentive.team_pool_rate",
    "incentive.culture_share",
    "incentive.kpi_bonus",
    "incentive.matrix",
    "incentive.ratchet",
)
"""What a rep counts who weighs what the plan pays: for effort, for a date, for a weak deal, for help, for staying."""

_RULES: tuple[tuple[Rule, Callable[[Scenario], bool]], ...] = (
    (
        Rule(
            "effort",
            "exact",
            "Effort follows the pay plan: a rep does what pays best, given what is sold so far and the time that is left. The "
            "solution is exact; that people reckon like this is our assumption.",
            "努力随薪酬方案而变：已经签了多少、还剩多少时间，怎样最划算就怎样使劲。解法是精确的；人真会这样算账，是我们的假设。",
            "path-integral control (Kappen 2005)",
            moved_by=(
                *_PLAN,
                "kpi.quota",
                "team.impatience",
                "team.max_effort",
                "team.effort_cost",
                "team.risk_aversion",
                "team.outside_pay",
            ),
        ),
        _always,
    ),
    (
        Rule(
            "effort forecast",
            "assumption",
            "A rep's forecast of the period rests on the market alone; effort raises the chance to sign, up to a limit.",
            "销售代表只按市场情况预估本期业绩；努力提高签约机会，但有上限。",
            moved_by=(
                "market.leads_per_rep_week",
                "market.stages",
                "market.silence",
                "market.age_half_life_days",
                "market.existing_odds",
                "market.deal_value",
                "market.deal_sigma",
                "market.small_share",
                "market.small_value",
                "market.small_sigma",
                "market.accounts_per_rep",
                "market.repurchase_days",
                "market.repeat_value",
            ),
        ),
        _always,
    ),
    (
        Rule(
            "pay",
            "exact",
            "Pay is computed from the plan as written.",
            "薪酬完全按方案条款计算。",
            "the plan",
            moved_by=(
                *_PLAN,
                "incentive.contest_prizes",
                "kpi",
                "market.season",
            ),
        ),
        _always,
    ),
    (
        Rule(
            "ratchet",
            "exact",
            "A result above quota raises the next quota: part of what is earned today is paid back tomorrow.",
            "超额会抬高下期指标：今天多拿的，明天要还回去一部分。",
            "Weitzman 1980",
            moved_by=("incentive.ratchet",),
        ),
        lambda s: s.incentive.ratchet < 1,
    ),
    (
        Rule(
            "timing",
            "assumption",
            "Near a period's end reps pull deals in with a discount or hold them back where the plan pays for it; the "
            "effect emerges from the plan, the discounts customers ask are our assumption.",
            "期末只要方案划算，销售代表就会让利提前签单，或者压单；效果由方案产生，客户要求的折扣是我们的假设。",
            moved_by=(
                *_PLAN,
                "incentive.timing_games",
                "incentive.discount_limit",
            ),
        ),
        lambda s: s.incentive.timing_games,
    ),
    (
        Rule(
            "demand",
            "published",
            "Leads arrive with a weekday profile, a season and a factor shared by the whole team (variance/mean 3 to 6).",
            "线索到达有星期分布、季节性和全队共享的旺淡日（方差/均值3–6）。",
            "several real arrival logs",
            moved_by=(
                "market.leads_per_rep_week",
                "market.season",
                "market.weekday_profile",
                "market.day_dispersion",
                "market.territory",
                "team.size",
                "reviews.allocation",
            ),
        ),
        _always,
    ),
    (
        Rule(
            "response",
            "published",
            "A web lead loses interest while it waits: after ten times the wait a fiftieth of it is left, and never less than a "
            "sixtieth of what it was; the curve is ours, drawn through the ratios that the studies print.",
            "网络线索等得越久越没兴趣：等待时间变成10倍，意向只剩五十分之一，但不会低于最初的六十分之一；曲线是我们按研究中的几个倍数画的。",
            "Oldroyd et al. 2011; InsideSales 2007 (vendor study)",
            moved_by=(
                "market.web_share",
                "market.response_exponent",
                "market.response_floor",
            ),
        ),
        lambda s: s.market.web_share > 0,
    ),
    (
        Rule(
            "funnel",
            "assumption",
            "Stages take rep hours and customer time; the odds to win halve with age; deals die in silence.",
            "各阶段占用销售工时和客户时间；商机越久赢单机会越低；有些商机无声消失。",
            moved_by=(
                "market.stages",
                "market.age_half_life_days",
                "market.silence",
                "market.silence_days",
                "market.deal_value",
                "market.deal_sigma",
                "market.small_share",
                "market.small_value",
                "market.small_sigma",
                "market.hours_sigma",
                "market.customer_sigma",
                "market.existing_odds",
            ),
        ),
        _always,
    ),
    (
        Rule(
            "complaints",
            "published",
            "Complaint handling keeps 19 / 54 / 82% of customers (not solved / slowly / quickly); recovered customers are "
            "not more loyal than others.",
            "客诉未解决/慢解决/快解决时分别留住19%/54%/82%的客户；挽回的客户并不会更忠诚。",
            "TARP 1979/86 (intentions of consumers, figures from memory); de Matos et al. 2007",
            moved_by=(
                "market.complaint",
                "market.complaint_return",
                "market.complaint_quick_hours",
                "market.complaint_shock_cv",
                "workload.complaint_hours",
            ),
        ),
        _always,
    ),
    (
        Rule(
            "complaints left lying",
            "assumption",
            "A complaint that nobody answers lies there for the hours given before somebody takes it up.",
            "没人理的客诉先放着，过了设定的工时才有人接。",
            moved_by=("workload.complaint_waits",),
        ),
        lambda s: _ever(s, "workload.complaint_waits"),
    ),
    (
        Rule(
            "satisfaction",
            "assumption",
            "Late delivery and rework lower satisfaction; less satisfied customers order later and leave more often.",
            "交付延迟和返工降低满意度；满意度低的客户下单更慢、流失更多。",
            moved_by=(
                "market.accounts_per_rep",
                "market.repurchase_days",
                "market.repurchase_spread",
                "market.repeat_value",
                "market.referral",
                "market.survey_response",
                "market.complaint_survey",
                "workload.care_worth",
            ),
        ),
        _always,
    ),
    (
        Rule(
            "leaving",
            "assumption",
            "Customers may leave on any day, also without ordering or in the middle of an offer; the chance doubles with "
            "each point of satisfaction lost.",
            "客户任何一天都可能流失，不必等到下单，报价谈到一半也会走；满意度每低1分，流失概率翻一倍。",
            moved_by=("market.leaving", "market.churn"),
        ),
        lambda s: "any_day" in {s.market.leaving, *(one.set.get("market.leaving") for one in s.changes)},
    ),
    (
        Rule(
            "cash",
            "assumption",
            "Invoices are paid some days after their term and a few never; a few orders are cancelled; goods cost a fixed "
            "share of their price.",
            "货款过了账期还要几天才到，少数收不回来；少数订单会取消；货物成本按价格的固定比例算。",
            moved_by=(
                "market.credit_days",
                "market.late_days",
                "market.bad_debt",
                "market.cancel",
                "market.gross_margin",
            ),
        ),
        _always,
    ),
    (
        Rule(
            "hand-over",
            "published",
            "Each fact survives a hand-over with the rate of its protocol; a constant rate per link is our assumption.",
            "每条信息按交接方式的保留率传递；各环节保留率恒定是我们的假设。",
            "Bhabra et al. 2007",
            moved_by=("communication",),
        ),
        _always,
    ),
    (
        Rule(
            "queues",
            "exact",
            "Work waits at desks with limited capacity; where queueing theory has a formula for the wait, waits agree with it.",
            "工作在产能有限的岗位上排队；凡排队论有公式的情形，等待时间都与公式一致。",
            "Cobham 1954; Kleinrock",
            moved_by=(
                "workload.policy",
                "workload.admin_per_day",
                "workload.admin_hours",
                "workload.service_per_account_month",
                "workload.service_hours",
                "workload.complaint_hours",
                "workload.crm_daily",
                "workload.time_boxes",
                "workload.outside_hours",
                "workload.urgent_within_hours",
                "communication.departments",
                "team.size",
                "team.training_hours",
                "reviews.hours",
                "reviews.coaching_hours",
                "reviews.pair_talk_hours",
            ),
        ),
        _always,
    ),
    (
        Rule(
            "interruptions",
            "exact",
            "An interruption costs handling and resumption; the time to finish a task follows the formula.",
            "每次打断要付出处理和恢复的时间；完成任务所需时间与公式一致。",
            "standard queueing results",
            moved_by=(
                "pressure.interruptions_per_hour",
                "pressure.handling_minutes",
                "pressure.resumption_minutes",
                "pressure.after_interruption",
            ),
        ),
        lambda s: s.pressure.interruptions_per_hour > 0,
    ),
    (
        Rule(
            "skill",
            "published",
            "Reps truly differ in win rate, with a standard deviation of 4 points by default (4.7 in one real log); how far they "
            "differ in speed, and what practice saves, are our assumptions.",
            "销售代表的真实赢单率确有差异，默认标准差4个百分点（一份真实日志为4.7）；速度差多少、熟能生巧省多少时间，是我们的假设。",
            "BPI Challenge 2012 (win rate)",
            moved_by=("team.win_rate_sd", "team.speed_sd", "team.learning_rate"),
        ),
        _always,
    ),
    (
        Rule(
            "training",
            "assumption",
            "Training takes hours now and raises the chance to sign after a lag.",
            "培训先占用工时，滞后一段时间才提高签约机会。",
            moved_by=("team.training_hours", "team.training_effect", "team.training_lag_weeks"),
        ),
        lambda s: s.team.training_hours > 0 or _later(s, "team.training_hours"),
    ),
    (
        Rule(
            "reviews",
            "assumption",
            "A review takes time, writes off silent deals and rates culture with some error.",
            "检视占用工时，清理沉默商机，并给文化打分（有误差）。",
            moved_by=(
                "reviews.every",
                "reviews.hours",
                "reviews.stale_days",
                "culture.rating_error",
            ),
        ),
        _always,
    ),
    (
        Rule(
            "pulse",
            "assumption",
            "The mean pulse answer falls with the hours of work asked, those of the evening too.",
            "压力脉搏均分随工作量（含加班时间）增加而下降。",
            moved_by=(
                "pressure.pulse_every_weeks",
                "pressure.pulse_load_slope",
            ),
        ),
        _always,
    ),
    (
        Rule(
            "neglect",
            "assumption",
            "What neither pays nor scores gets less care.",
            "既不算钱也不计分的工作会被怠慢。",
            "Holmström & Milgrom 1991",
            moved_by=(
                *_PLAN,
                "kpi.quota",
                "kpi.targets",
                "culture.intrinsic",
                "workload.rivalry",
                "workload.least_care",
                "workload.care_worth",
            ),
        ),
        lambda s: s.mechanisms.allocation,
    ),
    (
        Rule(
            "acceptance",
            "assumption",
            "Reps close weak deals where the plan is worth more than their scruple; such deals default and complain later.",
            "方案给的好处盖过顾虑时，销售代表会签下带病单；这类单子日后容易坏账、招来客诉。",
            "direction: Agarwal & Ben-David 2012",
            moved_by=(
                *_PLAN,
                "kpi.targets",
                "culture.alignment",
                "market.scruple",
                "market.weak_share",
                "market.weak_default",
                "market.weak_complaint",
            ),
        ),
        lambda s: s.mechanisms.acceptance,
    ),
    (
        Rule(
            "corner-cutting",
            "published",
            "Overload shortens contacts and lowers the norm for good, though a re-analysis finds “for good” weakly supported; that "
            "shorter contacts win less is our assumption.",
            "超负荷使接触变短，标准一降难回（后人重新分析数据，认为“难回”的依据较弱）；“接触越短赢单越少”是我们的假设。",
            "Oliva & Sterman 2001",
            moved_by=(
                "pressure.usual_load",
                "pressure.contact_effect",
                "pressure.contact_worth",
                "pressure.weeks_to_lower",
                "pressure.weeks_to_raise",
            ),
        ),
        lambda s: s.mechanisms.corner_cutting,
    ),
    (
        Rule(
            "strain",
            "published",
            "Demands, resources, energy and engagement follow the JD-R equations; the rate of drain and what energy does are our assumptions.",
            "工作要求、资源、精力与投入按JD-R方程变化；消耗速度及精力的后果是我们的假设。",
            "Evers et al. (sdbuildR)",
            moved_by=(
                "pressure.usual_load",
                "pressure.drain",
                "pressure.tired_output",
                "pressure.tired_errors",
                "pressure.sick_days",
                "pressure.tired_sickness",
                "pressure.belief",
            ),
        ),
        lambda s: s.mechanisms.strain,
    ),
    (
        Rule(
            "hours",
            "published",
            "Output is proportional to 49 hours a week and flat at 63; how far reps stay of their own accord is our assumption.",
            "每周49小时以内产出与工时成正比，63小时后不再增加；忙时自愿加多少班是我们的假设。",
            "Pencavel 2015",
            moved_by=(
                "pressure.overtime",
                "pressure.late_hours",
            ),
        ),
        lambda s: s.mechanisms.hours,
    ),
    (
        Rule(
            "appraisal",
            "assumption",
            "How hard an event hits depends on what one believes about it; coaching moves the belief.",
            "同一件事压力有多大，看人怎么想；辅导能改变想法。",
            "Ellis ABC; size after Richardson & Rothstein 2008",
            moved_by=(
                "pressure.belief",
                "pressure.belief_sd",
                "reviews.coaching_hours",
                "reviews.coaching_effect",
            ),
        ),
        lambda s: s.mechanisms.appraisal,
    ),
    (
        Rule(
            "goals",
            "assumption",
            "A gap to the goal adds effort only after a review has shown it.",
            "只有检视时看到差距，销售代表才会加把劲。",
            "direction: Harkin et al. 2016",
            moved_by=(
                "reviews.every",
                "reviews.goal_clarity",
                "kpi.quota",
                "reviews.goal_drive",
                "reviews.proximal_goals",
            ),
        ),
        lambda s: s.mechanisms.goals,
    ),
    (
        Rule(
            "read-back",
            "published",
            "Reading back catches 23% of hand-over errors; what comes back is asked only for what it lacks, and tired senders make more errors (assumptions).",
            "复述确认能拦下23%的交接差错；退回来的只补缺的信息，人累了差错更多（假设）。",
            "Starmer et al. 2014 (before and after, not randomised; figures from memory)",
            moved_by=("communication",),
        ),
        lambda s: s.mechanisms.handover,
    ),
    (
        Rule(
            "cooperation",
            "assumption",
            "Reps help where it suits them, talks in pairs move know-how, visible peers pull.",
            "划算或乐意时才互相帮忙；结对交流传授本事；看得见的同事带动大家。",
            "direction: Kleingeld et al. 2011; Sandvik et al. 2020; Mas & Moretti 2009",
            moved_by=(
                *_PLAN,
                "kpi.quota",
                "kpi.targets",
                "culture.intrinsic",
                "culture.peers_seen",
                "workload.rivalry",
                "reviews.pair_talk_hours",
                "reviews.pair_talk_transfer",
            ),
        ),
        lambda s: s.mechanisms.cooperation,
    ),
    (
        Rule(
            "culture",
            "published",
            "Newcomers take up the team's values in their first months; misfits leave sooner. A theory model, its parameters are not estimates.",
            "新人头几个月最容易融入；合不来的人走得早。这是理论模型，参数并非估计值。",
            "Bhatt, cultural carriers (after Harrison & Carroll 1991)",
            moved_by=(
                "culture.alignment",
                "culture.alignment_sd",
                "culture.onboarding",
                "culture.tolerance",
                "culture.misfit_exit",
                "culture.hiring_spread",
            ),
        ),
        lambda s: s.mechanisms.culture,
    ),
    (
        Rule(
            "culture pay",
            "assumption",
            "Pay that hangs on culture takes attention from selling (exact in the small) and slowly turns its behaviours into habit.",
            "奖金与文化挂钩，会分走一部分做销售的精力（小范围内严格成立），所奖励的行为则慢慢变成习惯。",
            "direction: Holmström & Milgrom 1991",
            moved_by=(
                "incentive.culture_share",
                "culture.practice",
                "workload.rivalry",
            ),
        ),
        lambda s: s.mechanisms.culture_pay and s.incentive.culture_share > 0,
    ),
    (
        Rule(
            "exits",
            "assumption",
            "Strain, pay below the outside option, misfit and departures of others make reps leave; places stay empty, newcomers ramp up.",
            "疲惫、薪酬低于外部机会、合不来和同事离职都会促人离开；岗位会空一阵，新人要慢慢上手。",
            "benchmarks for turnover, vacancy and ramp-up",
            moved_by=(
                *_PLAN,
                "kpi.quota",
                "team.exit_rate",
                "team.exit_strain",
                "team.exit_pay",
                "team.outside_pay",
                "team.outside_by_skill",
                "team.exit_contagion",
                "team.notice_weeks",
                "team.notice_output",
                "team.vacancy_weeks",
                "team.ramp_months",
                "team.ramp_start",
                "team.mean_tenure_months",
                "team.risk_aversion",
            ),
        ),
        lambda s: s.mechanisms.exits,
    ),
)


def _later(scenario: Scenario, path: str) -> bool:
    """Whether a dated change sets a parameter above 0."""
    return any(float(change.set.get(path) or 0) > 0 for change in scenario.changes)


def rules(scenario: Scenario) -> list[Rule]:
    """Return the rules in force in `scenario`, exact ones first."""
    order = {"exact": 0, "published": 1, "assumption": 2}
    return sorted((rule for rule, active in _RULES if active(scenario)), key=lambda rule: order[rule.rule])
