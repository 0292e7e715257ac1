"""The week of time boxes on the screen: a grid that a hand can move boxes on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

from kpisim.course.week import DAYS, FULL, SHORT, boxes, load, moved, next_monday, overlaps, remarks, workdays
from kpisim.show.hand.week import WeekGrid
from kpisim.show.panels.hand import HandPanel
from kpisim.text import t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from kpisim.show.panels.desk import Desk

SHEET, CALENDAR = "timebox_week", "work_calendar"
SIGNS = {"focus": "◆", "customers": "★", "service": "▲", "recovery": "○"}
"""Signs of the kinds of boxes: a colour alone would not do."""


class WeekPanel(HandPanel):
    """A week of boxes."""

    def __init__(self, desk: Desk) -> None:
        self.grid = WeekGrid(self.move)
        super().__init__(desk, SHEET, self.grid, [CALENDAR])
        self.box.add_class("kpisim-week-grid")

    def monday(self) -> date:
        """Return the first day of the week that is planned."""
        return next_monday(datetime.now(UTC).astimezone().date())

    def move(self, place: int, day: str, start: float) -> None:
        """Move one box and keep the sheet."""
        self.keep(moved(self.rows, place, day, start))

    def draw(self) -> None:
        """Write everything in the current language; boxes stay where they lie."""
        with self.desk.words():
            filled = self.desk.filled([SHEET, CALENDAR])
            self.rows, calendar = filled.get(SHEET, []), filled.get(CALENDAR, [])
            monday = self.monday()
            open_days, full = workdays(calendar, monday), load(self.rows)
            used = {day for _, day, _, _ in boxes(self.rows)}
            clash = {place for pair in overlaps(self.rows) for place in pair}
            texts: list[str] = []
            for _, text in remarks(self.rows, calendar, monday):
                if str(text) not in texts:
                    texts.append(str(text))
            self.head.value = f"<h3>{escape(t('The week of {day}', day=monday.isoformat()))}</h3>"
            self.grid.days = [
                {
                    "name": name,
                    "title": str(SHORT[name]),
                    "date": f"{(monday + timedelta(days=place)):%m-%d}",
                    "off": name not in open_days,
                    "over": full.get(name, 0.0) > FULL,
                    "full": percent(full.get(name, 0.0), 0),
                }
                for place, name in enumerate(DAYS)
                # A weekend stands there only where somebody works on it.
                if place < 5 or name in open_days or name in used
            ]
            self.grid.words = {
                "signs": SIGNS,
                "kinds": {
                    str(one.value): str(one.label.text())
                    for field in self.sheet.fields
                    if field.name == "kind"
                    for one in field.choices
                },
                "off": t("day off"),
                "clash": t("overlaps another box"),
                "how": t(
                    "Drag a box, or press an arrow key on it: up and down half an hour, left and right a day."
                ),
                "none": t("Save your boxes in the sheet above: they lie down here on the week."),
                "said": texts,
            }
            self.grid.boxes = [
                {
                    "id": place,
                    "day": day,
                    "start": start,
                    "hours": end - start,
                    "kind": self.rows[place].get("kind")
                    if self.rows[place].get("kind") in SIGNS
                    else "focus",
                    "text": str(self.rows[place].get("task") or ""),
                    "clash": place in clash,
                }
                for place, day, start, end in boxes(self.rows)
            ]


__all__ = ["WeekPanel"]
