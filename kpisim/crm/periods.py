"""Periods as sheets of targets name them: ``1月``, ``Q2``, ``上半年``, ``Mar-27``, and as a mapping writes them: ``2027-03``."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kpisim.kpi.window import fiscal_part, shift

Kind = Literal["month", "quarter", "half", "year"]
MONTHS: dict[Kind, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_NUMERALS = {word: number for number, word in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12}
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WORDS = re.compile(r"目标|指标|任务|计划|预算|销售|签约|回款|targets?|quotas?|plan|budget|sales")
_APART = re.compile(r"\(.*?\)|[\s_./,'’:-]+")
_YEAR = r"(?:(?:fy)?(?P<year>20\d\d|\d\d)年?)?"
_MONTHLY = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_FORMS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("month", re.compile(rf"{_YEAR}(?P<number>\d{{1,2}}|十[一二]?|[一二三四五六七八九])月份?")),
    ("month", re.compile(r"(?P<year>20\d\d)(?P<number>\d\d?|\d\d01|\d\d01000000)")),
    ("month", re.compile(rf"(?P<name>{_MONTHLY})(?P<year>20\d\d|\d\d)?")),
    ("month", re.compile(rf"(?P<year>20\d\d)(?P<name>{_MONTHLY})")),
    ("month", re.compile(r"m(?P<number>\d{1,2})")),
    ("quarter", re.compile(rf"{_YEAR}q(?P<number>[1-4])")),
    ("quarter", re.compile(r"q(?P<number>[1-4])(?P<year>20\d\d|\d\d)")),
    ("quarter", re.compile(rf"{_YEAR}第?(?P<number>[1-4]|[一二三四])季度?")),
    ("half", re.compile(rf"{_YEAR}(?:(?P<first>上半年)|下半年|h(?P<number>[12]))")),
    ("year", re.compile(r"(?:fy)?(?P<year>20\d\d)(?:年度?|全年)?|全年|年度|year|fullyear|annual")),
)
_WRITTEN = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})|Q(?P<quarter>[1-4])|H(?P<half>[12]))?")

_WRITTEN_DATE = re.compile(r"(20\d\d)[-/.年](\d{1,2})[-/.月]\d{1,2}日?(?:[ T].*)?$")


@dataclass(frozen=True, slots=True)
class Period:
    """A period that a column is called after.

    Attributes
    ----------
    kind, number
        The third month, the second quarter; a year is number 1.
    year
        Where the name says it.
    """

    kind: Kind
    number: int
    year: int | None

    def written(self, year: int) -> str:
        """Return it as a mapping writes it, in its own year or else in `year`."""
        forms: dict[Kind, str] = {"month": "-{:02}", "quarter": "Q{}", "half": "H{}", "year": ""}
        return f"{self.year or year}{forms[self.kind].format(self.number)}"


def named(column: str) -> Period | None:
    """Return the period that a column is called after, None where it is called otherwise.

    Examples
    --------
    >>> named("2027年3月目标（万元）"), named("Q2 target"), named("客户")
    (Period(kind='month', number=3, year=2027), Period(kind='quarter', number=2, year=None), None)
    """
    plainly = unicodedata.normalize("NFKC", column).casefold()
    name = _APART.sub("", _WORDS.sub("", plainly))
    for kind, form in _FORMS:
        found = form.fullmatch(name)
        if found is None:
            continue
        parts = found.groupdict()
        number = _number(parts)
        year = parts.get("year")
        if number is not None and 1 <= number <= 12 // MONTHS[kind]:
            return Period(kind, number, None if year is None else int(year) % 100 + 2000)
    return None


def of_cell(cell: str) -> Period | None:
    """Return the period that a cell names; a date stands for its month."""
    found = _WRITTEN_DATE.match(cell.strip())
    if found is None:
        return named(cell)
    return Period("month", month, int(found[1])) if 1 <= (month := int(found[2])) <= 12 else None


def _number(parts: dict[str, str | None]) -> int | None:
    text = parts.get("number")
    if text is not None:
        # A date in the header stands for its month: 0301 is March.
        return int(text[:2]) if text.isdigit() else _NUMERALS.get(text)
    if (name := parts.get("name")) is not None:
        return _NAMES.index(name[:3]) + 1
    # The first half, and the year; the second half has neither number nor name.
    return 2 if "first" in parts and parts["first"] is None else 1


def span(text: str, fiscal_year_start: int = 1) -> tuple[date, date] | None:
    """Return first day and first day after of a period as a mapping writes it; None where it is none.

    Quarters, halves and years follow the fiscal year, which is called after the year in which it begins.

    Examples
    --------
    >>> span("2027Q2", fiscal_year_start=4)
    (datetime.date(2027, 7, 1), datetime.date(2027, 10, 1))
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        return None
    year = int(found["year"])
    if found["month"] is not None:
        month = int(found["month"])
        return (date(year, month, 1), shift(date(year, month, 1), 1)) if 1 <= month <= 12 else None
    for kind in ("quarter", "half"):
        if found[kind] is not None:
            return fiscal_part(year, int(found[kind]), MONTHS[kind], fiscal_year_start)
    return fiscal_part(year, 1, 12, fiscal_year_start)


def finest(periods: dict[str, Period], least: int = 2) -> Kind | None:
    """Return the shortest kind of period that several columns are called after: what is longer is its sum."""
    counts = Counter(one.kind for one in periods.values())
    kinds = sorted(counts, key=MONTHS.__getitem__)
    return next((kind for kind in kinds if counts[kind] >= least), next(iter(kinds), None))


__all__ = ["Kind", "Period", "finest", "named", "of_cell", "span"]
