"""What the words of a goal say: its object, owner, scope, numbers and purpose.

All words stand in ``words.yaml``; nothing here is learnt, so that a reader can see why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kpisim.kpi.goals.dates import scan_dates, tidy
from kpisim.kpi.registry import kpis
from kpisim.text.numbers import han_number

if TYPE_CHECKING:
    from datetime import date

    from kpisim.kpi.goals.dates import FoundDate

Unit = Literal["share", "money", "days", "points", "count", ""]
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9}
_SIGNS = {"百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}
_HAN = "[零〇一二两三四五六七八九十百千万亿]"
"""Signs of a number in Chinese words."""

_EN = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "eighty": 80,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the text with its unit.

    Attributes
    ----------
    words
        The words of the text.
    value
        Shares as fractions, money in its unit, days with 8 hours a day.
    unit
        Kind of unit, empty for a bare number.
    relative
        Whether it says how much more or less ("提升10%") and not where to get to ("提升到10%").
    start
        Whether it says where things stand now ("from 82 %").
    of
        Whether it is a multiple of what was before ("double", "120 % of last year") and not a step from there.
    """

    words: str
    value: float
    unit: Unit
    relative: bool
    start: bool
    of: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in the text of a goal; every item is words of the text.

    Attributes
    ----------
    kpis
        KPIs of the library with the words that name them.
    activities
        Counted work or things outside the library.
    vague
        Words that name nothing to be seen.
    owners
        Persons and teams; `we` holds "we" and "我们" apart.
    scopes
        Where or for whom.
    numbers
        Numbers that are no part of a date.
    purposes
        What the goal is for.
    dates
        Dates outside the purpose.
    no_days
        Words for days that the calendar does not have.
    """

    kpis: tuple[tuple[str, str], ...]
    activities: tuple[str, ...]
    vague: tuple[str, ...]
    owners: tuple[str, ...]
    we: tuple[str, ...]
    scopes: tuple[str, ...]
    numbers: tuple[Number, ...]
    purposes: tuple[str, ...]
    dates: tuple[FoundDate, ...]
    no_days: tuple[str, ...]


@cache
def words() -> dict[str, Any]:
    """Return the word lists."""
    import yaml  # noqa: PLC0415

    return dict(yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8")))


def read_goal(text: str, today: date, fiscal_year_start: int = 1) -> Reading:
    """Read a goal.

    Parameters
    ----------
    text
        The goal in Chinese, English or both.
    today, fiscal_year_start
        As in :func:`kpisim.kpi.goals.dates.find_dates`.
    """
    text = tidy(text)
    purposes = _purposes(text)
    own = _blank(text, purposes)  # what stands in the purpose belongs to the goal above
    dates, never = scan_dates(own, today, fiscal_year_start)
    undated = _blank(own, [*((one.at, one.to) for one in dates), *never])
    names = _kpis(undated)
    rest = _blank(undated, [(at, to) for _, at, to in names])
    return Reading(
        kpis=tuple((name, text[at:to]) for name, at, to in names),
        activities=_all(rest, "activities"),
        vague=_all(rest, "vague"),
        owners=(
            *_doers(undated, names),
            *_names(undated),
            *_all(undated, "owners", "person"),
            *_all(undated, "owners", "team"),
        ),
        we=_all(undated, "owners", "we"),
        scopes=_all(undated, "scopes"),
        numbers=tuple(_numbers(undated, min((at for _, at, _ in names), default=len(undated)))),
        purposes=tuple(text[at:to].strip() for at, to in purposes),
        dates=dates,
        no_days=tuple(text[at:to].strip() for at, to in never),
    )


def suggested(text: str) -> str | None:
    """Return the KPI that the words of `text` are most likely about, None where nothing hints at one."""
    text = tidy(text)
    for rule in words()["suggest"]:
        if re.search(rule["zh"], text) or re.search(rf"\b(?:{rule['en']})\b", text, re.IGNORECASE):
            return str(rule["kpi"])
    return None


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    """Return `text` with `spans` blotted out by a sign that no rule matches; positions stay."""
    for at, to in spans:
        text = text[:at] + "\N{BULLET}" * (to - at) + text[to:]
    return text


@cache
def _pattern(*path: str) -> re.Pattern[str]:
    """Return one pattern for a word list: Chinese as it stands, English as whole words."""
    node: Any = words()
    for step in path:
        node = node[step]
    return _join(node.get("zh", ()), node.get("en", ()))


def _join(zh: Any, en: Any) -> re.Pattern[str]:
    either = [f"(?:{word})" for word in zh]
    for word in en:
        # A capital inside a pattern is meant: "in [A-Z]…" is a place, "in total" is none.
        body = word if re.search(r"\[A-Z\]", word) or word in {"I", "us"} else f"(?i:{word})"
        either.append(rf"(?<![A-Za-z]){body}(?![A-Za-z])")
    return re.compile("|".join(either) or r"(?!)")


def _all(text: str, *path: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match[0].strip() for match in _pattern(*path).finditer(text)))


@cache
def _kpi_patterns() -> list[tuple[str, re.Pattern[str]]]:
    listed = words()["kpis"]
    made = []
    for name, declared in kpis().items():
        own = listed.get(name, {})
        # The library's own names count too, so that a KPI that somebody adds is known at once.
        zh = [*own.get("zh", ()), re.escape(re.split(r"[（(]", declared.zh)[0].strip())]
        en = [*own.get("en", ()), re.escape(re.split(r"[（(,÷]", declared.en)[0].strip()).replace(r"\ ", " ")]
        made.append((name, _join(zh, en)))
    return made


def _kpis(text: str) -> list[tuple[str, int, int]]:
    """Return KPI, start and end of the words; where two overlap the longer one says it."""
    hits = [(name, *match.span()) for name, pattern in _kpi_patterns() for match in pattern.finditer(text)]
    kept: list[tuple[str, int, int]] = []
    for hit in sorted(hits, key=lambda one: (one[1] - one[2], one[1])):
        if all(hit[2] <= at or to <= hit[1] for _, at, to in kept):
            kept.append(hit)
    return sorted(kept, key=lambda one: one[1])


@cache
def _name_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    lists = words()["names_zh"]
    head = r"(?:^|(?<=[,。;、:\N{BULLET}由]))\s*"
    sure = re.compile(
        rf"{head}(?P<n>[{lists['surnames']}][\u4e00-\u9fff]{{1,2}}?)(?=\N{{BULLET}}|\s|{lists['after']})"
    )
    doubtful = re.compile(rf"{head}(?P<n>[{lists['doubtful']}][\u4e00-\u9fff]{{1,2}}?)(?={lists['lead']})")
    return (
        sure,
        doubtful,
        re.compile(
            r"(?<![A-Za-z])(?P<n>[A-Z][a-z]+ [A-Z][a-z]+|(?:^|(?<=[,.;:\N{BULLET}] ))[A-Z][a-z]+(?= will | to ))"
        ),
    )


def _names(text: str) -> tuple[str, ...]:
    no = set(words()["not_names_en"])
    found = [match["n"] for pattern in _name_patterns() for match in pattern.finditer(text)]
    return tuple(name for name in dict.fromkeys(found) if not no & set(name.split()))


def _doers(text: str, kpis_named: list[tuple[str, int, int]]) -> tuple[str, ...]:
    """Return who stands before the verb at the head of an English sentence, unless that is a KPI."""
    found = []
    for match in _doer_pattern().finditer(text):
        at, to = match.span("n")
        if not any(at < end and begin < to for _, begin, end in kpis_named):
            found.append(match["n"])
    return tuple(found)


@cache
def _doer_pattern() -> re.Pattern[str]:
    head = r"(?:^|(?<=[.,;:\N{BULLET}] ))"
    verb = words()["doers_en"]
    return re.compile(
        rf"{head}(?P<n>(?!(?:It|This|That|Which|Who|What|There|Everyone|Everybody|Nobody)\b)[A-Z][\w&'-]*(?: [\w&'-]+){{0,3}}?) {verb}(?![A-Za-z])"
    )


def _purposes(text: str) -> list[tuple[int, int]]:
    """Return the spans that say what the goal is for: a link, then a goal word or a level with a KPI."""
    spans: list[tuple[int, int]] = []
    for match in _pattern("purpose", "link").finditer(text):
        at = match.start()
        if spans and at < spans[-1][1]:
            continue
        tail = re.match(
            r"(?:(?! by | before | within | until )[^,。;.!?]|\.(?=\S))*", text[match.end() :], re.IGNORECASE
        )
        to = match.end() + (tail.end() if tail else 0)
        clause = text[match.end() : to]
        level = _pattern("purpose", "level").search(clause)
        named = any(pattern.search(clause) for _, pattern in _kpi_patterns())
        if _pattern("purpose", "goal").search(clause) or (level and named):
            before = text[:at]
            lead = re.search(r"[以来]$|,\s*$", before)
            spans.append((at - (len(lead[0]) if lead and lead[0] in "以来" else 0), to))
    spans += [span for span in _unlinked(text) if all(span[1] <= at or to <= span[0] for at, to in spans)]
    return sorted(spans)


def _unlinked(text: str) -> list[tuple[int, int]]:
    """Return clauses, after the first, that name a level and then a goal; and what is done for a level."""
    found = [match.span() for match in _pattern("purpose", "serve").finditer(text)]
    for clause in re.finditer(r"(?<=[,;:])[^,;。.!?:]+", text):
        level = _pattern("purpose", "level").search(clause[0])
        goal = _pattern("purpose", "bare").search(clause[0])
        # "the programme of our department" in English, never that way round in Chinese.
        if level and goal and (level.start() < goal.start() or clause[0].isascii()):
            edges = (*level.span(), *goal.span())
            found.append((clause.start() + min(edges), clause.start() + max(edges)))
    return found


@cache
def _number_pattern() -> re.Pattern[str]:
    kinds = []
    for kind in ("share", "days", "points", "money", "count"):
        unit = words()["units"][kind]
        zh = "|".join(unit.get("zh", ()))
        en = "|".join(unit.get("en", ()))
        kinds.append(rf"(?P<{kind}>{zh + '|' if zh else ''}(?i:(?:{en})(?![A-Za-z])))")
    sign = r"(?P<sign>[$€£¥]|(?:USD|EUR|GBP|RMB|CNY)\s?)?"
    digits = (
        rf"(?P<n>\d[\d,]*(?:\.\d+)?|(?<![A-Za-z])(?i:{'|'.join(_EN)})(?=[\s-])"
        rf"|{_HAN}+(?=[家名单场台套人个元天]|成(?!交|单|功|员|不|为|本|长|果|立|绩|熟))"
        rf"|[一二两三四五六七八九十]{_HAN}*[万亿]{_HAN}*)"
    )
    return re.compile(rf"(?<![A-Za-z\d.第]){sign}{digits}\s?-?(?:{'|'.join(kinds)})?")


_TO = re.compile(
    r"(?:到|至|达|为|破|于|以上|不低于|不少于|至少|超过|突破|保持在|控制在|压缩到|(?<![A-Za-z])(?:to|at|reach(?:es)?|below|under|above|over|least|least of|of|hits?|exceed(?:s|ing)?))\s*[约近]?\s*$",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"(?:从|由|自|目前|当前|现有|(?<![A-Za-z])(?:from|currently|now|today's))[^,。;]{0,14}$", re.IGNORECASE
)
_MORE = re.compile(
    r"(?:提升|提高|增长|增加|上升|降低|下降|减少|缩短|压缩|同比|环比|(?<![A-Za-z])(?:by|up|down|extra|grow|grows|increase|reduce|cut))\s*(?:了|约|近)?\s*$",
    re.IGNORECASE,
)
_MORE_BEHIND = re.compile(
    r"\s*(?:more|higher|less|fewer|lower|extra|growth)(?![A-Za-z])|的?[^,。;]{0,8}(?:增长|增幅)",
    re.IGNORECASE,
)
_OF_BEFORE, _OF_BEHIND = re.compile("\N{BULLET}(?:同期)?的?$"), re.compile(" of \N{BULLET}")
"""A share of a period's value; the period is blotted out by then."""
_MULTIPLES = {
    re.compile(r"翻一?番|翻倍|(?<![A-Za-z])(?i:doubl(?:e|es|ing))(?![A-Za-z])"): 2.0,
    re.compile(r"(?<![A-Za-z])(?i:tripl(?:e|es|ing))(?![A-Za-z])"): 3.0,
    re.compile(r"翻[两二]番"): 4.0,
    re.compile(r"减半|(?<![A-Za-z])(?i:halv(?:e|es|ing))(?![A-Za-z])"): 0.5,
}


