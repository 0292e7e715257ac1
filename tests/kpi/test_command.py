"""What ``kpisim kpi`` prints."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from kpisim.crm.command import print_kpis, print_why, show
from kpisim.tables import write
from kpisim.tables.files import read_header
from kpisim.text import UserError, language
from kpisim.text.cells import align, width

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kpisim.tables import Tables

    Make = Callable[..., Tables]

pytestmark = pytest.mark.unit

ORDERS = "cust,date,value\na,2027-01-04,10\na,2027-01-11,20\nb,2027-01-05,5\n"
DEALS = """opportunity_id,sales_agent,account,deal_stage,engage_date,close_date,close_value
1,张三,甲,Won,2027-01-04,2027-01-14,100
2,张三,乙,Lost,2027-01-05,2027-01-20,0
3,李四,丙,Engaging,2027-01-06,,
"""


def test_several_exports_in_a_folder_make_a_block_each(tmp_path: Path) -> None:
    (tmp_path / "orders 2027.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "crm_SYNTHETIC").mkdir()
    (tmp_path / "crm_SYNTHETIC" / "deals.csv").write_text(DEALS, encoding="utf-8")
    text = print_kpis(tmp_path)
    first, second = text.split("\n\ncrm_SYNTHETIC")
    assert "orders 2027.csv: Plain order export" in first
    assert re.search(r"Repeat-purchase rate \(one window\)\s+50\.0%\s+1\s+2\s+2\s+9\.5 – 90\.5%", first)
    assert "Synthetic data" not in first
    assert "Synthetic data" in second
    assert re.search(r"Win rate, by closing\s+50\.0%\s+1\s+2\s+2", second)
    assert "median 10.0 days" in second
    assert "No data here for: " in second
    assert "Traceback" not in text


def test_chinese_columns_are_in_line(tmp_path: Path) -> None:
    (tmp_path / "deals.csv").write_text(DEALS, encoding="utf-8")
    with language("zh"):
        text = print_kpis(tmp_path)
    lines = text.splitlines()
    head = next(number for number, line in enumerate(lines) if line.startswith("KPI"))
    end = width(lines[head].split("数值")[0]) + width("数值")
    for line in lines[head + 1 : head + 6]:
        cells = line[: next(k for k in range(len(line) + 1) if width(line[:k]) >= end)]
        assert re.search(r"[%天\d–]$", cells), cells
    assert "转化率（按创建）" in text
    assert not re.search(r"\b(Note|No data|median|numerator)\b", text)


def test_tables_of_a_run_and_periods(make: Make, tmp_path: Path) -> None:
    tables = make(opportunities=[{"created": "2027-01-04", "closed": "2027-02-04", "status": "won"}],
                  surveys=[{"question": "csat", "account_id": "a", "answered": "2027-01-04", "score": 5}])  # fmt: skip
    for fmt in ("csv", "xlsx", "parquet"):
        folder = write(tables, tmp_path / (f"{fmt}.xlsx" if fmt == "xlsx" else fmt), fmt)
        text = print_kpis(folder, by="month")
        assert re.search(r"Conversion, by creation\s+2027-01\s+100\.0%", text)
        assert re.search(r"Conversion, by creation\s+2027-02\s+–.*nothing to divide by", text)
        assert "fewer than 5 people" in text


def test_asked_for_by_name_a_kpi_without_data_says_why(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text(ORDERS, encoding="utf-8")
    text = print_kpis(
        tmp_path,
        "order_export",
        "2027-01-04",
        "2027-01-11",
        kpis=["csat", "repurchase_rate", "revenue_booked"],
    )
    assert re.search(r"CSAT\)\s+–\s+0\s+no data for it", text)
    assert re.search(r"Repurchase rate .*–\s+0\s+too early to tell", text)
    assert re.search(r"Bookings\s+15 ", text)


def test_why_lists_the_rows_whose_sums_are_the_number(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text(ORDERS, encoding="utf-8")
    lines = print_why(tmp_path, "revenue_booked").splitlines()
    assert "Bookings: 35" in lines
    assert "3 rows; numerator 35, denominator 0" in lines
    head = next(place for place, line in enumerate(lines) if line.startswith("table "))
    assert [line.split()[1] for line in lines[head + 1 :]] == ["10", "20", "5"]
    with pytest.raises(UserError, match="did you mean revenue_booked"):
        print_why(tmp_path, "revenue_bookd")
    assert "No number: too early to tell" in print_why(tmp_path, "repurchase_rate")


def test_why_of_a_pulse_names_nobody(make: Make, tmp_path: Path) -> None:
    answers = [
        {"question": "employee", "rep_id": f"Zhang{k}", "answered": "2027-02-01", "score": 4}
        for k in range(5)
    ]
    folder = write(make(surveys=answers), tmp_path / "t")
    said = print_why(folder, "employee_satisfaction")
    assert "5 rows; numerator 5, denominator 5" in said
    assert "Zhang" not in said
    few = print_why(write(make(surveys=answers[:4]), tmp_path / "few"), "employee_satisfaction")
    assert "fewer than 5 people" in few
    assert "rows" not in few


def test_an_account_list_is_not_taken_for_tables_of_ours(tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text("account,sector\nx,y\n", encoding="utf-8")
    (tmp_path / "deals.csv").write_text(DEALS, encoding="utf-8")
    assert "deals.csv: Plain opportunity export" in print_kpis(tmp_path)


def test_wrong_input(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file or folder"):
        print_kpis(tmp_path / "nowhere")
    with pytest.raises(UserError, match=r"neither tables of kpisim nor an export .*order_export"):
        print_kpis(tmp_path)
    (tmp_path / "o.csv").write_text(ORDERS, encoding="utf-8")
    with pytest.raises(UserError, match="did you mean csat"):
        print_kpis(tmp_path, kpis=["csta"])
    with pytest.raises(UserError, match="did you mean order_export"):
        print_kpis(tmp_path, "order_exprt")


def test_the_address_of_a_database_is_not_taken_for_a_folder() -> None:
    with pytest.raises(UserError, match="is not a database address") as said:
        print_kpis("mysql://u:geheim@h/d")
    assert "geheim" not in str(said.value)


def test_a_database_is_read_by_its_address(make: Make, tmp_path: Path) -> None:
    file = write(make(), tmp_path / "t.sqlite", "sqlite")
    title, _, rest = print_kpis(f"sqlite:///{file}").partition("\n")
    assert "t.sqlite: tables of kpisim" in title
    assert rest == print_kpis(file).partition("\n")[2]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_header_in_utf_16_is_read_whole(tmp_path: Path, encoding: str) -> None:
    # One byte of 上 (4E0A) is a line feed, one of 不 (4E0D) a carriage return.
    file = tmp_path / "a.csv"
    file.write_bytes("\ufeff订单号,线上,不含税金额\r\n1,2,3\r\n".encode(encoding))
    assert read_header(file) == ["订单号", "线上", "不含税金额"]


@pytest.mark.parametrize(
    ("held", "said"),
    [(b"", "the file is empty"), (b"a,b\xff\xff\n", "not UTF-8"), (b"a,b\n1,2\n", "kpisim import")],
)
def test_a_mapping_is_asked_for_only_where_the_file_can_be_read(
    tmp_path: Path, held: bytes, said: str
) -> None:
    (tmp_path / "a.csv").write_bytes(held)
    with pytest.raises(UserError, match=said):
        print_kpis(tmp_path / "a.csv")


def test_width_counts_chinese_signs_twice() -> None:
    assert [width(text) for text in ("abc", "客户", "（）", "é", "e\u0301")] == [3, 4, 4, 1, 1]
    assert align([["客", "1"], ["abc", "22"]], [False, True]) == ["客    1", "abc  22"]
    assert show(1234.5, "money") == "1,234.50"
    # Halves round up, as a reader with a pencil does, and a minus is a minus.
    assert (show(2.5, "count"), show(0.125, "money"), show(0.25, "days")) == ("3", "0.13", "0.3 days")
    assert show(-1234.5, "count") == "−1,235"
    assert show(3.0, "money/h") == "3.0 per hour"


def test_importing_the_room_imports_no_pandas() -> None:
    code = "import sys, kpisim.kpi, kpisim.tables, kpisim.crm; print('pandas' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.evidence
def test_the_published_data_make_their_blocks(real_data: Path) -> None:
    text = print_kpis(real_data)
    assert len(re.findall(r"^KPI ", text, re.MULTILINE)) == 2 * 5  # a table and a board each
    assert re.search(
        r"BPI Challenge 2012.*\n.*\n\nKPI.*\nConversion, by creation\s+17\.6%\s+1,145\s+6,505", text
    )
    assert text.count("Synthetic data") == 1
