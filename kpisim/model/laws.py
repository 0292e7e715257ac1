"""Laws that times and values are drawn by, each from one normal number.

Class: exact.  A mixture of two lognormals takes its share from the lowest part of the normal number's range, so that one
number decides both which kind it is and how large: more luck moves no other number, and a larger number never gives a
smaller result of the same kind.
"""

from __future__ import annotations

from math import exp
from statistics import NormalDist

_NORMAL = NormalDist()
_EDGE = 1e-15
"""Keeps a chance inside 0 and 1, where the normal has no number."""


def lognormal(z: float, median: float, sigma: float) -> float:
    """Return the number of a lognormal that stands where `z` stands in a standard normal."""
    return median * exp(sigma * z)


def mixed(z: float, first: tuple[float, float, float], second: tuple[float, float]) -> float:
    """Return a number of a mixture of two lognormals.

    Parameters
    ----------
    z
        A standard normal number.
    first
        Share, median and sigma of the first kind.
    second
        Median and sigma of the second kind.

    Examples
    --------
    >>> mixed(-0.5, (0.0, 1.0, 1.0), (3.0, 0.0)), mixed(-0.5, (0.4, 1.0, 0.0), (3.0, 0.0))
    (3.0, 1.0)
    """
    share, low, low_sigma = first
    if not share:
        return lognormal(z, *second)
    chance = _NORMAL.cdf(z)
    if chance < share:
        return lognormal(_NORMAL.inv_cdf(max(chance / share, _EDGE)), low, low_sigma)
    rest = min(max((chance - share) / (1.0 - share), _EDGE), 1.0 - _EDGE)
    return lognormal(_NORMAL.inv_cdf(rest), *second)


def mixed_moments(first: tuple[float, float, float], second: tuple[float, float]) -> tuple[float, float]:
    """Return mean and mean square of a mixture of two lognormals, parameters as in `mixed`."""
    share, low, low_sigma = first
    median, sigma = second
    mean, square = median * exp(0.5 * sigma * sigma), median**2 * exp(2 * sigma * sigma)
    if not share:
        return mean, square
    return (
        share * low * exp(0.5 * low_sigma * low_sigma) + (1.0 - share) * mean,
        share * low**2 * exp(2 * low_sigma * low_sigma) + (1.0 - share) * square,
    )
