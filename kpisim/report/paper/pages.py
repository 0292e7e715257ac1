"""The three parts of the kit as HTML bodies: for each participant, the role cards, for the trainer alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.course import lessons, sheet
from kpisim.course.notebooks import guide
from kpisim.course.rounds import a_round
from kpisim.course.schema import MODES
from kpisim.report.paper.form import boxes, form, lines, told
from kpisim.report.paper.grids import quadrants, week
from kpisim.report.paper.rounds import blank_round
from kpisim.show.panels.talk import words_html
from kpisim.text import current_language, t

if TYPE_CHECKING:
    from kpisim.course.schema import Case, Lesson, Paragraphs, Question, RolePlay, Step


def participant() -> str:
    """Return the participant's part: agenda, texts, cases, blank sheets, grids, rounds, questions without answers."""
    cover = (
        f'<section class="cover"><h1>{told(t("The day on paper"))}</h1>'
        f"<p>{told(t('Everything of today as sheets to fill by hand. Private pages stay with you.'))}</p>"
        f"<p>{told(t('Nickname'))}{t(': ')}<span class='blank-value wide'></span> {told(t('Your table'))}{t(': ')}<span class='blank-value'></span></p>"
        f"{agenda()}</section>"
    )
    return "\n".join([cover, *(_lesson(taught) for taught in lessons())])


def agenda() -> str:
    """Return the run of the day with its clock, breaks included."""
    rows, ended = [], ""
    for taught in lessons():
        for place, step in enumerate(taught.steps):
            if ended and step.start > ended:
                gap = _minutes(step.start) - _minutes(ended)
                rows.append(_pause(ended, gap))
            if place == 0:
                title = t("{title}, {minutes} minutes", title=taught.title.text(), minutes=taught.minutes)
                rows.append(f'<tr class="module"><td colspan="4">{told(title)}</td></tr>')
            rows.append(
                f'<tr><td>{step.start}</td><td class="n">{step.minutes}</td><td>{told(step.title.text())}</td>'
                f"<td>{told(_modes(step))}</td></tr>"
            )
            ended = _clock(_minutes(step.start) + step.minutes)
    heads = "".join(
        f'<th class="{kind}">{told(text)}</th>'
        for text, kind in ((t("clock"), ""), (t("min"), "n"), (t("step"), ""), (t("modes"), ""))
    )
    return f'<table class="agenda"><thead><tr>{heads}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _pause(start: str, minutes: int) -> str:
    name = t("lunch") if minutes > 30 else t("break")
    return f'<tr class="pause"><td>{start}</td><td class="n">{minutes}</td><td colspan="2">{told(name)}</td></tr>'


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _modes(step: Step) -> str:
    return t(", ").join(MODES[mode][1 if current_language() == "zh" else 0] for mode in step.modes)


def _written(text: Paragraphs) -> str:
    return words_html(text.zh if current_language() == "zh" else text.en)


def _lesson(taught: Lesson) -> str:
    minutes = t("{minutes} minutes", minutes=taught.minutes)
    head = (
        f"<h2>{told(taught.title.text())} <small>{told(minutes)}</small></h2><p>{told(taught.aim.text())}</p>"
    )
    return (
        f'<section class="module">{head}'
        + "\n".join(_step(taught, step) for step in taught.steps)
        + "</section>"
    )


def _step(taught: Lesson, step: Step) -> str:
    clock = t("{start}, {minutes} min", start=step.start, minutes=step.minutes)
    # One block, so that a heading never stands at a page's foot with what it is about overleaf.
    parts = [
        f'<div class="lead"><h3>{told(step.title.text())} <small>{told(clock)}</small></h3>{_written(step.text)}</div>'
    ]
    if step.case is not None:
        parts.append(_case(next(one for one in taught.cases if one.name == step.case)))
    scenes = [next(one for one in taught.roleplays if one.name == name) for name in step.roleplays]
    parts += [
        f'<div class="card"><h4>{told(scene.title.text())}</h4>{_written(scene.scene)}'
        f'<p class="small">{told(t("Your card comes from the trainer; show it to nobody."))}</p></div>'
        for scene in scenes
    ]
    if step.round is not None:
        parts.append(blank_round(a_round(step.round)))
    for name in step.sheets:
        asked = sheet(name)
        if name == "timebox_week":
            parts.append(week(asked))
            continue
        parts.append(form(asked))
        if name == "priority_matrix":
            parts.append(quadrants(next(one for one in sheet("week_plan").fields if one.name == "quadrant")))
    questions = [next(one for one in taught.questions if one.name == name) for name in step.quiz]
    parts += [_question(one) for one in questions]
    return f'<section class="step">{"".join(parts)}</section>'


