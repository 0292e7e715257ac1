"""Numbers as people type them: １２％, 12 %, 百分之十二, 1,200, 三十, 12.5万."""

from __future__ import annotations

import re
import unicodedata
from math import isfinite
from typing import Any

_DIGITS = "零一二三四五六七八九"
_SIZES = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_NUMBER = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)")
_LONGEST = 60


def typed_number(answer: Any) -> tuple[float, bool] | None:
    """Return a number and whether it was given in per cent; None where it is no number.

    Parameters
    ----------
    answer
        A number, or a text with a number and at most a sign of per cent.
    """
    if isinstance(answer, bool) or answer is None:
        return None
    if isinstance(answer, (int, float)):
        return _finite(answer, percent=False)
    if not isinstance(answer, str) or len(answer) > _LONGEST:
        return None
    text = unicodedata.normalize("NFKC", answer).replace("\N{MINUS SIGN}", "-")
    text = re.sub(r"[\s,，约≈¥￥]", "", text).rstrip("。.天元个家单次条")
    percent = text.startswith("百分之") or text.endswith("%")
    text = text.removeprefix("百分之").removesuffix("%")
    if _NUMBER.fullmatch(text):
        return _finite(float(text), percent=percent)
    if text[-1:] in _LARGE and _NUMBER.fullmatch(text[:-1]):
        return _finite(float(text[:-1]) * _LARGE[text[-1]], percent=percent)
    value = _han(text)
    return None if value is None else (value, percent)


def _finite(value: float, *, percent: bool) -> tuple[float, bool] | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return (number, percent) if isfinite(number) else None


def _han(text: str) -> float | None:
    """Return a number in Chinese words below a hundred million, e.g. 二十五点六; None where it is none."""
    whole, _, after = text.replace("两", "二").partition("点")
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
        if sign == "万":
            total, part = total + (part + digit) * size, 0
        else:
            part += (digit or 1) * size
        under, digit = size // 10, 0
    fraction = float("0." + "".join(str(_DIGITS.index(sign)) for sign in after)) if after else 0.0
    return total + part + digit * (1 if after else under) + fraction


__all__ = ["typed_number"]
