"""The room after the day: means of enough people, commitments without names, nothing private, refused when too few."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.course import sheet
from kpisim.report.cohort import cohort_report
from kpisim.session import open_session
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.session import Session

pytestmark = pytest.mark.unit


def laptop(folder: Path, place: int, *, plan: bool = True, after: bool = True) -> Session:
    """Return one participant's session on a laptop of their own."""
    session = open_session(folder / str(place), f"code{place}")
    session.keep("join", [{"nickname": f"NICK{place}", "table": 1, "profile": "team"}])
    session.keep("pre_rating", [{"cooperation": 2.0, "culture_plan": 3.0}])
    # 1, 2, 3, … points more: with five people 3 on the mean.
    if after:
        session.keep("post_rating", [{"cooperation": 2.0 + place, "culture_plan": 4.0}])
    if plan:
        row = {
            "area": "goals", "commitment": f"promise-{place} <b>", "measure": "count", "helper": f"HELPER{place}",
            "first": f"FIRST{place}", "date": f"2027-03-0{place}",
        }  # fmt: skip
        session.keep("action_plan", [row])
    session.keep_private("abc_sheet", [{"event": f"SECRET{place}"}])
    session.keep_private("stressors", [{"source": "boss", "strength": 5.0}])
    return session


def cells(page: str) -> list[list[str]]:
    return [
        [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line)]
        for line in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    ]


@pytest.mark.parametrize(
    ("lang", "skill"), [("zh", "我能和其他部门谈成一件事"), ("en", "I can settle a matter")]
)
def test_five_people_give_a_change_with_its_interval_and_nameless_commitments(
    tmp_path: Path, lang: Any, skill: str
) -> None:
    sessions = [laptop(tmp_path, place) for place in range(1, 6)]
    with language(lang):
        text = cohort_report(sessions, tmp_path / "全场 out" / "x.html").read_text(encoding="utf-8")
    (row,) = [line for line in cells(text) if line and line[0].startswith(skill)]
    # Changes 1 … 5: mean 3, sd 1.58, t(4) = 2.776: 3 ± 1.96.
    assert row[1:] == ["2.0", "5.0", "+3.0", "+1.0 … +5.0", "5"]
    assert text.count("promise-") == 5
    assert "promise-1 &lt;b&gt;" in text
    for hidden in ("NICK", "HELPER", "FIRST", "SECRET", "code1", "abc_sheet"):
        assert hidden not in text
    (plan,) = [line for line in cells(text) if len(line) > 1 and line[1].startswith("promise-1")]
    at = sessions[0].entries("action_plan")[-1].at.astimezone().date().toordinal()
    from datetime import date

    assert [date.fromisoformat(cell).toordinal() - at for cell in plan[-3:]] == [30, 60, 90]
    assert not re.search(r"(?:src|href)=.https?:", text)


def test_a_skill_nobody_moved_in_has_no_sign_and_a_loss_a_real_minus(tmp_path: Path) -> None:
    sessions = [laptop(tmp_path, place) for place in range(1, 6)]
    # Before: 2 and 3 for everybody. After: one up, one down, the rest as before; and all one point down, which has no spread.
    for session, after in zip(sessions, (3.0, 1.0, 2.0, 2.0, 2.0), strict=True):
        session.keep("post_rating", [{"cooperation": after, "culture_plan": 2.0}])
    with language("en"):
        lines = cells(cohort_report(sessions, tmp_path / "x.html").read_text(encoding="utf-8"))
    moved = [line[1:] for line in lines if len(line) == 6 and line[5] == "5"]
    # Mean 0, sd √(2/4), t(4) = 2.776: 0 ± 0.88.
    assert ["2.0", "2.0", "0.0", "−0.9 … +0.9", "5"] in moved
    assert ["3.0", "2.0", "−1.0", "–", "5"] in moved


