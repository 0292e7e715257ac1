"""What a participant takes home: their own sheets as a page, a workbook and calendar entries.

Only :class:`~kpisim.session.Entry` is read; private sheets are another type and have no way in here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from html import escape
from typing import TYPE_CHECKING, Any

from kpisim.course import lessons, sheets
from kpisim.course.week import moments, next_monday
from kpisim.report.page import paragraph, section, table
from kpisim.report.self_check import LOOK_BACK, commitments, return_code, self_check
from kpisim.report.self_check_book import self_check_book
from kpisim.report.shell import whole_page
from kpisim.report.values_page import VALUES, values_page
from kpisim.report.xlsx import as_high_as_text, as_wide_as_paper
from kpisim.session.room import comments
from kpisim.sheets.shown import shown
from kpisim.show.panels.status import status
from kpisim.text import UserError, t
from kpisim.text.writing import writing_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kpisim.report.page import Align
    from kpisim.session import Session
    from kpisim.sheets import Field, Sheet
    from kpisim.show.panels.desk import Desk

COLUMN = 28.0
"""Width of a column of the workbook, in signs."""


def take_home(session: Session, folder: Path) -> list[Path]:
    """Write one's own workbook into `folder`: HTML, Excel, .ics with the dates, a page to hang up, the check to look back with.

    Raises
    ------
    UserError
        Nothing was saved yet, or a place that cannot be written to.
    """
    filled = own_sheets(session)
    if not filled:
        raise UserError("nothing saved yet; save at least one sheet first")
    with writing_file(folder):
        folder.mkdir(parents=True, exist_ok=True)
        files = [folder / f"my_workbook.{end}" for end in ("html", "xlsx", "ics")]
        said = comments(session)
        files[0].write_text(_page(filled, said), encoding="utf-8")
        _workbook(filled, files[1], said)
        saved = _saved(session)
        files[2].write_bytes(calendar(filled, saved=saved))
        values = next((rows for sheet, rows in filled if sheet.name == VALUES), [])
        if values:
            files.append(folder / "values.html")
            files[-1].write_text(values_page(values), encoding="utf-8")
        plan = next((rows for sheet, rows in filled if sheet.name == "action_plan"), [])
        if commitments(plan):
            files += _self_checks(plan, saved["action_plan"], return_code(session.author), folder)
    return files


def _saved(session: Session) -> dict[str, date]:
    """Return sheet -> the day on which it was saved: its dates reckon from there, whenever the sheets go home."""
    return {entry.kind: entry.at.astimezone().date() for entry in session.entries()}


def _self_checks(plan: list[dict[str, Any]], day: date, code: str, folder: Path) -> list[Path]:
    """Write the check as a page and as a workbook."""
    files = [folder / f"self_check.{end}" for end in ("html", "xlsx")]
    files[0].write_text(self_check(plan, day, code), encoding="utf-8")
    self_check_book(plan, day, code, files[1])
    return files


def own_sheets(session: Session) -> list[tuple[Sheet, list[dict[str, Any]]]]:
    """Return the sheets kept last, in the order of the day; sheets nobody saved are left out."""
    order = [name for taught in lessons() for step in taught.steps for name in step.sheets]
    known = sheets()
    found = []
    for name in order:
        rows = None if known[name].private else session.latest(name)
        if rows:
            found.append((known[name], list(rows)))
    return found


def _page(filled: list[tuple[Sheet, list[dict[str, Any]]]], said: Mapping[str, str]) -> str:
    title = t("My workbook")
    parts = []
    for sheet, rows in filled:
        # A date broken over two lines is read as two.
        heads: list[tuple[str, Align]] = [
            (str(field.label.text()), "word" if field.kind == "date" else "text") for field in sheet.fields
        ]
        cells = [[shown(field, row.get(field.name)) for field in sheet.fields] for row in rows]
        remark = paragraph(f"★ {t('Trainer')}{t(': ')}{said[sheet.name]}") if sheet.name in said else ""
        parts.append(section(sheet.name, _title(sheet), table("", heads, cells), remark).html)
    return whole_page(title, parts)


def _title(sheet: Sheet) -> str:
    """Return the title of a sheet, with its module where several modules have one of that title."""
    title = str(sheet.title.text())
    known = sheets()
    at = {name: taught for taught in lessons() for step in taught.steps for name in step.sheets}
    if sum(str(known[name].title.text()) == title for name in at) == 1:
        return title
    return t("{title} ({module})", title=title, module=at[sheet.name].title.text())


def _workbook(filled: list[tuple[Sheet, list[dict[str, Any]]]], path: Path, said: Mapping[str, str]) -> None:
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    for sheet, rows in filled:
        page = book.create_sheet(_title(sheet).translate({ord(sign): "-" for sign in r"\/*?:[]"})[:31])
        page.append([str(field.label.text()) for field in sheet.fields])
        for cell in page[1]:
            cell.font = Font(bold=True)
        for row in rows:
            page.append([_cell(field, row.get(field.name)) for field in sheet.fields])
        if sheet.name in said:
            page.append([f"★ {t('Trainer')}{t(': ')}{said[sheet.name]}"])
        for line in page.iter_rows():
            for cell in line:
                # Numbers on the left too: at the right edge they touch the words of the next column.
                cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="left")
                if isinstance(cell.value, str):
                    # What somebody typed is text, never a formula.
                    cell.data_type, cell.quotePrefix = "s", True
        page.freeze_panes = "A2"
        for column in "ABCDEFGH":
            page.column_dimensions[column].width = COLUMN
        as_high_as_text(page, dict.fromkeys("ABCDEFGH", COLUMN), range(1, page.max_row + 1))
        as_wide_as_paper(page)
        page.oddHeader.left.text = "&A"
    book.save(path)


def _cell(field: Field, value: Any) -> str | float:
    """Return a cell of the workbook: a number is one, so that it can be added up."""
    if field.kind in {"number", "scale"} and isinstance(value, int | float):
        return value
    return shown(field, value)


def calendar(
    filled: list[tuple[Sheet, list[dict[str, Any]]]],
    today: date | None = None,
    saved: Mapping[str, date] | None = None,
) -> bytes:
    """Return calendar entries: each commitment and its first step on their dates, three days to look back, next week's boxes.

    Parameters
    ----------
    filled
        Sheets with their rows.
    today
        Day of a sheet that `saved` does not name; by default today.
    saved
        Sheet -> the day it was saved: looks back are reckoned from that of the plan, as in the check itself, and boxes
        lie in the week after they were planned.
    """
    from icalendar import Calendar, Event  # noqa: PLC0415

    day = today or datetime.now(UTC).astimezone().date()
    planned, boxed = ((saved or {}).get(name, day) for name in ("action_plan", "timebox_week"))
    made = Calendar()
    made.add("prodid", "-//kpisim//workshop//")
    made.add("version", "2.0")
    entries = [
        (
            t("Look back after {days} days: what did I do, what came of it, what next?", days=days),
            planned + timedelta(days=days),
        )
        for days in LOOK_BACK
    ]
    for sheet, rows in filled:
        if sheet.name == "action_plan":
            entries += [
                (str(row["commitment"]), date.fromisoformat(row["date"]))
                for row in rows
                if row.get("commitment") and row.get("date")
            ]
            entries += [
                (t("First step: {step}", step=row["first"]), date.fromisoformat(row["first_by"]))
                for row in rows
                if row.get("first") and row.get("first_by")
            ]
        if sheet.name == "feedback_loop":
            entries += [
                (t("Measure again: {theme}", theme=row["theme"]), date.fromisoformat(row["measure_on"]))
                for row in rows
                if row.get("theme") and row.get("measure_on") and (row.get("measured_on") or "9") > str(day)
            ]
    for number, (text, when) in enumerate(entries):
        event = Event()
        event.add("summary", text[:200])
        event.add("dtstart", when)
        event.add("dtend", when + timedelta(days=1))
        event.add("dtstamp", datetime.now(UTC))
        event.add("uid", f"{when.isoformat()}-{number}@kpisim")
        made.add_component(event)
    for number, (text, day_, start, end) in enumerate(_boxes(filled, boxed)):
        event = Event()
        event.add("summary", text[:200])
        # No time zone on purpose: nine o'clock is nine o'clock wherever the calendar is opened.
        event.add("dtstart", _moment(day_, start))
        event.add("dtend", _moment(day_, end))
        event.add("dtstamp", datetime.now(UTC))
        event.add("uid", f"{day_.isoformat()}-box{number}@kpisim")
        made.add_component(event)
    return bytes(made.to_ical())


def _boxes(
    filled: list[tuple[Sheet, list[dict[str, Any]]]], today: date
) -> list[tuple[str, date, float, float]]:
    rows = next((rows for sheet, rows in filled if sheet.name == "timebox_week"), [])
    return moments(rows, next_monday(today))


def _moment(day: date, hour: float) -> datetime:
    return datetime.combine(day, time()) + timedelta(hours=hour)


class Export:
    """The button at the end of the day: one's own sheets, into the folder of the session."""

    def __init__(self, at: Desk, folder: Path) -> None:
        import ipywidgets as w  # noqa: PLC0415

        self.desk, self.folder = at, folder
        self.button = w.Button(button_style="primary", layout=w.Layout(min_height="44px", width="auto"))
        self.button.add_class("kpisim-export")
        self.button.on_click(lambda _: self.run())
        self.said = w.HTML()
        self.box = w.VBox([self.button, self.said])
        at.panels.append(self)
        self.draw()

    def draw(self) -> None:
        """Write the button in the current language."""
        with self.desk.words():
            self.button.description = t("Take my sheets home")

    def run(self) -> None:
        """Write the files and say where they lie."""
        with self.desk.words():
            try:
                files = take_home(self.desk.session, self.folder)
            except UserError as problem:
                self.said.value = status("bad", problem)
                return
            names = "".join(
                f"<li>{escape(file.name)}{escape(t(': '))}{escape(what)}</li>"
                for file, what in ((file, _what(file.name)) for file in files)
            )
            told = t("Written into the folder {folder}; private sheets are not in it.", folder=self.folder)
            self.said.value = status("good", told) + f"<ul>{names}</ul>"


def _what(name: str) -> str:
    """Return what a file that is taken home holds, for who knows it by no name."""
    return {
        "my_workbook.html": t("my sheets, to read in a browser"),
        "my_workbook.xlsx": t("my sheets, as a workbook for Excel"),
        "my_workbook.ics": t("my dates, to import into a calendar"),
        "values.html": t("our values on one page, for the wall"),
        "self_check.html": t("the check after 30, 60 and 90 days, to fill in in a browser"),
        "self_check.xlsx": t("the same check for Excel"),
    }[name]


def export() -> Any:
    """Return the export button of this kernel's session; files go beside the notebook folders."""
    from pathlib import Path  # noqa: PLC0415

    from kpisim.show.panels.desk import desk  # noqa: PLC0415

    at = desk()
    place = at.session.engine.url.database
    folder = Path(place).parent.parent if at.session.engine.dialect.name == "sqlite" and place else Path()
    return Export(at, folder / "take_home").box


__all__ = ["LOOK_BACK", "Export", "calendar", "export", "own_sheets", "take_home"]
