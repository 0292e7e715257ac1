"""The report of a firm's own tables: what it says first, what to look at before it is believed, and where it came from."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from kpisim.crm.calibrate.command import not_played
from kpisim.report.content import prepare
from kpisim.report.sections import calibration, quality, records, stamp_rows
from kpisim.report.words import findings
from kpisim.tables.io import read
from kpisim.text import language

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.report.content import Content

pytestmark = pytest.mark.unit

ORDERS = "order_id,account_id,rep_id,booked,value\nS1,A,r1,2027-01-04,100\nS2,A,r1,2027-04-05,300\nS3,B,r 1,2027-05-04,50\n"
BILLS = "order_id,account_id,due,paid,amount\nS1,A,2027-02-04,2027-02-01,100\nS9,A,2027-05-04,,300\n"


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "collections.csv").write_text(BILLS, encoding="utf-8")
    return tmp_path


def content(firm: Path, lang: str = "en", **more: str) -> Content:
    with language("en"):
        return prepare(data=str(firm), lang=lang, **more)


def test_what_the_tables_say_comes_before_what_they_do_not(firm: Path) -> None:
    with language("en"):
        told = findings(content(firm), {}, ("A", "B"))
        assert told == [
            "CNY 450 was signed in the period; the strongest month is Apr 2027.",
            "25.0% of what was due was collected.",
            "The win rate cannot be told from these tables.",
        ]
        (firm / "collections.csv").unlink()
        assert findings(content(firm), {}, ("A", "B"))[1:] == [
            "The win rate cannot be told from these tables.",
            "Repurchase and collection cannot be told from these tables.",
        ]


def test_months_in_which_only_payments_come_are_none_of_sales(firm: Path) -> None:
    (firm / "collections.csv").write_text(
        "order_id,account_id,due,paid,amount\nS1,A,2027-02-04,2027-09-01,100\n", encoding="utf-8"
    )
    with language("en"):
        made = content(firm)
        assert (made.quiet_since, made.active) == (date(2027, 5, 4), (date(2027, 1, 4), date(2027, 5, 5)))
        block = records(made)
        assert block is not None
        # 450 in the months from January to April and the days of May, not spread over a summer of payments.
        assert "No new record after 2027-05-04" in block.html
        assert not re.search(r"\b(Jun|Jul|Aug|Sep)\b", block.html)
        # Up to a day that was asked for, nothing is cut.
        assert content(firm, end="2027-03-01").quiet_since is None


def test_attainment_and_cash_are_told_where_there_is_no_rate(firm: Path) -> None:
    (firm / "collections.csv").write_text(
        "order_id,account_id,paid,amount\nS1,A,2027-02-01,70\n", encoding="utf-8"
    )
    (firm / "targets.csv").write_text(
        "name,kpi,level,rep_id,period_start,period_end,target\nsales,revenue_booked,person,r1,2027-01-04,2027-05-05,800\n",
        encoding="utf-8",
    )
    with language("en"):
        told = findings(content(firm), {}, ("A", "B"))
    assert told[1:] == ["50.0% of the target was reached.", "CNY 70 came in."]


def test_what_is_wrong_with_the_data_stands_in_the_report(firm: Path) -> None:
    with language("en"):
        block = quality(content(firm))
        assert block is not None
        html = block.html
    assert "What to look at before a figure is believed" in html
    assert "called like another one but for blanks, capitals or zeros before: each counts for itself" in html
    assert "points to nothing in the table orders" in html
    # What is for information only would hide it.
    assert "no values at all" not in html
    (firm / "collections.csv").unlink()
    (firm / "orders.csv").write_text(ORDERS.replace("r 1", "r1"), encoding="utf-8")
    with language("en"):
        block = quality(content(firm))
        assert block is not None
        assert "What to look at" not in block.html


def test_the_stamp_names_the_mapping_and_no_folder_of_this_machine(firm: Path, tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(
        "tables: {orders: {file: orders.csv, columns: {order_id: order_id, account_id: account_id, booked: booked, value: value}}}",
        encoding="utf-8",
    )
    with language("en"):
        rows = dict(stamp_rows(content(firm, mapping=str(tmp_path / "ours.yaml"))))
    assert rows["Mapping"] == "ours.yaml"
    assert not any(str(tmp_path) in value for value in rows.values())


def test_why_nothing_is_played_beside_few_orders_is_told_with_their_number(firm: Path) -> None:
    with language("en"):
        tables = read(firm)
        assert not_played(tables) == (
            "Nothing is played beside: how customers order again is fitted from 50 new customers and 50 orders of theirs on, "
            "and there are 0 and 0. The scenario lacks it."
        )
        (firm / "orders.csv").unlink()
        (firm / "collections.csv").write_text(BILLS, encoding="utf-8")
        assert not_played(read(firm)).startswith("These tables have no deals and no orders")


def test_the_section_says_it_too(firm: Path) -> None:
    rows = "".join(f"T{n},C{n % 30},r1,2027-0{1 + n % 9}-0{1 + n % 7},{100 + n}\n" for n in range(60))
    (firm / "orders.csv").write_text(ORDERS + rows, encoding="utf-8")
    with language("en"):
        block = calibration(content(firm, calibration=True))  # type: ignore[arg-type]
        assert block is not None
        assert "Nothing is played beside" in block.html
