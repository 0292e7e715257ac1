"""From tables to values: one number with its base, or the reason why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from kpisim.kpi.facts import Facts, Found, Part
from kpisim.kpi.interval import mean_interval, wilson
from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.registry import kpis as registry
from kpisim.kpi.value import Value
from kpisim.kpi.window import Window, cut, window
from kpisim.scenario.errors import short
from kpisim.tables.origin import FILE, LINE
from kpisim.text import UserError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    import pandas as pd

    from kpisim.kpi.registry import Kpi
    from kpisim.kpi.value import Reason
    from kpisim.tables import Tables

By = Literal["rep_id", "week", "month", "quarter", "year"]
BY: tuple[By, ...] = get_args(By)
FEW = 5
"""What fewer people than this say is hidden."""
COLUMNS = (
    "kpi",
    "value",
    "numerator",
    "denominator",
    "n",
    "unit",
    "start",
    "end",
    "cohort",
    "reason",
    "low",
    "high",
)


def measure_values(
    tables: Tables,
    kpis: Iterable[str] | None = None,
    start: date | str | None = None,
    end: date | str | None = None,
) -> dict[str, Value]:
    """Return the KPIs of one period.

    Parameters
    ----------
    tables
        Tables as the schema says: of a run (``result.tables(0)``), read by `kpisim.tables.read`, or of a firm's export
        (`kpisim.crm.load_export`).
    kpis
        Names, or a single one; None means all.
    start, end
        Period ``[start, end)`` in days (a date, or a text like ``2027-04-30``); by default the window of the tables.

    Returns
    -------
    dict
        Name -> :class:`~kpisim.kpi.value.Value`; where there is no number, its `reason` says why.

    Raises
    ------
    UserError
        What is no tables, an unknown KPI, or a period that is none.

    Examples
    --------
    >>> import pandas as pd
    >>> from datetime import date
    >>> from kpisim.tables import Meta, Tables, conform
    >>> orders = pd.DataFrame(
    ...     {
    ...         "order_id": ["S1", "S2"],
    ...         "account_id": ["A1", "A1"],
    ...         "booked": ["2027-01-05", "2027-02-02"],
    ...         "value": [100, 60],
    ...     }
    ... )
    >>> tables = Tables(Meta(date(2027, 1, 1), date(2027, 4, 1)), {"orders": conform("orders", orders)})
    >>> found = measure_values(tables, ["revenue_booked", "csat"])
    >>> found["revenue_booked"].value, found["csat"].value, found["csat"].reason
    (160.0, None, 'no_data')
    >>> measure(tables, ["revenue_booked"], by="month")["value"].tolist()
    [100.0, 60.0, 0.0]
    """
    facts, period = _facts(tables), window(tables.meta, start, end)
    return {kpi.name: _value(kpi, facts, period, _find(kpi, facts, period)) for kpi in _chosen(kpis)}


def measure(
    tables: Tables,
    kpis: Iterable[str] | None = None,
    start: date | str | None = None,
    end: date | str | None = None,
    by: By | None = None,
) -> pd.DataFrame:
    """Return a tidy frame of KPIs, one row per KPI and, with `by`, per rep or period.

    Parameters
    ----------
    tables, kpis, start, end
        As in :func:`measure_values`.
    by
        ``"rep_id"``, or a calendar period (``"week"``, ``"month"``, ``"quarter"``, ``"year"``), whose first
        and last are cut at the edges of the window.

    Returns
    -------
    DataFrame
        ``kpi``, then ``rep_id`` or ``period`` where `by` asks for it, then the fields of
        :class:`~kpisim.kpi.value.Value`.

    Raises
    ------
    UserError
        Unknown KPI or grouping, or a period that is none.
    """
    import pandas as pd  # noqa: PLC0415

    if by is not None and by not in BY:
        raise UserError(
            "{value} is not one of {names}; {remedy}",
            value=str(by),
            names=", ".join(BY),
            remedy=did_you_mean(str(by), BY),
        )
    facts, whole = _facts(tables), window(tables.meta, start, end)
    rows: list[tuple[str | None, Value]] = []
    for kpi in _chosen(kpis):
        if by is None:
            rows.append((None, _value(kpi, facts, whole, _find(kpi, facts, whole))))
        elif by == "rep_id":
            what = _find(kpi, facts, whole)
            rows += [
                (rep, _value(kpi, facts, whole, _of_reps(what, facts, [rep]))) for rep in reps_named(facts)
            ]
        else:
            rows += [
                (label, _value(kpi, facts, period, _find(kpi, facts, period)))
                for label, period in cut(whole, by, tables.meta.fiscal_year_start)
            ]
    columns: dict[str, Any] = {name: [getattr(value, name) for _, value in rows] for name in COLUMNS}
    frame = pd.DataFrame(columns, columns=list(COLUMNS))
    for name in ("value", "numerator", "denominator", "low", "high"):
        frame[name] = frame[name].astype("float64")
    for name in ("kpi", "unit", "cohort", "reason"):
        frame[name] = frame[name].astype("str")
    for name in ("start", "end"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    if by is not None:
        frame.insert(
            1, "rep_id" if by == "rep_id" else "period", pd.Series([label for label, _ in rows], dtype="str")
        )
    return frame


def why(
    tables: Tables, kpi: str, start: date | str | None = None, end: date | str | None = None
) -> pd.DataFrame:
    """Return the rows behind a KPI.

    Parameters
    ----------
    tables, start, end
        As in :func:`measure_values`.
    kpi
        Name of the KPI.

    Returns
    -------
    DataFrame
        ``table``, ``row`` (position in the table, from 0), ``numerator`` and ``denominator`` (what the row adds;
        their sums are those of the value), for an import ``file`` and ``file_row`` (where the row stands in the export;
        the header is row 1), then the columns of the table that hold anything.  No rows where the value is hidden or
        there is none.

    Raises
    ------
    UserError
        Unknown KPI, or a period that is none.
    """
    import pandas as pd  # noqa: PLC0415

    declared, facts, period = lookup(kpi), _facts(tables), window(tables.meta, start, end)
    what = _find(declared, facts, period)
    frames = []
    hidden = _value(declared, facts, period, what).reason == "too_few"
    for part in () if hidden else what.parts:
        frame = tables[part.table].iloc[part.rows].reset_index(drop=True)
        frame = frame.loc[:, frame.notna().any().to_numpy()]
        if tables.origin is not None and part.table in tables.origin.rows:
            places = tables.origin.rows[part.table].iloc[part.rows]
            for name in (LINE, FILE):
                frame.insert(0, name, places[name].to_numpy())
        for name, cells in (
            ("denominator", part.denominator),
            ("numerator", part.numerator),
            ("row", part.rows),
        ):
            frame.insert(0, name, cells)
        frame.insert(0, "table", part.table)
        frames.append(frame)
    if not frames:
        return pd.DataFrame({"table": pd.Series(dtype="str"), "row": pd.Series(dtype="int64"),
                             "numerator": pd.Series(dtype="float64"), "denominator": pd.Series(dtype="float64")})  # fmt: skip
    return pd.concat(frames, ignore_index=True)


def quantiles(
    tables: Tables,
    kpi: str = "cycle_days",
    at: Sequence[float] = (0.5, 0.9),
    start: date | str | None = None,
    end: date | str | None = None,
) -> dict[float, float | None]:
    """Return quantiles of a KPI that is a mean (sales cycle, order processing time), in its unit.

    Durations are skewed: the median and the ninth decile say more than the mean.

    Parameters
    ----------
    tables, start, end
        As in :func:`measure_values`.
    kpi
        A KPI whose kind is ``mean``.
    at
        Quantiles, 0 to 1.

    Raises
    ------
    UserError
        Unknown KPI, or one that is not a mean.
    """
    declared, facts, period = lookup(kpi), _facts(tables), window(tables.meta, start, end)
    if declared.kind != "mean" or declared.people != "no":
        means = [name for name, one in registry().items() if one.kind == "mean" and one.people == "no"]
        raise UserError(
            "{name} is not a mean of cases, so it has no quantiles; choose one of {names}",
            name=kpi,
            names=", ".join(means),
        )
    what = _find(declared, facts, period)
    cases = np.concatenate([part.numerator for part in what.parts]) if what.parts else np.zeros(0)
    return {q: float(np.quantile(cases, q)) if len(cases) else None for q in at}


def _facts(given: object) -> Facts:
    """Return what formulas read; a path is easily handed over for the tables that lie there."""
    from kpisim.tables import Tables as Known  # noqa: PLC0415

    if not isinstance(given, Known):
        raise UserError(
            "{value} is no tables; read them first, e.g. {example}",
            value=short(given),
            example='kpisim.tables.read("tables/")',
        )
    return Facts(given)


def _chosen(names: Iterable[str] | None) -> list[Kpi]:
    if names is None:
        return list(registry().values())
    return [lookup(name) for name in ([names] if isinstance(names, str) else names)]


def _find(kpi: Kpi, facts: Facts, period: Window) -> Found:
    """Run the KPI's function unless a table it needs is missing or the data do not touch the period."""
    for need in kpi.needs:
        table, _, column = need.partition(".")
        if not (facts.known(table, column) if column else facts.has(table)):
            return Found(reason="no_data")
    first, last = facts.span()
    if first <= last and (period.hi <= first or period.start >= max(period.data_end, period_end(last))):
        return Found(reason="no_data")
    return kpi.find(facts, period)


