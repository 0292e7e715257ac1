"""The peak week, M4.8 of the brief: what complaints left lying and overtime do, and when.

Intervals are of paired runs on the same luck, 95 %.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from kpisim.course.rounds import a_round
from kpisim.kpi.interval import mean_interval
from kpisim.model import Model
from kpisim.model.behaviour import Behaviour
from kpisim.model.hours import output
from kpisim.scenario import Scenario

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpisim.tables import Tables

pytestmark = [pytest.mark.functional, pytest.mark.slow]

RUNS, WEEKS = 16, 13
LATE, WAITS = "pressure.late_hours", "workload.complaint_waits"


def peak(path: str, value: float) -> Scenario:
    """Return round 4 with one parameter changed on the first morning of the season."""
    base = a_round("peak").base()
    return base.derive({"changes": [{"at": base.calendar.start, "set": {path: value}}]})


def interval(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the interval of the mean difference, second minus first."""
    steps = [second - first for first, second in pairs]
    found = mean_interval(float(np.mean(steps)), float(np.std(steps, ddof=1)), len(steps))
    assert found is not None
    return found


def satisfied(tables: Tables, until: Any) -> float:
    """Return the share of answers of 4 or 5 from the beginning of the season on."""
    answers = tables["surveys"]
    inside = answers[
        (answers["question"] == "csat") & (answers["answered"] >= str(peak(WAITS, 0.0).calendar.start))
    ]
    return float((inside[inside["answered"] < str(until)]["score"] >= 4).mean())


def lost(tables: Tables, until: Any) -> float:
    """Return how many customers have left since the beginning of the season."""
    left = tables["accounts"]["left"]
    return float(((left >= str(peak(WAITS, 0.0).calendar.start)) & (left < str(until))).sum())


def test_complaints_left_lying_lower_satisfaction_at_once_and_customers_bit_by_bit() -> None:
    quick, lying = peak(WAITS, 0.0), peak(WAITS, 12.0)
    start = quick.calendar.start
    early, end = start + timedelta(weeks=4), start + timedelta(weeks=WEEKS)
    content: dict[Any, list[tuple[float, float]]] = defaultdict(list)
    gone: dict[Any, list[tuple[float, float]]] = defaultdict(list)
    for run in range(RUNS):
        played = [Model(one, 1, run).play() for one in (quick, lying)]
        for day in (early, end):
            content[day].append((satisfied(played[0], day), satisfied(played[1], day)))
            gone[day].append((lost(played[0], day), lost(played[1], day)))
    # After four weeks satisfaction is down; of the customers whom it costs, most leave after that.
    assert interval(content[early])[1] < 0
    assert interval(content[end])[1] < 0
    assert interval(gone[end])[0] > 0
    later = [
        (2 * first[1] - 2 * first[0], last[1] - last[0])
        for first, last in zip(gone[early], gone[end], strict=True)
    ]
    assert interval(later)[0] > 0


@pytest.fixture
def weekly(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, float]]:
    """Note the team's states on the first morning of every week."""
    noted: list[dict[str, float]] = []
    usual = Behaviour.morning

    def morning(self: Behaviour) -> None:
        usual(self)
        world = self.world
        if world.new_week:
            states = {
                name: float(np.mean([getattr(rep, name) for rep in world.reps]))
                for name in ("tired", "stretch")
            }
            noted.append(states | {"orders": float(len(world.orders))})

    monkeypatch.setattr(Behaviour, "morning", morning)
    return noted


def test_overtime_raises_output_and_then_fatigue(weekly: list[dict[str, float]]) -> None:
    paths = []
    for late in (0.0, 3.0):
        runs = []
        for run in range(RUNS):
            weekly.clear()
            Model(peak(LATE, late), 1, run).play()
            runs.append([dict(week) for week in weekly])
        paths.append(runs)

    def moved(name: str, week: int) -> tuple[float, float]:
        return interval([(a[week][name], b[week][name]) for a, b in zip(*paths, strict=True)])

    # A week of 55 hours gets done what 52.7 hours get done, from the first week on.
    warm = a_round("peak").base().calendar.warmup_weeks
    assert paths[1][0][warm]["stretch"] == pytest.approx(output(40.0) / output(55.0))
    last = len(paths[0][0]) - 1
    assert moved("orders", last)[0] > 0
    assert moved("tired", warm - 2) == (0.0, 0.0)
    # Fatigue is not there at once: it builds up over the first weeks and stays to the end of the season.
    assert moved("tired", warm)[0] >= 0
    assert moved("tired", warm + 4)[0] > moved("tired", warm)[1]
    assert moved("tired", last)[0] > 0


def test_what_is_off_by_default_changes_nothing() -> None:
    short = Scenario().derive({"calendar.weeks": 8, "team.size": 3})
    plain = Model(short, 1, 0).play()
    named = Model(short.derive({LATE: 0.0, WAITS: 0.0}), 1, 0).play()
    assert all(plain[name].equals(named[name]) for name in ("orders", "surveys", "complaints", "tasks"))
