"""95 % intervals in closed form: Wilson for rates, Student's t for means."""

from __future__ import annotations

import math
from functools import lru_cache

Z95 = 1.959963984540054


def wilson(hits: float, n: float) -> tuple[float, float]:
    """Return the Wilson score interval of a rate.

    Parameters
    ----------
    hits
        Cases that count, 0 to `n`.
    n
        All cases, above 0.

    Examples
    --------
    >>> [round(edge, 4) for edge in wilson(3, 10)]
    [0.1078, 0.6032]
    """
    rate, z2 = hits / n, Z95 * Z95
    centre = (rate + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * math.sqrt(rate * (1 - rate) / n + z2 / (4 * n * n))
    return (0.0 if hits == 0 else centre - half), (1.0 if hits == n else centre + half)


def mean_interval(mean: float, sd: float, n: int) -> tuple[float, float] | None:
    """Return the t interval of a mean, None for fewer than two cases.

    Parameters
    ----------
    mean, sd
        Mean and standard deviation (n - 1) of the cases.
    n
        Number of cases.
    """
    if n < 2:
        return None
    half = t95(n - 1) * sd / math.sqrt(n)
    return mean - half, mean + half


@lru_cache(maxsize=1024)
def t95(df: int) -> float:
    """Return the 97.5 % quantile of Student's t, found by bisection on its exact distribution function.

    scipy has it, but importing scipy takes longer than all KPIs of a run.

    Examples
    --------
    >>> round(t95(2), 4), round(t95(29), 4)
    (4.3027, 2.0452)
    """
    if df > 1000:
        # The first terms of the Cornish-Fisher expansion; off by less than 1e-8 from here on.
        return Z95 + (Z95**3 + Z95) / (4 * df) + (5 * Z95**5 + 16 * Z95**3 + 3 * Z95) / (96 * df * df)
    low, high = 1.9, 13.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _two_sided(middle, df) < 0.95 else (low, middle)
    return (low + high) / 2


def _two_sided(x: float, df: int) -> float:
    """Return P(-x < T < x) (Abramowitz and Stegun 26.7.3 and 26.7.4)."""
    angle = math.atan(x / math.sqrt(df))
    sine, cosine = math.sin(angle), math.cos(angle)
    if df == 1:
        return 2 * angle / math.pi
    odd = df % 2
    term = cosine if odd else 1.0
    total = term
    for k in range(3 if odd else 2, df, 2):
        term *= (k - 1) / k * cosine * cosine
        total += term
    return 2 / math.pi * (angle + sine * total) if odd else sine * total


__all__ = ["Z95", "mean_interval", "t95", "wilson"]
