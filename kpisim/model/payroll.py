"""Pay periods: quotas, effort policies, and the settlement of pay.

Class: exact for pay; the rep's forecast of a period, on which effort rests, is an assumption.
"""

from __future__ import annotations

from math import exp, log, log1p
from typing import TYPE_CHECKING, Any

from kpisim.model import pay
from kpisim.model.clock import MONTHS, Span
from kpisim.model.effort import plan_policy
from kpisim.model.laws import mixed_moments

if TYPE_CHECKING:
    from datetime import date

    from kpisim.model.state import Rep
    from kpisim.model.world import World
    from kpisim.scenario import Scenario
    from kpisim.scenario.incentive import Incentive
    from kpisim.scenario.kpi_scheme import Target

LUMPS = frozenset({"bonus", "matrix", "kpi_bonus"})
"""Parts of pay that a whole period earns; who was there for a part of it gets that part."""
WEEKS_A_YEAR = 52.0
WORKDAYS_A_YEAR = 260.0
FULL_SCORE_CULTURE = 0.7
"""Culture score at which the culture share is paid in full, where the scheme has no culture target."""
COARSE, TYPE = 0.05, 0.15
"""Forecasts and quotas are rounded to steps of 5% for the effort law, so that a policy serves many reps."""


class Payroll:
    """Who is to sell how much, and what they get for it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.plan: Incentive = world.rules.incentive
        self.spans = world.clock.spans(self.plan.period)
        self.number = 0
        self.end = 0.0
        self._span = self.spans[0]
        self._span_hours = 1.0
        self._planned = 0.0
        self._sold_by_gone = 0.0
        self._risk_aversion = risk_aversion(world.scenario)

    @property
    def months(self) -> int:
        """Months in a pay period of the plan in force."""
        return MONTHS[self.plan.period]

    # --- periods ---

    def start(self) -> None:
        """Open the first period."""
        self._planned = planned_quota(self.world.scenario, self.spans[0])
        for rep in self.world.reps:
            rep.quota = self._planned
        self._open()

    def morning(self) -> None:
        """Settle the period that ended yesterday, if one did, and open the next."""
        if self.world.day == self.spans[self.number].last and self.number + 1 < len(self.spans):
            self.settle()
            self._advance()

    def _advance(self) -> None:
        world = self.world
        old, planned = self.plan, self._planned
        # A change of plan during a period counts from here on.
        self.plan = world.rules.incentive
        if self.plan.period != old.period:
            self.spans = world.clock.spans(self.plan.period)
            self.number = next(k for k, span in enumerate(self.spans) if span.last > world.day)
        else:
            self.number += 1
        self._planned = planned_quota(world.rules, self.spans[self.number])
        self._sold_by_gone = 0.0
        for rep in world.reps:
            if self.plan.ratchet < 1.0 and self.plan.period == old.period:
                rep.quota = pay.next_quota(self.plan, rep.quota, rep.sales, planned, self._planned)
            else:
                rep.quota = self._planned
            rep.present_from = self.spans[self.number].first
            rep.open_period()
        self._open()

    def _open(self) -> None:
        world = self.world
        self._span = span = self.spans[self.number]
        self.end = span.last * world.hours
        self._span_hours = (span.last - span.first) * world.hours
        years = (span.last - span.first) / WORKDAYS_A_YEAR
        season = self._planned / world.rules.kpi.quota
        for rep in world.reps:
            rep.policy = None if rep.absent else self._policy(rep, years, season)

    def _policy(self, rep: Rep, years: float, season: float) -> Any:
        """Return the effort policy of `rep` for the period, from the rep's own forecast."""
        new, repeat, square = rep.forecast
        # Reps of one type share a policy: skill is graded in steps of 15 %.
        fresh = new * WEEKS_A_YEAR * season * coarse(rep.win, TYPE)
        mean = fresh + repeat * WEEKS_A_YEAR * season
        deviation = (square * WEEKS_A_YEAR * season) ** 0.5
        quota = coarse(rep.quota)
        team = self.world.scenario.team
        rep.fresh = max(fresh, 1.0)
        cost = effort_cost(self.world.scenario, self.plan, years * 12.0, coarse(rep.fresh / quota))
        return plan_policy(
            self.plan,
            quota,
            coarse(mean / quota),
            coarse(deviation / quota),
            cost,
            round(years, 3),
            team.impatience,
            team.size,
            self._risk_aversion,
        )

    def left(self) -> float:
        """Return the share of the running period that is left."""
        return max((self.end - self.world.env.now) / self._span_hours, 0.0)

    def days_left(self) -> float:
        """Return the working days left in the running period."""
        return (self.end - self.world.env.now) / self.world.hours

    def effort(self, rep: Rep) -> float:
        """Return effort now as a relative gain of new business, at most `Team.max_effort`."""
        if rep.policy is None:
            return rep.drive
        drift = rep.policy.effort_now(rep.sales / rep.quota, self.left())
        return min(drift * rep.quota / rep.fresh + rep.drive, self.world.scenario.team.max_effort)

    # --- settlement ---

    def settle(self) -> None:
        """Pay every rep for the running period."""
        world, plan = self.world, self.plan
        team_sales = sum(rep.sales for rep in world.reps) + self._sold_by_gone
        prizes = pay.contest(plan.contest_prizes, [rep.sales for rep in world.reps])
        for rep, prize in zip(world.reps, prizes, strict=True):
            if not rep.absent:
                self._pay(rep, prize, team_sales)

    def _pay(self, rep: Rep, prize: float, team_sales: float) -> None:
        """Pay `rep` for the part of the running period that they were there."""
        world, plan, span = self.world, self.plan, self._span
        there = (min(world.day, span.last) - rep.present_from) / (span.last - span.first)
        if world.day >= span.last - 1 and rep.present_from <= span.first:
            there = 1.0
        if there <= 0.0:
            return  # came today
        months = MONTHS[plan.period] * span.share * there
        quota = rep.quota * there
        # Later periods may have collected what fell due earlier: the rate is capped at all of it.
        collection = min(rep.collected / rep.due, 1.0) if rep.due > 0 else 1.0
        culture = sum(rep.culture) / len(rep.culture) if rep.culture else rep.alignment
        parts = pay.individual(
            plan,
            rep.sales,
            quota,
            collection_rate=collection,
            kpi_score=kpi_score(world.rules, rep, collection, culture, months),
            culture=culture / culture_target(world.rules),
        )
        amounts = {name: float(value) * (there if name in LUMPS else 1.0) for name, value in parts.items()}
        amounts["base"] = plan.base_salary * months
        amounts["pool"] = pay.pool_share(plan, team_sales, len(world.reps)) * there
        amounts["contest"] = prize
        cents = {name: round(value, 2) for name, value in amounts.items()}
        world.pay.append(
            {
                "rep": rep.person,
                "span": span,
                "quota": quota,
                "sales": rep.sales,
                **cents,
                "total": round(sum(cents.values()), 2),
                "culture_score": culture,
                "collection_rate": collection,
            }
        )

    # --- people who come and go ---

    def leave(self, rep: Rep) -> None:
        """Pay out a rep who goes today; the pool is for those who are there at the end."""
        if self.world.day > max(rep.present_from, self._span.first):
            self._pay(rep, 0.0, 0.0)
        self._sold_by_gone += rep.sales
        rep.open_period()
        rep.policy = None

    def join(self, rep: Rep) -> None:
        """Let a newcomer in: their quota is the rest of the period's, and no plan moves them before the next."""
        self._sold_by_gone += rep.sales
        rep.open_period()
        rep.present_from = self.world.day
        rep.quota = self._planned
        rep.policy = None
        rep.forecast = forecast(self.world.rules)

    def passed_by(self, day: date) -> float:
        """Return the share of the running period that has passed when `day` begins."""
        span = self._span
        return min((self.world.clock.day_of(day) - span.first) / (span.last - span.first), 1.0)

    def new_customer_worth(self) -> float:
        """Return what one new customer adds to the KPI score [share of the full score]."""
        targets = self.world.rules.kpi.targets
        weight = sum(target.weight for target in targets) or 1.0
        return sum(
            target.weight / weight / (target.target * self.months / MONTHS[target.period])
            for target in targets
            if target.kpi == "new_customers" and target.level == "person"
        )


