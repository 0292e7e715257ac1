"""Write the notebooks of the day from the course: ``python -m kpisim.course.notebooks [FOLDER]``.

The two languages have the same code cells; Markdown tells the story, one-line cells call panels.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpisim.course.peak_tasks import peak_tasks
from kpisim.course.read import lessons, sheet
from kpisim.course.schema import MODES, MODULES, Lesson
from kpisim.text import LANGUAGES, language, t
from kpisim.text.cells import without_gaps

if TYPE_CHECKING:
    from kpisim.text import Language

NAMES = {name: f"{place}_{name}.ipynb" for place, name in enumerate(MODULES)}
GUIDE = "trainer_guide.ipynb"


def notebook(taught: Lesson, lang: Language) -> dict[str, Any]:
    """Return one module as a notebook."""
    with language(lang):
        cells = [
            _markdown(
                f"# {taught.title.text()}\n\n{taught.aim.text()}\n\n{t('{minutes} minutes', minutes=taught.minutes)}",
                "head",
            ),
            hidden_cell(f'from kpisim.show.panels import page, step\n\npage("{taught.name}")', "page"),
        ]
        if taught.name == MODULES[-1]:
            cells[-1] = hidden_cell(
                f'from kpisim.report.take_home import export\nfrom kpisim.show.panels import page, step, wipe\n\npage("{taught.name}")',
                "page",
            )
        for step in taught.steps:
            clock = t("{start}, {minutes} min", start=step.start, minutes=step.minutes)
            cells += [
                _markdown(
                    f"## {step.title.text()}\n\n{clock}\n\n{getattr(step.text, lang).strip()}",
                    f"text-{step.name}",
                ),
                hidden_cell(f'step("{taught.name}", "{step.name}")', f"step-{step.name}"),
            ]
        if taught.name == MODULES[-1]:
            cells += [
                _markdown(f"## {t('Take my sheets home')}", "text-export"),
                hidden_cell("export()", "export"),
                _markdown(f"## {t('Delete what I entered')}", "text-wipe"),
                hidden_cell("wipe()", "wipe"),
            ]
    return whole(cells)


def guide(lang: Language) -> dict[str, Any]:
    """Return the trainer's guide: the run of show with its clock, notes, keys, and what to cut when late."""
    with language(lang):
        cells = [
            _markdown(
                f"# {t('Trainer guide')}\n\n{t('For the trainer alone: it holds notes and keys.')}", "head"
            ),
            hidden_cell('from kpisim.show.panels import console, page\n\npage("start")', "page"),
            hidden_cell("console()", "console"),
        ]
        rows = [
            f"| {t('clock')} | {t('min')} | {t('step')} | {t('modes')} | {t('may be cut')} |",
            "|---|---:|---|---|---|",
        ]
        for taught in lessons():
            # In the column of steps: among the clocks it would take the width that the steps need.
            rows.append(f"| | {taught.minutes} | **{taught.title.text()}** | | |")
            for step in taught.steps:
                modes = t(", ").join(MODES[mode][1 if lang == "zh" else 0] for mode in step.modes)
                cut = t("yes") if step.optional else ""
                rows.append(f"| {step.start} | {step.minutes} | {step.title.text()} | {modes} | {cut} |")
        cells.append(_markdown(f"## {t('Run of show')}\n\n" + "\n".join(rows), "run"))
        for taught in lessons():
            cells.append(
                _markdown(f"## {taught.title.text()}\n\n{taught.aim.text()}", f"module-{taught.name}")
            )
            cells += [
                _markdown(
                    f"### {step.start} {step.title.text()}\n\n{getattr(step.notes, lang).strip()}",
                    f"notes-{step.name}",
                )
                for step in taught.steps
            ]
            cells += [
                _markdown(
                    f"### {t('Key points')}{t(': ')}{case.title.text()}\n\n{getattr(case.key, lang).strip()}",
                    f"key-{case.name}",
                )
                for case in taught.cases
            ]
            if taught.name == "goals":
                cells.append(
                    _markdown(
                        f"### {t('Key points')}{t(': ')}{t('Tasks of the retail peak')}\n\n{peak_key(lang)}",
                        "key-peak-tasks",
                    )
                )
            cells += [
                _markdown(
                    f"### {t('Answer')}{t(': ')}{one.text.text()}\n\n{one.answers[one.right].text()}\n\n{one.why.text()}",
                    f"answer-{one.name}",
                )
                for one in taught.questions
            ]
    return whole(cells)


def peak_key(lang: Language) -> str:
    """Return the key of the retail peak's tasks as a Markdown list: task, quadrant, reason."""
    quadrants = next(field for field in sheet("week_plan").fields if field.name == "quadrant").choices
    names = {one.value: getattr(one.label, lang) for one in quadrants}
    with language(lang):
        return "\n".join(
            f"- {getattr(one.task, lang)}{t(': ')}**{names[one.key]}**{t('; ')}{getattr(one.why, lang)}"
            for one in peak_tasks()
        )


def cell(kind: str, text: str, name: str) -> dict[str, Any]:
    """Return a cell whose code is shown."""
    if kind == "markdown":
        return _markdown(text, name)
    return hidden_cell(text, name) | {"metadata": {}}


def _markdown(text: str, name: str) -> dict[str, Any]:
    # A browser shows a break of line as a blank, which Chinese has none of between its sentences.
    joined = without_gaps(text, "\n")
    return {"cell_type": "markdown", "id": _id(name), "metadata": {}, "source": _lines(joined)}


def hidden_cell(text: str, name: str) -> dict[str, Any]:
    """Return a code cell whose code is not seen."""
    # Participants see forms, not code; who wants the line opens it with one click.
    hidden = {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": _id(name),
        "metadata": hidden,
        "outputs": [],
        "source": _lines(text),
    }


def _id(name: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in name)[:64]


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def whole(cells: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a notebook of the cells, without outputs."""
    return {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def texts() -> dict[str, str]:
    """Return path -> content of every notebook of the day."""
    made: dict[str, str] = {}
    for lang in LANGUAGES:
        for taught in lessons():
            made[f"{lang}/{NAMES[taught.name]}"] = _dump(notebook(taught, lang))
        made[f"{lang}/{GUIDE}"] = _dump(guide(lang))
    return made


def _dump(made: dict[str, Any]) -> str:
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def write(folder: Path) -> list[Path]:
    """Write all notebooks below `folder` and return their paths."""
    files = []
    for name, content in texts().items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
        files.append(file)
    return files


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "notebooks"
    for path in write(target):
        print(path)  # noqa: T201
