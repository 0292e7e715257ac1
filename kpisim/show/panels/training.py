"""Under a round with a training lever: output now and later from the runs of the round, and two years on a click."""

from __future__ import annotations

from dataclasses import asdict
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from kpisim.course.rounds import TRAINING, play_once
from kpisim.experiment.break_even import WEEKS, BreakEven, break_even
from kpisim.experiment.payback import Payback
from kpisim.show.panels.desk import runs
from kpisim.show.panels.form import WIDE
from kpisim.show.panels.status import status
from kpisim.show.panels.talk import BUTTON
from kpisim.show.training import training_html, two_years_lines
from kpisim.text import UserError, t

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.course.thread import Taken
    from kpisim.show.panels.play import RoundPanel

RUNS = 10
"""Runs of each side over two years: about half a minute to a minute on a laptop, so only on a click."""


class TrainingLook:
    """What the last run of a round says about training.

    Attributes
    ----------
    payback
        Now and later in the round; None before a run, or where nobody changed training.
    alone
        The same with everything else as the round begins; None before somebody asked.
    ahead
        Two years of training alone; None before somebody asked.
    box
        The widget to show.
    """

    def __init__(self, panel: RoundPanel) -> None:
        self.panel = panel
        self.payback: Payback | None = None
        self.alone: Payback | None = None
        self.ahead: BreakEven | None = None
        self.told, self.apart, self.said = w.HTML(), w.HTML(), w.HTML()
        self.box = w.VBox(layout=WIDE)
        self.box.add_class(f"kpisim-training-{panel.round.name}")
        kept = panel.desk.session.latest(panel.kind("result")) or {}
        if kept.get("payback"):
            self.payback = Payback.read(kept["payback"])
            self.alone = Payback.read(kept["alone"]) if kept.get("alone") else None
        seen = panel.desk.session.latest(self.kind)
        if seen and self.payback is not None and seen["asked"] == self.payback.hours:
            self.ahead = BreakEven(**seen["ahead"])

    @property
    def kind(self) -> str:
        """Name that two years are kept under."""
        return self.panel.kind("ahead")

    def take(self, found: Payback | None) -> None:
        """Take what a run said; what was played of another setting goes."""
        if found is None or self.payback is None or found.hours != self.payback.hours:
            self.alone = self.ahead = None
        self.payback = found

    def kept(self) -> dict[str, Any]:
        """Return what is kept with the result of the round."""
        found = {"payback": self.payback, "alone": self.alone}
        return {name: one and asdict(one) for name, one in found.items()}

    def draw(self, *, hidden: bool = False) -> None:
        """Write everything in the current language; nothing while a new run is under way."""
        if self.payback is None or hidden:
            self.box.children = []
            return
        self.told.value = training_html(self.payback, self.panel.round.base().currency)
        self._tell()
        two_years = self._button("ahead", t("Look two years ahead (training alone)"), self.look_ahead)
        if self.payback.alone:
            self.box.children = [self.told, two_years, self.said]
            return
        apart = self._button("alone", t("Play this round with training alone"), self.look_alone)
        self.box.children = [self.told, apart, self.apart, two_years, self.said]

    def look_alone(self) -> None:
        """Play the round with training as it was set and everything else as the round begins."""
        panel = self.panel
        hours = self.payback and self.payback.hours
        with panel.desk.words():
            try:
                self.apart.value = escape(t("Playing {count} runs of each side …", count=panel.replications))
                self.alone = play_once(
                    panel.round.begun, {TRAINING: hours}, self._world(), replications=panel.replications, workers=panel.workers,
                ).payback  # fmt: skip
                kept = dict(panel.desk.session.latest(panel.kind("result")) or {})
                panel.desk.session.keep(
                    panel.kind("result"), kept | {"alone": self.alone and asdict(self.alone)}
                )
            except UserError as problem:
                self.apart.value = _problem(problem)
                return
            self._tell()

    def look_ahead(self) -> None:
        """Play two years with this training and with the training of before, everything else as the round begins."""
        if self.payback is None:
            return
        panel = self.panel
        with panel.desk.words():
            count = runs(RUNS)
            self.said.value = escape(
                t("Playing {weeks} weeks, {count} runs of each side: a minute or two …", weeks=WEEKS, count=count)
            )  # fmt: skip
            try:
                self.ahead = break_even(
                    panel.round.base(self._world()), self.payback.hours, count, weeks=WEEKS, workers=panel.workers
                )  # fmt: skip
                panel.desk.session.keep(self.kind, {"asked": self.payback.hours, "ahead": asdict(self.ahead)})
            except UserError as problem:
                self.said.value = _problem(problem)
                return
            self._tell()

    def _world(self) -> list[Taken]:
        """Return what the sheets say about the team as it is; decisions on them are left out."""
        return [one for one in self.panel.used() if one.world]

    def _button(self, name: str, text: str, act: Callable[[], None]) -> w.Button:
        made = w.Button(description=text, layout=w.Layout(**BUTTON))
        made.add_class(f"kpisim-training-{self.panel.round.name}-{name}")
        made.on_click(lambda _: act())
        return made

    def _tell(self) -> None:
        currency = self.panel.round.base().currency
        self.apart.value = "" if self.alone is None else training_html(self.alone, currency)
        if self.ahead is None or self.payback is None:
            self.said.value = ""
            return
        said = two_years_lines(self.ahead, raised=self.payback.raised, currency=currency)
        lines = "".join(f"<li>{escape(line)}</li>" for line in said)
        self.said.value = f"<ul>{lines}</ul>"


def _problem(problem: UserError) -> str:
    return status("bad", problem)


def training_look(panel: RoundPanel) -> TrainingLook | None:
    """Return the look at training of a round; None where the round has no such lever."""
    return TrainingLook(panel) if any(lever.path == TRAINING for lever in panel.round.inputs) else None


__all__ = ["RUNS", "TrainingLook", "training_look"]
