"""Which guess moves which KPI: the estimators on functions with known answers, the ranges, and the command."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from kpisim.cli import main
from kpisim.experiment import guesses as room
from kpisim.experiment import screening
from kpisim.experiment.one import outcome, variant
from kpisim.experiment.screening import DUMMY, LUCK, Factor, Sensitivity
from kpisim.experiment.screening_words import closing, lines, sorted_out
from kpisim.scenario import Scenario
from kpisim.scenario.declared import Parameter, parameters
from kpisim.scenario.fields import Section, par
from kpisim.text import UserError, language, set_language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

SMALL = {"calendar.weeks": 4, "calendar.warmup_weeks": 1, "team.size": 2}


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    """The command line sets the language for good."""
    yield
    set_language("en")


def guesses(*bounds: tuple[float, float]) -> list[Factor]:
    return [
        Factor(f"x{place}", low, high, (low + high) / 2, "", "") for place, (low, high) in enumerate(bounds)
    ]


def number(rows: pd.DataFrame, path: str, column: str) -> float:
    return float(rows[column][path])


@pytest.mark.theory
def test_morris_finds_the_slopes_of_a_plane() -> None:
    chosen = guesses((0.0, 1.0), (0.0, 2.0), (1.0, 3.0))
    design = screening._morris_design(chosen, 6, 1)
    values = (10.0 + design @ np.array([3.0, -2.0, 0.0]))[:, None]
    found = screening._morris(chosen, design, values, ["kpi"], 1).set_index("path")
    # An elementary effect is the slope times the whole range.
    assert found.loc["x0", "mu_star"] == pytest.approx(3.0)
    assert found.loc["x1", "mu"] == pytest.approx(-4.0)
    assert found.loc["x2", "mu_star"] == pytest.approx(0.0)
    assert found.loc["x2", "verdict"] == "hardly matters"


@pytest.mark.theory
def test_sobol_indices_of_the_ishigami_function() -> None:
    """S1 = (.3139, .4424, 0), ST = (.5576, .4424, .2437) for a = 7, b = 0.1."""
    chosen = guesses(*[(-np.pi, np.pi)] * 3)
    x = screening._sobol_design(chosen, 1024, 1)
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = screening._sobol(chosen, y[:, None], ["kpi"], 1)
    for name, references in (("S1", (0.3139, 0.4424, 0.0)), ("ST", (0.5576, 0.4424, 0.2437))):
        for value, half, reference in zip(found[name], found[f"{name}_conf"], references, strict=True):
            assert abs(value - reference) < max(2 * half, 0.03), name


# --- luck ---------------------------------------------------------------------------------------------


def noisy(trajectories: int, seed: int, sd: float = 1.0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Screen a plane of slopes 40, 0.5 and 0 around 10 whose luck is shared inside a trajectory, bar the dummy's step."""
    chosen = [*guesses((0.0, 1.0), (0.0, 1.0), (0.0, 1.0)), LUCK]
    design = screening._morris_design(chosen, trajectories, seed)
    luck = np.random.default_rng(seed).normal(0.0, sd, size=screening.LEVELS * trajectories + 60)

    def play(points: NDArray[np.float64], lucks: list[int]) -> NDArray[np.float64]:
        plane = 10.0 + points[:, :3] @ np.array([40.0, 0.5, 0.0])
        return np.asarray((plane + luck[lucks])[:, None])

    values = play(design, screening._lucks(design, len(chosen)))
    first = screening.LEVELS * trajectories
    again = play(design[:30], list(range(first, first + 30))) - values[:30]
    usual = (10.0 + luck[first + 30 :])[:, None]
    known = screening._luck(chosen, design, values, again, usual, ["kpi"], seed)
    return screening._morris(chosen, design, values, ["kpi"], seed, known), known


