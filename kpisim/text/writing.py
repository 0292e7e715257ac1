"""A place that cannot be written to is a user's mistake: one line that names the place and the remedy."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def writing_folder(path: str | Path) -> Iterator[None]:
    """Turn a failure to make or fill the folder `path` into one line.

    Raises
    ------
    UserError
        The system refused; its reason is named.
    """
    try:
        yield
    except OSError as problem:
        raise UserError(
            "{path}: cannot be written ({problem}); choose another folder",
            path=str(path),
            problem=problem.strerror,
        ) from None


@contextmanager
def writing_file(path: str | Path) -> Iterator[None]:
    """Turn a failure to write the file `path`, for instance because Excel has it open, into one line.

    Raises
    ------
    UserError
        The system refused; its reason is named.
    """
    try:
        yield
    except OSError as problem:
        raise UserError(
            "{path}: cannot be written ({reason}); close it elsewhere or choose another place",
            path=str(path),
            reason=problem.strerror or problem,
        ) from None


__all__ = ["writing_file", "writing_folder"]
