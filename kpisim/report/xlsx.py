"""The numbers of a report as a workbook: values stay numbers, only their format follows the unit."""

from __future__ import annotations

from datetime import date, datetime
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from kpisim.show.numbers import is_number, rows_of
from kpisim.text import t
from kpisim.text.cells import width
from kpisim.text.writing import writing_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from openpyxl.cell.cell import Cell
    from openpyxl.workbook.workbook import Workbook

    from kpisim.experiment.result import Result
    from kpisim.report.content import Content

FORMATS = {
    "share": "0.0%",
    "money": "#,##0.00",
    "money/h": "#,##0.00",
    "count": "#,##0.0",
    "days": "#,##0.0",
    "whole": "#,##0",
    "number": "#,##0.00",
}
NARROW, WIDE = 9, 60
_ROWS = 1_048_575  # what a sheet holds below its header


def write_workbook(content: Content, path: str | Path) -> Path:
    """Write the workbook and return its path.

    Raises
    ------
    UserError
        The file cannot be written, for instance because Excel has it open.
    """
    from openpyxl import Workbook as NewWorkbook  # noqa: PLC0415  (only who asks for a workbook pays for it)

    from kpisim.report.sections import stamp_rows  # noqa: PLC0415

    book = NewWorkbook()
    if book.active is not None:
        book.remove(book.active)
    if content.result is None:
        _own_kpis(book, content)
    else:
        _run(book, content)
    sheet(book, t("Stamp"), [(t("What"), "text"), (t("Value"), "text")], stamp_rows(content))
    file = Path(path)
    with writing_file(file):
        book.save(file)
    return file


def _run(book: Workbook, content: Content) -> None:
    """Write the sheets of a simulation."""
    from kpisim.report.sections import rule_rows  # noqa: PLC0415

    result = content.result
    assert result is not None
    _kpis(book, result)
    _per_run(book, result)
    _attainment(book, result.attainment)
    _weekly(book, result.weekly)
    if content.comparison is not None:
        _comparison(book, content)
    sheet(
        book,
        t("Rules"),
        [(t("Rule"), "text"), (t("Class"), "text"), (t("Source"), "text")],
        rule_rows(content),
    )


def _kpis(book: Workbook, result: Result) -> None:
    sheet(
        book,
        t("KPIs"),
        [
            *_kpi_heads(),
            (t("Mean"), "number"),
            (t("Low (95%)"), "number"),
            (t("High (95%)"), "number"),
            (t("Standard deviation"), "number"),
            ("P10", "number"),
            ("P90", "number"),
            (t("Runs"), "whole"),
            (t("Runs needed for ±5%"), "whole"),
            (t("Why no number"), "text"),
        ],
        [
            [
                *_kpi_cells(r),
                *(_as(r[key], r["unit"]) for key in ("mean", "low", "high", "sd", "p10", "p90")),
                r["n_runs"],
                r["runs_for_5pct"],
                _why(r["mean"], r["reason"]),
            ]
            for r in rows_of(result.kpis)
        ],
    )


def _per_run(book: Workbook, result: Result) -> None:
    from kpisim.report.sections import names  # noqa: PLC0415

    known = names()
    units = dict(zip(result.kpis["kpi"], result.kpis["unit"], strict=True))
    sheet(
        book,
        t("Per run"),
        [
            (t("Run"), "whole"),
            (t("KPI"), "text"),
            (t("Key"), "text"),
            (t("Value"), "number"),
            (t("Numerator"), "number"),
            (t("Denominator"), "number"),
            (t("Cases (n)"), "whole"),
            (t("Why no number"), "text"),
        ],
        [
            [
                r["run"],
                known.get(r["kpi"], r["kpi"]),
                r["kpi"],
                _as(r["value"], units.get(r["kpi"], "number")),
                r["numerator"],
                r["denominator"],
                r["n"],
                _why(r["value"], r["reason"]),
            ]
            for r in rows_of(result.per_run)
        ],
    )


