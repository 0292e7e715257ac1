"""Which law durations and values follow: chosen by BIC among five, one of them a mixture of two lognormals."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi, sqrt
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

LEAST = 20
"""Fewer numbers than this are not fitted."""
ALL_BUT_EQUAL = 0.01
"""Spread of the logarithms up to which numbers count as one and the same, such as meetings that always take an hour."""
ROUNDS = 300
"""Steps of expectation and maximisation at most."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A fitted law of positive numbers.

    Attributes
    ----------
    law
        ``exponential``, ``lognormal``, ``gamma``, ``weibull`` or ``two lognormals``: the one with the least BIC.
    parameters
        Of `law`: scale; mu and sigma; shape and scale; weight, mu1, sigma1, mu2, sigma2, the smaller mu first.
    errors
        Standard errors of the parameters of two lognormals; empty for the other laws.
    bic
        BIC of every law.
    median, mu, sigma
        Median; mean and standard deviation of the logarithm, whatever the law.
    n
        How many numbers.
    """

    law: str
    parameters: tuple[float, ...]
    bic: dict[str, float]
    median: float
    mu: float
    sigma: float
    n: int
    errors: tuple[float, ...] = ()

    @property
    def mu_error(self) -> float:
        """Standard error of `mu`."""
        return self.sigma / sqrt(self.n)

    @property
    def sigma_error(self) -> float:
        """Standard error of `sigma` (for a lognormal)."""
        return self.sigma / sqrt(2 * self.n)

    def log_density(self, values: ArrayLike, law: str | None = None) -> NDArray[np.float64]:
        """Return the log density of `values` under `law` (the chosen one by default) as fitted."""
        x = np.asarray(values, dtype=float)
        return _log_density(
            law or self.law, self.parameters if law in {None, self.law} else _fitted(law or "", self), x
        )


def _fitted(law: str, shape: Shape) -> tuple[float, ...]:
    if law == "lognormal":
        return (shape.mu, shape.sigma)
    # The mean of the chosen law is not needed: an exponential is fixed by the median.
    return (shape.median / log(2.0),)


def fit_shape(values: ArrayLike) -> Shape | None:
    """Fit all laws to positive `values`; None for fewer than 20.

    Parameters
    ----------
    values
        Durations or amounts; zeros, negative numbers and gaps are left out.
    """
    x = np.asarray(values, dtype=float)
    x = x[np.isfinite(x) & (x > 0)]
    if len(x) < LEAST:
        return None
    logs = np.log(x)
    mu, sigma = float(logs.mean()), max(float(logs.std(ddof=1)), 1e-9)
    found: dict[str, tuple[float, ...]] = {"exponential": (float(x.mean()),), "lognormal": (mu, sigma)}
    if sigma > ALL_BUT_EQUAL:
        gamma_shape, _, gamma_scale = stats.gamma.fit(x, floc=0)
        weibull_shape, _, weibull_scale = stats.weibull_min.fit(x, floc=0)
        found |= {
            "gamma": (float(gamma_shape), float(gamma_scale)),
            "weibull": (float(weibull_shape), float(weibull_scale)),
            "two lognormals": _mixture(logs),
        }
    bic = {
        law: float(len(numbers) * log(len(x)) - 2.0 * _log_density(law, numbers, x).sum())
        for law, numbers in found.items()
    }
    best = min(bic, key=lambda law: bic[law])
    errors = _mixture_errors(logs, found[best]) if best == "two lognormals" else ()
    return Shape(best, found[best], bic, float(np.median(x)), mu, sigma, len(x), errors)


def _log_density(law: str, numbers: tuple[float, ...], x: NDArray[np.float64]) -> NDArray[np.float64]:
    if law == "exponential":
        return np.asarray(-x / numbers[0] - log(numbers[0]))
    if law == "lognormal":
        return _log_lognormal(np.log(x), *numbers)
    if law == "gamma":
        return np.asarray(stats.gamma.logpdf(x, numbers[0], scale=numbers[1]))
    if law == "weibull":
        return np.asarray(stats.weibull_min.logpdf(x, numbers[0], scale=numbers[1]))
    weight, mu1, sigma1, mu2, sigma2 = numbers
    logs = np.log(x)
    first = log(weight) + _log_lognormal(logs, mu1, sigma1)
    second = log(1.0 - weight) + _log_lognormal(logs, mu2, sigma2)
    return np.asarray(np.logaddexp(first, second))


def _log_lognormal(logs: NDArray[np.float64], mu: float, sigma: float) -> NDArray[np.float64]:
    z = (logs - mu) / sigma
    return np.asarray(-0.5 * z * z - log(sigma * sqrt(2 * pi)) - logs)


def _mixture(logs: NDArray[np.float64]) -> tuple[float, ...]:
    """Return weight, mu1, sigma1, mu2, sigma2 of two normals in the logarithms, by expectation and maximisation."""
    low, high = np.quantile(logs, [0.2, 0.8])
    spread = max(float(logs.std()), 1e-3)
    weight, mus, sigmas = 0.5, np.array([low, high]), np.array([spread, spread])
    for _ in range(ROUNDS):
        dense = np.exp(-0.5 * ((logs[:, None] - mus) / sigmas) ** 2) / sigmas * np.array([weight, 1 - weight])
        share = dense / np.maximum(dense.sum(axis=1, keepdims=True), 1e-300)
        total = np.maximum(share.sum(axis=0), 1e-9)
        after = (share * logs[:, None]).sum(axis=0) / total
        # A component that shrinks on ties would win by cheating: it keeps a width.
        sigmas = np.maximum(
            np.sqrt((share * (logs[:, None] - after) ** 2).sum(axis=0) / total), 0.05 * spread
        )
        weight = float(np.clip(total[0] / len(logs), 1e-4, 1 - 1e-4))
        moved = float(np.abs(after - mus).max())
        mus = after
        if moved < 1e-6:
            break
    if mus[0] > mus[1]:
        weight, mus, sigmas = 1.0 - weight, mus[::-1], sigmas[::-1]
    return (weight, float(mus[0]), float(sigmas[0]), float(mus[1]), float(sigmas[1]))


def _mixture_errors(logs: NDArray[np.float64], numbers: tuple[float, ...]) -> tuple[float, ...]:
    """Return the standard errors of a mixture's parameters from the outer product of its scores (Berndt et al. 1974)."""
    weight, mu1, sigma1, mu2, sigma2 = numbers
    z1, z2 = (logs - mu1) / sigma1, (logs - mu2) / sigma2
    one = log(weight) - 0.5 * z1 * z1 - log(sigma1)
    two = log(1.0 - weight) - 0.5 * z2 * z2 - log(sigma2)
    first = np.exp(one - np.logaddexp(one, two))
    second = 1.0 - first
    scores = np.array(
        [
            first / weight - second / (1.0 - weight),
            first * z1 / sigma1,
            first * (z1 * z1 - 1.0) / sigma1,
            second * z2 / sigma2,
            second * (z2 * z2 - 1.0) / sigma2,
        ]
    )
    covariance = np.linalg.pinv(scores @ scores.T)
    return tuple(float(part) for part in np.sqrt(np.diag(covariance)))
