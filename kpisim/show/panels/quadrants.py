"""The four quadrants on the screen: the tasks of one's sheet as cards that a hand can move."""

from __future__ import annotations

from datetime import UTC, date, datetime
from html import escape
from typing import TYPE_CHECKING, Any

from kpisim.course.prefill import IMPORTANT, URGENT_DAYS, placed
from kpisim.show.hand.quadrants import Quadrants
from kpisim.show.panels.hand import HandPanel
from kpisim.text import t

if TYPE_CHECKING:
    from kpisim.show.panels.desk import Desk

SHEET = "priority_matrix"
MOST = 3
"""Most tasks that are important and urgent at once."""
QUADRANTS = ("do", "plan", "delegate", "drop")


class QuadrantPanel(HandPanel):
    """Cards on four quadrants; a card that a hand moved has its quadrant in its row."""

    def __init__(self, desk: Desk) -> None:
        self.grid = Quadrants(self.move)
        super().__init__(desk, SHEET, self.grid)
        self.box.add_class("kpisim-quadrants")

    def today(self) -> date:
        """Return the day that due dates are compared with."""
        return datetime.now(UTC).astimezone().date()

    def cards(self) -> list[dict[str, Any]]:
        """Return the tasks as cards, each in its quadrant."""
        today = self.today()
        return [
            {
                "id": place,
                "text": str(row["task"]),
                "detail": self._detail(row),
                "quadrant": placed(row, today),
                "by_hand": row.get("quadrant") in QUADRANTS,
            }
            for place, row in enumerate(self.rows)
            if row.get("task")
        ]

    def move(self, place: int, to: str) -> None:
        """Put one card into a quadrant, or back to where the rule puts it, and keep the sheet."""
        if not 0 <= place < len(self.rows) or (to and to not in QUADRANTS):
            return
        rows = [dict(row) for row in self.rows]
        rows[place]["quadrant"] = to or None
        self.keep(rows)

    def draw(self) -> None:
        """Write everything in the current language; cards stay where they lie."""
        with self.desk.words():
            self.rows = self.desk.filled([SHEET]).get(SHEET, [])
            self.head.value = f"<h4>{escape(t('My tasks on four quadrants'))}</h4>"
            self.grid.words = {
                "do": t("important and urgent: do"),
                "plan": t("important, not urgent: fix a time"),
                "delegate": t("urgent, not important: hand over"),
                "drop": t("neither: strike out"),
                "urgent": t("urgent"),
                "not_urgent": t("not urgent"),
                "important": t("important"),
                "not_important": t("not important"),
                "by_hand": t("moved by hand"),
                "most": MOST,
                "too_many": t(
                    "More than {most} are important and urgent. If you could do only {most}, which ones?",
                    most=MOST,
                ),
                "pick_quadrant": t("Now pick a quadrant."),
                "how": t(
                    "Drag a card, or pick it and then a quadrant, or press 1 to 4 or an arrow key on it; 0 puts it back to the rule."
                ),
                "none": t("Save your tasks in the sheet above: they lie down here as cards."),
                "rule": t(
                    "Important: {important} or 5, and a KPI it serves. Urgent: due within {days} working days; on the line counts as urgent.",
                    important=IMPORTANT,
                    days=URGENT_DAYS,
                ),
            }
            self.grid.cards = self.cards()

    def _detail(self, row: dict[str, Any]) -> str:
        importance = row.get("importance")
        facts = [
            t("importance {mark}", mark=f"{importance:g}" if importance else "–"),
            str(row.get("kpi") or t("no KPI")),
            t("due {day}", day=str(row["due"])[5:]) if row.get("due") else t("no date"),
        ]
        return " · ".join(facts)


__all__ = ["MOST", "QuadrantPanel"]
