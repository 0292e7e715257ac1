"""Queueing theorems, played on the model's own desks."""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING, Any

import numpy as np
from simpy import Environment

from kpisim.evidence.case import Row, held, positive
from kpisim.model.departments import FeedbackDesk, Request
from kpisim.model.desk import (
    Desk,
    Job,
    PriorityDesk,
    Task,
    expected_with_interruptions,
    grader,
    interruptions,
)
from kpisim.model.streams import Streams
from kpisim.scenario.pressure import Pressure
from kpisim.text import Text, UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

BATCHES = 20
WARM = 0.05
"""Share of the run that is not counted while the queue fills."""


def _ignore(_job: Any) -> None:
    """Nothing follows from a finished job in these cases."""


def _batched(values: np.ndarray) -> tuple[float, float]:
    """Return mean and standard error from batch means, which allow for waits being alike in a row."""
    usable = len(values) // BATCHES * BATCHES
    means = values[len(values) - usable :].reshape(BATCHES, -1).mean(axis=1)
    return float(means.mean()), float(means.std(ddof=1) / BATCHES**0.5)


def _times(streams: Streams, name: str, rate: float, until: float) -> np.ndarray:
    """Return Poisson arrival times up to `until`."""
    count = int(rate * until + 6 * (rate * until) ** 0.5 + 10)
    times = np.cumsum(streams.generator(name).standard_exponential(count)) / rate
    return times[times < until]


def _play(desk: Desk, jobs: Sequence[tuple[float, Any]], until: float) -> None:
    desk.expect(list(jobs))
    desk.env.run(until=until)


def mmc_wait(servers: int = 5, load: float = 0.8, customers: int = 400_000, *, seed: int = 1) -> list[Row]:
    """M/M/c: Poisson arrivals, exponential service with mean 1, `servers` at one desk.

    Parameters
    ----------
    servers
        Number of servers, 1 or more.
    load
        Utilisation, above 0 and below 1.
    customers
        Length of the run.
    seed
        Seed.
    """
    if not 0 < load < 1:
        raise UserError("{name}: {value} is outside 0 to 1; give a share in between", name="load", value=load)
    if servers < 1:
        raise UserError(
            "{path}: {value} is below {limit}; give {limit} or more", path="servers", value=servers, limit=1
        )
    streams = Streams(seed, 0)
    rate = servers * load
    until = customers / rate
    env = Environment()
    desk = Desk(env, servers)
    times = _times(streams, "arrivals", rate, until)
    services = streams.generator("service").standard_exponential(len(times))
    jobs = [Job(hours, _ignore) for hours in services.tolist()]
    _play(desk, list(zip(times.tolist(), jobs, strict=True)), until)
    waits = np.array([job.started - job.created for job in jobs])
    waits = waits[int(WARM * len(waits)) :]
    waits = waits[~np.isnan(waits)]
    mean, error = _batched(waits)
    waited, waited_error = _batched((waits > 0).astype(float))
    offered = servers * load
    top = offered**servers / factorial(servers) / (1 - load)
    chance = top / (sum(offered**k / factorial(k) for k in range(servers)) + top)
    return [
        held("P(wait)", waited, chance, waited_error),
        held("mean wait [service times]", mean, chance / (servers - offered), error),
    ]


