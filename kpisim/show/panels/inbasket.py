"""The in-basket on the screen: a clock kept by the server, twelve cards, one click each, and what came of it."""

from __future__ import annotations

import time
from dataclasses import asdict
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from kpisim.course.inbasket import (
    CHOICES,
    MINUTES,
    REPLICATIONS,
    Event,
    decisions,
    draw,
    outcome,
    played,
    seconds,
    since_again,
    state,
    untouched,
)
from kpisim.course.rounds import Reading
from kpisim.show.hand.countdown import Countdown
from kpisim.show.hand.fields import named_field
from kpisim.show.panels.desk import PAUSE, runs
from kpisim.show.panels.form import HEADING, WIDE
from kpisim.show.panels.play import rules_html
from kpisim.show.panels.status import status
from kpisim.show.panels.talk import BUTTON
from kpisim.show.rounds import readings_table, round_picture
from kpisim.text import UserError, t

if TYPE_CHECKING:
    from kpisim.course.inbasket import Choice
    from kpisim.show.panels.desk import Desk

EVENT, RESULT = "inbasket.event", "inbasket.result"
CURRENCY = "CNY"


class InbasketPanel:
    """Ten minutes, twelve things.

    Attributes
    ----------
    events
        Everything that happened, as kept; the clock and the choices are worked out from it.
    readings
        What came of it; empty before the season was played.
    box
        The widget to show.
    """

    def __init__(self, desk: Desk, *, replications: int | None = None, workers: int | None = None) -> None:
        self.desk, self.workers = desk, workers
        self.replications = runs(REPLICATIONS) if replications is None else replications
        self.items = draw(desk.session.author)
        kept = [Event(**entry.data) for entry in desk.session.entries(EVENT)]
        self.events = since_again(kept)
        last = desk.session.latest(RESULT)
        self.readings = [Reading(**row) for row in last["readings"]] if last else []
        self.clock = Countdown(self.left, self.finish, 60.0 * MINUTES)
        self.cards: dict[str, w.ToggleButtons] = {}
        self.box, self.said, self.told = w.VBox(layout=WIDE), w.HTML(), w.HTML()
        desk.panels.append(self)
        self.draw()

    def now(self) -> float:
        """Return the server's time."""
        return time.time()

    def timed(self) -> list[Event]:
        """Return the own events together with the pauses that the trainer gave to the room since the start."""
        if not self.events:
            return []
        begun = self.events[0].at
        given = [Event(**entry.data) for entry in self.desk.session.room(PAUSE)]
        return sorted([*self.events, *(one for one in given if one.at >= begun)], key=lambda one: one.at)

    def where(self) -> str:
        """Return where the clock stands: ``before``, ``running``, ``paused`` or ``over``."""
        return state(self.timed(), self.now())

    def left(self) -> tuple[float, bool]:
        """Return the seconds left and whether the clock runs."""
        now = self.now()
        events = self.timed()
        return 60.0 * MINUTES - seconds(events, now), state(events, now) == "running"

    def made(self) -> dict[str, tuple[Choice, float]]:
        """Return what was decided, and at which minute."""
        return decisions(self.timed())

    def keep(self, what: Any, item: str = "", choice: Choice = "leave") -> None:
        """Keep one event; when this returns it is on disk."""
        event = Event(what, self.now(), item, choice)
        self.desk.session.keep(EVENT, asdict(event))
        self.events = since_again([*self.events, event])

    def press(self) -> None:
        """Start the clock, pause it, or let it run on; after the end begin anew."""
        with self.desk.words():
            steps = {"before": "start", "running": "pause", "paused": "resume", "over": "again"}
            try:
                self.keep(steps[self.where()])
            except UserError as problem:
                self._tell(str(problem), good=False)
                return
            if not self.events:
                self.readings = []
                self.desk.session.keep(RESULT, None)
        self.draw()

    def choose(self, name: str, choice: Choice | None) -> None:
        """Take one choice; the moment of the click counts."""
        with self.desk.words():
            if choice is None or self.made().get(name, (None,))[0] == choice:
                return
            if self.where() != "running":
                self.cards[name].value = self.made().get(name, (None, 0.0))[0]
                self._tell(self._stands(), good=False)
                return
            try:
                self.keep("choice", name, choice)
            except UserError as problem:
                self._tell(str(problem), good=False)
                return
            self._count()

    def finish(self) -> None:
        """Stop taking choices: what is left lies there to the end."""
        if self.where() == "over":
            self.draw()

    def run(self) -> None:
        """Play the season with the choices, and with everything left lying."""
        with self.desk.words():
            made = self.made()
            if not made:
                self._tell(t("Nothing decided yet: start the clock and choose for each card."), good=False)
                return
            self._tell(t("Playing {count} runs of each side …", count=self.replications), good=True)
            try:
                self.readings = outcome(
                    self.items, made, replications=self.replications, workers=self.workers
                )
                self.desk.session.keep(
                    RESULT,
                    {
                        "readings": [asdict(one) for one in self.readings],
                        "made": {name: list(one) for name, one in made.items()},
                    },
                )
            except UserError as problem:
                self._tell(str(problem), good=False)
                return
            self._count()
            self._show()

    def draw(self) -> None:
        """Write everything anew in the current language; clock, choices and results stay."""
        with self.desk.words():
            self.clock.speak()
            at = self.where()
            words = {
                "before": t("Start: 10 minutes"),
                "running": t("Pause (trainer)"),
                "paused": t("Go on"),
                "over": t("Once more"),
            }
            # Blue is what keeps or plays; clocks are grey everywhere.
            button = w.Button(description=words[at], layout=w.Layout(**BUTTON))
            button.add_class("kpisim-inbasket-clock")
            button.on_click(lambda _: self.press())
            head = w.HTML(
                f"<h3>{escape(t('The in-basket of Monday, 9:00'))}</h3><p>"
                + escape(
                    t(
                        "You lead the floor of a home-appliance store in the peak season. Twelve things lie on your desk, ten minutes, one click each. A minute here is a week of the season: what you settle early works longer, and what you leave lies there to the end."
                    )
                )
                + "</p>"
            )
            go = w.Button(
                description=t("See what came of it"), button_style="primary", layout=w.Layout(**BUTTON)
            )
            go.add_class("kpisim-inbasket-run")
            go.on_click(lambda _: self.run())
            shown = [] if at == "before" else [self._card(place) for place in range(len(self.items))]
            cards = w.VBox(shown, layout=WIDE)
            cards.add_class("kpisim-rows")
            # Before the start there is nothing to see the end of, and one button says what comes first.
            ends = [] if at == "before" else [go]
            self.box.children = [head, w.HBox([button, self.clock]), cards, self.told, *ends, self.said]
            self._count()
            self._show()

    def _card(self, place: int) -> w.Widget:
        item = self.items[place]
        words = {
            "do": t("Do it now"),
            "plan": t("Fix a time"),
            "delegate": t("Hand over"),
            "leave": t("Leave it"),
        }
        made = self.made().get(item.name, (None, 0.0))[0]
        card = w.ToggleButtons(
            options=[(words[one], one) for one in CHOICES], value=made, style={"button_width": "auto"}
        )
        named_field(card, str(item.text.text()))
        card.add_class(f"kpisim-inbasket-{item.name}")
        card.add_class("kpisim-tight")
        card.observe(lambda change: self.choose(item.name, change["new"]), names="value")
        self.cards[item.name] = card
        marks = {
            "complaint": t("▲ complaint"),
            "pressure": t("◆ target pressure"),
            "team": t("● team"),
            "customer": t("★ customer"),
            "office": t("□ office"),
        }
        text = w.HTML(
            f'<div style="line-height:1.5"><b>{place + 1}</b> {escape(str(item.text.text()))}<br><small>'
            f"{escape(marks[item.kind])} · {escape(t('pressing by minute {minute}', minute=item.due))}</small></div>"
        )
        return w.VBox(
            [text, card],
            layout=w.Layout(border="1px solid #D5D9DE", padding="6px 12px", margin="0 0 6px 0", width="100%"),
        )

    def _stands(self) -> str:
        return {
            "before": t("The clock has not started: press Start first."),
            "paused": t("The clock stands still: press Go on first."),
            "over": t("Time is over: what is left lies there to the end."),
        }.get(self.where(), "")

    def _count(self) -> None:
        made = self.made()
        if self.where() == "before":
            self.told.value = ""
            return
        words = t("{made} of {count} decided", made=len(made), count=len(self.items))
        over = f" {self._stands()}" if self.where() == "over" else ""
        self._tell(words + "." + over if self.desk.lang == "en" else words + "。" + over, good=True)

    def _tell(self, text: str, *, good: bool) -> None:
        self.told.value = status("good" if good else "bad", text)

    def _show(self) -> None:
        if not self.readings:
            self.said.value = ""
            return
        asked = (
            t("What did you do first, and was it what was pressing or what was important?"),
            t("Which number moved late, and which of your choices was it?"),
            t("What would you hand over next time, to whom by name?"),
        )
        questions = "".join(f"<li>{escape(one)}</li>" for one in asked)
        note = t(
            "“Without your decisions” means that everything is left lying to the end. How strongly a choice moves a parameter is our assumption; what follows is played."
        )
        self.said.value = (
            round_picture(self.readings, CURRENCY).html()
            + readings_table(self.readings, CURRENCY)
            + f"<p>{escape(note)}</p>{self._course()}"
            + f'<b style="{HEADING}">{escape(t("Read and talk about"))}</b><ol>{questions}</ol>'
            + rules_html(played(self.items, self.made()), untouched(self.items))
        )

    def _course(self) -> str:
        """Return what was decided in which minute, in order."""
        words = {
            "do": t("Do it now"),
            "plan": t("Fix a time"),
            "delegate": t("Hand over"),
            "leave": t("Leave it"),
        }
        texts = {item.name: (place + 1, item) for place, item in enumerate(self.items)}
        lines = []
        for name, (choice, minute) in self.made().items():
            if name not in texts:
                continue
            place, item = texts[name]
            late = t(", late") if minute > item.due else ""
            lines.append(
                f"<li>{escape(t('after {clock}', clock=_clock(minute)))}{escape(late)}{escape(t(': '))}"
                f"<b>{escape(words[choice])}</b> · {place} {escape(str(item.text.text()))}</li>"
            )
        return f"<details><summary>{escape(t('What I decided, in order'))}</summary><ul>{''.join(lines)}</ul></details>"


def _clock(minute: float) -> str:
    """Return minutes and seconds, as the clock above shows them."""
    passed = int(60 * minute)
    return f"{passed // 60}:{passed % 60:02d}"


__all__ = ["EVENT", "RESULT", "InbasketPanel"]
