"""The three numbers of a round as one picture: before and after, the range of runs, and whether it was luck.

It is written as SVG by hand: matplotlib takes six times as long as the rest of what a moved lever starts, and somebody waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from re import sub
from typing import TYPE_CHECKING

from kpisim.kpi.registry import kpi
from kpisim.show.numbers import amount, change, joined
from kpisim.show.theme import BLUE, GREY, INK, SCROLLS, broken
from kpisim.text import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpisim.course.rounds import Reading

WIDE = 586
"""Dots across: a panel in a window of 1024."""
TOP, LINE, ROW, EDGE = 14, 24, 104, 12
"""Dots: above the title, a line of the title, a KPI, and left and right of what is drawn."""
TITLE_UNITS = 62
"""Latin letters that a line of the title takes."""
MISREAD = frozenset({"stress_pulse"})
"""KPIs whose name says the reverse of what they count: a pulse of 80% are 80% who are fine, not 80% under stress."""
FONTS = "'Noto Sans SC','Noto Sans CJK SC','Microsoft YaHei','PingFang SC','Helvetica Neue',Arial,sans-serif"


@dataclass(frozen=True, slots=True)
class RoundPicture:
    """The picture of a round.

    Attributes
    ----------
    svg
        The drawing.
    title
        The finding in one sentence; also drawn.
    alt
        What a reader who does not see it needs to know, with the numbers.
    note
        How to read it.
    early
        Whether runs are still missing.
    """

    svg: str
    title: str
    alt: str
    note: str
    early: bool = False

    def html(self) -> str:
        """Return a ``<figure>`` with the drawing inside it and its alt text."""
        early = " data-early" if self.early else ""
        return f'<figure class="kpisim-round"{early}>{self.svg}<figcaption>{escape(self.note)}</figcaption></figure>'


def round_picture(
    readings: Sequence[Reading],
    currency: str = "CNY",
    early: tuple[int, int] | None = None,
    *,
    asked: bool = False,
) -> RoundPicture:
    """Draw one row a KPI: where it was, where it is, and the range that 8 of 10 runs lie in.

    Parameters
    ----------
    readings
        What :func:`kpisim.course.rounds.read_round` returned.
    currency
        Currency of money.
    early
        Runs there are and runs there will be, where the others are still being played: then nothing is said about luck,
        and the bar is that of the runs there are.
    asked
        Whether the change was that of an exercise: who predicts what it does has decided nothing.
    """
    title = (
        finding(readings, asked=asked)
        if early is None
        else t("First {there} of {of} runs, still playing", there=early[0], of=early[1])
    )
    alt = t("; ").join(f"{kpi(one.kpi).title} {_from_to(one, currency)}" for one in readings)
    if early is None:
        note = joined(
            t("Circle: without the change. Diamond: with it. Bar: 8 of 10 runs.")
            if asked
            else t("Circle: without your decisions. Diamond: with them. Bar: 8 of 10 runs."),
            t("Each row has a scale of its own.") if len(readings) > 1 else "",
        )
    else:
        note = t(
            "Circle: without your decisions. Diamond: with them. Bar: the runs so far. These numbers will still change; what is luck is said at the end."
        )
        alt = f"{title}{t('; ')}{alt}"
    lines = broken(title, TITLE_UNITS)
    top = TOP + LINE * len(lines)
    height = top + ROW * len(readings)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(alt)}" width="{WIDE}" height="{height}" '
            f'viewBox="0 0 {WIDE} {height}" font-family="{FONTS}" font-size="15.5" fill="{INK}">'
        ),
        f'<rect width="{WIDE}" height="{height}" fill="white"/>',
        *(
            f'<text x="0" y="{TOP + LINE * number}" dy="0.35em" font-size="17.5" font-weight="600">{escape(line)}</text>'
            for number, line in enumerate(lines)
        ),
        *(
            part
            for number, one in enumerate(readings)
            for part in _row(one, top + ROW * number, currency, early=early is not None, asked=asked)
        ),
        "</svg>",
    ]
    return RoundPicture("".join(parts), title, alt, note, early is not None)


def named(name: str) -> str:
    """Return the title of a KPI, with which way is better where the title alone would be read the other way round."""
    title = str(kpi(name).title)
    return t("{kpi} (higher is better)", kpi=title) if name in MISREAD else title


def _from_to(one: Reading, currency: str) -> str:
    unit = kpi(one.kpi).unit
    return f"{amount(one.before, unit, currency)} → {amount(one.after, unit, currency)}"


def _row(one: Reading, top: float, currency: str, *, early: bool, asked: bool = False) -> list[str]:
    """Return one KPI: its name and numbers, then the marks, then what it moved by."""
    ends = (one.before, one.after, one.p10, one.p90)
    low, room = min(ends), (max(ends) - min(ends)) or 1.0

    def at(value: float) -> str:
        return f"{EDGE + (value - low) / room * (WIDE - 2 * EDGE):.1f}"

    colour = BLUE if one.decided and not early else GREY
    middle, right = top + 0.5 * ROW, WIDE - EDGE
    moved = change(one.difference, kpi(one.kpi).unit, currency, (one.before, one.after))
    said = t("still playing") if early else why(one, asked=asked)
    x = float(at(one.after))
    return [
        f'<text x="{EDGE}" y="{top + 0.23 * ROW}" dy="0.35em">{escape(named(one.kpi))}</text>',
        f'<text x="{right}" y="{top + 0.23 * ROW}" dy="0.35em" text-anchor="end" font-weight="600">{escape(_from_to(one, currency))}</text>',
        f'<path d="M{at(one.p10)} {middle}H{at(one.p90)}" stroke="{colour}" stroke-opacity="0.35" stroke-width="12"/>',
        f'<circle cx="{at(one.before)}" cy="{middle}" r="5" fill="white" stroke="{INK}" stroke-width="1.4"/>',
        f'<path d="M{x - 8:.1f} {middle}L{x:.1f} {middle - 8}L{x + 8:.1f} {middle}L{x:.1f} {middle + 8}Z" fill="{colour}"/>',
        (
            f'<text x="{right}" y="{top + 0.77 * ROW}" dy="0.35em" text-anchor="end" fill="{colour}">{escape(moved)}'
            f"\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}{escape(said)}</text>"
        ),
    ]


def _still(one: Reading) -> bool:
    """Whether both sides are the same runs, so that there is nothing that luck could have done."""
    return not (one.difference or one.low or one.high)


def why(one: Reading, *, asked: bool = False) -> str:
    """Return whether a number moved by decision or may have by luck, in words; `asked` as in :func:`round_picture`."""
    if _still(one):
        return t("no change")
    if one.decided:
        return t("effect of the change") if asked else t("decision")
    return t("could be luck")


def finding(readings: Sequence[Reading], *, asked: bool = False) -> str:
    """Return in one sentence what the decisions moved: the title of the picture; `asked` as in :func:`round_picture`."""
    if all(_still(one) for one in readings):
        # Both sides are the same runs: luck has nothing to do with it.
        return t("Nothing was decided differently, so nothing moved: set a lever, then run again")
    sure = [one for one in readings if one.decided]
    if not sure:
        return t("Nothing moved more than luck can explain")
    arrows = {"up": "↑", "down": "↓"}
    names = t(", ").join(f"{kpi(one.kpi).title}\N{NO-BREAK SPACE}{arrows[one.direction]}" for one in sure)
    if asked:
        return t("The change moved: {names}", names=names)
    return t("Your decisions moved: {names}", names=names)


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
            _short(str(kpi(one.kpi).title)),
            f"{_whole(one.before, unit, currency)}\N{NO-BREAK SPACE}→ {_whole(one.after, unit, currency)}",
            f"{_whole(one.p10, unit, currency)}\N{NO-BREAK SPACE}– {_whole(one.p90, unit, currency)}",
            f"{ARROWS[one.direction]}\N{NO-BREAK SPACE}{why(one)}",
        ]
        if guessed:
            mark = (
                ""
                if one.hit is None
                else f" {'✓' if one.hit else '✗'} " + (t("right") if one.hit else t("missed"))
            )
            cells.append(
                ((ARROWS[one.guessed] if one.guessed else "–") + mark).replace(" ", "\N{NO-BREAK SPACE}")
            )
        lines.append("".join(f'<td style="{_CELL}">{escape(cell)}</td>' for cell in cells))
    head = "".join(f'<th scope="col" style="{_CELL}">{_head(one)}</th>' for one in heads)
    rows = "".join(f"<tr>{line}</tr>" for line in lines)
    return (
        f'<div class="kpisim-readings" {SCROLLS}><table style="border-collapse:collapse;line-height:1.5">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _short(title: str) -> str:
    """Return a title without what stands in brackets behind it: the picture above has said that, and the table is narrow."""
    return sub(r"\s*[(（][^)）]*[)）]$", "", title)


def _head(text: str) -> str:
    """Return the head of a column; what stands in brackets is not broken apart."""
    return sub(r"[(（][^)）]*[)）]", r'<span style="white-space:nowrap">\g<0></span>', escape(text))


def _whole(value: float, unit: str, currency: str) -> str:
    """Return an amount that no line breaks apart."""
    return amount(value, unit, currency).replace(" ", "\N{NO-BREAK SPACE}")


_CELL = "text-align:left;word-break:keep-all;padding:4px 12px 4px 0;border-bottom:1px solid #D5D9DE"

__all__ = ["RoundPicture", "finding", "named", "readings_table", "round_picture"]
