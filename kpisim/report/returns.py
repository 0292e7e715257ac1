"""Checks that came back after 30, 60 or 90 days: read from pages and workbooks, whatever the files are called now.

Ticks, dates and the version are read, never a sentence; what somebody wrote stays in their own file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from html.parser import HTMLParser
from io import BytesIO
from typing import TYPE_CHECKING, Any

from kpisim.report.self_check import HELPED, HINDERED, LOOK_BACK, MARKS, VERSION
from kpisim.report.self_check_book import MARK, MARKER, SINCE, TICK
from kpisim.sheets.check import iso_day
from kpisim.tables.files import DAMAGED
from kpisim.text import Text, UserError, t

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

PAGES, BOOKS = (".html", ".htm"), (".xlsx", ".xlsm")
LARGEST = 20_000_000
"""Bytes beyond which a file is no check."""


@dataclass(frozen=True, slots=True)
class Action:
    """What came of one commitment.

    Attributes
    ----------
    area
        Part of the day it belongs to; empty in a file of version 1.
    mark
        0 not begun, 50 half-way, 100 kept; None where nothing was ticked.
    since
        Day from which on it was kept; None where none was given.
    """

    area: str
    mark: int | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One look back.

    Attributes
    ----------
    actions
        In the order of the plan.
    helped, hindered
        Reasons ticked, by name.
    """

    actions: tuple[Action, ...]
    helped: tuple[str, ...] = ()
    hindered: tuple[str, ...] = ()

    @property
    def answered(self) -> int:
        """How many commitments were ticked."""
        return sum(one.mark is not None for one in self.actions)


@dataclass(frozen=True, slots=True)
class Returned:
    """One file that came back.

    Attributes
    ----------
    path
        Where it lies.
    code
        What :func:`kpisim.report.self_check.return_code` made of the author; None in a file of version 1.
    planned
        Day of the workshop; None in a file of version 1.
    words
        The commitments, to find a file of version 1 by; they are kept nowhere.
    looks
        Days -> look back.
    """

    path: Path
    code: str | None
    planned: date | None
    words: tuple[str, ...]
    looks: dict[int, Look]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that does not count, and why."""

    path: Path
    why: Text

    def __str__(self) -> str:
        return f"{self.path.name}{t(': ')}{self.why}"


NO_CHECK = Text("no 30/60/90-day check; left out", "不是30/60/90天自查表，未计入")
NEWER = Text(
    "made by a newer version of kpisim; update kpisim to read it", "由更新版本的 kpisim 生成；升级后才能读取"
)


def read_returns(folder: Path) -> tuple[list[Returned], list[LeftOut]]:
    """Read every check in a folder and in the folders inside it.

    Parameters
    ----------
    folder
        Where the files that came back were put.

    Raises
    ------
    UserError
        No such folder, or nothing in it.
    """
    if not folder.is_dir():
        raise UserError(
            "{path}: no such folder; give the one that the returned checks were put into", path=str(folder)
        )
    read: list[Returned] = []
    out: list[LeftOut] = []
    for path in _files(folder):
        found = read_return(path)
        if isinstance(found, Returned):
            read.append(found)
        else:
            out.append(found)
    if not read and not out:
        raise UserError("{path}: nothing in it; put the returned checks there", path=str(folder))
    return read, out


def _files(folder: Path) -> Iterator[Path]:
    """Yield files by name; what Excel and file managers leave behind is nobody's check."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith((".", "~$")) and path.name.lower() != "thumbs.db":
            yield path


def read_return(path: Path) -> Returned | LeftOut:
    """Return what one file says, or why it does not count."""
    ending = path.suffix.lower()
    try:
        if ending not in PAGES + BOOKS or path.stat().st_size > LARGEST:
            return LeftOut(path, NO_CHECK)
        return _page(path) if ending in PAGES else _book(path)
    except OSError as problem:
        why = Text("cannot be read ({reason}); left out", "读不出来（{reason}），未计入", reason=problem.strerror or "")  # fmt: skip
        return LeftOut(path, why)


