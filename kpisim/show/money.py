"""Pay as pictures: what a plan pays and costs, one rep's steps from KPI to money, and who gains under another plan."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kpisim.kpi.paying import CENT, TITLES
from kpisim.show.numbers import DASH, day_text, is_number, money, month
from kpisim.show.picture import Picture
from kpisim.show.team import nothing
from kpisim.show.theme import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PALE_BLUE,
    Medium,
    new_figure,
    set_title,
    theme,
    unit_axis,
)
from kpisim.text import t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from kpisim.kpi.paying import Statement

SHOWN = (0.5, 1.0, 1.5)
_ROW = 0.42


def pay_curve(
    curve: pd.DataFrame,
    currency: str = "CNY",
    period: str = "quarter",
    other: pd.DataFrame | None = None,
    labels: tuple[str, str] = ("A", "B"),
    medium: Medium = "screen",
) -> Picture:
    """Draw a rep's variable pay for a period from 0 to 200 % of quota.

    Parameters
    ----------
    curve
        ``attainment, pay``, rising in attainment.
    currency, period
        Printed with money and on the axis.
    other, labels
        A second plan to draw beside the first, and the names of both.
    medium
        Where the figure will be seen.
    """
    import numpy as np  # noqa: PLC0415

    x, y = curve["attainment"].to_numpy(float), curve["pay"].to_numpy(float)
    at = {share: float(np.interp(share, x, y)) for share in (0.8, 0.9, *SHOWN, 1.1)}
    title = _curve_title(at, x, y, currency, period)
    with theme(medium):
        figure, (axes,) = new_figure(3.4)
        axes.plot(x, y, color=BLUE)
        if other is not None:
            ox, oy = other["attainment"].to_numpy(float), other["pay"].to_numpy(float)
            axes.plot(ox, oy, color=ORANGE, ls="--")
            axes.annotate(
                labels[0],
                (1.01, y[-1]),
                xycoords=("axes fraction", "data"),
                color=BLUE,
                va="center",
                annotation_clip=False,
            )
            if abs(oy[-1] - y[-1]) > 0.05 * max(oy.max(), y.max(), 1):
                axes.annotate(
                    labels[1],
                    (1.01, oy[-1]),
                    xycoords=("axes fraction", "data"),
                    color=ORANGE,
                    va="center",
                    annotation_clip=False,
                )
            else:
                axes.annotate(
                    "\n" + labels[1],
                    (1.01, oy[-1]),
                    xycoords=("axes fraction", "data"),
                    color=ORANGE,
                    va="top",
                    annotation_clip=False,
                )
        axes.axvline(1, color=GREY, lw=1, ls=":")
        axes.set_xlim(0, 2)
        top = max(float(y.max()), float(oy.max()) if other is not None else 0.0, 1.0)
        # Room below zero for the numbers of a lower curve.
        axes.set_ylim(-0.08 * top if other is not None else 0, top * 1.12)
        for share in SHOWN:
            axes.plot(share, at[share], "o", color=BLUE, ms=6)
            # Below the point where a second plan runs above it, so that no line crosses the number.
            under = other is not None and float(np.interp(share, ox, oy)) > at[share]
            place: dict[str, Any] = (
                {"xytext": (6, -5), "ha": "left", "va": "top"}
                if under
                else {"xytext": (-7, 6), "ha": "right"}
            )
            axes.annotate(
                money(at[share], currency), (share, at[share]), textcoords="offset points", color=INK, **place
            )
        unit_axis(axes.xaxis, "share")
        unit_axis(axes.yaxis, "money", currency)
        axes.set_xlabel(t("attainment (result ÷ quota)"))
        axes.set_ylabel(_per(period))
        set_title(figure, title)
    points = t("; ").join(
        t("{share} of quota: {pay}", share=percent(s, 0), pay=money(float(np.interp(s, x, y)), currency))
        for s in (0.0, 0.5, 1.0, 1.5, 2.0)
    )
    alt = t("Pay curve from 0 to 200 per cent of quota. {title}. {points}.", title=title, points=points)
    return Picture(
        figure,
        title,
        alt,
        t(
            "Variable pay of one rep for one period, base salary left out; the KPI score moves with attainment, collection "
            "and culture are on target."
        ),
        medium=medium,
    )


def _per(period: str) -> str:
    return {
        "month": t("variable pay per month"),
        "quarter": t("variable pay per quarter"),
        "year": t("variable pay per year"),
    }.get(period, t("variable pay per period"))


def _curve_title(
    at: dict[float, float], x: NDArray[np.float64], y: NDArray[np.float64], currency: str, period: str
) -> str:
    import numpy as np  # noqa: PLC0415

    # A jump of the curve at 100 % counts as a lump sum, so slopes are taken clear of it.
    below = at[0.9] - at[0.8]
    above = float(np.interp(1.2, x, y)) - at[1.1]
    jump = at[1.0] - float(np.interp(0.98, x, y)) - 0.2 * below
    first = {
        "month": t("Reaching the quota pays {pay} a month"),
        "quarter": t("Reaching the quota pays {pay} a quarter"),
        "year": t("Reaching the quota pays {pay} a year"),
    }.get(period, t("Reaching the quota pays {pay} a period"))
    if max(at.values(), default=0) == 0:
        return t("The plan has no variable pay")
    first = first.format(pay=money(at[1.0], currency))
    if jump > max(below, above, 1e-9):
        rest = t("{jump} of it comes from crossing 100%", jump=money(jump, currency))
    elif below > 0 and above < below * 0.05:
        rest = t("beyond it more sales pay nothing more")
    else:
        rest = _steps(below, above, currency)
        bends = _bends(x, y, above / 0.1) if above > 0 else None
        if bends is not None:
            rest = t("{rest}, up to {share}", rest=rest, share=percent(bends, 0))
    return t("{first}; {rest}", first=first, rest=rest)


def _steps(below: float, above: float, currency: str) -> str:
    """Return what a further 10 % pays beyond the quota, where the curve is no jump and goes on."""
    if below > 0 and above > below * 1.05:
        return t(
            "beyond it each further 10% pays {factor} times as much as before", factor=f"{above / below:.1f}"
        )
    if below > 0 and above < below * 0.95:
        return t("beyond it each further 10% pays less than before")
    return t("each further 10% pays {step}", step=money(above, currency))


def _bends(x: NDArray[np.float64], y: NDArray[np.float64], slope: float) -> float | None:
    """Return the attainment from which a further step no longer pays what it pays right above quota; None for nowhere."""
    import numpy as np  # noqa: PLC0415

    other = np.abs(np.diff(y) / np.diff(x) - slope) > 0.05 * slope
    there = np.flatnonzero(other & (x[:-1] >= 1.2 - 1e-9))
    return float(x[there[0]]) if there.size else None


def pay_cost(
    frame: pd.DataFrame,
    currency: str = "CNY",
    medium: Medium = "screen",
    *,
    whole: tuple[float, float] | None = None,
) -> Picture:
    """Draw what the team's pay costs per period, and its share of sales.

    Parameters
    ----------
    frame
        One row per run, rep and period: ``run, period_start, sales, pay``.
    currency
        Printed with money.
    medium
        Where the figure will be seen.
    whole
        Pay of the window [money] and its share of all bookings, where the page says them elsewhere; else both come from
        the frame, which knows whole periods and the sales of those who were paid.
    """
    data = frame.dropna(subset=["pay"])
    if data.empty:
        return nothing(t("No pay: the tables hold no pay"), medium)
    totals = data.groupby(["run", "period_start"], as_index=False)[["pay", "sales"]].sum()
    by_period = totals.groupby("period_start")
    mean, sales = by_period["pay"].mean(), by_period["sales"].mean()
    low, high = by_period["pay"].quantile(0.1), by_period["pay"].quantile(0.9)
    # The share is recomputed from sums: a mean of rates would weigh weak periods like strong ones.
    share = float(totals["pay"].sum() / totals["sales"].sum()) if totals["sales"].sum() > 0 else float("nan")
    per_run = float(totals.groupby("run")["pay"].sum().mean())
    per_run, share = whole or (per_run, share)
    title = t(
        "Pay costs {cost} over the horizon, {share} of booked sales",
        cost=money(per_run, currency),
        share=percent(share) if is_number(share) else DASH,
    )
    starts = list(mean.index)
    with theme(medium):
        figure, (axes,) = new_figure(3.0)
        places = range(len(starts))
        axes.bar(places, mean.to_numpy(), width=0.62, color=PALE_BLUE, edgecolor=BLUE, lw=0.8)
        if len(set(totals["run"])) > 1:
            axes.vlines(places, low.to_numpy(), high.to_numpy(), color=INK, lw=1.4)
        top = float(max(high.max(), mean.max())) or 1.0
        for place, start in enumerate(starts):
            label = percent(mean[start] / sales[start]) if sales[start] > 0 else DASH
            axes.text(
                place,
                float(max(high[start], mean[start])) + top * 0.03,
                label,
                ha="center",
                color=INK,
                fontsize="small" if len(starts) > 6 else None,
            )
        axes.set_ylim(0, top * 1.16)
        axes.set_xticks(list(places), [month(start, year=len(starts) <= 6) for start in starts])
        axes.tick_params(axis="x", length=0)
        unit_axis(axes.yaxis, "money", currency)
        axes.set_xlabel(t("pay period beginning"))
        axes.set_ylabel(t("pay of the team"))
        set_title(figure, title)
    items = t("; ").join(
        t(
            "from {day}: {pay} ({share} of sales)",
            day=day_text(start),
            pay=money(mean[start], currency),
            share=percent(mean[start] / sales[start]) if sales[start] > 0 else DASH,
        )
        for start in starts
    )
    alt = t("Cost of pay by period. {title}. {items}.", title=title, items=items)
    note = t(
        "Bar: mean of the runs; line: middle 80% of the runs; number above: pay as a share of what those who were paid booked in that period (deals of empty places left out)."
    )
    return Picture(figure, title, alt, note, medium=medium)


def statement_picture(made: Statement, currency: str, medium: Medium = "screen") -> Picture:
    """Draw a statement as steps that add up: each bar begins where the one above it ended.

    Parameters
    ----------
    made
        The statement.
    currency
        Printed with money.
    medium
        Where it will be seen.
    """
    title = (
        t("{rep} was paid {pay}; no quota in this period", rep=made.rep_id, pay=money(made.total, currency))
        if made.attained is None
        else t(
            "{rep} reached {reach} of quota and was paid {pay}",
            rep=made.rep_id,
            reach=percent(made.attained),
            pay=money(made.total, currency),
        )
    )
    with theme(medium):
        figure, (axes,) = new_figure(0.9 + _ROW * (len(made.steps) + 1))
        level, top = 0.0, max(made.total, *(step.amount for step in made.steps), 1.0)
        for place, step in enumerate(made.steps):
            low = min(level, level + step.amount)
            # Money that is taken off is told by colour, hatching and its sign.
            off = step.amount < 0
            axes.barh(place, abs(step.amount), left=low, height=0.55, color=ORANGE if off else BLUE, hatch="//" if off else None, edgecolor="white", lw=0)  # fmt: skip
            after = level + step.amount
            axes.plot([after, after], [place + 0.28, place + 0.72], color=GREY, lw=1)
            axes.text(
                max(level, after) + top * 0.012,
                place,
                f"{'−' if off else '+' if place else ''}{money(abs(step.amount), currency)}",
                va="center",
                color=ORANGE if off else INK,
            )
            level = after
        last = len(made.steps)
        axes.barh(last, made.total, height=0.55, color=PALE_BLUE, edgecolor=BLUE, lw=1.2)
        axes.text(made.total + top * 0.012, last, money(made.total, currency), va="center", color=INK)
        axes.set_yticks(range(last + 1), [*(str(TITLES[step.part]) for step in made.steps), t("Total pay")])
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(last + 0.6, -0.6)
        axes.set_xlim(min(0.0, level), top * 1.22)
        unit_axis(axes.xaxis, "money", currency)
        set_title(figure, title)
    items = t("; ").join(
        f"{TITLES[step.part]} {money(step.amount, currency)}, {step.words}" for step in made.steps
    )
    alt = t("Steps of pay. {title}. {items}.", title=title, items=items)
    note = t(
        "{start} to {end}: each bar begins where the one above it ends; a hatched one takes money off.",
        start=day_text(made.start),
        end=day_text(made.end - timedelta(days=1)),
    )
    return Picture(figure, title, alt, note, medium)


def winners_picture(frame: pd.DataFrame, currency: str, medium: Medium = "screen") -> Picture:
    """Draw who gains and who loses under another plan on the same sales.

    Parameters
    ----------
    frame
        What :func:`kpisim.kpi.paying.plans_compared` returns.
    currency
        Printed with money.
    medium
        Where it will be seen.
    """
    gaps = frame["difference"].to_numpy(float)
    gain, lose = int((gaps > CENT).sum()), int((gaps < -CENT).sum())
    title = t(
        "{gain} gain, {lose} lose; the plan costs {gap} {more} on the same sales",
        gain=gain,
        lose=lose,
        gap=money(abs(float(gaps.sum())), currency),
        more=t("more") if gaps.sum() >= 0 else t("less"),
    )
    with theme(medium):
        figure, (axes,) = new_figure(1.1 + _ROW * len(frame))
        most = max(float(abs(gaps).max()), 1.0)
        for place, gap in enumerate(gaps):
            axes.barh(place, gap, height=0.55, color=BLUE if gap >= 0 else ORANGE, hatch=None if gap >= 0 else "//", edgecolor="white", lw=0)  # fmt: skip
            axes.text(
                gap + (0.02 if gap >= 0 else -0.02) * most,
                place,
                f"{'▲ +' if gap > CENT else '▼ −' if gap < -CENT else ''}{money(abs(gap), currency)}",
                va="center",
                ha="left" if gap >= 0 else "right",
                color=INK,
            )
        axes.axvline(0, color=GREY, lw=1)
        axes.set_yticks(range(len(frame)), frame["rep_id"].astype("str").tolist())
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(-0.6, len(frame) - 0.4)
        axes.set_xlim(
            -1.45 * most if gaps.min() < -CENT else -0.1 * most,
            1.45 * most if gaps.max() > CENT else 0.1 * most,
        )
        unit_axis(axes.xaxis, "money", currency)
        set_title(figure, title)
    items = t("; ").join(
        f"{rep} {'+' if gap >= 0 else '−'}{money(abs(gap), currency)}"
        for rep, gap in zip(frame["rep_id"], gaps, strict=True)
    )
    alt = t("Winners and losers. {title}. {items}.", title=title, items=items)
    note = t(
        "Pay under the other plan less pay now, all periods, sales held fixed; pool, contest, KPI bonus and culture share left out."
    )
    return Picture(figure, title, alt, note, medium)


__all__ = ["statement_picture", "winners_picture"]
