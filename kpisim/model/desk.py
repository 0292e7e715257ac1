"""Where work waits and gets done: a desk with servers, a queue and a priority rule.

Departments are desks, and a rep is a desk with one server.  A desk never idles while work waits and never
drops a task once begun.

In order of arrival nothing overtakes, so a job's start and end are known when it comes in.  The desk writes them down
at once and asks simpy for an event only where something follows from the end.  Most work is quiet (nothing follows),
and a quiet job that comes in at a known time is not even looked at before somebody looks at the desk.  That is what
keeps a team-year fast (`kpisim bench`).  Under any other rule a later job may overtake, so the choice is made by an
event each time a server becomes free (`PriorityDesk`).
"""

from __future__ import annotations

from collections import deque
from heapq import heapify, heappop, heappush, heapreplace
from math import exp, inf
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from simpy.events import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simpy import Environment

    from kpisim.scenario.pressure import Pressure
    from kpisim.scenario.workload import Policy, TimeBox

    Grade = Callable[[Any, float], float]

_NAN = float("nan")
_time = itemgetter(0)


class Due(Event):
    """An event at a known time: what `Timeout` is for a delay.

    It enters simpy's calendar itself.  `Environment.schedule` would add a delay to the present, and
    ``now + (at - now)`` may miss `at` by a rounding error.
    """

    def __init__(
        self, env: Environment, at: float, callbacks: list[Callable[[Any], None]], value: Any = None
    ) -> None:
        self.env = env
        self.callbacks = callbacks
        self._value = value
        self._ok = True
        heappush(env._queue, (at, 1, next(env._eid), self))  # type: ignore[misc]  # noqa: SLF001


class Job:
    """Something to be done at a desk.

    Attributes
    ----------
    hours
        Hours of work.
    done
        Called with the job when it is finished; None where nothing follows (a quiet job).
    created, started, finished
        Simulated hours; NaN while it is not known.  The end of a quiet job is known when it starts, so it may lie in
        the future.
    """

    __slots__ = ("created", "done", "finished", "hours", "started")

    def __init__(self, hours: float, done: Callable[[Any], None] | None = None) -> None:
        self.hours = hours
        self.done = done
        self.created = self.started = self.finished = _NAN


