"""A round that stops half-way: predict, decide, read the board of the first quarter, adjust, and see how it ends."""

from __future__ import annotations

import json
from dataclasses import asdict
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from kpisim.course import sheets
from kpisim.course.halfway import SHEET, BoardLine, halfway_board
from kpisim.course.rounds import SEED, Reading, read_numbers
from kpisim.experiment.growing import compare_growing
from kpisim.show.halfway import adjustment_html, finding, halfway_html
from kpisim.show.panels.form import HEADING
from kpisim.show.panels.play import RoundPanel, in_a_line
from kpisim.show.panels.status import status
from kpisim.text import UserError, t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kpisim.course.rounds import Part, Round
    from kpisim.course.thread import Taken
    from kpisim.scenario import Scenario
    from kpisim.show.panels.desk import Desk


class HalfwayPanel(RoundPanel):
    """A round with a board half-way.

    Its first button plays up to the day of the board and shows that alone; what is decided then counts from that day on, and
    its second button plays the whole.  The prediction is made once, before anything is played.

    Attributes
    ----------
    lines
        The board; empty before the first part was played.
    adjustment
        What the adjustment did by itself; None before that is known.
    """

    def __init__(self, desk: Desk, played: Round, **more: Any) -> None:
        self.lines: list[BoardLine] = []
        self.adjustment: list[Reading] | None = None
        self._under_way = False
        self._alone_says = ""
        first = desk.session.latest(f"round.{played.name}.first")
        board = desk.session.latest(f"round.{played.name}.board")
        if first is not None and board is not None and board["choices"] == first["choices"]:
            self.lines = [BoardLine(**line) for line in board["lines"]]
            played = played.adjusted(first["choices"])
        decision = desk.session.latest(f"round.{played.name}.decision")
        alone = desk.session.latest(f"round.{played.name}.adjustment")
        if decision is not None and alone is not None and alone["decision"] == _both(decision):
            self.adjustment = [Reading(**row) for row in alone["readings"]]
        super().__init__(desk, played, **more)
        if first is not None and (decision is None or decision.get("first") != first["choices"]):
            # Killed between the two parts: the levers stand where they stood, and an older result is of something else.
            self.choices, self.guesses = dict(first["choices"]), dict(first["guesses"])
            self.off = set(first["off"])
            self.readings = []
            self.played = self._settings()
            self.draw()

    # --- what there is to do ---

    def _steps(self) -> list[w.Widget]:
        if not self.lines:
            return [
                *self._taken(),
                *self._predict(),
                *self._decide(t("2 Decide")),
                self._button(t("3 Play the first quarter")),
            ]
        again = w.Button(
            description=t("Decide the first quarter anew"), layout=w.Layout(min_height="44px", width="auto")
        )
        again.add_class(f"kpisim-round-{self.round.name}-again")
        again.on_click(lambda _: self.begin_again())
        told = w.HTML(f"<p>{escape(t('Your prediction stands; it is held against both quarters.'))}</p>")
        return [
            *self._later(),
            *self._decide(t("4 Adjust: from the second quarter on")),
            told,
            self._button(t("5 Play the second quarter")),
            again,
        ]

    def _later(self) -> list[w.Widget]:
        """Say which sheets were saved since the board was played: it does not show them, the whole plays them."""
        first = self.desk.session.latest(self.kind("first")) or {}
        before, levers = first.get("taken", {}), {one.path for one in self.round.inputs}

        def played(sets: Mapping[str, Any]) -> dict[str, Any]:
            # Levers stand where they stood.  As it lies on disk, where a tuple is a list.
            kept = {path: value for path, value in sets.items() if path not in levers}
            return dict(json.loads(json.dumps(kept)))

        moved = [one for one in self.used() if played(one.sets) != played(before.get(one.name, {}))]
        if not moved:
            return []
        known = sheets()
        said = t(
            "Saved after the board was played: {sheets}. The board does not show it, the two quarters will. To have both alike, decide the first quarter anew.",
            sheets=t(", ").join(t("“{sheet}”", sheet=known[one.sheet].title.text()) for one in moved),
        )
        return [w.HTML(status("left", said))]

    def begin_again(self) -> None:
        """Go back to the beginning; levers and predictions stay where they are, and what was kept stays kept."""
        self.desk.player.drop(self)
        self.part, self._note = None, None
        self.lines, self.readings, self.adjustment, self._alone_says = [], [], None, ""
        self.round = self.round.begun
        self._shown = None
        if self.training is not None:
            self.training.take(None)
        self.draw()

    # --- playing ---

    def run(self) -> None:
        """Play the first part and show its board, or the whole once that is there."""
        self.adjustment, self._alone_says = None, ""
        if self.lines:
            super().run()
            if self.part is None and self.readings and self._shown is not None:
                self._alone(self._shown)
            return
        with self.desk.words():
            try:
                used = self.used()
                # Every lever, also one that nobody touched: a sheet saved later moves none of them any more.
                starts = self.round.starts(used)
                at = {one.path: starts.get(one.path, one.shown()) for one in self.round.inputs} | self.choices
                self.round.decided(at, used)
                self.choices = at
                first = self._decision(self._guessed(), used)
                self.desk.player.drop(self)
                self.desk.session.keep(self.kind("first"), first)
            except UserError as problem:
                self._told(str(problem))
                return
            self.readings, self._under_way = [], True
            self._show_result()
            self.desk.player.play(self, lambda _: iter([self._board(at, used)]), self._arrived, self._failed)

    def _board(self, choices: Mapping[str, Any], used: list[Taken]) -> tuple[dict[str, Any], list[BoardLine]]:
        lines = halfway_board(self.round, choices, used, replications=self.replications, workers=self.workers)
        return dict(choices), lines

    def _arrived(self, found: tuple[dict[str, Any], list[BoardLine]]) -> None:
        """Keep the board and show it."""
        choices, lines = found
        self._under_way = False
        with self.desk.words():
            kept = [asdict(line) for line in lines]
            try:
                self.desk.session.keep(self.kind("board"), {"choices": choices, "lines": kept})
            except UserError as problem:
                self._told(str(problem))
                return
            self.lines = lines
            self.round = self.round.adjusted(choices)
            self.played = self._settings()
            self.draw()
            self.desk.tell(SHEET)
            self._ahead()

    def _failed(self, problem: Exception) -> None:
        self._under_way = False
        super()._failed(problem)

    def _grown(
        self, part: Part, guesses: Mapping[str, str], settings: tuple[Any, ...], scenario: Scenario
    ) -> None:
        super()._grown(part, guesses, settings, scenario)
        if part.whole and not part.failed:
            self._alone(scenario)

    def _alone(self, adjusted: Scenario) -> None:
        """Play on as it was decided first, on the same luck, and show what the adjustment did by itself."""
        assert self.round.first is not None, "after the board"
        before = self.round.begun.decided(self.round.first, self.used())
        kept = _both({"first": self.round.first, "choices": self.choices})
        if before.digest() == adjusted.digest():
            self._found_alone(kept, [])
            return
        with self.desk.words():
            self._alone_says = t("What your adjustment did by itself is still being played …")
        watch, held, count, workers = self.round.watch, self.desk.player.held, self.replications, self.workers

        def compared(stop: Callable[[], bool]) -> Iterator[list[Reading]]:
            for versus in compare_growing(
                before, adjusted, count, SEED, workers=workers, held=held, stop=stop
            ):
                if versus.b.replications == count:
                    yield read_numbers(watch, versus)

        self.desk.player.play(
            self, compared, lambda found: self._found_alone(kept, found), self._alone_failed
        )
        self._show_alone()

    def _alone_failed(self, problem: Exception) -> None:
        # The result stands; only this is missing.
        with self.desk.words():
            self._alone_says = str(problem) if isinstance(problem, UserError) else in_a_line(problem)
        self._show_alone()

    def _show_alone(self) -> None:
        if self.adjustment is None:
            with self.desk.words():
                self._show_result()

    def _found_alone(self, kept: dict[str, Any], found: list[Reading]) -> None:
        with self.desk.words():
            self.adjustment, self._alone_says = found, ""
            try:
                self.desk.session.keep(
                    self.kind("adjustment"), {"decision": kept, "readings": [asdict(one) for one in found]}
                )
            except UserError as problem:
                self._told(str(problem))
                return
            self._show_result()
            self._ahead()

    def _ahead(self) -> None:
        # Before the board there is nothing to play ahead: the whole depends on what is decided after it.
        if self.lines:
            super()._ahead()

    def _decision(self, guesses: Mapping[str, str], used: list[Taken]) -> dict[str, Any]:
        found = super()._decision(guesses, used)
        return found if self.round.first is None else found | {"first": dict(self.round.first)}

    # --- what is shown ---

    def _finding(self) -> str:
        if not self.lines or self.readings:
            return super()._finding()
        assert self.round.halfway is not None, "a board"
        return finding(self.lines, self.round.halfway)

    def _wait(self) -> str:
        if self._under_way:
            return t("Playing {count} first quarters …", count=self.replications)
        if self.lines:
            return t("How the two quarters end will stand here: read the board, adjust, then press button 5.")
        return t("The board of the first quarter will stand here: predict, decide, then press button 3.")

    def _aside(self) -> str:
        if not self.lines:
            return ""
        if self.adjustment is None:
            return status("plain", self._alone_says)
        return adjustment_html(self.adjustment, self._currency)

    def _talk(self) -> str:
        return t("6 Read and talk about")

    def _show_result(self) -> None:
        super()._show_result()
        if self.lines:
            self.said.value = self._lines_html() + self.said.value

    def _lines_html(self) -> str:
        assert self.round.halfway is not None, "a round with a board"
        board = halfway_html(self.lines, self.round.halfway, self._currency)
        if not self.readings:
            return f'{board}<b style="{HEADING}">{escape(t("Which light asks for something, and which may be luck?"))}</b>'
        # Once there is a result it comes first; the board can be opened above it.
        return f"<details><summary>{escape(t('The board half-way'))}</summary>{board}</details>"


def _both(decision: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was decided before the board and after it."""
    return {"first": dict(decision.get("first") or {}), "choices": dict(decision["choices"])}


__all__ = ["HalfwayPanel"]
