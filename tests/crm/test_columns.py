"""What a column of raw cells looks like: one edge at a time, on cells few enough to count."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from kpisim.crm.wizard.columns import FEW, Seen, look_at, masked
from kpisim.tables.parse import DAY_NUMBER

pytestmark = pytest.mark.unit


def seen(cells: list[Any], name: str = "qq", **more: Any) -> Seen:
    return look_at(name, pd.Series(cells, dtype=object), **more)


def test_a_value_in_two_months_files_is_no_double_and_twice_in_one_is() -> None:
    assert seen(["a", "b", "a", "b"], files=[0, 0, 1, 1]).unique
    assert not seen(["a", "a", "b", "c"], files=[0, 0, 1, 1]).unique
    assert seen(["a", "a", "b", "c"], files=[0, 0, 1, 1]).different == 0.75
    assert not seen(["a", "b", "a", "b"]).unique
    # Empty cells have no file to be in.
    assert seen(["a", None, "a"], files=[0, 0, 1]).unique


@pytest.mark.parametrize(("count", "look"), [(FEW, "word"), (FEW + 1, "text")])
def test_few_words_are_kept(count: int, look: str) -> None:
    words = [f"w{'x' * place}" for place in range(count)]
    found = seen([*words, words[0]])
    assert (found.look, len(found.words)) == (look, count if look == "word" else 0)
    # Each once is an id, however many there are.
    assert seen(words).look == "id"


@pytest.mark.parametrize(
    ("cells", "comma", "look", "decimals"),
    [
        (["1.5", "2", "2"], False, "amount", ()),
        (["1,5", "2", "2"], False, "amount", (",",)),
        (["1.234", "2", "2"], True, "amount", (",", ".")),
        (["12", "2", "2"], True, "amount", ()),
        (["1.5", "x", "x"], False, "word", ()),
        (["11", "12", "13"], False, "id", ()),
        (["11", "12", "13.0"], False, "amount", ()),
    ],
)
def test_the_decimal_sign(cells: list[str], comma: bool, look: str, decimals: tuple[str, ...]) -> None:
    found = seen(cells, comma=comma)
    assert (found.look, found.decimals) == (look, decimals)


@pytest.mark.parametrize(
    ("cells", "name", "serial", "look", "formats"),
    [
        (["2027-03-01", "2027-03-02"], "qq", False, "date", ()),
        # 46,447 is 1 March 2027 in Excel.
        ([46447, 46448, 46448], "qq", True, "amount", ()),
        ([46447, 46448, 46448], "date", True, "date", ()),
        (["2027-03-01", 46448, 46448], "qq", True, "date", ()),
        (["2027-03-01", "46448", "46448"], "qq", False, "word", ()),
        (["46447", "46448", "46448"], "日期", False, "date", (DAY_NUMBER,)),
        (["46447", "46448", "46448"], "qq", False, "amount", ()),
        # 1 to 3 under a name that says date are days of 1900: no date of a firm.
        (["1", "2", "2"], "date", False, "amount", ()),
        (["31/12/2027", "01/02/2027"], "qq", False, "date", ("%d/%m/%Y",)),
        (["01/02/2027", "03/02/2027"], "qq", False, "date", ("%d/%m/%Y", "%m/%d/%Y")),
        (["1027-03-01", "1027-03-02"], "qq", False, "id", ()),
    ],
)
def test_dates_and_what_only_looks_like_them(
    cells: list[Any], name: str, serial: bool, look: str, formats: tuple[str, ...]
) -> None:
    found = seen(cells, name, serial=serial)
    assert (found.look, found.formats) == (look, formats)


def test_a_column_of_nothing() -> None:
    for cells in ([], [None, ""], ["  "]):
        found = seen(cells)
        assert (found.look, found.filled, found.unique, found.different) == ("empty", 0.0, False, 0.0)


def test_samples_give_nobody_away() -> None:
    assert masked("张三丰") == "张三丰"  # a word alone says nothing; its column does
    assert masked("张三丰", hide=True) == "张**"
    assert masked("ann@example.org") == "a**@e*****.o**"
    assert masked("x" * 30) == "x" * 23 + "…"
    assert seen(["Ann Lee", "Bo Li"], "姓名").samples == ("A** L**", "B* L*")


DAYS = [f"2027-01-{day:02}" for day in range(1, 21)]


@pytest.mark.parametrize(
    ("cells", "nearly", "odd"),
    [
        ([*DAYS, "end of June"], "date", ("end of June",)),
        ([*(day.replace("-", "/") for day in DAYS), "6月底"], "date", ("6月底",)),
        ([f"{n}.50" for n in range(20)] + ["about 9"], "amount", ("about 9",)),
        # Two in twenty are one in ten; three are more, and the column is what its cells are.
        ([f"{n}.50" for n in range(18)] + ["a", "b"], "amount", ("a", "b")),
        ([f"{n}.50" for n in range(17)] + ["a", "b", "c"], None, ()),
        # Of five cells one is no exception.
        ([*DAYS[:4], "soon"], None, ()),
        (DAYS, None, ()),
        (["An", "Bo"] * 10, None, ()),
    ],
)
def test_a_column_with_few_odd_cells_says_what_it_is_without_them(
    cells: list[str], nearly: str | None, odd: tuple[str, ...]
) -> None:
    one = seen(cells)
    assert (one.nearly, one.odd) == (nearly, odd)
    assert nearly is None or one.look not in {"date", "amount"}


def test_dates_day_first_are_read_past_an_odd_cell() -> None:
    cells = [f"{day:02}/01/2027" for day in range(1, 31)] + ["?"]
    assert (seen(cells).nearly, seen(cells).formats) == ("date", ("%d/%m/%Y",))
