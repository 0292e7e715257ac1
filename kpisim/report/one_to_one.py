"""The sheet for a talk in pairs on one side of paper."""

from __future__ import annotations

from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from kpisim.kpi.board import ARROWS, TRENDS
from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.tracking.words import light_of
from kpisim.report.page import items, paragraph, table
from kpisim.report.shell import whole_page
from kpisim.show.numbers import amount
from kpisim.text import t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpisim.kpi.tracking.one_to_one import Fact, OneToOne
    from kpisim.report.page import Align
    from kpisim.text import Text

# Tighter than a report: everything has to stand on one side of A4, with room for handwriting.
_STYLE = """<style>
.sheet main { padding: .6rem 0 1rem; }
.sheet h1 { font-size: 1.45rem; margin: 0; }
.sheet h2 { font-size: 1.05rem; margin: .8rem 0 .25rem; padding-top: .4rem; }
.sheet .wide { margin-bottom: .4rem; } .sheet caption { display: none; }
.sheet th, .sheet td { padding: .16rem .4rem; line-height: 1.35; }
.sheet ul { margin: 0; padding-left: 1.3rem; } .sheet li { margin: .1rem 0; line-height: 1.45; }
.sheet p { margin: .1rem 0; line-height: 1.5; }
.own { height: 1.5rem; border-bottom: 1px dotted #5f6670; }
.quiet { color: var(--quiet); font-size: .85rem; }
@media print { @page { size: A4; margin: 11mm 13mm; } html { font-size: 9.2pt; } }
</style>"""


def one_to_one_html(made: OneToOne, currency: str = "CNY") -> str:
    """Return the sheet of one rep as one page that needs nothing else.

    Parameters
    ----------
    made
        What :func:`kpisim.kpi.tracking.one_to_one.one_to_one` returns.
    currency
        Currency of money.
    """
    title = t("One to one: {rep}", rep=made.rep)
    days = t("{first} – {last}", first=made.start, last=min(made.on, made.end - timedelta(days=1)))
    body = (
        f'<p class="quiet">{escape(days)}　{escape(t("Talked on: ____________   With: ____________"))}</p>'
        + _head(t("Facts"))
        + _targets(made, currency)
        + _facts(made.facts, currency)
        + _head(t("Praise"))
        + _lines(made.praise, t("The figures show nothing that stands out: say what you saw."))
        + _head(t("Gap"))
        + _lines(made.gap, t("No gap in the figures."))
        + _head(t("Support"))
        + _lines(made.support, t("The figures do not say what would help: ask."))
        + _head(t("Next"))
        + _lines(made.steps, "")
        + paragraph(t("Agreed, by both: what, until when, how we see that it worked"), "quiet")
        + '<div class="own"></div>' * 3
        + paragraph(
            t(
                "Lines come from the data of the period and are a start for the talk, no judgement of a person. “To try” is a judgement of ours."
            ),
            "quiet",
        )
    )
    return whole_page(title, [body], kind="sheet", style=_STYLE)


def _head(text: str) -> str:
    return f"<h2>{escape(text)}</h2>"


def _lines(lines: Sequence[Text], otherwise: str) -> str:
    if lines:
        return items(str(line) for line in lines)
    return (paragraph(otherwise) if otherwise else "") + '<div class="own"></div>'


def _targets(made: OneToOne, currency: str) -> str:
    if not made.tracked.rows:
        return ""
    heads: list[tuple[str, Align]] = [
        (t("target"), "text"), (t("so far"), "number"), (t("target value"), "number"), (t("done"), "number"), (t("pace"), "number"), (t("light"), "word"),
    ]  # fmt: skip
    rows = []
    for row in made.tracked.rows:
        unit = lookup(row.aim.kpi).unit
        rows.append(
            [
                str(row.aim.title),
                amount(row.value.value, unit, currency),
                amount(row.aim.target, unit, currency),
                "–" if row.done is None else percent(row.done, 0),
                "–" if row.pace is None else f"{row.pace:.2f}",
                light_of(row),
            ]
        )
    return table(t("Targets"), heads, rows)


def _facts(facts: Sequence[Fact], currency: str) -> str:
    heads: list[tuple[str, Align]] = [
        (t("KPI"), "text"), (t("own"), "number"), (t("own, quarter before"), "number"), (t("change"), "text"), (t("team, per head"), "number"),
    ]  # fmt: skip
    rows = []
    for fact in facts:
        unit = lookup(fact.kpi).unit
        before = None if fact.before is None else fact.before.value
        moved = ""
        if before is not None and fact.own.value is not None and fact.trend != "unknown":
            moved = f"{ARROWS.get((fact.trend, fact.own.value > before), '→')} {TRENDS[fact.trend]}"
        rows.append(
            [
                str(lookup(fact.kpi).title),
                amount(fact.own.value, unit, currency),
                amount(before, unit, currency),
                moved,
                amount(fact.team, unit, currency),
            ]
        )
    return table(t("KPIs"), heads, rows)


__all__ = ["one_to_one_html"]