@pytest.mark.theory
def test_the_dummy_is_in_the_noise_and_a_strong_guess_is_not() -> None:
    for seed in range(20):
        rows, known = noisy(8, seed)
        rows = rows.set_index("path")
        assert rows.loc[DUMMY, "verdict"] == "in the noise"
        assert rows.loc["x0", "verdict"] == "moves it"
        # On the same luck a plane's effects are its slopes, however large the luck.
        assert rows.loc["x0", "mu_star"] == pytest.approx(40.0)
        assert rows.loc["x1", "verdict"] == "touches it" or number(rows, "x1", "share") >= screening.MOVES
        assert rows.loc["x2", "verdict"] == "hardly matters"
        assert known["floor"].iloc[0] >= known["dummy"].iloc[0]


@pytest.mark.theory
def test_the_floor_is_passed_by_luck_alone_about_once_in_twenty() -> None:
    """The mean of r absolute differences of two standard normal draws, divided by the step."""
    generator = np.random.default_rng(5)
    trajectories, trials = 6, 400
    pool = np.diff(generator.normal(size=(4000, 2)), axis=1).ravel()
    floor = screening.luck_floor(pool, trajectories, 1)
    sizes = np.abs(np.diff(generator.normal(size=(trials, trajectories, 2)), axis=2)).mean(axis=(1, 2))
    above = int((sizes / screening.STEP > floor).sum())
    assert stats.binomtest(above, trials, 0.05).pvalue > 0.001


@pytest.mark.unit
def test_a_floor_from_one_difference_hides_everything() -> None:
    assert screening.luck_floor(np.array([1.0, np.nan]), 4, 1) == float("inf")


@pytest.mark.unit
def test_a_floor_of_two_differences_by_hand() -> None:
    # Each mean of sizes is 1, whatever is drawn; a step is two thirds of the range.
    assert screening.luck_floor(np.array([1.0, -1.0, np.nan]), 4, 1) == pytest.approx(1.5)


@pytest.mark.unit
def test_steps_of_the_dummy_by_hand() -> None:
    """Two trajectories of one guess and the dummy, which steps second in the one and first in the other."""
    design = np.array([[0.0, 1 / 3], [2 / 3, 1 / 3], [2 / 3, 1.0], [0.0, 1.0], [0.0, 1 / 3], [2 / 3, 1 / 3]])
    values = np.array([[10.0, 1.0], [20.0, 2.0], [25.0, 4.0], [7.0, 8.0], [5.0, 16.0], [50.0, 32.0]])
    assert screening._dummy_steps(design, values).tolist() == [[5.0, 2.0], [-2.0, 8.0]]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("share", "shown", "said"),
    [(0.05, True, "moves it"), (0.0499, True, "touches it"), (0.01, True, "touches it"), (0.0099, True, "hardly matters"),
     (0.5, False, "in the noise"), (0.0099, False, "hardly matters")],
)  # fmt: skip
def test_verdicts_at_their_borders(share: float, shown: bool, said: str) -> None:
    assert screening._verdict(share, shown=shown) == said


@pytest.mark.unit
def test_the_leaders_are_each_kpis_strongest_then_the_largest() -> None:
    shares = [
        ("a", "x0", 0.9, "moves it"), ("a", "x1", 0.6, "moves it"), ("a", DUMMY, 0.95, "moves it"),
        ("b", "x2", 0.2, "moves it"), ("b", "x0", 0.1, "moves it"), ("b", "x3", 0.99, "in the noise"),
    ]  # fmt: skip
    morris = pd.DataFrame(shares, columns=["kpi", "path", "share", "verdict"])
    chosen = guesses(*[(0.0, 1.0)] * 4)

    def led(leaders: int) -> list[str]:
        return [one.path for one in screening._leading(morris, chosen, leaders)]

    # The dummy leads nowhere, and of two KPIs each has its first before one has its second.
    assert [led(n) for n in range(5)] == [[], ["x0"], ["x0", "x2"], ["x0", "x1", "x2"], ["x0", "x1", "x2"]]


