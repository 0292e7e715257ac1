"""What several browser tests share."""

from __future__ import annotations

import time
from typing import Any


def until(probe: Any, seconds: float = 60) -> Any:
    """Return what `probe` gives as soon as it gives anything."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found = probe()
        if found:
            return found
        time.sleep(0.5)
    raise AssertionError("nothing was kept")
