"""Dates and periods in the words of a goal, in Chinese and English.

Own rules instead of a date library: a library reads a point in time ("next week" is today plus 7 days), a goal
names a period whose last day counts, and quarters and halves follow the fiscal year.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from kpisim.kpi.window import fiscal_part, shift
from kpisim.text.months import MONTHS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Dates = tuple[date, date]

_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九十")} | {"两": 2, "〇": 0}
_WORDS = {
    word: value
    for value, word in enumerate(
        ("a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
} | {"a": 1, "an": 1}  # fmt: skip
_ORDER = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": 4}
_FAR = 1200
"""Months or weeks beyond which a number is no time limit."""


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date or period that a text names.

    Attributes
    ----------
    words
        The words of the text.
    at, to
        Where they stand in the text as :func:`tidy` gives it.
    start, end
        First and last day.
    baseline
        Whether the words say what to compare with ("比去年", "from Q1"), so are no deadline.
    """

    words: str
    at: int
    to: int
    start: date
    end: date
    baseline: bool

    def past(self, today: date) -> bool:
        """Whether the last day is over."""
        return self.end < today


def tidy(text: str) -> str:
    """Return `text` with full-width signs made plain and runs of white space made one space."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def find_dates(text: str, today: date, fiscal_year_start: int = 1) -> tuple[FoundDate, ...]:
    """Return the dates and periods that `text` names, in its order.

    A month, quarter or half without a year is the one that is running or else the next to come; a named year
    ("今年", "2027", "this year") is kept even where that is over.  Quarters and halves are fiscal; a fiscal year
    is named after the calendar year in which it begins.

    Parameters
    ----------
    text
        Any text.
    today
        What "next quarter" and "within 6 weeks" are counted from.
    fiscal_year_start
        First month of the fiscal year, 1 to 12.
    """
    return scan_dates(text, today, fiscal_year_start)[0]


def scan_dates(
    text: str, today: date, fiscal_year_start: int = 1
) -> tuple[tuple[FoundDate, ...], tuple[tuple[int, int], ...]]:
    """Return what :func:`find_dates` does, and where the text names a day that the calendar does not have.

    Such a day is not read as the month or the year that stands in it: 31 June is no deadline of 30 June.
    """
    text = tidy(text)
    now = _Now(today, fiscal_year_start)
    found: list[FoundDate] = []
    never: list[tuple[int, int]] = []
    taken = [False] * len(text)
    for pattern, read in _rules():
        for match in pattern.finditer(text):
            at, to = match.span()
            if any(taken[at:to]):
                continue
            try:
                span = read(match, now)
            except (ValueError, OverflowError):  # 31 February, the year 10000
                if not _names_a_day(match):
                    continue
                never.append((at, to))
                span = None
            else:
                if span is None:
                    continue
            taken[at:to] = [True] * (to - at)
            if span is not None:
                found.append(FoundDate(match[0].strip(), at, to, *span, baseline=_compared(text, at, to)))
    return tuple(sorted(found, key=lambda one: one.at)), tuple(sorted(never))


def _names_a_day(match: re.Match[str]) -> bool:
    groups = match.groupdict()
    return bool(groups.get("d") and groups.get("m")) or "b" in groups


def deadline(text: str, today: date, fiscal_year_start: int = 1) -> FoundDate | None:
    """Return the last date or period of `text` that is no baseline, None where there is none."""
    return last_of(find_dates(text, today, fiscal_year_start))


def last_of(found: Iterable[FoundDate]) -> FoundDate | None:
    """Return the last of some dates that is no baseline, None where there is none."""
    limits = [one for one in found if not one.baseline]
    return max(limits, key=lambda one: (one.end, one.at), default=None)


@dataclass(frozen=True, slots=True)
class _Now:
    today: date
    fiscal: int

    @property
    def year(self) -> int:
        return self.today.year

    def month(self, ahead: int = 0) -> Dates:
        first = shift(self.today, ahead)
        return first, _before(shift(first, 1))

    def fiscal_year(self, ahead: int = 0) -> int:
        return self.year - (self.today.month < self.fiscal) + ahead

    def part(self, year: int, number: int, months: int) -> Dates:
        """Return quarter (`months` 3), half (6) or year (12) `number` of the fiscal year that begins in `year`."""
        first, after = fiscal_part(year, number, months, self.fiscal)
        return first, _before(after)

    def running(self, months: int, ahead: int = 0) -> Dates:
        """Return the quarter, half or fiscal year that runs today, or one `ahead`."""
        into = (self.today.month - self.fiscal) % months
        first = shift(self.today, ahead * months - into)
        return first, _before(shift(first, months))

    def week(self, ahead: int = 0) -> Dates:
        monday = self.today + timedelta(days=7 * ahead - self.today.weekday())
        return monday, monday + timedelta(days=6)

    def coming(self, spans: Callable[[int], Dates], year: int | None, first: int) -> Dates:
        """Return the span in `year`; without one, the first from year `first` on that is not over."""
        if year is not None:
            return spans(year)
        try:
            span = spans(first)
        except ValueError:
            # 29 February is a day of the next year, perhaps.
            return spans(first + 1)
        return span if span[1] >= self.today else spans(first + 1)


def _before(day: date) -> date:
    return day - timedelta(days=1)


def _number(text: str) -> int:
    """Return a whole number in digits, Chinese signs up to 99, or English words."""
    text = text.strip().lower()
    if text.isdecimal():
        return int(text[:6])
    if text in _WORDS:
        return _WORDS[text]
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    value = 0
    for sign in text:
        value = value * 10 + _DIGITS[sign]
    return value


def _place(span: Dates, where: str) -> Dates:
    """Return the part of a month (or quarter, year) that 初, 上旬, 中旬, 底 or early, mid, end names."""
    start, end = span
    long = (end - start).days > 40
    if where in {"初", "上旬", "early"}:
        return start, (start + timedelta(days=9) if not long else _before(shift(start, 1)))
    if where in {"中", "中旬", "mid", "middle"}:
        middle = start + (end - start) / 2
        return start, start + timedelta(days=19) if not long else middle
    return start, end


def _zh_year(words: str | None, now: _Now) -> int | None:
    """Return the year that 今年, 明年, 2027年 … names."""
    if not words:
        return None
    digits = re.match(r"\d{4}", words)
    if digits:
        return int(digits[0])
    ahead = {"前": -2, "去": -1, "上": -1, "明": 1, "来": 1, "下": 1, "次": 1, "后": 2}.get(words[0], 0)
    return (now.fiscal_year() if "财" in words else now.year) + ahead


def _en_year(words: str | None, now: _Now) -> int | None:
    if not words:
        return None
    digits = re.search(r"\d{4}|\d{2}", words)
    if digits:
        return int(digits[0]) + (2000 if len(digits[0]) == 2 else 0)
    return now.year + _ahead(words)


def _ahead(words: str) -> int:
    words = words.lower()
    if re.match(r"next|coming|下|来|明|次", words):
        return 1
    return -1 if re.match(r"last|previous|past|prior|上|去|前", words) else 0


def _day(match: re.Match[str], _: _Now) -> Dates:
    day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    return day, day


def _zh_month(match: re.Match[str], now: _Now) -> Dates:
    month = _number(match["m"])
    if not 1 <= month <= 12:
        raise ValueError
    day = _number(match["d"]) if match["d"] else None

    def inside(year: int) -> Dates:
        if day:
            return date(year, month, day), date(year, month, day)
        first = date(year, month, 1)
        return _place((first, _before(shift(first, 1))), match["w"] or "")

    return now.coming(inside, _zh_year(match["y"], now), now.year)


def _slash(match: re.Match[str], _: _Now) -> Dates:
    first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
    month, day = (second, first) if first > 12 else (first, second)
    return date(year, month, day), date(year, month, day)


def _zh_part(match: re.Match[str], now: _Now) -> Dates:
    groups = match.groupdict()
    named = groups.get("q") or groups.get("q2")
    months, number = (3, _number(named)) if named else (6, 1 + (groups.get("h") == "下"))
    if not 1 <= number <= 4:
        raise ValueError
    year = _zh_year(match["y"], now)
    span = now.coming(lambda one: now.part(one, number, months), year, now.fiscal_year())
    return _place(span, match["w"] or "")


def _zh_year_end(match: re.Match[str], now: _Now) -> Dates:
    words = match["y"] or ""
    if "财" in words:
        return now.part(_zh_year(words, now) or now.fiscal_year(), 1, 12)
    year = _zh_year(words, now) or now.year
    if match["w"] in {"中", "年中"}:
        end = date(year, 6, 30)
        return date(year, 1, 1), end if words or end >= now.today else date(year + 1, 6, 30)
    if match["w"] in {"初", "年初"}:
        year += not words
        return date(year, 1, 1), date(year, 1, 31)
    return date(year, 1, 1), date(year, 12, 31)


def _running(match: re.Match[str], now: _Now) -> Dates:  # noqa: PLR0911  (a return per unit)
    ahead, unit = _ahead(match["n"]), match["u"].lower()
    where = (match.groupdict().get("w") or "").lower()
    if "周" in unit or "星期" in unit or unit == "week":
        start, end = now.week(ahead)
        weekday = match.groupdict().get("wd")
        if weekday:
            day = start + timedelta(days="一二三四五六日天".index(weekday) % 7 if weekday != "天" else 6)
            return day, day
        return start, end
    if "月" in unit or unit == "month":
        return _place(now.month(ahead), where)
    if "季" in unit or unit == "quarter":
        return _place(now.running(3, ahead), where)
    if unit in {"半年", "half"}:
        return now.running(6, ahead)
    if "财" in unit or "fiscal" in unit or "financial" in unit:
        return _place(now.running(12, ahead), where)
    return _place((date(now.year + ahead, 1, 1), date(now.year + ahead, 12, 31)), where)


def _within(match: re.Match[str], now: _Now) -> Dates | None:  # noqa: PLR0911  (a return per unit)
    if _duration(match):
        return None
    unit = match["u"].lower()
    half = match["n"] == "半" or match["n"].lower() == "half a"
    count = 0 if half else _number(match["n"])
    if not half and not 1 <= count <= _FAR:
        return None
    if "年" in unit or unit.startswith("year"):
        return now.today, _later(now.today, 6 if half else 12 * count)
    if "月" in unit or unit.startswith("month"):
        return now.today, now.today + timedelta(days=15) if half else _later(now.today, count)
    if "季" in unit or unit.startswith("quarter"):
        return now.today, _later(now.today, 3 * count)
    weeks = "周" in unit or "星期" in unit or "礼拜" in unit or unit.startswith("week")
    if not weeks and re.search("工作|business|working", match[0], re.IGNORECASE):
        return now.today, _working(now.today, count)
    return now.today, now.today + timedelta(days=count * (7 if weeks else 1))


def _working(day: date, count: int) -> date:
    """Return the day that is `count` days from Monday to Friday later; of holidays a goal says nothing."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _duration(match: re.Match[str]) -> bool:
    """Whether the words are how long something may take ("缩短到30天内", "2天内回复") and no deadline of the goal."""
    before, after = match.string[max(0, match.start() - 40) : match.start()], match.string[match.end() :]
    return bool(_TAKES.search(before) or _ANSWERED.match(after))


