"""Scoring: value to score, score to light, lines to objectives, perspectives and the total."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kpisim.kpi.library import card
from kpisim.kpi.scoring import (
    attainment,
    goal_score,
    progress,
    rag,
    reshare,
    threshold_score,
    weighted,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from kpisim.kpi.library import Definition
    from kpisim.kpi.registry import Perspective
    from kpisim.kpi.scorecard.declared import Line, Method, Scorecard
    from kpisim.kpi.value import Value

Light = Literal["green", "amber", "red", "stale", "none"]
GATE = 100.0
"""Most that the total scores where a gate is red."""


@dataclass(frozen=True, slots=True)
class LineScore:
    """One scored line.

    Attributes
    ----------
    kpi, target, actual
        KPI, target and value in the KPI's unit; `actual` is None where there is no number, then `reason` says why.
    attained
        Attainment, 1 = target reached.
    method, score
        Way of scoring and its score on that way's own scale.
    points
        The score on 0 to 100 or above, the scale that lines are added on.
    way
        Progress from the baseline, negative where it went back; None without a baseline.
    light
        ``green``, ``amber``, ``red``, ``stale`` or ``none``.
    weight
        Share after the weights of unknown lines were shared out; 0 for those.
    asked
        Share as the scorecard says it.
    gate
        Whether a red light caps the total.
    """

    kpi: str
    perspective: Perspective
    objective: str
    target: float
    actual: float | None
    attained: float | None
    method: Method
    score: float | None
    points: float | None
    way: float | None
    light: Light
    weight: float
    asked: float
    gate: bool
    n: int
    reason: str | None

    @property
    def wants_note(self) -> bool:
        """Whether somebody must write why: a red light never stands alone."""
        return self.light == "red"


@dataclass(frozen=True, slots=True)
class Scored:
    """A scored scorecard.

    Attributes
    ----------
    lines
        In the order of the scorecard.
    objectives, perspectives
        Points by name, None where nothing is known; they stand beside the total so that one cannot hide another.
    total
        Weighted points; None where nothing is known.
    gated
        KPIs whose red light holds the total at 100 although it would be higher.
    """

    name: str
    on: date
    lines: tuple[LineScore, ...]
    objectives: dict[str, float | None]
    perspectives: dict[Perspective, float | None]
    total: float | None
    gated: tuple[str, ...]


def score_values(
    scorecard: Scorecard, values: Mapping[str, Value], on: date, stale: Iterable[str] = ()
) -> Scored:
    """Score measured KPIs against a scorecard.

    Parameters
    ----------
    scorecard
        What is wanted.
    values
        Measured KPIs by name; a KPI that is missing has no number.
    on
        Day that decides which lines count.
    stale
        KPIs whose data are older than their frequency: never green.
    """
    lines = [line for line in scorecard.lines if line.counts_on(on)]
    old = set(stale)
    raw = [_score(line, card(line.kpi), values.get(line.kpi)) for line in lines]
    known = [points is not None for _, _, points, _ in raw]
    asked = reshare([line.weight for line in lines], [True] * len(lines))
    shares = reshare([line.weight for line in lines], known)
    made = []
    for line, (attained, score, points, way), wish, share in zip(lines, raw, asked, shares, strict=True):
        value, declared = values.get(line.kpi), card(line.kpi)
        made.append(
            LineScore(
                kpi=line.kpi,
                perspective=declared.perspective,
                objective=line.objective,
                target=line.target,
                actual=None if value is None else value.value,
                attained=attained,
                method=line.method,
                score=score,
                points=points,
                way=way,
                light=light_of(attained, stale=line.kpi in old, green=line.green, amber=line.amber),
                weight=share,
                asked=wish,
                gate=line.gate,
                n=0 if value is None else value.n,
                reason="no_data" if value is None else value.reason,
            )
        )
    total = _mean(made)
    gates = tuple(line.kpi for line in made if line.gate and line.light == "red")
    held = total is not None and bool(gates) and total > GATE
    return Scored(
        scorecard.name,
        on,
        tuple(made),
        {name: _mean([line for line in made if line.objective == name]) for name in _names(made)},
        {name: _mean([line for line in made if line.perspective == name]) for name in _perspectives(made)},
        GATE if held else total,
        gates if held else (),
    )


def reached(line: Line, declared: Definition, actual: float) -> float | None:
    """Return the attainment of one line: by its direction, a band as distance from its edges."""
    if declared.direction == "band":
        assert declared.band is not None, "declared, see Definition"
        low, high = declared.band
        outside = max(low - actual, actual - high, 0.0)
        return max(1.0 - outside / ((high - low) / 2), 0.0) if outside else 1.0
    return attainment(actual, line.target, lower=declared.direction == "lower", form=line.cost_form)


def _score(
    line: Line, declared: Definition, value: Value | None
) -> tuple[float | None, float | None, float | None, float | None]:
    """Return attainment, score on its own scale, points, and progress."""
    actual = None if value is None else value.value
    if actual is None:
        return None, None, None, None
    attained = reached(line, declared, actual)
    way = None if line.baseline is None else progress(actual, line.baseline, line.target)
    score: float | None
    if line.method == "goal":
        score = goal_score(actual, line.target, _given(line.red))
        return attained, score, None if score is None else 10 * score, way
    if line.method in {"minmax", "progress", "okr"}:
        score = None if way is None else min(max(way, 0.0), 1.0)
        return attained, score, None if score is None else 100 * score, way
    if line.method == "steps":
        score = threshold_score(actual, _given(line.floor), line.target, _given(line.stretch))
        return attained, score, score, way
    if line.method == "plus_minus":
        sign = -1.0 if declared.direction == "lower" else 1.0
        steps = sign * (actual - line.target) / _given(line.step)
        score = min(max(100 + line.points * steps, 0.0), line.cap)
        return attained, score, score, way
    score = None if attained is None else min(max(100 * attained, 0.0), line.cap)
    return attained, score, score, way


def _given(value: float | None) -> float:
    assert value is not None, "declared, see Line"
    return value


def light_of(attained: float | None, *, stale: bool, green: float = 1.0, amber: float = 0.9) -> Light:
    """Return the light of an attainment, ``none`` without one; old data are never green."""
    if attained is None:
        return "none"
    shown = rag(round(attained, 12), green, amber)
    assert shown is not None, "attainment is known"
    return "stale" if stale and shown == "green" else shown


def _mean(lines: list[LineScore]) -> float | None:
    return weighted([line.points for line in lines], [line.asked for line in lines]) if lines else None


def _names(lines: list[LineScore]) -> list[str]:
    return list(dict.fromkeys(line.objective for line in lines if line.objective))


def _perspectives(lines: list[LineScore]) -> list[Perspective]:
    from kpisim.kpi.registry import PERSPECTIVES  # noqa: PLC0415

    return [name for name in PERSPECTIVES if any(line.perspective == name for line in lines)]


__all__ = ["GATE", "Light", "LineScore", "Scored", "light_of", "reached", "score_values"]
