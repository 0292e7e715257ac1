"""``kpisim import``: proposals, questions, mapping and quality report, from the words on the command line."""

from __future__ import annotations

import sys
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Kpisim

pytestmark = pytest.mark.functional

EXPORT = """商机编号,客户,销售,手机,创建日期,结束日期,阶段,金额
SJ001,甲公司,张三,13800138000,2027-01-04,2027-02-01,赢单,120000
SJ002,乙公司,李四,13900139000,2027/1/5,2027-02-02,输单,85000
SJ003,丙公司,张三,13700137000,2027年1月6日,,预审,30000
"""


class Terminal(StringIO):
    """What somebody types."""

    def isatty(self) -> bool:
        """Return yes: somebody sits there."""
        return True


@pytest.fixture
def export(kpisim: Kpisim) -> str:
    Path("deals.csv").write_text(EXPORT, encoding="gb18030")
    return "deals.csv"


@pytest.mark.parametrize(("lang", "words"), [("en", "Mapping saved"), ("zh", "映射文件已保存")])
def test_all_proposals(kpisim: Kpisim, export: str, lang: str, words: str) -> None:
    said = kpisim("import", export, "--yes", "--lang", lang)
    assert (said.code, said.err) == (0, "")
    assert words in said.out
    assert "13800138000" not in said.out
    assert "张三" not in said.out
    kpis = kpisim("kpi", export, "--mapping", "deals.mapping.yaml", "--lang", lang)
    assert kpis.code == 0
    assert "120,000" in kpis.out
    again = kpisim("import", export, "--yes", "--lang", lang)
    assert (again.code, again.err.count("\n")) == (2, 1)


def test_the_next_command_can_be_copied_into_a_shell(kpisim: Kpisim, export: str) -> None:
    # A second download is called so; unquoted, the brackets stop a shell.
    Path(export).rename("商机(1).csv")
    said = kpisim("import", "商机(1).csv", "--yes", "--lang", "en")
    assert said.out.splitlines()[-1].endswith('kpisim kpi "商机(1).csv" --mapping "商机(1).mapping.yaml"')
    Path("商机(1).csv").rename("商机.csv")
    said = kpisim("import", "商机.csv", "--yes", "--lang", "en")
    assert said.out.splitlines()[-1].endswith("kpisim kpi 商机.csv --mapping 商机.mapping.yaml")


def test_nobody_there_to_ask(kpisim: Kpisim, export: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO(""))
    said = kpisim("import", export)
    assert said.code == 2
    assert "预审" in said.out
    assert said.err.startswith("kpisim: deals.csv: questions still open: 2")
    assert not list(Path().glob("*.yaml"))
    wrong = kpisim("import", export, "--column", "手机")
    assert (wrong.code, wrong.err.count("\n")) == (2, 1)


def test_somebody_answers(kpisim: Kpisim, export: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("perhaps\nlost\nno\n"))
    said = kpisim("import", export, "-o", "m.yaml", "--column", "客户=-")
    assert (said.code, said.err) == (0, "")
    assert "perhaps is no answer here" in said.out
    text = Path("m.yaml").read_text(encoding="utf-8")
    assert "预审: lost" in text
    assert "account_id" not in text
    assert "orders" not in text


def test_several_files_make_one_mapping_that_reads_them_together(kpisim: Kpisim, export: str) -> None:
    Path("people.csv").write_text("销售;大区\n张三;华东\n王五;华南\n", encoding="utf-8")
    said = kpisim("import", export, "people.csv", "--yes")
    assert (said.code, said.err) == (0, "")
    assert "deals.csv: 销售 → people.csv" in said.out
    kpis = kpisim("kpi", ".", "--mapping", "deals.mapping.yaml", "--by", "rep_id")
    assert "王五" in kpis.out  # in the list, without a deal
    told = kpisim("import", export, "people.csv", "--table", "orders", "-o", "m.yaml")
    assert (told.code, told.err.count("\n")) == (2, 1)
    assert not Path("m.yaml").exists()


