"""The same model on simpy as its tutorials write it: a process per job, PriorityResource, a draw per event.

It replaces only how the model waits, queues and draws.  The rules are the model's own, the inputs (scenario, seed,
streams) are the same, and so must be the tables; what differs is the time it takes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import simpy

from kpisim.model.streams import BLOCKS, Law, Streams
from kpisim.model.world import Kernel

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from kpisim.scenario.workload import TimeBox


class ResourceDesk:
    """A desk as a simpy resource; each job is a process of its own."""

    def __init__(self, env: simpy.Environment, servers: int = 1) -> None:
        self.env = env
        self.servers = servers
        self.resource = simpy.PriorityResource(env, capacity=servers)
        self.present = 0
        self.area = 0.0
        self._changed = 0.0
        self._quietly: list[Any] = []
        self._count = 0

    def submit(self, job: Any) -> None:
        """Hand in a job now."""
        job.created = self.env.now
        self._enter()
        self.env.process(self._serve(job))

    def expect(self, jobs: list[tuple[float, Any]], *, quiet: bool = False) -> None:  # noqa: ARG002
        """Hand in jobs at known times, a process each."""
        for at, job in jobs:
            self.env.process(self._arrive(at, job))

    def look(self) -> int:
        """Return the jobs present."""
        return self.present

    def grade(self, job: Any, now: float) -> float:  # noqa: ARG002
        """Return the priority of a job."""
        return 0.0

    def service_time(self, job: Any) -> float:
        """Return how long the job occupies a server."""
        hours: float = job.hours
        return hours

    def _enter(self) -> None:
        self._integrate()
        self.present += 1

    def _integrate(self) -> None:
        now = self.env.now
        self.area += self.present * (now - self._changed)
        self._changed = now

    def _arrive(self, at: float, job: Any) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(max(at - self.env.now, 0.0))
        job.created = at
        self._enter()
        yield from self._serve(job)

    def _serve(self, job: Any) -> Generator[simpy.Event, Any, None]:
        self._count += 1
        with self.resource.request(priority=(self.grade(job, self.env.now), self._count)) as turn:  # type: ignore[arg-type]
            yield turn
            job.started = self.env.now
            yield self.env.timeout(self.service_time(job))
            job.finished = self.env.now
            self._integrate()
            self.present -= 1
        if job.done is None:
            self._quietly.append(job)
        else:
            job.done(job)


class PolicyDesk(ResourceDesk):
    """A rep's desk: priorities and interruptions (time boxes are not needed for the benchmark and are refused)."""

    def __init__(
        self,
        env: simpy.Environment,
        grade: Any,
        *,
        servers: int = 1,
        hours_per_day: float = 8.0,  # noqa: ARG002
    ) -> None:
        super().__init__(env, servers)
        self._grade = grade
        self._interrupted: Callable[[float], float] | None = None

    def set_rules(
        self,
        grade: Any,
        boxes: tuple[TimeBox, ...],
        interrupted: Callable[[float], float] | None,
        until: float = 0.0,  # noqa: ARG002
    ) -> None:
        """Take new rules."""
        if boxes:
            message = "the benchmark model has no time boxes"
            raise NotImplementedError(message)
        self._grade, self._interrupted = grade, interrupted
        self.regrade()

    def regrade(self) -> None:
        """Sort the queue anew."""
        if self._grade is None:
            return
        message = "the benchmark model works in order of arrival"
        raise NotImplementedError(message)

    def finished_quietly(self) -> list[Any]:
        """Return the tasks finished since it was asked last of which nobody was told."""
        found, self._quietly = self._quietly, []
        return found

    def service_time(self, job: Any) -> float:
        """Return the hours the task occupies the rep."""
        spent: float = job.hours if self._interrupted is None else self._interrupted(job.hours)
        job.spent = spent
        return spent


class ScalarStreams(Streams):
    """The same numbers, drawn from numpy one at a time."""

    def sequence(self, name: str, law: Law) -> Iterator[float]:
        """Yield the numbers of a stream, each by a call of its own."""
        block = 0
        while True:
            generator = self.generator(name, block)
            draw = {
                "uniform": generator.random,
                "normal": generator.standard_normal,
                "exponential": generator.standard_exponential,
            }[law]
            for _ in range(BLOCKS[min(block, 1)]):
                yield float(draw())
            block += 1


class IdiomaticKernel(Kernel):
    """Waiting as a process, queueing as a resource."""

    desk = ResourceDesk  # type: ignore[assignment]
    priority_desk = PolicyDesk  # type: ignore[assignment]
    streams = ScalarStreams

    def later(self, delay: float, act: Callable[[Any], None], value: Any) -> None:
        """Start a process that waits and then acts."""
        self.env.process(self._wait(delay, act, value))

    def _wait(
        self, delay: float, act: Callable[[Any], None], value: Any
    ) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(delay)
        act(value)
