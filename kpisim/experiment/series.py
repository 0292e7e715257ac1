"""Series that every report shows: attainment by rep and period, pipeline and workload by week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kpisim.tables import Tables

DAY = np.timedelta64(1, "D")
WEEK = np.timedelta64(7, "D")


def attainment(tables: Tables, run: int) -> pd.DataFrame:
    """Return one row per rep and whole pay period that began in the window.

    Returns
    -------
    DataFrame
        run, rep_id, period_start, attainment [share], sales, quota, pay [money].
    """
    pay = tables["pay"]
    start, end = pd.Timestamp(tables.meta.start), pd.Timestamp(tables.meta.end)
    # A period cut by the window's edge would compare part of a result with part of a quota.
    inside = pay[(pay["period_start"] >= start - 6 * DAY) & (pay["period_end"] <= end + 6 * DAY)]
    return pd.DataFrame(
        {
            "run": run,
            "rep_id": inside["rep_id"].to_numpy(),
            "period_start": inside["period_start"].to_numpy(),
            "attainment": (inside["sales"] / inside["quota"]).to_numpy(),
            "sales": inside["sales"].to_numpy(),
            "quota": inside["quota"].to_numpy(),
            "pay": inside["total"].to_numpy(),
        }
    )


def weekly(tables: Tables, run: int) -> pd.DataFrame:
    """Return one row per week of the window.

    Returns
    -------
    DataFrame
        run, week (its Monday), open_opportunities, open_value [money] at the week's end, booked and collected
        [money] in the week, load (hours of work that came in ÷ hours available), backlog (tasks waiting per rep at the
        week's end), effort (mean relative incentive effort).
    """
    start = np.datetime64(tables.meta.start, "us")
    first = start - np.timedelta64(tables.meta.start.weekday(), "D")
    count = int(-(-(np.datetime64(tables.meta.end, "us") - first) // WEEK))
    edges = first + np.arange(count + 1) * WEEK
    deals, orders, paid, days = (
        tables[name] for name in ("opportunities", "orders", "collections", "rep_days")
    )
    created = deals["created"].to_numpy()
    closed = deals["closed"].fillna(pd.Timestamp.max.floor("us")).to_numpy()
    value = deals["value"].to_numpy()
    ends = edges[1:]
    live = np.array([(created < end) & (closed >= end) for end in ends])
    day = days["day"].to_numpy()
    reps = max(days["rep_id"].nunique(), 1)
    available = _sums(day, days["available"].to_numpy(), edges)
    workers = np.maximum(_sums(day, np.ones(len(day)), edges), 1)
    backlog = days["backlog"].to_numpy(dtype=float)
    last_day = np.array([backlog[(day < end) & (day >= end - 4 * DAY)].sum() for end in ends])
    days_then = np.array([max(len(np.unique(day[(day < end) & (day >= end - 4 * DAY)])), 1) for end in ends])
    with np.errstate(invalid="ignore", divide="ignore"):
        load = np.where(available > 0, _sums(day, days["planned"].to_numpy(), edges) / available, np.nan)
    return pd.DataFrame(
        {
            "run": run,
            "week": edges[:-1],
            "open_opportunities": live.sum(axis=1).astype(float),
            "open_value": live @ value if len(value) else np.zeros(count),
            "booked": _sums(orders["booked"].to_numpy(), orders["value"].to_numpy(), edges),
            "collected": _sums(
                paid["paid"].to_numpy(), paid["received"].fillna(paid["amount"]).to_numpy(), edges
            ),
            "load": load,
            "backlog": last_day / days_then / reps,
            "effort": _sums(day, days["effort"].to_numpy(), edges) / workers,
        }
    )


def _sums(
    when: NDArray[np.datetime64], what: NDArray[np.float64], edges: NDArray[np.datetime64]
) -> NDArray[np.float64]:
    """Add up `what` by the half-open interval that `when` falls in."""
    known = ~np.isnat(when)
    number = np.searchsorted(edges, when[known], side="right") - 1
    inside = (number >= 0) & (number < len(edges) - 1)
    sums = np.bincount(number[inside], weights=what[known][inside], minlength=len(edges) - 1)
    return sums.astype(np.float64)
