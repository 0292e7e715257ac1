"""What every test stands on: no window on the screen, a class for each test, the folder of real data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from kpisim.text import language

if TYPE_CHECKING:
    from collections.abc import Iterator

# How long an example takes says more about the machine than about the code.
settings.register_profile("kpisim", deadline=None)
settings.load_profile("kpisim")

ROOT = Path(__file__).resolve().parent.parent
CLASSES = ("unit", "functional", "theory", "evidence", "back", "notebook", "browser")

# matplotlib reads its backend once, on import. The variable is taken back at once, because a kernel started by a
# test inherits it and would then draw other than a reader's kernel does.
_backend = os.environ.get("MPLBACKEND")
os.environ["MPLBACKEND"] = "Agg"
import matplotlib as mpl  # noqa: E402  (after the variable it reads)

assert mpl.get_backend().lower() == "agg"
if _backend is None:
    del os.environ["MPLBACKEND"]
else:
    os.environ["MPLBACKEND"] = _backend


@pytest.hookimpl(tryfirst=True)  # before -m leaves tests out, so that no unmarked one hides
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test that does not say what class of evidence it is."""
    unmarked = []
    for item in items:
        if item.path.suffix == ".ipynb":  # nbval's cells carry no marks of their own
            item.add_marker(pytest.mark.notebook)
        elif not any(item.get_closest_marker(name) for name in CLASSES):
            unmarked.append(item.nodeid)
    if unmarked:
        tests = "\n  ".join(unmarked)
        choices = ", ".join(CLASSES)
        raise pytest.UsageError(
            f"{len(unmarked)} test(s) without a class marker:\n  {tests}\n"
            f"Each test says what class it is. Add one of: {choices}; for a whole file: pytestmark = pytest.mark.unit"
        )


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Return the folder of published data sets, which are too large and not ours to pass on."""
    folder = Path(os.environ.get("KPISIM_REAL_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}: point KPISIM_REAL_DATA to the folder")
    return folder


@pytest.fixture(autouse=True)
def _reads_english() -> Iterator[None]:
    """Begin each test in English, whatever language the one before has left behind."""
    with language("en"):
        yield
