"""Whatever a user gets wrong ends in exit code 2 and one line that names the value, the rule and the remedy."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Kpisim

pytestmark = pytest.mark.unit

FILES: dict[str, str | bytes] = {
    "empty.yaml": "",
    "comment.yaml": "# nothing yet\n",
    "gbk.yaml": "name: 销售\n".encode("gbk"),
    "bad.yaml": "team:\n  size: [1, 2\nmarket: 3\n",
    "tab.yaml": "team:\n\tsize: 3\n",
    "list.yaml": "- a\n- b\n",
    "word.yaml": "hello\n",
    "month13.yaml": "calendar: {start: 2027-13-01}\n",
    "leap.yaml": "name: a\nchanges:\n  - {at: 2027-02-29, set: {incentive.commission_rate: 0.1}}\n",
    "twice.yaml": "name: a\nteam: {size: 5}\nmarket: {silence: 0.1}\nteam: {size: 7}\n",
    "typo.yaml": "team: {siez: 8}\n",
    "section.yaml": "temm: {size: 8}\n",
    "deep.yaml": "[" * 3000,
    "notes.txt": "team: {size: 8}\n",
    "kpi.yaml": "kpi: {targets: [{name: a, kpi: revenue_boked}]}\n",
    "cycle.yaml": "kpi: {targets: [{name: a, parent: b}, {name: b, parent: a}]}\n",
    "orphan.yaml": "kpi: {targets: [{name: revenue}, {name: b, parent: revenu}]}\n",
    "boxes.yaml": "workload: {time_boxes: [{start_hour: 1, hours: 2}, {start_hour: 2, hours: 1}]}\n",
    "matrix.yaml": "incentive: {matrix: {coefficient: [[1, 2], [3, 4]]}}\n",
    "tiers.yaml": "incentive: {tiers: [{attainment: 1.2, rate: 0.1}, {attainment: 1.0, rate: 0.2}]}\n",
    "cap.yaml": "incentive: {cap: 0.4, threshold: 0.6}\n",
    "early.yaml": "changes: [{at: 2020-01-01, set: {incentive.commission_rate: 0.1}}]\n",
    "path.yaml": "changes: [{at: 2027-04-01, set: {incentive.comission_rate: 0.1}}]\n",
    "value.yaml": "changes: [{at: 2027-04-01, set: {incentive.commission_rate: 8}}]\n",
    "fixed.yaml": "changes: [{at: 2027-04-01, set: {team.size: 3}}]\n",
    "dictionary.yaml": "reports: {a: b}\n",
    "mapping.yaml": "name: mine\ntables: 5\n",
}
RUN = "run medical_devices -n 1 "

# What is typed, and what the line must hold: the value or path, and the remedy.
CASES: list[tuple[str, list[str]]] = [
    # parameters
    (RUN + "-p team.siez=8", ["team.siez", "team.size"]),
    (RUN + "-p teem.size=8", ["teem.size", "team"]),
    (RUN + "-p nonsense=8", ["nonsense", "market, mechanisms, pressure, reviews, team"]),
    (RUN + "-p team.size=many", ["team.size", "many", "whole number|整数"]),
    (RUN + "-p team.size=7.5", ["team.size", "7.5", "whole number|整数"]),
    (RUN + "-p team.size=0", ["team.size", "0", "1"]),
    (RUN + "-p team.size=-3", ["team.size", "-3", "1"]),
    (RUN + "-p team.size=5000", ["team.size", "5000", "1000"]),
    (RUN + "-p team.size=.nan", ["team.size", "nan", "number|数"]),
    (RUN + "-p team.impatience=.inf", ["team.impatience", "inf", "finite|有限"]),
    (RUN + "-p team.size=yes", ["team.size", "yes", "number|数字"]),
    (RUN + "-p team.size=", ["team.size", '""', "whole number|整数"]),
    (RUN + "-p team.size=null", ["team.size", "null", "whole number|整数"]),
    (RUN + "-p team.size=[1,2]", ["team.size", "[1, 2]", "whole number|整数"]),
    (RUN + "-p team=5", ["team", "5", "names with values|名称"]),
    (RUN + "-p team.size.x=5", ["team.size.x", "team.size"]),
    (RUN + "-p market.season=[1,2]", ["market.season", "12"]),
    (RUN + "-p market.season.99=1", ["market.season.99", "0, 1"]),
    (RUN + "-p market.stages.propsal.rep_hours=2", ["market.stages.propsal", "proposal"]),
    (RUN + "-p workload.policy=urgent", ["workload.policy", "urgent", "urgent_first"]),
    (RUN + "-p workload.crm_daily=perhaps", ["workload.crm_daily", "perhaps", "true"]),
    (RUN + "-p calendar.start=tomorrow", ["calendar.start", "tomorrow", "2027-04-01"]),
    (RUN + "-p calendar.start=5", ["calendar.start", "5", "2027-04-01"]),
    (RUN + "-p calendar.start=2027-13-45", ["calendar.start=2027-13-45", "day|日期"]),
    (RUN + "-p calendar.weeks=0", ["calendar.weeks", "0", "1"]),
    (RUN + "-p calendar.workdays=[7]", ["calendar.workdays.0", "7", "6"]),
    (RUN + "-p incentive.commission_rate=8%", ["incentive.commission_rate", "8%", "number|数字"]),
    (RUN + "-p team.size", ["-p team.size", "team.size=8"]),
    (RUN + "-p =8", ["-p =8", "team.size=8"]),
    (RUN + "-p team.size=[8", ["-p team.size=[8", "brackets|括号"]),
    # files
    ("run nowhere.yaml", ["nowhere.yaml", "path|路径"]),
    ("run .", [".", ".yaml"]),
    ("run folder.yaml", ["folder.yaml", "give a file|请给出文件"]),
    ("run notes.txt", ["notes.txt", ".yaml"]),
    ("track strange --on 2027-02-01", ["targets", "revenue_boked", "revenue_booked"]),
    (
        "board strange -o b.md --start 2027-01-01 --end 2027-04-01",
        ["targets", "revenue_boked", "revenue_booked"],
    ),
    ("run empty.yaml", ["empty.yaml", "parameter|参数"]),
    ("run comment.yaml", ["comment.yaml", "parameter|参数"]),
    ("run gbk.yaml", ["gbk.yaml", "6", "UTF-8"]),
    ("run bad.yaml", ["bad.yaml", "line 3|第3行", "brackets|括号"]),
    ("run tab.yaml", ["tab.yaml", "line 2|第2行", "indentation|缩进"]),
    ("run deep.yaml", ["deep.yaml", "brackets|括号"]),
    ("run month13.yaml", ["month13.yaml, line 1|month13.yaml第1行", "2027-13-01", "day|日期"]),
    ("run leap.yaml", ["leap.yaml, line 3|leap.yaml第3行", "2027-02-29", "day|日期"]),
    ("run twice.yaml", ["twice.yaml, line 4|twice.yaml第4行", "team", "take one out|去掉一个"]),
    ("run list.yaml", ["list.yaml", "name: value|名称: 值"]),
    ("run word.yaml", ["word.yaml", "name: value|名称: 值"]),
    ("run typo.yaml", ["typo.yaml, line 1: team.siez|typo.yaml第1行：team.siez", "team.size"]),
    ("run section.yaml", ["section.yaml, line 1: temm|section.yaml第1行：temm", "team"]),
    ("run medical_device", ["medical_device", "medical_devices"]),
    ("run xyzzy", ["xyzzy", "default", "retail_peak"]),
    ("run " + "x" * 5000, ["xxx…", "default"]),
    # rules over several values
    ("run kpi.yaml", ["kpi.targets.0.kpi", "revenue_boked", "revenue_booked"]),
    ("run cycle.yaml", ["kpi.targets", "a → b → a", "parent|上级"]),
    ("run orphan.yaml", ["kpi.targets", "revenu", "revenue"]),
    ("run boxes.yaml", ["workload.time_boxes", "overlap|重叠"]),
    ("run matrix.yaml", ["incentive.matrix.coefficient", "row|一行"]),
    ("run tiers.yaml", ["incentive.tiers", "rising|递增"]),
    ("run cap.yaml", ["incentive.cap", "threshold|门槛"]),
    ("run early.yaml", ["changes.0.at", "2020-01-01", "2026-10-05", "2028-01-02"]),
    ("run path.yaml", ["changes.0.set", "incentive.comission_rate", "incentive.commission_rate"]),
    ("run value.yaml", ["changes.0.set", "incentive.commission_rate", "8", "1"]),
    ("run fixed.yaml", ["changes.0", "team.size", "incentive"]),
    # commands and options
    ("rnu", ["rnu", "run"]),
    ("xyzzy", ["xyzzy", "scenarios", "report"]),
    ("run --replication 3", ["--replication", "--replications"]),
    ("run --xyzzy", ["--xyzzy", "--help"]),
    ("--xyzzy", ["--xyzzy", "--help"]),
    ("compare", ["A", "kpisim compare A B"]),
    ("compare default", ["B", "kpisim compare A B"]),
    ("compare default retail_peek", ["retail_peek", "retail_peak"]),
    ("compare default default -P team.siez=3", ["team.siez", "team.size"]),
    ("run default technology", ["technology", "kpisim run [NAME]"]),
    ("run -n", ["-n", "N"]),
    ("run --no-cache=yes", ["--no-cache", "--no-cache"]),
    ("run -n 0", ["--replications", "0", "1"]),
    ("run -n -5", ["--replications", "-5", "1"]),
    ("run -n many", ["--replications", "many", "whole number|整数"]),
    ("run -n 2.5", ["--replications", "2.5", "whole number|整数"]),
    ("run -n 1000000", ["--replications", "1000000", "100000"]),
    ("run --seed -1", ["--seed", "-1", "0"]),
    ("run --workers 0", ["--workers", "0", "1"]),
    ("run --format txt", ["--format", "txt", "csv, xlsx, parquet"]),
    ("run -n 1 -o notes.txt", ["notes.txt", "folder|文件夹"]),
    ("run -n 1 -o notes.txt/below", ["notes.txt", "folder|文件夹"]),
    ("--lang fr scenarios", ["--lang", "fr", "zh, en"]),
    ("scenarios --lang english", ["--lang", "english", "zh, en"]),
    # evidence
    ("evidence --only jugling", ["jugling", "juggling"]),
    ("evidence --only juggling -p deels=[2]", ["deels", "juggling", "deals"]),
    ("evidence --only juggling -p deals=abc", ["deals", "abc", "list|一列"]),
    ("evidence --only juggling -p deals=[a]", ["deals", "list|一列"]),
    ("evidence --only juggling -p slices=0", ["slices", "0", "above 0|大于0"]),
    ("evidence --only juggling -p deals=[2.5]", ["juggling", "2.5", "defaults|默认值"]),
    ("evidence --only juggling -p seed=3", ["seed", "juggling"]),
    ("evidence --only juggling --only c_mu -p hours=10", ["-p", "--only"]),
    ("evidence -p hours=10", ["-p", "--only"]),
    ("evidence --only priority_queue -p rates=[1,1,1,1]", ["rates", "2.50", "below 1|小于1"]),
    ("evidence --only priority_queue -p rates=[-1,1,1,1]", ["rates", "-1", "above 0|大于0"]),
    ("evidence --only priority_queue -p rates=[0.1]", ["rates", "class|类别"]),
    ("evidence --only priority_queue -p policy=whim", ["policy", "whim", "first_come"]),
    ("evidence --only mmc_wait -p load=1.0", ["load", "1", "0"]),
    ("evidence --only mmc_wait -p servers=yes", ["servers", "True", "whole number|整数"]),
    ("evidence --only rework_queue -p wrong=[0.9]", ["wrong", "0.9", "arrivals"]),
    ("evidence --only little -p scenarios=[nowhere]", ["nowhere", "default"]),
    ("evidence --only bonus_odds -p sigma=0.0", ["bonus_odds", "sigma=0.0", "defaults|默认值"]),
    # a firm's own tables
    ("kpi", ["FOLDER", "kpisim kpi FOLDER"]),
    ("kpi nowhere", ["nowhere", "path|路径"]),
    ("kpi folder.yaml", ["folder.yaml", "--mapping"]),
    ("kpi notes.txt --mapping bpi2021", ["bpi2021", "bpi2012"]),
    ("kpi folder.yaml --mapping nowhere.yaml", ["nowhere.yaml", "path|路径"]),
    ("kpi folder.yaml --mapping mapping.yaml", ["mapping.yaml", "tables"]),
    ("kpi folder.yaml --kpi revenue_boked", ["revenue_boked", "revenue_booked"]),
    ("compare default default -n 1", ["--replications", "1", "2"]),
    ("cascade 100 --team East", ["--team East", "East=Ann,Bob|华东=李雷"]),
    ("cascade 100 --team =Ann", ["--team =Ann", "East=Ann,Bob|华东=李雷"]),
    ("cascade 100 --team East=Ann,Ann", ["East=Ann,Ann", "twice|重复"]),
    ("cascade 100 --kpi csat", ["CSAT|满意度", "split|拆分"]),
    ("goals x --today 2027-02-29", ["--today", "2027-02-29", "2027-04-30"]),
    ("profile toys", ["toys", "retail"]),
    ("replay --weeks 0", ["--weeks", "0", "1"]),
    ("cascade 12,000,000", ["TARGET", "12,000,000", "12000000"]),
    ("gap folder.yaml --target much", ["--target", "much", "12000000"]),
    ("board folder.yaml --live --port 70000", ["--port", "70000", "65535"]),
    ("board folder.yaml --port 8000", ["--port", "--live"]),
    ("board folder.yaml --host 0.0.0.0", ["--host", "--live"]),
    ("board folder.yaml --no-browser", ["--no-browser", "--live"]),
    # A page is never written over an export, and is refused before an hour of runs.
    ("stories -o notes.txt", ["--out", "notes.txt", ".html"]),
    ("replay -o film.mp4", ["--out", "film.mp4", ".html"]),
    ("cohort folder.yaml -o room.xlsx", ["--out", "room.xlsx", ".html"]),
    ("evidence --report notes.txt", ["--report", "notes.txt", ".html"]),
    ("track folder.yaml -o notes.txt", ["--out", "notes.txt", ".html"]),
    ("calibrate folder.yaml -o notes.txt", ["--out", "notes.txt", ".yaml"]),
    ("cascade 100 -o notes.txt", ["--out", "notes.txt", ".csv"]),
    ("kpi folder.yaml --by fortnight", ["--by", "fortnight", "month"]),
    # reports
    ("report -p team.siez=3", ["team.siez", "team.size"]),
    ("report medical_device", ["medical_device", "medical_devices"]),
    ("report -v team.siez=3", ["team.siez", "team.size"]),
    ("report -v team.siez", ["-v team.siez", "team.size=8"]),
    ("report --versus nowhere", ["nowhere", "default"]),
    ("report --data nowhere", ["nowhere", "path|路径"]),
    ("report --data folder.yaml --mapping nowhere", ["nowhere", "bpi2012"]),
    ("report --mapping bpi2012", ["mapping", "data"]),
    ("report default --data folder.yaml", ["data", "scenario|场景"]),
    ("report -n 1", ["replications", "1", "2"]),
    ("report -o notes.txt", ["notes.txt", "folder|文件夹"]),
    ("reports", ["FILE", "kpisim reports FILE"]),
    ("reports nowhere.yaml", ["nowhere.yaml", "path|路径"]),
    ("reports folder.yaml", ["folder.yaml", "give a file|请给出文件"]),
    ("reports empty.yaml", ["empty.yaml", "list|列表|清单"]),
    ("reports dictionary.yaml", ["dictionary.yaml", "scenario"]),
    ("reports gbk.yaml", ["gbk.yaml", "UTF-8"]),
    ("reports bad.yaml", ["bad.yaml", "line 3|第3行"]),
    ("reports month13.yaml", ["month13.yaml, line 1|month13.yaml第1行", "2027-13-01"]),
    # speed
    ("bench --only engines", ["engines", "engine"]),
]


@pytest.fixture(autouse=True)
def wrong_files(kpisim: Kpisim) -> None:
    """Lay out the wrong files in the current folder."""
    for name, text in FILES.items():
        Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
    Path("folder.yaml").mkdir()
    Path("strange").mkdir()
    Path("strange/meta.json").write_text('{"start": "2027-01-01", "end": "2028-01-01"}', encoding="utf-8")
    Path("strange/targets.csv").write_text(
        "name,kpi,period_start,period_end,target,weight\na,revenue_boked,2027-01-01,2027-04-01,5,1\n",
        encoding="utf-8",
    )


def check(code: object, out: str, err: str, wanted: list[str], lang: str) -> None:
    assert code == 2, (code, out, err)
    assert out == ""
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1, err
    assert err.startswith("kpisim: ")
    for words in wanted:
        assert any(word in err for word in words.split("|")), (words, err)
    # A remedy follows the rule.
    assert re.search("; |；|: add |：请", err), err
    assert bool(re.search(r"[\u4e00-\u9fff]", err)) == (lang == "zh"), err
    assert not re.search(r"\{\w+\}", err), "a field was not filled"
    assert len(err) < 600


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("typed", "wanted"), CASES, ids=[typed[:70] for typed, _ in CASES])
def test_one_line_says_what_to_do(
    kpisim: Kpisim, typed: str, wanted: list[str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KPISIM_LANG", lang)
    said = kpisim(*typed.split())
    check(said.code, said.out, said.err, wanted, lang)


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 40
    assert len({typed for typed, _ in CASES}) == len(CASES)


def test_line_breaks_and_long_values_do_not_break_the_line(kpisim: Kpisim) -> None:
    for value in ("team.size=a\nb\rc", "team.size=" + "9" * 5000, "x\ny.z=1", "team.size=\u2028x"):
        said = kpisim("run", "-n", "1", "-p", value)
        check(said.code, said.out, said.err, [], "en")


@pytest.mark.parametrize(
    ("words", "wanted", "lang"),
    [
        (["run", "medical_devices", "-p", "team.siez=8"], ["team.siez", "team.size"], "en"),
        (["run", "medical_devices", "-p", "team.siez=8", "--lang", "zh"], ["team.siez", "team.size"], "zh"),
        (["run", "bad.yaml", "--lang=zh"], ["第3行"], "zh"),
        (["rnu"], ["run"], "en"),
        (["evidence", "--only", "priority_queue", "-p", "rates=[1,1,1,1]"], ["2.50"], "en"),
    ],
)
def test_the_same_from_a_shell(words: list[str], wanted: list[str], lang: str) -> None:
    root = str(Path(__file__).resolve().parents[2])
    env = {name: value for name, value in os.environ.items() if name not in {"KPISIM_LANG", "LC_ALL"}}
    done = subprocess.run(
        [sys.executable, "-m", "kpisim", *words],
        env={**env, "PYTHONPATH": root, "LANG": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    check(done.returncode, done.stdout, done.stderr, wanted, lang)


@pytest.mark.parametrize(
    ("option", "remedy"),
    [("-o", "see --help"), ("--sead", "did you mean --seed?"), ("--xyzzy", "see --help")],
)
def test_an_unknown_option_of_one_letter_is_not_like_another_letter(
    kpisim: Kpisim, option: str, remedy: str
) -> None:
    said = kpisim("evidence", option)
    assert (said.code, said.out) == (2, "")
    assert said.err.strip() == f"kpisim: {option}: no such option; {remedy}"
