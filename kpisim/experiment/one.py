"""One replication, boiled down to what a Result keeps; a failure is a record, not an exception."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from kpisim.scenario import Scenario
    from kpisim.tables import Tables


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one replication gave.

    Attributes
    ----------
    run
        Number of the replication.
    rows
        KPI rows of (kpi, value, numerator, denominator, n, unit, reason).
    attainment, weekly
        Frames by rep and period, and by week.
    failure
        None, or stage, error, message and traceback of what went wrong.
    """

    run: int
    rows: list[dict[str, Any]]
    attainment: pd.DataFrame | None
    weekly: pd.DataFrame | None
    failure: dict[str, Any] | None = None


def play(scenario: Scenario, seed: int, run: int) -> Tables:
    """Play replication `run` and return its tables."""
    from kpisim.model import Model  # noqa: PLC0415

    return Model(scenario, seed, run).play()


def outcome(scenario: Scenario, seed: int, run: int) -> Outcome:
    """Play and measure one replication."""
    stage = "play"
    try:
        tables = play(scenario, seed, run)
        stage = "measure"
        from kpisim.experiment.series import attainment, weekly  # noqa: PLC0415
        from kpisim.kpi import measure_values  # noqa: PLC0415

        values = [
            {
                "run": run,
                "kpi": name,
                "value": value.value,
                "numerator": value.numerator,
                "denominator": value.denominator,
                "n": value.n,
                "unit": value.unit,
                "reason": value.reason,
            }
            for name, value in measure_values(tables).items()
        ]
        return Outcome(run, values, attainment(tables, run), weekly(tables, run))
    except Exception as problem:  # noqa: BLE001  (whatever went wrong becomes a row that says so)
        return _failed(run, stage, problem)


def variant(base: Scenario, values: Mapping[str, Any], seed: int, run: int) -> Outcome:
    """Play and measure one replication of `base` with the parameters in `values` set."""
    try:
        scenario = base.derive(values)
    except UserError as problem:
        return _failed(run, "derive", problem)
    return outcome(scenario, seed, run)


def _failed(run: int, stage: str, problem: Exception) -> Outcome:
    record = {
        "run": run,
        "stage": stage,
        "error": type(problem).__name__,
        "message": str(problem),
        "traceback": traceback.format_exc(),
    }
    return Outcome(run, [], None, None, record)
