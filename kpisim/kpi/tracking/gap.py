"""Where a gap in bookings comes from: drivers whose effects add up to the gap, to the cent.

New business is leads × conversion × size of a first order, without leads on record new customers × size of a first
order; old business is repeat orders × their size; what is left is returns and cancellations.  The effect of each factor is its Shapley value: the mean over all orders in which the
factors could change one after the other.  It adds up exactly, treats all factors alike, and needs no logarithm, so a
factor may be 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

from kpisim.kpi.facts import Facts
from kpisim.kpi.revenue import booked
from kpisim.kpi.shown import show
from kpisim.kpi.split import largest_remainder
from kpisim.text import Text, UserError, t
from kpisim.text.cells import align
from kpisim.text.numbers import with_sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpisim.kpi.window import Window
    from kpisim.tables import Tables

HALF_A_CENT = 0.005
NAMES: dict[str, tuple[Text, str]] = {
    "volume": (Text("leads", "线索量"), "count"),
    "conversion": (Text("leads that become a first order", "线索转成首单的比例"), "share"),
    "customers": (Text("new customers", "新客户数"), "count"),
    "ticket": (Text("size of a first order", "首单金额"), "money"),
    "repeat": (Text("repeat orders", "复购订单数"), "count"),
    "repeat_ticket": (Text("size of a repeat order", "复购单金额"), "money"),
    "returned": (Text("returns and cancellations", "退货与取消"), "money"),
}


@dataclass(frozen=True, slots=True)
class Driver:
    """One driver of the gap.

    Attributes
    ----------
    name
        A key of `NAMES`.
    before, now
        The factor in both periods, in its unit; 0 where there is nothing to divide by, for its effect is 0 then.
    cents
        Its effect on bookings in cents; all effects sum to the gap.
    """

    name: str
    before: float
    now: float
    cents: int


def shapley(before: Sequence[float], now: Sequence[float]) -> list[float]:
    """Return what each factor adds to the change of the product of all factors.

    Examples
    --------
    >>> shapley([10, 2], [12, 3])
    [5.0, 11.0]
    """
    places = range(len(before))
    orders = list(permutations(places))
    effects = [0.0] * len(before)
    for order in orders:
        values = list(before)
        for place in order:
            old = _product(values)
            values[place] = now[place]
            effects[place] += _product(values) - old
    return [effect / len(orders) for effect in effects]


def _product(values: Sequence[float]) -> float:
    made = 1.0
    for value in values:
        made *= value
    return made


def split_gap(tables: Tables, before: Window, now: Window) -> list[Driver]:
    """Return the drivers of the difference in bookings between two periods.

    Parameters
    ----------
    tables
        With orders; without opportunities new customers stand for leads × conversion.
    before, now
        The period compared with, and the period asked about.

    Returns
    -------
    list of Driver
        Effects in cents sum to the difference of booked revenue.
    """
    facts = Facts(tables)
    return _split(_factors(facts, before), _factors(facts, now), _cents(facts, now) - _cents(facts, before))


def split_target(tables: Tables, before: Window, now: Window, target: float) -> list[Driver]:
    """Return the drivers of the difference between bookings and their target.

    A target says how much and not from where, so a plan is read into it: conversion and the sizes of orders stay as they
    were in the period before; leads, repeat orders and returns all grow by the factor that makes bookings the target.

    Parameters
    ----------
    tables
        With orders.
    before, now
        The period whose mix is taken for the plan, and the period of the target, as far as it is over.
    target
        Bookings wanted in `now`.

    Raises
    ------
    UserError
        No bookings in the period before, so no mix to plan with.
    """
    facts = Facts(tables)
    planned = _factors(facts, before)
    booked_then = _cents(facts, before)
    if booked_then <= 0:
        raise UserError(
            "no bookings from {first} to {last}, so no mix that a target could be split by; choose a later period",
            first=before.start,
            last=before.end,
        )
    growth = target * 100 / booked_then
    for name in {"volume", "customers", "repeat", "returned"} & planned.keys():
        planned[name] *= growth
    return _split(planned, _factors(facts, now), _cents(facts, now) - round(target * 100))


def _split(old: dict[str, float], new: dict[str, float], gap: int) -> list[Driver]:
    """Return the effect of each factor in cents, which sum to `gap`."""
    effects: dict[str, float] = {}
    new_business = ("customers",) if "customers" in old else ("volume", "conversion")
    for names in ((*new_business, "ticket"), ("repeat", "repeat_ticket")):
        effects |= dict(zip(names, shapley([old[n] for n in names], [new[n] for n in names]), strict=True))
    effects["returned"] = new["returned"] - old["returned"]
    cents = _to_cents(list(effects.values()), gap)
    return [Driver(name, old[name], new[name], cent) for name, cent in zip(effects, cents, strict=True)]


def _cents(facts: Facts, window: Window) -> int:
    return round(_total(facts, window) * 100)


def _total(facts: Facts, window: Window) -> float:
    return float(booked(facts, window).numerator.sum())


def _to_cents(effects: Sequence[float], gap: int) -> list[int]:
    """Round effects to cents that sum to `gap`; the cents over go to the largest effects."""
    made = [round(effect * 100) for effect in effects]
    rest = gap - sum(made)
    weights = [abs(effect) for effect in effects]
    if not rest:
        return made
    shares = largest_remainder(rest, weights if any(weights) else [1.0] * len(made))
    return [cent + share for cent, share in zip(made, shares, strict=True)]


def _factors(facts: Facts, window: Window) -> dict[str, float]:
    """Return the factors of one period; their products and the returns sum to booked revenue."""
    import numpy as np  # noqa: PLC0415

    account, when = facts.codes("orders", "account_id"), facts.time("orders", "booked")
    bought = np.flatnonzero(facts.purchases())
    first = facts.edge(bought, account[bought], when[bought], ("orders", "order_id"), last=False)
    inside = facts.purchases() & facts.within("orders", "booked", window)
    is_first = np.zeros(len(inside), dtype=bool)
    is_first[first] = True
    value = facts.number("orders", "value")
    news, olds = inside & is_first, inside & ~is_first
    sold, again = float(value[news].sum()), float(value[olds].sum())
    returned = _total(facts, window) - sold - again
    new_business = {"customers": float(news.sum())}
    if facts.has("opportunities"):
        # First orders in a period without leads are those of leads that nobody wrote down.
        leads = float(facts.within("opportunities", "created", window).sum() or news.sum())
        new_business = {"volume": leads, "conversion": float(news.sum()) / leads if leads else 0.0}
    return new_business | {
        "ticket": sold / news.sum() if news.any() else 0.0,
        "repeat": float(olds.sum()),
        "repeat_ticket": again / olds.sum() if olds.any() else 0.0,
        # What adding up leaves of nothing would be shown as -0.
        "returned": returned if abs(returned) > HALF_A_CENT else 0.0,
    }


def gap_lines(drivers: Sequence[Driver], *, planned: bool = False) -> list[str]:
    """Return the drivers as aligned text, the largest effect first, and their sum.

    Parameters
    ----------
    drivers
        What :func:`split_gap` or, `planned`, :func:`split_target` returns.
    planned
        Whether the factors before are those of a target.
    """
    then = t("plan behind the target") if planned else t("last period")
    rows = [[t("driver"), then, t("this period"), t("effect on bookings")]]
    for one in sorted(drivers, key=lambda driver: -abs(driver.cents)):
        title, unit = NAMES[one.name]
        rows.append([str(title), show(one.before, unit), show(one.now, unit), signed(one.cents)])
    total = t("sum = bookings − target") if planned else t("sum = difference of bookings")
    rows.append([total, "", "", signed(sum(one.cents for one in drivers))])
    return align(rows, [False, True, True, True])


def signed(cents: int) -> str:
    """Return an effect with its sign, always with its cents, so that a reader can add the column up."""
    return with_sign(f"{abs(cents) / 100:,.2f}", up=cents > 0)


__all__ = ["NAMES", "Driver", "gap_lines", "shapley", "signed", "split_gap", "split_target"]