def _attainment(book: Workbook, frame: pd.DataFrame) -> None:
    sheet(
        book,
        t("Attainment"),
        [
            (t("Run"), "whole"),
            (t("Sales rep"), "text"),
            (t("Period from"), "date"),
            (t("Attainment"), "share"),
            (t("Sales"), "money"),
            (t("Quota"), "money"),
            (t("Pay"), "money"),
        ],
        _columns(frame, ("run", "rep_id", "period_start", "attainment", "sales", "quota", "pay")),
    )


def _weekly(book: Workbook, frame: pd.DataFrame) -> None:
    columns = (
        "run", "week", "open_opportunities", "open_value", "booked", "collected", "load", "backlog", "effort",
    )  # fmt: skip
    sheet(
        book,
        t("Weekly"),
        [
            (t("Run"), "whole"),
            (t("Week from"), "date"),
            (t("Open opportunities"), "count"),
            (t("Open value"), "money"),
            (t("Booked"), "money"),
            (t("Collected"), "money"),
            (t("Load"), "share"),
            (t("Tasks waiting per rep"), "number"),
            (t("Effort"), "share"),
        ],
        _columns(frame, columns),
    )


def _comparison(book: Workbook, content: Content) -> None:
    from kpisim.report.sections import labels_of  # noqa: PLC0415

    assert content.comparison is not None
    a, b = labels_of(content)
    sheet(
        book,
        t("Comparison"),
        [
            *_kpi_heads(),
            (a, "number"),
            (b, "number"),
            (t("Difference"), "number"),
            (t("Low (95%)"), "number"),
            (t("High (95%)"), "number"),
            (t("Width against unpaired"), "number"),
            (t("Verdict"), "text"),
        ],
        [
            [
                *_kpi_cells(r),
                *(_as(r[key], r["unit"]) for key in ("a", "b", "difference", "low", "high")),
                r["width_ratio"],
                str(r["verdict"]),
            ]
            for r in rows_of(content.comparison.differences)
        ],
    )


def _own_kpis(book: Workbook, content: Content) -> None:
    """Write the KPIs of own tables."""
    from kpisim.report.sections import cohort_text  # noqa: PLC0415

    assert content.kpis is not None
    sheet(
        book,
        t("KPIs"),
        [
            *_kpi_heads(),
            (t("Value"), "number"),
            (t("Low (95%)"), "number"),
            (t("High (95%)"), "number"),
            (t("Numerator"), "number"),
            (t("Denominator"), "number"),
            (t("Cases (n)"), "whole"),
            (t("What counts"), "text"),
            (t("Why no number"), "text"),
        ],
        [
            [
                *_kpi_cells(r),
                *(_as(r[key], r["unit"]) for key in ("value", "low", "high")),
                r["numerator"],
                r["denominator"],
                r["n"],
                cohort_text(r["cohort"]),
                _why(r["value"], r["reason"]),
            ]
            for r in rows_of(content.kpis)
        ],
    )


def _kpi_heads() -> list[tuple[str, str]]:
    return [(t("KPI"), "text"), (t("Key"), "text"), (t("Unit"), "text")]


def _kpi_cells(row: Mapping[str, Any]) -> list[str]:
    """Return what `_kpi_heads` announces: name in the reader's language, key, unit."""
    from kpisim.kpi.registry import kpis  # noqa: PLC0415

    known = kpis().get(row["kpi"])
    return [str(known.title) if known else row["kpi"], row["kpi"], t(row["unit"])]


def _why(value: object, reason: object) -> str:
    from kpisim.kpi.value import reason_text  # noqa: PLC0415

    return "" if is_number(value) else reason_text(reason)


def _columns(frame: pd.DataFrame, columns: Sequence[str]) -> list[list[Any]]:
    """Return the rows of `frame`; a column it lacks stays empty."""
    return frame.reindex(columns=list(columns)).astype(object).to_numpy().tolist()


def _as(value: object, unit: str) -> tuple[object, str]:
    """Return a value with the format of its unit."""
    return value, form_of(value, unit)


def form_of(value: object, unit: str) -> str:
    """Return the number format of a value; what is counted has decimals only where it is a mean."""
    if unit == "count" and is_number(value) and float(cast("float", value)).is_integer():
        return FORMATS["whole"]
    return FORMATS.get(unit, FORMATS["number"])


