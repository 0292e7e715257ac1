"""A round of the simulation on paper: predict, decide, and, for the trainer, what each lever alone would have done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpisim.course.halfway import halfway_board
from kpisim.course.rounds import REPLICATIONS, Lever, Round, play_round, read_round, rounds
from kpisim.kpi.registry import kpi
from kpisim.kpi.shown import LIGHTS
from kpisim.report.paper.form import boxes, lines, told
from kpisim.show.halfway import halfway_html
from kpisim.show.numbers import amount, change
from kpisim.text import t
from kpisim.text.numbers import percent, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ARROWS = {"up": "↑", "same": "→", "down": "↓"}


def blank_round(played: Round) -> str:
    """Return a round to play by hand: three guesses, the levers, three numbers to note, three questions."""
    guess = boxes([t("↑ up"), t("→ no clear change"), t("↓ down")])
    guesses = "".join(
        f"<tr><td>{told(str(kpi(name).title))}</td><td>{guess}</td></tr>" for name in played.watch
    )
    levers = "".join(
        f"<tr><td>{told(lever.label.text())}</td><td>{_span(lever)}</td></tr>" for lever in played.inputs
    )
    numbers = "".join(
        f"<tr><td>{told(str(kpi(name).title))}</td><td></td><td></td><td>{boxes([t('decision'), t('could be luck')])}</td></tr>"
        for name in played.watch
    )
    heads = "".join(
        f"<th>{told(text)}</th>" for text in (t("KPI"), t("without"), t("with your decisions"), t("which?"))
    )
    asked = "".join(f"<li>{told(one.text())}{lines(1)}</li>" for one in played.questions)
    stops = played.halfway is not None
    note = t("5 Note what the trainer reads out") if stops else t("3 Note what the trainer reads out")
    talk = t("6 Read and talk about") if stops else t("4 Read and talk about")
    return (
        f'<div class="sheet"><h4>{told(played.title.text())}</h4><p>{told(played.ask.text())}</p>'
        f'<p><b>{told(t("1 Predict: what will your decisions do?"))}</b></p><table class="round"><tbody>{guesses}</tbody></table>'
        f'<p><b>{told(t("2 Decide"))}</b></p><table class="round"><tbody>{levers}</tbody></table>'
        f"{_blank_board(played, levers) if stops else ''}"
        f"<p><b>{told(note)}</b></p>"
        f'<table class="round"><thead><tr>{heads}</tr></thead><tbody>{numbers}</tbody></table>'
        f"<p><b>{told(talk)}</b></p><ol>{asked}</ol></div>"
    )


def _blank_board(played: Round, levers: str) -> str:
    """Return the board half-way to fill in, and the levers once more."""
    lights = boxes([str(LIGHTS[name]) for name in ("green", "amber", "red")])
    rows = "".join(
        f"<tr><td>{told(str(kpi(name).title))}</td><td></td><td></td><td>{lights}</td></tr>"
        for name in played.board
    )
    texts = (t("KPI"), t("so far"), t("target"), t("light"))
    heads = "".join(f"<th>{told(text)}</th>" for text in texts)
    return (
        f"<p><b>{told(t('3 The board half-way, as the trainer reads it out'))}</b></p>"
        f'<table class="round"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
        f"<p><b>{told(t('4 Adjust: from the second quarter on'))}</b></p>"
        f'<table class="round"><tbody>{levers}</tbody></table>'
    )


def _span(lever: Lever) -> str:
    if lever.choices:
        return boxes([str(one.label.text()) for one in lever.choices])
    if lever.flag:
        return boxes([t("yes"), t("no")])
    span = t("{low} to {high}", low=_setting(lever, lever.low), high=_setting(lever, lever.high))
    return f'<span class="blank-value"></span> <span class="small">({told(span)})</span>'


def _setting(lever: Lever, value: Any) -> str:
    if lever.choices:
        return next((str(one.label.text()) for one in lever.choices if one.value == value), str(value))
    if lever.flag:
        return t("yes") if value else t("no")
    if lever.percent:
        return percent(value, 0)
    return plain(value, lever.decimals)


def extremes(lever: Lever) -> list[Any]:
    """Return what a lever is set to in the trainer's table: both ends, or every other choice."""
    if lever.choices:
        return [one.value for one in lever.choices[1:]]
    if lever.flag:
        return [True]
    return [value for value in (lever.low, lever.high) if value != lever.shown()]


def played_rounds(
    names: Sequence[str] | None = None,
    *,
    replications: int = REPLICATIONS,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> str:
    """Play every lever of every round alone and return the tables that the trainer reads out of.

    Parameters
    ----------
    names
        Rounds; by default all.
    replications, workers
        Runs of each side, processes.
    progress
        Called with (settings played, settings in all).
    """
    chosen = [one for name, one in rounds().items() if names is None or name in names]
    total = sum(len(extremes(lever)) for one in chosen for lever in one.inputs)
    done, parts = 0, []
    for one in chosen:
        currency = one.base().currency
        rows: list[str] = []
        for lever in one.inputs:
            for value in extremes(lever):
                # The levers stand where the screen shows them; one alone is moved.
                settings = {other.path: other.shown() for other in one.inputs} | {lever.path: value}
                versus = play_round(one, settings, replications=replications, workers=workers)
                found = {reading.kpi: reading for reading in read_round(one, versus)}
                if not rows:
                    cells = "".join(
                        f'<td class="n">{told(amount(found[name].before, kpi(name).unit, currency)) if name in found else "–"}</td>'
                        for name in one.watch
                    )
                    rows.append(f"<tr><td>{told(t('without decisions'))}</td><td></td>{cells}</tr>")
                cells = "".join(
                    f'<td class="n">{_told(found.get(name), currency)}</td>' for name in one.watch
                )
                rows.append(
                    f"<tr><td>{told(lever.label.text())}</td><td>{told(_setting(lever, value))}</td>{cells}</tr>"
                )
                done += 1
                if progress is not None:
                    progress(done, total)
        heads = "".join(f'<th class="n">{told(str(kpi(name).title))}</th>' for name in one.watch)
        parts.append(
            f'<h3>{told(one.title.text())}</h3><table class="results"><thead><tr><th>{told(t("lever"))}</th>'
            f"<th>{told(t('set to'))}</th>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        )
        if one.halfway is not None:
            shown = {lever.path: lever.shown() for lever in one.inputs}
            board = halfway_board(one, shown, replications=replications, workers=workers)
            parts.append(halfway_html(board, one.halfway, currency))
    note = t(
        "Played on this machine when the kit was written: {count} runs a side, one lever moved alone, the others as the screen shows them. An arrow stands for a difference beyond luck (95%), “→” for what luck alone could do. A model with assumptions, not your firm.",
        count=replications,
    )
    return f"<h2>{told(t('Results to read out'))}</h2><p>{told(note)}</p>" + "".join(parts)


def _told(reading: Any, currency: str) -> str:
    if reading is None:
        return "–"
    unit = kpi(reading.kpi).unit
    after = amount(reading.after, unit, currency)
    moved = f"({change(reading.difference, unit, currency, (reading.before, reading.after))} {ARROWS[reading.direction]})"
    return f"<span>{told(after)}</span> <span>{told(moved)}</span>"


__all__ = ["blank_round", "extremes", "played_rounds"]
