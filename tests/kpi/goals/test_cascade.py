"""A goal broken down adds up, in time and among people, to the last piece."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpisim.kpi import kpis, measure_values
from kpisim.kpi.goals.cascade import Cascade, Part, break_down, gaps, working_days
from kpisim.kpi.goals.grid import _flow, _largest, spread
from kpisim.scenario import load
from kpisim.scenario.calendar import Calendar
from kpisim.tables import Tables
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Tables]

pytestmark = pytest.mark.unit

SEASON = (7, 5, 8, 9, 9, 10, 8, 8, 9, 9, 11, 7)
PEOPLE = {"east": {"an": 1.0, "bo": 1.0}, "west": {"cai": 1.0}}
SOME = st.floats(0, 1000) | st.integers(0, 12)


def sums(made: Cascade, part: Part) -> tuple[int, int]:
    return sum(one.pieces for one in made.sooner(part)), sum(one.pieces for one in made.below(part))


def test_the_golden_splits() -> None:
    months = [
        part
        for part in break_down("wins", 1200, PEOPLE, 2027, season=SEASON).parts
        if part.level == "company"
    ]
    assert [part.pieces for part in months if part.grain == "month"] == [
        84, 60, 96, 108, 108, 120, 96, 96, 108, 108, 132, 84,
    ]  # fmt: skip
    assert [part.pieces for part in months if part.grain == "quarter"] == [240, 336, 300, 324]
    thirds = break_down("wins", 1000, {"t": {"a": 1, "b": 1, "c": 1}}, 2027)
    assert [part.pieces for part in thirds.below(thirds.part("t", "2027"))] == [334, 333, 333]


def test_weeks_follow_working_days_and_stop_at_the_edge_of_a_month() -> None:
    # January 2027 begins on a Friday: 1 working day, three full weeks and a fourth, 21 in all.
    made = break_down("wins", 2100, {"t": {"a": 1}}, 2027, season=(1, *(0,) * 11))
    weeks = made.sooner(made.part("company", "2027-01"))
    assert [(week.label, week.start.day, week.pieces) for week in weeks] == [
        ("2026-W53", 1, 100),
        ("2027-W01", 4, 500),
        ("2027-W02", 11, 500),
        ("2027-W03", 18, 500),
        ("2027-W04", 25, 500),
    ]
    assert [part.pieces for part in made.parts if part.level == "company" and part.label == "2027-02"] == [0]


def test_holidays_and_swapped_days_move_the_weeks() -> None:
    off = Calendar(holidays=(date(2027, 1, 1), date(2027, 1, 4)), extra_workdays=(date(2027, 1, 9),))
    assert working_days(off, date(2027, 1, 1), date(2027, 2, 1)) == 20
    made = break_down("wins", 2000, {"t": {"a": 1}}, 2027, season=(1, *(0,) * 11), calendar=off)
    weeks = made.sooner(made.part("a", "2027-01"))
    assert [week.pieces for week in weeks] == [0, 500, 500, 500, 500]


def test_a_month_without_a_working_day_goes_by_days() -> None:
    off = Calendar(holidays=tuple(date(2027, 2, day) for day in range(1, 29)))
    made = break_down("wins", 28, {"t": {"a": 1}}, 2027, season=(0, 1, *(0,) * 10), calendar=off)
    assert [week.pieces for week in made.sooner(made.part("a", "2027-02"))] == [7, 7, 7, 7]


def test_the_fiscal_year_may_begin_in_april_and_the_season_still_in_january() -> None:
    made = break_down("wins", 100, {"t": {"a": 1}}, 2027, season=(1, *(0,) * 11), fiscal_year_start=4)
    year = made.part("a", "FY2027")
    assert (year.start, year.end) == (date(2027, 4, 1), date(2028, 4, 1))
    assert [(one.label, one.pieces) for one in made.sooner(year)] == [
        ("FY2027-Q1", 0),
        ("FY2027-Q2", 0),
        ("FY2027-Q3", 0),
        ("FY2027-Q4", 100),
    ]
    assert made.part("a", "2028-01").pieces == 100


def test_a_declared_buffer_is_all_that_is_added() -> None:
    made = break_down("wins", 1000, PEOPLE, 2027, buffers={"company": 0.05, "team": 0.1})
    year = made.part("company", "2027")
    assert (year.pieces, year.handed) == (1000, 1050)
    assert [part.pieces for part in made.below(year)] == [700, 350]
    assert [part.pieces for part in made.below(made.part("east", "2027"))] == [385, 385]
    assert gaps(made) == []
    frame = made.frame()
    assert frame.loc[frame["name"] == "company", "buffer"].head(1).tolist() == [50]


def test_the_frame_says_each_part_in_the_unit_of_the_kpi() -> None:
    made = break_down("revenue_booked", 1000.1, PEOPLE, 2027, buffers={"company": 0.05})
    frame = made.frame()
    [row] = frame[(frame["name"] == "company") & (frame["label"] == "2027")].to_dict("records")
    assert row["target"] == pytest.approx(1000.1)
    assert row["buffer"] == pytest.approx(50.01)  # 50.005 is rounded up
    assert (row["start"], row["end"]) == (pd.Timestamp("2027-01-01"), pd.Timestamp("2028-01-01"))
    table = made.targets(["quarter"])
    assert table.loc[table["level"] != "person", "rep_id"].isna().all()
    assert set(table.loc[table["level"] == "person", "rep_id"]) == {"an", "bo", "cai"}


@pytest.mark.parametrize("target", [0, 1])
def test_nothing_and_a_single_piece_can_be_broken_down(target: int) -> None:
    made = break_down("wins", target, PEOPLE, 2027)
    assert gaps(made) == []
    assert sum(one.pieces for one in made.parts if one.grain == "month" and one.level == "person") == target


def test_working_days_without_a_calendar_are_monday_to_friday() -> None:
    assert [working_days(None, date(2027, 1, day), date(2027, 1, day + 1)) for day in range(4, 11)] == [
        1, 1, 1, 1, 1, 0, 0,
    ]  # fmt: skip
    six = Calendar(workdays=(0, 1, 2, 3, 4, 5))
    assert working_days(six, date(2027, 1, 4), date(2027, 1, 11)) == 6


def test_a_change_by_hand_shows_as_a_gap() -> None:
    made = break_down("wins", 1000, PEOPLE, 2027)
    parts = [part for part in made.parts if not (part.name == "bo" and part.label == "2027")]
    over = {(part.name, part.label): size for part, size in gaps(Cascade("wins", tuple(parts)))}
    assert over == {("east", "2027"): -333}


def test_every_rep_has_quarter_and_month_targets_that_make_the_year() -> None:
    made = break_down("revenue_booked", Decimal("12000000.37"), PEOPLE, 2027, season=SEASON)
    rows = made.targets()
    for rep, year in (("an", 400000012), ("bo", 400000012), ("cai", 400000013)):
        mine = rows[rows["rep_id"] == rep]
        for grain, count in (("quarter", 4), ("month", 12)):
            some = mine[mine["name"] == f"revenue_booked · {grain}"]
            assert len(some) == count
            assert abs(sum(round(value * 100) for value in some["target"]) - year) <= 1
    company = rows[(rows["level"] == "company") & rows["name"].str.endswith("quarter")]
    assert sum(round(value * 100) for value in company["target"]) == 1200000037


def test_the_device_case_gives_each_rep_quarters_and_months_that_sum_right() -> None:
    """Case 1 (A1): the company's year of the ready scenario, its season and its working days."""
    case = load("medical_devices")
    year = next(target.target for target in case.kpi.targets if target.level == "company")
    people = {f"team {t}": {f"rep {t}{n}": 1.0 for n in range(case.team.size // 2)} for t in "ab"}
    made = break_down("revenue_booked", year, people, 2027, season=case.market.season, calendar=case.calendar)
    rows = made.targets(levels=["person"])
    assert len(rows) == case.team.size * (4 + 12)
    assert rows.groupby("rep_id").size().eq(16).all()
    assert set(rows["rep_id"]) == {rep for team in people.values() for rep in team}
    for grain in ("quarter", "month"):
        cents = [round(value * 100) for value in rows.loc[rows["name"].str.endswith(grain), "target"]]
        assert sum(cents) == year * 100
    assert gaps(made) == []


def test_measuring_against_the_rows_counts_each_target_once(make: Make) -> None:
    rows = break_down("revenue_booked", 1200, PEOPLE, 2027).targets()
    order = {"account_id": "k", "rep_id": "an", "booked": date(2027, 5, 3), "value": 300}
    sold = make(start=date(2027, 1, 1), end=date(2028, 1, 1), orders=[order])
    tables = Tables(sold.meta, {**sold.frames, "targets": rows})
    assert measure_values(tables, ["attainment"])["attainment"].value == pytest.approx(0.25)
    assert not rows.duplicated(["name", "rep_id", "period_start"]).any()


@pytest.mark.parametrize("kpi", ["csat", "cycle_days", "collection_rate"])
def test_what_is_not_additive_is_refused(kpi: str) -> None:
    with pytest.raises(UserError, match="does not split") as refused:
        break_down(kpi, 1, PEOPLE, 2027)
    with language("zh"):
        assert kpis()[kpi].zh in str(refused.value)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"target": -1}, "whole number of 0 or more"),
        ({"target": 1.5}, "whole number"),
        ({"target": float("nan")}, "whole number"),
        ({"kpi": "revenue_booked", "target": 1.005}, "2 decimals"),
        ({"people": {}}, "weights"),
        ({"people": {"t": {"a": 0}}}, "not all 0"),
        ({"people": {"t": {"a": 1, "b": -1}}}, "0 or more"),
        ({"people": {"t": {"a": 1}, "u": {"a": 1}}}, "a stands twice"),
        ({"people": {"t": {"t": 1}}}, "t stands twice"),
        ({"season": (1, 2)}, "twelve"),
        ({"season": (0,) * 12}, "not all 0"),
        ({"season": (1,) * 11 + (-1,)}, r"season \[1, .*-1\]"),
        ({"season": (1,) * 11 + (float("inf"),)}, "season .*inf"),
        ({"buffers": {"person": 0.1}}, "buffer person"),
        ({"buffers": {"team": -0.1}}, "share from 0"),
        ({"fiscal_year_start": 13}, "fiscal year start 13 is not a month; give 1 to 12"),
        ({"fiscal_year_start": 0}, "1 to 12"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(more: dict[str, Any], words: str) -> None:
    plan: dict[str, Any] = {"kpi": "wins", "target": 10, "people": PEOPLE, "year": 2027} | more
    with pytest.raises(UserError, match=words):
        break_down(**plan)


def test_a_fiscal_year_may_begin_in_december() -> None:
    made = break_down("wins", 12, PEOPLE, 2027, fiscal_year_start=12)
    year = made.parts[0]
    assert (year.start, year.end) == (date(2027, 12, 1), date(2028, 12, 1))
    assert [one.start.month for one in made.sooner(year)] == [12, 3, 6, 9]


def test_an_unknown_part_names_one_that_is_there() -> None:
    with pytest.raises(UserError, match=r"^nobody, 2027: .* such as company, 2027"):
        break_down("wins", 1, PEOPLE, 2027).part("nobody", "2027")


@given(
    total=st.integers(0, 10**12),
    season=st.lists(SOME, min_size=12, max_size=12).filter(any),
    weights=st.lists(st.lists(SOME, min_size=1, max_size=4), min_size=1, max_size=3).filter(
        lambda teams: any(map(any, teams))
    ),
    first=st.integers(1, 12),
    buffer=st.sampled_from([0, 0.05, 0.333]),
)
@settings(max_examples=25, deadline=None)
def test_any_plan_adds_up_exactly(
    total: int, season: list[float], weights: list[list[float]], first: int, buffer: float
) -> None:
    people = {
        f"t{i}": {f"r{i}{k}": weight for k, weight in enumerate(team)} for i, team in enumerate(weights)
    }
    made = break_down(
        "wins", total, people, 2027, season=season, fiscal_year_start=first, buffers={"company": buffer, "team": buffer}
    )  # fmt: skip
    assert min(part.pieces for part in made.parts) >= 0
    for part in made.parts:
        inside, below = sums(made, part)
        assert part.grain == "week" or inside == part.pieces
        assert part.level == "person" or below == part.handed
        assert abs(part.handed - part.pieces * (1 + (buffer if part.level != "person" else 0))) < 5
    assert gaps(made) == []


@given(st.integers(1, 6), st.integers(1, 6), st.data())
def test_a_grid_is_never_further_off_than_one_piece(n: int, m: int, data: st.DataObject) -> None:
    cells = data.draw(
        st.lists(st.lists(st.integers(0, 10**6), min_size=m, max_size=m), min_size=n, max_size=n)
    )
    rows = [sum(line) for line in cells]
    columns = [sum(line[k] for line in cells) for k in range(m)]
    grid = spread(rows, columns)
    assert [sum(line) for line in grid] == rows
    assert [sum(line[k] for line in grid) for k in range(m)] == columns
    total = sum(rows) or 1
    for row, line in zip(rows, grid, strict=True):
        for column, cell in zip(columns, line, strict=True):
            assert -total < cell * total - row * column < total


def test_a_grid_rounds_up_the_largest_remainders() -> None:
    # In proportion: 2.25 0.75 / 0.75 0.25, so the two cells of 0.75 get the pieces.
    assert spread([3, 1], [3, 1]) == [[2, 1], [1, 0]]
    # One row is the plain split by largest remainder.
    assert spread([10], [3, 7]) == [[3, 7]]


def test_the_largest_remainder_goes_first_and_the_most_in_all_only_from_a_corner() -> None:
    # 5 + 1 begins with the largest, 4 + 4 is more in all.
    assert _largest([1, 1], [1, 1], [[5, 4], [4, 1]]) == [(0, 0), (1, 1)]
    assert _flow([1, 1], [1, 1], [[5, 4], [4, 1]]) == [(0, 1), (1, 0)]
    # After the 5 the second row needs the second column, where nothing is left to round up.
    assert _largest([1, 1], [1, 1], [[5, 4], [4, 0]]) is None
    assert _flow([1, 1], [1, 1], [[5, 4], [4, 0]]) == [(0, 1), (1, 0)]
    # Two to a row, none of them twice; equal ones from the left.
    assert _largest([2, 0], [1, 0, 1], [[3, 9, 3], [9, 9, 9]]) == [(0, 0), (0, 2)]
    assert _largest([1], [1, 1], [[2, 2]]) == [(0, 0)]


def test_a_grid_finds_a_way_where_taking_the_largest_ends_in_a_corner() -> None:
    # Taking the largest first may leave a row and a column that only meet in a cell that is taken.
    corner = 0
    for a in range(1, 7):
        for b in range(1, 7):
            for c in range(1, 7):
                rows, columns = [a, b, c], [c, a, b]
                total = a + b + c
                rest = [[row * column % total for column in columns] for row in rows]
                short = [sum(line) // total for line in rest]
                missing = [sum(line[k] for line in rest) // total for k in range(3)]
                corner += _largest(short, missing, rest) is None
                grid = spread(rows, columns)
                assert [sum(line) for line in grid] == rows
                assert [sum(line[k] for line in grid) for k in range(3)] == columns
    assert corner  # otherwise this test tests nothing


def test_margins_of_different_sums_are_a_bug_of_the_caller() -> None:
    with pytest.raises(ValueError, match="rows add up to 1, columns to 2"):
        spread([1], [2])
