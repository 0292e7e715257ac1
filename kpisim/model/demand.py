"""Demand: leads, requests and administration arrive by weekday and season under a factor that all share.

Class: published where the dispersion and the weekday profile come from real logs; the shapes are assumptions.
"""

from __future__ import annotations

from math import exp, log, sqrt
from typing import TYPE_CHECKING

from kpisim.model.desk import QuietTask, Task
from kpisim.model.streams import Arrivals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kpisim.model.funnel import Funnel
    from kpisim.model.state import Rep
    from kpisim.model.world import World

WORKDAYS_A_MONTH = 21.0
DUE_DAYS = {"admin": 5.0, "service": 2.0}


class Demand:
    """Arrivals of one team, day by day."""

    def __init__(self, world: World, funnel: Funnel) -> None:
        self.world, self.funnel = world, funnel
        streams = world.streams
        self._shared: Iterator[float] = streams.sequence("demand.day", "normal")
        size = world.scenario.team.size
        self._leads = [Arrivals(streams.sequence(f"lead.gap.{r}", "exponential")) for r in range(size)]
        self._admin = [Arrivals(streams.sequence(f"admin.gap.{r}", "exponential")) for r in range(size)]
        self._service = [Arrivals(streams.sequence(f"service.gap.{r}", "exponential")) for r in range(size)]
        self._admin_hours = [streams.sequence(f"admin.hours.{r}", "exponential") for r in range(size)]
        self._service_hours = [streams.sequence(f"service.hours.{r}", "exponential") for r in range(size)]
        self._seen = [0] * size

    def morning(self) -> None:
        """Draw the arrivals of the day that begins now."""
        world = self.world
        market, work = world.rules.market, world.rules.workload
        hours, now = world.hours, world.env.now
        expected = market.leads_per_rep_week * world.rules.business_each * self.weight(world.day)
        spread = sqrt(log1p_ratio(market.day_dispersion, expected * len(world.reps)))
        shared = exp(spread * next(self._shared) - 0.5 * spread * spread)
        worth = 0.05 * market.deal_value * market.repeat_value
        service_rate = work.service_per_account_month / WORKDAYS_A_MONTH
        for rep in world.reps:
            r = rep.index
            for part in self._leads[r].during(expected * shared):
                world.later(part * hours, self._lead, rep)
            self._learn(rep)
            if rep.absent:
                # Nobody does paperwork for an empty place, but its customers call all the same.
                calls = self._service[r].during(service_rate * rep.customers)
                colleague = world.cover(rep)
                called = self._quiet(
                    colleague, "service", calls, self._service_hours[r], work.service_hours, worth
                )
                colleague.desk.expect(called, quiet=True)
                continue
            coming = self._quiet(
                rep,
                "admin",
                self._admin[r].during(work.admin_per_day),
                self._admin_hours[r],
                work.admin_hours,
                0.0,
            )
            coming += self._quiet(
                rep,
                "service",
                self._service[r].during(service_rate * rep.customers),
                self._service_hours[r],
                work.service_hours,
                worth,
            )
            rep.desk.expect(coming, quiet=True)
            if work.crm_daily:
                world.assign(rep, Task("admin", 0.25, None, now + hours, 0.0, important=False, expected=0.25))
            if work.outside_hours > 0:
                world.assign(
                    rep,
                    Task(
                        "outside",
                        work.outside_hours,
                        None,
                        now,
                        important=True,
                        expected=work.outside_hours,
                        rank=-1.0,
                    ),
                )

    def _quiet(
        self, rep: Rep, kind: str, parts: list[float], lengths: Iterator[float], mean: float, value: float
    ) -> list[tuple[float, QuietTask]]:
        """Make the day's tasks of a quiet kind, which come in after these parts of the day."""
        if not parts:
            return []
        world = self.world
        hours, now = world.hours, world.env.now
        due, pace = DUE_DAYS[kind] * hours, self.funnel.pace(rep, kind)
        given = rep.care if kind == "service" else 1.0
        planned, asked = rep.planned, rep.asked
        coming = []
        # The parts come first: where they end, no length is drawn for nobody.
        for part, drawn in zip(parts, lengths, strict=False):
            at = now + part * hours
            length = mean * drawn * pace * given
            coming.append((at, QuietTask(kind, length, at, at + due, value, mean, rep)))
            # One by one and not their sum: the order of additions decides the last digit.
            planned += length
            asked += length
        rep.planned, rep.asked = planned, asked
        world.tasks += [task for _, task in coming]
        return coming

    def _learn(self, rep: Rep) -> None:
        """Count the quiet tasks finished since yesterday: nobody is told of them, so they are asked for."""
        finished = [task.kind for task in rep.desk.finished_quietly() if task.subject is rep]
        for kind in dict.fromkeys(finished):
            self.funnel.learn(rep, kind, finished.count(kind))

    def weight(self, day: int) -> float:
        """Return the share of a week's leads that arrive on working day `day`, season included.

        Leads of days off are carried to the next working day.
        """
        days = self.world.clock.days
        market = self.world.rules.market
        today = days[day]
        profile = market.weekday_profile
        gap = (today - days[day - 1]).days if day else 1
        share = sum(profile[(today.weekday() - back) % 7] for back in range(min(gap, 7)))
        season = market.season[today.month - 1] * 12.0 / (sum(market.season) or 1.0)
        return share / sum(profile) * season

    def _lead(self, owner: Rep) -> None:
        world = self.world
        number = self._seen[owner.index]
        self._seen[owner.index] += 1
        rep = owner
        if owner.absent or world.rules.reviews.allocation == "shortest_backlog":
            rep = world.cover(owner)
        self.funnel.lead(rep, owner, number)


def log1p_ratio(dispersion: float, mean: float) -> float:
    """Return the squared log-spread of a shared factor that gives counts this variance-to-mean ratio."""
    return log(1.0 + (dispersion - 1.0) / mean) if mean > 0 and dispersion > 1 else 0.0
