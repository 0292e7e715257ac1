"""The room after the day: how self-ratings moved, and the commitments with their dates, without names.

Only :class:`~kpisim.session.Entry` is read; private sheets are another type and have no way in here.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from kpisim.course import sheet
from kpisim.report.page import Wide, paragraph, section, table
from kpisim.report.returned import returned_section
from kpisim.report.self_check import LOOK_BACK
from kpisim.report.shell import whole_page, write_page
from kpisim.session.room import LEAST, LEAST_CHANGE, Laptops, changes, mean
from kpisim.sheets import check
from kpisim.sheets.shown import shown
from kpisim.text import UserError, t
from kpisim.text.numbers import plain, signed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kpisim.report.page import Align
    from kpisim.session import Entry, Session

PLAN, BEFORE, AFTER, PULSE = "action_plan", "pre_rating", "post_rating", "culture_pulse"
MADE = {
    "culture_action_plan": "behaviour",
    "collab_agreement": "give",
    "smart_goals": "goal",
    "timebox_week": "task",
}
"""Sheet whose rows are counted -> the field that makes a row one."""
NAMELESS = ("area", "commitment", "measure")
"""Fields of a commitment that are shown; who helps is a name."""


def cohort_report(sessions: Sequence[Session], path: Path) -> Path:
    """Write the page about everybody in `sessions`.

    Parameters
    ----------
    sessions
        Sessions of the day: a folder a laptop, or one of the room's database.
    path
        HTML file to write.

    Raises
    ------
    UserError
        Fewer than three people, or a place that cannot be written to.
    """
    room = Laptops(sessions)
    kinds = (PLAN, BEFORE, AFTER, PULSE)
    people = len({entry.author for kind in kinds for entry in room.cohort(kind)})
    if people < LEAST:
        raise UserError(
            "{count} people saved a rating or a plan; a report about fewer than {least} would show who said what, collect more sessions",
            count=people,
            least=LEAST,
        )
    title = t("The room after the day")
    intro = t(
        "{count} people. No names, nothing private; nothing about fewer than {least}.",
        count=people,
        least=LEAST,
    )
    parts = [
        paragraph(intro), _ratings(room), _pulse(room), _made(room), returned_section(room), _commitments(room.cohort(PLAN)),
    ]  # fmt: skip
    return write_page(path, whole_page(title, parts))


def _ratings(room: Laptops) -> str:
    moved = changes(room, BEFORE, AFTER)
    heads: list[tuple[str, Align]] = [
        (t("Skill"), "text"),
        (t("before"), "number"),
        (t("after"), "number"),
        (t("change"), "number"),
        (t("95% interval"), "number"),
        (t("n"), "number"),
    ]
    few = Wide(t("too few: shown from {count} people on", count=LEAST_CHANGE))
    rows: list[list[str | Wide]] = []
    for field in sheet(AFTER).fields:
        label, one = str(field.label.text()), moved.get(field.name)
        if one is None:
            rows.append([label, few])
            continue
        interval = (
            "–" if one.low is None or one.high is None else f"{signed(one.low, 1)} … {signed(one.high, 1)}"
        )
        step = signed(one.after - one.before, 1)
        rows.append([label, plain(one.before, 1), plain(one.after, 1), step, interval, str(one.n)])
    note = t(
        "People rate themselves, on one day, without a group to compare with: this says how they feel about it, not what they do on Monday."
    )
    return section("ratings", t("Six skills, before and after"), table("", heads, rows), paragraph(note)).html


def _pulse(room: Laptops) -> str:
    told = mean(room, PULSE)
    said = (
        t("too few: shown from {count} people on", count=LEAST)
        if told is None
        else t("{mean} of 5, n = {n}", mean=plain(told[0], 1), n=told[1])
    )
    return section("pulse", t("Culture pulse of the room"), paragraph(said)).html


def _made(room: Laptops) -> str:
    """Return how many lines of culture plans, agreements, goals and boxes there are, and how many need nothing mended."""
    heads: list[tuple[str, Align]] = [
        (t("Sheet"), "text"), (t("people"), "number"), (t("lines"), "number"), (t("with nothing left to mend"), "number"),
    ]  # fmt: skip
    few = Wide(t("too few: shown from {count} people on", count=LEAST))
    lines: list[list[str | Wide]] = []
    for name, field in MADE.items():
        one = sheet(name)
        filled = [entry for entry in room.cohort(name) if any(row.get(field) for row in entry.data)]
        if len(filled) < LEAST:
            lines.append([str(one.title.text()), few])
            continue
        written = whole = 0
        for entry in filled:
            # Judged by the day it was saved: a date that has passed since was no mistake.
            mended = {remark.row for remark in check(one, entry.data, entry.at.astimezone().date())}
            rows = [place for place, row in enumerate(entry.data) if row.get(field)]
            written += len(rows)
            whole += len(set(rows) - mended)
        lines.append([str(one.title.text()), str(len(filled)), str(written), str(whole)])
    return section("made", t("What was written"), table("", heads, lines)).html


def _commitments(plans: Sequence[Entry]) -> str:
    heading = t("Commitments")
    filled = [entry for entry in plans if any(row.get("commitment") for row in entry.data)]
    if len(filled) < LEAST:
        return section(
            "plans", heading, paragraph(t("too few: shown from {count} people on", count=LEAST))
        ).html
    fields = {field.name: field for field in sheet(PLAN).fields}
    heads: list[tuple[str, Align]] = [
        *((str(fields[name].label.text()), "text") for name in NAMELESS),
        (str(fields["date"].label.text()), "word"),
        *((t("{days} days", days=days), "word") for days in LOOK_BACK),
    ]
    lines = sorted(
        _line(fields, entry, row) for entry in filled for row in entry.data if row.get("commitment")
    )
    note = t("In their own words: read them before you pass the page on, somebody may have written a name.")
    return section("plans", heading, table("", heads, lines), paragraph(note)).html


def _line(fields: dict[str, Any], entry: Entry, row: dict[str, Any]) -> list[str]:
    """Return a commitment with the days to look back, reckoned from the day it was saved.

    Sorted by area and words, so that neighbouring lines need not be one person's.
    """
    day: date = entry.at.astimezone().date()
    dates = [(day + timedelta(days=days)).isoformat() for days in LOOK_BACK]
    cells = [shown(fields[name], row.get(name)) for name in NAMELESS]
    return [*cells, str(row.get("date") or ""), *dates]


__all__ = ["cohort_report"]
