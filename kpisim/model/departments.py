"""Departments: desks with capacity and work of their own; requests lose facts on the way and come back.

Class: published for the share of facts kept per hand-over; the rework queue is exact (Bernoulli feedback) where the
mechanism of hand-overs is off: there a request is told whole each time it comes back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpisim.model.desk import Desk, Job, Task
from kpisim.model.funnel import E_DELIVERY, E_DESK, U_DESK
from kpisim.model.state import NAN
from kpisim.model.streams import Arrivals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kpisim.model.funnel import Funnel
    from kpisim.model.state import Opportunity, Order, Rep
    from kpisim.model.world import World
    from kpisim.scenario.communication import Department

OWN_JOB_HOURS = 2.0
"""Mean length of a department's own jobs."""


class Request(Job):
    """Work asked of a department, for an opportunity or an order."""

    __slots__ = (
        "department",
        "missing",
        "on_right",
        "opportunity",
        "order",
        "rep",
        "right",
        "rounds",
        "sent",
    )

    def __init__(
        self,
        hours: float,
        done: Callable[[Any], None],
        department: int,
        rep: Rep,
        on_right: Callable[[Request], None],
        opportunity: Opportunity | None = None,
        order: Order | None = None,
    ) -> None:
        super().__init__(hours, done)
        self.department, self.rep, self.on_right = department, rep, on_right
        self.opportunity, self.order = opportunity, order
        self.rounds = self.missing = 0
        self.sent = self.right = NAN


class FeedbackDesk:
    """A desk whose finished jobs are wrong with some chance and then go through its queue again.

    Parameters
    ----------
    desk
        Where the work is done.
    wrong
        Called with the job after each round; returns whether it must go round again.
    again
        What happens to a wrong job; by default it goes straight back into the queue.
    """

    __slots__ = ("_again", "_wrong", "desk")

    def __init__(
        self, desk: Desk, wrong: Callable[[Request], bool], again: Callable[[Request], None] | None = None
    ) -> None:
        self.desk, self._wrong = desk, wrong
        self._again = again if again is not None else desk.submit

    def finished(self, request: Request) -> None:
        """Take a request off the desk: right, or round again."""
        request.rounds += 1
        if self._wrong(request):
            self._again(request)
        else:
            request.right = self.desk.env.now
            request.on_right(request)


class Departments:
    """All departments of a team, and the hand-overs to them."""

    def __init__(self, world: World, funnel: Funnel) -> None:
        self.world, self.funnel = world, funnel
        streams = world.streams
        self._plans: tuple[Department, ...] = world.scenario.communication.departments
        self.desks: list[FeedbackDesk] = []
        self.arrived: Callable[[Request, float], bool] = self._whole
        self._own: list[tuple[Arrivals, Iterator[float]]] = []
        for plan in self._plans:
            desk = world.kernel.desk(world.env, plan.people)
            facts = streams.sequence(f"department.facts.{plan.name}", "uniform")
            self.desks.append(FeedbackDesk(desk, self._loser(facts), self._mend))
            gaps = streams.sequence(f"department.gap.{plan.name}", "exponential")
            self._own.append(
                (Arrivals(gaps), streams.sequence(f"department.hours.{plan.name}", "exponential"))
            )

    def _loser(self, facts: Iterator[float]) -> Callable[[Request], bool]:
        """Return a function that says whether a request arrived with a fact missing."""
        return lambda request: not self.arrived(request, next(facts))

    def _whole(self, _request: Request, luck: float) -> bool:
        """Say whether all facts of a request arrived, each round anew: the Bernoulli feedback of the textbook."""
        rules = self.world.rules.communication
        complete: float = rules.keep_rate**rules.facts
        return luck < complete

    def morning(self) -> None:
        """Let the departments' own work of the day come in."""
        world = self.world
        hours = world.hours
        for number, plan in enumerate(world.rules.communication.departments[: len(self.desks)]):
            arrivals, lengths = self._own[number]
            desk = self.desks[number].desk
            amount = plan.own_load * plan.people * hours / OWN_JOB_HOURS
            now = world.env.now
            desk.expect(
                [
                    (now + part * hours, Job(OWN_JOB_HOURS * next(lengths)))
                    for part in arrivals.during(amount)
                ],
                quiet=True,
            )

    def ask(self, opportunity: Opportunity) -> None:
        """Send the stage's request where a department is needed, else let the customer think."""
        stage = self.world.rules.market.stages[
            min(opportunity.stage, len(self.world.rules.market.stages) - 1)
        ].name
        number = self._needed(stage, opportunity.u[U_DESK + opportunity.stage])
        if number is None:
            self.funnel.answer(opportunity)
            return
        self._send(
            number,
            opportunity.e[E_DESK + opportunity.stage],
            opportunity.rep,
            self._stage_right,
            opportunity=opportunity,
        )

    def deliver(self, order: Order, on_right: Callable[[Request], None]) -> bool:
        """Send the delivery of `order` to the department in charge; False where there is none."""
        number = self._needed("delivery", order.opportunity.u[U_DESK])
        if number is None:
            return False
        self._send(number, order.opportunity.e[E_DELIVERY], order.rep, on_right, order=order)
        return True

    def _needed(self, moment: str, luck: float) -> int | None:
        for number, plan in enumerate(self.world.rules.communication.departments[: len(self.desks)]):
            if plan.serves == moment:
                return number if luck < plan.share else None
        return None

    def _send(
        self,
        number: int,
        length: float,
        rep: Rep,
        on_right: Callable[[Request], None],
        opportunity: Opportunity | None = None,
        order: Order | None = None,
    ) -> None:
        world = self.world
        plan = world.rules.communication.departments[number]
        desk = self.desks[number]
        request = Request(plan.hours * length, desk.finished, number, rep, on_right, opportunity, order)
        request.missing = world.rules.communication.facts
        request.sent = world.env.now
        world.requests.append(request)
        desk.desk.submit(request)

    def _mend(self, request: Request) -> None:
        """Ask the rep for what got lost; then the request queues again."""
        world = self.world
        hours = world.rules.communication.clarify_hours
        desk = self.desks[request.department].desk
        if hours == 0:
            desk.submit(request)
            return
        value = request.opportunity.value if request.opportunity is not None else 0.0
        due = world.env.now + world.hours
        world.assign(
            request.rep,
            Task(
                "clarify",
                hours,
                lambda _task: desk.submit(request),
                due,
                value,
                important=True,
                expected=hours,
            ),
        )

    def _stage_right(self, request: Request) -> None:
        if request.opportunity is not None and request.opportunity.status == "open":
            self.funnel.answer(request.opportunity)
