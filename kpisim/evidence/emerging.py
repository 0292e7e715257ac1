"""The cases that must emerge: claim, source, what differs between A and B, and why a figure does not come out."""

from __future__ import annotations

from kpisim.evidence import at_work, people, strategies
from kpisim.evidence.case import Case
from kpisim.text import Text


def _case(
    play: object, en: str, zh: str, source: str, setting: tuple[str, str], why: tuple[str, str] | None = None
) -> Case:
    return Case(
        play.__name__,  # type: ignore[attr-defined]
        Text(en, zh),
        "emerges",
        source,
        play,  # type: ignore[arg-type]
        setting=Text(*setting),
        explanation=Text(*why) if why else None,
    )


def emerging() -> tuple[Case, ...]:
    """Return the emerging cases."""
    return (
        _case(
            people.review_interval,
            "Who looks more often closes more of the gap",
            "看得勤，差距补得多",
            "Harkin et al. 2016: d = 0.40 [0.32, 0.48], 138 trials (figure read in the paper; mostly health goals)",
            ("Salary only. A: quarterly reviews; B: weekly reviews", "只发底薪。A：每季检视；B：每周检视"),
            (
                (
                    "The sign emerges, the size hangs on how hard a seen gap drives a rep, which is our assumption: it is not "
                    "turned up to hit the band."
                ),
                "方向能复现；大小取决于“看到差距后有多拼”，这是我们的假设，没有为了凑数而调高。",
            ),
        ),
        _case(
            people.group_targets,
            "Individual targets end help at shared steps",
            "只背个人指标，共同环节就没人帮忙",
            "Kleingeld, van Mierlo & Arends 2011: sign (meta-analysis, figure read in the paper)",
            (
                "The same money. A: commission on own sales; B: a pool split equally",
                "同样的钱。A：个人提成；B：团队奖金池均分",
            ),
        ),
        _case(
            people.pair_talks,
            "Talks in pairs last, extra pay does not",
            "结对交流有后劲，加钱没有",
            "Sandvik, Saouma, Seegert & Stanton 2020: +24 % and +18 %, against +13 % and 0 (read in a secondary page)",
            (
                "A: nothing; B: four weeks of structured talks, or of extra commission",
                "A：不做；B：四周结构化结对交流，或四周加提成",
            ),
            (
                (
                    "What lasts and what does not comes out, and the effect of pay. With one hour of talk a week skill moves more "
                    "slowly here than in the paper, where reps also wrote down what they learned."
                ),
                "“什么有后劲”和加钱的效果都能复现。这里每周只谈一小时，本事传得比论文里慢；论文中员工还要写下所学。",
            ),
        ),
        _case(
            people.team_bonus,
            "A bonus for the team",
            "团队奖金",
            "Friebel, Heinz, Krueger & Zubanov 2017: +3 % sales, 3.80 per unit of bonus (figure read in the paper)",
            (
                "A: salary; B: salary and a share of team sales, split equally",
                "A：只有底薪；B：底薪加团队销售额提成，人人均分",
            ),
            (
                (
                    "In shops the bonus works through help at peaks. Here it brings a 1/n incentive and help at one step only, and "
                    "the default team is seldom so busy that help matters; see group_targets, where it is."
                ),
                (
                    "门店里团队奖金靠高峰时互相搭把手起作用。这里只有1/n的激励，且只有一个环节能帮忙，默认团队也很少忙到非帮不可；"
                    "忙的情形见 group_targets。"
                ),
            ),
        ),
        _case(
            people.volume_pay,
            "Pay by volume lowers the bar",
            "按量计酬，门槛降低",
            "Agarwal & Ben-David 2012 (working paper): signs",
            ("A: salary; B: commission and a monthly bonus", "A：只有底薪；B：提成加月度奖金"),
            (
                (
                    "More deals, more of them never paid, more at month end: all emerge. That month-end deals are worse than the "
                    "rest does not show: here the bar is low all month once commission is high."
                ),
                "单子变多、坏账变多、月末更集中，都能复现。“月末的单子更差”没有显出来：提成高时整月门槛都低。",
            ),
        ),
        _case(
            people.commission_cut,
            "Cut the commission, lose the best",
            "砍提成，走的是高手",
            "Sandvik, Saouma, Seegert & Stanton 2021: commission -18 %; signs (figure of the cut read in the paper)",
            ("A: commission 5 %; B: cut by 18 % on the first day", "A：提成5%；B：第一天起下调18%"),
            (
                (
                    "The best leave more often and the weakest hardly so. Stayers sell less here, since the effort law answers to "
                    "the rate; in the firm they did not."
                ),
                "高手走得更多、弱者变化很小。留下的人在模型里卖得少了，因为努力随提成率变化；那家公司里没有。",
            ),
        ),
        _case(
            people.staffing,
            "Too few hands, too many hands",
            "人太少与人太多",
            "Tan & Netessine 2014: inverted U (counterfactual estimate)",
            ("The same customers with 4 to 12 reps", "同样多的客户，4到12名销售代表"),
            (
                (
                    "Overload costs sales; slack does not. Idle time breeds no slacking in this model, so the right half of the "
                    "inverted U is missing."
                ),
                "人手不足会丢业绩，人手富余则不会：模型里闲着不会变懒，所以倒U形的右半边出不来。",
            ),
        ),
        _case(
            people.turnover_cost,
            "Where a departure costs sales",
            "一次离职，损失在哪一段",
            "Kuhn & Yu 2019: 63 % before, 24-25 % while empty (working paper)",
            (
                "Places where somebody left, against the same luck without exits",
                "有人离职的岗位，对照同样运气下无人离职",
            ),
            (
                (
                    "Most of the loss falls on ramp-up here: a new B2B rep needs months, a shop assistant days. The paper's small "
                    "shop teams lose most before the person goes."
                ),
                "模型里损失多在新人上手期：企业销售要几个月，店员只要几天。论文里的小门店，损失多在人走之前。",
            ),
        ),
        _case(
            at_work.finish_what_you_started,
            "Finish what you started",
            "先把手上的做完",
            "Bray, Coviello, Ichino & Persico 2016: -12 % duration (figure read in the paper)",
            ("A: meetings in the order asked for; B: oldest deal first", "A：按约见先后；B：先谈最早的商机"),
            (
                (
                    "The sign flips as it must when old deals have the longest way to go. The gain is smaller than in the court: "
                    "it hangs on how fast the chance to close rises, which the paper does not give for sales."
                ),
                "当老商机反而最难收尾时，效果按理反转。收益比法庭小：取决于成交机会上升多快，论文没有销售数据。",
            ),
        ),
        _case(
            at_work.lead_response,
            "Web leads cool while they wait",
            "网络线索越等越凉",
            "Oldroyd, McElheran & Elkington 2011: about 7 times (vendor co-author); decay put in, capture emerges",
            ("A: first come first served; B: urgent first", "A：先来先做；B：紧急先做"),
            (
                (
                    "What a quick answer catches emerges. The ratio is taken between all answers within one and within two hours; "
                    "most of those within the second hour come early in it, so it is nearer 5 than 7."
                ),
                "快速响应能抢回多少是涌现的。比值按“一小时内”和“第二小时内”的全部线索算，第二小时的多在前段，所以接近5而不是7。",
            ),
        ),
        _case(
            at_work.effort_or_timing,
            "Effort or only dates?",
            "真努力，还是挪日期？",
            "after Steenburgh 2008: two worlds told apart by a slope (our bands)",
            (
                "A: no bonus; B: a bonus at quota; effort alone, or dates alone",
                "A：无奖金；B：达标奖金；只有努力，或只有挪日期",
            ),
            (
                (
                    "The slope tells the two worlds apart beyond doubt. Its value is estimated from team-quarters and may lie "
                    "a tenth or two off; a real panel of one firm has no more of them."
                ),
                "斜率能把两种世界清楚地区分开。具体数值由“团队×季度”估计，可能差零点一二；一家公司的真实数据也不会更多。",
            ),
        ),
        _case(
            at_work.fiscal_year_peak,
            "The peak of the fiscal year",
            "财年末的高峰",
            "Oyer 1998: signs; the peak moves with the fiscal year",
            (
                "A: straight commission; B: bonus at the yearly quota; the year begins in month 1 or 4",
                "A：统一提成；B：年度达标奖金；财年从1月或4月开始",
            ),
            (
                (
                    "The effect moves with the fiscal year, but its sign is the other one, at easy and at hard quotas: under "
                    "a cliff whoever has made it, or no longer can, holds deals back for the new year, and only the few in "
                    "between pull them in. Oyer's peak needs a plan that still pays most people at the end of the year."
                ),
                (
                    "效果确实跟着财年走，但方向相反，指标高低都一样：只有一道坎的方案下，已经达标的和达标无望的都会压单到新年，"
                    "只有差一点的少数人才会抢单。要出现年底高峰，方案得让多数人到年底还有得赚。"
                ),
            ),
        ),
        _case(
            at_work.larkin,
            "Gaming under an accelerator",
            "超额加速下的“凑单”",
            "Larkin 2014: 6-8 % of revenue (read in the paper); 70 % in the last week (teaching case)",
            ("A: straight commission; B: accelerator above quota", "A：统一提成；B：超额加速"),
            (
                (
                    "A straight line gives nothing away and discounts cluster at quarter ends under the accelerator. The size is "
                    "far smaller: here only deals whose customer was about to sign can be moved, and by 25 days at most; in "
                    "software with cycles of 12 to 24 months nearly every date is the rep's."
                ),
                (
                    "统一提成不让利，加速方案下季末折扣增多，都能复现。规模小得多：这里只有客户快签的单子才挪得动，最多25个工作日；"
                    "软件业周期12到24个月，几乎每个日期都由销售说了算。"
                ),
            ),
        ),
        _case(
            at_work.ratchet_and_cap,
            "Quota, cap and ratchet away",
            "取消指标、封顶和棘轮",
            "Misra & Nair 2011: +9 % (before and after in one firm)",
            (
                "A: commission above 80 % of quota, cap, ratchet; B: straight commission at equal pay",
                "A：达成80%后才提成、封顶、棘轮；B：同样总薪酬的统一提成",
            ),
            (
                (
                    "Without the ratchet sales rise. A straight line at equal pay spends money on sales that come anyway, which "
                    "eats the gain; trial runs said so before (a linear plan lowers sales unless ratchet effects outweigh it)."
                ),
                "去掉棘轮，销售上升。同样总薪酬下，统一提成把钱花在本来就有的销售上，把好处抵掉了；此前的试算也如此。",
            ),
        ),
        _case(
            at_work.bonus_to_commission,
            "From bonus to commission",
            "从达标奖金到提成",
            "Kishore, Rao, Narasimhan & John 2013: signs",
            ("A: monthly bonus at quota; B: commission", "A：月度达标奖金；B：提成"),
        ),
        _case(
            at_work.revenue_only,
            "Pay revenue alone and service pays the price",
            "只考核收入，服务买单",
            "after Holmström & Milgrom 1991 (direction)",
            ("A: revenue and satisfaction; B: revenue alone", "A：收入加满意度；B：只看收入"),
            (
                (
                    "Satisfaction falls. Within a year it does not yet show in departures: a customer leaves when he would "
                    "order again, and one who is less satisfied orders later."
                ),
                "满意度下降。一年之内流失还看不出来：客户是到该复购时才走，而不满意的客户下单更晚。",
            ),
        ),
        _case(
            at_work.peaks_erode,
            "Peaks, not the mean, wear standards down",
            "磨掉标准的是高峰，不是平均负荷",
            "Oliva & Sterman 2001 (equations); the contrast is our reading",
            (
                "The same leads in a year. A: level; B: in quarter-end peaks",
                "全年线索相同。A：平稳；B：集中在季末",
            ),
            (
                (
                    "Win rates fall under peaks. The norm itself differs too little in one year to tell: felt load is smoothed "
                    "over a month."
                ),
                "高峰下赢单率下降。标准本身一年内差别太小，分不清：负荷感受按一个月平滑。",
            ),
        ),
        _case(
            at_work.exit_clusters,
            "Departures that catch on",
            "离职会传染",
            "Felps et al. 2009 (direction; the strength is our choice)",
            (
                "A: everybody decides for himself; B: departures of the last quarter count",
                "A：各人自己决定；B：受近三个月离职影响",
            ),
            (
                "In a team of 60 contagion of three per share of the team adds too little to stand out in counts by quarter.",
                "60人的团队里，这一强度的传染在季度离职数上显不出来。",
            ),
        ),
        _case(
            at_work.read_back,
            "Read back and save twice",
            "复述确认，省两次",
            "Starmer et al. 2014: errors -23 % (put in); Bernoulli feedback queue for the time",
            ("A: notes; B: notes and read-back", "A：记笔记；B：记笔记并复述确认"),
        ),
        _case(
            at_work.complaints,
            "Complaints in the queue",
            "排队中的客诉",
            "TARP 1979/86 (intentions); de Matos, Henrique & Rossi 2007",
            ("A: little paperwork; B: a lot", "A：事务少；B：事务多"),
        ),
        _case(
            strategies.no_plan_dominates,
            "No plan beats all others",
            "没有一种方案通吃",
            "aim of the model, 2026: no reproduction of a paper",
            (
                "Seven pay plans × two priority rules × three workloads on the default team, judged by profit",
                "七种薪酬方案 × 两种优先级规则 × 三种工作量，按利润评判",
            ),
            (
                (
                    "Decisions order the ranking, luck is the smaller part. But only two pay plans come within 5 % of the best "
                    "profit where three were wanted: on the default team a rich commission on a low base is still too good."
                ),
                "决定排名的是决策，运气占小头。但利润与最佳相差5%以内的薪酬方案只有两种，目标是三种：默认团队里“低底薪高提成”仍然偏强。",
            ),
        ),
        _case(
            at_work.quality_knee,
            "The knee of occupancy",
            "负荷的拐点",
            "Kuntz, Mennicken & Scholtes 2015: 92.5 %; Berry Jaeker & Tucker 2017: 93 %",
            ("One desk at 70 to 99 % occupancy", "同一岗位，负荷70%到99%"),
            (
                (
                    "A queue bends smoothly, so two straight lines meet earlier, and where depends on the range; the hospitals' "
                    "knee comes from rationing as well."
                ),
                "排队曲线是平滑弯曲的，两段直线的交点更靠前，且随范围而变；医院的拐点还来自减少服务。",
            ),
        ),
    )
