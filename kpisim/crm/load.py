"""From an export to tables: read the files, take the cells where the mapping says, hold them against the schema."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from kpisim.crm.export import Export, lack_of
from kpisim.crm.mapping import EMPTY, FILLED, Mapping, load_mapping, mappings
from kpisim.crm.reader import ODD_CELLS, NoDateError, Reader, words_of
from kpisim.crm.stack import CHANGED, SAME, SHOWN, across, stack
from kpisim.kpi.window import LATE
from kpisim.tables import Tables
from kpisim.tables.files import read_header
from kpisim.tables.io import infer_meta, weekdays
from kpisim.tables.origin import Finding, Origin
from kpisim.tables.titles import table_title
from kpisim.text import Text, UserError, t

if TYPE_CHECKING:
    from collections.abc import Mapping as Dict
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd

    from kpisim.crm.lookup import Unknown
    from kpisim.crm.mapping import TableMap
    from kpisim.crm.reader import Made
    from kpisim.crm.stack import Stacked


def load_export(path: str | Path, mapping: Mapping | str | Path) -> Tables:
    """Read an export through a mapping.

    Parameters
    ----------
    path
        The folder of the export, or one file of it; then only the tables whose columns that file has are read.
    mapping
        A mapping, the name of one that comes along, or a YAML file.

    Raises
    ------
    UserError
        A missing file or column, a value that the mapping or the schema does not know; names file, row,
        column and remedy.
    """
    return apply(mapping if isinstance(mapping, Mapping) else load_mapping(mapping), path)


def apply(mapping: Mapping, path: str | Path) -> Tables:
    """Return the tables that `mapping` makes of the files in `path`; see :func:`load_export`."""
    source = Export(Path(path), mapping)
    frames: dict[str, pd.DataFrame] = {}
    notes: list[str] = []
    rows: dict[str, pd.DataFrame] = {}
    columns: dict[str, dict[str, str]] = {}
    found: list[Finding] = []
    told: set[object] = set()
    for name, table in mapping.tables.items():
        files = source.files(name, table)
        if not files:
            continue
        made = [
            Reader(name, table, source.read(file, table), file, source, several=len(files) > 1).frame()
            for file in files
        ]
        parts, apart = across(name, [one.part for one in made])
        made = [
            replace(one, part=part, wholes=len(part.frame)) for one, part in zip(made, parts, strict=True)
        ]
        stacked = stack(name, parts, distinct=table.distinct)
        frames[name], rows[name], columns[name] = stacked.frame, stacked.origin, made[0].labels
        # Reps gathered from the orders have the codes of the orders: they are told once.
        lost = [unknown for one in made for unknown in one.unknown if unknown.told_as not in told]
        told |= {unknown.told_as for unknown in lost}
        found += [
            *apart,
            *stacked.found,
            *_unknown(name, lost),
            *(one for part in made for one in part.found),
        ]
        notes += _notes(name, table, made, stacked, lost)
        notes += [
            t("{table}: {count} numbers have lines in several files; they were added up", table=table_title(name), count=one.count)
            for one in apart
        ]  # fmt: skip
    found += source.differing()
    notes += source.notes()
    undated = _undated(frames)
    if undated:
        notes.append(
            t(
                "opportunities: {rows} won or lost ones have no closing date and are missing from figures by closing",
                rows=undated,
            )
        )
    if not frames:
        raise UserError(
            "{path}: no table of the mapping {mapping} fits this file; {remedy}",
            path=str(path),
            mapping=mapping.name,
            remedy=source.remedy(),
        )
    meta = infer_meta(
        frames, mapping.name, currency=mapping.currency, hours_per_day=mapping.hours_per_day,
        fiscal_year_start=mapping.fiscal_year_start, start=mapping.start, end=mapping.end, notes=tuple(notes),
    )  # fmt: skip
    if mapping.start is None and "targets" in frames:
        meta = replace(meta, start=_begun(meta.start, frames["targets"]))
    days = set(weekdays(meta.start, meta.end, mapping.workdays)) - set(mapping.holidays)
    days |= {day for day in mapping.extra_workdays if meta.start <= day < meta.end}
    meta = replace(meta, workdays=tuple(sorted(days)))
    return Tables(meta, frames, Origin(rows, columns, tuple(found)))


def _notes(
    name: str, table: TableMap, made: Sequence[Made], stacked: Stacked, lost: Sequence[Unknown]
) -> list[str]:
    """Return what a reader of the figures must know about one table."""
    notes = []
    left_out = sum(one.left_out for one in made)
    if left_out:
        gaps = ", ".join(c for c, w in dict(table.where).items() if w in (EMPTY, FILLED))
        notes.append(t("{table}: {rows} rows left out because a cell is empty ({columns})", table=table_title(name), rows=left_out, columns=gaps))  # fmt: skip
    if odd := sum(len(one.odd) for one in made):
        cells = t(", ").join(dict.fromkeys(cell for one in made for cell in one.odd.values()))
        notes.append(t("{table}: {rows} rows left out because a cell is no date or number ({cells}); see kpisim quality", table=table_title(name), rows=odd, cells=cells))  # fmt: skip
    if odd := sum(found.count for one in made for found in one.found if found.text is ODD_CELLS):
        notes.append(t("{table}: {rows} cells that are no date or number were left out; see kpisim quality", table=table_title(name), rows=odd))  # fmt: skip
    if taken_out := sum(one.taken_out for one in made):
        said = "; ".join(f"{c}: {', '.join(words_of(w))}" for c, w in dict(table.without).items())
        notes.append(t("{table}: {rows} rows left out as the mapping says ({said})", table=table_title(name), rows=taken_out, said=said))  # fmt: skip
    lines, wholes = sum(one.lines for one in made), sum(one.wholes for one in made)
    if lines > wholes:
        notes.append(
            t("{table}: {rows} rows are lines of {count} numbers; the amounts of one number were added up", table=table_title(name), rows=lines, count=wholes)
            if table.lines == "add"
            else t("{table}: {rows} rows repeat the amounts of {count} numbers; each counts once", table=table_title(name), rows=lines, count=wholes)
        )  # fmt: skip
    if same := stacked.count(SAME):
        notes.append(
            t("{table}: {rows} rows are in two files and count once", table=table_title(name), rows=same)
        )
    if (changed := stacked.count(CHANGED)) and not table.distinct:
        notes.append(t("{table}: {rows} rows are in two files with different contents; the later file counts", table=table_title(name), rows=changed))  # fmt: skip
    if not table.distinct:
        notes += [
            t(
                "{table}: {rows} rows of {file} have a {column} that {of} does not know; see kpisim quality",
                table=table_title(name),
                rows=len(unknown.lines),
                file=unknown.file,
                column=unknown.column,
                of=unknown.of,
            )
            for unknown in lost
        ]
    return notes


def _unknown(name: str, lost: Sequence[Unknown]) -> list[Finding]:
    """Return a finding for each column of each file whose codes a look-up list does not know."""
    return [
        Finding(
            "warn", name, one.column, len(one.lines), one.among, (),
            Text("code without {column} in {of}", None, column=one.taken, of=one.of),
            tuple(
                Text("{file} row {row}: {value}", None, file=one.file, row=line, value=code)
                for line, code in list(zip(one.lines, one.codes, strict=True))[:SHOWN]
            ),
        )
        for one in lost
    ]  # fmt: skip


def detect(path: str | Path) -> str | None:
    """Return the name of the shipped mapping that fits one file best, None where none does.

    A mapping fits when the file has all columns of at least one of its tables that may not be missing; the one that
    uses most columns wins.
    """
    fits = {name: _used(load_mapping(name), Path(path)) for name in mappings()}
    best = max(fits, key=lambda name: fits[name])
    return best if fits[best] else None


def _used(mapping: Mapping, file: Path) -> int:
    header = read_header(file, separator=mapping.separator)
    main = [table for table in mapping.tables.values() if header and not table.optional]
    fitting = [table.needed() for table in main if lack_of(header, table.needed()) is None]
    return len({column for needed in fitting for column in needed})


def _begun(first: date, targets: pd.DataFrame) -> date:
    """Return the day from which the records speak for a target: that of its period, where the first of them is hardly later.

    After New Year nobody orders for some days, and a target of January is one of all of January.
    """
    starts = targets["period_start"][targets["period_end"].dt.date > first].dt.date
    near = [day for day in starts if 0 <= (first - day).days <= LATE]
    return min(near, default=first)


def _undated(frames: Dict[str, pd.DataFrame]) -> int:
    """Return how many closed opportunities do not say when they were closed."""
    if "opportunities" not in frames:
        return 0
    deals = frames["opportunities"]
    return int(((deals["status"] != "open") & deals["closed"].isna()).sum())


__all__ = ["NoDateError", "apply", "detect", "load_export"]
