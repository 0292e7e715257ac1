"""Pay as pictures: one rep's steps from KPI to money, and who gains and who loses under another plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.kpi.paying import CENT, TITLES
from kpisim.show.numbers import day_text, money, percent
from kpisim.show.picture import Picture
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

if TYPE_CHECKING:
    import pandas as pd

    from kpisim.kpi.paying import Statement

_ROW = 0.42


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
        end=day_text(made.end),
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
