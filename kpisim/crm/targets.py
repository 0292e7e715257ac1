"""Targets out of a sheet of them: a row a rep and a column a period, or a row for each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kpisim.crm.mapping import Source
from kpisim.crm.periods import MONTHS, of_cell, span
from kpisim.crm.stack import SHOWN
from kpisim.tables import conform
from kpisim.tables.origin import Finding
from kpisim.tables.parse import missing, scaled, texts
from kpisim.text import Text, UserError

if TYPE_CHECKING:
    from kpisim.crm.mapping import Periods
    from kpisim.crm.periods import Period
    from kpisim.crm.reader import Reader

SHOWN_SIGNS = 40
"""Signs of a cell that a line about it shows."""


def targets(reader: Reader, periods: Periods) -> pd.DataFrame:
    """Return the targets of one file, a row each.

    Parameters
    ----------
    reader
        The file on its way to the table; what was found is told to it.
    periods
        How the mapping says that targets and periods stand there.
    """
    if periods.period is not None and periods.target is not None:
        return _without_sums(reader, _in_rows(reader, periods, periods.period, periods.target))
    return _in_columns(reader, periods)


def _in_columns(reader: Reader, periods: Periods) -> pd.DataFrame:
    rep = reader.cells("rep_id", periods.rep_id)
    first = reader.export.mapping.fiscal_year_start
    parts = []
    for column, written in dict(periods.columns).items():
        found = span(written, first)
        assert found is not None, "checked with the mapping"
        cells = reader.column(column)
        reader.labels["target"] = column
        target, bad = scaled(cells, periods.factor, periods.decimal)
        if reader.leave_out("target", cells, bad):
            cells, bad = cells.mask(bad), np.zeros(len(bad), dtype=bool)
        part = pd.DataFrame({"rep_id": rep, "target": target}, index=reader.raw.index)
        begin, end = (pd.Timestamp(day) for day in found)
        part = part.assign(
            name=periods.kpi, kpi=periods.kpi, level="person", period_start=begin, period_end=end
        )
        part = part[~missing(cells) & ~missing(rep)]
        if bad.any():
            # Under its own name: of several columns the wrong cell stands in this one.
            conform(reader.name, part, reader.file, labels=reader.labels)
        parts.append(part)
    reader.labels["target"] = "target"
    return pd.concat(parts)


def _in_rows(reader: Reader, periods: Periods, period: str, target: str) -> pd.DataFrame:
    """Return targets that stand in rows of their own, with the word for the period and its months."""
    rep, cells = reader.cells("rep_id", periods.rep_id), reader.column(target)
    reader.labels |= {"target": target, "period_start": period}
    amounts, bad = scaled(cells, periods.factor, periods.decimal)
    if reader.leave_out("target", cells, bad):
        cells, amounts = cells.mask(bad), amounts.mask(bad)
    words = texts(reader.column(period), strip=True)
    kpi = pd.Series([periods.kpi] * len(reader.raw), index=reader.raw.index, dtype=object)
    if periods.kpi_column is not None:
        source = Source.model_validate({"column": periods.kpi_column, "map": dict(periods.kpis)})
        reader.labels["kpi"] = periods.kpi_column
        kpi = reader.mapped("kpi", source, reader.column(periods.kpi_column))
    made = pd.DataFrame(
        {"rep_id": rep, "target": amounts, "name": kpi, "kpi": kpi, "level": "person", "word": words}
    )[~missing(cells) & ~missing(rep)]
    first = reader.export.mapping.fiscal_year_start
    named = {word: _period(reader, made, word, periods.year) for word in made["word"].fillna("").unique()}
    days = {word: span(one.written(periods.year or 0), first) for word, one in named.items()}
    for at, column in enumerate(("period_start", "period_end")):
        made[column] = pd.to_datetime([days[word][at] for word in made["word"]])  # type: ignore[index]
    return made.assign(months=[MONTHS[named[word].kind] for word in made["word"]])


def _without_sums(reader: Reader, made: pd.DataFrame) -> pd.DataFrame:
    """Leave out rows of longer periods beside shorter ones, whose sums they are."""
    sums: list[int] = []
    for _, mine in made.groupby(["rep_id", "kpi"], sort=False):
        for row in mine.index:
            own: Any = mine.loc[row]
            inside = mine["period_start"].between(own["period_start"], own["period_end"], inclusive="left")
            sums += [int(row)] if (inside & (mine["months"] < own["months"])).any() else []
    if sums:
        text = Text("targets of longer periods beside shorter ones, whose sum they are: left out")
        places = tuple(
            Text("{file} row {row}: {value}", None, file=reader.file, row=row + 2, value=made["word"][row])
            for row in sums[:SHOWN]
        )
        found = Finding("note", reader.name, "period_start", len(sums), len(made), (), text, places)
        reader.found.append(found)
    return made.drop(index=sums, columns=["word", "months"])


def _period(reader: Reader, made: pd.DataFrame, word: str, year: int | None) -> Period:
    found = of_cell(word)
    if found is None or (found.year is None and year is None):
        row = made.index[(made["word"].fillna("") == word).to_numpy(dtype=bool)][0]
        raise UserError(
            "{file}, row {row}, column {column}: {value} is no period{year}; write 2027-03, 2027Q2, 2027H1 or 2027",
            file=reader.file,
            row=int(row) + 2,
            column=reader.labels["period_start"],
            value=word[:SHOWN_SIGNS] or "–",
            year="" if found is None else Text(" of a known year"),
        )
    return found


__all__ = ["SHOWN_SIGNS", "targets"]
