"""From what the model kept to tables: frames are built once, at the end, column by column."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim.tables import TABLES, Meta, Tables
from kpisim.tables.schema import DTYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from kpisim.model.clock import Clock, Span
    from kpisim.model.world import World


def tables(world: World) -> Tables:
    """Build all tables of a finished run.

    Rows of the warm-up stay in as history; the window in `Tables.meta` begins after it.
    """
    clock, calendar = world.clock, world.scenario.calendar
    meta = Meta(
        start=calendar.start,
        end=clock.end,
        hours_per_day=clock.hours,
        workdays=tuple(clock.days[clock.warm_days :]),
        currency=world.scenario.currency,
        source="simulated",
        fiscal_year_start=calendar.fiscal_year_start,
    )
    tasks = _Tasks(world)
    frames = {
        "reps": _reps(world),
        "opportunities": _opportunities(world),
        "stage_changes": _stage_changes(world),
        "orders": _orders(world),
        "collections": _collections(world),
        "accounts": _accounts(world),
        "complaints": _complaints(world),
        "surveys": _surveys(world),
        "tasks": tasks.frame(),
        "requests": _requests(world),
        "trainings": _trainings(world),
        "pay": _pay(world),
        "targets": _targets(world),
        "rep_days": tasks.days(),
    }
    return Tables(meta, frames)


# --- small tools --------------------------------------------------------------------------------------


def _names(prefix: str, numbers: Sequence[int] | NDArray[np.int64], width: int) -> Any:
    """Return ``prefix`` + number as a string column; a negative number becomes a missing value."""
    import pyarrow as pa  # noqa: PLC0415

    dtype: Any = pd.StringDtype(na_value=np.nan)
    if isinstance(numbers, range) and numbers.start == 0:
        return dtype.__from_arrow__(pa.chunked_array([_written(prefix, width, len(numbers))[: len(numbers)]]))
    values = np.asarray(numbers, dtype=np.int64)
    most = int(values.max(initial=-1)) + 1
    text = _written(prefix, width, most).take(pa.array(values, mask=values < 0))
    return dtype.__from_arrow__(pa.chunked_array([text]))


def _written(prefix: str, width: int, least: int) -> Any:
    """Return the names of at least the numbers 0 to `least` - 1."""
    # A run has the names of the run before, so they are written once; a power of two, or each run would write a few more.
    return _names_up_to(prefix, width, 1 << max(least - 1, 63).bit_length())


@lru_cache(maxsize=32)
def _names_up_to(prefix: str, width: int, count: int) -> Any:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.compute as pc  # noqa: PLC0415

    digits = pc.utf8_lpad(pa.array(np.arange(count)).cast(pa.string()), width, "0")
    return pc.binary_join_element_wise(pa.scalar(prefix), digits, "")


def _category(codes: Sequence[int] | NDArray[np.int64], values: Sequence[str]) -> pd.Categorical:
    return pd.Categorical.from_codes(
        np.asarray(codes, dtype=np.int64), categories=pd.Index(list(values), dtype="str")
    )


def _labels(values: Sequence[str]) -> pd.Categorical:
    """Return a category column from labels; an empty label becomes missing."""
    labels = sorted(set(values) - {""})
    known = {label: code for code, label in enumerate(labels)} | {"": -1}
    return _category([known[value] for value in values], labels)


def _flags(values: Sequence[bool] | NDArray[np.bool_]) -> Any:
    return pd.array(np.asarray(values, dtype=bool), dtype="boolean")


def _counts(values: Sequence[int] | NDArray[np.int64]) -> Any:
    return pd.array(np.asarray(values, dtype=np.int64), dtype="Int64")


def _frame(name: str, columns: dict[str, Any]) -> pd.DataFrame:
    """Return a frame with the columns of the schema in its order; what is not given is empty."""
    length = len(next(iter(columns.values())))
    ordered = {
        column.name: columns[column.name]
        if column.name in columns
        else pd.Series(dtype=DTYPES[column.kind], index=range(length))
        for column in TABLES[name].columns
    }
    return pd.DataFrame(ordered, copy=False)


def _stamps(clock: Clock, hours: Sequence[float]) -> NDArray[Any]:
    return clock.stamp(np.asarray(hours, dtype=float))


# --- tables -------------------------------------------------------------------------------------------


def _reps(world: World) -> pd.DataFrame:
    people, clock = world.people, world.clock
    hired = clock.stamp(np.array([person.hired for person in people], dtype=float))
    # Who was there at the start: the exact date is not known to the model.
    hired[: len(world.reps)] = np.datetime64(clock.begin, "us")
    columns = {
        "rep_id": _names("R", range(len(people)), 3),
        "team": pd.array(["team"] * len(people), dtype="str"),
        "hired": hired,
    }
    if len(people) > len(world.reps) or any(person.left == person.left for person in people):
        columns["left"] = _stamps(clock, [person.left for person in people])
    return _frame("reps", columns)


def _holders(world: World, seats: Any, hours: Sequence[float] | NDArray[np.float64]) -> Any:
    """Return the names of those who held places `seats` at `hours`; an empty place counts as its last holder's."""
    return _names("R", _held_by(world, seats, hours), 3)


