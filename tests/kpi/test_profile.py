"""Profiles: other industries, other defaults, one engine; and the files are what the other commands take."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
import yaml

from kpisim.experiment.cache import code_digest
from kpisim.kpi.profile import (
    CURRENCIES,
    industries,
    profile,
    read_profile,
    scenario_of,
    scorecard_of,
    write_profile,
)
from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.scorecard import read_scorecard
from kpisim.scenario import load
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("name", list(industries()))
def test_files_are_read_by_what_reads_scorecards_and_scenarios(name: str, tmp_path: Path) -> None:
    with language("zh"):
        made = profile(name, 7, "EUR")
        places = write_profile(made, tmp_path / "起步")
    assert [place.name for place in places] == ["profile.yaml", "scorecard.yaml", "scenario.yaml"]
    card, scenario = read_scorecard(places[1]), load(places[2])
    assert card.lines == scorecard_of(made).lines
    assert scenario == scenario_of(made)
    assert (scenario.team.size, scenario.currency, scenario.market.season) == (7, "EUR", made.season)
    assert read_profile(places[0]) == made
    assert "教学假设" in places[0].read_text(encoding="utf-8")
    assert math.isclose(sum(line.weight for line in card.lines), 100)
    with pytest.raises(UserError, match="another folder"):
        write_profile(made, tmp_path / "起步")


def test_the_team_carries_what_its_reps_carry() -> None:
    small, large = profile("technology", 5), profile("technology", 10)
    for one, other in zip(small.kpis, large.kpis, strict=True):
        grows = lookup(one.kpi).unit in {"money", "count"}
        assert math.isclose(other.target, one.target * (2 if grows else 1)), one.kpi
    # The quota of a year and rep, by the month.
    assert math.isclose(small.kpis[0].target, load("technology").kpi.quota * 5 / 12)


@pytest.mark.parametrize("name", list(industries()))
def test_money_and_nothing_else_is_counted_in_another_currency(name: str) -> None:
    home, abroad = scenario_of(profile(name, 6)), scenario_of(profile(name, 6, "USD"))
    factor = CURRENCIES["USD"]
    assert math.isclose(abroad.market.deal_value, home.market.deal_value * factor, rel_tol=0.005)
    assert math.isclose(abroad.incentive.base_salary, home.incentive.base_salary * factor, rel_tol=0.005)
    for one, other in zip(home.incentive.bonuses, abroad.incentive.bonuses, strict=True):
        assert math.isclose(other.amount, one.amount * factor, rel_tol=0.005)
        assert other.attainment == one.attainment
    assert abroad.incentive.commission_rate == home.incentive.commission_rate
    assert abroad.market.stages == home.market.stages
    assert abroad.workload == home.workload


def test_two_profiles_differ_in_defaults_and_share_the_engine() -> None:
    before = code_digest.__wrapped__()
    made = {name: profile(name, 8) for name in industries()}
    cards = {tuple((aim.kpi, aim.target, aim.weight) for aim in one.kpis) for one in made.values()}
    assert len(cards) == len(made) >= 4
    assert len({one.season for one in made.values()}) == len(made)
    assert len({scenario_of(one).digest() for one in made.values()}) == len(made)
    # The engine is code, and no profile carries any: the digest that stamps results is the same for all.
    assert code_digest.__wrapped__() == before


def test_other_names_and_wrong_ones() -> None:
    assert profile("医疗器械").industry == "medical_devices"
    assert profile("General Trade").industry == "general_trade"
    for wrong, near in (("retial", "retail"), ("technologie", "technology")):
        with pytest.raises(UserError, match=f"did you mean {near}"):
            profile(wrong)
    with pytest.raises(UserError, match="CNY, USD"):
        profile("retail", 5, "XYZ")
    with pytest.raises(UserError):
        profile("retail", 0)


def test_a_profile_changed_by_hand(tmp_path: Path) -> None:
    place = write_profile(profile("retail", 5), tmp_path)[0]
    data = yaml.safe_load(place.read_text(encoding="utf-8"))
    data["kpis"][1]["weight"] = 77
    place.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    assert read_profile(place).kpis[1].weight == 77
    for path, value, said in (("team_size", -1, "team_size"), ("industry", "retale", "did you mean retail"),
                              ("season", [1], "season")):  # fmt: skip
        place.write_text(yaml.safe_dump({**data, path: value}), encoding="utf-8")
        with pytest.raises(UserError, match=said):
            read_profile(place)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # The first of these ended in a traceback, the second was "not a value of another kind", the third was believed.
        ("method: attainment", "method: goal", "profile.yaml, line 27: kpis.0.method: other ways of scoring"),
        (
            "kpi: revenue_booked",
            "kpi: revenue_boked",
            "profile.yaml, line 24: revenue_boked: no such KPI; did you",
        ),
        (
            "target: 0.5",
            "target: 50",
            "profile.yaml, line 30: repurchase_rate is a share of cases, and 50 is not",
        ),
    ],
)
def test_a_profile_that_cannot_be_meant_is_named_with_its_line(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    place = write_profile(profile("retail", 5), tmp_path)[0]
    text = place.read_text(encoding="utf-8")
    assert old in text
    place.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UserError) as problem:
        read_profile(place)
    assert str(problem.value).startswith(said)
