"""Which guess moves which KPI: Morris screening over all assumptions, then Sobol indices of the leaders.

The designs and the estimators are SALib's.  Every point of a Morris trajectory is played on the same luck, so an effect
that is shown comes from the guess; what the same luck still does by chance shows as effects without a constant sign.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim.experiment.one import outcome
from kpisim.text import current_language, t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kpisim.scenario import Scenario
    from kpisim.scenario.declared import Parameter

GUESSES = ("team", "market", "workload", "communication", "culture", "pressure")
"""Sections that say what the world is like; what a manager decides (pay, KPIs, reviews, calendar) stays as it is."""
DECISIONS = frozenset(
    {
        "team.size",
        "team.training_hours",
        "market.accounts_per_rep",
        "market.gross_margin",
        "workload.admin_per_day",
    }
)
"""In those sections, what is known or decided and not guessed."""
KPIS = ("revenue_booked", "conversion_closed", "csat", "attainment", "workload", "staff_turnover")
SPREAD = 0.5
"""A guess is varied by this share of its value, up and down, inside its declared limits."""
LEVELS = 4
MOVES, TOUCHES = 0.05, 0.01
SURE = frozenset({"moves it", "touches it"})
"""From this share of a KPI's own value on a guess moves it, or touches it."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One guess and the range it is varied over."""

    path: str
    low: float
    high: float
    value: float
    en: str
    zh: str

    def meaning(self) -> str:
        """Return what the parameter means in the current language."""
        return self.zh if current_language() == "zh" else self.en


@dataclass(frozen=True)
class Sensitivity:
    """What a screening found.

    Attributes
    ----------
    scenario
        The scenario at the middle of the ranges.
    factors
        Guesses with their ranges.
    morris
        A row per KPI and factor: kpi, path, mu_star (mean size of the effect of the whole range, in the KPI's unit), mu
        (with sign), sigma, conf (95 % half-width of mu_star), share (mu_star ÷ the KPI's mean), verdict.
    sobol
        A row per KPI and leading factor: kpi, path, S1, S1_conf, ST, ST_conf; empty where it was not asked for.
    failures
        Points that could not be played.
    weeks, trajectories
        Horizon and number of Morris trajectories.
    """

    scenario: Scenario
    factors: tuple[Factor, ...]
    morris: pd.DataFrame
    sobol: pd.DataFrame
    failures: int
    weeks: int
    trajectories: int


def factors(scenario: Scenario) -> tuple[Factor, ...]:
    """Return every assumption of `scenario` that is a plain number above 0, with its range."""
    from kpisim.scenario.declared import parameters  # noqa: PLC0415

    found = []
    for one in parameters():
        if not _is_guess(one):
            continue
        value = scenario.get(one.path)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
            continue
        # An open bound is left by a thousandth, so that the end of the range can be played.
        low = max(value * (1 - SPREAD), (one.low or 0.0) * (1.001 if one.low_open else 1.0))
        high = min(
            value * (1 + SPREAD), np.inf if one.high is None else one.high * (0.999 if one.high_open else 1.0)
        )
        if isinstance(value, int):
            low, high = float(np.floor(low)), float(np.ceil(high))
        if high > low:
            found.append(Factor(one.path, float(low), float(high), float(value), one.en, one.zh))
    return tuple(found)


def _is_guess(one: Parameter) -> bool:
    return (
        one.rule == "assumption"
        and one.numeric
        and one.path.split(".")[0] in GUESSES
        and "*" not in one.path
        and one.path not in DECISIONS
    )


