"""Formulas that no other test worked out by hand: numerator and denominator of each, both sides of every edge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from kpisim.kpi import measure, measure_values, why
from kpisim.kpi.facts import Facts
from kpisim.kpi.measures import COLUMNS, reps_named

if TYPE_CHECKING:
    from kpisim.kpi import Value

pytestmark = pytest.mark.unit


def value(tables: Any, name: str) -> Value:
    return measure_values(tables, [name])[name]


def parts(tables: Any, name: str) -> tuple[float | None, float | None]:
    found = value(tables, name)
    return found.numerator, found.denominator


def test_cash_collected_counts_when_it_came(make: Any) -> None:
    bills = [
        {"order_id": "a", "due": "2026-12-01", "paid": "2027-01-01", "amount": 10.0},
        {"order_id": "b", "due": "2027-02-01", "paid": "2027-03-31", "amount": 20.0},
        {"order_id": "c", "due": "2027-02-01", "paid": "2027-04-01", "amount": 40.0},
        {"order_id": "d", "due": "2027-02-01", "amount": 80.0},
    ]
    assert parts(make(collections=bills), "revenue_collected") == (30.0, None)


def test_deals_won_are_dated_when_won(make: Any) -> None:
    deals = [
        {"opportunity_id": name, "created": "2026-06-01", "closed": closed, "status": status}
        for name, closed, status in (
            ("first", "2027-01-01", "won"), ("last", "2027-03-31", "won"), ("before", "2026-12-31", "won"),
            ("after", "2027-04-01", "won"), ("lost", "2027-02-01", "lost"), ("open", None, "open"),
        )
    ]  # fmt: skip
    tables = make(opportunities=deals)
    assert parts(tables, "wins") == (2.0, None)
    assert why(tables, "wins")["opportunity_id"].tolist() == ["first", "last"]


def test_the_mean_of_three_cycles_has_its_student_interval(make: Any) -> None:
    deals = [
        {"created": "2027-01-01", "closed": f"2027-01-{1 + days}", "status": "won"} for days in (10, 20, 30)
    ]
    found = value(make(opportunities=deals), "cycle_days")
    # Standard deviation 10, two degrees of freedom: 4.3027 × 10 ÷ √3.
    assert (found.value, found.n) == (20.0, 3)
    assert (found.low, found.high) == pytest.approx((20 - 24.8414, 20 + 24.8414), abs=1e-3)
    alone = value(make(opportunities=deals[:1]), "cycle_days")
    assert (alone.value, alone.low, alone.high) == (10.0, None, None)


def test_an_invoice_reversed_at_the_end_of_a_period_is_in_the_next(make: Any) -> None:
    order = {"account_id": "a", "booked": "2027-01-04", "invoiced": "2027-01-10", "value": 100.0}
    parts_of = [
        parts(make(orders=[order | {"cancelled": day}]), "revenue_invoiced")[0]
        for day in ("2027-03-31", "2027-04-01")
    ]
    assert parts_of == [0.0, 100.0]


def test_gross_margin_is_of_orders_whose_cost_is_known(make: Any) -> None:
    orders = [
        {"order_id": "a", "account_id": "a", "booked": "2027-01-01", "value": 100.0, "cost": 60.0},
        {"order_id": "b", "account_id": "a", "booked": "2027-03-31", "value": 100.0, "cost": 130.0},
        {"order_id": "unknown", "account_id": "a", "booked": "2027-02-01", "value": 1000.0},
        {"order_id": "before", "account_id": "a", "booked": "2026-12-31", "value": 7.0, "cost": 1.0},
        {"order_id": "after", "account_id": "a", "booked": "2027-04-01", "value": 9.0, "cost": 1.0},
        {"order_id": "back", "account_id": "a", "booked": "2026-12-30", "value": 50.0, "cost": 10.0, "cancelled": "2027-02-01"},
    ]  # fmt: skip
    tables = make(orders=orders)
    # 40 − 30 − 40 of 100 + 100 − 50: what was cancelled now comes off above and below.
    assert parts(tables, "gross_margin") == (-30.0, 150.0)
    assert value(tables, "gross_margin").value == pytest.approx(-0.2)
    assert why(tables, "gross_margin")["order_id"].tolist() == ["a", "b", "back"]
    free = [{"account_id": "a", "booked": "2027-01-05", "value": 0.0, "cost": 5.0}]
    assert (
        value(make(orders=free), "gross_margin").value,
        value(make(orders=free), "gross_margin").reason,
    ) == (
        None,
        "no_base",
    )


def test_contribution_is_profit_less_pay(make: Any) -> None:
    orders = [
        {"account_id": "a", "booked": "2027-01-05", "value": 100.0, "cost": 60.0},
        {"account_id": "a", "booked": "2027-01-06", "value": 50.0},
        {"account_id": "a", "booked": "2026-12-30", "value": 30.0, "cost": 10.0, "cancelled": "2027-02-01"},
    ]
    pay = [
        {"rep_id": "r", "period_start": "2027-01-01", "period_end": "2027-04-01", "total": 25.0},
        {"rep_id": "s", "period_start": "2026-12-02", "period_end": "2027-01-31", "total": 60.0},
    ]
    # 40 + 50 (no cost known) − 20 (cancelled now) − 25 − half of 60, since half of that period lies inside.
    assert value(make(orders=orders, pay=pay), "contribution").value == pytest.approx(40 + 50 - 20 - 25 - 30)


def test_complaints_answered_quickly_of_those_opened(make: Any) -> None:
    complaints = [
        {"opened": "2027-01-05", "answered": "2027-01-05", "handling": "quick"},
        {"opened": "2027-01-06", "answered": "2027-01-20", "handling": "slow"},
        {"opened": "2027-01-07", "handling": "none"},
        {"opened": "2026-12-31", "answered": "2027-01-02", "handling": "quick"},
    ]
    assert parts(make(complaints=complaints), "complaint_quick_rate") == (1.0, 3.0)


def test_rework_counts_requests_finished_and_not_their_rounds(make: Any) -> None:
    requests = [
        {"department": "product", "submitted": "2027-01-04", "finished": "2027-01-05", "rounds": 3},
        {"department": "product", "submitted": "2027-01-04", "finished": "2027-01-06", "rounds": 1},
        {"department": "product", "submitted": "2027-01-04", "finished": "2027-01-07"},
        {"department": "product", "submitted": "2027-01-04", "rounds": 2},
        {"department": "product", "submitted": "2026-12-01", "finished": "2026-12-05", "rounds": 2},
    ]
    assert parts(make(requests=requests), "defect_rate") == (1.0, 2.0)


DAYS = [
    {"rep_id": "r", "day": "2027-01-04", "available": 8.0, "worked": 4.0, "planned": 10.0},
    {"rep_id": "r", "day": "2027-01-05", "available": 8.0, "worked": 6.0},
    {"rep_id": "r", "day": "2026-12-31", "available": 8.0, "worked": 8.0, "planned": 8.0},
]


def test_workload_is_planned_of_available_hours(make: Any) -> None:
    assert parts(make(rep_days=DAYS), "workload") == (10.0, 16.0)


def test_productivity_is_bookings_of_hours_worked(make: Any) -> None:
    orders = [
        {"account_id": "a", "booked": "2027-01-05", "value": 300.0},
        {"account_id": "a", "booked": "2026-12-05", "value": 900.0},
    ]
    tables = make(orders=orders, rep_days=DAYS)
    assert parts(tables, "productivity") == (300.0, 10.0)
    assert set(why(tables, "productivity")["table"]) == {"orders", "rep_days"}


def test_two_trainings_of_one_person_count_once_and_later_joiners_not(make: Any) -> None:
    reps = [
        {"rep_id": "a", "hired": "2026-01-01"},
        {"rep_id": "b", "hired": "2026-01-01"},
        {"rep_id": "late", "hired": "2027-02-01"},
        {"rep_id": "gone", "hired": "2026-01-01", "left": "2026-12-01"},
    ]
    trainings = [
        {"rep_id": "a", "held": "2027-01-05"},
        {"rep_id": "a", "held": "2027-01-06"},
        {"rep_id": "b", "held": "2026-12-06"},
        {"rep_id": "late", "held": "2027-02-06"},
    ]
    assert parts(make(reps=reps, trainings=trainings), "training_participation") == (1.0, 2.0)


def test_pay_and_what_it_costs_count_by_the_days_of_their_period(make: Any) -> None:
    pay = [
        {"rep_id": "r", "period_start": "2027-01-01", "period_end": "2027-04-01", "total": 30.0},
        {"rep_id": "s", "period_start": "2026-12-02", "period_end": "2027-01-31", "total": 60.0},
        # One that ends where the window begins, one of no length, and one that the records cut after a third.
        {"rep_id": "s", "period_start": "2026-10-01", "period_end": "2027-01-01", "total": 700.0},
        {"rep_id": "s", "period_start": "2027-02-01", "period_end": "2027-02-01", "total": 900.0},
        {"rep_id": "t", "period_start": "2027-03-02", "period_end": "2027-05-31", "total": 5.0},
    ]
    orders = [{"account_id": "a", "booked": "2027-02-01", "value": 260.0}]
    tables = make(pay=pay, orders=orders)
    assert value(tables, "pay_cost").value == pytest.approx(30 + 30 + 5)
    assert parts(tables, "cost_of_sales") == pytest.approx((65.0, 260.0))
    rows = why(tables, "cost_of_sales")
    assert rows.groupby("table")[["numerator", "denominator"]].sum().to_dict("index") == {
        "orders": {"numerator": 0.0, "denominator": 260.0},
        "pay": {"numerator": pytest.approx(65.0), "denominator": 0.0},
    }
    assert why(tables, "pay_cost")["rep_id"].tolist() == ["r", "s", "t"]


def test_no_pay_period_inside_is_no_data_and_no_zero(make: Any) -> None:
    pay = [{"rep_id": "r", "period_start": "2026-10-01", "period_end": "2027-01-01", "total": 30.0}]
    tables = make(pay=pay, orders=[{"account_id": "a", "booked": "2027-02-01", "value": 1.0}])
    assert [value(tables, name).reason for name in ("pay_cost", "cost_of_sales")] == ["no_data", "no_data"]


def test_a_culture_score_counts_where_most_of_its_period_lies_inside(make: Any) -> None:
    rows = [
        {"rep_id": rep, "period_start": "2027-01-01", "period_end": "2027-04-01", "total": 1.0, "culture_score": 0.5}
        for rep in "abcde"
    ]  # fmt: skip
    half = {"rep_id": "f", "period_start": "2026-12-02", "period_end": "2027-01-31", "total": 1.0}
    more = {"rep_id": "g", "period_start": "2026-12-03", "period_end": "2027-01-31", "total": 1.0}
    silent = {"rep_id": "h", "period_start": "2027-01-01", "period_end": "2027-04-01", "total": 1.0}
    tables = make(pay=[*rows, {**half, "culture_score": 1.0}, {**more, "culture_score": 1.0}, silent])
    # Half a period (30 of 60 days) is not most of it, 30 of 59 days are.
    assert parts(tables, "culture") == pytest.approx((5 * 0.5 + 1.0, 6.0))


TARGET = {
    "name": "t",
    "kpi": "revenue_booked",
    "period_start": "2027-01-01",
    "period_end": "2027-04-01",
}


@pytest.mark.parametrize(
    ("targets", "wanted"),
    [
        # A team's before the company's, a person's before the team's; one of nobody in particular comes last.
        ([{"level": "company", "target": 10}, {"name": "u", "level": "team", "target": 20}], 20),
        ([{"level": "team", "target": 20}, {"level": "person", "rep_id": "r", "target": 40}], 40),
        ([{"name": "u", "level": "company", "target": 10}, {"target": 80}], 10),
        ([{"target": 80}], 80),
        # The heavier of two that say it twice; at equal weights the first by name.
        ([{"name": "b", "target": 3, "weight": 0.6}, {"name": "a", "target": 5, "weight": 0.4}], 3),
        ([{"name": "b", "target": 3, "weight": 0.4}, {"name": "a", "target": 5, "weight": 0.4}], 5),
        # Other KPIs and other periods are none.
        ([{"target": 7}, {"name": "a", "kpi": "wins", "target": 9}], 7),
        ([{"target": 7}, {"period_start": "2026-01-01", "period_end": "2027-01-01", "target": 9}], 7),
    ],
)
def test_attainment_takes_one_target_the_nearest_to_people(
    make: Any, targets: list[dict[str, Any]], wanted: float
) -> None:
    orders = [{"account_id": "a", "booked": "2027-02-01", "value": 1.0, "rep_id": "r"}]
    tables = make(targets=[TARGET | one for one in targets], orders=orders)
    assert parts(tables, "attainment") == (1.0, wanted)


def test_what_a_cancelled_order_would_have_brought_is_not_due_but_what_it_brought_is(make: Any) -> None:
    orders = [
        {"order_id": "gone", "account_id": "a", "booked": "2027-01-04", "value": 1.0, "cancelled": "2027-01-20"},
        {"order_id": "paid", "account_id": "a", "booked": "2027-01-04", "value": 1.0, "cancelled": "2027-03-20"},
        {"order_id": "there", "account_id": "a", "booked": "2027-01-04", "value": 1.0},
    ]  # fmt: skip
    bills = [
        {"order_id": "gone", "due": "2027-02-01", "amount": 10.0},
        {"order_id": "paid", "due": "2027-02-01", "paid": "2027-02-01", "amount": 20.0},
        {"order_id": "there", "due": "2027-02-01", "amount": 40.0},
    ]
    tables = make(orders=orders, collections=bills)
    assert parts(tables, "collection_rate") == (20.0, 60.0)
    assert why(tables, "collection_rate")["order_id"].tolist() == ["paid", "there"]
    assert why(tables, "revenue_collected")["order_id"].tolist() == ["paid"]


def test_a_customer_lost_at_an_edge_counts_in_the_period_that_begins_there(make: Any) -> None:
    accounts = [
        {"account_id": "first", "since": "2026-06-01", "left": "2027-01-01"},
        {"account_id": "next", "since": "2026-06-01", "left": "2027-04-01"},
        {"account_id": "before", "since": "2026-06-01", "left": "2026-12-31"},
        {"account_id": "new", "since": "2027-01-01"},
    ]
    tables = make(accounts=accounts)
    assert parts(tables, "customer_churn") == (1.0, 2.0)
    assert parts(tables, "customer_retention") == (1.0, 2.0)
    rows = why(tables, "customer_churn").set_index("account_id")["numerator"]
    assert rows.to_dict() == {"first": 1.0, "next": 0.0}


def test_repurchase_goes_on_after_a_quarter_and_names_the_first_order_of_each_customer(make: Any) -> None:
    rows = [
        ("a", "2027-02-01"),
        ("a", "2027-01-05"),
        ("b", "2027-03-01"),
        ("a", "2027-05-01"),
        ("b", "2027-08-01"),
    ]
    tables = make(
        end=date(2028, 1, 1),
        orders=[{"order_id": day, "account_id": name, "booked": day, "value": 1.0} for name, day in rows],
    )
    # a again in the second quarter, nobody of the second in the third, b not again in the fourth.
    assert parts(tables, "repurchase_rate") == (1.0, 4.0)
    counted = why(tables, "repurchase_rate")
    assert counted.loc[counted["denominator"] == 1, "order_id"].tolist() == [
        "2027-01-05", "2027-03-01", "2027-05-01", "2027-08-01",
    ]  # fmt: skip


def test_customers_from_before_the_records_are_not_new(make: Any) -> None:
    rows = [
        ("old", "2027-01-05"),
        ("new", "2027-01-04"),
        ("later", "2027-01-06"),
        ("unknown", "2027-01-07"),
        ("old", "2027-02-01"),
    ]
    orders = [
        {"order_id": f"{name} {day}", "account_id": name, "booked": day, "value": 1.0} for name, day in rows
    ]
    # The records begin on the 4th: who is a customer since then is new.
    accounts = [
        {"account_id": name, "since": day}
        for name, day in (("old", "2027-01-03"), ("new", "2027-01-04"), ("later", None))
    ]
    tables = make(orders=orders, accounts=accounts)
    assert why(tables, "new_customers")["order_id"].tolist() == [
        "new 2027-01-04",
        "later 2027-01-06",
        "unknown 2027-01-07",
    ]
    assert len(why(make(orders=orders), "new_customers")) == 4


def test_the_first_of_equally_early_orders_is_named_by_its_id(make: Any) -> None:
    orders = [
        {"order_id": name, "account_id": "a", "booked": "2027-01-05", "value": 1.0}
        for name in ("z", "b", "m")
    ]
    for kpi in ("new_customers", "repeat_purchase_rate"):
        rows = why(make(orders=orders), kpi)
        assert rows.loc[rows["numerator"] + rows["denominator"] > 0, "order_id"].tolist() == ["b"], kpi


def test_repeat_purchases_count_days_and_stand_at_the_first_order(make: Any) -> None:
    rows = [
        ("a", "2027-02-01"),
        ("a", "2027-01-05"),
        ("b", "2027-01-05"),
        ("b", "2027-01-05"),
        ("c", "2027-03-31"),
    ]
    orders = [
        {"order_id": f"o{k}", "account_id": name, "booked": day, "value": 1.0}
        for k, (name, day) in enumerate(rows)
    ]
    tables = make(orders=orders)
    # Two orders of one day are one purchase: only a bought twice.
    assert parts(tables, "repeat_purchase_rate") == (1.0, 3.0)
    counted = why(tables, "repeat_purchase_rate")
    assert counted["table"].tolist() == ["orders"] * 5
    assert counted["order_id"].tolist() == ["o0", "o1", "o2", "o3", "o4"]
    assert counted["numerator"].tolist() == [0, 1, 0, 0, 0]
    assert counted["denominator"].tolist() == [0, 1, 1, 0, 1]


def test_the_last_answer_of_a_customer_counts_and_each_one_without_a_name(make: Any) -> None:
    rows = [
        ("s1", "a", "2027-01-05", 5), ("s2", "a", "2027-01-09", 2), ("s3", None, "2027-01-05", 4), ("s4", None, "2027-01-05", 5),
        ("s5", "b", "2027-01-05", 3), ("s7", "c", "2027-01-05", 1), ("s6", "c", "2027-01-05", 4), ("s8", None, "2027-01-06", 1),
    ]  # fmt: skip
    answers = [
        {"survey_id": one, "question": "csat", "account_id": who, "answered": day, "score": score}
        for one, who, day, score in rows
    ]
    tables = make(surveys=answers)
    # a: 2, b: 3, c: of two at one moment the later number, 1; nameless: 4, 5 and 1.
    assert parts(tables, "csat") == (2.0, 6.0)
    counted = why(tables, "csat").set_index("survey_id")
    assert counted["numerator"].to_dict() == {"s2": 0, "s3": 1, "s4": 1, "s5": 0, "s7": 0, "s8": 0}
    assert set(counted["table"]) == {"surveys"}


def test_rows_behind_quick_complaints_are_complaints(make: Any) -> None:
    complaints = [{"complaint_id": how, "opened": "2027-01-05", "handling": how} for how in ("quick", "slow")]
    assert why(make(complaints=complaints), "complaint_quick_rate")["table"].tolist() == ["complaints"] * 2


def test_order_processing_time_is_of_orders_delivered_and_open_ones_are_counted_aside(make: Any) -> None:
    def order(name: str, booked: str, delivered: str | None, cancelled: str | None = None) -> dict[str, Any]:
        return {"order_id": name, "account_id": "a", "booked": booked, "value": 1.0,
                "delivered": delivered, "cancelled": cancelled}  # fmt: skip

    rows = [
        order("three", "2027-01-01", "2027-01-04"),
        order("five", "2026-12-30", "2027-01-04"),
        order("ten", "2027-03-21", "2027-03-31"),
        order("back after delivery", "2027-01-01", "2027-01-03", "2027-01-03"),
        order("gone before", "2027-01-01", "2027-01-20", "2027-01-19"),
        order("open", "2027-02-01", None),
        order("next period", "2027-03-01", "2027-04-01"),
        order("period before", "2026-12-01", "2026-12-31"),
        order("a day without its hour", "2027-02-05 15:00", "2027-02-05"),
    ]
    tables = make(orders=rows)
    # 3, 5 and 10 days, two days of the one that came back later, none of the one dated by the day alone.
    assert parts(tables, "order_days") == (20.0, 5.0)
    assert why(tables, "order_days")["order_id"].tolist() == [
        "three", "five", "ten", "back after delivery", "a day without its hour",
    ]  # fmt: skip
    golden = make(orders=rows[:3])
    assert value(golden, "order_days").value == pytest.approx(6.0)
    # Signed in the period and not delivered as far as the records know.
    assert value(tables, "open_orders").value == 1.0


def test_a_request_that_came_back_once_is_rework(make: Any) -> None:
    requests = [
        {"department": "product", "submitted": "2027-01-04", "finished": "2027-01-05", "rounds": rounds}
        for rounds in (1, 2, 5)
    ]
    tables = make(requests=requests)
    assert parts(tables, "defect_rate") == (2.0, 3.0)
    assert why(tables, "defect_rate")["table"].tolist() == ["requests"] * 3


def test_who_comes_or_leaves_at_midnight_of_an_edge(make: Any) -> None:
    reps = [
        {"rep_id": "came at the start", "hired": "2027-01-01"},
        {"rep_id": "came at the end", "hired": "2027-04-01"},
        {"rep_id": "left at the start", "hired": "2026-01-01", "left": "2027-01-01"},
        {"rep_id": "left at the end", "hired": "2026-01-01", "left": "2027-04-01"},
    ]
    tables = make(reps=reps)
    # There at the start: all but who came at the end; of them two are still there at the end.
    assert parts(tables, "staff_retention") == (2.0, 3.0)
    # One left inside; three heads at either end.
    assert parts(tables, "staff_turnover") == (1.0, 3.0)
    assert set(why(tables, "staff_retention")["table"]) == {"reps"}
    # Nobody of an export is said to have left: that is silence, not loyalty. A simulated team says what it means.
    loyal = make(source="export", reps=reps[:2])
    assert [value(loyal, name).reason for name in ("staff_retention", "staff_turnover")] == [
        "no_data",
        "no_data",
    ]
    assert value(make(reps=reps[:2]), "staff_retention").value == 1.0


def test_skill_takes_the_last_answer_of_each_side_and_only_known_people(make: Any) -> None:
    def said(person: str | None, question: str, day: str, score: float | None) -> dict[str, Any]:
        return {"rep_id": person, "question": question, "answered": day, "score": score}

    rows = [said(name, "skill_pre", "2026-11-01", 2) for name in "abcde"]
    rows += [said(name, "skill_post", "2027-02-01", 4) for name in "abcde"]
    rows += [
        said("a", "skill_pre", "2026-12-01", 3),  # measured again before
        said("a", "skill_post", "2027-03-01", 5),  # and after
        said("b", "skill_pre", "2027-04-01", 1),  # after the period
        said("c", "skill_post", "2027-03-01", None),  # blank
        said(None, "skill_post", "2027-02-01", 5),  # nobody
        said("f", "skill_post", "2027-02-01", 5),  # only after
    ]
    tables = make(surveys=rows)
    assert parts(tables, "skill_improvement") == (2.0 + 4 * 2.0, 5.0)
    assert sorted(why(tables, "skill_improvement")["answered"].astype(str)) == [
        "2027-02-01", "2027-02-01", "2027-02-01", "2027-02-01", "2027-03-01",
    ]  # fmt: skip
    only = [row for row in rows if row["question"] == "skill_pre"]
    assert value(make(surveys=only), "skill_improvement").reason == "no_data"


def test_a_pace_goes_by_the_target_while_the_period_runs_and_by_the_quota_when_it_is_over(make: Any) -> None:
    """Quota 200, target 80, signed 50."""
    pay = [
        {
            "rep_id": "r",
            "period_start": "2027-01-01",
            "period_end": "2027-04-01",
            "total": 1.0,
            "quota": 200.0,
        }
    ]
    orders = [{"account_id": "a", "booked": "2027-01-05", "value": 50.0, "rep_id": "r"}]
    rows = {"orders": orders, "pay": pay, "targets": [TARGET | {"target": 80.0}]}
    over = make(**rows)
    assert parts(over, "pace") == (50.0, 200.0)
    half = measure_values(make(end=date(2027, 2, 15), **rows), ["pace"], "2027-01-01", "2027-04-01")["pace"]
    # 31 of the 64 working days of the quarter come before 15 February.
    assert half.numerator == 50.0
    assert half.denominator == pytest.approx(80.0 * 31 / 64)
    without = make(orders=orders, targets=[TARGET | {"target": 80.0}])
    assert parts(without, "pace") == (50.0, 80.0)


def test_a_pay_table_alone_tells_attainment_by_the_part_of_its_period(make: Any) -> None:
    pay = [
        {"rep_id": "a", "period_start": "2027-01-01", "period_end": "2027-04-01", "total": 1.0, "quota": 200.0, "sales": 60.0},
        {"rep_id": "b", "period_start": "2027-01-01", "period_end": "2027-04-01", "total": 1.0, "quota": 100.0},
    ]  # fmt: skip
    assert parts(make(pay=pay), "attainment") == (60.0, 300.0)


def test_without_a_list_of_reps_they_are_all_that_any_table_names(make: Any) -> None:
    rows = {
        "orders": [{"account_id": "x", "booked": "2027-01-05", "value": 1.0, "rep_id": rep} for rep in ("b", "a", None)],
        "complaints": [{"opened": "2027-01-05", "rep_id": "c"}],
        "accounts": [{"account_id": "x"}],
    }  # fmt: skip
    assert reps_named(Facts(make(**rows))) == ["a", "b", "c"]
    # A list says who is in the team, whoever else an order names.
    assert reps_named(Facts(make(**rows, reps=[{"rep_id": "z"}, {"rep_id": "a"}]))) == ["a", "z"]
    assert reps_named(Facts(make(accounts=rows["accounts"]))) == []


def test_a_frame_says_period_unit_and_rule_of_each_number(make: Any) -> None:
    days = ("2027-01-31", "2027-02-01", "2027-02-28", "2027-03-01")
    orders = [{"order_id": day, "account_id": day, "booked": day, "value": 10.0} for day in days]
    tables = make(orders=orders)
    frame = measure(tables, ["revenue_booked", "new_customers"], "2027-02-01", "2027-03-01")
    assert list(frame.columns) == list(COLUMNS)
    rows = frame.set_index("kpi").to_dict("index")
    assert {name: (row["value"], row["numerator"], row["n"]) for name, row in rows.items()} == {
        "revenue_booked": (20.0, 20.0, 2), "new_customers": (2.0, 2.0, 2),
    }  # fmt: skip
    assert {(str(row["start"])[:10], str(row["end"])[:10]) for row in rows.values()} == {
        ("2027-02-01", "2027-03-01")
    }
    assert [rows[name]["unit"] for name in rows] == ["money", "count"]
    assert rows["new_customers"]["cohort"] == "first_order"
    april = replace(tables, meta=replace(tables.meta, fiscal_year_start=4))
    years = measure(april, ["revenue_booked"], by="year")
    assert list(years.columns[:2]) == ["kpi", "period"]
    assert years["period"].tolist() == ["FY2026"]
