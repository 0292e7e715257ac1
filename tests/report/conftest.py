"""A tiny scenario that a report can be built from in seconds, and tables in the shape a firm brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

SMALL = """\
title_en: A small team <script>alert("x")</script>
title_zh: 小团队 <script>alert("x")</script>
story_en: Two reps & one market.
story_zh: 两名销售代表，一个 市场。
calendar: {weeks: 13, warmup_weeks: 4}
team: {size: 3}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a scenario file with markup in its title, in a folder with a space and Chinese characters."""
    folder = tmp_path / "我的 场景"
    folder.mkdir()
    file = folder / "小团队.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return file


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """Return a folder with two tables of a firm."""
    folder = tmp_path / "firm data"
    folder.mkdir()
    orders, opportunities = (
        ["order_id,account_id,booked,value"],
        ["opportunity_id,created,closed,status,value"],
    )
    for k in range(120):
        month, day = k % 6 + 1, k % 27 + 1
        orders.append(f"O{k},C{k % 30},2027-{month:02d}-{day:02d} 10:00:00,{1000 + 10 * k}")
        status = ("won", "lost", "open")[k % 3]
        closed = "" if status == "open" else f"2027-{month:02d}-{day + 1:02d} 12:00:00"
        opportunities.append(f"P{k},2027-{month:02d}-{day:02d} 09:00:00,{closed},{status},5000")
    (folder / "orders.csv").write_text("\n".join(orders) + "\n", encoding="utf-8")
    (folder / "opportunities.csv").write_text("\n".join(opportunities) + "\n", encoding="utf-8")
    return folder
