"""The tracking board as one page: picture, table, what needs attention, notes."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.tracking.follow import percent_of
from kpisim.kpi.tracking.forecast.methods import METHODS
from kpisim.kpi.tracking.words import light_of, note_text, scope_of
from kpisim.report.page import items, paragraph, picture, section, table
from kpisim.report.shell import save_page
from kpisim.show.numbers import amount, interval
from kpisim.show.track import track_picture
from kpisim.text import t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from kpisim.kpi.tracking.follow import Tracked
    from kpisim.report.page import Align


def save_track(tracked: Tracked, path: str | Path, title: str, currency: str = "CNY") -> Path:
    """Write the tracking board as one HTML page.

    Raises
    ------
    UserError
        Another ending, or a place that cannot be written to.
    """
    part = section("track", t("Tracking on {day}", day=tracked.on), *track_parts(tracked, currency))
    return save_page(Path(path), title, [part.html])


def track_parts(tracked: Tracked, currency: str) -> list[str]:
    """Return picture, table, alerts and notes as HTML."""
    if not tracked.rows:
        return [
            paragraph(
                t(
                    "No target is in force on {day}; give --targets FILE or tables with targets.",
                    day=tracked.on,
                )
            )
        ]
    return [
        picture(track_picture(tracked, currency)),
        attention(tracked),
        _numbers(tracked, currency),
        notes_of(tracked),
        paragraph(
            t(
                "Pace = done ÷ time, by working days; from 100% green, from 90% amber; the first 5% of a period say nothing yet."
            )
        ),
        _method(tracked),
    ]


def attention(tracked: Tracked) -> str:
    """Return the alerts as a list, or that there is none."""
    if not tracked.alerts:
        return paragraph(t("Nothing needs attention."))
    return f"<h3>{escape(t('Needs attention:'))}</h3>" + items(f"■ {alert.text}" for alert in tracked.alerts)


def notes_of(tracked: Tracked) -> str:
    """Return the notes as a list; nothing where there is none."""
    noted = [note_text(row) for row in tracked.rows if row.note is not None]
    return f"<h3>{escape(t('Notes:'))}</h3>" + items(noted) if noted else ""


def _method(tracked: Tracked) -> str:
    method = next((row.forecast.method for row in tracked.rows if row.forecast is not None), None)
    if method is None:
        return ""
    return paragraph(
        t(
            "Forecast: {method}; its range comes from its own past errors (docs/forecast.md).",
            method=METHODS[method],
        )
    )


def _numbers(tracked: Tracked, currency: str) -> str:
    heads: list[tuple[str, Align]] = [
        (t("target"), "text"), (t("of"), "text"), (t("so far"), "number"), (t("target value"), "number"), (t("done"), "number"),
        (t("time"), "number"), (t("pace"), "number"), (t("expected"), "number"), (t("8 in 10"), "number"), (t("chance"), "number"), (t("light"), "word"),
    ]  # fmt: skip
    rows = []
    for row in tracked.rows:
        unit, ahead = lookup(row.aim.kpi).unit, row.forecast
        rows.append(
            [
                str(row.aim.title),
                scope_of(row),
                amount(row.value.value, unit, currency),
                amount(row.aim.target, unit, currency),
                "–" if row.done is None else percent(row.done),
                percent(row.time),
                "–" if row.pace is None else f"{row.pace:.2f}",
                "–" if ahead is None else amount(_whole(ahead.expected, unit), unit, currency),
                "–"
                if ahead is None
                else interval(_whole(ahead.low, unit), _whole(ahead.high, unit), unit, currency),
                percent_of(row.chance),
                light_of(row),
            ]
        )
    return table(t("Targets, how far they are, and where they lead"), heads, rows)


def _whole(value: float | None, unit: str) -> float | None:
    """Return a number of things without a fraction."""
    return round(value) if value is not None and unit == "count" else value


__all__ = ["attention", "notes_of", "save_track", "track_parts"]