@pytest.mark.unit
def test_kpis_stand_as_asked_for_each_with_its_largest_first() -> None:
    chosen = guesses((0.0, 1.0), (0.0, 1.0))
    design = screening._morris_design(chosen, 2, 1)
    values = np.column_stack([design @ np.array([1.0, 3.0]), 5.0 + design @ np.array([4.0, 2.0])])
    found = screening._morris(chosen, design, values, ["workload", "csat"], 1)
    assert list(zip(found["kpi"], found["path"], strict=True)) == [
        ("workload", "x1"), ("workload", "x0"), ("csat", "x0"), ("csat", "x1"),
    ]  # fmt: skip
    # A KPI that is 0 in the scenario as it is has no share of itself: the effect stands for it.
    luck = pd.DataFrame({"kpi": ["workload"], "value": [0.0], "floor": [0.0]})
    nothing = screening._morris(chosen, design, values[:, :1], ["workload"], 1, luck).set_index("path")
    assert (number(nothing, "x1", "share"), number(nothing, "x0", "share")) == pytest.approx((3.0, 1.0))


@pytest.mark.unit
def test_two_whole_base_samples_are_enough_for_sobol_and_one_is_not() -> None:
    chosen = guesses((0.0, 1.0))
    values = np.array([1.0, 2.0, 4.0, 3.0, 5.0, 7.0])[:, None]
    assert len(screening._sobol(chosen, values, ["kpi"], 1)) == 1
    assert screening._sobol(chosen, values[:3], ["kpi"], 1).empty


@pytest.mark.unit
@pytest.mark.parametrize(
    ("usual", "value", "sd"),
    [([1.0, 2.0, 3.0, np.nan], 2.0, 1.0), ([5.0, np.nan], 5.0, np.nan), ([np.nan, np.nan], np.nan, np.nan)],
)
def test_what_luck_does_by_hand(usual: list[float], value: float, sd: float) -> None:
    chosen = [*guesses((0.0, 1.0)), LUCK]
    design = screening._morris_design(chosen, 4, 1)
    # The dummy's step moves the four trajectories by 1, 2, 3 and 4 over its whole range.
    values = (np.repeat([1.0, 2.0, 3.0, 4.0], 3) * design[:, -1])[:, None]
    known = screening._luck(chosen, design, values, np.zeros((2, 1)), np.array(usual)[:, None], ["kpi"], 1)
    (row,) = known.to_dict("records")
    # 1, 2, 3, 4: mean 2.5, sd 1.291; 1.96 of them over the root of 4.
    assert (row["value"], row["sd"]) == (pytest.approx(value, nan_ok=True), pytest.approx(sd, nan_ok=True))
    assert row["dummy"] == pytest.approx(2.5)
    assert row["dummy_conf"] == pytest.approx(1.96 * 1.2909944 / 2)
    assert row["floor"] >= row["dummy"]


@pytest.mark.unit
def test_steady_effects_by_benjamini_and_hochberg() -> None:
    """Their rule on their own words: the largest k with p(k) ≤ k/m · 5 %, and all below it."""
    p = np.array([0.04, 0.001, np.nan, 0.03, 0.9])
    # Sorted: .001 ≤ .0125; .03 > .025; .04 > .0375; .9.
    assert screening._steady(p).tolist() == [False, True, False, False, False]
    assert screening._steady(np.array([0.04, 0.03])).tolist() == [True, True]
    assert not screening._steady(np.array([np.nan])).any()


@pytest.mark.unit
def test_p_values_are_those_of_the_t_test() -> None:
    effects = np.array([1.0, 2.0, 4.0, 3.0])
    p = screening._p_values(
        np.array([effects.mean(), 0.0, 2.0]), np.array([effects.std(ddof=1), 0.0, 0.0]), len(effects)
    )
    assert p[0] == pytest.approx(stats.ttest_1samp(effects, 0.0).pvalue)
    assert p[1:].tolist() == [1.0, 0.0]


