"""Tables in a database: a SQLite file, or PostgreSQL by its URL.

Every table of the schema is a database table with typed columns and the column ``row_number``, which keeps the
order.  What is known about the window stands in the table ``kpisim_meta``.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpisim.tables.origin import places_of
from kpisim.tables.schema import DTYPES, TABLES, Kind
from kpisim.tables.tables import Tables
from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    import sqlalchemy as sa

META = "kpisim_meta"
ORDER = "row_number"
SUFFIXES = (".db", ".sqlite", ".sqlite3")
_SECONDS = 5


def is_database(path: str | Path) -> bool:
    """Whether `path` names a database: a URL of one or a file ending in .db, .sqlite or .sqlite3."""
    return "://" in str(path) or Path(path).suffix.lower() in SUFFIXES


def write_sql(tables: Tables, url: str | Path, *, prefix: str = "") -> None:
    """Write `tables` into a database, all of them or nothing.

    Tables of an earlier run with the same prefix are replaced.

    Parameters
    ----------
    tables
        What to write; tables that the source does not have are not written.
    url
        ``sqlite:///file.db``, a path ending in .db, .sqlite or .sqlite3, or ``postgresql://user:password@host/name``.
    prefix
        Put before every table name, so that several runs fit into one database.

    Raises
    ------
    UserError
        Wrong address, no driver, no server, a locked file, or tables in the way that kpisim did not write.
    """
    import sqlalchemy as sa  # noqa: PLC0415

    from kpisim.tables.io import frames_of, meta_facts  # noqa: PLC0415

    frames = frames_of(tables)
    with _transaction(url, writes=True) as (connection, shown):
        earlier = _written(connection, prefix)
        there = set(sa.inspect(connection).get_table_names())
        for name in frames:
            if name not in earlier and prefix + name in there:
                raise UserError(
                    "{path}: table {table} is there and not from kpisim; give a prefix or another database",
                    path=shown,
                    table=prefix + name,
                )
        for name in earlier:
            sa.Table(prefix + name, sa.MetaData()).drop(connection, checkfirst=True)
        known = sa.MetaData()
        meta = _meta_table(known, prefix)
        made = {name: _table(known, prefix, name, frame) for name, frame in frames.items()}
        meta.drop(connection, checkfirst=True)
        known.create_all(connection)
        for name, frame in frames.items():
            if len(frame):
                connection.execute(made[name].insert(), _rows(frame))
        facts = {**meta_facts(tables.meta), "tables": list(frames)}
        connection.execute(
            meta.insert(),
            [{"name": name, "value": json.dumps(value, ensure_ascii=True)} for name, value in facts.items()],
        )


def read_sql(url: str | Path, *, prefix: str = "") -> Tables:
    """Read tables from a database; see :func:`write_sql` for `url` and `prefix`.

    A database without ``kpisim_meta`` is read by the names of its tables; its window then runs from the first to
    the last dated event.

    Raises
    ------
    UserError
        Wrong address, no driver, no server, a missing file, no table, or cells that are not what the schema says.
    """
    import pandas as pd  # noqa: PLC0415
    import sqlalchemy as sa  # noqa: PLC0415

    from kpisim.tables.io import infer_meta, meta_of  # noqa: PLC0415
    from kpisim.tables.validate import conform  # noqa: PLC0415

    with _transaction(url, writes=False) as (connection, shown):
        there = set(sa.inspect(connection).get_table_names())
        facts = _facts(connection, prefix) if prefix + META in there else {}
        names = facts.pop("tables", [name for name in TABLES if prefix + name in there])
        if not names and not facts:
            raise UserError(
                "{path}: no table in this database; a table is called like {names}",
                path=shown,
                names=f"{prefix}orders, {prefix}reps",
            )
        frames: dict[str, pd.DataFrame] = {}
        cells: dict[str, pd.DataFrame] = {}
        for name in names:
            table = sa.Table(prefix + name, sa.MetaData(), autoload_with=connection)
            order = [table.c[ORDER]] if ORDER in table.c else []
            result = connection.execute(sa.select(table).order_by(*order))
            raw = pd.DataFrame(result.fetchall(), columns=list(result.keys()), dtype=object)
            cells[name] = raw.drop(columns=ORDER, errors="ignore")
            frames[name] = conform(name, _typed(name, cells[name]), shown)
    return Tables(meta_of(facts, shown) if facts else infer_meta(frames, shown), frames, places_of(cells))


def _typed(name: str, raw: pd.DataFrame) -> pd.DataFrame:
    """Give columns the schema's dtype where every cell fits; else leave them for conform to name the cell."""
    from kpisim.tables.files import unescape  # noqa: PLC0415

    kinds: dict[str, Kind] = {column.name: column.kind for column in TABLES[name].columns}
    for column in raw.columns:
        kind = kinds.get(column)
        if kind in {"id", "text", "category"}:
            cells = [unescape(cell) if isinstance(cell, str) else cell for cell in raw[column]]
            raw[column] = raw[column].__class__(cells, index=raw.index, dtype=object)
        elif kind is not None:
            try:
                raw[column] = raw[column].astype(DTYPES[kind])  # type: ignore[call-overload]
            except (TypeError, ValueError):
                continue
    return raw


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return plain Python cells, None where missing."""
    columns: dict[str, list[Any]] = {ORDER: list(range(1, len(frame) + 1))}
    for name in frame.columns:
        gone = frame[name].isna()
        columns[name] = [
            None if none else _plain(cell)
            for cell, none in zip(frame[name].astype(object).tolist(), gone, strict=True)
        ]
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _plain(cell: Any) -> Any:
    from kpisim.tables.files import escape, unescape  # noqa: PLC0415

    if isinstance(cell, str):
        # PostgreSQL holds no NUL; what only looks like an escape has to be protected too.
        return escape(cell) if "\x00" in cell or unescape(cell) != cell else cell
    return cell.to_pydatetime() if hasattr(cell, "to_pydatetime") else cell


def _meta_table(known: sa.MetaData, prefix: str) -> sa.Table:
    import sqlalchemy as sa  # noqa: PLC0415

    return sa.Table(
        prefix + META,
        known,
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _table(known: sa.MetaData, prefix: str, name: str, frame: pd.DataFrame) -> sa.Table:
    """Return the database table for `frame`; keyed where the key is whole and unique, as not every export's is."""
    import sqlalchemy as sa  # noqa: PLC0415

    types: dict[Kind, Any] = {
        "time": sa.DateTime(),
        "count": sa.BigInteger(),
        "flag": sa.Boolean(),
        "id": sa.Text(),
        "text": sa.Text(),
        "category": sa.Text(),
    }
    kinds: dict[str, Kind] = {column.name: column.kind for column in TABLES[name].columns}
    kinds["source_row"] = "count"
    key = list(TABLES[name].key)
    keyed = not frame[key].isna().any(axis=None) and not frame.duplicated(key).any()
    columns = [
        sa.Column(
            column, types.get(kinds.get(column, "text"), sa.Double()), primary_key=keyed and column in key
        )
        for column in frame.columns
    ]
    return sa.Table(
        prefix + name, known, *columns, sa.Column(ORDER, sa.BigInteger, nullable=False, autoincrement=False)
    )


