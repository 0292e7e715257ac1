"""A comparison that grows: what the first runs say while the others are still being played."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from kpisim.experiment.executor import never, play_each
from kpisim.experiment.experiment import Comparison, check, finished, kept
from kpisim.experiment.result import Result, gather

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kpisim.experiment.one import Outcome
    from kpisim.scenario import Scenario

PARTS = (2, 5, 10)
"""Runs of each side after which something is shown; two are the fewest that can be compared."""


class Outcomes:
    """Single replications that are there already, of the scenarios asked for last.

    Parameters
    ----------
    most
        Scenarios held; the one not asked for for longest goes first.  One replication takes some 7 KB.
    """

    def __init__(self, most: int = 16) -> None:
        self._most = most
        self._held: OrderedDict[tuple[str, int], dict[int, Outcome]] = OrderedDict()
        self._lock = Lock()

    def of(self, scenario: Scenario, seed: int) -> dict[int, Outcome]:
        """Return the replications of a scenario, by number."""
        with self._lock:
            key = (scenario.digest(), seed)
            if key in self._held:
                self._held.move_to_end(key)
            return dict(self._held.get(key, {}))

    def add(self, scenario: Scenario, seed: int, outcome: Outcome) -> None:
        """Hold one more replication; a failed one is not held, so that it is tried again."""
        if outcome.failure is not None:
            return
        with self._lock:
            key = (scenario.digest(), seed)
            self._held.setdefault(key, {})[outcome.run] = outcome
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)

    def __len__(self) -> int:
        return len(self._held)


def compare_growing(
    a: Scenario,
    b: Scenario,
    replications: int = 30,
    seed: int = 1,
    *,
    workers: int | None = None,
    held: Outcomes | None = None,
    stop: Callable[[], bool] = never,
) -> Iterator[Comparison]:
    """Compare two scenarios as `compare` does, and yield what the first runs say on the way.

    Parameters
    ----------
    a, b, replications, seed, workers
        As in `compare`.
    held
        Replications that need not be played; what is played is added to them.
    stop
        Once it says yes nothing new is begun, and no whole comparison comes.

    Yields
    ------
    Comparison
        After `PARTS` runs, as far as they are at most half of all; last the whole, the same to the last digit as that
        of `compare`, and kept on disk like it.

    Raises
    ------
    UserError
        As in `run`.
    """
    check(replications, seed, a, b)
    begun = time.perf_counter()
    held = held if held is not None else Outcomes()
    sides = {one.digest(): one for one in (a, b)}
    whole = {
        key: result for key, one in sides.items() if (result := kept(one, seed, replications)) is not None
    }
    there = {key: held.of(one, seed) for key, one in sides.items() if key not in whole}
    calls = [(sides[key], seed, run) for run in range(replications) for key in there if run not in there[key]]
    parts = [part for part in PARTS if 2 * part <= replications and there]

    def runs() -> int:
        """Return how many runs, counted from the first, are there on both sides."""
        return min((_unbroken(one) for one in there.values()), default=replications)

    def so_far(count: int) -> Comparison:
        made = [
            _first(whole[key], count)
            if key in whole
            else gather(sides[key], seed, [there[key][run] for run in range(count)], {})
            for key in (a.digest(), b.digest())
        ]
        return Comparison(*made)

    def due() -> Iterator[Comparison]:
        count = runs()
        if count < replications and parts and count >= parts[0]:
            yield so_far(count)
            while parts and parts[0] <= count:
                parts.pop(0)

    yield from due()
    # What is played is asked first, so that it comes to its own end; closed before, it would end the processes.
    for one, (scenario, _, run) in zip(play_each(calls, workers, stop), calls, strict=False):
        held.add(scenario, seed, one)
        there[scenario.digest()][run] = one
        if not stop():
            yield from due()
    if stop() or runs() < replications:
        return
    for key, found in there.items():
        outcomes = [found[run] for run in range(replications)]
        whole[key] = finished(sides[key], seed, outcomes, time.perf_counter() - begun)
    yield Comparison(whole[a.digest()], whole[b.digest()])


def _unbroken(outcomes: dict[int, Outcome]) -> int:
    count = 0
    while count in outcomes:
        count += 1
    return count


def _first(result: Result, count: int) -> Result:
    """Return the first runs of a result."""
    return replace(result, replications=count, per_run=result.per_run[result.per_run["run"] < count])


__all__ = ["PARTS", "Outcomes", "compare_growing"]
