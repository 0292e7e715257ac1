"""Exercises for participants: forms to fill in, situations to judge, predictions that the simulator decides."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from kpisim.course.practice.declared import Exercise, Practice
from kpisim.course.practice.judging import Verdict, is_played, judge, played, playing, sides
from kpisim.course.read import read_module
from kpisim.course.schema import MODULES
from kpisim.text import choose

FOLDER = Path(__file__).parent
PRACTISED = MODULES[1:]
"""Modules with exercises: all but the start."""


@cache
def practice(module: str) -> Practice:
    """Return the exercises of one module.

    Raises
    ------
    UserError
        No such module, or a file that breaks a rule.
    """
    return read_module(module, PRACTISED, FOLDER, Practice, "module")


@cache
def exercises() -> dict[str, Exercise]:
    """Return every exercise by name, in the order of the day."""
    return {one.name: one for module in PRACTISED for one in practice(module).exercises}


def exercise(name: str) -> Exercise:
    """Return one exercise.

    Raises
    ------
    UserError
        No exercise of that name; the nearest is named.
    """
    return choose("{name}: no such exercise; {remedy}", name, exercises())


def solution(asked: Exercise) -> str | float | dict[str, str]:
    """Return an answer that passes; one that is written comes in both languages."""
    if asked.kind == "choose":
        return asked.right
    if asked.kind == "sort":
        return {item.name: item.group for item in asked.items}
    if asked.kind == "number":
        return asked.right
    if asked.kind == "what_if":
        return asked.solution
    return {"en": asked.solution.en.strip(), "zh": asked.solution.zh.strip()}


__all__ = [
    "PRACTISED",
    "Exercise",
    "Practice",
    "Verdict",
    "exercise",
    "exercises",
    "is_played",
    "judge",
    "played",
    "playing",
    "practice",
    "sides",
    "solution",
]
