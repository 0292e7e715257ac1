"""What the commands do when all is well; the rooms behind them have tests of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kpisim import bench as speed
from kpisim.cli.options import parse_sets
from kpisim.report.browser import CHOSEN

if TYPE_CHECKING:
    from tests.cli.conftest import Kpisim

pytestmark = pytest.mark.functional

SHORT = ["-P", "calendar.weeks=4", "-P", "calendar.warmup_weeks=0"]
SHORT_RUN = [word.replace("-P", "-p") for word in SHORT]


@pytest.mark.parametrize(
    ("fmt", "made"),
    [
        ("csv", "out"),
        ("parquet", "out"),
        ("xlsx", "out.xlsx"),
        ("json", "out.json"),
        ("sqlite", "out.db"),
    ],
)
def test_run_prints_kpis_and_writes_tables_that_kpi_reads(kpisim: Kpisim, fmt: str, made: str) -> None:
    said = kpisim("run", *SHORT_RUN, "-n", "1", "-o", "out", "--format", fmt)
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[-1] == made
    assert [path.name for path in Path().iterdir()] == [made]
    read = kpisim("kpi", made)
    assert (read.code, read.err) == (0, "")
    assert len(read.out.splitlines()) > 10


def test_a_result_known_already_is_the_same(kpisim: Kpisim) -> None:
    words = ["run", *SHORT_RUN, "-n", "2", "--workers", "1"]
    first, second, third = kpisim(*words), kpisim(*words), kpisim(*words, "--no-cache")
    assert first.out == second.out == third.out != ""


def test_compare_says_the_same_of_a_scenario_and_itself(kpisim: Kpisim) -> None:
    said = kpisim("compare", "default", "default", *SHORT, "-n", "2", "--workers", "1")
    assert said.code == 0
    assert "no difference at all" in said.out
    assert "B is" not in said.out
    other = kpisim(
        "compare",
        "default",
        "default",
        *SHORT,
        "-p",
        "team.size=4",
        "-n",
        "2",
        "--workers",
        "1",
        "--lang",
        "zh",
    )
    assert other.code == 0
    assert re.search(r"B更[高低]|看不出差异", other.out)


def test_a_file_of_ones_own_is_played(kpisim: Kpisim) -> None:
    Path("我的 方案.yaml").write_text(
        "title_zh: 小团队\nteam: {size: 2}\ncalendar: {weeks: 2, warmup_weeks: 0}\n", encoding="utf-8"
    )
    said = kpisim("run", "我的 方案.yaml", "-n", "1", "--lang", "zh")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("小团队：模拟1次")


def test_evidence_prints_a_line_for_each_figure_time_after_time(kpisim: Kpisim) -> None:
    for _ in range(2):
        said = kpisim("evidence", "--only", "juggling", "-p", "deals=[2, 4]")
        assert (said.code, said.err) == (0, "")
        assert len(said.out.splitlines()) == 3
        assert "pass" in said.out


def test_a_figure_that_does_not_hold_ends_with_1(kpisim: Kpisim) -> None:
    said = kpisim("evidence", "--only", "mmc_wait", "-p", "customers=400")
    assert said.code == 1
    assert "too noisy" in said.out
    assert said.err.startswith("kpisim: ")
    assert len(said.err.splitlines()) == 1


def test_report_and_reports_hand_everything_on(kpisim: Kpisim, monkeypatch: pytest.MonkeyPatch) -> None:
    import pandas as pd

    from kpisim.report import command

    seen: dict[str, object] = {}

    def fake(name: str | None, **options: object) -> Path:
        seen.update(options, name=name)
        return Path("made.html")

    monkeypatch.setattr(command, "report", fake)
    words = "report technology -p team.size=3 --versus default -v team.size=4 -n 5 --seed 7 --workers 2 --xlsx -o out --lang zh"
    assert kpisim(*words.split()).out == "made.html\n"
    wanted = {
        "name": "technology",
        "sets": {"team.size": 3},
        "versus": "default",
        "versus_sets": {"team.size": 4},
        "lang": "zh",
        "replications": 5,
        "seed": 7,
        "workers": 2,
        "xlsx": True,
        "out": Path("out"),
        "data": None,
        "mapping": None,
    }
    assert {name: seen[name] for name in wanted} == wanted
    names = []
    for more in ([], ["--data", "x"]):
        assert kpisim("report", *more).code == 0
        names.append(seen["name"])
    assert names == ["default", None]

    for status, code, told in (("ok", 0, "a.html"), ("failed", 1, "no such scenario")):
        row = {
            "report": "a",
            "title": "默认团队",
            "status": status,
            "seconds": 1.25,
            "path": "a.html",
            "message": "no such scenario",
        }
        frame = pd.DataFrame([row])
        monkeypatch.setattr(command, "reports", lambda *_, frame=frame, **__: frame)
        said = kpisim("reports", "list.yaml", "--lang", "zh")
        assert said.code == code
        heads, line = said.out.splitlines()
        # It was a table of pandas: English names of columns, and Chinese cells out of line.
        assert heads.split() == ["报告", "内容", "状态", "用时（秒）", "说明"]
        assert line.split() == ["a", "默认团队", "完成" if code == 0 else "失败", "1.2", *told.split()]


def test_bench_prints_a_line_for_each_figure(kpisim: Kpisim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "lines", lambda **_: iter(["a: 1.00", "b: 2.00"]))
    assert kpisim("bench", "--quick").out == "a: 1.00\nb: 2.00\n"


def test_failed_runs_end_with_1_and_a_line(kpisim: Kpisim, monkeypatch: pytest.MonkeyPatch) -> None:
    from kpisim.model import Model

    def fail(_self: Model) -> None:
        raise RuntimeError("the sky\nfell")

    monkeypatch.setattr(Model, "play", fail)
    said = kpisim("run", "-n", "1", "--no-cache")
    assert said.code == 1
    assert len(said.err.splitlines()) == 1
    assert "RuntimeError" in said.err


@pytest.mark.parametrize(
    ("problem", "code", "said"),
    [
        (KeyboardInterrupt(), 130, "interrupted"),
        (OSError(28, "No space left on device", "out"), 2, "out: No space left on device; check"),
    ],
)
def test_what_the_machine_does_ends_in_one_line(
    kpisim: Kpisim, monkeypatch: pytest.MonkeyPatch, problem: BaseException, code: int, said: str
) -> None:
    def fail() -> list[str]:
        raise problem

    monkeypatch.setattr("kpisim.scenario.library", fail)
    found = kpisim("scenarios")
    assert found.code == code
    assert said in found.err
    assert len(found.err.strip().splitlines()) == 1


def test_a_reader_who_has_seen_enough_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    root = str(Path(__file__).resolve().parents[2])
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "kpisim", "scenarios"],
            stdout=closed,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": root},
            check=False,
        )
    # Click ends with 1, as other programs do; nobody sees it at the end of `kpisim … | head`.
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("a=1", 1),
        ("a= x y ", "x y"),
        ("a=b=c", "b=c"),
        ("a=[1, {b: 2}]", [1, {"b": 2}]),
        ("a=", ""),
        ("a=0.5", 0.5),
        ("a=销售", "销售"),
        ("a=null", None),
    ],
)
def test_values_on_the_command_line_are_yaml(word: str, value: object) -> None:
    assert parse_sets((word,)) == {"a": value}


def test_the_last_of_two_settings_counts() -> None:
    assert parse_sets(("a=1", "b=2", "a=3")) == {"a": 3, "b": 2}


def test_advice_says_which_days_its_lights_are_of(kpisim: Kpisim) -> None:
    small = ["-p", "team.size=3", "-p", "calendar.weeks=26", "-p", "calendar.warmup_weeks=4"]
    assert kpisim("run", "default", "-n", "1", *small, "-o", "tables").code == 0
    Path("card.yaml").write_text("lines: [{kpi: revenue_booked, target: 1}]\n", encoding="utf-8")
    said = kpisim("advise", "tables", "--scorecard", "card.yaml", "--lang", "en").out.splitlines()
    # Half a year from 4 January on holds one whole quarter and so no two to compare: the board is of a month.
    assert (
        said[1]
        == "Lights of the board from 2027-06-01 to 2027-06-30; targets of other lengths: kpisim track."
    )
    assert said[2] == "Nothing is red or amber that these rules have a try for."


def test_the_command_says_where_the_kit_lies(kpisim: Kpisim, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CHOSEN, "no-such-browser")
    said = kpisim("workshop", "--print", "-o", "day", "--lang", "zh")
    assert said.code == 0
    assert [line.rsplit("paper")[-1][1:] for line in said.out.splitlines()] == [
        "participant_zh.html",
        "role_cards_zh.html",
    ]
