"""The board half-way through a round, as the page shows it: what one team sees, and what luck alone could have shown."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from kpisim.kpi.registry import kpi
from kpisim.kpi.shown import LIGHTS, SHAPES, light
from kpisim.show.board import INKS
from kpisim.show.numbers import amount, attained, change, day_text
from kpisim.show.rounds import why
from kpisim.show.theme import SCROLLS
from kpisim.text import t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from kpisim.course.halfway import BoardLine
    from kpisim.course.rounds import Reading
    from kpisim.kpi.scorecard.score import Light

_CELL = "text-align:left;padding:4px 8px 4px 0;border-bottom:1px solid #D5D9DE;vertical-align:top"
_WORDS = ";word-break:keep-all"
"""A number breaks between currency and sum at most: on a small laptop an unbroken row runs out of its column."""
_WIDTH, _HEIGHT = 90, 10


def halfway_html(lines: Sequence[BoardLine], day: date, currency: str = "CNY") -> str:
    """Return the board as HTML: a row per KPI, its light, and the lights of all runs beside it.

    Parameters
    ----------
    lines
        What :func:`kpisim.course.halfway.halfway_board` returns.
    day
        The day that begins when the board is read.
    currency
        Currency of money.
    """
    heads = [t("KPI"), t("so far"), t("target"), t("reached"), t("light"), t("same decisions, other luck")]
    rows = "".join(f"<tr>{''.join(_cells(line, currency))}</tr>" for line in lines)
    head = "".join(f'<th scope="col" style="{_CELL}{_WORDS}">{escape(one)}</th>' for one in heads)
    runs = max((sum(line.lights.values()) for line in lines), default=0)
    note = t(
        "The board shows one of {runs} beginnings that your decisions could have had; the last column counts how many of the {runs} showed which light.",
        runs=runs,
    )
    return (
        f"<h4>{escape(finding(lines, day))}</h4>"
        f'<div {SCROLLS}><table style="border-collapse:collapse;line-height:1.5">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div><p>{escape(note)}</p>"
    )


def finding(lines: Sequence[BoardLine], day: date) -> str:
    """Return what the board says in a sentence: how many lights are red, and which target is furthest away."""
    aimed = [line for line in lines if line.attained is not None]
    red = sum(line.light == "red" for line in aimed)
    if not aimed:
        return t("Half-way, {day}: no target to hold the numbers against", day=day_text(day))
    last = min(aimed, key=lambda line: line.attained or 0.0)
    if last.light == "green":
        return t("Half-way, {day}: every target is reached", day=day_text(day))
    told = {"day": day_text(day), "of": len(aimed), "name": kpi(last.kpi).title}
    if red:
        return t(
            "Half-way, {day}: {red} of {of} lights red, {name} furthest from its target", red=red, **told
        )
    amber = sum(line.light == "amber" for line in aimed)
    return t(
        "Half-way, {day}: no red light, {amber} of {of} amber, {name} furthest from its target",
        amber=amber,
        **told,
    )


def adjustment_html(readings: Sequence[Reading], currency: str = "CNY") -> str:
    """Return what the adjustment did by itself: the whole with it, beside the whole as it was decided first.

    Parameters
    ----------
    readings
        The numbers of the round, both ways on the same luck; empty where nothing was adjusted.
    currency
        Currency of money.
    """
    head = f'<b style="display:block;margin-top:16px">{escape(t("What your adjustment did by itself"))}</b>'
    if not readings:
        return f"{head}<p>{escape(t('nothing was adjusted'))}</p>"
    told = "".join(
        f"<li>{escape(str(kpi(one.kpi).title))}{escape(t(': '))}{escape(change(one.difference, kpi(one.kpi).unit, currency))}"
        f"{escape(t('; '))}<b>{escape(why(one))}</b></li>"
        for one in readings
    )
    return f"{head}<ul>{told}</ul>"


def _cells(line: BoardLine, currency: str) -> list[str]:
    declared = kpi(line.kpi)
    aimed = line.target is not None
    texts = [
        str(declared.title),
        "–" if line.value is None else amount(line.value, declared.unit, currency),
        "–" if line.target is None else amount(_whole(line.target, declared.unit), declared.unit, currency),
        "–" if line.attained is None else attained(line.attained),
    ]
    cells = [
        f'<td style="{_CELL}{"" if place == 0 else _WORDS}">{escape(text)}</td>'
        for place, text in enumerate(texts)
    ]
    shown = f'<b style="color:{INKS[line.light]}{_WORDS}">{escape(light(line.light))}</b>'
    cells.append(f'<td style="{_CELL}">{shown if aimed else "–"}</td>')
    cells.append(f'<td style="{_CELL}">{_luck(line.lights) if aimed else "–"}</td>')
    return cells


def _whole(target: float, unit: str) -> float:
    """Return a target as people write it: three new customers each, counted for the days of each, are no 22.97."""
    return round(target) if unit == "count" else target


def _luck(lights: Mapping[str, int]) -> str:
    """Return the lights of all runs as a bar and in words; the words alone say everything."""
    order: tuple[Light, ...] = ("green", "amber", "red", "stale", "none")
    runs = sum(lights.values())
    parts, at = [], 0.0
    for name in order:
        wide = _WIDTH * lights.get(name, 0) / runs if runs else 0.0
        if wide:
            parts.append(f'<rect x="{at:.1f}" width="{wide:.1f}" height="{_HEIGHT}" fill="{INKS[name]}"/>')
        at += wide
    bar = f'<svg width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-hidden="true">{"".join(parts)}</svg>'
    words = " ".join(
        f'<span style="white-space:nowrap">{escape(f"{SHAPES[name]} {LIGHTS[name]} ×{lights[name]}")}</span>'
        for name in order
        if lights.get(name)
    )
    return f"{bar}<br>{words}"


__all__ = ["adjustment_html", "finding", "halfway_html"]
