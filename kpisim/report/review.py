"""The quarterly review as one page: results, issues, adjustments, decisions with the verdict of their own rule."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from kpisim.kpi.board import ARROWS, TRENDS
from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.shown import show
from kpisim.kpi.tracking.decisions import OUTCOMES
from kpisim.kpi.tracking.gap import NAMES, signed
from kpisim.kpi.tracking.words import light_of, note_text, scope_of
from kpisim.report.page import Named, items, paragraph, picture, section, table
from kpisim.report.shell import whole_page
from kpisim.report.track import attention
from kpisim.show.numbers import amount, change
from kpisim.show.track import track_picture
from kpisim.text import t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from kpisim.kpi.tracking.decisions import Verdict
    from kpisim.kpi.tracking.review import Result, Review
    from kpisim.report.page import Align

_BLANK = 3
"""Empty rows for what the meeting decides."""
_MARKS = {"hit": "●", "miss": "■", "open": "○", "late": "–", "no_number": "–"}


def review_html(made: Review, title: str, currency: str = "CNY") -> str:
    """Return the review pack as one page that needs nothing else.

    Parameters
    ----------
    made
        What :func:`kpisim.kpi.tracking.review.review` returns.
    title
        Whose review it is.
    currency
        Currency of money.
    """
    days = t("{first} – {last}", first=made.start, last=made.end - timedelta(days=1))
    lead = f'<p class="lead">{escape(days)}</p>'
    if made.on < made.end - timedelta(days=1):
        lead += paragraph(t("The records end on {day}: the quarter is not over.", day=made.on), "label")
    return whole_page(
        t("Quarterly review {label}: {title}", label=made.label, title=title),
        [
            lead,
            section("results", t("1 Results"), *_results(made, currency)).html,
            section("issues", t("2 Issues"), *_issues(made, currency)).html,
            section("adjustments", t("3 Adjustments"), *_adjustments(made)).html,
            section("decisions", t("4 Decisions"), *_decisions(made, currency)).html,
        ],
    )


def _results(made: Review, currency: str) -> list[str]:
    if not made.results:
        return [
            paragraph(
                t("No target is in force on {day}; give --targets FILE or tables with targets.", day=made.on)
            )
        ]
    heads: list[tuple[str, Align]] = [
        (t("target"), "text"), (t("of"), "text"), (t("so far"), "number"), (t("target value"), "number"), (t("done"), "number"),
        (t("this quarter"), "number"), (t("quarter before"), "number"), (t("change"), "text"), (t("light"), "word"),
    ]  # fmt: skip
    return [
        picture(track_picture(made.tracked, currency)),
        table(t("Targets and the quarter before"), heads, [_result(one, currency) for one in made.results]),
    ]


def _result(one: Result, currency: str) -> list[str | Named]:
    row = one.row
    declared = lookup(row.aim.kpi)
    now, before = one.now.value, None if one.before is None else one.before.value
    moved = ""
    if before is not None and now is not None and one.trend != "unknown":
        arrow = ARROWS.get((one.trend, now > before), "→")
        moved = f"{arrow} {TRENDS[one.trend]}"
    return [
        Named(str(row.aim.title), str(declared.title)),
        scope_of(row),
        amount(row.value.value, declared.unit, currency),
        amount(row.aim.target, declared.unit, currency),
        "–" if row.done is None else percent(row.done),
        amount(now, declared.unit, currency),
        amount(before, declared.unit, currency),
        moved,
        light_of(row),
    ]


def _issues(made: Review, currency: str) -> list[str]:
    parts = [attention(made.tracked)]
    causes = [
        note_text(row) for row in made.tracked.rows if row.note is not None and row.light in {"red", "amber"}
    ]
    if causes:
        parts.append(f"<h3>{escape(t('What was said about it'))}</h3>" + items(causes))
    if made.drivers is not None:
        parts.append(_drivers(made, currency))
    return parts


def _drivers(made: Review, currency: str) -> str:
    assert made.drivers is not None, "asked only with orders"
    heads: list[tuple[str, Align]] = [
        (t("driver"), "text"), (t("plan behind the target") if made.planned else t("last period"), "number"),
        (t("this period"), "number"), (t("effect on bookings"), "number"),
    ]  # fmt: skip
    ordered = sorted(made.drivers, key=lambda one: -abs(one.cents))
    rows = [
        [
            str(NAMES[one.name][0]),
            show(one.before, NAMES[one.name][1]),
            show(one.now, NAMES[one.name][1]),
            signed(one.cents),
        ]
        for one in ordered
    ]
    gap = sum(one.cents for one in made.drivers)
    rows.append(
        [
            t("sum = bookings − target") if made.planned else t("sum = difference of bookings"),
            "",
            "",
            signed(gap),
        ]
    )
    worst = min(made.drivers, key=lambda one: one.cents)
    difference = change(gap / 100, "money", currency)
    told = (
        t("Bookings less target: {gap}; what drags most: {name}.", gap=difference, name=NAMES[worst.name][0])
        if made.planned
        else t(
            "Bookings less those of the quarter before: {gap}; what drags most: {name}.",
            gap=difference,
            name=NAMES[worst.name][0],
        )
    )
    return (
        f"<h3>{escape(t('Where the gap in bookings comes from'))}</h3>"
        + (paragraph(told) if worst.cents < 0 else "")
        + table(
            t(
                "Drivers of the gap; effects sum to it, to the cent; amounts in {currency}",
                currency=t("CNY") if currency == "CNY" else currency,
            ),
            heads,
            rows,
        )
    )


def _adjustments(made: Review) -> list[str]:
    parts = []
    if made.changes:
        heads: list[tuple[str, Align]] = [
            (t("target"), "text"), (t("old value"), "number"), (t("new value"), "number"), (t("counts from"), "word"), (t("why"), "text"), (t("who"), "word"),
        ]  # fmt: skip
        rows = []
        for one in made.changes:
            unit = lookup(one.target.kpi).unit
            rows.append(
                [
                    one.target.name,
                    show(one.old.value, unit),
                    show(one.new.value, unit),
                    str(one.new.valid_from),
                    one.new.reason,
                    one.new.author,
                ]
            )
        parts.append(table(t("Targets changed in the quarter"), heads, rows))
    else:
        parts.append(paragraph(t("No target was changed in the quarter.")))
    if made.notes:
        heads = [
            (t("target"), "text"),
            (t("who"), "word"),
            (t("when"), "word"),
            (t("why"), "text"),
            (t("next"), "text"),
            (t("by"), "word"),
        ]
        rows = [
            [one.target, one.who, str(one.when), one.why, one.next, "" if one.by is None else str(one.by)]
            for one in made.notes
        ]
        parts.append(table(t("Notes of the quarter and their next steps"), heads, rows))
    else:
        parts.append(paragraph(t("No notes were written in the quarter.")))
    return parts


def _decisions(made: Review, currency: str) -> list[str]:
    parts = []
    if made.verdicts:
        heads: list[tuple[str, Align]] = [
            (t("what was decided"), "text"), (t("who"), "word"), (t("rule set on"), "word"), (t("KPI and rule"), "text"), (t("measured"), "number"), (t("verdict by the rule"), "text"),
        ]  # fmt: skip
        parts.append(
            table(
                t("Earlier decisions, judged by the rule that was set before"),
                heads,
                [_verdict(one, currency) for one in made.verdicts],
            )
        )
    else:
        parts.append(paragraph(t("No earlier decision to judge; give --decisions FILE.")))
    heads = [
        (t("what was decided"), "text"),
        (t("who"), "word"),
        (t("KPI"), "text"),
        (t("rule of success, set now"), "text"),
        (t("measured from – to"), "text"),
    ]
    parts.append(
        table(
            t("To be decided in the meeting"),
            heads,
            [["\N{NO-BREAK SPACE}"] + [""] * 4 for _ in range(_BLANK)],
        )
    )
    return parts


def _verdict(one: Verdict, currency: str) -> list[str | Named]:
    decision = one.decision
    declared = lookup(decision.kpi)
    span = t("{first} – {last}", first=decision.start, last=decision.end - timedelta(days=1))
    return [
        decision.what,
        decision.who,
        str(decision.set_on),
        Named(f"{declared.title} {decision.rule}", span),
        "–" if one.value is None else amount(one.value.value, declared.unit, currency),
        f"{_MARKS[one.outcome]} {OUTCOMES[one.outcome]}",
    ]


__all__ = ["review_html"]
