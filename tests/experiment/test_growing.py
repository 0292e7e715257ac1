"""A comparison that grows ends where the one in one go ends, and stops without harm."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from kpisim.experiment import compare
from kpisim.experiment import growing as module
from kpisim.experiment.growing import PARTS, Outcomes, compare_growing
from kpisim.experiment.one import outcome
from kpisim.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kpisim.experiment import Comparison

pytestmark = pytest.mark.functional

BASE = Scenario().derive({"calendar.weeks": 4, "calendar.warmup_weeks": 0, "team.size": 2})
CHANGED = BASE.derive({"incentive.commission_rate": 0.08})


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPISIM_CACHE", str(tmp_path / "cache"))


def same(one: Comparison, other: Comparison) -> None:
    for left, right in ((one.a, other.a), (one.b, other.b)):
        for name in ("per_run", "attainment", "weekly", "failures"):
            pd.testing.assert_frame_equal(getattr(left, name), getattr(right, name))
    pd.testing.assert_frame_equal(one.differences, other.differences)


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_the_whole_is_that_of_one_go_and_each_part_is_that_of_so_many_runs(workers: int) -> None:
    *parts, whole = compare_growing(BASE, CHANGED, 10, 3, workers=workers)
    assert [part.b.replications for part in parts] == [2, 5]
    # Played anew, nothing of it read from the disk.
    same(whole, compare(BASE, CHANGED, 10, 3, workers=1, cache=False))
    for part in parts:
        few = compare(BASE, CHANGED, part.b.replications, 3, workers=1, cache=False)
        pd.testing.assert_frame_equal(part.differences, few.differences)
    # What was played is on disk, and comes at once and whole.
    (again,) = compare_growing(BASE, CHANGED, 10, 3, workers=1)
    same(again, whole)
    assert again.a.stamp == whole.a.stamp


def test_one_side_on_disk_and_runs_that_are_held_are_not_played_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compare(BASE, BASE, 6, 3, workers=1)
    held = Outcomes()
    for run in (0, 1, 4):
        held.add(CHANGED, 3, outcome(CHANGED, 3, run))
    played: list[int] = []

    def counted(calls: Any, _workers: Any, _stop: Any) -> Iterator[Any]:
        for scenario, seed, run in calls:
            played.append(run)
            yield outcome(scenario, seed, run)

    monkeypatch.setattr(module, "play_each", counted)
    first, whole = compare_growing(BASE, CHANGED, 6, 3, held=held)
    assert first.b.replications == PARTS[0]
    assert played == [2, 3, 5]
    same(whole, compare(BASE, CHANGED, 6, 3, workers=1, cache=False))


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_stopped_it_begins_nothing_new_and_what_was_played_is_held(workers: int) -> None:
    held = Outcomes()
    found: list[int] = []
    for part in compare_growing(BASE, CHANGED, 12, 3, workers=workers, held=held, stop=lambda: bool(found)):
        found.append(part.b.replications)  # noqa: PERF401  (read while it goes on)
    assert found == [2]
    there = len(held.of(CHANGED, 3))
    # Those under way when it was stopped, no more.
    assert 2 <= there <= 2 + 2 * workers
    *_, whole = compare_growing(BASE, CHANGED, 12, 3, workers=workers, held=held)
    same(whole, compare(BASE, CHANGED, 12, 3, workers=1, cache=False))


def test_what_is_held_is_bounded_and_failures_are_tried_again() -> None:
    held = Outcomes(most=2)
    good = outcome(BASE, 3, 0)
    for weeks in (4, 5, 6):
        held.add(BASE.derive({"calendar.weeks": weeks}), 3, good)
    assert len(held) == 2
    assert held.of(BASE, 3) == {}
    held.add(CHANGED, 3, replace(good, failure={"stage": "play"}))
    assert held.of(CHANGED, 3) == {}
