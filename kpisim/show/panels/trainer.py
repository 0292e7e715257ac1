"""The trainer's console: who is how far, what is skipped today, a pause for the room, sheets starred for the commentary."""

from __future__ import annotations

import time
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from kpisim.course import lessons, sheets
from kpisim.course.inbasket import Event
from kpisim.course.notebooks import peak_key
from kpisim.course.peak_tasks import key_code
from kpisim.session.room import (
    LEAST,
    LEAST_CHANGE,
    change,
    comment,
    comments,
    mean,
    merge,
    names,
    obstacles,
    progress,
)
from kpisim.sheets.shown import shown
from kpisim.show.hand.fields import named_field
from kpisim.show.panels.desk import CUT, KEY, PAUSE, desk
from kpisim.show.panels.form import HEADING
from kpisim.show.panels.status import status
from kpisim.show.panels.talk import BUTTON, words_html
from kpisim.show.theme import GREY, SCROLLS
from kpisim.text import UserError, t
from kpisim.text.numbers import plain, signed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from kpisim.show.panels.desk import Desk

STAR = "trainer.star"
STARRED = ("culture_action_plan", "collab_agreement", "smart_goals", "week_plan", "action_plan")
"""Sheets that may be enlarged for the commentary, with their author's consent."""


def _ago(minutes: float) -> str:
    # Nobody says nought minutes.
    return t("just now") if minutes < 0.5 else t("{minutes} min ago", minutes=f"{minutes:.0f}")


