"""Targets keep their past."""

from __future__ import annotations

import dataclasses
import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kpisim.kpi.goals.targets import TargetHistory, new_target, read_targets, write_targets
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit

JAN, APR, JUL = date(2027, 1, 1), date(2027, 4, 1), date(2027, 7, 1)


def quota() -> TargetHistory:
    first = new_target(
        "一季度指标",
        "revenue_booked",
        100,
        JAN,
        "年度计划",
        author="总监",
        recorded_on=date(2026, 12, 20),
        owner="east",
    )
    return first.changed(80, APR, "主要客户推迟采购", author="总监", recorded_on=date(2027, 3, 15))  # fmt: skip


def test_a_report_before_and_after_a_change_uses_the_right_version() -> None:
    history = quota()
    values = {day: version.value if (version := history.as_of(day)) else None for day in (
        date(2026, 12, 31), JAN, date(2027, 3, 31), APR, date(2028, 1, 1))}  # fmt: skip
    assert list(values.values()) == [None, 100, 100, 80, 80]
    assert [(start, end, version.value) for start, end, version in history.spans(JAN, JUL)] == [
        (JAN, APR, 100),
        (APR, JUL, 80),
    ]


def test_a_period_that_ends_where_a_change_begins_is_one_stretch() -> None:
    assert [(start, end) for start, end, _ in quota().spans(JAN, APR)] == [(JAN, APR)]


def test_a_report_of_back_then_does_not_know_what_was_recorded_later() -> None:
    then = quota().as_of(APR, known_on=date(2027, 3, 14))
    on_the_day = quota().as_of(APR, known_on=date(2027, 3, 15))
    assert then is not None
    assert on_the_day is not None
    assert (then.value, on_the_day.value) == (100, 80)


def test_the_history_as_it_was_on_a_day() -> None:
    history = quota()
    (first, second) = history.versions
    assert history.known(date(2026, 12, 19)) is None
    for day, versions in (
        (date(2026, 12, 20), (first,)),
        (date(2027, 3, 14), (first,)),
        (date(2027, 3, 15), (first, second)),
    ):
        assert history.known(day) == dataclasses.replace(history, versions=versions)


def test_a_report_that_begins_before_the_first_version_has_a_stretch_from_there_on() -> None:
    assert [(start, end, one.value) for start, end, one in quota().spans(date(2026, 7, 1), JUL)] == [
        (JAN, APR, 100),
        (APR, JUL, 80),
    ]


@pytest.mark.parametrize("name", ["targets.json", "targets.yaml"])
def test_the_period_is_kept_and_none_is_a_quarter(name: str, tmp_path: Path) -> None:
    month = new_target("m", "wins", 3, JAN, "plan", author="a", recorded_on=JAN, period="month")
    assert read_targets(write_targets([month], tmp_path / name))["m"].period == "month"
    assert (month.owner, new_target("q", "wins", 3, JAN, "plan", author="a", recorded_on=JAN).period) == (
        "",
        "quarter",
    )
    with pytest.raises(UserError, match=r"^m: monthly is no period; did you mean month\?"):
        new_target("m", "wins", 3, JAN, "plan", author="a", recorded_on=JAN, period="monthly")  # type: ignore[arg-type]


def test_a_file_is_read_by_people_too(tmp_path: Path) -> None:
    for name in ("t.json", "t.yaml"):
        lines = write_targets([quota()], tmp_path / name).read_text(encoding="utf-8").splitlines()
        assert any("一季度指标" in line for line in lines), name
        first, *_, last = [
            place for place, line in enumerate(lines) for word in ("name", "kpi", "versions") if word in line
        ]
        assert first < last, name


def test_a_later_version_overtakes_one_that_has_not_begun() -> None:
    history = quota().changed(
        90, date(2027, 3, 20), "客户又签了", author="总监", recorded_on=date(2027, 3, 20)
    )
    assert [(start, end, one.value) for start, end, one in history.spans(JAN, JUL)] == [
        (JAN, date(2027, 3, 20), 100),
        (date(2027, 3, 20), JUL, 90),
    ]


def test_a_change_leaves_the_old_history_as_it_was() -> None:
    old = quota()
    new = old.changed(70, JUL, "again", author="b", recorded_on=date(2027, 6, 1))
    assert (len(old.versions), len(new.versions)) == (2, 3)
    assert new.versions[:2] == old.versions
    with pytest.raises(dataclasses.FrozenInstanceError):
        old.versions[0].value = 1  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        old.versions = ()  # type: ignore[misc]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": "  "}, "reason is missing"),
        ({"author": ""}, "author is missing"),
        ({"value": float("nan")}, "not a number"),
        ({"valid_from": date(2027, 4, 30)}, "the past stays, give 2027-05-01 or later"),
        ({"recorded_on": date(2027, 3, 14)}, "only added to, give 2027-03-15 or later"),
    ],
)
def test_what_would_rewrite_the_past_or_says_no_reason_is_refused(
    change: dict[str, object], words: str
) -> None:
    plan: dict[str, object] = {
        "value": 70, "valid_from": JUL, "reason": "why", "author": "me", "recorded_on": date(2027, 5, 1),
    }  # fmt: skip
    with pytest.raises(UserError, match=words) as refused:
        quota().changed(**(plan | change))  # type: ignore[arg-type]
    with language("zh"):
        assert "一季度指标" in str(refused.value)
        assert words not in str(refused.value)


