"""The board and the strategy map as pictures: a light is colour, shape and word, never colour alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kpisim.kpi.board import ARROWS, TRENDS
from kpisim.kpi.library import card
from kpisim.kpi.registry import PERSPECTIVES, kpi
from kpisim.kpi.shown import LIGHTS
from kpisim.kpi.value import REASONS
from kpisim.show.numbers import amount, attained, change, joined
from kpisim.show.picture import Picture
from kpisim.show.theme import (
    BLUE,
    GREEN,
    GREY,
    INK,
    ORANGE,
    PALE_BLUE,
    PALE_GREEN,
    PALE_GREY,
    RED,
    Medium,
    broken,
    new_figure,
    set_title,
    theme,
)
from kpisim.text import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from kpisim.kpi.board import Board, BoardRow
    from kpisim.kpi.scorecard import LineScore
    from kpisim.kpi.scorecard.score import Light

INKS: dict[Light, str] = {"green": GREEN, "amber": ORANGE, "red": RED, "stale": GREY, "none": GREY}
PALES: dict[Light, str] = {
    "green": PALE_GREEN,
    "amber": "#F6E3CF",
    "red": "#F7D9D6",
    "stale": PALE_GREY,
    "none": "white",
}
MARKS: dict[Light, str] = {"green": "o", "amber": "^", "red": "s", "stale": "o", "none": "_"}
_ROW = 0.30
_BOXES = 7
"""Most boxes of the strategy map in one perspective; where there are more, the last place says how many."""
_NAME, _NOW, _CHANGE, _TARGET, _BAR, _LIGHT = 0.0, 0.40, 0.60, 0.73, 0.75, 0.875


def board_picture(shown: Board, currency: str = "CNY", medium: Medium = "screen") -> Picture:
    """Draw the board: a row per KPI under its perspective, with value, change, target and light.

    Parameters
    ----------
    shown
        What :func:`kpisim.kpi.board.board` returns.
    currency
        Currency of money.
    medium
        Where it will be seen.
    """
    with theme(medium):
        groups = list(dict.fromkeys(row.perspective for row in shown.rows))
        count = len(shown.rows) + len(groups) + 1
        figure, (axes,) = new_figure(height=0.7 + _ROW * count)
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(count - 0.4, -0.6)
        heads = (
            (_NAME, t("KPI"), "left"),
            (_NOW, t("this period"), "right"),
            (_CHANGE, t("change"), "right"),
        )
        for x, text, side in (
            *heads,
            *(((_BAR, t("target"), "left"), (_LIGHT, t("light"), "left")) if shown.scored else ()),
        ):
            axes.text(x, 0, text, ha=side, va="center", color=GREY)
        line = 0
        for group in groups:
            line += 1
            axes.text(0, line, str(PERSPECTIVES[group]), va="center", color=BLUE)
            axes.axhline(line + 0.5, color=PALE_GREY, linewidth=0.8)
            for row in (row for row in shown.rows if row.perspective == group):
                line += 1
                _row(axes, row, line, currency)
        title = _finding(shown)
        set_title(figure, title)
    return Picture(figure, title, _alt(shown, currency), _note(shown), medium)


def _row(axes: Axes, row: BoardRow, line: int, currency: str) -> None:
    declared = kpi(row.kpi)
    axes.text(_NAME + 0.012, line, str(declared.title), va="center")
    value = "–" if row.now.value is None else amount(row.now.value, declared.unit, currency)
    axes.text(_NOW, line, value, ha="right", va="center")
    if row.change is not None:
        colour = {"better": GREEN, "worse": RED}.get(row.trend, GREY)
        arrow = ARROWS.get((row.trend, row.change > 0), "→")
        axes.text(
            _CHANGE, line, change(row.change, declared.unit, currency), ha="right", va="center", color=colour
        )
        axes.text(
            _CHANGE + 0.012, line, f"{arrow} {TRENDS[row.trend]}", va="center", color=colour, fontsize="small"
        )
    if row.now.reason is not None:
        axes.text(
            _CHANGE + 0.012, line, str(REASONS[row.now.reason]), va="center", color=GREY, fontsize="small"
        )
    if row.scored is None:
        return
    scored = row.scored
    if scored.attained is not None:
        # The bar ends at 120 %; the tick is the target.
        width = (_LIGHT - _BAR - 0.02) / 1.2
        axes.barh(line, 1.2 * width, left=_BAR, height=0.46, color="#EEF0F2")
        axes.barh(
            line,
            min(max(scored.attained, 0.0), 1.2) * width,
            left=_BAR,
            height=0.46,
            color=INKS[scored.light],
        )
        axes.plot([_BAR + width] * 2, [line - 0.34, line + 0.34], color=INK, linewidth=1.4)
    _light(axes, _LIGHT + 0.01, line, scored.light, reached=scored.attained)


def _light(axes: Axes, x: float, y: float, light: Light, reached: float | None = None) -> None:
    hollow = light in {"stale", "none"}
    axes.plot(
        x,
        y,
        MARKS[light],
        color=INKS[light],
        markersize=7,
        markerfacecolor="white" if hollow else INKS[light],
        clip_on=False,
    )
    said = str(LIGHTS[light]) if reached is None else joined(attained(reached), str(LIGHTS[light]))
    axes.text(x + 0.016, y, said, va="center", color=INKS[light], fontsize="small")


def _finding(shown: Board) -> str:
    return _compared(shown) if shown.scored is None else _lit(shown.scored.lines)


def _compared(shown: Board) -> str:
    """Return what a board without targets says."""
    if shown.before is None:
        return t("{count} KPIs of the period; there is none before it to compare with", count=len(shown.rows))
    worse = sum(row.trend == "worse" for row in shown.rows)
    better = sum(row.trend == "better" for row in shown.rows)
    return t("{better} KPIs better than in the period before, {worse} worse", better=better, worse=worse)


def _lit(lines: Sequence[LineScore]) -> str:
    """Return what the lights say."""
    names = {
        light: t(", ").join(str(kpi(line.kpi).title) for line in lines if line.light == light)
        for light in ("red", "amber")
    }
    count = {light: sum(line.light == light for line in lines) for light in names}
    if count["red"]:
        return t(
            "{count} of {all} targets red: {names}", count=count["red"], all=len(lines), names=names["red"]
        )
    if count["amber"]:
        return t(
            "No red light; {count} of {all} targets amber: {names}",
            count=count["amber"],
            all=len(lines),
            names=names["amber"],
        )
    silent = sum(line.score is None for line in lines)
    if silent == len(lines):
        return t("No target has a number yet")
    if silent:
        # Four lights that are out are no four green ones.
        return t("No target is red or amber; {silent} of {all} have no number", silent=silent, all=len(lines))
    return t("No target is red or amber")


def _note(shown: Board) -> str:
    period = t("{first} – {last}", first=shown.period.start, last=shown.period.end - timedelta(days=1))
    return joined(
        t("{period}.", period=period),
        t(
            "Rates, means and counts have an arrow only where the change stands out from the noise; sums always have one. "
            "Bar: attainment up to 120%, line: target."
        ),
    )


def _alt(shown: Board, currency: str) -> str:
    said = []
    for row in shown.rows:
        declared = kpi(row.kpi)
        value = "–" if row.now.value is None else amount(row.now.value, declared.unit, currency)
        lit = "" if row.scored is None else str(LIGHTS[row.scored.light])
        said.append(" ".join(part for part in (str(declared.title), value, lit) if part))
    return t("; ").join(said)


def strategy_map(shown: Board, medium: Medium = "screen") -> Picture:
    """Draw the KPIs of the scorecard as a strategy map: learning carries processes, these customers, these money.

    Parameters
    ----------
    shown
        A board with a scorecard; without one all its KPIs count, without lights.
    medium
        Where it will be seen.
    """
    rows = [row for row in shown.rows if row.scored is not None] or list(shown.rows)
    with theme(medium):
        figure, (axes,) = new_figure(height=4.6)
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 4)
        for band, name in enumerate(reversed(PERSPECTIVES)):
            axes.axhspan(band + 0.06, band + 0.94, color="#F4F6F8", zorder=0)
            axes.text(
                0.008, band + 0.5, "\n".join(broken(str(PERSPECTIVES[name]), 11)), va="center", color=BLUE
            )
            if band:
                axes.annotate(
                    "",
                    xy=(0.575, band + 0.10),
                    xytext=(0.575, band - 0.10),
                    arrowprops={"arrowstyle": "-|>", "color": GREY, "lw": 1.6},
                )
            _boxes(axes, [row for row in rows if row.perspective == name], band)
        title = _map_finding(rows)
        set_title(figure, title)
    alt = t("; ").join(
        f"{PERSPECTIVES[name]}: "
        + (t(", ").join(str(kpi(row.kpi).title) for row in rows if row.perspective == name) or "–")
        for name in PERSPECTIVES
    )
    return Picture(
        figure,
        title,
        alt,
        t(
            "Read upwards: what is learnt carries the processes, these the customers, these the money. The arrows are the usual assumption of a scorecard, not a measurement."
        ),
        medium,
    )


def _boxes(axes: Axes, rows: list[BoardRow], band: int) -> None:
    from matplotlib.patches import FancyBboxPatch  # noqa: PLC0415

    if not rows:
        axes.text(0.575, band + 0.5, t("no KPI here"), ha="center", va="center", color=RED)
        return
    shown = rows if len(rows) <= _BOXES else rows[: _BOXES - 1]
    room = 0.84 / min(len(rows), _BOXES)
    if len(shown) < len(rows):
        left = 0.155 + (_BOXES - 0.5) * room
        axes.text(left, band + 0.5, t("… and {count} more", count=len(rows) - len(shown)), ha="center", va="center", color=GREY)  # fmt: skip
    for place, row in enumerate(shown):
        light: Light = "none" if row.scored is None else row.scored.light
        left = 0.155 + place * room
        box: Any = FancyBboxPatch(
            (left, band + 0.24), room - 0.015, 0.52, boxstyle="round,pad=0,rounding_size=0.02",
            facecolor=PALES[light] if row.scored else PALE_BLUE, edgecolor=INKS[light] if row.scored else BLUE, linewidth=1.2,
        )  # fmt: skip
        axes.add_patch(box)
        text = "\n".join(broken(str(card(row.kpi).title.text()), max(8, 92 * room)))
        axes.text(
            left + (room - 0.015) / 2,
            band + (0.58 if row.scored else 0.5),
            text,
            ha="center",
            va="center",
            fontsize="small",
        )
        if row.scored is not None:
            _light(axes, left + (room - 0.015) / 2 - 0.03, band + 0.34, light)


def _map_finding(rows: list[BoardRow]) -> str:
    empty = [
        str(words) for name, words in PERSPECTIVES.items() if not any(row.perspective == name for row in rows)
    ]
    if empty:
        return t("The scorecard says nothing about: {names}", names=t(", ").join(empty))
    return t("The scorecard covers all four perspectives")


__all__ = ["board_picture", "strategy_map"]
