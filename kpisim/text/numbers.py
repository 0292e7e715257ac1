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
_DIGITS = "零一二三四五六七八九"
_SIZES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}


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


def significant(value: float, digits: int) -> str:
    """Return `value` with so many digits, as a figure of a study is written, with a real minus sign.

    Examples
    --------
    >>> significant(-0.054162, 4), significant(8.1, 4)
    ('−0.05416', '8.1')
    """
    return f"{value:.{digits}g}".replace("-", MINUS)


def signed(value: float, decimals: int = 0) -> str:
    """Return a difference with its sign, judged after rounding: what rounds to nothing is neither more nor less.

    Examples
    --------
    >>> signed(0.25, 1), signed(-1.0, 1), signed(-0.04, 1)
    ('+0.3', '−1.0', '0.0')
    """
    return with_sign(plain(abs(value), decimals), up=value > 0)


def with_sign(size: str, *, up: bool) -> str:
    """Return the size of a difference, already rounded and with its unit, behind its sign; nothing has none.

    Examples
    --------
    >>> with_sign("0.3 points", up=True), with_sign("1.0%", up=False), with_sign("0.0%", up=True)
    ('+0.3 points', '−1.0%', '0.0%')
    """
    if not set(size) & set("123456789"):
        return size
    return ("+" if up else MINUS) + size


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


def han_number(text: str) -> float | None:
    """Return a number in Chinese words; None where it is none.

    Examples
    --------
    >>> han_number("二十五点六"), han_number("三万五"), han_number("三万零五")
    (25.6, 35000.0, 30005.0)
    """
    whole, _, after = text.replace("两", "二").replace("〇", "零").partition("点")
    if not whole or not set(whole) <= {*_DIGITS, *_SIZES} or not set(after) <= set(_DIGITS):
        return None
    total = part = digit = 0
    # What a digit at the end stands for: thousands in 三万五, as people say it, ones in 三万零五.
    under = 1
    for sign in whole:
        if sign in _DIGITS:
            digit = _DIGITS.index(sign)
            under = under if digit else 1
            continue
        size = _SIZES[sign]
        if size < 10_000:
            part += (digit or 1) * size
        else:
            # All that was said before 亿 is counted in it, what was said before 万 only since the last 亿.
            before = total if sign == "亿" else 0
            total, part = total - before + (before + part + digit) * size, 0
        under, digit = size // 10, 0
    fraction = float("0." + "".join(str(_DIGITS.index(sign)) for sign in after)) if after else 0.0
    return total + part + digit * (1 if after else under) + fraction


__all__ = ["MINUS", "han_number", "measured", "percent", "plain", "signed", "significant", "with_sign"]
