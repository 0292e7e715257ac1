"""Several files of one table, a month each: put one below the other, rows that stand in two of them counted once.

A row with a key of its own is the same row wherever its key stands again; said otherwise there, the later file counts.
Where keys are made of row numbers, a row is the same if every cell of it is, and as often as it stands in the file in
which it stands most: two equal orders of one day in one file are two orders.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from kpisim.crm.lines import put_together
from kpisim.tables import conform
from kpisim.tables.origin import FILE, LINE, Finding
from kpisim.tables.parse import plain, texts
from kpisim.tables.schema import TABLES
from kpisim.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from kpisim.tables.origin import Level

SHOWN = 5
_NUMERALS = {word: number for number, word in enumerate("一二三四五六七八九", 1)}
_NUMERAL = re.compile(r"[一二三四五六七八九十]+(?=[月季])|(?<=第)[一二三四五六七八九十]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One file read as a table.

    Attributes
    ----------
    file
        Its name.
    frame
        Typed rows.
    lines
        Row of each in the file; the header is row 1.
    marks
        All cells of each row as text where its key was made up, else None.
    products
        Key -> what its lines say beside amounts and dates, where lines are added up; empty otherwise.
    """

    file: str
    frame: pd.DataFrame
    lines: tuple[int, ...]
    marks: pd.DataFrame | None
    products: Mapping[str, frozenset[tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stacked:
    """A table out of its files: rows, where each came from, rows that stood in two files, and those that changed."""

    frame: pd.DataFrame
    origin: pd.DataFrame
    found: tuple[Finding, ...]

    def count(self, text: Text) -> int:
        """Return how many rows the finding `text` concerns."""
        return sum(one.count for one in self.found if one.text is text)


SAME = Text("the same row is in two files: counted once")
APART = Text("lines of one number are in several files, and none of them twice: added up")
CHANGED = Text("the same key is in two files with different contents: the later file counts")


def in_order(file: Path) -> tuple[Any, ...]:
    """Return what files are sorted by: 2月 before 10月, 二月 before 三月."""
    name = _NUMERAL.sub(lambda found: str(_number(found.group())), file.name)
    return (
        *(
            (0, int(part), "") if part.isdecimal() else (1, 0, part)
            for part in re.split(r"(\d+)", name)
            if part
        ),
        (2, 0, str(file)),
    )


def _number(word: str) -> int:
    tens, ten, ones = word.rpartition("十")
    return (_NUMERALS.get(tens, 1) * 10 if ten else 0) + _NUMERALS.get(ones, 0)


def stack(name: str, parts: Sequence[Part], *, distinct: bool) -> Stacked:
    """Return one table of several files.

    Parameters
    ----------
    name
        The table.
    parts
        Its files, earlier ones first.
    distinct
        Whether the table was gathered from another list, so that the same key in two files is nothing to tell.
    """
    origin = pd.concat(
        [pd.DataFrame({FILE: part.file, LINE: list(part.lines)}) for part in parts], ignore_index=True
    ).astype({FILE: "str", LINE: "Int64"})
    if len(parts) == 1:
        return Stacked(parts[0].frame, origin, ())
    # Categories of one file are not those of another.
    words = {column.name: "str" for column in TABLES[name].columns if column.kind == "category"}
    whole = pd.concat([part.frame.astype(words) for part in parts], ignore_index=True)
    again, found = (
        _same_cells(name, parts, origin) if parts[0].marks is not None else _same_key(name, whole, origin)
    )
    if distinct:
        found = tuple(one for one in found if one.text is CHANGED)
    kept = whole[~again]
    files = " + ".join(dict.fromkeys(part.file for part in parts))
    return Stacked(conform(name, kept, files), origin[~again].reset_index(drop=True), found)


def across(name: str, parts: Sequence[Part]) -> tuple[list[Part], tuple[Finding, ...]]:
    """Put together orders whose lines stand in several files, where no line of one file is one of another.

    A line that comes again with other amounts is a correction, and the later file counts as it does for whole rows.

    Returns
    -------
    The parts, each such order in the last file that has lines of it; and what is to be told.
    """
    files: dict[str, list[int]] = {}
    for number, part in enumerate(parts):
        for key in part.products:
            files.setdefault(key, []).append(number)
    joint = {
        key: numbers
        for key, numbers in files.items()
        if len(numbers) > 1
        and sum(len(parts[number].products[key]) for number in numbers)
        == len(frozenset().union(*(parts[number].products[key] for number in numbers)))
    }
    if not joint:
        return list(parts), ()
    key = TABLES[name].key[0]
    words = {column.name: "str" for column in TABLES[name].columns if column.kind == "category"}
    frames = [part.frame.astype(words) for part in parts]
    apart = pd.concat([frame[frame[key].isin([*joint])] for frame in frames], ignore_index=True)
    whole = put_together(name, conform(name, apart, lines=True), "add").frame.astype(words)
    made = []
    for number, (part, frame) in enumerate(zip(parts, frames, strict=True)):
        last = [one for one in frame[key] if one in joint and joint[one][-1] == number]
        kept = (~frame[key].isin([*joint])).to_numpy(dtype=bool)
        line_of = dict(zip(frame[key], part.lines, strict=True))
        lines = [line for line, keep in zip(part.lines, kept, strict=True) if keep]
        made.append(
            replace(
                part,
                frame=pd.concat([frame[kept], whole.set_index(key, drop=False).loc[last]], ignore_index=True),
                lines=(*lines, *(line_of[one] for one in last)),
            )
        )
    places = tuple(
        f"{one}: {' + '.join(parts[number].file for number in numbers)}"
        for one, numbers in list(joint.items())[:SHOWN]
    )
    total = len(files)
    return made, (Finding("warn", name, key, len(joint), total, (), APART, places),)


def _same_cells(name: str, parts: Sequence[Part], origin: pd.DataFrame) -> tuple[Any, tuple[Finding, ...]]:
    marks = [part.marks for part in parts if part.marks is not None]
    shared = [column for column in marks[0].columns if all(column in mark.columns for mark in marks)]
    rows = []
    for number, mark in enumerate(marks):
        cells = mark[shared].fillna("")
        # The second equal row of one file is another row than the first.
        rows.append(
            cells.assign(__time=cells.groupby(shared, sort=False).cumcount().to_numpy(), __file=number)
        )
    whole = pd.concat(rows, ignore_index=True)
    known = [*shared, "__time"]
    again = whole.duplicated(known).to_numpy(dtype=bool)
    first = whole.groupby(known, sort=False)["__file"].transform(lambda files: files.index[0]).to_numpy()
    return again, _told(name, "note", SAME, again, first, origin)


def _same_key(name: str, whole: pd.DataFrame, origin: pd.DataFrame) -> tuple[Any, tuple[Finding, ...]]:
    key = list(TABLES[name].key)
    last = pd.Series(whole.index, index=whole.index).groupby(
        [whole[part] for part in key], sort=False, dropna=False
    )
    later = last.transform("max").to_numpy()
    again = later != whole.index.to_numpy()
    here, there = whole.astype(object), whole.astype(object).iloc[later].set_axis(whole.index)
    other = ((here != there) & ~(here.isna() & there.isna())).any(axis=1).to_numpy(dtype=bool)
    return again, (
        *_told(name, "note", SAME, again & ~other, later, origin),
        *_told(name, "warn", CHANGED, again & other, later, origin),
    )


def _told(
    name: str, level: Level, text: Text, which: Any, twin: Any, origin: pd.DataFrame
) -> tuple[Finding, ...]:
    rows = which.nonzero()[0]
    if not len(rows):
        return ()
    files, lines = origin[FILE], origin[LINE]
    places = tuple(
        Text(
            "{file} row {row} = {other} row {there}", None,
            file=files[row], row=int(lines[row]), other=files[twin[row]], there=int(lines[twin[row]]),
        )
        for row in rows[:SHOWN]
    )  # fmt: skip
    column = ", ".join(TABLES[name].key)
    return (Finding(level, name, column, len(rows), len(which), (), text, places),)


def differing(files: Mapping[str, pd.DataFrame], used: Iterable[str], name: str) -> list[Finding]:
    """Return which files have other columns than the rest, and which columns; their order says nothing.

    Parameters
    ----------
    files
        File -> its cells.
    used
        Columns of the export that the mapping reads.
    name
        Table that the files hold.
    """
    wanted = {plain(column) for column in used}
    shown = {plain(column): str(column) for frame in files.values() for column in frame.columns}
    sets = {file: {plain(column) for column in frame.columns} for file, frame in files.items()}
    rows = {file: len(frame) for file, frame in files.items()}
    # What most of the files have is the layout; with two files the first one says.
    first = next(iter(sets.values()))
    usual = {
        column
        for column in shown
        if 2 * sum(column in have for have in sets.values()) + (column in first) > len(sets)
    }
    found = []
    for file, have in sets.items():
        lacks, more = usual - have, have - usual
        said: tuple[tuple[set[str], Level, Text], ...] = (
            (lacks & wanted, "warn", Text("the file lacks these columns: empty there")),
            (lacks - wanted, "note", Text("the file lacks these columns; none of them is used")),
            (more & wanted, "note", Text("only this file has these columns: empty in the others")),
            (more - wanted, "note", Text("only this file has these columns; none of them is used")),
        )
        for columns, level, text in said:
            if columns:
                names = ", ".join(sorted(shown[column] for column in columns))
                found.append(Finding(level, name, names, rows[file], sum(rows.values()), (), text, (file,)))
    return found


def marked(raw: pd.DataFrame) -> pd.DataFrame:
    """Return every cell as text, columns by the name they are compared in."""
    return pd.DataFrame({plain(name): texts(raw[name], strip=True) for name in raw.columns}, index=raw.index)


__all__ = [
    "APART",
    "CHANGED",
    "SAME",
    "Part",
    "Stacked",
    "across",
    "differing",
    "in_order",
    "marked",
    "stack",
]