def culture_target(rules: Scenario) -> float:
    """Return the culture score at which the culture share is paid in full."""
    return next(
        (target.target for target in rules.kpi.targets if target.kpi == "culture"), FULL_SCORE_CULTURE
    )


def kpi_score(rules: Scenario, rep: Rep, collection: float, culture: float, months: float) -> float:
    """Return the weighted score of the rep's personal KPI targets, 100 = all met, each capped at 120.

    Targets that a rep's own results cannot tell, or that have nothing to measure yet, are left out and
    their weight is shared among the others.
    """
    total = weight = 0.0
    for target in rules.kpi.targets:
        actual = _result(rep, target, collection, culture, months)
        if actual is not None and target.weight > 0:
            total += target.weight * min(max(100.0 * actual / target.target, 0.0), 120.0)
            weight += target.weight
    return total / weight if weight else 100.0


def _result(rep: Rep, target: Target, collection: float, culture: float, months: float) -> float | None:
    scale = MONTHS[target.period] / months if months > 0 else 1.0
    closed = rep.won + rep.lost
    results: dict[str, float | None] = {
        "revenue_booked": rep.sales * scale,
        "new_customers": rep.new_customers * scale,
        "attainment": rep.sales / rep.quota,
        "collection_rate": collection,
        "culture": culture,
        "conversion_closed": rep.won / closed if closed else None,
        "csat": sum(score >= 4 for score in rep.csat) / len(rep.csat) if rep.csat else None,
    }
    return results.get(target.kpi) if target.level == "person" or target.kpi == "csat" else None


