"""A sheet of targets: a row a rep, a column a period; of which KPI and of which year is asked where the sheet does not say."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from kpisim.crm.periods import Period, named
from kpisim.crm.wizard.question import Question
from kpisim.crm.wizard.words import book, unit_of
from kpisim.kpi.registry import kpis
from kpisim.tables.parse import plain
from kpisim.text import Text, UserError

if TYPE_CHECKING:
    from kpisim.crm.wizard.draft import Draft

_YEAR = re.compile(r"20\d\d")
BOOKED = "revenue_booked"


def periods_of(draft: Draft) -> dict[str, Period]:
    """Return column -> period of the columns that are taken for targets."""
    found = {name: named(name) for name in draft.by_role("of_period")}
    return {name: period for name, period in found.items() if period is not None}


def aims_questions(draft: Draft) -> list[Question]:
    """Return what a sheet of targets leaves open: the KPI, and the year where no column says it."""
    periods = periods_of(draft)
    if draft.table != "targets" or not periods:
        return []
    asked = []
    if draft.aim is None:
        names = [BOOKED, *book()["aims_of"]]
        choices = tuple((name, kpis()[name].title) for name in names)
        text = Text("{file}: what are the targets for? (no answer fits figures that were reached: they are no targets)", None, file=draft.name)  # fmt: skip
        asked.append(Question("aim", draft.name, text, choices, _aim(draft)))
    if draft.year is None and any(period.year is None for period in periods.values()):
        likely = _year(draft)
        years = tuple((str(year), str(year)) for year in range(likely - 1, likely + 2))
        column = next(name for name, period in periods.items() if period.year is None)
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


def _called(draft: Draft) -> str:
    return plain(" ".join(filter(None, (draft.path.stem, draft.spots[0].sheet))))


def _aim(draft: Draft) -> str | None:
    """Return the KPI that the names of file, sheet and columns speak for, None where they do not speak of targets."""
    said = " ".join([_called(draft), *map(plain, periods_of(draft))])
    if not any(str(word) in said for word in book()["aims"]):
        return None
    by_word = {
        kpi: words for kpi, words in book()["aims_of"].items() if any(str(word) in said for word in words)
    }
    return next(iter(by_word), BOOKED)


def _year(draft: Draft) -> int:
    """Return the year that the file or sheet is called after, else this one."""
    found = _YEAR.search(_called(draft))
    return int(found.group()) if found else datetime.now(UTC).year


__all__ = ["aims_mapping", "aims_questions", "periods_of"]
