"""The day as data: agenda, pages, cases, role plays, quizzes, notes; zh and en side by side."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from kpisim.kpi.library.definition import Words  # noqa: TC001  (pydantic reads the annotations)
from kpisim.scenario.fields import Section, broken
from kpisim.sheets.declared import Sheet  # noqa: TC001  (pydantic reads the annotations)

Tool = Literal["calm", "wall", "inbasket", "kpi_quadrants", "loop", "own_data", "pulse", "quadrants", "week"]
Mode = Literal["CE", "PM", "V", "RP", "QA", "GD", "CM"]
Module = Literal["start", "culture", "communication", "goals", "pressure", "action_plan"]
MODULES: tuple[Module, ...] = ("start", "culture", "communication", "goals", "pressure", "action_plan")
MODES: dict[Mode, tuple[str, str]] = {
    "CE": ("case experience", "案例体验"),
    "PM": ("practical method", "实战方法"),
    "V": ("video viewing", "录像观赏"),
    "RP": ("role play", "角色扮演"),
    "QA": ("questions and answers", "提问互动"),
    "GD": ("group discussion", "分组讨论"),
    "CM": ("trainer's commentary", "精彩点评"),
}


class Paragraphs(Section):
    """A text of several paragraphs in both languages (Markdown without links, images and HTML)."""

    en: str = Field(min_length=1, max_length=6000)
    zh: str = Field(min_length=1, max_length=6000)


class Question(Section):
    """A quiz question with one right answer, and what to look at next for each wrong one."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    text: Words
    answers: tuple[Words, ...] = Field(min_length=2, max_length=5)
    right: int = Field(ge=0, le=4)
    hints: tuple[Words, ...] = Field(min_length=1, max_length=5)
    why: Words


class Case(Section):
    """A case card: story, questions, and a key that only the trainer sees."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Words
    label: Words
    story: Paragraphs
    facts: tuple[Words, ...] = Field(default=(), max_length=10)
    questions: tuple[Words, ...] = Field(min_length=2, max_length=6)
    key: Paragraphs


class Turn(Section):
    """One step of a dialogue: what the other side says, what one may answer, and where that leads."""

    name: str
    says: Words
    answers: tuple[Answer, ...] = Field(default=(), max_length=4)


class Answer(Section):
    """What one may say, what it does, and the turn it leads to; without `to` the talk ends."""

    text: Words
    effect: Words
    points: int = Field(0, ge=-2, le=2)
    to: str | None = None


class RolePlay(Section):
    """A scene with a private card for each side, an observer's rubric, and a dialogue for one who practises alone."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Words
    scene: Paragraphs
    card_a: Paragraphs
    card_b: Paragraphs
    rubric: tuple[Words, ...] = Field(min_length=4, max_length=8)
    dialogue: tuple[Turn, ...] = Field(min_length=3, max_length=20)

    @model_validator(mode="after")
    def _every_answer_leads_somewhere(self) -> Self:
        names = {turn.name for turn in self.dialogue}
        for turn in self.dialogue:
            for answer in turn.answers:
                if answer.to is not None and answer.to not in names:
                    raise broken(
                        "dialogue", "an answer leads to a turn that is not there; name one of the turns"
                    )
        return self


class Step(Section):
    """One line of the run of show.

    Attributes
    ----------
    name, title
        Name in code, title on screen.
    start, minutes
        Clock time ``HH:MM`` and length.
    modes
        Teaching modes.
    text
        What participants read.
    notes
        What the trainer says and does, and what to do when it goes wrong.
    sheets
        Names of the sheets filled in, in order.
    round
        Round of the simulation that is played here, if any.
    tools
        Panels made for the hand, above the sheets.
    optional
        Whether it may be cut when late.
    interactive
        Whether participants do something.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Words
    start: str = Field(pattern=r"^\d\d:\d\d$")
    minutes: int = Field(ge=1, le=120)
    modes: tuple[Mode, ...] = ()
    text: Paragraphs
    notes: Paragraphs
    sheets: tuple[str, ...] = ()
    case: str | None = None
    roleplays: tuple[str, ...] = ()
    quiz: tuple[str, ...] = ()
    round: str | None = None
    tools: tuple[Tool, ...] = ()
    optional: bool = False
    interactive: bool = True


class Lesson(Section):
    """One module: its aim, its steps, and everything they use."""

    name: Module
    title: Words
    aim: Words
    minutes: int = Field(ge=0, le=240)
    steps: tuple[Step, ...] = Field(min_length=1)
    sheets: tuple[Sheet, ...] = ()
    cases: tuple[Case, ...] = ()
    roleplays: tuple[RolePlay, ...] = ()
    questions: tuple[Question, ...] = ()

    @model_validator(mode="after")
    def _everything_named_is_there(self) -> Self:
        there = {
            "case": {case.name for case in self.cases},
            "roleplays": {play.name for play in self.roleplays},
            "quiz": {question.name for question in self.questions},
        }
        for step in self.steps:
            used = {"case": [step.case] if step.case else [], "roleplays": step.roleplays, "quiz": step.quiz}
            for kind, names in used.items():
                if not set(names) <= there[kind]:
                    raise broken(
                        "steps", "a step uses a case, role play or question that this module does not have"
                    )
        if sum(step.minutes for step in self.steps) != self.minutes:
            raise broken("minutes", "the minutes of the steps do not add up to the minutes of the module")
        return self


Turn.model_rebuild()

__all__ = [
    "MODES",
    "MODULES",
    "Answer",
    "Case",
    "Lesson",
    "Mode",
    "Module",
    "Paragraphs",
    "Question",
    "RolePlay",
    "Step",
    "Turn",
]