class _Reader(HTMLParser):
    """Ticks and dates of a page, of version 2 or of the one before it."""

    def __init__(self) -> None:
        super().__init__()
        self.about: dict[str, str | None] = {}
        self.marks: dict[int, dict[int, int]] = {}
        self.since: dict[int, dict[int, str]] = {}
        self.ticked: dict[str, list[str]] = {}
        self.words: dict[int, list[str]] = {}
        self.areas: dict[int, list[str]] = {}
        self._day = 0
        self._legend = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "main":
            self.about = has
        elif tag == "section":
            self._day = int(has.get("data-day") or 0) if (has.get("data-day") or "").isdecimal() else 0
        elif tag == "input":
            self._input(has)
        elif tag == "fieldset" and self._day and ("data-area" in has or "data-check" not in self.about):
            self.words.setdefault(self._day, []).append("")
            self.areas.setdefault(self._day, []).append(has.get("data-area") or "")
        elif tag == "legend":
            self._legend = len(self.words.get(self._day, ())) > 0

    def handle_endtag(self, tag: str) -> None:
        if tag == "legend":
            self._legend = False

    def handle_data(self, data: str) -> None:
        words = self.words.get(self._day)
        # Reasons have a legend too; they come after the last commitment and have no place of their own.
        if self._legend and words and not words[-1]:
            words[-1] = data

    def _input(self, has: Mapping[str, str | None]) -> None:
        if radio := re.fullmatch(r"d(\d+)-(\d+)", has.get("name") or ""):
            if "checked" in has and (has.get("value") or "").isdecimal():
                self.marks.setdefault(int(radio[1]), {})[int(radio[2])] = int(has["value"] or 0)
        elif day := re.fullmatch(r"o(\d+)-(\d+)", has.get("id") or ""):
            self.since.setdefault(int(day[1]), {})[int(day[2])] = has.get("value") or ""
        elif "checked" in has and re.fullmatch(r"[hw]\d+", has.get("name") or ""):
            self.ticked.setdefault(has["name"] or "", []).append(has.get("value") or "")


def _page(path: Path) -> Returned | LeftOut:
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8", errors="replace"))
    reader.close()
    if not reader.words:
        return LeftOut(path, NO_CHECK)
    version = reader.about.get("data-check")
    if version is not None and version != str(VERSION):
        return LeftOut(path, NEWER)
    looks = {}
    for days in LOOK_BACK:
        marks, since = reader.marks.get(days, {}), reader.since.get(days, {})
        actions = tuple(
            Action(area, _mark(marks.get(place)), _day(since.get(place)))
            for place, area in enumerate(reader.areas.get(days, ()))
        )
        ticked = (reader.ticked.get(f"{letter}{days}", []) for letter in "hw")
        looks[days] = Look(actions, *(_reasons(*pair) for pair in zip(ticked, (HELPED, HINDERED), strict=True)))  # fmt: skip
    words = tuple(next(iter(reader.words.values())))
    return Returned(path, reader.about.get("data-code"), _day(reader.about.get("data-planned")), words, looks)


def _book(path: Path) -> Returned | LeftOut:
    from openpyxl import load_workbook  # noqa: PLC0415

    data = path.read_bytes()
    try:
        book = load_workbook(BytesIO(data), data_only=True)
    except DAMAGED:
        return LeftOut(path, NO_CHECK)
    looks: dict[int, Look] = {}
    code: str | None = None
    planned: date | None = None
    words: tuple[str, ...] = ()
    for page in book.worksheets:
        about = str(page["A1"].value or "").split()
        if len(about) != 5 or about[0] != MARKER or not about[4].isdecimal():
            continue
        if about[1] != str(VERSION):
            return LeftOut(path, NEWER)
        code, planned = about[2], _day(about[3])
        looks[int(about[4])], words = _sheet(page)
    return Returned(path, code, planned, words, looks) if looks else LeftOut(path, NO_CHECK)


def _sheet(page: Any) -> tuple[Look, tuple[str, ...]]:
    actions: dict[int, Action] = {}
    words: dict[int, str] = {}
    ticked: dict[str, list[str]] = {"helped": [], "hindered": []}
    for line in range(2, page.max_row + 1):
        key = str(page[f"A{line}"].value or "").split()
        if len(key) >= 2 and key[0] == "action" and key[1].isdecimal():
            place = int(key[1])
            words[place] = str(page[f"B{line}"].value or "")
            actions[place] = Action(
                key[2] if len(key) > 2 else "",
                _marked(page[f"{MARK}{line}"].value),
                _day(page[f"{SINCE}{line}"].value),
            )
        elif len(key) == 2 and key[0] in ticked and str(page[f"{TICK}{line}"].value or "").strip():
            ticked[key[0]].append(key[1])
    look = Look(
        tuple(actions[place] for place in sorted(actions)),
        _reasons(ticked["helped"], HELPED),
        _reasons(ticked["hindered"], HINDERED),
    )
    return look, tuple(words[place] for place in sorted(words))


def _marked(value: Any) -> int | None:
    """Return the mark behind a word of the list, in either language, or behind a number of per cent."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        # A cell formatted in per cent holds 1 for 100 %.
        return _mark(round(value * 100) if 0 < value <= 1 else round(value))
    said = str(value or "").strip().casefold()
    return next((mark for mark, text in MARKS.items() if said in (text.en.casefold(), text.zh)), None)


def _mark(value: int | None) -> int | None:
    return value if value in MARKS else None


def _reasons(names: Sequence[str], known: Mapping[str, Text]) -> tuple[str, ...]:
    return tuple(name for name in known if name in names)


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(iso_day(str(value or "").strip()))
    except ValueError:
        return None


__all__ = ["Action", "LeftOut", "Look", "Returned", "read_return", "read_returns"]
