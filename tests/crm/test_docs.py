"""The page on own data: in step with the declarations, and its examples do what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from kpisim.crm import docs, load_export
from kpisim.crm.mapping import Mapping
from kpisim.tables.schema import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.tables import Tables

pytestmark = pytest.mark.unit


def read(folder: Path, number: int, **files: str) -> Tables:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    text = docs.EXAMPLES[number][2].replace("*.xlsx", "*.csv")
    return load_export(folder, Mapping.parse(yaml.safe_load(text)))


def test_the_page_is_in_step_with_the_declarations() -> None:
    assert docs.FILE.read_text(encoding="utf-8") == docs.page(), f"run {docs.COMMAND}"


def test_every_field_and_column_is_on_the_page() -> None:
    page = docs.page()
    for section, _ in docs.SECTIONS.values():
        for name, field in section.model_fields.items():
            assert f"| `{name}` |" in page
            assert str(field.description).replace("|", "\\|") in page
    for table in TABLES.values():
        assert f"### {table.name}\n" in page


def test_the_first_example(tmp_path: Path) -> None:
    tables = read(
        tmp_path, 0,
        **{"orders-01": "Order No,Customer,Date,Net (k),Status\nA1,X,04/01/2027,1.5,done\nA2,X,05/01/2027,9,void\n"},
        **{"orders-02": "Order No,Customer,Date,Net (k),Status\nA3,Y,02/02/2027,2,done\n"},
    )  # fmt: skip
    assert tables["orders"]["value"].tolist() == [1500, 2000]
    assert tables["orders"]["booked"].dt.strftime("%m-%d").tolist() == ["01-04", "02-02"]


def test_the_second_example(tmp_path: Path) -> None:
    text = "单据编号,单据类型,日期,客户,金额\nX1,销售出库,2027-01-04,甲,100\n,销售出库,,,20\nX2,销售退货,2027-01-05,甲,30\n"
    assert read(tmp_path, 1, book=text)["orders"]["value"].tolist() == [120, -30]


def test_the_third_example(tmp_path: Path) -> None:
    tables = read(
        tmp_path, 2,
        人员="工号,姓名\nK1,张三\n", 订单1="订单号,客户,日期,金额,业务员\nD1,甲,2027-01-04,90000,K1\n",
        目标="工号,1月,2月,3月\nK1,10,10,10\n",
    )  # fmt: skip
    assert tables["orders"]["rep_id"].tolist() == ["张三"]
    assert tables["targets"][["rep_id", "target"]].to_numpy().tolist() == [["张三", 100_000]] * 3
