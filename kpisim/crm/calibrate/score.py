"""How well a fit to the first days holds on the days it has not seen."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, sqrt
from typing import TYPE_CHECKING

from kpisim.crm.calibrate.fit import Calibration, Estimate, calibrate
from kpisim.tables import Tables
from kpisim.text import Text, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

FITTED = 0.6
"""Share of the days a fit may see."""
WHEN: Mapping[str, str] = {"opportunities": "created", "orders": "booked", "requests": "submitted"}


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
        Opportunities (with their stage changes), orders or requests.
    share
        Share of days from the first to the last beginning.
    """
    main = next((name for name in WHEN if len(tables[name])), None)
    if main is None:
        raise UserError("no opportunities, orders or requests to fit; give tables that have one of them")
    begun = tables[main][WHEN[main]]
    border = begun.min() + (begun.max() - begun.min()) * share
    halves = []
    for early in (True, False):
        frames = dict(tables.frames)
        chosen = tables[main][(begun < border) if early else (begun >= border)]
        frames[main] = chosen
        if main == "opportunities" and len(tables["stage_changes"]):
            changes = tables["stage_changes"]
            frames["stage_changes"] = changes[changes["opportunity_id"].isin(chosen["opportunity_id"])]
        halves.append(Tables(tables.meta, frames))
    return halves[0], halves[1]


def scores(tables: Tables, share: float = FITTED) -> list[Score]:
    """Fit on the first days and score on the rest.

    Parameters
    ----------
    tables
        As for `calibrate`.
    share
        Share of the days that the fit may see.
    """
    early, late = split(tables, share)
    fitted, rest = calibrate(early), calibrate(late)
    measured = {estimate.name.en: estimate for estimate in rest.estimates}
    found = []
    for estimate in fitted.estimates:
        other = measured.get(estimate.name.en)
        if other is None:
            continue
        both = sqrt(estimate.error**2 + other.error**2)
        z = (other.value - estimate.value) / both if both > 0 and isfinite(both) else float("nan")
        found.append(
            Score(estimate.name, estimate.value, other.value, z, other.n, _gain(estimate, fitted, rest))
        )
    return found


def _gain(estimate: Estimate, fitted: Calibration, rest: Calibration) -> float:
    """Return the log score of the chosen law less that of the lognormal on the days not seen."""
    if not estimate.law or estimate.law == "lognormal":
        return float("nan")
    shape, values = fitted.shapes[estimate.sample], rest.samples[estimate.sample]
    return float((shape.log_density(values) - shape.log_density(values, "lognormal")).mean())
