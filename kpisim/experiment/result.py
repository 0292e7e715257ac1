"""What an experiment gives: KPIs with intervals, series, stamp, failures."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import isnan
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from kpisim.experiment.one import play
from kpisim.kpi import kpi as known
from kpisim.text import UserError

if TYPE_CHECKING:
    from kpisim.experiment.one import Outcome
    from kpisim.model.rules import Rule
    from kpisim.scenario import Scenario
    from kpisim.tables import Tables

CONFIDENCE = 0.95
PRECISION = 0.05

_VALUE_COLUMNS = ("run", "kpi", "value", "numerator", "denominator", "n", "unit", "reason")


class Values(NamedTuple):
    """What one KPI came to.

    Attributes
    ----------
    unit
        Its unit.
    by_run
        Value by number of the run; runs without a number are left out.
    """

    unit: str
    by_run: dict[int, float]


@dataclass(frozen=True, repr=False)
class Result:
    """Replications of one scenario.

    Attributes
    ----------
    scenario, seed, replications
        What was played.
    per_run
        DataFrame: run, kpi, value, numerator, denominator, n, unit, reason.
    attainment
        DataFrame: run, rep_id, period_start, attainment, sales, quota, pay.
    weekly
        DataFrame: run, week, open_opportunities, open_value, booked, collected, load, backlog, effort.
    failures
        DataFrame: run, stage, error, message, traceback; empty when all went well.
    stamp
        Version, scenario, digest, seed, replications, seconds, warm-up, date of the run.
    """

    scenario: Scenario
    seed: int
    replications: int
    per_run: pd.DataFrame
    attainment: pd.DataFrame
    weekly: pd.DataFrame
    failures: pd.DataFrame
    stamp: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Say what was played: its tables and texts would fill pages of a notebook."""
        return f"Result({self.scenario.name}, {self.replications} runs, seed {self.seed})"

    @cached_property
    def kpis(self) -> pd.DataFrame:
        """One row per KPI over the replications.

        Returns
        -------
        DataFrame
            kpi, unit, mean, low, high (95 % t interval of the mean, inside the KPI's limits), sd, p10, p90, n_runs, runs_for_5pct (replications
            that would bring the interval to ±5 % of the mean), reason (why there is no number).
        """
        rows = [_row(kpi, group) for kpi, group in self.per_run.groupby("kpi", sort=False)]
        return pd.DataFrame(rows)

    @cached_property
    def by_kpi(self) -> dict[str, Values]:
        """Values by KPI and run, in the order of `per_run`."""
        found: dict[str, Values] = {}
        columns = (self.per_run[name].tolist() for name in ("kpi", "unit", "run", "value"))
        for kpi, unit, run, value in zip(*columns, strict=True):
            runs = found.setdefault(kpi, Values(unit, {})).by_run
            if value is not None and not isnan(value):
                runs[run] = value
        return found

    @property
    def rules(self) -> list[Rule]:
        """The rules in force, with their class and source."""
        from kpisim.model.rules import rules  # noqa: PLC0415

        return rules(self.scenario)

    def tables(self, run: int = 0) -> Tables:
        """Return the tables of replication `run`, played again from its seed.

        Parameters
        ----------
        run
            Number of the replication, from 0 on.

        Raises
        ------
        UserError
            No such replication.
        """
        if run not in range(self.replications):
            raise UserError(
                "run: {value} is not one of the {runs} runs; they are numbered from 0",
                value=run,
                runs=self.replications,
            )
        return play(self.scenario, self.seed, run)

    def values(self, kpi: str) -> pd.Series:
        """Return the values of one KPI by run; NaN where a run has no number.

        Raises
        ------
        UserError
            No KPI of that name; the nearest is named.
        """
        mine = self.per_run[self.per_run["kpi"] == kpi]
        if mine.empty:
            known(kpi)
        return pd.Series(mine["value"].to_numpy(dtype=float), index=mine["run"].to_numpy(), name=kpi)


def gather(scenario: Scenario, seed: int, outcomes: list[Outcome], stamp: dict[str, Any]) -> Result:
    """Put outcomes together."""
    good = [one for one in outcomes if one.failure is None]
    rows = [row for one in good for row in one.rows]
    return Result(
        scenario,
        seed,
        len(outcomes),
        pd.DataFrame(rows, columns=list(_VALUE_COLUMNS)),
        _stack(
            [one.attainment for one in good],
            ("run", "rep_id", "period_start", "attainment", "sales", "quota", "pay"),
        ),
        _stack([one.weekly for one in good], ("run", "week")),
        pd.DataFrame(
            [one.failure for one in outcomes if one.failure is not None],
            columns=["run", "stage", "error", "message", "traceback"],
        ),
        stamp,
    )


def _stack(frames: list[pd.DataFrame | None], columns: tuple[str, ...]) -> pd.DataFrame:
    there = [frame for frame in frames if frame is not None]
    return pd.concat(there, ignore_index=True) if there else pd.DataFrame(columns=list(columns))


def t_interval(values: np.ndarray, confidence: float = CONFIDENCE) -> tuple[float, float, float]:
    """Return mean, low and high of a Student t interval; low and high are NaN for fewer than two values."""
    mean = float(np.mean(values))
    if len(values) < 2:
        return mean, float("nan"), float("nan")
    half = _t(len(values), confidence) * float(np.std(values, ddof=1)) / len(values) ** 0.5
    return mean, mean - half, mean + half


def _t(n: int, confidence: float) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415

    return float(stdtrit(n - 1, 0.5 + confidence / 2))


def _row(kpi: object, group: pd.DataFrame) -> dict[str, Any]:
    from kpisim.kpi.registry import kpis  # noqa: PLC0415

    values = group["value"].dropna().to_numpy(dtype=float)
    row: dict[str, Any] = {"kpi": kpi, "unit": group["unit"].iloc[0], "n_runs": len(values), "reason": None}
    if not len(values):
        reasons = group["reason"].dropna()
        return row | {"reason": reasons.iloc[0] if len(reasons) else "no_data"}
    mean, low, high = t_interval(values)
    # Student knows no limits: of 98.8 % trained it would say "95.9 to 101.6 %".
    least, most = kpis()[str(kpi)].limits if str(kpi) in kpis() else (-np.inf, np.inf)
    low, high = max(low, least), min(high, most)
    sd = float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")
    needed = (
        int(np.ceil((1.96 * sd / (PRECISION * abs(mean))) ** 2))
        if len(values) > 1 and mean != 0 and sd > 0
        else None
    )
    p10, p90 = (float(value) for value in np.percentile(values, [10, 90]))
    return row | {
        "mean": mean,
        "low": low,
        "high": high,
        "sd": sd,
        "p10": p10,
        "p90": p90,
        "runs_for_5pct": needed,
    }
