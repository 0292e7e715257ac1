"""What a folder holds: tables of kpisim, or exports that known mappings fit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kpisim.crm.layout import checked
from kpisim.crm.load import detect, load_export
from kpisim.crm.mapping import load_mapping, mappings
from kpisim.tables import read
from kpisim.tables.files import AUTO, content, decode
from kpisim.tables.sql import address, is_database
from kpisim.text import UserError, t

if TYPE_CHECKING:
    from kpisim.tables import Tables

_FILES = {".csv", ".xlsx"}
SYNTHETIC = "synthetic"
"""A folder with this in its name holds made-up data, and what is shown of it says so."""


@dataclass(frozen=True, slots=True)
class Source:
    """Tables with what they are called.

    Attributes
    ----------
    name
        The folder, file or database: what a page is called after.
    what
        What they are: the title of their mapping.
    tables
        The tables.
    synthetic
        Whether they are made up.
    """

    name: str
    what: str
    tables: Tables
    synthetic: bool

    @property
    def title(self) -> str:
        """Line that stands over what is printed of them; a mapping that names the file again is not told."""
        return self.name if self.name in self.what else f"{self.name}{t(': ')}{self.what}"


def discover(path: Path | str, mapping: str | None = None) -> list[Source]:
    """Return the tables that a file, folder or database holds: kpisim's own, or each export that a known mapping fits.

    Parameters
    ----------
    path
        Tables written by kpisim (folder, workbook, JSON, SQLite file or the URL of a database), an export, or a folder
        with several exports.
    mapping
        Name or YAML file of a mapping; None holds each file against the mappings that come along.

    Raises
    ------
    UserError
        Nothing there, or nothing that can be read.
    """
    if "://" in str(path):
        _, shown = address(path)
        return [Source(shown, t("tables of kpisim"), read(path), synthetic=False)]
    path = Path(path)
    if not path.exists():
        raise UserError("{path}: no such file or folder; check the path", path=str(path))
    synthetic = SYNTHETIC in path.resolve().name.lower()
    if mapping is not None:
        chosen = load_mapping(mapping)
        return [Source(path.resolve().name, str(chosen.title), load_export(path, chosen), synthetic)]
    if _own(path):
        return [Source(path.resolve().name, t("tables of kpisim"), read(path), synthetic)]
    blocks = []
    read_whole: set[tuple[Path, str]] = set()
    for file in _candidates(path):
        name = detect(file)
        # A file of a folder of its own is read with what lies beside it, once.
        whole = file.parent if file.parent != path and path.is_dir() else file
        if name is None or (whole, name) in read_whole:
            continue
        read_whole.add((whole, name))
        shown = str(file.relative_to(path)) if path.is_dir() else file.name
        marked = synthetic or SYNTHETIC in file.resolve().parent.name.lower()
        blocks.append(Source(shown, str(load_mapping(name).title), load_export(whole, name), marked))
    if not blocks:
        # No mapping helps where there is nothing to read, or nobody can.
        if path.is_file() and checked(path).suffix.lower() != ".xlsx":
            decode(content(path), path, AUTO)
        raise UserError(
            "{path}: neither tables of kpisim nor an export that a known mapping fits ({names}); have kpisim import write a mapping, and give it with --mapping",
            path=str(path),
            names=", ".join(mappings()),
        )
    return blocks


def discover_one(path: Path | str, mapping: str | None = None) -> Source:
    """Return what :func:`discover` finds where it is one; see there.

    Raises
    ------
    UserError
        Nothing that can be read, or several exports of which one must be chosen.
    """
    found = discover(path, mapping)
    if len(found) > 1:
        raise UserError(
            "{path}: holds {count} exports ({names}); give the file of one",
            path=str(path),
            count=len(found),
            names="; ".join(source.title for source in found),
        )
    return found[0]


def _candidates(path: Path) -> list[Path]:
    """Return the files of a folder and of the folders in it, plain files first."""
    if path.is_file():
        return [path]
    found = [file for pattern in ("*", "*/*") for file in sorted(path.glob(pattern))]
    return [file for file in found if file.is_file() and file.suffix.lower() in _FILES]


def _own(path: Path) -> bool:
    """Whether `path` holds tables of the schema, rather than an export that happens to use one of its names."""
    from kpisim.tables.files import read_header, workbook  # noqa: PLC0415
    from kpisim.tables.io import META, table_files  # noqa: PLC0415
    from kpisim.tables.schema import TABLES  # noqa: PLC0415

    if path.is_file() and (is_database(path) or path.suffix.lower() == ".json"):
        return True
    if path.is_file():
        return path.suffix.lower() == ".xlsx" and bool(set(workbook(path).sheetnames) & {*TABLES, META})
    if (path / f"{META}.json").exists():
        return True
    for name, file in table_files(path).items():
        required = {column.name for column in TABLES[name].columns if column.required}
        if file.suffix.lower() == ".parquet" or required <= set(read_header(file)):
            return True
    books = sorted(path.glob("*.xlsx"))
    return len(books) == 1 and not list(path.glob("*.csv")) and _own(books[0])


__all__ = ["SYNTHETIC", "Source", "discover", "discover_one"]
