"""``kpisim calibrate``: what was fitted, how it scores on days not seen, real beside simulated, and a scenario file."""

from __future__ import annotations

from datetime import timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any

from kpisim.crm.calibrate.fit import HORIZONS, REQUEST_HOURS, VALUE, calibrate
from kpisim.crm.calibrate.repeat import (
    LEAST_CUSTOMERS,
    back_again,
    first_orders,
    fit_rhythm,
    new_since,
    watched,
)
from kpisim.crm.calibrate.score import scores
from kpisim.crm.calibrate.work import MINUTES
from kpisim.text import Text, t
from kpisim.text.cells import align
from kpisim.text.writing import writing_file

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.crm.calibrate.draft import Calibration
    from kpisim.crm.calibrate.shapes import Shape
    from kpisim.tables import Tables

SETTLING_WEEKS = 20
NOT_FITTED = "Who orders again within so many days was not fitted: where the model has more at first, real customers order more evenly than by chance."
UNITS = "Money in {currency}; days are calendar days, of which a scenario counts the working ones (5 of 7)."
NOT_SCORED = "Nothing to score: both parts of the days must hold the same kind of rows; give longer records."
NOTHING = 1e-6
"""What is smaller is 0 for a reader: the spread of stages that all took the same time."""
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
        blocks.append("\n".join([source.title, "", *calibration_lines(found, source.tables, seed)]))
        if out is not None and written is None and found.values:
            with writing_file(out):
                save(found.scenario(out.stem), out)
            written = out
            blocks[-1] += "\n\n" + str(out)
    return "\n\n\n".join(blocks)


def calibration_lines(found: Calibration, tables: Tables, seed: int) -> list[str]:
    """Return what was fitted to `tables`, how it scores, and what it plays beside them."""
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
    lines = [
        t(UNITS, currency=tables.meta.currency),
        "",
        *align(rows, [False, True, True, True, False, False]),
    ]
    lines += [line for name, shape in found.shapes.items() if (line := _played_as(name, shape))]
    lines += ["", t("Fitted on the first 60% of the days, scored on the rest")]
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
    lines += align(rows, [False, True, True, True, True, True]) if rows[1:] else [t(NOT_SCORED)]
    if "market.stages" in found.values:
        lines += ["", t("Real beside simulated ({runs} runs of the calibrated scenario)", runs=RUNS)]
        rows = [[t("figure"), t("real"), t("simulated"), t("standard error")]]
        rows += [
            [name, number(real), number(played), number(error)]
            for name, real, played, error in beside(found, tables, seed)
        ]
        lines += align(rows, [False, True, True, True])
        if not len(tables["opportunities"]):
            lines.append(t(NOT_FITTED))
    elif len(tables["orders"]):
        lines += ["", not_played(tables)]
    return lines


def not_played(tables: Tables) -> str:
    """Return why nothing is played beside real figures."""
    orders = tables["orders"].dropna(subset=["account_id"])
    orders = orders[orders["value"] > 0]
    if not len(orders):
        return t("These tables have no deals and no orders, so there is nothing to play beside them.")
    records = watched(orders, first_orders(tables, orders))
    return t(
        "Nothing is played beside: how customers order again is fitted from {least} new customers and {least} orders of theirs on, and there are {n} and {again}. The scenario lacks it.",
        least=LEAST_CUSTOMERS,
        n=len(records.again),
        again=int(records.again.sum()),
    )


def _played_as(name: str, shape: Shape) -> str:
    """Return what a scenario plays instead of the law that fits best, nothing where it plays that law or none."""
    if name == REQUEST_HOURS or name.startswith(MINUTES) or shape.law in {"lognormal", "two lognormals"}:
        return ""
    return t(
        "{name}: {law} fits best; the scenario plays a lognormal of the same median and spread",
        name=Text("value of an order or deal", "订单或商机金额") if name == VALUE else t(name),
        law=t(shape.law),
    )


