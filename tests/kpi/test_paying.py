"""Statements: every step worked out anew from the plan, for every rep and period of whole runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from kpisim.kpi.paying import (
    PayStep,
    compared_lines,
    cost_line,
    plan_cost,
    plans_compared,
    statement,
    statement_lines,
)
from kpisim.model import Model
from kpisim.scenario import load
from kpisim.scenario.incentive import Incentive
from kpisim.tables import Meta, Tables, conform
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from datetime import date

pytestmark = pytest.mark.functional

PLANS: tuple[dict[str, Any], ...] = (
    {},
    {"incentive.tiers": [{"attainment": 0.8, "rate": 0.05}, {"attainment": 1.2, "rate": 0.08}]},
    {"incentive.accelerator": 2.0, "incentive.threshold": 0.5, "incentive.cap": 1.5},
    {"incentive.bonuses": [{"attainment": 0.9, "amount": 8_000.0}], "incentive.matrix.base": 5_000.0},
    {"incentive.team_pool_rate": 0.01, "incentive.culture_share": 0.2, "incentive.kpi_bonus": 3_000.0},
)


@pytest.mark.parametrize("changes", PLANS)
def test_every_statement_of_a_run_agrees_with_the_plan_and_sums(changes: dict[str, Any]) -> None:
    scenario = load("default").derive({"team.size": 4, "calendar.weeks": 39, **changes})
    tables = Model(scenario, 2, 0).play()
    pay = tables["pay"]
    rows: list[dict[Any, Any]] = pay.to_dict("records")
    for row in rows:
        made = statement(tables, scenario.incentive, row["rep_id"], str(row["period_start"].date()))
        assert sum(step.amount for step in made.steps) == pytest.approx(row["total"], abs=0.01)
        assert all(step.agrees for step in made.steps), made


def table(*rows: dict[str, Any]) -> Tables:
    start: date = pd.Timestamp("2027-01-01").date()
    base = {"period_start": "2027-01-01", "period_end": "2027-04-01", "base": 3000.0, "total": 0.0}
    return Tables(
        Meta(start, pd.Timestamp("2027-04-01").date()),
        {"pay": conform("pay", pd.DataFrame([base | row for row in rows]))},
    )


def periods() -> Tables:
    """Return pay of a warm-up quarter, of a whole one, and of a month that the end of the records cut short."""
    rows = [
        {"rep_id": "a", "period_start": first, "period_end": end, "quota": 100.0, "sales": sold, "base": 30.0, "total": paid}
        for first, end, sold, paid in (
            ("2026-10-01", "2027-01-01", 70.0, 37.0),
            ("2027-01-01", "2027-04-01", 90.0, 39.0),
            ("2027-04-01", "2027-05-01", 1.0, 5.0),
        )
    ]  # fmt: skip
    meta = Meta(pd.Timestamp("2027-01-04").date(), pd.Timestamp("2027-04-04").date())
    return Tables(meta, {"pay": conform("pay", pd.DataFrame(rows))})


def test_the_last_whole_period_is_taken_and_a_stub_only_when_asked_for() -> None:
    plan = Incentive(base_salary=40, commission_rate=0.1)
    whole = statement(periods(), plan, "a")
    assert (str(whole.start.date()), whole.cut) == ("2027-01-01", False)
    assert statement_lines(whole)[0] == "a, 2027-01-01 to 2027-03-31"
    stub = statement(periods(), plan, "a", "2027-04-01")
    assert stub.cut
    assert statement_lines(stub)[0] == "a, 2027-04-01 to 2027-04-30 (cut short: the records end before)"


@pytest.mark.parametrize(
    ("first", "end", "counted"),
    [
        ("2026-12-20", "2027-02-01", True),  # its middle is 10 January
        ("2026-12-24", "2027-01-15", True),  # its middle is the first moment of the records
        ("2026-12-23", "2027-01-14", False),
        ("2027-03-04", "2027-04-04", True),  # over when the records are
        ("2027-03-05", "2027-04-05", False),
    ],
)
def test_a_period_is_whole_that_is_over_and_lies_mostly_in_the_records(
    first: str, end: str, counted: bool
) -> None:
    meta = Meta(pd.Timestamp("2027-01-04").date(), pd.Timestamp("2027-04-04").date())
    rows = [
        {"rep_id": "a", "period_start": one, "period_end": other, "quota": 1.0, "sales": 1.0, "base": 1.0, "total": paid}
        for one, other, paid in (("2027-02-01", "2027-03-01", 100.0), (first, end, 10.0))
    ]  # fmt: skip
    tables = Tables(meta, {"pay": conform("pay", pd.DataFrame(rows))})
    assert plan_cost(tables)["pay"] == (110.0 if counted else 100.0)


def test_a_plan_costs_what_its_whole_periods_inside_the_records_cost() -> None:
    assert plan_cost(periods()) == {"pay": 39.0, "sales": 90.0, "rate": pytest.approx(39 / 90)}
    plan = Incentive(base_salary=40, commission_rate=0.1)
    alone = compared_lines(periods(), plan)
    assert alone[0] == (
        "Pay periods 2027-01-01 to 2027-03-31: the plan cost 39.00 on credited sales of 90.00: 43.3%"
    )
    assert alone[2].split() == ["a", "90.00", "39.00"]
    assert "-p" in alone[-1]
    both = compared_lines(periods(), plan, plan.model_copy(update={"commission_rate": 0.2}))
    assert both[2].split() == ["a", "90.00", "39.00", "48.00", "+9.00"]
    assert both[-1].startswith("1 gain, 0 lose")


def test_winners_and_losers_by_hand() -> None:
    tables = table(
        {"rep_id": "a", "quota": 100.0, "sales": 100.0, "total": 3010.0},
        {"rep_id": "b", "quota": 100.0, "sales": 20.0, "total": 3002.0},
    )
    now = Incentive(base_salary=1000, commission_rate=0.10)
    other = Incentive(base_salary=1000, commission_rate=0.0, bonuses=({"attainment": 1.0, "amount": 15.0},))  # type: ignore[arg-type]
    frame = plans_compared(tables, now, other).set_index("rep_id")
    assert frame["difference"].to_dict() == pytest.approx({"a": 5.0, "b": -2.0})
    assert list(frame.index) == ["b", "a"]
    cost = plan_cost(tables)
    assert (cost["pay"], cost["sales"]) == (6012.0, 120.0)
    assert cost["rate"] == pytest.approx(50.1)


def test_a_wrong_pay_table_is_noticed() -> None:
    plan = Incentive(base_salary=1000, commission_rate=0.10)
    made = statement(
        table({"rep_id": "a", "quota": 100.0, "sales": 100.0, "commission": 12.0, "total": 3012.0}), plan, "a"
    )
    assert [step.part for step in made.steps if not step.agrees] == ["commission"]
    assert "10.00" in "\n".join(statement_lines(made))


@pytest.mark.parametrize(("lang", "word"), [("en", "worked out anew"), ("zh", "重新核算")])
def test_a_statement_in_words(lang: Any, word: str) -> None:
    plan = Incentive(base_salary=1000, commission_rate=0.10)
    made = statement(
        table({"rep_id": "a", "quota": 100.0, "sales": 100.0, "commission": 10.0, "total": 3010.0}), plan, "a"
    )
    with language(lang):
        text = "\n".join(statement_lines(made))
    assert word in text
    assert "3,010.00" in text


EVERYTHING = {
    "rep_id": "a", "quota": 1000.0, "sales": 1100.0, "collection_rate": 0.9, "base": 3000.0, "commission": 55.0, "bonus": 80.0,
    "matrix": 500.0, "kpi_bonus": 20.0, "pool": 7.0, "contest": 4.0, "culture": -6.0, "total": 3660.0,
}  # fmt: skip


def test_every_step_says_how_it_comes_about() -> None:
    plan = Incentive(
        base_salary=1000, commission_rate=0.05, bonuses=({"attainment": 1.0, "amount": 80.0},),  # type: ignore[arg-type]
        kpi_bonus=25, team_pool_rate=0.01, culture_share=0.1,
    )  # fmt: skip
    plan = plan.model_copy(update={"matrix": plan.matrix.model_copy(update={"base": 400.0})})
    made = statement(table(EVERYTHING), plan, "a")
    assert made.attained == pytest.approx(1.1)
    assert {step.part: str(step.words) for step in made.steps} == {
        "base": "base salary of the period",
        "commission": "5.0% of 1,100.00; quota 1,000.00, attainment 110.0%",
        "bonus": "for reaching 110.0%",
        "matrix": "400.00 × coefficient at attainment 110.0% and collection 90.0%",
        "kpi_bonus": "25.00 at a full KPI score, paid in proportion",
        "pool": "equal share of 1.0% of the team's sales",
        "contest": "prize by rank of sales",
        "culture": "10% of variable pay × (culture score − what counts as full)",
    }
    again = {step.part: step.again for step in made.steps}
    assert again["commission"] == pytest.approx(55.0)
    assert again["bonus"] == pytest.approx(80.0)
    assert [part for part, value in again.items() if value is None] == [
        "base",
        "kpi_bonus",
        "pool",
        "contest",
        "culture",
    ]
    # Attainment from 100 %, collection from 85 %: coefficient .9 of the ready matrix; the table says 500.
    assert again["matrix"] == pytest.approx(360.0)
    lines = statement_lines(made)
    marks = {line.split("  ")[0]: re.split(r" {2,}", line)[-1] for line in lines[2:]}
    assert marks["Base salary"] == "as paid, for the days employed"
    assert marks["Commission"] == marks["Bonus at attainment"] == "✓"
    assert marks["Attainment × collection bonus"] == "360.00"
    assert marks["KPI bonus"] == "hangs on a score or on others' sales"
    assert [line.split("  ")[0] for line in lines[2:]] == [
        "Base salary", "Commission", "Bonus at attainment", "Attainment × collection bonus", "KPI bonus", "Share of the team pool",
        "Contest prize", "Culture share", "Total pay",
    ]  # fmt: skip
    assert lines[-1].split() == ["Total", "pay", "3,660.00", "✓"]
    with language("zh"):
        words = [str(step.words) for step in made.steps]
    assert words[1] == "1,100.00×5.0%；指标1,000.00，达成率110.0%"
    assert words[3] == "400.00×系数（达成率110.0%、回款率90.0%）"
    tiers = plan.model_copy(update={"accelerator": 2.0})
    assert " with tiers and accelerator" in str(statement(table(EVERYTHING), tiers, "a").steps[1].words)


def test_a_step_of_nothing_is_left_out_and_a_cent_is_no_difference() -> None:
    plan = Incentive(base_salary=1000, commission_rate=0.10)
    made = statement(
        table({"rep_id": "a", "quota": 100.0, "sales": 100.0, "commission": 10.004, "total": 3010.0}),
        plan,
        "a",
    )
    assert [step.part for step in made.steps] == ["base", "commission"]
    assert made.steps[1].agrees
    assert not PayStep("bonus", 10.005, made.steps[1].words, 10.0).agrees
    # Without a quota there is no attainment, and nothing can be worked out anew.
    none = statement(
        table({"rep_id": "a", "quota": 0.0, "sales": 100.0, "commission": 10.0, "total": 3010.0}), plan, "a"
    )
    assert none.attained is None
    assert [step.again for step in none.steps] == [None, None]
    assert "attainment –" in str(none.steps[1].words)


def test_a_total_that_is_not_the_sum_is_shown_beside_it() -> None:
    plan = Incentive(base_salary=1000, commission_rate=0.10)
    wrong = statement(
        table({"rep_id": "a", "quota": 100.0, "sales": 100.0, "commission": 10.0, "total": 3020.0}), plan, "a"
    )
    assert statement_lines(wrong)[-1].split() == ["Total", "pay", "3,020.00", "3,010.00"]


@pytest.mark.parametrize(("collected", "paid"), [(0.9, 360.0), (0.5, 0.0), (None, 400.0)])
def test_what_is_not_known_of_collection_counts_as_collected(collected: float | None, paid: float) -> None:
    now = Incentive(base_salary=10, commission_rate=0.0)
    other = now.model_copy(update={"matrix": now.matrix.model_copy(update={"base": 400.0})})
    row = {"rep_id": "a", "quota": 1000.0, "sales": 1100.0, "base": 0.0, "collection_rate": collected}
    assert plans_compared(table(row), now, other)["difference"].tolist() == pytest.approx([paid])


def test_a_rep_of_a_small_quota_has_one() -> None:
    plan = Incentive(base_salary=0, commission_rate=0.1)
    tables = table(
        {"rep_id": "a", "quota": 0.5, "sales": 0.8, "base": 0.0, "commission": 0.08, "total": 0.58}
    )
    assert statement(tables, plan, "a").steps[1].again == pytest.approx(0.08)
    assert plans_compared(tables, plan, plan)["now"].tolist() == pytest.approx([0.08])
    assert plan_cost(tables)["rate"] == pytest.approx(0.58 / 0.8)
    # Half a yuan is no rounding.
    assert statement_lines(statement(tables, plan, "a"))[-1].endswith("0.08")


def test_two_plans_side_by_side_over_periods_with_base_and_collection() -> None:
    rows = [
        {"rep_id": "a", "quota": 100.0, "sales": 50.0, "base": 20.0, "collection_rate": 0.5},
        {
            "rep_id": "a",
            "quota": 100.0,
            "sales": 150.0,
            "base": 10.0,
            "period_start": "2026-12-01",
            "period_end": "2027-01-15",
        },
        {"rep_id": "b", "quota": 100.0, "sales": 100.0, "base": 20.0},
        {"rep_id": "c", "quota": 0.0, "sales": 100.0, "base": 20.0},
    ]
    tables = table(rows[0], *rows[2:])
    now, other = (
        Incentive(base_salary=10, commission_rate=0.1),
        Incentive(base_salary=11, commission_rate=0.1),
    )
    frame = plans_compared(tables, now, other).set_index("rep_id")
    # Two months of base each; c has no quota and no say.
    assert frame[["sales", "now", "other", "difference"]].to_dict("index") == {
        "a": {"sales": 50.0, "now": 25.0, "other": 27.0, "difference": 2.0},
        "b": {"sales": 100.0, "now": 30.0, "other": 32.0, "difference": 2.0},
    }
    lines = compared_lines(tables, now, other)
    assert lines[1].split() == ["rep", "sales", "pay", "now", "pay", "then", "Difference"]
    assert [line.split()[0] for line in lines[2:-1]] == ["a", "b"]
    assert lines[-1].startswith("2 gain, 0 lose")
    assert compared_lines(tables, now, now.model_copy(update={"commission_rate": 0.0}))[-1].startswith(
        "0 gain, 2 lose"
    )
    assert compared_lines(tables, now, now)[-1].startswith("0 gain, 0 lose")
    alone = compared_lines(tables, now)
    assert alone[1].split() == ["rep", "sales", "own", "parts", "of", "pay"]
    # A period that lies half before the records, to the day, is inside from its middle on.
    middle = table(*rows[:2])
    assert plans_compared(middle, now, now)["sales"].tolist() == [50.0]
    assert cost_line(table({"rep_id": "a", "quota": 1.0, "sales": 0.0, "total": 5.0})).endswith(
        "5.00 on credited sales of 0.00: –"
    )


def test_an_unknown_rep_or_period_gets_one_line() -> None:
    plan, tables = Incentive(), table({"rep_id": "R001", "quota": 1.0, "sales": 1.0})
    with pytest.raises(UserError, match="did you mean R001"):
        statement(tables, plan, "R01")
    with pytest.raises(UserError, match="no pay period begins on 2028-01-01"):
        statement(tables, plan, "R001", "2028-01-01")
    with pytest.raises(UserError, match="start: 2027-13-01 is not a date; write it like"):
        statement(tables, plan, "R001", "2027-13-01")
