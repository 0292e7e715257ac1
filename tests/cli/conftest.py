"""The command line in this process, with its exit code and what it printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pytest

from kpisim.cli import main
from kpisim.text import set_language

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Said:
    """What a command came to."""

    code: object
    out: str
    err: str


class Kpisim(Protocol):
    """Run the command line on words."""

    def __call__(self, *words: str) -> Said:
        """Return what ``kpisim WORDS`` comes to."""
        ...


@pytest.fixture
def kpisim(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Kpisim]:
    """Return a function that runs ``kpisim WORDS`` in an empty folder with an empty cache."""
    for name in ("KPISIM_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("KPISIM_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def call(*words: str) -> Said:
        with pytest.raises(SystemExit) as ended:
            main(list(words))
        printed = capsys.readouterr()
        return Said(ended.value.code, printed.out, printed.err)

    yield call
    set_language("en")
