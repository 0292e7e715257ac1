"""The simulation in rounds: what is played, which levers there are, and how a prediction is held against the result."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from pydantic import Field, model_validator

from kpisim.course.read import read_list, read_one
from kpisim.course.thread import THREADS
from kpisim.kpi.library.definition import Words  # noqa: TC001  (pydantic reads the annotations)
from kpisim.kpi.registry import kpi
from kpisim.scenario import load
from kpisim.scenario.fields import Section, broken
from kpisim.sheets.declared import Choice  # noqa: TC001  (pydantic reads the annotations)
from kpisim.text import UserError, choose, did_you_mean, t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kpisim.course.thread import Taken
    from kpisim.experiment.experiment import Comparison
    from kpisim.experiment.growing import Outcomes
    from kpisim.experiment.payback import Payback
    from kpisim.scenario import Scenario

FILE = Path(__file__).with_name("rounds.yaml")
ROTA = Path(__file__).with_name("rota.yaml")
REPLICATIONS = 20
SEED = 1
TRAINING = "team.training_hours"
"""The one lever of the team that a date can set, see :mod:`kpisim.experiment.break_even`."""


class Lever(Section):
    """One decision: a parameter with a range, a choice, or yes and no."""

    path: str
    label: Words
    low: float | None = None
    high: float | None = None
    step: float = 1.0
    start: float | None = None
    percent: bool = False
    flag: bool = False
    choices: tuple[Choice, ...] = ()

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        ranged = self.low is not None and self.high is not None
        if ranged + self.flag + bool(self.choices) != 1:
            raise broken("path", "a lever has a range, choices, or is yes or no; give exactly one")
        return self

    def shown(self) -> Any:
        """Return what the lever stands at before anybody touches it: what the round plays without decisions."""
        if self.choices:
            return self.choices[0].value
        if self.flag:
            return False
        return self.low if self.start is None else self.start

    @property
    def decimals(self) -> int:
        """How many decimals a setting is written with: as many as a step has, so that it is read as it is set."""
        return max(0, -int(Decimal(str(self.step)).normalize().as_tuple().exponent))

    def beside(self, raw: Any) -> list[Any]:
        """Return what is one step away from where the lever stands."""
        if self.flag:
            return [not raw]
        if self.choices:
            values = [one.value for one in self.choices]
            place = values.index(str(raw)) if str(raw) in values else 0
            return [values[at] for at in (place + 1, place - 1) if 0 <= at < len(values)]
        here = self.value(raw)
        return [near for step in (self.step, -self.step) if (near := self.value(here + step)) != here]

    def value(self, raw: Any) -> Any:
        """Return what somebody set as the parameter takes it, held inside the range."""
        if self.flag:
            return bool(raw)
        if self.choices:
            known = {one.value for one in self.choices}
            if str(raw) not in known:
                raise UserError(
                    "{name}: {value} cannot be chosen; choose one of {names}",
                    name=self.label.text(),
                    value=str(raw)[:40],
                    names=t(", ").join(str(one.label.text()) for one in self.choices),
                )
            return str(raw)
        assert self.low is not None, "ranged"
        assert self.high is not None, "ranged"
        try:
            number = float(raw)
        except (TypeError, ValueError, OverflowError):
            number = float("nan")
        if isnan(number):
            raise UserError(
                "{name}: {value} is not a number; write digits, e.g. 12",
                name=self.label.text(),
                value=str(raw)[:40],
            )
        number = min(max(number, self.low), self.high)
        return (
            round(number)
            if float(self.step).is_integer() and float(self.low).is_integer()
            else round(number, 6)
        )


_Key = TypeVar("_Key")
_Made = TypeVar("_Made")
_BASES: OrderedDict[tuple[str, str], Scenario] = OrderedDict()
MOST_BASES = 32
"""Scenarios held that rounds begin from; they are frozen."""


class Round(Section):
    """One round.

    Attributes
    ----------
    takes
        What sheets of the day give to it, by name, see :mod:`kpisim.course.thread`.
    from_week
        Weeks that are over when somebody decides: decisions count from then on.  None: they count from the beginning.
    halfway
        Day on which the round stops, shows a board and lets people decide anew; None where it is played in one go.
    board
        KPIs on that board.
    first
        What was decided for the days before `halfway`, by path of a lever; None before anybody did, see `adjusted`.
    """

    name: str
    title: Words
    scenario: str
    sets: dict[str, Any] = Field(default={}, alias="set")
    ask: Words
    inputs: tuple[Lever, ...] = Field(min_length=1, max_length=6)
    watch: tuple[str, ...] = Field(min_length=3, max_length=3)
    questions: tuple[Words, ...] = Field(min_length=3, max_length=3)
    takes: tuple[str, ...] = ()
    from_week: int | None = Field(None, ge=1)
    halfway: date | None = None
    board: tuple[str, ...] = ()
    first: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _takes_what_there_is(self) -> Self:
        if not set(self.takes) <= set(THREADS):
            raise broken("takes", "a round takes something that no sheet gives; see kpisim/course/thread.py")
        if bool(self.board) != (self.halfway is not None):
            raise broken("board", "a board and the day it is for go together; give both or neither")
        return self

    def base(self, taken: Sequence[Taken] = ()) -> Scenario:
        """Return the scenario before anybody decided anything, with the team as the sheets describe it."""
        sets = {**self.sets, **_sets(one for one in taken if one.world)}
        # Every move of a lever asks for it several times, and somebody waits.
        key = (self.scenario, repr(sorted(sets.items())))
        if (found := _BASES.get(key)) is None:
            found = _hold(_BASES, key, load(self.scenario).derive(sets), MOST_BASES)
        return found

    def starts(self, taken: Sequence[Taken]) -> dict[str, Any]:
        """Return where a sheet puts a lever, by path, inside the lever's range."""
        known = {lever.path: lever for lever in self.inputs}
        sets = _sets(taken)
        return {path: known[path].value(value) for path, value in sets.items() if path in known}

    def decided(self, choices: Mapping[str, Any], taken: Sequence[Taken] = ()) -> Scenario:
        """Return the scenario with the decisions in it, those of the sheets first; what nobody touched stays."""
        known = {lever.path: lever for lever in self.inputs}
        for path in choices:
            if path not in known:
                raise UserError(
                    "{name}: no such lever; {remedy}", name=path, remedy=did_you_mean(path, known)
                )
        chosen = {path: known[path].value(raw) for path, raw in choices.items()}
        if self.first is not None:
            return self._from_halfway(self.begun.decided(self.first, taken), chosen)
        sets = {**_sets(taken), **self.starts(taken)} | chosen
        base = self.base(taken)
        if self.from_week is None:
            return base.derive(_dated(base, sets))
        change = {"at": base.calendar.start + timedelta(weeks=self.from_week), "set": sets}
        return base.derive({"changes": [change]} if sets else {})

    def adjusted(self, first: Mapping[str, Any]) -> Self:
        """Return the round as it goes on half-way: `first` is what was decided before, decisions count from then on."""
        return self.model_copy(update={"first": dict(first)})

    @property
    def begun(self) -> Self:
        """The round as it begins, with nothing decided yet."""
        return self if self.first is None else self.model_copy(update={"first": None})

    def before_halfway(self, choices: Mapping[str, Any], taken: Sequence[Taken] = ()) -> Scenario:
        """Return the decided scenario up to the week in which the round stops."""
        assert self.halfway is not None, "a round with a board"
        whole = self.begun.decided(choices, taken)
        # Up to the week's end: the horizon is counted in weeks, the board in days.
        return whole.derive({"calendar.weeks": -((whole.calendar.start - self.halfway).days // 7)})

    def _from_halfway(self, begun: Scenario, chosen: Mapping[str, Any]) -> Scenario:
        assert self.halfway is not None, "a round with a board"
        now = begun.at(self.halfway)
        sets = {path: value for path, value in chosen.items() if now.get(path) != value}
        if not sets:
            return begun
        change = {"at": self.halfway, "set": sets}
        return begun.derive({"changes": [*begun.model_dump()["changes"], change]})


def _dated(base: Scenario, sets: dict[str, Any]) -> dict[str, Any]:
    """Return decisions with training as a change of the first day: what was learnt in the warm-up would hide its cost."""
    if sets.get(TRAINING, base.team.training_hours) == base.team.training_hours:
        return {path: value for path, value in sets.items() if path != TRAINING}
    change = {"at": base.calendar.start, "set": {TRAINING: sets[TRAINING]}}
    rest = {path: value for path, value in sets.items() if path != TRAINING}
    return rest | {"changes": [*base.model_dump()["changes"], change]}


def _sets(taken: Iterable[Taken]) -> dict[str, Any]:
    return {path: value for one in taken for path, value in one.sets.items()}


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one KPI.

    Attributes
    ----------
    kpi
        Which.
    before, after
        Means over the runs, without and with the decisions.
    p10, p90
        Range that 8 of 10 runs with the decisions lie in.
    difference, low, high
        Paired difference and its 95 % interval.
    decided
        Whether the interval leaves 0 out: the decision, not luck.
    guessed
        What was predicted: ``up``, ``same`` or ``down``; None where nothing was.
    hit
        Whether the prediction was right; None without one.
    """

    kpi: str
    before: float
    after: float
    p10: float
    p90: float
    difference: float
    low: float
    high: float
    guessed: str | None
    hit: bool | None

    @property
    def decided(self) -> bool:
        """Whether the difference is more than luck."""
        return self.low > 0 or self.high < 0

    @property
    def direction(self) -> str:
        """``up``, ``down``, or ``same`` where luck could have done it."""
        return "same" if not self.decided else "up" if self.difference > 0 else "down"


@cache
def rounds() -> dict[str, Round]:
    """Return all rounds by name, in the order of the day."""
    return {one.name: one for one in read_list(FILE, Round)}


@cache
def rota() -> Round:
    """Return the round that follows a pulse; it is played beside the rounds of the day and not counted with them."""
    return read_one(ROTA, Round)


def a_round(name: str) -> Round:
    """Return one round.

    Raises
    ------
    UserError
        No round of that name; the nearest is named.
    """
    return choose("{name}: no such round; {remedy}", name, rounds())


def play_round(
    played: Round,
    choices: Mapping[str, Any],
    taken: Sequence[Taken] = (),
    *,
    replications: int = REPLICATIONS,
    seed: int = SEED,
    workers: int | None = None,
) -> Comparison:
    """Play a round with and without the decisions on the same luck.

    Parameters
    ----------
    played
        The round.
    choices
        Path of a lever -> what it was set to.
    taken
        What sheets of the day give to the round.
    replications, seed, workers
        Runs of each side, seed, processes.
    """
    from kpisim.experiment import compare  # noqa: PLC0415

    return compare(played.base(taken), played.decided(choices, taken), replications, seed, workers=workers)


def read_round(played: Round, versus: Comparison, guesses: Mapping[str, str] | None = None) -> list[Reading]:
    """Return the three numbers of a round, with luck told from decision and the prediction judged."""
    return read_numbers(played.watch, versus, guesses)


def read_numbers(
    watch: Sequence[str], versus: Comparison, guesses: Mapping[str, str] | None = None
) -> list[Reading]:
    """Return what came of some KPIs; one without a number on either side is left out."""
    import numpy as np  # noqa: PLC0415

    guesses = guesses or {}
    rows: dict[str, Any] = {str(row["kpi"]): row for row in versus.differences.to_dict("records")}
    readings = []
    for name in watch:
        if name not in rows:
            continue
        row = rows[name]
        if row["difference"] != row["difference"]:
            continue
        after = [*versus.b.by_kpi[name].by_run.values()]
        p10, p90 = (float(edge) for edge in np.percentile(after, [10, 90]))
        guess = guesses.get(name)
        one = Reading(
            name,
            float(row["a"]),
            float(row["b"]),
            p10,
            p90,
            float(row["difference"]),
            float(row["low"]),
            float(row["high"]),
            guess,
            None,
        )
        readings.append(one if guess is None else _judged(one, guess))
    return readings


@dataclass(frozen=True, slots=True)
class Played:
    """What one play of a round gave.

    Attributes
    ----------
    readings
        Its three numbers.
    payback
        What it says about training; None where nobody changed that.
    """

    readings: tuple[Reading, ...]
    payback: Payback | None


_KNOWN: OrderedDict[tuple[Any, ...], Played] = OrderedDict()
MOST_KNOWN = 64
"""Results held in memory: who moves a lever back and forth waits once."""


def results(
    played: Round,
    choices: Mapping[str, Any],
    guesses: Mapping[str, str] | None = None,
    taken: Sequence[Taken] = (),
    *,
    replications: int = REPLICATIONS,
    seed: int = SEED,
    workers: int | None = None,
) -> list[Reading]:
    """Play a round and read its three numbers; what this process has played already is not played again.

    Parameters
    ----------
    played, choices, guesses, taken
        The round, what its levers are set to, what was predicted, and what sheets of the day give to the round.
    replications, seed, workers
        Runs of each side, seed, processes.
    """
    found = play_once(played, choices, taken, replications=replications, seed=seed, workers=workers)
    return judged(found.readings, guesses)


def play_once(
    played: Round,
    choices: Mapping[str, Any],
    taken: Sequence[Taken] = (),
    *,
    replications: int = REPLICATIONS,
    seed: int = SEED,
    workers: int | None = None,
) -> Played:
    """Play a round, or return what this process found when it played the same before.

    Parameters
    ----------
    played, choices, taken
        The round, what its levers are set to, and what sheets of the day give to the round.
    replications, seed, workers
        Runs of each side, seed, processes.
    """
    key = _key(played, choices, taken, replications, seed)
    if (found := _KNOWN.get(key)) is None:
        versus = play_round(played, choices, taken, replications=replications, seed=seed, workers=workers)
        found = _remember(key, _read(played, versus, whole=True))
    return found


def _read(played: Round, versus: Comparison, *, whole: bool) -> Played:
    from kpisim.experiment.payback import payback  # noqa: PLC0415

    trains = whole and any(lever.path == TRAINING for lever in played.inputs)
    return Played(tuple(read_round(played, versus)), payback(versus) if trains else None)


def _remember(key: tuple[Any, ...], found: Played) -> Played:
    return _hold(_KNOWN, key, found, MOST_KNOWN)


def _hold(held: OrderedDict[_Key, _Made], key: _Key, made: _Made, most: int) -> _Made:
    """Hold what was made; beyond so many, what was held first goes."""
    held[key] = made
    while len(held) > most:
        held.popitem(last=False)
    return made


@dataclass(frozen=True, slots=True)
class Part:
    """What a round has come to so far.

    Attributes
    ----------
    found
        What the runs there are say; predictions are not judged yet, and training only once all are there.
    there, of
        Runs there are of each side, and runs there will be.
    failed, error
        Runs that failed, and what the first of them said; ``""`` where none did.
    """

    found: Played
    there: int
    of: int
    failed: int = 0
    error: str = ""

    @property
    def whole(self) -> bool:
        """Whether no run is missing."""
        return self.there == self.of


def growing(
    played: Round,
    choices: Mapping[str, Any],
    taken: Sequence[Taken] = (),
    *,
    replications: int = REPLICATIONS,
    workers: int | None = None,
    held: Outcomes | None = None,
    stop: Callable[[], bool] | None = None,
) -> Iterator[Part]:
    """Play a round and yield its numbers as they grow; the last part is what `results` returns, and is known from then on.

    Parameters
    ----------
    played, choices, taken, replications, workers
        As in `results`.
    held, stop
        As in :func:`kpisim.experiment.growing.compare_growing`.
    """
    from kpisim.experiment.executor import never  # noqa: PLC0415
    from kpisim.experiment.growing import compare_growing  # noqa: PLC0415

    key = _key(played, choices, taken, replications, SEED)
    base, decided = played.base(taken), played.decided(choices, taken)
    for versus in compare_growing(
        base, decided, replications, SEED, workers=workers, held=held, stop=stop or never
    ):
        there = versus.b.replications
        whole = there == replications
        found = _read(played, versus, whole=whole)
        failures = versus.b.failures if len(versus.b.failures) else versus.a.failures
        error = f"{failures['error'].iloc[0]}: {failures['message'].iloc[0]}" if len(failures) else ""
        if whole and not error:
            _remember(key, found)
        yield Part(found, there, replications, len(failures), error)


def known(
    played: Round,
    choices: Mapping[str, Any],
    taken: Sequence[Taken] = (),
    *,
    replications: int = REPLICATIONS,
    seed: int = SEED,
) -> bool:
    """Return whether this process has played this already, so that `results` answers at once."""
    return _key(played, choices, taken, replications, seed) in _KNOWN


def _key(
    played: Round, choices: Mapping[str, Any], taken: Sequence[Taken], replications: int, seed: int
) -> tuple[Any, ...]:
    levers = {lever.path: lever for lever in played.inputs}
    # As it is played: a slider says 0.030000000000000002.
    settings = tuple(
        sorted(
            (path, repr(levers[path].value(raw) if path in levers else raw)) for path, raw in choices.items()
        )
    )
    given = tuple((one.name, repr(sorted(one.sets.items()))) for one in taken)
    return (played.model_dump_json(), settings, given, replications, seed)


def judged(readings: Iterable[Reading], guesses: Mapping[str, str] | None = None) -> list[Reading]:
    """Return readings with what was predicted beside them."""
    guesses = guesses or {}
    return [_judged(one, guesses[one.kpi]) if guesses.get(one.kpi) is not None else one for one in readings]


def _judged(one: Reading, guess: str) -> Reading:
    return replace(one, guessed=guess, hit=guess == one.direction)


def calibration(readings: Sequence[Reading]) -> tuple[int, int]:
    """Return how many predictions were right, and how many there were."""
    judged = [one.hit for one in readings if one.hit is not None]
    return sum(judged), len(judged)


def check_rounds() -> None:
    """Play nothing, but make sure that every round could be: paths, ranges and KPIs exist.

    Raises
    ------
    UserError
        The first thing that does not fit.
    """
    for played in (*rounds().values(), rota()):
        for name in (*played.watch, *played.board):
            kpi(name)
        for lever in played.inputs:
            if lever.choices:
                for choice in lever.choices:
                    played.decided({lever.path: choice.value})
            elif lever.flag:
                played.decided({lever.path: True})
            else:
                played.decided({lever.path: lever.low})
                played.decided({lever.path: lever.high})


__all__ = [
    "REPLICATIONS",
    "SEED",
    "TRAINING",
    "Lever",
    "Part",
    "Played",
    "Reading",
    "Round",
    "a_round",
    "calibration",
    "check_rounds",
    "growing",
    "judged",
    "play_once",
    "play_round",
    "read_numbers",
    "read_round",
    "results",
    "rota",
    "rounds",
]
