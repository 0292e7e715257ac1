"""The 30/60/90-day check as a workbook, for those who fill in cells rather than pages.

Column A is hidden and names each row, so that rows may be moved or added and the answers are still found; see
:mod:`kpisim.report.returns`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kpisim.report.self_check import (
    HELPED,
    HINDERED,
    LOOK_BACK,
    MARKS,
    VERSION,
    commitments,
    facts,
    returned_words,
)
from kpisim.report.xlsx import as_high_as_text, as_wide_as_paper
from kpisim.text import t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from kpisim.text import Text

MARKER = "kpisim-self-check"
"""First word of cell A1 of each sheet; after it version, code, day of the workshop and days."""
MARK, SINCE, TICK = "D", "E", "D"
"""Columns of the answers: how far, since when, and the x beside a reason."""
ROOM = 3
"""Lines that there are for what came of a commitment."""
WIDTHS = {"B": 52, "C": 40, "D": 16, "E": 16, "F": 44}


def self_check_book(rows: Sequence[Mapping[str, Any]], today: date, code: str, path: Path) -> None:
    """Write the workbook, one sheet a look back.

    Parameters
    ----------
    rows
        Rows of the action plan.
    today
        Day of the workshop.
    code
        What :func:`kpisim.report.self_check.return_code` made of the author.
    path
        File to write.
    """
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    for days in LOOK_BACK:
        page = book.create_sheet(t("{days} days", days=days))
        _fill(page, commitments(rows), today, code, days)
    book.save(path)


def _fill(page: Any, rows: Sequence[Mapping[str, Any]], today: date, code: str, days: int) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    head = t("After {days} days, {date}", days=days, date=(today + timedelta(days=days)).isoformat())
    page.append([f"{MARKER} {VERSION} {code} {today.isoformat()} {days}", head])
    page.append([None, returned_words()])
    page.append(
        [None, t("Commitment"), None, t("How far"), t("Kept since"), t("What came of it, what next?")]
    )
    for place, row in enumerate(rows):
        page.append([f"action {place} {row.get('area') or ''}".strip(), str(row["commitment"]), facts(row)])
    for cell in (page["B1"], *page[3]):
        cell.font = Font(bold=True)
    first, last = 4, 3 + len(rows)
    words = ",".join(str(text) for text in MARKS.values())
    choice = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
    page.add_data_validation(choice)
    choice.add(f"{MARK}{first}:{MARK}{last}")
    for line in range(first, last + 1):
        page[f"{SINCE}{line}"].number_format = "yyyy-mm-dd"
        for column in "BC":
            # What somebody typed is text, never a formula.
            page[f"{column}{line}"].data_type, page[f"{column}{line}"].quotePrefix = "s", True
            page[f"{column}{line}"].alignment = Alignment(wrap_text=True, vertical="top")
    for key, title, reasons in (
        ("helped", t("What helped?"), HELPED),
        ("hindered", t("What got in the way?"), HINDERED),
    ):
        _reasons(page, key, title, reasons)
    page.column_dimensions["A"].hidden = True
    for column, width in WIDTHS.items():
        page.column_dimensions[column].width = width
    for line in range(first, last + 1):
        page[f"F{line}"].alignment = Alignment(wrap_text=True, vertical="top")
    as_high_as_text(page, {"B": WIDTHS["B"], "C": WIDTHS["C"]}, range(first, last + 1), ROOM)
    page["B2"].alignment = Alignment(wrap_text=True, vertical="top")
    page.row_dimensions[2].height = 95
    as_wide_as_paper(page)


def _reasons(page: Any, key: str, title: str, reasons: Mapping[str, Text]) -> None:
    from openpyxl.styles import Font  # noqa: PLC0415

    page.append([])
    page.append([None, title, None, t("x if yes")])
    for cell in page[page.max_row]:
        cell.font = Font(bold=True)
    for name, text in reasons.items():
        page.append([f"{key} {name}", str(text)])


__all__ = ["MARK", "MARKER", "SINCE", "TICK", "self_check_book"]
