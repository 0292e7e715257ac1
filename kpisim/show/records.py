"""Figures of a firm's own tables (or of one run): conversion and cycle, revenue by month, repurchase."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from kpisim.show.numbers import joined, money, month
from kpisim.show.picture import Picture
from kpisim.show.team import nothing
from kpisim.show.theme import (
    BLUE,
    GREY,
    LINES,
    ORANGE,
    PALE_BLUE,
    PALE_GREY,
    Medium,
    month_axis,
    month_ticks,
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

FEW = 5
RECENT = 3
"""Months that count as recent."""


def conversion(opportunities: pd.DataFrame, start: date, end: date, medium: Medium = "screen") -> Picture:
    """Draw what became of the opportunities created in ``[start, end)``, and how long a win took.

    Parameters
    ----------
    opportunities
        Table ``opportunities``: ``created, closed, status``.
    start, end
        The window, half-open.
    medium
        Where the figure will be seen.
    """
    import pandas as pd  # noqa: PLC0415

    data = opportunities[
        (opportunities["created"] >= pd.Timestamp(start)) & (opportunities["created"] < pd.Timestamp(end))
    ]
    if data.empty:
        return nothing(t("No opportunity was created in the window"), medium)
    shares = {name: float((data["status"] == name).mean()) for name in ("won", "lost", "open")}
    won = data[data["status"] == "won"]
    days = ((won["closed"] - won["created"]).dt.total_seconds() / 86400).dropna()
    middle = float(days.median()) if len(days) >= FEW else None
    title = t(
        "Of {n} opportunities {won} are won, {lost} lost and {open} still open",
        n=plain(len(data)),
        won=percent(shares["won"], 0),
        lost=percent(shares["lost"], 0),
        open=percent(shares["open"], 0),
    )
    if middle is not None:
        title = t("{text}; half of the wins take up to {days} days", text=title, days=_days(middle))
    with theme(medium):
        figure, (left, right) = new_figure(3.3, 2, width_ratios=[1.35, 1])
        monthly = data.assign(month=data["created"].dt.to_period("M").dt.to_timestamp())
        table = pd.crosstab(monthly["month"], monthly["status"].astype(str), normalize="index")
        table = table.reindex(columns=["won", "lost", "open"], fill_value=0.0)
        base = pd.Series(0.0, index=table.index)
        places = range(len(table))
        looks = {"won": (BLUE, ""), "lost": (PALE_GREY, ""), "open": ("white", "////")}
        words = {"won": t("won"), "lost": t("lost"), "open": t("open")}
        for name, (colour, hatch) in looks.items():
            left.bar(
                places,
                table[name].to_numpy(),
                bottom=base.to_numpy(),
                color=colour,
                hatch=hatch,
                edgecolor=GREY,
                lw=0.5,
                width=0.86,
                label=words[name],
            )
            base = base + table[name]
        left.legend(
            ncols=3,
            loc="lower left",
            bbox_to_anchor=(-0.02, 0.99),
            frameon=False,
            fontsize="small",
            handlelength=1.2,
            columnspacing=1.2,
        )
        month_ticks(left, list(table.index), most=6)
        left.set_ylim(0, 1)
        unit_axis(left.yaxis, "share")
        left.set_ylabel(t("share of opportunities"))
        left.set_xlabel(t("month created"))
        _cycle(right, days, middle)
        set_title(figure, title)
    alt = t(
        "Opportunities by month created: won, lost, open; and days from creation to win. {title}.",
        title=title,
    )
    if middle is not None:
        alt = joined(
            alt, t("Nine wins in ten take up to {days} days.", days=_days(float(days.quantile(0.9))))
        )
    return Picture(figure, title, alt, _still_open(table, shares["open"]), medium=medium)


def _still_open(table: pd.DataFrame, overall: float) -> str:
    """Return how open opportunities colour the figure, where there are enough of them to matter."""
    if overall < 0.05:
        return ""
    if len(table) > RECENT and table["open"].iloc[-RECENT:].mean() > overall:
        return t("Recent months look weak because their opportunities are still open.")
    return t(
        "{share} are still open and may yet be won; the win rate counts them as not won.",
        share=percent(overall, 0),
    )


def _days(value: float) -> str:
    return plain(value, 0 if value >= 10 else 1)


def _cycle(axes: Axes, days: pd.Series, middle: float | None) -> None:
    import seaborn as sns  # noqa: PLC0415

    if middle is None:
        axes.set_axis_off()
        axes.text(0, 0.5, t("too few wins for cycle times"), color=GREY)
        return
    limit = float(days.quantile(0.99))
    sns.ecdfplot(x=days.clip(upper=limit), ax=axes, color=BLUE)
    axes.plot([0, middle, middle], [0.5, 0.5, 0], color=ORANGE, lw=1.2, ls="--")
    axes.annotate(
        t("half within\n{days} days", days=_days(middle)),
        (middle, 0.5),
        textcoords="offset points",
        xytext=(7, -4),
        va="top",
        color=ORANGE,
        linespacing=LINES,
    )
    axes.set_xlim(0, limit or 1)
    axes.set_ylim(0, 1)
    unit_axis(axes.yaxis, "share")
    axes.set_ylabel(t("share of wins closed"))
    axes.set_xlabel(t("days since creation"))


def by_month(orders: pd.DataFrame, start: date, end: date) -> pd.Series[float] | None:
    """Return what was signed in each month of ``[start, end)`` less what was cancelled in it; None where nothing was signed."""
    import pandas as pd  # noqa: PLC0415

    first, last = pd.Timestamp(start), pd.Timestamp(end)
    booked = orders[(orders["booked"] >= first) & (orders["booked"] < last)]
    if booked.empty:
        return None
    sums = booked.groupby(booked["booked"].dt.to_period("M"))["value"].sum()
    off = (
        orders[(orders["cancelled"] >= first) & (orders["cancelled"] < last)]
        if "cancelled" in orders
        else orders.iloc[:0]
    )
    if len(off):
        sums = sums.sub(off.groupby(off["cancelled"].dt.to_period("M"))["value"].sum(), fill_value=0.0)
    every = pd.period_range(first.to_period("M"), (last - pd.Timedelta(1, "D")).to_period("M"), freq="M")
    return sums.reindex(every, fill_value=0.0)


def whole_months(sums: pd.Series[float], start: date, end: date) -> list[bool]:
    """Return of each month whether it lies wholly in ``[start, end)``: half a month is neither a weak one nor the best."""
    import pandas as pd  # noqa: PLC0415

    first, last = pd.Timestamp(start), pd.Timestamp(end)
    return [one.start_time >= first and (one + 1).start_time <= last for one in sums.index]


def revenue(
    orders: pd.DataFrame, start: date, end: date, currency: str = "CNY", medium: Medium = "screen"
) -> Picture:
    """Draw signed orders per month; a cancelled order is taken off in the month it was cancelled.

    Parameters
    ----------
    orders
        Table ``orders``: ``booked, cancelled, value``.
    start, end
        The window, half-open; a month only partly inside is hatched.
    currency
        Printed with money.
    medium
        Where the figure will be seen.
    """
    sums = by_month(orders, start, end)
    if sums is None:
        return nothing(t("No order was signed in the window"), medium)
    every, whole = list(sums.index), whole_months(sums, start, end)
    complete = sums[whole] if any(whole) else sums
    best, mean = cast("pd.Period", complete.idxmax()), float(complete.mean())
    title = t(
        "{total} signed; the best month is {month} with {best}",
        total=money(sums.sum(), currency),
        month=month(best.start_time, year=True),
        best=money(complete.max(), currency),
    )
    if len(complete) > 2 and mean > 0:
        title = t(
            "{text}, {share} above the monthly mean", text=title, share=percent(complete.max() / mean - 1, 0)
        )
    with theme(medium):
        figure, (axes,) = new_figure(3.1)
        for place, (period, inside, value) in enumerate(zip(every, whole, sums, strict=True)):
            axes.bar(
                place,
                value,
                width=0.8,
                color=BLUE if period == best else PALE_BLUE,
                edgecolor=BLUE,
                lw=0.6,
                hatch=None if inside else "////",
            )
        axes.axhline(0, color=GREY, lw=0.8)
        month_ticks(axes, [period.start_time for period in every])
        if len(complete) > 2:
            axes.axhline(mean, color=ORANGE, lw=1.2, ls="--")
            axes.annotate(
                t("mean\n{mean}", mean=money(mean, currency)),
                (1.01, mean),
                xycoords=("axes fraction", "data"),
                va="center",
                color=ORANGE,
                annotation_clip=False,
                linespacing=LINES,
            )
        unit_axis(axes.yaxis, "money", currency)
        axes.set_ylabel(t("signed orders per month"))
        set_title(figure, title)
    low = cast("pd.Period", complete.idxmin())
    alt = t(
        "Signed orders by month. {title}. Weakest month {month} with {low}.",
        title=title,
        month=month(low.start_time, year=True),
        low=money(complete.min(), currency),
    )
    note = "" if all(whole) else t("Hatched: the window covers only part of the month.")
    return Picture(figure, title, alt, note, medium=medium)


def repurchase(orders: pd.DataFrame, start: date, end: date, medium: Medium = "screen") -> Picture:
    """Draw how many of a month's customers buy again in the next month (回购率).

    A month counts only when it and the next lie wholly in ``[start, end)``: a later month is not ripe.

    Parameters
    ----------
    orders
        Table ``orders``: ``account_id, booked, value``; cancelled orders and credit notes are left out.
    start, end
        The window, half-open.
    medium
        Where the figure will be seen.
    """
    import pandas as pd  # noqa: PLC0415

    first, last = pd.Timestamp(start), pd.Timestamp(end)
    data = orders[(orders["booked"] >= first) & (orders["booked"] < last) & (orders["value"] > 0)]
    if "cancelled" in data:
        data = data[data["cancelled"].isna()]
    months = [
        p
        for p in pd.period_range(first.to_period("M"), last.to_period("M"), freq="M")
        if p.start_time >= first and (p + 2).start_time <= last
    ]
    buyers = data.groupby(data["booked"].dt.to_period("M"))["account_id"].agg(set)
    rows = []
    for period in months:
        now, then = buyers.get(period, set()), buyers.get(period + 1, set())
        if len(now) >= FEW:
            rows.append((period.start_time, len(now & then), len(now)))
    if not rows:
        return nothing(t("No repurchase rate: it needs two full months with at least 5 customers"), medium)
    frame = pd.DataFrame(rows, columns=["month", "again", "buyers"])
    frame["rate"] = frame["again"] / frame["buyers"]
    overall = frame["again"].sum() / frame["buyers"].sum()
    best = frame.iloc[int(frame["rate"].to_numpy().argmax())]
    if len(frame) == 1:
        # One point is no course, and its axis would span years.
        return nothing(
            t(
                "{rate} of the customers of {month} bought again the next month; a curve needs two such months",
                rate=percent(overall, 0),
                month=month(best["month"], year=True),
            ),
            medium,
        )
    title = t(
        "{rate} of a month's customers buy again the next month; most after {month} ({best})",
        rate=percent(overall, 0),
        month=month(best["month"], year=True),
        best=percent(best["rate"], 0),
    )
    with theme(medium):
        figure, (axes,) = new_figure(3.0)
        axes.plot(frame["month"], frame["rate"], "o-", color=BLUE, ms=5, clip_on=False)
        axes.axhline(overall, color=ORANGE, lw=1.2, ls="--")
        axes.annotate(
            t("all months\n{rate}", rate=percent(overall)),
            (1.01, overall),
            xycoords=("axes fraction", "data"),
            va="center",
            color=ORANGE,
            annotation_clip=False,
            linespacing=LINES,
        )
        axes.set_ylim(0, min(1.05, float(frame["rate"].max()) * 1.35) or 1)
        unit_axis(axes.yaxis, "share")
        axes.set_ylabel(t("repurchase rate"))
        month_axis(axes)
        set_title(figure, title)
    alt = t(
        "Repurchase rate from month to month. {title}. {again} of {buyers} customer-months were followed by another purchase.",
        title=title,
        again=plain(frame["again"].sum()),
        buyers=plain(frame["buyers"].sum()),
    )
    note = t(
        "Customers who buy in a month and again in the next, over customers who buy in the month. The last month is not ripe and left out."
    )
    return Picture(figure, title, alt, note, medium=medium)
