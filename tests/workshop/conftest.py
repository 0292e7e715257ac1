"""The command line, as the tests of the commands call it."""

from __future__ import annotations

from tests.cli.conftest import kpisim

__all__ = ["kpisim"]