def _held_by(world: World, seats: Any, hours: Any) -> Any:
    if len(world.people) == len(world.reps):
        return seats
    places = np.asarray(seats, dtype=np.int64)
    when = np.nan_to_num(np.asarray(hours, dtype=float), nan=0.0)
    found = places.copy()
    # Later holders overwrite earlier ones from the day they came.
    for number, person in enumerate(world.people[len(world.reps) :], start=len(world.reps)):
        found[(places == person.seat) & (when >= person.hired)] = number
    return found


def _opportunities(world: World) -> pd.DataFrame:
    items, clock = world.opportunities, world.clock
    stages = [stage.name for stage in world.scenario.market.stages]
    return _frame(
        "opportunities",
        {
            "opportunity_id": _names("P", range(len(items)), 6),
            "account_id": _names("A", [item.account.index for item in items], 6),
            "rep_id": _holders(world, [item.rep.index for item in items], [item.created for item in items]),
            "source": _labels([item.source for item in items]),
            "created": _stamps(clock, [item.created for item in items]),
            "closed": _stamps(clock, [item.closed for item in items]),
            "stage": _category([item.stage for item in items], stages),
            "status": _labels([item.status for item in items]),
            "value": [item.value for item in items],
            "discount": [item.discount for item in items],
            "existing": _flags([item.existing for item in items]),
            "reason": _labels([item.reason for item in items]),
        },
    )


def _stage_changes(world: World) -> pd.DataFrame:
    items = world.stage_changes
    stages = [stage.name for stage in world.scenario.market.stages]
    opportunities = [item[0] for item in items]
    reps = [world.opportunities[number].rep.index for number in opportunities]
    return _frame(
        "stage_changes",
        {
            "opportunity_id": _names("P", opportunities, 6),
            "stage": _category([item[1] for item in items], stages),
            "entered": _stamps(world.clock, [item[2] for item in items]),
            "rep_id": _holders(world, reps, [item[2] for item in items]),
        },
    )


def _orders(world: World) -> pd.DataFrame:
    items, clock = world.orders, world.clock
    delivered = _stamps(clock, [item.delivered for item in items])
    value = np.array([item.value for item in items], dtype=float)
    margin = world.scenario.market.gross_margin
    price = np.array([item.opportunity.value for item in items], dtype=float)
    return _frame(
        "orders",
        {
            "order_id": _names("S", range(len(items)), 6),
            "account_id": _names("A", [item.account.index for item in items], 6),
            "rep_id": _holders(world, [item.rep.index for item in items], [item.booked for item in items]),
            "opportunity_id": _names("P", [item.opportunity.index for item in items], 6),
            "booked": _stamps(clock, [item.booked for item in items]),
            "delivered": delivered,
            "invoiced": delivered,
            "cancelled": _stamps(clock, [item.cancelled for item in items]),
            "value": value,
            # A discount does not make the goods cheaper to buy.
            "cost": np.round(price * (1.0 - margin), 2),
            "discount": [item.discount for item in items],
        },
    )


