"""The tracking board as aligned text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.shown import light, show
from kpisim.kpi.tracking.follow import percent_of, span_of
from kpisim.kpi.tracking.forecast.methods import METHODS
from kpisim.text import t
from kpisim.text.cells import align

if TYPE_CHECKING:
    from kpisim.kpi.tracking.follow import Tracked, TrackRow


def track_lines(tracked: Tracked) -> list[str]:
    """Return the tracking board as text: a row per target, then what needs attention, then the notes."""
    if not tracked.rows:
        return [
            t("No target is in force on {day}; give --targets FILE or tables with targets.", day=tracked.on)
        ]
    heads = [
        t("target"), t("of"), t("so far"), t("target value"), t("done"), t("time"), t("pace"), t("expected"),
        t("8 in 10: from"), t("to"), t("chance"), t("light"),
    ]  # fmt: skip
    rows = [heads, *(_cells(row) for row in tracked.rows)]
    lines = [
        t("Tracking on {day}", day=tracked.on),
        "",
        *align(rows, [False, False, *[True] * 9, False]),
        "",
    ]
    if tracked.alerts:
        lines.append(t("Needs attention:"))
        lines += [f"  ■ {alert.text}" for alert in tracked.alerts]
    else:
        lines.append(t("Nothing needs attention."))
    noted = [row.note for row in tracked.rows if row.note is not None]
    if noted:
        lines += ["", t("Notes:")]
        lines += ["  " + note_text(row) for row in tracked.rows if row.note is not None]
    lines += [
        t(
            "{owner} is neither a rep nor a team of the data, so {name} counts the whole team.",
            owner=row.aim.owner,
            name=row.aim.title,
        )
        for row in tracked.rows
        if row.aim.owner and row.aim.reps is None
    ]
    method = next((row.forecast.method for row in tracked.rows if row.forecast is not None), None)
    lines += [
        "",
        t(
            "Pace = done ÷ time, by working days; from 100% green, from 90% amber; the first 5% of a period say nothing yet."
        ),
    ]
    if method is not None:
        lines.append(
            t(
                "Forecast: {method}; its range comes from its own past errors (docs/forecast.md).",
                method=METHODS[method],
            )
        )
    return lines


def scope_of(row: TrackRow) -> str:
    """Return whom a row counts."""
    return row.aim.owner if row.aim.reps is not None else t("whole team")


def light_of(row: TrackRow) -> str:
    """Return the light as shape and word; "too early" where it is that, and that the data are old where they are."""
    if row.light == "none" and row.value.value is not None:
        return t("too early")
    lit = light(row.light)
    return t("{light}, out of date", light=lit) if row.stale and row.light not in {"stale", "none"} else lit


def note_text(row: TrackRow) -> str:
    """Return the note of a row in one sentence."""
    note = row.note
    assert note is not None, "asked only where there is one"
    by = "" if note.by is None else t(" (by {day})", day=note.by)
    return t(
        "{target}: {who}, {when}: {why} Next: {next}{by}",
        target=row.aim.title,
        who=note.who,
        when=note.when,
        why=note.why,
        next=note.next,
        by=by,
    )


def _cells(row: TrackRow) -> list[str]:
    unit = lookup(row.aim.kpi).unit
    return [
        str(row.aim.title),
        scope_of(row),
        "–" if row.value.value is None else show(row.value.value, unit),
        show(row.aim.target, unit),
        "–" if row.done is None else show(row.done, "share"),
        show(row.time, "share"),
        "–" if row.pace is None else f"{row.pace:.2f}",
        *span_of(row),
        percent_of(row.chance),
        light_of(row),
    ]


__all__ = ["light_of", "note_text", "scope_of", "track_lines"]
