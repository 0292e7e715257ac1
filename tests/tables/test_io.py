"""Round trips: what is read back equals what was written, in every format."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpisim.tables import TABLES, Meta, Tables, conform, read, write
from kpisim.tables.files import escape, read_csv, read_header, unescape
from kpisim.text import UserError, language

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.tables.io import Format
    from kpisim.tables.schema import Column

pytestmark = pytest.mark.unit

META = Meta(
    date(2027, 1, 4),
    date(2028, 1, 3),
    7.5,
    (date(2027, 1, 4), date(2027, 1, 5)),
    "CNY",
    "export",
    4,
    ("一条说明", "=1+1"),
)
FORMATS: list[Format] = ["csv", "xlsx", "parquet"]
EVIL = ["=1+1", "+SUM(A1)", "-2", "@cmd", "#N/A", "NA", "None", "null", "007", "1e5", "a,b", 'say "hi"', "line\nbreak", "cr\rlf\r\n",
        " spaces ", "_x000D_", "\x01\x1f", "张三；李四", "😀", "TRUE", "2027-01-04", "\ufeffbom", "'quoted"]  # fmt: skip


def cell(column: Column, row: int) -> Any:  # noqa: PLR0911  (a return per kind)
    """Return a value of the column's kind that is awkward to write, or none where that is allowed."""
    if column.empty and row % 4 == 3:
        return None
    moment = (
        np.datetime64("2027-01-04", "us")
        + np.timedelta64(row, "D")
        + np.timedelta64(33_333_333_333 + row, "us")
    )
    match column.kind:
        case "id":
            return f"{row:03d}"
        case "text":
            return EVIL[row % len(EVIL)]
        case "category":
            return (*column.values, EVIL[row % len(EVIL)].strip())[0]  # noqa: PD011  (allowed words, no frame)
        case "time":
            return moment
        case "count":
            return 3
        case "flag":
            return row % 2 == 0
        case "share":
            return 0.1 + 0.2
        case _:
            return (
                [1 / 3, 0.1 + 0.2, 1e-300, 12_345_678.91][row % 4]
                if column.low is None or column.low <= 0
                else 4.5
            )


def everything() -> Tables:
    frames = {}
    for name, table in TABLES.items():
        rows = [{column.name: cell(column, row) for column in table.columns} for row in range(len(EVIL))]
        frame = pd.DataFrame(rows)
        if "status" in frame:
            frame["closed"] = None
        for first, second in (("period_start", "period_end"), ("begin", "end")):
            if {first, second} <= set(frame.columns):
                frame[second] = frame[first]
        frames[name] = conform(name, frame)
    return Tables(META, frames)


@pytest.mark.parametrize("fmt", FORMATS)
def test_round_trip_of_every_table_loses_nothing(tmp_path: Path, fmt: Format) -> None:
    tables = everything()
    again = read(write(tables, tmp_path / "出 口" / ("a.xlsx" if fmt == "xlsx" else "tables"), fmt))
    assert again.meta == tables.meta
    assert set(again.frames) == set(tables.frames)
    for name, frame in tables.frames.items():
        pd.testing.assert_frame_equal(again[name], frame)


@pytest.mark.parametrize("fmt", FORMATS)
def test_round_trip_of_empty_and_missing_tables(tmp_path: Path, fmt: Format) -> None:
    tables = Tables(META, {"orders": Tables(META)["orders"]})
    again = read(write(tables, tmp_path / ("a.xlsx" if fmt == "xlsx" else "t"), fmt))
    assert (again.has("orders"), again.has("reps")) == (True, False)
    pd.testing.assert_frame_equal(again["orders"], conform("orders", tables["orders"]))


@pytest.mark.functional
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), st.floats(allow_nan=False, allow_infinity=False),
                          st.integers(-2_000_000_000_000_000, 3_400_000_000_000_000)), min_size=1, max_size=8))  # fmt: skip