def _collections(world: World) -> pd.DataFrame:
    items = [item for item in world.orders if item.due == item.due]
    return _frame(
        "collections",
        {
            "order_id": _names("S", [item.index for item in items], 6),
            "account_id": _names("A", [item.account.index for item in items], 6),
            "rep_id": _holders(world, [item.rep.index for item in items], [item.booked for item in items]),
            "due": _due_stamps(world.clock, np.array([item.due for item in items], dtype=float)),
            "paid": _stamps(world.clock, [item.paid for item in items]),
            "amount": np.array([item.value for item in items], dtype=float),
        },
    )


def _due_stamps(clock: Clock, hours: NDArray[np.float64]) -> NDArray[Any]:
    """Return due dates; those beyond the horizon are counted on in calendar days."""
    last = len(clock.days) * clock.hours
    inside = clock.stamp(np.minimum(hours, last - 1e-9))
    beyond = np.maximum(hours - last, 0.0) / clock.hours * 7.0 / 5.0
    result: NDArray[Any] = inside + (beyond * 86_400_000_000).astype("timedelta64[us]")
    return result


def _accounts(world: World) -> pd.DataFrame:
    items, clock = world.accounts, world.clock
    since = np.array([item.since for item in items], dtype=float)
    first = clock.stamp(np.where(since < 0, np.nan, since))
    # Customers from before the first played day: the exact date is not known to the model.
    first[since < 0] = np.datetime64(clock.begin, "us") - np.timedelta64(1, "D")
    return _frame(
        "accounts",
        {
            "account_id": _names("A", range(len(items)), 6),
            "rep_id": _holders(world, [item.rep.index for item in items], [world.env.now] * len(items)),
            "since": first,
            "left": _stamps(clock, [item.left for item in items]),
            "satisfaction": np.where(np.isnan(since), np.nan, [item.satisfaction for item in items]),
        },
    )


def _complaints(world: World) -> pd.DataFrame:
    items, clock = world.complaints, world.clock
    return _frame(
        "complaints",
        {
            "complaint_id": _names("C", range(len(items)), 5),
            "account_id": _names("A", [item.order.account.index for item in items], 6),
            "order_id": _names("S", [item.order.index for item in items], 6),
            "rep_id": _holders(
                world, [item.order.rep.index for item in items], [item.opened for item in items]
            ),
            "opened": _stamps(clock, [item.opened for item in items]),
            "answered": _stamps(clock, [item.answered for item in items]),
            "handling": _labels([item.handling for item in items]),
        },
    )


def _surveys(world: World) -> pd.DataFrame:
    items = world.surveys
    return _frame(
        "surveys",
        {
            "survey_id": _names("F", range(len(items)), 6),
            "question": _labels([item[0] for item in items]),
            "account_id": _names("A", [item[1] for item in items], 6),
            "rep_id": _holders(world, [item[2] for item in items], [item[3] for item in items]),
            "answered": _stamps(world.clock, [item[3] for item in items]),
            "score": _counts([item[4] for item in items]),
        },
    )


def _requests(world: World) -> pd.DataFrame:
    items = world.requests
    plans = [plan.name for plan in world.scenario.communication.departments]
    return _frame(
        "requests",
        {
            "request_id": _names("Q", range(len(items)), 6),
            "department": _category([item.department for item in items], plans),
            "rep_id": _holders(world, [item.rep.index for item in items], [item.sent for item in items]),
            "opportunity_id": _names(
                "P", [-1 if item.opportunity is None else item.opportunity.index for item in items], 6
            ),
            "order_id": _names("S", [-1 if item.order is None else item.order.index for item in items], 6),
            "submitted": _stamps(world.clock, [item.sent for item in items]),
            "finished": _stamps(world.clock, [item.right for item in items]),
            "rounds": _counts([item.rounds for item in items]),
        },
    )