def sensitivity(  # noqa: PLR0913  (the settings of two designs)
    scenario: Scenario,
    *,
    kpis: Sequence[str] = KPIS,
    trajectories: int = 10,
    leaders: int = 4,
    samples: int = 64,
    weeks: int | None = None,
    seed: int = 1,
    workers: int | None = None,
) -> Sensitivity:
    """Find out which assumptions of a scenario move which KPI.

    Parameters
    ----------
    scenario
        What to vary.
    kpis
        KPIs to look at.
    trajectories
        Morris trajectories; trajectory k is played on replication k.
    leaders
        How many of the strongest guesses go on to Sobol (0: none).
    samples
        Base samples of the Sobol design, a power of 2; points are ``samples × (leaders + 2)``.
    weeks
        Horizon of each point; None keeps the scenario's.
    seed
        Seed of designs and runs.
    workers
        Processes; None takes one per processor.

    Raises
    ------
    UserError
        For an unknown KPI.

    References
    ----------
    Morris (1991); Campolongo, Cariboni & Saltelli (2007); Saltelli et al. (2010); computed by SALib.
    """
    from kpisim.kpi import kpi as known  # noqa: PLC0415

    for name in kpis:
        known(name)
    base = scenario if weeks is None else scenario.derive({"calendar.weeks": weeks})
    chosen = factors(base)
    design = _morris_design(chosen, trajectories, seed)
    steps = len(chosen) + 1
    runs = [row // steps for row in range(len(design))]
    values = _play(base, chosen, design, runs, kpis, seed, workers)
    morris = _morris(chosen, design, values, kpis, seed)
    lead = _leading(morris, chosen, leaders)
    sobol = pd.DataFrame(columns=["kpi", "path", "S1", "S1_conf", "ST", "ST_conf"])
    failed = int(np.isnan(values).all(axis=1).sum())
    if lead:
        points = _sobol_design(lead, samples, seed)
        found = _play(base, lead, points, [0] * len(points), kpis, seed, workers)
        failed += int(np.isnan(found).all(axis=1).sum())
        sobol = _sobol(lead, found, kpis, seed)
    return Sensitivity(base, chosen, morris, sobol, failed, base.calendar.weeks, trajectories)


# --- designs and estimators ---------------------------------------------------------------------------


def _problem(chosen: Sequence[Factor]) -> dict[str, Any]:
    return {
        "num_vars": len(chosen),
        "names": [factor.path for factor in chosen],
        "bounds": [[factor.low, factor.high] for factor in chosen],
    }


def _morris_design(chosen: Sequence[Factor], trajectories: int, seed: int) -> NDArray[np.float64]:
    from SALib.sample import morris  # noqa: PLC0415

    return np.asarray(
        morris.sample(_problem(chosen), trajectories, num_levels=LEVELS, seed=seed % 2**32), dtype=float
    )


def _sobol_design(chosen: Sequence[Factor], samples: int, seed: int) -> NDArray[np.float64]:
    from SALib.sample import sobol  # noqa: PLC0415

    design = sobol.sample(_problem(chosen), samples, calc_second_order=False, seed=seed % 2**32)
    return np.asarray(design, dtype=float)


def _morris(
    chosen: Sequence[Factor],
    design: NDArray[np.float64],
    values: NDArray[np.float64],
    kpis: Sequence[str],
    seed: int,
) -> pd.DataFrame:
    """Return effects per KPI and factor; a trajectory with a hole is left out."""
    from SALib.analyze import morris  # noqa: PLC0415

    steps = len(chosen) + 1
    rows: list[dict[str, Any]] = []
    for column, kpi in enumerate(kpis):
        whole = ~np.isnan(values[:, column].reshape(-1, steps)).any(axis=1)
        keep = np.repeat(whole, steps)
        if whole.sum() < 2:
            continue
        measured = values[keep, column]
        found = morris.analyze(_problem(chosen), design[keep], measured, num_levels=LEVELS, seed=seed % 2**32)
        mean = abs(float(measured.mean())) or 1.0
        for place, factor in enumerate(chosen):
            size, half = float(found["mu_star"][place]), float(found["mu_star_conf"][place])
            share = size / mean
            rows.append(
                {
                    "kpi": kpi,
                    "path": factor.path,
                    "mu_star": size,
                    "mu": float(found["mu"][place]),
                    "sigma": float(found["sigma"][place]),
                    "conf": half,
                    "share": share,
                    "verdict": _verdict(share, half / mean),
                }
            )
    return pd.DataFrame(rows).sort_values(["kpi", "mu_star"], ascending=[True, False], ignore_index=True)


def _verdict(share: float, half: float) -> str:
    """Return in a word how much a guess matters; what seeds alone may do is said to be noise."""
    if share < TOUCHES:
        return "hardly matters"
    if share <= half:
        return "in the noise"
    return "moves it" if share >= MOVES else "touches it"


def _leading(morris: pd.DataFrame, chosen: Sequence[Factor], leaders: int) -> list[Factor]:
    """Return the guesses whose largest effect over all KPIs, noise taken off, is largest."""
    sure = morris["share"] * (1.0 - morris["conf"] / morris["mu_star"].where(morris["mu_star"] > 0, 1.0))
    best = sure.groupby(morris["path"]).max().nlargest(leaders).index
    return [factor for factor in chosen if factor.path in best]


def _sobol(
    chosen: Sequence[Factor], values: NDArray[np.float64], kpis: Sequence[str], seed: int
) -> pd.DataFrame:
    from SALib.analyze import sobol  # noqa: PLC0415

    rows: list[dict[str, Any]] = []
    for column, kpi in enumerate(kpis):
        measured = values[:, column]
        if np.isnan(measured).any() or measured.std() == 0:
            continue
        found = sobol.analyze(
            _problem(chosen),
            (measured - measured.mean()) / measured.std(),
            calc_second_order=False,
            seed=seed % 2**32,
        )
        rows += [
            {"kpi": kpi, "path": factor.path}
            | {name: float(found[name][place]) for name in ("S1", "S1_conf", "ST", "ST_conf")}
            for place, factor in enumerate(chosen)
        ]
    return pd.DataFrame(rows, columns=["kpi", "path", "S1", "S1_conf", "ST", "ST_conf"])


# --- playing the points -------------------------------------------------------------------------------


def _play(
    base: Scenario,
    chosen: Sequence[Factor],
    design: NDArray[np.float64],
    runs: Sequence[int],
    kpis: Sequence[str],
    seed: int,
    workers: int | None,
) -> NDArray[np.float64]:
    """Return KPI values, a row per point; NaN where a point has no number or failed."""
    from joblib import Parallel, delayed  # noqa: PLC0415

    whole = {factor.path for factor in chosen if isinstance(base.get(factor.path), int)}
    points = [
        {
            factor.path: round(float(value)) if factor.path in whole else float(value)
            for factor, value in zip(chosen, row, strict=True)
        }
        for row in design
    ]
    count = min(workers or os.cpu_count() or 1, len(points))
    found = Parallel(n_jobs=count, backend="loky")(
        delayed(_point)(base, point, run, tuple(kpis), seed) for point, run in zip(points, runs, strict=True)
    )
    return np.array(found, dtype=float)


def _point(
    base: Scenario, point: dict[str, float], run: int, kpis: tuple[str, ...], seed: int
) -> list[float]:
    result = outcome(base.derive(point), seed, run)
    values = {row["kpi"]: row["value"] for row in result.rows}
    return [np.nan if values.get(kpi) is None else float(values[kpi]) for kpi in kpis]


# --- words --------------------------------------------------------------------------------------------


def lines(found: Sensitivity, shown: int = 8) -> list[str]:
    """Return the screening as lines for a terminal: per KPI the strongest guesses, then what a trainer can say."""
    from kpisim.kpi import kpi as known  # noqa: PLC0415
    from kpisim.text.cells import pad  # noqa: PLC0415

    meaning = {factor.path: factor for factor in found.factors}
    said = [
        t(
            "{count} assumptions, each varied by ±{spread:.0%} inside its limits; {trajectories} trajectories of {weeks} weeks",
            count=len(found.factors),
            spread=SPREAD,
            trajectories=found.trajectories,
            weeks=found.weeks,
        )
    ]
    for kpi, rows in found.morris.groupby("kpi", sort=False):
        said += ["", str(known(str(kpi)).title)]
        for row in _rows(rows.head(shown)):
            factor = meaning[str(row.path)]
            said.append(
                "  "
                + "  ".join(
                    (
                        pad(factor.path, 34),
                        pad(f"{factor.low:.3g}–{factor.high:.3g}", 15),
                        pad(f"{row.share:.1%} ± {row.conf / max(row.mu_star, 1e-12) * row.share:.1%}", 16),
                        pad("↑" if row.mu > 0 else "↓", 2),
                        pad(t(str(row.verdict)), 10),
                        factor.meaning(),
                    )
                )
            )
    if len(found.sobol):
        said += ["", t("Share of the variance that the leaders explain (Sobol, total effect)")]
        for row in _rows(found.sobol):
            said.append(
                "  "
                + "  ".join(
                    (
                        pad(str(known(str(row.kpi)).title), 24),
                        pad(str(row.path), 34),
                        f"S1 {row.S1:.2f} ± {row.S1_conf:.2f}",
                        f"ST {row.ST:.2f} ± {row.ST_conf:.2f}",
                    )
                )
            )
    said += ["", closing(found)]
    return said


def _rows(frame: pd.DataFrame) -> list[Any]:
    return list(frame.itertuples())


def closing(found: Sensitivity) -> str:
    """Return the sentence a trainer can say."""
    sure = found.morris[found.morris["verdict"].isin(SURE)]
    strongest = found.morris.groupby("path")["share"].max()
    quiet = len(strongest) - sure["path"].nunique()
    loud = ", ".join(sure.groupby("path")["share"].max().nlargest(3).index)
    return t(
        "{quiet} of {count} assumptions hardly matter to any of these KPIs; what is shown hangs most on {loud}.",
        quiet=quiet,
        count=len(strongest),
        loud=loud,
    )
