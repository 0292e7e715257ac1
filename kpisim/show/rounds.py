"""The three numbers of a round as one picture: before and after, the range of runs, and whether it was luck."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from html import escape
from re import sub
from typing import TYPE_CHECKING

from kpisim.kpi.registry import kpi
from kpisim.show.numbers import amount, change
from kpisim.show.picture import Picture
from kpisim.show.theme import BLUE, GREY, INK, WIDTH, Medium, new_figure, set_title, theme
from kpisim.text import current_language, t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpisim.course.rounds import Reading

NARROW = 6.1
"""Inches of the picture: a panel in a window of 1024 dots."""


def round_picture(readings: Sequence[Reading], currency: str = "CNY", medium: Medium = "screen") -> Picture:
    """Draw one row a KPI: where it was, where it is, and the range that 8 of 10 runs lie in.

    Parameters
    ----------
    readings
        What :func:`kpisim.course.rounds.read_round` returned.
    currency
        Currency of money.
    medium
        Where it will be seen.
    """
    with theme(medium):
        figure, axes = new_figure(height=0.8 + 1.05 * len(readings))
        # As wide as a panel on a small laptop, so that its type is never made smaller there.
        figure.set_figwidth(figure.get_figwidth() * NARROW / WIDTH)
        (area,) = axes
        area.set_axis_off()
        area.set_ylim(len(readings) - 0.45, -0.5)
        area.set_xlim(-0.02, 1.02)
        for line, one in enumerate(readings):
            unit = kpi(one.kpi).unit
            low, high = min(one.p10, one.before, one.after), max(one.p90, one.before, one.after)
            room = (high - low) or 1.0

            def at(value: float, low: float = low, room: float = room) -> float:
                return (value - low) / room

            colour = BLUE if one.decided else GREY
            area.text(0, line - 0.27, str(kpi(one.kpi).title), va="center")
            area.plot(
                [at(one.p10), at(one.p90)],
                [line, line],
                color=colour,
                alpha=0.35,
                linewidth=9,
                solid_capstyle="butt",
            )
            area.plot(at(one.before), line, "o", markersize=8, markerfacecolor="white", color=INK)
            area.plot(at(one.after), line, "D", markersize=9, color=colour)
            area.text(
                1,
                line - 0.27,
                f"{amount(one.before, unit, currency)} → {amount(one.after, unit, currency)}",
                va="center",
                ha="right",
            )
            said = t("decision") if one.decided else t("could be luck")
            area.text(
                1,
                line + 0.27,
                f"{change(one.difference, unit, currency)}  {said}",
                va="center",
                ha="right",
                color=colour,
            )
        title = _finding(readings)
        set_title(figure, title)
    note = t(
        "Circle: without your decisions. Diamond: with them. Bar: 8 of 10 runs. Each row has a scale of its own."
    )
    alt = t("; ").join(
        f"{kpi(one.kpi).title} {amount(one.before, kpi(one.kpi).unit, currency)} → {amount(one.after, kpi(one.kpi).unit, currency)}"
        for one in readings
    )
    return Picture(figure, title, alt, note, medium)


def round_html(readings: Sequence[Reading], currency: str = "CNY") -> str:
    """Return the picture as HTML; what was drawn a moment ago is not drawn again.

    Parameters
    ----------
    readings, currency
        See :func:`round_picture`.
    """
    # What was predicted is not on the picture.
    plain = tuple(replace(one, guessed=None, hit=None) for one in readings)
    return _drawn(plain, currency, current_language())


@lru_cache(maxsize=64)
def _drawn(readings: tuple[Reading, ...], currency: str, _lang: str) -> str:
    return round_picture(readings, currency).html()


def _finding(readings: Sequence[Reading]) -> str:
    if not any(one.difference or one.low or one.high for one in readings):
        # Both sides are the same runs: luck has nothing to do with it.
        return t("Nothing was decided differently, so nothing moved: set a lever, then run again")
    sure = [one for one in readings if one.decided]
    if not sure:
        return t("Nothing moved more than luck can explain")
    arrows = {"up": "↑", "down": "↓"}
    return t(
        "Your decisions moved: {names}",
        names=t(", ").join(f"{kpi(one.kpi).title} {arrows[one.direction]}" for one in sure),
    )


ARROWS = {"up": "↑", "same": "→", "down": "↓"}


def readings_table(readings: Sequence[Reading], currency: str = "CNY") -> str:
    """Return the numbers as a table: before, after, the range of 8 of 10 runs, and the own prediction beside it."""
    guessed = any(one.guessed for one in readings)
    heads = [t("KPI"), t("before → after"), t("8 of 10 runs (P10–P90)"), t("decision or luck")]
    heads += [t("my prediction")] if guessed else []
    lines = []
    for one in readings:
        unit = kpi(one.kpi).unit
        cells = [
            str(kpi(one.kpi).title),
            f"{_whole(one.before, unit, currency)} → {_whole(one.after, unit, currency)}",
            f"{_whole(one.p10, unit, currency)} – {_whole(one.p90, unit, currency)}",
            f"{ARROWS[one.direction]}\N{NO-BREAK SPACE}{t('decision') if one.decided else t('could be luck')}",
        ]
        if guessed:
            mark = (
                ""
                if one.hit is None
                else f" {'✓' if one.hit else '✗'} " + (t("right") if one.hit else t("missed"))
            )
            cells.append((ARROWS[one.guessed] if one.guessed else "–") + mark)
        lines.append("".join(f'<td style="{_CELL}">{escape(cell)}</td>' for cell in cells))
    head = "".join(f'<th scope="col" style="{_CELL}">{_head(one)}</th>' for one in heads)
    rows = "".join(f"<tr>{line}</tr>" for line in lines)
    return (
        '<div style="overflow-x:auto"><table style="border-collapse:collapse;line-height:1.5">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _head(text: str) -> str:
    """Return the head of a column; what stands in brackets is not broken apart."""
    return sub(r"[(（][^)）]*[)）]", r'<span style="white-space:nowrap">\g<0></span>', escape(text))


def _whole(value: float, unit: str, currency: str) -> str:
    """Return an amount that no line breaks apart."""
    return amount(value, unit, currency).replace(" ", "\N{NO-BREAK SPACE}")


_CELL = "text-align:left;word-break:keep-all;padding:4px 12px 4px 0;border-bottom:1px solid #D5D9DE"

__all__ = ["readings_table", "round_html", "round_picture"]
