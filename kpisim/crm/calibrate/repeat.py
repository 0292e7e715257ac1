"""How often customers order again: each has a rate of their own, some leave after an order, all are watched to the last day.

The mean of the gaps one has seen is too short, since a long gap has often not ended when the records do, and it is mostly that
of the busiest customers, who have most gaps.  So the whole record of each new customer is fitted: orders come at a constant
rate, rates differ between customers by a gamma law, and after each order a customer leaves with one chance for all (Fader,
Hardie & Lee 2005, with this chance alike for all).  Four laws are tried, rates alike or not, with and without leavers, and
the one with the least BIC is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import optimize
from scipy.special import expit, gammaln

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from kpisim.tables import Tables

BLACKOUT_DAYS = 60
"""Whoever orders first in the first days of the records may be an old customer."""
FEWEST = 10
"""New customers needed to tell a share of them."""
LEAST_CUSTOMERS = 50
"""Fewer new customers than this are not fitted."""
LAWS: dict[str, tuple[str, ...]] = {
    "alike": ("days",),
    "alike, some leave": ("days", "leavers"),
    "gamma rates": ("days", "spread"),
    "gamma rates, some leave": ("days", "spread", "leavers"),
}
"""Parameters of each law; the others are 0."""
_STEP = 1e-4

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Watched:
    """Records of new customers, one number each.

    Attributes
    ----------
    again
        Further days with an order after the first.
    last, seen
        Days from the first order to the last one, and to the end of the records.
    """

    again: NDArray[np.float64]
    last: NDArray[np.float64]
    seen: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How new customers order again.

    Attributes
    ----------
    law
        One of `LAWS`.
    days
        Days between orders of a customer who orders at the mean rate.
    spread
        Standard deviation of the rates ÷ their mean.
    leavers
        Chance to leave after an order.
    errors
        Standard errors by parameter; only those of the law have one.
    n
        How many customers.
    """

    law: str
    days: float
    spread: float
    leavers: float
    errors: dict[str, float]
    n: int

    def back_within(self, days: float) -> float:
        """Return the share of new customers who order again within so many days."""
        if self.spread > 0:
            shape = 1.0 / self.spread**2
            silent = (1.0 + days / (self.days * shape)) ** -shape
        else:
            silent = exp(-days / self.days)
        back: float = (1.0 - self.leavers) * (1.0 - silent)
        return back


def first_orders(tables: Tables, orders: pd.DataFrame) -> pd.Series[Any]:
    """Return when each customer ordered first, as far as the records or the list of customers know."""
    first = orders.groupby("account_id")["booked"].min()
    accounts = tables["accounts"]
    since = accounts.set_index("account_id")["since"].reindex(first.index) if len(accounts) else first
    return first.where(since.isna() | (since > first), since)


def new_since(first: pd.Series[Any], begin: pd.Timestamp) -> pd.Timestamp:
    """Return from when on whoever orders for the first time is new for certain."""
    known: pd.Timestamp = first.min() + pd.Timedelta(days=BLACKOUT_DAYS)
    return max(begin, known)


def watched(orders: pd.DataFrame, first: pd.Series[Any]) -> Watched:
    """Return the records of the new customers among `orders`; orders of one day count once.

    Parameters
    ----------
    orders
        Orders with a customer.
    first
        First order of each customer, see :func:`first_orders`.
    """
    start, end = new_since(first, orders["booked"].min()), orders["booked"].max()
    new = first[(first >= start) & (first < end - pd.Timedelta(days=1))]
    days = orders.loc[orders["account_id"].isin(new.index), ["account_id", "booked"]]
    days = days.assign(booked=days["booked"].dt.normalize()).drop_duplicates()
    by_customer = days.groupby("account_id")["booked"]
    begun, ended, count = by_customer.min(), by_customer.max(), by_customer.size()

    def numbers(series: pd.Series[Any]) -> NDArray[np.float64]:
        return np.asarray(series, dtype=float)

    return Watched(
        numbers(count - 1),
        numbers((ended - begun).dt.days),
        numbers((end.normalize() - begun).dt.days),
    )


