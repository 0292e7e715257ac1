"""Load and pulse as pages that need nothing else."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from kpisim.kpi.measures import FEW
from kpisim.kpi.pulse import question_title, shift_text, shifts, state_text
from kpisim.kpi.work.words import map_rows, moves_of, shortlist, title_of
from kpisim.report.page import items, paragraph, picture, section, table
from kpisim.show.load import load_picture
from kpisim.show.pulse import pulse_picture
from kpisim.text import t
from kpisim.text.numbers import percent, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpisim.kpi.pulse import Kept, Wave
    from kpisim.kpi.window import Window
    from kpisim.kpi.work.hours import Load
    from kpisim.kpi.work.priority import Ranked
    from kpisim.kpi.work.serves import Serves
    from kpisim.report.page import Align


def load_parts(
    people: Sequence[Load],
    weeks: Sequence[Window],
    hours: dict[str, float],
    serves: dict[str, Serves],
    weights: dict[str, float],
    tasks: Sequence[Ranked],
) -> list[str]:
    """Return load, what the hours went to, and what comes first, as sections."""
    told = "".join(paragraph(head) + (items(lines) if lines else "") for head, lines in moves_of(people))
    return [
        section("load", t("Load"), picture(load_picture(people, weeks)), told,
                paragraph(t("Pressure is high above 120% in the latest week, above 100% in it and the one before, or with a week's work waiting."))).html,
        section("hours", t("What the hours went to"), _map(hours, serves, weights)).html,
        section("first", t("What comes first"), _ranked(tasks, serves)).html,
    ]  # fmt: skip


def _map(hours: dict[str, float], serves: dict[str, Serves], weights: dict[str, float]) -> str:
    heads: list[tuple[str, Align]] = [
        (t("kind of work"), "text"), (t("hours"), "number"), (t("share"), "number"), (t("weight of its KPIs"), "number"), (t("KPIs it serves"), "text"),
    ]  # fmt: skip
    went, idle = map_rows(hours, serves, weights)
    rows = [[one.title, plain(one.hours), percent(one.share), percent(one.weight), one.names] for one in went]
    return table(t("Hours of the weeks above by kind of work"), heads, rows) + paragraph(
        t("{share} of the hours serve no KPI with a weight.", share=percent(idle))
    )


def _ranked(tasks: Sequence[Ranked], serves: dict[str, Serves]) -> str:
    if not tasks:
        return paragraph(t("No open task."))
    heads: list[tuple[str, Align]] = [
        (t("first"), "text"), (t("rep"), "text"), (t("kind of work"), "text"), (t("due"), "word"), (t("days left"), "number"), (t("weight"), "number"),
        (t("priority"), "number"), (t("hours"), "number"),
    ]  # fmt: skip
    shown = shortlist(tasks)
    rows = [
        [f"{place} {one.task}", one.rep, title_of(one.kind, serves), "–" if one.due is None else str(one.due), str(one.left),
         percent(one.weight), plain(one.priority, 3), plain(one.hours, 1)]
        for place, one in shown
    ]  # fmt: skip
    more = (
        paragraph(t("… and {count} more", count=len(tasks) - len(shown))) if len(tasks) > len(shown) else ""
    )
    rule = t(
        "Priority = weight of the KPIs that a task serves ÷ (1 + working days left); what is overdue has none left."
    )
    return table(t("Open tasks"), heads, rows) + more + paragraph(rule)


def pulse_parts(found: Sequence[Wave], kept: Sequence[Kept] = ()) -> list[str]:
    """Return a section per question with its picture and change, and the feedback loop."""
    parts: list[str] = []
    for question in dict.fromkeys(wave.question for wave in found):
        mine = [wave for wave in found if wave.question == question]
        parts.append(
            section(
                f"q-{len(parts)}",
                question_title(question),
                picture(pulse_picture(mine)),
                items(shift_text(one) for one in shifts(mine)),
            ).html
        )
    if kept:
        heads: list[tuple[str, Align]] = [
            (t("theme"), "text"), (t("action"), "text"), (t("owner"), "text"), (t("measure again"), "word"), (t("state"), "text"),
        ]  # fmt: skip
        rows = [
            [
                one.promise.theme,
                one.promise.action,
                one.promise.owner,
                str(one.promise.measure_on),
                state_text(one),
            ]
            for one in kept
        ]
        parts.append(
            section(
                "loop", t("What was promised"), table(t("From pulse to action and back"), heads, rows)
            ).html
        )
    parts.append(
        f'<p class="lead">{escape(t("Fewer than {few} answers show nothing; who answered what is read nowhere.", few=FEW))}</p>'
    )
    return parts


__all__ = ["load_parts", "pulse_parts"]
