"""Goals that serve goals: gaps, orphans and what cannot be a tree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpisim.kpi.goals.goal import Goal
from kpisim.kpi.goals.tree import goal_tree, served_goals
from kpisim.kpi.goals.words import goal_lines
from kpisim.text import UserError

pytestmark = pytest.mark.unit

COMPANY = Goal("year", "C", kpi="revenue_booked", target=1000, level="company")
EAST = Goal("east", "E", kpi="revenue_booked", target=600.1, parent="C", level="team")
WEST = Goal("west", "W", kpi="revenue_booked", target=300.2, parent="C", level="team")
AN = Goal("an", "A", kpi="wins", target=5, parent="E", level="person", weight=2)
BO = Goal("bo", "B", kpi="wins", target=5, level="person")


def test_teams_that_do_not_make_the_company_show_the_gap() -> None:
    tree = goal_tree([AN, WEST, COMPANY, EAST])
    (gap, other) = tree.gaps()
    assert (gap.goal, gap.amount) == (COMPANY, -99.7)
    assert set(gap.children) == {EAST, WEST}
    assert (other.goal, other.children, other.amount) == (EAST, (), None)  # deals won are no bookings
    assert goal_tree([COMPANY, EAST, replace(WEST, target=399.9)]).gaps()[0].amount == 0


def test_a_goal_below_without_a_target_is_named() -> None:
    silent = replace(WEST, target=None)
    (gap, _) = goal_tree([COMPANY, EAST, silent, AN]).gaps()
    assert (gap.children, gap.silent, gap.amount) == ((EAST,), (silent,), -399.9)
    lines = goal_lines(goal_tree([COMPANY, EAST, silent]))
    assert "– C: no target yet below: W" in lines
    (gap,) = goal_tree([COMPANY, silent]).gaps()
    assert (gap.children, gap.silent, gap.amount) == ((), (silent,), None)
    lines = goal_lines(goal_tree([COMPANY, silent]))
    assert "– C: no target yet below: W" in lines
    assert not [line for line in lines if "no goal below" in line or "add up" in line]


def test_a_declared_buffer_is_no_gap() -> None:
    tree = goal_tree([COMPANY, EAST, replace(WEST, target=449.9)])
    assert tree.gaps()[0].amount == 50
    assert tree.gaps(buffer=0.05)[0].amount == 0


def test_rates_are_not_added_up() -> None:
    top = Goal("", "C", kpi="csat", target=0.9, level="company")
    (gap,) = goal_tree([top, Goal("", "E", kpi="csat", target=0.95, parent="C", level="team")]).gaps()
    assert gap.amount is None


def test_orphans_and_alignment() -> None:
    lost = replace(AN, id="L", parent="nowhere", weight=7)
    tree = goal_tree([COMPANY, EAST, AN, BO, lost])
    assert [goal.id for goal in tree.orphans] == ["B", "L"]
    assert tree.roots == (COMPANY,)
    assert tree.alignment == (1 + 2) / (1 + 2 + 1 + 7)  # E and A of E, A, B and L
    assert goal_tree([COMPANY]).alignment is None
    assert goal_tree([COMPANY, replace(EAST, weight=0)]).alignment is None
    assert [(depth, goal.id) for depth, goal in tree.walk()] == [
        (0, "C"),
        (1, "E"),
        (2, "A"),
        (0, "B"),
        (0, "L"),
    ]


def test_goals_are_listed_from_the_company_down() -> None:
    assert [goal.id for goal in goal_tree([AN, WEST, COMPANY, EAST]).goals] == ["C", "W", "E", "A"]


def test_a_goal_may_serve_one_of_its_own_level() -> None:
    tree = goal_tree([COMPANY, EAST, replace(WEST, parent="E")])
    assert [goal.id for goal in tree.children(EAST)] == ["W"]
    assert tree.orphans == ()


def test_without_levels_the_goal_that_is_served_is_the_top() -> None:
    tree = goal_tree([Goal(id="a"), Goal(id="b", parent="a"), Goal(id="c")])
    assert [goal.id for goal in tree.orphans] == ["c"]


@pytest.mark.parametrize(
    ("goals", "words"),
    [
        ([Goal("x")], "goal 1 “x” has no id"),
        ([COMPANY, replace(EAST, id="C")], "goal C: two goals have this id"),
        ([Goal(id="a", parent="b"), Goal(id="b", parent="a")], "a → b → a serve each other"),
        ([Goal(id="a", parent="a")], "a → a"),
        ([BO, replace(COMPANY, parent="B")], r"C \(company\) cannot serve B \(person\)"),
        ([replace(BO, weight=-1)], "goal B: weight -1"),
        ([replace(BO, weight=float("inf"))], "goal B: weight inf"),
        (
            [Goal(id="a", parent="b"), Goal(id="b", parent="c"), Goal(id="c", parent="b")],
            "goals b → c → b serve",
        ),
        ([replace(BO, kpi="winz")], "did you mean wins"),
    ],
)
def test_what_cannot_be_a_tree_is_refused(goals: list[Goal], words: str) -> None:
    with pytest.raises(UserError, match=words):
        goal_tree(goals)


def test_a_kpi_that_measures_no_goal_is_refused() -> None:
    tree = goal_tree([COMPANY, EAST, AN])
    assert served_goals(["revenue_booked", "wins"], tree) == {
        "revenue_booked": (COMPANY, EAST),
        "wins": (AN,),
    }
    with pytest.raises(UserError, match="measures no goal; write csat as the KPI"):
        served_goals(["wins", "csat"], tree)


@given(st.lists(st.integers(0, 8), min_size=1, max_size=9), st.randoms(use_true_random=False))
def test_every_goal_is_shown_once_after_its_parent(parents: list[int], chance: object) -> None:
    # Goal k may only serve an earlier one, so there is no circle.
    goals = [
        Goal(id=str(k), parent=str(parent) if parent < k else "", target=1, kpi="wins")
        for k, parent in enumerate(parents)
    ]
    chance.shuffle(goals)  # type: ignore[attr-defined]
    tree = goal_tree(goals)
    walked = [goal.id for _, goal in tree.walk()]
    assert sorted(walked) == sorted(goal.id for goal in goals)
    for _, goal in tree.walk():
        assert not goal.parent or walked.index(goal.parent) < walked.index(goal.id)
    for gap in tree.gaps():
        assert gap.amount == len(tree.children(gap.goal)) - 1