def priority_queue(
    rates: Sequence[float] = (0.2, 0.3, 0.6, 0.5),
    means: Sequence[float] = (1.0, 0.8, 0.4, 0.3),
    policy: str = "important_first",
    values: Sequence[float] | None = None,
    hours: float = 400_000.0,
    *,
    seed: int = 1,
) -> list[Row]:
    """Non-preemptive priority queue on a rep's desk: one row a class, highest priority first, then the totals.

    Parameters
    ----------
    rates
        Arrivals per hour by class, highest priority first.
    means
        Mean hours of a task by class (exponential).
    policy
        ``important_first`` (classes in the order given), ``value_per_hour`` (classes by value ÷ mean hours, then
        listed in that order) or ``first_come``.
    values
        Cost of an hour of waiting by class, for ``value_per_hour`` and for the total cost (default: all 1).
    hours
        Length of the run.
    seed
        Seed.

    Notes
    -----
    Cobham (1954): ``W_k = R / ((1 - s_{k-1})(1 - s_k))`` with ``R = sum λ_i E[S_i²] / 2``; conservation:
    ``sum ρ_i W_i = ρ R / (1 - ρ)`` under every order.
    """
    rates, means = positive("rates", list(rates)), positive("means", list(means))
    costs = positive("values", list(values)) if values is not None else [1.0] * len(rates)
    if not len(rates) == len(means) == len(costs):
        raise UserError(
            "{path}: {rule}",
            path="rates, means, values",
            rule=Text("the lists differ in length; give one number per class in each"),
        )
    if policy not in {"important_first", "value_per_hour", "first_come"}:
        raise UserError(
            "policy: {value} has no formula here; give important_first, value_per_hour or first_come",
            value=policy,
        )
    if policy == "value_per_hour":
        order = sorted(range(len(rates)), key=lambda k: -costs[k] / means[k])
        rates, means, costs = ([column[k] for k in order] for column in (rates, means, costs))
    loads = [rate * mean for rate, mean in zip(rates, means, strict=True)]
    rho = sum(loads)
    if rho >= 1:
        raise UserError(
            "rates: the load is {value}, the queue grows for ever; keep rates × means below 1",
            value=f"{rho:.2f}",
        )
    tasks, desk = _play_classes(rates, means, costs, policy, hours, seed)
    residual = sum(rate * mean * mean for rate, mean in zip(rates, means, strict=True))
    exact = _cobham(loads, residual) if policy != "first_come" else [residual / (1 - rho)] * len(rates)
    rows, waits, errors = [], [], []
    for number, (reference, mine) in enumerate(zip(exact, tasks, strict=True), start=1):
        mean, error = _batched(mine)
        waits.append(mean)
        errors.append(error)
        rows.append(held(f"wait of class {number} [h]", mean, reference, error, tolerance=0.04))
    sum_rho = sum(load * wait for load, wait in zip(loads, waits, strict=True))
    error = sum((load * e) ** 2 for load, e in zip(loads, errors, strict=True)) ** 0.5
    rows.append(
        held(
            "conservation: sum of load × wait [h]", sum_rho, rho * residual / (1 - rho), error, tolerance=0.04
        )
    )
    spent = sum(c * r * w for c, r, w in zip(costs, rates, waits, strict=True))
    exact_cost = sum(c * r * w for c, r, w in zip(costs, rates, exact, strict=True))
    error = sum((c * r * e) ** 2 for c, r, e in zip(costs, rates, errors, strict=True)) ** 0.5
    rows.append(held("waiting cost per hour", spent, exact_cost, error, tolerance=0.04))
    in_system = sum(r * (w + m) for r, w, m in zip(rates, waits, means, strict=True))
    rows.append(held("Little: tasks present, time average", desk.area / hours, in_system, tolerance=0.02))
    return rows


def _play_classes(
    rates: list[float], means: list[float], costs: list[float], policy: str, hours: float, seed: int
) -> tuple[list[np.ndarray], PriorityDesk]:
    streams = Streams(seed, 0)
    env = Environment()
    desk = PriorityDesk(env, grader(policy, 0.0))  # type: ignore[arg-type]
    arrivals: list[tuple[float, Any]] = []
    classes: list[list[Task]] = []
    for number, (rate, mean, cost) in enumerate(zip(rates, means, costs, strict=True)):
        times = _times(streams, f"arrivals.{number}", rate, hours)
        lengths = mean * streams.generator(f"service.{number}").standard_exponential(len(times))
        mine = [
            Task("selling", length, _ignore, value=cost, expected=mean, rank=float(number))
            for length in lengths.tolist()
        ]
        classes.append(mine)
        arrivals += zip(times.tolist(), mine, strict=True)
    _play(desk, arrivals, hours)
    waits = []
    for mine in classes:
        late = np.array([task.started - task.created for task in mine if task.created > WARM * hours])
        waits.append(late[~np.isnan(late)])
    return waits, desk


def _cobham(loads: list[float], residual: float) -> list[float]:
    waits, before = [], 0.0
    for load in loads:
        after = before + load
        waits.append(residual / ((1 - before) * (1 - after)))
        before = after
    return waits


