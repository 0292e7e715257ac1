"""What all mechanisms share: the simpy environment, the clock, the rules in force, the streams, the people."""

from __future__ import annotations

from math import inf, prod
from typing import TYPE_CHECKING, Any

from simpy import Environment

from kpisim.model.clock import Clock
from kpisim.model.desk import Desk, Due, PriorityDesk
from kpisim.model.streams import Streams

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.model.desk import Task
    from kpisim.model.state import Account, Complaint, Opportunity, Order, Person, Rep
    from kpisim.scenario import Scenario


class Kernel:
    """How waiting and working are carried out on simpy: an event where something follows, none elsewhere.

    The benchmark replaces it with the usual one-process-per-job way to show that both leave the same tables.
    """

    desk: type[Desk] = Desk
    priority_desk: type[PriorityDesk] = PriorityDesk
    streams: type[Streams] = Streams

    def __init__(self, env: Environment) -> None:
        self.env = env

    def later(self, delay: float, act: Callable[[Any], None], value: Any) -> None:
        """Call ``act(value)`` after `delay` hours."""
        env = self.env
        Due(env, env._now + delay, [lambda _event: act(value)])  # noqa: SLF001


class World:
    """One replication in the making.

    Attributes
    ----------
    rules
        The scenario with every dated change that counts today; mechanisms read their parameters here.
    day
        Index of the running working day.
    new_week, new_month
        Whether it is the first working day of its week or month (never the very first day).
    people
        Everybody who ever held a place, the first holders in the order of their places.
    route
        Says who does a task of a rep; None while everybody does their own.
    """

    def __init__(self, scenario: Scenario, seed: int, run: int, kernel: type[Kernel] = Kernel) -> None:
        self.scenario = self.rules = scenario
        self.env = Environment()
        self.clock = Clock(scenario.calendar)
        self.hours = self.clock.hours
        self.kernel = kernel(self.env)
        self.streams = kernel.streams(seed, run)
        self.later = self.kernel.later
        self.day = 0
        self.new_week = self.new_month = False
        self.route: Callable[[Rep, Task], Rep] | None = None
        # The win rate that the spread between reps is given for is that of qualified deals.
        self.win_rate = prod(
            stage.pass_rate for stage in scenario.market.stages[1:] or scenario.market.stages
        )
        self.reps: list[Rep] = []
        self.people: list[Person] = []
        self.accounts: list[Account] = []
        self.opportunities: list[Opportunity] = []
        self.orders: list[Order] = []
        self.complaints: list[Complaint] = []
        self.tasks: list[Task] = []
        self.stage_changes: list[tuple[int, int, float]] = []
        self.surveys: list[tuple[str, int, int, float, int]] = []
        self.requests: list[Any] = []
        self.trainings: list[tuple[int, float, float]] = []
        self.pay: list[dict[str, Any]] = []
        self.effort: list[tuple[int, int, float]] = []

    def clear(self) -> None:
        """Cut the ties between what was played, so that its memory goes at once and not at some later collection."""
        for rep in self.reps:
            rep.pending.clear()
            rep.silent.clear()
        kept: list[Any]
        for kept in (
            self.tasks,
            self.opportunities,
            self.orders,
            self.complaints,
            self.requests,
            self.accounts,
            self.stage_changes,
            self.surveys,
            self.trainings,
            self.effort,
        ):
            kept.clear()
        self.streams.clear()
        # What was still to come holds customers and deals.
        self.env._queue.clear()  # noqa: SLF001

    def assign(self, rep: Rep, task: Task, asked: float | None = None) -> None:
        """Give `task` to `rep` now, or to whoever does it for them.

        Load counts `asked` hours, where the task's own hours are not what the scenario asks for.
        """
        if self.route is not None:
            rep = self.route(rep, task)
        task.rep = rep.index
        rep.planned += task.hours
        rep.asked += task.hours if asked is None else asked
        self.tasks.append(task)
        rep.desk.submit(task)

    def cover(self, rep: Rep) -> Rep:
        """Return who covers the empty place of `rep`: the colleague with the least waiting."""
        best, least = rep, inf
        for one in self.reps:
            if not one.absent and (waiting := one.desk.look()) < least:
                best, least = one, waiting
                if not waiting:
                    break  # nobody has less, and in a large team the search would go on for long
        return best
