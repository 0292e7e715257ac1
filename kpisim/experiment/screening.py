"""Which guess moves which KPI: Morris screening over all assumptions, then Sobol indices of the leaders.

The designs and the estimators are SALib's.  Every point of a Morris trajectory is played on the same luck, so that an
effect comes from the guess.  Chance still gets in, because a changed guess makes events fall differently; how far luck alone
goes is measured at the points of the design themselves: by a dummy factor that only deals other luck, and by playing some
points once more on other luck, which together give the size that luck alone may reach (`floor`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim.experiment import cache as disk
from kpisim.experiment.executor import play_points
from kpisim.experiment.experiment import a_scenario
from kpisim.experiment.guesses import Factor, LeftOut, guesses
from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from kpisim.experiment.one import Outcome
    from kpisim.scenario import Scenario

KPIS = ("revenue_booked", "conversion_created", "csat", "attainment", "workload", "cost_of_sales")
"""KPIs looked at where nobody names others."""
LEVELS = 4
"""Levels of the Morris grid."""
STEP = LEVELS / (2.0 * (LEVELS - 1))
"""Length of a Morris step as a share of the range; an effect is a difference divided by it."""
DUMMY = "dummy"
LUCK = Factor(
    DUMMY,
    0.0,
    1.0,
    0.0,
    "Does nothing but deal other luck: what chance alone looks like",
    "什么都不改，只换随机数：偶然波动本身有多大",
)
MOVES, TOUCHES = 0.05, 0.01
"""From this share of a KPI's own value on a guess moves it, or touches it."""
SURE = frozenset({"moves it", "touches it"})
"""Verdicts of guesses whose effect is shown."""
FALSE_ALARMS = 0.05
"""Share of wrong ones among the effects called steady (Benjamini & Hochberg 1995), per KPI."""
QUICK: Mapping[str, int] = {"trajectories": 6, "leaders": 3, "samples": 32, "luck_runs": 16, "weeks": 13}
"""Settings that end in about two minutes on two processors."""
AFTER_A_CHANGE = 8
"""Weeks a quick screening plays after the last dated change."""
FEWEST_TRAJECTORIES, MOST_TRAJECTORIES = 2, 1000
MOST_REPLICATIONS = 1000
_RESAMPLES = 2000
_SOBOL = ("S1", "S1_conf", "ST", "ST_conf")


@dataclass(frozen=True)
class Sensitivity:
    """What a screening found.

    Attributes
    ----------
    scenario
        The scenario as given; it stands at the middle of the ranges.
    factors
        Guesses with their ranges, without the dummy.
    left_out
        Guesses in force that could not be varied.
    kpis
        KPIs looked at.
    morris
        DataFrame, a row per KPI and factor, the dummy among them, the largest first: kpi, path, low, high, mu_star (mean size
        of the effect of the whole range, in the KPI's unit), conf (95 % half-width of mu_star), mu (with sign), sigma, share
        (mu_star ÷ the KPI's value), p (of a t test that mu is 0; none for the dummy, whose points share no luck), steady (the
        sign holds, false alarms kept to 5 % per KPI),
        verdict (``moves it``, ``touches it``, ``hardly matters`` or ``in the noise``).
    luck
        DataFrame, a row per KPI: kpi, value (mean of the scenario as it is), sd (between seeds), floor (mu_star that luck alone
        stays below in 95 of 100 screenings of this size, and not below the dummy's), dummy, dummy_conf (mu_star of the dummy,
        95 % half-width).
    sobol
        DataFrame, a row per KPI and leading factor: kpi, path, S1, S1_conf, ST, ST_conf; empty where it was not asked for.
    failures
        DataFrame, a row per run that failed: design, point, run, stage, error, message.
    weeks, trajectories, samples, replications, seed, runs
        Horizon; sizes of both designs; runs per point; seed; runs in all.
    """

    scenario: Scenario
    factors: tuple[Factor, ...]
    left_out: tuple[LeftOut, ...]
    kpis: tuple[str, ...]
    morris: pd.DataFrame
    luck: pd.DataFrame
    sobol: pd.DataFrame
    failures: pd.DataFrame
    weeks: int
    trajectories: int
    samples: int
    replications: int
    seed: int
    runs: int

    def factor(self, path: str) -> Factor:
        """Return the factor at `path`, or the dummy."""
        return next((one for one in self.factors if one.path == path), LUCK)


def factors(scenario: Scenario) -> tuple[Factor, ...]:
    """Return every assumption in force in `scenario` that can be varied, with its range."""
    return tuple(guesses(scenario)[0])


