"""What somebody entered can be deleted by themselves: after a question, whole, and nobody else's."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from kpisim.course import lesson, sheet
from kpisim.session import open_session
from kpisim.show.panels.desk import Desk
from kpisim.show.panels.form import SheetForm
from kpisim.show.panels.talk import QuizPanel, RolePlayPanel
from kpisim.show.panels.wiping import READ, WipePanel
from kpisim.text import UserError
from tests.show.panels.seen import found, said

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit


@pytest.fixture
def panel(tmp_path: Path) -> WipePanel:
    session = open_session(tmp_path, "one")
    session.keep("culture_pulse", [{"clarity": 4.0}])
    session.keep_private("abc_sheet", [{"event": "SECRET"}])
    open_session(tmp_path, "two").keep("culture_pulse", [{"clarity": 1.0}])
    made = WipePanel(Desk(session, "en"))
    made.pause = 0.0
    return made


def test_nothing_is_deleted_before_it_was_answered_that_it_is_meant(panel: WipePanel) -> None:
    found(panel.box, "kpisim-wipe-ask").click()
    assert panel.desk.session.latest("culture_pulse") == [{"clarity": 4.0}]
    found(panel.box, "kpisim-wipe-no").click()
    assert panel.desk.session.latest("culture_pulse") == [{"clarity": 4.0}]
    found(panel.box, "kpisim-wipe-ask")  # the first button is there again


def test_all_of_ones_own_is_deleted_and_nothing_of_others(panel: WipePanel) -> None:
    found(panel.box, "kpisim-wipe-ask").click()
    found(panel.box, "kpisim-wipe-yes").click()
    session = panel.desk.session
    assert (session.entries(), session.private_entries()) == ([], [])
    assert [entry.author for entry in session.cohort("culture_pulse")] == ["two"]
    assert "2 entries are deleted" in panel.box.children[0].value
    panel.desk.speak("zh")
    assert "已删除2条记录" in panel.box.children[0].value


def test_a_session_that_cannot_be_written_is_told_in_one_line(
    panel: WipePanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> int:
        raise UserError("the disk is full")

    monkeypatch.setattr(panel.desk.session, "wipe", refuse)
    found(panel.box, "kpisim-wipe-ask").click()
    found(panel.box, "kpisim-wipe-yes").click()
    assert "■ the disk is full" in panel.box.children[-1].value
    found(panel.box, "kpisim-wipe-ask")


def test_a_second_click_in_the_same_place_deletes_nothing(panel: WipePanel) -> None:
    found(panel.box, "kpisim-wipe-ask").click()
    assert "Really delete everything?" in said(panel.box)
    panel.pause = READ
    found(panel.box, "kpisim-wipe-yes").click()  # wherever the mouse stands over it now
    assert panel.desk.session.latest("culture_pulse") == [{"clarity": 4.0}]
    panel.since -= READ
    found(panel.box, "kpisim-wipe-yes").click()
    assert panel.desk.session.entries() == []


def test_what_was_deleted_leaves_the_page_and_no_open_page_puts_it_back(tmp_path: Path) -> None:
    asked, pulse = lesson("culture").questions[0], sheet("culture_pulse")
    here, beside = (Desk(open_session(tmp_path, "one"), "en") for _ in range(2))
    form, other = SheetForm(here, pulse), SheetForm(beside, pulse)
    quiz, scene = (
        QuizPanel(beside, asked),
        RolePlayPanel(beside, lesson("communication").roleplays[0]),
    )
    other.typed(0, "clarity", 4)
    other.save()
    assert "Saved at" in other.said.value
    panel = WipePanel(here)
    panel.wipe()
    assert form.box.comm is None
    assert here.panels == [panel]
    other.typed(0, "clarity", 5)
    other.save()
    quiz.pick(0)
    scene.take("a")
    for told in (other.said.value, quiz.said(), said(scene.box)):
        assert "■ everything you entered was deleted" in told
    here.speak("zh")
    assert "已删除2条记录" in said(panel.box)
    session = open_session(tmp_path, "one")
    assert (session.entries(), session.private_entries()) == ([], [])
    session.keep("culture_pulse", [])  # who opens a page anew begins anew


def test_the_notebook_s_import_finds_the_button_and_no_module() -> None:
    # A file of the same name would be found in its place once it is imported.
    code = "from kpisim.show.panels import page, step, wipe; assert all(map(callable, (page, step, wipe)))"
    subprocess.run([sys.executable, "-c", code], check=True)
