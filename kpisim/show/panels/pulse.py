"""Pulses on the screen: what was promised after one, and the weekly stress pulse with the rota that follows from it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from kpisim.course.pulses import LOOP, PULSE, loop, room_waves, stress_waves
from kpisim.course.rounds import rota
from kpisim.kpi.measures import FEW
from kpisim.kpi.pulse import Wave, question_title, state_text
from kpisim.show.hand.fields import named_field
from kpisim.show.panels.form import WIDE
from kpisim.show.panels.play import RoundPanel
from kpisim.show.panels.status import status
from kpisim.show.panels.talk import BUTTON
from kpisim.show.pulse import pulse_picture
from kpisim.show.theme import NARROW, SCROLLS
from kpisim.text import UserError, t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kpisim.kpi.pulse import Kept
    from kpisim.show.panels.desk import Desk

ASKED = "pulse.asked"
USUAL = 8
"""How many of the team answer before anybody moves the slider."""
_CELL = "text-align:left;overflow-wrap:anywhere;min-width:6em;vertical-align:top;padding:4px 12px 4px 0;border-bottom:1px solid #D5D9DE"
_WHOLE = f"{_CELL};white-space:nowrap"
AMBER = "background:#FFE3A3;color:#5A3A00;padding:1px 6px;white-space:nowrap"


class LoopPanel:
    """The feedback loop: each promise with its state, amber where it should have been measured again."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.box = w.HTML(layout=WIDE)
        self.box.add_class("kpisim-loop")
        desk.panels.append(self)
        desk.follow([LOOP, PULSE], self.draw)
        self.draw()

    def today(self) -> date:
        """Return the day that dates are compared with."""
        return datetime.now(UTC).astimezone().date()

    def kept(self) -> list[Kept]:
        """Return every promise saved last, with what became of it by today."""
        session, today = self.desk.session, self.today()
        saved = [(one.at.astimezone().date(), one.data) for one in session.entries(LOOP)]
        return loop(saved, room_waves(session.room(PULSE), today), today)

    def draw(self) -> None:
        """Write the loop in the current language."""
        with self.desk.words():
            promises = self.kept()
            self.box.value = loop_html(promises) if promises else ""


def loop_html(promises: Sequence[Kept]) -> str:
    """Return promises as a table; what is overdue is told by shape, word and amber."""
    heads = (t("theme"), t("action"), t("owner"), t("measure again"), t("state"))
    lines = []
    for one in promises:
        about = question_title(one.promise.question)
        cells = (
            (f"{about}{t(': ')}" if about else "") + one.promise.theme,
            one.promise.action,
            one.promise.owner,
        )
        state = escape(state_text(one))
        if one.state == "overdue":
            state = f'<span style="{AMBER}">{state}</span>'
        lines.append(
            "".join(f'<td style="{_CELL}">{escape(cell)}</td>' for cell in cells)
            + f'<td style="{_WHOLE}">{one.promise.measure_on}</td><td style="{_WHOLE}">{state}</td>'
        )
    head = "".join(f'<th scope="col" style="{_WHOLE}">{escape(one)}</th>' for one in heads)
    return (
        f"<h3>{escape(t('From pulse to action and back'))}</h3>"
        f'<div {SCROLLS}><table style="border-collapse:collapse;line-height:1.5">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(f'<tr>{line}</tr>' for line in lines)}</tbody></table></div>"
        f"<p><small>{escape(t('The pulse of the room counts as measured again from {few} answers on.', few=FEW))}</small></p>"
    )


class PulsePanel:
    """The weekly stress pulse of the model's team, and the rota that the manager changes after hearing it.

    Attributes
    ----------
    answering, waves
        How many answered, and what they said; nothing before the team was asked.
    rota
        The round played from then on.
    box
        The widget to show.
    """

    def __init__(self, desk: Desk, *, replications: int | None = None, workers: int | None = None) -> None:
        self.desk = desk
        kept = desk.session.latest(ASKED) or {}
        self.answering: int = kept.get("answering", USUAL)
        self.waves = [_read(row) for row in kept.get("waves", ())]
        self.slider, self.button = w.IntSlider(), w.Button()
        self.said = w.HTML()
        self.head = w.VBox(layout=WIDE)
        desk.panels.append(self)
        self.rota = RoundPanel(desk, rota(), replications=replications, workers=workers)
        self.box = w.VBox([self.head, self.rota.box], layout=WIDE)
        self.box.add_class("kpisim-stress-pulse")
        self.draw()

    def ask(self) -> None:
        """Ask the team of the model for its pulses so far, keep what may be shown, and show it."""
        with self.desk.words():
            self.answering = int(self.slider.value)
            self.waves = stress_waves(self.answering)
            try:
                rows = [asdict(one) | {"first": str(one.first), "last": str(one.last)} for one in self.waves]
                self.desk.session.keep(ASKED, {"answering": self.answering, "waves": rows})
            except UserError as problem:
                self.said.value = status("bad", problem)
                return
            self._show()

    def draw(self) -> None:
        """Write everything in the current language; what was answered stays."""
        with self.desk.words():
            team = rota().base().team.size
            self.slider = w.IntSlider(
                min=0, max=team, value=self.answering, layout=WIDE, style={"description_width": "0px"}
            )
            question = t("How many of the {team} answer?", team=team)
            named_field(self.slider, question).add_class("kpisim-stress-pulse-answering")
            self.button = w.Button(
                description=t("Ask the team"), button_style="primary", layout=w.Layout(**BUTTON)
            )
            self.button.add_class("kpisim-stress-pulse-ask")
            self.button.on_click(lambda _: self.ask())
            told = t(
                "Ten people do the business of twelve and stay until nine. Once a week each is asked without a name, from 1 (cannot go on) to 5 (fine)."
            )
            self.head.children = [
                w.HTML(f"<h3>{escape(t('The weekly stress pulse'))}</h3><p>{escape(told)}</p>"),
                w.HTML(escape(question)),
                self.slider,
                self.button,
                self.said,
            ]
            self._show()

    def _show(self) -> None:
        if not self.waves:
            self.said.value = ""
        elif any(wave.n is not None for wave in self.waves):
            self.said.value = pulse_picture(self.waves, width=NARROW).html()
        else:
            told = t("Fewer than {few} answers: nothing is shown, not even how many.", few=FEW)
            self.said.value = status("left", told)


def _read(row: dict[str, Any]) -> Wave:
    days = {name: date.fromisoformat(row[name]) for name in ("first", "last")}
    return Wave(**(row | days))


__all__ = ["ASKED", "LoopPanel", "PulsePanel", "loop_html"]
