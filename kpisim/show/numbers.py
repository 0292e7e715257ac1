"""Numbers as people read them: shares in per cent, rates' differences in points, money in 万 or millions.

Rounding is half up, and only for display.
"""

from __future__ import annotations

import re
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any, cast

from kpisim.text import current_language, t
from kpisim.text.numbers import MINUS, measured, percent, plain, with_sign

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

DASH = "\N{EN DASH}"
THOUSANDS = 99_950
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_STEPS_EN = ((1e9, "bn"), (1e6, "m"), (1e3, "k"))
_STEPS_ZH = ((1e8, "亿"), (1e4, "万"))
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def is_number(value: object) -> bool:
    """Whether `value` is a finite number (None, NaN, NA and infinity are not)."""
    try:
        return isfinite(float(value))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of `frame` as dicts by column name."""
    return cast("list[dict[str, Any]]", frame.to_dict("records"))


def attained(share: float) -> str:
    """Return an attainment in whole per cent; one that just misses its target never reads 100%."""
    if 0.995 <= share < 1.0:
        return percent(min(share, 0.999))
    return percent(share, 0)


def money(value: float, currency: str = "CNY", *, tick: bool = False) -> str:
    """Return an amount in the reader's habit: 万 and 亿 in Chinese, k, m and bn in English.

    Three digits are kept; on the tick of an axis zeros that say nothing are dropped.
    """
    zh = current_language() == "zh"
    number = float(value)
    for step, name in _STEPS_ZH if zh else _STEPS_EN:
        # Chosen after rounding, so that 999,999 is 1.00m and not 1,000.0k.
        # A salary of 18,000 reads better whole than as 18.0k.
        if abs(number) >= step * 0.9995 and (name != "k" or abs(number) >= THOUSANDS):
            scaled = number / step
            text = plain(scaled, 2 if abs(scaled) < 9.995 else 1 if abs(scaled) < 99.95 else 0)
            if tick and "." in text:
                text = text.rstrip("0").rstrip(".")
            text += name
            break
    else:
        text = plain(
            number, 0 if abs(number) >= 99.95 or number == int(number) else 1 if abs(number) >= 9.995 else 2
        )
    if zh and currency == "CNY":
        return text + "元"
    return f"{currency} {text}"


def amount(value: object, unit: str, currency: str = "CNY") -> str:
    """Return a KPI value with its unit, or an en dash where there is no number.

    Parameters
    ----------
    value
        The number; rates are fractions.
    unit
        ``"share"``, ``"money"``, ``"count"``, ``"days"``, ``"points"`` or any other word.
    currency
        Code printed with money.
    """
    if not is_number(value):
        return DASH
    number = float(value)  # type: ignore[arg-type]
    kind = unit.split(" ", maxsplit=1)[0].split("/", maxsplit=1)[0]
    if kind in {"share", "rate", "fraction", "%"}:
        # A rare thing (a discount in one deal of hundreds) is not nothing: "0.0%" beside a wide bar contradicts itself.
        return percent(number, 3 if 5e-6 <= abs(number) < 5e-5 else 2 if 5e-5 <= abs(number) < 5e-4 else 1)
    if kind == "money":
        return money(number, currency) + (t("/hour") if unit.endswith("/h") else "")
    if kind == "count":
        return plain(number, 0 if number == int(number) or abs(number) >= 100 else 1)
    text = plain(number, 1 if abs(number) >= 10 else 2)
    return measured(text, t(unit)) if unit and unit not in {"number", "factor"} else text


def change(
    value: object, unit: str, currency: str = "CNY", between: tuple[object, object] | None = None
) -> str:
    """Return a difference with its sign; the difference of two rates is in percentage points.

    Parameters
    ----------
    value, unit, currency
        As in :func:`amount`.
    between
        The two amounts that are shown beside it: with as many digits their difference as shown counts, or −8.3 points would
        stand beside 78.8% → 70.4%.

    Examples
    --------
    >>> change(-0.0834, "share"), change(-0.0834, "share", between=(0.78753, 0.70413))
    ('−8.3 points', '−8.4 points')
    """
    if not is_number(value):
        return DASH
    number = float(value)  # type: ignore[arg-type]
    kind = unit.split(" ", maxsplit=1)[0].split("/", maxsplit=1)[0]
    if kind in {"share", "rate", "fraction", "%"}:
        text = t("{number} points", number=percent(abs(number)).removesuffix("%"))
    else:
        text = amount(abs(number), unit, currency)
    if between is not None:
        text = _as_shown(text, *(amount(one, unit, currency) for one in between))
    return with_sign(text, up=number > 0)


def _as_shown(text: str, before: str, after: str) -> str:
    """Return a difference as the amounts beside it show it, where all three have the same digits and scale."""
    found = [_NUMBER.search(one) for one in (text, before, after)]
    if not all(found):
        return text
    digits = [one.group().replace(",", "") for one in found if one is not None]
    places = {len(one.partition(".")[2]) for one in digits}
    scales = {_NUMBER.sub("", one).removeprefix(MINUS) for one in (before, after)}
    own = _NUMBER.sub("", text)
    if len(places) > 1 or len(scales) > 1 or not (own in scales or scales == {"%"}):
        return text
    ends = [
        Decimal(one) * (-1 if beside.startswith(MINUS) else 1)
        for one, beside in zip(digits[1:], (before, after), strict=True)
    ]
    size = abs(ends[1] - ends[0])
    # A difference of other runs than the ends keeps its own digits.
    near = abs(size - Decimal(digits[0])) <= Decimal(1).scaleb(-max(len(digits[0].partition(".")[2]), 0))
    return _NUMBER.sub(f"{size:,}", text, count=1) if near else text


def interval(low: object, high: object, unit: str, currency: str = "CNY") -> str:
    """Return ``low to high`` with the unit said once, or an en dash where there is none."""
    if not (is_number(low) and is_number(high)):
        return DASH
    return _range(amount(low, unit, currency), amount(high, unit, currency), currency)


def change_interval(low: object, high: object, unit: str, currency: str = "CNY") -> str:
    """Return the interval of a difference, both ends signed."""
    if not (is_number(low) and is_number(high)):
        return DASH
    return _range(change(low, unit, currency), change(high, unit, currency), currency)


def _range(low: str, high: str, currency: str) -> str:
    """Join two amounts; a currency before them is said with the first, a unit after them with the second."""
    mark = f"{currency} "
    if mark in low:
        high = high.replace(mark, "")
    ends = [_after_digits(text) for text in (low, high)]
    if ends[0] == ends[1] and ends[0] not in {"", "%"}:
        low = low[: -len(ends[0])]
    return t("{low} to {high}", low=low, high=high)


def _after_digits(text: str) -> str:
    """Return what follows the last digit of `text`."""
    last = max((place for place, char in enumerate(text) if char.isdigit()), default=len(text) - 1)
    return text[last + 1 :]


def joined(*sentences: str) -> str:
    """Return sentences one after the other; Chinese puts no space between them."""
    return ("" if current_language() == "zh" else " ").join(filter(None, sentences))


def month(day: date, *, year: bool = False) -> str:
    """Return the month of `day`, e.g. ``Mar`` or ``3月``, with the year where asked."""
    if current_language() == "zh":
        return f"{day.year}年{day.month}月" if year else f"{day.month}月"
    return f"{_MONTHS[day.month - 1]} {day.year}" if year else _MONTHS[day.month - 1]


def day_text(day: date) -> str:
    """Return a date in words, e.g. ``4 Jan 2027`` or ``2027年1月4日``."""
    if current_language() == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