def _trainings(world: World) -> pd.DataFrame:
    items = world.trainings
    return _frame(
        "trainings",
        {
            "rep_id": _holders(world, [item[0] for item in items], [item[1] for item in items]),
            "held": _stamps(world.clock, [item[1] for item in items]),
            "hours": [item[2] for item in items],
        },
    )


def _pay(world: World) -> pd.DataFrame:
    rows = world.pay
    spans = [row["span"] for row in rows]
    columns: dict[str, Any] = {
        "rep_id": _names("R", [row["rep"] for row in rows], 3),
        "period_start": _midnights([span.start for span in spans]),
        "period_end": _midnights([span.end for span in spans]),
    }
    for column in TABLES["pay"].columns:
        if column.kind in {"money", "share"}:
            columns[column.name] = np.array([row[column.name] for row in rows], dtype=float)
    return _frame("pay", columns)


def _targets(world: World) -> pd.DataFrame:
    """Every target of the scheme and the quota of each rep, one row per period and person."""
    rows: list[tuple[str, str, str, int, Any, Any, float, float]] = []
    scheme = world.scenario.kpi
    for target in scheme.targets:
        for span in world.clock.spans(target.period):
            persons = _there_in(world, span) if target.level == "person" else (-1,)
            rows += [
                (
                    target.name,
                    target.kpi,
                    target.level,
                    rep,
                    span.start,
                    span.end,
                    target.target,
                    target.weight,
                )
                for rep in persons
            ]
    rows += [
        (
            "quota",
            "revenue_booked",
            "person",
            row["rep"],
            row["span"].start,
            row["span"].end,
            row["quota"],
            0.0,
        )
        for row in world.pay
    ]
    return _frame(
        "targets",
        {
            "name": pd.array([row[0] for row in rows], dtype="str"),
            "kpi": _labels([row[1] for row in rows]),
            "level": _labels([row[2] for row in rows]),
            "rep_id": _names("R", [row[3] for row in rows], 3),
            "period_start": _midnights([row[4] for row in rows]),
            "period_end": _midnights([row[5] for row in rows]),
            "target": np.array([row[6] for row in rows], dtype=float),
            "weight": np.array([row[7] for row in rows], dtype=float),
        },
    )


def _there_in(world: World, span: Span) -> list[int]:
    """Return who held a place at some time of `span`."""
    lo, hi = span.first * world.hours, span.last * world.hours
    return [
        number for number, person in enumerate(world.people) if person.hired < hi and not person.left <= lo
    ]


def _midnights(days: Sequence[Any]) -> NDArray[Any]:
    return np.array(days, dtype="datetime64[D]").astype("datetime64[us]")


