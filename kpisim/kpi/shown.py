"""KPIs in words: numbers as people read them, lights as shape and word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.text import Text
from kpisim.text.numbers import percent, plain, with_sign

if TYPE_CHECKING:
    from kpisim.kpi.scorecard.score import Light

_UNITS: dict[str, Text] = {
    "days": Text("{number} days", "{number}天"),
    "money/h": Text("{number} per hour", "{number}/小时"),
    "points": Text("{number} points", "{number}分"),
}
_POINTS = Text("{number} points", "{number}个百分点")
# Colour is never alone: a shape and a word go with it, and red says 预警, since red means a rise in Chinese finance.
SHAPES: dict[Light, str] = {"green": "●", "amber": "▲", "red": "■", "stale": "○", "none": "–"}
LIGHTS: dict[Light, Text] = {
    "green": Text("green", "绿灯"),
    "amber": Text("amber", "黄灯"),
    "red": Text("red: alert", "红灯预警"),
    "stale": Text("out of date", "数据过期"),
    "none": Text("no number", "无数值"),
}


def show(value: float, unit: str) -> str:
    """Return a number as people read it: 12.3%, 1,234,567, 14.4 days."""
    if unit == "count":
        return plain(value)
    if unit == "share":
        return percent(value)
    if unit in _UNITS:
        return with_unit(plain(value, 1), unit)
    return plain(value, 2).removesuffix(".00")


def show_change(value: float, unit: str) -> str:
    """Return a difference with its sign; of shares in percentage points, never in per cent.

    What rounds to nothing is neither more nor less.

    Examples
    --------
    >>> show_change(-0.0004, "share"), show_change(0.4, "count"), show_change(0.5, "count")
    ('0.0 points', '0', '+1')
    """
    number = show(abs(value), unit)
    if unit == "share":
        number = str(Text(_POINTS.en, _POINTS.zh, number=number.removesuffix("%")))
    return with_sign(number, up=value > 0)


def with_unit(number: str, unit: str) -> str:
    """Return `number`, of a share already in per cent, with the unit's word."""
    if unit == "share":
        return f"{number}%"
    return str(Text(_UNITS[unit].en, _UNITS[unit].zh, number=number))


def light(name: Light) -> str:
    """Return a light as shape and word."""
    return f"{SHAPES[name]} {LIGHTS[name]}"


__all__ = ["LIGHTS", "SHAPES", "light", "show", "show_change", "with_unit"]