def c_mu(hours: float = 900_000.0, *, seed: int = 1) -> list[Row]:
    """Big deal against quick quote: what an hour of waiting costs under three rules.

    Parameters
    ----------
    hours
        Length of each run.
    seed
        Seed.

    Notes
    -----
    Big deals: 0.1 per hour, 4 h each, 20 per hour of waiting; quotes: 0.8 per hour, 0.5 h, 5 per hour.  "Important
    first" costs 66 per hour, first come 54, value per hour (c-mu) 42: important first is wrong when it ignores duration.
    """
    rows = []
    for policy in ("important_first", "first_come", "value_per_hour"):
        case = priority_queue((0.1, 0.8), (4.0, 0.5), policy, (20.0, 5.0), hours, seed=seed)
        cost = next(row for row in case if row.metric == "waiting cost per hour")
        rows.append(
            Row(
                f"{cost.metric}, {policy}",
                cost.simulated,
                cost.low,
                cost.high,
                cost.reference,
                cost.band,
                cost.verdict,
            )
        )
    return rows


def rework_queue(
    arrivals: float = 0.7,
    service: float = 1.0,
    wrong: Sequence[float] = (0.188, 0.245),
    jobs: int = 1_500_000,
    *,
    seed: int = 1,
) -> list[Row]:
    """A desk whose work comes back: exponential service, each round wrong with some chance.

    Parameters
    ----------
    arrivals
        Requests per hour.
    service
        Rounds per hour that the desk can do.
    wrong
        Chances that a round must be done again; one row each.
    jobs
        Requests per run.
    seed
        Seed.

    Notes
    -----
    Bernoulli feedback: time in system ``W = 1 / ((1 - p) μ - λ)``.
    """
    rows = []
    for chance in wrong:
        if (1 - chance) * service <= arrivals:
            raise UserError(
                "wrong: with {value} the queue grows for ever; keep (1 - wrong) × service above arrivals",
                value=chance,
            )
        streams = Streams(seed, 0)
        env = Environment()
        lots = streams.sequence("wrong", "uniform")
        lengths = streams.sequence("service", "exponential")

        class FreshLengths(Desk):
            """Each round takes a new time, as the formula has it."""

            __slots__ = ()

            def service_time(self, job: Any) -> float:  # noqa: ARG002
                return next(lengths) / service  # noqa: B023

        desk = FeedbackDesk(FreshLengths(env), lambda _request: next(lots) < chance)  # noqa: B023
        until = jobs / arrivals
        times = _times(streams, "arrivals", arrivals, until)
        requests = [Request(0.0, desk.finished, 0, None, _ignore) for _ in times]  # type: ignore[arg-type]
        sojourns = _first_arrivals(env, desk, times, requests, until)
        mean, error = _batched(sojourns)
        rows.append(
            held(
                f"time in system at {chance:.1%} wrong [h]",
                mean,
                1 / ((1 - chance) * service - arrivals),
                error,
                tolerance=0.05,
            )
        )
    return rows


def _first_arrivals(
    env: Environment, desk: FeedbackDesk, times: np.ndarray, requests: list[Request], until: float
) -> np.ndarray:
    for at, request in zip(times.tolist(), requests, strict=True):
        request.sent = at
    desk.desk.expect(list(zip(times.tolist(), requests, strict=True)))
    env.run(until=until)
    late = np.array([request.right - request.sent for request in requests if request.sent > WARM * until])
    return np.asarray(late[~np.isnan(late)])


def juggling(deals: Sequence[int] = (2, 5, 10), slices: int = 400, *, seed: int = 1) -> list[Row]:  # noqa: ARG001
    """One rep, N open deals of equal size: one after the other against all at once in small slices.

    Parameters
    ----------
    deals
        Numbers of deals; one row each.
    slices
        Pieces each deal is cut into when all are worked on at once.
    seed
        Not used: nothing is random.

    Notes
    -----
    Mean finish ``(N + 1) / 2`` against N: ratio ``2N / (N + 1)``.
    """
    rows = []
    for n in deals:
        finish = {}
        for rule, order in (
            ("in turn", [deal for deal in range(n) for _ in range(slices)]),
            ("at once", [deal for _ in range(slices) for deal in range(n)]),
        ):
            env = Environment()
            desk = PriorityDesk(env, None)
            tasks = [Task("selling", 1.0 / slices, _ignore, subject=deal) for deal in order]
            for task in tasks:
                desk.submit(task)
            env.run()
            last = {task.subject: task.finished for task in tasks}
            finish[rule] = float(np.mean(list(last.values())))
        rows.append(
            held(
                f"mean finish at once ÷ in turn, {n} deals",
                finish["at once"] / finish["in turn"],
                2 * n / (n + 1),
            )
        )
    return rows


