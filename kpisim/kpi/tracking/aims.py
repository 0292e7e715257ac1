"""What is wanted by when, for whom: from versioned targets in a file, or from the target table of the data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from kpisim.kpi.facts import Facts
from kpisim.kpi.measures import reps_named
from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.registry import kpi_with, kpis
from kpisim.kpi.scorecard.declared import held
from kpisim.kpi.tracking.forecast.open_days import ADDS_UP
from kpisim.kpi.tracking.forecast.period import period_of
from kpisim.kpi.window import workdays
from kpisim.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import pandas as pd

    from kpisim.kpi.goals.targets import TargetHistory
    from kpisim.tables import Tables


TITLES: dict[str, Text] = {
    "quota": Text("quota", "业绩指标"),
    "revenue": Text("revenue", "签约额"),
    "company revenue": Text("company revenue", "全公司签约额"),
    "quarterly revenue": Text("quarterly revenue", "季度签约额"),
    "monthly revenue": Text("monthly revenue", "月度签约额"),
    "collection": Text("collection", "回款率"),
    "culture": Text("culture", "文化评分"),
    "new customers": Text("new customers", "新客户数"),
    "satisfaction": Text("satisfaction", "客户满意度"),
    "repurchase": Text("repurchase", "回购率"),
}
"""Targets of the ready scenarios, whose names are English parameters; a name of one's own is shown as written."""


@dataclass(frozen=True, slots=True)
class Aim:
    """A target for one period.

    Attributes
    ----------
    name, kpi
        What it is called, and its KPI.
    owner
        Whose it is, as written.
    reps
        Whose rows count; None means the whole team.
    start, end
        The period ``[start, end)``; it begins later where the target's first version does.
    target
        In the KPI's unit, for the whole period.
    reason
        Why the version in force is what it is; empty for a target table, which says none.
    """

    name: str
    kpi: str
    owner: str
    reps: tuple[str, ...] | None
    start: date
    end: date
    target: float
    reason: str = ""

    @property
    def title(self) -> Text:
        """The name as a reader of either language knows it."""
        if self.name in kpis():
            return kpis()[self.name].title
        return TITLES.get(self.name, Text(self.name, self.name))

    def called(self, name: str) -> bool:
        """Whether a person may mean this target by `name`: as it stands in the table, or as it is shown."""
        return name in {self.name, self.title.en, self.title.zh}

    @property
    def adds_up(self) -> bool:
        """Whether the KPI is an amount or a count, so that it fills up day by day."""
        return lookup(self.kpi).kind in ADDS_UP


def names_of(aims: Iterable[Aim]) -> list[str]:
    """Return what a note may call the targets: their names, and the titles that readers see."""
    return list(dict.fromkeys(word for aim in aims for word in (aim.name, str(aim.title))))


def reps_of(tables: Tables, owner: str) -> tuple[str, ...] | None:
    """Return the reps whom a target of `owner` is about: themselves, their team's, or None for everybody."""
    if not owner:
        return None
    if owner in reps_named(Facts(tables)):
        return (owner,)
    reps = tables["reps"]
    team = reps.loc[reps["team"] == owner, "rep_id"]
    return tuple(team) or None


def aims_of_targets(targets: Iterable[TargetHistory], tables: Tables, on: date) -> list[Aim]:
    """Return the targets in force on `on`, as they were known then.

    An amount whose target changed during the period is wanted in parts: each version for the working days it was in
    force.  For a rate the version in force on `on` counts.
    """
    aims = []
    for target in targets:
        known = target.known(on)
        period = period_of(tables, target.period, on)
        spans = [] if known is None else known.spans(period.start, period.end)
        in_force = None if known is None else known.as_of(on)
        if in_force is None or not spans:
            continue
        value = in_force.value
        if lookup(target.kpi).kind in ADDS_UP and len({one.value for _, _, one in spans}) > 1:
            days = [workdays(tables.meta, first, last) for first, last, _ in spans]
            if sum(days):
                value = sum(one.value * some for (_, _, one), some in zip(spans, days, strict=True)) / sum(
                    days
                )
        aims.append(
            Aim(
                target.name, target.kpi, target.owner, reps_of(tables, target.owner),
                max(spans[0][0], period.start), period.end, value, in_force.reason,
            )
        )  # fmt: skip
    return aims


def aims_of_table(tables: Tables, on: date, rep: str | None = None) -> list[Aim]:
    """Return the targets of the target table whose period holds `on`, persons added up; with `rep`, their own.

    A person's target counts for the days they are employed, as on the board; rates are averaged.  Where a KPI has a target
    with a weight, one without (a quota that pay is worked out by) is left out.
    """
    import pandas as pd  # noqa: PLC0415

    frame = tables["targets"]
    day = pd.Timestamp(on)
    frame = frame[(frame["period_start"] <= day) & (frame["period_end"] > day)]
    if rep is not None:
        frame = frame[frame["rep_id"] == rep]
    made: list[tuple[float, Aim]] = []
    for key, rows in held(tables, frame).groupby(
        ["name", "period_start", "period_end"], sort=False, observed=True
    ):
        name, start, end = cast("tuple[str, pd.Timestamp, pd.Timestamp]", key)
        kpi = str(rows["kpi"].iloc[0])
        kpi_with(kpi, 0.0, lambda _: Text("table {table}", None, table="targets"))
        amount = (rows["target"] * rows["share"]).sum()
        if lookup(kpi).kind not in ADDS_UP:
            amount /= rows["share"].sum()
        if rep is not None:
            start, end = _employed(tables, rep, start, end)
        aim = Aim(
            str(name),
            kpi,
            rep or "",
            None if rep is None else (rep,),
            start.date(),
            end.date(),
            float(amount),
        )
        made.append((float(rows["weight"].fillna(0.0).mean()), aim))
    weighed = {(aim.kpi, aim.start, aim.end) for weight, aim in made if weight > 0}
    return [aim for weight, aim in made if weight > 0 or (aim.kpi, aim.start, aim.end) not in weighed]


def _employed(
    tables: Tables, rep: str, start: pd.Timestamp, end: pd.Timestamp
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the part of a period on which a rep was employed: nobody is behind on days before they came."""
    mine = tables["reps"]
    mine = mine[mine["rep_id"] == rep]
    hired, left = (mine[name].dt.normalize().dropna() for name in ("hired", "left"))
    return max([start, *hired]), min([end, *left])


def time_share(tables: Tables, aim: Aim, on: date) -> float:
    """Return the share of the working days of a target's period that are over at the end of `on`."""
    total = workdays(tables.meta, aim.start, aim.end)
    over = workdays(tables.meta, aim.start, min(on + timedelta(days=1), aim.end))
    return over / total if total else 0.0


__all__ = ["TITLES", "Aim", "aims_of_table", "aims_of_targets", "names_of", "reps_of", "time_share"]
