"""One case of evidence as a picture: the model's figures with their intervals against the accepted bands."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from kpisim.show.picture import Picture
from kpisim.show.theme import BLUE, GREY, ORANGE, PALE_GREY, Medium, new_figure, set_title, theme
from kpisim.text import current_language, t
from kpisim.text.numbers import significant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpisim.evidence import Row

LONGEST = 64


def held_up(rows: Sequence[Row], medium: Medium = "screen") -> Picture:
    """Draw every figure of a case on its own scale: the band grey, the model a mark with its interval.

    Parameters
    ----------
    rows
        The figures of the case.
    medium
        Where the figure will be seen.
    """
    said = []
    inside = sum(row.band[0] <= row.simulated <= row.band[1] for row in rows)
    title = t("{inside} of {count} figures lie in their accepted band", inside=inside, count=len(rows))
    with theme(medium):
        figure, (axes,) = new_figure(0.9 + 0.3 * len(rows))
        for place, row in enumerate(rows):
            low, high = row.band
            ends = [value for value in (low, high, row.simulated, row.low, row.high) if isfinite(value)]
            middle, half = (max(ends) + min(ends)) / 2, max((max(ends) - min(ends)) / 2, 1e-12)

            def scaled(value: float, middle: float = middle, half: float = half) -> float:
                return (
                    min(max((value - middle) / half, -1.15), 1.15)
                    if isfinite(value)
                    else (1.15 if value > 0 else -1.15)
                )

            axes.hlines(place, scaled(low), scaled(high), color=PALE_GREY, lw=9)
            good = row.verdict in {"pass", "put in", "not refuted", "for scale"}
            colour = BLUE if good else ORANGE
            axes.hlines(place, scaled(row.low), scaled(row.high), color=colour, lw=1.6)
            # A filled mark holds, a hollow one does not: told apart without colours.
            axes.plot(
                scaled(row.simulated),
                place,
                "D" if good else "o",
                color=colour,
                mfc=colour if good else "white",
                ms=5.5,
            )
            axes.annotate(
                significant(row.simulated, 3), (1.01, place), xycoords=("axes fraction", "data"), va="center",
                fontsize="small", color=GREY, annotation_clip=False,
            )  # fmt: skip
            said.append(f"{row.metric}: {significant(row.simulated, 3)} ({t(row.verdict)})")
        axes.set_yticks(range(len(rows)), [_short(str(row.metric)) for row in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(-1.2, 1.2)
        axes.set_xticks([])
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.tick_params(length=0)
        set_title(figure, title)
    note = t(
        "Grey: accepted band. Filled diamond: inside it. Hollow circle: outside. Every row has its own scale."
    )
    return Picture(
        figure,
        title,
        t("{title}. {items}.", title=title, items=t("; ").join(said)),
        note,
        medium,
        current_language(),
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