def _later(day: date, months: int) -> date:
    """Return the same day `months` later, or the last of the month where it has no such day."""
    first = shift(day, months)
    return min(first + timedelta(days=day.day - 1), _before(shift(first, 1)))


def _feast(match: re.Match[str], now: _Now) -> Dates:
    month, day = {
        "元旦": (1, 1), "五一": (5, 1), "劳动节": (5, 1), "国庆": (10, 1), "christmas": (12, 25),
    }[match["f"].lower()]  # fmt: skip
    span = now.coming(lambda year: (date(year, month, day),) * 2, _zh_year(match["y"], now), now.year)
    return (span[0] - timedelta(days=1),) * 2 if span[0] > now.today else span


def _en_month(match: re.Match[str], now: _Now) -> Dates:
    month = MONTHS.index(match["m"][:3].lower()) + 1
    groups = match.groupdict()
    day = int(groups["d"]) if groups.get("d") else None

    def inside(year: int) -> Dates:
        if day:
            return date(year, month, day), date(year, month, day)
        first = date(year, month, 1)
        return _place((first, _before(shift(first, 1))), (groups.get("w") or "").lower())

    return now.coming(inside, _en_year(groups.get("y"), now), now.year)


def _en_part(match: re.Match[str], now: _Now) -> Dates:
    groups = match.groupdict()
    months = 3 if groups.get("q") or (groups.get("o") and "quarter" in match[0].lower()) else 6
    named = groups.get("q") or groups.get("h")
    number = int(named) if named else _ORDER[groups["o"].lower()]
    if months == 6 and number == 4:
        number = 2
    if number > 12 // months:
        raise ValueError
    words = groups.get("y") or groups.get("y0")
    year = _en_year(words, now)
    if words and not re.search(r"\d", words):
        year = now.fiscal_year(_ahead(words))
    span = now.coming(lambda one: now.part(one, number, months), year, now.fiscal_year())
    return _place(span, (groups.get("w") or "").lower())