def test_the_pulse_of_the_room_is_a_mean_of_three_people(tmp_path: Path) -> None:
    sessions = [laptop(tmp_path, place) for place in range(1, 4)]
    for mark, session in enumerate(sessions, 2):
        if mark < 4:
            session.keep("culture_pulse", [{"clarity": float(mark), "learning": float(mark)}])
    with language("en"):
        few = cohort_report(sessions, tmp_path / "few.html").read_text(encoding="utf-8")
        sessions[2].keep("culture_pulse", [{"clarity": 4.0, "learning": 5.0}])
        text = cohort_report(sessions, tmp_path / "x.html").read_text(encoding="utf-8")
    # 2, 3 and 4.5 come to 9.5; a third of it.
    assert "3.2 of 5, n = 3" in text
    assert " of 5, n = " not in few


def test_a_change_needs_five_and_commitments_need_three(tmp_path: Path) -> None:
    sessions = [laptop(tmp_path, place, plan=place < 3) for place in range(1, 5)]
    with language("en"):
        text = cohort_report(sessions, tmp_path / "x.html").read_text(encoding="utf-8")
    assert "shown from 5 people on" in text
    assert "promise-" not in text
    assert "+2.5" not in text


def test_the_same_person_on_two_laptops_counts_once(tmp_path: Path) -> None:
    sessions = [laptop(tmp_path, place) for place in range(1, 5)]
    again = open_session(tmp_path / "other", "code1")
    again.keep("pre_rating", [{"cooperation": 1.0}])
    again.keep("post_rating", [{"cooperation": 5.0}])
    with language("en"):
        text = cohort_report([*sessions, again], tmp_path / "x.html").read_text(encoding="utf-8")
    assert "4 people" in text
    assert "shown from 5 people on" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_fewer_than_three_people_are_refused_politely_and_nothing_is_written(
    tmp_path: Path, lang: Any
) -> None:
    sessions = [laptop(tmp_path, place) for place in (1, 2)]
    with language(lang), pytest.raises(UserError) as problem:
        cohort_report(sessions, tmp_path / "x.html")
    with language(lang):
        said = str(problem.value)
    assert said.startswith("2 people" if lang == "en" else "只有2人")
    assert not (tmp_path / "x.html").exists()


def test_plans_agreements_goals_and_boxes_are_counted_from_three_people_on(tmp_path: Path) -> None:
    sessions = [laptop(tmp_path, place) for place in range(1, 4)]
    good = {"goal": "By 31 December 2099 sales in the East region win 12 new customers.", "serves": "growth"}
    for place, session in enumerate(sessions):
        # A row that was opened and left empty is no goal.
        session.keep("smart_goals", [good, {"goal": f"improve sales {place}"}, {"serves": "growth"}])
    for session in sessions[:2]:
        session.keep("collab_agreement", [{"give": "SECRET-OFFER"}])
    # Whoever saved a sheet without saying anything in it hides nobody.
    sessions[2].keep("collab_agreement", [{"measure": "SECRET-OFFER"}])
    sessions[2].keep("action_plan", [{"area": "goals", "measure": "empty"}])
    with language("en"):
        text = cohort_report(sessions, tmp_path / "x.html").read_text(encoding="utf-8")
        title = str(sheet("smart_goals").title.text())
    (goals,) = [line for line in cells(text) if line and line[0] == title]
    assert goals[1:] == ["3", "6", "3"]
    assert "SECRET-OFFER" not in text
    (agreed,) = [line for line in cells(text) if line and line[0] == "Win-win agreement"]
    assert agreed[1].startswith("too few")
    assert "promise-" not in text
    sessions[2].keep(
        "action_plan", [{"area": "goals", "commitment": "promise-3", "date": None}, {"area": "culture"}]
    )
    with language("en"):
        text = cohort_report(sessions, tmp_path / "x.html").read_text(encoding="utf-8")
    promised = [line for line in cells(text) if len(line) == 7 and line[6] != "90 days"]
    assert [(line[1], line[3]) for line in promised] == [
        ("promise-1 &lt;b&gt;", "2027-03-01"), ("promise-2 &lt;b&gt;", "2027-03-02"), ("promise-3", ""),
    ]  # fmt: skip
