"""Splitting a whole into whole parts that add up to it exactly."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence


def largest_remainder(total: int, weights: Sequence[float]) -> list[int]:
    """Split `total` in proportion to `weights`: round down, then give the rest to the largest remainders.

    Parameters
    ----------
    total
        Whole number of pieces or of the smallest money unit (分, cents); may be negative.
    weights
        At least one, none negative, not all 0.  Between equal remainders the earlier part gets the piece.

    Raises
    ------
    UserError
        No weights, a negative one, or only zeros.

    Examples
    --------
    >>> largest_remainder(1000, [1, 1, 1])
    [334, 333, 333]
    """
    # Fractions: with floats two remainders that are equal on paper differ in the last bit and swap a piece.
    shares = [Fraction(weight) for weight in weights]
    if not shares or min(shares) < 0 or not sum(shares):
        raise UserError(
            "cannot split by the weights {weights}; give numbers of 0 or more, not all 0",
            weights=list(weights),
        )
    sign, size = (1, total) if total >= 0 else (-1, -total)
    exact = [size * share / sum(shares) for share in shares]
    parts = [int(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: size - sum(parts)]:
        parts[place] += 1
    return [sign * part for part in parts]


__all__ = ["largest_remainder"]
