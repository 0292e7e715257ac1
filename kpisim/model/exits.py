"""Mechanism 13: reps leave, places stay empty for a while, newcomers ramp up.

Class: assumption with benchmarks.  Each month a rep decides to leave with hazard::

    h = r/12 · exp(b_strain · energy lost + b_pay · pay gap + b_contagion · share gone last quarter) + misfit

The pay gap compares what the plan in force pays for their skill with an outside option that rises with skill, so a cut
drives out the best.  Where the scenario names outside pay, or reps dislike risk, the plan counts with its certainty
equivalent: pay that swings must be higher to keep people (Holmström & Milgrom).  Who goes works out the notice with half a
heart, the place stays empty, colleagues cover, and whoever comes next begins without know-how and without customers'
trust.
"""

from __future__ import annotations

from functools import partial
from math import exp
from typing import TYPE_CHECKING

from kpisim.model.payroll import pay_at_quota
from kpisim.model.state import Person
from kpisim.model.worth import worth

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.model.payroll import Payroll
    from kpisim.model.state import Rep
    from kpisim.model.world import World
    from kpisim.scenario.incentive import Incentive

QUARTER_DAYS = 63
"""Working days over which departures are remembered."""
NEVER = 10**9


class Exits:
    """Who leaves, and who comes."""

    def __init__(self, world: World, payroll: Payroll, newcomers: list[Callable[[Rep], None]]) -> None:
        self.world, self.payroll, self._newcomers = world, payroll, newcomers
        size = len(world.reps)
        self._lots = [world.streams.sequence(f"exit.{r}", "uniform") for r in range(size)]
        self._leaves = [NEVER] * size
        self._comes = [NEVER] * size
        self._gone: list[int] = []
        self._next = NEVER
        first = self._own(world.scenario.incentive, world.scenario.kpi.quota)
        self._elsewhere = first(1.0)

    def _own(self, plan: Incentive, quota: float) -> Callable[[float], float]:
        """Return what a month under `plan` is worth to a rep, by skill [money].

        Without outside pay and aversion to risk it is the pay for `skill` times the quota, as if there were no luck.
        """
        team = self.world.scenario.team
        if team.outside_pay is None and team.risk_aversion == 0.0:
            return partial(pay_at_quota, plan, quota, team.size)
        return worth(self.world.scenario, plan, quota).of

    def monthly(self) -> None:
        """Let everybody think about leaving."""
        world = self.world
        team = world.scenario.team
        outside = team.outside_pay or self._elsewhere
        own = self._own(self.payroll.plan, world.rules.kpi.quota)
        recent = sum(day > world.day - QUARTER_DAYS for day in self._gone) / len(world.reps)
        for rep in world.reps:
            lot = next(self._lots[rep.index])
            if rep.absent or self._leaves[rep.index] != NEVER:
                continue
            skill = rep.win * rep.know_how
            gap = outside * skill**team.outside_by_skill / max(own(skill), 1.0) - 1.0
            strength = (
                team.exit_strain * rep.tired
                + team.exit_pay * min(max(gap, -0.5), 1.0)
                + team.exit_contagion * recent
            )
            if lot < 1.0 - exp(-team.exit_rate / 12.0 * exp(strength) - rep.misfit):
                self._leaves[rep.index] = world.day + 5 * team.notice_weeks
                self._next = min(self._next, self._leaves[rep.index])
                rep.notice = team.notice_output

    def daily(self) -> None:
        """Let those go, and come, whose day it is."""
        if self.world.day < self._next:
            return
        for rep in self.world.reps:
            r = rep.index
            if self._leaves[r] <= self.world.day:
                self._leave(rep)
            if self._comes[r] <= self.world.day:
                self._come(rep)
        self._next = min(*self._leaves, *self._comes)

    def _leave(self, rep: Rep) -> None:
        world = self.world
        r = rep.index
        self._leaves[r] = NEVER
        if sum(not one.absent for one in world.reps) == 1:
            rep.notice = 1.0  # the last one stays: somebody must do the work
            return
        self._gone.append(world.day)
        self._comes[r] = world.day + 5 * world.scenario.team.vacancy_weeks
        self.payroll.leave(rep)
        world.people[rep.person].left = world.env.now
        rep.absent = True

    def _come(self, rep: Rep) -> None:
        world = self.world
        self._comes[rep.index] = NEVER
        rep.person = len(world.people)
        world.people.append(Person(rep.index, world.env.now))
        rep.absent = False
        for welcome in self._newcomers:
            welcome(rep)
        self.payroll.join(rep)