class Desk:
    """Some servers and one queue, in order of arrival.

    Parameters
    ----------
    env
        The simpy environment.
    servers
        How many jobs can be in work at the same time.

    Attributes
    ----------
    until
        Nothing is begun from this time on: plans reach no further than the rules they rest on.
    """

    __slots__ = (
        "_all_told",
        "_area",
        "_coming",
        "_count",
        "_ends",
        "_free",
        "_met",
        "_quiet",
        "_since",
        "_waiting",
        "_woken",
        "env",
        "servers",
        "until",
    )

    def __init__(self, env: Environment, servers: int = 1) -> None:
        self.env, self.servers = env, servers
        self.until = inf
        self._free = [0.0] * servers  # a heap: when each server is through with what it was given
        self._waiting: list[tuple[float, int, Any]] = []
        self._coming: list[tuple[float, Any]] = []  # the next one last
        self._quiet = True  # every job that was announced is quiet
        self._all_told = True  # every job begun so far is not: each has an event at its end
        self._count = 0
        self._since = 0.0
        self._met = (_NAN, _NAN)
        self._woken = inf
        self._ends: list[float] = []
        self._area = 0.0

    def submit(self, job: Any) -> None:
        """Hand in a job now: it starts at once where a server is free, else it waits."""
        now = job.created = self.env._now  # noqa: SLF001  (the property costs a call)
        coming = self._coming
        if coming:
            self._catch_up(now)  # who came earlier queues before
            if coming and self._free[0] < now:
                self._meet(coming[-1][0])
        self._line_up(job, now)

    def expect(self, jobs: list[tuple[float, Any]], *, quiet: bool = False) -> None:
        """Take jobs that will come in at known times, as pairs of time and job; `quiet` if all of them are."""
        self._since = now = self.env._now  # noqa: SLF001
        if self._coming:
            self._catch_up(now)
        self._quiet = self._quiet and quiet
        self._coming += jobs
        self._coming.sort(key=_time, reverse=True)
        self._set_alarm()

    def look(self) -> int:
        """Bring the desk up to now and return the jobs present."""
        now = self.env.now
        self._catch_up(now)
        self._ends = [end for end in self._ends if end > now]
        return len(self._ends) + len(self._queued())

    @property
    def present(self) -> int:
        """Jobs waiting or in work now."""
        return self.look()

    @property
    def area(self) -> float:
        """Integral of `present` over time up to now, for time averages (Little's law)."""
        now = self.env.now
        self.look()
        ahead: float = sum(end - now for end in self._ends)
        queued: float = sum(now - job.created for _, _, job in self._queued())
        return self._area - ahead + queued

    def service_time(self, job: Any) -> float:
        """Return how long the job will occupy a server."""
        hours: float = job.hours
        return hours

    def _queued(self) -> list[tuple[float, int, Any]]:
        return self._waiting

    def _catch_up(self, now: float) -> None:
        """Work through what came in up to `now`, in order of arrival."""
        coming, free = self._coming, self._free
        while coming and coming[-1][0] <= now:
            at, job = coming.pop()
            met = at
            if free[0] < at or at == self._met[0]:
                met = self._since = self._meet(at)
            job.created = min(met, at)
            self._line_up(job, met)

    def _meet(self, at: float) -> float:
        """Return when an idle server turns to a job that comes in `at`.

        The desk waits for it from the moment it is idle, and that moment + delay may miss `at` by a rounding error; the
        result is remembered, since a job handed in meanwhile does not change what it waits for.
        """
        if at != self._met[0]:
            idle = max(self._free[0], self._since)
            self._met = (at, idle + (at - idle))
        return self._met[1]

    def _line_up(self, job: Any, now: float) -> None:
        """Plan a job that came in by `now`, after all that came before."""
        start = self._free[0]
        start = max(start, now)
        if start >= self.until or self._waiting:
            self._count += 1
            self._waiting.append((0.0, self._count, job))
            return
        # The hot path of the whole model.
        job.started = start
        end = start + self.service_time(job)
        heapreplace(self._free, end)
        self._ends.append(end)
        self._area += end - job.created
        if job.done is None:
            self._all_told = False
            job.finished = end
        else:
            Due(self.env, end, [self._finish], job)

    def _finish(self, event: Event) -> None:
        job: Any = event._value  # noqa: SLF001  (the property checks a state that is certain here, at twice the cost)
        job.finished = self.env._now  # noqa: SLF001
        if not self._quiet:
            self._catch_up(job.finished)
            self._set_alarm()
        job.done(job)

    def _set_alarm(self) -> None:
        """Wake the desk in time for the next job that comes in: it cannot end before it has begun."""
        if self._coming and not self._quiet:
            at = self._coming[-1][0]
            if self._free[0] > at:
                if self._all_told:
                    return  # the end of a job in work wakes the desk early enough
                at = self._free[0]
            if at < self._woken:
                self._woken = at
                Due(self.env, at, [self._wake])

    def _wake(self, _event: Event) -> None:
        self._woken = inf
        self._catch_up(self.env.now)
        self._set_alarm()


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
        done: Callable[[Any], None] | None = None,
        due: float = 0.0,
        value: float = 0.0,
        *,
        important: bool = False,
        expected: float = 1.0,
        subject: Any = None,
        rank: float | None = None,
    ) -> None:
        self.kind, self.hours, self.done = kind, hours, done
        self.due, self.value, self.important, self.expected = due, value, important, expected
        self.subject, self.rank = subject, rank
        self.created = self.started = self.finished = self.spent = _NAN
        self.rep = 0


class QuietTask(Task):
    """A task that comes in at a known time and that nothing follows from; most tasks are of this kind.

    Parameters
    ----------
    kind, hours, due, value, expected
        As in `Task`.
    rep
        Whose task it is.
    created
        When it comes in.
    """

    __slots__ = ()

    done, important, rank = None, False, None

    # It sets every slot itself, without the call of `Task`, and what is the same for all stands above: most tasks of a
    # run are made here.
    def __init__(
        self, kind: str, hours: float, created: float, due: float, value: float, expected: float, rep: Any
    ) -> None:
        self.kind, self.hours, self.due, self.value, self.expected = kind, hours, due, value, expected
        self.subject, self.rep = rep, rep.index
        self.created = created
        self.started = self.finished = self.spent = _NAN


