"""Run, compare, sweep: from a scenario to what can be said about it."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim import __version__
from kpisim.experiment import cache as disk
from kpisim.experiment.executor import play_all
from kpisim.experiment.result import Result, gather, t_interval
from kpisim.scenario.errors import short
from kpisim.text import UserError, t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kpisim.experiment.one import Outcome
    from kpisim.experiment.result import Values
    from kpisim.scenario import Scenario

MOST_REPLICATIONS = 100_000


def run(
    scenario: Scenario,
    replications: int = 30,
    seed: int = 1,
    *,
    workers: int | None = None,
    cache: bool = True,
    progress: bool | None = None,
) -> Result:
    """Play a scenario many times and measure every KPI.

    Parameters
    ----------
    scenario
        What to play.
    replications
        How many independent runs; run k has the streams of (seed, k).
    seed
        Seed of the experiment, 0 or more.
    workers
        Processes (None: one per processor).  Numbers do not depend on it.
    cache
        Read and keep results on disk by scenario digest, seed, replications and code.
    progress
        Show a progress bar (None: on a terminal, after a second).

    Raises
    ------
    UserError
        For what is no scenario (a name is not one: `kpisim.load` it), and for replications or seed out of range or no whole
        number.

    Examples
    --------
    >>> import kpisim
    >>> small = kpisim.load("default").derive({"team.size": 2, "calendar.weeks": 4})
    >>> result = run(small, replications=2, workers=1, cache=False)
    >>> result
    Result(default, 2 runs, seed 1)
    >>> int(result.kpis.set_index("kpi").loc["wins", "n_runs"])
    2
    """
    check(replications, seed, scenario)
    if not cache:
        return _played(scenario, replications, seed, workers, progress, cache=False)
    if (known := kept(scenario, seed, replications)) is not None:
        return known
    with disk.alone(disk.key(scenario, seed, replications)):
        # Who had to wait for another process finds here what that one played.
        if (known := kept(scenario, seed, replications)) is not None:
            return known
        return _played(scenario, replications, seed, workers, progress, cache=True)


def _played(
    scenario: Scenario,
    replications: int,
    seed: int,
    workers: int | None,
    progress: bool | None,  # noqa: FBT001
    *,
    cache: bool,
) -> Result:
    begun = time.perf_counter()
    outcomes = play_all(scenario, seed, range(replications), workers, progress)
    return finished(scenario, seed, outcomes, time.perf_counter() - begun, cache=cache)


def kept(scenario: Scenario, seed: int, replications: int) -> Result | None:
    """Return what is kept on disk of this experiment, None where nothing is."""
    found = disk.read(disk.key(scenario, seed, replications))
    if found is None:
        return None
    (per_run, attainment, weekly, failures), stamp = found
    return Result(
        scenario, seed, replications, per_run, attainment, weekly, failures, stamp | _names(scenario)
    )


def finished(
    scenario: Scenario, seed: int, outcomes: list[Outcome], seconds: float, *, cache: bool = True
) -> Result:
    """Put the outcomes of a whole experiment together, and keep them on disk where none failed."""
    replications = len(outcomes)
    stamp = {
        "version": __version__,
        "code": disk.code_digest(),
        "digest": scenario.digest(),
        "seed": seed,
        "replications": replications,
        "warmup_weeks": scenario.calendar.warmup_weeks,
        "weeks": scenario.calendar.weeks,
        "seconds": round(seconds, 2),
        "created": datetime.now().astimezone().isoformat(timespec="seconds"),
    }
    result = gather(scenario, seed, outcomes, stamp | _names(scenario))
    if cache and result.failures.empty:
        name = disk.key(scenario, seed, replications)
        disk.write(name, ((result.per_run, result.attainment, result.weekly, result.failures), stamp))
    return result


def _names(scenario: Scenario) -> dict[str, Any]:
    return {"scenario": scenario.name}


def check(replications: int, seed: int, *scenarios: Scenario) -> None:
    """Refuse what is no scenario, and a number of replications or a seed that cannot be played."""
    for one in scenarios:
        a_scenario(one)
    for name, value in (("replications", replications), ("seed", seed)):
        if isinstance(value, bool) or not hasattr(value, "__index__"):
            raise UserError(
                "{name}: {value} is not a whole number; give a whole number", name=name, value=repr(value)
            )
    if not 1 <= replications <= MOST_REPLICATIONS:
        raise UserError(
            "replications: {value} is outside 1 to {most}; give a number in between",
            value=replications,
            most=MOST_REPLICATIONS,
        )
    if seed < 0:
        raise UserError("seed: {value} is below 0; give 0 or more", value=seed)


def a_scenario(given: object) -> None:
    """Refuse what is no scenario: names and values are easily handed over for one."""
    from kpisim.scenario import Scenario as Known  # noqa: PLC0415

    if not isinstance(given, Known):
        raise UserError(
            "{value} is not a scenario; load or derive one, e.g. {example}",
            value=short(given),
            example='kpisim.load("default").derive({"team.size": 6})',
        )


@dataclass(frozen=True, repr=False)
class Comparison:
    """Two scenarios on the same random streams.

    Attributes
    ----------
    a, b
        The results.
    """

    a: Result
    b: Result

    def __repr__(self) -> str:
        return f"Comparison({self.a!r}, {self.b!r})"

    @cached_property
    def differences(self) -> pd.DataFrame:
        """One row per KPI: B minus A.

        Returns
        -------
        DataFrame
            kpi, unit, a, b (means), difference, low, high (95 % t interval of the paired difference), unpaired_low,
            unpaired_high (Welch interval without pairing), width_ratio (paired ÷ unpaired width), n_runs, verdict.
        """
        of_a, of_b = self.a.by_kpi, self.b.by_kpi
        return pd.DataFrame([self._row(name, of_a[name], of_b[name]) for name in of_a if name in of_b])

    def _row(self, kpi: str, of_a: Values, of_b: Values) -> dict[str, Any]:
        pair = [run for run in of_a.by_run if run in of_b.by_run]
        row: dict[str, Any] = {"kpi": kpi, "unit": of_a.unit, "n_runs": len(pair)}
        if len(pair) < 2:
            return row | {"verdict": t("cannot be told: fewer than two runs with a number")}
        a, b = (np.array([one.by_run[run] for run in pair]) for one in (of_a, of_b))
        mean, low, high = t_interval(b - a)
        half = _welch_half(a, b)
        ratio = (high - low) / (2 * half) if half > 0 else None
        return row | {
            "a": float(a.mean()),
            "b": float(b.mean()),
            "difference": mean,
            "low": low,
            "high": high,
            "unpaired_low": mean - half,
            "unpaired_high": mean + half,
            "width_ratio": ratio,
            "verdict": verdict(low, high),
        }

    @property
    def narrowing(self) -> float:
        """Median ratio of paired to unpaired interval width over the KPIs that moved."""
        ratios = (
            self.differences["width_ratio"].dropna()
            if "width_ratio" in self.differences
            else pd.Series(dtype=float)
        )
        return float(ratios.median()) if len(ratios) else float("nan")


def verdict(low: float, high: float) -> str:
    """Return in words what a paired 95 % interval of B minus A says."""
    if low == high == 0:
        return t("no difference at all: the change does not touch this KPI")
    if low > 0:
        return t("B is higher")
    if high < 0:
        return t("B is lower")
    return t("no difference can be told with these runs")


def _welch_half(a: np.ndarray, b: np.ndarray) -> float:
    from scipy.special import stdtrit  # noqa: PLC0415

    va, vb, n = float(a.var(ddof=1)) / len(a), float(b.var(ddof=1)) / len(b), len(a)
    if va + vb == 0:
        return 0.0
    freedom = (va + vb) ** 2 / ((va**2 + vb**2) / (n - 1))
    return float(stdtrit(freedom, 0.975) * math.sqrt(va + vb))


def compare(
    a: Scenario,
    b: Scenario,
    replications: int = 30,
    seed: int = 1,
    *,
    workers: int | None = None,
    cache: bool = True,
    progress: bool | None = None,
) -> Comparison:
    """Compare two scenarios on common random numbers: run k of both has the same streams.

    Parameters
    ----------
    a, b
        Base and variant; differences are B minus A.
    replications, seed, workers, cache, progress
        As in `run`.

    Raises
    ------
    UserError
        As in `run`.

    Examples
    --------
    >>> import kpisim
    >>> base = kpisim.load("default").derive({"team.size": 2, "calendar.weeks": 4})
    >>> both = compare(base, base, replications=2, workers=1, cache=False)
    >>> both.differences["difference"].dropna().eq(0).all().item()
    True
    """
    check(replications, seed, a, b)
    first = run(a, replications, seed, workers=workers, cache=cache, progress=progress)
    second = run(b, replications, seed, workers=workers, cache=cache, progress=progress)
    return Comparison(first, second)


def sweep(
    base: Scenario,
    grid: Mapping[str, Sequence[Any]],
    replications: int = 30,
    seed: int = 1,
    *,
    workers: int | None = None,
    cache: bool = True,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Play every combination of parameter values.

    Parameters
    ----------
    base
        The scenario to vary.
    grid
        Path -> values.
    replications, seed, workers, cache, progress
        As in `run`.

    Returns
    -------
    DataFrame
        One row per combination and KPI: the paths, then the columns of `Result.kpis`, then ``failed`` (runs that
        failed) and ``error``.  A combination that is not a valid scenario is a row with its message; the sweep goes on.

    Raises
    ------
    UserError
        A path without a list of values; else as in `run`.

    Examples
    --------
    >>> import kpisim
    >>> base = kpisim.load("default").derive({"calendar.weeks": 4})
    >>> rows = sweep(base, {"team.size": [1, 2]}, replications=1, workers=1, cache=False)
    >>> rows.loc[rows["kpi"] == "wins", ["team.size", "n_runs"]].to_numpy().tolist()
    [[1, 1], [2, 1]]
    """
    check(replications, seed, base)
    for path, values in grid.items():
        if isinstance(values, str) or not isinstance(values, Collection):
            raise UserError(
                "{path}: {value} is not a list of values; write [{value}, …]", path=path, value=short(values)
            )
        if not len(values):
            raise UserError("{path}: no values to sweep over; give at least one", path=path)
    frames = []
    for values in itertools.product(*grid.values()):
        point = dict(zip(grid, values, strict=True))
        try:
            result = run(
                base.derive(point), replications, seed, workers=workers, cache=cache, progress=progress
            )
            frame = result.kpis.assign(failed=len(result.failures), error=None)
        except UserError as problem:
            frame = pd.DataFrame([{"kpi": None, "failed": replications, "error": str(problem)}])
        for position, (path, value) in enumerate(point.items()):
            frame.insert(position, path, [value] * len(frame))
        frames.append(frame)
    return pd.concat([frame.astype(object) for frame in frames], ignore_index=True).infer_objects()
