"""Judge an answer: one sentence that says what is right and what to look at next, never the answer.

Whatever is handed in gets a sentence; nothing here raises because of an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kpisim.kpi.goals import Goal
from kpisim.kpi.goals import check as smart
from kpisim.sheets import Sheet, check, tidy
from kpisim.sheets.check import MOST_SENTENCES, sentences
from kpisim.sheets.typed import typed_number
from kpisim.text import Text, UserError, current_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date

    from kpisim.course.practice.declared import Choose, Exercise, Number, Sort, WhatIf, Write
    from kpisim.course.rounds import Reading
    from kpisim.experiment.growing import Outcomes
    from kpisim.kpi.library.definition import Words
    from kpisim.scenario import Scenario

DIRECTIONS = ("up", "same", "down")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said about an answer.

    Attributes
    ----------
    right
        Whether it passes.
    text
        The sentence, in the reader's language when shown.
    wrong
        Whether it was a wrong try; an empty or unreadable answer is none, so no hint is used up.
    """

    right: bool
    text: Text
    wrong: bool = False


def judge(asked: Exercise, answer: Any, tries: int = 0, today: date | None = None) -> Verdict:
    """Judge an answer.

    Parameters
    ----------
    asked
        The exercise.
    answer
        Name of an option; item -> group; a number or a text with one; ``up``, ``same`` or ``down``; or a text (for
        both languages: ``{"en": …, "zh": …}``).
    tries
        Wrong tries so far: the first hint fits the mistake, later ones are stronger.
    today
        Day that dates are read from; by default today.
    """
    if answer is None or (isinstance(answer, (str, Mapping)) and not _filled(answer)):
        return _unread(Text("Nothing filled in yet.", "还没填。"))
    if asked.kind == "choose":
        return _chosen(asked, answer, tries)
    if asked.kind == "sort":
        return _sorted(asked, answer, tries)
    if asked.kind == "number":
        return _worked_out(asked, answer, tries)
    if asked.kind == "what_if":
        return _predicted(asked, answer, tries)
    return _written(asked, answer, tries, today or datetime.now(UTC).astimezone().date())


def _filled(answer: str | Mapping[Any, Any]) -> bool:
    if isinstance(answer, str):
        return bool(answer.strip())
    return any(isinstance(value, str) and value.strip() for value in answer.values())


def _unread(text: Text) -> Verdict:
    return Verdict(right=False, text=text)


def _wrong(hint: Words | Text, more: Words, tries: int) -> Verdict:
    said = hint if isinstance(hint, Text) else hint.text()
    if tries:
        said = Text("{hint} {more}", "{hint}{more}", hint=said, more=more.text())
    return Verdict(right=False, text=said, wrong=True)


def _right(asked: Exercise) -> Verdict:
    return Verdict(right=True, text=asked.why.text())


def _chosen(asked: Choose, answer: Any, tries: int) -> Verdict:
    options = {one.name: one for one in asked.options}
    picked = options.get(answer) if isinstance(answer, str) else None
    if picked is None:
        return _unread(Text("Choose one of the answers shown.", "请从给出的答案里选一个。"))
    return _right(asked) if picked.hint is None else _wrong(picked.hint, asked.more, tries)


def _sorted(asked: Sort, answer: Any, tries: int) -> Verdict:
    if not isinstance(answer, Mapping):
        return _unread(Text("Sort each line into one of the groups shown.", "请把每一条归到给出的一类里。"))
    groups = {group.name: group for group in asked.groups}
    put = {one.name: groups.get(str(answer.get(one.name))) for one in asked.items}
    left = sum(group is None for group in put.values())
    if left:
        return _unread(Text("{count} not sorted yet.", "还有{count}条没归类。", count=left))
    off = [(one, group) for one in asked.items if (group := put[one.name]) and group.name != one.group]
    if not off:
        return _right(asked)
    item, group = off[0]
    share = Text(
        "{right} of {all} are in the right place.",
        "{all}条里归对了{right}条。",
        right=len(asked.items) - len(off),
        all=len(asked.items),
    )
    first = Text(
        "{share} Check what you put under “{group}”: {hint}",
        "{share}再看看归到“{group}”里的：{hint}",
        share=share,
        group=group.label.text(),
        hint=group.hint.text(),
    )
    if not tries:
        return Verdict(right=False, text=first, wrong=True)
    named = Text(
        "{share} Look at “{item}” again: {hint}",
        "{share}再看这条“{item}”：{hint}",
        share=share,
        item=item.text.text(),
        hint=item.hint.text(),
    )
    return Verdict(right=False, text=named, wrong=True) if tries == 1 else _wrong(named, asked.more, tries)


def _worked_out(asked: Number, answer: Any, tries: int) -> Verdict:
    read = typed_number(answer)
    if read is None:
        return _unread(
            Text("A number is wanted; write digits, e.g. 12.5.", "要的是一个数，请写数字，例如12.5。")
        )
    value, in_percent = read
    if in_percent and not asked.percent:
        value /= 100
    if abs(value - asked.right) <= asked.tolerance:
        return _right(asked)
    if asked.percent and not in_percent and abs(100 * value - asked.right) <= asked.tolerance:
        return _wrong(
            Text("Right as a fraction; the field asks for per cent.", "按小数是对的；这里要填百分数。"),
            asked.more,
            0,
        )
    known = [one for one in asked.mistakes if abs(value - one.value) <= asked.tolerance]
    return _wrong(known[0].hint if known else asked.other, asked.more, tries)