def _en_end(match: re.Match[str], now: _Now) -> Dates:
    unit = (match["u"] or match["e"]).lower()
    if unit in {"month", "m"}:
        return now.month()
    if unit in {"quarter", "q"}:
        return now.running(3)
    if unit in {"week", "w"}:
        return now.week()
    if "fiscal" in unit or "financial" in unit:
        return now.running(12)
    year = _en_year(match["y"], now) or now.year
    return date(year, 1, 1), date(year, 12, 31)


def _whole_year(match: re.Match[str], now: _Now) -> Dates | None:
    year = int(match["y"])
    if not 1990 <= year <= 2100:
        return None
    if re.match(r"FY", match[0], re.IGNORECASE) or "财" in match[0]:
        return now.part(year, 1, 12)
    return date(year, 1, 1), date(year, 12, 31)


def _fiscal_short(match: re.Match[str], now: _Now) -> Dates:
    return now.part(2000 + int(match["y"]), 1, 12)


def _weekday(match: re.Match[str], now: _Now) -> Dates:
    """Return the next such day; "next Wednesday" is that of the week to come."""
    named = match["d"].lower()
    if len(named) == 1:
        wanted = "一二三四五六日".index(named.replace("天", "日"))
    else:
        wanted = ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(named[:3])
    if (match.groupdict().get("n") or "").lower() == "next":
        day = now.week(1)[0] + timedelta(days=wanted)
        return day, day
    day = now.today + timedelta(days=(wanted - now.today.weekday()) % 7)
    return day, day