class Console:
    """The console.

    Attributes
    ----------
    cut
        Steps that are skipped today, ``module.step``.
    star
        Author and sheet that are enlarged, None where nothing is.
    box
        The widget to show.
    """

    def __init__(self, at: Desk) -> None:
        self.desk = at
        self.cut: list[str] = list(at.session.latest(CUT) or [])
        self.star: tuple[str, str] | None = None
        self.box, self.said = w.VBox(layout=w.Layout(width="100%", max_width="60em")), w.HTML()
        at.panels.append(self)
        self.draw()

    def now(self) -> datetime:
        """Return the moment to reckon from."""
        return datetime.now(UTC)

    def today(self) -> date:
        """Return the day on this laptop, which the code for single laptops follows from."""
        return self.now().astimezone().date()

    def paused(self) -> bool:
        """Whether the room's clock stands still."""
        last = self.desk.session.latest(PAUSE)
        return isinstance(last, dict) and last.get("what") == "pause"

    def pause(self) -> None:
        """Stop the clocks of the room, or let them run on."""
        what: Any = "resume" if self.paused() else "pause"
        self._do(lambda: self.desk.session.keep(PAUSE, asdict(Event(what, time.time()))))

    def released(self) -> bool:
        """Whether participants may compare their quadrants with the key."""
        return bool(self.desk.session.latest(KEY))

    def release(self) -> None:
        """Let participants compare their quadrants with the key, or take it back."""
        released = self.released()
        self._do(lambda: self.desk.session.keep(KEY, not released))

    def skip(self, name: str, *, cut: bool) -> None:
        """Skip an optional step today, or take it back in."""
        self.cut = sorted({*self.cut, name} if cut else set(self.cut) - {name})
        self._do(lambda: self.desk.session.keep(CUT, self.cut))

    def enlarge(self, author: str, kind: str) -> None:
        """Star one sheet for the commentary and show it large."""
        self.star = (author, kind)
        self._do(lambda: self.desk.session.keep(STAR, [author, kind]))

    def put_away(self) -> None:
        """Take the enlarged sheet off the screen; comments stay kept."""
        self.star = None
        self.draw()

    def comment(self, text: str) -> None:
        """Keep a comment on the enlarged sheet for its author's workbook."""
        if self.star is None:
            return
        author, kind = self.star
        self._do(lambda: comment(self.desk.session, author, kind, text))
        if not self.said.value:
            with self.desk.words():
                said = (
                    t("Kept for the author's workbook.") if text.strip() else t("The comment is taken back.")
                )
                self.said.value = status("good", said)

    def saved_minutes(self) -> int:
        """Return the minutes won by what is skipped."""
        return sum(
            step.minutes
            for taught in lessons()
            for step in taught.steps
            if f"{taught.name}.{step.name}" in self.cut
        )

    def _do(self, act: Callable[[], Any]) -> None:
        with self.desk.words():
            try:
                act()
            except UserError as problem:
                self.said.value = status("bad", problem)
                return
            self.said.value = ""
        self.draw()

    def draw(self) -> None:
        """Write everything anew in the current language."""
        with self.desk.words():
            again = self._button(t("Look again"), "again", self.draw)
            stop = self._button(
                t("Let the room's clocks run on") if self.paused() else t("Pause the room's clocks"),
                "pause",
                self.pause,
            )
            self.box.children = [
                w.HTML(f"<h2>{escape(t('Console'))}</h2>{self._people()}{self._means()}"),
                w.HBox([again, stop], layout=w.Layout(flex_flow="row wrap")),
                # Beside the comment where one is being written: at the top nobody would see it.
                *([] if self.star else [self.said]),
                *self._skips(),
                *self._obstacles(),
                *self._stars(),
                *self._keys(),
            ]

    def _people(self) -> str:
        known = sheets()
        open_sheets = [name for name, one in known.items() if not one.private]
        people = progress(self.desk.session, open_sheets, self.now())
        if not people:
            return f"<p>{escape(t('Nobody has saved anything yet.'))}</p>"
        called, whole = names(self.desk.session), '<td style="white-space:nowrap">'
        lines = "".join(
            f"<tr><td>{escape(called.get(one.author, one.author))}</td>"
            f"<td>{escape(t('1 sheet') if one.sheets == 1 else t('{count} sheets', count=one.sheets))}</td>"
            f"<td>{escape(str(known[one.last].title.text()) if one.last in known else t('simulation or quiz'))}</td>"
            f"{whole}{escape(_ago(one.minutes))}</td>"
            f"{whole}{escape(t('▲ maybe stuck') if one.stuck else t('● at work'))}</td></tr>"
            for one in people
        )
        titles = (
            t("participant"),
            t("saved so far"),
            t("last at"),
            t("last saved"),
            t("state"),
        )
        head = "".join(f'<th scope="col" style="text-align:left">{escape(one)}</th>' for one in titles)
        return (
            f'<div {SCROLLS}><table style="line-height:1.6;border-spacing:0 2px;word-break:keep-all">'
            f"<thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
        )

    def _means(self) -> str:
        pulse, moved = (
            mean(self.desk.session, "culture_pulse"),
            change(self.desk.session, "pre_rating", "post_rating"),
        )
        few = t("too few: shown from {count} people on", count=LEAST)
        fewer = t("too few: shown from {count} people on", count=LEAST_CHANGE)
        first = few if pulse is None else t("{mean} of 5, n = {n}", mean=plain(pulse[0], 1), n=pulse[1])
        second = fewer if moved is None else t("{mean} points, n = {n}", mean=signed(moved[0], 1), n=moved[1])
        return (
            f"<p>{escape(t('Culture pulse of the room'))}{t(': ')}{escape(first)}<br>"
            f"{escape(t('Six skills, before and after'))}{t(': ')}{escape(second)}</p>"
        )

    def _skips(self) -> list[w.Widget]:
        made: list[w.Widget] = [
            w.HTML(f"<h3>{escape(t('Skip today: {minutes} minutes won', minutes=self.saved_minutes()))}</h3>")
        ]
        for taught in lessons():
            for step in taught.steps:
                if not step.optional:
                    continue
                name = f"{taught.name}.{step.name}"
                words = t(
                    "{start} {title} ({minutes} min)",
                    start=step.start,
                    title=step.title.text(),
                    minutes=step.minutes,
                )
                tick = w.Checkbox(
                    value=name in self.cut, indent=False, description=words, layout=w.Layout(width="100%")
                )
                tick.add_class(f"kpisim-cut-{taught.name}-{step.name}")
                tick.observe(lambda change, name=name: self.skip(name, cut=change["new"]), names="value")
                made.append(tick)
        return made

    def _obstacles(self) -> list[w.Widget]:
        """Return the room's obstacles with their votes, and two fields to merge what says the same."""
        found = obstacles(self.desk.session)
        lines = "".join(
            f"<li>{escape(text)} · <small>{escape(t('1 vote') if votes == 1 else t('{votes} votes', votes=votes))}</small></li>"
            for text, votes in found.items()
        )
        list_ = f"<ol>{lines}</ol>" if found else f"<p>{escape(t('Nothing saved here yet.'))}</p>"
        made: list[w.Widget] = [w.HTML(f"<h3>{escape(t('Obstacles of the room'))}</h3>{list_}")]
        if len(found) > 1:
            options = [(text[:60], text) for text in found]
            gone = w.Dropdown(options=options, index=1, layout=w.Layout(width="100%", max_width="38em"))
            stays = w.Dropdown(options=options, index=0, layout=w.Layout(width="100%", max_width="38em"))
            for field, question in ((gone, t("Merge this one")), (stays, t("into this one"))):
                named_field(field, question)
            gone.add_class("kpisim-console-gone")
            stays.add_class("kpisim-console-stays")
            act = lambda: self._do(lambda: merge(self.desk.session, gone.value, stays.value))  # noqa: E731
            made += [
                w.HTML(escape(t("Merge this one"))), gone, w.HTML(escape(t("into this one"))), stays,
                w.HBox([self._button(t("Merge"), "merge", act)]),
            ]  # fmt: skip
        return made

    def _stars(self) -> list[w.Widget]:
        known = sheets()
        called, shelves = names(self.desk.session), []
        for kind in STARRED:
            buttons = [
                self._button(
                    f"★ {called.get(entry.author, entry.author)}",
                    f"star-{kind}-{entry.author}",
                    partial(self.enlarge, entry.author, kind),
                    main=(entry.author, kind) == self.star,
                )
                for entry in self.desk.session.cohort(kind)
            ]
            if buttons:
                # The title once, else thirty people make five screens of buttons.
                title = w.HTML(f'<b style="{HEADING}">{escape(str(known[kind].title.text()))}</b>')
                shelves += [title, w.HBox(buttons, layout=w.Layout(flex_flow="row wrap"))]
                if self.star is not None and self.star[1] == kind:
                    # Where one has just clicked: below the names of thirty people nobody finds it.
                    shelves += [w.HTML(self._large()), *self._comment()]
        none = "" if shelves else f"<p>{escape(t('Nothing saved here yet.'))}</p>"
        head = t("Enlarge a sheet, with its author's consent")
        return [
            w.HTML(f"<h3>{escape(head)}</h3>{none}"),
            *shelves,
        ]

    def _comment(self) -> list[w.Widget]:
        """Return the field for what the trainer says about the enlarged sheet."""
        if self.star is None:
            return []
        field = w.Textarea(
            value=comments(self.desk.session, self.star[0]).get(self.star[1], ""),
            rows=3,
            layout=w.Layout(width="100%", max_width="38em"),
            style={"description_width": "0px"},
        )
        field.add_class("kpisim-console-comment")
        label = t("Comment: it goes into the author's own workbook, and nowhere else")
        named_field(field, label)
        return [
            w.HTML(f'<label style="line-height:1.5">{escape(label)}</label>'),
            field,
            w.HBox(
                [
                    self._button(t("Save the comment"), "comment-save", lambda: self.comment(field.value)),
                    self._button(t("Put the sheet away"), "away", self.put_away),
                ],
                layout=w.Layout(flex_flow="row wrap"),
            ),
            self.said,
        ]

    def _large(self) -> str:
        if self.star is None:
            return ""
        author, kind = self.star
        rows: list[dict[str, Any]] = next(
            (entry.data for entry in self.desk.session.cohort(kind) if entry.author == author), []
        )
        one = sheets()[kind]
        parts = []
        for row in rows:
            # Beside each other (Jupyter makes terms float and narrow): under each other two rows of six fields are higher than a projector.
            lines = "".join(
                f"<dt style='float:none;width:auto;font-weight:400;font-size:0.75em;color:{GREY};padding-top:0.25em'>{escape(str(field.label.text()))}</dt>"
                f"<dd style='margin:0;overflow-wrap:anywhere'><b>{escape(shown(field, row[field.name]))}</b></dd>"
                for field in one.fields
                if row.get(field.name) not in (None, "", False)
            )
            parts.append(
                "<dl style='display:grid;grid-template-columns:minmax(5em,35%) 1fr;gap:4px 1em;margin:4px 0'>"
                f"{lines}</dl>"
            )
        title = escape(str(one.title.text()))
        return (
            '<div style="font-size:24px;line-height:1.5;border:2px solid #0072B2;padding:12px 20px">'
            f'<p style="margin:0;color:{GREY}"><small>{title}</small></p>{"<hr>".join(parts)}</div>'
        )

    def _keys(self) -> list[w.Widget]:
        keys = "".join(
            f"<details><summary>{escape(str(case.title.text()))}</summary>{words_html(getattr(case.key, self.desk.lang))}</details>"
            for taught in lessons()
            for case in taught.cases
        )
        tasks = (
            f"<details><summary>{escape(t('Tasks of the retail peak'))}</summary>"
            f"{words_html(peak_key(self.desk.lang))}</details>"
        )
        words = (
            t("Take the key of the tasks back")
            if self.released()
            else t("Let the room compare its tasks with the key")
        )
        return [
            w.HTML(f"<h3>{escape(t('Keys: open one to reveal it'))}</h3>{keys}{tasks}"),
            w.HBox([self._button(words, "release", self.release)]),
            w.HTML(
                f"<p>{escape(t('For laptops not linked to yours, read out: {code} (the code of today).', code=key_code(self.today())))}</p>"
            ),
        ]

    def _button(self, text: str, name: str, act: Callable[[], None], *, main: bool = False) -> w.Button:
        made = w.Button(description=text, layout=w.Layout(**BUTTON), button_style="primary" if main else "")
        made.add_class(f"kpisim-console-{name}")
        made.on_click(lambda _: act())
        return made


def console() -> Any:
    """Return the console of this kernel's session."""
    return Console(desk()).box


__all__ = ["STAR", "Console", "console"]