def beside(
    found: Calibration, tables: Tables, seed: int = 1, runs: int = RUNS
) -> list[tuple[str, float, float, float]]:
    """Return name, real figure, simulated figure and standard error of their difference.

    Parameters
    ----------
    found
        Calibration of `tables`.
    tables
        The real tables, with opportunities or orders.
    seed, runs
        Seed and number of runs of the calibrated scenario.
    """
    from kpisim.model import Model  # noqa: PLC0415

    scenario = found.scenario()
    figures = _order_figures
    if len(tables["opportunities"]):
        figures = _figures
        # What came in during the real window is followed until it is settled; nothing comes in afterwards.
        end = scenario.calendar.start + timedelta(weeks=scenario.calendar.weeks)
        scenario = scenario.derive(
            {
                "calendar.weeks": scenario.calendar.weeks + SETTLING_WEEKS,
                "changes": [{"at": end, "set": {"market.leads_per_rep_week": 0.0}}],
            }
        )
    real = figures(tables)
    played = [figures(Model(scenario, seed, run).play()) for run in range(runs)]
    rows = []
    for name, (value, error) in real.items():
        # A short run may be too short for a figure.
        told = [one[name] for one in played if name in one]
        if told:
            mean = sum(figure for figure, _ in told) / len(told)
            spread = (sum(noise**2 for _, noise in told) ** 0.5) / len(told)
            rows.append((name, value, mean, (error**2 + spread**2) ** 0.5))
    return rows


def _figures(tables: Tables) -> dict[str, tuple[float, float]]:
    """Return what a scenario calibrated on deals must give back, with standard errors."""
    import numpy as np  # noqa: PLC0415

    deals = tables["opportunities"]
    closed = deals[deals["status"].isin(["won", "lost"])]
    won = closed[closed["status"] == "won"]
    rate = len(won) / max(len(closed), 1)
    days = (won["closed"] - won["created"]).dt.total_seconds().to_numpy(dtype=float) / 86_400
    found = {
        t("deals per week"): _per_week(deals["created"]),
        t("win rate (closed)"): (rate, (rate * (1 - rate) / max(len(closed), 1)) ** 0.5),
    }
    if len(days):
        found[t("days to win, median")] = (
            float(np.median(days)),
            float(1.25 * days.std() / len(days) ** 0.5),
        )
    if (deals["value"] > 0).any():
        found |= _logs(t("deal value, mean of ln"), t("deal value, spread of ln"), deals["value"])
    return found


def _order_figures(tables: Tables) -> dict[str, tuple[float, float]]:
    """Return what a scenario calibrated on orders must give back, with standard errors."""
    orders = tables["orders"].dropna(subset=["account_id"])
    orders = orders[orders["value"] > 0]
    first = first_orders(tables, orders)
    found = {t("new customers per week"): _per_week(first[first >= new_since(first, orders["booked"].min())])}
    rhythm = fit_rhythm(watched(orders, first))
    if rhythm is not None:
        found[t("days between orders at the mean rate")] = (rhythm.days, rhythm.errors["days"])
        found[t("spread of order rates")] = (rhythm.spread, rhythm.errors.get("spread", 0.0))
    found |= {
        t("order again within {days} days", days=days): (share, error)
        for days, share, error, _ in back_again(orders, first, HORIZONS)
    }
    return found | _logs(t("order value, mean of ln"), t("order value, spread of ln"), orders["value"])


def _per_week(when: Any) -> tuple[float, float]:
    """Return how many come a week, with the standard error that the swings of days give."""
    daily = when.dt.normalize().value_counts()
    # A straggler long after the rest would stretch the window.
    passed = (when - when.min()).dt.total_seconds()
    weeks = max(float(passed.quantile(0.99)) / 604_800 / 0.99, 1.0)
    return len(when) / weeks, float(daily.std() * len(daily) ** 0.5 / weeks)


def _logs(mean: str, spread: str, values: Any) -> dict[str, tuple[float, float]]:
    """Return mean and standard deviation of the logarithms of positive values."""
    import numpy as np  # noqa: PLC0415

    logs = np.log(values[values > 0].to_numpy(dtype=float))
    return {
        mean: (float(logs.mean()), float(logs.std() / len(logs) ** 0.5)),
        spread: (float(logs.std()), float(logs.std() / (2 * len(logs)) ** 0.5)),
    }


def number(value: float, digits: int = 3) -> str:
    """Return a figure with three significant digits, a large one whole, nothing for what is not a number."""
    if abs(value) < NOTHING:
        return "0"
    return (
        f"{value:,.{digits}g}"
        if isfinite(value) and abs(value) < 1000
        else f"{value:,.0f}"
        if isfinite(value)
        else ""
    )
