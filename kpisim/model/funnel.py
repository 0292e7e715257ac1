"""Opportunities: rep time, customer time, ageing, silence, and the decision.

Class: the response curve of web leads is ours, derived from ratios in two vendor studies; stage times and chances are
assumptions of the scenario.
"""

from __future__ import annotations

from math import exp, isnan, log2
from typing import TYPE_CHECKING

from kpisim.model.desk import Task
from kpisim.model.laws import mixed
from kpisim.model.state import NAN, Account, Opportunity

if TYPE_CHECKING:
    from kpisim.model.state import Rep
    from kpisim.model.world import World

# Where an opportunity finds its own luck.  Up to four stages use positions +0 to +3.
U_WEB, U_SILENCE, U_PASS, U_DESK, U_PULL, U_WHEN, U_HOLD = 0, 1, 5, 9, 13, 14, 15
U_CANCEL, U_SURVEY, U_COMPLAINT, U_REFERRAL, U_BAD_DEBT, U_CHURN, U_RETURN = 16, 17, 18, 19, 20, 21, 22
Z_VALUE, Z_HOURS, Z_CUSTOMER, Z_SATISFACTION = 0, 1, 5, 9
UNIFORMS, NORMALS, EXPONENTIALS = 24, 10, 9
E_LATE, E_COMPLAINT, E_NEXT, E_REFERRAL = 0, 1, 2, 3
E_DESK, E_DELIVERY = 4, 8

RESPONSE_REFERENCE = 0.5
"""Working hours after which a web lead starts to cool (the first half hour counts as at once)."""
MOST_LIKELY = 0.97
EXPERIENCE = 200
"""Tasks of each kind a rep has done before the start; the learning curve continues from there."""
LEAD_DUE_DAYS, STAGE_DUE_DAYS = 1.0, 3.0
OFFER_STAGES = 2
"""An existing customer comes in at the last so many stages."""


