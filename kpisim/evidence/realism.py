"""What makes a simulated team look like a real one, measured over two years of it.

Class: calibrated.  The default team was set to fall inside these ranges, so they count as no reproduction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kpisim.model import Model
from kpisim.scenario import load

if TYPE_CHECKING:
    from numpy.typing import NDArray


def two_years(
    name: str, seed: int, run: int
) -> tuple[dict[str, float], list[tuple[float, float]], list[float]]:
    """Play two years and return the figures of the first, and each rep's sales in both.

    Parameters
    ----------
    name
        Scenario of the library.
    seed, run
        Seed and number of the replication.

    Returns
    -------
    figures
        Shares and ratios by name; turnover is a year's mean over both years.
    both
        Sales of the first and the second year of every rep who was there throughout [money].
    sold
        Sales of the first year of every rep who was there all through it [money].
    """
    tables = Model(load(name).derive({"calendar.weeks": 104}), seed, run).play()
    start = pd.Timestamp(tables.meta.start)
    middle = start + pd.DateOffset(weeks=52)
    reps, pay, orders = tables["reps"].set_index("rep_id"), tables["pay"], tables["orders"]
    deals, tasks, days = tables["opportunities"], tables["tasks"], tables["rep_days"]
    pay, orders = pay[pay["period_start"] >= start], orders[orders["booked"] >= start]
    first, second = (
        orders[late].groupby("rep_id")["value"].sum()
        for late in (orders["booked"] < middle, orders["booked"] >= middle)
    )
    stayed = reps.index[(reps["hired"] <= start) & reps["left"].isna()]
    whole = reps.index[(reps["hired"] <= start) & ~(reps["left"] < middle)]
    year = pay[pay["period_start"] < middle].groupby("rep_id")[["sales", "quota"]].sum().reindex(whole)
    sold = first.reindex(whole).fillna(0.0)
    closed = deals[
        deals["status"].isin(["won", "lost"]) & (deals["created"] >= start) & (deals["created"] < middle)
    ]
    existing = closed["existing"].astype(bool)
    worked = tasks[(tasks["started"] >= start) & (tasks["started"] < middle)]
    there = days[(days["day"] >= start) & (days["day"] < middle)]
    figures = {
        "at quota": float((year["sales"] >= year["quota"]).mean()),
        "top fifth": top_fifth(sold.to_numpy()),
        "win rate of qualified": float(
            (closed.loc[~existing & (closed["stage"] != "lead"), "status"] == "won").mean()
        ),
        "existing against new": float(
            (closed.loc[existing, "status"] == "won").mean()
            / (closed.loc[~existing, "status"] == "won").mean()
        ),
        "selling time": float(
            worked.loc[worked["kind"] == "selling", "spent"].sum() / there["available"].sum()
        ),
        "turnover": float((reps["left"] >= start).sum() / 2 / load(name).team.size),
    }
    pairs = pd.DataFrame({"first": first, "second": second}).reindex(stayed).fillna(0.0)
    return figures, list(pairs.itertuples(index=False, name=None)), sold.tolist()


def top_fifth(sales: NDArray[np.float64]) -> float:
    """Return the share of sales of the best fifth; a rep who lies across its border counts in part.

    The best of eight stand out less than the best of hundreds, so surveys of whole sales forces are compared with the
    reps of many teams pooled.
    """
    sold = np.sort(sales)[::-1]
    border = 0.2 * len(sold)
    whole = int(border)
    part = sold[whole] * (border - whole) if whole < len(sold) else 0.0
    return float((sold[:whole].sum() + part) / sold.sum())