def _value(kpi: Kpi, facts: Facts, period: Window, what: Found) -> Value:  # noqa: PLR0911  (a return per kind and reason)
    """Add up what was found."""

    def made(value: float | None, above: float | None, below: float | None, n: int, reason: Reason | None = None,
             edges: tuple[float, float] | None = None) -> Value:  # fmt: skip
        low, high = edges or (None, None)
        return Value(
            kpi.name,
            value,
            above,
            below,
            n,
            kpi.unit,
            period.start,
            period.end,
            kpi.cohort,
            reason,
            low,
            high,
        )

    if what.reason is not None:
        return made(None, None, None, 0, what.reason)
    above = float(sum(part.numerator.sum() for part in what.parts))
    if kpi.kind == "sum":
        return made(above, above, None, sum(len(part.rows) for part in what.parts))
    if kpi.kind == "count":
        return made(above, above, None, round(above))
    below = float(sum(part.denominator.sum() for part in what.parts))
    n = len(what.parts[0].rows) if kpi.kind == "ratio" else round(below)
    if below <= 0:
        return made(None, above, below, n, "no_base")
    if kpi.people != "no" and _people(kpi, facts, what, n) < FEW:
        return made(None, None, None, n, "too_few")
    if kpi.kind == "rate":
        return made(above / below, above, below, n, edges=wilson(above, below))
    if kpi.kind == "mean":
        cases = np.concatenate([part.numerator for part in what.parts])
        return made(
            above / below,
            above,
            below,
            n,
            edges=mean_interval(above / below, float(cases.std(ddof=1)), n) if n > 1 else None,
        )
    return made(above / below, above, below, n)


