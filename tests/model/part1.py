"""Write the figures of the engine alone: ``python tests/model/part1.py`` (they were first written by part 1's engine)."""

from __future__ import annotations

import json
from math import fsum
from pathlib import Path
from typing import Any

import pandas as pd

from kpisim.bench import SMALL_DEALS
from kpisim.model import Model
from kpisim.scenario import ALL_OFF, load

FILE = Path(__file__).with_suffix(".json")
_SLOW_DESK = {"communication.departments.product.hours": 3.0}
BEFORE: dict[str, dict[str, Any]] = {
    "default": SMALL_DEALS
    | {
        "kpi.targets.new customers.target": 6.0,
        "market.deal_value": 60_000.0,
        "market.deal_sigma": 0.9,
        "team.outside_pay": None,
        "team.effort_cost": 4.0,
        "team.risk_aversion": 0.0,
    },
    "retail_peak": _SLOW_DESK
    | {"market.complaint_survey": False, "kpi.quota": 1_500_000.0, "kpi.targets.revenue.target": 125_000.0},
    "technology": _SLOW_DESK
    | {"market.leaving": "at_order", "kpi.quota": 1_650_000.0, "kpi.targets.revenue.target": 137_500.0},
}
"""What a ready scenario said when the figures were written, where it says otherwise now."""
NAMES = ("default", "medical_devices", "technology", "retail_peak")


def figures(name: str) -> dict[str, Any]:
    """Return rows and exact column sums of every table of one run with all mechanisms off."""
    tables = Model(load(name).derive({"mechanisms": ALL_OFF} | BEFORE.get(name, {})), 1, 0).play()
    found: dict[str, Any] = {}
    for table, frame in tables.frames.items():
        sums = {}
        for column in frame.columns:
            values = frame[column]
            if pd.api.types.is_datetime64_any_dtype(values):
                sums[column] = fsum(
                    ((values.dropna() - pd.Timestamp("2020-01-01")) / pd.Timedelta(microseconds=1)).tolist()
                )
            elif pd.api.types.is_numeric_dtype(values):
                sums[column] = fsum(float(value) for value in values.dropna())
        found[table] = {"rows": len(frame), "sums": sums}
    return found


if __name__ == "__main__":
    FILE.write_text(json.dumps({name: figures(name) for name in NAMES}, indent=1) + "\n", encoding="utf-8")
    print(FILE)  # noqa: T201
