"""Report parameters are checked before anything is launched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kpisim.report.batch import read_batch
from kpisim.report.build import template_path
from kpisim.report.parameters import ReportParameters
from kpisim.text import UserError

pytestmark = pytest.mark.unit


def test_defaults() -> None:
    made = ReportParameters.check({})
    assert made.scenarios()[0].name == "default"
    assert made.stem() == "default-en"
    assert not made.compares


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"replicatons": 5}, "replicatons: unknown parameter; did you mean replications?"),
        ({"replications": 1}, "replications: 1 is below 2; give a value from 2 to"),
        ({"lang": "fr"}, "lang: fr is not one of zh, en"),
        ({"scenario": "defalt"}, "defalt: no such scenario; did you mean default?"),
        ({"set": {"incentive.comission_rate": 0.1}}, "did you mean incentive.commission_rate?"),
        ({"set": {"team.size": 0}}, "team.size: 0 is below 1; give a value from 1 to 1000"),
        ({"versus": "technologie"}, "did you mean technology?"),
        ({"versus_set": {"team.sise": 3}}, "did you mean team.size?"),
        ({"data": "no/such/place"}, "no/such/place: no such folder; check the path"),
        ({"data": "mysql://ann:secret@h/x"}, "mysql://… is not a database address"),
        ({"mapping": "order_export"}, "mapping: a mapping needs data"),
        ({"start": "2027-01-01"}, "only own data have a period"),
        ({"data": ".", "scenario": "default"}, "a report is about data or about a scenario"),
        ({"data": ".", "mapping": "order_exprt"}, "did you mean order_export?"),
        ({"data": ".", "start": "2027-02-01", "end": "2027-02-01"}, "the end must lie after the start"),
        ({"calibration": True}, "calibration: a scenario is fitted to own data"),
        ({"data": ".", "stories": True}, "stories: the stories are played scenarios"),
        ({"data": ".", "sensitivity": True}, "sensitivity: only a scenario rests on assumptions"),
        ({"seed": -1}, "seed: -1 is below 0"),
        ({"title": "x" * 121}, "title: the text is longer than 120 characters"),
    ],
)
def test_a_mistake_is_one_line_with_its_remedy(values: dict[str, Any], says: str) -> None:
    with pytest.raises(UserError) as caught:
        ReportParameters.check(values)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_name_is_told_the_names_as_they_are_written() -> None:
    with pytest.raises(UserError) as problem:
        ReportParameters.check({"parameters": {"team.size": 4}})
    assert " set, " in str(problem.value)
    assert "versus_sets" not in str(problem.value)


def test_set_and_sets_are_the_same() -> None:
    for name in ("set", "sets"):
        made = ReportParameters.check({name: {"team.size": 4}})
        assert made.scenarios()[0].team.size == 4


def test_versus_set_alone_varies_the_first_scenario() -> None:
    made = ReportParameters.check(
        {"set": {"team.size": 4}, "versus_set": {"incentive.commission_rate": 0.05}}
    )
    first, second = made.scenarios()
    assert second is not None
    assert (first.team.size, second.team.size) == (4, 4)
    assert (first.incentive.commission_rate, second.incentive.commission_rate) == (0.03, 0.05)


def test_values_round_trip_through_the_notebook(small: Path) -> None:
    made = ReportParameters.check({"scenario": small, "versus_set": {"team.size": 4}})
    again = ReportParameters.check(made.values())
    assert again.scenarios() == made.scenarios()
    assert Path(str(again.scenario)).is_absolute()


def test_stem_is_a_safe_file_name(small: Path, firm: Path) -> None:
    assert ReportParameters.check({"scenario": small, "lang": "zh"}).stem() == "小团队-zh"
    assert ReportParameters.check({"data": firm}).stem() == "firm-data-en"


def test_the_template_declares_exactly_these_parameters_and_holds_no_output() -> None:
    notebook = json.loads(template_path().read_text(encoding="utf-8"))
    tagged = [cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1
    declared: dict[str, Any] = {}
    exec("".join(tagged[0]["source"]), {}, declared)  # noqa: S102  (our own template)
    expected = {name: field.get_default() for name, field in ReportParameters.model_fields.items()}
    assert declared == expected | {"xlsx": None}
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook["cells"])


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_the_batch_in_the_readme_can_be_read(
    readme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its form stood nowhere else, so whoever wrote a batch file had to guess it from the error."""
    text = (Path(__file__).resolve().parents[2] / readme).read_text(encoding="utf-8")

    def block(begins: str) -> str:
        lines = text[text.index(begins) :].split("\n\n")[0].splitlines()
        return "\n".join(line[4:] for line in lines if line.startswith("    "))

    (tmp_path / "our_team.yaml").write_text(block("    name: our team"), encoding="utf-8")
    (tmp_path / "our_export.csv").write_text("x\n1\n", encoding="utf-8")
    (tmp_path / "batch.yaml").write_text(block("    - {name: "), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    entries = read_batch(tmp_path / "batch.yaml")
    assert len(entries) == 4
    for entry in entries:
        entry.pop("name", None)
        assert ReportParameters.check(entry).replications >= 30
