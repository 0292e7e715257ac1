"""KPIs of published data sets against a count by hand: plain loops over the file, no pandas, no code of ours."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from kpisim.crm import load_export
from kpisim.kpi import measure, measure_values, quantiles
from kpisim.tables import read, write

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.evidence

BPI = "bpic2012_cases_2011-10-01_to_2011-12-15.csv"
RETAIL = "online_retail_orders_2009-12_2010-12.csv"
MAVEN = "maven_crm_SYNTHETIC"


def rows(file: Path) -> list[dict[str, str]]:
    if not file.exists():
        pytest.skip(f"{file.name} is not among the real data")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_conversion_and_cycle_of_the_loan_applications(real_data: Path) -> None:
    created = won = closed_november = won_november = created_october = won_of_october = 0
    days, days_november = [], []
    for row in rows(real_data / BPI):
        created += 1
        end = row["approved"] or row["declined"] or row["cancelled"]
        if row["approved"]:
            won += 1
            taken = (moment(row["approved"]) - moment(row["submitted"])).total_seconds() / 86_400
            days.append(taken)
            if row["approved"][:7] == "2011-11":
                days_november.append(taken)
        if end[:7] == "2011-11":
            closed_november += 1
            won_november += row["approved"] != ""
        if row["submitted"][:7] == "2011-10":
            created_october += 1
            won_of_october += row["approved"] != ""
    tables = load_export(real_data / BPI, "bpi2012")
    whole = measure_values(tables)
    assert (
        (whole["conversion_created"].numerator, whole["conversion_created"].denominator)
        == (won, created)
        == (1145, 6505)
    )
    assert whole["cycle_days"].value == pytest.approx(sum(days) / len(days), abs=1e-9)
    november = measure_values(tables, start="2011-11-01", end="2011-12-01")
    assert (november["conversion_closed"].numerator, november["conversion_closed"].denominator) == (
        won_november,
        closed_november,
    )
    assert november["cycle_days"].value == pytest.approx(sum(days_november) / len(days_november), abs=1e-9)
    october = measure_values(tables, start="2011-10-01", end="2011-11-01")["conversion_created"]
    assert (october.numerator, october.denominator) == (won_of_october, created_october)
    targets = json.loads((real_data / "targets.json").read_text(encoding="utf-8"))["bpic2012"]["won_days"]
    assert quantiles(tables) == {
        0.5: pytest.approx(targets["p50"], abs=1e-3),
        0.9: pytest.approx(targets["p90"], abs=1e-3),
    }


def test_repurchase_of_the_wholesaler(real_data: Path) -> None:
    days_of: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    quarter_of = {**dict.fromkeys(("12", "01", "02"), 0), **dict.fromkeys(("03", "04", "05"), 1),
                  **dict.fromkeys(("06", "07", "08"), 2), **dict.fromkeys(("09", "10", "11"), 3)}  # fmt: skip
    quarters: list[set[str]] = [set(), set(), set(), set()]
    first: dict[str, str] = {}
    every: dict[str, set[str]] = defaultdict(set)
    for row in sorted(rows(real_data / RETAIL), key=lambda row: row["date"]):
        who, day, month = row["cust"], row["date"][:10], row["date"][:7]
        days_of[month][who].add(day)
        every[who].add(day)
        first.setdefault(who, month)
        if month != "2010-12":
            quarters[quarter_of[month[5:]]].add(who)
    tables = load_export(real_data / RETAIL, "order_export")
    march = measure_values(tables, start="2010-03-01", end="2010-04-01")
    again = sum(len(days) > 1 for days in days_of["2010-03"].values())
    assert (march["repeat_purchase_rate"].numerator, march["repeat_purchase_rate"].denominator) == (
        again,
        len(days_of["2010-03"]),
    )
    back = sum(who in days_of["2010-04"] for who in days_of["2010-03"])
    assert (march["repurchase_rate"].numerator, march["repurchase_rate"].denominator) == (
        back,
        len(days_of["2010-03"]),
    )
    assert march["new_customers"].value == sum(month == "2010-03" for month in first.values())
    whole = measure_values(tables)
    assert whole["repeat_purchase_rate"].value == pytest.approx(
        sum(len(days) > 1 for days in every.values()) / len(every)
    )
    came_back = [(sum(who in after for who in before), len(before)) for before, after in pairwise(quarters)]
    assert (whole["repurchase_rate"].numerator, whole["repurchase_rate"].denominator) == tuple(
        map(sum, zip(*came_back, strict=True))
    )
    months = measure(tables, ["repurchase_rate"], by="month")
    assert months["reason"].tolist()[-2:] == ["early", "early"]  # December 2010 is not whole


def test_the_synthetic_export_goes_through_its_schema(real_data: Path, tmp_path: Path) -> None:
    folder = real_data / MAVEN
    won = lost = engaged = 0
    days = []
    for row in rows(folder / "sales_pipeline.csv"):
        if row["engage_date"]:
            engaged += 1
            won += row["deal_stage"] == "Won"
            lost += row["deal_stage"] == "Lost"
        if row["deal_stage"] == "Won":
            days.append((moment(row["close_date"]) - moment(row["engage_date"])).days)
    tables = load_export(folder, "opportunity_export")
    values = measure_values(tables)
    assert (values["conversion_created"].numerator, values["conversion_created"].denominator) == (
        won,
        engaged,
    )
    assert (values["conversion_closed"].numerator, values["conversion_closed"].denominator) == (
        won,
        won + lost,
    )
    assert values["cycle_days"].value == pytest.approx(sum(days) / len(days))
    assert "500 rows left out" in tables.meta.notes[0]
    again = read(write(tables, tmp_path / "maven", "parquet"))
    assert again.meta == tables.meta
    assert {name: value.value for name, value in measure_values(again).items()} == {
        name: value.value for name, value in values.items()
    }
