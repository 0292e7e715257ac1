"""Scorecards: every way of scoring, weights, gates, lights, roll-up and warnings, by numbers worked out on paper."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpisim.kpi.board import board, board_lines
from kpisim.kpi.library import card
from kpisim.kpi.scorecard import Line, Scorecard, read_scorecard, score_values, warnings
from kpisim.kpi.value import Value
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit

DAY = date(2027, 3, 31)


def value(kpi: str, number: float | None) -> Value:
    reason = None if number is not None else "no_base"
    return Value(kpi, number, None, None, 10, "share", date(2027, 1, 1), date(2027, 4, 1), "x", reason)  # type: ignore[arg-type]


def score(*lines: Line, **numbers: float | None) -> Any:
    return score_values(
        Scorecard(lines=lines), {name: value(name, number) for name, number in numbers.items()}, DAY
    )


@pytest.mark.parametrize(
    ("line", "actual", "own", "points"),
    [
        ({"target": 100.0}, 80.0, 80.0, 80.0),
        ({"target": 100.0}, 150.0, 120.0, 120.0),
        ({"target": 100.0, "cap": 150.0}, 140.0, 140.0, 140.0),
        ({"target": 100.0}, -5.0, 0.0, 0.0),
        ({"target": 700.0, "method": "goal", "red": 500.0}, 600.0, 5.0, 50.0),
        ({"target": 700.0, "method": "goal", "red": 500.0}, 900.0, 10.0, 100.0),
        ({"target": 200.0, "method": "minmax", "baseline": 0.0}, 50.0, 0.25, 25.0),
        ({"target": 150.0, "method": "progress", "baseline": 100.0}, 130.0, 0.6, 60.0),
        ({"target": 150.0, "method": "progress", "baseline": 100.0}, 90.0, 0.0, 0.0),
        ({"target": 150.0, "method": "okr", "baseline": 100.0}, 135.0, 0.7, 70.0),
        ({"target": 100.0, "method": "steps", "floor": 80.0, "stretch": 120.0}, 90.0, 80.0, 80.0),
        ({"target": 100.0, "method": "steps", "floor": 80.0, "stretch": 120.0}, 79.0, 0.0, 0.0),
        ({"target": 100.0, "method": "plus_minus", "step": 10.0, "points": 5.0}, 80.0, 90.0, 90.0),
        ({"target": 100.0, "method": "plus_minus", "step": 1.0, "points": 5.0}, 80.0, 0.0, 0.0),
        ({"target": 200.0, "method": "minmax", "baseline": 0.0}, 500.0, 1.0, 100.0),
    ],
)
def test_each_way_of_scoring(line: dict[str, Any], actual: float, own: float, points: float) -> None:
    (made,) = score(Line(kpi="revenue_booked", **line), revenue_booked=actual).lines
    assert (made.score, made.points) == (pytest.approx(own), pytest.approx(points))


@pytest.mark.parametrize(("days", "points"), [(5.0, 100.0), (7.0, 90.0), (3.0, 110.0)])
def test_plus_and_minus_turn_round_where_less_is_better(days: float, points: float) -> None:
    line = Line(kpi="cycle_days", target=5, method="plus_minus", step=2.0, points=10.0)
    assert score(line, cycle_days=days).lines[0].points == pytest.approx(points)


@pytest.mark.parametrize(
    "line",
    [
        {},
        {"method": "goal", "red": 50.0},
        {"method": "minmax", "baseline": 0.0},
        {"method": "steps", "floor": 80.0, "stretch": 120.0},
        {"method": "plus_minus", "step": 10.0, "points": 5.0},
    ],
)
def test_without_a_number_nothing_is_scored_and_the_reason_stays(line: dict[str, Any]) -> None:
    wanted = Line(kpi="revenue_booked", target=100.0, objective="grow", **line)
    made = score(wanted, revenue_booked=None)
    (one,) = made.lines
    assert (one.actual, one.attained, one.score, one.points, one.light) == (None, None, None, None, "none")
    assert (one.reason, one.n, one.method, one.objective) == ("no_base", 10, wanted.method, "grow")
    assert (made.total, made.objectives) == (None, {"grow": None})
    (absent,) = score(wanted).lines
    assert (absent.reason, absent.n) == ("no_data", 0)


def test_objectives_are_means_of_their_own_lines() -> None:
    lines = (
        Line(kpi="revenue_booked", target=100, objective="grow", weight=3),
        Line(kpi="wins", target=10, objective="grow", weight=1),
        Line(kpi="csat", target=1.0, objective="please"),
    )
    made = score(*lines, revenue_booked=100.0, wins=6.0, csat=0.5)
    assert made.objectives == {"grow": pytest.approx(90.0), "please": pytest.approx(50.0)}
    assert (made.lines[0].actual, made.lines[0].n) == (100.0, 10)
    assert (made.name, made.on) == (Scorecard(lines=lines).name, DAY)


def test_a_line_may_draw_its_own_lines_of_green_and_amber() -> None:
    lights = [
        score(Line(kpi="csat", target=1.0, green=0.8, amber=0.6), csat=number).lines[0].light
        for number in (0.8, 0.79, 0.6, 0.59)
    ]
    assert lights == ["green", "amber", "amber", "red"]


def test_progress_back_is_shown_though_it_scores_nothing() -> None:
    line = Line(kpi="revenue_booked", target=150, method="progress", baseline=100)
    (made,) = score(line, revenue_booked=90.0).lines
    assert (made.way, made.score) == (pytest.approx(-0.2), 0.0)


@pytest.mark.parametrize(("form", "actual", "attained"), [("mirror", 6.0, 0.8), ("inverse", 6.0, 5 / 6)])
def test_less_is_better(form: Any, actual: float, attained: float) -> None:
    (made,) = score(Line(kpi="cycle_days", target=5, cost_form=form), cycle_days=actual).lines
    assert made.attained == pytest.approx(attained)


@pytest.mark.parametrize(
    ("load", "attained"), [(0.9, 1.0), (0.8, 1.0), (1.0, 1.0), (1.05, 0.5), (0.75, 0.5), (1.4, 0.0)]
)
def test_a_band_is_best_inside(load: float, attained: float) -> None:
    (made,) = score(Line(kpi="workload", target=0.9), workload=load).lines
    assert made.attained == pytest.approx(attained)


def test_weights_are_shared_out_when_a_number_is_missing() -> None:
    lines = [Line(kpi=kpi, target=100, weight=weight) for kpi, weight in
             (("revenue_booked", 0.4), ("new_customers", 0.2), ("csat", 0.2), ("wins", 0.2))]  # fmt: skip
    made = score(*lines, revenue_booked=110.0, new_customers=80.0, csat=None, wins=95.0)
    assert made.total == pytest.approx(98.75)  # the golden vector; zero-filling would give 79
    assert [round(line.weight, 4) for line in made.lines] == [0.5, 0.25, 0.0, 0.25]
    assert made.lines[2].light == "none"


def test_perspectives_stand_beside_the_total() -> None:
    made = score(Line(kpi="revenue_booked", target=100, weight=3), Line(kpi="csat", target=1.0, weight=1),
                 revenue_booked=120.0, csat=0.4)  # fmt: skip
    assert made.perspectives == {"financial": pytest.approx(120.0), "customer": pytest.approx(40.0)}
    assert made.total == pytest.approx(100.0)


def test_a_red_gate_holds_the_total_at_100() -> None:
    lines = (
        Line(kpi="revenue_booked", target=100, weight=9),
        Line(kpi="csat", target=1.0, weight=1, gate=True),
    )
    assert score(*lines, revenue_booked=120.0, csat=0.95).total == pytest.approx(117.5)
    held = score(*lines, revenue_booked=120.0, csat=0.5)
    assert (held.total, held.gated) == (100.0, ("csat",))
    low = score(*lines, revenue_booked=50.0, csat=0.5)
    assert low.total == pytest.approx(50.0)
    assert low.gated == ()


@pytest.mark.parametrize(
    ("actual", "shown"), [(1.0, "green"), (0.95, "amber"), (0.9, "amber"), (0.899, "red")]
)
def test_lights_are_read_from_the_top(actual: float, shown: str) -> None:
    (made,) = score(Line(kpi="csat", target=1.0), csat=actual).lines
    assert made.light == shown
    assert made.wants_note == (shown == "red")


def test_stale_is_never_green() -> None:
    card = Scorecard(lines=(Line(kpi="csat", target=0.8),))
    (made,) = score_values(card, {"csat": value("csat", 0.9)}, DAY, ["csat"]).lines
    assert made.light == "stale"


def test_a_line_counts_between_its_dates() -> None:
    lines = (Line(kpi="csat", target=0.8, until=DAY), Line(kpi="csat", target=0.6, since=DAY))
    (made,) = score(*lines, csat=0.6).lines
    assert made.target == 0.6


@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=6), st.floats(0.1, 50))
def test_the_scale_of_weights_does_not_matter(weights: list[float], factor: float) -> None:
    kpis = ["revenue_booked", "wins", "new_customers", "csat", "order_value", "complaints"]
    numbers: dict[str, float | None] = {kpi: 50.0 + 10 * place for place, kpi in enumerate(kpis)}
    totals = [
        score(
            *(Line(kpi=kpi, target=100, weight=w * f) for kpi, w in zip(kpis, weights, strict=False)),
            **numbers,
        ).total
        for f in (1.0, factor)
    ]
    assert totals[0] == pytest.approx(totals[1])


def test_warnings_name_what_is_lopsided() -> None:
    money = Scorecard(lines=(Line(kpi="revenue_booked", target=1, weight=1),))
    said = [str(text) for text in warnings(money)]
    assert [line.split(" ")[0] for line in said] == ["Every", "Bookings", "Every"]
    many = Scorecard(lines=tuple(Line(kpi=kpi, target=1) for kpi in
                     ("revenue_booked", "csat", "wins", "new_customers", "complaints", "cycle_days", "workload", "pay_cost")))  # fmt: skip
    said = [str(text) for text in warnings(many)]
    assert any("8 KPIs" in line for line in said)
    assert any(line.startswith("Pay cannot be moved") for line in said)
    even = Scorecard(
        lines=tuple(Line(kpi=kpi, target=1) for kpi in ("revenue_booked", "csat", "new_opportunities"))
    )
    assert warnings(even) == []


SEVEN = ("revenue_booked", "csat", "wins", "new_customers", "complaints", "cycle_days", "new_opportunities")


@pytest.mark.parametrize(("weights", "said"), [
    ((0.4, 0.3, 0.3), []),
    # In whole per cent it read "weighs 40%, above 40%".
    ((0.404, 0.3, 0.296), ["Bookings weighs 40.4%, above 40%: what is not counted will be neglected."]),
    ((0.41, 0.3, 0.29), ["Bookings weighs 41.0%, above 40%: what is not counted will be neglected."]),
    ((0.4, 0.4, 0.15, 0.05), []),
    ((0.4, 0.4, 0.16, 0.04), ["New customers weighs 4.0%, below 5%: nobody will notice it."]),
    ((0.4, 0.3, 0.3, 0.0), []),
    ((1.0,) * 7, []),
])  # fmt: skip
def test_warnings_begin_just_beyond_the_limits(weights: tuple[float, ...], said: list[str]) -> None:
    lines = tuple(Line(kpi=kpi, target=1, weight=weight) for kpi, weight in zip(SEVEN, weights, strict=False))
    found = [str(text) for text in warnings(Scorecard(lines=lines)) if "moved" not in str(text)]
    assert found == said


def test_at_company_level_everything_can_be_moved() -> None:
    lines = (
        Line(kpi="pay_cost", target=1),
        Line(kpi="csat", target=1),
        Line(kpi="new_opportunities", target=1),
    )
    below, above = (warnings(Scorecard(lines=lines, level=level)) for level in ("team", "company"))
    (moved,) = [str(text) for text in below if str(text).startswith("Pay cannot be moved")]
    assert moved.endswith(": " + str(card("pay_cost").influence.text()) + ".")
    assert above == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("lines: [{kpi: csta, target: 1}]", "card.yaml, line 1: csta: no such KPI; did you mean csat"),
        (
            "lines:\n  - kpi: csat\n    target: 80",
            "card.yaml, line 3: csat is a share of cases, and 80 is not",
        ),
        (
            "lines:\n  - {kpi: revenue_booked, target: 0.8}",
            "card.yaml, line 2: 0.8 for revenue_booked is less than 1 in money; write the whole amount, e.g. 800000",
        ),
        ("lines: [{kpi: csat, target: 1, method: goal, red: 1}]", "no length"),
        ("lines: [{kpi: csat, target: 1, method: okr, baseline: 1}]", "no length"),
        ("lines: [{kpi: csat, target: 0.8, method: steps, floor: 0.8, stretch: 0.9}]", "must rise"),
        ("lines: [{kpi: csat, target: 0.8, method: steps, floor: 0.7, stretch: 0.6}]", "must rise"),
        ("lines: [{kpi: csat, target: 1, since: 2027-04-01, until: 2027-04-01}]", "ends before it begins"),
        ("lines: []", "fewer than 1"),
        ("lines: [{kpi: csat, target: 1, weight: 0}]", "all weights are 0"),
        ("lines: [{kpi: csat, target: 1, method: goal}]", "red"),
        ("lines: [{kpi: csat, target: 1}, {kpi: csat, target: 2}]", "twice"),
        ("lines: [{kpi: csat, target: high}]", "not a number"),
        ("lines: [{kpi: csat, target: 1, amber: 1.1}]", "amber"),
        ("lines: [{kpi: csat, target: 1, wieght: 1}]", "weight"),
        ("lines: [{kpi: csat}]", "line 1: lines.0.target: is missing; add it"),
        ("lines: [{kpi: csat, traget: 1}]", "did you mean lines.0.target?"),
        ("kpis: [{kpi: csat, target: 1}]", "kpis: unknown parameter; known names: level, lines, name"),
    ],
)
def test_a_wrong_scorecard_gets_one_line(text: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "card.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as problem:
        read_scorecard(file)
    assert says in str(problem.value)


def team(make: Any) -> Any:
    return make(
        start=date(2027, 1, 1),
        end=date(2027, 7, 1),
        reps=[{"rep_id": "a", "hired": "2026-01-01"}, {"rep_id": "b", "hired": "2026-01-01", "left": "2027-05-16"}],
        orders=[
            {"rep_id": "a", "account_id": "k1", "booked": "2027-02-03", "value": 300.0},
            {"rep_id": "a", "account_id": "k1", "booked": "2027-05-03", "value": 120.0},
            {"rep_id": "b", "account_id": "k2", "booked": "2027-06-29", "value": 60.0},
        ],
        targets=[
            {"name": "revenue", "kpi": "revenue_booked", "level": "person", "rep_id": rep, "period_start": "2027-04-01",
             "period_end": "2027-07-01", "target": 91.0, "weight": 0.6}
            for rep in ("a", "b")
        ],
    )  # fmt: skip


def test_the_board_takes_the_last_quarter_and_the_targets_of_the_table(make: Any) -> None:
    shown = board(team(make))
    assert (shown.period.start, shown.period.end) == (date(2027, 4, 1), date(2027, 7, 1))
    row = next(row for row in shown.rows if row.kpi == "revenue_booked")
    assert (row.now.value, row.change) == (180.0, -120.0)
    assert row.scored is not None
    # b was there for 45 of the 91 days of the quarter: 91 + 45.
    assert row.scored.target == pytest.approx(136.0)
    assert row.trend == "same"  # one order of 300 against two of 180 together is no fall


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("Board: 2027-04-01", "● green")), ("zh", ("看板：2027-04-01", "● 绿灯"))]
)
def test_the_board_in_words(make: Any, lang: Any, words: tuple[str, ...]) -> None:
    with language(lang):
        text = "\n".join(board_lines(board(team(make))))
    for word in words:
        assert word in text


def test_no_number_on_the_board_says_why(make: Any) -> None:
    lines = board_lines(board(team(make), names=["repurchase_rate", "csat"]))
    [line] = [one for one in lines if "Repurchase" in one]
    assert "too early to tell" in line


def test_the_board_tells_how_much_of_the_weight_is_financial(make: Any) -> None:
    assert "Weight: financial 100.0%, not financial 0.0%" in board_lines(board(team(make)))
    with language("zh"):
        assert "权重：财务类100.0%，非财务类0.0%" in board_lines(board(team(make)))


def leads(made: str, number: int, won: int, still_open: int) -> list[dict[str, Any]]:
    status = ["won"] * won + ["open"] * still_open + ["lost"] * (number - won - still_open)
    return [
        {"created": made, "status": one, "closed": None if one == "open" else "2027-06-25"} for one in status
    ]


@pytest.mark.parametrize(
    ("still_open", "expected"),
    [(0, "worse"), (19, "worse"), (20, "early"), (80, "early")],
)
def test_a_rate_of_new_cases_is_no_worse_while_its_open_ones_may_still_be_won(
    make: Any, still_open: int, expected: str
) -> None:
    """Forty of a hundred were won before, twenty now: with twenty open ones it may yet be the same."""
    rows = leads("2027-02-01", 100, 40, 0) + leads("2027-06-14", 100, 20, still_open)
    shown = board(make(end=date(2027, 7, 1), opportunities=rows), names=["conversion_created"])
    assert [row.trend for row in shown.rows] == [expected]
    assert ("too early" in "\n".join(board_lines(shown))) == (expected == "early")


@pytest.mark.parametrize(("now", "expected"), [(4, "same"), (5, "worse")])
def test_fewer_than_five_cases_move_nothing(make: Any, now: int, expected: str) -> None:
    rows = [
        {"opened": f"2027-02-0{k + 1}", "handling": "quick"} for k in range(5)
    ] + [{"opened": f"2027-05-0{k + 1}", "handling": "slow"} for k in range(now)]  # fmt: skip
    shown = board(make(end=date(2027, 7, 1), complaints=rows), names=["complaint_quick_rate"])
    assert [row.trend for row in shown.rows] == [expected]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ([250.0], [239.0], "same"),
        ([100.0] * 4, [100.0], "same"),  # 300 apart, 1.96 times the root of 4 * 100² + 100² is 438
        ([100.0] * 8, [100.0], "worse"),  # 700 apart, the noise reaches 588
        ([250.0] * 5, [239.0] * 5, "worse"),  # of more amounts the arrow says what moved
    ],
)
def test_a_sum_of_a_few_amounts_must_stand_out_from_noise(
    make: Any, before: list[float], now: list[float], expected: str
) -> None:
    rows = [
        {"account_id": f"A{k}", "booked": f"2027-{day}{k + 1}", "value": value}
        for day, values in (("02-0", before), ("06-0", now))
        for k, value in enumerate(values)
    ]
    tables = make(start=date(2027, 1, 1), end=date(2027, 7, 1), orders=rows)
    shown = board(tables, names=["revenue_booked"])
    assert [row.trend for row in shown.rows] == [expected]


def test_a_board_stops_where_an_export_stopped_taking_in_cases(make: Any) -> None:
    rows = [
        {"created": f"2027-0{month}-15", "status": "lost", "closed": "2027-08-30"} for month in (1, 2, 3, 4)
    ]
    tables = make(end=date(2027, 9, 1), opportunities=rows)
    shown = board(tables)
    assert shown.stopped == date(2027, 4, 15)
    # April is no whole month with new cases any more.
    assert (shown.period.start, shown.period.end) == (date(2027, 3, 1), date(2027, 4, 1))
    assert "No new record after 2027-04-15" in "\n".join(board_lines(shown))
    assert board(make(end=date(2027, 5, 16), opportunities=rows[:4])).stopped is None


def test_a_table_without_targets_has_a_board_without_lights(make: Any) -> None:
    tables = make(orders=[{"account_id": "a", "booked": "2027-01-04", "value": 100.0}])
    shown = board(tables)
    assert shown.scored is None
    assert all(row.scored is None for row in shown.rows)
    assert not any("green" in line for line in board_lines(shown))
