"""A screening as lines for a terminal, and the sentence a trainer can say."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING, Any

from kpisim.experiment.guesses import SPREAD, WHY
from kpisim.experiment.screening import DUMMY, LUCK, SURE, reach
from kpisim.experiment.words import SHARES, kpi_title
from kpisim.text import t
from kpisim.text.cells import align
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    import pandas as pd

    from kpisim.experiment.screening import Sensitivity

SHOWN = 8
NAMED = 3
"""Guesses named in the closing sentence."""
WIDE = 0.25
"""An index whose 95% half-width is above this ranks, but does not measure."""
SHORT = 70
_ASIDE = re.compile(r"\s*\([^)]*\)|（[^）]*）")


def lines(found: Sensitivity, shown: int = SHOWN) -> list[str]:
    """Return the screening as lines for a terminal: per KPI the strongest guesses, then what a trainer can say.

    Parameters
    ----------
    found
        The screening.
    shown
        Guesses per KPI.
    """
    said = [*head(found), ""]
    for kpi in found.kpis:
        rows = found.morris[found.morris["kpi"] == kpi]
        if rows.empty:
            said += [t("{kpi}: no number at these points; play more weeks", kpi=kpi_title(kpi)), ""]
            continue
        said += [about(found, kpi), *_table(found, kpi, rows, shown), ""]
    if len(found.sobol):
        said += [*_sobol(found), ""]
    if len(found.failures):
        said += [failed(found), ""]
    return [*said, *closing(found)]


def head(found: Sensitivity) -> list[str]:
    """Return what was varied, over what, how often."""
    said = [
        t(
            "{title}: {count} assumptions, each varied by ±{spread} of its value inside its limits, or over its declared plausible range",
            title=found.scenario.title(),
            count=len(found.factors),
            spread=percent(SPREAD, 0),
        ),
        t(
            "{runs} runs of {weeks} weeks: Morris with {trajectories} trajectories, Sobol with {samples} base samples, {replications} run(s) a point, seed {seed}",
            runs=found.runs,
            weeks=found.weeks,
            trajectories=found.trajectories,
            samples=found.samples,
            replications=found.replications,
            seed=found.seed,
        ),
        t(
            "±: half the 95% interval, from resampling these runs; KPIs of one run swing by luck alone, see (dummy)"
        ),
        t(
            "Not varied: what a manager decides (pay, KPIs, quota, reviews, calendar, headcount), exact and published rules, and what is switched off here"
        ),
    ]
    for why, text in WHY.items():
        paths = [one.path for one in found.left_out if one.why == why]
        if paths:
            said.append(t("Not varied either, {why}: {paths}", why=text, paths=", ".join(paths)))
    return said


def about(found: Sensitivity, kpi: str) -> str:
    """Return a KPI with its value and with what luck alone does to it."""
    value, floor = reach(found.luck, kpi)
    if not (isfinite(floor) and isfinite(value)):
        return kpi_title(kpi)
    unit = _unit(kpi)
    return t(
        "{kpi}: {value} as it is; luck alone reaches {floor} ({share})",
        kpi=kpi_title(kpi),
        value=_value(value, unit),
        floor=size(floor, unit),
        share=percent(floor / (abs(value) or 1.0), 0),
    )


def _table(found: Sensitivity, kpi: str, rows: pd.DataFrame, shown: int) -> list[str]:
    unit = _unit(kpi)
    real = rows[rows["path"] != DUMMY]
    top = _rows(real.head(shown)) + _rows(rows[rows["path"] == DUMMY])
    cells = [
        (
            t("assumption"),
            t("range"),
            "μ*",
            t("of the KPI"),
            t("direction"),
            "σ",
            t("class"),
            t("verdict"),
            t("meaning"),
        )
    ]
    for row in top:
        factor = found.factor(str(row.path))
        dummy = factor is LUCK
        cells.append(
            (
                t("(dummy)") if dummy else factor.path,
                "" if dummy else f"{plain(factor.low)} … {plain(factor.high)}",
                size(float(row.mu_star), unit),
                f"{percent(row.share)} ± {percent(half(row))}",
                "" if dummy else direction(row),
                size(float(row.sigma), unit),
                "" if dummy else t("assumption"),
                t(str(row.verdict)),
                factor.meaning(),
            )
        )
    said = [
        "  " + line for line in align(cells, [False, False, True, True, False, True, False, False, False])
    ]
    rest = real.iloc[shown:]["verdict"].value_counts()
    if len(rest):
        counts = t(", ").join(f"{t(str(word))} {count}" for word, count in rest.items())
        said.append("  " + t("the other {count}: {counts}", count=len(real) - shown, counts=counts))
    return said


def half(row: Any) -> float:
    """Return the 95 % half-width of an effect as a share of the KPI."""
    return float(row.conf / row.mu_star * row.share) if row.mu_star > 0 else 0.0


def direction(row: Any) -> str:
    """Return which way a guess moves a KPI: up, down, or either way depending on the rest."""
    if row.mu_star == 0:
        return ""
    return "↕" if abs(row.mu) < 0.5 * row.mu_star else "↑" if row.mu > 0 else "↓"


def size(value: float, unit: str) -> str:
    """Return the size of an effect in the unit of its KPI; of a share in points."""
    if unit in SHARES:
        return t("{value} points", value=f"{100 * value:.1f}")
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def plain(value: float) -> str:
    """Return an end of a range."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _value(value: float, unit: str) -> str:
    return percent(value) if unit in SHARES else f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _unit(kpi: str) -> str:
    from kpisim.kpi import kpi as known  # noqa: PLC0415

    return known(kpi).unit


