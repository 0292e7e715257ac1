"""Where work waits and gets done: a desk with servers, a queue and a priority rule.

Departments are desks, and a rep is a desk with one server.  A desk never idles while work waits and never
drops a task once begun.  It is written with simpy callbacks, not one process per job: a job
costs a single event, which keeps a team-year fast (`kpisim bench`).
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from math import exp
from typing import TYPE_CHECKING, Any

from simpy.events import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simpy import Environment

    from kpisim.scenario.pressure import Pressure
    from kpisim.scenario.workload import Policy, TimeBox

    Grade = Callable[[Any, float], float]


class Due(Event):
    """An event that happens after `delay` and calls one function: a simpy `Timeout` without what is not needed."""

    def __init__(self, env: Environment, delay: float, act: Callable[[Event], None], value: Any = None) -> None:
        self.env = env
        self.callbacks = [act]
        self._value = value
        self._ok = True
        env.schedule(self, 1, delay)


class Job:
    """Something to be done at a desk.

    Attributes
    ----------
    hours
        Hours of work.
    done
        Called with the job when it is finished.
    created, started, finished
        Simulated hours; NaN while it has not happened.
    """

    __slots__ = ("created", "done", "finished", "hours", "started")

    def __init__(self, hours: float, done: Callable[[Any], None]) -> None:
        self.hours = hours
        self.done = done
        self.created = self.started = self.finished = _NAN


_NAN = float("nan")


class Desk:
    """Some servers and one queue.

    Parameters
    ----------
    env
        The simpy environment.
    servers
        How many jobs can be in work at the same time.

    Attributes
    ----------
    present
        Jobs waiting or in work, as of the desk's last look at the clock.
    area
        Integral of `present` over time up to that look, for time averages (Little's law).
    """

    __slots__ = ("_changed", "_coming", "_count", "_free", "_waiting", "_woken", "area", "env", "present", "servers")

    def __init__(self, env: Environment, servers: int = 1) -> None:
        self.env, self.servers = env, servers
        self._free = servers
        self._waiting: list[tuple[float, int, Any]] = []
        self._coming: list[tuple[float, Any]] = []
        self._woken = -1.0
        self._count = 0
        self.present = 0
        self.area = self._changed = 0.0

    def submit(self, job: Any) -> None:
        """Hand in a job now: it starts at once where a server is free, else it waits."""
        now = job.created = self.env.now
        if self._coming:
            self._take_in(now)  # who came earlier queues before
        self.area += self.present * (now - self._changed)
        self._changed = now
        self.present += 1
        if self._free:
            self._start(job, now)
        else:
            self._wait(job, now)

    def expect(self, jobs: list[tuple[float, Any]]) -> None:
        """Take jobs that will come in at known times, as pairs of time and job.

        While all servers are busy such a job costs no event of its own: it is taken into the queue, with its true
        time, when a server looks up next.  Only a desk with an idle server is woken for it.
        """
        self._coming += jobs
        self._coming.sort(key=_time, reverse=True)
        if self._free and self._coming:
            self._set_alarm()

    def look(self) -> int:
        """Bring the queue up to now and return the jobs present."""
        self._take_in(self.env.now)
        return self.present

    def _take_in(self, now: float) -> None:
        coming = self._coming
        if not coming or coming[-1][0] > now:
            return
        self.area += self.present * (now - self._changed)
        self._changed = now
        while coming and coming[-1][0] <= now:
            at, job = coming.pop()
            job.created = at
            self.area += now - at
            self.present += 1
            self._wait(job, at)

    def _set_alarm(self) -> None:
        at = self._coming[-1][0]
        if at != self._woken:
            self._woken = at
            Due(self.env, max(at - self.env.now, 0.0), self._wake)

    def _wake(self, _event: Event) -> None:
        now = self.env.now
        # Subtraction and addition may leave `now` a rounding error short of the time that was meant.
        if self._coming and self._coming[-1][0] == self._woken > now:
            self._coming[-1] = (now, self._coming[-1][1])
        self._take_in(now)
        while self._free and (job := self._next(now)) is not None:
            self._start(job, now)
        if self._free and self._coming:
            self._set_alarm()

    def grade(self, job: Any, now: float) -> float:  # noqa: ARG002  (desks with a policy look at both)
        """Return the priority of a waiting job: smaller goes first, equal ones in order of arrival."""
        return 0.0

    def service_time(self, job: Any) -> float:
        """Return how long the job will occupy a server."""
        hours: float = job.hours
        return hours

    def _wait(self, job: Any, now: float) -> None:
        self._count += 1
        heappush(self._waiting, (self.grade(job, now), self._count, job))

    def _next(self, now: float) -> Any:  # noqa: ARG002  (desks with time boxes look at the clock)
        return heappop(self._waiting)[2] if self._waiting else None

    def _start(self, job: Any, now: float) -> None:
        self._free -= 1
        job.started = now
        Due(self.env, self.service_time(job), self._finish, job)

    def _finish(self, event: Event) -> None:
        job = event._value  # noqa: SLF001  (the property checks a state that is certain here, at twice the cost)
        now = job.finished = self.env.now
        coming = self._coming
        if coming and coming[-1][0] <= now:
            self._take_in(now)
        self.area += self.present * (now - self._changed)
        self._changed = now
        self.present -= 1
        following = self._next(now)
        if following is not None:
            # The server goes straight on to the next job: this is the hot path of the whole model.
            following.started = now
            Due(self.env, self.service_time(following), self._finish, following)
        else:
            self._free += 1
            if coming:
                self._set_alarm()
        job.done(job)


def _time(item: tuple[float, Any]) -> float:
    return item[0]


# --- priority policies -------------------------------------------------------------------------------


def grader(policy: Policy, urgent_within: float) -> Grade | None:
    """Return the grading function of a priority policy; None means in order of arrival.

    Parameters
    ----------
    policy
        ``first_come``; ``urgent_first`` (due soon before the rest); ``important_first`` (four quadrants:
        important and urgent, important, urgent, neither); ``value_per_hour`` (the c-mu rule: value at stake by
        expected hours); ``easiest_first`` (fewest hours); ``deadline_first`` (earliest due date).
    urgent_within
        Hours before its due time from which a task is urgent.

    Notes
    -----
    Tasks are graded when they come in and again each morning, so what is important but not
    urgent becomes urgent if it is left long enough.
    """

    def quadrant(task: Task, now: float) -> float:
        if task.rank is not None:
            return task.rank
        return (0.0 if task.important else 2.0) + (0.0 if task.due - now <= urgent_within else 1.0)

    grades: dict[str, Grade] = {
        "urgent_first": lambda task, now: 0.0 if task.due - now <= urgent_within else 1.0,
        "important_first": quadrant,
        "value_per_hour": lambda task, _now: -task.value / task.expected,
        "easiest_first": lambda task, _now: task.hours,
        "deadline_first": lambda task, _now: task.due,
    }
    return grades.get(policy)


class Task(Job):
    """A rep's task.

    Attributes
    ----------
    kind
        Kind of work (selling, service, admin, complaint, training, review, outside).
    due, value, important
        What the priority rules look at; `value` in money (or cost per hour of waiting in queueing cases).
    expected
        Expected hours, known before the work is done.
    rank
        A fixed grade that overrides importance and urgency (queueing cases); None in the model.
    subject
        What it is about (an opportunity, a complaint, …).
    spent
        Hours the rep was occupied, interruptions counted.
    """

    __slots__ = ("due", "expected", "important", "kind", "rank", "rep", "spent", "subject", "value")

    def __init__(  # noqa: PLR0913  (a record: every caller gives all of it by position)
        self,
        kind: str,
        hours: float,
        done: Callable[[Any], None],
        due: float = 0.0,
        value: float = 0.0,
        important: bool = False,  # noqa: FBT001, FBT002
        expected: float = 1.0,
        subject: Any = None,
        rank: float | None = None,
    ) -> None:
        self.kind, self.hours, self.done = kind, hours, done
        self.due, self.value, self.important, self.expected = due, value, important, expected
        self.subject, self.rank = subject, rank
        self.created = self.started = self.finished = self.spent = _NAN
        self.rep = 0


class PriorityDesk(Desk):
    """A desk whose queue follows a priority policy, with time boxes and interruptions.

    Parameters
    ----------
    env
        The simpy environment.
    grade
        Grading function from `grader`.
    boxes
        Daily windows kept for one kind of work.
    hours_per_day
        Length of a working day, for the boxes.
    interrupted
        Maps hours of work to hours occupied (see `interruptions`); None for no interruptions.
    """

    __slots__ = ("_boxed", "_boxes", "_day", "_grade", "_interrupted")

    def __init__(  # noqa: PLR0913
        self,
        env: Environment,
        grade: Grade | None,
        *,
        servers: int = 1,
        boxes: tuple[TimeBox, ...] = (),
        hours_per_day: float = 8.0,
        interrupted: Callable[[float], float] | None = None,
    ) -> None:
        super().__init__(env, servers)
        self._day = hours_per_day
        self._boxed: dict[str, list[tuple[float, int, Any]]] = {}
        self.set_rules(grade, boxes, interrupted)

    def set_rules(
        self, grade: Grade | None, boxes: tuple[TimeBox, ...], interrupted: Callable[[float], float] | None
    ) -> None:
        """Take new rules; tasks that wait are sorted anew."""
        self._grade, self._interrupted = grade, interrupted
        self._boxes = [(box.start_hour, box.start_hour + box.hours, box.kind) for box in boxes]
        waiting = self._waiting + [item for queue in self._boxed.values() for item in queue]
        self._boxed = {kind: [] for _, _, kind in self._boxes}
        self._waiting = []
        for _, count, job in waiting:
            self._boxed.get(job.kind, self._waiting).append((0.0, count, job))
        self._sort()

    def regrade(self) -> None:
        """Grade all waiting tasks anew, as a rep does each morning."""
        self._take_in(self.env.now)
        if self._grade is not None:
            self._sort()

    def _sort(self) -> None:
        now, grade = self.env.now, self._grade
        for queue in (self._waiting, *self._boxed.values()):
            queue[:] = [(0.0 if grade is None else grade(job, now), count, job) for _, count, job in queue]
            heapify(queue)

    def service_time(self, job: Any) -> float:
        """Return the hours the task occupies the rep, interruptions counted."""
        interrupted = self._interrupted
        spent: float = job.hours if interrupted is None else interrupted(job.hours)
        job.spent = spent
        return spent

    def _wait(self, job: Any, now: float) -> None:
        self._count += 1
        queue = self._boxed.get(job.kind, self._waiting) if self._boxed else self._waiting
        grade = self._grade
        heappush(queue, (0.0 if grade is None else grade(job, now), self._count, job))

    def _next(self, now: float) -> Any:
        if not self._boxed:
            return heappop(self._waiting)[2] if self._waiting else None
        hour = now % self._day
        kept = next((kind for start, end, kind in self._boxes if start <= hour < end), None)
        if kept is not None and self._boxed[kept]:
            return heappop(self._boxed[kept])[2]
        filled = [queue for queue in (self._waiting, *self._boxed.values()) if queue]
        return heappop(min(filled, key=_front))[2] if filled else None


def _front(queue: list[tuple[float, int, Any]]) -> tuple[float, int]:
    return queue[0][:2]


def interruptions(pressure: Pressure, gaps: Iterator[float]) -> Callable[[float], float] | None:
    """Return the map from hours of work to hours occupied under interruptions.

    Parameters
    ----------
    pressure
        Rate, handling and resumption times, and whether an interrupted task is resumed or starts again.
    gaps
        Unit exponentials: the time between interruptions, in units of their mean.

    Notes
    -----
    Resume: ``S (1 + l (D + L))`` on average; restart: ``(exp(l S) - 1) (1 / l + D)``, where the time lost to
    redoing takes the place of the resumption lag.  Both are exact for Poisson interruptions.
    """
    rate = pressure.interruptions_per_hour
    if rate == 0:
        return None
    handling, lag = pressure.handling_minutes / 60, pressure.resumption_minutes / 60
    # What is left of the current gap is carried from task to task: interruptions do not know of tasks.
    left = next(gaps) / rate

    def resume(hours: float) -> float:
        nonlocal left
        if hours < left:
            left -= hours
            return hours
        spent, passed = hours, left
        while passed <= hours:
            spent += handling + lag
            passed += next(gaps) / rate
        left = passed - hours
        return spent

    def restart(hours: float) -> float:
        # Beyond this the expected number of tries passes 10^6: the task would in truth never be finished.
        limit = min(hours, 13.8 / rate)
        spent = 0.0
        while (gap := next(gaps) / rate) < limit:
            spent += gap + handling
        return spent + hours

    return resume if pressure.after_interruption == "resume" else restart


def expected_with_interruptions(hours: float, rate: float, handling: float, lag: float, mode: str) -> float:
    """Return the exact mean hours occupied by `hours` of work (all times in hours)."""
    if rate == 0:
        return hours
    if mode == "resume":
        return hours * (1 + rate * (handling + lag))
    return (exp(rate * hours) - 1) * (1 / rate + handling)
