"""What the model keeps about reps, customers, opportunities and orders.  Times are working hours; NaN = not yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpisim.model.desk import PriorityDesk
    from kpisim.model.effort import Policy

NAN = float("nan")


class Rep:
    """One rep: traits drawn once, a desk, and what counts for pay in the running period.

    Attributes
    ----------
    win
        Factor on the chance to sign, from skill.
    speed
        Factor on handling hours (below 1 = fast).
    alignment
        Alignment with the team's values, 0 to 1.
    trained
        Training hours that have taken effect.
    customers
        Active customers.
    fresh
        Expected new business of the running pay period [money].
    sales, quota
        Booked sales and quota of the running pay period [money].
    pending
        Opportunities in the last stage whose customer is thinking.
    silent
        Opportunities whose customer stopped answering and that are not written off yet.
    """

    __slots__ = (
        "alignment",
        "collected",
        "csat",
        "culture",
        "customers",
        "desk",
        "done",
        "due",
        "forecast",
        "fresh",
        "index",
        "lost",
        "new_customers",
        "pace",
        "pending",
        "planned",
        "policy",
        "quota",
        "sales",
        "silent",
        "speed",
        "trained",
        "win",
        "won",
    )

    def __init__(self, index: int, win: float, speed: float, alignment: float) -> None:
        self.index, self.win, self.speed, self.alignment = index, win, speed, alignment
        self.trained = 0.0
        self.quota = 1.0
        self.customers = 0.0
        self.fresh = 1.0
        self.forecast = (0.0, 0.0, 0.0)
        self.policy: Policy | None = None
        self.desk: PriorityDesk
        self.pending: dict[int, Opportunity] = {}
        self.silent: dict[int, Opportunity] = {}
        self.done: dict[str, int] = {}
        self.pace: dict[str, float] = {}
        self.planned = 0.0
        self.open_period()

    def open_period(self) -> None:
        """Set everything that counts for pay back to nothing."""
        self.sales = self.due = self.collected = 0.0
        self.won = self.lost = self.new_customers = 0
        self.csat: list[int] = []
        self.culture: list[float] = []


class Account:
    """One customer."""

    __slots__ = ("index", "left", "number", "orders", "rep", "satisfaction", "since")

    def __init__(self, index: int, number: int, rep: Rep, since: float, satisfaction: float) -> None:
        self.index, self.number, self.rep, self.since = index, number, rep, since
        self.satisfaction = satisfaction
        self.left = NAN
        self.orders = 0


class Opportunity:
    """One opportunity with its own luck: uniforms `u`, normals `z`, exponentials `e`, drawn before it is played."""

    __slots__ = (
        "account",
        "closed",
        "created",
        "decides",
        "discount",
        "e",
        "existing",
        "held",
        "index",
        "interest",
        "reason",
        "rep",
        "silent_since",
        "source",
        "stage",
        "status",
        "tried",
        "u",
        "value",
        "z",
    )

    def __init__(  # noqa: PLR0913
        self,
        index: int,
        rep: Rep,
        account: Account,
        source: str,
        created: float,
        value: float,
        existing: bool,  # noqa: FBT001
        u: list[float],
        z: list[float],
        e: list[float],
    ) -> None:
        self.index, self.rep, self.account, self.source = index, rep, account, source
        self.created, self.value, self.existing = created, value, existing
        self.u, self.z, self.e = u, z, e
        self.closed = self.decides = self.silent_since = NAN
        self.stage = 0
        self.status = "open"
        self.reason = ""
        self.discount = 0.0
        self.interest = 1.0
        self.tried = self.held = False


class Order:
    """One order with its way to cash."""

    __slots__ = (
        "account",
        "booked",
        "cancelled",
        "delivered",
        "discount",
        "due",
        "index",
        "opportunity",
        "paid",
        "rep",
        "rounds",
        "value",
    )

    def __init__(
        self, index: int, rep: Rep, account: Account, opportunity: Opportunity, booked: float, value: float
    ) -> None:
        self.index, self.rep, self.account, self.opportunity = index, rep, account, opportunity
        self.booked, self.value, self.discount = booked, value, opportunity.discount
        self.delivered = self.cancelled = self.due = self.paid = NAN
        self.rounds = 0


class Complaint:
    """One complaint."""

    __slots__ = ("answered", "handling", "index", "luck", "opened", "order")

    def __init__(self, index: int, order: Order, opened: float, luck: float) -> None:
        self.index, self.order, self.opened, self.luck = index, order, opened, luck
        self.answered = NAN
        self.handling = ""
