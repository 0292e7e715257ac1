"""The model: one replication of one scenario, from the first morning to the last settlement."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from kpisim.model.behaviour import Behaviour, bounded
from kpisim.model.customers import Customers
from kpisim.model.demand import Demand
from kpisim.model.departments import Departments
from kpisim.model.desk import grader, interruptions
from kpisim.model.funnel import Funnel
from kpisim.model.manager import Manager
from kpisim.model.payroll import Payroll, forecast
from kpisim.model.record import tables
from kpisim.model.state import Person, Rep
from kpisim.model.timing import Timing
from kpisim.model.world import Kernel, World

if TYPE_CHECKING:
    from collections.abc import Generator

    from simpy.events import Event

    from kpisim.scenario import Scenario
    from kpisim.tables import Tables


class Model:
    """One replication.

    Parameters
    ----------
    scenario
        What is played.
    seed, run
        Seed of the experiment and number of the replication; together they fix every random number.
    kernel
        How waiting and working are carried out on simpy.

    Examples
    --------
    >>> from kpisim.scenario import Scenario
    >>> short = Scenario().derive({"calendar.weeks": 1, "calendar.warmup_weeks": 0})
    >>> tables = Model(short, seed=1, run=0).play()
    >>> len(tables["reps"])
    8
    """

    def __init__(self, scenario: Scenario, seed: int, run: int = 0, kernel: type[Kernel] = Kernel) -> None:
        self.world = world = World(scenario, seed, run, kernel)
        self.funnel = funnel = Funnel(world)
        self.departments = Departments(world, funnel)
        self.customers = Customers(world, funnel, self.departments)
        self.payroll = Payroll(world)
        self.timing = Timing(world, funnel, self.payroll)
        self.manager = Manager(world, funnel)
        self.demand = Demand(world, funnel)
        funnel.won, funnel.lost = self.customers.won, self.customers.lost
        funnel.ask, funnel.effort, funnel.hold = self.departments.ask, self.payroll.effort, self.timing.hold
        self._dates = sorted({change.at for change in scenario.changes})
        self._hire()
        self.behaviour = Behaviour(world, funnel, self.payroll, self.departments, self.manager)

    def play(self) -> Tables:
        """Play the horizon and return what happened in it."""
        world = self.world
        world.env.process(self._days())
        # Nothing of a run is garbage before its end, and looking for garbage would cost half the time.
        collecting = gc.isenabled()
        gc.disable()
        try:
            world.env.run(until=len(world.clock.days) * world.hours)
            self.payroll.settle()
            for rep in world.reps:
                rep.desk.look()
            return tables(world)
        finally:
            world.clear()
            if collecting:
                gc.enable()

    def _hire(self) -> None:
        """Draw every rep's traits, each from a stream of their own."""
        world = self.world
        team, culture = world.scenario.team, world.scenario.culture
        base = world.win_rate
        for index in range(team.size):
            traits = world.streams.sequence(f"rep.traits.{index}", "normal")
            win = max(1.0 + team.win_rate_sd / base * bounded(next(traits)), 0.2)
            speed = 2.718281828459045 ** (team.speed_sd * bounded(next(traits)))
            alignment = min(max(culture.alignment + culture.alignment_sd * next(traits), 0.0), 1.0)
            rep = Rep(index, win, speed, alignment)
            rep.forecast = forecast(world.scenario)
            rep.desk = world.kernel.priority_desk(
                world.env, grader("first_come", 0.0), hours_per_day=world.hours
            )
            world.reps.append(rep)
            world.people.append(Person(index))
        self._gaps = [
            world.streams.sequence(f"interruption.gap.{r}", "exponential") for r in range(team.size)
        ]
        self._set_desks()

    def _set_desks(self) -> None:
        work, pressure = self.world.rules.workload, self.world.rules.pressure
        clock = self.world.clock
        until = (clock.day_of(self._dates[0]) if self._dates else len(clock.days)) * clock.hours
        for rep, gaps in zip(self.world.reps, self._gaps, strict=True):
            rep.desk.look()  # what was begun until now took its interruptions from the same gaps
            grade = grader(work.policy, work.urgent_within_hours)
            rep.desk.set_rules(grade, work.time_boxes, interruptions(pressure, gaps), until)

    def _days(self) -> Generator[Event, None, None]:
        """Begin every working day: changes, settlements, reviews, new work."""
        world = self.world
        days = world.clock.days
        self.customers.start()
        for day, today in enumerate(days):
            world.day = day
            if day:
                before = days[day - 1]
                world.new_week = today.isocalendar()[:2] != before.isocalendar()[:2]
                world.new_month = today.month != before.month
            if self._dates and self._dates[0] <= today:
                self._change(today)
            if day == 0:
                self.payroll.start()
                self.behaviour.start()
            else:
                self.payroll.morning()
                self.behaviour.morning()
            if day == 0 or world.new_week:
                self.customers.monday()
            for rep in world.reps:
                rep.desk.regrade()
                world.effort.append((rep.index, day, self.payroll.effort(rep)))
            self.timing.morning()
            self.manager.morning()
            self.departments.morning()
            self.demand.morning()
            yield world.env.timeout(world.hours)

    def _change(self, today: object) -> None:
        while self._dates and self._dates[0] <= today:  # type: ignore[operator]
            self._dates.pop(0)
        world = self.world
        world.rules = world.scenario.at(world.clock.days[world.day])
        self._set_desks()
        self.customers.changed()
        for rep in world.reps:
            rep.forecast = forecast(world.rules)
