"""The board half-way: the quarter it shows is the one that is played on, and its lights are those of all runs."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from kpisim.course.halfway import BoardLine, gathered, halfway_board, notes
from kpisim.course.rounds import Reading, Round, a_round
from kpisim.experiment.one import play
from kpisim.kpi import measure_values
from kpisim.scenario.fields import Section
from kpisim.show.halfway import adjustment_html, finding, halfway_html
from kpisim.text import language

pytestmark = pytest.mark.functional

DAY = date(2027, 4, 1)
FIRST = {"incentive.commission_rate": 0.05, "team.training_hours": 4}


def small() -> Round:
    played = a_round("quarters")
    return played.model_copy(update={"sets": played.sets | {"calendar.warmup_weeks": 4, "team.size": 3}})


def numbers(scenario: Any, played: Round) -> dict[str, float | None]:
    tables = play(scenario, 1, 0)
    values = measure_values(tables, played.board, scenario.calendar.start, DAY)
    return {name: one.value for name, one in values.items()}


def test_however_it_goes_on_its_first_quarter_is_that_of_the_board() -> None:
    played = small()
    board = {line.kpi: line.value for line in halfway_board(played, FIRST, replications=2, workers=1)}
    for second in (
        FIRST,
        {"incentive.commission_rate": 0.0, "team.training_hours": 8, "workload.admin_per_day": 2},
    ):
        whole = played.adjusted(FIRST).decided(second)
        assert numbers(whole, played) == board


def test_what_is_adjusted_counts_from_the_second_quarter_on_and_what_is_not_changes_nothing() -> None:
    played = small()
    begun = played.decided(FIRST)
    assert played.adjusted(FIRST).decided(FIRST).digest() == begun.digest()
    assert played.adjusted(FIRST).decided({}).digest() == begun.digest()
    later = played.adjusted(FIRST).decided({"incentive.commission_rate": 0.02, "team.training_hours": 8})
    assert later.at(date(2027, 3, 31)).incentive.commission_rate == 0.05
    assert later.at(date(2027, 3, 31)).team.training_hours == 4
    assert later.at(DAY).incentive.commission_rate == 0.02
    assert later.at(DAY).team.training_hours == 8
    weeks = [one.set for one in later.changes if one.at == DAY]
    assert weeks == [{"incentive.commission_rate": 0.02, "team.training_hours": 8}]


def test_an_adjustment_moves_the_second_quarter() -> None:
    played = small()
    same = play(played.adjusted({}).decided({}), 1, 0)
    other = play(played.adjusted({}).decided({"workload.admin_per_day": 7}), 1, 0)
    load = [measure_values(one, ["workload"], DAY)["workload"].value for one in (same, other)]
    assert load[0] is not None
    assert load[1] is not None
    assert load[1] > load[0]


def line(kpi: str, light: Any, attained: float | None = None, **lights: int) -> BoardLine:
    return BoardLine(kpi, 0.5, None if attained is None else 1.0, attained, light, lights)


def test_lights_of_all_runs_are_counted_and_only_where_there_is_a_target() -> None:
    runs = [
        [line("csat", "red", 0.6), line("workload", "none")],
        [line("csat", "green", 1.1), line("workload", "none")],
        [line("csat", "red", 0.7), line("workload", "none")],
    ]
    first, second = gathered(runs)
    assert (first.light, first.attained, first.lights) == ("red", 0.6, {"red": 2, "green": 1})
    assert second.lights == {}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_board_says_what_is_furthest_away_and_how_many_runs_said_so(lang: Any) -> None:
    lines = [
        line("csat", "red", 0.6, red=12, green=8),
        line("revenue_booked", "amber", 0.95, amber=5, green=15),
        line("workload", "none"),
    ]
    with language(lang):
        page = halfway_html(lines, DAY)
        told = finding(lines, DAY)
    assert told in page
    assert {
        "zh": "2盏灯里1盏亮红，离目标最远的是客户满意度",
        "en": "1 of 2 lights red, Customer satisfaction",
    }[lang] in told
    green, red = {"zh": ("绿灯", "红灯预警"), "en": ("green", "red: alert")}[lang]
    assert page.index(f"● {green} ×8") < page.index(f"■ {red} ×12")
    assert {"zh": "20种开局", "en": "one of 20 beginnings"}[lang] in page
    # A KPI without a target has no light, and none is missing.
    assert page.count("<td") == 6 * len(lines)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_the_adjustment_did_says_decision_or_luck(lang: Any) -> None:
    sure = Reading("csat", 0.7, 0.8, 0.6, 0.9, 0.1, 0.05, 0.15, None, None)
    luck = Reading("revenue_booked", 1e6, 1.1e6, 1e6, 2e6, 1e5, -1e5, 3e5, None, None)
    with language(lang):
        page = re.sub("<[^>]+>", "", adjustment_html([sure, luck]))
        assert {"zh": "+10.0个百分点；决策的作用", "en": "+10.0 points; decision"}[lang] in page
        assert {"zh": "可能只是运气", "en": "could be luck"}[lang] in page
        assert {"zh": "没有做调整", "en": "nothing was adjusted"}[lang] in adjustment_html([])


def test_nothing_red_and_nothing_aimed_at_are_said_so() -> None:
    with language("en"):
        assert finding([line("csat", "green", 1.2)], DAY) == "Half-way, 1 Apr 2027: every target is reached"
        amber = [line("csat", "amber", 0.95), line("revenue_booked", "green", 1.2)]
        assert "no red light, 1 of 2 amber" in finding(amber, DAY)
        assert "no target" in finding([line("workload", "none")], DAY)


def test_the_notes_begin_with_what_is_red() -> None:
    kept = [
        {"kpi": "csat", "light": "amber"},
        {"kpi": "workload", "light": "none"},
        {"kpi": "cycle_days", "light": "red"},
    ]
    with language("en"):
        assert [row["light"] for row in notes(kept)] == ["red", "amber"]
    assert notes([{"kpi": "csat", "light": "green"}]) == []


def test_a_board_needs_its_day() -> None:
    raw = a_round("quarters").model_dump(by_alias=True) | {"halfway": None}
    with pytest.raises(ValueError, match="board"):
        Round.model_validate(raw)
    assert issubclass(Round, Section)
