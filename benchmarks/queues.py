"""One M/M/c queue in five ways: the model's desk, idiomatic simpy, Ciw, Mesa, salabim.

Each function plays about `customers` customers with mean service time 1 and returns the mean wait, so that a version
that cheats would be seen.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from kpisim.model.desk import Desk, Job

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

SEED = 1


def _ignore(_job: Any) -> None:
    """Nothing follows."""


def kpisim_desk(customers: int, servers: int, load: float) -> float:
    """Play the queue on the desk the model uses for departments."""
    generator = np.random.default_rng(SEED)
    times = (generator.standard_exponential(customers) / (servers * load)).cumsum().tolist()
    hours = generator.standard_exponential(customers).tolist()
    env = simpy.Environment()
    desk = Desk(env, servers)
    jobs = [Job(one, _ignore) for one in hours]
    desk.expect(list(zip(times, jobs, strict=True)))
    env.run()
    return float(np.mean([job.started - job.created for job in jobs]))


def simpy_idiomatic(customers: int, servers: int, load: float) -> float:
    """Play the queue as simpy's own bank example does: a process per customer, a draw per event."""
    generator = np.random.default_rng(SEED)
    env = simpy.Environment()
    resource = simpy.Resource(env, capacity=servers)
    waits: list[float] = []

    def customer() -> Generator[Any, Any, None]:
        came = env.now
        with resource.request() as turn:
            yield turn
            waits.append(env.now - came)
            yield env.timeout(generator.exponential(1.0))

    def source() -> Generator[Any, Any, None]:
        for _ in range(customers):
            yield env.timeout(generator.exponential(1 / (servers * load)))
            env.process(customer())

    env.process(source())
    env.run()
    return float(np.mean(waits))


def ciw_network(customers: int, servers: int, load: float) -> float:
    """Play the queue with Ciw."""
    import ciw  # noqa: PLC0415

    ciw.seed(SEED)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=servers * load)],
        service_distributions=[ciw.dists.Exponential(rate=1.0)],
        number_of_servers=[servers],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(customers, method="Arrive")
    return float(np.mean([record.waiting_time for record in simulation.get_all_records()]))


def mesa_model(customers: int, servers: int, load: float) -> float:  # noqa: C901  (a small model in one function)
    """Play the queue as a Mesa model: agents are customers, the model keeps the calendar of events.

    Mesa 3.5 and later have event scheduling of their own; earlier ones step through time and would be far slower.
    """
    import mesa  # noqa: PLC0415

    class Customer(mesa.Agent):  # type: ignore[misc]
        """One customer."""

        def __init__(self, model: Any, came: float) -> None:
            super().__init__(model)
            self.came = came

    class Bank(mesa.Model):  # type: ignore[misc]
        """The queue."""

        def __init__(self) -> None:
            super().__init__(rng=SEED)
            self.generator = np.random.default_rng(SEED)
            self.calendar: list[tuple[float, int, str, Any]] = []
            self.count = 0
            self.queue: list[Customer] = []
            self.free = servers
            self.waits: list[float] = []
            self.come(0.0)

        def plan(self, at: float, kind: str, who: Any) -> None:
            self.count += 1
            heappush(self.calendar, (at, self.count, kind, who))

        def come(self, now: float) -> None:
            self.plan(now + self.generator.exponential(1 / (servers * load)), "come", None)

        def serve(self, who: Customer, now: float) -> None:
            self.free -= 1
            self.waits.append(now - who.came)
            self.plan(now + self.generator.exponential(1.0), "leave", who)

        def step(self) -> None:
            now, _, kind, who = heappop(self.calendar)
            if kind == "come":
                self.come(now)
                who = Customer(self, now)
                if self.free:
                    self.serve(who, now)
                else:
                    self.queue.append(who)
            else:
                who.remove()
                self.free += 1
                if self.queue:
                    self.serve(self.queue.pop(0), now)

    bank = Bank()
    while len(bank.waits) < customers:
        bank.step()
    return float(np.mean(bank.waits))


def salabim_model(customers: int, servers: int, load: float) -> float:
    """Play the queue with salabim, yieldless, without statistics it is not asked for."""
    import salabim  # noqa: PLC0415

    env = salabim.Environment(random_seed=SEED, yieldless=False)
    desk = salabim.Resource("desk", capacity=servers, monitor=False)
    waits: list[float] = []
    generator = np.random.default_rng(SEED)

    class Customer(salabim.Component):  # type: ignore[misc]
        """One customer."""

        def process(self) -> Iterator[Any]:
            came = env.now()
            yield self.request(desk)
            waits.append(env.now() - came)
            yield self.hold(generator.exponential(1.0))
            self.release(desk)

    class Source(salabim.Component):  # type: ignore[misc]
        """Brings customers in."""

        def process(self) -> Iterator[Any]:
            for _ in range(customers):
                yield self.hold(generator.exponential(1 / (servers * load)))
                Customer()

    Source()
    env.run()
    return float(np.mean(waits))
