"""Cases, quizzes and role plays on the screen."""

from __future__ import annotations

import time
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from kpisim.show.hand.countdown import Countdown
from kpisim.show.panels.form import HEADING, WIDE
from kpisim.show.panels.status import status
from kpisim.text import UserError, t
from kpisim.text.numbers import plain

if TYPE_CHECKING:
    from kpisim.course.schema import Case, Question, RolePlay
    from kpisim.show.panels.desk import Desk

MINUTES = 5
"""Length of a scene."""
BUTTON = {"min_height": "44px", "width": "auto", "max_width": "100%"}


def words_html(text: str) -> str:
    """Return Markdown of the course (paragraphs, lists, bold) as HTML; everything else is escaped."""
    import nbconvert.filters  # noqa: PLC0415

    return str(nbconvert.filters.markdown2html(escape(text, quote=False)))


class CasePanel:
    """A case card with its questions.  The key is not in it: that stands in the trainer's guide alone."""

    def __init__(self, desk: Desk, case: Case) -> None:
        self.desk, self.case = desk, case
        self.box = w.HTML(layout=WIDE)
        desk.panels.append(self)
        self.draw()

    def draw(self) -> None:
        """Write the card in the current language."""
        with self.desk.words():
            case = self.case
            lang = self.desk.lang
            facts = "".join(f"<li>{escape(str(one.text()))}</li>" for one in case.facts)
            asked = "".join(f"<li>{escape(str(one.text()))}</li>" for one in case.questions)
            self.box.value = (
                f"<h3>{escape(str(case.title.text()))}</h3><p><b>{escape(str(case.label.text()))}</b></p>"
                f'<div class="kpisim-two"><div>{words_html(getattr(case.story, lang))}'
                + (f"<ul>{facts}</ul>" if facts else "")
                + f'</div><div><b style="{HEADING}">{escape(t("Talk about:"))}</b><ol>{asked}</ol></div></div>'
            )


class QuizPanel:
    """One question: pick an answer; a wrong one gets the hint that fits, never the answer."""

    def __init__(self, desk: Desk, question: Question) -> None:
        self.desk, self.question = desk, question
        self.picked: int | None = desk.session.latest(f"quiz.{question.name}")
        self.problem = ""
        self.box = w.VBox(layout=WIDE)
        desk.panels.append(self)
        self.draw()

    def draw(self) -> None:
        """Write question and last answer in the current language."""
        with self.desk.words():
            buttons = []
            for place, answer in enumerate(self.question.answers):
                sign = "●" if place == self.picked else "○"
                button = w.Button(description=f"{sign} {answer.text()}", layout=w.Layout(**BUTTON))
                button.add_class(f"kpisim-quiz-{self.question.name}-{place}")
                button.on_click(lambda _, place=place: self.pick(place))
                buttons.append(button)
            self.box.children = [
                w.HTML(f'<b style="{HEADING}">{escape(str(self.question.text.text()))}</b>'),
                *buttons,
                w.HTML(self.said()),
            ]

    def said(self) -> str:
        """Return what is said about the last answer."""
        if self.problem:
            return status("bad", self.problem)
        if self.picked is None:
            return ""
        asked, gap = self.question, "" if self.desk.lang == "zh" else " "
        if self.picked == asked.right:
            return status("good", f"{t('Right.')}{gap}{asked.why.text()}")
        wrong = self.picked - (self.picked > asked.right)
        hint = asked.hints[min(wrong, len(asked.hints) - 1)]
        return status("left", f"{t('Not yet.')}{gap}{hint.text()}")

    def pick(self, place: int) -> None:
        """Take an answer and keep it."""
        with self.desk.words():
            try:
                self.desk.session.keep(f"quiz.{self.question.name}", place)
                self.picked, self.problem = place, ""
            except UserError as problem:
                self.problem = str(problem)
        self.draw()


