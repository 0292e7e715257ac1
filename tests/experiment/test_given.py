"""What an experiment is given by hand is checked before anything is played."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import kpisim
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.unit

SMALL = kpisim.load("default").derive({"team.size": 2, "calendar.weeks": 4, "calendar.warmup_weeks": 0})


@pytest.fixture(scope="module")
def result() -> kpisim.Result:
    return kpisim.run(SMALL, replications=2, workers=1, cache=False)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: kpisim.run("default"), "default is not a scenario; load or derive one"),  # type: ignore[arg-type]
        (lambda: kpisim.compare(SMALL, {"team.size": 3}), "is not a scenario"),  # type: ignore[arg-type]
        (lambda: kpisim.sweep("default", {}), "is not a scenario"),  # type: ignore[arg-type]
        (lambda: kpisim.sensitivity("default"), "is not a scenario"),  # type: ignore[arg-type]
        (lambda: kpisim.run(SMALL, "30"), "replications: '30' is not a whole number"),  # type: ignore[arg-type]
        (lambda: kpisim.run(SMALL, 2.5), "replications: 2.5 is not a whole number"),  # type: ignore[arg-type]
        (lambda: kpisim.run(SMALL, 2, seed=True), "seed: True is not a whole number"),
        (lambda: kpisim.sweep(SMALL, {"team.size": 3}), "team.size: 3 is not a list of values; write [3, …]"),  # type: ignore[dict-item]
        (lambda: kpisim.sweep(SMALL, {"reviews.every": "week"}), "week is not a list of values"),
    ],
)
def test_what_cannot_be_played_is_told_in_a_line(ask: Callable[[], Any], says: str) -> None:
    with pytest.raises(UserError) as problem:
        ask()
    english = str(problem.value)
    assert says in english
    with language("zh"):
        assert str(problem.value) != english


@pytest.mark.parametrize("run", [-1, 2, 99])
def test_a_replication_that_there_is_not_is_refused(result: kpisim.Result, run: int) -> None:
    """Run -1 had never come back: its streams were looked for until memory ran out."""
    with pytest.raises(UserError, match="numbered from 0"):
        result.tables(run)


def test_an_unknown_kpi_has_no_values(result: kpisim.Result) -> None:
    assert len(result.values("wins")) == 2
    with pytest.raises(UserError, match="did you mean wins"):
        result.values("winz")


def test_a_result_is_named_in_a_line(result: kpisim.Result) -> None:
    assert repr(result) == "Result(default, 2 runs, seed 1)"
    assert repr(kpisim.Comparison(result, result)).startswith("Comparison(Result(default")


def test_a_notebook_can_complete_what_was_never_asked_for() -> None:
    assert {"run", "compare", "evidence", "report", "scenario"} <= set(dir(kpisim))
    assert kpisim.scenario.save is not None
