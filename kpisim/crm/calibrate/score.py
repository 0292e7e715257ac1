"""How well a fit to the first days holds on the days it has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, sqrt
from typing import TYPE_CHECKING

from kpisim.crm.calibrate.fit import fitted
from kpisim.crm.calibrate.repeat import first_orders
from kpisim.tables import Tables, conform

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kpisim.crm.calibrate.draft import Calibration, Estimate
    from kpisim.text import Text

FITTED = 0.6
"""Share of the days a fit may see."""
WHEN: Mapping[str, str] = {
    "opportunities": "created",
    "orders": "booked",
    "requests": "submitted",
    "tasks": "created",
}
"""What is split, by which of its times; the first that is there says where."""


@dataclass(frozen=True, slots=True)
class Score:
    """One figure, fitted on the first days and measured on the rest.

    Attributes
    ----------
    name
        What it is.
    fitted, rest
        On the days seen and on those not seen.
    z
        Difference in standard errors of both.
    n
        Rows not seen.
    gain
        For laws: log score per number on the days not seen, chosen law less lognormal; NaN elsewhere.
    """

    name: Text
    fitted: float
    rest: float
    z: float
    n: int
    gain: float


def split(tables: Tables, share: float = FITTED) -> tuple[Tables, Tables]:
    """Return what began in the first `share` of the days, and the rest.

    Parameters
    ----------
    tables
        Opportunities (with their stage changes), orders, requests or tasks.
    share
        Share of days from the first to the last beginning.
    """
    there = [name for name in WHEN if len(tables[name])]
    if not there:
        return tables, tables
    begun = tables[there[0]][WHEN[there[0]]]
    border = begun.min() + (begun.max() - begun.min()) * share
    frames = dict(tables.frames)
    if "orders" in there:
        # Who ordered before the border is no new customer after it.
        orders = tables["orders"].dropna(subset=["account_id"])
        known = first_orders(tables, orders).rename("since").rename_axis("account_id").reset_index()
        frames["accounts"] = conform("accounts", known)
    halves = []
    for early in (True, False):
        half = dict(frames)
        for name in there:
            when = tables[name][WHEN[name]]
            half[name] = tables[name][(when < border) if early else (when >= border)]
        if len(tables["stage_changes"]):
            changes = tables["stage_changes"]
            half["stage_changes"] = changes[
                changes["opportunity_id"].isin(half["opportunities"]["opportunity_id"])
            ]
        halves.append(Tables(tables.meta, half))
    return halves[0], halves[1]


def scores(tables: Tables, share: float = FITTED) -> list[Score]:
    """Fit on the first days and score on the rest.

    Parameters
    ----------
    tables
        As for `calibrate`.
    share
        Share of the days that the fit may see.

    Returns
    -------
    list[Score]
        Figures that both parts tell; none where all is of one day, or only the first deals are over.
    """
    early, late = split(tables, share)
    seen, rest = fitted(early), fitted(late)
    measured = {estimate.name.en: estimate for estimate in rest.estimates}
    found = []
    for estimate in seen.estimates:
        other = measured.get(estimate.name.en)
        if other is None:
            continue
        both = sqrt(estimate.error**2 + other.error**2)
        z = (other.value - estimate.value) / both if both > 0 and isfinite(both) else float("nan")
        found.append(
            Score(estimate.name, estimate.value, other.value, z, other.n, _gain(estimate, seen, rest))
        )
    return found


def _gain(estimate: Estimate, seen: Calibration, rest: Calibration) -> float:
    """Return the log score of the chosen law less that of the lognormal on the days not seen."""
    if not estimate.sample or estimate.law == "lognormal":
        return float("nan")
    shape, values = seen.shapes[estimate.sample], rest.samples[estimate.sample]
    return float((shape.log_density(values) - shape.log_density(values, "lognormal")).mean())
