"""How sure each KPI is: its mean, the interval of the mean, and how far single runs lie apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.show.numbers import amount, interval, is_number, joined, rows_of
from kpisim.show.picture import Picture
from kpisim.show.theme import BLUE, GREY, INK, Medium, new_figure, set_title, theme
from kpisim.text import t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

CLOSE = 0.05
_NUMBERS = ("mean", "low", "high", "p10", "p90")


def kpi_intervals(
    kpis: pd.DataFrame,
    names: Mapping[str, str] | None = None,
    currency: str = "CNY",
    medium: Medium = "screen",
) -> Picture:
    """Draw every KPI's interval relative to its mean, so that different units share one axis.

    Parameters
    ----------
    kpis
        One row per KPI: ``kpi, unit, mean, low, high, p10, p90``.  Rows without a number are left out
        of the drawing and counted in the note.
    names
        KPI -> name shown; a KPI without one keeps its id.
    currency
        Printed with money.
    medium
        Where the figure will be seen.
    """
    names = names or {}
    # A frame in which no KPI has a number may lack the columns; empty ones serve as well.
    every = kpis.reindex(columns=["kpi", "unit", *_NUMBERS]).astype(dict.fromkeys(_NUMBERS, float))
    known = every[every[["mean", "low", "high"]].map(is_number).all(axis=1) & (every["mean"] != 0)].copy()
    missing = len(kpis) - len(known)
    known["half"] = (known["high"] - known["low"]) / 2 / known["mean"].abs()
    known = known.sort_values("half", kind="stable").reset_index(drop=True)
    title, alt = _words(known, names, currency)
    with theme(medium):
        figure, (axes,) = new_figure(1.25 + 0.25 * max(len(known), 1))
        for row, record in enumerate(rows_of(known)):
            scale, mean = abs(record["mean"]), record["mean"]
            if is_number(record.get("p10")) and is_number(record.get("p90")):
                axes.hlines(
                    row,
                    1 + (record["p10"] - mean) / scale,
                    1 + (record["p90"] - mean) / scale,
                    color=GREY,
                    lw=1.2,
                )
            axes.hlines(
                row,
                1 + (record["low"] - mean) / scale,
                1 + (record["high"] - mean) / scale,
                color=BLUE,
                lw=5.5,
            )
            axes.plot(1, row, "o", color="white", mec=INK, ms=5)
        labels = [str(names.get(kpi, kpi)) for kpi in known["kpi"]]
        axes.set_yticks(range(len(known)), labels)
        axes.set_ylim(len(known) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        axes.axvspan(1 - CLOSE, 1 + CLOSE, color="#EEF1F4", zorder=0, lw=0)
        low, high = axes.get_xlim()
        axes.set_xlim(max(low, -0.5), min(high, 2.5))
        from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415

        axes.xaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 2.5, 5, 10]))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value, 0)))
        axes.set_xlabel(t("share of the mean (grey field: mean ±5%)"))
        for row, record in enumerate(rows_of(known)):
            axes.annotate(
                f"{amount(record['mean'], record['unit'], currency)}  "
                f"[{interval(record['low'], record['high'], record['unit'], currency)}]",
                (1.01, row),
                xycoords=("axes fraction", "data"),
                va="center",
                fontsize="small",
                annotation_clip=False,
            )
        set_title(figure, title)
    note = t("Thick: 95% interval of the mean. Thin: the middle 80% of single runs (P10 to P90).")
    if missing:
        note = joined(
            note, t("Not drawn, because they have no spread or no number: {n}; see the table.", n=missing)
        )
    return Picture(figure, title, alt, note, medium=medium)


def _words(known: pd.DataFrame, names: Mapping[str, str], currency: str) -> tuple[str, str]:
    if known.empty:
        text = t("No KPI has an interval yet")
        return text, text
    close = int((known["half"] <= CLOSE).sum())
    last = known.iloc[-1]
    title = t(
        "{close} of {n} KPIs are known to within ±5%; least certain: {name} (±{half})",
        close=close,
        n=len(known),
        name=names.get(last["kpi"], last["kpi"]),
        half=percent(last["half"]),
    )
    items = [
        t(
            "{name} {mean} ({interval})",
            name=names.get(r["kpi"], r["kpi"]),
            mean=amount(r["mean"], r["unit"], currency),
            interval=interval(r["low"], r["high"], r["unit"], currency),
        )
        for r in rows_of(known)
    ]
    alt = t("Intervals of the KPI means. {finding}. {items}.", finding=title, items=t("; ").join(items))
    return title, alt
