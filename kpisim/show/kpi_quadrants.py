"""KPIs by attainment and weight: what weighs much and is missed stands alone in its corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpisim.kpi.registry import kpi
from kpisim.kpi.shown import LIGHTS
from kpisim.show.board import INKS, MARKS
from kpisim.show.numbers import attained, joined
from kpisim.show.picture import Picture
from kpisim.show.theme import GREY, INK, PALE_GREY, WIDTH, Medium, new_figure, set_title, theme, wide
from kpisim.text import t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from kpisim.kpi.scorecard.score import Light, Scored

LOW, HIGH = 0.4, 1.6
"""Attainments that are drawn where they are; one beyond stands at the edge, its label says the number."""
MOST_WIDTH = 0.46
"""Widest label in one line, as a share of the picture: the target's line stands in its middle."""
TEXT_WIDTH, TEXT_HEIGHT = 0.01, 0.062
"""Room of a half-width sign and of a line, as shares of the picture."""


@dataclass(frozen=True, slots=True)
class Point:
    """One KPI of a scorecard.

    Attributes
    ----------
    title
        Its name in the reader's language.
    weight
        Share of the whole weight.
    attained
        Attainment, 1 = target reached; None where there is no number.
    light
        Its light.
    """

    title: str
    weight: float
    attained: float | None
    light: Light


def points_of(scored: Scored) -> list[Point]:
    """Return the lines of a scored scorecard as points, with the weights that it asks for."""
    return [Point(str(kpi(line.kpi).title), line.asked, line.attained, line.light) for line in scored.lines]


def kpi_quadrants(points: Sequence[Point], medium: Medium = "screen", width: float = WIDTH) -> Picture:
    """Draw KPIs on four quadrants: attainment to the right, weight upwards.

    The lines between the quadrants are the target (100 %) and the weight that each KPI would have if all weighed alike.

    Parameters
    ----------
    points
        The KPIs; those without a number are named below the picture.
    medium
        Where it will be seen.
    width
        Inches; a panel on a small laptop takes :data:`kpisim.show.theme.NARROW`, so that its type is not made smaller.
    """
    drawn = [one for one in points if one.attained is not None]
    even = 1.0 / max(len(points), 1)
    top = max([1.25 * one.weight for one in points] + [1.9 * even])
    with theme(medium):
        figure, (axes,) = new_figure(height=4.4)
        figure.set_figwidth(figure.get_figwidth() * width / WIDTH)
        axes.set_xlim(LOW, HIGH)
        axes.set_ylim(0.0, top)
        axes.axvline(1.0, color=INK, linewidth=1.2)
        axes.axhline(even, color=GREY, linewidth=1.0, linestyle=(0, (4, 3)))
        _corners(axes)
        _marks(axes, drawn, top, TEXT_WIDTH * WIDTH / width)
        axes.xaxis.set_major_formatter(lambda value, _place: percent(value, 0))
        axes.yaxis.set_major_formatter(lambda value, _place: percent(value, 0))
        axes.set_xlabel(t("attainment"))
        axes.set_ylabel(t("weight"))
        title = _finding(drawn, even)
        set_title(figure, title)
    return Picture(figure, title, _alt(points), _note(points, even), medium)


def urgent(points: Sequence[Point], even: float) -> list[Point]:
    """Return what weighs at least as much as an even share and misses its target, the heaviest first."""
    found = [
        one for one in points if one.attained is not None and one.attained < 1 and one.weight >= even - 1e-9
    ]
    return sorted(found, key=lambda one: -one.weight)


def _corners(axes: Axes) -> None:
    for x, y, side, up, text in (
        (0.01, 0.99, "left", "top", t("missed, weighs much: act first")),
        (0.99, 0.99, "right", "top", t("reached, weighs much: keep it up")),
        (0.01, 0.015, "left", "bottom", t("missed, weighs little: watch")),
        (0.99, 0.015, "right", "bottom", t("reached, weighs little: enough")),
    ):
        axes.text(x, y, text, transform=axes.transAxes, ha=side, va=up, color=GREY, fontsize="small")


