"""The mechanisms of behaviour put together: which are on, when each acts, and how their states reach the engine.

The engine (markets, queues, pay, effort, timing) reads a few numbers of each rep: `persuasion` on the chance to sign,
`stretch`, `given` and `care` on hours, `attention` on hand-overs, `drive` on effort, `absent`.  With every mechanism off
they all stay at 1 (or 0), and the engine plays as if there were none, to the last digit.
`docs/model/interplay.md` shows which state feeds which mechanism; it is written from the code.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

from kpisim.model.acceptance import Acceptance
from kpisim.model.allocation import Allocation
from kpisim.model.appraisal import Appraisal
from kpisim.model.cooperation import SHARED, Cooperation
from kpisim.model.corner_cutting import CornerCutting
from kpisim.model.culture import CultureCarriers
from kpisim.model.culture_pay import CulturePay
from kpisim.model.exits import Exits
from kpisim.model.goals import Goals
from kpisim.model.handover import Handover
from kpisim.model.hours import Hours
from kpisim.model.load import Load
from kpisim.model.strain import Strain

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.model.departments import Departments
    from kpisim.model.desk import Task
    from kpisim.model.funnel import Funnel
    from kpisim.model.manager import Manager
    from kpisim.model.payroll import Payroll
    from kpisim.model.state import Rep
    from kpisim.model.world import World

MONTH_DAYS = 21.0


class Behaviour:
    """All mechanisms that are on, acting in a fixed order."""

    def __init__(
        self, world: World, funnel: Funnel, payroll: Payroll, departments: Departments, manager: Manager
    ) -> None:
        self.world = world
        on = world.scenario.mechanisms
        load = Load(world) if on.corner_cutting or on.hours or on.strain else None
        corners = CornerCutting(world) if on.corner_cutting else None
        hours = Hours(world) if on.hours else None
        appraisal = Appraisal(world) if on.appraisal else None
        strain = Strain(world) if on.strain else None
        goals = Goals(world, payroll) if on.goals else None
        allocation = Allocation(world, payroll) if on.allocation else None
        self._cooperation = cooperation = Cooperation(world, payroll) if on.cooperation else None
        culture = CultureCarriers(world) if on.culture else None
        culture_pay = CulturePay(world, payroll) if on.culture_pay else None
        self._grown_up = on.culture or on.exits
        if self._grown_up:
            mean = world.scenario.team.mean_tenure_months
            for rep in world.reps:
                rep.tenure = mean * next(world.streams.sequence(f"tenure.{rep.index}", "exponential"))
        welcomes: list[Callable[[Rep], None]] = [
            self._begin,
            *(one.arrive for one in (culture, appraisal, strain) if one is not None),
        ]
        self._exits = exits = Exits(world, payroll, welcomes) if on.exits else None

        weekly = (load, corners, hours, cooperation)
        monthly = (culture, culture_pay, allocation, cooperation, appraisal, exits)
        self._daily = [one.daily for one in (exits, goals, strain) if one is not None]
        self._weekly = [one.weekly for one in weekly if one is not None]
        self._monthly = [one.monthly for one in monthly if one is not None]
        if on.acceptance:
            funnel.accepts = Acceptance(world, payroll).accepts
        if on.handover:
            departments.arrived = Handover(world).arrived
        if goals is not None:
            manager.seen = goals.reviewed
        if exits is not None or cooperation is not None:
            world.route = self._route

    def start(self) -> None:
        """Look at things on the first morning, before any work comes in."""
        if self._grown_up:
            self._grow(0.0)
        for act in self._monthly:
            act()
        self._compose()

    def morning(self) -> None:
        """Do what falls on the day that begins now."""
        world = self.world
        for act in self._daily:
            act()
        if world.new_week:
            for act in self._weekly:
                act()
        if world.new_month:
            if self._grown_up:
                self._grow(1.0)
            for act in self._monthly:
                act()
        self._compose()

    def _compose(self) -> None:
        """Boil a rep's states down to one factor on the chance to sign."""
        worth = self.world.rules.pressure.contact_worth
        for rep in self.world.reps:
            contact = rep.given**worth if rep.given != 1.0 else 1.0
            taken = rep.know_how * rep.ramp * rep.spill * rep.vigour * rep.notice
            rep.persuasion = contact * taken * rep.focus

    def _grow(self, months: float) -> None:
        """Add to everybody's tenure; who is new sells less until ramped up."""
        team = self.world.scenario.team
        for rep in self.world.reps:
            rep.tenure += months
            if self._exits is not None:
                along = min(rep.tenure / team.ramp_months, 1.0) if team.ramp_months > 0 else 1.0
                rep.ramp = team.ramp_start + (1.0 - team.ramp_start) * along

    def _begin(self, rep: Rep) -> None:
        """Make `rep` a newcomer with traits of their own; desk, customers and open deals stay."""
        team, base = self.world.scenario.team, self.world.win_rate
        traits = self.world.streams.sequence(f"rep.traits.{rep.index}.{rep.person}", "normal")
        rep.win = max(1.0 + team.win_rate_sd / base * bounded(next(traits)), 0.2)
        rep.speed = exp(team.speed_sd * bounded(next(traits)))
        rep.begin()
        rep.load = self.world.rules.pressure.usual_load
        rep.ramp = team.ramp_start

    def _route(self, rep: Rep, task: Task) -> Rep:
        """Return who does `task` of `rep`: a helper, or whoever covers an empty place."""
        if rep.absent:
            return self.world.cover(rep)
        if self._cooperation is not None and task.kind == "selling":
            stages = self.world.rules.market.stages
            if stages[min(task.subject.stage, len(stages) - 1)].name in SHARED:
                return self._cooperation.helper(rep)
        return rep


def bounded(z: float) -> float:
    """Return `z` within ±2.5: one absurd rep would tell a story about a draw, not about a team."""
    return min(max(z, -2.5), 2.5)
