"""Which role a column is taken for, and on what grounds: columns made by hand, one ground at a time."""

from __future__ import annotations

from typing import Any

import pytest

from kpisim.crm.layout import SHEET
from kpisim.crm.wizard.columns import Seen
from kpisim.crm.wizard.guess import Pick, guess
from kpisim.crm.wizard.words import NOT_USED, unit_of
from kpisim.text import Text

pytestmark = pytest.mark.unit


def seen(name: str, look: str = "text", **more: Any) -> Seen:
    """Return a column as the wizard sees it; full, with cells that come again, unless said otherwise."""
    cells: dict[str, Any] = {"samples": (), "words": (), "formats": (), "filled": 1.0, "unique": False,
                             "personal": False, "different": 0.5, "factor": unit_of(name)}  # fmt: skip
    return Seen(name, look, **cells | more)  # type: ignore[arg-type]


def taken(table: str, *columns: Seen) -> dict[str, str]:
    return {name: pick.role for name, pick in guess(table, columns).items()}


def why(table: str, column: Seen) -> tuple[str, float, str]:
    [pick] = guess(table, [column]).values()
    return pick.role, pick.score, str(pick.reason)


@pytest.mark.parametrize(("role", "score", "sure"), [("value", 0.75, True), ("value", 0.74, False), (NOT_USED, 0.0, True)])  # fmt: skip
def test_from_three_quarters_on_nobody_is_asked(role: str, score: float, sure: bool) -> None:
    assert Pick(role, score, Text("x")).sure is sure


def test_what_is_left_out_says_why() -> None:
    assert why("orders", seen("zzz", "empty", filled=0.0)) == (NOT_USED, 0.0, "the column is empty")
    assert why("orders", seen("zzz", personal=True)) == (
        NOT_USED, 0.0, "personal data: not needed and not taken",
    )  # fmt: skip
    assert why("orders", seen("zzz")) == (NOT_USED, 0.0, "neither name nor cells speak for anything")


def test_a_number_of_an_order_that_repeats_says_that_rows_are_counted() -> None:
    repeats = "called like 单号, but stands in several rows: each row is counted for itself"
    assert why("orders", seen("单号", "id")) == (NOT_USED, 0.0, repeats)
    assert why("opportunities", seen("zzz", "id"))[2] == "neither name nor cells speak for anything"


def test_of_two_columns_as_good_the_first_is_taken() -> None:
    columns = [seen("qq1", "amount"), seen("qq2", "amount")]
    assert taken("orders", *columns) == {"qq1": "value", "qq2": NOT_USED}
    assert taken("orders", *reversed(columns)) == {"qq2": "value", "qq1": NOT_USED}


def test_a_name_comes_before_cells() -> None:
    assert taken("orders", seen("qq", "amount"), seen("value", "amount")) == {
        "qq": NOT_USED,
        "value": "value",
    }


def test_sheets_are_reps_only_where_they_are_not_called_like_months() -> None:
    said = ("rep_id", 0.3, "perhaps a sheet for each rep")
    assert why("orders", seen(SHEET, "word", words=("Li", "Wang"))) == said
    for words in (("1月", "2月"), ("Jan 27", "Feb 27"), ("Sheet one", "other")):
        assert taken("orders", seen(SHEET, "word", words=words)) == {SHEET: NOT_USED}


def test_what_may_name_a_person_is_taken_only_under_its_very_name_or_as_key_of_a_list_of_people() -> None:
    assert taken("orders", seen("rep_id", personal=True)) == {"rep_id": "rep_id"}
    assert taken("orders", seen("rep id no", personal=True)) == {"rep id no": NOT_USED}
    assert taken("orders", seen("rep id no")) == {"rep id no": "rep_id"}
    assert taken("reps", seen("rep id no", personal=True)) == {"rep id no": "rep_id"}
    assert taken("reps", seen("team no", personal=True)) == {"team no": NOT_USED}


def test_money_in_ten_thousands_is_multiplied_and_nothing_else_is() -> None:
    role, _, reason = why("orders", seen("金额（万元）", "amount"))
    assert (role, reason.rpartition("; ")[2]) == ("value", "its numbers are multiplied by 10,000")
    assert why("orders", seen("value", "amount"))[2] == "called like value; cells: numbers"
    assert "multiplied" not in why("orders", seen("订单号（万元）", "id", unique=True))[2]


def test_words_like_won_and_lost_are_a_status_whatever_the_column_is_called() -> None:
    assert why("opportunities", seen("qq", "outcome")) == (
        "status", 0.6, "by its cells only: words such as won, lost, in progress",
    )  # fmt: skip
    assert taken("opportunities", seen("qq", "word")) == {"qq": NOT_USED}


def test_a_key_is_whole_and_differs_in_each_row() -> None:
    assert taken("orders", seen("order_id", "id", unique=True)) == {"order_id": "order_id"}
    assert taken("orders", seen("order_id", "word")) == {"order_id": NOT_USED}
    assert taken("orders", seen("order_id", "id", unique=True, filled=0.99)) == {"order_id": NOT_USED}


def test_the_first_date_is_that_of_the_row_only_where_it_is_whole() -> None:
    assert taken("orders", seen("qq", "date")) == {"qq": "booked"}
    assert taken("orders", seen("qq", "date", filled=0.9)) == {"qq": NOT_USED}


def test_a_name_makes_up_for_an_odd_cell_and_the_cell_is_told() -> None:
    odd = {"nearly": "amount", "odd": ("about 9",)}
    told = "called like value; cells: numbers, but not “about 9”"
    assert why("orders", seen("value", "text", **odd)) == ("value", 1.0, told)
    more = {"nearly": "date", "odd": ("soon", "later")}
    assert why("orders", seen("booked", "text", **more)) == (
        "booked", 1.0, "called like booked; cells: dates, but not “soon” and others",
    )  # fmt: skip
    # Cells alone speak only where all of them do, and what a name of a customer's may be needs no numbers.
    assert why("orders", seen("qq", "text", **odd))[0] == NOT_USED
    assert why("orders", seen("customer", "word", **odd)) == (
        "account_id", 1.0, "called like customer; cells: few words that come again",
    )  # fmt: skip
