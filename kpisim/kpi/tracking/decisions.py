"""Decisions with their rule of success, set before: the verdict follows the rule and nobody's mood."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from kpisim.kpi.facts import Facts
from kpisim.kpi.goals.files import read_entries, words_of
from kpisim.kpi.measures import value_in
from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.registry import kpi_with
from kpisim.kpi.shown import show
from kpisim.kpi.window import Window, as_date
from kpisim.text import Text, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path
    from typing import Any

    from kpisim.kpi.value import Value
    from kpisim.tables import Tables

FIELDS = ("what", "who", "set_on", "kpi", "rule", "start", "end")
Outcome = Literal["hit", "miss", "open", "late", "no_number"]
OUTCOMES: dict[Outcome, Text] = {
    "hit": Text("rule met: keep it", "达到标准：继续"),
    "miss": Text("rule not met: stop it or change it", "未达标准：停止或调整"),
    "open": Text("not over yet", "尚未到期"),
    "late": Text("no verdict: the rule was set after the start", "不作判定：标准是开始之后才定的"),
    "no_number": Text("no verdict: no number", "不作判定：没有数值"),
}
_SIGNS: dict[str, tuple[str, Callable[[float, float], bool]]] = {
    ">=": ("≥", operator.ge), "≥": ("≥", operator.ge), "<=": ("≤", operator.le), "≤": ("≤", operator.le),
    ">": (">", operator.gt), "<": ("<", operator.lt),
}  # fmt: skip
_RULE = re.compile(r"^(>=|<=|≥|≤|>|<)\s*([-+]?[\d,]*\.?\d+)\s*(%?)$")


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision and what will say whether it worked.

    Attributes
    ----------
    what, who
        What is done, and who answers for it.
    set_on
        Day on which decision and rule were written down.
    kpi
        KPI it is judged by.
    sign, limit
        The rule: ``≥``, ``≤``, ``>`` or ``<``, and a number in the KPI's unit.
    start, end
        Period ``[start, end)`` over which the KPI is measured.
    """

    what: str
    who: str
    set_on: date
    kpi: str
    sign: str
    limit: float
    start: date
    end: date

    @property
    def rule(self) -> str:
        """The rule as people read it."""
        return f"{self.sign} {show(self.limit, lookup(self.kpi).unit)}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a decision.

    Attributes
    ----------
    decision
        The decision.
    value
        The KPI over its period; None while it is not over and where the rule came too late.
    outcome
        ``hit``, ``miss``, ``open``, ``late`` or ``no_number``.
    """

    decision: Decision
    value: Value | None
    outcome: Outcome


def judge(decision: Decision, tables: Tables, on: date) -> Verdict:
    """Return the verdict on a decision as it can be given at the end of `on`.

    A rule written down after its period began could have been fitted to the result, so it gets no verdict.
    """
    if decision.set_on > decision.start:
        return Verdict(decision, None, "late")
    if decision.end > on + timedelta(days=1):
        return Verdict(decision, None, "open")
    value = value_in(Facts(tables), decision.kpi, Window(decision.start, decision.end, tables.meta.end))
    if value.value is None:
        return Verdict(decision, value, "no_number")
    met = _SIGNS[decision.sign][1](round(value.value, 12), decision.limit)
    return Verdict(decision, value, "hit" if met else "miss")


def verdicts(decisions: Iterable[Decision], tables: Tables, on: date) -> list[Verdict]:
    """Return the verdicts on all decisions that were known on `on`."""
    return [judge(one, tables, on) for one in decisions if one.set_on <= on]


def read_decisions(path: str | Path) -> list[Decision]:
    """Return the decisions of a JSON or YAML file: a list with the fields what, who, set_on, kpi, rule, start, end.

    Raises
    ------
    UserError
        A file that cannot be read, a field that is missing or unknown, or a rule that is none.
    """
    return [_decision(item, place) for place, item in read_entries(path)]


def _decision(item: Any, place: str) -> Decision:
    cells = words_of(item, place, FIELDS, FIELDS)
    found = _RULE.match(cells["rule"])
    if found is None:
        raise UserError(
            "{place}: rule {value} is no rule; write a sign and a number, e.g. >= 85%",
            place=place,
            value=cells["rule"],
        )
    sign, number, percent = found.groups()
    limit = float(number.replace(",", "")) / (100 if percent else 1)
    set_on, start, end = (as_date(cells[name], f"{place}: {name}") for name in ("set_on", "start", "end"))
    if end <= start:
        problem = Text(
            "the period ends on {end}, not after its start {start}; correct one of them",
            None,
            start=start,
            end=end,
        )
        raise UserError("{path}: {problem}", path=place, problem=problem)
    kpi = kpi_with(cells["kpi"], limit, lambda _: place).name
    return Decision(cells["what"], cells["who"], set_on, kpi, _SIGNS[sign][0], limit, start, end)


__all__ = ["FIELDS", "OUTCOMES", "Decision", "Outcome", "Verdict", "judge", "read_decisions", "verdicts"]