def _near(match: re.Match[str], now: _Now) -> Dates:
    ahead = {"明": 1, "后": 2, "昨": -1, "tomorrow": 1, "yesterday": -1}
    word = match[0].lower()
    day = now.today + timedelta(days=ahead.get(word, ahead.get(word[0], 0)))
    return day, day


_COMPARED = re.compile(
    r"(?:比|较|相比|对比|同|由|从|自|超过|基于|高于|低于|于)\s*$"
    r"|(?:\b(?:vs\.?|versus|than|from|against|over|compared (?:to|with)|relative to|since|on|beat|exceed|surpass|above|below)"
    r"(?: the| our| all of)?)\s*$",
    re.IGNORECASE,
)
_COMPARED_AFTER = re.compile(
    r"^\s*(?:相比|的?同期|的?水平|的?基数|起\b|起,|开始|'s\b|levels?\b|baseline\b|figure\b)"
)
_TAKES = re.compile(
    r"(?:到|至|(?:控制|保持|压缩|稳定|维持)在|不超过|周期|时长)\s*$"
    r"|(?:\bto|\bpaid|\bpayment|\b(?:respond|repl|answer|resolv|call|contact|handl|follow|quot|deliver|ship)\w*\b[^,;.]{0,30})\s*$",
    re.IGNORECASE,
)
_ANSWERED = re.compile(r"\s*(?:首次)?(?:响应|回复|答复|处理|回访|跟进|解决|联系|回电|交付|发货|回款率?|付款)")
_SPREAD = re.compile(r"(?:\bfrom\b|由|从|自)[^,;。.]{1,24}$", re.IGNORECASE)
_GOES_TO = re.compile(r"\s*(?:\S+\s*)?(?:\bto\b|的?[\d.]*[%\w]{0,6}\s*(?:提升|提高|增长|增加|降|缩短|到|至))")


