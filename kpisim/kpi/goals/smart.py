"""SMART: one verdict per letter, with the words it rests on and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from math import isfinite
from statistics import median
from typing import TYPE_CHECKING, Literal

from kpisim.kpi.goals.dates import last_of
from kpisim.kpi.goals.reading import read_goal, suggested
from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.registry import kpis
from kpisim.text import Text, UserError
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from kpisim.kpi.goals.goal import Goal
    from kpisim.kpi.goals.reading import Number, Reading
    from kpisim.kpi.registry import Kpi

Letter = Literal["S", "M", "A", "R", "T"]
Status = Literal["pass", "fail", "stretch", "unknown"]
LETTERS: dict[Letter, Text] = {
    "S": Text("specific", "具体"),
    "M": Text("measurable", "可衡量"),
    "A": Text("achievable", "可达成"),
    "R": Text("relevant", "相关性"),
    "T": Text("time-bound", "有时限"),
}
STATUSES: dict[Status, Text] = {
    "pass": Text("pass", "通过"),
    "fail": Text("fail", "不通过"),
    "stretch": Text("stretch", "有挑战"),
    "unknown": Text("cannot tell", "无法判断"),
}
FITS: dict[str, frozenset[str]] = {
    "share": frozenset({"share", "points"}),
    "money": frozenset({"money", "share"}),
    "money/h": frozenset({"money", "share"}),
    "count": frozenset({"count", "share", ""}),
    "days": frozenset({"days", "share"}),
}
"""Units of a number that fit the unit of a KPI; a share of money or of a count says how much more."""
_LOW, _HIGH = 0.1, 0.9


@dataclass(frozen=True, slots=True)
class Override:
    """What a person decided against the rule, and why."""

    status: Status
    note: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one letter.

    Attributes
    ----------
    status
        What the rule says; kept whatever a person decides.
    evidence
        Words of the goal, or figures, that the status rests on.
    remedy
        One sentence: what to do, or what the figures mean; None where nothing is to be done.
    override
        What a person decided instead.
    """

    status: Status
    evidence: tuple[str | Text, ...] = ()
    remedy: Text | None = None
    override: Override | None = None

    @property
    def final(self) -> Status:
        """The person's decision where there is one, else the rule's."""
        return self.override.status if self.override else self.status


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on a goal, letter by letter.

    Attributes
    ----------
    goal
        What was judged.
    letters
        S, M, A, R, T in this order.
    kpi
        KPI of the library that the goal is about, None where there is none.
    target
        Value to reach in the KPI's unit, None where it is not known.
    """

    goal: Goal
    letters: Mapping[Letter, Finding]
    kpi: str | None
    target: float | None

    @property
    def smart(self) -> bool:
        """Whether no letter fails; stretch and unknown are for people to decide."""
        return all(finding.final != "fail" for finding in self.letters.values())

    def overridden(self, letter: Letter, status: Status, note: str, by: str = "") -> Verdict:
        """Return the verdict with a person's decision on one letter; what the rule said stays beside it.

        Raises
        ------
        UserError
            No note, or an unknown letter or status.
        """
        if letter not in LETTERS or status not in STATUSES:
            raise UserError(
                "{letter} {status}: no such verdict; give a letter of {letters} and one of {statuses}",
                letter=letter,
                status=status,
                letters="SMART",
                statuses=", ".join(STATUSES),
            )
        if not note.strip():
            raise UserError(
                "{letter} {status}: no reason given; write a note why", letter=letter, status=status
            )
        changed = replace(self.letters[letter], override=Override(status, note.strip(), by))
        return replace(self, letters={**self.letters, letter: changed})


def check(
    goal: Goal,
    today: date,
    *,
    history: Sequence[float] = (),
    simulated: Sequence[float] = (),
    fiscal_year_start: int = 1,
) -> Verdict:
    """Judge a goal by the rules of SMART.

    Parameters
    ----------
    goal
        Text and what is known besides; a field counts before the text.
    today
        What deadlines are compared with.
    history
        Past values of the KPI, oldest first, in its unit and over periods as long as the goal's.
    simulated
        Values of the KPI in runs of a model; they count before history.
    fiscal_year_start
        First month of the fiscal year.

    Raises
    ------
    UserError
        `goal.kpi` is no KPI of the library.

    Examples
    --------
    >>> from datetime import date
    >>> from kpisim.kpi.goals.goal import Goal
    >>> verdict = check(Goal("提高业绩"), date(2027, 5, 12))
    >>> {letter: finding.status for letter, finding in verdict.letters.items()}
    {'S': 'fail', 'M': 'fail', 'A': 'unknown', 'R': 'fail', 'T': 'fail'}
    """
    reading = read_goal(goal.text, today, fiscal_year_start)
    measured, number = _measured(goal, reading)
    runs = [value for value in simulated if isfinite(value)]
    past = [value for value in history if isfinite(value)]
    target = goal.target if goal.target is not None else _target(measured, number, past)
    letters: dict[Letter, Finding] = {
        "S": _specific(goal, reading),
        "M": _measurable(goal, reading, measured, number),
        "A": _achievable(measured, target, past, runs),
        "R": _relevant(goal, reading),
        "T": _timed(goal, reading, today),
    }
    return Verdict(goal, letters, measured.name if measured else None, target)


def _measured(goal: Goal, reading: Reading) -> tuple[Kpi | None, Number | None]:
    """Return the KPI and the number that measures it: the first KPI of the text that a number fits."""
    if goal.kpi:
        declared = lookup(goal.kpi)
        return declared, _fitting(declared, reading)
    named = [kpis()[name] for name, _ in reading.kpis]
    for declared in named:
        number = _fitting(declared, reading)
        if number:
            return declared, number
    if not named and not reading.activities:
        # An amount that nothing is said of is what a sales team sells.
        declared = kpis()["revenue_booked"]
        number = next((one for one in reading.numbers if one.unit == "money" and not one.start), None)
        if number is not None:
            return declared, number
    return (named[0] if named else None), None


def _fitting(declared: Kpi, reading: Reading) -> Number | None:
    """Return the last number of a fitting unit; where things stand now comes last of all, a bare number after any."""
    fits = [number for number in reading.numbers if number.unit in FITS.get(declared.unit, ())]
    fits.sort(key=lambda number: (not number.start, bool(number.unit), not number.relative))
    return fits[-1] if fits and not fits[-1].start else None


def _target(declared: Kpi | None, number: Number | None, past: list[float]) -> float | None:
    """Return the value to reach; "10 % more" and "double" need a last value to start from."""
    if declared is None or number is None or number.unit == "points":
        return None
    of_money = number.unit == "share" and declared.unit != "share"
    # "To 120 %" of an amount is a multiple of it, "10 %" a step from it.
    multiple = number.of or (of_money and number.value >= 1 and not number.relative)
    if not (multiple or of_money or number.relative):
        return number.value
    if not past:
        return None
    if multiple:
        return past[-1] * number.value
    step = number.value * (past[-1] if of_money else 1)
    return past[-1] - step if declared.direction == "lower" else past[-1] + step


def _specific(goal: Goal, reading: Reading) -> Finding:
    counted = [one.words for one in reading.numbers if one.unit == "count"]
    # "18 of my A-accounts" says what is done to whom, though no list knows the work.
    objects = [*(said for _, said in reading.kpis), *reading.activities] or counted
    if goal.kpi and not objects:
        objects = [goal.kpi]
    owners = [goal.owner] if goal.owner else [*reading.owners, *reading.we]
    # A person or a team speaks for a field of its own; "we" could be anybody.
    scopes = [*reading.scopes, *([goal.owner] if goal.owner else reading.owners)]
    evidence = tuple(dict.fromkeys([*objects, *owners, *reading.scopes]))
    if not objects and reading.vague:
        return Finding(
            "fail",
            (*evidence, *reading.vague),
            Text(
                "Say what exactly: “{vague}” can mean anything, a KPI or a counted activity cannot.",
                "请说清具体做什么：“{vague}”怎么理解都行，请换成一个KPI或可计数的动作。",
                vague=reading.vague[0],
            ),
        )
    if not objects:
        return Finding(
            "fail", evidence, Text("Say what is to change: a KPI or a counted activity.", "请说清要改变什么：一个KPI，或一项可计数的动作。")
        )  # fmt: skip
    if not owners:
        return Finding(
            "fail", evidence, Text("Name who answers for it: a person, a team or a region.", "请写明由谁负责：某人、某团队或某区域。")
        )  # fmt: skip
    if not scopes:
        return Finding(
            "fail",
            evidence,
            Text(
                "Say where or for whom: a region, a product, a group of customers.",
                "请写明范围：哪个区域、产品或客户群。",
            ),
        )
    return Finding("pass", evidence)


def _measurable(goal: Goal, reading: Reading, measured: Kpi | None, number: Number | None) -> Finding:
    if measured and (goal.target is not None or number):
        value = number.words if number else f"{goal.target:g}"
        return Finding("pass", (value, measured.title))
    counted = [one for one in reading.numbers if one.unit != "points"]
    things = [one.words for one in counted if one.unit == "count" and not measured]
    if counted and (reading.activities or things):
        return Finding(
            "pass",
            (counted[-1].words, *(reading.activities or things)[:1]),
            Text(
                "No KPI of the library counts this; agree who keeps the count.",
                "KPI库中没有对应指标，请约定由谁统计。",
            ),
        )
    found = tuple(one.words for one in reading.numbers)
    if measured:
        return Finding(
            "fail",
            found,
            Text(
                "Give a number with its unit for the KPI “{kpi}”.",
                "请为KPI“{kpi}”给出带单位的数值。",
                kpi=measured.title,
            ),
        )
    guess = suggested(goal.text)
    if guess:
        return Finding(
            "fail",
            found,
            Text(
                "Measure it by a KPI, for example “{kpi}”, with a number and a unit.",
                "请用KPI来衡量，例如“{kpi}”，并写上数值和单位。",
                kpi=kpis()[guess].title,
            ),
        )
    return Finding(
        "fail",
        found,
        Text(
            "Name a KPI of the library and give a number with its unit.",
            "请选定KPI库中的一个指标，并写上数值和单位。",
        ),
    )


def _achievable(measured: Kpi | None, target: float | None, past: list[float], runs: list[float]) -> Finding:
    if target is None or not (past or runs):
        return Finding(
            "unknown",
            (),
            Text(
                "Compare the target with past values or with a simulation; without either nobody can tell.",
                "请拿目标与历史数据或模拟结果比一比；两者都没有就无从判断。",
            ),
        )
    lower = measured is not None and measured.direction == "lower"
    return _against_runs(target, runs, lower=lower) if runs else _against_past(target, past, lower=lower)


def _against_runs(target: float, runs: list[float], *, lower: bool) -> Finding:
    """Above the ninth decile is a stretch, never a failure: people may know more than the model."""
    import numpy as np  # noqa: PLC0415

    reached = sum(value <= target if lower else value >= target for value in runs)
    chance = reached / len(runs)
    low, high = (float(np.quantile(runs, at)) for at in (_LOW, _HIGH))
    evidence = (
        Text(
            "P10 {low:,.4g} to P90 {high:,.4g} of {n} runs, target {target:,.4g}",
            "{n}次模拟的P10 {low:,.4g}至P90 {high:,.4g}，目标{target:,.4g}",
            low=low,
            high=high,
            n=len(runs),
            target=target,
        ),
    )
    hard, easy = (target < low, target > high) if lower else (target > high, target < low)
    if hard:
        remedy = (
            Text(
                "{chance} chance in the model: add means, take more time, or keep it as a stretch goal.",
                "模型中达成概率{chance}：请增加资源、放宽时间，或作为挑战值保留。",
                chance=percent(chance, 0),
            )
            if reached
            else Text(
                "None of {n} runs of the model reaches it: add means, take more time, or keep it as a stretch goal.",
                "{n}次模拟没有一次达成：请增加资源、放宽时间，或作为挑战值保留。",
                n=len(runs),
            )
        )
        return Finding("stretch", evidence, remedy)
    if easy:
        return Finding(
            "pass",
            evidence,
            Text(
                "{chance} chance in the model: it asks for little.",
                "模型中达成概率{chance}：要求偏低。",
                chance=percent(chance, 0),
            ),
        )
    return Finding(
        "pass",
        evidence,
        Text("{chance} chance in the model.", "模型中达成概率{chance}。", chance=percent(chance, 0)),
    )


def _against_past(target: float, past: list[float], *, lower: bool) -> Finding:
    """Up to the best past value and one usual step beyond it counts as achievable."""
    best = min(past) if lower else max(past)
    step = median(abs(after - before) for before, after in pairwise(past)) if len(past) > 1 else 0.0
    reached = sum(value <= target if lower else value >= target for value in past)
    evidence = (
        Text(
            "reached in {reached} of {n} past periods; best {best:,.4g}, usual step {step:,.4g}, target {target:,.4g}",
            "过去{n}期中{reached}期达到；最好{best:,.4g}，通常每期变动{step:,.4g}，目标{target:,.4g}",
            reached=reached,
            n=len(past),
            best=best,
            step=step,
            target=target,
        ),
    )
    slack = 1e-9 * abs(best)
    if (target >= best - step - slack) if lower else (target <= best + step + slack):
        return Finding("pass", evidence)
    return Finding(
        "stretch",
        evidence,
        Text(
            "Beyond the best so far by more than a usual step: say what will be different this time.",
            "超出历史最好水平一步以上：请说明这次凭什么不同。",
        ),
    )


def _relevant(goal: Goal, reading: Reading) -> Finding:
    if goal.parent:
        return Finding("pass", (goal.parent,))
    if reading.purposes:
        return Finding("pass", reading.purposes)
    return Finding(
        "fail",
        (),
        Text(
            "Link it to a goal of the team or the company: name the parent goal.",
            "请挂到上级目标：写明它支撑团队或公司的哪个目标。",
        ),
    )


def _timed(goal: Goal, reading: Reading, today: date) -> Finding:
    last = last_of(reading.dates)
    if goal.due is None and reading.no_days:
        return Finding(
            "fail", reading.no_days, Text("{day} is no day of the calendar; correct it.", "{day}不是日历上的日期；请更正。", day=reading.no_days[0])
        )  # fmt: skip
    due = goal.due or (last.end if last else None)
    if due is None:
        return Finding(
            "fail", (), Text("Set the last day: a date, a month end or a quarter end.", "请定截止日：某日、某月底或某季度末。")
        )  # fmt: skip
    evidence = (*(() if goal.due or last is None else (last.words,)), due.isoformat())
    if due < today:
        return Finding(
            "fail", evidence, Text("{due} is over; set a day that is still to come.", "{due}已经过去；请改成今后的日期。", due=due)
        )  # fmt: skip
    return Finding("pass", evidence)


__all__ = ["FITS", "LETTERS", "STATUSES", "Finding", "Letter", "Override", "Status", "Verdict", "check"]
