"""One's own data on the screen: upload an export, say what its columns are, see what is wrong with it, keep the mapping."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import ipywidgets as w
import pandas as pd

from kpisim.crm.load import NoDateError
from kpisim.crm.quality import LEVELS, quality
from kpisim.crm.wizard import NOT_USED, roles
from kpisim.crm.wizard.cells import raws_of
from kpisim.crm.wizard.columns import look_at, masked
from kpisim.crm.wizard.draft import NoDatesError, NoTableError
from kpisim.crm.wizard.join import (
    cells_of,
    heads,
    joined_text,
    joins,
    load_joined,
    lookup_lines,
    open_exports,
)
from kpisim.crm.wizard.make import write
from kpisim.crm.wizard.words import book, title
from kpisim.show.hand.fields import named_field
from kpisim.show.panels.own_target import planned_target, tracked_html
from kpisim.show.panels.status import status
from kpisim.show.theme import SCROLLS
from kpisim.tables.schema import TABLES
from kpisim.tables.titles import table_title
from kpisim.text import Text, UserError, t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kpisim.crm.quality import Finding
    from kpisim.crm.wizard import Draft
    from kpisim.crm.wizard.question import Question
    from kpisim.show.panels.desk import Desk
    from kpisim.tables import Tables

FEW_CELLS = 3
"""Most cells that are told of a column."""
WIDE = w.Layout(width="100%", max_width="960px")
_FIELD = w.Layout(width="360px", max_width="100%")
_ANSWER = w.Layout(width="560px", max_width="100%")
"""An answer to a question is a clause; what a column is, a word or two."""
_CELL = 'style="padding:2px 12px 2px 0;text-align:left;vertical-align:top"'
# Narrow enough that the last column is seen beside it on a laptop of 1366 dots.
_WORDS = _CELL.replace('"padding', '"min-width:10em;max-width:24em;padding')
_HEAD = _CELL.replace('"padding', '"white-space:nowrap;padding')


class OwnDataPanel:
    """An export on its way to tables, without a terminal.

    Attributes
    ----------
    drafts
        What is proposed and answered so far, a draft for each file.
    tables
        What was read last; None before.
    box
        The widget to show.
    """

    def __init__(self, desk: Desk, folder: Path | None = None) -> None:
        self.desk = desk
        self.folder = Path.cwd() if folder is None else folder
        # The file goes with the kernel: an export with names in it stays nowhere.
        self._kept = TemporaryDirectory(prefix="kpisim")
        self.drafts: list[Draft] = []
        self.tables: Tables | None = None
        self.problem, self.saved = "", ""
        self.target: float | None = None
        self._places: list[Path] = []
        self._asks = False
        self.upload = w.FileUpload(accept=".csv,.txt,.tsv,.xlsx", multiple=True)
        self.upload.add_class("kpisim-own-data-upload")
        self.upload.observe(lambda change: self._uploaded(change["new"]), names="value")
        self.inner = w.VBox(layout=WIDE)
        self.box = w.Accordion([self.inner], selected_index=None)
        self.box.add_class("kpisim-own-data")
        desk.panels.append(self)
        self.draw()

    @property
    def draft(self) -> Draft | None:
        """The draft of the first file; None before one is there."""
        return self.drafts[0] if self.drafts else None

    def read(self, *files: tuple[str, bytes]) -> None:
        """Look at uploaded files, name and content of each; one that cannot be read is told in one line."""
        self.drafts, self.tables, self.target, self.problem, self.saved = [], None, None, "", ""
        self._places = [Path(self._kept.name) / Path(name).name for name, _ in files]
        for place, (_, content) in zip(self._places, files, strict=True):
            place.write_bytes(content)
        self._open()

    def name_rows(self, table: str) -> None:
        """Say what the rows of files are whose columns did not tell it."""
        self.problem = ""
        self._open(table)

    def _open(self, table: str | None = None) -> None:
        self._asks = False
        with self.desk.words():
            try:
                self.drafts = open_exports(self._places, table)
            except UserError as problem:
                self._asks = isinstance(problem, NoTableError)
                self.problem = self._told(self._asked(problem) if self._asks else problem)
        self.draw()

    def _asked(self, problem: UserError) -> UserError:
        """Return the same as a question: nobody at this page has a terminal, or knows our names of tables."""
        told = problem.values  # noqa: PD011  (no frame)
        return UserError(
            "{path}: the names of its columns ({names}) do not tell what a row is; choose it below, or upload a file of orders or opportunities",
            path=told["path"],
            names=t(", ").join(told["names"].split(", ")),
        )

    def take(self, table: str, draft: Draft | None = None) -> None:
        """Read the rows of a file, by default the first, as those of `table`."""
        self._act(lambda: (draft or self.drafts[0]).take(table))

    def give(self, column: str, role: str, draft: Draft | None = None) -> None:
        """Say what a column of a file, by default the first, is."""
        self._act(lambda: _give(draft or self.drafts[0], column, role))

    def settle(self, question: Question, answer: str, draft: Draft | None = None) -> None:
        """Answer a question about a file, by default the first."""
        self._act(lambda: (draft or self.drafts[0]).answer(question, answer))

    def check(self) -> None:
        """Take what is still proposed, read the files through the mapping and look for what is wrong with them."""

        def act() -> None:
            for draft in self.drafts:
                _accept(draft)
            self.tables = load_joined(self.drafts)
            self.target = planned_target(self.tables)

        self._act(act)

    def keep(self) -> None:
        """Write the mapping beside the notebook, under a name that is free."""

        def act() -> None:
            for draft in self.drafts:
                _accept(draft)
            stem = self.drafts[0].path.stem
            names = (f"{stem}{more}.mapping.yaml" for more in ["", *(f"-{n}" for n in range(2, 1000))])
            place = next(place for name in names if not (place := self.folder / name).exists())
            self.saved = str(write(joined_text(self.drafts), place))

        tables = self.tables
        self._act(act)
        self.tables = tables
        self.draw()

    def follow(self, target: float) -> None:
        """Show where a target for the quarter leads."""
        self.target, self.problem = target, ""
        self.draw()

    def _act(self, act: Callable[[], object]) -> None:
        if not self.drafts:
            return
        self.tables, self.problem = None, ""
        with self.desk.words():
            try:
                act()
            except UserError as problem:
                self.problem = self._told(problem)
        self.draw()

    def _told(self, problem: UserError) -> str:
        """Return what went wrong, with the file by its name alone: where we put it says nothing to anybody."""
        if isinstance(problem, NoDateError):
            # Nobody at this page writes a mapping.
            told = problem.values  # noqa: PD011  (no frame)
            problem = UserError(
                "{file}, row {row}, column {column}: {value} is not a date; mend the file and upload it once more",
                **{name: told[name] for name in ("file", "row", "column", "value")},
            )
        return str(problem).replace(f"{self._kept.name}{os.sep}", "")

    def _uploaded(self, files: Any) -> None:
        if files:
            self.read(*((one["name"], bytes(one["content"])) for one in files))

    def draw(self) -> None:
        """Write everything in the current language; what was chosen stays."""
        with self.desk.words():
            self.box.titles = (t("For later: your own data"),)
            self.upload.description = t("Choose files")
            self.upload.layout = w.Layout(width="220px", min_height="44px")
            told = w.HTML(
                f"<p>{escape(t('An export of opportunities or orders as CSV or Excel, a file a month if you have several, with the lists of reps and customers that go with it. It stays on this machine and is not changed; personal data are shown masked and not needed.'))}</p>"
            )
            parts: list[w.Widget] = [told, self.upload]
            for draft in self.drafts:
                if len(self.drafts) > 1:
                    parts.append(w.HTML(f"<h3>{escape(draft.name)}</h3>"))
                parts += self._columns(draft)
                parts += self._questions(draft)
            if self.drafts:
                parts.append(w.HBox([
                    self._button(t("Read and check"), self.check, "check", "primary"),
                    self._button(t("Keep the mapping"), self.keep, "keep"),
                ], layout=w.Layout(flex_flow="row wrap")))  # fmt: skip
            parts.append(w.HTML(self._said()))
            if self._asks:
                parts += self._table(t("choose …"), None, self.name_rows)
            parts += self._tracking()
            self.inner.children = parts

    def _table(self, none: str, value: str | None, act: Callable[[str], None]) -> list[w.Widget]:
        """Return the question what a row is; `none` stands first where nothing is proposed."""
        tables: list[tuple[str, str | None]] = [] if value else [(none, None)]
        tables += [(str(Text(TABLES[name].en, TABLES[name].zh)), name) for name in book()["tables"]]
        # Asked for the value None, the browser shows an empty line instead of "choose …".
        chosen = {"value": value} if value else {"index": 0}
        question = t("What is one row of this file?")
        table = named_field(w.Dropdown(options=tables, layout=_FIELD, **chosen), question)
        table.add_class("kpisim-own-data-table")
        table.observe(lambda change: act(change["new"]) if change["new"] else None, names="value")
        return [w.HTML(f"<b>{escape(question)}</b>"), table]

    def _columns(self, draft: Draft) -> list[w.Widget]:
        options = [(str(title(draft.table, role)), role) for role in (NOT_USED, *roles(draft.table))]
        rows = self._table("", draft.table, lambda name: self.take(name, draft))
        for column in draft.columns:
            pick = draft.picks[column.name]
            field = named_field(w.Dropdown(options=options, value=pick.role, layout=_FIELD), column.name)
            field.add_class("kpisim-own-data-column")
            field.observe(
                lambda change, name=column.name: self.give(name, change["new"], draft), names="value"
            )
            asked = not pick.sure and ("column", column.name) not in draft.settled
            odd = not draft.fits(column.name)
            sign = "▲ " + t("please check") + " · " if asked or odd else ""
            rows.append(
                w.HBox(
                    [
                        w.HTML(
                            f'<div style="line-height:1.4;overflow-wrap:anywhere"><b>{escape(column.name)}</b><br><small>{escape(draft.samples(column.name)) or "–"}</small></div>',
                            layout=w.Layout(width="220px"),
                        ),
                        field,
                        w.HTML(
                            f'<div style="line-height:1.4"><small>{escape(sign + str(pick.reason))}</small></div>',
                            layout=w.Layout(flex="1 1 260px", width="auto"),
                        ),
                    ],
                    layout=w.Layout(
                        flex_flow="row wrap",
                        border_bottom="1px solid #D5D9DE",
                        padding="4px 0",
                        align_items="center",
                    ),
                )
            )
        return rows

    def _questions(self, draft: Draft) -> list[w.Widget]:
        made: list[w.Widget] = []
        for question in draft.open():
            if question.asked in {"column", "table"}:
                continue  # their answers stand above
            if question.asked == "missing" and not question.choices:
                told = t(
                    "None fits. Choose it above, in the line of its column; what stands in its way is then told."
                )
                made.append(w.HTML(f"▲ {escape(str(_worded(draft, question)))} {escape(told)}"))
                continue
            made.append(self._answer(draft, question, question.proposal))
        # What was taken can be taken back: it decides what an amount is.
        for question, given in draft.said.values():
            made.append(self._answer(draft, question, given, sign="✓"))
        return made

    def _answer(self, draft: Draft, question: Question, value: str | None, sign: str = "▲") -> w.Widget:
        """Return a question with its answers, and the one given or proposed."""
        options = [*([] if value else [(t("choose …"), None)]), *_options(question)]
        # Asked for the value None, the browser shows an empty line instead of "choose …".
        chosen = {"value": value} if value else {"index": 0}
        text = str(_worded(draft, question))
        field = named_field(w.Dropdown(options=options, layout=_ANSWER, **chosen), text)
        field.add_class(f"kpisim-own-data-{question.asked}")
        field.observe(lambda change: self.settle(question, change["new"] or "", draft), names="value")
        return w.VBox([w.HTML(f"{sign} {escape(text)}"), field])

    def _button(self, text: str, act: Any, name: str, style: str = "") -> w.Button:
        made = w.Button(description=text, button_style=style, layout=w.Layout(width="auto"))
        made.add_class(f"kpisim-own-data-{name}")
        made.on_click(lambda _: act())
        return made

    def _said(self) -> str:
        said = ""
        if self.problem:
            said += status("bad", self.problem)
        if self.saved:
            said += status("good", t("Mapping saved: {path}", path=Path(self.saved).name))
        return said + ("" if self.tables is None else joins_html(self.drafts) + quality_html(self.tables))

    def _tracking(self) -> list[w.Widget]:
        """Return a field for a target of the quarter and the board it makes, where orders were read."""
        if self.tables is None or not len(self.tables["orders"]):
            return []
        question = t("Target for bookings of the last quarter in the data")
        field = named_field(w.FloatText(value=self.target or 0.0, layout=_FIELD), question)
        field.add_class("kpisim-own-data-target")
        button = self._button(t("Where does it lead?"), lambda: self.follow(float(field.value)), "track")
        head = f"<h3>{escape(question)}</h3>"
        told = ""
        if self.target is not None:
            try:
                told = tracked_html(self.tables, self.target)
            except UserError as problem:
                told = status("bad", problem)
        row = w.HBox([field, button], layout=w.Layout(flex_flow="row wrap", align_items="center"))
        return [w.HTML(head), row, w.HTML(told)]


def _accept(draft: Draft) -> None:
    """Take every proposal; what has none is asked for above."""
    for question in draft.open():
        if question.proposal is None:
            raise UserError("{question} Choose it above.", question=_worded(draft, question))
    draft.accept()


def _give(draft: Draft, column: str, role: str) -> None:
    """Take a column for what it is said to be; where its cells forbid it, tell which ones do."""
    try:
        draft.give(column, role)
    except NoDatesError:
        asked = str(title(draft.table, role))
        odd, dates = _no_dates(draft, column)
        if dates:
            raise UserError(
                "{name}: {cells} cannot be read as a date, so it cannot be “{role}”; mend the file and upload it once more",
                name=column,
                cells=t(", ").join(f"“{cell}”" for cell in odd),
                role=asked,
            ) from None
        raise UserError(
            "{name}: no dates stand in it, so it cannot be “{role}”; choose another column",
            name=column,
            role=asked,
        ) from None


def _no_dates(draft: Draft, column: str) -> tuple[list[str], bool]:
    """Return the first cells of a column that are no dates, and whether others are."""
    odd: list[str] = []
    dates = False
    for raw in raws_of(draft.spots):
        cells: Any = raw[column].dropna().astype(str).str.strip() if column in raw.columns else []
        for cell in dict.fromkeys(cell for cell in cells if cell):
            if look_at(column, pd.Series([cell])).look == "date":
                dates = True
            else:
                odd.append(masked(cell))
            if dates and len(odd) >= FEW_CELLS:
                return odd[:FEW_CELLS], dates
    return odd[:FEW_CELLS], dates


def _options(question: Question) -> list[tuple[str, str | None]]:
    """Return the answers to a question as a field shows them."""
    if question.asked == "missing":
        return [(value, value) for value, _ in question.choices]
    if question.asked == "lookup":
        # Which column of the list, with samples of it.
        first, *columns = question.choices
        return [(str(first[1]), first[0]), *((f"{value} ({meaning})", value) for value, meaning in columns)]
    return [(str(meaning), value) for value, meaning in question.choices]


def _worded(draft: Draft, question: Question) -> Text:
    """Return a question without the name in a mapping file, which nobody at this page writes."""
    if question.asked != "missing":
        return question.text
    return Text("Which column is the {title}?", None, title=title(draft.table, question.subject))


def joins_html(drafts: Sequence[Draft]) -> str:
    """Return how the keys of several files meet, as a table; nothing for one file."""
    told = "".join(f"<p>{escape(line)}</p>" for line in lookup_lines(drafts))
    found = joins(drafts)
    if not found:
        return told
    line = "".join(f'<th scope="col" {_CELL}>{escape(one)}</th>' for one in heads())
    rows = "".join(
        "<tr>" + "".join(f"<td {_CELL}>{escape(cell)}</td>" for cell in cells_of(one)) + "</tr>"
        for one in found
    )
    return (
        told + f"<h3>{escape(t('How the files meet by key (nothing was changed):'))}</h3>"
        f'<div {SCROLLS}><table style="border-collapse:collapse;line-height:1.5"><tr>{line}</tr>{rows}</table></div>'
    )


def quality_html(tables: Tables) -> str:
    """Return how many rows were read and what is wrong with them, as a table."""
    read = t(", ").join(
        t("{table}: {rows} rows", table=table_title(name), rows=f"{len(frame):,}")
        for name, frame in tables.frames.items()
        if len(frame)
    )
    head = f"<h3>{escape(t('What was read, and what is wrong with it'))}</h3><p>{escape(read)}</p>"
    notes = "".join(f"<p>{escape(t('Note: {note}', note=note))}</p>" for note in tables.meta.notes)
    found = quality(tables)
    if not found:
        return (
            head
            + notes
            + f"<p>{escape(t('Nothing to complain about: no missing, impossible or double rows.'))}</p>"
        )
    titles = (t("how bad"), t("table"), t("column"), t("rows"), t("what"), t("first rows"))
    line = "".join(f'<th scope="col" {_HEAD}>{escape(one)}</th>' for one in titles)
    return (
        f'{head}{notes}<div {SCROLLS}><table style="border-collapse:collapse;line-height:1.5"><tr>{line}</tr>'
        + "".join(_finding(one) for one in found)
        + "</table></div>"
    )


def _finding(one: Finding) -> str:
    columns = t(", ").join(str(column) for column in one.words())
    share = f"{one.count:,} ({percent(one.share)})"
    # A sign and its word, a number and its share stay on one line.
    cells = (
        (str(LEVELS[one.level]), _HEAD),
        (str(table_title(one.table)), _HEAD),
        (columns, _WORDS),
        (share, _HEAD),
        (str(one.text), _WORDS),
        (one.where(), _CELL),
    )
    return "<tr>" + "".join(f"<td {style}>{escape(cell)}</td>" for cell, style in cells) + "</tr>"


__all__ = ["OwnDataPanel", "joins_html", "quality_html"]
