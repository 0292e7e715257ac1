"""What a scorecard is: KPIs with target, weight, way of scoring, light and gate, each with its dates."""

from __future__ import annotations

from datetime import date  # noqa: TC003  (pydantic reads the annotations)
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, ValidationError, model_validator

from kpisim.kpi.registry import kpi_with
from kpisim.scenario.errors import first_error
from kpisim.scenario.fields import Section, broken
from kpisim.scenario.library import line_in, read_yaml
from kpisim.text import Text

if TYPE_CHECKING:
    import pandas as pd

    from kpisim.tables import Tables

Method = Literal["attainment", "goal", "minmax", "progress", "okr", "steps", "plus_minus"]
METHODS: dict[Method, Text] = {
    "attainment": Text("100 × actual ÷ target, capped", "完成率×100，封顶"),
    "goal": Text("0 to 10: red flag 3.33, goal 6.67", "0–10分：红线3.33，目标6.67"),
    "minmax": Text("share of the way from minimum to maximum", "最小值到最大值之间的位置"),
    "progress": Text("share of the way from baseline to target", "从基线到目标走了多少"),
    "okr": Text("0 to 1, 0.7 is good; not for pay", "0–1分，0.7即为好；不与薪酬挂钩"),
    "steps": Text("60 / 100 / 120 at threshold, target, stretch", "门槛60、目标100、挑战120，区间内插"),
    "plus_minus": Text("100 at target, points added or taken off per step", "达标100分，每差一档加减分"),
}
ADDITIVE = {"money", "count"}
_WEIGHT = 1e-9


