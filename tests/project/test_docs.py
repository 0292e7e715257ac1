"""Every page of the documentation can be found from its index, and every link in it leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])


def linked(page: Path) -> set[Path]:
    """Return the files that a page links to."""
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    return {(page.parent / link).resolve() for link in links}


def test_every_page_stands_in_the_index() -> None:
    index = DOCS / "README.md"
    missing = {page for page in DOCS.rglob("*.md") if page != index} - linked(index)
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files(page: Path) -> None:
    lost = [link for link in linked(page) if not link.exists()]
    assert not lost