def _people(kpi: Kpi, facts: Facts, what: Found, n: int) -> int:
    if kpi.people == "answers":
        return n
    return len(
        {(part.table, code) for part in what.parts for code in facts.codes(part.table, "rep_id")[part.rows]}
    )


def found_in(facts: Facts, name: str, period: Window, reps: Collection[str] | None = None) -> Found:
    """Return the rows behind a KPI in a period; with `reps`, those that belong to them."""
    what = _find(lookup(name), facts, period)
    return what if reps is None else _of_reps(what, facts, reps)


def value_in(facts: Facts, name: str, period: Window, reps: Collection[str] | None = None) -> Value:
    """Return one KPI of a period; with `reps`, of them alone.

    Parameters
    ----------
    facts
        Tables as arrays, shared by many such questions.
    name
        KPI of the library.
    period, reps
        Period, and whose part; None means everybody.
    """
    return _value(lookup(name), facts, period, found_in(facts, name, period, reps))


def _of_reps(what: Found, facts: Facts, reps: Collection[str]) -> Found:
    """Return the part of what was found that belongs to some reps."""
    if what.reason is not None:
        return what
    parts = []
    for part in what.parts:
        labels = facts.labels(part.table, "rep_id")
        codes = [code for code, label in enumerate(labels) if label in reps]
        mine = np.isin(facts.codes(part.table, "rep_id")[part.rows], codes)
        parts.append(Part(part.table, part.rows[mine], part.numerator[mine], part.denominator[mine]))
    return Found(tuple(parts))


def reps_named(facts: Facts) -> list[str]:
    """Return the reps of the team, or where there is no list of them, all that any table names."""
    from kpisim.tables import TABLES  # noqa: PLC0415

    if facts.has("reps"):
        return sorted(facts.labels("reps", "rep_id"))
    tables = [name for name, table in TABLES.items() if "rep_id" in table.names and facts.has(name)]
    return sorted({label for name in tables for label in facts.labels(name, "rep_id")})


def period_end(moment: int) -> date:
    """Return the day after `moment` (microseconds since 1970)."""
    from datetime import date  # noqa: PLC0415

    return date.fromordinal(date(1970, 1, 1).toordinal() + moment // 86_400_000_000 + 1)


__all__ = [
    "BY",
    "COLUMNS",
    "FEW",
    "By",
    "found_in",
    "measure",
    "measure_values",
    "quantiles",
    "reps_named",
    "value_in",
    "why",
]
