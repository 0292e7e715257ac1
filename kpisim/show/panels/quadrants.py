"""The four quadrants on the screen: the tasks of one's sheet as cards that a hand can move."""

from __future__ import annotations

from datetime import UTC, date, datetime
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from kpisim.course.peak_tasks import against_key, missing, opens
from kpisim.course.prefill import IMPORTANT, URGENT_DAYS, placed
from kpisim.show.hand.fields import named_field
from kpisim.show.hand.quadrants import Quadrants
from kpisim.show.panels.desk import KEY
from kpisim.show.panels.hand import HandPanel
from kpisim.show.panels.status import status
from kpisim.show.panels.talk import BUTTON
from kpisim.text import UserError, t

if TYPE_CHECKING:
    from kpisim.show.panels.desk import Desk

SHEET = "priority_matrix"
MOST = 3
"""Most tasks that are important and urgent at once."""
OPENED = "opened.key"
"""Kept where a participant opened the key with the trainer's code, on a laptop that no console reaches."""
QUADRANTS = ("do", "plan", "delegate", "drop")


class QuadrantPanel(HandPanel):
    """Cards on four quadrants; a card that a hand moved has its quadrant in its row."""

    def __init__(self, desk: Desk) -> None:
        self.grid = Quadrants(self.move)
        self.take = w.Button(layout=w.Layout(**BUTTON))
        self.take.add_class("kpisim-quadrants-take")
        self.take.on_click(lambda _: self.practise())
        self.look = w.Button(layout=w.Layout(**BUTTON))
        self.look.add_class("kpisim-quadrants-key")
        self.look.on_click(lambda _: self.compare())
        self.code = w.Text(layout=w.Layout(width="160px"), continuous_update=False)
        self.code.add_class("kpisim-quadrants-code")
        self.compared = w.HTML()
        super().__init__(desk, SHEET, self.grid)
        self.box.children = [
            *self.box.children,
            w.HBox([self.take, self.look, self.code], layout=w.Layout(flex_flow="row wrap")),
            self.compared,
        ]
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

    def practise(self) -> None:
        """Put the tasks of the retail peak behind one's own; the rule places them, the hand corrects."""
        with self.desk.words():
            self.keep([*self.rows, *missing(self.rows, self.today())])

    def compare(self) -> None:
        """Say which of the retail peak's tasks lie where the trainer's key puts them, once it is released."""
        with self.desk.words():
            try:
                if not self.released() and opens(self.code.value, self.today()):
                    self.desk.session.keep(OPENED, True)  # noqa: FBT003  (what is kept)
                self.compared.value = self._beside_key()
            except UserError as problem:
                self.compared.value = status("bad", problem)
                return
            self._offer_code()

    def released(self) -> bool:
        """Whether the trainer lets the room compare, or the trainer's code was typed on this laptop."""
        last = self.desk.session.room(KEY)
        return bool(last and last[-1].data) or bool(self.desk.session.latest(OPENED))

    def _offer_code(self) -> None:
        """Show the field for the trainer's code as long as it is of use."""
        practising = self.look.layout.display != "none"
        self.code.layout.display = "" if practising and not self.released() else "none"

    def _beside_key(self) -> str:
        if not self.released():
            typed = self.code.value.strip()
            if typed:
                said = t(
                    "{code} is not the code of {day}; ask the trainer again, or look at this laptop's date.",
                    code=typed[:20],
                    day=self.today().isoformat(),
                )
            else:
                said = t(
                    "The trainer has not released the key yet. If this laptop is not linked to the trainer's, type the four digits that the trainer reads out."
                )
            return status("bad", said)
        found = against_key(self.rows, self.today())
        names = {one.value: str(one.label.text()) for one in self.sheet.fields[-1].choices}
        lines = "".join(
            "<li>"
            + escape(
                t(
                    "{task}: you say {mine}, the key says {key}; {why}",
                    task=one.task.task.text(),
                    mine=names[one.mine],
                    key=names[one.task.key],
                    why=one.task.why.text(),
                )
            )
            + "</li>"
            for one in found
            if not one.agrees
        )
        count = t(
            "{count} of {all} cards lie where the trainer's key puts them.",
            count=sum(one.agrees for one in found),
            all=len(found),
        )
        judged = t("The key is one trainer's judgement: a good reason beats it.")
        return status("plain", below=f"<p><b>{escape(count)}</b> {escape(judged)}</p><ul>{lines}</ul>")

    def draw(self) -> None:
        """Write everything in the current language; cards stay where they lie."""
        with self.desk.words():
            self.rows = self.desk.filled([SHEET]).get(SHEET, [])
            self.head.value = f"<h3>{escape(t('My tasks on four quadrants'))}</h3>"
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
            new = missing(self.rows, self.today())
            practising = bool(against_key(self.rows, self.today()))
            self.take.description = t("Practise with {count} tasks of a retail peak", count=len(new))
            self.take.layout.display = (
                "" if new and not practising and len(self.rows) + len(new) <= self.sheet.rows[1] else "none"
            )
            self.look.description = t("Compare with the trainer's key")
            self.look.layout.display = "" if practising else "none"
            self.code.placeholder = t("trainer's code")
            named_field(self.code, self.code.placeholder)
            self._offer_code()
            # What was compared is out of date as soon as a card has moved.
            self.compared.value = self._beside_key() if self.compared.value and practising else ""

    def _detail(self, row: dict[str, Any]) -> str:
        importance = row.get("importance")
        facts = [
            t("importance {mark}", mark=f"{importance:g}" if importance else "–"),
            str(row.get("kpi") or t("no KPI")),
            t("due {day}", day=str(row["due"])[5:]) if row.get("due") else t("no date"),
        ]
        return " · ".join(facts)


__all__ = ["MOST", "OPENED", "QuadrantPanel"]
