"""Pulses as a picture: the share of favourable answers wave by wave with its interval; small waves stay hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.kpi.interval import wilson
from kpisim.kpi.measures import FEW
from kpisim.kpi.pulse import question_title, shifts
from kpisim.show.picture import Picture
from kpisim.show.theme import BLUE, GREY, ORANGE, WIDTH, Medium, new_figure, set_title, theme
from kpisim.text import t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpisim.kpi.pulse import Wave

_MOST = 12


def pulse_picture(found: Sequence[Wave], medium: Medium = "screen", width: float = WIDTH) -> Picture:
    """Draw the last waves of one question.

    Parameters
    ----------
    found
        Waves of one question, the oldest first.
    medium
        Where it will be seen.
    width
        Inches; a panel on a small laptop takes :data:`kpisim.show.theme.NARROW`, so that its type is not made smaller.
    """
    waves = list(found)[-_MOST:]
    with theme(medium):
        figure, (axes,) = new_figure(height=2.9)
        figure.set_figwidth(figure.get_figwidth() * width / WIDTH)
        shown = [
            (place, wave.favourable, wave.n)
            for place, wave in enumerate(waves)
            if wave.favourable is not None and wave.n
        ]
        axes.plot(
            [place for place, _, _ in shown],
            [share for _, share, _ in shown],
            color=BLUE,
            linewidth=1.0,
            alpha=0.6,
        )
        for place, share, n in shown:
            low, high = wilson(share * n, n)
            axes.plot([place, place], [low, high], color=BLUE, linewidth=1.8, alpha=0.45)
            axes.plot(place, share, "o", color=BLUE)
            # Beside the interval, which it must not cover; a white ground, since the line may pass behind.
            axes.annotate(
                percent(share, 0), (place, share), textcoords="offset points", xytext=(6, 9), ha="left", fontsize="small",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            )  # fmt: skip
        for place, wave in enumerate(waves):
            if wave.n is None:
                axes.text(
                    place,
                    0.5,
                    t("under {few}", few=FEW),
                    ha="center",
                    va="center",
                    color=ORANGE,
                    fontsize="small",
                )
        labels = [
            f"{wave.first}\n" + (t("{n} answers", n=wave.n) if wave.n is not None else t("hidden"))
            for wave in waves
        ]
        axes.set_xticks(range(len(waves)), labels, fontsize="x-small" if len(waves) > 7 else "small")
        axes.set_xlim(-0.5, len(waves) - 0.5 + 0.2)
        axes.set_ylim(-0.02, 1.16)
        axes.set_yticks([0.0, 0.25, 0.5, 0.75, 1.0])
        axes.set_ylabel(t("answers of 4 or 5"), color=GREY)
        axes.set_yticklabels([percent(tick, 0) for tick in (0.0, 0.25, 0.5, 0.75, 1.0)])
        title = _finding(waves)
        set_title(figure, title)
    alt = t("; ").join(
        f"{wave.first}: " + (t("hidden") if wave.favourable is None else percent(wave.favourable, 0))
        for wave in waves
    )
    return Picture(
        figure,
        title,
        alt,
        t(
            "Dot: share of answers of 4 or 5; stroke: 95% interval. Fewer than {few} answers show nothing.",
            few=FEW,
        ),
        medium,
    )


def _finding(waves: Sequence[Wave]) -> str:
    name = question_title(waves[-1].question) if waves else ""
    name = name[:1].upper() + name[1:]
    moved = shifts(waves)
    if not moved:
        return t("{question}: no two waves to compare yet", question=name)
    low, high = moved[-1].interval
    if low <= 0 <= high:
        return t("{question}: the last change is within the noise", question=name)
    return (
        t("{question}: up since the wave before", question=name)
        if low > 0
        else t("{question}: down since the wave before", question=name)
    )


__all__ = ["pulse_picture"]
