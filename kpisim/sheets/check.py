"""What is missing in a filled-in sheet, a sentence each; nothing a participant writes is ever lost or refused for good."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kpisim.kpi.goals import Goal, find_dates
from kpisim.kpi.goals import check as smart
from kpisim.kpi.window import as_date
from kpisim.sheets.typed import typed_number
from kpisim.text import Text, UserError, t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from kpisim.sheets.declared import Field, Sheet

LONGEST = 20_000
"""Most signs of one answer, so that a cell of Excel holds it; a book pasted by mistake is told, not cut in silence."""
_SENTENCE = re.compile(r"[。！？!?；;]+|\.(?=\s|$)")
_ASK = re.compile(
    r"[?？]|请|麻烦|希望您?|能否|能不能|[给帮发]我|帮忙|告诉|please|could you|can you|would you|need you to|\bneed\b.*\bfrom you\b"
    # A plain order is a request too: 确认接口型号, 下次中午前发出来, Confirm the connector by noon.
    r"|(?:^|[，,。；;：:前])\s*(?:先|再|马上|直接|尽快|今后|以后|下次|别|不要)*"
    r"(?:确认|核对|核实|检查|查一?下|回复|回电|回个?话|告知|提供|安排|批准|审批|签字|盖章|通知|转给|指定|别|不要|"
    r"[填补改寄送派发写列标留约](?:[好上清出到明]|一?[份张个下次人条]))|(?:^|[，,。])把.+[在到上好给成进清出]|每[天周月].*[填发写列]一?[份张次]"
    r"|(?:^|[.;:,!]\s+|\bthen |\bto )(?:confirm|check|send|give|tell|let|call|ring|answer|reply|write|fill|approve|sign|book|provide|"
    r"reserve|deliver|name|share|show|put|ask|agree|decide|pick|choose|move|release|keep|stop|do not|don't|bring|come|help|make|hand)\b",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:周|星期|礼拜)[一二三四五六日天]|\d{1,2}[:：]\d{2}|(?<![早晚快慢有])[\d一二三四五六七八九十两]+\s*(?:点(?!点)|时|号|日|个?(?:小时|钟头|工作日))|半小时"
    r"|[月周年季]底|月内|[上中下]旬|今[晚早]|明[晚早]|[上下]午|中午|[下上]班前"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:noon|midnight|tonight|lunch|(?:close|end) of (?:business|day)|eod|cob)\b"
    r"|\b\d{1,2}\s*(?:am|pm|a\.m\.|p\.m\.|o'clock|hours?|h|days?|working days?)\b|\bby the \d{1,2}(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)
"""A time that a colleague can keep to, though no calendar day stands in it."""
_VAGUE = re.compile(
    r"加强|提高|提升|重视|关注|改善|优化|努力|尽力|尽量|争取|improve|strengthen|enhance|try to|focus on|pay attention|be better"
    r"|\bdo (?:our|my|your|their) best",
    re.IGNORECASE,
)
_SEEN = re.compile(
    # 一下 and 一起 count nothing, nor does everybody.
    r"\d|一(?![下定起直些样切致般])|[两三四五六七八九十每]|当[天日周场]|当面|书面|之?前|之?后"
    r"|\bevery\b|\beach\b|daily|weekly|\bonce\b|twice|before|after|within|at the",
    re.IGNORECASE,
)
_NOTHING_ASKED = re.compile(
    r"[^，,。.;；!！?？]*(?:pay attention|\bdo your best|重视|关注)[^，,。.;；!！?？]*", re.IGNORECASE
)
"""What asks for nothing that somebody could do."""
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
MOST_SENTENCES = 3
_SHORTEST = 4
_FIRST_STEP_DAYS = 3
_FEWEST_KPIS = 5


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to mend.

    Attributes
    ----------
    row
        Row from 0.
    field
        Name of the field; empty where the whole sheet is meant.
    text
        What to do, in the reader's language when shown.
    """

    row: int
    field: str
    text: Text


