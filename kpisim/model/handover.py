"""Hand-overs: what is left of the facts after a chain of them, by protocol.

Class: published (Bhabra et al. 2007), as published; the model takes it up in a later step.  (The model's own requests
between departments already lose facts at a rate given in the scenario; this is the table of rates and the chain.)

Twelve simulated patients were handed over five times.  Kept after five: 2.5 % when spoken, 85.5 % when spoken with
notes taken, 99 % with a printed sheet.  A constant rate per link, the fifth root, is our assumption.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.text import UserError, did_you_mean

if TYPE_CHECKING:
    import numpy as np

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
