"""The manager: reviews, culture ratings, pulse surveys, training days.

Class: assumption.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.model.desk import Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.model.funnel import Funnel
    from kpisim.model.state import Rep
    from kpisim.model.world import World

LONGEST_TRAINING = 4.0
"""Training is held in blocks of at most this many hours."""
MOST_TRAINED = 100.0
"""Hours beyond which training adds nothing more to the chance to sign."""
PULSE_AT_EASE, PULSE_SPREAD, EASY_LOAD = 4.2, 0.6, 0.8


class Manager:
    """What the manager does, by the calendar."""

    def __init__(self, world: World, funnel: Funnel) -> None:
        self.world, self.funnel = world, funnel
        streams, size = world.streams, world.scenario.team.size
        self._ratings = [streams.sequence(f"culture.rating.{r}", "normal") for r in range(size)]
        self._pulse = [streams.sequence(f"pulse.{r}", "normal") for r in range(size)]
        self._weeks = 0
        self._load_days = 0
        self.seen: Callable[[Rep], None] | None = None

    def morning(self) -> None:
        """Do what falls on the day that begins now."""
        world = self.world
        days = world.clock.days
        today = days[world.day]
        week, month = world.new_week, world.new_month
        quarter = month and (today.month - world.scenario.calendar.fiscal_year_start) % 3 == 0
        if {"week": week, "month": month, "quarter": quarter}[world.rules.reviews.every]:
            self._review()
        if month:
            self._train()
        self._load_days += 1
        if week:
            self._weeks += 1
            if self._weeks % world.rules.pressure.pulse_every_weeks == 0:
                self._ask_pulse()

    def _review(self) -> None:
        world = self.world
        hours = world.rules.reviews.hours
        for rep in world.reps:
            if rep.absent:
                continue
            due = world.env.now + world.hours
            world.assign(
                rep, Task("review", hours, self._reviewed, due, important=True, expected=hours, subject=rep)
            )

    def _reviewed(self, task: Task) -> None:
        rep: Rep = task.subject
        world = self.world
        stale = world.rules.reviews.stale_days * world.hours
        for opportunity in list(rep.silent.values()):
            if world.env.now - opportunity.silent_since >= stale:
                self.funnel.lose(opportunity, "stale")
        if self.seen is not None:
            self.seen(rep)
        error = world.rules.culture.rating_error * next(self._ratings[rep.index])
        rep.culture.append(min(max(rep.alignment + error, 0.0), 1.0))

    def _train(self) -> None:
        world = self.world
        hours = world.rules.team.training_hours
        while hours > 0:
            block = min(hours, LONGEST_TRAINING)
            for rep in world.reps:
                if rep.absent:
                    continue
                due = world.env.now + 10 * world.hours
                world.assign(
                    rep,
                    Task("training", block, self._trained, due, important=True, expected=block, subject=rep),
                )
            hours -= block

    def _trained(self, task: Task) -> None:
        rep: Rep = task.subject
        world = self.world
        world.trainings.append((rep.index, world.env.now, task.hours))
        lag = world.scenario.team.training_lag_weeks * 5 * world.hours
        world.later(lag, _take_effect, (rep, task.hours))

    def _ask_pulse(self) -> None:
        """Ask all reps how they feel; the answer falls with the load and carries no name."""
        world = self.world
        available = self._load_days * world.hours
        for rep in world.reps:
            if rep.absent:
                continue
            # In long weeks work takes fewer hours of the day's clock, and more of the evening: both are felt.
            load = rep.planned / available * rep.overtime
            felt = PULSE_AT_EASE - world.rules.pressure.pulse_load_slope * max(load - EASY_LOAD, 0.0)
            felt += PULSE_SPREAD * next(self._pulse[rep.index])
            world.surveys.append(("pulse", -1, -1, world.env.now, round(min(max(felt, 1.0), 5.0))))
            rep.planned = 0.0
        self._load_days = 0


def _take_effect(training: tuple[Rep, float]) -> None:
    rep, hours = training
    rep.trained = min(rep.trained + hours, MOST_TRAINED)