def _sobol(found: Sensitivity) -> list[str]:
    cells = [(t("KPI"), t("assumption"), "S1", "ST")]
    cells += [
        (
            kpi_title(str(row.kpi)),
            str(row.path),
            f"{row.S1:.2f} ± {row.S1_conf:.2f}",
            f"{row.ST:.2f} ± {row.ST_conf:.2f}",
        )
        for row in _rows(found.sobol)
    ]
    said = [
        t("Share of the variance that each leader explains: S1 alone, ST with all it works through (Sobol)")
    ]
    said += ["  " + line for line in align(cells, [False, False, True, True])]
    if float(found.sobol["ST_conf"].max()) > WIDE:
        said.append(
            "  " + t("Some intervals are wider than ±{wide}: read the order, not the numbers", wide=WIDE)
        )
    return said


def _rows(frame: pd.DataFrame) -> list[Any]:
    return list(frame.itertuples())


def failed(found: Sensitivity) -> str:
    """Return one line on the runs that failed."""
    first = found.failures.iloc[0]
    return t(
        "{count} run(s) failed and their points are left out; the first, in {design}, point {point}: {error}: {message}",
        count=len(found.failures),
        design=first["design"],
        point=first["point"],
        error=first["error"],
        message=first["message"],
    )


def sorted_out(found: Sensitivity) -> tuple[list[str], list[str], list[str]]:
    """Return the guesses that are shown to matter, that hardly matter to any KPI, and those luck hides.

    Returns
    -------
    loud, quiet, hidden
        Paths; ``loud`` by the size of the largest shown effect, ``quiet`` the smallest first.
    """
    rows = found.morris[found.morris["path"] != DUMMY]
    loud = rows[rows["verdict"].isin(SURE)].groupby("path")["share"].max().sort_values(ascending=False).index
    most = rows.groupby("path")["share"].max().sort_values()
    noisy = set(rows[rows["verdict"] == "in the noise"]["path"]) - set(loud)
    quiet = [path for path in most.index if path not in set(loud) and path not in noisy]
    return list(loud), quiet, [path for path in most.index if path in noisy]


def closing(found: Sensitivity) -> list[str]:
    """Return what a trainer can say: what the lesson hangs on, what it does not, what these runs cannot tell."""
    loud, quiet, hidden = sorted_out(found)
    said = []
    if loud:
        said.append(
            t(
                "What is shown here hangs most on: {names}. Question these guesses first.",
                names=_names(found, loud),
            )
        )
    else:
        said.append(t("No guess is shown to move these KPIs."))
    if quiet:
        said.append(
            t(
                "This lesson does not hang on {names}: {quiet} of {count} assumptions hardly matter to any of these KPIs.",
                names=_names(found, quiet),
                quiet=len(quiet),
                count=len(found.factors),
            )
        )
    if hidden:
        said.append(
            t(
                "Of {hidden} more these runs cannot tell: what they do is no larger than luck. More runs would tell.",
                hidden=len(hidden),
            )
        )
    return said


def _names(found: Sensitivity, paths: list[str]) -> str:
    return t("; ").join(
        t("{meaning} ({path})", meaning=short(found.factor(path).meaning()), path=path)
        for path in paths[:NAMED]
    )


def short(meaning: str, longest: int = SHORT) -> str:
    """Return a meaning without what stands in brackets or after a semicolon, cut where it is still too long."""
    meaning = _ASIDE.sub("", meaning)
    for sign in (";", "；"):
        meaning = meaning.split(sign, maxsplit=1)[0]
    meaning = meaning.strip()
    return meaning if len(meaning) <= longest else meaning[: longest - 1].rstrip() + "…"


__all__ = [
    "about",
    "closing",
    "direction",
    "failed",
    "half",
    "head",
    "lines",
    "plain",
    "short",
    "size",
    "sorted_out",
]
