"""Figures of the firm's books by hand: which periods are in, in what order, and what is said where there is no number."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from kpisim.kpi import measure_values
from kpisim.kpi.measures import why
from kpisim.tables import Meta, Tables, conform

pytestmark = pytest.mark.unit

NAMES = ["net_profit", "net_margin", "return_on_assets"]


def books(*rows: dict[str, Any]) -> Tables:
    """Return the books of 2027, money in thousands."""
    frame = conform("finance", pd.DataFrame(list(rows)))
    return Tables(Meta(date(2027, 1, 1), date(2028, 1, 1)), {"finance": frame})


def quarter(number: int, revenue: float, **more: float) -> dict[str, Any]:
    start = date(2027, 3 * number - 2, 1)
    end = date(2028, 1, 1) if number == 4 else date(2027, 3 * number + 1, 1)
    return {"period_start": start, "period_end": end, "revenue": revenue, **more}


YEAR = (
    # Out of order, as an export may be.
    quarter(3, 300, cost_of_goods=100, assets_open=2400, assets_close=2800),
    quarter(1, 100, cost_of_goods=40, operating_expenses=20, finance_cost=5, tax=3, other_income=8,
            assets_open=1000, assets_close=1600),
    quarter(4, 400, cost_of_goods=500, assets_open=2800, assets_close=5000),
    quarter(2, 200, cost_of_goods=90, assets_open=1600, assets_close=2400),
)  # fmt: skip


def test_a_whole_year_in_any_order() -> None:
    found = measure_values(books(*YEAR), NAMES)
    # Profits 40, 110, 200 and −100; assets of 1000 at the start and 5000 at the end.
    assert found["net_profit"].value == pytest.approx(250)
    assert found["net_margin"].value == pytest.approx(250 / 1000)
    assert found["return_on_assets"].value == pytest.approx(250 / 3000)
    assert found["return_on_assets"].denominator == pytest.approx(3000)


def test_one_period_alone_counts_both_its_ends() -> None:
    found = measure_values(books(*YEAR), NAMES, "2027-01-01", "2027-04-01")
    assert found["net_profit"].value == pytest.approx(40)
    assert found["return_on_assets"].value == pytest.approx(40 / 1300)


def test_books_are_not_cut_in_pieces() -> None:
    found = measure_values(books(*YEAR), NAMES, "2027-02-01", "2027-10-15")
    # The first quarter began before, the fourth ends after.
    assert found["net_profit"].value == pytest.approx(110 + 200)
    assert found["net_margin"].value == pytest.approx(310 / 500)
    assert found["return_on_assets"].value == pytest.approx(310 / ((1600 + 2800) / 2))
    inside = measure_values(books(*YEAR), NAMES, "2027-05-01", "2027-06-01")
    assert {value.reason for value in inside.values()} == {"no_data"}
    assert {value.value for value in inside.values()} == {None}


@pytest.mark.parametrize(("number", "name"), [(1, "assets_open"), (4, "assets_close")])
def test_without_the_assets_at_an_end_there_is_no_return(number: int, name: str) -> None:
    place = {1: 1, 4: 2}[number]
    rows = [
        {key: value for key, value in row.items() if (at, key) != (place, name)}
        for at, row in enumerate(YEAR)
    ]
    found = measure_values(books(*rows), NAMES)
    assert found["return_on_assets"].value is None
    assert found["return_on_assets"].reason == "no_data"
    assert found["net_profit"].value == pytest.approx(250)


def test_no_revenue_leaves_nothing_to_divide_by() -> None:
    found = measure_values(books(quarter(1, 0, cost_of_goods=10)), ["net_profit", "net_margin"])
    assert found["net_profit"].value == pytest.approx(-10)
    assert found["net_margin"].value is None
    assert found["net_margin"].reason is not None


@pytest.mark.parametrize("name", NAMES)
def test_each_figure_leads_back_to_its_rows(name: str) -> None:
    rows = why(books(*YEAR), name)
    assert len(rows) == len(YEAR)
    assert rows["numerator"].sum() == pytest.approx(250)