def sensitivity(  # noqa: PLR0913  (the settings of two designs)
    scenario: Scenario,
    *,
    kpis: Sequence[str] = KPIS,
    trajectories: int = 10,
    leaders: int = 4,
    samples: int = 64,
    luck_runs: int = 40,
    weeks: int | None = None,
    replications: int = 1,
    seed: int = 1,
    workers: int | None = None,
    cache: bool = True,
    progress: bool | None = None,
) -> Sensitivity:
    """Find out which assumptions of a scenario move which KPI.

    Parameters
    ----------
    scenario
        What to vary.
    kpis
        KPIs to look at.
    trajectories
        Morris trajectories; each has a luck of its own, shared by its points.
    leaders
        How many of the strongest guesses go on to Sobol (0: none).
    samples
        Base samples of the Sobol design, a power of 2; points are ``samples × (leaders + 2)``, all on the same luck.
    luck_runs
        So many points are played once more on other luck, for the noise floor, and the scenario as it is so many times, for the
        KPIs' own values.
    weeks
        Horizon of each point; None keeps the scenario's.
    replications
        Runs averaged at each point.
    seed
        Seed of designs and runs.
    workers, cache, progress
        As in `kpisim.experiment.run`.

    Raises
    ------
    UserError
        For what is no scenario, an unknown KPI, or a size out of its range.

    References
    ----------
    Morris (1991); Campolongo, Cariboni & Saltelli (2007); Saltelli et al. (2010); computed by SALib.
    """
    a_scenario(scenario)
    _check_asked(kpis, trajectories, replications, luck_runs, samples)
    base = scenario if weeks is None else scenario.derive({"calendar.weeks": weeks})
    sizes = (tuple(kpis), trajectories, leaders, samples, luck_runs, base.calendar.weeks, replications)
    name = f"{_prefix(scenario)}{seed}-{_hash(repr(sizes))}.joblib"
    if cache and isinstance(kept := disk.read(name), Sensitivity):
        return replace(kept, scenario=scenario)
    chosen, left = guesses(base)
    if not chosen:
        raise UserError(
            "{name}: has no assumption that can be varied; take another scenario", name=scenario.name
        )
    player = _Player(base, seed, replications, workers, progress, cache=cache)
    morris, luck = _screened(player, (*chosen, LUCK), trajectories, luck_runs, kpis, seed)
    lead = _leading(morris, chosen, leaders)
    sobol = _refined(player, lead, samples, kpis, seed)
    found = Sensitivity(
        scenario,
        tuple(chosen),
        tuple(left),
        tuple(kpis),
        morris,
        luck,
        sobol,
        player.failures(),
        base.calendar.weeks,
        trajectories,
        samples if lead else 0,
        replications,
        seed,
        player.runs,
    )
    if cache and found.failures.empty:
        disk.write(name, found)
    return found


