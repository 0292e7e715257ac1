"""Every way out and back in loses nothing, and no CSV runs a formula."""

from __future__ import annotations

import csv
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpisim.tables import Meta, Tables, conform, read, write
from kpisim.text import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.tables.io import Format

pytestmark = pytest.mark.unit

META = Meta(
    date(2027, 1, 4), date(2028, 1, 3), 7.5, (date(2027, 1, 4),), "CNY", "导出😀", 4, ("说明", "=1+1")
)
PLACES: dict[Format, str] = {"csv": "c", "parquet": "p", "xlsx": "a.xlsx", "json": "a.json", "sqlite": "a.db"}
EVIL = ["=1+1", "+a", "-2", "-2+3", "@cmd", "\tx", "\rx", "'=1", "''@", "'-2", "'x", "NA", "张三", "😀", None]


def same(again: Tables, tables: Tables) -> None:
    assert again.meta == tables.meta
    assert set(again.frames) == set(tables.frames)
    for name, frame in tables.frames.items():
        # A category without any value has no words whose type could be kept.
        blank = [c for c in frame if frame[c].dtype.name == "category" and frame[c].isna().all()]
        assert list(again[name].columns) == list(frame.columns)
        assert all(again[name][c].dtype.name == "category" and again[name][c].isna().all() for c in blank)
        pd.testing.assert_frame_equal(
            again[name].drop(columns=blank), frame.drop(columns=blank), check_exact=True
        )


def tables_of(texts: list[str | None]) -> Tables:
    count = len(texts)
    ids = [f"{k:03d}" for k in range(count)]
    gaps = [None if k % 2 else k % 4 == 0 for k in range(count)]
    moments = np.datetime64("2027-02-01T09:15:33.123457", "us") + np.arange(count) * np.timedelta64(
        86_400_000_001, "us"
    )
    lead = {"opportunity_id": ids, "created": moments, "status": ["won"] * count, "closed": moments,
            "value": [0.1 + 0.2] * count, "existing": gaps, "source": [text.strip() or None if text else None for text in texts]}  # fmt: skip
    answer = {"survey_id": ids, "question": ["csat"] * count, "answered": moments, "score": [None if gap is None else 4 for gap in gaps]}  # fmt: skip
    frames = {
        "reps": pd.DataFrame({"rep_id": ids, "team": texts}, dtype=object),
        "opportunities": pd.DataFrame(lead),
        "surveys": pd.DataFrame(answer),
        "orders": Tables(META)["orders"],
    }
    return Tables(META, {name: conform(name, frame) for name, frame in frames.items()})


@pytest.mark.parametrize("fmt", PLACES)
def test_nothing_is_lost(tmp_path: Path, fmt: Format) -> None:
    tables = tables_of(EVIL)
    same(read(write(tables, tmp_path / PLACES[fmt], fmt)), tables)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(EVIL), max_size=5
    )
)
def test_nothing_is_lost_of_any_small_table(tmp_path: Path, texts: list[str | None]) -> None:
    tables = tables_of(texts)
    for fmt, place in PLACES.items():
        same(read(write(tables, tmp_path / place, fmt)), tables)


def test_no_text_in_a_csv_runs_as_a_formula(tmp_path: Path) -> None:
    folder = write(tables_of(EVIL), tmp_path / "c", "csv")
    with (folder / "reps.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [row["team"] for row in csv.DictReader(file)]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == ["-2"]
    assert cells[0] == "'=1+1"


@pytest.mark.parametrize("text", ["{", "[]", '{"tables": {"orders": 3}}', '{"tables": {"foo": []}}'])
def test_a_wrong_json_file_is_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read(tmp_path / "a.json")
    assert "\n" not in str(caught.value)
