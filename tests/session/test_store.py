"""What was kept is there after a crash, and what is private has no way out."""

from __future__ import annotations

import inspect
import random
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from kpisim.session import Entry, PrivateEntry, open_session
from kpisim.text import UserError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit

WRITER = """
import sys
from kpisim.session import open_session
session = open_session(sys.argv[1], "a")
while True:
    print(session.keep("sheet", {"text": "培训" * 200}).number, flush=True)
"""


def test_what_is_kept_comes_back_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "培训 一"
    session = open_session(folder, "a")
    session.keep("culture_pulse", [{"goal": 4}])
    session.keep("culture_pulse", [{"goal": 5}])
    again = open_session(folder, "a")
    assert [entry.data for entry in again.entries("culture_pulse")] == [[{"goal": 4}], [{"goal": 5}]]
    assert again.latest("culture_pulse") == [{"goal": 5}]
    assert again.latest("nothing") is None


def test_what_belongs_together_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    session = open_session(tmp_path, "a")
    kept = session.keep_together({"decision": {"rate": 0.03}, "result": {"readings": []}})
    assert [(entry.kind, entry.data) for entry in kept] == [
        ("decision", {"rate": 0.03}),
        ("result", {"readings": []}),
    ]
    with session.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON entries WHEN new.kind = 'result' "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    with pytest.raises(UserError, match="disk is full"):
        session.keep_together({"decision": {"rate": 0.05}, "result": {"readings": [1]}})
    assert session.latest("decision") == {"rate": 0.03}


def test_the_folder_remembers_whose_it_is(tmp_path: Path) -> None:
    first = open_session(tmp_path)
    first.keep("x", 1)
    assert open_session(tmp_path).author == first.author
    assert open_session(tmp_path).latest("x") == 1


def test_private_is_a_type_of_its_own_and_lies_apart(tmp_path: Path) -> None:
    session = open_session(tmp_path, "a")
    session.keep("join", {"table": 3})
    kept = session.keep_private("abc_sheet", {"event": "总监当众批评"})
    assert type(kept) is PrivateEntry
    assert not issubclass(PrivateEntry, Entry)
    assert [entry.kind for entry in session.entries()] == ["join"]
    assert session.cohort("abc_sheet") == []
    assert session.latest("abc_sheet") is None
    assert session.latest_private("abc_sheet") == {"event": "总监当众批评"}
    # No function that gives Entry reads the private table.
    for name in ("entries", "latest", "cohort", "room"):
        assert "_private" not in inspect.getsource(getattr(type(session), name)).split('"""')[-1]


def test_nobody_sees_what_is_anothers_but_the_cohort_sees_the_last_of_each(tmp_path: Path) -> None:
    one, two = open_session(tmp_path, "one"), open_session(tmp_path, "two")
    one.keep("pulse", 1)
    one.keep("pulse", 2)
    two.keep("pulse", 5)
    assert [entry.data for entry in one.entries()] == [1, 2]
    assert sorted(entry.data for entry in one.cohort("pulse")) == [2, 5]
    assert [one.latest("pulse"), two.latest("pulse"), two.latest("other")] == [2, 5, None]
    assert [entry.data for entry in two.room("pulse")] == [1, 2, 5]
    assert two.room("other") == []


def test_what_is_private_is_read_by_its_author_alone(tmp_path: Path) -> None:
    one, two = open_session(tmp_path, "one"), open_session(tmp_path, "two")
    one.keep_private("abc_sheet", "SECRET-TEXT")
    assert [entry.data for entry in one.private_entries()] == ["SECRET-TEXT"]
    assert one.private_entries("stressors") == []
    assert two.private_entries() == []
    assert two.latest_private("abc_sheet") is None


def test_a_wipe_takes_everything_of_one_author_and_nothing_of_another(tmp_path: Path) -> None:
    one, two = open_session(tmp_path, "one"), open_session(tmp_path, "two")
    one.keep("pulse", 1)
    one.keep_private("abc_sheet", "SECRET-TEXT")
    two.keep("pulse", 5)
    assert one.wipe() == 2
    assert one.entries() == []
    assert one.private_entries() == []
    assert [entry.data for entry in two.entries()] == [5]
    one.engine.dispose()
    two.engine.dispose()
    assert b"SECRET-TEXT" not in (tmp_path / "session.db").read_bytes()


def test_what_cannot_be_kept_says_so_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "session.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(UserError, match="cannot be kept"):
        open_session(tmp_path, "a")
    with pytest.raises(UserError) as problem:
        open_session("postgresql://kim:secret@127.0.0.1:1/nowhere", "a")
    assert "secret" not in str(problem.value)
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    with pytest.raises(UserError, match="cannot be written"):
        open_session(file / "below", "a")


@pytest.mark.slow
def test_thirty_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """``kill -9`` at random moments: whatever the writer has announced is there."""
    chance = random.Random(7)  # noqa: S311  (only when to kill)
    announced = 0
    for _ in range(30):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        announced = int(writer.stdout.readline())
        time.sleep(chance.random() * 0.2)
        writer.kill()
        rest = writer.stdout.read().splitlines()
        writer.stdout.close()
        writer.wait()
        announced = max([announced, *(int(line) for line in rest if line.isdigit())])
        numbers = [entry.number for entry in open_session(tmp_path, "a").entries()]
        assert numbers == list(range(1, len(numbers) + 1))
        assert len(numbers) >= announced


def test_half_an_emoji_is_kept_as_a_question_mark(tmp_path: Path) -> None:
    session = open_session(tmp_path)
    assert session.keep("note", {"text": "好\ud83d"}).data == {"text": "好?"}
    assert session.latest("note") == {"text": "好?"}