def _numbers(text: str, named: int) -> list[Number]:
    """Return the numbers of `text`, in which the first KPI is named at `named`."""
    found: list[Number] = []
    end = -1
    for match in _number_pattern().finditer(text):
        unit = next((kind for kind in words()["units"] if match[kind]), "")
        if match["sign"] or (not unit and re.search("[万亿]", match["n"])):
            unit = "money"
        if not unit and not match["n"][0].isdecimal():  # "two" alone counts nothing
            continue
        value = _value(match["n"], (match[unit] if unit else None) or "", unit)
        if unit == "money" and match.start() == end and found[-1].words[-1] in "万亿":
            # 1亿2千万 is one amount.
            whole = found[-1].words + match[0].strip()
            found[-1] = replace(found[-1], words=whole, value=found[-1].value + value)
            continue
        end = match.end()
        before, behind = text[max(0, match.start() - 24) : match.start()], text[match.end() :]
        to, start = bool(_TO.search(before)), bool(_FROM.search(before))
        more = bool(_MORE.search(before)) or (match["share"] is not None and "点" in match[0])
        if unit == "count":
            # "Adds 5 new customers" says how many are to be won, "new customers up by 5" how many more than before.
            more = more and named < match.start()
        else:
            more = more or _MORE_BEHIND.match(behind) is not None
        of = unit == "share" and not more and bool(_OF_BEFORE.search(before) or _OF_BEHIND.match(behind))
        found.append(
            Number(match[0].strip(), value, unit, more and not to, start and not to, of)  # type: ignore[arg-type]
        )
    found += [
        Number(match[0], times, "share", relative=True, start=False, of=True)
        for pattern, times in _MULTIPLES.items()
        for match in pattern.finditer(text)
    ]
    return found


def _value(digits: str, unit: str, kind: str) -> float:
    value = float(_EN.get(digits.lower(), 0)) or (
        float(digits.replace(",", "")) if digits[0].isdecimal() else han_number(digits) or 0.0
    )
    if kind == "share":
        return value / (10 if unit.startswith("成") else 100)
    if kind == "days":
        if re.search(r"分钟|minute", unit):
            return value / 480
        if re.search(r"小时|hour|h\b", unit):
            return value / 8
        return value * (7 if re.search(r"周|week", unit) else 1)
    scale = 1.0
    for sign, size in _SIGNS.items():
        if sign in unit:
            scale *= size
    english = re.match(r"[a-z]+", unit.lower())
    return value * scale * (_SCALES.get(english[0], 1) if english and kind == "money" else 1)


__all__ = ["Number", "Reading", "Unit", "read_goal", "suggested", "words"]
