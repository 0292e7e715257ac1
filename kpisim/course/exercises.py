"""Write the exercises: ``python -m kpisim.course.exercises [FOLDER]``.

``solutions/`` is the source form; ``exercises/`` is the same without what stands between the markers.  For participants
there is a notebook a module, with forms and no code on the screen; for analysts there is one with code.
"""

from __future__ import annotations

import json
import re
import sys
from copy import deepcopy
from pathlib import Path
from pprint import pformat
from typing import TYPE_CHECKING, Any

from kpisim.course.notebooks import NAMES, cell, hidden_cell, whole
from kpisim.course.practice import PRACTISED, practice, solution
from kpisim.course.practice.analyst import TASKS
from kpisim.course.read import lesson
from kpisim.text import LANGUAGES, UserError, language, t

if TYPE_CHECKING:
    from kpisim.text import Language

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
ANALYST = "analyst.ipynb"
_ASSIGNED = re.compile(r"^(\w+) =", re.MULTILINE)


def unsolved(source: str, where: str = "") -> str:
    """Return the code of a cell without its solutions; the last name that a solution assigns is left blank.

    Parameters
    ----------
    source
        Code with balanced markers, each on a line of its own.
    where
        Name of the cell, for the message.

    Raises
    ------
    UserError
        A marker without its partner, a marker inside a solution, or a solution that assigns nothing.
    """
    kept: list[str] = []
    inside: list[str] | None = None
    for line in source.splitlines():
        if line.strip() not in {BEGIN, END}:
            (kept if inside is None else inside).append(line)
            continue
        if (line.strip() == BEGIN) != (inside is None):
            raise UserError("{name}: the markers of a solution do not pair; mend BEGIN and END", name=where)
        if inside is None:
            inside = []
            continue
        names = _ASSIGNED.findall("\n".join(inside))
        if not names:
            raise UserError("{name}: the solution assigns nothing; end it with name = value", name=where)
        kept.append(f"{names[-1]} = None")
        inside = None
    if inside is not None:
        raise UserError("{name}: the markers of a solution do not pair; mend BEGIN and END", name=where)
    return "\n".join(kept)


def exercise_of(solved: dict[str, Any]) -> dict[str, Any]:
    """Return the exercise that belongs to a solved notebook."""
    made = deepcopy(solved)
    for one in made["cells"]:
        if one["cell_type"] == "code":
            one["source"] = unsolved("".join(one["source"]), one["id"]).splitlines(keepends=True)
    return made


def participants(module: str, lang: Language) -> dict[str, Any]:
    """Return the solved notebook of one module: text in Markdown, forms from one hidden cell each."""
    with language(lang):
        title = lesson(module).title.text()
        how = t("Fill in and press Check; what you fill in is kept. Hints come one at a time.")
        cells = [
            cell("markdown", f"# {t('Exercises · {title}', title=title)}\n\n{how}", "head"),
            hidden_cell(f'from kpisim.show.panels import page\n\npage("{module}")', "page"),
        ]
        for asked in practice(module).exercises:
            text = getattr(asked.text, lang).strip()
            answer = pformat(solution(asked), width=110, sort_dicts=False)
            source = (
                f"from kpisim.show.panels import exercise\n\n{BEGIN}\nanswer = {answer}\n{END}\n"
                f'exercise("{asked.name}", answer)'
            )
            cells += [
                cell("markdown", f"## {asked.title.text()}\n\n{text}", f"text-{asked.name}"),
                hidden_cell(source, f"exercise-{asked.name}"),
            ]
    return whole(cells)


def analysts(lang: Language) -> dict[str, Any]:
    """Return the solved notebook for analysts, whose code is shown."""
    with language(lang):
        how = t("Fill in, run, read the sentence. Hints come one at a time.")
        cells = [
            cell("markdown", f"# {t('Exercises for analysts')}\n\n{how}", "head"),
            cell("code", f'from kpisim.text import set_language\n\nset_language("{lang}")', "language"),
        ]
        for task in TASKS:
            cells.append(cell("markdown", f"## {task.text}", f"text-{task.name}"))
            if task.given:
                cells.append(cell("code", task.given, f"given-{task.name}"))
            cells.append(cell("code", f"{BEGIN}\n{task.solution}\n{END}", f"answer-{task.name}"))
            answered = _ASSIGNED.findall(task.solution)[-1]
            # The semicolon keeps True or False, which the check returns, off the page: its sentence says it.
            cells.append(cell("code", f'check("{task.name}", {answered});', f"check-{task.name}"))
    return whole(cells)


def texts() -> dict[str, str]:
    """Return path -> content of solutions and exercises."""
    made = {}
    for lang in LANGUAGES:
        books = {NAMES[module]: participants(module, lang) for module in PRACTISED}
        for name, solved in {**books, ANALYST: analysts(lang)}.items():
            for folder, book in (("solutions", solved), ("exercises", exercise_of(solved))):
                made[f"{folder}/{lang}/{name}"] = json.dumps(book, ensure_ascii=False, indent=1) + "\n"
    return made


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2]
    for name, content in texts().items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(content, encoding="utf-8")
        print(target / name)  # noqa: T201


__all__ = ["ANALYST", "BEGIN", "END", "analysts", "exercise_of", "participants", "texts", "unsolved"]
