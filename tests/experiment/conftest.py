"""A small scenario and a cache of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kpisim.scenario import Scenario, load

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def small() -> Scenario:
    return load("default").derive({"calendar.weeks": 8, "calendar.warmup_weeks": 3, "team.size": 4})


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("KPISIM_CACHE", str(tmp_path / "缓存 cache"))
    return tmp_path / "缓存 cache"
