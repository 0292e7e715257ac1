"""The tracking board as a picture: how far, how far along, and the range it leads to, against the target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.tracking.words import light_of, scope_of
from kpisim.show.board import INKS, MARKS
from kpisim.show.numbers import amount, joined
from kpisim.show.picture import Picture
from kpisim.show.theme import BLUE, GREY, INK, PALE_BLUE, Medium, broken, new_figure, set_title, theme
from kpisim.text import t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kpisim.kpi.tracking.follow import Tracked, TrackRow

_ROW = 0.52
_NAME, _NOW, _BAR, _END, _PACE, _LIGHT = 0.0, 0.325, 0.35, 0.685, 0.755, 0.865
_FULL = 1.3
"""Share of the target at which the bars end."""


def track_picture(tracked: Tracked, currency: str = "CNY", medium: Medium = "screen") -> Picture:
    """Draw the tracking board: a row per target, filled as far as it is done, with the range it leads to.

    Parameters
    ----------
    tracked
        What :func:`kpisim.kpi.tracking.follow.follow` returns.
    currency
        Currency of money.
    medium
        Where it will be seen.
    """
    count = len(tracked.rows) + 1
    with theme(medium):
        figure, (axes,) = new_figure(height=0.7 + _ROW * count)
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(count - 0.4, -0.6)
        at = _BAR + (_END - _BAR) / _FULL
        for x, text, side in (
            (_NAME, t("target"), "left"), (_NOW, t("so far / target value"), "right"), (at, t("100%"), "center"),
            (_PACE, t("pace"), "right"), (_PACE + 0.092, t("chance"), "right"), (_LIGHT, t("light"), "left"),
        ):  # fmt: skip
            axes.text(x, 0, text, ha=side, va="center", color=GREY)
        for line, row in enumerate(tracked.rows, 1):
            _row(axes, row, line, currency)
        title = _finding(tracked)
        set_title(figure, title)
    note = joined(
        t("{day}.", day=tracked.on),
        t(
            "Bar: share of the target reached; upright line: share of the working days over; dot and whisker: where it leads, 8 in 10 past errors; dashed: target."
        ),
    )
    return Picture(figure, title, _alt(tracked, currency), note, medium)


def _row(axes: Axes, row: TrackRow, line: int, currency: str) -> None:
    unit = lookup(row.aim.kpi).unit
    names = broken(str(row.aim.title), 24)
    shown = names[0] if len(names) == 1 else names[0] + "…"
    axes.text(_NAME, line - 0.15, shown, va="center")
    axes.text(
        _NAME,
        line + 0.22,
        f"{lookup(row.aim.kpi).title} · {scope_of(row)}",
        va="center",
        color=GREY,
        fontsize="x-small",
    )
    value = "–" if row.value.value is None else amount(row.value.value, unit, currency)
    axes.text(_NOW, line - 0.15, value, ha="right", va="center")
    axes.text(
        _NOW,
        line + 0.22,
        amount(row.aim.target, unit, currency),
        ha="right",
        va="center",
        color=GREY,
        fontsize="x-small",
    )
    ink = INKS[row.light]
    width = (_END - _BAR) / _FULL
    axes.barh(line, _END - _BAR, left=_BAR, height=0.5, color="#EEF0F2")
    if row.done is not None:
        axes.barh(
            line,
            min(max(row.done, 0.0), _FULL) * width,
            left=_BAR,
            height=0.5,
            color=PALE_BLUE if row.light == "none" else ink,
        )
    if row.aim.adds_up:
        axes.plot([_BAR + row.time * width] * 2, [line - 0.36, line + 0.36], color=INK, linewidth=1.6)
        _range(axes, row, line, width)
    axes.plot(
        [_BAR + width] * 2, [line - 0.42, line + 0.42], color=GREY, linewidth=1.0, linestyle=(0, (3, 2))
    )
    axes.text(_PACE, line, "–" if row.pace is None else f"{row.pace:.2f}", ha="right", va="center")
    axes.text(_PACE + 0.092, line, _chance(row.chance), ha="right", va="center")
    hollow = row.light in {"stale", "none"}
    axes.plot(
        _LIGHT + 0.008,
        line,
        MARKS[row.light],
        color=ink,
        markersize=7,
        markerfacecolor="white" if hollow else ink,
        clip_on=False,
    )
    word = (
        light_of(row).split(" ", 1)[-1] if row.light != "none" or row.value.value is None else light_of(row)
    )
    axes.text(_LIGHT + 0.024, line, "\n".join(broken(word, 14)), va="center", color=ink, fontsize="small")


def _chance(chance: float | None) -> str:
    if chance is None:
        return "–"
    return "<1%" if 0 < chance < 0.01 else ">99%" if 0.99 < chance < 1 else percent(chance, 0)


def _range(axes: Axes, row: TrackRow, line: int, width: float) -> None:
    ahead = row.forecast
    # Without a pace it is too early, or the data are old: a dot on the target would be no forecast.
    if ahead is None or row.pace is None or not ahead.ahead or row.aim.target <= 0:
        return

    def place(edge: float) -> float:
        return _BAR + min(max(edge / row.aim.target, 0.0), _FULL) * width

    if ahead.low is not None and ahead.high is not None:
        axes.plot(
            [place(ahead.low), place(ahead.high)],
            [line, line],
            color=BLUE,
            linewidth=2.2,
            solid_capstyle="butt",
        )
        # An end beyond the bar has no cap: the range goes on.
        for edge in (edge for edge in (ahead.low, ahead.high) if edge / row.aim.target <= _FULL):
            axes.plot([place(edge)] * 2, [line - 0.12, line + 0.12], color=BLUE, linewidth=1.6)
    axes.plot(
        place(ahead.expected),
        line,
        "o",
        color=BLUE,
        markersize=5.5,
        markeredgecolor="white",
        markeredgewidth=0.8,
    )


def _finding(tracked: Tracked) -> str:
    if not tracked.rows:
        return t(
            "No target is in force on {day}; give --targets FILE or tables with targets.", day=tracked.on
        )
    red = [row for row in tracked.rows if row.light == "red"]
    if red:
        names = t(", ").join(str(row.aim.title) for row in red)
        if len(tracked.rows) == 1:
            return t("Behind target: {names}", names=names)
        return t(
            "{count} of {all} targets behind: {names}", count=len(red), all=len(tracked.rows), names=names
        )
    unlikely = [str(row.aim.title) for row in tracked.rows if row.chance is not None and row.chance < 0.5]
    if unlikely:
        return t("No red light, but more likely missed than reached: {names}", names=t(", ").join(unlikely))
    if all(row.light not in ("green", "amber") for row in tracked.rows):
        # On the first days of a quarter no light is lit, which is no good news either.
        return t(
            "No light yet: too early, or data missing or out of date ({count} in all)",
            count=len(tracked.rows),
        )
    return t("No target behind ({count} in all)", count=len(tracked.rows))


def _alt(tracked: Tracked, currency: str) -> str:
    said = []
    for row in tracked.rows:
        unit = lookup(row.aim.kpi).unit
        said.append(
            t(
                "{name}: {done} of {target} after {time} of the days, pace {pace}, chance {chance}, {light}",
                name=row.aim.title,
                done="–" if row.value.value is None else amount(row.value.value, unit, currency),
                target=amount(row.aim.target, unit, currency),
                time=percent(row.time, 0),
                pace="–" if row.pace is None else f"{row.pace:.2f}",
                chance=_chance(row.chance),
                light=light_of(row),
            )
        )
    return t("; ").join(said)


__all__ = ["track_picture"]