def _case(case: Case) -> str:
    facts = "".join(f"<li>{told(one.text())}</li>" for one in case.facts)
    asked = "".join(f"<li>{told(one.text())}</li>" for one in case.questions)
    return (
        f'<div class="card"><h4>{told(case.title.text())}</h4><p class="label">{told(case.label.text())}</p>'
        f"{_written(case.story)}" + (f"<ul>{facts}</ul>" if facts else "") + f"<ol>{asked}</ol></div>"
    )


def _question(one: Question) -> str:
    answers = "".join(f"<li>{boxes([str(answer.text())])}</li>" for answer in one.answers)
    return f'<div class="quiz"><p><b>{told(one.text.text())}</b></p><ul class="plain">{answers}</ul></div>'


def cards() -> str:
    """Return the role cards, one a page with an empty back, then a rubric for each scene's observer."""
    scenes = [scene for taught in lessons() for scene in taught.roleplays]
    pages: list[str] = []
    for scene in scenes:
        for side, text in (
            (t("You play sales"), scene.card_a),
            (t("You play the other department"), scene.card_b),
        ):
            pages += [_role_card(scene, side, text), _back(scene)]
    pages += [_rubric(scene) for scene in scenes]
    return "\n".join(pages)


def _role_card(scene: RolePlay, side: str, text: Paragraphs) -> str:
    return (
        f'<section class="page role"><p class="small">{told(t("Your card, for you alone"))}</p>'
        f"<h1>{told(scene.title.text())}</h1><h2>{told(side)}</h2>"
        f'<div class="said">{_written(scene.scene)}</div><div class="secret">{_written(text)}</div>'
        f"<p>{told(t('Two minutes to prepare, five to play, three for feedback.'))}</p></section>"
    )


def _back(scene: RolePlay) -> str:
    # Printed on both sides, the next card would else stand on this one's back, for the other side to read.
    return (
        f'<section class="page back"><p>{told(scene.title.text())}</p>'
        f"<p>{told(t('Back of a role card. Keep it face down until the trainer says start.'))}</p></section>"
    )


def _rubric(scene: RolePlay) -> str:
    rows = "".join(
        f'<tr><td>{told(one.text())}</td><td class="n"><span class="box"></span></td><td></td></tr>'
        for one in scene.rubric
    )
    heads = "".join(
        f"<th>{told(text)}</th>" for text in (t("Watch for"), t("seen"), t("the words that were used"))
    )
    return (
        f'<section class="page"><p class="small">{told(t("For the observer"))}</p><h1>{told(scene.title.text())}</h1>'
        f"{_written(scene.scene)}<table class='blank wordy'><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
        f"<p><b>{told(t('Behaviours seen (of {count})', count=len(scene.rubric)))}</b> <span class='blank-value'></span></p>"
        f"<p><b>{told(t('The best sentence'))}</b></p>{lines(2)}</section>"
    )


def trainer(results: str = "") -> str:
    """Return the trainer's part: what to print, the guide with notes and keys, and results to read out.

    Parameters
    ----------
    results
        What :func:`kpisim.report.paper.rounds.played_rounds` returned.
    """
    lang = current_language()
    first, *rest = ("".join(one["source"]) for one in guide(lang)["cells"] if one["cell_type"] == "markdown")
    scenes = [scene for taught in lessons() for scene in taught.roleplays]
    copies = [
        t("Participant's part: one for each, on both sides."),
        t(
            "Role cards: a set for every three people ({scenes} scenes, two cards and one rubric each); hand them out one by one.",
            scenes=len(scenes),
        ),
        t("This part: once. It holds the keys."),
    ]
    todo = "".join(f"<li>{told(text)}</li>" for text in copies)
    return (
        f'<section class="cover">{words_html(first)}<h2>{told(t("What to print"))}</h2><ul>{todo}</ul></section>'
        + "\n".join(f'<section class="guide">{words_html(text)}</section>' for text in rest)
        + (f'<section class="module">{results}</section>' if results else "")
    )


__all__ = ["agenda", "cards", "participant", "trainer"]
