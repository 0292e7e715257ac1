"""A sheet as a blank form to fill by hand: lines to write on, boxes to tick, a table where there are rows."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from kpisim.sheets.shown import label
from kpisim.text import t
from kpisim.text.cells import width

if TYPE_CHECKING:
    from kpisim.sheets import Field, Sheet

BOX = '<span class="box"></span>'
MOST_TICKED, WIDEST_TICKED = 4, 20
"""Most choices of a field, and most cells of text of one, that are ticked inside a table."""
ROWS_OF_LONG, ROWS_OF_SHORT = 4, 12
ROOM = 172.0
"""Width for the columns of a table, without that of the row's number [mm]."""
FIXED = {"number": 18.0, "date": 22.0, "flag": 14.0, "scale": 38.0}
"""Width of what is short to write or to tick [mm]."""
LONG_FROM, LONG_HEADING = 30, 12.0
"""Cells of text from which a heading is long, and what it adds to that [mm]."""
BESIDE_BOX, A_CELL = 9.0, 1.6
"""Width of a box to tick with the space around it, and of a cell of text beside it [mm]."""
MOST_IN_ONE_PIECE = 5
"""Rows up to which a table stays on one page with its heading and what is said below it."""
LONG_CHOICE = 30.0
"""Width of a choice that is written in, where its heading is long [mm]."""
SHARES = {"long": 2.0, "text": 1.5, "choice": 1.0}
"""What the others get of the rest: a sentence needs more room than a choice, however long their headings are."""


def told(text: object) -> str:
    """Return a text in the current language, escaped."""
    return escape(str(text))


def form(sheet: Sheet) -> str:
    """Return the sheet as a blank form.

    What is private says so, and stands on a sheet of paper of its own: it goes home and is not collected.
    """
    parts = [f"<h4>{told(sheet.title.text())}</h4>"]
    if sheet.help is not None:
        parts.append(f"<p>{told(sheet.help.text())}</p>")
    if sheet.private:
        parts.append(
            f'<p class="private">{told(t("For you alone: take this page home; nobody collects it."))}</p>'
        )
    if all(field.kind == "scale" for field in sheet.fields) and sheet.rows[1] == 1:
        parts.append(_ratings(sheet))
    elif sheet.rows[1] == 1:
        parts += [_line(field) for field in sheet.fields]
    else:
        parts.append(_table(sheet))
    kind = "sheet private-sheet" if sheet.private else "sheet"
    if sheet.rows[1] > 1 and rows_on_paper(sheet) <= MOST_IN_ONE_PIECE:
        kind += " short"
    return f'<div class="{kind}" data-sheet="{sheet.name}">' + "\n".join(parts) + "</div>"


def rows_on_paper(sheet: Sheet) -> int:
    """Return how many rows are printed: all where they are short, few where one writes sentences."""
    fewest, most = sheet.rows
    wordy = any(field.kind == "long" for field in sheet.fields)
    return min(most, max(fewest, ROWS_OF_LONG)) if wordy else min(most, ROWS_OF_SHORT)


def scale() -> str:
    """Return 1 to 5 as circles to mark."""
    return '<span class="scale">' + "".join(f"<i>{mark}</i>" for mark in range(1, 6)) + "</span>"


def boxes(labels: list[str]) -> str:
    """Return labels, each with a box to tick."""
    return " ".join(f'<span class="tick">{BOX}{told(label)}</span>' for label in labels)


def lines(count: int) -> str:
    """Return lines to write on."""
    return '<div class="line"></div>' * count


def _label(field: Field) -> str:
    return told(label(field))


def _choices(field: Field) -> list[str]:
    return [str(one.label.text()) for one in field.choices]


def _ratings(sheet: Sheet) -> str:
    rows = "".join(f'<tr><td>{_label(field)}</td><td class="n">{scale()}</td></tr>' for field in sheet.fields)
    note = f'<p class="small">{told(t("1 = not at all, 5 = fully"))}</p>'
    return f'<table class="ratings"><tbody>{rows}</tbody></table>{note}'


def _line(field: Field) -> str:
    name = f"<b>{_label(field)}</b>"
    if field.kind == "choice":
        return f'<div class="field">{name} {boxes(_choices(field))}</div>'
    if field.kind == "flag":
        return f'<div class="field">{BOX}{name}</div>'
    if field.kind == "scale":
        return f'<div class="field">{name} {scale()}</div>'
    example = (
        ""
        if field.hint is None
        else f' <span class="small">{told(t("e.g. {text}", text=field.hint.text()))}</span>'
    )
    return f'<div class="field">{name}{example}{lines(3 if field.kind == "long" else 1)}</div>'


def _table(sheet: Sheet) -> str:
    wordy = any(field.kind == "long" for field in sheet.fields)
    head = "".join(f'<th class="{field.kind}">{_label(field)}</th>' for field in sheet.fields)
    cells = "".join(f'<td class="{field.kind}">{_cell(field, wordy=wordy)}</td>' for field in sheet.fields)
    rows = "".join(
        f'<tr><td class="number-of-row">{place + 1}</td>{cells}</tr>' for place in range(rows_on_paper(sheet))
    )
    kind = "blank wordy" if wordy else "blank"
    legend = [
        t("{label}: {choices}", label=field.label.text(), choices=" · ".join(_choices(field)))
        for field in sheet.fields
        if field.kind == "choice" and not (wordy and _ticked(field))
    ]
    legend += [
        t(
            "{label}, e.g. {text}",
            label=field.label.text(),
            text=field.hint.text(),
        )
        for field in sheet.fields
        if field.hint is not None
    ]
    said = "".join(f'<p class="small">{told(text)}</p>' for text in legend)
    return f'<table class="{kind}">{_widths(sheet)}<thead><tr><th></th>{head}</tr></thead><tbody>{rows}</tbody></table>{said}'


def _widths(sheet: Sheet) -> str:
    """Return the columns' widths, those of sentences as wide as the others leave room."""
    wordy = any(field.kind == "long" for field in sheet.fields)
    fixed = [_fixed(field, wordy=wordy) for field in sheet.fields]
    rest = ROOM - sum(fixed)
    shares = sum(
        SHARES.get(field.kind, 0.0) for field, own in zip(sheet.fields, fixed, strict=True) if not own
    )
    columns = "".join(
        f'<col style="width: {own or rest * SHARES[field.kind] / shares:.1f}mm">'
        for field, own in zip(sheet.fields, fixed, strict=True)
    )
    return f'<colgroup><col style="width: 6mm">{columns}</colgroup>'


def _fixed(field: Field, *, wordy: bool) -> float:
    """Return the width of a column that needs no more than that, 0 for the others [mm]."""
    if field.kind == "choice" and wordy and _ticked(field):
        return BESIDE_BOX + A_CELL * max(map(width, _choices(field)))
    if field.kind == "choice" and width(str(label(field))) > LONG_FROM:
        return LONG_CHOICE
    return FIXED.get(field.kind, 0.0) + (
        LONG_HEADING if field.kind in FIXED and width(str(label(field))) > LONG_FROM else 0.0
    )


def _ticked(field: Field) -> bool:
    found = _choices(field)
    return len(found) <= MOST_TICKED and max(map(width, found)) <= WIDEST_TICKED


def _cell(field: Field, *, wordy: bool) -> str:
    if field.kind == "scale":
        return scale()
    if field.kind == "flag":
        return BOX
    if field.kind == "choice" and wordy and _ticked(field):
        # Only a high row has room for a box a line.
        return boxes(_choices(field))
    return ""


__all__ = ["boxes", "form", "lines", "rows_on_paper", "scale", "told"]