def tidy(sheet: Sheet, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows as they are kept: known fields only, spaces trimmed, empty rows left out.

    Raises
    ------
    UserError
        A value of the wrong kind: a number that is none or out of range, a date that is none, an unknown choice; or an
        answer longer than `LONGEST`.
    """
    kept = []
    for row in rows:
        cells = {
            field.name: _cell(field, row.get(field.name), targets=sheet.rule == "scorecard")
            for field in sheet.fields
        }
        if any(cell not in (None, "", False) for cell in cells.values()):
            kept.append(cells)
    return kept


def _cell(field: Field, value: Any, *, targets: bool) -> Any:
    if field.kind == "flag":
        return bool(value)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if field.kind in {"number", "scale"}:
        return _number(field, value, targets=targets)
    typed = printable(str(value))
    text = " ".join(typed.split()) if field.kind != "long" else typed.strip()
    if field.kind == "date":
        return as_date(iso_day(text), str(field.label.text())).isoformat()
    if field.kind == "choice" and text not in {one.value for one in field.choices}:
        raise UserError(
            "{name}: {value} cannot be chosen; choose one of {names}",
            name=field.label.text(),
            value=text[:40],
            names=t(", ").join(str(one.label.text()) for one in field.choices),
        )
    if len(text) > LONGEST:
        raise UserError(
            "{name}: {count} signs; keep it below {most}, the point of it is enough",
            name=field.label.text(),
            count=f"{len(text):,}",
            most=f"{LONGEST:,}",
        )
    return text


def printable(text: str) -> str:
    """Return a text without control signs, which no Excel file can hold; line breaks and tabs stay."""
    return "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) != "Cc")


def _plain(bound: float | None) -> str:
    """Return a bound as people write it: 1,000,000 and never 1e+06."""
    return "…" if bound is None else f"{bound:,.0f}" if bound == int(bound) else f"{bound:g}"


def iso_day(text: str) -> str:
    """Return a date as people type it, 2027年3月1日 or ２０２７/3/1, as 2027-03-01; anything else as it is, shortened."""
    plain = unicodedata.normalize("NFKC", text)
    found = _DAY.fullmatch(plain)
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else plain[:40]


def _number(field: Field, value: Any, *, targets: bool) -> float:
    typed = typed_number(value)
    if typed is None:
        raise UserError(
            "{name}: {value} is not a number; write digits, e.g. 12",
            name=field.label.text(),
            value=str(value)[:40],
        )
    number, in_percent = typed
    # 80% of a KPI is 0.8; a weight or a share that is asked for in per cent stands between bounds.
    if targets and in_percent and field.low is field.high is None:
        number /= 100
    low, high = (1.0, 5.0) if field.kind == "scale" else (field.low, field.high)
    if (low is not None and number < low) or (high is not None and number > high):
        raise UserError(
            "{name}: {value} is out of range; give {low} to {high}",
            name=field.label.text(),
            value=str(value)[:40],
            low=_plain(low),
            high=_plain(high),
        )
    return number


def check(sheet: Sheet, rows: Sequence[Mapping[str, Any]], today: date) -> list[Remark]:
    """Return what to mend, row by row; an empty list means that the sheet is complete.

    Parameters
    ----------
    sheet
        Its declaration.
    rows
        What :func:`tidy` returned.
    today
        Day that dates are compared with.
    """
    found: list[Remark] = []
    fewest = sheet.rows[0]
    if len(rows) < fewest:
        found.append(
            Remark(
                len(rows),
                "",
                Text("nothing is filled in yet; fill in the fields, then save again")
                if fewest == 1
                else Text("fill in at least {count} rows", None, count=fewest),
            )
        )
    elif sheet.rule == "scorecard" and len(rows) < _FEWEST_KPIS:
        # Three can be saved within the minutes of the day, but the sheet asks for five.
        found.append(
            Remark(len(rows), "", Text("{count} KPIs so far; choose five to seven", None, count=len(rows)))
        )
    for place, row in enumerate(rows):
        for field in sheet.fields:
            value = row.get(field.name)
            if value in (None, ""):
                found += [Remark(place, field.name, text) for text in _empty(field, row)]
                continue
            found += [Remark(place, field.name, text) for text in _said(field, value, row, today)]
        if sheet.rule == "scorecard":
            found += [Remark(place, name, text) for name, text in _percent_for_share(sheet, row)]
    return found


def _percent_for_share(sheet: Sheet, row: Mapping[str, Any]) -> list[tuple[str, Text]]:
    """Return what is said where a KPI that is a share has a number that was meant in per cent."""
    from kpisim.kpi.registry import MOST_SHARE, kpis  # noqa: PLC0415

    known = kpis().get(str(row.get("kpi")))
    if known is None or known.unit != "share":
        return []
    return [
        (
            field.name,
            Text(
                "{name}: {value} would be {share}; write 80% or 0.8",
                None,
                name=field.label.text(),
                value=f"{number:g}",
                share=percent(number, 0),
            ),
        )
        for field in sheet.fields
        if field.low is field.high is None
        and (number := row.get(field.name) if field.kind == "number" else None) is not None
        and (number > 1 if known.kind == "rate" else number >= MOST_SHARE)
    ]


def _empty(field: Field, row: Mapping[str, Any]) -> list[Text]:
    """Return what is asked for in a field that nobody filled in."""
    name = field.label.text()
    if field.rule == "delegated":
        # A task handed over to nobody comes back.
        return (
            [Text("{name}: handed over, but to nobody yet; give a name", None, name=name)]
            if row.get("quadrant") == "delegate"
            else []
        )
    return [Text("{name}: still empty", None, name=name)] if field.required and field.kind != "flag" else []


def _said(field: Field, value: Any, row: Mapping[str, Any], today: date) -> list[Text]:
    """Return what the rule of a field says; some rules look at the rest of the row."""
    if field.rule == "commitment":
        return _commitment(field.label.text(), str(value), row, today)
    if field.rule == "soon":
        return _soon(field.label.text(), str(value), today)
    return _rule(field, value, today)


def _rule(field: Field, value: Any, today: date) -> list[Text]:  # noqa: PLR0911  (a return per rule)
    name = field.label.text()
    if field.rule == "dated":
        if as_date(str(value), field.name) <= today:
            return [Text("{name}: {value} is past; choose a day to come", None, name=name, value=value)]
        return []
    if field.rule == "countable" and not re.search(r"\d", str(value)):
        return [Text("{name}: no number in it; say how many or how often", None, name=name)]
    if field.rule == "behaviour":
        return [] if _filmable(str(value)) else [_film(name)]
    if field.rule == "short" and sentences(str(value)) > MOST_SENTENCES:
        return [
            Text(
                "{name}: {count} sentences; three are enough, the request first",
                None,
                name=name,
                count=sentences(str(value)),
            )
        ]
    if field.rule == "asks" and not _ASK.search(_NOTHING_ASKED.sub("", str(value))):
        return [Text("{name}: no request in it; say what the other side is to do", None, name=name)]
    # In a sentence an hour may be anything; in a short field that asks by when it is the answer.
    by_hour = field.kind == "text" and _BY.search(str(value)) is not None
    if field.rule == "deadline" and not (by_hour or find_dates(str(value), today)):
        return [Text("{name}: no date in it; say by when", None, name=name)]
    if field.rule == "smart":
        letters = smart(Goal(str(value)), today).letters
        return [
            found.remedy
            for letter, found in letters.items()
            if found.final == "fail" and found.remedy and letter != "R"
        ]
    return []


def _filmable(text: str) -> bool:
    """Whether somebody could film it, as far as words tell: not too short, no empty word without how often."""
    return len(text) >= _SHORTEST and not (_VAGUE.search(text) and not _SEEN.search(text))


def _film(name: Text) -> Text:
    return Text("{name}: could somebody film it? Say who does what, when and how often", None, name=name)


def _soon(name: Text, value: str, today: date) -> list[Text]:
    day = as_date(value, str(name))
    if day < today:
        return [Text("{name}: {value} is past; choose a day to come", None, name=name, value=value)]
    if (day - today).days > _FIRST_STEP_DAYS:
        return [
            Text(
                "{name}: {value} is more than 72 hours away; make the first step smaller and take it by {last}",
                None,
                name=name,
                value=value,
                last=(today + timedelta(days=_FIRST_STEP_DAYS)).isoformat(),
            )
        ]
    return []


def _commitment(name: Text, value: str, row: Mapping[str, Any], today: date) -> list[Text]:
    """Judge a commitment as a goal of one's own: S and M also hold where it could be filmed and counted."""
    measure = str(row.get("measure") or "")
    # Whose it is and what it serves is plain on a plan of one's own; the date has a field and a rule of its own.
    letters = smart(Goal(f"{value} {measure}".strip(), owner="-", parent="-"), today).letters
    found = []
    if letters["S"].final == "fail" and not _filmable(value):
        found.append(_film(name))
    if letters["M"].final == "fail" and not _SEEN.search(f"{value} {measure}"):
        found.append(Text("{name}: no number in it; say how many or how often", None, name=name))
    return found


def sentences(text: str) -> int:
    """Return how many sentences a text has, zh or en."""
    return sum(bool(part.strip()) for part in _SENTENCE.split(text))


__all__ = ["LONGEST", "MOST_SENTENCES", "Remark", "check", "iso_day", "printable", "sentences", "tidy"]