@pytest.mark.unit
def test_only_the_dummys_step_changes_the_luck() -> None:
    chosen = [*guesses((0.0, 1.0), (0.0, 1.0)), LUCK]
    design = screening._morris_design(chosen, 5, 3)
    lucks = np.array(screening._lucks(design, 3)).reshape(5, 4)
    for k, (row, points) in enumerate(zip(lucks, design.reshape(5, 4, 3), strict=True)):
        changed = np.diff(row) != 0
        assert changed.tolist() == (np.diff(points[:, 2]) != 0).tolist()
        assert changed.sum() == 1
        assert set(row) <= set(range(k * screening.LEVELS, (k + 1) * screening.LEVELS))


@pytest.mark.unit
def test_holes_leave_out_their_trajectory_and_their_base_sample() -> None:
    chosen = guesses((0.0, 1.0), (0.0, 1.0))
    design = screening._morris_design(chosen, 4, 1)
    values = (design @ np.array([3.0, 1.0]))[:, None]
    values[1] = np.nan
    found = screening._morris(chosen, design, values, ["kpi"], 1).set_index("path")
    assert found.loc["x0", "mu_star"] == pytest.approx(3.0)
    assert screening._morris(chosen, design, values * np.nan, ["kpi"], 1).empty
    points = screening._sobol_design(chosen, 256, 1)
    out = (points @ np.array([3.0, 1.0]))[:, None]
    out[5] = np.nan
    shares = screening._sobol(chosen, out, ["kpi"], 1).set_index("path")
    # A plane's first-order indices are a² / Σ a² for ranges of one width.
    assert abs(number(shares, "x0", "S1") - 0.9) < max(2 * number(shares, "x0", "S1_conf"), 0.03)
    assert screening._sobol(chosen, out * 0.0, ["kpi"], 1).empty


# --- what is varied -----------------------------------------------------------------------------------


@pytest.mark.unit
def test_only_guesses_are_varied_inside_their_limits() -> None:
    found = {factor.path: factor for factor in screening.factors(Scenario())}
    assert "pressure.usual_load" in found
    assert "market.stages.lead.pass_rate" in found
    assert not {"team.size", "incentive.commission_rate", "kpi.quota", "market.response_exponent"} & set(
        found
    )
    alignment = found["culture.alignment"]
    assert alignment.high == 1.0, "cut at the declared limit"
    for factor in found.values():
        assert factor.low <= factor.value <= factor.high
        Scenario().derive({factor.path: _value(factor, factor.low)})
        Scenario().derive({factor.path: _value(factor, factor.high)})


def _value(factor: Factor, value: float) -> float:
    return round(value) if isinstance(Scenario().get(factor.path), int) else value


@pytest.mark.unit
def test_every_assumption_is_varied_or_decided_or_named_with_its_reason() -> None:
    scenario = Scenario()
    varied, left = room.guesses(scenario)
    seen = {one.path for one in varied} | {one.path for one in left}
    for one in parameters():
        if one.rule != "assumption" or not one.numeric or one.item is not None or room.decided(one.path):
            continue
        if not room.in_force(one.path, scenario):
            continue
        head, star, rest = one.path.partition("*")
        assert any(path.startswith(head) and path.endswith(rest) for path in seen) or (
            star and not scenario.get(head.rstrip("."))
        ), one.path
    assert {one.path for one in left if one.why == "list"} == {"market.weekday_profile", "market.season"}