class Line(Section):
    """One KPI of a scorecard.

    Attributes
    ----------
    kpi, target, weight
        KPI of the library, its target in the KPI's unit, and its weight (any scale; shown as a share).
    method
        How the value becomes a score, a key of `METHODS`.
    cap
        Most that attainment scores.
    floor, stretch, baseline, red
        Threshold and stretch of ``steps``; start of ``progress``, ``minmax`` and ``okr``; red flag of ``goal``.
    step, points
        Of ``plus_minus``: `points` for each `step` of the KPI's unit above or below target.
    cost_form
        For lower-is-better: ``mirror`` 2 − actual ÷ target, or ``inverse`` target ÷ actual.
    green, amber
        Attainment from which the light is green, amber; below it is red.
    gate
        A red light on this line caps the total at 100.
    objective
        What it stands under in the roll-up; by default its perspective alone.
    since, until
        First day it counts, and first day it no longer does.
    """

    kpi: str
    target: float
    weight: float = Field(1.0, ge=0, le=1e6)
    method: Method = "attainment"
    cap: float = Field(120.0, ge=100, le=1000)
    floor: float | None = None
    stretch: float | None = None
    baseline: float | None = None
    red: float | None = None
    step: float | None = Field(None, gt=0)
    points: float = Field(5.0, gt=0)
    cost_form: Literal["mirror", "inverse"] = "mirror"
    green: float = Field(1.0, gt=0, le=10)
    amber: float = Field(0.9, gt=0, le=10)
    gate: bool = False
    objective: str = ""
    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _has_what_its_method_needs(self) -> Self:
        needed = {
            "goal": ("red",), "minmax": ("baseline",), "progress": ("baseline",), "okr": ("baseline",),
            "steps": ("floor", "stretch"), "plus_minus": ("step",),
        }.get(self.method, ())  # fmt: skip
        for name in needed:
            if getattr(self, name) is None:
                raise broken(name, "this way of scoring needs the value; add it or score by attainment")
        start = {"goal": self.red, "minmax": self.baseline, "progress": self.baseline, "okr": self.baseline}
        if start.get(self.method) == self.target:
            raise broken("target", "the way from start to target has no length; give another target or start")
        if self.method == "steps" and self.floor is not None and self.stretch is not None:
            ways = sorted({self.floor, self.target, self.stretch})
            if [self.floor, self.target, self.stretch] not in (ways, ways[::-1]):
                raise broken(
                    "floor",
                    "threshold, target and stretch must rise, or fall where less is better; put them in order",
                )
        if self.amber > self.green:
            raise broken("amber", "amber begins below green; lower it")
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise broken("until", "the line ends before it begins; give a later day")
        return self

    def counts_on(self, day: date) -> bool:
        """Whether the line counts on `day`."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


class Scorecard(Section):
    """Lines under a name.

    Examples
    --------
    >>> Scorecard(name="east", lines=(Line(kpi="csat", target=0.8),)).lines[0].weight
    1.0
    """

    name: str = Field("scorecard", min_length=1, max_length=80)
    level: Literal["company", "team", "person"] = "team"
    lines: tuple[Line, ...] = Field(min_length=1, max_length=60)

    @model_validator(mode="after")
    def _weights_and_names(self) -> Self:
        if sum(line.weight for line in self.lines) <= _WEIGHT:
            raise broken("lines", "all weights are 0; give at least one line a weight")
        for place, line in enumerate(self.lines):
            if any(line.kpi == other.kpi and _overlap(line, other) for other in self.lines[:place]):
                raise broken("lines", "a KPI stands twice on the same days; take one out or give them dates")
        return self


def _overlap(one: Line, other: Line) -> bool:
    ends = ((one.until, other.since), (other.until, one.since))
    return not any(until is not None and since is not None and until <= since for until, since in ends)


def read_scorecard(path: str | Path) -> Scorecard:
    """Read a scorecard from a YAML file.

    Raises
    ------
    UserError
        A value against its rule, a KPI that is not in the library, or a target that no rate can reach.
    """
    file = Path(path)
    try:
        made = Scorecard.model_validate({"name": file.stem, **read_yaml(file)})
    except ValidationError as problem:
        raise first_error(problem, Scorecard, partial(line_in, file)) from None
    for place, line in enumerate(made.lines):
        kpi_with(line.kpi, line.target, partial(_place, file, place))
    return made


def _place(file: Path, line: int, name: str) -> str:
    return line_in(file, ("lines", str(line), name))


def scorecard_of(tables: Tables, start: date, end: date) -> Scorecard | None:
    """Return the scorecard that the targets of `tables` make for ``[start, end)``; None where there are none.

    Targets of persons are added up for what is additive (money, counts), each for the days its holder was employed, and
    averaged for rates.  A target period that lies partly in the window counts with that share of its days.
    """
    frame = tables["targets"]
    if not len(frame):
        return None
    inside = held(tables, frame, start, end)
    # A sheet of targets without weights: all weigh the same.
    weight = inside["weight"].fillna(0.0)
    inside = inside.assign(weight=weight if weight.gt(0).any() else 1.0)
    # The quota is also a target on bookings; the one with a weight is the scorecard's.
    inside = inside[inside["weight"] > 0]
    lines = []
    for name, rows in inside.groupby("name", sort=False, observed=True):
        kpi = str(rows["kpi"].iloc[0])
        declared = kpi_with(kpi, 0.0, lambda _: Text("table {table}", None, table="targets"))
        if declared.unit in ADDITIVE:
            target = float((rows["target"] * rows["share"]).sum())
        else:
            target = float((rows["target"] * rows["share"]).sum() / rows["share"].sum())
        lines.append(Line(kpi=kpi, target=target, weight=float(rows["weight"].mean()), objective=str(name)))
    taken = {line.kpi: line for line in reversed(lines)}
    return Scorecard(name=tables.meta.source, lines=tuple(reversed(taken.values()))) if taken else None


def held(
    tables: Tables, targets: pd.DataFrame, start: date | None = None, end: date | None = None
) -> pd.DataFrame:
    """Return the rows of a target table that count in ``[start, end)``, with a column ``share``.

    The share is that of the target period's days which lie in the window and on which its holder was employed; a target of
    nobody in particular is held all the time.
    """
    import pandas as pd  # noqa: PLC0415

    reps = tables["reps"].set_index("rep_id")
    # Looked up by reindex and not by map, which fails where there are no reps at all.
    days_of = (reps[name].dt.normalize().reindex(targets["rep_id"]) for name in ("hired", "left"))
    hired, left = (pd.Series(days.to_numpy(), index=targets.index) for days in days_of)
    begin = pd.concat([targets["period_start"], hired], axis=1).max(axis=1)
    finish = pd.concat([targets["period_end"], left], axis=1).min(axis=1)
    if start is not None:
        low = pd.Timestamp(start)
        begin = begin.where(begin > low, low)
    if end is not None:
        high = pd.Timestamp(end)
        finish = finish.where(finish < high, high)
    days = (finish - begin).dt.days
    return targets.assign(share=days / (targets["period_end"] - targets["period_start"]).dt.days)[days > 0]


__all__ = [
    "ADDITIVE",
    "METHODS",
    "Line",
    "Method",
    "Scorecard",
    "held",
    "read_scorecard",
    "scorecard_of",
]