class PriorityDesk(Desk):
    """A desk whose queue follows a priority policy, with time boxes and interruptions.

    Parameters
    ----------
    env
        The simpy environment.
    grade
        Grading function from `grader`; None for order of arrival.
    boxes
        Daily windows kept for one kind of work.
    hours_per_day
        Length of a working day, for the boxes.
    interrupted
        Maps hours of work to hours occupied (see `interruptions`); None for no interruptions.
    """

    __slots__ = ("_boxed", "_boxes", "_day", "_grade", "_graded", "_interrupted", "_quietly")

    def __init__(
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
        self._graded = False
        self._quietly: deque[Any] = deque()
        self._boxed: dict[str, list[tuple[float, int, Any]]] = {}
        self.set_rules(grade, boxes, interrupted)

    def set_rules(
        self,
        grade: Grade | None,
        boxes: tuple[TimeBox, ...],
        interrupted: Callable[[float], float] | None,
        until: float = inf,
    ) -> None:
        """Take new rules, which hold up to `until`; tasks that wait are sorted anew."""
        now = self.env.now
        self._catch_up(now)
        waiting = self._queued()
        self._grade, self._interrupted, self.until = grade, interrupted, until
        self._boxes = [(box.start_hour, box.start_hour + box.hours, box.kind) for box in boxes]
        self._boxed = {kind: [] for _, _, kind in self._boxes}
        self._waiting = []
        self._graded = grade is not None or bool(boxes)
        if self._graded:
            for _, count, job in waiting:
                self._boxed.get(job.kind, self._waiting).append((0.0, count, job))
            self._sort()
            for end in self._free:
                if end > now:
                    Due(self.env, end, [self._look_up])
        else:
            for _, _, job in sorted(waiting, key=_number):
                self._line_up(job, now)

    def regrade(self) -> None:
        """Grade all waiting tasks anew, as a rep does each morning."""
        self._catch_up(self.env._now)  # noqa: SLF001
        if self._grade is not None:
            self._sort()

    def service_time(self, job: Any) -> float:
        """Return the hours the task occupies the rep, interruptions counted."""
        interrupted = self._interrupted
        spent: float = job.hours if interrupted is None else interrupted(job.hours)
        job.spent = spent
        if job.done is None:
            self._quietly.append(job)
        return spent

    def finished_quietly(self) -> list[Any]:
        """Return the quiet tasks finished up to now that were not returned before (of a desk with one server)."""
        now, quietly = self.env._now, self._quietly  # noqa: SLF001
        self._catch_up(now)
        found = []
        while quietly:
            job = quietly[0]
            if job.finished > now:
                break
            found.append(job)
            quietly.popleft()
        return found

    def _queued(self) -> list[tuple[float, int, Any]]:
        return self._waiting + [item for queue in self._boxed.values() for item in queue]

    # --- where a later job may overtake: one choice each time a server becomes free ---

    def submit(self, job: Any) -> None:
        """Hand in a task now."""
        if not self._graded:
            super().submit(job)
            return
        now = job.created = self.env.now
        self._catch_up(now)  # who came earlier queues before
        if self._free[0] <= now:
            self._begin(job, now)
        else:
            self._wait(job, now)

    def _catch_up(self, now: float) -> None:
        coming = self._coming
        if not coming or coming[-1][0] > now:
            return
        if not self._graded:
            if self.servers == 1 and not self._waiting:
                self._work_through(now)
            super()._catch_up(now)
            return
        while coming and coming[-1][0] <= now:
            at, job = coming.pop()
            job.created = at
            self._wait(job, at)

    def _work_through(self, now: float) -> None:
        """Do what `Desk._catch_up` does, for one server and as long as nothing has to wait for new rules.

        Two tasks of three take this way: it is one loop without a call for each of them.
        """
        coming = self._coming
        interrupted, until = self._interrupted, self.until
        ends, quietly = self._ends, self._quietly
        free, area, all_told = self._free[0], self._area, self._all_told
        since, (meets, then) = self._since, self._met
        while coming:
            at, job = coming[-1]
            if at > now:
                break
            met = at
            if free < at or at == meets:
                if at != meets:  # as in `_meet`
                    idle = free if free > since else since  # noqa: FURB136  (max() is a call)
                    meets, then = at, idle + (at - idle)
                met = since = then
            start = free if free > met else met  # noqa: FURB136
            if start >= until:
                break
            coming.pop()
            job.created = created = met if met < at else at  # noqa: FURB136
            job.started = start
            job.spent = spent = job.hours if interrupted is None else interrupted(job.hours)
            free = start + spent
            ends.append(free)
            area += free - created
            if job.done is None:
                all_told = False
                job.finished = free
                quietly.append(job)
            else:
                Due(self.env, free, [self._finish], job)
        self._free[0], self._area, self._all_told = free, area, all_told
        self._since, self._met = since, (meets, then)

    def _set_alarm(self) -> None:
        if not self._graded:
            super()._set_alarm()
        elif self._coming and self._free[0] <= self.env.now:
            at, job = self._coming[-1]
            if at != self._met[0]:
                self._since = self.env.now
                wake = self._meet(at)
                if wake < at:
                    self._coming[-1] = (wake, job)
                    self._met = (wake, wake)
                Due(self.env, wake, [self._look_up])

    def _look_up(self, _event: Event) -> None:
        """Let every free server choose what to do next."""
        if not self._graded:
            return  # the rules have changed since
        now = self.env._now  # noqa: SLF001
        self._catch_up(now)
        while self._free[0] <= now and (job := self._next(now)) is not None:
            self._begin(job, now)
        self._set_alarm()

    def _begin(self, job: Any, now: float) -> None:
        job.started = now
        end = now + self.service_time(job)
        heapreplace(self._free, end)
        self._ends.append(end)
        self._area += end - job.created
        if job.done is None:
            job.finished = end
            Due(self.env, end, [self._look_up])
        else:
            # The server looks up first; only then the others hear that the job is done.
            Due(self.env, end, [self._look_up, self._finish], job)

    def _sort(self) -> None:
        now, grade = self.env.now, self._grade
        for queue in (self._waiting, *self._boxed.values()):
            queue[:] = [(0.0 if grade is None else grade(job, now), count, job) for _, count, job in queue]
            heapify(queue)

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


_number = itemgetter(1)


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
