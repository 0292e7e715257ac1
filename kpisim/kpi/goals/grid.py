"""Whole numbers in rows and columns whose sums are both given."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def spread(rows: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
    """Fill a grid in proportion to its margins, in whole pieces, so that every row and column adds up.

    Rounding each row by itself would leave the columns wrong.  Every cell is rounded down or up, never further
    off; those with the largest remainders are rounded up, as far as rows and columns allow.

    Parameters
    ----------
    rows, columns
        Sums to reach, 0 or more, of the same total.

    Returns
    -------
    list of list of int
        One list per row.

    Examples
    --------
    >>> spread([1, 1], [1, 1])
    [[1, 0], [0, 1]]
    """
    total = sum(rows)
    if total != sum(columns):
        message = f"rows add up to {total}, columns to {sum(columns)}"
        raise ValueError(message)
    if not total:
        return [[0] * len(columns) for _ in rows]
    cells = [[row * column // total for column in columns] for row in rows]
    short = [row - sum(line) for row, line in zip(rows, cells, strict=True)]
    missing = [column - sum(line[k] for line in cells) for k, column in enumerate(columns)]
    rest = [[row * column % total for column in columns] for row in rows]
    for i, k in _largest(short, missing, rest) or _flow(short, missing, rest):
        cells[i][k] += 1
    return cells


def _largest(short: list[int], missing: list[int], rest: list[list[int]]) -> list[tuple[int, int]] | None:
    """Return the cells with the largest remainders that their row and column still need; None if that ends in a corner."""
    rows, columns = list(short), list(missing)
    places = [(i, k) for i, line in enumerate(rest) for k, left in enumerate(line) if left]
    taken = []
    for i, k in sorted(places, key=lambda place: (-rest[place[0]][place[1]], place)):
        if rows[i] and columns[k]:
            rows[i] -= 1
            columns[k] -= 1
            taken.append((i, k))
    return None if any(rows) else taken


def _flow(short: list[int], missing: list[int], rest: list[list[int]]) -> list[tuple[int, int]]:
    """Return the cells to round up that have the largest remainders together, each at most once.

    Row and column sums make a linear programme whose corners are whole, so its solution needs no search.
    """
    import numpy as np  # noqa: PLC0415
    from scipy.optimize import linprog  # noqa: PLC0415

    left = np.array([[float(cell) for cell in line] for line in rest])
    n, m = left.shape
    sums = np.vstack([np.kron(np.eye(n), np.ones(m)), np.kron(np.ones(n), np.eye(m))])
    made = linprog(
        -left.ravel() / max(left.max(), 1.0),
        A_eq=sums,
        b_eq=[*short, *missing],
        bounds=[(0, 1 if cell else 0) for cell in left.ravel()],
        method="highs-ds",
    )
    return [
        (int(i), int(k))
        for i, k in zip(*np.nonzero(np.reshape(np.asarray(made.x), (n, m)) > 0.5), strict=True)
    ]


__all__ = ["spread"]
