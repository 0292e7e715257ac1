"""Made-up data in the shape the other rooms hand over, small enough to reckon with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def kpis() -> pd.DataFrame:
    """Five KPIs, one of them without a number."""
    return pd.DataFrame(
        [
            (
                "revenue_booked",
                "money",
                19_200_000.0,
                18_700_000.0,
                19_700_000.0,
                17_800_000.0,
                20_600_000.0,
                30,
                8,
                None,
            ),
            ("conversion_closed", "share", 0.231, 0.226, 0.236, 0.21, 0.25, 30, 7, None),
            ("csat", "share", 0.71, 0.69, 0.73, 0.66, 0.76, 30, 9, None),
            ("new_customers", "count", 44.0, 40.0, 48.0, 34.0, 54.0, 30, 99, None),
            ("culture", "share", np.nan, np.nan, np.nan, np.nan, np.nan, 30, None, "too_few"),
        ],
        columns=["kpi", "unit", "mean", "low", "high", "p10", "p90", "n_runs", "runs_for_5pct", "reason"],
    )


@pytest.fixture
def attainments() -> pd.DataFrame:
    """20 runs of 8 reps over 4 quarters; exactly 320 of the 640 values are at quota or above."""
    values = np.concatenate([np.linspace(0.4, 0.99, 320), np.linspace(1.0, 1.8, 320)])
    rng = np.random.default_rng(4)
    rng.shuffle(values)
    index = pd.MultiIndex.from_product(
        [range(20), [f"R{i}" for i in range(8)], pd.date_range("2027-01-01", periods=4, freq="QS")],
        names=["run", "rep_id", "period_start"],
    )
    frame = index.to_frame(index=False)
    frame["attainment"] = values
    frame["quota"] = 600_000.0
    frame["sales"] = frame["attainment"] * frame["quota"]
    frame["pay"] = 27_000 + 0.03 * frame["sales"]
    return frame


@pytest.fixture
def weekly() -> pd.DataFrame:
    """20 runs over 52 weeks: the pipeline doubles, the load passes 100 % in weeks 20 to 25."""
    rng = np.random.default_rng(5)
    weeks = pd.date_range("2027-01-04", periods=52, freq="W-MON")
    rows = []
    for run in range(20):
        noise = rng.normal(0, 1, (52, 2))
        for k, week in enumerate(weeks):
            load = 1.2 if 20 <= k <= 25 else 0.9
            rows.append(
                (
                    run,
                    week,
                    30 + k,
                    4e6 * (1 + k / 51) * (1 + 0.05 * noise[k, 0]),
                    3e5,
                    2.8e5,
                    load + 0.02 * noise[k, 1],
                    4.0,
                    0.1,
                )
            )
    columns = [
        "run",
        "week",
        "open_opportunities",
        "open_value",
        "booked",
        "collected",
        "load",
        "backlog",
        "effort",
    ]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture
def curve() -> pd.DataFrame:
    """Pay that doubles its slope beyond quota."""
    x = np.linspace(0, 2, 201)
    return pd.DataFrame({"attainment": x, "pay": 18_000 * np.minimum(x, 1) + 36_000 * np.maximum(x - 1, 0)})


@pytest.fixture
def differences() -> pd.DataFrame:
    """Two clear differences, one that is not."""
    return pd.DataFrame(
        [
            ("revenue_booked", "money", 19.2e6, 20.1e6, 0.9e6, 0.5e6, 1.3e6),
            ("csat", "share", 0.71, 0.69, -0.02, -0.03, -0.01),
            ("new_customers", "count", 44.0, 44.5, 0.5, -1.5, 2.5),
        ],
        columns=["kpi", "unit", "a", "b", "difference", "low", "high"],
    )


@pytest.fixture
def opportunities() -> pd.DataFrame:
    """100 opportunities in 2027: 30 won after 20 days each, 50 lost, 20 open."""
    created = pd.date_range("2027-01-05", periods=100, freq="84h")
    status = np.array((["won"] * 3 + ["lost"] * 5 + ["open"] * 2) * 10)
    closed = pd.Series(created + pd.Timedelta(20, "D")).where(status != "open")
    return pd.DataFrame(
        {
            "opportunity_id": [f"O{i}" for i in range(100)],
            "created": created,
            "closed": closed.to_numpy(),
            "status": status,
        }
    )


@pytest.fixture
def orders() -> pd.DataFrame:
    """Ten customers buy each month of 2027; half of them (rotating) come back the next month."""
    rows = []
    for m in range(12):
        for k in range(10):
            customer = f"C{(m * 5 + k) % 60}"
            rows.append(
                (f"{m}-{k}", customer, pd.Timestamp(2027, m + 1, 3 + k), pd.NaT, 1000.0 * (1 + (m == 10)))
            )
    return pd.DataFrame(rows, columns=["order_id", "account_id", "booked", "cancelled", "value"])
