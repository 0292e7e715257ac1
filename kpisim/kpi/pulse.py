"""Anonymous pulses: what a team answers, wave by wave, and whether what was promised has been measured again.

No column that could lead to a person is read, and a wave of fewer than five answers shows nothing, not even how many.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import TYPE_CHECKING, Any, Literal

from kpisim.kpi.goals.files import read_entries, words_of
from kpisim.kpi.interval import wilson
from kpisim.kpi.measures import FEW
from kpisim.kpi.shown import show, show_change
from kpisim.kpi.window import as_date
from kpisim.text import Text, UserError, did_you_mean, t
from kpisim.text.cells import align

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pandas as pd

CUSTOMERS = "csat"
_PAUSE = timedelta(days=3)
"""Answers further apart than this belong to two waves."""
_EARLY = timedelta(days=7)
"""A wave this much before the day of measuring again counts as measuring again."""
LOOP_FIELDS = ("question", "theme", "action", "owner", "set_on", "measure_on")
QUESTIONS: dict[str, Text] = {
    "pulse": Text("stress pulse", "压力脉搏"),
    "culture": Text("culture pulse", "文化脉搏"),
    "employee": Text("employee satisfaction", "员工满意度"),
    "goal_clarity": Text("goal clarity", "目标清晰"),
    "cooperation": Text("cooperation", "协作"),
    "speaking_up": Text("speaking up", "敢说真话"),
    "recognition": Text("recognition", "认可"),
    "learning": Text("learning", "学习"),
    "customer_first": Text("customer first", "客户第一"),
}
State = Literal["done", "due", "overdue"]


@dataclass(frozen=True, slots=True)
class Wave:
    """One time a question was asked.

    Attributes
    ----------
    question
        Which.
    first, last
        Days of the first and last answer.
    n, favourable, mean
        Valid answers, share of 4 and 5, mean; None where fewer than five answered.
    """

    question: str
    first: date
    last: date
    n: int | None
    favourable: float | None
    mean: float | None


@dataclass(frozen=True, slots=True)
class Shift:
    """The change from one wave to a later one, both with five answers or more."""

    before: Wave
    now: Wave

    @property
    def points(self) -> float:
        """Difference of the favourable shares."""
        return (self.now.favourable or 0.0) - (self.before.favourable or 0.0)

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the difference (Newcombe: from the Wilson intervals of both).

        As if two groups had answered: without names nobody knows who answered twice, which makes it wider and not narrower.
        """
        (low_a, high_a), (low_b, high_b) = (_edges(wave) for wave in (self.before, self.now))
        a, b = self.before.favourable or 0.0, self.now.favourable or 0.0
        return (
            b - a - sqrt((b - low_b) ** 2 + (high_a - a) ** 2),
            b - a + sqrt((high_b - b) ** 2 + (a - low_a) ** 2),
        )


