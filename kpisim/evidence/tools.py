"""What the emerging cases have in common: playing, booking, means with errors, rows.

A case plays two scenarios that differ in one decision on the same luck.  No coefficient is set in a case: all come from the
scenario's defaults (`docs/model/calibration.md`), and the same ones serve every case.
"""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim.evidence.published import NOT_REPRODUCED
from kpisim.evidence.published import printed as _printed
from kpisim.model import Model
from kpisim.scenario import Mechanisms, Scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from kpisim.evidence.case import Row
    from kpisim.tables import Tables
    from kpisim.text import Text

START = Scenario().calendar.start
ABOVE_ZERO = (0.0, float("inf"))
BELOW_ZERO = (float("-inf"), 0.0)
TOO_NOISY = "too noisy"


def only(*names: str) -> dict[str, bool]:
    """Return the switches with `names` on and all others off."""
    return {name: name in names for name in Mechanisms.model_fields}


def play(values: dict[str, Any], seed: int, run: int) -> Tables:
    """Return the tables of a year of the default scenario with `values` changed."""
    return Model(Scenario().derive({"calendar.weeks": 52} | values), seed, run).play()


def booked(tables: Tables) -> pd.DataFrame:
    """Return the orders booked after the warm-up."""
    orders = tables["orders"]
    return orders[orders["booked"] >= pd.Timestamp(tables.meta.start)]


def mean(values: Sequence[float] | NDArray[np.float64]) -> tuple[float, float]:
    """Return mean and standard error."""
    numbers = np.asarray(values, dtype=float)
    return float(numbers.mean()), float(numbers.std(ddof=1) / sqrt(len(numbers))) if len(numbers) > 1 else 0.0


def printed(
    metric: str | Text, simulated: float, reference: float, band: tuple[float, float], error: float = 0.0
) -> Row:
    """Return a row; where only a sign is claimed, the whole interval must have it."""
    row = _printed(metric, simulated, reference, band, error)
    if band in {ABOVE_ZERO, BELOW_ZERO} and row.low < 0.0 < row.high:
        return replace(row, verdict=TOO_NOISY if row.verdict == "pass" else NOT_REPRODUCED)
    return row


def lift(
    metric: str | Text,
    first: Sequence[float] | NDArray[np.float64],
    second: Sequence[float] | NDArray[np.float64],
    reference: float,
    band: tuple[float, float],
) -> Row:
    """Return a row on the relative difference of B to A, runs paired on the same luck."""
    value, error = mean(np.asarray(second) / np.asarray(first) - 1.0)
    return printed(metric, value, reference, band, error)


def over(runs: int, one: Callable[[int], Any]) -> NDArray[np.float64]:
    """Return what `one` gives for each run, a row a run."""
    return np.array([one(run) for run in range(runs)])


def cliff(bonus: float, months: str = "quarter") -> dict[str, Any]:
    """Return a plan that pays nothing but a bonus at quota, each month, quarter or year."""
    return {"commission_rate": 0.0, "period": months, "bonuses": [{"attainment": 1.0, "amount": bonus}]}
