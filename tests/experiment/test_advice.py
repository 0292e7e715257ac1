"""Advice names its rule and its data, says what the try does in the model, and is silent where there is no number."""

from __future__ import annotations

from typing import Any

import pytest

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
