"""``kpisim calibrate``: what was fitted, how it scores on days not seen, real beside simulated, and a scenario file."""

from __future__ import annotations

from datetime import timedelta
from math import isfinite
from typing import TYPE_CHECKING

from kpisim.crm.calibrate.fit import ORDER_GAP, REQUEST_HOURS, Calibration, calibrate
from kpisim.crm.calibrate.score import scores
from kpisim.text import t
from kpisim.text.cells import align
from kpisim.text.writing import writing_file

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.crm.calibrate.shapes import Shape
    from kpisim.tables import Tables

SETTLING_WEEKS = 20
RUNS = 3
"""Replications that real figures are set beside."""


def calibration_text(
    path: Path | str, out: Path | None = None, mapping: str | None = None, seed: int = 1
) -> str:
    """Return the calibration of every export in `path` as text; write the scenario of the first to `out`.

    Parameters
    ----------
    path
        An export, tables of kpisim, or a folder with several exports.
    out
        YAML file for the scenario.
    mapping
        Name or file of a mapping; by default the one that fits.
    seed
        Seed of the runs that real figures are set beside.

    Raises
    ------
    UserError
        Nothing that can be read or fitted, or a file that cannot be written.
    """
    from kpisim.crm.discover import discover  # noqa: PLC0415
    from kpisim.scenario import save  # noqa: PLC0415

    blocks, written = [], None
    for source in discover(path, mapping):
        if source.synthetic:
            blocks.append(f"{source.title}\n{t('Synthetic data: nothing is calibrated on it.')}")
            continue
        found = calibrate(source.tables)
        blocks.append("\n".join([source.title, "", *_block(found, source.tables, seed)]))
        if out is not None and written is None and found.values:
            with writing_file(out):
                save(found.scenario(out.stem), out)
            written = out
            blocks[-1] += "\n\n" + str(out)
    return "\n\n\n".join(blocks)


def _block(found: Calibration, tables: Tables, seed: int) -> list[str]:
    rows = [[t("fitted"), t("value"), t("standard error"), "n", t("law"), t("sets")]]
    rows += [
        [
            str(one.name),
            number(one.value),
            number(one.error),
            f"{one.n:,}",
            t(one.law) if one.law else "",
            one.path,
        ]
        for one in found.estimates
    ]
    lines = [*align(rows, [False, True, True, True, False, False])]
    lines += [line for name, shape in found.shapes.items() if (line := _played_as(name, shape))]
    lines += ["", t("Fitted on the first 60 % of the days, scored on the rest")]
    rows = [[t("figure"), t("fitted"), t("not seen"), "z", "n", t("log score gained")]]
    rows += [
        [
            str(one.name),
            number(one.fitted),
            number(one.rest),
            f"{one.z:.1f}" if isfinite(one.z) else "",
            f"{one.n:,}",
            number(one.gain),
        ]
        for one in scores(tables)
    ]
    lines += align(rows, [False, True, True, True, True, True])
    if "market.stages" in found.values:
        lines += ["", t("Real beside simulated ({runs} runs of the calibrated scenario)", runs=RUNS)]
        rows = [[t("figure"), t("real"), t("simulated"), t("standard error")]]
        rows += [
            [name, number(real), number(played), number(error)]
            for name, real, played, error in beside(found, tables, seed)
        ]
        lines += align(rows, [False, True, True, True])
    return lines


def _played_as(name: str, shape: Shape) -> str:
    """Return what a scenario plays instead of the law that fits best, nothing where it plays that law."""
    if name == ORDER_GAP and shape.law != "exponential":
        text = "{name}: {law} fits best; the scenario plays an exponential of the same mean"
    elif name not in {ORDER_GAP, REQUEST_HOURS} and shape.law not in {"lognormal", "two lognormals"}:
        text = "{name}: {law} fits best; the scenario plays a lognormal of the same median and spread"
    else:
        return ""
    return t(text, name=t(name), law=t(shape.law))


def beside(
    found: Calibration, tables: Tables, seed: int = 1, runs: int = RUNS
) -> list[tuple[str, float, float, float]]:
    """Return name, real figure, simulated figure and standard error of their difference.

    Parameters
    ----------
    found
        Calibration of `tables`.
    tables
        The real tables, with opportunities.
    seed, runs
        Seed and number of runs of the calibrated scenario.
    """
    from kpisim.model import Model  # noqa: PLC0415

    scenario = found.scenario()
    # What came in during the real window is followed until it is settled; nothing comes in afterwards.
    end = scenario.calendar.start + timedelta(weeks=scenario.calendar.weeks)
    scenario = scenario.derive(
        {
            "calendar.weeks": scenario.calendar.weeks + SETTLING_WEEKS,
            "changes": [{"at": end, "set": {"market.leads_per_rep_week": 0.0}}],
        }
    )
    real = _figures(tables)
    played = [_figures(Model(scenario, seed, run).play()) for run in range(runs)]
    rows = []
    for name, (value, error) in real.items():
        mean = sum(one[name][0] for one in played) / runs
        spread = (sum(one[name][1] ** 2 for one in played) / runs) ** 0.5 / runs**0.5
        rows.append((name, value, mean, (error**2 + spread**2) ** 0.5))
    return rows


def _figures(tables: Tables) -> dict[str, tuple[float, float]]:
    """Return what a calibrated scenario must give back, with standard errors."""
    import numpy as np  # noqa: PLC0415

    deals = tables["opportunities"]
    closed = deals[deals["status"].isin(["won", "lost"])]
    won = closed[closed["status"] == "won"]
    rate = len(won) / max(len(closed), 1)
    logs = np.log(deals["value"][deals["value"] > 0].to_numpy(dtype=float))
    days = (won["closed"] - won["created"]).dt.total_seconds().to_numpy(dtype=float) / 86_400
    daily = deals["created"].dt.normalize().value_counts()
    # A straggler long after the rest would stretch the window.
    weeks = max(
        (deals["created"].quantile(0.99) - deals["created"].min()).total_seconds() / 604_800 / 0.99, 1.0
    )
    return {
        t("deals per week"): (len(deals) / weeks, float(daily.std() * len(daily) ** 0.5 / weeks)),
        t("win rate (closed)"): (rate, (rate * (1 - rate) / max(len(closed), 1)) ** 0.5),
        t("days to win, median"): (float(np.median(days)), float(1.25 * days.std() / len(days) ** 0.5)),
        t("deal value, mean of ln"): (float(logs.mean()), float(logs.std() / len(logs) ** 0.5)),
        t("deal value, spread of ln"): (float(logs.std()), float(logs.std() / (2 * len(logs)) ** 0.5)),
    }


def number(value: float, digits: int = 3) -> str:
    """Return a figure with three significant digits, a large one whole, nothing for what is not a number."""
    return (
        f"{value:,.{digits}g}"
        if isfinite(value) and abs(value) < 1000
        else f"{value:,.0f}"
        if isfinite(value)
        else ""
    )
