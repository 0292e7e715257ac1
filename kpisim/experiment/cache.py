"""Results kept on disk by scenario digest, seed, number of replications and code."""

from __future__ import annotations

import hashlib
import os
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kpisim.scenario import Scenario

KEEP = 400
"""Files kept, some 8 MB; what nobody has read for longest goes first."""


def folder() -> Path:
    """Return the cache folder (``KPISIM_CACHE``, or the user's cache directory)."""
    from platformdirs import user_cache_path  # noqa: PLC0415

    own = os.environ.get("KPISIM_CACHE")
    return Path(own) if own else user_cache_path("kpisim")


@cache
def code_digest() -> str:
    """Return a digest of the code that makes results, so that old results never pass for new ones."""
    root = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for room in ("scenario", "tables", "model", "kpi", "experiment"):
        for file in sorted((root / room).rglob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def key(scenario: Scenario, seed: int, replications: int) -> str:
    """Return the file name of a result."""
    return f"{scenario.digest()}-{code_digest()}-{seed}-{replications}.joblib"


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Hold `name` for one process at a time: who comes second waits, and then finds it kept.

    A report and its kernel, or two commands, have the same result played once.  A process that dies lets go of what it held.
    """
    from filelock import FileLock  # noqa: PLC0415

    file = folder() / f"{name}.lock"
    try:
        folder().mkdir(parents=True, exist_ok=True)
        lock = FileLock(file)
        lock.acquire()
    except (OSError, NotImplementedError):
        # A disk that is read-only or knows no locks: each plays alone.
        yield
        return
    try:
        yield
    finally:
        lock.release()
        with suppress(OSError):
            file.unlink(missing_ok=True)


def read(name: str) -> Any:
    """Return what is kept under `name`, or None; an unreadable file counts as not there."""
    import joblib  # noqa: PLC0415

    try:
        file = folder() / name
        value = joblib.load(file)
    except Exception:  # noqa: BLE001  (a cache may be cut off, from another version, or on a bad disk)
        return None
    with suppress(OSError):
        os.utime(file)  # wanted today: others go first
    return value


def write(name: str, value: Any) -> None:
    """Keep `value` under `name`; a disk that is full or read-only is no reason to fail."""
    import joblib  # noqa: PLC0415

    try:
        folder().mkdir(parents=True, exist_ok=True)
        part = folder() / f"{name}.{os.getpid()}.part"
        joblib.dump(value, part, compress=3)
        part.replace(folder() / name)
        files = sorted(folder().glob("*.joblib"), key=lambda file: file.stat().st_mtime)
        for old in files[:-KEEP]:
            old.unlink(missing_ok=True)
    except OSError:
        return
