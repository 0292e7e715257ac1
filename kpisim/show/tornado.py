"""The tornado of a sensitivity screening: which guess moves a KPI how far, and how far luck alone does."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from kpisim.show.picture import Picture
from kpisim.show.theme import BLUE, GREY, INK, PALE_GREY, Medium, broken, new_figure, set_title, theme
from kpisim.text import current_language, t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from kpisim.experiment.screening import Sensitivity

BARS = 5
"""Guesses drawn per KPI."""
LABEL = 44
"""Width of a guess's meaning in half-width signs."""


def tornado(found: Sensitivity, medium: Medium = "screen") -> Picture:
    """Draw the strongest guesses of every KPI, the longest bar at the top.

    A bar to the right raises the KPI, one to the left lowers it; filled bars are shown effects, hollow ones may be luck.
    The grey band behind is what luck alone reaches.

    Parameters
    ----------
    found
        Result of `kpisim.experiment.sensitivity`.
    medium
        Where the figure will be seen.
    """
    from kpisim.experiment.screening import DUMMY, SURE, reach  # noqa: PLC0415
    from kpisim.experiment.screening_words import closing, half, short, sorted_out  # noqa: PLC0415
    from kpisim.kpi import kpi as known  # noqa: PLC0415

    real = found.morris[found.morris["path"] != DUMMY]
    groups = [(kpi, real[real["kpi"] == kpi].head(BARS)) for kpi in found.kpis]
    groups = [(kpi, rows) for kpi, rows in groups if len(rows)]
    loud, _, _ = sorted_out(found)
    title = (
        t("What is shown hangs most on: {name}", name=short(found.factor(loud[0]).meaning()))
        if loud
        else t("No guess is shown to move these KPIs.")
    )
    said: list[str] = []
    with theme(medium):
        figure, (axes,) = new_figure(1.2 + 0.34 * sum(len(rows) + 1.6 for _, rows in groups))
        ticks: list[tuple[float, str]] = []
        place = 0.0
        for kpi, rows in groups:
            name = str(known(kpi).title)
            value, floor = reach(found.luck, kpi)
            luck = floor / (abs(value) or 1.0)
            axes.text(0.0, place, name, transform=axes.get_yaxis_transform(), fontsize="medium", color=INK, va="center")  # fmt: skip
            if isfinite(luck):
                ends = (place + 0.5, place + len(rows) + 0.5)
                axes.fill_betweenx(ends, -luck, luck, color=PALE_GREY, alpha=0.55, lw=0, zorder=0)
            parts = []
            for row in rows.itertuples():
                place += 1
                sure = str(row.verdict) in SURE
                share = float(row.share) * (1 if float(row.mu) >= 0 else -1)  # type: ignore[arg-type]
                axes.barh(place, share, height=0.66, color=BLUE if sure else "white", edgecolor=BLUE if sure else GREY, lw=0.9)  # fmt: skip
                axes.hlines(place, share - half(row), share + half(row), color=INK if sure else GREY, lw=1.1)
                meaning = found.factor(str(row.path)).meaning()
                ticks.append((place, _cut(short(meaning, 10 * LABEL), LABEL)))
                parts.append(
                    t(
                        "{name} {effect} ({verdict})",
                        name=short(meaning),
                        effect=("+" if share >= 0 else "\N{MINUS SIGN}") + percent(abs(share), 0),
                        verdict=t(str(row.verdict)),
                    )
                )
            said.append(t("{label}: {text}", label=name, text=t("; ").join(parts)))
            place += 1.6
        _finish(axes, ticks, place)
        set_title(figure, title)
    alt = t(
        "Tornado: bars show how far each KPI moves when one assumption runs through its range. {kpis}.",
        kpis=t("; ").join(said),
    )
    note = t(
        "Bar: mean size of the effect of the whole range, with its 95% interval; to the right the KPI rises. Filled: shown. Hollow: may be luck. Grey: what luck alone reaches."
    )
    return Picture(figure, title, alt, " ".join((note, *closing(found))), medium, current_language())


def _finish(axes: Axes, ticks: list[tuple[float, str]], bottom: float) -> None:
    """Write the labels and the scale."""
    axes.axvline(0, color=GREY, lw=0.8)
    axes.set_yticks([where for where, _ in ticks], [what for _, what in ticks], fontsize="small")
    axes.set_ylim(max(bottom - 0.6, 0.5), -0.8)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_formatter(lambda value, _position: percent(value, 0))
    axes.set_xlabel(t("effect of the whole range, share of the KPI"))


def _cut(text: str, units: int) -> str:
    """Return `text` on one line or two, cut where two are not enough."""
    rows = broken(text, units)
    return "\n".join(rows[:2]) + ("…" if len(rows) > 2 else "")


__all__ = ["tornado"]