@dataclass(frozen=True, slots=True)
class Promise:
    """One line of the feedback loop: what was heard, what is done about it, and when it is asked again."""

    question: str
    theme: str
    action: str
    owner: str
    set_on: date
    measure_on: date


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a promise: measured again, still to come, or overdue (amber)."""

    promise: Promise
    state: State
    shift: Shift | None


def waves(answers: pd.DataFrame, on: date | None = None) -> list[Wave]:
    """Return the waves of every question that is not put to customers, the oldest first.

    Parameters
    ----------
    answers
        Survey table; only ``question``, ``answered`` and ``score`` are read.
    on
        Leave out later answers.
    """
    import pandas as pd  # noqa: PLC0415

    frame = answers[["question", "answered", "score"]].dropna()
    frame = frame[frame["question"] != CUSTOMERS]
    if on is not None:
        frame = frame[frame["answered"] < pd.Timestamp(on) + pd.Timedelta(days=1)]
    made = []
    for question, rows in frame.sort_values("answered").groupby("question", observed=True):
        day = rows["answered"].dt.normalize()
        number = (day.diff() > pd.Timedelta(_PAUSE)).cumsum()
        for _, some in rows.groupby(number):
            made.append(_wave(str(question), some))
    return made


def _wave(question: str, rows: pd.DataFrame) -> Wave:
    first, last = rows["answered"].min().date(), rows["answered"].max().date()
    scores = rows["score"].astype("float64")
    if len(scores) < FEW:
        return Wave(question, first, last, None, None, None)
    return Wave(question, first, last, len(scores), float((scores >= 4).mean()), float(scores.mean()))


def _edges(wave: Wave) -> tuple[float, float]:
    n = wave.n or 1
    return wilson((wave.favourable or 0.0) * n, n)


def shifts(found: Iterable[Wave]) -> list[Shift]:
    """Return for each question the change between its last two waves that may be shown."""
    known: dict[str, list[Wave]] = {}
    for wave in found:
        if wave.n is not None:
            known.setdefault(wave.question, []).append(wave)
    return [Shift(*waves[-2:]) for waves in known.values() if len(waves) > 1]


def keep(promises: Iterable[Promise], found: Sequence[Wave], on: date) -> list[Kept]:
    """Return what became of each promise by `on`."""
    made = []
    for one in promises:
        mine = [wave for wave in found if wave.question == one.question and wave.n is not None]
        after = [
            wave
            for wave in mine
            if wave.last > one.set_on and wave.last >= one.measure_on - _EARLY and wave.last <= on
        ]
        before = [wave for wave in mine if wave.last <= one.set_on]
        if after:
            made.append(Kept(one, "done", Shift(before[-1], after[0]) if before else None))
        else:
            made.append(Kept(one, "overdue" if on > one.measure_on else "due", None))
    return made


def read_loop(path: str | Path) -> list[Promise]:
    """Return the feedback loop of a YAML or JSON file: question, theme, action, owner, set_on, measure_on.

    Raises
    ------
    UserError
        A file that cannot be read, a field that is missing, or a day to measure again that is not after the day of the promise.
    """
    return [_promise(item, place) for place, item in read_entries(path)]


def _promise(item: Any, place: str) -> Promise:
    cells = words_of(item, place, LOOP_FIELDS, LOOP_FIELDS)
    set_on, measure_on = (as_date(cells[name], f"{place}: {name}") for name in ("set_on", "measure_on"))
    if measure_on <= set_on:
        raise UserError(
            "{place}: measure_on {day} is not after set_on {start}; give a later day",
            place=place,
            day=measure_on,
            start=set_on,
        )
    return Promise(cells["question"], cells["theme"], cells["action"], cells["owner"], set_on, measure_on)


def answers_of(answers: pd.DataFrame, question: str | None = None) -> pd.DataFrame:
    """Return the team's answers among all, without customers'; with `question`, to that one.

    Parameters
    ----------
    answers
        Survey table, or a file of answers.
    question
        Only this one.

    Raises
    ------
    UserError
        No answers of the team, or none to this question.
    """
    frame = answers[answers["question"] != CUSTOMERS]
    names = sorted({str(name) for name in frame["question"].dropna()})
    if not names:
        raise UserError(
            "no pulse here; the survey table needs rows whose question is not {name}", name=CUSTOMERS
        )
    if question is None:
        return frame
    if question not in names:
        raise UserError(
            "{name}: no such question; {remedy}", name=question, remedy=did_you_mean(question, names)
        )
    return frame[frame["question"] == question]


def question_title(name: str) -> str:
    """Return what a question is called; one of the firm's own as it stands."""
    return str(QUESTIONS[name]) if name in QUESTIONS else name


def pulse_lines(found: Sequence[Wave], most: int = 6) -> list[str]:
    """Return the last waves of each question as text, and the change between the last two."""
    rows = [[t("question"), t("asked"), t("n"), t("4 or 5"), t("mean")]]
    for question in dict.fromkeys(wave.question for wave in found):
        for wave in [one for one in found if one.question == question][-most:]:
            days = str(wave.first) if wave.first == wave.last else f"{wave.first} – {wave.last}"
            if wave.n is None or wave.favourable is None:
                rows.append(
                    [question_title(question), days, t("under {few}", few=FEW), t("hidden"), t("hidden")]
                )
            else:
                rows.append(
                    [
                        question_title(question),
                        days,
                        str(wave.n),
                        show(wave.favourable, "share"),
                        f"{wave.mean:.2f}",
                    ]
                )
    lines = [*align(rows, [False, False, True, True, True]), ""]
    lines += [shift_text(one) for one in shifts(found)]
    return [*lines, t("Fewer than {few} answers show nothing; who answered what is read nowhere.", few=FEW)]


def shift_text(one: Shift) -> str:
    """Return a change in words, with n of both waves and whether it stands out from chance."""
    low, high = one.interval
    return t(
        "{question}: {points} from n = {before} to n = {now} (95%: {low} to {high}){verdict}",
        question=question_title(one.now.question),
        points=show_change(one.points, "share"),
        before=one.before.n,
        now=one.now.n,
        low=show_change(low, "share"),
        high=show_change(high, "share"),
        verdict=t(", in the noise") if low <= 0 <= high else "",
    )


def loop_lines(kept: Sequence[Kept]) -> list[str]:
    """Return the feedback loop as text: amber where measuring again is overdue."""
    rows = [[t("theme"), t("action"), t("owner"), t("measure again"), t("state")]]
    rows += [
        [
            one.promise.theme,
            one.promise.action,
            one.promise.owner,
            str(one.promise.measure_on),
            state_text(one),
        ]
        for one in kept
    ]
    return align(rows, [False] * 5)


def state_text(one: Kept) -> str:
    """Return the state as shape and word."""
    if one.state == "overdue":
        return t("▲ amber: overdue")
    if one.state == "due":
        return t("○ to come")
    moved = "" if one.shift is None else show_change(one.shift.points, "share")
    return t("● measured again {change}", change=moved).strip()


__all__ = [
    "Kept", "Promise", "Shift", "Wave", "answers_of", "keep", "loop_lines", "pulse_lines", "question_title", "read_loop",
    "shift_text", "shifts", "state_text", "waves",
]  # fmt: skip
