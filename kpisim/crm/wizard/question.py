"""A question of the wizard: something that the file does not say by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kpisim.text import Text, UserError, did_you_mean

Asked = Literal[
    "table", "column", "missing", "word", "state", "format", "decimal", "zone", "lookup", "owner", "orders", "lines",
    "currency", "returns", "aim", "year",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the file does not say by itself.

    Attributes
    ----------
    asked, subject
        What kind of question, and about which column, role or word.
    text
        The question in the reader's language when shown.
    choices
        Answers with their meaning.
    proposal
        What Enter takes; None where an answer must be given.
    """

    asked: Asked
    subject: str
    text: Text
    choices: tuple[tuple[str, Text | str], ...]
    proposal: str | None


def choice(question: Question, said: str) -> str:
    """Return the choice that was meant: its word, its number, or the proposal for nothing.

    Raises
    ------
    UserError
        Not one of the choices, or nothing where something must be said.
    """
    given = said.strip() or question.proposal
    known = [value for value, _ in question.choices]
    if given is not None and given.isdecimal() and given not in known and 1 <= int(given) <= len(known):
        given = known[int(given) - 1]
    if given is None or given not in known:
        raise UserError(
            "{value} is no answer here; {remedy}",
            value=said.strip() or '""',
            remedy=did_you_mean(said.strip(), known),
        )
    return given


__all__ = ["Asked", "Question", "choice"]
