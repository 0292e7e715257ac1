"""What a round says about training is worked out from its own paired weeks: now, later, and the week that it turns."""

from __future__ import annotations

import json
from dataclasses import asdict
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd
import pytest

from kpisim.experiment.payback import Payback, payback
from kpisim.scenario import load

if TYPE_CHECKING:
    from kpisim.experiment.experiment import Comparison
    from kpisim.scenario import Scenario

pytestmark = pytest.mark.unit

PATH = "team.training_hours"
WEEKS: list[list[float]] = [[-4.0, -2, 3, 5], [-2, -4, 5, 3]]


def versus(a: Scenario, b: Scenario, differences: list[list[float]]) -> Comparison:
    """Return a comparison whose second side booked these sums more than the first, run by run and week by week."""

    def side(scenario: Scenario, weeks: np.ndarray) -> Any:
        rows = [
            {"run": run, "week": week + 1, "booked": booked}
            for run, row in enumerate(weeks)
            for week, booked in enumerate(row)
        ]
        return SimpleNamespace(scenario=scenario, weekly=pd.DataFrame(rows))

    more = np.array(differences, dtype=float)
    base = np.full(more.shape, 100.0)
    return cast("Comparison", SimpleNamespace(a=side(a, base), b=side(b, base + more)))


def team(hours: float, **more: Any) -> tuple[Scenario, Scenario]:
    """Return a team with 6 hours, and the same from the first day on with `hours`, learnt within two weeks."""
    a = load("retail_peak").derive({"team.training_lag_weeks": 2.0})
    change = {"at": a.calendar.start, "set": {PATH: hours}}
    return a, a.derive({**more, "changes": [*a.model_dump()["changes"], change]})


def test_now_later_and_the_week_of_more_training_by_hand() -> None:
    found = payback(versus(*team(12.0), WEEKS))
    assert found is not None
    # Sums by week: -3, -6, -2, +2.
    assert found.path == (-3.0, -6.0, -2.0, 2.0)
    assert (found.now.first, found.now.last, found.now.difference) == (1, 2, -6.0)
    assert found.later is not None
    assert (found.later.first, found.later.last, found.later.difference) == (3, 4, 8.0)
    assert (found.turn, found.alone, found.raised, found.runs) == (4, True, True, 2)


def test_what_is_not_paid_back_has_no_week() -> None:
    found = payback(versus(*team(12.0), [[-4, -2, 3, 0], [-2, -4, 5, 0]]))
    assert found is not None
    assert found.turn is None


def test_less_training_turns_where_the_sum_falls_below_zero() -> None:
    found = payback(versus(*team(0.0), [[4, 2, -3, -5], [2, 4, -5, -3]]))
    assert found is not None
    assert (found.raised, found.turn) == (False, 4)


@pytest.mark.parametrize("hours", [12, 12.0])
def test_other_levers_moved_too_are_told_and_a_whole_number_is_no_other_lever(hours: float) -> None:
    assert payback(versus(*team(hours), WEEKS)).alone  # type: ignore[union-attr]
    assert not payback(versus(*team(hours, **{"pressure.late_hours": 2.0}), WEEKS)).alone  # type: ignore[union-attr]


def test_the_same_training_says_nothing_and_what_was_kept_comes_back() -> None:
    assert payback(versus(*team(6.0), WEEKS)) is None
    found = payback(versus(*team(9.0), WEEKS))
    assert found is not None
    assert Payback.read(json.loads(json.dumps(asdict(found)))) == found
