"""What a case is: a claim, its source, its parameters, and a function that plays it on the model's own code."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING, Any, Literal

from kpisim.evidence.metrics import called
from kpisim.text import Text, UserError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

Claim = Literal["exact", "published", "emerges", "calibrated", "assumption", "myth"]
"""What is claimed.

A theorem; published equations run again; an effect that nobody put in; a figure that was put in by hand (it is shown, and
counts as no reproduction); a choice of ours; a popular claim held against what the evidence gives.
"""
Status = Literal[
    "exact",
    "read in the paper",
    "read in a secondary page",
    "from memory",
    "derived from printed figures",
    "our own run of the source's rules",
    "no figure: our own aim",
]
"""How sure we are of the reference: where its figure was seen."""

CALIBRATED, REFUTED, STANDS, SHOWN = "put in", "refuted", "not refuted", "for scale"
"""Verdicts of figures that are no test of the model: put in by hand, or a myth."""

TOLERANCE = 0.02
ERRORS = 3.0
TOO_NOISY = 0.10


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of a case.

    Attributes
    ----------
    metric
        What is measured.
    simulated, low, high
        The model's figure with its 95 % interval (equal where nothing is random).
    reference
        The figure of the theorem or the paper.
    band
        Accepted range for `simulated`.
    verdict
        ``pass``, ``fail``, or ``too noisy``: the run is too short to tell (counts as a fail).  A published or emerging
        figure outside its band is ``not reproduced``, one that was put in is ``put in``, a myth ``refuted`` or not.
    claim
        Class of this figure where it is not that of its case.
    """

    metric: str | Text
    simulated: float
    low: float
    high: float
    reference: float
    band: tuple[float, float]
    verdict: str
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One claim held against the model.

    Attributes
    ----------
    name, title, rule, source
        Name in code, title in both languages, class of the claim, where it comes from (with the status of its figure).
    play
        Function of keyword parameters and ``seed`` that returns rows; its docstring describes the parameters.
    status
        Where the reference figures were seen.
    setting
        Whom the source observed, or what it is about.
    a, b
        The two scenarios, where two are played: they differ in one decision, on the same luck.
    reason
        Why the band is as wide as it is.
    explanation
        Why a figure does not come out, where one does not.
    limits
        What the case does not show.
    """

    name: str
    title: Text
    rule: Claim
    source: str
    play: Callable[..., list[Row]]
    status: Status = "exact"
    setting: Text | None = None
    a: Text | None = None
    b: Text | None = None
    reason: Text | None = None
    explanation: Text | None = None
    limits: Text | None = None

    @property
    def parameters(self) -> dict[str, Any]:
        """Parameters with their defaults, ``seed`` left out."""
        found = inspect.signature(self.play).parameters.values()
        return {one.name: one.default for one in found if one.name != "seed"}

    def check(self, values: Mapping[str, Any]) -> None:
        """Refuse unknown parameters and values of another kind than the default's.

        Raises
        ------
        UserError
            Names the parameter and what it may be.
        """
        known = self.parameters
        for name, value in values.items():
            if name not in known:
                raise UserError(
                    "{name}: no such parameter of {case}; {remedy}",
                    name=name,
                    case=self.name,
                    remedy=did_you_mean(name, known),
                )
            wanted = _wanted(known[name])
            if wanted is not None and not _is(value, known[name]):
                raise UserError(
                    "{path}: {value} is not {wanted}; give {wanted}",
                    path=name,
                    value=str(value)[:40],
                    wanted=Text(wanted),
                )

    def run(self, seed: int, **values: Any) -> pd.DataFrame:
        """Play the case.

        Raises
        ------
        UserError
            For an unknown parameter, or a value that the case cannot be played with.
        """
        import numpy as np  # noqa: PLC0415
        import pandas as pd  # noqa: PLC0415

        self.check(values)
        # What somebody chose must not end in a table of NaN; the defaults are known to be fine.
        strictly: Literal["raise"] | None = "raise" if values else None
        try:
            with np.errstate(divide=strictly, invalid=strictly):
                rows = self.play(**values, seed=seed)
        except UserError:
            raise
        except (ArithmeticError, IndexError, TypeError, ValueError) as problem:
            if not values:
                raise
            # The formulas have limits that no range tells: a share of 1, a run too short for its batches.
            raise UserError(
                "{case}: cannot be played with {values} ({problem}); take values nearer to the defaults",
                case=self.name,
                values=", ".join(f"{name}={value}" for name, value in values.items()),
                problem=problem,
            ) from problem
        return pd.DataFrame(
            [
                (
                    called(str(r.metric)),
                    r.simulated,
                    r.low,
                    r.high,
                    r.reference,
                    r.band,
                    r.verdict,
                    r.claim or self.rule,
                )
                for r in rows
            ],
            columns=["metric", "simulated", "low", "high", "reference", "band", "verdict", "claim"],
        )


def _wanted(default: Any) -> str | None:
    """Return in words what a parameter with this default may be; None where anything may be tried."""
    if default is None:
        return None
    if isinstance(default, (list, tuple)):
        return "a list of numbers"
    return {int: "a whole number above 0", float: "a number", str: "a text"}.get(type(default))


def _is(value: Any, default: Any) -> bool:
    if isinstance(default, (list, tuple)):
        return isinstance(value, (list, tuple)) and bool(value) and all(_is_number(item) for item in value)
    if isinstance(default, int):
        return isinstance(value, int) and not isinstance(value, bool) and value > 0
    return _is_number(value) if isinstance(default, float) else isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)


def held(
    metric: str | Text,
    simulated: float,
    reference: float,
    error: float = 0.0,
    *,
    tolerance: float = TOLERANCE,
    absolute: float = 0.0,
) -> Row:
    """Return a row for an exact claim: the figure must lie within max(2 %, 3 standard errors) of the formula.

    Parameters
    ----------
    metric
        What is measured.
    simulated, reference
        The model's figure and the formula's.
    error
        Standard error of `simulated`; 0 where nothing is random.
    tolerance
        Relative half-width of the band.
    absolute
        Absolute half-width, where the reference may be 0.
    """
    half = max(tolerance * abs(reference), ERRORS * error, absolute)
    band = (reference - half, reference + half)
    low, high = simulated - 1.96 * error, simulated + 1.96 * error
    if not isfinite(simulated):
        verdict = "fail"
    elif ERRORS * error > max(TOO_NOISY * abs(reference), absolute, tolerance * abs(reference)):
        # A wide interval would let anything pass.
        verdict = "too noisy"
    else:
        verdict = "pass" if band[0] <= simulated <= band[1] else "fail"
    return Row(metric, simulated, low, high, reference, band, verdict)


def put_in(row: Row) -> Row:
    """Return `row` marked as a figure that was put in by hand: shown, but no reproduction."""
    return replace(row, claim="calibrated", verdict=CALIBRATED if row.verdict == "pass" else row.verdict)


def myth(
    metric: str | Text, simulated: float, claimed: float, band: tuple[float, float], error: float = 0.0
) -> Row:
    """Return a row on a popular claim: refuted where the whole interval lies outside what would bear it out.

    Parameters
    ----------
    metric
        What is measured.
    simulated, claimed
        What the evidence or the model gives, and what is claimed.
    band
        Values that would bear the claim out.
    error
        Standard error of `simulated`; 0 where nothing is random.
    """
    low, high = simulated - 1.96 * error, simulated + 1.96 * error
    verdict = REFUTED if high < band[0] or low > band[1] else STANDS
    if not isfinite(simulated):
        verdict = "fail"
    return Row(metric, simulated, low, high, claimed, band, verdict, "myth")


def shown(metric: str | Text, value: float, claimed: float, error: float = 0.0) -> Row:
    """Return a row that judges nothing and gives a sense of scale."""
    low, high = value - 1.96 * error, value + 1.96 * error
    return Row(metric, value, low, high, claimed, (float("-inf"), float("inf")), SHOWN, "myth")


def positive(name: str, values: list[Any]) -> list[float]:
    """Return `values` as floats, or complain about the first that is not above 0."""
    for value in values:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
            raise UserError("{name}: {value} is not above 0; give numbers above 0", name=name, value=value)
    return [float(value) for value in values]