class Funnel:
    """The life of an opportunity from lead to signature or loss."""

    def __init__(self, world: World) -> None:
        self.world = world
        streams, size = world.streams, world.scenario.team.size
        self._u = [streams.rows(f"lead.u.{r}", "uniform", UNIFORMS) for r in range(size)]
        self._z = [streams.rows(f"lead.z.{r}", "normal", NORMALS) for r in range(size)]
        self._e = [streams.rows(f"lead.e.{r}", "exponential", EXPONENTIALS) for r in range(size)]
        # Filled in by the model: who carries on after a signature, where requests go, what effort adds.
        self.won: WonHandler
        self.lost: LostHandler
        self.ask: AskHandler
        self.effort: EffortHandler
        self.hold: HoldHandler
        self.accepts: AcceptHandler | None = None

    # --- openings ---

    def lead(self, rep: Rep, owner: Rep, number: int, source: str | None = None) -> None:
        """Open the opportunity of lead `number` in `owner`'s territory, worked by `rep`."""
        market = self.world.rules.market
        u = self._u[owner.index].of(number)
        account = Account(len(self.world.accounts), owner.index * 1_000_000 + number, rep, NAN, 4.0)
        self.world.accounts.append(account)
        if source is None:
            source = "web" if u[U_WEB] < market.web_share else "field"
        z, e = self._z[owner.index].of(number), self._e[owner.index].of(number)
        self._open(rep, account, source, 1.0, existing=False, u=u, z=z, e=e, first=0)

    def repeat(self, account: Account, u: list[float], z: list[float], e: list[float]) -> Opportunity:
        """Open and return the opportunity of an existing customer, who enters late in the funnel."""
        stages = self.world.rules.market.stages
        factor = self.world.rules.market.repeat_value
        return self._open(
            account.rep,
            account,
            "existing",
            factor,
            existing=True,
            u=u,
            z=z,
            e=e,
            first=max(len(stages) - OFFER_STAGES, 0),
        )

    def _open(  # noqa: PLR0913
        self,
        rep: Rep,
        account: Account,
        source: str,
        factor: float,
        *,
        existing: bool,
        u: list[float],
        z: list[float],
        e: list[float],
        first: int,
    ) -> Opportunity:
        world = self.world
        market = world.rules.market
        if market.small_share:
            kind = (market.small_share, market.small_value, market.small_sigma)
            value = factor * mixed(z[Z_VALUE], kind, (market.deal_value, market.deal_sigma))
        else:
            value = market.deal_value * factor * exp(market.deal_sigma * z[Z_VALUE])
        value = round_as_people_do(value)
        opportunity = Opportunity(
            len(world.opportunities), rep, account, source, world.env.now, value, existing, u, z, e
        )
        world.opportunities.append(opportunity)
        opportunity.stage = first
        self._work(opportunity)
        return opportunity

    # --- stages ---

    def _work(self, opportunity: Opportunity) -> None:
        """Hand the stage's work to the rep."""
        world = self.world
        market = world.rules.market
        number = opportunity.stage
        now = world.env.now
        world.stage_changes.append((opportunity.index, number, now))
        mean = market.stages[number].rep_hours
        sigma = market.hours_sigma
        rep = opportunity.rep
        hours = (
            mean
            * exp(sigma * opportunity.z[Z_HOURS + number] - 0.5 * sigma * sigma)
            * self.pace(rep, "selling")
        )
        asked, hours = hours, hours * rep.given
        days = LEAD_DUE_DAYS if number == 0 else STAGE_DUE_DAYS
        important = opportunity.value >= market.deal_value or number == len(market.stages) - 1
        due = now + days * world.hours
        world.assign(
            rep,
            Task(
                "selling",
                hours,
                self._worked,
                due,
                opportunity.value,
                important=important,
                expected=mean,
                subject=opportunity,
            ),
            # Load is counted at the scenario's own norm, not at what is left of it.
            asked,
        )

    def pace(self, rep: Rep, kind: str) -> float:
        """Return the factor on handling hours from the rep's own speed and learning."""
        return rep.pace.get(kind, rep.speed) * rep.stretch

    def learn(self, rep: Rep, kind: str, finished: int = 1) -> None:
        """Count finished tasks of `kind`; every tenth one moves the rep along the learning curve."""
        before = rep.done.get(kind, 0)
        seen = rep.done[kind] = before + finished
        if seen // 10 > before // 10:
            saved = self.world.scenario.team.learning_rate
            rep.pace[kind] = rep.speed * (1.0 + seen // 10 * 10 / EXPERIENCE) ** log2(1.0 - saved)

    def _worked(self, task: Task) -> None:
        opportunity: Opportunity = task.subject
        rep = opportunity.rep
        self.learn(rep, "selling")
        if opportunity.status != "open":
            return  # the customer has left meanwhile
        if opportunity.stage == 0 and opportunity.source == "web":
            opportunity.interest = self._interest(task.started - task.created)
        self.ask(opportunity)

    def _interest(self, wait: float) -> float:
        """Return what is left of a web lead's interest after `wait` working hours: t^-1.70 with a floor."""
        market = self.world.rules.market
        if wait <= RESPONSE_REFERENCE:
            return 1.0
        left: float = (wait / RESPONSE_REFERENCE) ** -market.response_exponent
        return max(left, market.response_floor)

    def answer(self, opportunity: Opportunity) -> None:
        """Let the customer think; they may never answer."""
        world = self.world
        market = world.rules.market
        number = opportunity.stage
        now = world.env.now
        if opportunity.u[U_SILENCE + number] < market.silence:
            opportunity.silent_since = now
            opportunity.rep.silent[opportunity.index] = opportunity
            world.later(market.silence_days * world.hours, self._forget, opportunity)
            return
        stage, z = market.stages[number], opportunity.z[Z_CUSTOMER + number]
        sigma = market.customer_sigma if stage.customer_sigma is None else stage.customer_sigma
        if stage.quick_share:
            quick = (stage.quick_share, stage.quick_days, stage.quick_sigma)
            delay = world.hours * mixed(z, quick, (stage.customer_days, sigma))
        else:
            delay = stage.customer_days * world.hours * exp(sigma * z)
        opportunity.decides = now + delay
        if number == len(market.stages) - 1:
            opportunity.rep.pending[opportunity.index] = opportunity
        world.later(delay, self._decide, opportunity)

    def reschedule(self, opportunity: Opportunity, delay: float) -> None:
        """Move the customer's decision; the old date no longer counts."""
        opportunity.decides = self.world.env.now + delay
        # The event fires at exactly now + delay, which _decide compares with `decides`.
        self.world.later(delay, self._decide, opportunity)

    def _decide(self, opportunity: Opportunity) -> None:
        now = self.world.env.now
        if opportunity.status != "open" or opportunity.decides != now:
            return
        stages = self.world.rules.market.stages
        number = min(opportunity.stage, len(stages) - 1)
        last = number == len(stages) - 1
        if opportunity.held:
            opportunity.rep.pending.pop(opportunity.index, None)
            self._sign(opportunity)
            return
        luck, chance = opportunity.u[U_PASS + number], self.chance(opportunity, number, last=last)
        if luck >= chance:
            if last and self.accepts is not None and self.accepts(opportunity, luck, chance):
                opportunity.weak = True
                self._sign(opportunity)
            else:
                self.lose(opportunity, "customer")
        elif not last:
            opportunity.stage += 1
            self._work(opportunity)
        elif not self.hold(opportunity):
            self._sign(opportunity)

    def chance(self, opportunity: Opportunity, number: int, *, last: bool) -> float:
        """Return the chance to pass stage `number` now."""
        market = self.world.rules.market
        p = market.stages[number].pass_rate
        if number == 0:
            p *= opportunity.interest
        if not last:
            return p
        rep = opportunity.rep
        age = (self.world.env.now - opportunity.created) / self.world.hours
        odds = p / (1.0 - p) if p < 1 else 1e9
        odds *= 0.5 ** (age / market.age_half_life_days)
        if opportunity.existing:
            odds *= market.existing_odds
        trained = 1.0 + self.world.scenario.team.training_effect * rep.trained
        chance: float = odds / (1.0 + odds) * rep.win * trained * (1.0 + self.effort(rep)) * rep.persuasion
        return min(chance, MOST_LIKELY)

    def _sign(self, opportunity: Opportunity) -> None:
        opportunity.status = "won"
        opportunity.closed = self.world.env.now
        opportunity.rep.pending.pop(opportunity.index, None)
        opportunity.rep.won += 1
        self.won(opportunity)

    def lose(self, opportunity: Opportunity, reason: str) -> None:
        """Close `opportunity` as lost."""
        if opportunity.status != "open":
            return
        opportunity.status, opportunity.reason = "lost", reason
        opportunity.closed = self.world.env.now
        rep = opportunity.rep
        rep.pending.pop(opportunity.index, None)
        rep.silent.pop(opportunity.index, None)
        rep.lost += 1
        self.lost(opportunity)

    def _forget(self, opportunity: Opportunity) -> None:
        if opportunity.status == "open" and not isnan(opportunity.silent_since):
            self.lose(opportunity, "silence")


def round_as_people_do(value: float) -> float:
    """Return `value` with two leading digits, as people quote prices."""
    return float(f"{value:.1e}")


if TYPE_CHECKING:
    from collections.abc import Callable

    WonHandler = Callable[[Opportunity], None]
    LostHandler = Callable[[Opportunity], None]
    AskHandler = Callable[[Opportunity], None]
    EffortHandler = Callable[[Rep], float]
    HoldHandler = Callable[[Opportunity], bool]
    AcceptHandler = Callable[[Opportunity, float, float], bool]
