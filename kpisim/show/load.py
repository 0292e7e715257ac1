"""Load by person and week as a picture: a bar per week against 100 %, and where the hours could go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.kpi.work.hours import FULL
from kpisim.show.picture import Picture
from kpisim.show.theme import GREY, INK, PALE_BLUE, RED, Medium, new_figure, set_title, theme
from kpisim.text import t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpisim.kpi.window import Window
    from kpisim.kpi.work.hours import Load

_ROW = 0.36
_NAME, _FIRST, _END, _WAIT, _FLAG = 0.0, 0.13, 0.70, 0.80, 0.84
_TOP = 1.5
"""Load at which bars end."""


def load_picture(people: Sequence[Load], weeks: Sequence[Window], medium: Medium = "screen") -> Picture:
    """Draw the load: a row per person, a bar per week that is full at the line, what is above it in red with its sign.

    Parameters
    ----------
    people, weeks
        What :func:`kpisim.kpi.work.load` returns.
    medium
        Where it will be seen.
    """
    room = (_END - _FIRST) / len(weeks)
    with theme(medium):
        figure, (axes,) = new_figure(height=0.7 + _ROW * (len(people) + 1))
        axes.set_axis_off()
        axes.set_xlim(0, 1)
        axes.set_ylim(len(people) + 0.6, -0.6)
        axes.text(_NAME, 0, t("rep"), va="center", color=GREY)
        for place, week in enumerate(weeks):
            axes.text(
                _FIRST + place * room,
                0,
                t("week of {day}", day=f"{week.start.month}-{week.start.day:02d}"),
                va="center",
                color=GREY,
                fontsize="small",
            )
        axes.text(_WAIT, 0, t("waiting"), va="center", ha="right", color=GREY)
        axes.text(_FLAG, 0, t("pressure"), va="center", color=GREY)
        for line, one in enumerate(people, 1):
            axes.text(_NAME, line, one.rep, va="center")
            for place, load in enumerate(one.loads):
                left, width = _FIRST + place * room, (room - 0.055) / _TOP
                axes.barh(line, _TOP * width, left=left, height=0.5, color="#EEF0F2")
                if load is None:
                    continue
                axes.barh(line, min(load, FULL) * width, left=left, height=0.5, color=PALE_BLUE)
                if load > FULL:
                    axes.barh(
                        line, (min(load, _TOP) - FULL) * width, left=left + width, height=0.5, color=RED
                    )
                axes.plot([left + width] * 2, [line - 0.33, line + 0.33], color=INK, linewidth=1.1)
                axes.text(
                    left + _TOP * width + 0.005,
                    line,
                    percent(load, 0),
                    va="center",
                    fontsize="x-small",
                    color=RED if load > FULL else GREY,
                )
            axes.text(_WAIT, line, t("{hours} h", hours=f"{one.waiting:,.0f}"), va="center", ha="right")
            if one.pressure:
                axes.text(_FLAG, line, t("■ high"), va="center", color=RED)
        title = _finding(people)
        set_title(figure, title)
    alt = t("; ").join(
        f"{one.rep}: " + t(", ").join("–" if load is None else percent(load, 0) for load in one.loads)
        for one in people
    )
    note = t(
        "Bar: hours that came in against hours there were, per week; the line is 100%, red what is above it."
    )
    return Picture(figure, title, alt, note, medium)


def _finding(people: Sequence[Load]) -> str:
    over = [one.rep for one in people if one.over > 0]
    high = [one.rep for one in people if one.pressure]
    if over:
        return t("Above 100% in the latest week: {names}", names=t(", ").join(over))
    if high:
        return t("Nobody above 100% in the latest week, high pressure on {names}", names=t(", ").join(high))
    return t("Nobody is above 100% in the latest week.")


__all__ = ["load_picture"]
