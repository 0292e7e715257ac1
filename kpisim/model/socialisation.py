"""Culture by turnover, hiring and socialisation.

Class: published (Bhatt, "cultural carriers", which builds on Harrison & Carroll 1991), equations as published.  In
the model c is a rep's alignment.

Culture is a number on a line, a firm's culture the median of its members, time goes in months.  Each month some leave,
gaps are filled, and those who stay move towards the median::

    P(leave) = (r0 + r2) - r2 r1 √(2π) φ(c; median, r1)              r0 at perfect fit, r0 + r2 far away
    hire     : with chance s0 a new entrant c ~ N(median, s1), else an unemployed person with |c - median| < 2 s1
    c       += (median - c) b1 exp(-b2 (tenure - 1) - b3 (employments - 1))

It is a theory model: its parameters are assumptions of its author, not estimates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Culture:
    """Parameters; where the author plays a grid, a value within it stands as the default.

    Attributes
    ----------
    strength
        b1, share of the gap to the median closed in the first month [0 to 1].
    tenure_decay
        b2, per month of tenure (0.30 throughout).
    employment_decay
        b3, per earlier employment (0.10 throughout).
    base_exit
        r0, monthly chance to leave at perfect fit (0.01 or 0.05; about 0.035 in American labour statistics).
    tolerance
        r1, distance at which misfit is felt [0.1 to 1].
    misfit_exit
        r2, what far away adds to the monthly chance (0.05 throughout).
    entrants
        s0, chance that a place is filled from outside the industry (0.03 or 1).
    selectivity
        s1, spread of those hired around the median [0.1 to 1]; small means selective.
    """

    strength: float = 0.5
    tenure_decay: float = 0.30
    employment_decay: float = 0.10
    base_exit: float = 0.01
    tolerance: float = 0.5
    misfit_exit: float = 0.05
    entrants: float = 1.0
    selectivity: float = 0.5


PUBLISHED = Culture()


def exit_chance(values: ArrayLike, median: float, culture: Culture = PUBLISHED) -> NDArray[np.float64]:
    """Return each member's chance to leave this month.

    Parameters
    ----------
    values
        Members' c.
    median
        The firm's culture.
    culture
        Parameters.
    """
    z = (np.asarray(values, dtype=float) - median) / culture.tolerance
    # r1 √(2π) φ(c; median, r1) is a bell of height 1.
    left: NDArray[np.float64] = culture.base_exit + culture.misfit_exit * (1 - np.exp(-0.5 * z * z))
    return left


def hire(
    places: int,
    median: float,
    generator: np.random.Generator,
    unemployed: ArrayLike = (),
    culture: Culture = PUBLISHED,
) -> tuple[NDArray[np.float64], list[int]]:
    """Fill `places`.

    Parameters
    ----------
    places
        How many are hired.
    median
        The firm's culture.
    generator
        Where the draws come from.
    unemployed
        c of those who look for work; one who is taken is not taken twice.
    culture
        Parameters.

    Returns
    -------
    values, taken
        c of those hired, and for those who were unemployed their places in `unemployed`.
    """
    pool = np.asarray(unemployed, dtype=float)
    near = np.flatnonzero(np.abs(pool - median) < 2 * culture.selectivity).tolist()
    values = np.empty(places)
    taken: list[int] = []
    for place in range(places):
        if near and generator.random() >= culture.entrants:
            chosen = near.pop(int(generator.integers(len(near))))
            taken.append(chosen)
            values[place] = pool[chosen]
        else:
            values[place] = generator.normal(median, culture.selectivity)
    return values, taken


def susceptibility(
    tenure: ArrayLike, employments: ArrayLike = 1, culture: Culture = PUBLISHED
) -> NDArray[np.float64]:
    """Return the share of the gap to the median that a member closes this month.

    Parameters
    ----------
    tenure
        Months in the firm, 1 in the first.
    employments
        Firms worked for so far, this one included.
    culture
        Parameters.
    """
    months = np.asarray(tenure, dtype=float) - 1
    firms = np.asarray(employments, dtype=float) - 1
    share: NDArray[np.float64] = culture.strength * np.exp(
        -culture.tenure_decay * months - culture.employment_decay * firms
    )
    return share


def socialise(
    values: ArrayLike,
    median: float,
    tenure: ArrayLike,
    employments: ArrayLike = 1,
    culture: Culture = PUBLISHED,
) -> NDArray[np.float64]:
    """Return members' c after a month of socialisation.

    Parameters
    ----------
    values
        Members' c.
    median
        The firm's culture.
    tenure, employments
        As in `susceptibility`.
    culture
        Parameters.
    """
    now = np.asarray(values, dtype=float)
    moved: NDArray[np.float64] = now + (median - now) * susceptibility(tenure, employments, culture)
    return moved
