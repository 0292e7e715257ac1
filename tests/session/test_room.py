"""The room: who is how far, means of enough people only, and nothing private."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kpisim.session import open_session
from kpisim.session.room import (
    Laptops,
    Moved,
    change,
    changes,
    comment,
    comments,
    mean,
    merge,
    names,
    obstacles,
    progress,
)

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit


def test_progress_counts_sheets_and_finds_who_may_be_stuck(tmp_path: Path) -> None:
    ann, bob = open_session(tmp_path, "ann"), open_session(tmp_path, "bob")
    ann.keep("join", [{}])
    ann.keep("join", [{}])
    last = ann.keep("draft.culture_pulse", [{}])
    bob.keep_private("abc_sheet", [{"event": "SECRET"}])
    open_session(tmp_path, "boss").keep("trainer.cut", [])
    (one,) = progress(ann, ["join", "culture_pulse"], last.at + timedelta(minutes=5))
    assert (one.author, one.sheets, one.last, one.stuck) == ("ann", 1, "culture_pulse", False)
    assert progress(ann, ["join"], last.at + timedelta(minutes=9))[0].stuck
    assert one.minutes == 5.0
    assert not progress(ann, [], last.at + timedelta(minutes=8))[0].stuck


def test_a_nickname_that_two_chose_has_the_code_behind_it(tmp_path: Path) -> None:
    for author, nickname in (("a", "Li "), ("b", " Li"), ("c", "Mei  Mei"), ("d", ""), ("e", None)):
        open_session(tmp_path, author).keep("join", [{"nickname": nickname}])
    open_session(tmp_path, "f").keep("join", [])
    assert names(open_session(tmp_path, "a")) == {"a": "Li (a)", "b": "Li (b)", "c": "Mei Mei"}


def test_of_a_person_on_two_laptops_the_last_answer_counts(tmp_path: Path) -> None:
    one, two = open_session(tmp_path / "1", "ann"), open_session(tmp_path / "2", "ann")
    bob = open_session(tmp_path / "2", "bob")
    two.keep("culture_pulse", [{"clarity": 1.0}])
    bob.keep("culture_pulse", [{"clarity": 2.0}])
    one.keep("culture_pulse", [{"clarity": 3.0}])
    # A generator is read once only; the rooms are asked again and again.
    for sessions in ((one, two), (two, one), iter((one, two))):
        room = Laptops(sessions)
        for _ in range(2):
            found = {entry.author: entry.data[0]["clarity"] for entry in room.cohort("culture_pulse")}
            assert found == {"ann": 3.0, "bob": 2.0}


def test_how_a_mark_moved_over_five_people_and_of_four_nothing(tmp_path: Path) -> None:
    for count, author in enumerate("abcde", 1):
        session = open_session(tmp_path, author)
        session.keep(
            "pre_rating", [{"cooperation": 2.0, "goals": 1.0, **({} if author == "e" else {"few": 1.0})}]
        )
        session.keep(
            "post_rating", [{"cooperation": 3.0, "goals": 1.0 + count, "few": 2.0, "new": 1.0, "word": "x"}]
        )
    found = changes(open_session(tmp_path, "a"), "pre_rating", "post_rating")
    assert found.keys() == {"cooperation", "goals"}
    # Everybody moved alike: there is no spread to make an interval of.
    assert found["cooperation"] == Moved(2.0, 3.0, None, None, 5)
    # Steps 1 … 5: mean 3, standard deviation 1.5811, t(4) = 2.7764: 3 ± 1.9632.
    goals = found["goals"]
    assert (goals.before, goals.after, goals.n) == (1.0, 4.0, 5)
    assert [goals.low, goals.high] == pytest.approx([1.0368, 4.9632], abs=1e-4)


@pytest.mark.parametrize("data", [None, [], {}, "text", ["text"], [[1.0]], [{}], [{"clarity": "x"}]])
def test_what_is_no_sheet_of_marks_has_none(tmp_path: Path, data: object) -> None:
    for author in "abcde":
        session = open_session(tmp_path, author)
        session.keep("culture_pulse", data)
    assert mean(session, "culture_pulse", least=1) is None
    assert changes(session, "culture_pulse", "culture_pulse") == {}


def test_a_mean_is_shown_from_three_people_on(tmp_path: Path) -> None:
    for count, author in enumerate("abc", 1):
        session = open_session(tmp_path, author)
        session.keep("culture_pulse", [{"clarity": 1.0, "learning": 1.0}])
        session.keep("culture_pulse", [{"clarity": float(count), "learning": 3.0}])
        # Last answers count: (1 + 3) / 2, (2 + 3) / 2, (3 + 3) / 2.
        assert mean(session, "culture_pulse") == (None if count < 3 else (2.5, 3))


def test_a_change_is_shown_from_five_pairs_on(tmp_path: Path) -> None:
    for count, author in enumerate("abcdef", 1):
        session = open_session(tmp_path, author)
        if author != "a":  # no pair without a first rating
            session.keep("pre_rating", [{"cooperation": 2.0}])
        session.keep("post_rating", [{"cooperation": 3.5, "other": 1.0}])
        assert change(session, "pre_rating", "post_rating") == (None if count < 6 else (1.5, 5))
    # One who gave two marks counts once, with the mean of both steps: (1.5 + 4.5) / 2 = 3, so (4 · 1.5 + 3) / 5.
    session.keep("pre_rating", [{"cooperation": 2.0, "goals": 0.5}])
    session.keep("post_rating", [{"cooperation": 3.5, "goals": 5.0}])
    found = change(session, "pre_rating", "post_rating")
    assert found is not None
    assert found[0] == pytest.approx(1.8)
    assert found[1] == 5


def test_two_different_steps_are_spread_enough_for_an_interval(tmp_path: Path) -> None:
    for author in "abcde":
        session = open_session(tmp_path, author)
        session.keep("pre_rating", [{"goals": 1.0}])
        session.keep("post_rating", [{"goals": 3.0 if author == "e" else 2.0}])
    goals = changes(session, "pre_rating", "post_rating")["goals"]
    # Steps 1, 1, 1, 1, 2: mean 1.2, standard deviation 0.4472, t(4) = 2.7764: 1.2 ± 0.5553.
    assert [goals.low, goals.high] == pytest.approx([0.6447, 1.7553], abs=1e-4)


def test_a_comment_is_for_one_author_and_the_last_one_counts(tmp_path: Path) -> None:
    ann, bob, boss = (open_session(tmp_path, author) for author in ("ann", "bob", "boss"))
    comment(boss, "ann", "smart_goals", "too long")
    comment(boss, "ann", "smart_goals", " the date is good ")
    comment(boss, "ann", "week_plan", "hm")
    comment(boss, "ann", "week_plan", "")
    comment(boss, "bob", "smart_goals", "yes")
    assert comments(ann) == {"smart_goals": "the date is good"}
    assert comments(bob) == comments(boss, "bob") == {"smart_goals": "yes"}
    assert comments(boss) == {}


def test_obstacles_of_the_room_are_counted_and_doubles_merged(tmp_path: Path) -> None:
    ann, bob, boss = (open_session(tmp_path, name) for name in ("ann", "bob", "boss"))
    ann.keep("obstacles", [{"obstacle": "口号 多", "votes": 2.0}, {"obstacle": "只看业绩", "votes": 3.0}])
    bob.keep(
        "obstacles", [{"obstacle": " 口号  多 ", "votes": 1.0}, {"obstacle": "口号太多", "votes": 4.0}, {}]
    )
    assert obstacles(boss) == {"口号太多": 4, "口号 多": 3, "只看业绩": 3}
    merge(boss, "口号 多", "口号太多")
    assert obstacles(boss) == {"口号太多": 7, "只看业绩": 3}
    # Into itself, or into what is not there, changes nothing; what is saved later under the old name goes along.
    merge(boss, "只看业绩", "只看业绩")
    merge(boss, "只看业绩", "没有这条")
    bob.keep("obstacles", [{"obstacle": "口号 多", "votes": 5.0}])
    assert obstacles(boss) == {"口号 多": 7, "只看业绩": 3}
    ann.keep("obstacles", [{"obstacle": "口号太多"}])
    assert obstacles(boss) == {"口号太多": 5}