def _facts(connection: sa.Connection, prefix: str) -> dict[str, Any]:
    import sqlalchemy as sa  # noqa: PLC0415

    rows = connection.execute(sa.select(_meta_table(sa.MetaData(), prefix)))
    return {row.name: json.loads(row.value) for row in rows}


def _written(connection: sa.Connection, prefix: str) -> list[str]:
    """Return the tables that an earlier run wrote under `prefix`."""
    import sqlalchemy as sa  # noqa: PLC0415

    if not sa.inspect(connection).has_table(prefix + META):
        return []
    return [name for name in _facts(connection, prefix).get("tables", []) if name in TABLES]


@contextmanager
def _transaction(url: str | Path, *, writes: bool) -> Iterator[tuple[sa.Connection, str]]:
    """Open one transaction; turn what can go wrong with a database into one line without its password."""
    import sqlalchemy as sa  # noqa: PLC0415

    place, shown = address(url)
    sqlite = place.get_backend_name() == "sqlite"
    if sqlite and not writes and not Path(place.database or "").is_file():
        raise UserError("{path}: no such file or folder; check the path", path=shown)
    try:
        options = {"timeout": _SECONDS} if sqlite else {"connect_timeout": _SECONDS}
        engine = sa.create_engine(place, poolclass=sa.NullPool, connect_args=options)
    except (ImportError, sa.exc.ArgumentError):
        raise UserError("{path}: the database driver is missing; install psycopg", path=shown) from None
    if sqlite:
        # The driver would commit before it creates a table; kpisim begins the transaction itself.
        sa.event.listen(engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
        begin = "BEGIN IMMEDIATE" if writes else "BEGIN"
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    try:
        with engine.begin() as connection:
            yield connection, shown
    except sa.exc.OperationalError as problem:
        if "locked" in str(problem.orig):
            raise UserError(
                "{path}: the database is locked; close the program that uses it", path=shown
            ) from None
        raise UserError(
            "{path}: the database cannot be opened; check address, user, password and that the server runs",
            path=shown,
        ) from None
    except sa.exc.DBAPIError:
        raise UserError(
            "{path}: the database refuses this; check that it is a database and that you may write to it",
            path=shown,
        ) from None
    finally:
        engine.dispose()


def address(url: str | Path) -> tuple[sa.URL, str]:
    """Return the address for SQLAlchemy and how it is shown: without password and options.

    Raises
    ------
    UserError
        Neither a file nor the URL of SQLite or PostgreSQL.
    """
    import sqlalchemy as sa  # noqa: PLC0415

    text = str(url)
    if "://" not in text:
        return sa.URL.create("sqlite", database=text), text
    try:
        parsed = sa.make_url(text)
        backend = parsed.drivername.split("+")[0]
    except (sa.exc.ArgumentError, ValueError):
        backend = ""
    if backend == "postgres":
        backend = "postgresql"
    if backend == "sqlite" and parsed.database and not parsed.query:
        return parsed.set(drivername="sqlite"), parsed.database
    if backend == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        return parsed, f"postgresql://{parsed.host or 'localhost'}/{parsed.database or ''}"
    # The address may hold a password: only what stands before it is shown.
    raise UserError(
        "{value} is not a database address; write sqlite:///file.db or postgresql://user:password@host/name",
        value=text.split("://", maxsplit=1)[0] + "://…",
    )


__all__ = ["SUFFIXES", "address", "is_database", "read_sql", "write_sql"]
