"""The library of KPIs, and a KPI that a trainer adds without code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kpisim.kpi import kpis, measure_values
from kpisim.kpi.facts import Facts
from kpisim.kpi.library import Definition, cards, read_definitions
from kpisim.kpi.library.counted import finder
from kpisim.kpi.registry import PERSPECTIVES
from kpisim.kpi.window import window
from kpisim.text import UserError, language

pytestmark = pytest.mark.unit

OWN = """\
- name: large_orders
  title: {en: Large orders, zh: 大单占比}
  formula: {en: orders of 100 or more ÷ orders, zh: 满100的订单 ÷ 订单}
  sentence: {en: How many orders are large., zh: 大单有多少。}
  goal: {en: growth, zh: 业绩增长}
  perspective: financial
  levels: [team]
  timing: lagging
  direction: higher
  unit: share
  counted: rate
  frequency: month
  owner: {en: manager, zh: 经理}
  source: {en: order table, zh: 订单表}
  influenced_by: [team]
  influence: {en: choice of customers, zh: 选客户}
  numerator: {table: orders, when: booked, where: {value: {min: 100}}}
  denominator: {table: orders, when: booked, where: {cancelled: empty}}
"""


def test_every_kpi_has_a_card_that_says_the_same() -> None:
    known = kpis()
    assert list(cards()) != []
    both = (
        "kpisim/kpi/*.py (@register) and kpisim/kpi/library/library.yaml (code: true) must name the same KPIs"
    )
    assert set(cards()) == set(known), both
    same = "say it alike in @register and in library.yaml"
    for name, card in cards().items():
        kpi = known[name]
        said = (card.unit, card.direction, card.perspective, card.people, card.counted)
        assert (card.title.en, card.title.zh) == (kpi.en, kpi.zh), f"{name}: {same}"
        assert (card.formula.en, card.formula.zh) == (kpi.formula_en, kpi.formula_zh), f"{name}: {same}"
        assert said == (kpi.unit, kpi.direction, kpi.perspective, kpi.people, kpi.kind), f"{name}: {same}"


def test_every_formula_in_code_has_an_example_worked_out_by_hand() -> None:
    """A KPI that nobody wrote an example for passed every test: cards and texts alone were looked at."""
    examples = Path(__file__).parents[1].glob("test_*.py")
    written = "".join(file.read_text(encoding="utf-8") for file in examples)
    without = [name for name, card in cards().items() if card.code and f'"{name}"' not in written]
    assert without == [], "add a golden vector to tests/kpi/test_golden.py or tests/kpi/test_formulas.py"


def test_the_library_has_four_perspectives_both_kinds_and_both_timings() -> None:
    all_cards = list(cards().values())
    for perspective in PERSPECTIVES:
        assert sum(card.perspective == perspective for card in all_cards) >= 5
    assert {card.kind for card in all_cards} == {"quantitative", "qualitative"}
    assert {card.timing for card in all_cards} == {"leading", "lagging"}
    assert {level for card in all_cards for level in card.levels} == {"company", "team", "person"}


def rows(make: Any) -> Any:
    return make(
        orders=[
            {"account_id": "a", "booked": "2027-01-04", "value": 100.0},
            {"account_id": "a", "booked": "2027-01-05", "value": 99.0},
            {"account_id": "b", "booked": "2027-01-06", "value": 500.0, "cancelled": "2027-02-01"},
            {"account_id": "b", "booked": "2027-04-01", "value": 500.0},
        ]
    )


def test_a_trainers_kpi_is_counted_as_written(make: Any, tmp_path: Path) -> None:
    file = tmp_path / "我的.yaml"
    file.write_text(OWN, encoding="utf-8")
    (one,) = read_definitions(file)
    tables = rows(make)
    what = finder(one)(Facts(tables), window(tables.meta))
    # Of the three orders of the quarter one was cancelled; of the two left one is of 100 or more.
    assert [float(part.numerator.sum()) for part in what.parts] == [1.0]
    assert [float(part.denominator.sum()) for part in what.parts] == [2.0]


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("unit: share", "unit: shares", 10, "share"),
        ("table: orders, when: booked, where: {value", "table: orders, when: bookd, where: {value", 17, "booked"),
        ("where: {value: {min: 100}}", "where: {valu: {min: 100}}", 17, "value"),
        ("table: orders, when: booked, where: {cancelled", "table: ordres, when: booked, where: {cancelled", 18, "orders"),
        ("  goal: {en: growth, zh: 业绩增长}\n", "", 1, "goal"),
        ("goal: {en: growth, zh: 业绩增长}", "goal: {en: growth}", 5, "zh"),
        ("direction: higher", "direction: band", 1, "band"),
        ("counted: rate", "counted: sum", 18, "denominator"),
        ("name: large_orders", "name: Large Orders", 1, "name"),
        # Conditions that no cell can meet ended in a traceback or counted nothing.
        ("where: {value: {min: 100}}", "where: {value: big}", 17, "where.value"),
        ("where: {value: {min: 100}}", "where: {value: {min: 9, max: 1}}", 17, "where.value"),
        ("where: {value: {min: 100}}", "where: {rep_id: {min: 1}}", 17, "where.rep_id"),
        ("where: {value: {min: 100}}", "where: {delivered: '2027-01-01'}", 17, "where.delivered"),
        ("table: orders, when: booked, where: {value: {min: 100}}",
         "table: opportunities, when: created, where: {existing: 'yes'}", 17, "where.existing"),
        ("table: orders, when: booked, where: {value: {min: 100}}",
         "table: opportunities, when: created, where: {status: [wonn]}", 17, "won"),
        ("levels: [team]", "levels: []", 7, "levels"),
        ("  counted: rate", "  code: true\n  counted: rate", 11, "code"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_bad_definition_names_line_and_reason(
    lang: Any, old: str, new: str, line: int, says: str, tmp_path: Path
) -> None:
    assert old in OWN
    file = tmp_path / "own.yaml"
    file.write_text(OWN.replace(old, new), encoding="utf-8")
    with pytest.raises(UserError) as problem:
        read_definitions(file)
    with language(lang):
        said = str(problem.value)
    assert said.startswith(f"own.yaml, line {line}:" if lang == "en" else f"own.yaml第{line}行：")
    assert says in said
    assert "\n" not in said


def test_the_line_is_that_of_the_condition(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(
        OWN.replace("where: {value: {min: 100}}}", "where:\n    value: big}").replace(
            "numerator: {table: orders, when: booked, where:\n    value: big}",
            "numerator:\n    table: orders\n    when: booked\n    where:\n      value: big",
        ),
        encoding="utf-8",
    )
    with pytest.raises(
        UserError, match=r"own\.yaml, line 21: numerator\.where\.value: a column of numbers takes"
    ):
        read_definitions(file)


def test_two_of_one_name_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(OWN + OWN, encoding="utf-8")
    with pytest.raises(UserError, match=r"own\.yaml, line 19: name: the name large_orders stands twice"):
        read_definitions(file)


def test_a_rubric_is_the_mean_of_its_answers_and_hidden_below_five(make: Any) -> None:
    def asked(scores: list[int | None]) -> Any:
        return make(
            surveys=[
                {"question": "cooperation", "answered": "2027-01-05", "score": score, "rep_id": f"r{place}"}
                for place, score in enumerate(scores)
            ]
        )

    value = measure_values(asked([5, 4, 4, 3, 2, None]), ["cooperation"])["cooperation"]
    assert value.value == pytest.approx(3.6)
    assert value.n == 5
    few = measure_values(asked([5, 4, 4, 3]), ["cooperation"])["cooperation"]
    assert (few.value, few.reason) == (None, "too_few")


def test_skill_improvement_drops_who_was_measured_once(make: Any) -> None:
    before = {"a": 2, "b": 3, "c": 3, "d": 4, "e": 1, "only_before": 5}
    after = {"a": 4, "b": 3, "c": 4, "d": 5, "e": 3, "only_after": 1}
    rows = [
        {"question": "skill_pre", "rep_id": name, "answered": "2027-01-05", "score": score}
        for name, score in before.items()
    ]
    rows += [
        {"question": "skill_post", "rep_id": name, "answered": "2027-02-05", "score": score}
        for name, score in after.items()
    ]
    value = measure_values(make(surveys=rows), ["skill_improvement"])["skill_improvement"]
    # (2 + 0 + 1 + 1 + 2) ÷ 5
    assert value.value == pytest.approx(1.2)
    assert value.n == 5


def test_the_books_give_profit_and_return_on_assets(make: Any) -> None:
    books = [
        {"period_start": "2027-01-01", "period_end": "2027-02-01", "revenue": 100.0, "cost_of_goods": 60.0,
         "operating_expenses": 25.0, "finance_cost": 1.0, "tax": 3.0, "other_income": 1.0, "assets_open": 100.0,
         "assets_close": 120.0},
        {"period_start": "2027-02-01", "period_end": "2027-03-01", "revenue": 50.0, "cost_of_goods": 50.0,
         "assets_open": 120.0, "assets_close": 140.0},
    ]  # fmt: skip
    values = measure_values(make(finance=books), ["net_profit", "net_margin", "return_on_assets"])
    # 100 − 60 − 25 − 1 − 3 + 1 = 12; assets 100 → 140, so on average 120: the golden 10 %.
    assert values["net_profit"].value == pytest.approx(12.0)
    assert values["net_margin"].value == pytest.approx(12 / 150)
    assert values["return_on_assets"].value == pytest.approx(0.10)


def test_no_revenue_and_no_assets_are_no_number(make: Any) -> None:
    book = {
        "period_start": "2027-01-01",
        "period_end": "2027-02-01",
        "revenue": 0.0,
        "assets_open": 0.0,
        "assets_close": 0.0,
    }
    values = measure_values(make(finance=[book]), ["net_margin", "return_on_assets"])
    assert {value.reason for value in values.values()} == {"no_base"}
    assert {value.value for value in values.values()} == {None}


def test_a_definition_can_be_read_back_from_what_it_writes() -> None:
    for card in cards().values():
        assert Definition.model_validate(card.model_dump()) == card
