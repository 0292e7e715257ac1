"""The session's store: append-only, one transaction a commit, SQLite by default and PostgreSQL by URL.

What is private lies in a table of its own and comes back as a type of its own: whatever exports, shows a cohort or
reports takes :class:`Entry`, so a private sheet has no way into it.
"""

from __future__ import annotations

import json
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpisim.tables.sql import address
from kpisim.text import UserError
from kpisim.text.writing import writing_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import Connection, Engine, Table

FILE = "session.db"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was kept: a sheet, a prediction, a decision, a result.

    Attributes
    ----------
    number
        Order of keeping, from 1.
    at
        Moment in UTC.
    author
        Whose it is, a code without a name.
    kind
        Name of the sheet or step.
    data
        What was entered, plain JSON.
    """

    number: int
    at: datetime
    author: str
    kind: str
    data: Any


@dataclass(frozen=True, slots=True)
class PrivateEntry:
    """One thing that stays with its author; no :class:`Entry` on purpose, see the module."""

    number: int
    at: datetime
    author: str
    kind: str
    data: Any


class Session:
    """Everything one participant (or table) has kept.

    Parameters
    ----------
    engine
        Database.
    author
        Whose session this is.
    """

    def __init__(self, engine: Engine, author: str) -> None:
        import sqlalchemy as sa  # noqa: PLC0415

        self.engine, self.author = engine, author
        meta = sa.MetaData()
        self._open, self._private = _table(meta, "entries"), _table(meta, "private_entries")
        self._wipes = sa.Table(
            "wipes",
            meta,
            sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
            sa.Column("author", sa.Text, nullable=False, index=True),
            sqlite_autoincrement=True,
        )
        meta.create_all(engine)
        with self._transaction() as connection:
            self._known = self._last_wipe(connection)

    def keep(self, kind: str, data: Any) -> Entry:
        """Append one entry; when this returns it is on disk.

        Raises
        ------
        UserError
            The disk is full, the database is gone or locked: what was entered stays on the screen.
        """
        return Entry(*self._append(self._open, {kind: data})[0])

    def keep_together(self, entries: Mapping[str, Any]) -> list[Entry]:
        """Append several entries, kind -> data, all of them or none; when this returns they are on disk."""
        return [Entry(*row) for row in self._append(self._open, entries)]

    def keep_private(self, kind: str, data: Any) -> PrivateEntry:
        """Append one entry that no export, cohort view or report can hold."""
        return PrivateEntry(*self._append(self._private, {kind: data})[0])

    def entries(self, kind: str | None = None) -> list[Entry]:
        """Return what this author has kept, oldest first; of one kind where it is named.  Never anything private."""
        return [Entry(*row) for row in self._rows(self._open, kind, everybody=False)]

    def private_entries(self, kind: str | None = None) -> list[PrivateEntry]:
        """Return the author's own private entries, oldest first, for their own eyes."""
        return [PrivateEntry(*row) for row in self._rows(self._private, kind, everybody=False)]

    def latest(self, kind: str) -> Any | None:
        """Return the data kept last under `kind`, None where there is none."""
        rows = self._rows(self._open, kind, everybody=False)
        return rows[-1][4] if rows else None

    def latest_private(self, kind: str) -> Any | None:
        """Return the private data kept last under `kind`, None where there is none."""
        rows = self._rows(self._private, kind, everybody=False)
        return rows[-1][4] if rows else None

    def cohort(self, kind: str) -> list[Entry]:
        """Return the last entry of every author under `kind`.  Never anything private."""
        last: dict[str, Entry] = {}
        for row in self._rows(self._open, kind, everybody=True):
            last[row[2]] = Entry(*row)
        return list(last.values())

    def room(self, kind: str | None = None) -> list[Entry]:
        """Return what everybody has kept, oldest first; of one kind where it is named.  Never anything private."""
        return [Entry(*row) for row in self._rows(self._open, kind, everybody=True)]

    def wipe(self) -> int:
        """Delete everything of this author, private entries first, and return how many entries are gone.

        Whoever had this author's session open before, this object too, keeps nothing any more.

        Raises
        ------
        UserError
            Nothing was deleted, or the rows are gone and the file could not be packed.
        """
        gone = 0
        with self._transaction() as connection:
            connection.execute(self._wipes.insert().values(author=self.author))
            for table in (self._private, self._open):
                gone += connection.execute(table.delete().where(table.c.author == self.author)).rowcount
        if self.engine.dialect.name == "sqlite":
            # Deleted rows stay readable in the file until it is packed.
            with _told(), self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM")
        return gone

    def wiped(self) -> bool:
        """Return whether everything was deleted since this session was opened, here or on another page."""
        with self._transaction() as connection:
            return self._last_wipe(connection) != self._known

    def _last_wipe(self, connection: Connection) -> int:
        import sqlalchemy as sa  # noqa: PLC0415

        asked = sa.select(sa.func.max(self._wipes.c.number)).where(self._wipes.c.author == self.author)
        return int(connection.execute(asked).scalar() or 0)

    def _append(self, table: Table, entries: Mapping[str, Any]) -> list[tuple[int, datetime, str, str, Any]]:
        at = datetime.now(UTC)
        # Half an emoji, as a cut-off paste leaves it, cannot be written to any file: it becomes a question mark.
        texts = {
            kind: json.dumps(data, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace").decode()
            for kind, data in entries.items()
        }
        made = []
        with self._transaction() as connection:
            if self._last_wipe(connection) != self._known:
                # A page that was open meanwhile would put back what somebody wished gone.
                raise UserError(
                    "everything you entered was deleted, so this page keeps nothing any more; close it, or run the page anew to begin again"
                )
            for kind, text in texts.items():
                row = {
                    "at": at.isoformat(),
                    "author": self.author,
                    "kind": kind,
                    "data": text,
                    "version": _VERSION,
                }
                key = connection.execute(table.insert().values(row)).inserted_primary_key
                assert key is not None, "the key is made by the database"
                made.append((int(key[0]), at, self.author, kind, json.loads(text)))
        return made

    def _rows(
        self, table: Table, kind: str | None, *, everybody: bool
    ) -> list[tuple[int, datetime, str, str, Any]]:
        asked = table.select().order_by(table.c.number)
        if not everybody:
            asked = asked.where(table.c.author == self.author)
        if kind is not None:
            asked = asked.where(table.c.kind == kind)
        with self._transaction() as connection:
            return [
                (row.number, datetime.fromisoformat(row.at), row.author, row.kind, json.loads(row.data))
                for row in connection.execute(asked)
            ]

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """Begin a transaction; what goes wrong in it is told in one line."""
        with _told(), self.engine.begin() as connection:
            yield connection

    def __repr__(self) -> str:
        return f"Session({self.author!r})"


@contextmanager
def _told() -> Iterator[None]:
    """Tell in one line what goes wrong with the database."""
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    try:
        yield
    except SQLAlchemyError as problem:
        raise _unusable(problem) from None


def _unusable(problem: Exception) -> UserError:
    # The driver's own sentence; never the address, which may hold a password.
    said = " ".join(str(getattr(problem, "orig", None) or type(problem).__name__).split())[:160]
    return UserError(
        "the session cannot be kept ({problem}); check disk and database, then save again", problem=said
    )


@_told()
def open_session(place: str | Path, author: str | None = None) -> Session:
    """Open or begin a session.

    Parameters
    ----------
    place
        A folder (the file ``session.db`` in it), or the URL of a PostgreSQL database.
    author
        Whose session it is; by default the one the folder remembers, or a new code.

    Raises
    ------
    UserError
        A place that cannot be written to, a database that does not answer, or one whose driver is missing.
    """
    import sqlalchemy as sa  # noqa: PLC0415

    try:
        if "://" in str(place):
            engine = sa.create_engine(address(str(place))[0], pool_pre_ping=True)
            return Session(engine, author or _code())
        folder = Path(place)
        with writing_folder(folder):
            folder.mkdir(parents=True, exist_ok=True)
            author = author or _remembered(folder)
        # A connection a transaction: nothing is left open when a kernel is killed, and opening a file is quick.
        engine = sa.create_engine(
            f"sqlite:///{(folder / FILE).resolve()}", connect_args={"timeout": 10}, poolclass=sa.NullPool
        )
        sa.event.listen(engine, "connect", _durable)
        return Session(engine, author)
    except ImportError:
        raise UserError(
            "no driver for this database; install it with: pip install kpisim[postgresql]"
        ) from None


def _durable(connection: Any, _record: Any) -> None:
    # A commit is on disk when it returns, also through a power cut.
    connection.execute("PRAGMA synchronous = FULL")


def _code() -> str:
    return uuid.uuid4().hex[:8]


def _remembered(folder: Path) -> str:
    """Return the author's code that the folder remembers; a new one is remembered."""
    file = folder / "author.txt"
    if file.is_file():
        kept = file.read_text(encoding="utf-8").strip()
        if kept:
            return kept[:40]
    made = _code()
    file.write_text(made + "\n", encoding="utf-8")
    return made


def _table(meta: Any, name: str) -> Table:
    import sqlalchemy as sa  # noqa: PLC0415

    return sa.Table(
        name,
        meta,
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False, index=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sqlite_autoincrement=True,
    )


__all__ = ["FILE", "Entry", "PrivateEntry", "Session", "open_session"]