def test_any_text_number_and_time_survives(tmp_path: Path, rows: list[tuple[str, float, int]]) -> None:
    frames = {
        "reps": conform("reps", pd.DataFrame({"rep_id": [f"r{k}" for k in range(len(rows))], "team": [text for text, _, _ in rows]})),
        "orders": conform("orders", pd.DataFrame({
            "order_id": [f"o{k}" for k in range(len(rows))], "account_id": "a", "value": [number for _, number, _ in rows],
            "booked": np.array([micros for _, _, micros in rows], dtype="datetime64[us]")})),
    }  # fmt: skip
    for fmt in FORMATS:
        again = read(write(Tables(META, frames), tmp_path / ("a.xlsx" if fmt == "xlsx" else fmt), fmt))
        for name, frame in frames.items():
            pd.testing.assert_frame_equal(again[name], frame, check_exact=True)


@given(st.text())
def test_escaping_for_excel_can_be_undone(text: str) -> None:
    assert unescape(escape(text)) == text


def test_csv_begins_with_the_mark_that_excel_needs(tmp_path: Path) -> None:
    folder = write(
        Tables(META, {"reps": conform("reps", pd.DataFrame({"rep_id": ["张三"]}))}), tmp_path / "t", "csv"
    )
    assert (folder / "reps.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_no_formula_gets_into_a_workbook(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"rep_id": [f"{sign}1+1" for sign in "=+-@"], "team": [f"{sign}A1" for sign in "=+-@"]}
    )
    file = write(Tables(META, {"reps": frame}), tmp_path / "a.xlsx", "xlsx")
    sheet = openpyxl.load_workbook(file)["reps"]
    cells = [cell for row in sheet.iter_rows(min_row=2, max_col=2) for cell in row]
    assert len(cells) == 8
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)


def test_times_are_dates_in_excel(tmp_path: Path) -> None:
    frame = pd.DataFrame({"rep_id": ["r"], "hired": ["2027-01-04 09:30:00"]})
    file = write(Tables(META, {"reps": frame}), tmp_path / "a.xlsx", "xlsx")
    assert openpyxl.load_workbook(file)["reps"]["C2"].is_date


