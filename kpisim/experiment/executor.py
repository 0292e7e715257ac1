"""Running many replications: in this process or spread over others, with a progress bar on a terminal."""

from __future__ import annotations

import os
import sys
import warnings
from typing import TYPE_CHECKING, Any

from kpisim.experiment.one import Outcome, outcome, variant
from kpisim.text import t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kpisim.scenario import Scenario

SERIAL_UP_TO = 3
"""This few replications are done before a second process has started."""


def play_all(
    scenario: Scenario,
    seed: int,
    runs: Iterable[int],
    workers: int | None = None,
    progress: bool | None = None,  # noqa: FBT001
) -> list[Outcome]:
    """Play replications and return their outcomes in the order of `runs`.

    Parameters
    ----------
    scenario, seed
        What to play.
    runs
        Numbers of the replications.
    workers
        Processes; None takes one per processor.  The numbers do not depend on it.
    progress
        Show a bar; None shows it on a terminal once a second has passed.
    """
    calls = [(scenario, seed, run) for run in runs]
    return _play(outcome, calls, workers, progress)


def play_points(
    base: Scenario,
    points: Iterable[tuple[Mapping[str, Any], int]],
    seed: int,
    workers: int | None = None,
    progress: bool | None = None,  # noqa: FBT001
) -> list[Outcome]:
    """Play variants of a scenario, one replication each, and return their outcomes in the order of `points`.

    Parameters
    ----------
    base
        What the variants are derived from.
    points
        Values by path, and the number of the replication; values that make no scenario give a failed outcome.
    seed, workers, progress
        As in `play_all`.
    """
    calls = [(base, dict(values), seed, run) for values, run in points]
    return _play(variant, calls, workers, progress)


def never() -> bool:
    """Return that nothing is to be stopped."""
    return False


def play_each(
    calls: Sequence[tuple[Scenario, int, int]],
    workers: int | None = None,
    stop: Callable[[], bool] = never,
) -> Iterator[Outcome]:
    """Play replications of any scenarios and yield their outcomes in order, each as soon as it is there.

    Parameters
    ----------
    calls
        Scenario, seed and number of the replication.
    workers
        Processes; None takes one per processor.  The numbers do not depend on it.
    stop
        Asked before each replication; once it says yes none is begun, and those under way are the last ones yielded.
        Closing the generator instead would end the processes, which take seconds to start again.
    """
    wanted = (call for call in calls if not stop())
    count = min(workers or os.cpu_count() or 1, len(calls))
    if count <= 1:
        yield from _serial(outcome, wanted, count)
    else:
        # No more than the processes can take at once: whatever is handed over is played, wanted or not.
        yield from _parallel(outcome, wanted, count, ahead=1)


def _play(
    function: Callable[..., Outcome],
    calls: list[tuple[Any, ...]],
    workers: int | None,
    progress: bool | None,  # noqa: FBT001
) -> list[Outcome]:
    count = min(workers or os.cpu_count() or 1, len(calls))
    results = _serial if count <= 1 or len(calls) <= SERIAL_UP_TO else _parallel
    return list(_bar(results(function, calls, count), len(calls), progress))


def _serial(
    function: Callable[..., Outcome], calls: Iterable[tuple[Any, ...]], _count: int
) -> Iterator[Outcome]:
    for call in calls:
        yield function(*call)


def _parallel(
    function: Callable[..., Outcome], calls: Iterable[tuple[Any, ...]], count: int, ahead: int = 3
) -> Iterator[Outcome]:
    # loky and not fork: it works on Windows and in notebooks, and its pool stays warm between calls.
    from joblib import Parallel, delayed  # noqa: PLC0415

    # A process that gives back its memory is replaced; that is nobody's mistake.  Where warnings are errors, this one would
    # end the pool's own thread, and the results would never come.
    warnings.filterwarnings("ignore", message="A worker stopped while some jobs were given")
    pool = Parallel(
        n_jobs=count, backend="loky", return_as="generator", batch_size=1, pre_dispatch=ahead * count
    )
    yield from pool(delayed(function)(*call) for call in calls)


def _bar(results: Iterator[Outcome], total: int, progress: bool | None) -> Iterator[Outcome]:  # noqa: FBT001
    if progress is False or (progress is None and not sys.stderr.isatty()):
        return results
    from tqdm import tqdm  # noqa: PLC0415

    bar: Iterator[Outcome] = iter(tqdm(results, total=total, desc=t("replications"), delay=1.0, leave=False))
    return bar
