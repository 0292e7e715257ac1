"""Why it is red, what to try, and what the try does in the model: rules in the open, effects played, no network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kpisim.experiment.break_even import BreakEven, break_even, break_even_lines, raises_training
from kpisim.experiment.experiment import compare
from kpisim.kpi.library import card
from kpisim.kpi.library.definition import Words
from kpisim.kpi.registry import kpi
from kpisim.kpi.shown import show, show_change
from kpisim.scenario.library import read_any_yaml
from kpisim.text import Text, t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpisim.kpi.board import Board, BoardRow
    from kpisim.scenario import Scenario

FILE = Path(__file__).with_name("rules.yaml")
REPLICATIONS = 20
MOST = 3
"""Tries shown for one KPI."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A try for KPIs that are red or amber.

    Attributes
    ----------
    name
        Name of the rule, shown with the advice.
    kpis
        KPIs it is for.
    why, attempt
        What may be behind it, and what to try: a manager's judgement, not a finding.
    changes
        Parameter path -> value, ``"×f"`` or ``"+d"``.
    """

    name: str
    kpis: tuple[str, ...]
    why: Text
    attempt: Text
    changes: dict[str, Any]

    def applied(self, scenario: Scenario) -> Scenario | None:
        """Return the scenario with the try in it; None where that changes nothing."""
        values = {path: _changed(scenario.get(path), value) for path, value in self.changes.items()}
        made = scenario.derive(values)
        return None if made == scenario else made


@dataclass(frozen=True, slots=True)
class Advice:
    """One try for one KPI, with its effect in the model.

    Attributes
    ----------
    row
        The KPI on the board: its data are numerator, denominator and n there.
    rule
        Which rule says it.
    mean, p10, p90
        Effect on the KPI over paired runs, in its unit: mean, and the range that 80 % of runs lie in.
    helps
        Share of runs in which the KPI gets better.
    replications
        Runs of each side.
    later
        Of a try that is more training alone: when it pays back.
    """

    row: BoardRow
    rule: Rule
    mean: float
    p10: float
    p90: float
    helps: float
    replications: int
    later: BreakEven | None = None


def rules() -> list[Rule]:
    """Return all rules, in the order of the file."""
    return [
        Rule(
            item["name"],
            tuple(item["for"]),
            Words.model_validate(item["why"]).text(),
            Words.model_validate(item["try"]).text(),
            dict(item["set"]),
        )
        for item in read_any_yaml(FILE)
    ]


def advise(
    board: Board,
    scenario: Scenario,
    replications: int = REPLICATIONS,
    seed: int = 1,
    *,
    workers: int | None = None,
) -> list[Advice]:
    """Return what to try for every red or amber KPI, the most helpful first.

    Parameters
    ----------
    board
        A board with lights.  A KPI without a number gets no advice, nor does a load below its band.
    scenario
        The team the tries are played on: the one that made the tables, or one calibrated to a firm's own.
    replications, seed, workers
        Runs of each side on the same luck, seed, and processes.
    """
    given: list[Advice] = []
    known = rules()
    played: dict[str, Any] = {}
    for row in board.rows:
        if row.scored is None or row.scored.light not in {"red", "amber"} or _too_little(row):
            continue
        tries = []
        for rule in known:
            if row.kpi not in rule.kpis:
                continue
            other = rule.applied(scenario)
            if other is None:
                continue
            if rule.name not in played:
                played[rule.name] = compare(scenario, other, replications, seed, workers=workers)
            versus = played[rule.name]
            effects = (versus.b.values(row.kpi) - versus.a.values(row.kpi)).dropna().to_numpy()
            if len(effects):
                tries.append(_advice(row, rule, effects))
        tries.sort(key=lambda one: -one.helps)
        given += tries[:MOST]
    return [_with_break_even(one, scenario, replications, seed, workers) for one in given]


def _with_break_even(
    one: Advice, scenario: Scenario, replications: int, seed: int, workers: int | None
) -> Advice:
    other = one.rule.applied(scenario)
    if other is None or not raises_training(scenario, other):
        return one
    hours = other.team.training_hours
    # Asked for by several KPIs, it is played once: results are kept by scenario, seed and runs.
    return replace(one, later=break_even(scenario, hours, replications, seed, workers=workers))


def _too_little(row: BoardRow) -> bool:
    """Whether a KPI lies below the band it is best in: the rules take load off, and none brings more work."""
    band = card(row.kpi).band
    return band is not None and row.now.value is not None and row.now.value < band[0]


def _advice(row: BoardRow, rule: Rule, effects: np.ndarray) -> Advice:
    # What is best in a band and asks for something is above it.
    sign = 1.0 if kpi(row.kpi).direction == "higher" else -1.0
    p10, p90 = (float(edge) for edge in np.percentile(effects, [10, 90]))
    return Advice(
        row, rule, float(effects.mean()), p10, p90, float((sign * effects > 0).mean()), len(effects)
    )


def advice_lines(given: Sequence[Advice]) -> list[str]:
    """Return the advice in words, each naming its rule and its data."""
    lines: list[str] = []
    last = ""
    for one in given:
        declared, value = kpi(one.row.kpi), one.row.now
        if one.row.kpi != last:
            last = one.row.kpi
            assert value.value is not None, "a lit KPI has a number"
            assert one.row.scored is not None, "a lit KPI has a target"
            lines.append(
                t(
                    "{name}: {value} against {target} (n = {n})",
                    name=declared.title,
                    value=show(value.value, declared.unit),
                    target=show(one.row.scored.target, declared.unit),
                    n=f"{value.n:,}",
                )
            )
        lines.append(
            t(
                "  {why} Try: {attempt}. In the model {mean}, in 8 of 10 runs {low} to {high}; better in {helps} of {runs} runs (rule {rule}).",
                why=one.rule.why,
                attempt=one.rule.attempt,
                mean=show_change(one.mean, declared.unit),
                low=show_change(one.p10, declared.unit),
                high=show_change(one.p90, declared.unit),
                helps=percent(one.helps, 0),
                runs=one.replications,
                rule=one.rule.name,
            )
        )
        if one.later is not None:
            lines += [f"    {line}" for line in break_even_lines(one.later)]
    if lines:
        lines.append(t("Causes are judgements of ours; effects are runs of the model, with its assumptions."))
    return lines or [t("Nothing is red or amber that these rules have a try for.")]


def _changed(old: Any, wanted: Any) -> Any:
    if isinstance(wanted, str) and wanted[:1] in {"×", "+"}:
        made = old * float(wanted[1:]) if wanted[0] == "×" else old + float(wanted[1:])
        return round(made) if isinstance(old, int) and not isinstance(old, bool) else made
    return wanted


__all__ = ["REPLICATIONS", "Advice", "Rule", "advice_lines", "advise", "rules"]
