"""The cells of an export as they stand: each file is read once, and anew when it was written anew."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from kpisim.crm.layout import SHEET, Spot, block_of, checked, rows_of, separator_of
from kpisim.tables.files import AUTO
from kpisim.tables.parse import plain
from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

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
    raws = [_raw(spot, _stamp(spot.path)) for spot in spots]
    if len(sheets - {None}) < 2:
        return raws
    return [raw.assign(**{SHEET: spot.sheet}) for raw, spot in zip(raws, spots, strict=True)]


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
def _raw(spot: Spot, stamp: tuple[int, int]) -> pd.DataFrame:  # noqa: ARG001  (as above)
    """Return the cells of one file; they are looked at several times and never changed."""
    rows = rows_of(spot.path, spot.sheet, encoding=AUTO, separator=separator_at(spot))
    frame = block_of(rows, spot.path).frame
    if not len(frame):
        raise UserError("{path}: no rows under the header; export it again", path=spot.name)
    return frame


__all__ = ["At", "at", "below", "raws_of", "separator_at"]
