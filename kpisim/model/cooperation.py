"""Mechanism 11: help at shared steps, talks in pairs, peers who are seen.

Class: effects emerge from who helps and from skill that moves; the size of a peer's pull is published for cashiers and an
assumption here.  Helping is a choice: a rep helps when what the team's result brings them, and what helping is worth to
somebody who shares the team's values, outweigh what rivals for their time bring.  Pair talks move know-how from the
stronger to the weaker, and know-how stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.model.desk import Task
from kpisim.model.rewards import rewards

if TYPE_CHECKING:
    from kpisim.model.payroll import Payroll
    from kpisim.model.state import Rep
    from kpisim.model.world import World

SHARED = frozenset({"proposal"})
"""Stages that a colleague can take over."""
AHEAD = 3
"""A colleague steps in who has at least this many tasks fewer waiting."""
NEIGHBOURLY = 0.5
"""What helping is worth to full alignment, against serving customers."""


class Cooperation:
    """Help, talks and peers."""

    def __init__(self, world: World, payroll: Payroll) -> None:
        self.world, self.payroll = world, payroll
        self._week = 0

    # --- help ---

    def monthly(self) -> None:
        """Let every rep decide whether to help, and see the peers."""
        world = self.world
        rules = world.rules
        reward = rewards(rules, self.payroll.plan, self.payroll.months, len(world.reps))
        there = [rep for rep in world.reps if not rep.absent]
        total = sum(rep.win * rep.know_how * rep.ramp for rep in there)
        for rep in there:
            willing = reward.team + NEIGHBOURLY * rules.culture.intrinsic * rep.alignment
            rep.helps = willing > rules.workload.rivalry * reward.sales
            if rules.culture.peers_seen and len(there) > 1:
                peers = (total - rep.win * rep.know_how * rep.ramp) / (len(there) - 1)
                rep.spill = max(1.0 + rules.culture.peers_seen * (peers - 1.0), 0.1)
            else:
                rep.spill = 1.0

    def helper(self, rep: Rep) -> Rep:
        """Return who does a shared step of `rep`: the rep, or a colleague who has time and helps."""
        mine = rep.desk.look()
        if mine < AHEAD:
            return rep
        best, fewest = rep, mine - AHEAD + 1
        for colleague in self.world.reps:
            if colleague.helps and not colleague.absent and colleague is not rep:
                load = colleague.desk.look()
                if load < fewest:
                    best, fewest = colleague, load
                    if not load:
                        break  # nobody has less
        return best

    # --- talks ---

    def weekly(self) -> None:
        """Set the dates of the week's talks; everybody meets everybody in turn."""
        world = self.world
        hours = world.rules.reviews.pair_talk_hours
        self._week += 1
        if hours == 0:
            return
        there = [rep for rep in world.reps if not rep.absent]
        due = world.env.now + 5 * world.hours
        for one, other in _pairs(there, self._week):
            for rep, partner in ((one, other), (other, one)):
                world.assign(
                    rep,
                    Task(
                        "talk",
                        hours,
                        self._talked,
                        due,
                        important=True,
                        expected=hours,
                        subject=(rep, partner),
                    ),
                )

    def _talked(self, task: Task) -> None:
        rep, partner = task.subject
        mine, theirs = rep.win * rep.know_how, partner.win * partner.know_how
        if theirs > mine:
            kept = (1.0 - self.world.rules.reviews.pair_talk_transfer) ** task.expected
            rep.know_how *= (theirs - (theirs - mine) * kept) / mine


def _pairs(reps: list[Rep], round_: int) -> list[tuple[Rep, Rep]]:
    """Return the pairs of a round-robin tournament's round; with an odd number one stays alone."""
    circle: list[Rep | None] = [*reps, None] if len(reps) % 2 else [*reps]
    if len(circle) < 2:
        return []
    turn = round_ % (len(circle) - 1)
    moved = [circle[0], *circle[1:][-turn:], *circle[1:][:-turn]] if turn else circle
    half = len(moved) // 2
    pairs = zip(moved[:half], reversed(moved[half:]), strict=True)
    return [(one, other) for one, other in pairs if one is not None and other is not None]