class _Tasks:
    """The task table and what follows from it: hours and backlog by rep and day."""

    def __init__(self, world: World) -> None:
        self.world = world
        items = world.tasks

        def column(values: list[Any], dtype: type = float) -> NDArray[Any]:
            return np.fromiter(values, dtype, len(items))

        # Each name is written out: this is the longest table by far, and an attribute asked for by name takes half as long again.
        self.created = column([task.created for task in items])
        self.started = column([task.started for task in items])
        self.finished = column([task.finished for task in items])
        self.hours = column([task.hours for task in items])
        self.spent = column([task.spent for task in items])
        self.due = column([task.due for task in items])
        self.value = column([task.value for task in items])
        self.rep = column([task.rep for task in items], np.int64)
        self.important = column([task.important for task in items], bool)
        # A desk knows the end of a quiet task when it begins, so some ends lie beyond the horizon.
        self.finished[self.finished >= len(world.clock.days) * world.clock.hours] = np.nan

    def frame(self) -> pd.DataFrame:
        world = self.world
        items, clock = world.tasks, world.clock
        about = [task.subject.index if task.kind == "selling" else -1 for task in items]
        return _frame(
            "tasks",
            {
                "task_id": _names("T", range(len(items)), 6),
                "rep_id": _holders(world, self.rep, self.created),
                "kind": _labels([task.kind for task in items]),
                "created": clock.stamp(self.created),
                "due": _due_stamps(clock, self.due),
                "started": clock.stamp(self.started),
                "finished": clock.stamp(self.finished),
                "hours": self.hours,
                "spent": np.where(np.isnan(self.finished), np.nan, self.spent),
                "important": _flags(self.important),
                "value": self.value,
                "opportunity_id": _names("P", about, 6),
            },
        )

    def _available(self, size: int, days: int) -> NDArray[np.float64]:
        """Return the hours there are by place and day: none while a place is empty."""
        clock = self.world.clock
        there = np.full((size, days), clock.hours)
        coming: dict[int, int] = {}
        for person in reversed(self.world.people):
            if person.left == person.left:
                first = int(person.left / clock.hours)
                there[person.seat, first : coming.get(person.seat, days)] = 0.0
            coming[person.seat] = int(person.hired / clock.hours)
        return there

    def days(self) -> pd.DataFrame:
        """Return hours worked, work that came in, backlog and effort by rep and working day."""
        world, clock = self.world, self.world.clock
        days, size = len(clock.days), len(world.reps)
        edges = np.arange(1, days + 1, dtype=np.float64) * clock.hours
        worked = np.zeros((size, days))
        planned = np.zeros((size, days))
        backlog = np.zeros((size, days), dtype=np.int64)
        # Each place's tasks in the order they were given: one sort, not one search a place.
        order = np.argsort(self.rep, kind="stable")
        for rep, mine in enumerate(np.split(order, np.searchsorted(self.rep[order], np.arange(1, size)))):
            worked[rep] = _hours_by_day(self.started[mine], self.started[mine] + self.spent[mine], edges)
            came = np.minimum((self.created[mine] / clock.hours).astype(np.int64), days - 1)
            planned[rep] = np.bincount(came, weights=self.hours[mine], minlength=days)
            created, started = np.sort(self.created[mine]), np.sort(self.started[mine])
            backlog[rep] = np.searchsorted(created, edges, side="right") - np.searchsorted(
                started, edges, side="right"
            )
        effort = np.zeros((size, days))
        for rep, day, value in world.effort:
            effort[rep, day] = value
        opening = np.array(clock.days, dtype="datetime64[D]").astype("datetime64[us]")
        return _frame(
            "rep_days",
            {
                "rep_id": _holders(world, np.repeat(np.arange(size), days), np.tile(edges, size) - 1e-9),
                "day": np.tile(opening, size),
                "available": self._available(size, days).ravel(),
                "worked": worked.ravel(),
                "planned": planned.ravel(),
                "backlog": _counts(backlog.ravel()),
                "effort": effort.ravel(),
            },
        )


def _hours_by_day(
    start: NDArray[np.float64], end: NDArray[np.float64], edges: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Split disjoint busy intervals over the days that end at `edges`."""
    begun = ~np.isnan(start)
    order = np.argsort(start[begun])
    a, b = start[begun][order], end[begun][order]
    total = np.concatenate([[0.0], np.cumsum(b - a)])
    number = np.searchsorted(a, edges, side="left")
    # Busy time up to an edge: all intervals begun before it, less what the last of them still has to go.
    over = np.where(number > 0, np.maximum(b[np.maximum(number - 1, 0)] - edges, 0.0), 0.0) if len(a) else 0.0
    busy = total[number] - over
    return np.diff(busy, prepend=0.0)
