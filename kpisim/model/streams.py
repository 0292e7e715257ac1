"""Random streams keyed by name, so that one more stream, rep or draw moves no other.

A stream is found from (seed, replication, name) and a number within it from its position, never from the
order in which the model happens to ask.  Two scenarios share the streams they have in common
(common random numbers), which is what makes a paired comparison sharp.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import chain, count
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

Law = Literal["uniform", "normal", "exponential"]
_BLOCK = 128
BLOCKS = (_BLOCK, 4 * _BLOCK)
"""Numbers drawn at a time: a short first block, since most streams are read a few dozen times, some thousands."""


class Streams:
    """All random numbers of one replication.

    Parameters
    ----------
    seed
        Seed of the experiment.
    run
        Number of the replication, from 0.

    Examples
    --------
    >>> a, b = Streams(1, 0), Streams(1, 0)
    >>> _ = b.sequence("a stream nobody else reads", "normal")
    >>> next(a.sequence("gaps", "exponential")) == next(b.sequence("gaps", "exponential"))
    True
    """

    __slots__ = ("_rows", "run", "seed")

    def __init__(self, seed: int, run: int) -> None:
        self.seed, self.run = seed, run
        self._rows: list[Rows] = []

    def generator(self, name: str, block: int = 0) -> np.random.Generator:
        """Return a fresh generator for `block` of stream `name`."""
        # sha256 and not hash(): the latter changes with PYTHONHASHSEED.
        key = int.from_bytes(sha256(name.encode()).digest()[:8], "little")
        # numpy splits a list of numbers into the same words, but takes half as long again over it.
        words = [word for number in (self.seed, self.run, key, block) for word in _words(number)]
        return np.random.Generator(np.random.PCG64DXSM(np.array(words, dtype=np.uint32)))

    def sequence(self, name: str, law: Law) -> Iterator[float]:
        """Return the numbers of stream `name` one after the other, without end."""
        # A chain hands out the numbers of a block without running Python code for each.
        return chain.from_iterable(self._blocks(name, law))

    def _blocks(self, name: str, law: Law) -> Iterator[list[float]]:
        for block in count():
            yield _draw(self.generator(name, block), law, BLOCKS[min(block, 1)]).tolist()

    def rows(self, name: str, law: Law, width: int) -> Rows:
        """Return stream `name` as a table: entity k owns row k of `width` numbers."""
        rows = Rows(self, name, law, width)
        self._rows.append(rows)
        return rows

    def clear(self) -> None:
        """Let go of the rows drawn so far; they are drawn again, the same, where they are asked for."""
        for rows in self._rows:
            rows.clear()


class Rows:
    """Numbers that belong to entities: row k is the same whenever, and in whatever order, it is read."""

    __slots__ = ("_blocks", "_law", "_name", "_streams", "width")

    def __init__(self, streams: Streams, name: str, law: Law, width: int) -> None:
        self._streams, self._name, self._law, self.width = streams, name, law, width
        self._blocks: dict[int, list[list[float]]] = {}

    def of(self, entity: int) -> list[float]:
        """Return the row of `entity` (0, 1, 2, …); it is shared, so it is only read."""
        block, row = divmod(entity, _BLOCK)
        rows = self._blocks.get(block)
        if rows is None:
            generator = self._streams.generator(self._name, block)
            draws = _draw(generator, self._law, _BLOCK * self.width)
            rows = self._blocks[block] = draws.reshape(_BLOCK, self.width).tolist()
        return rows[row]

    def clear(self) -> None:
        """Let go of what was drawn."""
        self._blocks.clear()


def _words(number: int) -> list[int]:
    """Return `number` in 32-bit words, lowest first."""
    words = [number & 0xFFFFFFFF]
    while number := number >> 32:
        words.append(number & 0xFFFFFFFF)
    return words


def _draw(generator: np.random.Generator, law: Law, size: int) -> np.ndarray:
    if law == "uniform":
        return generator.random(size)
    if law == "normal":
        return generator.standard_normal(size)
    return generator.standard_exponential(size)


class Arrivals:
    """A counting process whose k-th gap is a unit exponential, scaled by whatever rate holds at the time.

    Since the gaps do not depend on the rate, a scenario with 10 % more demand sees the same
    arrivals a little earlier, not other arrivals.
    """

    __slots__ = ("_gaps", "_left")

    def __init__(self, gaps: Iterator[float]) -> None:
        self._gaps = gaps
        self._left = next(gaps)

    def during(self, amount: float) -> list[float]:
        """Advance by `amount` expected arrivals; return each arrival as a fraction of the way, 0 to 1."""
        if self._left > amount:
            self._left -= amount
            return []
        found = []
        passed, gaps = self._left, self._gaps
        while passed <= amount:
            found.append(passed / amount)
            passed += next(gaps)
        self._left = passed - amount
        return found
