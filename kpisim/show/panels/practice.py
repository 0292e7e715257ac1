"""An exercise on the screen: a form, a Check button, one sentence.  What was answered is kept; no code is seen."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from kpisim.course.practice import exercise as asked_by_name
from kpisim.course.practice import is_played, judge, played, playing, sides
from kpisim.course.practice.judging import DIRECTIONS
from kpisim.course.rounds import SEED, Reading, a_round
from kpisim.kpi.registry import kpi
from kpisim.sheets.typed import typed_number
from kpisim.show.hand.fields import named_field
from kpisim.show.panels.desk import desk
from kpisim.show.panels.form import STYLE, WIDE
from kpisim.show.panels.play import in_a_line
from kpisim.show.panels.status import status
from kpisim.show.panels.talk import BUTTON, words_html
from kpisim.show.rounds import round_picture
from kpisim.text import LANGUAGES, UserError, language, t

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.course.practice import Exercise
    from kpisim.course.practice.declared import Number, Sort, WhatIf, Write
    from kpisim.experiment.growing import Outcomes
    from kpisim.show.panels.desk import Desk
    from kpisim.show.panels.player import Neighbour

NARROW = w.Layout(width="100%", max_width="480px")
TALL = w.Layout(width="100%", max_width="480px", height="44px")
GAP = w.Layout(margin="8px 0")


class ExercisePanel:
    """One exercise as a form.

    Parameters
    ----------
    desk
        Whose desk it stands on.
    asked
        The exercise.
    answer
        A given answer, as in solved notebooks: it is shown and judged, and the participant's own stays untouched.

    Attributes
    ----------
    answer
        What stands in the form now.
    tries
        Wrong tries so far; hints grow with them.
    said
        The last sentence in both languages, empty before the first check.
    right
        Whether the last answer passed.
    reading
        What the simulator played, once that was predicted rightly; None before it.
    playing
        Whether the simulator is playing what was predicted.
    box
        The widget to show.
    """

    def __init__(self, desk: Desk, asked: Exercise, answer: Any = None) -> None:
        self.desk, self.asked, self.given = desk, asked, answer is not None
        kept = {} if self.given else desk.session.latest(self.kind) or {}
        self.answer: Any = answer if self.given else kept.get("answer")
        self.tries: int = kept.get("tries", 0)
        self.right: bool = kept.get("right", False)
        self.said: dict[str, str] = dict(kept.get("said", {}))
        self.reading = Reading(**kept["reading"]) if kept.get("reading") else None
        self.playing = False
        self.box = w.VBox(layout=WIDE)
        self.sentence = w.HTML(layout=WIDE)
        desk.panels.append(self)
        if self.given:
            self._judge()
        self.draw()
        self._ahead()

    @property
    def kind(self) -> str:
        """Name that entries of this exercise are kept under."""
        return f"exercise.{self.asked.name}"

    def draw(self) -> None:
        """Write the form anew in the current language; answer and sentence stay."""
        with self.desk.words():
            self.box.children = [
                *self._head(),
                *self._form(),
                # In a row of its own, or it would be as wide as the answers and look like one of them.
                w.HBox([self._button("check", t("Check"), self.check, main=True)], layout=GAP),
                self.sentence,
            ]
            self._tell()

    def check(self) -> None:
        """Judge what stands in the form, keep it, and say one sentence; what must be played is played beside the page."""
        asked = self.asked
        if asked.kind != "what_if" or self.given or self.answer not in DIRECTIONS or is_played(asked):
            self._judge()
            return
        self.said, self.right, self.playing = {}, False, True
        self._tell()
        self.desk.player.play(
            self,
            lambda stop: playing(asked, self.desk.player.held, stop),
            lambda _: self._judge(),
            self._failed,
        )

    def _judge(self) -> None:
        self.playing = False
        said: dict[str, str] = {}
        for lang in LANGUAGES:
            with language(lang):
                verdict = judge(self.asked, self.answer, self.tries)
                said[lang] = str(verdict.text)
        self.said, self.right = said, verdict.right
        self.tries += verdict.wrong
        if self.asked.kind == "what_if" and self.right:
            self.reading = played(self.asked)
        self._keep()
        self._tell()

    def _ahead(self) -> None:
        """Play while somebody reads: what is played does not depend on what is predicted."""
        if self.asked.kind == "what_if" and not (self.given or self.right):
            # What goes wrong is told to who asks for it.
            self.desk.player.ahead(self._sides, lambda _: None)

    def _sides(self) -> list[Neighbour]:
        from kpisim.show.panels.player import Neighbour  # noqa: PLC0415

        asked = self.asked
        if asked.kind != "what_if" or is_played(asked):
            return []

        def done(held: Outcomes, stop: Callable[[], bool]) -> None:
            # Comes to an end once the runs of both sides are held, which the second finds.
            if all(len(held.of(one, SEED)) >= asked.replications for one in both):
                deque(playing(asked, held, stop, workers=1), maxlen=0)

        both = sides(asked)
        return [Neighbour(one, asked.replications, SEED, done) for one in both]

    def _failed(self, problem: Exception) -> None:
        """Say that a prediction could not be played, in one line."""
        self.playing = False
        for lang in LANGUAGES:
            with language(lang):
                self.said[lang] = str(problem) if isinstance(problem, UserError) else in_a_line(problem)
        self._tell()

    def take(self, answer: Any) -> None:
        """Take what was filled in and keep it; the sentence about the answer before goes."""
        if isinstance(answer, str):  # half an emoji, cut off by a browser, cannot be written to disk
            answer = answer.encode("utf-8", "replace").decode()
        if self.playing:
            # What is being played would judge an answer that nobody handed in.
            self.desk.player.drop(self)
            self.playing = False
        self.answer, self.said, self.right = answer, {}, False
        self._keep()
        self._tell()

    def _keep(self) -> None:
        if self.given:
            return
        state = {"answer": self.answer, "tries": self.tries, "right": self.right, "said": self.said}
        if self.reading is not None:
            state["reading"] = asdict(self.reading)
        try:
            self.desk.session.keep(self.kind, state)
        except UserError as problem:
            self.said = {}
            for lang in LANGUAGES:
                with language(lang):
                    self.said[lang] = str(problem)

    def _tell(self) -> None:
        if self.playing and self.asked.kind == "what_if":
            with self.desk.words():
                said = t("Playing {count} runs of each side …", count=self.asked.replications)
            self.sentence.value = status("plain", said)
            return
        text = self.said.get(self.desk.lang, "")
        self.sentence.value = text and status("good" if self.right else "left", text) + self._picture()

    def _picture(self) -> str:
        """Return what the simulator played, once it was predicted rightly."""
        if self.asked.kind != "what_if" or not self.right or self.reading is None:
            return ""
        with self.desk.words():
            currency = a_round(self.asked.round).base().currency
            return round_picture([self.reading], currency, asked=True).html()

    def _head(self) -> list[w.Widget]:
        if self.desk.told_in_notebook():
            return []
        title = escape(str(self.asked.title.text()))
        return [
            w.HTML(f"<h3>{title}</h3>{words_html(getattr(self.asked.text, self.desk.lang))}", layout=WIDE)
        ]

    def _form(self) -> list[w.Widget]:
        asked = self.asked
        if asked.kind == "choose":
            return self._choices([(one.name, str(one.text.text())) for one in asked.options])
        if asked.kind == "sort":
            return self._sorting(asked)
        if asked.kind == "number":
            return self._number(asked)
        if asked.kind == "what_if":
            return self._prediction(asked)
        return self._writing(asked)

    def _choices(self, options: list[tuple[str, str]]) -> list[w.Widget]:
        # The sign before the text says which one is chosen, for those too who do not see the colour.
        picked = self.answer if isinstance(self.answer, str) else None
        return [
            self._button(
                name,
                f"{'●' if name == picked else '○'} {text}",
                partial(self._pick, name),
                main=name == picked,
            )
            for name, text in options
        ]

    def _pick(self, name: str) -> None:
        self.take(name)
        self.draw()

    def _prediction(self, asked: WhatIf) -> list[w.Widget]:
        words = {"up": t("↑ up"), "same": t("→ no clear change"), "down": t("↓ down")}
        head = w.HTML(f"<b>{escape(str(kpi(asked.kpi).title))}</b>")
        return [head, *self._choices([(name, words[name]) for name in DIRECTIONS])]

    def _sorting(self, asked: Sort) -> list[w.Widget]:
        put = self.answer if isinstance(self.answer, Mapping) else {}
        groups = {group.name: str(group.label.text()) for group in asked.groups}
        names = list(groups)
        lines: list[w.Widget] = []
        for item in asked.items:
            options = [(t("choose …"), None), *((label, name) for name, label in groups.items())]
            value = put.get(item.name)
            place = 1 + names.index(value) if value in names else 0
            text = str(item.text.text())
            made = named_field(w.Dropdown(options=options, index=place, layout=TALL, style=STYLE), text)
            self._watch(made, item.name, partial(self._put, item.name))
            lines += [_label(text), made]
        return lines

    def _put(self, item: str, group: str | None) -> None:
        before = self.answer if isinstance(self.answer, Mapping) else {}
        self.take({**before, item: group})

    def _number(self, asked: Number) -> list[w.Widget]:
        cell = 'style="border:1px solid #D5D9DE;padding:4px 12px;text-align:{}"'
        head = "".join(f"<th {cell.format('left')}>{escape(str(one.text()))}</th>" for one in asked.columns)
        body = "".join(
            f"<tr><th {cell.format('left')}>{escape(str(row.label.text()))}</th>"
            + "".join(f"<td {cell.format('right')}>{value:,.10g}</td>" for value in row.values)
            + "</tr>"
            for row in asked.rows
        )
        table = w.HTML(f'<table style="border-collapse:collapse"><tr>{head}</tr>{body}</table>')
        question = t("Your answer, %") if asked.percent else t("Your answer")
        made = named_field(
            w.Text(value=_shown(self.answer), layout=NARROW, style=STYLE, continuous_update=False), question
        )
        self._watch(made, "number", self.take)
        return [table, _label(question), made]

    def _writing(self, asked: Write) -> list[w.Widget]:
        text = self.answer.get(self.desk.lang) if isinstance(self.answer, Mapping) else self.answer
        question = str(asked.label.text())
        made = named_field(
            w.Textarea(value=_shown(text), rows=4, layout=WIDE, style=STYLE, continuous_update=False),
            question,
        )
        self._watch(made, "text", self.take)
        return [_label(question), made]

    def _watch(self, made: w.Widget, name: str, act: Callable[[Any], None]) -> None:
        made.add_class(f"kpisim-exercise-{self.asked.name}-{name}")
        made.observe(lambda change: act(change["new"]), names="value")

    def _button(self, name: str, text: str, act: Callable[[], None], *, main: bool) -> w.Button:
        made = w.Button(description=text, button_style="primary" if main else "", layout=w.Layout(**BUTTON))
        made.add_class(f"kpisim-exercise-{self.asked.name}-{name}")
        made.on_click(lambda _: act())
        return made


def exercise(name: str, answer: Any = None, at: Desk | None = None) -> w.VBox:
    """Return an exercise as a form with a Check button.

    Parameters
    ----------
    name
        Name of the exercise; an unknown one is answered with the nearest, on the screen.
    answer
        An answer to show solved and judged; without it the participant's own is shown.
    at
        Desk to put it on, by default this kernel's.
    """
    at = at or desk()
    with at.words():
        try:
            return ExercisePanel(at, asked_by_name(name), answer).box
        except UserError as problem:
            return w.VBox([w.HTML(status("bad", problem))])


def _label(text: str) -> w.HTML:
    return w.HTML(f'<label style="line-height:1.5">{escape(text)}</label>')


def _shown(value: Any) -> str:
    """Return what stands in a field: a text as it was typed, a number as short as it goes, nothing for anything else."""
    if isinstance(value, str):
        return value
    read = typed_number(value)
    return "" if read is None else f"{read[0]:.10g}"


__all__ = ["ExercisePanel", "exercise"]
