"""The cells of an export as they stand: each file is read once, and anew when it was written anew."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from kpisim.crm.layout import SHEET, Spot, block_of, checked, rows_of, separator_of
from kpisim.crm.wizard.words import unit_above
from kpisim.tables.files import AUTO
from kpisim.tables.parse import plain
from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from kpisim.crm.layout import Block

At = tuple[tuple[Spot, ...], tuple[tuple[int, int], ...]]
"""Files or sheets and how they are now, by which what was counted in them is kept."""


def at(spots: Sequence[Spot]) -> At:
    """Return files or sheets with how they are now."""
    return tuple(spots), tuple(_stamp(spot.path) for spot in spots)


def separator_at(spot: Spot) -> str:
    """Return what separates the cells of a file."""
    return "," if spot.path.suffix.lower() == ".xlsx" else _separator(spot.path, _stamp(spot.path))


def raws_of(spots: Sequence[Spot]) -> list[pd.DataFrame]:
    """Return the cells of files or sheets as they stand; of several sheets each row says which it stood on."""
    sheets = {spot.sheet for spot in spots}
    raws = [_block(spot, _stamp(spot.path)).frame for spot in spots]
    if len(sheets - {None}) < 2:
        return raws
    return [raw.assign(**{SHEET: spot.sheet}) for raw, spot in zip(raws, spots, strict=True)]


def factor_of(spots: Sequence[Spot]) -> int:
    """Return what amounts are multiplied by, as a line above the tables says: 10,000 for 单位：万元, else 1.

    Raises
    ------
    UserError
        The tables are in different units.
    """
    factors = {unit_above(_block(spot, _stamp(spot.path)).above): spot for spot in spots}
    if len(factors) > 1:
        (one, first), (two, other) = list(factors.items())[:2]
        raise UserError(
            "{path}: the line above its table gives another unit than that of {other} ({one} and {two} yuan); write both in one, or import them separately",
            path=first.name,
            other=other.name,
            one=f"{one:,}",
            two=f"{two:,}",
        )
    return next(iter(factors))


def below(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return frames one below the other, columns put together by name whatever their order."""
    import pandas as pd  # noqa: PLC0415

    shown: dict[str, str] = {}
    for frame in frames:
        for name in frame.columns:
            shown.setdefault(plain(name), str(name))
    named = [frame.rename(columns={name: shown[plain(name)] for name in frame.columns}) for frame in frames]
    return named[0] if len(named) == 1 else pd.concat(named, ignore_index=True)


def _stamp(path: Path) -> tuple[int, int]:
    checked(path)
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=64)
def _separator(path: Path, stamp: tuple[int, int]) -> str:  # noqa: ARG001  (a file written anew is read anew)
    return separator_of(path)


@lru_cache(maxsize=64)
def _block(spot: Spot, stamp: tuple[int, int]) -> Block:  # noqa: ARG001  (as above)
    """Return the table of one file; it is looked at several times and never changed."""
    rows = rows_of(spot.path, spot.sheet, encoding=AUTO, separator=separator_at(spot))
    block = block_of(rows, spot.path)
    if not len(block.frame):
        raise UserError("{path}: no rows under the header; export it again", path=spot.name)
    return block


__all__ = ["At", "at", "below", "factor_of", "raws_of", "separator_at"]
