"""The wizard in a terminal: the columns with samples and proposals, then a question for each thing that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.crm.wizard.columns import LOOKS
from kpisim.crm.wizard.words import NOT_USED, title
from kpisim.tables.schema import TABLES
from kpisim.text import Text, UserError, t
from kpisim.text.cells import align

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kpisim.crm.wizard.draft import Draft
    from kpisim.crm.wizard.question import Question


def proposal_lines(draft: Draft) -> list[str]:
    """Return every column with samples, what it is taken for and why, as aligned text."""
    declared = TABLES[draft.table]
    rows = [[t("column"), t("samples"), t("taken for"), t("sure?"), t("why")]]
    for column in draft.columns:
        pick = draft.picks[column.name]
        meaning = title(draft.table, pick.role)
        taken = (
            str(meaning)
            if pick.role == NOT_USED
            else t("{role} ({meaning})", role=pick.role, meaning=meaning)
        )
        sure = t("sure") if pick.sure else t("? to be asked")
        rows.append(
            [
                column.name,
                draft.samples(column.name),
                taken,
                sure if pick.role != NOT_USED else "",
                str(pick.reason),
            ]
        )
    return [
        t(
            "{path}: {columns} columns, read as {table} ({meaning}); money in {currency}",
            path=draft.name,
            columns=len(draft.columns),
            table=draft.table,
            meaning=Text(declared.en, declared.zh),
            currency=draft.currency,
        ),
        "",
        *align(rows, [False] * 5),
    ]


def question_lines(question: Question, draft: Draft) -> list[str]:
    """Return a question with its numbered answers; Enter takes the one in brackets."""
    lines = [str(question.text)]
    if question.asked == "column":
        column = draft.seen(question.subject)
        lines.append(
            t(
                "  samples: {samples}; cells: {look}",
                samples=draft.samples(column.name),
                look=LOOKS[column.look],
            )
        )
    rows = [
        [f"  {number}", value, str(meaning) if str(meaning) != value else ""]
        for number, (value, meaning) in enumerate(question.choices, 1)
    ]
    return [*lines, *align(rows, [True, False, False])]


def ask(draft: Draft, read: Callable[[str], str], tell: Callable[[str], None]) -> None:
    """Ask what is open until nothing is; a wrong answer gets one line and is asked again.

    Parameters
    ----------
    draft
        Takes the answers.
    read
        Shows a prompt and returns what was typed.
    tell
        Shows a line.
    """
    told: tuple[str, str] | None = None
    while asked := draft.open():
        question = asked[0]
        # Each question is made anew, so the words of two that are the same are not equal.
        if (question.asked, question.subject) != told:
            for line in ["", *question_lines(question, draft)]:
                tell(line)
            told = question.asked, question.subject
        prompt = t("Number or word [{proposal}]: ", proposal=question.proposal) if question.proposal else t("Number or word: ")  # fmt: skip
        try:
            draft.answer(question, read(prompt))
        except UserError as problem:
            tell(f"  {problem}")


def settle(
    drafts: Sequence[Draft], read: Callable[[str], str] | None, tell: Callable[[str], None], *, asked: bool
) -> None:
    """Settle what is open about several files.

    Parameters
    ----------
    drafts
        Take the answers.
    read
        Shows a prompt and returns what was typed; None takes every proposal without a question.
    tell
        Shows a line.
    asked
        Whether somebody is there to be asked.

    Raises
    ------
    UserError
        Something is open and nobody is there, or has no proposal to take.
    """
    unsettled = [draft for draft in drafts if draft.open()]
    if unsettled and read is not None and not asked:
        for draft in unsettled:
            for line in open_lines(draft):
                tell(line)
        raise UserError(
            "{path}: questions still open: {count}; run it in a terminal, or add --yes or --column NAME=MEANING",
            path=", ".join(draft.name for draft in unsettled),
            count=sum(len(draft.open()) for draft in unsettled),
        )
    for draft in unsettled:
        if read is None:
            draft.accept()
        else:
            ask(draft, read, tell)


def open_lines(draft: Draft) -> Iterator[str]:
    """Yield what is open, a line each, with the proposal."""
    for question in draft.open():
        if question.proposal is None:
            yield f"? {question.text}"
        else:
            yield t("? {question} Proposed: {proposal}", question=question.text, proposal=question.proposal)


__all__ = ["ask", "open_lines", "proposal_lines", "question_lines", "settle"]
