"""Numbers with what they count, as each language writes them.

Per cent stands right behind its number in both languages: 51.1%.  Chinese puts no space between a number and a
Chinese unit (1.70天), English one before a word (1.70 days).  Rounding is half up, and only for display.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from math import isfinite

MINUS = "\N{MINUS SIGN}"
# The largest number there is has 309 digits in front of its point; with the usual 28 a long one could not be rounded.
_EXACT = Context(prec=400)
_HAN = ("\u4e00", "\u9fff")


def plain(value: float, decimals: int = 0) -> str:
    """Return `value` rounded half up, with thousands separators and a real minus sign.

    Examples
    --------
    >>> plain(-1234.5)
    '−1,235'
    """
    if not isfinite(value):
        return f"{value}"
    exact = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _EXACT)
    text = f"{abs(exact):,.{decimals}f}"
    return MINUS + text if exact < 0 else text


def percent(share: float, decimals: int = 1) -> str:
    """Return a share in per cent: the one way the product writes it, in both languages.

    Examples
    --------
    >>> percent(0.2345)
    '23.5%'
    """
    # Scaled as a decimal: 0.285 × 100 is a hair under 28.5 in binary and would be rounded down.
    if not isfinite(share):
        return f"{share}"
    return plain(float(Decimal(repr(float(share))) * 100), decimals) + "%"


def measured(number: str, unit: str) -> str:
    """Return a number with its unit's word, in Chinese without a gap between them.

    Examples
    --------
    >>> measured("1.70", "天"), measured("1.70", "days")
    ('1.70天', '1.70 days')
    """
    if not unit:
        return number
    return number + ("" if _HAN[0] <= unit[0] <= _HAN[1] else " ") + unit


__all__ = ["MINUS", "measured", "percent", "plain"]
