"""Under a round with a training lever: output now and later from the runs of the round, and two years on a click."""

from __future__ import annotations

from dataclasses import asdict
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from kpisim.course.rounds import TRAINING
from kpisim.experiment.break_even import WEEKS, BreakEven, break_even, break_even_lines
from kpisim.experiment.payback import Payback
from kpisim.show.panels.desk import runs
from kpisim.show.panels.form import WIDE
from kpisim.show.panels.talk import BUTTON
from kpisim.show.training import training_html
from kpisim.text import UserError, t

if TYPE_CHECKING:
    from kpisim.show.panels.play import RoundPanel

RUNS = 10
"""Runs of each side over two years: about half a minute to a minute on a laptop, so only on a click."""


class TrainingLook:
    """What the last run of a round says about training.

    Attributes
    ----------
    payback
        Now and later in the round; None before a run, or where nobody changed training.
    ahead
        Two years of training alone; None before somebody asked.
    box
        The widget to show.
    """

    def __init__(self, panel: RoundPanel) -> None:
        self.panel = panel
        self.payback: Payback | None = None
        self.ahead: BreakEven | None = None
        self.button, self.told, self.said = w.Button(), w.HTML(), w.HTML()
        self.box = w.VBox(layout=WIDE)
        self.box.add_class(f"kpisim-training-{panel.round.name}")
        kept = panel.desk.session.latest(panel.kind("result")) or {}
        if kept.get("payback"):
            self.payback = Payback.read(kept["payback"])
        seen = panel.desk.session.latest(self.kind)
        if seen and self.payback is not None and seen["asked"] == self.payback.hours:
            self.ahead = BreakEven(**seen["ahead"])

    @property
    def kind(self) -> str:
        """Name that two years are kept under."""
        return self.panel.kind("ahead")

    def take(self, found: Payback | None) -> None:
        """Take what a run said; two years of another setting go."""
        if found is None or self.payback is None or found.hours != self.payback.hours:
            self.ahead = None
        self.payback = found

    def kept(self) -> dict[str, Any] | None:
        """Return what is kept with the result of the round."""
        return None if self.payback is None else asdict(self.payback)

    def draw(self, *, hidden: bool = False) -> None:
        """Write everything in the current language; nothing while a new run is under way."""
        if self.payback is None or hidden:
            self.box.children = []
            return
        currency = self.panel.round.base().currency
        self.told.value = training_html(self.payback, currency)
        self.button = w.Button(
            description=t("Look two years ahead, training alone"), layout=w.Layout(**BUTTON)
        )
        self.button.add_class(f"kpisim-training-{self.panel.round.name}-ahead")
        self.button.on_click(lambda _: self.look_ahead())
        self._tell()
        self.box.children = [self.told, self.button, self.said]

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
                    panel.round.base(panel.used()),
                    self.payback.hours,
                    count,
                    weeks=WEEKS,
                    workers=panel.workers,
                )
                panel.desk.session.keep(self.kind, {"asked": self.payback.hours, "ahead": asdict(self.ahead)})
            except UserError as problem:
                self.said.value = f'<div role="status" style="color:#B3261E">■ {escape(str(problem))}</div>'
                return
            self._tell()

    def _tell(self) -> None:
        if self.ahead is None:
            self.said.value = ""
            return
        lines = "".join(f"<li>{escape(line)}</li>" for line in break_even_lines(self.ahead))
        self.said.value = f"<ul>{lines}</ul>"


def training_look(panel: RoundPanel) -> TrainingLook | None:
    """Return the look at training of a round; None where the round has no such lever."""
    return TrainingLook(panel) if any(lever.path == TRAINING for lever in panel.round.inputs) else None


__all__ = ["RUNS", "TrainingLook", "training_look"]
