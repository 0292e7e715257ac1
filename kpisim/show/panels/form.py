"""A sheet on the screen: fields, rows, a button that keeps, and what is still missing.  No code, nothing lost."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from kpisim.course import halfway, sheets
from kpisim.course.prefill import DRAFTS, prefilled
from kpisim.course.week import next_monday
from kpisim.course.week import remarks as week_remarks
from kpisim.sheets import Remark, check, tidy
from kpisim.sheets.shown import label
from kpisim.sheets.sums import sums
from kpisim.show.hand.fields import named_field
from kpisim.show.panels.status import How, status
from kpisim.show.theme import INK
from kpisim.text import Text, UserError, t

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kpisim.sheets import Field, Sheet
    from kpisim.show.panels.desk import Desk

CALENDAR = "work_calendar"
WIDE = w.Layout(width="100%")
"""As wide as the page; the style of the day keeps lines of text and fields short."""
_SCALE = [1, 2, 3, 4, 5]
STYLE = {"description_width": "0px"}
LABEL = "display:block;line-height:1.5;margin-top:8px"
"""A question stands nearer to its own field than to the one above."""
_LONG_NUMBER = re.compile(r"[1-9][0-9]{4,14}")
HEADING = "display:block;margin-top:16px"
"""A heading stands apart from what ends above it."""


class SheetForm:
    """A sheet as a form.

    Attributes
    ----------
    rows
        What stands in the fields now, a mapping a row, as typed.
    box
        The widget to show.
    """

    def __init__(self, desk: Desk, sheet: Sheet) -> None:
        self.desk, self.sheet = desk, sheet
        kept = desk.kept(sheet)
        self.touched = bool(kept)
        self.drafted = self.changed = False
        self.rows: list[dict[str, Any]] = self._whole(kept or self._draft())
        self.sources = DRAFTS[sheet.name][0] if sheet.name in DRAFTS else ()
        desk.follow(self.sources, self.refresh)
        desk.follow([sheet.name], self.reload)
        self._saving = False
        self._cells: dict[tuple[int, str], Any] = {}
        self._fields: list[list[w.Widget]] = []
        self._acts: dict[str, w.Button] = {}
        self._filling = self._offers = False
        self._head, self._lines, self._buttons, self.said = w.HTML(), w.VBox(layout=WIDE), w.HBox(), w.HTML()
        self._lines.add_class("kpisim-rows" if sheet.rows[1] > 1 else "kpisim-one")
        self.box = w.VBox([self._head, self._lines, self._buttons, self.said], layout=WIDE)
        self.saved = ""
        desk.panels.append(self)
        self.draw()

    def draw(self) -> None:
        """Write the form anew in the current language; what was entered stays."""
        self._cells, self._fields, self._acts = {}, [], {}
        self._fit()

    def _fit(self) -> None:
        """Bring head, rows and buttons up to date; a field that can stay does, for somebody may be typing into it."""
        with self.desk.words():
            self._tell_head()
            self._offers = bool(self.desk.filled(self.sources))
            count, fewest = len(self.rows), self.sheet.rows[0]
            del self._fields[count:]
            there = list(self._lines.children[: len(self._fields)])
            self._cells = {key: made for key, made in self._cells.items() if key[0] < count}
            there += [self._row(place) for place in range(len(there), count)]
            for place, (row, fields) in enumerate(zip(there, self._fields, strict=True)):
                if (len(row.children) > len(fields)) != (count > fewest):
                    row.children = [*fields, self._cut_button(place)] if count > fewest else fields
            self._lines.children = there
            self._fit_buttons()
            self._tell()

    def _tell_head(self) -> None:
        sheet = self.sheet
        # In one piece: a widget each would stand a line apart.
        below = [str(sheet.help.text())] if sheet.help is not None else []
        if any(field.kind == "scale" for field in sheet.fields):
            below.append(t("1 is the lowest mark, 5 the highest."))
        told = "".join(f"<p>{escape(line)}</p>" for line in below)
        if sheet.private:
            private = t("Only you see this: it is in no export, no view of the room and no report.")
            told += f"<p><b>{escape(private)}</b></p>"
        if self.drafted:
            told += self._from_sheets()
        self._head.value = f"<h3>{escape(str(sheet.title.text()))}</h3>{told}"

    def _fit_buttons(self) -> None:
        """Show the buttons that make sense now; one that was there stays, and so does the keyboard on it."""
        wanted = [(t("Save"), self.save, "primary", "save")]
        if len(self.rows) < self.sheet.rows[1]:
            wanted.append((t("Add a row"), self.add, "", "add"))
        if self._offers:
            wanted.append((t("Take over from my sheets"), self.take_over, "", "fill"))
        self._acts = {one[3]: self._acts.get(one[3]) or self._button(*one) for one in wanted}
        self._buttons.children = list(self._acts.values())

    def _whole(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the rows, and empty ones up to the fewest."""
        return [dict(row) for row in rows] + [{} for _ in range(self.sheet.rows[0] - len(rows))]

    def _draft(self) -> list[dict[str, Any]]:
        """Return what earlier sheets propose, at most as many rows as the sheet takes."""
        name = self.sheet.name
        if name not in DRAFTS:
            return []
        rows = prefilled(name, self.desk.filled(DRAFTS[name][0]), _today())[: self.sheet.rows[1]]
        self.drafted = bool(rows)
        return rows

    def _from_sheets(self) -> str:
        known = sheets()
        # The board half-way is no sheet, but sheets are filled in from it too.
        names = t(", ").join(
            str(known[name].title.text() if name in known else halfway.TITLE)
            for name in self.desk.filled(self.sources)
        )
        return (
            '<p style="border-left:4px solid #0072B2;padding:4px 10px">◆ '
            + escape(t("Filled in from your sheets: {names}. Change what you like, then save.", names=names))
            + "</p>"
        )

    def refresh(self) -> None:
        """Follow an earlier sheet that was just saved, as long as nothing was typed here."""
        before = (len(self.rows), self.drafted, self._offers)
        if not self.touched:
            # A row that is no longer proposed is emptied and stays: somebody may be typing into it at this moment.
            rows = self._whole(self._draft())
            self.rows = rows + [{} for _ in range(before[0] - len(rows))]
        if before != (len(self.rows), self.drafted, bool(self.desk.filled(self.sources))):
            self._fit()
        if not self.touched:
            self._refill()

    def _refill(self) -> None:
        """Put the rows into the fields that are there."""
        self._filling = True
        for (place, name), made in self._cells.items():
            field = next(one for one in self.sheet.fields if one.name == name)
            value = self.rows[place].get(name)
            if field.kind == "choice":
                known = [one.value for one in field.choices]
                made.index = 1 + known.index(value) if value in known else 0
            elif field.kind == "scale":
                made.value = int(value) if value in _SCALE else None
            elif field.kind == "flag":
                made.value = bool(value)
            else:
                made.value = _day(value) if field.kind == "date" else _shown(value)
        self._filling = False

    def reload(self) -> None:
        """Follow the same sheet where it was changed by hand elsewhere on the page; own saving changes nothing here."""
        if not self._saving:
            self.rows = self._whole(self.desk.kept(self.sheet))
            self.touched, self.changed = True, False
            self.draw()

    def take_over(self) -> None:
        """Add what earlier sheets propose and is not here yet; what stands here is never changed."""
        key = next(field.name for field in self.sheet.fields if field.kind in {"text", "long"})
        there = {str(row.get(key)).strip() for row in self.rows if row.get(key)}
        mine = [row for row in self.rows if any(value not in (None, "", False) for value in row.values())]
        new = [row for row in self._draft() if str(row.get(key)).strip() not in there]
        self.rows = self._whole([*mine, *new][: self.sheet.rows[1]])
        self.touched = self.changed = True
        self.draw()

    def _row(self, place: int) -> w.Widget:
        cells: list[w.Widget] = []
        if self.sheet.rows[1] > 1:
            cells.append(w.HTML(f"<b>{place + 1}</b>"))
        for field in self.sheet.fields:
            cells.append(w.HTML(f'<label style="{LABEL}">{escape(label(field))}</label>'))
            cells.append(self._cell(field, place))
        self._fields.append(cells)
        made = w.VBox(
            cells,
            layout=w.Layout(border="1px solid #D5D9DE", padding="8px 12px", margin="0 0 8px 0", width="100%"),
        )
        if len(self.sheet.fields) == 1:
            # Nothing stands beside it, so it may be as wide as a line of text.
            made.add_class("kpisim-single")
        elif len(self.sheet.fields) % 2:
            # The first field, which the others are about, stands alone above pairs that belong together.
            made.add_class("kpisim-odd")
        return made

    def _cut_button(self, place: int) -> w.Widget:
        words = t("Remove row {row}", row=place + 1)
        # In a row of its own, or it would be as wide as the fields.
        return w.HBox([self._button(words, lambda: self.cut(place), "", f"cut-{place}")])

    def _cell(self, field: Field, place: int) -> w.Widget:
        value = self.rows[place].get(field.name)
        hint = "" if field.hint is None else str(field.hint.text())
        made: Any
        if field.kind == "choice":
            options = [(t("choose …"), None), *((str(one.label.text()), one.value) for one in field.choices)]
            known = {one.value for one in field.choices}
            # Asked for the value None, the browser shows an empty line instead of "choose …".
            chosen = {"value": value} if value in known else {"index": 0}
            made = w.Dropdown(options=options, layout=WIDE, style=STYLE, **chosen)
        elif field.kind == "scale":
            known_value = int(value) if value in _SCALE else None
            made = w.ToggleButtons(options=_SCALE, value=known_value, style={"button_width": "60px"})
        elif field.kind == "flag":
            # A box alone says neither what it is nor where to click.
            made = w.Checkbox(value=bool(value), indent=False, description=hint or t("yes"))
        elif field.kind == "date":
            made = w.DatePicker(value=_day(value), layout=WIDE, style=STYLE)
        elif field.kind == "long":
            made = w.Textarea(
                value=_shown(value),
                placeholder=hint,
                rows=4,
                layout=WIDE,
                style=STYLE,
                continuous_update=False,
            )
        else:
            made = w.Text(
                value=_shown(value), placeholder=hint, layout=WIDE, style=STYLE, continuous_update=False
            )
        if field.kind != "flag":
            several = self.sheet.rows[1] > 1
            named_field(
                made, t("Row {row}: {text}", row=place + 1, text=label(field)) if several else label(field)
            )
        made.add_class(f"kpisim-{self.sheet.name}-{field.name}-{place}")
        made.observe(lambda change: self._heard(made, place, field.name, change["new"]), names="value")
        self._cells[place, field.name] = made
        return made

    def _heard(self, made: w.Widget, place: int, name: str, value: Any) -> None:
        """Take what was typed; where the form was drawn anew meanwhile, show it in the field that is there now."""
        if self._filling or place >= len(self.rows):
            return
        self.typed(place, name, value)
        self._group(made, place, name)
        if self._cells.get((place, name)) is not made:
            self.draw()

    def _group(self, made: Any, place: int, name: str) -> None:
        """Show a long number with its thousands apart once the field is left: nobody counts the noughts of 12000000."""
        field = next(one for one in self.sheet.fields if one.name == name)
        value = str(made.value).strip() if field.kind == "number" else ""
        if _LONG_NUMBER.fullmatch(value):
            self._filling = True
            made.value = f"{int(value):,}"
            self._filling = False
            self.rows[place][name] = made.value

    def typed(self, place: int, name: str, value: Any) -> None:
        """Take what was typed into one field and keep it as a draft."""
        self.rows[place][name] = value.isoformat() if isinstance(value, date) else value
        self.touched = True
        with self.desk.words():
            try:
                self.desk.draft(self.sheet, self.rows)
            except UserError as problem:
                self._show([str(problem)], "bad")
                return
            self._change()

    def _change(self) -> None:
        """Note that what stands here is no longer what was saved, and say so."""
        self.changed = True
        self._tell()

    def add(self) -> None:
        """Add an empty row."""
        self.touched = True
        if len(self.rows) < self.sheet.rows[1]:
            self.rows.append({})
            self.changed = True
        self._fit()

    def cut(self, place: int) -> None:
        """Take one row out; what stood in it stays in the session's history."""
        if place < len(self.rows) and len(self.rows) > self.sheet.rows[0]:
            del self.rows[place]
            self.touched = True
            with self.desk.words():
                try:
                    self.desk.draft(self.sheet, self.rows)
                except UserError as problem:
                    self._show([str(problem)], "bad")
                    return
            self.changed = True
        self.draw()

    def save(self) -> None:
        """Keep the sheet, then say that it is kept and what is still missing."""
        with self.desk.words():
            try:
                rows = tidy(self.sheet, self.rows)
                if not rows and not self.desk.saved(self.sheet):
                    # Nothing to keep, so no "saved" may be said; to empty what was saved is another matter.
                    self._show([t("nothing is filled in yet; fill in the fields, then save again")], "left")
                    return
                self._saving = True
                at = self.desk.keep(self.sheet, rows)
            except UserError as problem:
                self._show([str(problem)], "bad")
                return
            finally:
                self._saving = False
            # From now on it is one's own.
            self.drafted = self.changed = False
            self._tell_head()
            self.saved = at.astimezone().strftime("%H:%M:%S")
            self._tell()

    def remarks(self) -> list[str]:
        """Return what is missing, a line each, in the current language."""
        try:
            found = check(self.sheet, tidy(self.sheet, self.rows), _today())
        except UserError as problem:
            return [str(problem)]
        several = self.sheet.rows[1] > 1
        if self.sheet.rule == "boxes":
            calendar = self.desk.filled([CALENDAR]).get(CALENDAR, [])
            rows = tidy(self.sheet, self.rows)
            told = {str(text) for _, text in week_remarks(rows, calendar, next_monday(_today()))}
            if told:
                # They stand on the week below, where they can be mended; the same list twice would be read as two.
                text = Text("remarks on the week below: {count}", None, count=len(told))
                found.append(Remark(len(rows), "", text))
        return [
            t("Row {row}: {text}", row=one.row + 1, text=str(one.text))
            if several and one.field
            else str(one.text)
            for one in found
        ]

    def _tell(self) -> None:
        if not self.saved:
            self.said.value = ""
            return
        if self.changed:
            # What is not saved goes into nothing that follows, so no "saved" may stand beside it.
            self._show([t("Changed after it was saved at {time}: save again.", time=self.saved)], "left")
            return
        missing = self.remarks()
        first, gap = t("Saved at {time}.", time=self.saved), "" if self.desk.lang == "zh" else " "
        said = [t("Still to mend:"), *missing] if missing else [t("Complete.")]
        self._show([first + gap + said[0], *said[1:]], "left" if missing else "good", self._sums())

    def _sums(self) -> list[str]:
        """Return what the rows come to; nothing while one of them cannot be read."""
        try:
            return [str(one) for one in sums(self.sheet, tidy(self.sheet, self.rows))]
        except UserError:
            return []

    def _show(self, lines: list[str], how: How, sums: Sequence[str] = ()) -> None:
        # What rows come to is neither praise nor a fault, so it has the colour of text.
        below = "".join(f'<br><span style="color:{INK}">{escape(line)}</span>' for line in sums)
        self.said.value = status(how, *lines, below=below)

    def _button(self, text: str, act: Callable[[], None], style: str, name: str) -> w.Button:
        made = w.Button(
            description=text, button_style=style, layout=w.Layout(min_height="44px", width="auto")
        )
        made.add_class(f"kpisim-{self.sheet.name}-{name}")
        made.on_click(lambda _: act())
        return made


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


def _shown(value: Any) -> str:
    if value is None:
        return ""
    # As long as it takes: 1.2e+07 is no number to a manager, nor to the sheet when it is saved again.
    return f"{value:,.15g}" if isinstance(value, float) else str(value)


def _day(value: Any) -> date | None:
    try:
        return None if value is None else date.fromisoformat(str(value))
    except ValueError:
        return None


__all__ = ["SheetForm"]
