"""The room: who is how far, means of enough people only, and nothing private."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from kpisim.session import open_session
from kpisim.session.room import change, comment, comments, mean, merge, obstacles, progress

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