def _compared(text: str, at: int, to: int) -> bool:
    """Whether the words around say that this is what the goal is compared with, or where it starts."""
    before, after = text[max(0, at - 20) : at], text[to : to + 12]
    if re.search(r"于\s*$", before):  # 于6月底前 is a deadline, 高于去年 a comparison
        return bool(re.search(r"[高低优大小多少]于\s*$", before))
    if re.search(r"\bover\s*$", before, re.IGNORECASE) and re.match(
        r"(?:the )?(?:next|coming)", text[at:to], re.IGNORECASE
    ):
        return False
    if re.search(r"\bon\s*$", before, re.IGNORECASE) and re.search(r"\d{1,2}|day$", text[at:to]):
        return not re.search(r"\b(?:[A-Z][a-z]+ \d|\d{1,2} [A-Z]|\d{4}-\d|[a-z]+day)", text[at:to])
    spread = _SPREAD.search(before)
    if spread and not re.search(r"\bto\b|到|至", spread[0]) and _GOES_TO.match(text[to:]):
        return True
    return bool(_COMPARED.search(before) or _COMPARED_AFTER.search(after))


@cache
def _rules() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str], _Now], Dates | None]], ...]:
    return tuple((re.compile(pattern, flags), read) for pattern, flags, read in _patterns())


