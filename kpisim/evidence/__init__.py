"""Why believe it: theorems and published results, each held against the model's own code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpisim.evidence.case import Case, Row
from kpisim.text import Text, UserError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd


def cases() -> dict[str, Case]:
    """Return all cases by name."""
    from kpisim.evidence import plans, queues, teams  # noqa: PLC0415

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
    )
    return {case.name: case for case in found}


def get(name: str) -> Case:
    """Return the case called `name`; UserError names the nearest one."""
    known = cases()
    if name not in known:
        raise UserError("{name}: no such case; {remedy}", name=name, remedy=did_you_mean(name, known))
    return known[name]


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
        metric, simulated, low, high (95 % interval), reference, band (accepted range), verdict.

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
    """Play cases and yield a line for each figure, with whether it holds.

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
    from kpisim.evidence.words import figure_line, head_line  # noqa: PLC0415

    chosen = [get(name) for name in only] if only else list(cases().values())
    if parameters and len(chosen) != 1:
        raise UserError("-p goes with one case: add --only NAME")
    if parameters:
        chosen[0].check(parameters)
    for place, case in enumerate(chosen):
        for row in case.run(seed, **(parameters or {})).itertuples():
            if place == 0 and row.Index == 0:
                yield head_line(), True
            yield figure_line(case, row), bool(row.verdict == "pass")


__all__ = ["Case", "Row", "cases", "get", "lines", "run"]
