"""Whole numbers in rows and columns whose sums are both given."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def spread(rows: Sequence[int], columns: Sequence[int]) -> list[list[int]]:
    """Fill a grid in proportion to its margins, in whole pieces, so that every row and column adds up.

    Rounding each row by itself would leave the columns wrong.  Every cell is rounded down or up, never further
    off; which cells are rounded up is a flow from rows to columns, and a flow through whole capacities is whole.

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
    if any(short):
        for i, k in _flow(short, missing, [[row * column % total for column in columns] for row in rows]):
            cells[i][k] += 1
    return cells


def _flow(short: list[int], missing: list[int], rest: list[list[int]]) -> list[tuple[int, int]]:
    """Return the cells to round up; a cell without a remainder is exact and stays."""
    import numpy as np  # noqa: PLC0415
    from scipy.sparse import csr_array  # noqa: PLC0415
    from scipy.sparse.csgraph import maximum_flow  # noqa: PLC0415

    n, m = len(short), len(missing)
    links = np.zeros((n + m + 2, n + m + 2), dtype=np.int32)
    links[0, 1 : n + 1] = short
    links[n + 1 : n + m + 1, -1] = missing
    links[1 : n + 1, n + 1 : n + m + 1] = [[1 if left else 0 for left in line] for line in rest]
    flow = maximum_flow(csr_array(links), 0, n + m + 1)
    taken = flow.flow.toarray()[1 : n + 1, n + 1 : n + m + 1]
    return [(int(i), int(k)) for i, k in zip(*np.nonzero(taken > 0), strict=True)]


__all__ = ["spread"]