def sheet(
    book: Workbook, title: str, heads: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]]
) -> None:
    """Write one sheet: frozen bold header, filter, formats by column, widths by content.

    Parameters
    ----------
    book
        The workbook to add to.
    title
        Name of the sheet; signs that Excel refuses are replaced.
    heads
        Column names with their kind, a key of `FORMATS`, ``text`` or ``date``.
    rows
        Values; a pair of value and number format overrules the column's.
    """
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    page = book.create_sheet("".join("-" if char in r"[]:*?/\\" else char for char in title)[:31])
    widths = [max(NARROW, _width(name)) for name, _ in heads]
    for place, (name, kind) in enumerate(heads, start=1):
        cell = page.cell(1, place)
        _put(cell, name)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="005A8E")
        cell.alignment = Alignment(
            horizontal="left" if kind in {"text", "date"} else "right", vertical="top", wrap_text=True
        )
    for line, row in enumerate(rows[:_ROWS], start=2):
        for place, item in enumerate(row):
            value, form = item if isinstance(item, tuple) else (item, _form(item, heads[place][1]))
            value = clean(value)
            if value is None:
                continue
            cell = page.cell(line, place + 1)
            _put(cell, value)
            if isinstance(value, (date, datetime)):
                cell.number_format = "yyyy-mm-dd"
            elif form is not None and not isinstance(value, str):
                cell.number_format = form
            if line < 60:
                shown = (
                    11
                    if isinstance(value, (date, datetime))
                    else _width(value if isinstance(value, str) else f"{value:,.2f}")
                )
                widths[place] = max(widths[place], shown)
    for place, widest in enumerate(widths, start=1):
        page.column_dimensions[get_column_letter(place)].width = min(widest, WIDE) + 2
    page.freeze_panes = "A2"
    as_wide_as_paper(page)
    if rows:
        page.auto_filter.ref = page.dimensions


def as_wide_as_paper(page: Any) -> None:
    """Let a sheet print as it stands: as wide as the paper, its head on every page."""
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"


LINE = 15.0
"""Points that a line of text takes in a cell."""


def as_high_as_text(page: Any, widths: Mapping[str, float], rows: range, least: int = 1) -> None:
    """Give rows the height that their wrapped text takes: not every program works it out when it opens a file.

    Parameters
    ----------
    page, widths
        A sheet, and the width of each column whose text wraps.
    rows
        Rows that are meant.
    least
        Lines that a row has at least: room to write by hand.
    """
    for row in rows:
        lines = max(
            sum(
                max(1, ceil(width(part) / (room - 2)))
                for part in str(page[f"{column}{row}"].value or "").split("\n")
            )
            for column, room in widths.items()
        )
        if max(lines, least) > 1:
            page.row_dimensions[row].height = LINE * max(lines, least) + 2


def _form(value: object, kind: str) -> str | None:
    return form_of(value, kind) if kind in FORMATS else None


def clean(value: object) -> Any:
    """Return `value` as Excel can hold it: None for what is missing or infinite, plain Python otherwise."""
    import pandas as pd  # noqa: PLC0415
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415

    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, str):
        return ILLEGAL_CHARACTERS_RE.sub("", value)[:32_767]
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime().replace(tzinfo=None)
    if isinstance(value, (date, bool)):
        return value
    if is_number(value):
        number = float(value)  # type: ignore[arg-type]
        return int(number) if number == int(number) and abs(number) < 2**53 else number
    return None if isinstance(value, float) else str(value)


def _put(cell: Cell | Any, value: Any) -> None:
    """Write a value; a text that looks like a formula stays a text, in the file and when edited again."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        if value.startswith(("=", "+", "-", "@", "\t", "\r")):
            cell.style = "Normal"
            cell.quotePrefix = True


def _width(text: str) -> int:
    return max(width(line) for line in str(text).splitlines() or [""])


__all__ = ["as_high_as_text", "as_wide_as_paper", "clean", "form_of", "sheet", "write_workbook"]
