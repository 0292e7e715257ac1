"""Plays for the panels of a page beside the page, so that it goes on answering; and plays ahead while somebody reads.

What a panel asks for is played by one thread, on all processors, one thing after the other.  What somebody might ask for
next is played by another thread in a single process of the lowest priority, once nothing else has been played for a moment,
and only until somebody asks for something.  Everything is shown from the page's own loop, where panels are at home.
"""

from __future__ import annotations

import asyncio
import atexit
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from threading import Condition, Thread
from typing import TYPE_CHECKING, Any

from kpisim.experiment.executor import step_back
from kpisim.experiment.growing import PARTS, Outcomes
from kpisim.experiment.one import outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kpisim.scenario import Scenario

AHEAD_AFTER = 0.5
"""Seconds of quiet before anything is played ahead."""
MOST_AHEAD = 6
"""Things played ahead at most, before somebody asks again."""
IDLE = 60
"""Seconds after which the process that plays ahead ends if nothing is asked of it."""


class Asked:
    """Something a panel asked for.

    Attributes
    ----------
    dropped
        Whether its panel asked for something else meanwhile, or the page was closed: nothing more of it is shown.
    """

    def __init__(
        self,
        owner: object,
        make: Callable[[Callable[[], bool]], Iterator[Any]],
        show: Callable[[Any], None],
        fail: Callable[[Exception], None],
        tell: Callable[[Callable[[Any], None], Any], None],
    ) -> None:
        self.owner, self.make, self.show, self.fail, self._tell = owner, make, show, fail, tell
        self.dropped = False

    def play(self) -> None:
        """Go through all parts, also of what is dropped: it stops by itself, and closed before it would end processes."""
        try:
            for part in self.make(self.stopped):
                self._tell(self.show, part)
        except Exception as problem:  # noqa: BLE001  (whatever went wrong is told on the page)
            self._tell(self.fail, problem)

    def stopped(self) -> bool:
        """Return whether nothing new may be begun for it."""
        return self.dropped


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Something that might be asked for next.

    Attributes
    ----------
    scenario, replications, seed
        What is played.
    done
        Called in the thread that plays ahead, once all runs are held; it takes them from there, and is told when to stop.
    """

    scenario: Scenario
    replications: int
    seed: int
    done: Callable[[Outcomes, Callable[[], bool]], None]


class Player:
    """Plays for the panels of one page.

    Attributes
    ----------
    held
        Single runs that were played, ahead or for something that was dropped; they are not played again.
    """

    def __init__(self) -> None:
        self.held = Outcomes()
        self._changed = Condition()
        self._queue: deque[Asked] = deque()
        self._now: Asked | None = None
        self._thread: Thread | None = None
        self._closed = False
        self._ahead = _Ahead(self.held)
        self._waiting: asyncio.TimerHandle | None = None
        atexit.register(self.close)

    def play(
        self,
        owner: object,
        make: Callable[[Callable[[], bool]], Iterator[Any]],
        show: Callable[[Any], None],
        fail: Callable[[Exception], None],
    ) -> None:
        """Play something for a panel and show each part of it; what the same panel asked for before is dropped.

        Where no loop is running, as in a script, it is played at once and this returns when all of it is shown.

        Parameters
        ----------
        owner
            The panel.
        make
            Given a function that says when to stop, returns an iterator of parts; it is gone through beside the page.
        show, fail
            What to do with a part, and with an error; called from the loop, or from here where none is running.
        """
        self.hold()
        self.drop(owner)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            Asked(owner, make, show, fail, lambda act, value: act(value)).play()
            return

        def tell(act: Callable[[Any], None], value: Any) -> None:
            # A loop that is closed has nobody to show anything to.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(lambda: None if asked.dropped else act(value))

        asked = Asked(owner, make, show, fail, tell)
        with self._changed:
            if self._closed:
                return
            self._queue.append(asked)
            if self._thread is None:
                self._thread = Thread(target=self._work, name="kpisim-player", daemon=True)
                self._thread.start()
            self._changed.notify()

    def ahead(self, make: Callable[[], Sequence[Neighbour]], fail: Callable[[Exception], None]) -> None:
        """Play what might be asked for next, after a moment and until somebody asks; without a loop nothing is played.

        Parameters
        ----------
        make
            Returns what might be asked for, the likeliest first; no more than `MOST_AHEAD` are played.  It is asked after the
            moment, from the loop, so that it is in nobody's way.
        fail
            What to do with an error, called from the loop.  What was meant to be played is then played when asked for.
        """
        self.hold()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        if self._closed:
            return

        def failed(problem: Exception) -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(fail, problem)

        def begin() -> None:
            self._waiting = None
            try:
                neighbours = list(make())[:MOST_AHEAD]
            except Exception as problem:  # noqa: BLE001  (told on the page)
                fail(problem)
                return
            if neighbours:
                self._ahead.begin(neighbours, failed)

        self._waiting = loop.call_later(AHEAD_AFTER, begin)

    def hold(self) -> None:
        """Stop playing ahead; the run under way ends by itself."""
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        self._ahead.stop()

    def close(self) -> None:
        """Stop everything; nothing more is shown."""
        atexit.unregister(self.close)
        self.hold()
        with self._changed:
            self._closed = True
            for asked in (*self._queue, *([self._now] if self._now is not None else [])):
                asked.dropped = True
            self._queue.clear()
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(10)
        self._ahead.close()

    def drop(self, owner: object) -> None:
        """Stop what a panel asked for; nothing more of it is shown."""
        with self._changed:
            for asked in (*self._queue, *([self._now] if self._now is not None else [])):
                if asked.owner is owner:
                    asked.dropped = True
            self._queue = deque(asked for asked in self._queue if not asked.dropped)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._now = None
                self._changed.wait_for(lambda: self._queue or self._closed)
                if self._closed:
                    return
                self._now = asked = self._queue.popleft()
            asked.play()


class _Ahead:
    """Plays one run at a time in a process of the lowest priority."""

    def __init__(self, held: Outcomes) -> None:
        self._held = held
        self._turn: list[bool] = [True]
        self._thread: Thread | None = None
        self._process: Any = None

    def begin(self, neighbours: list[Neighbour], fail: Callable[[Exception], None]) -> None:
        self.stop()
        before, turn = self._thread, [False]
        self._turn = turn

        def work() -> None:
            if before is not None:
                before.join()
            try:
                self._play(neighbours, turn)
            except Exception as problem:  # noqa: BLE001  (told on the page, and asked for again it is played there)
                self._process = None
                fail(problem)

        self._thread = Thread(target=work, name="kpisim-ahead", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._turn[0] = True

    def close(self) -> None:
        self.stop()
        if self._thread is not None:
            self._thread.join(10)
        if self._process is not None:
            self._process.shutdown(kill_workers=True)
            self._process = None

    def _play(self, neighbours: list[Neighbour], turn: list[bool]) -> None:
        # First what a first picture of each needs, then one after the other.
        for one in neighbours:
            self._runs(one, PARTS[0], turn)
        for one in neighbours:
            if self._runs(one, one.replications, turn):
                one.done(self._held, lambda: turn[0])

    def _runs(self, one: Neighbour, count: int, turn: list[bool]) -> bool:
        """Play the first runs of a neighbour, and return whether all of them are held."""
        there = self._held.of(one.scenario, one.seed)
        for run in range(min(count, one.replications)):
            if run in there:
                continue
            if turn[0]:
                return False
            made = self._apart().submit(outcome, one.scenario, one.seed, run).result()
            if made.failure is not None:
                # It is told when somebody asks for it; playing on would fail again.
                return False
            self._held.add(one.scenario, one.seed, made)
        return True

    def _apart(self) -> Any:
        if self._process is None:
            from joblib.externals.loky import ProcessPoolExecutor  # noqa: PLC0415

            self._process = ProcessPoolExecutor(max_workers=1, timeout=IDLE, initializer=give_way)
        return self._process


def give_way() -> None:
    """Let everything else on this machine go first, also what somebody waits for."""
    step_back(19)


__all__ = ["AHEAD_AFTER", "MOST_AHEAD", "Neighbour", "Player", "give_way"]