def _screened(
    player: _Player,
    screened: Sequence[Factor],
    trajectories: int,
    luck_runs: int,
    kpis: Sequence[str],
    seed: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what Morris says of the factors, the dummy last, and what luck alone does."""
    design = _morris_design(screened, trajectories, seed)
    lucks = trajectories * LEVELS
    values = player.play("morris", screened, design, _lucks(design, len(screened)), kpis)
    again = np.random.default_rng(seed).choice(len(design), min(luck_runs, len(design)), replace=False)
    other = player.play("luck", screened, design[again], range(lucks, lucks + len(again)), kpis)
    usual = player.play("value", (), np.empty((luck_runs, 0)), range(luck_runs), kpis)
    luck = _luck(screened, design, values, other - values[again], usual, kpis, seed)
    return _morris(screened, design, values, kpis, seed, luck), luck


def _refined(
    player: _Player, lead: Sequence[Factor], samples: int, kpis: Sequence[str], seed: int
) -> pd.DataFrame:
    """Return what Sobol says of the leaders; nothing where there are none."""
    if not lead:
        return pd.DataFrame(columns=["kpi", "path", *_SOBOL])
    points = _sobol_design(lead, samples, seed)
    return _sobol(lead, player.play("sobol", lead, points, [0] * len(points), kpis), kpis, seed)


def quick(scenario: Scenario) -> dict[str, Any]:
    """Return the settings of a quick screening: `QUICK`, over a quarter, or longer where a dated change asks for it."""
    weeks = QUICK["weeks"]
    for change in scenario.changes:
        weeks = max(weeks, (change.at - scenario.calendar.start).days // 7 + 1 + AFTER_A_CHANGE)
    return {**QUICK, "weeks": min(weeks, scenario.calendar.weeks)}


def kept(scenario: Scenario) -> Sensitivity | None:
    """Return the largest screening of `scenario` that is in the cache, or None."""
    files = disk.folder().glob(f"{_prefix(scenario)}*.joblib")
    found = [one for file in files if isinstance(one := disk.read(file.name), Sensitivity)]
    return replace(max(found, key=lambda one: one.runs), scenario=scenario) if found else None


def _check_asked(
    kpis: Sequence[str], trajectories: int, replications: int, luck_runs: int, samples: int
) -> None:
    """Refuse an unknown KPI, and sizes that make no design."""
    from kpisim.kpi import kpi as known  # noqa: PLC0415

    for name in kpis:
        known(name)
    _check("trajectories", trajectories, FEWEST_TRAJECTORIES, MOST_TRAJECTORIES)
    _check("replications", replications, 1, MOST_REPLICATIONS)
    _check("luck_runs", luck_runs, 2, MOST_REPLICATIONS)
    if samples < 2 or samples & (samples - 1):
        raise UserError("samples: {value} is not a power of 2; give e.g. 64", value=samples)


def _check(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise UserError(
            "{name}: {value} is outside {low} to {high}; give a number in between",
            name=name,
            value=value,
            low=low,
            high=high,
        )


def _prefix(scenario: Scenario) -> str:
    return f"{scenario.digest()}-{disk.code_digest()}-sensitivity-"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


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


def _lucks(design: NDArray[np.float64], width: int) -> list[int]:
    """Return which luck each point is played on: one for a trajectory, another after the dummy's step."""
    trajectory = np.arange(len(design)) // (width + 1)
    level = np.rint(design[:, -1] * (LEVELS - 1)).astype(int)
    return [int(luck) for luck in trajectory * LEVELS + level]


def _morris(
    chosen: Sequence[Factor],
    design: NDArray[np.float64],
    values: NDArray[np.float64],
    kpis: Sequence[str],
    seed: int,
    luck: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return effects per KPI and factor; a trajectory with a hole is left out.

    Parameters
    ----------
    chosen, design, values, kpis, seed
        Factors, points (points × factors), what came out (points × KPIs), names of its columns, seed of the resampling.
    luck
        What luck alone does, per KPI, as in `Sensitivity`; None for a function without luck.
    """
    from SALib.analyze import morris  # noqa: PLC0415

    steps = len(chosen) + 1
    rows: list[dict[str, Any]] = []
    for column, kpi in enumerate(kpis):
        whole = ~np.isnan(values[:, column].reshape(-1, steps)).any(axis=1)
        keep, count = np.repeat(whole, steps), int(whole.sum())
        if count < FEWEST_TRAJECTORIES:
            continue
        measured = values[keep, column]
        found = morris.analyze(_problem(chosen), design[keep], measured, num_levels=LEVELS, seed=seed % 2**32)
        center, floor = float(measured.mean()), 0.0
        if luck is not None:
            center, floor = reach(luck, kpi)
        # Where the scenario as it is has no number, the points have.
        scale = abs(center if np.isfinite(center) else float(measured.mean())) or 1.0
        p = _p_values(np.asarray(found["mu"]), np.asarray(found["sigma"]), count)
        p[[one.path == DUMMY for one in chosen]] = np.nan
        steady = _steady(p)
        for place, factor in enumerate(chosen):
            size = float(found["mu_star"][place])
            share = size / scale
            rows.append(
                {
                    "kpi": kpi,
                    "path": factor.path,
                    "low": factor.low,
                    "high": factor.high,
                    "mu_star": size,
                    "conf": float(found["mu_star_conf"][place]),
                    "mu": float(found["mu"][place]),
                    "sigma": float(found["sigma"][place]),
                    "share": share,
                    "p": float(p[place]),
                    "steady": bool(steady[place]),
                    "verdict": _verdict(share, shown=size > floor or bool(steady[place])),
                }
            )
    columns = [
        "kpi",
        "path",
        "low",
        "high",
        "mu_star",
        "conf",
        "mu",
        "sigma",
        "share",
        "p",
        "steady",
        "verdict",
    ]
    frame = pd.DataFrame(rows, columns=columns)
    order = {kpi: place for place, kpi in enumerate(kpis)}
    return frame.sort_values(
        ["kpi", "mu_star"], ascending=[True, False], ignore_index=True, kind="stable",
        key=lambda column: column.map(order) if column.name == "kpi" else column,
    )  # fmt: skip


def reach(luck: pd.DataFrame, kpi: str) -> tuple[float, float]:
    """Return a KPI's value in the scenario as it is, and the mu_star that luck alone reaches; from `Sensitivity.luck`."""
    row = luck[luck["kpi"] == kpi]
    return float(row["value"].iloc[0]), float(row["floor"].iloc[0])


def luck_floor(differences: NDArray[np.float64], trajectories: int, seed: int) -> float:
    """Return the mu_star that luck alone stays below in 95 of 100 screenings.

    Parameters
    ----------
    differences
        A KPI at one point on some luck minus the same on other luck, for many points; NaN is left out.
    trajectories
        Trajectories of the screening: so many differences go into one mu_star.
    seed
        Seed of the resampling.

    Returns
    -------
    float
        In the unit of the KPI; infinite where fewer than two differences say nothing.
    """
    sizes = np.abs(differences[~np.isnan(differences)])
    if len(sizes) < 2:
        return float("inf")
    drawn = np.random.default_rng(seed).choice(sizes, size=(_RESAMPLES, trajectories))
    return float(np.quantile(drawn.mean(axis=1) / STEP, 0.95))


def _dummy_steps(design: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each trajectory's step of the dummy, the last factor, did to the KPIs (trajectories × KPIs)."""
    steps = design.shape[1] + 1
    level = design[:, -1].reshape(-1, steps)
    after = np.argmax(np.diff(level, axis=1) != 0, axis=1) + 1
    place = np.arange(len(level)) * steps + after
    return np.asarray(values[place] - values[place - 1])


def _p_values(mu: NDArray[np.float64], sigma: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Return the two-sided p of a t test per factor that its mean effect on the same luck is 0."""
    from scipy.special import stdtr  # noqa: PLC0415

    error = sigma / np.sqrt(count)
    # Effects that are all the same leave nothing to chance; effects that are all 0 show nothing.
    ratio = np.divide(np.abs(mu), error, out=np.where(mu != 0, np.inf, 0.0), where=error > 0)
    return np.asarray(2.0 * stdtr(count - 1, -ratio), dtype=float)


def _steady(p: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which effects are steady by Benjamini and Hochberg's rule: small p-values, judged by their rank."""
    order, asked = np.argsort(p), int((~np.isnan(p)).sum())  # what has no p comes last
    below = np.flatnonzero(p[order] <= FALSE_ALARMS * np.arange(1, len(p) + 1) / max(asked, 1))
    found = np.zeros(len(p), dtype=bool)
    if len(below):
        found[order[: below[-1] + 1]] = True
    return found


def _verdict(share: float, *, shown: bool) -> str:
    """Return in a word how much a guess matters; what seeds alone may do is said to be noise."""
    if share < TOUCHES:
        return "hardly matters"
    if not shown:
        return "in the noise"
    return "moves it" if share >= MOVES else "touches it"


def _luck(
    chosen: Sequence[Factor],
    design: NDArray[np.float64],
    values: NDArray[np.float64],
    differences: NDArray[np.float64],
    usual: NDArray[np.float64],
    kpis: Sequence[str],
    seed: int,
) -> pd.DataFrame:
    """Return per KPI what luck alone does.

    Parameters
    ----------
    chosen, design, values
        Factors, the dummy last, points and what came out, as in `_morris`.
    differences
        Points played once more on other luck, minus what they were (points × KPIs).
    usual
        The scenario as it is (runs × KPIs).
    kpis, seed
        Names of the columns; seed of the resampling.
    """
    steps = _dummy_steps(design, values)
    trajectories = len(design) // (len(chosen) + 1)
    rows = []
    for column, kpi in enumerate(kpis):
        there = usual[~np.isnan(usual[:, column]), column]
        own = np.abs(steps[~np.isnan(steps[:, column]), column]) / STEP
        dummy = float(own.mean()) if len(own) else np.nan
        floor = luck_floor(np.concatenate([differences[:, column], steps[:, column]]), trajectories, seed)
        rows.append(
            {
                "kpi": kpi,
                "value": float(there.mean()) if len(there) else np.nan,
                "sd": float(there.std(ddof=1)) if len(there) > 1 else np.nan,
                "floor": float(np.nanmax([floor, dummy])),
                "dummy": dummy,
                "dummy_conf": float(1.96 * own.std(ddof=1) / len(own) ** 0.5) if len(own) > 1 else np.nan,
            }
        )
    return pd.DataFrame(rows)


def _leading(morris: pd.DataFrame, chosen: Sequence[Factor], leaders: int) -> list[Factor]:
    """Return the guesses with the largest shown effects: each KPI's strongest first, then by size over all KPIs."""
    sure = morris[morris["verdict"].isin(SURE) & (morris["path"] != DUMMY)]
    firsts = sure.sort_values("share", ascending=False).drop_duplicates("kpi")["path"]
    rest = sure.groupby("path")["share"].max().sort_values(ascending=False).index
    best = list(dict.fromkeys([*firsts, *rest]))[:leaders]
    return [factor for factor in chosen if factor.path in best]


def _sobol(
    chosen: Sequence[Factor], values: NDArray[np.float64], kpis: Sequence[str], seed: int
) -> pd.DataFrame:
    """Return first-order and total indices; a base sample with a hole is left out."""
    from SALib.analyze import sobol  # noqa: PLC0415

    rows: list[dict[str, Any]] = []
    block = len(chosen) + 2
    for column, kpi in enumerate(kpis):
        blocks = values[:, column].reshape(-1, block)
        measured = blocks[~np.isnan(blocks).any(axis=1)].ravel()
        if len(measured) < 2 * block or measured.std() == 0:
            continue
        found = sobol.analyze(
            _problem(chosen),
            (measured - measured.mean()) / measured.std(),
            calc_second_order=False,
            seed=seed % 2**32,
        )
        rows += [
            {"kpi": kpi, "path": factor.path} | {name: float(found[name][place]) for name in _SOBOL}
            for place, factor in enumerate(chosen)
        ]
    return pd.DataFrame(rows, columns=["kpi", "path", *_SOBOL])


# --- playing the points -------------------------------------------------------------------------------


class _Player:
    """Plays the points of the designs, keeps what they gave on disk and what failed in a list."""

    def __init__(
        self,
        base: Scenario,
        seed: int,
        replications: int,
        workers: int | None,
        progress: bool | None,  # noqa: FBT001
        *,
        cache: bool,
    ) -> None:
        self.base, self.seed, self.replications = base, seed, replications
        self.workers, self.progress, self.cache = workers, progress, cache
        self.runs = 0
        self._failed: list[dict[str, Any]] = []

    def play(
        self,
        design: str,
        chosen: Sequence[Factor],
        points: NDArray[np.float64],
        lucks: Sequence[int],
        kpis: Sequence[str],
    ) -> NDArray[np.float64]:
        """Return KPI values, a row per point; NaN where a point has no number or one of its runs failed."""
        whole = {one.path for one in chosen if one is not LUCK and isinstance(self.base.get(one.path), int)}
        values = [
            {
                one.path: round(float(value)) if one.path in whole else float(value)
                for one, value in zip(chosen, row, strict=True)
                if one is not LUCK
            }
            for row in points
        ]
        n = self.replications
        jobs = [(point, luck * n + k) for point, luck in zip(values, lucks, strict=True) for k in range(n)]
        self.runs += len(jobs)
        name = f"{self.base.digest()}-{disk.code_digest()}-{self.seed}-points-{_hash(repr(jobs))}.joblib"
        measured: pd.DataFrame | None = disk.read(name) if self.cache else None
        if measured is None:
            outcomes = play_points(self.base, jobs, self.seed, self.workers, self.progress)
            failed = [
                {"design": design, "point": place // n}
                | {key: one.failure[key] for key in ("run", "stage", "error", "message")}
                for place, one in enumerate(outcomes)
                if one.failure is not None
            ]
            self._failed += failed
            measured = _table(outcomes)
            if self.cache and not failed:
                disk.write(name, measured)
        # All KPIs are kept, so that other ones can be asked for without playing again.
        table = measured.reindex(columns=list(kpis)).to_numpy(dtype=float)
        return np.asarray(table.reshape(len(points), n, len(kpis)).mean(axis=1))

    def failures(self) -> pd.DataFrame:
        """Return the runs that failed."""
        return pd.DataFrame(self._failed, columns=["design", "point", "run", "stage", "error", "message"])


def _table(outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Return a row per run and a column per KPI."""
    return pd.DataFrame(
        [{row["kpi"]: row["value"] for row in one.rows} for one in outcomes], index=range(len(outcomes))
    ).astype(float)


__all__ = [
    "KPIS",
    "QUICK",
    "Factor",
    "LeftOut",
    "Sensitivity",
    "factors",
    "kept",
    "luck_floor",
    "quick",
    "reach",
    "sensitivity",
]
