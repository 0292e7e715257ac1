"""Hand-overs: what is left of the facts after a chain of them, by protocol.

Class: published (Bhabra et al. 2007), as published; read-back after Starmer et al. 2014.  A request is right when all
its facts survive all links, and one that comes back is asked only for what it lacks.  That a tired sender spoils some
of the right ones is our assumption.

Twelve simulated patients were handed over five times.  Kept after five: 2.5 % when spoken, 85.5 % when spoken with
notes taken, 99 % with a printed sheet.  A constant rate per link, the fifth root, is our assumption.
"""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING

from kpisim.text import UserError, did_you_mean

if TYPE_CHECKING:
    import numpy as np

    from kpisim.model.departments import Request
    from kpisim.model.world import World

RETENTION = {"spoken": 0.478, "notes": 0.969, "sheet": 0.998}
"""Chance that one fact survives one hand-over, by protocol."""


def retention(protocol: str) -> float:
    """Return the chance that a fact survives one hand-over; UserError names the nearest protocol."""
    if protocol not in RETENTION:
        raise UserError(
            "{name}: no such protocol; {remedy}", name=protocol, remedy=did_you_mean(protocol, RETENTION)
        )
    return RETENTION[protocol]


def kept(protocol: str, links: int) -> float:
    """Return the share of facts expected to survive `links` hand-overs.

    Examples
    --------
    >>> round(kept("spoken", 5), 3), round(kept("sheet", 5), 3)
    (0.025, 0.99)
    """
    return retention(protocol) ** links


def hand_over(facts: int, protocol: str, generator: np.random.Generator) -> int:
    """Return how many of `facts` survive one hand-over.

    Parameters
    ----------
    facts
        Facts known to whoever hands over.
    protocol
        ``spoken``, ``notes`` or ``sheet``.
    generator
        Where the draws come from.
    """
    return int((generator.random(facts) < retention(protocol)).sum())


CAUGHT = 1.0 - 18.8 / 24.5
"""Share of errors that reading back catches (I-PASS: 24.5 to 18.8 medical errors per 100 admissions)."""


def missing_after(missing: int, arrives: float, complete: float, luck: float) -> int:
    """Return how many facts are still missing after a hand-over that did not bring them all.

    Parameters
    ----------
    missing
        Facts that were asked for, at least 1.
    arrives
        Chance that one fact arrives, each on its own.
    complete
        Chance that all of them do, at most ``arrives ** missing``; what it falls short of that is slips, and a slip
        loses one fact.
    luck
        Where the hand-over lies among those that failed, 0 to 1: the more luck, the less arrives.

    Examples
    --------
    >>> [missing_after(4, 0.5, 0.5**4, luck) for luck in (0.0, 0.5, 0.999)]
    [1, 2, 4]
    """
    lost = 1.0 - arrives
    above = luck * (1.0 - complete) - (arrives**missing - complete)
    for count in range(1, missing):
        above -= comb(missing, count) * lost**count * arrives ** (missing - count)
        if above < 0.0:
            return count
    return missing


class Handover:
    """What of a rep's request arrives, each time it is handed over."""

    def __init__(self, world: World) -> None:
        self.world = world

    def arrived(self, request: Request, luck: float) -> bool:
        """Hand over what `request` still lacks; return whether nothing is missing any more.

        One draw a round decides it all, as where the mechanism is off: so two runs that differ in a rate stay paired.
        """
        if not request.missing:
            return True
        rules = self.world.rules.communication
        arrives = rules.keep_rate**rules.links
        complete = arrives**request.missing * request.rep.attention
        right = complete + (1.0 - complete) * CAUGHT if rules.read_back else complete
        if luck < right:
            request.missing = 0
            return True
        request.missing = missing_after(request.missing, arrives, complete, (luck - right) / (1.0 - right))
        return False
