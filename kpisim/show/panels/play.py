"""A round of the simulation on the screen: predict, decide, run, read, adjust."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import asdict
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from kpisim.course import sheets
from kpisim.course.rounds import (
    REPLICATIONS,
    SEED,
    Lever,
    Part,
    Played,
    Reading,
    Round,
    calibration,
    growing,
    judged,
    known,
    play_once,
    rounds,
)
from kpisim.course.thread import THREADS, taken
from kpisim.model.rules import rules
from kpisim.show.hand.fields import named_field
from kpisim.show.panels.desk import runs
from kpisim.show.panels.form import HEADING, LABEL, STYLE, WIDE
from kpisim.show.panels.status import status
from kpisim.show.panels.training import training_look
from kpisim.show.rounds import finding, named, readings_table, round_picture
from kpisim.text import Text, UserError, t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kpisim.course.thread import Taken
    from kpisim.experiment.growing import Outcomes
    from kpisim.model.rules import Rule
    from kpisim.scenario import Scenario
    from kpisim.show.panels.desk import Desk
    from kpisim.show.panels.player import Neighbour

GUESSES = ("up", "same", "down")
TOLD = 2
"""Rounds with a prediction from which on the day is summed up."""


class RoundPanel:
    """One round.

    Attributes
    ----------
    choices, guesses
        What the levers stand at, and what was predicted.
    off
        Names of what sheets give and the participant does not want played.
    ahead
        Whether it plays what may be asked for next.
    readings
        Results of the last run; empty before it.
    part
        What has been played of the run under way; None where none is.
    box
        The widget to show.
    """

    def __init__(
        self,
        desk: Desk,
        played: Round,
        *,
        replications: int | None = None,
        workers: int | None = None,
        ahead: bool = True,
    ) -> None:
        self.desk, self.round, self.workers, self.ahead = desk, played, workers, ahead
        self.replications = runs(REPLICATIONS) if replications is None else replications
        self._currency = played.base().currency
        kept = desk.session.latest(self.kind("decision")) or {}
        self.choices: dict[str, Any] = dict(kept.get("choices", {}))
        self.guesses: dict[str, str] = dict(kept.get("guesses", {}))
        self.off: set[str] = set(kept.get("off", ()))
        self.readings: list[Reading] = []
        self.part: Part | None = None
        self._last: str | None = None
        self._shown: Scenario | None = None
        self._note: Text | None = None
        self.box, self.said, self.moved, self.found = w.VBox(layout=WIDE), w.HTML(), w.HTML(), w.HTML()
        self.box.add_class("kpisim-roundbox")
        self.found.add_class("kpisim-found")
        result = desk.session.latest(self.kind("result"))
        if result is not None:
            self.readings = [Reading(**row) for row in result["readings"]]
        self.played = self._settings()
        self.training = training_look(self)
        desk.panels.append(self)
        desk.follow(self._sources(), self.draw)
        self.draw()

    def _sources(self) -> list[str]:
        return [THREADS[name][0] for name in self.round.takes]

    def given(self) -> list[Taken]:
        """Return what the sheets saved so far give to this round."""
        return taken(self.round.takes, self.desk.filled(self._sources()))

    def used(self) -> list[Taken]:
        """Return what of it is played."""
        return [one for one in self.given() if one.name not in self.off]

    def kind(self, what: str) -> str:
        """Return the name that entries of this round are kept under."""
        return f"round.{self.round.name}.{what}"

    def draw(self) -> None:
        """Write the panel anew in the current language; decisions and results stay."""
        with self.desk.words():
            head = w.HTML(
                f"<h3>{escape(str(self.round.title.text()))}</h3><p>{escape(str(self.round.ask.text()))}</p>"
            )
            more = [] if self.training is None else [self.training.box]
            # Beside each other where there is room: who moves a lever sees what it does without scrolling.
            sides = w.HBox(
                [
                    w.VBox([*self._steps(), self.moved, self.found]),
                    w.VBox([self.said, *more]),
                ],
                layout=WIDE,
            )
            sides.add_class("kpisim-sides")
            self.box.children = [head, sides]
            self._show_result()

    def _steps(self) -> list[w.Widget]:
        """Return what there is to do, from top to bottom."""
        return [*self._taken(), *self._predict(), *self._decide(t("2 Decide")), self._button(t("3 Run"))]

    def _predict(self) -> list[w.Widget]:
        asked = w.HTML(f'<b style="{HEADING}">{escape(t("1 Predict: what will your decisions do?"))}</b>')
        return [asked, *(self._guess(name) for name in self.round.watch)]

    def _decide(self, heading: str) -> list[w.Widget]:
        starts = self.round.starts(self.used())
        head = w.HTML(f'<b style="{HEADING}">{escape(heading)}</b>')
        return [head, *(self._lever(lever, starts) for lever in self.round.inputs)]

    def _button(self, says: str) -> w.Button:
        made = w.Button(
            description=says, button_style="primary", layout=w.Layout(min_height="44px", width="auto")
        )
        made.add_class(f"kpisim-round-{self.round.name}-run")
        made.on_click(lambda _: self.run())
        return made

    def _taken(self) -> list[w.Widget]:
        """Return a line for each sheet that gives something, with a tick that takes it out again."""
        made: list[w.Widget] = []
        known = sheets()
        for one in self.given():
            tick = w.Checkbox(value=one.name not in self.off, indent=False, description=t("play it"))
            tick.add_class(f"kpisim-taken-{self.round.name}-{one.name}")
            tick.observe(lambda change, name=one.name: self.take(name, play=change["new"]), names="value")
            words = t(
                "Taken from your sheet “{sheet}”: {what}.", sheet=known[one.sheet].title.text(), what=one.says
            )
            side = (
                t("It describes your team, so it is played on both sides.")
                if one.world
                else t("It is one of your decisions; what you set below counts.")
            )
            text = w.HTML(f"◆ {escape(words)} <small>{escape(side)}</small>")
            made.append(
                w.VBox([text, tick], layout=w.Layout(border_left="4px solid #0072B2", padding="4px 10px"))
            )
        return made

    def take(self, name: str, *, play: bool) -> None:
        """Play what a sheet gives, or leave it out; levers follow as long as nobody moved them."""
        if play:
            self.off.discard(name)
        else:
            self.off.add(name)
        self.draw()

    def _guess(self, name: str) -> w.Widget:
        words = {"up": t("↑ up"), "same": t("→ no clear change"), "down": t("↓ down")}
        made = w.ToggleButtons(
            options=[(words[one], one) for one in GUESSES],
            value=self.guesses.get(name),
            style={"button_width": "auto"},
        )
        named_field(made, named(name))
        made.add_class(f"kpisim-guess-{self.round.name}-{name}")
        made.observe(lambda change: self.guesses.update({name: change["new"]}), names="value")
        return w.VBox([_asked(named(name)), made])

    def _lever(self, lever: Lever, starts: Mapping[str, Any]) -> w.Widget:
        value = self.choices.get(lever.path, starts.get(lever.path, lever.shown()))
        made: Any
        if lever.choices:
            if value not in {one.value for one in lever.choices}:
                # A session kept before the choices of this lever changed.
                value = lever.shown()
            options = [(str(one.label.text()), one.value) for one in lever.choices]
            made = w.Dropdown(options=options, value=value, layout=WIDE, style=STYLE)
        elif lever.flag:
            made = w.Checkbox(value=bool(value), indent=False, description=t("yes"))
        else:
            assert lever.low is not None, "ranged"
            made = w.FloatSlider(
                min=lever.low, max=lever.high, step=lever.step, value=value, continuous_update=False, layout=WIDE,
                readout_format=_form(lever), style=STYLE,
            )  # fmt: skip
        if not lever.flag:
            named_field(made, str(lever.label.text()))
        made.add_class(f"kpisim-lever-{lever.path.replace('.', '-')}")
        made.observe(lambda change: self._move(lever.path, change["new"]), names="value")
        mark = "◆ " if lever.path in starts else ""
        return w.VBox([_asked(mark + str(lever.label.text())), made])

    def _settings(self) -> tuple[Any, ...]:
        """Return what would be played now: every lever as it stands, and what of the sheets is left out."""
        starts = self.round.starts(self.used())
        at = (self.choices.get(one.path, starts.get(one.path, one.shown())) for one in self.round.inputs)
        # 12 and 12.0 are one setting, and 0.3 and what a slider makes of three steps of 0.1.
        levers = (round(float(one), 9) if isinstance(one, int | float) else one for one in at)
        return (*levers, tuple(sorted(self.off)))

    def _tell_moved(self) -> None:
        """Say where a lever stands elsewhere than in the result below; on a slow machine its message may come after the click."""
        stale = self.readings and self.part is None and self.played != self._settings()
        said = t("You changed a setting after this run: the result shown is for the old settings. Run again.")
        self.moved.value = status("left", said) if stale else ""
        told = "" if stale or self.part is not None else self._finding()
        beside = t("The result stands at the top right: {finding}", finding=told)
        self.found.value = status("plain", beside) if told else ""

    def _finding(self) -> str:
        """Return what was found in one line: who has pressed the last button has scrolled past the picture that says it."""
        return finding(self.readings) if self.readings else ""

    def _move(self, path: str, value: Any) -> None:
        self.choices[path] = value
        self._last = path
        with self.desk.words():
            self._tell_moved()
        if self.part is None:
            self._ahead()

    def run(self) -> None:
        """Keep prediction and decision, then play, then keep and show the result.

        Playing goes on beside the page; what the first runs say is shown on the way, and only the whole is kept.
        """
        with self.desk.words():
            guesses = self._guessed()
            try:
                used = self.used()
                settings = self._settings()
                # What cannot be played is told before anything is kept.
                scenario = self.round.decided(self.choices, used)
                decision = self._decision(guesses, used)
                self.desk.player.drop(self)
                self.part = self._note = None
                if known(self.round, self.choices, used, replications=self.replications):
                    # The answer is there already: one commit for both, and the old picture stays up until the new one.
                    self._take(
                        play_once(self.round, self.choices, used, replications=self.replications),
                        guesses,
                        settings,
                        scenario,
                    )
                    self.desk.session.keep_together({self.kind("decision"): decision} | self._result())
                else:
                    self.desk.session.keep(self.kind("decision"), decision)
                    self.part = Part(Played((), None), 0, self.replications)
                    self._show_result()
                    self.desk.player.play(
                        self,
                        self._growing(used),
                        lambda part: self._grown(part, guesses, settings, scenario),
                        self._failed,
                    )
                    return
            except UserError as problem:
                self._told(str(problem))
                return
            self._show_result()
            self._ahead()

    def _guessed(self) -> dict[str, str]:
        return {name: guess for name, guess in self.guesses.items() if guess in GUESSES}

    def _decision(self, guesses: Mapping[str, str], used: list[Taken]) -> dict[str, Any]:
        """Return what is kept of a decision."""
        return {
            "choices": dict(self.choices),
            "guesses": dict(guesses),
            "off": sorted(self.off),
            "taken": {one.name: dict(one.sets) for one in used},
        }

    def _take(
        self, found: Played, guesses: Mapping[str, str], settings: tuple[Any, ...], scenario: Scenario
    ) -> None:
        """Take what a whole run of `settings` said."""
        self.readings = judged(found.readings, guesses)
        self.played, self._shown = settings, scenario
        if self.training is not None:
            self.training.take(found.payback)

    def _growing(self, used: list[Taken]) -> Callable[[Callable[[], bool]], Iterator[Part]]:
        choices, held = dict(self.choices), self.desk.player.held
        return lambda stop: growing(
            self.round,
            choices,
            used,
            replications=self.replications,
            workers=self.workers,
            held=held,
            stop=stop,
        )

    def _grown(
        self, part: Part, guesses: Mapping[str, str], settings: tuple[Any, ...], scenario: Scenario
    ) -> None:
        """Show what the runs so far say; keep the result once it is whole."""
        with self.desk.words():
            if not part.whole:
                self.part = part
                self._show_result()
                return
            self.part = None
            self._take(part.found, guesses, settings, scenario)
            if part.failed:
                self._note = Text(
                    "{failed} of {of} runs failed ({error}); the numbers are those of the others",
                    None,
                    failed=part.failed,
                    of=part.of,
                    error=part.error[:200],
                )
            try:
                self.desk.session.keep_together(self._result())
            except UserError as problem:
                self._told(str(problem))
                return
            self._show_result()
            if not part.failed:
                self._ahead()

    def _failed(self, problem: Exception) -> None:
        """Say that a round could not be played, in one line."""
        with self.desk.words():
            self.part = None
            self._told(str(problem) if isinstance(problem, UserError) else in_a_line(problem))

    def _told(self, problem: str) -> None:
        self.said.value = status("bad", problem)

    # --- ahead ---

    def _ahead(self) -> None:
        """Play what may be asked for next, while somebody reads or goes from the lever to the button."""
        if self.ahead:
            self.desk.player.ahead(self._near, self._ahead_failed)

    def _near(self) -> list[Neighbour]:
        from kpisim.show.panels.player import Neighbour  # noqa: PLC0415

        used, near = self.used(), []
        for choices in self.neighbours():
            # What cannot be played is told to whoever asks for it.
            with suppress(UserError):
                if not known(self.round, choices, used, replications=self.replications):
                    scenario = self.round.decided(choices, used)
                    done = self._known_ahead(choices, used)
                    near.append(Neighbour(scenario, self.replications, SEED, done))
        return near

    def neighbours(self) -> list[dict[str, Any]]:
        """Return the decisions that stand there and those one step away; of these the lever moved last comes first."""
        starts = self.round.starts(self.used())
        levers = sorted(self.round.inputs, key=lambda lever: lever.path != self._last)
        return [
            dict(self.choices),
            *(
                {**self.choices, lever.path: value}
                for lever in levers
                for value in lever.beside(self.choices.get(lever.path, starts.get(lever.path, lever.shown())))
            ),
        ]

    def _known_ahead(
        self, choices: dict[str, Any], used: list[Taken]
    ) -> Callable[[Outcomes, Callable[[], bool]], None]:
        def done(held: Outcomes, stop: Callable[[], bool]) -> None:
            # Every run is held, so this only works out the numbers, which are known from then on.
            for _ in growing(
                self.round, choices, used, replications=self.replications, workers=1, held=held, stop=stop
            ):
                pass

        return done

    def _ahead_failed(self, problem: Exception) -> None:
        with self.desk.words():
            self._note = Text(
                "Playing ahead has stopped ({error}); what you run yourself is not affected",
                None,
                error=f"{type(problem).__name__}: {problem}"[:200],
            )
            self._show_result()

    def _result(self) -> dict[str, Any]:
        result: dict[str, Any] = {"readings": [asdict(one) for one in self.readings]}
        if self.training is not None:
            result |= self.training.kept()
        return {self.kind("result"): result}

    def _show_result(self) -> None:
        if self.training is not None:
            self.training.draw(hidden=self.part is not None)
        self.said.value = self._result_html()
        # After the picture, which somebody waits for.
        self._tell_moved()

    def _result_html(self) -> str:
        if self.part is not None:
            return self._part_html(self.part)
        note = status("left", self._note) if self._note else ""
        if not self.readings:
            return note or f'<p class="kpisim-wait">{escape(self._wait())}</p>'
        currency = self._currency
        hits, asked = calibration(self.readings)
        parts = [round_picture(self.readings, currency).html(), note, readings_table(self.readings, currency)]
        if asked:
            said = [t("Predictions right: {hits} of {asked}", hits=hits, asked=asked), self._so_far()]
            stop = "；" if self.desk.lang == "zh" else ". "
            parts.append(f"<p>{escape(stop.join(one for one in said if one))}</p>")
        parts.append(self._aside())
        questions = "".join(f"<li>{escape(str(one.text()))}</li>" for one in self.round.questions)
        parts.append(f'<b style="{HEADING}">{escape(self._talk())}</b><ol>{questions}</ol>')
        parts.append(self._rules())
        return "".join(parts)

    def _wait(self) -> str:
        """Return what stands where the result will be."""
        return t("The result will stand here: predict, decide, then press “3 Run”.")

    def _aside(self) -> str:
        """Return what else the result has to say, above the questions."""
        return ""

    def _talk(self) -> str:
        """Return what stands above the questions to talk about."""
        return t("4 Read and talk about")

    def _part_html(self, part: Part) -> str:
        """Return what is shown while a round is being played: the first runs, as soon as two of each side are there."""
        if not part.found.readings:
            return escape(t("Playing {count} runs of each side …", count=part.of))
        return round_picture(part.found.readings, self._currency, (part.there, part.of)).html()

    def _so_far(self) -> str:
        """Return how often predictions were right over all rounds of the day; nothing after the first round alone.

        The rota's round is none of them: a sum without the predictions above it would look wrong.
        """
        if self.round.name not in rounds():
            return ""
        told = predictions(self.desk)
        if len(told) < TOLD:
            return ""
        hits, asked = sum(one[1] for one in told), sum(one[2] for one in told)
        return t("Over {rounds} rounds: {hits} of {asked}.", rounds=len(told), hits=hits, asked=asked)

    def _rules(self) -> str:
        """Return the rules of what is shown, wherever the levers have been moved since."""
        if self._shown is None:
            # A result of an earlier opening stands beside the levers it was played with.
            self._shown = self.round.decided(self.choices, self.used())
        return rules_html(self._shown, self.round.base(self.used()))


def in_a_line(problem: Exception) -> str:
    """Return an unexpected error as one line with what to do."""
    return t(
        "The round could not be played ({error}); run it again, and if it fails again show this line to the trainer",
        error=" ".join(f"{type(problem).__name__}: {problem}".split())[:200],
    )


def predictions(desk: Desk) -> list[tuple[str, int, int]]:
    """Return title of the round, right predictions and all of them, in the order of the day."""
    found = []
    for name, played in rounds().items():
        result = desk.session.latest(f"round.{name}.result")
        if result:
            hits, asked = calibration([Reading(**row) for row in result["readings"]])
            if asked:
                found.append((str(played.title.text()), hits, asked))
    return found


def rules_html(scenario: Scenario, base: Scenario) -> str:
    """Return which rules did this, each with its class: those that the decisions go straight into, then the others in force.

    Parameters
    ----------
    scenario, base
        What was played with the decisions and without.
    """
    changed, known = scenario.differs_from(base), rules(scenario)
    straight = [rule for rule in known if rule.is_moved(changed)]
    others = [rule for rule in known if rule not in straight]
    if straight:
        told = _rule_list(straight, t("Your decisions go straight into these:"))
        told += _rule_list(others, t("At work as well, whatever is decided:"))
    else:
        told = _rule_list(others, "")
    summary = escape(t("Which rules did this? A model with assumptions, not your firm"))
    return f"<details><summary>{summary}</summary>{told}</details>"


def _rule_list(some: list[Rule], heading: str) -> str:
    marks = {"exact": "●", "published": "◆", "assumption": "△"}
    lines = "".join(
        f"<li>{marks[rule.rule]} {escape(t(rule.rule))}{t(': ')}{escape(str(Text(rule.en, rule.zh)))}</li>"
        for rule in some
    )
    head = f"<p><b>{escape(heading)}</b></p>" if heading else ""
    return f"{head}<ul>{lines}</ul>"


def _asked(text: str) -> w.HTML:
    return w.HTML(f'<label style="{LABEL}">{escape(text)}</label>')


def _form(lever: Lever) -> str:
    """Return how a slider writes its value."""
    return ".0%" if lever.percent else f".{lever.decimals}f"


__all__ = ["GUESSES", "RoundPanel", "predictions", "rules_html"]