class RolePlayPanel:
    """A scene with private cards and a timer, and a dialogue for one who practises alone.

    Attributes
    ----------
    clock
        The time left; it runs from the moment kept on disk, so a reload loses nothing.
    side
        Whose card is open: ``a``, ``b``, ``observer``, or None.  Once a side is taken the other card stays shut here
        until this one is laid down.
    seen
        Lines of the rubric that the observer has ticked.
    """

    def __init__(self, desk: Desk, scene: RolePlay) -> None:
        self.desk, self.scene = desk, scene
        kept = desk.session.latest(self.kind("state")) or {}
        self.side: str | None = kept.get("side")
        self.until: float | None = kept.get("until")
        self.path: list[int] = list(kept.get("path", []))
        self.seen: set[int] = set(kept.get("seen", []))
        self.clock = Countdown(self.running, lambda: None, 60.0 * MINUTES)
        self.problem = ""
        self.box, self.counted = w.VBox(layout=WIDE), w.HTML()
        desk.panels.append(self)
        self.draw()

    def running(self) -> tuple[float, bool]:
        """Return the seconds to show, and whether the clock runs: the whole time before the start."""
        left = self.left()
        return (60.0 * MINUTES, False) if left is None else (float(left), left > 0)

    def kind(self, what: str) -> str:
        """Return the name that entries of this scene are kept under."""
        return f"roleplay.{self.scene.name}.{what}"

    def keep(self) -> None:
        """Keep side, timer and dialogue, so that all of them outlive a reload."""
        self._store()
        self.draw()

    def _store(self) -> None:
        state = {"side": self.side, "until": self.until, "path": self.path, "seen": sorted(self.seen)}
        with self.desk.words():
            try:
                self.desk.session.keep(self.kind("state"), state)
                self.problem = ""
            except UserError as problem:
                self.problem = str(problem)

    def saw(self, place: int, *, yes: bool) -> None:
        """Tick what the observer saw, or take the tick away; nothing is drawn anew, so the keyboard stays where it is."""
        (self.seen.add if yes else self.seen.discard)(place)
        self._store()
        with self.desk.words():
            self._count_seen()

    def _count_seen(self) -> None:
        told = t("Seen so far: {seen} of {of}", seen=len(self.seen), of=len(self.scene.rubric))
        self.counted.value = status("plain", told) + status("bad", self.problem)

    def take(self, side: str) -> None:
        """Open one card; the other stays shut until this one is laid down."""
        if self.side is None:
            self.side = side
        self.keep()

    def lay_down(self) -> None:
        """Shut the card: a wrong click, or roles are changed for another go at the same scene."""
        self.side = None
        self.keep()

    def start(self, minutes: int) -> None:
        """Start the clock."""
        self.until = time.time() + 60 * minutes
        self.keep()

    def left(self) -> int | None:
        """Return the seconds left, None where no clock runs."""
        return None if self.until is None else max(round(self.until - time.time()), 0)

    def answer(self, place: int) -> None:
        """Say something in the dialogue."""
        self.path.append(place)
        self.keep()

    def again(self) -> None:
        """Begin the dialogue anew."""
        self.path = []
        self.keep()

    def walk(self) -> tuple[list[tuple[str, str, str]], Any, int]:
        """Return what was said so far (other side, own answer, effect), the turn that is open, and the points."""
        turns = {turn.name: turn for turn in self.scene.dialogue}
        turn: Any = self.scene.dialogue[0]
        said, points = [], 0
        for place in self.path:
            if turn is None or place >= len(turn.answers):
                break
            chosen = turn.answers[place]
            said.append((str(turn.says.text()), str(chosen.text.text()), str(chosen.effect.text())))
            points += chosen.points
            turn = turns.get(chosen.to) if chosen.to is not None else None
        return said, turn, points

    def draw(self) -> None:
        """Write everything in the current language."""
        with self.desk.words():
            scene, lang = self.scene, self.desk.lang
            parts: list[w.Widget] = [
                w.HTML(f"<h3>{escape(str(scene.title.text()))}</h3>{words_html(getattr(scene.scene, lang))}")
            ]
            parts += self._cards(lang)
            self.clock.speak()
            go = self._button(t("Start 5 minutes"), "timer", lambda: self.start(MINUTES))
            parts += [w.HBox([go, self.clock])]
            parts += self._dialogue()
            if self.problem:
                parts.append(w.HTML(status("bad", self.problem)))
            self.box.children = parts

    def _cards(self, lang: str) -> list[w.Widget]:
        scene = self.scene
        if self.side is None:
            names = (
                ("a", t("I play sales")),
                ("b", t("I play the other department")),
                ("observer", t("I observe")),
            )
            return [
                w.HBox(
                    [self._button(text, side, lambda side=side: self.take(side)) for side, text in names],
                    layout=w.Layout(flex_flow="row wrap"),
                )
            ]
        down = self._button(t("Lay the card down, take another role"), "lay-down", self.lay_down)
        if self.side == "observer":
            self._count_seen()
            ticks = [self._tick(place, str(one.text())) for place, one in enumerate(scene.rubric)]
            head = w.HTML(f'<b style="{HEADING}">{escape(t("Watch for, and tick what you see"))}</b>')
            return [head, *ticks, self.counted, down]
        card = scene.card_a if self.side == "a" else scene.card_b
        return [
            w.HTML(
                f'<div style="border:2px solid #0072B2;padding:8px 12px;max-width:40em;box-sizing:border-box"><b>{escape(t("Your card, for you alone"))}</b>{words_html(getattr(card, lang))}</div>'
            ),
            down,
        ]

    def _dialogue(self) -> list[w.Widget]:
        said, turn, points = self.walk()
        lines = "".join(
            f"<p>{_spoken(t('The other side'), they)}</p><p><b>{_spoken(t('Me'), me)}</b></p><p>→ {escape(effect)}</p>"
            for they, me, effect in said
        )
        parts: list[w.Widget] = [
            w.HTML(f'<b style="{HEADING}">{escape(t("Practise alone: here you play sales"))}</b>{lines}')
        ]
        if turn is not None and turn.answers:
            parts.append(w.HTML(f"<p>{_spoken(t('The other side'), str(turn.says.text()))}</p>"))
            parts += [
                self._button(str(answer.text.text()), f"say-{place}", lambda place=place: self.answer(place))
                for place, answer in enumerate(turn.answers)
            ]
        elif turn is not None:
            parts.append(w.HTML(f"<p>{_spoken(t('The other side'), str(turn.says.text()))}</p>"))
        if said and (turn is None or not turn.answers):
            parts.append(w.HTML(f"<p>{escape(self._points(points))}</p>"))
            parts.append(self._button(t("Again"), "again", self.again))
        return parts

    def _tick(self, place: int, text: str) -> w.Checkbox:
        made = w.Checkbox(
            value=place in self.seen, description=text, indent=False, layout=w.Layout(width="auto")
        )
        made.add_class(f"kpisim-roleplay-{self.scene.name}-seen-{place}")
        made.observe(lambda change: self.saw(place, yes=change["new"]), names="value")
        return made

    def _points(self, points: int) -> str:
        """Return what a way through the dialogue was worth, beside the best there is."""
        best = self.best(self.scene.dialogue[0].name)
        told = {"points": plain(points), "best": best}
        if points >= best:
            return t("{points} of {best} points: no way through is better.", **told)
        return t("{points} of {best} points. Try another way through.", **told)

    def best(self, name: str | None, seen: frozenset[str] = frozenset()) -> int:
        """Return the most points that can still be had from a turn on; no turn is gone through twice."""
        turn = next((one for one in self.scene.dialogue if one.name == name and name not in seen), None)
        if turn is None or not turn.answers:
            return 0
        return max(one.points + self.best(one.to, seen | {turn.name}) for one in turn.answers)

    def _button(self, text: str, name: str, act: Any) -> w.Button:
        made = w.Button(description=text, layout=w.Layout(**BUTTON))
        made.add_class(f"kpisim-roleplay-{self.scene.name}-{name}")
        made.on_click(lambda _: act())
        return made


def _spoken(who: str, text: str) -> str:
    """Return what somebody says with who says it before it."""
    return escape(f"{who}{t(': ')}{text}")


__all__ = ["CasePanel", "QuizPanel", "RolePlayPanel", "words_html"]
