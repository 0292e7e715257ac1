"""Every step of the day can be done in its minutes, by a measure that a hand can reckon again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.course import sheet
from kpisim.course.load import FULL, PAGE, loads, page, round_seconds, sheet_seconds
from kpisim.course.prefill import DRAFTED, DRAFTS, prefilled
from kpisim.sheets import Sheet

if TYPE_CHECKING:
    from kpisim.course.load import StepLoad

pytestmark = pytest.mark.unit

TODAY = date(2027, 3, 9)
MOST_SHEETS = 3
MOST_PER_MINUTE = 3.0
"""Fields a minute: six marks of 1 to 5 on a sheet that is known already take two minutes."""


@pytest.mark.parametrize("one", loads(), ids=lambda one: f"{one.module}.{one.step}")
def test_no_step_asks_for_more_than_its_minutes_hold(one: StepLoad) -> None:
    assert one.share <= FULL
    assert one.sheets <= MOST_SHEETS
    assert one.per_minute <= MOST_PER_MINUTE


def test_a_sheet_and_a_round_by_hand() -> None:
    words = {"en": "a", "zh": "一"}
    kinds = [("a", "long"), ("b", "date"), ("c", "number")]
    made = Sheet.model_validate(
        {
            "name": "x", "title": words, "rows": [2, 4],
            "fields": [{"name": name, "label": words, "kind": kind, "required": name != "c"} for name, kind in kinds],
        }
    )  # fmt: skip
    # 30 s to read, then two rows of a long text (45 s) and a date (15 s); what is optional takes none.
    assert sheet_seconds(made) == 30 + 2 * (45 + 15)
    # Value and behaviour come drafted: a third of 30 and 45 s; KPI, reward and date are typed. Two rows.
    assert sheet_seconds(sheet("culture_action_plan")) == 30 + 2 * (25 + 30 + 30 + 15)
    # Three predictions, three levers, one run, one look.
    assert round_seconds("culture") == 3 * 10 + 3 * 20 + 30 + 90
    # Six levers, set and played twice.
    assert round_seconds("quarters") == 3 * 10 + 2 * (6 * 20 + 30 + 90)


FULL_DAY: dict[str, list[dict[str, Any]]] = {
    "value_examples": [{"value": "v", "do_1": "d", "do_2": "e", "dont_1": "f", "dont_2": "g"}],
    "culture_action_plan": [{"value": "v", "behaviour": "b", "kpi": "k", "reward": "r", "review": "2099-01-01"}],
    "case2_answers": [{"who": "w", "goal": "g", "handover": "h", "measure": "m"}],
    "collab_agreement": [{"department": "d", "give": "g", "measure": "m", "date": "2099-01-01"}],
    "smart_goals": [{"goal": "By 31 December 2099 the East wins 12 customers", "serves": "growth"}],
    "priority_matrix": [{"task": "t", "importance": 5, "due": "2099-01-01", "kpi": "k", "hours": 1}],
    "week_plan": [{"task": "t", "quadrant": "plan", "hours": 1}],
    "comment_m4": [{"rule": "r"}],
    "halfway_board": [{"kpi": "csat", "light": "red"}],
}  # fmt: skip


@pytest.mark.parametrize("name", list(DRAFTS))
def test_a_draft_fills_in_what_it_is_credited_with(name: str) -> None:
    """A field counts as drafted only where some row of the draft has it; one that none has would be typed after all."""
    rows = prefilled(name, FULL_DAY, TODAY)
    assert rows
    assert {field for row in rows for field, value in row.items() if value} >= DRAFTED[name]


def test_the_table_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "docs/day_load.md is out of step; write it anew: python -m kpisim.course.load"
    )