def test_tables_without_meta_get_their_window_from_the_data(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(
        "order_id,account_id,booked,value\n1,a,2027-01-04,5\n2,a,2027/2/9 8:00,6\n", encoding="utf-8"
    )
    meta = read(tmp_path).meta
    assert (meta.start, meta.end) == (date(2027, 1, 4), date(2027, 2, 10))
    assert len(meta.workdays) == 27


def put(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize(
    ("name", "data", "parts"),
    [
        ("orders.csv", b"", ["orders.csv", "empty", "export it again"]),
        ("orders.csv", b"\r\n", ["orders.csv", "empty"]),
        (
            "reps.csv",
            "rep_id,team\n张三,华东\n".encode("gb18030"),
            ["reps.csv", "not UTF-8 (byte 12)", "GB18030"],
        ),
        ("reps.csv", b"rep_id,team\na,\xff\xff\xff\n", ["not UTF-8 (byte 14)", "save the file as UTF-8"]),
        ("reps.csv", b"rep_id,rep_id\n1,2\n", ["rep_id", "twice"]),
        ("reps.csv", b"rep_id,team\n1,2,3\n", ["row 2", "3 cells under 2 columns"]),
        ("reps.parquet", b"not parquet", ["not a Parquet file"]),
        ("meta.json", b"{", ["no table"]),
        ("order.csv", b"order_id\n1\n", ["no table in this folder"]),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, data: bytes, parts: list[str]) -> None:
    with pytest.raises(UserError) as problem:
        read(put(tmp_path, name, data))
    line = str(problem.value)
    assert "\n" not in line
    for part in parts:
        assert part in line


@pytest.mark.parametrize(
    ("meta", "part"),
    [
        (b'{"start": "2027-01-04", "end": "2027-02-01", "notes": 5}', "notes is no list; write notes:"),
        (b'{"start": "2027-01-04", "end": "2027-02-01", "workdays": "x"}', "workdays is no list"),
        (
            b'{"start": "2027-01-04", "end": "2027-02-01", "hours_per_day": 0}',
            "hours_per_day is 0; give hours",
        ),
        (b'{"start": "2027-01-04", "end": "2027-02-01", "hours_per_day": NaN}', "hours_per_day is nan; give"),
        (b'{"start": 1e20, "end": "2027-02-01"}', r"start: 1e\+20 is not a date"),
        (b"{", "not valid JSON"),
        (b"[]", "must hold names with values"),
        (b'{"start": "2027-01-04"}', "end is missing"),
        (b'{"start": "2027-01-04", "end": "2027-01-04"}', "not after its start"),
        (b'{"start": "yesterday", "end": "2027-01-04"}', "yesterday is not a date"),
        (b'{"start": "2027-01-04", "end": "2027-02-04", "curency": "CNY"}', "did you mean currency"),
        (b'{"start": "2027-01-04", "end": "2027-02-04", "fiscal_year_start": 13}', "1 to 12"),
    ],
)
def test_meta_that_cannot_be_read(tmp_path: Path, meta: bytes, part: str) -> None:
    put(tmp_path, "reps.csv", b"rep_id\nr1\n")
    with pytest.raises(UserError, match=part):
        read(put(tmp_path, "meta.json", meta))


def test_paths_that_are_wrong(tmp_path: Path) -> None:
    tables = Tables(META, {"reps": pd.DataFrame({"rep_id": ["r"]})})
    with pytest.raises(UserError, match="no such file or folder"):
        read(tmp_path / "nowhere")
    with pytest.raises(UserError, match="no table in this folder"):
        read(tmp_path)
    file = put(tmp_path, "a.txt", b"x") / "a.txt"
    with pytest.raises(UserError, match=r"a folder of CSV or Parquet files or one \.xlsx"):
        read(file)
    with pytest.raises(UserError, match="is a file; give a folder"):
        write(tables, file, "csv")
    with pytest.raises(UserError, match="did you mean xlsx"):
        write(tables, tmp_path / "b", "xls")  # type: ignore[arg-type]
    put(tmp_path, "b.xlsx", b"no workbook")
    with pytest.raises(UserError, match="not an Excel workbook"):
        read(tmp_path / "b.xlsx")


def test_a_workbook_with_a_wrong_byte_is_told_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "team.xlsx"
    write(Tables(META, {"reps": pd.DataFrame({"rep_id": [f"r{n}" for n in range(400)]})}), file, "xlsx")
    whole = file.read_bytes()
    refused = []
    for place in range(0, len(whole), len(whole) // 24):
        changed = bytearray(whole)
        changed[place] ^= 0xFF
        file.write_bytes(changed)
        try:
            read(file)
        except UserError as problem:
            refused.append(str(problem))
    assert len(refused) > 12
    assert all("\n" not in line for line in refused)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-be", "utf-32-be"])
def test_wide_text_is_read_by_its_mark(tmp_path: Path, encoding: str) -> None:
    mark = "" if encoding in {"utf-16", "utf-32"} else "\ufeff"
    (tmp_path / "reps.csv").write_bytes(f"{mark}rep_id,team\n上海,不\n".encode(encoding))
    assert read_header(tmp_path / "reps.csv") == ["rep_id", "team"]
    assert read_csv(tmp_path / "reps.csv").to_dict("list") == {"rep_id": ["上海"], "team": ["不"]}


def test_tables_of_an_earlier_run_are_not_mixed_in(tmp_path: Path) -> None:
    put(tmp_path, "pay.csv", b"rep_id\n")
    with pytest.raises(UserError, match=r"pay\.csv of an earlier run"):
        write(Tables(META, {"reps": pd.DataFrame({"rep_id": ["r"]})}), tmp_path, "csv")


def test_a_misspelt_file_beside_tables_is_named(tmp_path: Path) -> None:
    put(tmp_path, "reps.csv", b"rep_id\nr1\n")
    put(tmp_path, "order.csv", b"order_id\n1\n")
    with pytest.raises(UserError, match=r"did you mean orders\.csv"):
        read(tmp_path)


def test_blank_lines_do_not_shift_row_numbers(tmp_path: Path) -> None:
    put(tmp_path, "reps.csv", b"rep_id,hired\nr1,2027-01-01\n\n,,\nr2,someday\n\n")
    with pytest.raises(UserError, match=r"table reps, row 5, column hired: someday is not a date"):
        read(tmp_path)


def test_errors_speak_chinese(tmp_path: Path) -> None:
    put(tmp_path, "reps.csv", b"rep_id,hired\nr1,someday\n")
    with language("zh"), pytest.raises(UserError) as problem:
        read(tmp_path)
    with language("zh"):
        line = str(problem.value)
    assert "第2行" in line
    assert "someday" in line
    assert not any(word in line for word in ("row", "column", "write"))
