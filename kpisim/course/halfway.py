"""The board half-way through a round: where the KPIs stand, and what luck could have made of the same decisions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kpisim.course.rounds import REPLICATIONS, SEED
from kpisim.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from kpisim.course.rounds import Round
    from kpisim.course.thread import Taken
    from kpisim.kpi.scorecard.score import Light
    from kpisim.scenario import Scenario

SHEET = "halfway_board"
"""Name that the lines of the last board go by where the sheet of half-way notes is drafted from them."""
TITLE = Text("Board half-way", "半程看板")
URGENCY: tuple[Light, ...] = ("red", "amber", "green", "stale", "none")
"""Lights, the one that asks for something first."""


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One KPI on the board half-way.

    Attributes
    ----------
    kpi
        Which.
    value
        What this team came to, in the KPI's unit; None without a number.
    target, attained
        Target of the whole team up to that day, and how much of it is reached, 1 = all; None without a target.
    light
        Its light; ``none`` without a target or a number.
    lights
        How many of all runs, this one among them, showed which light; empty without a target.
    """

    kpi: str
    value: float | None
    target: float | None
    attained: float | None
    light: Light
    lights: Mapping[str, int]


def halfway_board(
    played: Round,
    choices: Mapping[str, Any],
    taken: Sequence[Taken] = (),
    *,
    replications: int = REPLICATIONS,
    seed: int = SEED,
    workers: int | None = None,
) -> list[BoardLine]:
    """Play a round up to the day on which it stops, and return its board.

    The board is that of the first run, one of those that the same decisions could have led to; what the others show is
    counted beside it.  However the round goes on, its runs begin with these.

    Parameters
    ----------
    played
        A round with a board.
    choices, taken
        What its levers are set to, and what sheets of the day give to it.
    replications, seed, workers
        Runs, seed, processes.
    """
    from kpisim.experiment.executor import spread  # noqa: PLC0415

    scenario = played.before_halfway(choices, taken)
    calls = [(scenario, seed, run, played.board, played.halfway) for run in range(replications)]
    return gathered(spread(_seen, calls, workers))


def _seen(scenario: Scenario, seed: int, run: int, names: Sequence[str], end: date) -> list[BoardLine]:
    """Play one run and return its board at the beginning of `end`."""
    from kpisim.experiment.one import play  # noqa: PLC0415
    from kpisim.kpi import measure_values  # noqa: PLC0415
    from kpisim.kpi.scorecard import score_values, scorecard_of  # noqa: PLC0415

    tables = play(scenario, seed, run)
    start = scenario.calendar.start
    values = measure_values(tables, names, start, end)
    card = scorecard_of(tables, start, end)
    scored = [] if card is None else score_values(card, values, end - timedelta(days=1)).lines
    lines = {line.kpi: line for line in scored}
    made = []
    for name in names:
        line = lines.get(name)
        target, attained = (None, None) if line is None else (line.target, line.attained)
        made.append(BoardLine(name, values[name].value, target, attained, line.light if line else "none", {}))
    return made


def gathered(runs: Sequence[Sequence[BoardLine]]) -> list[BoardLine]:
    """Return the board of the first run, with the lights of all of them counted."""
    made = []
    for place, one in enumerate(runs[0]):
        counted = Counter(run[place].light for run in runs)
        aimed = one.target is not None
        lights: dict[str, int] = {light: counted[light] for light in URGENCY if aimed and counted[light]}
        made.append(replace(one, lights=lights))
    return made


def notes(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what the board proposes for the sheet of notes: its red and amber lights, the red ones first.

    Parameters
    ----------
    lines
        Lines of the board as they are kept, each with ``kpi`` and ``light``.
    """
    from kpisim.kpi.registry import kpi  # noqa: PLC0415

    asking = [line for line in lines if line["light"] in {"red", "amber"}]
    asking.sort(key=lambda line: URGENCY.index(line["light"]))
    return [{"kpi": str(kpi(line["kpi"]).title), "light": line["light"]} for line in asking]


__all__ = ["SHEET", "BoardLine", "gathered", "halfway_board", "notes"]
