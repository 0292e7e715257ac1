"""``kpisim kpi``: the KPIs of a folder of tables or of a firm's export, as aligned text."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.registry import kpis as registry
from kpisim.kpi.shown import show, with_unit
from kpisim.kpi.value import COHORTS, REASONS
from kpisim.tables.origin import FILE, LINE
from kpisim.tables.titles import column_title, table_title
from kpisim.text import Text, t
from kpisim.text.cells import align

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from kpisim.crm.discover import Source
    from kpisim.kpi.measures import By
    from kpisim.kpi.registry import Kpi
    from kpisim.tables import Tables


SHOWN_ROWS, WIDE = 20, 9
"""Rows and columns of the tables that a terminal still shows well."""
WHY_HEADS = 3
"""Table, numerator and denominator come before the place of a row."""
_WHY_TITLES = {
    "table": Text("table"),
    "numerator": Text("numerator"),
    "denominator": Text("denominator"),
    FILE: Text("file"),
    LINE: Text("row in the file"),
}


def print_kpis(
    folder: str | Path,
    mapping: str | None = None,
    start: date | str | None = None,
    end: date | str | None = None,
    by: By | None = None,
    kpis: Sequence[str] | None = None,
    scorecard: str | Path | None = None,
) -> str:
    """Return the KPIs of a folder as text in the current language, and their board.

    Parameters
    ----------
    folder
        Tables that ``kpisim run --out`` wrote, an export, or a folder with several exports (a block each);
        a single file will do.
    mapping
        Name or YAML file of a mapping; without it each file is held against the mappings that come along.
    start, end
        Period ``[start, end)``; by default the window of the tables.
    by
        ``"rep_id"``, ``"week"``, ``"month"``, ``"quarter"`` or ``"year"``.
    kpis
        Names; by default every KPI that the tables have data for.
    scorecard
        YAML file with targets and weights; by default those of the target table.

    Raises
    ------
    UserError
        Nothing that can be read, or a wrong name, date or value.
    """
    names = [lookup(name).name for name in kpis] if kpis else None
    from kpisim.crm.discover import discover  # noqa: PLC0415  (pandas, when there is something to read)

    sources = discover(folder, mapping)
    return "\n\n".join(_block_text(source, start, end, by, names, scorecard) for source in sources)


def print_why(
    folder: str | Path,
    name: str,
    mapping: str | None = None,
    start: date | str | None = None,
    end: date | str | None = None,
) -> str:
    """Return why a KPI is what it is: its value, period and rule, and the rows that make it.

    Parameters
    ----------
    folder, mapping, start, end
        As in :func:`print_kpis`.
    name
        A KPI.

    Raises
    ------
    UserError
        Nothing that can be read, or a wrong name or date.
    """
    declared = lookup(name)
    from kpisim.crm.discover import discover  # noqa: PLC0415

    return "\n\n".join(
        "\n".join(_why_lines(source, declared, start, end)) for source in discover(folder, mapping)
    )


def _why_lines(source: Source, declared: Kpi, start: date | str | None, end: date | str | None) -> list[str]:
    from kpisim.kpi.measures import measure_values, why  # noqa: PLC0415

    tables = source.tables
    value = measure_values(tables, [declared.name], start, end)[declared.name]
    shown = "–" if value.value is None else show(value.value, declared.unit)
    lines = [
        source.title,
        _window_line(tables, value.start, value.end),
        t("{name}: {value}", name=declared.title, value=shown),
        _how(declared, tables, value.start, value.end),
    ]
    if value.reason is not None:
        lines.append(t("No number: {reason}", reason=REASONS[value.reason]))
    rows = why(tables, declared.name, start, end)
    if not len(rows):
        return lines
    sums = {name: float(rows[name].sum()) for name in ("numerator", "denominator")}
    lines.append(
        t(
            "{count} rows; numerator {above}, denominator {below}",
            count=f"{len(rows):,}",
            above=_plain(sums["numerator"], "count"),
            below=_plain(sums["denominator"], "count"),
        )
    )
    # Who answered is nobody's business, least of all of a pulse of the team.
    hidden = {"row", "rep_id"} if (rows["table"] == "surveys").any() else {"row"}
    if FILE in rows.columns and rows[FILE].nunique() < 2:
        hidden.add(FILE)
    places = [name for name in (FILE, LINE) if name in rows.columns and name not in hidden]
    heads = [name for name in rows.columns if name not in {*hidden, *places}][:WIDE]
    heads[WHY_HEADS:WHY_HEADS] = places
    shown_rows = rows.head(SHOWN_ROWS).assign(
        table=[str(table_title(name)) for name in rows["table"].head(SHOWN_ROWS)]
    )
    cells = [[_cell(record[name]) for name in heads] for record in shown_rows.to_dict("records")]
    titles = [_head(name, str(rows["table"].iloc[0]), tables) for name in heads]
    lines += ["", *align([titles, *cells], [name in sums for name in heads])]
    if len(rows) > SHOWN_ROWS:
        lines.append(
            t(
                "… and {count} more; kpisim.kpi.why(tables, name) gives all.",
                count=f"{len(rows) - SHOWN_ROWS:,}",
            )
        )
    return lines


def _head(name: str, table: str, tables: Tables) -> str:
    """Return the title of a column of the rows behind a KPI."""
    if name in _WHY_TITLES:
        return str(_WHY_TITLES[name])
    called = {} if tables.origin is None else tables.origin.columns.get(table, {})
    return str(column_title(table, name, called.get(name)))


def _cell(value: Any) -> str:
    """Return one cell of a table as text: dates without a midnight, nothing for what is missing."""
    if value is None or value != value:  # noqa: PLR0124  (NaN and NaT are not themselves)
        return ""
    if isinstance(value, float):
        return _plain(value, "count")
    return str(value).removesuffix(" 00:00:00")[:30]


def _block_text(
    block: Source,
    start: date | str | None,
    end: date | str | None,
    by: By | None,
    names: list[str] | None,
    scorecard: str | Path | None,
) -> str:
    from kpisim.kpi.facts import Facts  # noqa: PLC0415
    from kpisim.kpi.measures import measure  # noqa: PLC0415
    from kpisim.kpi.window import window  # noqa: PLC0415

    tables = block.tables
    facts, period = Facts(tables), window(tables.meta, start, end)
    there = [kpi for kpi in registry().values() if _possible(kpi, facts)]
    chosen = [lookup(name) for name in names] if names is not None else there
    frame = measure(tables, [kpi.name for kpi in chosen], period.start, period.end, by)
    if names is None:
        # A KPI without data in any row says nothing that the line below the table does not say.
        silent = {
            name for name, rows in frame.groupby("kpi", sort=False) if (rows["reason"] == "no_data").all()
        }
        frame = frame[~frame["kpi"].isin(silent)]
        chosen = [kpi for kpi in chosen if kpi.name not in silent]
    lines = [block.title, _window_line(tables, period.start, period.end)]
    if block.synthetic:
        lines.append(t("Synthetic data: it shows the layout and says nothing about real sales."))
    if not chosen:
        return "\n".join([*lines, t("Nothing here that a KPI counts; kpisim calibrate reads it.")])
    group = "rep_id" if by == "rep_id" else "period" if by else None
    heads = [t("KPI"), *([t("rep")] if group == "rep_id" else [t("period")] if group else []), t("value"),
             t("numerator"), t("denominator"), "n", t("95% interval"), t("why no number")]  # fmt: skip
    rows = [heads, *(_row(record, group) for record in frame.to_dict("records"))]
    if any(row[-1] for row in rows[1:]):
        right = [False, *([False] if group else []), True, True, True, True, True, False]
    else:
        rows = [row[:-1] for row in rows]
        right = [False, *([False] if group else []), True, True, True, True, True]
    lines += ["", *align(rows, right), ""]
    lines += [_how(kpi, tables, period.start, period.end) for kpi in chosen]
    lines += _notes(facts, chosen, period.lo)
    lines += [t("Note: {note}", note=note) for note in tables.meta.notes]
    missing = [str(kpi.title) for kpi in registry().values() if kpi not in chosen] if names is None else []
    if missing:
        lines.append(t("No data here for: {names}", names=t(", ").join(missing)))
    if by is None:
        lines += ["", *_board(tables, start, end, names, scorecard)]
    return "\n".join(lines)


def _how(kpi: Kpi, tables: Tables, start: date, end: date) -> str:
    """Return how a KPI is counted, and how a mean is spread."""
    from kpisim.kpi.library import card  # noqa: PLC0415
    from kpisim.kpi.measures import quantiles  # noqa: PLC0415

    formula, cohort = str(kpi.formula), str(COHORTS[kpi.cohort])
    counted = f"{kpi.title} = {formula}"
    if card(kpi.name).kind == "qualitative":
        counted = t("{line}; {more}", line=counted, more=t("a judgement on a rubric"))
    if cohort != formula:
        counted = t("{line}; {more}", line=counted, more=cohort)
    if kpi.kind == "mean" and kpi.people == "no":
        median, ninth = quantiles(tables, kpi.name, (0.5, 0.9), start, end).values()
        if median is not None and ninth is not None:
            spread = t(
                "median {median}, ninth decile {ninth}",
                median=show(median, kpi.unit),
                ninth=show(ninth, kpi.unit),
            )
            counted = t("{line}; {more}", line=counted, more=spread)
    return counted


def _board(
    tables: Tables,
    start: date | str | None,
    end: date | str | None,
    names: list[str] | None,
    scorecard: str | Path | None,
) -> list[str]:
    from kpisim.kpi.board import board, board_lines  # noqa: PLC0415
    from kpisim.kpi.scorecard import read_scorecard  # noqa: PLC0415

    targets = None if scorecard is None else read_scorecard(scorecard)
    return board_lines(board(tables, targets, start, end, names))


def _window_line(tables: Tables, start: date, end: date) -> str:
    return t(
        "{first} to {last}, {days} days; money in {currency}",
        first=start.isoformat(),
        last=(end - timedelta(days=1)).isoformat(),
        days=(end - start).days,
        currency=tables.meta.currency,
    )


def _row(record: dict[Any, Any], group: str | None) -> list[str]:
    kpi = lookup(record["kpi"])
    known = record["value"] == record["value"]
    edges = _edges(record["low"], record["high"], kpi.unit)
    part = "money" if kpi.kind in {"ratio", "sum"} else "count"
    above, below = (_plain(record[name], part) for name in ("numerator", "denominator"))
    return [
        str(kpi.title),
        *([str(record[group])] if group else []),
        show(record["value"], kpi.unit) if known else "–",
        above if kpi.kind not in {"sum", "count"} else "",
        below,
        f"{record['n']:,}",
        edges,
        "" if known else str(REASONS[record["reason"]]),
    ]


def _edges(low: float, high: float, unit: str) -> str:
    if low != low:  # noqa: PLR0124  (NaN is not itself)
        return ""
    return (
        with_unit(f"{low * 100:.1f} – {high * 100:.1f}", unit)
        if unit == "share"
        else f"{low:,.1f} – {high:,.1f}"
    )


def _plain(number: float, unit: str) -> str:
    if number != number:  # noqa: PLR0124  (NaN is not itself)
        return ""
    if unit == "count" and number.is_integer():
        return f"{number:,.0f}"
    return f"{number:,.1f}".removesuffix(".0")


def _possible(kpi: Kpi, facts: Any) -> bool:
    """Whether the tables hold what the KPI needs."""
    return all(facts.known(*need.split(".")) if "." in need else facts.has(need) for need in kpi.needs)


def _notes(facts: Any, chosen: list[Kpi], start: int) -> list[str]:
    from kpisim.kpi.facts import NEVER  # noqa: PLC0415

    if not any(kpi.name == "new_customers" for kpi in chosen) or not len(facts.tables["orders"]):
        return []
    booked = facts.time("orders", "booked")
    known = facts.has("accounts") and (facts.time("accounts", "since") != NEVER).any()
    if known or booked.min() < start:
        return []
    return [
        t("Note: the records begin with the period, so early first orders may be repeat orders in truth.")
    ]


__all__ = ["print_kpis", "print_why", "show"]
