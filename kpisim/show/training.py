"""Training on the screen: output now, output later, and the week in which it has paid back, as words and one picture."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from kpisim.show.numbers import change, change_interval, money
from kpisim.show.picture import Picture
from kpisim.show.theme import (
    BLUE,
    GREY,
    INK,
    NARROW,
    ORANGE,
    WIDTH,
    Medium,
    new_figure,
    set_title,
    theme,
    unit_axis,
)
from kpisim.text import current_language, t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from kpisim.experiment.break_even import BreakEven
    from kpisim.experiment.payback import Payback, Span


def training_lines(found: Payback, currency: str = "CNY") -> list[str]:
    """Return what training did to bookings, a sentence each: what was changed, now, later, paid back or not.

    Parameters
    ----------
    found
        What the round said about training.
    currency
        Currency of money.
    """
    lines = [
        t(
            "Training hours per person and month: {before} → {hours}, from the first day of the round on.",
            hours=f"{found.hours:g}",
            before=f"{found.before:g}",
        )
    ]
    if not found.alone:
        lines.append(
            t(
                "You changed more than training, so these numbers show all your decisions together. The button below plays training alone."
            )
        )
    lines.append(_span(t("Now"), found.now, currency))
    if found.later is not None:
        lines.append(_span(t("Later"), found.later, currency))
    if found.alone:
        lines.append(_verdict(found, currency))
    return lines


def _span(name: str, span: Span, currency: str) -> str:
    return t(
        "{name}, weeks {first} to {last}: bookings {difference} (95% interval {interval}), {said}.",
        name=name,
        first=span.first,
        last=span.last,
        difference=change(span.difference, "money", currency),
        interval=change_interval(span.low, span.high, "money", currency),
        said=t("more than luck") if span.sure else t("could be luck"),
    )


def _verdict(found: Payback, currency: str) -> str:
    weeks, end = len(found.path), found.path[-1]
    if found.raised and found.turn is None:
        # Said first and plainly: a room reads "no break-even" as "training is useless".
        return t(
            "Not paid back within the {weeks} weeks of this round: {sum} added up at its end, on average over {runs} runs. The hours are gone at once, what is learnt shows from week {shows} on; whether it pays later, the two-year look below tells.",
            weeks=weeks,
            sum=change(end, "money", currency),
            runs=found.runs,
            shows=found.now.last + 1,
        )
    if found.raised:
        return t(
            "Paid back from week {week} on, on average over {runs} runs.", week=found.turn, runs=found.runs
        )
    if found.turn is None:
        return t(
            "Cutting training still looks good at the end of week {weeks}: {sum} added up, on average over {runs} runs. What was not learnt is missing later, beyond this round; the two-year look below tells when.",
            weeks=weeks,
            sum=change(end, "money", currency),
            runs=found.runs,
        )
    return t(
        "Cutting training has cost more than it saved from week {week} on, on average over {runs} runs.",
        week=found.turn,
        runs=found.runs,
    )


def two_years_lines(found: BreakEven, *, raised: bool, currency: str = "CNY") -> list[str]:
    """Return what two years of training alone say, from the side of who moved the lever.

    Parameters
    ----------
    found
        What :func:`kpisim.experiment.break_even.break_even` returned; it always speaks of the more trained team.
    raised
        Whether the lever was moved up.
    currency
        Currency of money.
    """
    weeks, runs, share = found.weeks, found.runs, percent(found.share, 0)
    if raised:
        first = t(
            "Two years, training {before} → {hours} hours: bookings added up are lowest in week {week}, {sum} (mean of {runs} paired runs).",
            before=f"{found.before:g}",
            hours=f"{found.hours:g}",
            week=found.lowest_week,
            sum=change(round(found.lowest), "money", currency),
            runs=runs,
        )
        verdict = (
            t("Not paid back within {weeks} weeks, on average.", weeks=weeks)
            if found.week is None
            else t("Paid back from week {week} on, on average.", week=found.week)
        )
        spread = t("Paid back within {weeks} weeks in {share} of the runs", weeks=weeks, share=share)
    else:
        first = t(
            "Two years, training {hours} → {before} hours: the cut looks best in week {week}, {sum} added up (mean of {runs} paired runs).",
            before=f"{found.before:g}",
            hours=f"{found.hours:g}",
            week=found.lowest_week,
            sum=change(round(-found.lowest), "money", currency),
            runs=runs,
        )
        verdict = (
            t("The cut still pays after {weeks} weeks, on average.", weeks=weeks)
            if found.week is None
            else t("From week {week} on the cut has cost more than it saved, on average.", week=found.week)
        )
        spread = t(
            "The cut costs more than it saved within {weeks} weeks in {share} of the runs",
            weeks=weeks,
            share=share,
        )
    ends = [
        t("later than week {weeks}", weeks=weeks) if week is None else t("week {week}", week=week)
        for week in (found.p10, found.p90)
    ]
    return [
        first,
        verdict,
        t("{said}; P10 {low}, P90 {high}.", said=spread, low=ends[0], high=ends[1]),
        t(
            "Assumed: the gain per hour, its lag, and that nothing is forgotten; a trainer's fee is not counted."
        ),
    ]


def training_picture(found: Payback, currency: str = "CNY", medium: Medium = "screen") -> Picture:
    """Draw bookings added up week by week against the team that is trained as before.

    Parameters
    ----------
    found
        What the round said about training.
    currency
        Currency of money.
    medium
        Where it will be seen.
    """
    weeks = range(1, len(found.path) + 1)
    with theme(medium):
        figure, (axes,) = new_figure(height=2.7)
        figure.set_figwidth(figure.get_figwidth() * NARROW / WIDTH)
        axes.axhline(0, color=GREY, linewidth=1.0)
        axes.plot(weeks, found.path, color=BLUE, marker="o", markersize=4)
        if found.later is not None:
            axes.axvline(found.now.last + 0.5, color=INK, linewidth=1.0, linestyle=(0, (4, 3)))
            # The first stands above the plot, from its edge on: in a long round there is no room beside the line.
            for x, y, words, base in (
                (
                    0.5,
                    2,
                    t("now: hours are missing") if found.raised else t("now: hours are saved"),
                    "bottom",
                ),
                (
                    found.now.last + 0.8,
                    -2,
                    t("later: what is learnt shows")
                    if found.raised
                    else t("later: what was not learnt is missing"),
                    "top",
                ),
            ):
                axes.annotate(
                    words, (x, 1), (0, y), ("data", "axes fraction"), "offset points", ha="left", va=base, color=INK
                )  # fmt: skip
        if found.alone and found.turn is not None:
            axes.plot(found.turn, found.path[found.turn - 1], "D", color=ORANGE, markersize=9)
        axes.set_xlim(0.5, len(found.path) + 0.5)
        axes.margins(y=0.18)
        axes.set_xlabel(t("week of the round"), color=GREY)
        unit_axis(axes.yaxis, "money", currency)
        title = _finding(found, currency)
        set_title(figure, title)
    note = t("Bookings with your decisions minus those without, added up from week 1 on, mean of {runs} runs.", runs=found.runs)  # fmt: skip
    alt = t("; ").join(
        t("week {week}: {sum}", week=week, sum=money(found.path[week - 1], currency))
        for week in sorted({found.now.last, len(found.path)})
    )
    return Picture(figure, title, alt, note, medium)


def _finding(found: Payback, currency: str) -> str:
    if not found.alone:
        return t(
            "All your decisions together: bookings {sum} after {weeks} weeks, on average",
            sum=change(found.path[-1], "money", currency),
            weeks=len(found.path),
        )
    if found.raised:
        if found.turn is None:
            return t("More training: not paid back within {weeks} weeks, on average", weeks=len(found.path))
        return t("More training: paid back from week {week} on, on average", week=found.turn)
    if found.turn is None:
        return t("Less training: still ahead after {weeks} weeks, on average", weeks=len(found.path))
    return t("Less training: behind from week {week} on, on average", week=found.turn)


def training_html(found: Payback, currency: str = "CNY") -> str:
    """Return sentences and picture as HTML; what was drawn a moment ago is not drawn again."""
    return _drawn(found, currency, current_language())


@lru_cache(maxsize=32)
def _drawn(found: Payback, currency: str, _lang: str) -> str:
    words = "".join(f"<li>{escape(line)}</li>" for line in training_lines(found, currency))
    head = escape(t("Training: output now, output later"))
    return f'<b style="display:block;margin-top:16px">{head}</b><ul>{words}</ul>{training_picture(found, currency).html()}'


__all__ = ["training_html", "training_lines", "training_picture", "two_years_lines"]
