"""Running many replications: in this process or spread over others, with a progress bar on a terminal."""

from __future__ import annotations

import os
import sys
import warnings
from collections import deque
from concurrent.futures import BrokenExecutor
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from kpisim.experiment.one import Outcome, outcome, variant
from kpisim.text import t

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor, Future

    from kpisim.scenario import Scenario

_Made = TypeVar("_Made")
SERIAL_UP_TO = 3
"""This few replications are done before a second process has started."""
IDLE = 300
"""Seconds after which a process ends if nothing is asked of it."""
BEHIND = 10
"""Steps of niceness that processes go behind the one that shows what they played."""
BELOW_NORMAL, LAST = 0x4000, 0x40
"""What Windows calls a process that others go before, and one that runs while nothing else wants to."""
_POOLS: dict[int, Executor] = {}
_LOCK = Lock()
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""A process each, so a thread each."""


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


def spread(
    function: Callable[..., _Made], calls: Sequence[tuple[Any, ...]], workers: int | None = None
) -> list[_Made]:
    """Call a function with each of some arguments, spread over processes, and return what came back, in order.

    Parameters
    ----------
    function
        A function of a module, which other processes can find.
    calls
        Arguments of each call.
    workers
        Processes; None takes one per processor.
    """
    return _play(function, list(calls), workers, progress=False)


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
        yield from _serial(outcome, wanted)
    else:
        # One in line and no more: whatever is handed over is played, wanted or not.
        yield from _parallel(outcome, wanted, count)


def _play(
    function: Callable[..., _Made],
    calls: list[tuple[Any, ...]],
    workers: int | None,
    progress: bool | None,  # noqa: FBT001
) -> list[_Made]:
    count = min(workers or os.cpu_count() or 1, len(calls))
    found = (
        _serial(function, calls)
        if count <= 1 or len(calls) <= SERIAL_UP_TO
        else _parallel(function, calls, count, ahead=2)
    )
    return list(_bar(found, len(calls), progress))


def _serial(function: Callable[..., _Made], calls: Iterable[tuple[Any, ...]]) -> Iterator[_Made]:
    for call in calls:
        yield function(*call)


def _parallel(
    function: Callable[..., _Made], calls: Iterable[tuple[Any, ...]], count: int, ahead: int = 0
) -> Iterator[_Made]:
    """Yield the outcomes in order; one call and `ahead` more a process wait in line beside those at work."""
    waiting: deque[Future[_Made]] = deque()
    pool = _pool(count)
    try:
        for call in calls:
            waiting.append(pool.submit(function, *call))
            if len(waiting) > (1 + ahead) * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenExecutor:
        # A process was killed: whoever asks again gets new ones.
        _POOLS.pop(count, None)
        raise
    finally:
        for one in waiting:
            one.cancel()


def _pool(count: int) -> Executor:
    """Return this process's pool of `count` processes; it stays warm between calls."""
    # loky and not fork: it works on Windows and in notebooks.  A pool of our own: the one that joblib shares with everybody has
    # its own ways, and whoever uses joblib beside us must find it as it was.
    from joblib.externals.loky import ProcessPoolExecutor  # noqa: PLC0415

    # A process that gives back its memory is replaced; that is nobody's mistake.  Where warnings are errors, this one would
    # end the pool's own thread, and the results would never come.
    warnings.filterwarnings("ignore", message="A worker stopped while some jobs were given")
    with _LOCK:
        if count not in _POOLS:
            _POOLS[count] = ProcessPoolExecutor(
                max_workers=count, timeout=IDLE, initializer=step_back, env=dict.fromkeys(_THREADS, "1")
            )
        return _POOLS[count]


def step_back(steps: int = BEHIND) -> None:
    """Let what shows the results go first: a page that is drawn waits for nobody's runs.

    Parameters
    ----------
    steps
        How far behind others this process goes, 19 is last [steps of niceness].
    """
    if hasattr(os, "nice"):
        os.nice(steps)
    else:
        import ctypes  # noqa: PLC0415

        system: Any = getattr(ctypes, "windll").kernel32  # noqa: B009  (there on Windows alone)
        system.SetPriorityClass(system.GetCurrentProcess(), LAST if steps > BEHIND else BELOW_NORMAL)


def _bar(results: Iterator[_Made], total: int, progress: bool | None) -> Iterator[_Made]:  # noqa: FBT001
    if progress is False or (progress is None and not sys.stderr.isatty()):
        return results
    from tqdm import tqdm  # noqa: PLC0415

    bar: Iterator[_Made] = iter(tqdm(results, total=total, desc=t("replications"), delay=1.0, leave=False))
    return bar
