"""A team over a year: who reaches quota, how the pipeline moves, how heavy the load is."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from kpisim.show.numbers import day_text as in_words
from kpisim.show.numbers import joined, money
from kpisim.show.picture import Picture
from kpisim.show.theme import (
    BLUE,
    GREEN,
    GREY,
    INK,
    LINES,
    ORANGE,
    PALE_GREEN,
    PALE_GREY,
    Medium,
    month_axis,
    new_figure,
    set_title,
    theme,
    unit_axis,
)
from kpisim.text import t
from kpisim.text.numbers import percent, plain

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd
    from matplotlib.axes import Axes

BAND = (0.8, 1.0)
LEVEL = 0.05
MOST = 2.5
"""Right end of the attainment axis; the last bar says that it holds the rest."""


def period_word(period: str) -> str:
    """Return what one value of a rep and `period` is called, e.g. ``rep-quarters``."""
    return {"month": t("rep-months"), "quarter": t("rep-quarters"), "year": t("rep-years")}.get(
        period, t("rep-periods")
    )


def attainment(frame: pd.DataFrame, period: str = "quarter", medium: Medium = "screen") -> Picture:
    """Draw how attainment is spread, and name the share at quota or above.

    Parameters
    ----------
    frame
        One row per run, rep and period with ``attainment`` (1 = quota reached); missing values are dropped.
    period
        Pay period, for the words.
    medium
        Where the figure will be seen.
    """
    import numpy as np  # noqa: PLC0415

    values = frame["attainment"].dropna().to_numpy(dtype=float)
    word = period_word(period)
    if len(values) == 0:
        return nothing(t("No attainment: there is no quota or no result"), medium)
    at_quota, half = float((values >= 1).mean()), float((values < 0.5).mean())
    middle = float(np.median(values))
    title = t(
        "{share} of {word} reach the quota; the median attainment is {middle}",
        share=percent(at_quota, 0),
        word=word,
        middle=percent(middle, 0),
    )
    top = min(MOST, max(2.0, float(np.ceil(np.quantile(values, 0.995) * 10) / 10)))
    step = 0.1
    edges = np.arange(0, top + step / 2, step)
    # What lies beyond the last edge is counted in the last bar, so that the bars add up to 100 %.
    counts, _ = np.histogram(np.clip(values, 0, top - step / 2), bins=edges)
    shares = counts / len(values)
    with theme(medium):
        figure, (axes,) = new_figure(3.4)
        left = edges[:-1]
        met = left >= 1 - 1e-9
        axes.bar(
            left[~met], shares[~met], width=step * 0.94, align="edge", color=PALE_GREY, edgecolor=GREY, lw=0.6
        )
        axes.bar(left[met], shares[met], width=step * 0.94, align="edge", color=BLUE)
        axes.axvline(1, color=INK, lw=1.4)
        axes.set_ylim(0, shares.max() * 1.32)
        peak = axes.get_ylim()[1]
        axes.text(
            0.98,
            peak * 0.97,
            t("below quota\n{share}", share=percent(1 - at_quota, 0)),
            ha="right",
            va="top",
            color=GREY,
            linespacing=LINES,
        )
        axes.text(
            1.02,
            peak * 0.97,
            t("quota reached\n{share}", share=percent(at_quota, 0)),
            ha="left",
            va="top",
            color=BLUE,
            linespacing=LINES,
        )
        axes.set_xlim(0, top)
        unit_axis(axes.xaxis, "share")
        unit_axis(axes.yaxis, "share")
        axes.set_xlabel(t("attainment (result ÷ quota)"))
        axes.set_ylabel(t("share of {word}", word=word))
        set_title(figure, title)
    alt = t(
        "Distribution of attainment over {n} {word}. {title}. {half} stay below half of the quota.",
        n=plain(len(values)),
        word=word,
        title=title,
        half=percent(half, 0),
    )
    note = t(
        "All runs together, {n} {word}; the last bar holds everything beyond it.",
        n=plain(len(values)),
        word=word,
    )
    return Picture(figure, title, alt, note, medium=medium)


def pipeline(weekly: pd.DataFrame, currency: str = "CNY", medium: Medium = "screen") -> Picture:
    """Draw the value of open opportunities week by week: mean and middle 80 % of the runs.

    Parameters
    ----------
    weekly
        One row per run and week with ``run, week, open_value``.
    currency
        Printed with money.
    medium
        Where the figure will be seen.
    """
    data = weekly.dropna(subset=["open_value"])
    if data.empty:
        return nothing(t("No pipeline: there are no opportunities"), medium)
    by_week = data.groupby("week")["open_value"].mean()
    first, last = _ends(by_week)
    growth = last / first - 1 if first else float("nan")
    if first and abs(growth) < LEVEL:
        title = t("The pipeline stays level at about {last}", last=money(last, currency))
    else:
        title = t(
            "The pipeline grows from {first} to {last}"
            if last > first
            else "The pipeline shrinks from {first} to {last}",
            first=money(first, currency),
            last=money(last, currency),
        )
        if first:
            title = t("{text} ({change})", text=title, change=_signed(growth))
    with theme(medium):
        figure, (axes,) = new_figure(3.2)
        band = _mean_and_band(axes, data, "open_value", BLUE)
        axes.set_ylim(0, band * 1.08 or 1)
        unit_axis(axes.yaxis, "money", currency)
        axes.set_ylabel(t("value of open opportunities"))
        month_axis(axes)
        set_title(figure, title)
    low, high = by_week.idxmin(), by_week.idxmax()
    alt = t(
        "Value of open opportunities by week. {title}. Highest {high} in the week of {high_day}, lowest {low} in the week of {low_day}.",
        title=title,
        high=money(by_week.max(), currency),
        high_day=in_words(cast("date", high)),
        low=money(by_week.min(), currency),
        low_day=in_words(cast("date", low)),
    )
    return Picture(figure, title, alt, _runs_note(data), medium=medium)


def workload(weekly: pd.DataFrame, medium: Medium = "screen", level: float | None = None) -> Picture:
    """Draw the load (work that comes in ÷ hours available) week by week against the band of 80 to 100 %.

    Parameters
    ----------
    weekly
        One row per run and week with ``run, week, load`` (a share).
    medium
        Where the figure will be seen.
    level
        The KPI's own mean, where a table tells it beside the picture: a mean of weeks weighs a short week like a full one.
    """
    data = weekly.dropna(subset=["load"])
    if data.empty:
        return nothing(t("No load: working hours are not known"), medium)
    by_week = data.groupby("week")["load"].mean()
    over, under = int((by_week > BAND[1]).sum()), int((by_week < BAND[0]).sum())
    mean, peak = float(by_week.mean()) if level is None else level, cast("date", by_week.idxmax())
    if over:
        title = t(
            "The load is above 100% in {over} of {n} weeks and peaks at {peak} ({day})",
            over=over,
            n=len(by_week),
            peak=percent(by_week.max(), 0),
            day=in_words(peak),
        )
    elif under > len(by_week) / 2:
        title = t(
            "The load averages {mean}, below 80% in {under} of {n} weeks: there is room",
            mean=percent(mean, 0),
            under=under,
            n=len(by_week),
        )
    else:
        title = t("The load averages {mean} and never passes 100%", mean=percent(mean, 0))
    with theme(medium):
        figure, (axes,) = new_figure(3.2)
        axes.axhspan(*BAND, color=PALE_GREEN, lw=0, zorder=0)
        top = _mean_and_band(axes, data, "load", ORANGE if over else BLUE)
        axes.set_ylim(min(0.5, float(by_week.min()) * 0.9), max(1.15, top * 1.06))
        axes.axhline(1, color=GREEN, lw=1.2, ls="--", zorder=1)
        axes.annotate(
            t("target band\n80–100%"),
            (1.01, sum(BAND) / 2),
            xycoords=("axes fraction", "data"),
            va="center",
            color=GREEN,
            annotation_clip=False,
            linespacing=LINES,
        )
        unit_axis(axes.yaxis, "share")
        axes.set_ylabel(t("load"))
        month_axis(axes)
        set_title(figure, title)
    alt = t(
        "Load by week against the target band of 80 to 100 per cent. {title}. Mean {mean}; {over} weeks above and {under} weeks below the band.",
        title=title,
        mean=percent(mean, 0),
        over=over,
        under=under,
    )
    return Picture(
        figure,
        title,
        alt,
        joined(_runs_note(data), t("Load: work coming in ÷ hours available.")),
        medium=medium,
    )


def nothing(text: str, medium: Medium = "screen") -> Picture:
    """Return a small figure that says in words why there is nothing to draw."""
    with theme(medium):
        figure, (axes,) = new_figure(1.1)
        axes.set_axis_off()
        axes.text(0.0, 0.5, text, va="center", color=GREY)
    return Picture(figure, text, text, medium=medium)


def _mean_and_band(axes: Axes, data: pd.DataFrame, column: str, colour: str) -> float:
    """Draw the mean over runs and the band from P10 to P90; return the highest value drawn."""
    import seaborn as sns  # noqa: PLC0415

    alone = data["run"].nunique() < 2
    sns.lineplot(
        data=data,
        x="week",
        y=column,
        estimator="mean",
        errorbar=None if alone else ("pi", 80),
        color=colour,
        ax=axes,
        err_kws={"alpha": 0.22, "lw": 0},
    )
    weeks = data["week"]
    axes.set_xlim(weeks.min(), weeks.max())
    groups = data.groupby("week")[column]
    return float((groups.mean() if alone else groups.quantile(0.9)).max())


def _ends(by_week: pd.Series) -> tuple[float, float]:
    """Return the mean of the first and of the last four weeks: single weeks jump too much to compare."""
    span = max(1, min(4, len(by_week) // 2))
    return float(by_week.iloc[:span].mean()), float(by_week.iloc[-span:].mean())


def _runs_note(data: pd.DataFrame) -> str:
    runs = data["run"].nunique()
    if runs < 2:
        return t("One series; no band.")
    return t("Line: mean of {n} runs. Band: the middle 80% of the runs (P10 to P90).", n=runs)


def _signed(share: float) -> str:
    return ("+" if share > 0 else "") + percent(share, 0)


__all__ = ["attainment", "nothing", "period_word", "pipeline", "workload"]
