"""Advice names its rule and its data, says what the try does in the model, and is silent where there is no number."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from kpisim.experiment import advice
from kpisim.experiment.advice import advice_lines, advise, rules
from kpisim.kpi import kpis
from kpisim.kpi.board import board
from kpisim.kpi.scorecard import Line, Scorecard
from kpisim.model import Model
from kpisim.scenario import library, load
from kpisim.text import language

pytestmark = pytest.mark.functional

SMALL = {"team.size": 3, "calendar.weeks": 26, "calendar.warmup_weeks": 4}


@pytest.mark.parametrize("name", library())
def test_every_rule_is_for_known_kpis_and_can_be_played(name: str) -> None:
    scenario = load(name)
    names = set()
    for rule in rules():
        assert set(rule.kpis) <= set(kpis())
        rule.applied(scenario)
        names.add(rule.name)
    assert len(names) == len(rules())


EFFECTS = {
    "value_first": [-1.0, -1.0, -1.0, -1.0],
    "fewer_papers": [1.0, 1.0, -1.0, 0.0, float("nan")],
    "coach": [float(number) for number in range(11)],
    "more_leads": [1.0, 1.0, 1.0, -1.0],
}


@dataclass(frozen=True)
class Side:
    """One side of a comparison whose runs give what they are told to."""

    effects: tuple[float, ...]

    def values(self, _kpi: str) -> pd.Series[float]:
        """Return a number a run."""
        return pd.Series(self.effects, dtype=float)


@pytest.mark.unit
def test_the_three_tries_that_help_most_often_come_with_their_range(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = load("default").derive(SMALL)
    for_wins = [rule for rule in rules() if "wins" in rule.kpis]
    named = dict(zip(EFFECTS, for_wins, strict=True))
    others = {name: rule.applied(scenario) for name, rule in named.items()}
    asked: list[str] = []

    def compare(a: Any, b: Any, replications: int, seed: int, workers: int | None) -> Any:
        assert (a, replications, seed, workers) == (scenario, 11, 7, 1)
        asked.append(next(name for name, other in others.items() if other == b))
        effects = EFFECTS[asked[-1]]
        return SimpleNamespace(
            a=Side(tuple(100.0 for _ in effects)), b=Side(tuple(100.0 + one for one in effects))
        )

    monkeypatch.setattr(advice, "compare", compare)
    # Revenue shares three of its rules with deals won; nothing is played twice.
    card = Scorecard(lines=(Line(kpi="wins", target=1e6), Line(kpi="revenue_booked", target=1e9)))
    shown = board(Model(scenario, 1, 0).play(), card)
    given = advise(shown, scenario, 11, 7, workers=1)
    assert sorted(asked) == sorted(EFFECTS)
    wins = [one for one in given if one.row.kpi == "wins"]
    assert [(one.rule.name, one.mean, one.p10, one.p90, one.helps, one.replications) for one in wins] == [
        (named["coach"].name, 5.0, 1.0, 9.0, pytest.approx(10 / 11), 11),
        (named["more_leads"].name, 0.5, pytest.approx(-0.4), 1.0, 0.75, 4),
        (named["fewer_papers"].name, 0.25, pytest.approx(-0.7), 1.0, 0.5, 4),
    ]
    assert len(given) == 6
    said = advice_lines(given)
    assert [line.startswith("  ") for line in said] == [False, True, True, True] * 2 + [False]
    assert (
        "In the model +5, in 8 of 10 runs +1 to +9; better in 91% of 11 runs"
        in said[next(place for place, line in enumerate(said) if line.startswith("Deals won")) + 1]
    )


@pytest.mark.unit
def test_a_change_keeps_whole_numbers_whole() -> None:
    changed = advice._changed
    assert [changed(4, "×0.67"), changed(6, "+1"), changed(0.5, "×3"), changed(0.5, "+0.25")] == [
        3,
        7,
        1.5,
        0.75,
    ]
    assert isinstance(changed(4, "×0.67"), int)
    assert [changed(False, True), changed("a", "b"), changed(1.0, 2.0)] == [True, "b", 2.0]


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_advice_for_what_is_red_and_only_for_that(lang: Any) -> None:
    scenario = load("default").derive(SMALL)
    tables = Model(scenario, 1, 0).play()
    lines = (
        Line(kpi="revenue_booked", target=1e9),
        Line(kpi="workload", target=0.9),
        Line(kpi="customer_retention", target=0.01),
        Line(kpi="employee_satisfaction", target=0.8),
    )
    shown = board(tables, Scorecard(lines=lines))
    given = advise(shown, scenario, replications=3, workers=1)
    told = {one.row.kpi for one in given}
    assert "revenue_booked" in told
    # Retention is green, and nobody was asked for employee satisfaction: no light, no advice.
    assert not told & {"customer_retention", "employee_satisfaction"}
    for one in given:
        assert one.p10 <= one.mean <= one.p90 or one.p10 == pytest.approx(one.p90)
        assert one.row.kpi in one.rule.kpis
    with language(lang):
        said = "\n".join(advice_lines(given))
    assert all(one.rule.name in said for one in given)
    assert "n = " in said
    assert "{" not in said


def test_less_load_is_better_for_a_team_above_its_band_and_no_try_for_one_below() -> None:
    over = load("default").derive(
        {**SMALL, "calendar.weeks": 13, "workload.admin_per_day": 20, "workload.policy": "value_per_hour"}
    )
    target = Scorecard(lines=(Line(kpi="workload", target=0.9),))
    shown = board(Model(over, 1, 0).play(), target)
    (row,) = (one for one in shown.rows if one.kpi == "workload")
    assert row.now.value is not None
    assert row.now.value > 1.1
    given = {one.rule.name: one for one in advise(shown, over, replications=2, workers=1)}
    # A third of the paperwork less is less load in every run, and that is better.
    assert given["fewer_papers"].p90 < 0
    assert given["fewer_papers"].helps == 1
    idle = over.derive({"workload.admin_per_day": 0, "market.leads_per_rep_week": 0.5})
    shown = board(Model(idle, 1, 0).play(), target)
    (row,) = (one for one in shown.rows if one.kpi == "workload")
    assert row.scored is not None
    assert row.scored.light == "red"
    # "There is more work than hours" would be said of a team with too little to do.
    assert advise(shown, idle, replications=2, workers=1) == []


@pytest.mark.slow
def test_advice_to_train_says_when_it_has_paid_back() -> None:
    scenario = load("default").derive(SMALL)
    shown = board(
        Model(scenario, 1, 0).play(), Scorecard(lines=(Line(kpi="conversion_closed", target=0.99),))
    )
    given = advise(shown, scenario, replications=3, workers=1)
    train = [one for one in given if one.rule.name == "train"]
    assert train
    assert all((one.later is not None) == (one.rule.name == "train") for one in given)
    with language("zh"):
        assert "回本时间" in "\n".join(advice_lines(train))


def test_nothing_red_nothing_advised() -> None:
    scenario = load("default").derive(SMALL)
    tables = Model(scenario, 1, 0).play()
    shown = board(tables, Scorecard(lines=(Line(kpi="customer_retention", target=0.01),)))
    assert advise(shown, scenario, replications=2) == []
    assert len(advice_lines([])) == 1


def test_a_try_that_changes_nothing_is_left_out() -> None:
    rule = next(rule for rule in rules() if rule.name == "read_back")
    assert rule.applied(load("default").derive({"communication.read_back": True})) is None
