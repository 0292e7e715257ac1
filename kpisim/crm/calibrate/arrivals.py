"""How many arrive: rate, weekday profile, and how much more a day's number swings than chance alone would make it."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim.crm.calibrate.draft import Estimate
from kpisim.text import Text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kpisim.crm.calibrate.draft import Draft

ALL = (
    Text("arrivals per rep and week", "每人每周到达数"),
    Text("variance ÷ mean of a day's arrivals", "每日到达数的方差/均值"),
)
NEW_CUSTOMERS = (
    Text("new customers per rep and week", "每人每周新客户数"),
    Text("variance ÷ mean of a day's new customers", "每日新客户数的方差/均值"),
)
LEAST_DAYS = 10
"""Days below which too little is left for the swings once seven weekdays have taken their means."""


TOGETHER = Text("arrivals per week, all together", "每周到达数（合计）")


def fit_arrivals(
    created: pd.Series[Any],
    reps: int,
    draft: Draft,
    *,
    played: bool = True,
    named: bool = True,
    names: tuple[Text, Text] = ALL,
) -> None:
    """Fit rate, weekday profile and over-dispersion of daily counts.

    Parameters
    ----------
    created
        When each came in.
    reps
        How many reps they came to.
    draft
        Where the figures are added.
    played
        Whether they are the leads of a scenario.
    named
        Whether `reps` are known; where they are only enough hands, the rate is told for all of them together.
    names
        What rate and dispersion are called.
    """
    days = created.dt.normalize()
    counts = (
        days.value_counts()
        .reindex(pd.date_range(days.min(), days.max(), freq="D"), fill_value=0)
        .sort_index()
    )
    weekday = counts.index.to_series().dt.day_of_week.to_numpy()
    numbers = counts.to_numpy(dtype=float)
    profile = np.array(
        [numbers[weekday == day].mean() if (weekday == day).any() else 0.0 for day in range(7)]
    )
    expected = profile[weekday]
    weekly = float(profile.sum()) / reps
    name, together = (names[0], 1) if named else (TOGETHER, reps)
    busy = expected > 0.2 * profile.max()
    if busy.sum() < LEAST_DAYS:
        _rate(weekly, 1.0, numbers, name, draft, reps=together, played=played)
        return
    # Variance against the mean of each weekday, days of hardly any arrivals left out.
    ratio = (numbers[busy] - expected[busy]) ** 2 / expected[busy] * busy.sum() / (busy.sum() - 7)
    dispersion, error = float(ratio.mean()), float(ratio.std(ddof=1) / sqrt(len(ratio)))
    _rate(weekly, dispersion, numbers, name, draft, reps=together, played=played)
    draft.estimates.append(
        Estimate(
            names[1],
            dispersion,
            error,
            int(busy.sum()),
            "market.day_dispersion" if played else "",
        )
    )
    if not played:
        return
    draft.settings |= {
        "market.day_dispersion": round(min(max(dispersion, 1.0), 50.0), 3),
        "market.weekday_profile": [round(float(part), 3) for part in profile / max(profile.mean(), 1e-9)],
    }


def _rate(
    weekly: float,
    dispersion: float,
    numbers: NDArray[np.float64],
    name: Text,
    draft: Draft,
    *,
    reps: int,
    played: bool,
) -> None:
    """Add the rate, told for `reps` of them together."""
    error = sqrt(max(dispersion, 1.0) * numbers.sum()) / numbers.sum() * weekly
    path = "market.leads_per_rep_week" if played else ""
    told = path if reps == 1 else ""
    draft.estimates.append(Estimate(name, reps * weekly, reps * error, int(numbers.sum()), told))
    if played:
        draft.settings[path] = round(weekly, 4)
