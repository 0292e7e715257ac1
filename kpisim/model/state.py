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
    person
        Who holds the place now (a place outlives the people who hold it).
    absent
        Whether the place is empty.
    persuasion
        Factor on the chance to sign, from all mechanisms.
    stretch, given, care
        Factors on the hours of all work (overtime), of a contact (corner-cutting), of service (neglect).
    attention
        Share of complete hand-overs that a tired rep does not spoil.
    focus
        Attention that selling keeps where culture is paid for.
    drive
        Effort added by a gap that was seen [share].
    load, asked
        Load felt [share of hours there are]; hours of work that came in this week, at the scenario's own norm.
    norm
        Norm of time per contact, 1 = what the scenario's stages ask for.
    overtime
        Hours worked ÷ regular hours.
    energy, engagement, resources, demands, tired, vigour
        State of the JD-R equations; energy lost against usual; factor on the chance to sign.
    belief
        Ellis belief index.
    know_how
        Factor on `win` from what others passed on.
    helps, spill
        Whether they help colleagues; factor from peers who are seen.
    tenure, ramp, notice, misfit
        Months in the team; factors of a newcomer and of a leaver; monthly chance to leave from misfit.
    """

    __slots__ = (
        "absent",
        "alignment",
        "asked",
        "attention",
        "belief",
        "care",
        "collected",
        "csat",
        "culture",
        "customers",
        "demands",
        "desk",
        "done",
        "drive",
        "due",
        "energy",
        "engagement",
        "focus",
        "forecast",
        "fresh",
        "given",
        "helps",
        "index",
        "know_how",
        "load",
        "lost",
        "misfit",
        "new_customers",
        "norm",
        "notice",
        "overtime",
        "pace",
        "pending",
        "person",
        "persuasion",
        "planned",
        "policy",
        "present_from",
        "quota",
        "ramp",
        "resources",
        "sales",
        "silent",
        "speed",
        "spill",
        "stretch",
        "tenure",
        "tired",
        "trained",
        "vigour",
        "win",
        "won",
    )

    def __init__(self, index: int, win: float, speed: float, alignment: float) -> None:
        self.index, self.win, self.speed, self.alignment = index, win, speed, alignment
        self.person = index
        self.absent = False
        self.tenure = self.asked = 0.0
        self.present_from = 0
        self.quota = 1.0
        self.customers = 0.0
        self.fresh = 1.0
        self.forecast = (0.0, 0.0, 0.0)
        self.policy: Policy | None = None
        self.desk: PriorityDesk
        self.pending: dict[int, Opportunity] = {}
        self.silent: dict[int, Opportunity] = {}
        self.planned = 0.0
        self.begin()
        self.open_period()

    def begin(self) -> None:
        """Set everything that belongs to the person, not to the place, to where it begins."""
        self.trained = 0.0
        self.done: dict[str, int] = {}
        self.pace: dict[str, float] = {}
        self.tenure = 0.0
        self.persuasion = self.stretch = self.given = self.norm = self.care = self.attention = 1.0
        self.overtime = self.know_how = self.spill = self.vigour = self.ramp = self.notice = self.focus = 1.0
        self.drive = self.misfit = self.tired = self.belief = self.load = 0.0
        self.energy = self.engagement = self.resources = self.demands = 0.0
        self.helps = False

    def open_period(self) -> None:
        """Set everything that counts for pay back to nothing."""
        self.sales = self.due = self.collected = 0.0
        self.won = self.lost = self.new_customers = 0
        self.csat: list[int] = []
        self.culture: list[float] = []


class Person:
    """Who held which place, from when to when [working hours]; from 0 = was there at the start."""

    __slots__ = ("hired", "left", "seat")

    def __init__(self, seat: int, hired: float = 0.0) -> None:
        self.seat, self.hired, self.left = seat, hired, NAN


class Account:
    """One customer.

    Attributes
    ----------
    offer
        What they are talking about or talked about last; None before the first repeat order.
    patience
        What they still put up with before they leave: cumulated chance to leave [1], counted down by the calendar.
    hazard
        How fast it is counted down [1 / working hour].
    counted
        Until when it has been counted down; NaN before they are a customer and after they have left.
    leaves
        When they leave as things stand; NaN as for `counted`.
    rhythm
        How often they order ÷ how often the average customer does.
    """

    __slots__ = (
        "counted",
        "hazard",
        "index",
        "leaves",
        "left",
        "number",
        "offer",
        "orders",
        "patience",
        "rep",
        "rhythm",
        "satisfaction",
        "since",
    )

    def __init__(self, index: int, number: int, rep: Rep, since: float, satisfaction: float) -> None:
        self.index, self.number, self.rep, self.since = index, number, rep, since
        self.satisfaction = satisfaction
        self.left = self.counted = self.leaves = NAN
        self.offer: Opportunity | None = None
        self.patience = self.hazard = 0.0
        self.rhythm = 1.0
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
        "weak",
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
        self.tried = self.held = self.weak = False


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
