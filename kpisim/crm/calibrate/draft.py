"""What a calibration is made of: figures with their standard errors, parameters, laws and the numbers behind them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from kpisim.crm.calibrate.shapes import Shape, fit_shape
from kpisim.scenario import ALL_OFF, Scenario

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from kpisim.text import Text

NEUTRAL: dict[str, Any] = {
    "mechanisms": ALL_OFF,
    "team.max_effort": 0.0,
    "team.speed_sd": 0.0,
    "team.win_rate_sd": 0.0,
    "market.web_share": 0.0,
    "market.silence": 0.0,
    "market.age_half_life_days": 5000.0,
    "market.accounts_per_rep": 0,
    "market.repurchase_days": 5000.0,
    "market.churn": 1.0,
    "market.referral": 0.0,
    "communication.departments": [],
    "market.complaint": 0.0,
    "workload.admin_per_day": 0.0,
    "workload.service_per_account_month": 0.0,
    "pressure.interruptions_per_hour": 0.0,
    "incentive.timing_games": False,
}
"""What the tables say nothing of is switched off, or it would be counted twice: once in the data, once in the model."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One fitted figure.

    Attributes
    ----------
    name
        What it is.
    value, error
        Estimate and standard error; NaN where none is known.
    n
        How many rows it rests on.
    path
        The scenario's parameter it sets; ``""`` for a figure that has none.
    law
        Law that fits best, for durations and values.
    sample
        The numbers that `law` was fitted to, a key of :attr:`Calibration.samples`.
    """

    name: Text
    value: float
    error: float
    n: int
    path: str = ""
    law: str = ""
    sample: str = ""


@dataclass(frozen=True)
class Calibration:
    """What was fitted to one set of tables.

    Attributes
    ----------
    estimates
        Every figure with its standard error.
    values
        Parameters by path, ready for `Scenario.derive`.
    shapes
        Laws of durations and values by name.
    samples
        The numbers that they were fitted to.
    """

    estimates: tuple[Estimate, ...]
    values: dict[str, Any] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    samples: dict[str, NDArray[np.float64]] = field(default_factory=dict, repr=False)

    def scenario(self, name: str = "my_team") -> Scenario:
        """Return the default scenario with what was fitted; what the tables say nothing of is switched off."""
        return Scenario().derive(NEUTRAL | self.values, name=name)


@dataclass(slots=True)
class Draft:
    """A calibration in the making."""

    estimates: list[Estimate] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    shapes: dict[str, Shape] = field(default_factory=dict)
    samples: dict[str, NDArray[np.float64]] = field(default_factory=dict)

    def fit(self, name: str, numbers: ArrayLike) -> Shape | None:
        """Fit a law to what is positive among `numbers`, and keep both; None for too few."""
        x = np.asarray(numbers, dtype=float)
        x = x[np.isfinite(x) & (x > 0)]
        shape = fit_shape(x)
        if shape is not None:
            self.shapes[name], self.samples[name] = shape, x
        return shape