def fit_rhythm(records: Watched) -> Rhythm | None:
    """Fit the four laws by maximum likelihood and return the one with the least BIC; None for too few customers."""
    n = len(records.again)
    if n < LEAST_CUSTOMERS or records.again.sum() < LEAST_CUSTOMERS:
        return None
    guess = float(records.seen.sum() / records.again.sum())
    found = {}
    for law, names in LAWS.items():
        start = [{"days": log(guess), "spread": 0.0, "leavers": -2.0}[name] for name in names]

        def against(free: Array, names: tuple[str, ...] = names) -> float:
            return -float(_log_likelihood(free, names, records).sum())

        best = optimize.minimize(
            against,
            np.array(start),
            method="Nelder-Mead",
            options={"maxiter": 4000, "xatol": 1e-6, "fatol": 1e-7},
        )
        found[law] = (len(names) * log(n) + 2.0 * float(best.fun), best.x)
    law = min(found, key=lambda one: found[one][0])
    names, free = LAWS[law], found[law][1]
    values = _values(free, names)
    return Rhythm(law, *values, _errors(free, names, records), n)


def _values(free: Array, names: tuple[str, ...]) -> tuple[float, float, float]:
    """Return days, spread and chance to leave from the free numbers: two logarithms and a logit."""
    given = dict(zip(names, (float(one) for one in free), strict=True))
    return (
        exp(given["days"]),
        exp(given["spread"]) if "spread" in given else 0.0,
        float(expit(given["leavers"])) if "leavers" in given else 0.0,
    )


def _log_likelihood(free: Array, names: tuple[str, ...], records: Watched) -> NDArray[np.float64]:
    """Return the log likelihood of each customer's record: still there and silent since, or gone after the last order."""
    days, spread, leavers = _values(free, names)
    again, last, seen = records.again, records.last, records.seen
    if spread > 0:
        shape = 1.0 / spread**2
        scale = days * shape
        common = gammaln(shape + again) - gammaln(shape) + shape * log(scale)
        there = common - (shape + again) * np.log(scale + seen)
        gone = common - (shape + again) * np.log(scale + last)
    else:
        there = -again * log(days) - seen / days
        gone = -again * log(days) - last / days
    if leavers <= 0:
        return np.asarray(there)
    stay = np.log1p(-leavers)
    return np.asarray(again * stay + np.logaddexp(there + stay, gone + log(leavers)))


def _errors(free: Array, names: tuple[str, ...], records: Watched) -> dict[str, float]:
    """Return standard errors from the outer product of the scores (Berndt et al. 1974)."""
    scores = []
    for place in range(len(names)):
        step = np.zeros(len(names))
        step[place] = _STEP
        up, down = (_log_likelihood(free + sign * step, names, records) for sign in (1, -1))
        scores.append((up - down) / (2 * _STEP))
    table = np.array(scores)
    errors = np.sqrt(np.diag(np.linalg.pinv(table @ table.T)))
    days, spread, leavers = _values(free, names)
    slopes = {"days": days, "spread": spread, "leavers": leavers * (1.0 - leavers)}
    return {name: float(error) * slopes[name] for name, error in zip(names, errors, strict=True)}


def back_again(
    orders: pd.DataFrame, first: pd.Series[Any], horizons: tuple[int, ...]
) -> list[tuple[int, float, float, int]]:
    """Return for each horizon the share of new customers who ordered again in time, its standard error, and how many could be watched.

    Orders of the same day count once, as in :func:`watched`.
    """
    start, end = new_since(first, orders["booked"].min()), orders["booked"].max()
    days = orders["booked"].dt.normalize()
    begun = first.dt.normalize()
    later = days > orders["account_id"].map(begun)
    second = days[later].groupby(orders.loc[later, "account_id"]).min().reindex(first.index)
    found = []
    for horizon in horizons:
        seen = (first >= start) & (first <= end - pd.Timedelta(days=horizon))
        n = int(seen.sum())
        if n >= FEWEST:
            share = float(((second - begun)[seen] <= pd.Timedelta(days=horizon)).mean())
            found.append((horizon, share, sqrt(max(share * (1 - share), 1e-9) / n), n))
    return found
