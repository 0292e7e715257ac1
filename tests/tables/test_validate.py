"""Every way a table can be against the schema: one line with table, row, column, value, rule and remedy."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from kpisim.tables import TABLES, Meta, Tables, check_references, conform
from kpisim.tables.parse import numbers, times
from kpisim.tables.schema import DTYPES
from kpisim.text import UserError, language

pytestmark = pytest.mark.unit

ORDER: dict[str, Any] = {"order_id": "1", "account_id": "a", "booked": "2027-01-04", "value": "5"}
DEAL: dict[str, Any] = {"opportunity_id": "1", "created": "2027-01-04", "status": "open"}


@pytest.mark.parametrize(
    ("name", "row", "line"),
    [
        ("orders", {**ORDER, "booked": "03/04/2027"}, "row 3, column booked: 03/04/2027 is not a date"),
        ("orders", {**ORDER, "booked": "2027-02-30"}, "row 3, column booked: 2027-02-30 is not a date"),
        ("orders", {**ORDER, "booked": "2027-01-04T09:00:00+08:00"}, "16:20, without a time zone"),
        ("orders", {**ORDER, "booked": None}, "row 3, column booked: the cell is empty"),
        ("orders", {**ORDER, "account_id": "  "}, "row 3, column account_id: the cell is empty"),
        (
            "orders",
            {**ORDER, "value": "1.234,50"},
            "row 3, column value: 1.234,50 is not a number; write it like 1234.50",
        ),
        ("orders", {**ORDER, "value": "inf"}, "inf is not a number"),
        ("orders", {**ORDER, "discount": "1.2"}, "row 3, column discount: 1.2 is outside 0 to 1"),
        (
            "orders",
            {**ORDER, "cancelled": "2027-01-03"},
            "row 3, column cancelled: 2027-01-03 is before booked (2027-01-04)",
        ),
        ("opportunities", {**DEAL, "status": "Won"}, "Won is not one of open, won, lost; did you mean won?"),
        (
            "opportunities",
            {**DEAL, "status": "won", "closed": "2027-01-03"},
            "column closed: 2027-01-03 is before created",
        ),
        ("opportunities", {**DEAL, "closed": "2027-01-05"}, "closes an opportunity that is open"),
        (
            "opportunities",
            {**DEAL, "existing": "maybe"},
            "column existing: maybe is not yes or no; write yes or no",
        ),
        (
            "surveys",
            {"survey_id": "1", "question": "csat", "answered": "2027-01-04", "score": "4.5"},
            "4.5 is not a whole number",
        ),
        (
            "surveys",
            {"survey_id": "1", "question": "csat", "answered": "2027-01-04", "score": "6"},
            "6 is outside 1 to 5",
        ),
        (
            "rep_days",
            {"rep_id": "r", "day": "2027-01-04", "worked": -1},
            "column worked: -1 is outside 0 to ∞",
        ),
    ],
)
def test_a_bad_cell_is_named(name: str, row: dict[str, Any], line: str) -> None:
    key = TABLES[name].key[0]
    good = {**row, **(ORDER if name == "orders" else DEAL if name == "opportunities" else row), key: "0"}
    if name in {"surveys", "rep_days"}:
        good.update({"score": 5} if name == "surveys" else {"worked": 1})
    elif "cancelled" in row or "discount" in row or "closed" in row or "existing" in row:
        good.update(dict.fromkeys({"cancelled", "discount", "closed", "existing"} & set(row)))
    with pytest.raises(UserError) as problem:
        conform(name, pd.DataFrame([good, row]), "出口.csv")
    assert str(problem.value).startswith(f"出口.csv, table {name}")
    assert line in str(problem.value)


def test_a_missing_column_gets_the_nearest_name() -> None:
    frame = pd.DataFrame([ORDER]).rename(columns={"booked": "bookd"})
    with pytest.raises(UserError, match="column booked is missing; did you mean bookd"):
        conform("orders", frame)
    with pytest.raises(UserError, match="column account_id is missing; the file has: order_id"):
        conform("orders", pd.DataFrame([ORDER])[["order_id"]])


def test_a_misspelt_optional_column_is_not_lost_without_a_word() -> None:
    with pytest.raises(UserError, match="unknown column Discout; did you mean discount"):
        conform("orders", pd.DataFrame([{**ORDER, "Discout": 0.1}]))
    assert "remark" not in conform("orders", pd.DataFrame([{**ORDER, "remark": "ok"}])).columns


def test_a_key_may_stand_once() -> None:
    with pytest.raises(UserError, match="row 4: 1 stands in row 2 already; each order_id may stand once"):
        conform("orders", pd.DataFrame([ORDER, {**ORDER, "order_id": "2"}, ORDER]))


def test_an_unknown_table() -> None:
    with pytest.raises(UserError, match="ordres: no such table; did you mean orders"):
        conform("ordres", pd.DataFrame())


def test_a_reference_to_nothing_is_found_when_asked() -> None:
    orders = conform(
        "orders", pd.DataFrame([{**ORDER, "rep_id": "r1"}, {**ORDER, "order_id": "2", "rep_id": "r9"}])
    )
    reps = conform("reps", pd.DataFrame({"rep_id": ["r1", "r2"]}))
    meta = Meta(date(2027, 1, 1), date(2027, 2, 1))
    with pytest.raises(
        UserError, match="table orders, row 3, column rep_id: r9 is not in table reps; did you mean r"
    ):
        check_references(Tables(meta, {"orders": orders, "reps": reps}))
    check_references(Tables(meta, {"orders": orders}))


def test_types_are_those_of_the_schema() -> None:
    for name, table in TABLES.items():
        typed = conform(name, Tables(Meta(date(2027, 1, 1), date(2027, 2, 1)))[name])
        assert {column.name: str(typed[column.name].dtype) for column in table.columns} == {
            column.name: str(pd.Series(dtype=DTYPES[column.kind]).dtype) for column in table.columns
        }


def test_conforming_twice_changes_nothing() -> None:
    once = conform("orders", pd.DataFrame([{**ORDER, "value": "￥1,200", "order_id": 7.0}]))
    pd.testing.assert_frame_equal(conform("orders", once), once)
    assert once["order_id"].iloc[0] == "7"


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,234.50", 1234.5), ("¥1,200", 1200), ("￥3", 3), ("1.2万", 12000), ("2亿", 2e8), ("12%", 0.12), ("(300)", -300), ("５", 5),
     ("-$4.5", -4.5), ("1200元", 1200), ("1e3", 1000)],
)  # fmt: skip
def test_numbers_as_people_write_them(text: str, number: float) -> None:
    read, bad = numbers(pd.Series([text], dtype="str"))
    assert not bad.any()
    assert read.iloc[0] == pytest.approx(number)


@pytest.mark.parametrize("text", ["12,34", "1_000", "abc", "1.2.3", "nan", "--5", "5-"])
def test_what_is_no_number(text: str) -> None:
    assert numbers(pd.Series([text], dtype="str"))[1].all()


@pytest.mark.parametrize(
    "text",
    [
        "2027-01-04 09:30",
        "2027-1-4 9:30",
        "2027/1/4 09:30:00",
        "2027.01.04 9:30",
        "2027年1月4日 9时30分",
        "2027年1月4日9:30",
        "2027/1/4 上午9:30",
        "2027-01-04 9:30 AM",
    ],
)
def test_dates_as_people_write_them(text: str) -> None:
    read, bad = times(pd.Series([text], dtype="str"))
    assert not bad.any()
    assert read.iloc[0] == pd.Timestamp("2027-01-04 09:30")


@pytest.mark.parametrize(
    ("text", "hour"),
    [("2027/1/4 下午3:20", 15), ("2027/1/4 下午12:20", 12), ("2027/1/4 上午12:20", 0), ("2027-01-04 3:20:00 p.m.", 15), ("2027/1/4 下午15:20", 15)],
)  # fmt: skip
def test_half_days_before_and_behind_the_hour(text: str, hour: int) -> None:
    assert times(pd.Series([text], dtype="str"))[0].iloc[0] == pd.Timestamp(2027, 1, 4, hour, 20)


@pytest.mark.parametrize(
    "text",
    [
        "2027/1/4 下午",
        "2027/1/4 下午25:00",
        "04/01/2027",
        "1/4/27",
        "2027",
        "2027-01",
        "2027-00-10",
        "25:00",
        "2027-01-04Z",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert times(pd.Series([text], dtype="str"))[1].all()


def test_a_fault_that_comes_again_is_told_with_its_first_rows_and_their_number() -> None:
    frame = pd.DataFrame({"rep_id": list("abcdefgh"), "hired": ["2027-01-04", *["soon"] * 7]})
    with pytest.raises(UserError) as problem:
        conform("reps", frame, "reps.csv")
    assert str(problem.value).startswith(
        "reps.csv, table reps, row 3 (also 4, 5, 6, 7; 7 in all), column hired: soon is not a date"
    )
    with language("zh"):
        assert "第3、4、5、6、7等7行" in str(problem.value)