def _marks(axes: Axes, points: Sequence[Point], top: float, sign_width: float) -> None:
    """Draw mark and label of each KPI; a label gives way to those before it, and a thin line leads back."""
    taken: list[tuple[float, float, float, int]] = [
        (_place(one) - 0.012, _place(one) + 0.012, one.weight / top, 1) for one in points
    ]
    for one in sorted(points, key=lambda one: (-one.weight, one.title)):
        x, y = _place(one), one.weight / top
        hollow = one.light in {"stale", "none"}
        axes.plot(
            x, y, MARKS[one.light], color=INKS[one.light], markersize=8, transform=axes.transAxes,
            markerfacecolor="white" if hollow else INKS[one.light], clip_on=False, zorder=4,
        )  # fmt: skip
        said, rows = label(one), 1
        width = _width(said, sign_width)
        if width > MOST_WIDTH:
            # In one line it would lie over the target's line.
            said, rows = label(one, "\n"), 2
            width = max(_width(row, sign_width) for row in said.split("\n"))
        # On the side away from the target's line; where there is too little room, above or below the mark, up to the edge.
        right = one.attained is not None and one.attained >= 1
        beside = x + 0.02 + width < 1.0 if right else x - 0.02 - width > 0.0
        end = (
            (x if beside else 1.0 - 0.018 - width) + 0.018
            if right
            else (x if beside else width + 0.018) - 0.018
        )
        left_end = end if right else end - width
        spot = _free(taken, left_end, left_end + width, y, rows)
        taken.append((left_end, left_end + width, spot, rows))
        axes.text(
            end, spot, said, transform=axes.transAxes,
            ha="left" if right else "right", va="center", multialignment="left" if right else "right", color=INKS[one.light], fontsize="small", zorder=5,
            # A white ground, since the line of the even weight passes behind.
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4},
        )  # fmt: skip
        if spot != y:
            axes.plot(
                [x, x + (0.0 if not beside else 0.016 if right else -0.016)], [y, spot], color=PALE_GREY, linewidth=0.9,
                transform=axes.transAxes, zorder=3,
            )  # fmt: skip


def _width(text: str, sign_width: float) -> float:
    return sign_width * sum(2 if wide(sign) else 1 for sign in text)


def _free(
    taken: Sequence[tuple[float, float, float, int]], left: float, right: float, y: float, rows: int
) -> float:
    """Return the height nearest to `y` where a label of so many rows from `left` to `right` covers nothing."""
    edge = 0.08 + (rows - 1) * TEXT_HEIGHT / 2
    for step in range(24):
        for spot in (y + step * TEXT_HEIGHT / 2, y - step * TEXT_HEIGHT / 2):
            clear = all(
                right <= begin or left >= end or abs(spot - at) >= 0.9 * TEXT_HEIGHT * (rows + others) / 2
                for begin, end, at, others in taken
            )
            if clear and edge < spot < 1.01 - edge:
                return spot
    return y


def _place(one: Point) -> float:
    """Return how far to the right a KPI stands, from 0 to 1."""
    assert one.attained is not None, "only those with a number are drawn"
    return (min(max(one.attained, LOW), HIGH) - LOW) / (HIGH - LOW)


def label(one: Point, joint: str = " ") -> str:
    """Return what stands beside a mark: the light in a word, never colour alone.

    Parameters
    ----------
    one
        The KPI.
    joint
        What stands between its name and the rest; a new line where it is long.
    """
    reached = "–" if one.attained is None else attained(one.attained)
    return f"{one.title}{joint}{reached} · {LIGHTS[one.light]}"


def _finding(points: Sequence[Point], even: float) -> str:
    first = urgent(points, even)
    if first:
        names = t(", ").join(one.title for one in first)
        return t(
            "Act first: {names}; missed, and {share} of the weight",
            names=names,
            share=percent(sum(one.weight for one in first), 0),
        )
    if not points:
        return t("No KPI of this scorecard has a number yet")
    missed = sum(1 for one in points if one.attained is not None and one.attained < 1)
    if missed:
        return t("What weighs much is reached; {count} of less weight missed", count=missed)
    if len(points) == 1:
        return t("The one KPI with a number reaches its target")
    return t("All {count} KPIs with a number reach their target", count=len(points))


def _alt(points: Sequence[Point]) -> str:
    said = [
        t(
            "{label}: weight {weight}, {said}",
            label=one.title,
            weight=percent(one.weight, 0),
            said=_state(one),
        )
        for one in points
    ]
    return t("Attainment to the right, weight upwards. {points}", points=t("; ").join(said))


def _state(one: Point) -> str:
    if one.attained is None:
        return t("no number")
    return t("attainment {share}", share=attained(one.attained)) + t(", ") + str(LIGHTS[one.light])


def _note(points: Sequence[Point], even: float) -> str:
    note = t(
        "Upright line: target. Dashed line: {share}, the weight of each if all weighed alike. Beyond {low} and {high} a mark stands at the edge.",
        share=percent(even, 0),
        low=percent(LOW, 0),
        high=percent(HIGH, 0),
    )
    missing = [one.title for one in points if one.attained is None]
    return joined(note, t("No number: {names}", names=t(", ").join(missing))) if missing else note


__all__ = ["Point", "kpi_quadrants", "label", "points_of", "urgent"]
