"""An export with a row for each product: the rows of one order, or of one opportunity, become one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kpisim.tables.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

How = Literal["add", "first"]
BEGINS: dict[str, str] = {"orders": "booked", "opportunities": "created", "collections": "due"}
"""Tables whose rows may be lines, and the date of each that is the earliest of its lines."""
_ALL_OF_THEM = {"delivered", "invoiced"}
"""Dates that an order has only when each of its lines has one: half a delivery is none."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Lines put together.

    Attributes
    ----------
    frame
        A row for each key, in the order in which the keys come first.
    first
        Position of the first line of each row among the lines.
    lines
        How many lines there were.
    differing
        Column -> positions of the first line of each key whose lines do not say the same there.
    """

    frame: pd.DataFrame
    first: tuple[int, ...]
    lines: int
    differing: Mapping[str, tuple[int, ...]]


def put_together(name: str, lines: pd.DataFrame, how: How) -> Whole:
    """Return one row for each key of a table of lines.

    Amounts are added up, or the first one taken where each line repeats the amount of the whole; a discount is that of
    the sum.  Lines called off are no part of an order that has others.  The first date is the earliest, an order is
    delivered and invoiced with its last line, and of everything else the first line that says something counts.

    Parameters
    ----------
    name
        ``orders``, ``opportunities`` or ``collections``.
    lines
        Typed rows, numbered from 0, in which a key may stand several times.
    how
        ``add`` where each line has an amount of its own, ``first`` where each repeats that of the whole.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpisim.tables.validate import conform
    >>> rows = {
    ...     "order_id": ["7", "7"],
    ...     "account_id": ["A", "A"],
    ...     "booked": ["2027-01-04"] * 2,
    ...     "value": [100, 20],
    ... }
    >>> put_together("orders", conform("orders", pd.DataFrame(rows), lines=True), "add").frame[
    ...     "value"
    ... ].tolist()
    [120.0]
    """
    table = TABLES[name]
    key = table.key[0]
    live = lines
    if "cancelled" in table.names:
        off = lines["cancelled"].notna()
        live = lines[~off | off.groupby(lines[key], sort=False).transform("all")]
    groups = live.groupby(key, sort=False)
    frame = groups.first().reset_index()
    for column in table.columns:
        grouped: Any = groups[column.name]
        full = (grouped.count() == grouped.size()).to_numpy()
        if column.name == BEGINS[name]:
            made = grouped.min()
        elif column.kind == "time":
            made = grouped.max()
            made = made.where(full) if column.name in _ALL_OF_THEM else made
        elif column.name == "received" and how == "first":
            # Each payment on a bill says what came with it; the bill itself is written out each time.
            made = grouped.sum(min_count=1)
        elif column.kind == "money" and how == "add":
            made = grouped.sum().where(full)
        elif column.name == "discount" and how == "add":
            made = _discount(live, key).where(full)
        else:
            continue
        frame[column.name] = made.to_numpy()
    return Whole(
        frame[[*table.names]].astype(lines.dtypes.to_dict()),
        tuple(int(position) for position in live.drop_duplicates(key).index),
        len(lines),
        _differing(name, live, how),
    )


def _discount(lines: pd.DataFrame, key: str) -> pd.Series[Any]:
    """Return the discount on the sum of the list prices; where everything was given away, the largest of the lines."""
    by = lines[key]
    asked = (lines["value"] / (1.0 - lines["discount"])).where(lines["discount"] < 1.0)
    before = asked.groupby(by, sort=False).sum(min_count=1)
    after = lines["value"].groupby(by, sort=False).sum()
    largest = lines["discount"].groupby(by, sort=False).max()
    return (1.0 - after / before).where(before > 0, largest).clip(0.0, 1.0)


def _differing(name: str, lines: pd.DataFrame, how: How) -> dict[str, tuple[int, ...]]:
    """Return where lines of one key disagree on something that they should all say alike."""
    table = TABLES[name]
    found = {}
    for column in table.columns:
        own = (column.kind == "money" and how == "add") or column.name == "received"
        later = column.kind == "time" and column.name != BEGINS[name]
        if own or later or column.name in {*table.key, "discount"}:
            continue
        several = lines.groupby(table.key[0], sort=False)[column.name].nunique().gt(1)
        if several.any():
            first = lines.drop_duplicates(table.key[0])
            found[column.name] = tuple(int(at) for at in first.index[several.to_numpy()])
    return found


__all__ = ["BEGINS", "How", "Whole", "put_together"]
