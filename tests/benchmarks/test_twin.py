"""The idiomatic twin gives the same tables, and the five queues the same wait."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks import queues
from benchmarks.idiomatic import IdiomaticKernel
from kpisim import bench
from kpisim.model import Model
from kpisim.scenario import load
from kpisim.text import Text

pytestmark = pytest.mark.functional

WAIT_M_M_5 = 0.554
"""Erlang C at load 0.8, in service times."""


@pytest.mark.parametrize("run", [0, 1])
def test_the_twin_leaves_the_same_tables(run: int) -> None:
    scenario = load("default").derive(bench.TEAM_YEAR | {"calendar.weeks": 12, "team.size": 4})
    lean, idiomatic = Model(scenario, 1, run).play(), Model(scenario, 1, run, IdiomaticKernel).play()
    for name, frame in lean.frames.items():
        other = idiomatic[name]
        assert len(frame) == len(other), name
        for column in frame:
            here, there = frame[column], other[column]
            if pd.api.types.is_datetime64_dtype(here.dtype):
                # Both add the same hours in another order; a microsecond is the last digit kept.
                assert (here.isna() == there.isna()).all(), (name, column)
                assert ((here - there).abs().dropna() <= pd.Timedelta("1us")).all(), (name, column)
            elif here.dtype == float:
                assert np.allclose(here, there, rtol=1e-9, atol=1e-9, equal_nan=True), (name, column)
            else:
                assert here.equals(there), (name, column)


def test_queues_that_can_be_played_agree_with_the_formula() -> None:
    customers = 40_000
    for play in (queues.kpisim_desk, queues.simpy_idiomatic):
        # Waits are alike in a row: the standard error of the mean wait over 40,000 customers is about 0.025.
        assert abs(play(customers, 5, 0.8) - WAIT_M_M_5) < 0.1


def test_an_exponent_is_fitted() -> None:
    assert bench._exponent([(n, 3e-3 * n**1.2) for n in (10, 30, 100)]) == pytest.approx(1.2)


def test_a_figure_is_a_line_with_its_goal() -> None:
    line = bench.Figure(Text("a ÷ b"), [1.0, 3.0, 2.0], "goal: at least 2").line()
    assert line == "a ÷ b:  2.00 (1.00 … 3.00)  goal: at least 2"
