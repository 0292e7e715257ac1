"""A verdict follows the rule that was set before, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.kpi.tracking.decisions import judge, read_decisions, verdicts
from kpisim.text import UserError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit

LINE = "- {{what: call back, who: An, set_on: {set_on}, kpi: {kpi}, rule: '{rule}', start: 2027-01-01, end: 2027-02-01}}"


def decided(folder: Path, rule: str, kpi: str = "new_customers", set_on: str = "2027-01-01") -> Any:
    file = folder / "decisions.yaml"
    file.write_text(LINE.format(rule=rule, kpi=kpi, set_on=set_on), encoding="utf-8")
    [made] = read_decisions(file)
    return made


def january(make: Any, count: int) -> Any:
    orders = [
        {"account_id": f"c{k}", "booked": date(2027, 1, 4) + timedelta(days=k), "value": 1.0}
        for k in range(count)
    ]
    return make(orders=orders)


@pytest.mark.parametrize(
    ("rule", "count", "outcome"),
    [
        (">= 4", 4, "hit"), (">= 4", 3, "miss"), ("> 4", 4, "miss"), ("> 4", 5, "hit"), ("<= 4", 4, "hit"),
        ("≤ 4", 5, "miss"), ("< 4", 3, "hit"), ("≥ 4", 4, "hit"),
    ],
)  # fmt: skip
def test_the_verdict_follows_the_rule(make: Any, tmp_path: Path, rule: str, count: int, outcome: str) -> None:
    made = judge(decided(tmp_path, rule), january(make, count), date(2027, 3, 1))
    assert made.outcome == outcome
    assert made.value is not None
    assert made.value.value == count


def test_a_share_may_be_written_in_per_cent(tmp_path: Path) -> None:
    assert decided(tmp_path, ">= 85 %", "csat").limit == pytest.approx(0.85)
    assert decided(tmp_path, ">=1,200.5", "revenue_booked").limit == 1200.5


def test_a_rule_set_after_the_start_gets_no_verdict_however_good_the_number(
    make: Any, tmp_path: Path
) -> None:
    for day, outcome in (("2027-01-01", "hit"), ("2027-01-02", "late")):
        made = judge(decided(tmp_path, ">= 1", set_on=day), january(make, 9), date(2027, 3, 1))
        assert made.outcome == outcome
        assert (made.value is None) == (outcome == "late")


def test_nothing_is_said_before_the_end_and_nothing_without_a_number(make: Any, tmp_path: Path) -> None:
    assert judge(decided(tmp_path, ">= 1"), january(make, 9), date(2027, 1, 30)).outcome == "open"
    assert judge(decided(tmp_path, ">= 1"), january(make, 9), date(2027, 1, 31)).outcome == "hit"
    assert judge(decided(tmp_path, ">= 1", "csat"), january(make, 9), date(2027, 3, 1)).outcome == "no_number"


def test_a_decision_is_not_known_before_it_was_taken(make: Any, tmp_path: Path) -> None:
    one = decided(tmp_path, ">= 1")
    assert verdicts([one], january(make, 9), date(2026, 12, 31)) == []
    assert [made.outcome for made in verdicts([one], january(make, 9), date(2027, 1, 1))] == ["open"]


def test_a_rule_is_shown_as_people_read_it(tmp_path: Path) -> None:
    assert decided(tmp_path, ">=1200.5", "revenue_booked").rule == "≥ 1,200.50"
    assert decided(tmp_path, "> 85%", "csat").rule == "> 85.0%"


@pytest.mark.parametrize("end", ["2027-01-01", "2026-12-31"])
def test_a_period_of_no_day_is_refused(tmp_path: Path, end: str) -> None:
    line = LINE.replace("end: 2027-02-01", f"end: {end}")
    file = tmp_path / "decisions.yaml"
    file.write_text(line.format(rule=">= 1", kpi="wins", set_on="2026-12-01"), encoding="utf-8")
    with pytest.raises(UserError, match=f"ends on {end}, not after its start 2027-01-01"):
        read_decisions(file)


@pytest.mark.parametrize(
    ("rule", "kpi", "words"),
    [
        ("better", "csat", "write a sign and a number, e.g. >= 85%"),
        ("85%", "csat", "write a sign and a number"),
        (
            ">= 4",
            "new_custmers",
            "decisions.yaml, line 1: new_custmers: no such KPI; did you mean new_customers?",
        ),
        (">= 85", "collection_rate", "line 1: 85 for collection_rate means 8,500%; write 0.8 for 80%"),
        (">= 85", "csat", "decisions.yaml, line 1: csat is a share of cases, and 85 is not from 0 to 1"),
    ],
)
def test_a_wrong_decision_is_refused(tmp_path: Path, rule: str, kpi: str, words: str) -> None:
    with pytest.raises(UserError) as refused:
        decided(tmp_path, rule, kpi)
    assert words in str(refused.value)


def test_a_period_that_ends_before_it_begins_is_named_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "decisions.yaml"
    file.write_text(
        LINE.format(rule=">= 4", kpi="new_customers", set_on="2027-01-01").replace(
            "2027-02-01", "2026-02-01"
        ),
        encoding="utf-8",
    )
    with pytest.raises(UserError, match=r"decisions\.yaml, line 1: the period ends on 2026-02-01, not after"):
        read_decisions(file)
