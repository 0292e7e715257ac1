"""What the terminal shows of goals, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kpisim.kpi import goals
from kpisim.kpi.goals import (
    Cascade,
    Goal,
    break_down,
    cascade_lines,
    check,
    goal_lines,
    goal_tree,
    new_target,
    smart_lines,
    target_lines,
)
from kpisim.text import language
from kpisim.text.cells import width

pytestmark = pytest.mark.unit

TODAY = date(2027, 5, 12)
PEOPLE = {"华东": {"安": 1.0, "博": 1.0}, "west": {"cai": 1.0}}


def test_every_public_name_is_there() -> None:
    for name in goals.__all__:
        assert getattr(goals, name).__name__ == name
    with pytest.raises(AttributeError, match="nothing"):
        _ = goals.nothing


def test_a_verdict_shows_shape_word_evidence_and_remedy() -> None:
    verdict = check(Goal("华东区提高签约额"), TODAY).overridden("R", "pass", "board meeting", by="An")
    assert smart_lines(verdict) == [
        "华东区提高签约额",
        "S  specific    ✓ pass         签约额, 华东区, 华东",
        "M  measurable  ✗ fail",
        "   → Give a number with its unit for the KPI “Bookings”.",
        "A  achievable  – cannot tell",
        "   → Compare the target with past values or with a simulation; without either nobody can tell.",
        "R  relevant    ✓ pass",
        "   decided by An: board meeting (the rule says: fail)",
        "T  time-bound  ✗ fail",
        "   → Set the last day: a date, a month end or a quarter end.",
    ]
    with language("zh"):
        lines = smart_lines(verdict)
    assert lines[1] == "S  具体    ✓ 通过      签约额、华东区、华东"
    assert "   由An改判：board meeting（规则判定：不通过）" in lines


def test_a_cascade_is_a_table_with_the_year_last() -> None:
    made = break_down("revenue_booked", 1000, PEOPLE, 2027, buffers={"company": 0.05})
    lines = cascade_lines(made)
    assert lines[0] == "Bookings by quarter"
    assert lines[1].split() == ["level", "name", "2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4", "2027"]
    assert lines[2].split() == ["company", "company", *["250.00"] * 4, "1,000.00"]
    assert lines[3].split() == ["team", "华东", *["175.00"] * 4, "700.00"]
    assert [line.split()[1] for line in lines[2:7]] == ["company", "华东", "安", "博", "west"]
    assert len({width(line) for line in lines[1:8]}) == 1
    assert lines[-2:] == [
        "company carries 50.00 more than its target, as declared",
        "All parts add up exactly.",
    ]
    with language("zh"):
        assert cascade_lines(made, "month")[0] == "签约额按月分解"
        assert cascade_lines(made)[-2:] == [
            "company下达时加码50.00（已声明）",
            "各级各期之和均与上级完全一致。",
        ]


def test_weeks_stand_in_one_column_each_and_the_year_once() -> None:
    made = break_down("wins", 520, {"t": {"a": 1}}, 2027)
    weeks = cascade_lines(made, "week")[1].split()[2:-1]
    assert len(weeks) == len(set(weeks)) == 53  # 1 January 2027 is a Friday of 2026-W53
    assert cascade_lines(made, "year")[2].split() == ["company", "company", "520"]


def test_a_cascade_changed_by_hand_says_where() -> None:
    made = break_down("wins", 90, PEOPLE, 2027)
    parts = tuple(
        replace(one, pieces=40) if (one.name, one.label) == ("安", "2027") else one for one in made.parts
    )
    lines = cascade_lines(Cascade("wins", parts))
    assert "华东, 2027: the parts are off by +10" in lines
    assert "安, 2027: the parts are off by −10" in lines
    assert "All parts add up exactly." not in lines


def test_the_tree_shows_gap_orphans_and_alignment() -> None:
    tree = goal_tree(
        [
            Goal("year", "C", kpi="revenue_booked", target=1000, level="company"),
            Goal("", "E", owner="An", kpi="revenue_booked", target=600, parent="C", level="team"),
            Goal("lost", "L", level="person"),
            Goal("sat", "S", kpi="csat", target=0.9, parent="C", level="team"),
            Goal("", "P", kpi="csat", target=0.9, parent="S", level="person"),
            Goal("", "Q", kpi="wins", target=3, parent="E", level="person"),
        ]
    )
    assert goal_lines(tree) == [
        "C | company | year | 1,000.00",
        "  E | team | An | Bookings | 600.00",
        "    Q | person | Deals won | 3",
        "  S | team | sat | 90.0%",
        "    P | person | Customer satisfaction (CSAT) | 90.0%",
        "L | person | lost",
        "✗ C: the goals below are off by −400.00",
        "– E: no goal below carries Bookings",
        "– S: Customer satisfaction (CSAT) does not add up; work it out from its parts",
        "✗ serve no goal: L",
        "80% of the weight is tied to a goal above",
    ]
    with language("zh"):
        assert goal_lines(tree)[-2:] == ["✗ 未挂上级目标：L", "按权重计，80%已对齐上级目标"]


def test_versions_mark_the_one_in_force() -> None:
    history = new_target("q", "wins", 10, date(2027, 1, 1), "plan", author="An", recorded_on=date(2027, 1, 1))
    history = history.changed(8, date(2027, 6, 1), "a customer waits", author="Bo", recorded_on=TODAY)
    lines = target_lines(history, TODAY)
    assert lines[0] == "q | Deals won"
    assert lines[2].split() == ["●", "2027-01-01", "10", "2027-01-01", "An", "plan"]
    assert lines[3].split()[:2] == ["2027-06-01", "8"]
    assert target_lines(history, date(2027, 6, 1))[3].startswith("●")
