"""The pool of processes: it is ours alone, and one that lost a process is replaced."""

from __future__ import annotations

import os
from concurrent.futures import BrokenExecutor
from typing import TYPE_CHECKING

import pytest
from joblib import Parallel, delayed

from kpisim.experiment import executor

if TYPE_CHECKING:
    from kpisim.scenario import Scenario

pytestmark = [pytest.mark.unit, pytest.mark.slow]


def values(scenario: Scenario) -> list[float]:
    made = executor.play_all(scenario, 3, range(6), workers=2, progress=False)
    assert [one.failure for one in made] == [None] * 6
    return [row["value"] for one in made for row in one.rows if row["kpi"] == "revenue_booked"]


def test_whoever_uses_joblib_beside_us_finds_it_as_it_was(small: Scenario) -> None:
    before = values(small)
    assert Parallel(n_jobs=2)(delayed(abs)(-number) for number in range(4)) == [0, 1, 2, 3]
    assert values(small) == before


def test_after_a_process_was_killed_there_are_new_ones(small: Scenario) -> None:
    before = values(small)
    killed = executor._pool(2).submit(os._exit, 1)
    with pytest.raises(BrokenExecutor):
        killed.result()
    with pytest.raises(BrokenExecutor):
        values(small)
    assert values(small) == before
