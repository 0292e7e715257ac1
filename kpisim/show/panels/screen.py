"""A module or one step of it on the screen: text, panels, and the language switch that loses nothing."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from kpisim.course import lesson, sheet
from kpisim.course.rounds import a_round
from kpisim.show.hand.fields import UNSEEN, Fields
from kpisim.show.panels.calm import CalmPanel
from kpisim.show.panels.desk import CUT, desk
from kpisim.show.panels.form import WIDE, SheetForm
from kpisim.show.panels.halfway import HalfwayPanel
from kpisim.show.panels.inbasket import InbasketPanel
from kpisim.show.panels.kpi_quadrants import KpiQuadrantPanel
from kpisim.show.panels.own_data import OwnDataPanel
from kpisim.show.panels.play import RoundPanel
from kpisim.show.panels.pulse import LoopPanel, PulsePanel
from kpisim.show.panels.quadrants import QuadrantPanel
from kpisim.show.panels.talk import CasePanel, QuizPanel, RolePlayPanel, words_html
from kpisim.show.panels.video import VideoPanel
from kpisim.show.panels.wall import WallPanel
from kpisim.show.panels.week import WeekPanel
from kpisim.text import Language, choose, fonts, t
from kpisim.text.fonts.css import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.course.schema import Lesson, Step
    from kpisim.show.panels.desk import Desk

TOOLS: dict[str, Callable[[Desk], Any]] = {
    "calm": CalmPanel,
    "inbasket": InbasketPanel,
    "kpi_quadrants": KpiQuadrantPanel,
    "loop": LoopPanel,
    "own_data": OwnDataPanel,
    "pulse": PulsePanel,
    "quadrants": QuadrantPanel,
    "wall": WallPanel,
    "week": WeekPanel,
}
"""Panels made for the hand, by the name that a step gives."""
LAST = {"own_data"}
"""Tools for after the work of a step; they stand below everything."""
BELOW = {
    "priority_matrix": "quadrants",
    "timebox_week": "week",
    "feedback_loop": "loop",
    "scorecard": "kpi_quadrants",
}
"""Sheet -> the tool that shows it and so stands below it; other tools come before the sheets."""


_LONE = ":is(.kpisim-one > .widget-vbox, .kpisim-rows > .widget-vbox:only-child)"
"""A row that stands alone."""
PAIRS_FROM = "54em"
"""Width from which a row that stands alone has two fields in a line: two of the narrowest that read well."""


def _pairs(row: str, before: int) -> str:
    """Return the style that sets questions and fields of a row in pairs; `before` children (a number) span both.

    Where the number of fields is odd, the first one stands alone, as wide as the others.
    """
    style = (
        f"{row} {{ display: grid; grid-auto-flow: row dense; grid-template-columns: 1fr 1fr; gap: 0 2em; "
        f"align-items: start; }} {row} > * {{ min-width: 0; }} "
        # A question of two lines stands right above its field, beside one of one line too.
        f"{row} > .widget-html {{ align-self: end; }} "
    )
    for kind, alone in ((":not(.kpisim-odd)", before), (".kpisim-odd", before + 2)):
        for column, places in ((1, (1, 2)), (2, (3, 4))):
            of = ", ".join(f"{row}{kind} > :nth-child(4n + {alone + place})" for place in places)
            style += f"{of} {{ grid-column: {column}; }} "
        if alone:
            style += f"{row}{kind} > :nth-child(-n + {alone}) {{ grid-column: 1 / -1; max-width: min(38em, calc(50% - 1em - 4px)) !important; }} "
    return (
        f"@container (min-width: {PAIRS_FROM}) {{ {style}{row} > .widget-hbox {{ grid-column: 1 / -1; }} }} "
    )


def look(lang: Language = "zh") -> str:
    """Return the style of the day: the bundled font inside, so that no machine shows boxes instead of Chinese."""
    from base64 import b64encode  # noqa: PLC0415

    data = b64encode(fonts.woff2_path().read_bytes()).decode()
    family = f'"{fonts.family()}", system-ui, sans-serif'
    range_ = "" if lang == "zh" else ENGLISH
    return (
        f'<style>@font-face {{ font-family: "{fonts.family()}"; font-weight: 400; font-display: swap; {range_}'
        f'src: url("data:font/woff2;base64,{data}") format("woff2"); }} '
        ":root { --kpisim-type: 16px; } @media (min-width: 1600px) { :root { --kpisim-type: 20px; } } "
        f":root {{ --jp-ui-font-family: {family}; --jp-content-font-family: {family}; }} "
        f".jupyter-widgets, .jupyter-widgets button, .jupyter-widgets input, .jupyter-widgets textarea, "
        f".jupyter-widgets select, .jp-RenderedHTMLCommon {{ font-family: {family}; font-size: var(--kpisim-type); }} "
        # Participants are managers, not programmers: neither the hidden line nor its number is shown.
        ".jp-CodeCell .jp-InputPlaceholder, .jp-CodeCell .jp-InputCollapser, .jp-OutputArea-promptOverlay { display: none; } "
        ".jp-CodeCell .jp-InputPrompt, .jp-OutputArea-prompt, .jp-Cell .jp-Collapser { visibility: hidden; } "
        # The room that the numbers of cells would take belongs to the page where it is narrow.
        "@media (max-width: 1279px) { :root { --jp-cell-prompt-width: 16px; } } "
        ".jupyter-widgets table :is(td, th) { padding-right: 1em; } "
        # Before and after stand in one line where that leaves the other columns their words.
        ".kpisim-readings { container-type: inline-size; margin-top: 0.6em; } "
        # On a small laptop beside the levers the last column would run out.
        "@container (max-width: 34em) { .kpisim-readings :is(td, th) { padding-right: 8px !important; } } "
        "@container (min-width: 38em) { .kpisim-readings :is(td, th):nth-child(2) { white-space: nowrap; } } "
        f"{UNSEEN}"
        # What says nothing takes no room.
        ".widget-html:has(> .widget-html-content:empty) { display: none; } "
        # Titles of two lines must not touch, and a table begins where the text does.
        ".jp-RenderedHTMLCommon :is(h1, h2, h3, h4) { line-height: 1.4; } "
        ".jp-RenderedHTMLCommon table { margin-left: 0; font-size: 0.9em; } "
        ".jp-RenderedHTMLCommon thead th:not([style]) { text-align: left; } "
        ".jp-RenderedHTMLCommon th { white-space: nowrap; } .jp-RenderedHTMLCommon :is(td, th) { padding: 0.4em 0.6em; word-break: keep-all; overflow-wrap: break-word; } "
        # Fields as wide as their box would lose an edge to their margin.
        ".jupyter-widgets.widget-dropdown, .jupyter-widgets.widget-slider, .jupyter-widgets.widget-textarea, "
        ".jupyter-widgets.widget-text, .jupyter-widgets.widget-datepicker, .jupyter-widgets.jupyter-widget-datepicker "
        "{ max-width: min(38em, calc(100% - 4px)) !important; } "
        # No line of text is longer than 38 Chinese signs, or 75 letters, however wide the projector.
        ".jp-RenderedHTMLCommon :is(p, li, blockquote), .jupyter-widgets :is(p, li, figcaption, [role=status]) "
        "{ max-width: 38em; } .jupyter-widgets small { font-size: 0.9em; } "
        # What belongs side by side stands so where it fits, else below each other.
        ".kpisim-sides, .kpisim-two { display: flex; flex-flow: row wrap; align-items: flex-start; gap: 0 2em; } "
        ".kpisim-sides > .widget-vbox, .kpisim-rows > .widget-vbox, .kpisim-two > div { min-width: 0; overflow: visible; } "
        ".kpisim-sides .widget-html, .kpisim-sides .widget-html-content { min-width: 0; max-width: 100%; } "
        ".kpisim-sides > .widget-vbox:first-child { flex: 1 1 24em; max-width: 38em; } "
        ".kpisim-sides > .widget-vbox:last-child { flex: 1.4 1 32em; max-width: 60em; } "
        # Who presses the last button has scrolled: what it does comes along, instead of standing above the window's edge; and
        # the ring around a button reaches beyond the box that the button fills.  Neither may be cut off.
        ":is(.jp-OutputArea, .jp-OutputArea-child, .jp-OutputArea-output, .jupyter-widgets.widget-box):has(.jupyter-button) { overflow: visible; } "
        # What may overflow is as wide as what it holds unless it is told not to: a wide table would push a panel out of the page.
        ".jp-OutputArea, .jp-OutputArea-child, .jp-OutputArea-output { min-width: 0; } "
        ".widget-html:has([role=group]), .widget-html-content:has([role=group]) { min-width: 0; max-width: 100%; box-sizing: border-box; } "
        ".kpisim-sides > .widget-vbox:last-child { position: sticky; top: var(--kpisim-below, 8px); } "
        # A result taller than the levers cannot come along: a line below the button says what it is, where both stand side by side.
        ".kpisim-roundbox { container-type: inline-size; } "
        "@container (max-width: 57.99em) { .kpisim-found { display: none !important; } } "
        ".kpisim-rows { display: grid; gap: 0 1em; grid-template-columns: repeat(auto-fit, minmax(min(22em, 100%), 1fr)); } "
        ".kpisim-rows > .widget-vbox:only-child { grid-column: 1 / -1; } "
        ".kpisim-two > div { flex: 1 1 24em; max-width: 38em; } "
        # The fields of a single row stand two in a line where that fits, in the order of the keyboard: a question in
        # one line of the grid, its field in the next.
        ".kpisim-one, .kpisim-rows { container-type: inline-size; } "
        f"{_LONE} {{ max-width: 80em; }} {_pairs('.kpisim-one > .widget-vbox', 0)} {_pairs('.kpisim-rows > .widget-vbox:only-child', 1)}"
        ".kpisim-single > * { grid-column: 1 / -1 !important; } "
        # A clock stands at the height of its button.
        ".jupyter-widgets.widget-hbox:has(> * > .kpisim-clock) { align-items: center; } "
        # A step and its panels have a margin on top of their whole width.
        "[class*=kpisim-step-] > .jupyter-widgets { max-width: calc(100% - 4px); } "
        # A button is as wide as what it says, and apart from what stands above it.
        ".widget-vbox > .jupyter-button { align-self: flex-start; margin-top: 0.5em; text-align: left; min-width: 9em; } "
        ".jupyter-widgets h2 { font-size: 1.4em; } .jupyter-widgets :is(h3, h4) { font-size: 1.25em; margin: 1em 0 0.3em; } "
        # The picture of a round is read from the last row.
        ".jupyter-widgets figure.kpisim-round svg, .kpisim-sides figure img { width: 100%; max-width: 46em; height: auto; } "
        ".jupyter-widgets figure.kpisim-round { margin-top: 0.6em; } "
        ".kpisim-wait { border: 1px dashed #5F6670; padding: 1em; } "
        # The handle of a slider takes a finger; the ring one sees stays small, and is seen from the last row.
        ".widget-slider .noUi-handle { background: #0072B2; border: 2px solid #fff; box-shadow: 0 0 0 2px #0072B2; } "
        # Its box must neither scroll for that nor cut the ring off at the lowest value.
        ".jupyter-widgets.widget-vbox:has(> .widget-slider) { overflow: visible; } "
        ".widget-slider .slider-container { margin-left: 14px; } "
        ".widget-slider .noUi-touch-area { position: absolute; inset: -14px; width: auto; height: auto; } "
        ".jupyter-widgets .widget-readout { font-size: var(--kpisim-type); } "
        # Widgets have a margin on top of their whole width: the last sign of a line would touch the edge.
        ".widget-html-content, .jupyter-widget-html-content { padding-right: 10px; } "
        ".jupyter-widgets figure { margin: 0; } .jupyter-widgets figure img { max-width: 100%; height: auto; } "
        # On a projector a picture grows with the words around it.
        "@media (min-width: 1600px) { .jupyter-widgets figure img { width: min(46em, 100%); } } "
        ".jupyter-button { height: auto; min-height: 44px; white-space: normal; line-height: 1.5; padding: 8px 14px; } "
        # Fields as large as a finger, and as readable as the text around them.
        ".jupyter-widgets.widget-text input[type], .jupyter-widgets.widget-dropdown select, "
        ".jupyter-widgets.widget-datepicker input[type], .jupyter-widgets.jupyter-widget-datepicker input[type] "
        "{ font-size: var(--kpisim-type); height: calc(var(--kpisim-type) + 28px); } "
        ".jupyter-widgets.widget-textarea textarea { font-size: var(--kpisim-type); line-height: 1.5; } "
        ".widget-text, .widget-dropdown, .widget-datepicker, .jupyter-widget-datepicker { height: auto; min-height: calc(var(--kpisim-type) + 28px); } "
        ".jupyter-widgets label { font-size: var(--kpisim-type); line-height: 1.5; } "
        ".widget-checkbox, .widget-checkbox label { min-height: 44px; height: auto; align-items: center; display: flex; } "
        ".widget-checkbox input { width: 22px; height: 22px; margin-right: 10px; } "
        # One blue: what keeps or plays, and what is chosen.
        ".jupyter-button.mod-primary, .jupyter-button.mod-primary:hover { background: #0072B2; color: #fff; } "
        # What is folded away is as readable as what is not, and apart from what stands above it.
        ".jupyter-widgets .jupyter-widget-Collapse-header { color: #1F2933; } .jupyter-widgets.widget-accordion { margin-top: 0.6em; } "
        # Who goes by the keyboard sees where they are, from an arm's length too; the bundle's own ring is pale or none.
        # Said three times to weigh more than the bundle's own rule for text fields.
        ":is(.jupyter-widgets, .jupyter-widgets *):focus-visible:focus-visible:focus-visible { outline: 3px solid #0072B2 !important; outline-offset: 2px; } "
        ".widget-slider .noUi-handle:focus-visible:focus-visible:focus-visible { outline-offset: 4px; } "
        # Four choices of a card stand in one line on a small laptop, in English too.
        ".kpisim-tight .jupyter-button { padding: 8px; } "
        # What is chosen is told by a sign too, not by a shade of grey alone.
        ".widget-toggle-buttons .jupyter-button.mod-active { background: #0072B2; color: #fff; padding: 8px 6px; } "
        ".widget-toggle-buttons .jupyter-button.mod-active::before { content: '✓ '; }</style>"
    )


class Switch:
    """The language switch at the top of a page."""

    lasts = True

    def __init__(self, at: Desk) -> None:
        self.desk = at
        self.choice = w.ToggleButtons(
            options=[("中文", "zh"), ("English", "en")], value=at.lang, style={"button_width": "120px"}
        )
        self.choice.add_class("kpisim-language")
        self.choice.observe(lambda change: at.speak(change["new"]), names="value")
        self.box = self.choice

    def draw(self) -> None:
        """Follow a switch that was made on another page."""
        if self.choice.value != self.desk.lang:
            self.choice.value = self.desk.lang


class Head:
    """Title, clock and text of one step."""

    def __init__(self, at: Desk, shown: Step, module: str) -> None:
        self.desk, self.step, self.module = at, shown, module
        self.box = w.HTML(layout=WIDE)
        at.panels.append(self)
        self.draw()

    def draw(self) -> None:
        """Write the step in the current language."""
        with self.desk.words():
            shown = self.step
            last = self.desk.session.room(CUT)
            skipped = bool(last) and f"{self.module}.{shown.name}" in last[-1].data
            note = (
                f"<p>▶ <b>{escape(t('The trainer skips this today. You may still fill it in.'))}</b></p>"
                if skipped
                else ""
            )
            if self.desk.told_in_notebook():
                self.box.value = note
                return
            clock = t("{start}, {minutes} min", start=shown.start, minutes=shown.minutes)
            self.box.value = (
                f"<h2>{escape(str(shown.title.text()))} <small>{escape(clock)}</small></h2>"
                f"{note}{words_html(getattr(shown.text, self.desk.lang))}"
            )


def step(module: str, name: str, at: Desk | None = None) -> w.VBox:
    """Return one step of a module as a widget: its text, then its case, sheets, role plays, round and questions.

    Raises
    ------
    UserError
        No such module or step; the nearest is named.
    """
    at = at or desk()
    taught = lesson(module)
    shown = choose("{name}: no such step; {remedy}", name, {one.name: one for one in taught.steps})
    made = w.VBox([one.box for one in panels(taught, shown, at)])
    made.add_class(f"kpisim-step-{name}")
    return made


def panels(taught: Lesson, shown: Step, at: Desk) -> list[Any]:
    """Return the panels of a step, in the order they are shown."""
    made: list[Any] = [Head(at, shown, taught.name)]
    if "V" in shown.modes:
        made.append(VideoPanel(at, taught.name))
    if shown.case is not None and "inbasket" not in shown.tools:
        # The card of the in-basket is for paper; on the screen its twelve things can be clicked.
        made.append(CasePanel(at, next(case for case in taught.cases if case.name == shown.case)))
    made += [
        RolePlayPanel(at, next(one for one in taught.roleplays if one.name == name))
        for name in shown.roleplays
    ]
    made += [TOOLS[name](at) for name in shown.tools if name not in {*BELOW.values(), *LAST}]
    if shown.round is not None:
        played = a_round(shown.round)
        made.append(RoundPanel(at, played) if played.halfway is None else HalfwayPanel(at, played))
    for name in shown.sheets:
        made.append(SheetForm(at, sheet(name)))
        if BELOW.get(name) in shown.tools:
            made.append(TOOLS[BELOW[name]](at))
    made += [QuizPanel(at, next(one for one in taught.questions if one.name == name)) for name in shown.quiz]
    made += [TOOLS[name](at) for name in shown.tools if name in LAST]
    return made


def page(module: str, at: Desk | None = None) -> w.VBox:
    """Return the head of a module: title, aim, minutes and the language switch.

    Raises
    ------
    UserError
        No such module; the nearest is named.
    """
    at = at or desk()
    taught = lesson(module)
    switch = Switch(at)
    at.panels.append(switch)
    title = _Title(at, taught)
    return w.VBox([w.HTML(look(at.lang)), Fields(), switch.box, title.box])


class _Title:
    def __init__(self, at: Desk, taught: Lesson) -> None:
        self.desk, self.taught = at, taught
        self.box = w.HTML()
        at.panels.append(self)
        self.draw()

    def draw(self) -> None:
        with self.desk.words():
            taught = self.taught
            if self.desk.told_in_notebook():
                self.box.value = ""
                return
            clock = t("{minutes} minutes", minutes=taught.minutes)
            self.box.value = f"<h2>{escape(str(taught.title.text()))}</h2><p>{escape(str(taught.aim.text()))} ({escape(clock)})</p>"


__all__ = ["Head", "Switch", "page", "panels", "step"]