def _predicted(asked: WhatIf, answer: Any, tries: int) -> Verdict:
    if not isinstance(answer, str) or answer not in DIRECTIONS:
        return _unread(Text("Choose up, no clear change, or down.", "请选：上升、看不出变化、下降。"))
    try:
        happened = played(asked).direction
    except UserError as problem:
        return _unread(Text("{problem}", "{problem}", problem=problem))
    if answer == happened:
        return _right(asked)
    hints = {"up": asked.hints.up, "same": asked.hints.same, "down": asked.hints.down}
    return _wrong(hints[answer], asked.more, tries)


def played(asked: WhatIf) -> Reading:
    """Return what the simulator makes of a decision; the first time it plays, then it remembers.

    Raises
    ------
    UserError
        No such round or lever, or the runs have no value of the KPI.
    """
    from kpisim.course.rounds import a_round, play_once  # noqa: PLC0415

    taken = a_round(asked.round)
    return _wanted(asked, play_once(taken, asked.decision, replications=asked.replications).readings)


def sides(asked: WhatIf) -> tuple[Scenario, Scenario]:
    """Return what is played for a prediction: the scenario of its round without the decision and with it.

    Raises
    ------
    UserError
        No such round or lever.
    """
    from kpisim.course.rounds import a_round  # noqa: PLC0415

    taken = a_round(asked.round)
    return taken.base(), taken.decided(asked.decision)


def playing(
    asked: WhatIf, held: Outcomes, stop: Callable[[], bool], workers: int | None = None
) -> Iterator[Reading]:
    """Play a decision beside a page and yield what comes of it once all runs are there; from then on it is known.

    Parameters
    ----------
    asked
        The exercise.
    held, stop, workers
        As in :func:`kpisim.experiment.growing.compare_growing`.

    Raises
    ------
    UserError
        As :func:`played`.
    """
    from kpisim.course.rounds import a_round, growing  # noqa: PLC0415

    taken = a_round(asked.round)
    for part in growing(
        taken, asked.decision, replications=asked.replications, workers=workers, held=held, stop=stop
    ):
        # The first runs would give the answer away, and may be wrong.
        if part.whole:
            yield _wanted(asked, part.found.readings)


def is_played(asked: WhatIf) -> bool:
    """Return whether this process has played the decision already, so that an answer is judged at once."""
    from kpisim.course.rounds import a_round, known  # noqa: PLC0415

    return known(a_round(asked.round), asked.decision, replications=asked.replications)


def _wanted(asked: WhatIf, readings: Sequence[Reading]) -> Reading:
    for one in readings:
        if one.kpi == asked.kpi:
            return one
    raise UserError("{kpi}: the runs have no such figure; choose another exercise", kpi=asked.kpi)


def _written(asked: Write, answer: Any, tries: int, today: date) -> Verdict:
    if isinstance(answer, Mapping):
        answer = answer.get(current_language())
    if not isinstance(answer, str) or not any(sign.isalpha() for sign in answer):
        return _unread(Text("Words are wanted; write a sentence.", "要的是文字，请写一句话。"))
    label = asked.label.model_dump()
    sheet = Sheet.model_validate(
        {
            "name": asked.name,
            "title": asked.title.model_dump(),
            "fields": [{"name": rule, "label": label, "kind": "long", "rule": rule} for rule in asked.rules],
        }
    )
    remarks = check(sheet, tidy(sheet, [dict.fromkeys(asked.rules, answer)]), today)
    if not remarks:
        return _right(asked)
    wanted = sum(_letters(answer, today) if rule == "smart" else 1 for rule in asked.rules)
    met = wanted - len(remarks)
    if met == 1 and "short" in asked.rules and sentences(answer) <= MOST_SENTENCES:
        # Whoever writes hardly anything is short; that alone is nothing met.
        met = 0
    # A remark begins with its field and a colon, which a word such as “next” would bring twice.
    next_one = Text(
        "{met} of {all} checks met. {remark}",
        "{all}项检查中通过{met}项。{remark}",
        met=met,
        all=wanted,
        # Some remarks are whole sentences; what follows brings the stop.
        remark=str(remarks[0].text).rstrip(".。"),
    )
    if tries:
        next_one = Text("{hint}. {more}", "{hint}。{more}", hint=next_one, more=asked.more.text())
    return Verdict(right=False, text=next_one, wrong=True)


def _letters(answer: str, today: date) -> int:
    """Return how many letters of SMART the words of a goal are judged by.

    One that words cannot tell is none that is met, and whether it is relevant the goal above it decides.
    """
    found = smart(Goal(answer), today).letters
    return sum(letter != "R" and one.final != "unknown" for letter, one in found.items())


__all__ = ["DIRECTIONS", "Verdict", "is_played", "judge", "played", "playing", "sides"]