def test_a_change_may_count_from_the_day_it_is_recorded() -> None:
    assert quota().changed(1, APR, "why", author="me", recorded_on=APR).versions[-1].value == 1


@pytest.mark.parametrize("name", ["targets.json", "targets.yaml", "targets.yml"])
def test_files_keep_everything_and_are_only_added_to(name: str, tmp_path: Path) -> None:
    file = write_targets([quota()], tmp_path / name)
    assert read_targets(file) == {"一季度指标": quota()}
    longer = quota().changed(70, JUL, "again", author="b", recorded_on=date(2027, 6, 1))
    write_targets([longer], file)
    for less in ([quota()], []):
        with pytest.raises(UserError, match="would be lost"):
            write_targets(less, file)
    assert read_targets(file)["一季度指标"].versions == longer.versions


def test_dates_that_yaml_reads_by_itself_are_dates(tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(
        "- {name: q, kpi: wins, versions: [{value: 3, valid_from: 2027-01-01, reason: plan, author: a, recorded_on: 2027-01-01}]}",
        encoding="utf-8",
    )
    assert read_targets(file)["q"].versions[0].valid_from == JAN


GOOD = {"value": 1, "valid_from": "2027-01-01", "reason": "r", "author": "a", "recorded_on": "2027-01-01"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is not valid YAML"),
        ("a: 1", "does not hold a list"),
        ("- 5", "1: 5 is not a target"),
        (yaml.safe_dump([{"name": "q", "kpi": "wins", "versions": []}]), "not a target with versions"),
        (yaml.safe_dump([{"kpi": "wins", "versions": [GOOD]}]), "a target without a name"),
        (yaml.safe_dump([{"name": "q", "kpi": "winz", "versions": [GOOD]}]), "did you mean wins"),
        (yaml.safe_dump([{"name": "q", "kpi": "wins", "versions": [GOOD | {"valid_from": "soon"}]}]), "q: valid_from: soon"),
        (yaml.safe_dump([{"name": "q", "kpi": "wins", "versions": [GOOD | {"value": "many"}]}]), "many is not a number"),
        (json.dumps([{"name": "q", "kpi": "wins", "versions": [GOOD, GOOD | {"recorded_on": "2026-01-01"}]}]), "only added to"),
        (json.dumps([{"name": "q", "kpi": "wins", "versions": [GOOD]}, {"name": "q", "kpi": "wins", "versions": [GOOD]}]), "stands twice"),
    ],
)  # fmt: skip
def test_a_file_is_held_to_the_same_rules(content: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "t.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=words):
        read_targets(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        read_targets(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("kpi: csat", "kpi: csta", "t.yaml, line 1: csta: no such KPI; did you mean csat?"),
        ("value: 0.8", "value: 80", "t.yaml, line 1: csat is a share of cases, and 80 is not from 0 to 1"),
    ],
)
def test_a_target_that_cannot_be_meant_is_named_with_its_place(
    old: str, new: str, says: str, tmp_path: Path
) -> None:
    text = """- name: happy
  kpi: csat
  versions:
    - {value: 0.8, valid_from: 2027-01-01, reason: plan, author: A, recorded_on: 2026-12-01}
"""
    (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
    assert read_targets(tmp_path / "t.yaml")["happy"].versions[0].value == 0.8
    (tmp_path / "t.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(UserError) as problem:
        read_targets(tmp_path / "t.yaml")
    assert str(problem.value).startswith(says)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=6), st.integers(0, 300))
def test_recording_more_never_changes_what_was_known(steps: list[tuple[int, int]], ask: int) -> None:
    history = new_target("q", "wins", 0, JAN, "plan", author="a", recorded_on=JAN)
    day, recorded = JAN + timedelta(days=ask), JAN
    for number, (wait, ahead) in enumerate(steps, 1):
        before, recorded = history, recorded + timedelta(days=wait)
        start = recorded + timedelta(days=ahead)
        history = before.changed(number, start, "why", author="a", recorded_on=recorded)
        assert history.as_of(day) == (history.versions[-1] if day >= start else before.as_of(day))
        assert history.as_of(day, known_on=JAN - timedelta(days=1)) is None
        assert [end for _, end, _ in history.spans(JAN, JUL)][:-1] == [
            begin for begin, _, _ in history.spans(JAN, JUL)
        ][1:]
