"""The dates that goals name, read on Wednesday 12 May 2027."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpisim.kpi.goals.dates import deadline, find_dates, tidy

pytestmark = pytest.mark.unit

TODAY = date(2027, 5, 12)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2027-06-30前完成", "2027-06-30"),
        ("２０２７年６月３０日前", "2027-06-30"),
        ("6月底前", "2027-06-30"),
        ("六月底前", "2027-06-30"),
        ("3月底前", "2028-03-31"),
        ("十二月十五日", "2027-12-15"),
        ("明年3月底", "2028-03-31"),
        ("10月中旬前", "2027-10-20"),
        ("下季度末", "2027-09-30"),
        ("本月底", "2027-05-31"),
        ("年底前", "2027-12-31"),
        ("2027年底", "2027-12-31"),
        ("上半年", "2027-06-30"),
        ("明年上半年", "2028-06-30"),
        ("下半年", "2027-12-31"),
        ("下周", "2027-05-23"),
        ("6月上旬", "2027-06-10"),
        ("年初", "2028-01-31"),
        ("明天", "2027-05-13"),
        ("by tomorrow", "2027-05-13"),
        ("on 30 June", "2027-06-30"),
        ("by mid-Q3", "2027-08-15"),
        ("第三季度", "2027-09-30"),
        ("2028年三季度", "2028-09-30"),
        ("Q3", "2027-09-30"),
        ("2027Q4", "2027-12-31"),
        ("两周内", "2027-05-26"),
        ("30天内", "2027-06-11"),
        ("三个月内", "2027-08-12"),
        ("三年内", "2030-05-12"),
        ("半年内", "2027-11-12"),
        ("未来两个季度", "2027-11-12"),
        ("本周五", "2027-05-14"),
        ("周五之前", "2027-05-14"),
        ("在星期三前", "2027-05-12"),
        ("国庆节前", "2027-09-30"),
        ("next quarter", "2027-09-30"),
        ("by the end of June", "2027-06-30"),
        ("by 30 June 2027", "2027-06-30"),
        ("by June 30th, 2028", "2028-06-30"),
        ("by year end", "2027-12-31"),
        ("by EOQ", "2027-06-30"),
        ("within 6 weeks", "2027-06-23"),
        ("over the next two quarters", "2027-11-12"),
        ("H1 2028", "2028-06-30"),
        ("by end of Q3", "2027-09-30"),
        ("the third quarter of 2028", "2028-09-30"),
        ("by mid-July", "2027-07-20"),
        ("by 2028", "2028-12-31"),
        ("by Friday", "2027-05-14"),
        ("by next Wednesday", "2027-05-19"),
        ("before this Monday", "2027-05-17"),
        ("by 15/07/2027", "2027-07-15"),
    ],
)
def test_a_deadline_in_words(text: str, last: str) -> None:
    found = deadline(text, TODAY)
    assert found is not None
    assert str(found.end) == last
    assert not found.past(TODAY)


@pytest.mark.parametrize(
    "text", ["去年底前", "2026年底前", "by March 2027", "last quarter", "2027-05-11", "Q1 2027", "上月底"]
)
def test_a_deadline_that_is_over(text: str) -> None:
    found = deadline(text, TODAY)
    assert found is not None
    assert found.past(TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "每月拜访20家医院", "月度复盘", "半年度", "比去年提高10%", "up 10% over last year", "build on last year", "较2026年增长", "2月31日前", "Q5",
        "sales may improve", "we march on", "2027 units", "year-on-year", "3 quarters of them",
        "每周五前提交周报", "把成交周期缩短到30天内", "24小时内回复", "2天内响应客诉", "respond to complaints within 2 days",
        "cut order processing time to within 3 days", "9999年99月", "20%", "",
    ],
)  # fmt: skip
def test_what_is_no_deadline(text: str) -> None:
    assert deadline(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("较2026年增长10%，到2027年底", "2027年底"),
        ("从一季度的60%提升到三季度的70%", "三季度"),
        ("from 12% in Q1 to 15% by Q3", "Q3"),
        ("up 10% over last year by December", "December"),
    ],
)
def test_what_is_compared_with_is_no_deadline(text: str, words: str) -> None:
    found = deadline(text, TODAY)
    assert found is not None
    assert found.words == words


def test_quarters_halves_and_years_are_those_of_the_fiscal_year() -> None:
    ends = {text: str(found.end) for text in ("Q1", "上半年", "本财年末", "FY2027", "本季度末", "年底")
            if (found := deadline(text, TODAY, 4))}  # fmt: skip
    assert ends == {
        "Q1": "2027-06-30",
        "上半年": "2027-09-30",
        "本财年末": "2028-03-31",
        "FY2027": "2028-03-31",
        "本季度末": "2027-06-30",
        "年底": "2027-12-31",
    }


def test_next_fiscal_year_and_next_year_differ() -> None:
    ends = [
        str(found.end) for text in ("next fiscal year", "next year") if (found := deadline(text, TODAY, 4))
    ]
    assert ends == ["2029-03-31", "2028-12-31"]


def test_the_words_stand_where_they_say() -> None:
    text = "  华东区　在６月底前、and by 2028-01-31 "
    found = find_dates(text, TODAY)
    assert [one.words for one in found] == ["6月底", "2028-01-31"]
    assert all(tidy(text)[one.at : one.to].strip() == one.words for one in found)


PIECES = st.sampled_from(
    ["2027", "年", "月", "日", "十二", "底", "Q", "3", "下", "季度", "周", "内", "by ", "end of ", "June ", "next ", "week ",
     "99", "/", "-", "H1 ", "FY", "半", "上", " ", "前", "第", "within ", "two ", "国庆"]
)  # fmt: skip


@given(
    st.text() | st.lists(PIECES, max_size=12).map("".join),
    st.dates(date(1990, 1, 1), date(2200, 1, 1)),
    st.integers(1, 12),
)
def test_any_text_is_read_without_a_crash(text: str, today: date, fiscal: int) -> None:
    found = find_dates(text, today, fiscal)
    for one in found:
        assert one.start <= one.end
        assert one.words in tidy(text)
    assert found == find_dates(f" \n{text}\t", today, fiscal)


@pytest.mark.parametrize(
    ("text", "today", "last"),
    [
        # the end of a month that is shorter, and of February in a leap year
        ("within 1 month", "2027-01-31", "2027-02-28"),
        ("within one month", "2028-01-31", "2028-02-29"),
        ("半年内", "2027-08-31", "2028-02-29"),
        ("by the end of February", "2028-01-01", "2028-02-29"),
        # 29 February is the next one to come if the next year has it, and no day otherwise
        ("2月29日前", "2027-05-12", "2028-02-29"),
        ("by 29 February", "2027-12-01", "2028-02-29"),
        ("2月29日前", "2028-02-29", "2028-02-29"),
        ("2月29日前", "2028-03-01", None),
        ("2月29日前", "2026-05-12", None),
        ("2月30日前", "2027-05-12", None),
        ("by 30 Feb 2027", "2027-05-12", None),
        # 12 May 2027 is a Wednesday: ten working days are two weeks, one on a Friday is the Monday after
        ("10个工作日内", "2027-05-12", "2027-05-26"),
        ("within 3 business days", "2027-05-12", "2027-05-17"),
        ("in one working day", "2027-05-14", "2027-05-17"),
        ("within 3 days", "2027-05-12", "2027-05-15"),
        # no month or quarter named: this one
        ("月底前", "2027-05-12", "2027-05-31"),
        ("季度末之前", "2027-05-12", "2027-06-30"),
        ("周末前", "2027-05-12", "2027-05-16"),
        ("每月底前", "2027-05-12", None),
        ("三季度末前", "2027-05-12", "2027-09-30"),
        # halves, quarters, years
        ("by the end of the first half of the year", "2027-05-12", "2027-06-30"),
        ("in the 2nd half of the fiscal year", "2027-05-12", "2027-12-31"),
        ("H1 2028", "2027-05-12", "2028-06-30"),
        ("in the last half of 2027", "2027-05-12", "2027-12-31"),
        ("in the last half of the year", "2027-05-12", "2027-12-31"),
        ("in the last half", "2027-05-12", "2026-12-31"),
        ("in the last quarter of the year", "2027-05-12", "2027-12-31"),
        ("in the third quarter of the year", "2027-05-12", "2027-09-30"),
        ("by the end of the month", "2027-05-12", "2027-05-31"),
        ("by the end of the quarter", "2027-05-12", "2027-06-30"),
        ("by the end of the week", "2027-05-12", "2027-05-16"),
        ("13月底前", "2027-05-12", None),
        ("in the last quarter of 2027", "2027-05-12", "2027-12-31"),
        ("by the end of last quarter", "2027-05-12", "2027-03-31"),
        ("年中前", "2027-06-30", "2027-06-30"),
        ("年中前", "2027-07-01", "2028-06-30"),
        # today itself, and the day it was
        ("国庆前", "2027-10-01", "2027-10-01"),
        ("五一前", "2027-05-12", "2028-04-30"),
        ("before Christmas", "2027-05-12", "2027-12-24"),
        ("by Wednesday", "2027-05-12", "2027-05-12"),
        ("by Tuesday", "2027-05-12", "2027-05-18"),
        ("by next Wednesday", "2027-05-12", "2027-05-19"),
        ("by 12/12/2027", "2027-05-12", "2027-12-12"),
        ("by 13/05/2027", "2027-05-12", "2027-05-13"),
        ("by 05/13/2027", "2027-05-12", "2027-05-13"),
    ],
)
def test_deadlines_at_the_edges_of_the_calendar(text: str, today: str, last: str | None) -> None:
    found = deadline(text, date.fromisoformat(today))
    assert (None if found is None else found.end.isoformat()) == last


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("by the end of the year", "2027-12-31"),
        ("by the end of the fiscal year", "2028-03-31"),
        ("in Q1 next year", "2028-06-30"),
        ("in Q1 this year", "2027-06-30"),
        ("FY2028", "2029-03-31"),
        ("FY28", "2029-03-31"),
        ("2028财年", "2029-03-31"),
    ],
)
def test_a_fiscal_year_that_begins_in_april(text: str, last: str) -> None:
    found = deadline(text, TODAY, 4)
    assert found is not None
    assert found.end.isoformat() == last
