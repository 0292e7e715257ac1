"""What went well or wrong is said in one way on every panel."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kpisim.show.panels
from kpisim.show.panels.status import status

pytestmark = pytest.mark.unit


def test_words_are_escaped_and_carry_a_sign_beside_the_colour() -> None:
    said = status("bad", "<b> is no name", "give another")
    assert "■ &lt;b&gt; is no name<br>give another</div>" in said
    assert 'role="status"' in said
    assert "▲ " in status("left", "x")
    assert "✓ " in status("good", "x")
    assert status("plain", "") == ""


def test_no_panel_words_it_anew() -> None:
    folder = Path(kpisim.show.panels.__file__).parent
    found = [
        file.name for file in folder.glob("*.py") if re.search(r'role="status"', file.read_text("utf-8"))
    ]
    assert found == ["status.py"]
