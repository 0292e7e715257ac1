"""Random streams: keyed by name, independent of order, of each other, of the process."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import islice

import numpy as np
import pytest

from kpisim.model import Model
from kpisim.model.streams import Arrivals, Streams
from kpisim.scenario import Scenario, load

pytestmark = pytest.mark.unit

SHORT = {"calendar.weeks": 6, "calendar.warmup_weeks": 2, "team.size": 3}

PROGRAM = """
import hashlib
from kpisim.model import Model
from kpisim.scenario import load
tables = Model(load("technology").derive({"calendar.weeks": 6, "calendar.warmup_weeks": 2, "team.size": 3}), 7, 2).play()
digest = hashlib.sha256()
for name in sorted(tables.frames):
    digest.update(tables[name].to_csv().encode())
print(digest.hexdigest())
"""


def test_a_row_does_not_depend_on_the_order_of_reading() -> None:
    one, other = Streams(3, 0).rows("lead", "normal", 4), Streams(3, 0).rows("lead", "normal", 4)
    forward = [one.of(k) for k in range(400)]
    backward = [other.of(k) for k in reversed(range(400))]
    assert forward == backward[::-1]


def test_streams_differ_by_name_run_and_seed() -> None:
    first = [
        next(Streams(seed, run).sequence(name, "uniform"))
        for seed in (1, 2)
        for run in (0, 1)
        for name in ("a", "b")
    ]
    assert len(set(first)) == len(first)


@pytest.mark.parametrize(
    ("law", "mean", "sd"), [("uniform", 0.5, 12**-0.5), ("normal", 0.0, 1.0), ("exponential", 1.0, 1.0)]
)
def test_laws_have_their_moments(law: str, mean: float, sd: float) -> None:
    draws = np.array(list(islice(Streams(1, 0).sequence("moments", law), 40_000)))  # type: ignore[arg-type]
    assert abs(draws.mean() - mean) < 4 * sd / 200
    assert abs(draws.std() - sd) < 4 * sd / 200


def test_an_unused_stream_changes_nothing() -> None:
    scenario = load("default").derive(SHORT)
    plain = Model(scenario, 1).play()
    model = Model(scenario, 1)
    list(islice(model.world.streams.sequence("nobody reads this", "normal"), 1000))
    model.world.streams.rows("nor this", "uniform", 7).of(300)
    busy = model.play()
    for name, frame in plain.frames.items():
        assert frame.equals(busy[name]), name


def test_more_demand_brings_the_same_arrivals_sooner() -> None:
    slow = Arrivals(Streams(1, 0).sequence("gap", "exponential"))
    fast = Arrivals(Streams(1, 0).sequence("gap", "exponential"))
    few = [day + part for day in range(200) for part in slow.during(1.0)]
    many = [day + part for day in range(100) for part in fast.during(2.0)]
    assert len(few) == len(many)
    assert np.allclose(np.array(few) / 2, many)


def test_a_new_rep_leaves_the_others_alone() -> None:
    base = load("default").derive(SHORT | {"market.day_dispersion": 1.0, "communication.departments": []})
    small, large = Model(base, 1).play(), Model(base.derive({"team.size": 4}), 1).play()
    columns = ["rep_id", "created", "value", "status"]
    mine = small["opportunities"][columns].sort_values(columns).reset_index(drop=True)
    theirs = large["opportunities"][columns]
    theirs = theirs[theirs["rep_id"] != "R003"].sort_values(columns).reset_index(drop=True)
    assert mine["created"].equals(theirs["created"])
    assert mine["value"].equals(theirs["value"])


@pytest.mark.slow
def test_same_numbers_in_every_process() -> None:
    seen = set()
    for hash_seed in ("0", "1", "4242"):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        )
        seen.add(done.stdout.strip())
    assert len(seen) == 1


def test_runs_are_distinct() -> None:
    scenario = Scenario().derive(SHORT)
    values = {round(float(Model(scenario, 1, run).play()["orders"]["value"].sum()), 2) for run in range(4)}
    assert len(values) == 4
