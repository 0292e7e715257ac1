"""Replications, pairs, sweeps: intervals, repeatability, failures as records."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import kpisim
from kpisim.experiment import cache, compare, run, sweep
from kpisim.experiment import one as single
from kpisim.experiment.executor import play_all
from kpisim.experiment.experiment import verdict
from kpisim.experiment.result import _row, t_interval
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.scenario import Scenario

pytestmark = pytest.mark.unit


def test_public_names_are_there() -> None:
    for name in kpisim.__all__:
        assert getattr(kpisim, name) is not None


@pytest.mark.slow
def test_serial_and_parallel_give_the_same_numbers(small: Scenario) -> None:
    serial = run(small, 6, 3, workers=1, cache=False, progress=False)
    parallel = run(small, 6, 3, workers=2, cache=False, progress=False)
    pd.testing.assert_frame_equal(serial.per_run, parallel.per_run)
    pd.testing.assert_frame_equal(serial.attainment, parallel.attainment)
    pd.testing.assert_frame_equal(serial.weekly, parallel.weekly)


def test_run_k_does_not_depend_on_how_many_there_are(small: Scenario) -> None:
    few, many = (run(small, count, 3, workers=1, cache=False).values("revenue_booked") for count in (2, 4))
    assert few.tolist() == many.tolist()[:2]


def test_the_same_scenario_twice_shows_no_difference(small: Scenario) -> None:
    versus = compare(small, small, 3, 1, workers=1)
    numbers = versus.differences.dropna(subset=["difference"])
    assert (numbers["difference"] == 0).all()
    assert (numbers["low"] == 0).all()


@pytest.mark.slow
def test_pairing_narrows_the_interval(small: Scenario) -> None:
    better = small.derive({"market.stages.negotiation.pass_rate": 0.66})
    versus = compare(small, better, 12, 1, workers=2)
    row = versus.differences.set_index("kpi").loc["revenue_booked"]
    assert row["difference"] > 0
    assert row["high"] - row["low"] < row["unpaired_high"] - row["unpaired_low"]
    assert versus.narrowing < 1


def test_t_interval_covers_as_often_as_it_says() -> None:
    draws = np.random.default_rng(5).normal(10.0, 3.0, (2_000, 8))
    inside = [low <= 10.0 <= high for _, low, high in map(t_interval, draws)]
    # 95 % of 2,000 has a standard error of half a point.
    assert 0.935 < np.mean(inside) < 0.965


def test_one_run_has_no_interval(small: Scenario) -> None:
    kpis = run(small, 1, 1, workers=1).kpis
    assert kpis["low"].isna().all()


def test_runs_needed_for_five_percent(small: Scenario) -> None:
    result = run(small, 6, 1, workers=1)
    row = result.kpis.set_index("kpi").loc["revenue_booked"]
    assert row["runs_for_5pct"] == int(np.ceil((1.96 * row["sd"] / (0.05 * row["mean"])) ** 2))


def test_intervals_and_unit_of_every_kpi(small: Scenario) -> None:
    kpis = run(small, 4, 1, workers=1).kpis
    with_number = kpis[kpis["n_runs"] > 1]
    assert (with_number["low"] <= with_number["mean"]).all()
    assert (with_number["mean"] <= with_number["high"]).all()
    assert kpis.loc[kpis["n_runs"] == 0, "reason"].notna().all()


def test_tables_of_a_run_are_played_again(small: Scenario) -> None:
    result = run(small, 2, 1, workers=1)
    booked = result.per_run.query("kpi == 'revenue_booked' and run == 1")["value"].item()
    orders = result.tables(1)["orders"]
    window = orders[orders["booked"] >= pd.Timestamp(small.calendar.start)]
    cancelled = orders[orders["cancelled"] >= pd.Timestamp(small.calendar.start)]["value"].sum()
    assert booked == pytest.approx(window["value"].sum() - cancelled)


def test_results_come_back_from_the_cache(small: Scenario, own_cache: Path) -> None:
    first = run(small, 3, 1, workers=1)
    assert list(own_cache.glob("*.joblib"))
    second = run(small, 3, 1, workers=1)
    pd.testing.assert_frame_equal(first.kpis, second.kpis)
    assert first.stamp == second.stamp


@pytest.mark.parametrize(
    ("kpi", "values", "least", "most"),
    [
        ("training_participation", [1.0, 1.0, 1.0, 0.9], 0.0, 1.0),
        ("open_orders", [0.0, 0.0, 0.0, 1.0], 0.0, np.inf),
        ("attainment", [1.0, 1.0, 1.0, 0.5], -np.inf, np.inf),
    ],
)
def test_an_interval_ends_where_the_kpi_does(
    kpi: str, values: list[float], least: float, most: float
) -> None:
    rows = [
        {"run": run, "kpi": kpi, "value": value, "unit": "", "reason": None}
        for run, value in enumerate(values)
    ]
    found = _row(kpi, pd.DataFrame(rows))
    _, low, high = t_interval(np.array(values))
    assert low < 0 or high > 1, "else the limits change nothing"
    assert (found["low"], found["high"]) == (max(low, least), min(high, most))


def test_what_is_read_is_kept_longest(
    small: Scenario, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "KEEP", 2)
    for seed in (1, 2):
        run(small, 1, seed, workers=1)
    for age, file in enumerate(sorted(own_cache.glob("*.joblib"), key=lambda file: file.stat().st_mtime)):
        os.utime(file, (1000.0 + age, 1000.0 + age))
    old, new = (cache.key(small, seed, 1) for seed in (1, 2))
    run(small, 1, 1, workers=1)
    run(small, 1, 3, workers=1)
    assert (own_cache / old).exists()
    assert not (own_cache / new).exists()


def test_who_asks_for_what_is_being_played_waits_for_it(
    small: Scenario, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played, begun, go_on = [], Event(), Event()

    def slowly(*args: Any) -> list[single.Outcome]:
        played.append(args)
        begun.set()
        go_on.wait(20)
        return play_all(*args)

    monkeypatch.setattr("kpisim.experiment.experiment.play_all", slowly)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(run, small, 2, 1, workers=1, progress=False)
        begun.wait(20)
        second = pool.submit(run, small, 2, 1, workers=1, progress=False)
        assert not second.done()
        go_on.set()
        pd.testing.assert_frame_equal(first.result().per_run, second.result().per_run)
    assert len(played) == 1
    assert not list(own_cache.glob("*.lock"))


def test_a_run_that_ends_badly_lets_the_next_one_play(
    small: Scenario, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: Any) -> list[single.Outcome]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("kpisim.experiment.experiment.play_all", stopped)
        with pytest.raises(KeyboardInterrupt):
            run(small, 2, 1, workers=1)
    assert len(run(small, 2, 1, workers=1).per_run)
    assert list(own_cache.glob("*.joblib"))


def test_a_broken_cache_file_is_no_reason_to_fail(small: Scenario, own_cache: Path) -> None:
    first = run(small, 2, 1, workers=1)
    for file in own_cache.glob("*.joblib"):
        file.write_bytes(b"cut off")
    pd.testing.assert_frame_equal(first.kpis, run(small, 2, 1, workers=1).kpis)


def test_a_failed_run_is_a_record(small: Scenario, monkeypatch: pytest.MonkeyPatch, own_cache: Path) -> None:
    played = single.play

    def sometimes(scenario: Scenario, seed: int, number: int) -> Any:
        if number == 1:
            message = "broken on purpose"
            raise RuntimeError(message)
        return played(scenario, seed, number)

    monkeypatch.setattr(single, "play", sometimes)
    result = run(small, 3, 1, workers=1)
    assert result.failures[["run", "stage", "error", "message"]].to_numpy().tolist() == [
        [1, "play", "RuntimeError", "broken on purpose"]
    ]
    assert "Traceback" in result.failures["traceback"].item()
    assert set(result.per_run["run"]) == {0, 2}
    assert not list(own_cache.glob("*.joblib")), "a result with failures must not be kept"


def test_sweep_has_a_row_per_scenario_and_kpi_and_goes_on(small: Scenario) -> None:
    grid = sweep(small, {"team.size": [2, 0, 3]}, 2, 1, workers=1)
    assert set(grid["team.size"]) == {2, 0, 3}
    bad = grid[grid["team.size"] == 0]
    assert len(bad) == 1
    assert "team.size" in bad["error"].item()
    good = grid[(grid["team.size"] == 3) & (grid["kpi"] == "revenue_booked")]
    assert good["mean"].item() > 0


def test_a_sweep_over_no_value_is_refused(small: Scenario) -> None:
    with pytest.raises(UserError, match=r"team\.size: no values to sweep over"):
        sweep(small, {"team.size": []}, 2, 1, workers=1)


@pytest.mark.parametrize(("replications", "seed"), [(0, 1), (-3, 1), (10**9, 1), (3, -1)])
def test_numbers_out_of_range_are_refused(small: Scenario, replications: int, seed: int) -> None:
    with pytest.raises(UserError, match=str(replications if replications != 3 else seed)):
        run(small, replications, seed)


def test_verdicts_speak_the_readers_language() -> None:
    assert verdict(0.1, 0.3) == "B is higher"
    assert verdict(-0.3, -0.1) == "B is lower"
    assert "no difference can be told" in verdict(-0.1, 0.1)
    with language("zh"):
        assert all(
            "一" <= verdict(low, high)[-1] <= "鿿" for low, high in ((0.1, 0.3), (-0.3, -0.1), (-0.1, 0.1))
        )


def test_weekly_series_add_up(small: Scenario) -> None:
    result = run(small, 1, 1, workers=1)
    orders = result.tables(0)["orders"]
    start, end = pd.Timestamp(small.calendar.start), pd.Timestamp(result.tables(0).meta.end)
    inside = orders[(orders["booked"] >= start) & (orders["booked"] < end)]
    assert result.weekly["booked"].sum() == pytest.approx(inside["value"].sum())
    assert len(result.weekly) == small.calendar.weeks
    assert result.weekly["load"].between(0, 3).all()
