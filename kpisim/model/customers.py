"""Customers after the signature: delivery, cash, satisfaction, complaints, repurchase, churn, referral.

Class: published for what complaint handling does to loyalty (TARP); the rest are assumptions of the scenario.

A customer with whom a contract runs may leave on any day: the hazard is constant at usual satisfaction (the form of Schmittlein, Morrison & Colombo
1987: a customer dies at a constant rate, orders or no orders) and doubles with each point of satisfaction lost (our
assumption, as is its level).  It runs by the calendar, so that who orders late or waits for an offer because they are badly
served has as much time to leave as others.  An offer they were talking about is lost with them (our assumption).
"""

from __future__ import annotations

from math import exp, inf, isnan, log, log1p, sqrt
from typing import TYPE_CHECKING

from kpisim.model.acceptance import DISAPPOINTED
from kpisim.model.desk import Task
from kpisim.model.funnel import (
    E_COMPLAINT,
    E_LATE,
    E_NEXT,
    E_REFERRAL,
    EXPONENTIALS,
    NORMALS,
    OFFER_STAGES,
    U_BAD_DEBT,
    U_CANCEL,
    U_CHURN,
    U_COMPLAINT,
    U_REFERRAL,
    U_RETURN,
    U_SURVEY,
    UNIFORMS,
    Z_SATISFACTION,
)
from kpisim.model.laws import mixed_moments
from kpisim.model.state import NAN, Account, Complaint, Order

if TYPE_CHECKING:
    from kpisim.model.departments import Departments, Request
    from kpisim.model.funnel import Funnel
    from kpisim.model.state import Opportunity, Rep
    from kpisim.model.world import World
    from kpisim.scenario.market import Market

ORDERS_A_ACCOUNT = 8
"""Rows of luck set aside for each account; later orders use them again from the start."""
MORE_ORDERS = 56
"""Further rows where customers are unlike: the busiest would else order in a circle.  Where all are alike nobody is that busy,
and results stay what they were to the last digit."""
REFERRALS_FROM = 500_000
"""Leads that come by referral are numbered from here, so that they take no luck from the others."""
USUAL = 4.05
"""Mean satisfaction of an order that went well."""
PROMISED_DAYS = 5.0
"""Delivery within this many working days costs no satisfaction."""
PER_LATE_DAY, PER_ROUND, SPREAD, MEMORY = 0.04, 0.25, 0.75, 0.3
COMPLAINT_AFTER_DAYS, SURVEY_AFTER_DAYS, REFERRAL_AFTER_DAYS = 5.0, 3.0, 8.0
HANDLED = (1, 3, 4)
"""Score after a complaint that was not solved, solved slowly, solved quickly: a recovered customer is as content as others."""
PATIENCE = 10.0
"""A complaint unanswered for this many times the quick limit counts as not solved."""


