"""Dates of a log that names only month and weekday."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpisim.crm import load_export
from kpisim.crm.walk import walked
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.unit

NAMES = ("month", "day")
SINCE = date(2008, 5, 1)


def dates(rows: list[tuple[str, str]], since: date = SINCE) -> list[str]:
    frame = pd.DataFrame(rows, columns=list(NAMES))
    return [str(day.date()) for day in walked(frame["month"], frame["day"], since, "log.csv", NAMES)]


def test_a_holiday_and_a_month_end_are_stepped_over() -> None:
    rows = [("may", "mon"), ("may", "mon"), ("may", "wed"), ("may", "fri"), ("may", "mon"), ("jul", "tue")]
    assert dates(rows) == [
        "2008-05-05", "2008-05-05", "2008-05-07", "2008-05-09", "2008-05-12", "2008-07-01",
    ]  # fmt: skip


def test_rows_in_no_order_of_date_are_told_before_the_calendar_ends() -> None:
    # Ten thousand rows that go back and forth reached the year 9999.
    with pytest.raises(UserError, match=r"log\.csv, row \d+: after 100 years of months and weekdays"):
        dates([("may", "mon"), ("jan", "tue")] * 5000)


@pytest.mark.parametrize(
    ("month", "weekday"),
    [("May", "Monday"), ("5", "周一"), ("05", "星期一"), ("5月", "礼拜一"), ("五月", "MON")],
)
def test_months_and_weekdays_as_people_write_them(month: str, weekday: str) -> None:
    assert dates([(month, weekday)]) == ["2008-05-05"]


def test_the_new_year_is_the_next_one() -> None:
    assert dates([("dec", "wed"), ("jan", "fri"), ("feb", "sun")]) == [
        "2008-12-03",
        "2009-01-02",
        "2009-02-01",
    ]


@given(st.lists(st.integers(1, 6), min_size=1, max_size=60), st.integers(0, 6))
def test_days_less_than_a_week_apart_come_back(steps: list[int], first: int) -> None:
    days = [SINCE + timedelta(days=first)]
    for step in steps:
        days.append(days[-1] + timedelta(days=step))
    assert dates([(f"{day:%b}", f"{day:%a}") for day in days]) == [str(day) for day in days]


@pytest.mark.parametrize(
    ("lang", "row", "said"),
    [
        ("en", ("may", "someday"), "log.csv, row 3, column day: someday is no weekday; write it like mon or 周一"),
        ("zh", ("13", "mon"), "log.csv第3行“month”列：13不是月份；请写成may, 5 or 5月这样"),
        ("en", ("", "mon"), 'log.csv, row 3, column month: "" is no month; write it like may, 5 or 5月'),
    ],
)  # fmt: skip
def test_what_is_no_day_is_told(lang: str, row: tuple[str, str], said: str) -> None:
    with language("zh" if lang == "zh" else "en"), pytest.raises(UserError) as problem:
        dates([("may", "mon"), row])
    with language("zh" if lang == "zh" else "en"):
        assert str(problem.value) == said


def test_the_bank_s_first_and_last_days(real_data: Path) -> None:
    deals = load_export(real_data / "bank_telemarketing_2008.csv", "telemarketing_log")["opportunities"]
    days = deals["created"].dt.date
    # 22 May 2008 was a public holiday in Portugal, as were 10 and 13 June.
    assert (days.min(), days.max()) == (date(2008, 5, 5), date(2008, 12, 15))
    assert not set(days) & {date(2008, 5, 22), date(2008, 6, 10), date(2008, 6, 13)}
    assert days.is_monotonic_increasing
