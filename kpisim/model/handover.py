"""Hand-overs: what is left of the facts after a chain of them, by protocol.

Class: published (Bhabra et al. 2007), as published; read-back after Starmer et al. 2014.  A request is right when all
its facts survive all links; that a tired sender spoils some of the right ones is our assumption.

Twelve simulated patients were handed over five times.  Kept after five: 2.5 % when spoken, 85.5 % when spoken with
notes taken, 99 % with a printed sheet.  A constant rate per link, the fifth root, is our assumption.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.text import UserError, did_you_mean

if TYPE_CHECKING:
    import numpy as np

    from kpisim.model.state import Rep
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


class Handover:
    """How likely a request of a rep arrives complete."""

    def __init__(self, world: World) -> None:
        self.world = world

    def right(self, rep: Rep) -> float:
        """Return the chance that all facts of a request of `rep` arrive."""
        rules = self.world.rules.communication
        complete: float = rules.keep_rate ** (rules.facts * rules.links) * rep.attention
        return complete + (1.0 - complete) * CAUGHT if rules.read_back else complete