class _Made(Section):
    guess: float = par(2.0, unit="h", ge=0, le=10, en="Guess", zh="猜测", plausible=(1.0, 2.5))
    whole: int = par(1, unit="count", ge=1, le=9, en="Whole", zh="整数")
    open_end: float = par(0.9, unit="share", ge=0, lt=1, en="Open", zh="开区间")
    below: float = par(-2.0, unit="x", ge=-2.5, le=0, en="Below", zh="负数")
    fixed: float = par(1.0, unit="x", ge=1, le=1, en="Fixed", zh="固定")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("guess", 2.0, (1.0, 2.5)),  # as declared
        ("guess", 6.0, (3.0, 9.0)),  # outside what is plausible: a share of the value
        ("guess", 8.0, (4.0, 10.0)),  # cut at the limit
        ("guess", 0.0, (0.0, 2.0)),  # no share of nothing: up to the default
        ("whole", 1, (1.0, 2.0)),
        ("whole", 4, (2.0, 6.0)),
        ("below", -2.0, (-2.5, -1.0)),
        ("below", 0.0, (-2.0, 0.0)),
        ("fixed", 1.0, "pinned"),
    ],
)
def test_ranges(name: str, value: float, expected: Any) -> None:
    one = {one.path: one for one in parameters(_Made)}[name]
    assert room.span(one, value) == expected


@pytest.mark.unit
def test_an_open_end_and_a_zero_without_a_default() -> None:
    made = {one.path: one for one in parameters(_Made)}
    ends = room.span(made["open_end"], 0.9)
    assert not isinstance(ends, str)
    low, high = ends
    assert low == pytest.approx(0.45)
    assert 0.99 < high < 1.0
    zero: Parameter = replace(made["below"], default=0.0)
    assert room.span(zero, 0.0) == "zero"
    assert made["guess"].plausible == (1.0, 2.5)
    assert made["whole"].plausible is None


@pytest.mark.functional
@pytest.mark.parametrize("switches", sorted(set(room._SWITCHED.values())), ids="-".join)
def test_what_is_said_not_to_be_in_force_does_nothing(switches: tuple[str, ...]) -> None:
    """With its mechanisms off a parameter may take either end of its range, and every KPI stays as it was."""
    on = Scenario().derive(SMALL)
    off = on.derive({f"mechanisms.{one}": False for one in switches})
    idle = [factor for factor in room.guesses(on)[0] if room._SWITCHED.get(factor.path) == switches]
    assert not {one.path for one in room.guesses(off)[0]} & {one.path for one in idle}
    usual = outcome(off, 1, 0)
    assert usual.failure is None
    moved = variant(off, {one.path: _value(one, one.high) for one in idle}, 1, 0)
    assert moved.rows == usual.rows


@pytest.mark.unit
@pytest.mark.parametrize("path", sorted([*room._SWITCHED, *room._NEEDED]))
def test_conditions_name_parameters_that_are_there(path: str) -> None:
    Scenario().get(path.replace("*", "0"))


# --- whole screenings ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def few() -> list[Factor]:
    return [
        Factor("market.deal_value", 30_000.0, 90_000.0, 60_000.0, "Value of a deal", "单笔金额"),
        Factor("market.credit_days", 15.0, 45.0, 30.0, "Credit", "账期"),
    ]


def screen(few: list[Factor], monkeypatch: pytest.MonkeyPatch, **more: Any) -> Sensitivity:
    monkeypatch.setattr(screening, "guesses", lambda _scenario: (few, []))
    settings: dict[str, Any] = {
        "kpis": ["revenue_booked"], "trajectories": 3, "leaders": 1, "samples": 4, "luck_runs": 4, "workers": 1,
    }  # fmt: skip
    return screening.sensitivity(Scenario().derive(SMALL), **(settings | more))


