"""Tables in one JSON file: the window under ``meta``, under ``tables`` a list of rows for every table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kpisim.tables.origin import places_of
from kpisim.tables.schema import TABLES
from kpisim.tables.tables import Tables
from kpisim.text import UserError


def write_json(tables: Tables, path: str | Path) -> Path:
    """Write `tables` into the file `path`; times as ISO text with microseconds, missing cells as null.

    Raises
    ------
    UserError
        The file may not be written.
    """
    from kpisim.tables.io import frames_of, meta_facts  # noqa: PLC0415

    target = Path(path)
    out: dict[str, list[dict[str, Any]]] = {}
    for name, frame in frames_of(tables).items():
        columns = {}
        for column in frame.columns:
            gone = frame[column].isna()
            cells = frame[column].astype(object).tolist()
            columns[column] = [None if none else _plain(cell) for cell, none in zip(cells, gone, strict=True)]
        out[name] = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    text = json.dumps(
        {"meta": meta_facts(tables.meta), "tables": out}, ensure_ascii=False, allow_nan=False, indent=1
    )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() + b"\n")
    except OSError:
        raise UserError(
            "{path}: may not be written; choose another folder or close the file", path=str(target)
        ) from None
    return target


def read_json(path: str | Path) -> Tables:
    """Read what :func:`write_json` wrote.

    Raises
    ------
    UserError
        Missing file, not JSON, not tables, or anything :func:`~kpisim.tables.validate.conform` refuses.
    """
    import pandas as pd  # noqa: PLC0415

    from kpisim.tables.files import AUTO, content, decode  # noqa: PLC0415
    from kpisim.tables.io import infer_meta, meta_of  # noqa: PLC0415
    from kpisim.tables.validate import conform  # noqa: PLC0415

    source = Path(path)
    try:
        data = json.loads(decode(content(source), source, AUTO))
    except json.JSONDecodeError:
        raise UserError("{path}: not valid JSON; correct it or take it away", path=str(path)) from None
    tables = data.get("tables") if isinstance(data, dict) else None
    if not isinstance(tables, dict) or not all(
        isinstance(rows, list) and all(isinstance(row, dict) for row in rows) for rows in tables.values()
    ):
        raise UserError("{path}: holds no tables; write tables with lists of rows", path=str(path))
    frames, raw = {}, {}
    for name, rows in tables.items():
        if name not in TABLES:
            raise UserError("{path}: {table} is not a table; take it away", path=str(path), table=str(name))
        names = list(dict.fromkeys(column for row in rows for column in row)) or list(TABLES[name].names)
        cells = {column: [row.get(column) for row in rows] for column in names}
        raw[name] = pd.DataFrame(cells, dtype=object)
        frames[name] = conform(name, raw[name], source.name)
    meta = data.get("meta")
    known = meta_of(meta, source.name) if isinstance(meta, dict) else infer_meta(frames, source.stem)
    return Tables(known, frames, places_of(raw))


def _plain(cell: Any) -> Any:
    return cell.isoformat(sep=" ") if hasattr(cell, "isoformat") else cell


__all__ = ["read_json", "write_json"]
