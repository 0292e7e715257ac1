"""Why believe it: theorems and published results, each held against the model's own code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpisim.evidence.case import Case, Row
from kpisim.text import Text, UserError, choose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from kpisim.text import Language


def cases() -> dict[str, Case]:
    """Return all cases by name."""
    from kpisim.evidence import incentives, plans, published, queues, teams  # noqa: PLC0415
    from kpisim.evidence.results import results  # noqa: PLC0415

    standard = "standard queueing results (Cobham 1954; Kleinrock)"
    found = (
        Case(
            "mmc_wait",
            Text("M/M/c: chance to wait and mean wait", "M/M/c：等待概率与平均等待"),
            "exact",
            "Erlang C",
            queues.mmc_wait,
        ),
        Case(
            "priority_queue",
            Text("Four quadrants: waits under a priority rule", "四象限：优先级规则下的等待"),
            "exact",
            standard,
            queues.priority_queue,
        ),
        Case(
            "c_mu",
            Text("Value per hour against important first", "每小时价值优先 对 重要优先"),
            "exact",
            "c-mu rule (Cox & Smith 1961)",
            queues.c_mu,
        ),
        Case(
            "rework_queue",
            Text("Work that comes back", "返工队列"),
            "exact",
            "Bernoulli feedback queue",
            queues.rework_queue,
        ),
        Case(
            "missing_facts",
            Text("Asked only for what is missing", "缺什么补什么"),
            "exact",
            "largest of geometric variables",
            teams.missing_facts,
        ),
        Case(
            "sharing",
            Text("One thing at a time against all at once", "一次做一件 对 齐头并进"),
            "exact",
            "Pollaczek-Khinchine",
            queues.sharing,
        ),
        Case(
            "juggling", Text("Juggling equal deals", "同时推进多个商机"), "exact", "2N/(N+1)", queues.juggling
        ),
        Case(
            "interruptions",
            Text("Time to finish under interruptions", "被打断时完成任务所需时间"),
            "exact",
            standard,
            queues.interruption_times,
        ),
        Case(
            "little",
            Text("Little's law in every scenario", "各场景的利特尔法则"),
            "exact",
            "Little 1961",
            teams.little,
        ),
        Case(
            "attainment_luck",
            Text("Luck in attainment", "目标达成率中的运气"),
            "exact",
            "compound Poisson",
            teams.attainment_luck,
        ),
        Case(
            "commission_risk",
            Text("Mean and risk of commission", "提成的均值与风险"),
            "exact",
            "Wald's equations",
            teams.commission_risk,
        ),
        Case(
            "bonus_odds",
            Text("A bonus multiplies the odds of making quota", "达标奖金成倍提高达标胜算"),
            "exact",
            "path-integral control (Kappen 2005)",
            plans.bonus_odds,
        ),
        Case(
            "flat_effort",
            Text("Expected effort is flat without impatience", "没有急切时期望努力全年持平"),
            "exact",
            "martingale property of effort",
            plans.flat_effort,
        ),
        Case(
            "impatience",
            Text("Impatience makes effort grow as exp(ρt)", "急切使努力按 exp(ρt) 增长"),
            "exact",
            "effort law with discounting",
            plans.impatience,
        ),
        Case(
            "ratchet",
            Text("A ratchet taxes effort", "棘轮效应削弱激励"),
            "exact",
            "Weitzman 1980",
            plans.ratchet,
        ),
        Case(
            "risk_premium",
            Text("Risky pay needs a premium", "收入有风险，就要有补偿"),
            "exact",
            "Holmström & Milgrom 1987, on the model's own effort law",
            plans.risk_premium,
        ),
        Case(
            "newsvendor_quota",
            Text("The quota that costs least", "成本最低的指标"),
            "exact",
            "newsvendor",
            plans.newsvendor_quota,
        ),
        Case(
            "conservation",
            Text("Leads, hours and money are conserved", "线索、工时、资金守恒"),
            "exact",
            "bookkeeping",
            teams.conservation,
        ),
        Case(
            "linear_contract",
            Text("Commission for a rep who dislikes risk", "为厌恶风险的销售代表定提成"),
            "exact",
            "Holmström & Milgrom 1987 (LEN model)",
            incentives.linear_contract,
        ),
        Case(
            "multitask",
            Text("Pay one task, lose the other", "奖励一项，荒废另一项"),
            "exact",
            "Holmström & Milgrom 1991",
            incentives.multitask,
        ),
        Case(
            "concave_plan",
            Text("The best plan under risk is bent", "有风险时的最优薪酬曲线"),
            "exact",
            "Basu, Lal, Srinivasan & Staelin 1985",
            incentives.concave_plan,
        ),
        Case(
            "cap_and_kink",
            Text("A kink at quota and a cap", "指标处的拐点与封顶"),
            "exact",
            "path-integral control (Kappen 2005)",
            incentives.cap_and_kink,
        ),
        Case(
            "contest_winners",
            Text("How many winners a contest should have", "竞赛该设几名获奖者"),
            "exact",
            "rank-order tournaments (Lazear & Rosen 1981)",
            incentives.contest_winners,
        ),
        Case(
            "goodhart",
            Text("A gamed KPI says less", "被钻空子的KPI说明不了问题"),
            "exact",
            "correlation of sums; Goodhart 1975",
            incentives.goodhart,
        ),
        Case(
            "retention",
            Text("Five points more retention", "留存率提高五个点"),
            "exact",
            "geometric life; against Reichheld & Sasser 1990",
            incentives.retention,
        ),
        Case(
            "team_pay",
            Text("A team bonus moves a selfish rep by 1/n", "平分的团队奖金只有1/n的激励"),
            "exact",
            "the 1/n law of free riding",
            incentives.team_pay,
        ),
        Case(
            "coordination",
            Text("Talks in pairs limit the size of a team", "两两沟通限制团队规模"),
            "exact",
            "counting pairs (Brooks 1975)",
            incentives.coordination,
        ),
        Case(
            "pipeline",
            Text("A pipeline as queues", "把销售管道看作排队"),
            "exact",
            "Erlang C; thinning; M/G/∞",
            incentives.pipeline,
        ),
        Case(
            "corner_cutting",
            Text("Overload shortens contacts for good", "超负荷使每次接触越来越短"),
            "published",
            "Oliva & Sterman 2001, Management Science 47(7):894: estimates; the figures are what its equations give",
            published.corner_cutting,
            status="our own run of the source's rules",
            setting=Text(
                "Consumer-lending centre of a British bank, 48 weeks",
                "一家英国银行的消费信贷中心，48周",
            ),
            reason=Text(
                "0.005 for a run of the same equations, a tenth for times; share of pressure: the authors' interval of α.",
                "同一组方程重新运行，允许0.005的偏差；时间上下一成；压力的比例取作者给出的α区间。",
            ),
            limits=Text(
                "It tests our code, not the world. One site; a re-analysis finds the asymmetry weakly identified: with 19 weeks to raise the norm, within its interval, nothing is lost for good. Loss of revenue was not estimated in what was read.",
                "这里检验的是代码，不是现实。只有一处样本；重新分析发现“降得快、升不回”的不对称识别得很弱：升回标准若只需19周（在其区间内），就没有永久损失。读到的部分没有估计收入损失。",
            ),
        ),
        Case(
            "strain",
            Text("Demands, resources, energy, engagement", "工作要求、资源、精力与投入"),
            "published",
            "Evers et al., JD-R vignette of the R package sdbuildR: nine check values",
            published.strain,
            status="read in the paper",
            setting=Text(
                "A vignette of the software: one person, 182.5 days",
                "软件包附带的示例：一个人，182.5天",
            ),
            reason=Text(
                "Half a unit of the last printed digit.",
                "允许最后一位印出数字的半个单位。",
            ),
            limits=Text(
                "Rates are chosen for a theory, not estimated; with them everybody burns out, which is no finding about people. The model takes a lower drain of energy.",
                "各速率是为理论选定的，并非估计所得；照此人人都会耗尽，这不是关于人的发现。模型里精力消耗取得更低。",
            ),
        ),
        Case(
            "socialisation",
            Text("Onboarding early or late", "早融入与晚融入"),
            "published",
            "Bhatt, cultural carriers (code of April 2024): exp(-0.30 · 6), our arithmetic",
            published.socialisation,
            status="derived from printed figures",
            setting=Text(
                "Agent-based model of 30 firms with 30 people each; its parameters are assumptions",
                "30家公司、各30人的多主体模型；参数为作者的假设",
            ),
            reason=Text(
                "0.13 to 0.20 around 0.165; susceptibilities to the printed digits.",
                "0.165取0.13到0.20；易感度精确到给出的位数。",
            ),
            limits=Text(
                "A theory model: nothing in it was estimated from data.",
                "纯理论模型，没有任何参数来自数据。",
            ),
            explanation=Text(
                "exp(-0.30 · 6) = 0.165 is the ratio of susceptibilities. Strong early socialisation uses its own gap up, so "
                "the ratio of the shifts themselves is larger.",
                "exp(-0.30 · 6) = 0.165 是易感度之比。早期融入越强，差距自身消耗得越快，因此实际移动量之比更大。",
            ),
        ),
        Case(
            "organisational_learning",
            Text("Slow learners and newcomers", "慢学者与新人的价值"),
            "published",
            "March 1991, Organization Science 2(1):71, in the rules of Watts's NetLogo translation (2014): directions",
            published.organisational_learning,
            status="our own run of the source's rules",
            setting=Text(
                "Simulated organisation of 50 members and 30 beliefs",
                "模拟的组织：50名成员，30项信念",
            ),
            reason=Text(
                "Directions: 0.03 to 0.10 around 0.064 of our run; with turnover at least 0.05 better; without it chance, 0.5, with 0.04 below and 0.06 above.",
                "只看方向：我们自己运行得0.064，取0.03到0.10；有人员更替时至少高0.05；没有时接近碰运气的0.5，下0.04、上0.06。",
            ),
            limits=Text(
                "The translation agrees with the paper in direction, not in scale, so no figure here is March's. Nothing of the sales model is in it.",
                "译本与论文方向一致、尺度不符，所以这里没有一个数字出自March。其中没有用到销售模型。",
            ),
        ),
        Case(
            "handover_chain",
            Text("What is left after five hand-overs", "五次交接后还剩多少信息"),
            "published",
            "Bhabra, Mackeith, Monteiro & Pothier 2007, Annals of the Royal College of Surgeons of England 89:298",
            published.handover_chain,
            status="read in the paper",
            setting=Text(
                "Twelve simulated patients handed over five times by doctors",
                "12名模拟病人，由医生交接五次",
            ),
            reason=Text(
                "Five links: about what so small a study can tell (ours); two links: exact, given the rate.",
                "五次：这样的小研究大致能说明的范围（自定）；两次：给定比率后为精确值。",
            ),
            limits=Text(
                "One rate for every link is our assumption: only the end of the chain was observed, and two links were not.",
                "每次交接比率相同是我们的假设：论文只观察了最后一步，没有单独观察两次交接。",
            ),
        ),
        Case(
            "hours",
            Text("Long weeks and output", "长工时与产出"),
            "published",
            "Pencavel 2015, Economic Journal 125:2052: 49 and 63 h (secondary pages); 70 h give what 56 h give (from memory)",
            published.hours,
            status="read in a secondary page",
            setting=Text(
                "Munition workers of 1914-18, manual work by the piece",
                "1914–18年军工工人，计件体力劳动",
            ),
            reason=Text(
                "2% either way.",
                "上下2%。",
            ),
            limits=Text(
                "Selling is neither manual nor by the piece. The parabola is our reading of two facts; that 70 h give what 56 h give is remembered and not read.",
                "销售既不是体力活，也不是计件。抛物线是我们根据两个事实推出的；“70小时与56小时产出相同”凭记忆，未读到原文。",
            ),
        ),
        *results(),
    )
    return {case.name: case for case in found}


def get(name: str) -> Case:
    """Return the case called `name`.

    Raises
    ------
    UserError
        No case of that name; the nearest is named.
    """
    return choose("{name}: no such case; {remedy}", name, cases())


def run(name: str, *, seed: int = 1, **parameters: Any) -> pd.DataFrame:
    """Play one case with any parameters.

    Parameters
    ----------
    name
        Name of the case, see `cases`.
    seed
        Seed.
    **parameters
        Parameters of the case, see the docstring of its function (``kpisim.evidence.get(name).play``).

    Returns
    -------
    DataFrame
        A row a figure: metric, simulated, low, high (95 % interval; equal where nothing is random), reference, band
        (accepted range), verdict, claim (class of the figure where it is not the case's).

    Raises
    ------
    UserError
        No case of that name, a parameter that it does not have, or a value that it cannot be played with.

    Examples
    --------
    >>> frame = run("juggling", deals=[2, 4])
    >>> frame["verdict"].tolist()
    ['pass', 'pass']
    """
    return get(name).run(seed, **parameters)


def lines(
    only: list[str] | None = None, seed: int = 1, parameters: Mapping[str, Any] | None = None
) -> Iterator[tuple[str, bool]]:
    """Play cases and yield a line for each figure, with whether it holds or is one that need not.

    Parameters
    ----------
    only
        Names of cases; None plays all of them.
    seed
        Seed.
    parameters
        Parameters of the one case in `only`.

    Raises
    ------
    UserError
        An unknown case or parameter, or a value that the case cannot be played with.
    """
    from kpisim.evidence.words import Tally, figure_line, head_line  # noqa: PLC0415

    chosen = [get(name) for name in only] if only else list(cases().values())
    tally = Tally()
    if parameters and len(chosen) != 1:
        raise UserError("-p goes with one case: add --only NAME")
    if parameters:
        chosen[0].check(parameters)
    for number, (case, frame) in enumerate(zip(chosen, played(chosen, seed, parameters), strict=True)):
        # Not before something has been played: wrong values end in one line and no table.
        if number == 0:
            yield head_line(), True
        for row in frame.itertuples():
            tally.add(case, row)
            # A figure of a paper that the model does not give is worth seeing, but no failure of its rules.
            yield figure_line(case, row), row.verdict not in failures(case, row)
        if case.explanation is not None and tally.missed(case):
            yield "    " + str(case.explanation), True
    if len(chosen) > 1:
        yield from ((line, True) for line in tally.lines())


def failures(case: Case, row: Any) -> set[str]:
    """Return the verdicts that end the command in a failure: for a theorem all but a pass, else no number at all.

    Parameters
    ----------
    case, row
        A case and one row of what its `run` returns.
    """
    return {"fail", "too noisy", "not reproduced"} if (row.claim or case.rule) == "exact" else {"fail"}


def played(
    chosen: list[Case], seed: int, parameters: Mapping[str, Any] | None = None, workers: int | None = None
) -> Iterator[pd.DataFrame]:
    """Yield the figures of each case in turn; several cases are spread over the processors.

    Parameters
    ----------
    chosen, seed, parameters
        Cases, seed, and parameters where there is one case.
    workers
        Processes; None takes one per processor.  The figures do not depend on it.
    """
    import os  # noqa: PLC0415
    import warnings  # noqa: PLC0415

    count = min(workers or os.cpu_count() or 1, len(chosen))
    if count < PARALLEL_FROM:
        for case in chosen:
            yield case.run(seed, **(parameters or {}))
        return
    from joblib import Parallel, delayed  # noqa: PLC0415

    from kpisim.text import current_language  # noqa: PLC0415

    # A worker that has grown is replaced, and no case is lost over it; nobody need hear of that.
    warnings.filterwarnings("ignore", message="A worker stopped while some jobs", category=UserWarning)
    pool = Parallel(n_jobs=count, backend="loky", return_as="generator", batch_size=1, pre_dispatch="all")
    yield from pool(delayed(_play)(case.name, seed, current_language()) for case in chosen)


PARALLEL_FROM = 2


def _play(name: str, seed: int, lang: Language) -> pd.DataFrame:
    """Play a case in another process, which does not know the reader's language."""
    from kpisim.text import language  # noqa: PLC0415

    with language(lang):
        return get(name).run(seed)


__all__ = ["Case", "Row", "cases", "failures", "get", "lines", "played", "run"]
