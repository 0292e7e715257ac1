"""March's model of mutual learning between an organisation's code and its members, re-run to check directions.

Rules and their order as in the NetLogo translation by Watts (2014) of March's BASIC program, which agrees with the paper
in direction but not in scale; nothing of the sales model is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

REALITY = 30
"""Dimensions of reality, each +1 or -1."""
MEMBERS = 50


@dataclass(frozen=True, slots=True)
class Rule:
    """Chances per period.

    Attributes
    ----------
    learn
        P1: a member takes over an entry of the code (speed of socialisation).
    code
        P2: how readily the code follows those who know better.
    turnover
        P3: a member is replaced by a newcomer with random beliefs.
    turbulence
        P4: an entry of reality turns over.
    """

    learn: float
    code: float
    turnover: float = 0.0
    turbulence: float = 0.0


def knowledge(rule: Rule, periods: int, runs: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """Return the share of reality that the code has right, one row a run, one column a period.

    Parameters
    ----------
    rule
        Chances.
    periods
        Length of a run.
    runs
        Organisations, played side by side.
    generator
        Where the draws come from.
    """
    shape = (runs, MEMBERS, REALITY)
    reality = generator.choice(np.array([-1, 1], dtype=np.int8), size=(runs, REALITY))
    beliefs = generator.integers(-1, 2, size=shape, dtype=np.int8)
    code = np.zeros((runs, REALITY), dtype=np.int8)
    known = np.empty((runs, periods))
    for period in range(periods):
        if rule.turbulence:
            reality = np.where(generator.random(reality.shape) < rule.turbulence, -reality, reality)
        if rule.turnover:
            gone = generator.random((runs, MEMBERS)) < rule.turnover
            beliefs[gone] = generator.integers(-1, 2, size=(int(gone.sum()), REALITY), dtype=np.int8)
        known[:, period] = (code == reality).mean(axis=1)
        # Who knows better is judged by right less wrong entries, knowledge is shown as the share that is right.
        score = (beliefs * reality[:, None, :]).sum(axis=2, dtype=np.int32)
        better = score > (code * reality).sum(axis=1, dtype=np.int32)[:, None]
        net = np.einsum("rm,rmd->rd", better.astype(np.int32), beliefs.astype(np.int32))
        told = code[:, None, :]
        takes = (beliefs != told) & (told != 0) & (generator.random(shape, dtype=np.float32) < rule.learn)
        # One of the opposite belief first doubts; so does the code.
        beliefs = np.where(takes, np.where(beliefs == 0, told, np.int8(0)), beliefs)
        moves = (np.sign(net) != code) & (net != 0)
        moves &= generator.random(code.shape) < 1 - (1 - rule.code) ** np.abs(net)
        code = np.where(moves, np.where(code == 0, np.sign(net), 0), code).astype(np.int8)
    return known
