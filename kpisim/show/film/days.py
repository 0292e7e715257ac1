"""From the tables of one run to one frame a working day: what is open, what waits, what was signed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from kpisim.kpi.pay import QUOTA
from kpisim.text import Text, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from kpisim.tables import Tables

WEEKS = 13
LATE_DAYS = 2
"""Working days after which an open complaint counts as waiting long."""


@dataclass(frozen=True, slots=True)
class Day:
    """What stood at the end of one working day.

    Attributes
    ----------
    day
        Date.
    leads, leads_so_far
        Opportunities that came in on the day, and since the first.
    open
        Open opportunities by stage.
    orders, orders_so_far
        Orders signed on the day, and since the first.
    booked
        Money signed since the first day.
    plan
        What the targets ask for by then, spread evenly over working days; None without targets.
    backlog
        Tasks waiting, by rep.
    complaints, late
        Complaints without an answer, and how many of them have waited long.
    events
        What happened, in words, the most telling first.
    """

    day: date
    leads: int
    leads_so_far: int
    open: tuple[int, ...]
    orders: int
    orders_so_far: int
    booked: float
    plan: float | None
    backlog: tuple[int, ...]
    complaints: int
    late: int
    events: list[Text] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Film:
    """A run, day by day.

    Attributes
    ----------
    stages, reps
        Names of the stages in order, and codes of the reps.
    days
        Frames.
    currency
        Of the money.
    """

    stages: tuple[str, ...]
    reps: tuple[str, ...]
    days: list[Day]
    currency: str


def film(tables: Tables, stages: Sequence[str] | None = None, weeks: int = WEEKS) -> Film:
    """Return the first `weeks` weeks of the tables day by day, with the events of each day in words.

    Parameters
    ----------
    tables
        Tables of a run or of a firm.
    stages
        Stages of the funnel in order; by default as the table names them.
    weeks
        Length.

    Raises
    ------
    UserError
        Tables without a working day or an opportunity.
    """
    from kpisim.show.film.words import tell  # noqa: PLC0415

    end = tables.meta.start + timedelta(weeks=weeks)
    workdays = [day for day in tables.meta.workdays if tables.meta.start <= day < end]
    if not workdays or tables["opportunities"].empty:
        raise UserError("nothing to show: the tables hold no working day or no opportunity; give others")
    names = tuple(stages or _stages(tables))
    reps = tuple(sorted(str(rep) for rep in tables["reps"]["rep_id"]))
    made = Film(
        names,
        reps,
        [_day(tables, names, reps, workdays, place) for place in range(len(workdays))],
        tables.meta.currency,
    )
    tell(made, tables)
    return made


def _stages(tables: Tables) -> list[str]:
    """Return the stages in the order in which opportunities enter them."""
    changes = tables["stage_changes"].sort_values("entered")
    if changes.empty:
        return ["open"]
    after: dict[str, set[str]] = {str(name): set() for name in changes["stage"].unique()}
    for _, entered in changes.groupby("opportunity_id")["stage"]:
        row = [str(name) for name in entered]
        for place, name in enumerate(row):
            after[name].update(row[place + 1 :])
    # Old customers skip the first stages, so only what follows what tells the order.
    return sorted(after, key=lambda name: -len(after[name] - {name}))


def _day(
    tables: Tables, stages: Sequence[str], reps: Sequence[str], workdays: Sequence[date], place: int
) -> Day:
    import pandas as pd  # noqa: PLC0415

    day = workdays[place]
    first, begun, ended = (
        pd.Timestamp(workdays[0]),
        pd.Timestamp(day),
        pd.Timestamp(day) + pd.Timedelta(days=1),
    )
    deals, orders, complaints = tables["opportunities"], tables["orders"], tables["complaints"]
    changes = tables["stage_changes"]
    alive = deals[(deals["created"] < ended) & ~(deals["closed"] < ended)]
    if changes.empty:
        counts: dict[Any, int] = {stages[0]: len(alive)}
    else:
        known = changes[
            (changes["entered"] < ended) & changes["opportunity_id"].isin(alive["opportunity_id"])
        ]
        last = known.sort_values("entered").groupby("opportunity_id")["stage"].last().astype(str)
        counts = last.value_counts().to_dict()
    signed = orders[(orders["booked"] >= first) & (orders["booked"] < ended)]
    waiting = complaints[(complaints["opened"] < ended) & ~(complaints["answered"] < ended)]
    long_ago = pd.Timestamp(workdays[max(place - LATE_DAYS, 0)])
    today = tables["rep_days"]
    today = today[today["day"] == begun] if len(today) else today
    backlog = dict(zip(today["rep_id"].astype(str), today["backlog"].fillna(0).astype(int), strict=True))
    return Day(
        day=day,
        leads=int(((deals["created"] >= begun) & (deals["created"] < ended)).sum()),
        leads_so_far=int(((deals["created"] >= first) & (deals["created"] < ended)).sum()),
        open=tuple(int(counts.get(name, 0)) for name in stages),
        orders=int((signed["booked"] >= begun).sum()),
        orders_so_far=len(signed),
        booked=float(signed["value"].sum()),
        plan=_plan(tables, workdays, place),
        backlog=tuple(int(backlog.get(rep, 0)) for rep in reps),
        complaints=len(waiting),
        late=int((waiting["opened"] < long_ago).sum()) if place >= LATE_DAYS else 0,
    )


def _plan(tables: Tables, workdays: Sequence[date], place: int) -> float | None:
    """Return what the reps' bookings targets ask for up to the end of a day.

    Two targets on the same bookings say the same thing twice: the quota that pay hangs on counts, else the weightiest.
    """
    targets = tables["targets"]
    mine = targets[(targets["kpi"] == "revenue_booked") & (targets["level"] == "person")]
    if mine.empty:
        return None
    weights = mine.groupby(mine["name"].astype(str))["weight"].max().fillna(0.0)
    mine = mine[mine["name"] == (QUOTA if QUOTA in weights.index else weights.idxmax())]
    total, known = 0.0, tables.meta.workdays
    for period, value in mine.groupby(["period_start", "period_end"], observed=True)["target"].sum().items():
        start, end = cast("tuple[Any, Any]", period)
        held = [day for day in known if start.date() <= day < end.date()]
        done = [day for day in held if workdays[0] <= day <= workdays[place]]
        # A period may reach beyond the tables; of its days out there only the weekdays are known.
        outside = weekdays(start.date(), min(end.date(), known[0])) + weekdays(
            max(start.date(), known[-1] + timedelta(days=1)), end.date()
        )
        if held:
            total += float(value) * len(done) / (len(held) + outside)
    return total


def weekdays(start: date, end: date) -> int:
    """Return how many days from Monday to Friday lie in ``[start, end)``."""
    import numpy as np  # noqa: PLC0415

    return int(np.busday_count(start, end)) if start < end else 0


__all__ = ["LATE_DAYS", "WEEKS", "Day", "Film", "film"]