class Customers:
    """What happens to orders and customers."""

    def __init__(self, world: World, funnel: Funnel, departments: Departments) -> None:
        self.world, self.funnel, self.departments = world, funnel, departments
        streams, size = world.streams, world.scenario.team.size
        self._early, self._late = (
            [
                (
                    streams.rows(f"{name}.u.{r}", "uniform", UNIFORMS),
                    streams.rows(f"{name}.z.{r}", "normal", NORMALS),
                    streams.rows(f"{name}.e.{r}", "exponential", EXPONENTIALS),
                )
                for r in range(size)
            ]
            for name in ("repeat", "repeat.more")
        )
        self._rhythms = [streams.rows(f"repeat.rhythm.{r}", "uniform", 1) for r in range(size)]
        self._known = [0] * size
        self._referrals = [0] * size
        self._shocks = streams.sequence("complaint.week", "normal")
        self._shock = 1.0
        self._usual = self._usual_hazard()
        self._end = len(world.clock.days) * world.hours

    def start(self) -> None:
        """Set up the customers who are there at the start, somewhere between two orders."""
        world = self.world
        each = round(world.scenario.market.accounts_per_rep * world.scenario.business_each)
        for rep in world.reps:
            for _ in range(each):
                account = Account(len(world.accounts), 0, rep, -1.0, USUAL)
                world.accounts.append(account)
                self._adopt(account)
                u, _, e = self._luck(account)
                self._schedule_next(account, e)
                self._expose(account, u[U_CHURN])
            rep.customers = float(each)

    def monday(self) -> None:
        """Draw this week's factor on complaints: they come in clusters."""
        cv = self.world.rules.market.complaint_shock_cv
        spread = sqrt(log(1.0 + cv * cv))
        self._shock = exp(spread * next(self._shocks) - 0.5 * spread * spread)

    def won(self, opportunity: Opportunity) -> None:
        """Book the order of a signed opportunity."""
        world = self.world
        rep, account, now = opportunity.rep, opportunity.account, world.env.now
        value = round(opportunity.value * (1.0 - opportunity.discount), 2)
        order = Order(len(world.orders), rep, account, opportunity, now, value)
        world.orders.append(order)
        rep.sales += value
        if isnan(account.since):
            account.since = now
            rep.new_customers += 1
            rep.customers += 1.0
            self._adopt(account)
            self._expose(account, opportunity.u[U_CHURN])
        account.orders += 1
        market = world.rules.market
        luck = opportunity.u[U_CANCEL]
        if luck < market.cancel:
            # The position below the limit says when; it is uniform given that the order is cancelled.
            world.later(luck / market.cancel * PROMISED_DAYS * world.hours, self._cancel, order)
        elif not self.departments.deliver(order, self._delivered_by):
            world.later(world.hours, self._delivered, order)
        if opportunity.u[U_REFERRAL] < market.referral and account.satisfaction >= 4.0:
            world.later(REFERRAL_AFTER_DAYS * world.hours * opportunity.e[E_REFERRAL], self._refer, rep)
        self._schedule_next(account, opportunity.e)

    def lost(self, opportunity: Opportunity) -> None:
        """Keep an existing customer who said no to this offer in the rhythm of orders."""
        if opportunity.existing and isnan(opportunity.account.left):
            self._schedule_next(opportunity.account, opportunity.e)

    # --- delivery and cash ---

    def _cancel(self, order: Order) -> None:
        order.cancelled = self.world.env.now
        order.rep.sales -= order.value

    def _delivered_by(self, request: Request) -> None:
        if request.order is not None:
            request.order.rounds = request.rounds
            self._deliver(request.order)

    def _delivered(self, order: Order) -> None:
        order.rounds = 1
        self._deliver(order)

    def _deliver(self, order: Order) -> None:
        world = self.world
        market, now, opportunity = world.rules.market, world.env.now, order.opportunity
        order.delivered = now
        order.due = now + market.credit_days * world.hours
        world.later(market.credit_days * world.hours, self._fall_due, order)
        days = (now - order.booked) / world.hours
        felt = USUAL - PER_LATE_DAY * max(days - PROMISED_DAYS, 0.0) - PER_ROUND * (order.rounds - 1)
        felt += SPREAD * opportunity.z[Z_SATISFACTION]
        felt -= world.rules.workload.care_worth * (1.0 - order.rep.care) + DISAPPOINTED * opportunity.weak
        score = min(max(felt, 1.0), 5.0)
        account = order.account
        self._feel(account, account.satisfaction + MEMORY * (score - account.satisfaction))
        if opportunity.u[U_SURVEY] < market.survey_response:
            world.later(SURVEY_AFTER_DAYS * world.hours, self._answer, (account, order.rep, round(score)))
        wrong = market.complaint * self._shock * order.rounds
        if opportunity.weak:
            wrong *= market.weak_complaint
        if opportunity.u[U_COMPLAINT] < wrong:
            delay = COMPLAINT_AFTER_DAYS * world.hours * opportunity.e[E_COMPLAINT]
            world.later(delay, self._complain, order)

    def _fall_due(self, order: Order) -> None:
        market = self.world.rules.market
        order.rep.due += order.value
        default = max(market.bad_debt, market.weak_default) if order.opportunity.weak else market.bad_debt
        if order.opportunity.u[U_BAD_DEBT] >= default:
            self.world.later(
                market.late_days * self.world.hours * order.opportunity.e[E_LATE], self._pay, order
            )

    def _pay(self, order: Order) -> None:
        order.paid = self.world.env.now
        order.rep.collected += order.value

    def _answer(self, answer: tuple[Account, Rep, int]) -> None:
        account, rep, score = answer
        self.world.surveys.append(("csat", account.index, rep.index, self.world.env.now, score))
        rep.csat.append(score)

    # --- complaints ---

    def _complain(self, order: Order) -> None:
        world = self.world
        rules = world.rules
        complaint = Complaint(len(world.complaints), order, world.env.now, order.opportunity.u[U_RETURN])
        world.complaints.append(complaint)
        self._feel(order.account, max(order.account.satisfaction - 1.0, 1.0))
        mean = rules.workload.complaint_hours
        hours = mean * order.opportunity.e[E_LATE] * self.funnel.pace(order.rep, "complaint")
        due = world.env.now + rules.market.complaint_quick_hours
        task = Task(
            "complaint",
            hours,
            self._handled,
            due,
            order.value,
            important=True,
            expected=mean,
            subject=complaint,
        )
        if rules.workload.complaint_waits > 0:
            world.later(rules.workload.complaint_waits, self._take_up, task)
        else:
            world.assign(order.rep, task)

    def _take_up(self, task: Task) -> None:
        self.world.assign(task.subject.order.rep, task)

    def _handled(self, task: Task) -> None:
        complaint: Complaint = task.subject
        market = self.world.rules.market
        rep, account = complaint.order.rep, complaint.order.account
        self.funnel.learn(rep, "complaint")
        complaint.answered = self.world.env.now
        waited = complaint.answered - complaint.opened
        quick = market.complaint_quick_hours
        grade = 2 if waited <= quick else 1 if waited <= PATIENCE * quick else 0
        complaint.handling = ("none", "slow", "quick")[grade]
        # Recovery gives back what was lost, no more: recovered customers are not more loyal (de Matos et al. 2007).
        self._feel(account, min(account.satisfaction + (0.0, 0.5, 1.0)[grade], 5.0))
        if market.complaint_survey and complaint.order.opportunity.u[U_SURVEY] < market.survey_response:
            self.world.later(
                SURVEY_AFTER_DAYS * self.world.hours, self._answer, (account, rep, HANDLED[grade])
            )
        if complaint.luck >= market.complaint_return[grade]:
            self._leave(account)

    # --- the next order ---

    def _adopt(self, account: Account) -> None:
        """Give a new customer a place in the rep's streams of repeat business."""
        account.number = self._known[account.rep.index]
        self._known[account.rep.index] += 1
        spread = self.world.rules.market.repurchase_spread
        if spread > 0:
            (luck,) = self._rhythms[account.rep.index].of(account.number)
            account.rhythm = rhythm(luck, spread)

    def _luck(self, account: Account) -> tuple[list[float], list[float], list[float]]:
        over = account.orders - ORDERS_A_ACCOUNT
        if over < 0 or self.world.rules.market.repurchase_spread == 0:
            streams, row = self._early, account.number * ORDERS_A_ACCOUNT + account.orders % ORDERS_A_ACCOUNT
        else:
            streams, row = self._late, account.number * MORE_ORDERS + over % MORE_ORDERS
        u, z, e = streams[account.rep.index]
        return u.of(row), z.of(row), e.of(row)

    def _schedule_next(self, account: Account, e: list[float]) -> None:
        days = self.world.rules.market.repurchase_days
        if days > 0:
            self.world.later(
                days * self.world.hours * e[E_NEXT] * 4.0 / account.satisfaction / account.rhythm,
                self._return,
                account,
            )

    def _return(self, account: Account) -> None:
        if not isnan(account.left):
            return
        account.orders += 1
        u, z, e = self._luck(account)
        market = self.world.rules.market
        # The chance to leave doubles with each point of satisfaction lost.
        if market.leaving == "at_order" and u[U_CHURN] < market.churn * 2.0 ** (USUAL - account.satisfaction):
            self._leave(account)
            return
        account.offer = self.funnel.repeat(account, u, z, e)

    # --- leaving ---

    def changed(self) -> None:
        """Count anew who leaves when, after the rules have changed."""
        self._usual = self._usual_hazard()
        for account in self.world.accounts:
            self._feel(account, account.satisfaction)

    def _usual_hazard(self) -> float:
        """Return the chance per hour that a usual customer leaves; 0 where customers leave at an order only."""
        market = self.world.rules.market
        if market.leaving != "any_day":
            return 0.0
        days = market.repurchase_days + talks(market)
        return (-log1p(-market.churn) if market.churn < 1 else 1e9) / (days * self.world.hours)

    def _expose(self, account: Account, luck: float) -> None:
        """Begin to count down what a new customer puts up with; `luck` is uniform and their own."""
        account.patience = -log1p(-luck)
        account.counted = self.world.env.now
        self._plan_leaving(account)

    def _feel(self, account: Account, satisfaction: float) -> None:
        """Let the customer be as satisfied as `satisfaction` from now on, which moves the day on which they would leave."""
        account.satisfaction = satisfaction
        if not isnan(account.counted):
            now = self.world.env.now
            account.patience = max(account.patience - account.hazard * (now - account.counted), 0.0)
            account.counted = now
            self._plan_leaving(account)

    def _plan_leaving(self, account: Account) -> None:
        """Say when the customer leaves if nothing changes."""
        world = self.world
        # The chance to leave doubles with each point of satisfaction lost.
        account.hazard = self._usual * 2.0 ** (USUAL - account.satisfaction)
        wait = account.patience / account.hazard if account.hazard > 0 else inf
        account.leaves = account.counted + wait
        if account.leaves < self._end:
            world.later(wait, self._had_enough, account)

    def _had_enough(self, account: Account) -> None:
        # A plan that was made anew has another time; the event fires at exactly the time planned.
        if account.leaves == self.world.env.now:
            self._leave(account)

    def _leave(self, account: Account) -> None:
        if not isnan(account.left):
            return
        account.left = self.world.env.now
        account.rep.customers = max(account.rep.customers - 1.0, 0.0)
        account.counted = account.leaves = NAN
        if account.offer is not None and self.world.rules.market.leaving == "any_day":
            self.funnel.lose(account.offer, "customer")

    def _refer(self, rep: Rep) -> None:
        number = REFERRALS_FROM + self._referrals[rep.index]
        self._referrals[rep.index] += 1
        self.funnel.lead(rep, rep, number, source="referral")


def rhythm(luck: float, spread: float) -> float:
    """Return a customer's order rate ÷ the mean rate: the quantile `luck` of a gamma law with mean 1 and this spread."""
    from scipy.special import gammaincinv  # noqa: PLC0415  (only scenarios whose customers are unlike need it)

    shape = 1.0 / (spread * spread)
    # Who orders once in a million times the usual interval never does.
    return max(float(gammaincinv(shape, luck)) / shape, 1e-6)


def talks(market: Market) -> float:
    """Return the mean working days that an existing customer takes over an offer, silent ones included.

    What reps and departments add comes from the desks and is not in it.
    """
    days, open_share = 0.0, 1.0
    for stage in market.stages[-OFFER_STAGES:]:
        sigma = market.customer_sigma if stage.customer_sigma is None else stage.customer_sigma
        quick = (stage.quick_share, stage.quick_days, stage.quick_sigma)
        thinks, _ = mixed_moments(quick, (stage.customer_days, sigma))
        days += open_share * (market.silence * market.silence_days + (1.0 - market.silence) * thinks)
        open_share *= (1.0 - market.silence) * stage.pass_rate
    return days
