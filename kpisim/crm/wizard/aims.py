"""A sheet of targets: a row a rep and a column a period, or a row for each of them; KPI and year are asked where nothing says them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

from kpisim.crm.periods import Period, named, of_cell
from kpisim.crm.wizard.question import Question
from kpisim.crm.wizard.words import NOT_USED, book, said, unit_of
from kpisim.kpi.registry import kpis
from kpisim.tables.parse import plain, texts
from kpisim.text import Language, Text, UserError, language

if TYPE_CHECKING:
    from kpisim.crm.wizard.draft import Draft

_YEAR = re.compile(r"20\d\d")
BOOKED = "revenue_booked"


def periods_of(draft: Draft) -> dict[str, Period]:
    """Return what names a period -> the period: columns that are taken for targets, or cells of the column of periods."""
    if (rows := _in_rows(draft)) is not None:
        words = texts(draft.cells()[rows], strip=True).dropna().unique()
        return {str(word): period for word in words if (period := of_cell(str(word))) is not None}
    found = {name: named(name) for name in draft.by_role("of_period")}
    return {name: period for name, period in found.items() if period is not None}


def _in_rows(draft: Draft) -> str | None:
    """Return the column of periods where each row is one target, None where columns are called after periods."""
    return draft.one("period") if "period" in draft.needed() else None


def _measure(draft: Draft, word: str) -> str | None:
    """Return the KPI that a word of the column of KPIs is for, as answered or as the KPI is called; None while that is open."""
    if ("aim", word) in draft.said:
        return draft.said["aim", word][1]
    return next((name for name in _offered() if said(word) in {name, *map(said, _titles(name))}), None)


def _likely(word: str) -> str:
    """Return the KPI that a word of the column of KPIs most likely is for; `NOT_USED` where nothing speaks for one."""
    told = plain(word)
    if told in map(str, book()["aims_booked"]):
        return BOOKED
    return _spoken_for(told) or NOT_USED


def _spoken_for(told: str) -> str | None:
    """Return the first KPI one of whose words stands in what is told; None where none does, which may mean bookings."""
    return next(
        (kpi for kpi, words in book()["aims_of"].items() if any(str(one) in told for one in words)), None
    )


def _offered() -> list[str]:
    return [BOOKED, *book()["aims_of"]]


def _titles(name: str) -> list[str]:
    found = []
    for one in get_args(Language):
        with language(one):
            found.append(str(kpis()[name].title))
    return found


def aims_left_out(draft: Draft) -> dict[str, list[str]]:
    """Return the column of KPIs and its words whose rows are left out."""
    column = draft.one("kpi")
    words = [word for word in draft.seen(column).words if _measure(draft, word) == NOT_USED] if column else []
    return {str(column): words} if words else {}


def aims_questions(draft: Draft) -> list[Question]:
    """Return what a sheet of targets leaves open: the KPI, and the year where no column says it."""
    periods = periods_of(draft)
    if draft.table != "targets" or not periods:
        return []
    asked = []
    choices = tuple((name, kpis()[name].title) for name in _offered())
    told = draft.one("kpi") if _in_rows(draft) is not None else None
    if told is not None:
        out = (NOT_USED, Text("nothing of these: leave its rows out"))
        for word in draft.seen(told).words:
            if _measure(draft, word) is None:
                text = Text("Column {name}: which KPI is {word}?", None, name=told, word=word)
                asked.append(Question("aim", word, text, (*choices, out), _likely(word)))
    elif draft.aim is None:
        text = Text("{file}: what are the targets for? (no answer fits figures that were reached: they are no targets)", None, file=draft.name)  # fmt: skip
        asked.append(Question("aim", draft.name, text, choices, _aim(draft)))
    if draft.year is None and any(period.year is None for period in periods.values()):
        likely = _year(draft)
        years = tuple((str(year), str(year)) for year in range(likely - 1, likely + 2))
        column = _in_rows(draft) or next(name for name, period in periods.items() if period.year is None)
        text = Text("Column {name}: of which year?", None, name=column)
        asked.append(Question("year", column, text, years, str(likely)))
    return asked


def aims_mapping(draft: Draft, rep: Any) -> dict[str, Any]:
    """Return how the targets are read.

    Parameters
    ----------
    draft
        With its answers.
    rep
        The source of the rep.

    Raises
    ------
    UserError
        Columns in different units.
    """
    rows = _in_rows(draft)
    if rows is not None:
        return _rows_mapping(draft, rows, rep)
    periods = periods_of(draft)
    units = {draft.seen(name).factor: name for name in periods}
    if len(units) > 1:
        raise UserError(
            "{path}: the targets of {names} are in different units; write them in one",
            path=draft.name,
            names=", ".join(units.values()),
        )
    # Where no column says it, the sheet or the file may: 目标（万元）.xlsx.
    factor = next((unit for unit in (*units, unit_of(_called(draft))) if unit != 1), 1)
    decimal = next((sign for name in periods if (sign := draft.decimal(name)) != "."), ".")
    return {
        "columns": {name: period.written(int(draft.year or 0)) for name, period in periods.items()},
        "kpi": draft.aim or BOOKED,
        "rep_id": rep,
        **({} if factor == 1 else {"factor": factor}),
        **({} if decimal == "." else {"decimal": decimal}),
    }


def _rows_mapping(draft: Draft, period: str, rep: Any) -> dict[str, Any]:
    target = str(draft.one("target"))
    factor = draft.seen(target).factor
    factor = factor if factor != 1 else unit_of(_called(draft))
    told = draft.one("kpi")
    words = () if told is None else draft.seen(told).words
    named = {word: kpi for word in words if (kpi := _measure(draft, word)) not in {None, NOT_USED}}
    return {
        "period": period,
        "target": target,
        **({} if draft.year is None else {"year": int(draft.year)}),
        **({"kpi": draft.aim or BOOKED} if told is None else {"kpi_column": told, "kpis": named}),
        "rep_id": rep,
        **({} if factor == 1 else {"factor": factor}),
        **({} if draft.decimal(target) == "." else {"decimal": draft.decimal(target)}),
    }


def _called(draft: Draft) -> str:
    return plain(" ".join(filter(None, (draft.path.stem, draft.spots[0].sheet))))


def _aim(draft: Draft) -> str | None:
    """Return the KPI that the names of file, sheet and columns speak for, None where they do not speak of targets."""
    names = [draft.one("target") or ""] if _in_rows(draft) is not None else periods_of(draft)
    told = " ".join([_called(draft), *map(plain, names)])
    if not any(str(word) in told for word in book()["aims"]):
        return None
    return _spoken_for(told) or BOOKED


def _year(draft: Draft) -> int:
    """Return the year that the file or sheet is called after, else this one."""
    found = _YEAR.search(_called(draft))
    return int(found.group()) if found else datetime.now(UTC).year


__all__ = ["aims_left_out", "aims_mapping", "aims_questions", "periods_of"]