def planned_quota(rules: Scenario, span: Span) -> float:
    """Return the planned quota of a period: the year's quota split by season and working days."""
    months = [
        (span.start.month - 1 + k) % 12
        for k in range((span.end.year - span.start.year) * 12 + span.end.month - span.start.month)
    ]
    if not rules.kpi.quota_by_season:
        return rules.kpi.quota * len(months) / 12 * span.share
    season = rules.market.season
    # Repeat business does not swing with the season of leads; half of the quota follows it.
    weights = [0.5 + 0.5 * factor * 12 / (sum(season) or 1.0) for factor in season]
    share = sum(weights[month] for month in months) / sum(weights)
    return rules.kpi.quota * share * span.share


def effort_cost(scenario: Scenario, plan: Incentive, months: float, drift: float) -> float:
    """Return c, where ``c e²/2`` [money] is what a period at effort e [quotas per period] costs a rep.

    Parameters
    ----------
    scenario
        Holds the cost in monthly salaries: outside pay, so that no plan changes what toil costs; without one, the base
        salary of `plan`.
    plan
        The plan in force.
    months
        Length of the period.
    drift
        New business without effort [quotas per period]: selling twice as hard brings as much again.
    """
    salary = scenario.team.outside_pay or max(plan.base_salary, 1.0)
    return scenario.team.effort_cost * salary * months / (drift * drift)


def pay_at_quota(plan: Incentive, quota: float, size: int, skill: float = 1.0) -> float:
    """Return a month's pay under `plan` of a rep who sells `skill` times a year's `quota`, without luck [money]."""
    months = MONTHS[plan.period]
    quota = quota * months / 12.0
    return plan.base_salary + float(pay.goal(plan, skill * quota, quota, size)) / months


def risk_aversion(scenario: Scenario) -> float:
    """Return the coefficient of absolute risk aversion [1/money]: the relative one over a year's usual pay.

    Usual is outside pay; without one, what the scenario's first plan pays at quota.
    """
    team = scenario.team
    monthly = team.outside_pay or pay_at_quota(scenario.incentive, scenario.kpi.quota, team.size)
    return team.risk_aversion / (12.0 * max(monthly, 1.0))


def forecast(rules: Scenario) -> tuple[float, float, float]:
    """Return a rep's forecast: weekly new sales, weekly repeat sales [money], weekly sum of squared deals.

    New sales are leads × chance through the funnel × mean value; repeat sales are customers × rhythm × chance.
    It leaves out what overload, hand-overs and effort do: reps know their market, not the queue.
    """
    market = rules.market
    heard = 1.0 - market.silence
    chance = 1.0
    for stage in market.stages:
        chance *= stage.pass_rate * heard
    days = sum(stage.usual_days for stage in market.stages)
    chance *= 0.5 ** (1.3 * days / market.age_half_life_days)
    last = market.stages[-1].pass_rate
    odds = market.existing_odds * last / (1 - last) if last < 1 else 1e9
    again = heard * odds / (1 + odds)
    for stage in market.stages[max(len(market.stages) - 2, 0) : -1]:
        again *= stage.pass_rate * heard
    value, square = mixed_moments(
        (market.small_share, market.small_value, market.small_sigma), (market.deal_value, market.deal_sigma)
    )
    wins = market.leads_per_rep_week * rules.business_each * chance
    orders = market.accounts_per_rep * rules.business_each * 5.0 / market.repurchase_days * again * 1.3
    small = market.repeat_value
    return wins * value, orders * value * small, wins * square + orders * square * small * small


def coarse(value: float, grade: float = COARSE) -> float:
    """Return `value` rounded to the next step of `grade`, relative (never 0)."""
    step = log1p(grade)
    return exp(round(log(max(value, 1e-9)) / step) * step)