@pytest.mark.functional
def test_a_screening_and_its_words(few: list[Factor], monkeypatch: pytest.MonkeyPatch) -> None:
    found = screen(few, monkeypatch)
    rows = found.morris.set_index("path")
    # Bookings do not know when customers pay.
    assert rows.loc["market.credit_days", "mu_star"] == 0.0
    assert number(rows, "market.deal_value", "mu") > 0
    assert set(rows.index) == {"market.deal_value", "market.credit_days", DUMMY}
    assert rows.loc[DUMMY, "verdict"] == "in the noise"
    assert found.failures.empty
    assert set(found.sobol["path"]) <= {"market.deal_value"}
    assert found.runs == 3 * 4 + 4 + 4 + (4 * 3 if len(found.sobol) or found.samples else 0)
    assert "market.credit_days" in sorted_out(found)[1]
    for lang, word in (("en", "Bookings"), ("zh", "签约额")):
        with language(lang):  # type: ignore[arg-type]
            said = lines(found)
            assert any(line.startswith(word) for line in said)
            assert closing(found)[0] in said
            assert any("market.credit_days" in line for line in closing(found))


@pytest.mark.functional
def test_a_known_screening_is_not_played_again(few: list[Factor], monkeypatch: pytest.MonkeyPatch) -> None:
    first = screen(few, monkeypatch)
    assert screening.kept(Scenario().derive(SMALL)) is not None
    assert screening.kept(Scenario()) is None

    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(screening, "play_points", refuse)
    again = screen(few, monkeypatch)
    pd.testing.assert_frame_equal(first.morris, again.morris)
    # The points are kept with all KPIs: another one costs no run.
    other = screen(few, monkeypatch, kpis=["workload", "revenue_booked"], leaders=0)
    assert other.morris["kpi"].tolist() == ["workload"] * 3 + ["revenue_booked"] * 3
    pd.testing.assert_frame_equal(other.morris[3:].reset_index(drop=True), first.morris)
    with pytest.raises(AssertionError):
        screen(few, monkeypatch, cache=False)


@pytest.mark.functional
@pytest.mark.slow
def test_numbers_do_not_depend_on_the_processes(few: list[Factor], monkeypatch: pytest.MonkeyPatch) -> None:
    alone = screen(few, monkeypatch, cache=False, leaders=0)
    together = screen(few, monkeypatch, cache=False, leaders=0, workers=2)
    pd.testing.assert_frame_equal(alone.morris, together.morris)


@pytest.mark.functional
def test_a_failed_run_is_a_record(few: list[Factor], monkeypatch: pytest.MonkeyPatch) -> None:
    """Values below the declared limit make no scenario; their trajectories are left out and the rest is read."""
    bad = [replace(few[0], low=-90_000.0), few[1]]
    found = screen(bad, monkeypatch, trajectories=6, leaders=0)
    assert 0 < len(found.failures) < found.runs
    assert set(found.failures["stage"]) == {"derive"}
    assert found.failures["message"].str.contains("market.deal_value").all()
    assert screening.kept(Scenario().derive(SMALL)) is None, "a screening with holes is not kept"
    again = screen(bad, monkeypatch, trajectories=6, leaders=0)
    assert len(again.failures) == len(found.failures), (
        "nor are points with holes: a failure never becomes a number"
    )
    assert any("market.deal_value" in line for line in lines(found))


@pytest.mark.slow
@pytest.mark.functional
def test_replications_are_averaged(few: list[Factor], monkeypatch: pytest.MonkeyPatch) -> None:
    once = screen(few, monkeypatch, leaders=0)
    twice = screen(few, monkeypatch, leaders=0, replications=2)
    assert twice.runs == 2 * once.runs
    assert twice.morris.set_index("path").loc["market.credit_days", "mu_star"] == 0.0


@pytest.mark.slow
@pytest.mark.functional
def test_a_report_shows_a_screening_that_is_known_or_asked_for(
    few: list[Factor], monkeypatch: pytest.MonkeyPatch
) -> None:
    from kpisim.report import sections

    asked: dict[str, Any] = {"sets": SMALL, "replications": 2, "workers": 1}
    assert sections.sensitivity(sections.prepare(**asked)) is None
    monkeypatch.setattr(screening, "QUICK", dict(screening.QUICK) | {"trajectories": 2, "samples": 4, "leaders": 1, "luck_runs": 4})  # fmt: skip
    monkeypatch.setattr(screening, "guesses", lambda _scenario: (few, []))
    played = sections.sensitivity(sections.prepare(**asked, sensitivity=True))
    assert played is not None
    assert 'alt="Tornado' in played.html
    assert "Value of a deal" in played.html
    known = sections.sensitivity(sections.prepare(**asked, lang="zh"))
    assert known is not None
    assert 'alt="龙卷风图' in known.html
    assert "单笔金额" in known.html