def _patterns() -> Iterator[tuple[str, int, Callable[[re.Match[str], _Now], Dates | None]]]:
    """Yield pattern, flags and reader, the most telling first: what one has taken the next leaves alone."""
    zh_year = r"(?P<y>(?<!\d)20\d\d\s*年度?的?|(?:本|今|明|去|后|来|前|上|下|次)(?:一)?(?:财)?年度?的?|(?<!\d)20\d\d\s*财年的?)?"
    n_zh = r"(?:\d{1,4}|[一二两三四五六七八九十]{1,3})"
    zh_month = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
    where = r"(?P<w>初|上旬|中旬|中(?=[前,，。 ]|$)|下旬|底|末)?"
    month = (
        r"(?P<m>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
        r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
    )
    en_year = r"(?:,?\s*(?:of\s+)?(?P<y>(?:FY\s*)?20\d\d|FY\s*'?\d\d|'\d\d|(?:this|next|last)\s+(?:fiscal\s+)?year)\b)?"
    en_where = r"(?:(?:the\s+)?(?P<w>end|middle|mid|early|late|close)(?:\s+of|-)?\s*)?(?:the\s+)?"
    n_en = r"(?P<n>\d{1,4}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half a)"
    upper = re.NOFLAG
    lower = re.IGNORECASE

    yield r"(?<!\d)(?P<y>20\d\d|19\d\d)\s?[-/.]\s?(?P<m>\d{1,2})\s?[-/.]\s?(?P<d>\d{1,2})(?!\d)", upper, _day
    yield r"(?<![\d/])(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>20\d\d)(?!\d)", upper, _slash
    # Chinese
    yield (
        rf"{zh_year}(?<!\d)(?<!每)(?P<m>{zh_month})\s*月份?(?!度)(?:\s*(?P<d>[0-3]?\d|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])\s*[日号]|{where})",
        upper,
        _zh_month,
    )
    yield (
        rf"{zh_year}(?:第?(?P<q>[一二三四1-4])\s*(?:个)?季度|[Qq](?P<q2>[1-4])(?:季度)?){where}",
        upper,
        _cjk(_zh_part),
    )
    yield rf"{zh_year}(?P<h>上|下)半(?:个)?(?:财)?年度?{where}", upper, _zh_part
    yield (
        r"(?P<n>本|这个?|当|下个?|下一个?|上个?|上一个?|次)(?P<u>季度?|财年|月份?|周|星期|半年)(?P<wd>(?<=周)[一二三四五六日天]|(?<=星期)[一二三四五六日天])?(?P<w>初|上旬|中旬|下旬|底|末)?(?!度)",
        upper,
        _running,
    )
    # 月底前 alone is this month's; 每月底 is no date, and 3月底 has been taken.
    yield (
        r"(?<![每各个月\d一二三四五六七八九十])(?P<n>)(?P<u>月|季度?|周)(?P<w>底|末)(?=[之以]?前)",
        upper,
        _running,
    )
    yield (
        rf"(?<![每\d])(?P<n>{n_zh}|半)\s*(?:个)?(?:自然|工作)?(?P<u>年|月|季度|周|星期|礼拜|天|日)(?:之|以)?内",
        upper,
        _within,
    )
    yield (
        rf"(?:未来|接下来|今后|此后)(?:的)?(?P<n>{n_zh}|半)\s*(?:个)?(?:自然|工作)?(?P<u>年|月|季度|周|星期|礼拜|天|日)",
        upper,
        _within,
    )
    yield rf"{zh_year.removesuffix('?')}\s*(?P<w>底|末|内|终|初|中(?!国))?", upper, _zh_year_end
    yield r"(?P<y>)(?<![半每])(?P<w>年底|年末|年内|年终|年中(?!国)|年初|全年)", upper, _zh_year_end
    yield r"(?P<y>(?:今|明|去|本)年)?(?P<f>元旦|五一|劳动节|国庆)节?(?:之|以)?前", upper, _feast
    yield r"今天|明天|后天|昨天|今日|明日", upper, _near
    yield (
        r"(?<![本这上下个每隔单双])(?:周|星期|礼拜)(?P<d>[一二三四五六日天])(?=[之以]?前|[下上]午|中午|下班|[,，。;； ]|$)",
        upper,
        _weekday,
    )
    # English
    yield rf"\b(?P<d>[0-3]?\d)(?:st|nd|rd|th)?\s+(?:of\s+)?{month}{en_year}", lower, _en_month
    yield (
        rf"\b{month}\s+(?P<d>[0-3]?\d)(?:st|nd|rd|th)?\b(?!%|\s*(?:%|percent|deals|customers)){en_year}",
        upper,
        _en_month,
    )
    yield rf"(?i:{en_where})(?<![A-Za-z]){month}(?i:{en_year})", upper, _en_month
    yield (
        rf"{en_where}\b(?:(?P<y0>(?:FY\s*'?)?20\d\d|FY\s*'?\d\d|(?:this|next|last)\s+year's)[\s-]*)?Q\s?(?P<q>[1-4])\b{en_year}",
        lower,
        _en_part,
    )
    yield (
        rf"{en_where}\b(?:(?P<y0>(?:FY\s*'?)?20\d\d|FY\s*'?\d\d)[\s-]*)?H\s?(?P<h>[12])\b{en_year}",
        lower,
        _en_part,
    )
    yield (
        rf"{en_where}\b(?P<o>first|second|third|fourth|last|1st|2nd|3rd|4th)\s+(?:fiscal\s+)?quarter\b(?:\s+of)?(?:\s+the\s+(?:fiscal\s+)?year)?{en_year}",
        lower,
        _en_last,
    )
    yield (
        rf"{en_where}\b(?P<o>first|second|last|1st|2nd)\s+half\b(?:\s+of)?(?:\s+the\s+(?:fiscal\s+)?year)?{en_year}",
        lower,
        _en_last,
    )
    yield (
        rf"(?:within|in|inside(?:\s+of)?|over|during|for|across)\s+(?:the\s+)?(?:(?:next|coming|following)\s+)?{n_en}[\s-]+(?:business\s+|working\s+|calendar\s+|full\s+)?(?P<u>days?|weeks?|months?|quarters?|years?)\b",
        lower,
        _within,
    )
    yield (
        rf"(?:the\s+)?(?:next|coming)\s+{n_en}[\s-]+(?P<u>days?|weeks?|months?|quarters?|years?)\b",
        lower,
        _within,
    )
    yield (
        rf"{en_where}\b(?P<n>this|next|last|current|previous|coming|prior)\s+(?P<u>(?:fiscal|financial)\s+year|month|quarter|week|year|half)\b(?!\s*-?\s*(?:old|over|on)\b)",
        lower,
        _running,
    )
    yield (
        r"(?:the\s+)?(?P<e>)\b(?:end|close)\s+of\s+(?:the\s+|this\s+|our\s+)?(?P<u>(?:fiscal\s+|financial\s+|calendar\s+)?year|quarter|month|week)\b(?P<y>\s+20\d\d)?",
        lower,
        _en_end,
    )
    yield (
        r"(?P<e>)\b(?P<u>(?:fiscal\s+|financial\s+)?year|quarter|month|week)[\s-]end\b(?P<y>\s+20\d\d)?",
        lower,
        _en_end,
    )
    yield r"(?P<u>)\bEO(?P<e>[YQMW])\b(?P<y>\s*20\d\d)?", upper, _en_end
    yield (
        r"(?:by|before|until|on)\s+(?:(?P<n>next|this|coming)\s+)?(?P<d>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b",
        lower,
        _weekday,
    )
    yield r"(?P<y>)(?:before|by)\s+(?P<f>Christmas)", lower, _feast
    yield r"\b(?:today|tomorrow|yesterday)\b", lower, _near
    # a year alone, last
    yield r"(?<![\d.,])(?P<y>\d{4})\s*(?:财年|年度|年)(?!前|多|来)", upper, _whole_year
    yield r"\bFY\s?(?P<y>20\d\d)\b", lower, _whole_year
    yield r"\bFY\s?'?(?P<y>\d\d)\b", lower, _fiscal_short
    yield (
        r"\b(?:by|before|in|during|through|throughout|until|for|end\s+of|end|late|calendar|than|vs\.?|over|on|against|from)\s+(?:the\s+end\s+of\s+)?(?P<y>20\d\d)\b(?![-/.,]\d)",
        lower,
        _whole_year,
    )