def test_stopping_half_way_writes_nothing(
    kpisim: Kpisim, export: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("lost\n"))
    said = kpisim("import", export)
    assert said.code == 130
    assert not list(Path().glob("*.yaml"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_months_and_codes_from_the_folder_to_why(kpisim: Kpisim, lang: str) -> None:
    folder = Path("导出 2027")
    folder.mkdir()
    for month in (1, 2):
        rows = "".join(f"D{month}{k},甲公司,K0{k},2027-0{month}-05,{100 * k}\n" for k in (1, 2, 9))
        text = f"订单编号,客户,业务员代码,签约日期,金额\n{rows}"
        (folder / f"订单 2027-0{month}.csv").write_text(text, encoding="gb18030")
    (folder / "人员.csv").write_text("工号,姓名,大区\nK01,张三,华东\nK02,李四,华南\n", encoding="utf-8")
    said = kpisim("import", str(folder), "--yes", "--lang", lang)
    assert (said.code, said.err) == (0, "")
    assert "K09" in said.out
    assert '"导出 2027" --mapping "导出 2027.mapping.yaml"' in said.out
    mapped = ("导出 2027", "--mapping", "导出 2027.mapping.yaml", "--lang", lang)
    assert "张三" in kpisim("kpi", *mapped, "--by", "rep_id").out
    reasons = kpisim("kpi", *mapped, "--why", "revenue_booked").out
    assert "订单 2027-02.csv" in reasons
    found = kpisim("quality", *mapped).out
    assert ("订单 2027-01.csv第4行：K09" if lang == "zh" else "订单 2027-01.csv row 4: K09") in found
    (folder / "人员.csv").write_text("工号,姓名\nK01,张三\nK01,李四\n", encoding="utf-8")
    twice = kpisim("quality", *mapped)
    assert (twice.code, twice.err.count("\n")) == (2, 1)


def test_quality_in_chinese_has_chinese_names(kpisim: Kpisim, export: str) -> None:
    assert kpisim("import", export, "--yes", "--lang", "zh").code == 0
    found = kpisim("quality", export, "--mapping", "deals.mapping.yaml", "--lang", "zh").out
    assert "商机编号" in found or "额外折扣比例（discount）" in found
    assert "opportunities" not in found
    english = kpisim("quality", export, "--mapping", "deals.mapping.yaml", "--lang", "en").out
    assert "opportunities" in english
    assert "discount" in english


@pytest.mark.parametrize(("lang", "word"), [("en", "three letters"), ("zh", "三个字母")])
def test_a_currency_is_three_letters(kpisim: Kpisim, export: str, lang: str, word: str) -> None:
    said = kpisim("import", export, "--yes", "--currency", "YUANS", "--lang", lang)
    assert (said.code, len(said.err.strip().splitlines())) == (2, 1)
    assert "YUANS" in said.err
    assert word in said.err
    assert not list(Path().glob("*.mapping.yaml"))
    assert kpisim("import", export, "--yes", "--currency", "usd", "--lang", lang).code == 0
    assert "USD" in Path("deals.mapping.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("period", "code"),
    [(("1990-01-01", "1990-04-01"), 2), (("2027-03-01", "2027-04-01"), 2), (("2027-01-01", "2027-02-01"), 0)],
)
def test_a_board_of_no_day_of_the_data_is_refused(
    kpisim: Kpisim, export: str, period: tuple[str, str], code: int
) -> None:
    kpisim("import", export, "--yes")
    start, end = period
    said = kpisim(
        "board", export, "--mapping", "deals.mapping.yaml", "--start", start, "--end", end, "-o", "b.md"
    )
    assert said.code == code
    assert Path("b.md").exists() == (code == 0)
    # The deals run from the first created to the last closed.
    assert code == 0 or "2027-01-04" in said.err


@pytest.mark.parametrize(
    ("lang", "other"), [("en", "next.csv: read like deals.csv"), ("zh", "next.csv：按deals.csv的映射读取")]
)
def test_a_title_says_the_file_once_and_whose_mapping_it_is_read_by(
    kpisim: Kpisim, export: str, lang: str, other: str
) -> None:
    kpisim("import", export, "--yes")
    Path("next.csv").write_bytes(Path("deals.csv").read_bytes())
    for name, title in (("deals.csv", "deals.csv"), ("next.csv", other)):
        lines = kpisim("kpi", name, "--mapping", "deals.mapping.yaml", "--lang", lang).out.splitlines()
        assert lines[0].endswith(title)
        assert (": " in lines[0] or "：" in lines[0]) == (name == "next.csv")