@pytest.mark.unit
def test_a_quick_screening_reaches_past_the_last_change_and_not_past_the_end() -> None:
    assert screening.quick(Scenario())["weeks"] == 13
    assert screening.quick(Scenario().derive({"calendar.weeks": 6}))["weeks"] == 6
    late = {"at": "2027-06-01", "set": {"market.deal_value": 50_000}}
    scenario = Scenario().derive({"changes": [late]})
    weeks = screening.quick(scenario)["weeks"]
    # 148 days after the first Monday: in week 22, and 8 weeks on.
    assert scenario.calendar.start.isoformat() == "2027-01-04"
    assert weeks == 30
    scenario.derive({"calendar.weeks": weeks})


@pytest.mark.unit
@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"kpis": ["revenu_booked"]}, "revenue_booked"),
        ({"trajectories": 1}, "trajectories: 1 is outside 2 to 1000"),
        ({"samples": 48}, "samples: 48 is not a power of 2"),
        ({"replications": 0}, "replications: 0 is outside 1 to 1000"),
    ],
)
def test_wrong_settings_are_one_line(more: dict[str, Any], says: str) -> None:
    with pytest.raises(UserError) as caught:
        screening.sensitivity(Scenario(), **more)
    assert says in str(caught.value)
    with language("zh"):
        assert str(caught.value) != says
        assert "\n" not in str(caught.value)


@pytest.mark.functional
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["defalt"], "default"),
        (["--kpi", "revenu_booked"], "revenue_booked"),
        (["-n", "0"], "replications"),
        (["-n", "many"], "replications"),
        (["-p", "market.deal_valu=3"], "market.deal_value"),
        (["--quik"], "--quick"),
    ],
)
def test_a_mistake_on_the_command_line_is_one_line_and_exit_2(
    words: list[str], says: str, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["sensitivity", *words, "--lang", lang])
    printed = capsys.readouterr()
    assert ended.value.code == 2
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert says in printed.err


@pytest.mark.functional
@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command_from_end_to_end(
    lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screening, "QUICK", dict(screening.QUICK) | {"trajectories": 2, "samples": 4, "luck_runs": 4, "weeks": 6})  # fmt: skip
    folder = tmp_path / "结果 out"
    typed = ["sensitivity", "default", "--quick", "--lang", lang, "-o", str(folder)]
    typed += ["-p", "team.size=3", "-p", "calendar.warmup_weeks=1"]
    with pytest.raises(SystemExit) as ended:
        main(typed)
    said = capsys.readouterr().out
    assert ended.value.code == 0, said
    assert "market.deal_value" in said
    assert {"en": "(dummy)", "zh": "（对照）"}[lang] in said
    assert {"en": "This was quick", "zh": "这是快速版"}[lang] in said
    table = pd.read_csv(folder / "sensitivity-default.csv")
    assert (folder / "sensitivity-default.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
    assert {"kpi", "path", "low", "high", "mu_star", "conf", "mu", "sigma", "share", "floor", "verdict", "class", "meaning_zh"} <= set(table)  # fmt: skip
    assert DUMMY in set(table["path"])
    page = (folder / f"sensitivity-default-{lang}.html").read_text(encoding="utf-8")
    assert {"en": 'lang="en"', "zh": 'lang="zh-CN"'}[lang] in page
    assert "<script" not in page
    assert {"en": 'alt="Tornado', "zh": 'alt="龙卷风图'}[lang] in page
    assert (folder / f"sensitivity-default-{lang}.png").stat().st_size > 5_000