def _cjk(read: Callable[[re.Match[str], _Now], Dates]) -> Callable[[re.Match[str], _Now], Dates | None]:
    """Leave "Q3 2027" and "FY27 Q3" to the English rule: here only what Chinese words or nothing surround."""

    def reader(match: re.Match[str], now: _Now) -> Dates | None:
        around = (
            match.string[max(0, match.start() - 8) : match.start()],
            match.string[match.end() : match.end() + 9],
        )
        if match["q2"] and not match["y"]:
            english = re.search(
                r"(?:FY\s*'?\d*|20\d\d|year's|end of(?: the)?|[A-Za-z]|early|late|mid)[\s-]*$", around[0]
            )
            if english or re.match(
                r"(?:,?\s*(?:of\s+)?(?:FY|20\d\d|'\d\d|this|next|last)|[A-Za-z0-9])", around[1]
            ):
                return None
        return read(match, now)

    return reader


def _en_last(match: re.Match[str], now: _Now) -> Dates:
    """Return the quarter or half; "last quarter" alone is the one before this, "of the year" the fourth."""
    words = match[0].lower()
    if match["o"].lower() == "last" and not match["y"] and "year" not in words:
        return now.running(6 if "half" in words else 3, -1)
    return _en_part(match, now)


__all__ = ["FoundDate", "deadline", "find_dates", "last_of", "scan_dates", "tidy"]
