"""Numbers as people type them: １２％, 12 %, 百分之十二, 1,200, 三十, 12.5万."""

from __future__ import annotations

import re
import unicodedata
from math import isfinite
from typing import Any

from kpisim.text.numbers import han_number

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
    value = han_number(text)
    return None if value is None else (value, percent)


def _finite(value: float, *, percent: bool) -> tuple[float, bool] | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return (number, percent) if isfinite(number) else None


__all__ = ["typed_number"]
