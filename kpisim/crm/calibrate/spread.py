"""How unlike reps truly are: the variance between them less what pure chance gives."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

from kpisim.crm.calibrate.draft import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from kpisim.crm.calibrate.draft import Draft
    from kpisim.text import Text

SAMPLES = 400
"""Samples of reps drawn again for a standard error."""


def between(values: NDArray[np.float64], noise: NDArray[np.float64]) -> float:
    """Return the standard deviation of what lies behind `values`.

    Parameters
    ----------
    values
        What was seen of each rep.
    noise
        Variance that chance gives each of these.
    """
    return sqrt(max(float(values.var(ddof=1)) - float(noise.mean()), 0.0))


def true_spread(rates: NDArray[np.float64], sizes: NDArray[np.float64]) -> float:
    """Return the standard deviation of the rates behind observed ones, binomial noise removed.

    Parameters
    ----------
    rates, sizes
        Observed rate and number of trials of each rep.
    """
    middle = float((rates * sizes).sum() / sizes.sum())
    return between(rates, middle * (1 - middle) / sizes)


def resampled(figure: Callable[[NDArray[np.int64]], float], reps: int) -> float:
    """Return the standard error of a figure of `reps` reps, from samples of them drawn with replacement.

    Parameters
    ----------
    figure
        Returns the figure of the reps with these numbers.
    reps
        How many there are.
    """
    generator = np.random.default_rng(1)
    return float(np.std([figure(pick) for pick in generator.integers(reps, size=(SAMPLES, reps))]))


def add_spread(
    draft: Draft, name: Text, path: str, figure: Callable[[NDArray[np.int64]], float], reps: int, most: float
) -> None:
    """Add a spread between reps with its standard error, and let the scenario have it.

    Parameters
    ----------
    draft
        Where it is added.
    name, path
        What it is, and the scenario's parameter.
    figure, reps
        See :func:`resampled`.
    most
        Largest spread that a scenario takes.
    """
    value = figure(np.arange(reps))
    draft.estimates.append(Estimate(name, value, resampled(figure, reps), reps, path))
    draft.settings[path] = round(min(value, most), 4)
