"""Edges: what a period takes in, what is unknown, what is hidden."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, get_args

import pytest

from kpisim.kpi import kpi, kpis, measure, measure_values, quantiles, why
from kpisim.kpi.value import COHORTS, REASONS
from kpisim.kpi.window import cut, window, workdays
from kpisim.scenario.kpi_scheme import KpiName
from kpisim.tables import Meta
from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kpisim.tables import Tables

    Make = Callable[..., Tables]

pytestmark = pytest.mark.unit

JAN, FEB, MAR, APR = (date(2027, month, 1) for month in (1, 2, 3, 4))


def order(who: str, booked: str, value: float = 100, **more: Any) -> dict[str, Any]:
    return {"account_id": who, "booked": booked, "value": value, **more}


def test_every_kpi_of_a_scheme_can_be_measured() -> None:
    assert set(get_args(KpiName)) <= set(kpis())


def test_declarations_are_whole() -> None:
    for one in kpis().values():
        assert one.cohort in COHORTS, one.name
        assert all((one.en, one.zh, one.formula_en, one.formula_zh)), one.name
        assert one.zh != one.en


def test_a_period_takes_its_first_moment_and_not_its_end(make: Make) -> None:
    tables = make(
        orders=[
            order("a", "2027-01-31 23:59:59"),
            order("b", "2027-02-01 00:00:00"),
            order("c", "2027-03-01 00:00:00"),
        ]
    )
    assert measure_values(tables, ["revenue_booked"], FEB, MAR)["revenue_booked"].value == 100


def test_cancelled_inside_nets_to_nothing_and_cancelled_later_is_negative(make: Make) -> None:
    tables = make(
        orders=[
            order("a", "2027-01-05", 100, cancelled="2027-01-20"),
            order("b", "2027-01-06", 70, cancelled="2027-02-03"),
        ]
    )
    booked = [
        measure_values(tables, ["revenue_booked"], *edges)["revenue_booked"].value
        for edges in ((JAN, FEB), (FEB, MAR), (JAN, MAR))
    ]
    assert booked == [70, -70, 0]


def test_a_return_counts_when_it_is_booked_and_is_no_purchase(make: Make) -> None:
    tables = make(orders=[order("a", "2027-01-05", 100), order("a", "2027-02-05", -40)])
    values = measure_values(tables, start=FEB, end=MAR)
    assert values["revenue_booked"].value == -40
    assert values["repeat_purchase_rate"].reason == "no_base"


def test_an_invoice_is_reversed_when_its_order_is_cancelled(make: Make) -> None:
    rows = [
        order("a", "2027-01-05", 100, invoiced="2027-01-10", cancelled="2027-02-10"),
        order("b", "2027-01-05", 30, cancelled="2027-02-10"),
    ]
    tables = make(orders=rows)
    invoiced = [
        measure_values(tables, ["revenue_invoiced"], *edges)["revenue_invoiced"].value
        for edges in ((JAN, FEB), (FEB, MAR))
    ]
    assert invoiced == [100, -100]


def test_a_first_order_on_the_last_day_counts_once(make: Make) -> None:
    tables = make(
        orders=[
            order("a", "2027-01-31 18:00"),
            order("a", "2027-02-01 09:00"),
            order("b", "2027-02-01 00:00"),
        ]
    )
    news = [
        measure_values(tables, ["new_customers"], *edges)["new_customers"].value
        for edges in ((JAN, FEB), (FEB, MAR))
    ]
    assert news == [1, 1]


def test_a_cancelled_first_order_is_no_first_order(make: Make) -> None:
    tables = make(orders=[order("a", "2027-01-05", cancelled="2027-01-08"), order("a", "2027-02-05")])
    news = [
        measure_values(tables, ["new_customers"], *edges)["new_customers"].value
        for edges in ((JAN, FEB), (FEB, MAR))
    ]
    assert news == [0, 1]


def test_a_customer_from_before_the_records_is_not_new(make: Make) -> None:
    tables = make(orders=[order("a", "2027-01-05"), order("b", "2027-01-06")],
                  accounts=[{"account_id": "a", "since": "2026-03-01"}, {"account_id": "b", "since": "2027-01-06"}])  # fmt: skip
    assert measure_values(tables, ["new_customers"])["new_customers"].value == 1


def test_orders_of_one_day_are_one_purchase(make: Make) -> None:
    tables = make(
        orders=[
            order("a", "2027-01-05 09:00"),
            order("a", "2027-01-05 17:00"),
            order("b", "2027-01-05"),
            order("b", "2027-01-06"),
        ]
    )
    value = measure_values(tables, ["repeat_purchase_rate"])["repeat_purchase_rate"]
    assert (value.numerator, value.denominator) == (1, 2)


def test_repurchase_waits_for_a_whole_next_window(make: Make) -> None:
    tables = make(JAN, date(2027, 2, 28), orders=[order("a", "2027-01-05"), order("a", "2027-02-05")])
    value = measure_values(tables, ["repurchase_rate"], JAN, FEB)["repurchase_rate"]
    assert (value.value, value.reason) == (None, "early")


def test_a_year_of_repurchase_is_the_sum_of_its_quarters(make: Make) -> None:
    rows = [order("a", f"2027-{month:02d}-05") for month in range(1, 13)] + [
        order("b", "2027-02-05"),
        order("c", "2027-05-05"),
    ]
    tables = make(JAN, date(2028, 1, 1), orders=rows)
    year = measure_values(tables, ["repurchase_rate"])["repurchase_rate"]
    quarters = measure(tables, ["repurchase_rate"], by="quarter")
    assert (
        (year.numerator, year.denominator)
        == (quarters["numerator"].sum(), quarters["denominator"].sum())
        == (3, 5)
    )
    assert quarters["reason"].iloc[-1] == "early"


def test_the_last_answer_of_a_customer_counts_and_blanks_do_not(make: Make) -> None:
    rows = [
        {"question": "csat", "account_id": f"a{k}", "answered": "2027-01-05", "score": 5} for k in range(5)
    ]
    rows += [{"question": "csat", "account_id": "a0", "answered": "2027-01-09", "score": 1},
             {"question": "csat", "account_id": "a1", "answered": "2027-01-09", "score": None},
             {"question": "pulse", "account_id": "a2", "answered": "2027-01-09", "score": 1}]  # fmt: skip
    value = measure_values(make(surveys=rows), ["csat"])["csat"]
    assert (value.numerator, value.denominator) == (4, 5)


def test_fewer_than_five_answers_stay_hidden(make: Make) -> None:
    rows = [
        {"question": "csat", "account_id": f"a{k}", "answered": "2027-01-05", "score": 5} for k in range(4)
    ]
    tables = make(surveys=rows)
    value = measure_values(tables, ["csat"])["csat"]
    assert (value.value, value.numerator, value.denominator, value.reason, value.n) == (
        None,
        None,
        None,
        "too_few",
        4,
    )
    assert why(tables, "csat").empty


def test_a_culture_score_of_one_person_stays_hidden(make: Make) -> None:
    rows = [
        {"rep_id": f"r{k}", "period_start": JAN, "period_end": APR, "total": 1, "culture_score": 0.5}
        for k in range(6)
    ]
    tables = make(pay=rows, reps=[{"rep_id": f"r{k}"} for k in range(6)])
    assert measure_values(tables, ["culture"])["culture"].value == pytest.approx(0.5)
    assert set(measure(tables, ["culture"], by="rep_id")["reason"]) == {"too_few"}


def test_nothing_to_divide_by_is_no_number(make: Make) -> None:
    tables = make(opportunities=[{"created": "2027-01-05", "status": "open"}], orders=[order("a", "2027-01-05", -5)],
                  pay=[{"rep_id": "r", "period_start": JAN, "period_end": APR, "total": 10, "quota": 0, "sales": 3}])  # fmt: skip
    values = measure_values(tables)
    assert values["cost_of_sales"].reason == "no_base"
    assert values["attainment"].reason == "no_base"
    assert values["conversion_closed"].reason == "no_data"  # the closing dates are empty throughout
    for value in values.values():
        assert (value.value is None) == (value.reason is not None), value.kpi
        assert value.reason is None or value.reason in REASONS


def test_a_missing_table_is_no_data(make: Make) -> None:
    values = measure_values(make(reps=[{"rep_id": "r"}], source="export"))
    assert {value.reason for value in values.values()} <= {"no_data", "early"}


def test_an_empty_table_is_a_real_nothing(make: Make) -> None:
    assert measure_values(make(orders=[]), ["revenue_booked"])["revenue_booked"].value == 0


def test_a_period_outside_the_data_is_no_data(make: Make) -> None:
    tables = make(orders=[order("a", "2027-01-05")])
    assert (
        measure_values(tables, ["revenue_booked"], "2029-01-01", "2029-02-01")["revenue_booked"].reason
        == "no_data"
    )
    assert (
        measure_values(tables, ["revenue_booked"], "2019-01-01", "2019-02-01")["revenue_booked"].reason
        == "no_data"
    )


def test_an_export_that_names_no_leaver_is_not_loyal(make: Make) -> None:
    rows = [{"since": "2026-01-01"}]
    assert (
        measure_values(make(accounts=rows, source="export"), ["customer_retention"])[
            "customer_retention"
        ].reason
        == "no_data"
    )
    assert measure_values(make(accounts=rows), ["customer_retention"])["customer_retention"].value == 1


def test_collection_rate_may_exceed_one_and_a_cancelled_order_is_not_due(make: Make) -> None:
    tables = make(orders=[order("a", "2027-01-02", 50, order_id="x", cancelled="2027-01-03"), order("b", "2026-12-01", 100, order_id="y")],
                  collections=[{"order_id": "x", "due": "2027-01-10", "amount": 50}, {"order_id": "y", "due": "2026-12-20", "paid": "2027-01-04", "amount": 100},
                               {"order_id": "z", "due": "2027-01-20", "paid": "2027-01-20", "amount": 80}])  # fmt: skip
    value = measure_values(tables, ["collection_rate"], JAN, FEB)["collection_rate"]
    assert (value.numerator, value.denominator, value.value) == (180, 80, 2.25)


def test_money_without_a_due_date_is_in_no_collection_rate(make: Make) -> None:
    came = {"order_id": "x", "paid": "2027-01-10", "amount": 50}
    owed = {"order_id": "y", "due": "2027-01-20", "amount": 80}
    value = measure_values(make(collections=[came]), ["collection_rate"], JAN, FEB)["collection_rate"]
    assert (value.value, value.reason) == (None, "no_data")
    both = measure_values(make(collections=[came, owed]), ["collection_rate", "revenue_collected"], JAN, FEB)
    assert (both["collection_rate"].value, both["revenue_collected"].value) == (0.0, 50)


def test_attainment_and_cost_follow_the_days_of_the_pay_period(make: Make) -> None:
    pay = [
        {"rep_id": "r", "period_start": JAN, "period_end": APR, "total": 900, "quota": 9000, "sales": 4500}
    ]
    tables = make(pay=pay, orders=[order("a", "2027-01-05", 3100, rep_id="r"), order("b", "2027-02-05", 1400, rep_id="r"),
                                   order("c", "2027-02-05", 999, rep_id="none of the team")])  # fmt: skip
    assert measure_values(tables)["attainment"].value == pytest.approx(0.5)
    months = measure(tables, ["attainment", "pay_cost"], by="month").set_index(["kpi", "period"])["value"]
    assert months["attainment", "2027-01"] == pytest.approx(1.0)
    assert months["pay_cost", "2027-01"] == pytest.approx(310)
    assert months["pay_cost"].sum() == pytest.approx(900)


def test_a_pace_in_the_first_days_is_early(make: Make) -> None:
    target = [{"name": "t", "kpi": "revenue_booked", "period_start": JAN, "period_end": APR, "target": 100}]
    tables = make(JAN, date(2027, 1, 5), orders=[order("a", "2027-01-04", 50)], targets=target)
    assert measure_values(tables, ["pace"], JAN, APR)["pace"].reason == "early"


def test_quota_and_target_on_the_same_revenue_are_not_added(make: Make) -> None:
    target = {
        "kpi": "revenue_booked",
        "level": "person",
        "rep_id": "r",
        "period_start": JAN,
        "period_end": APR,
    }
    tables = make(orders=[order("a", "2027-01-04", 50, rep_id="r")],
                  targets=[{**target, "name": "revenue", "target": 100, "weight": 0.6}, {**target, "name": "quota", "target": 200, "weight": 0}])  # fmt: skip
    assert measure_values(tables, ["attainment"])["attainment"].value == pytest.approx(0.25)


def test_a_target_counts_for_the_days_its_holder_was_employed(make: Make) -> None:
    target = {"name": "t", "kpi": "revenue_booked", "level": "person", "period_start": JAN, "period_end": FEB}
    tables = make(
        reps=[{"rep_id": "stays"}, {"rep_id": "leaves", "left": "2027-01-11"}, {"rep_id": "comes", "hired": "2027-01-30"}],
        orders=[order("a", "2027-01-04", 310, rep_id="stays")],
        targets=[{**target, "rep_id": rep, "target": 310} for rep in ("stays", "leaves", "comes", "not in the list")],
    )  # fmt: skip
    value = measure_values(tables, ["attainment"], JAN, FEB)["attainment"]
    # All of January, ten days, two days, and all of somebody of whom no day is known.
    assert value.denominator == pytest.approx(310 + 100 + 20 + 310)
    half = measure_values(tables, ["attainment"], JAN, date(2027, 1, 6))["attainment"]
    assert half.denominator == pytest.approx(50 + 50 + 50)


def test_a_question_that_nobody_was_asked_is_no_data_and_not_nothing_to_divide_by(make: Make) -> None:
    csat = {"question": "csat", "account_id": "a", "answered": "2027-01-05", "score": 4}
    assert measure_values(make(surveys=[csat]), ["employee_satisfaction"])["employee_satisfaction"].reason == "no_data"  # fmt: skip
    # Asked, but not in this period.
    asked = {"question": "employee", "answered": "2027-02-05", "score": 4}
    value = measure_values(make(surveys=[csat, asked]), ["employee_satisfaction"], JAN, FEB)["employee_satisfaction"]  # fmt: skip
    assert value.reason == "no_base"


def test_attainment_has_no_number_where_no_order_says_who_signed(make: Make) -> None:
    target = {"name": "t", "kpi": "revenue_booked", "level": "person", "rep_id": "r", "target": 200}
    period = {"period_start": JAN, "period_end": FEB}
    nobodys = make(orders=[order("a", "2027-01-04", 50)], targets=[target | period])
    assert measure_values(nobodys, ["attainment"], JAN, FEB)["attainment"].reason == "no_data"
    # Where some orders say it, those of nobody count for nobody.
    some = make(orders=[order("a", "2027-01-04", 50), order("b", "2027-01-05", 70, rep_id="r")], targets=[target | period])  # fmt: skip
    assert measure_values(some, ["attainment"], JAN, FEB)["attainment"].value == pytest.approx(0.35)
    # Without orders nothing was signed.
    none = make(orders=[], targets=[target | period])
    assert measure_values(none, ["attainment"], JAN, FEB)["attainment"].value == 0


def test_reps_share_out_the_whole(make: Make) -> None:
    rows = [
        order("a", "2027-01-04", 50, rep_id="r1"),
        order("a", "2027-01-09", 20, rep_id="r2"),
        order("b", "2027-01-09", 7, rep_id="r2"),
    ]
    tables = make(orders=rows, reps=[{"rep_id": "r1"}, {"rep_id": "r2"}, {"rep_id": "r3"}])
    frame = measure(tables, ["revenue_booked", "new_customers"], by="rep_id").set_index(["kpi", "rep_id"])[
        "value"
    ]
    assert frame["revenue_booked"].to_dict() == {"r1": 50, "r2": 27, "r3": 0}
    assert frame["new_customers"].to_dict() == {"r1": 1, "r2": 1, "r3": 0}


def test_why_shows_the_rows_that_add_up(make: Make) -> None:
    tables = make(
        opportunities=[
            {"created": "2027-01-05", "closed": "2027-01-09", "status": status}
            for status in ("won", "lost", "lost")
        ]
    )
    rows = why(tables, "conversion_closed")
    assert (rows["numerator"].sum(), rows["denominator"].sum(), len(rows)) == (1, 3, 3)
    assert {"table", "row", "opportunity_id", "status"} <= set(rows.columns)


def test_why_tells_table_and_place_of_each_row_of_a_period_in_order(make: Make) -> None:
    orders = [
        order("a", "2027-01-05", 5, cost=1),
        order("b", "2027-02-05", 7, cost=2),
        order("c", "2027-03-05", 9),
    ]
    pay = [{"rep_id": "r", "period_start": FEB, "period_end": APR, "total": 4}]
    rows = why(make(orders=orders, pay=pay), "contribution", FEB, APR)
    assert list(rows.columns[:4]) == ["table", "row", "numerator", "denominator"]
    assert rows[["table", "row", "numerator"]].to_numpy().tolist() == [
        ["orders", 1, 5],
        ["orders", 2, 9],
        ["pay", 0, -4],
    ]
    assert rows.index.tolist() == [0, 1, 2]
    assert "delivered" not in rows.columns  # a column that holds nothing
    january = why(make(orders=orders), "revenue_booked", end=FEB)
    assert january["numerator"].tolist() == [5]


def test_why_of_no_number_and_of_a_hidden_one_has_the_columns_and_no_row(make: Make) -> None:
    answers = [
        {"question": "csat", "account_id": f"a{k}", "answered": "2027-01-05", "score": 5} for k in range(4)
    ]
    for rows in (why(make(orders=[]), "csat"), why(make(surveys=answers), "csat")):
        assert {name: str(kind) for name, kind in rows.dtypes.items()} == {
            "table": "str", "row": "int64", "numerator": "float64", "denominator": "float64",
        }  # fmt: skip
        assert len(rows) == 0


def test_quantiles_are_those_of_the_period_and_none_without_a_case(make: Make) -> None:
    rows = [
        {"created": "2027-01-01", "closed": closed, "status": "won"}
        for closed in ("2027-01-11", "2027-02-20")
    ]
    tables = make(opportunities=rows)
    assert quantiles(tables, at=[0.5], end=FEB) == {0.5: 10.0}
    assert quantiles(tables, at=[0.5], start=FEB) == {0.5: 50.0}
    assert quantiles(tables, at=[0.5, 0.9], start="2027-03-01") == {0.5: None, 0.9: None}
    with pytest.raises(UserError, match="culture is not a mean of cases"):
        quantiles(tables, "culture")


def test_median_and_ninth_decile(make: Make) -> None:
    rows = [{"created": "2027-01-01", "closed": date(2027, 1, 1 + d), "status": "won"} for d in range(11)]
    assert quantiles(make(opportunities=rows)) == {0.5: 5.0, 0.9: 9.0}
    with pytest.raises(UserError, match="cycle_days, order_days"):
        quantiles(make(opportunities=rows), "csat")


def test_a_closing_date_without_a_time_makes_no_negative_cycle(make: Make) -> None:
    rows = [{"created": "2027-01-05 15:00", "closed": "2027-01-05", "status": "won"}]
    assert measure_values(make(opportunities=rows))["cycle_days"].value == 0


def test_one_date_for_both_ends_measures_no_cycle(make: Make) -> None:
    once = [{"created": day, "closed": day, "status": "won"} for day in ("2027-01-05", "2027-01-06")]
    values = measure_values(make(opportunities=once))
    assert (values["cycle_days"].value, values["cycle_days"].reason) == (None, "no_data")
    assert values["wins"].value == 2
    # One deal that took a day shows that both dates are kept: then the others did close on the day they came.
    both = [*once, {"created": "2027-01-07", "closed": "2027-01-10", "status": "won"}]
    assert measure_values(make(opportunities=both))["cycle_days"].value == 1


def test_wrong_names_get_the_nearest_right_one(make: Make) -> None:
    with pytest.raises(UserError, match="revenue_boked: no such KPI; did you mean revenue_booked"):
        kpi("revenue_boked")
    with pytest.raises(UserError, match="did you mean month"):
        measure(make(orders=[]), by="months")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "end", "part"),
    [
        ("2027-13-01", None, "2027-13-01 is not a date"),
        (FEB, JAN, "ends on 2027-01-01"),
        (datetime(2027, 1, 1, 9), None, "not a date"),  # noqa: DTZ001  (a firm's tables have wall-clock times)
    ],
)
def test_a_period_that_is_none(make: Make, start: Any, end: Any, part: str) -> None:
    with pytest.raises(UserError, match=part):
        measure_values(make(orders=[]), ["revenue_booked"], start, end)


def test_periods_are_cut_at_calendar_edges() -> None:
    whole = window(Meta(date(2026, 12, 28), date(2027, 4, 5)))
    assert [label for label, _ in cut(whole, "month")] == [
        "2026-12",
        "2027-01",
        "2027-02",
        "2027-03",
        "2027-04",
    ]
    assert [label for label, _ in cut(whole, "quarter", 4)] == ["FY2026-Q3", "FY2026-Q4", "FY2027-Q1"]
    assert [label for label, _ in cut(whole, "year")] == ["2026", "2027"]
    weeks = cut(whole, "week")
    assert weeks[0][0] == "2026-W53"
    for pieces in (cut(whole, "week"), cut(whole, "month"), cut(whole, "quarter", 4), cut(whole, "year")):
        edges = [piece for _, piece in pieces]
        assert edges[0].start == whole.start
        assert edges[-1].end == whole.end
        assert all(a.end == b.start for a, b in pairwise(edges))


def test_working_days_beyond_the_calendar_follow_its_weekdays() -> None:
    days = tuple(
        date(2027, 1, d) for d in (4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16)
    )  # two weeks of six days
    meta = Meta(date(2027, 1, 4), date(2027, 1, 18), workdays=days)
    assert workdays(meta, date(2027, 1, 4), date(2027, 1, 25)) == 18
    assert workdays(Meta(date(2027, 1, 4), date(2027, 1, 11)), date(2027, 1, 4), date(2027, 1, 18)) == 10


def test_the_same_orders_give_three_revenues_each_on_its_own_date(make: Make) -> None:
    tables = make(
        orders=[order("a", "2027-01-31", 100, invoiced="2027-02-01"), order("b", "2027-02-10", 60)],
        collections=[{"order_id": "o0000", "due": "2027-03-01", "paid": "2027-03-05", "amount": 80.0}],
    )
    found = {
        name: [
            measure_values(tables, [name], *edges)[name].value
            for edges in ((JAN, FEB), (FEB, MAR), (MAR, APR))
        ]
        for name in ("revenue_booked", "revenue_invoiced", "revenue_collected")
    }
    assert found == {
        "revenue_booked": [100, 60, 0],
        "revenue_invoiced": [0, 100, 0],
        "revenue_collected": [0, 0, 80],
    }
    cohorts = {kpi(name).cohort for name in found}
    assert len(cohorts) == 3
    # Each says which date counts.
    assert len({COHORTS[one].en for one in cohorts}) == 3


def test_a_customer_is_won_back_after_a_year_of_silence_and_counts_once(make: Make) -> None:
    start, end = date(2026, 1, 1), date(2027, 4, 1)
    tables = make(
        start,
        end,
        orders=[
            order("back", "2026-01-10"),
            order("back", "2027-01-10"),  # 365 days later
            order("back", "2027-01-20"),
            order("early", "2026-01-11"),
            order("early", "2027-01-10"),  # 364 days later
            order("cancelled between", "2026-01-05"),
            order("cancelled between", "2026-06-05", cancelled="2026-06-06"),
            order("cancelled between", "2027-01-31"),
            order("new", "2027-01-15"),
            order("later", "2026-01-20"),
            order("later", "2027-02-01"),
        ],
    )
    value = measure_values(tables, ["won_back_customers", "new_customers"], JAN, FEB)
    assert value["won_back_customers"].value == 2
    assert value["new_customers"].value == 1
    rows = why(tables, "won_back_customers", start=JAN, end=FEB)
    assert sorted(rows["booked"].dt.date.astype(str)) == ["2027-01-10", "2027-01-31"]
    assert measure_values(tables, ["won_back_customers"], FEB, MAR)["won_back_customers"].value == 1


def test_records_of_a_year_know_of_nobody_who_was_silent_for_one(make: Make) -> None:
    def of(end: date, *edges: date) -> Any:
        tables = make(date(2026, 1, 1), end, orders=[order("a", "2026-01-05"), order("a", "2027-01-05")])
        return measure_values(tables, ["won_back_customers"], *edges)["won_back_customers"]

    # 374 days: nine of them could tell, the others could not.
    assert of(date(2027, 1, 10)).reason == "no_data"
    assert of(date(2027, 1, 10), date(2027, 1, 1)).value == 1
    assert of(date(2028, 1, 1)).value == 1


@pytest.mark.parametrize("ask", [measure, measure_values, lambda given: why(given, "wins"), quantiles])
def test_a_path_is_no_tables(ask: Callable[[Any], Any]) -> None:
    with pytest.raises(UserError, match=r"our_export\.csv is no tables; read them first"):
        ask("our_export.csv")
