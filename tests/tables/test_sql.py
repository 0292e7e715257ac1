"""Databases: what is read back equals what was written; mistakes are one line without the password."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpisim.tables import TABLES, Meta, Tables, conform
from kpisim.tables.sql import read_sql, write_sql
from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.unit

META = Meta(
    date(2027, 1, 4), date(2028, 1, 3), 7.5, (date(2027, 1, 4),), "CNY", "导出😀", 4, ("说明", "=1+1")
)
TEXTS = ["=1+1", "NA", "null", "007", "cr\rlf\r\n", "_x0041_", "\x00\x1f", "张三；李四", "😀", "TRUE", " a "]


def cell(kind: str, values: tuple[str, ...], row: int, low: float | None) -> Any:
    moment = np.datetime64("2027-01-04T09:15:33.333333", "us") + np.timedelta64(row, "D")
    number = 0.1 + 0.2 if kind == "share" else 1 / 3 if low is None or low <= 0 else 4.5
    text = (*values, TEXTS[row % len(TEXTS)].strip() or "x")[0]
    return {"id": f"{row:03d}", "text": TEXTS[row % len(TEXTS)], "category": text, "time": moment, "count": 3,
            "flag": row % 2 == 0}.get(kind, number)  # fmt: skip


def everything() -> Tables:
    frames = {}
    for name, table in TABLES.items():
        rows = [
            {
                c.name: None if c.empty and row % 4 == 3 else cell(c.kind, c.values, row, c.low)
                for c in table.columns
            }
            for row in range(len(TEXTS))
        ]
        frame = pd.DataFrame(rows)
        if "status" in frame:
            frame["closed"] = None
        if "period_end" in frame:
            frame["period_end"] = frame["period_start"]
        frames[name] = conform(name, frame)
    return Tables(META, frames)


def same(again: Tables, tables: Tables) -> None:
    assert again.meta == tables.meta
    assert set(again.frames) == set(tables.frames)
    for name, frame in tables.frames.items():
        pd.testing.assert_frame_equal(again[name], frame, check_exact=True)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Start a PostgreSQL server in a temporary folder and give its address."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb") or (str(homes[-1]) if homes else None)
    if found is None:
        pytest.skip("no PostgreSQL here: initdb not found")
    tools = Path(found).parent
    root = os.geteuid() == 0
    if root and shutil.which("runuser") is None:
        pytest.skip("PostgreSQL does not start as root and runuser is not here")
    user = ["runuser", "-u", "postgres", "--"] if root else []
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        if root:
            shutil.chown(home, "postgres")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        data, log = str(home / "data"), str(home / "log")
        subprocess.run([*user, found, "-D", data, "-U", "kpi", "-E", "UTF8", "--locale=C", "-A", "trust", "-N"],
                       check=True, capture_output=True, cwd=name)  # fmt: skip
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={name} -c fsync=off"
        control = [*user, str(tools / "pg_ctl"), "-D", data, "-w"]
        subprocess.run([*control, "-l", log, "-o", options, "start"], check=True, cwd=name,
                       stdout=subprocess.DEVNULL)  # fmt: skip
        try:
            yield f"postgresql://kpi:geheim@127.0.0.1:{port}/postgres"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=name)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / '数据.db'}"
    return str(request.getfixturevalue("server"))


@pytest.mark.slow
def test_round_trip_of_every_table_loses_nothing(address: str) -> None:
    tables = everything()
    write_sql(tables, address, prefix="all_")
    same(read_sql(address, prefix="all_"), tables)


@pytest.mark.slow
def test_empty_and_missing_tables_and_replacing(address: str) -> None:
    write_sql(everything(), address, prefix="some_")
    tables = Tables(META, {"orders": conform("orders", Tables(META)["orders"])})
    write_sql(tables, address, prefix="some_")
    again = read_sql(address, prefix="some_")
    assert (again.has("orders"), again.has("reps")) == (True, False)
    same(again, tables)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), st.floats(allow_nan=False, allow_infinity=False),
                          st.integers(-2_000_000_000_000_000, 3_400_000_000_000_000)), max_size=6))  # fmt: skip
def test_any_text_number_and_time_survives(tmp_path: Path, rows: list[tuple[str, float, int]]) -> None:
    frame = pd.DataFrame({
        "order_id": [f"o{k}" for k in range(len(rows))], "account_id": [f"a{k}" for k in range(len(rows))],
        "value": np.array([number for _, number, _ in rows], dtype=float),
        "booked": np.array([micros for _, _, micros in rows], dtype="datetime64[us]")})  # fmt: skip
    reps = pd.DataFrame({"rep_id": frame["order_id"], "team": [text for text, _, _ in rows]}, dtype=object)
    tables = Tables(META, {"orders": conform("orders", frame), "reps": conform("reps", reps)})
    write_sql(tables, tmp_path / "a.sqlite")
    same(read_sql(tmp_path / "a.sqlite"), tables)


def test_a_failure_leaves_the_earlier_run_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    reps = Tables(META, {"reps": conform("reps", pd.DataFrame({"rep_id": ["a"]}))})
    write_sql(reps, file)
    # What a connection gives as a context is a transaction; nobody would close it.
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("create table orders (x)")
    with pytest.raises(UserError, match="orders"):
        write_sql(everything(), file)
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("drop table orders")
    same(read_sql(file), reps)


def test_a_locked_file_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpisim.tables.sql._SECONDS", 0.1)
    raw = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    raw.execute("begin exclusive")
    with pytest.raises(UserError, match="locked"):
        write_sql(Tables(META), tmp_path / "a.db")
    raw.close()


@pytest.mark.parametrize("wrong", ["mysql://u:geheim@h/d", "postgresql://u:geheim@127.0.0.1:1/d", "foo://geheim", "postgresql://u:geheim@h:port/d"])  # fmt: skip
def test_wrong_addresses_are_one_line_without_the_password(wrong: str) -> None:
    with pytest.raises(UserError) as caught:
        read_sql(wrong)
    assert "geheim" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_and_foreign_files(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        read_sql(tmp_path / "none.db")
    (tmp_path / "text.db").write_text(
        "not a database, only a text that is long enough " * 30, encoding="utf-8"
    )
    with pytest.raises(UserError, match="refuses"):
        read_sql(tmp_path / "text.db")