def interruption_times(
    hours: float = 1.0,
    per_hour: float = 2.0,
    handling_minutes: float = 5.0,
    resumption_minutes: float = 10.0,
    tasks: int = 200_000,
    *,
    seed: int = 1,
) -> list[Row]:
    """A task under interruptions: taken up where it stopped, or started again.

    Parameters
    ----------
    hours
        Hours of work.
    per_hour
        Interruptions per working hour.
    handling_minutes, resumption_minutes
        Time to handle one, and to find back (the latter only when the task is resumed).
    tasks
        Tasks per run.
    seed
        Seed.
    """
    rows = []
    for mode in ("resume", "restart"):
        pressure = Pressure(
            interruptions_per_hour=per_hour,
            handling_minutes=handling_minutes,
            resumption_minutes=resumption_minutes,
            after_interruption=mode,
        )
        env = Environment()
        gaps = Streams(seed, 0).sequence("gaps", "exponential")
        desk = PriorityDesk(env, None, interrupted=interruptions(pressure, gaps))
        jobs = [Task("selling", hours, _ignore) for _ in range(tasks)]
        _submit_one_by_one(env, desk, jobs)
        mean, error = _batched(np.array([job.finished - job.started for job in jobs]))
        reference = expected_with_interruptions(
            hours, per_hour, handling_minutes / 60, resumption_minutes / 60, mode
        )
        rows.append(held(f"hours to finish, {mode}", mean, reference, error, tolerance=0.03))
    return rows


def time_lost(per_hour: float, minutes: float, tasks: int, seed: int) -> tuple[float, float]:
    """Return the share of time lost where work stops so many times an hour and each stop costs so much, and its error.

    Parameters
    ----------
    per_hour
        Interruptions per working hour.
    minutes
        Cost of each, handling and finding back.
    tasks
        Tasks of one hour played on the desk.
    seed
        Seed.
    """
    pressure = Pressure(interruptions_per_hour=per_hour, handling_minutes=0.0, resumption_minutes=minutes)
    env = Environment()
    gaps = Streams(seed, 0).sequence("gaps", "exponential")
    desk = PriorityDesk(env, None, interrupted=interruptions(pressure, gaps))
    jobs = [Task("selling", 1.0, _ignore) for _ in range(tasks)]
    _submit_one_by_one(env, desk, jobs)
    mean, error = _batched(np.array([job.finished - job.started for job in jobs]))
    return 1.0 - 1.0 / mean, error / mean**2


def _submit_one_by_one(env: Environment, desk: Desk, jobs: list[Any]) -> None:
    for job in jobs:
        desk.submit(job)
    env.run()


def sharing(
    cv2: Sequence[float] = (0.0, 0.25, 1.0, 4.0), load: float = 0.8, tasks: int = 300_000, *, seed: int = 1
) -> list[Row]:
    """First come, first served against working on everything at once: it depends on how unlike tasks are.

    Parameters
    ----------
    cv2
        Squared coefficients of variation of task hours (gamma); one row each.
    load
        Utilisation.
    tasks
        Tasks per run.
    seed
        Seed.

    Notes
    -----
    Time in system under first come ``1 + ρ(1 + cv²) / (2(1 - ρ))``; under processor sharing ``1/(1 - ρ)`` whatever cv.
    """
    rows = []
    for spread in cv2:
        streams = Streams(seed, 0)
        until = tasks / load
        times = _times(streams, "arrivals", load, until)
        draw = streams.generator("service")
        lengths = np.ones(len(times)) if spread == 0 else draw.gamma(1 / spread, spread, len(times))
        env = Environment()
        desk = PriorityDesk(env, None)
        jobs = [Task("selling", length, _ignore) for length in lengths.tolist()]
        _play(desk, list(zip(times.tolist(), jobs, strict=True)), until)
        stay = np.array([job.finished - job.created for job in jobs if job.created > WARM * until])
        mean, error = _batched(stay[~np.isnan(stay)])
        rows.append(
            held(
                f"time in system, cv² = {spread:g}",
                mean,
                1 + load * (1 + spread) / (2 * (1 - load)),
                error,
                tolerance=0.04,
            )
        )
    return rows
