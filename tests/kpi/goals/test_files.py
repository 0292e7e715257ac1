"""Goals as people write them down."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from kpisim.kpi.goals import Goal, read_goals
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit

GOALS = """
- 提高业绩
- {id: C, text: 全年, level: company, kpi: wins, target: 12, due: 2027-12-31, weight: 2, owner: null}
- {id: 7, parent: C, due: "2027-06-30", owner: "  "}
"""


def test_a_line_is_a_goal_and_fields_say_more(tmp_path: Path) -> None:
    file = tmp_path / "goals.yaml"
    file.write_text(GOALS, encoding="utf-8")
    assert read_goals(file) == [
        Goal("提高业绩"),
        Goal("全年", id="C", level="company", kpi="wins", target=12, due=date(2027, 12, 31), weight=2),
        Goal(id="7", parent="C", due=date(2027, 6, 30)),
    ]
    other = tmp_path / "goals.json"
    other.write_text('\ufeff["x", {"target": 0.5}]', encoding="utf-8")
    assert read_goals(other) == [Goal("x"), Goal(target=0.5)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- 5", "1: 5 is not a goal"),
        ("- {ownr: An}", "ownr is no field of a goal; did you mean owner"),
        ("- {5: An}", "5 is no field"),
        ("- x\n- {target: many}", "2: target: many is not a number"),
        ("- {target: yes}", "is not a number"),
        ("- {weight: .nan}", "weight: nan is not a number"),
        ("- {due: soon}", "due: soon is not a date"),
        ("- {level: boss}", "boss is unknown; write one of company, team, person"),
        ("- x\n- {kpi: csta}", "goals.yaml, line 2: csta: no such KPI; did you mean csat"),
        ("- {kpi: csat, target: 80}", "line 1: csat is a share of cases, and 80 is not from 0 to 1"),
        ("x: 1", "does not hold a list"),
        ("[", "is not valid YAML"),
    ],
)
def test_what_is_no_goal_is_refused_with_its_place(text: str, words: str, tmp_path: Path) -> None:
    file = tmp_path / "goals.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=words) as refused:
        read_goals(file)
    with language("zh"):
        assert words not in str(refused.value)
