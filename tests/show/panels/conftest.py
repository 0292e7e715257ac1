"""A participant's desk for tests of panels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kpisim.session import open_session
from kpisim.show.panels.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give a desk in Chinese, its words spoken while the test runs."""
    made = Desk(open_session(tmp_path, "a"), "zh")
    with made.words():
        yield made
