"""Every parameter says what it is, in both languages; the page and the schema made from it are in step."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
import yaml

from kpisim.scenario import Scenario, docs, library, schema
from kpisim.scenario.declared import Parameter, parameters
from kpisim.scenario.fields import RuleClass, Section
from kpisim.scenario.scenario import SECTIONS

pytestmark = pytest.mark.unit

ALL = parameters()
LIBRARY = Path(docs.__file__).parent / "library"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:!?()]|[,;:!?()][\u4e00-\u9fff]|[\u4e00-\u9fff]\.(?!\d)")


def named(one: Parameter) -> str:
    return one.path


def test_the_page_is_in_step_with_the_declarations() -> None:
    message = f"docs/{docs.FILE.name} is out of step; write it anew: {docs.COMMAND}"
    assert docs.FILE.read_text(encoding="utf-8") == docs.page(), message


def test_the_schema_is_in_step_with_the_declarations() -> None:
    message = f"docs/{schema.FILE.name} is out of step; write it anew: {schema.COMMAND}"
    assert schema.FILE.read_text(encoding="utf-8") == schema.text(), message


def test_every_parameter_is_on_the_page_once() -> None:
    page = docs.page()
    sections = set(SECTIONS)
    for one in ALL:
        assert page.count(f"| `{one.path}` |") == (0 if one.path in sections else 1), one.path


@pytest.mark.parametrize("one", ALL, ids=named)
def test_a_parameter_says_what_it_is(one: Parameter) -> None:
    assert one.unit
    assert one.en
    assert CHINESE.search(one.zh), one.zh
    assert not CHINESE.search(one.en)
    assert one.rule in get_args(RuleClass)
    assert one.rule == "assumption" or one.source, "exact and published name their source"


@pytest.mark.parametrize("one", ALL, ids=named)
def test_chinese_is_set_with_chinese_punctuation(one: Parameter) -> None:
    assert not HALF_WIDTH.search(one.zh), one.zh


@pytest.mark.parametrize("name", library())
def test_stories_are_set_with_chinese_punctuation_and_without_stray_blanks(name: str) -> None:
    data = yaml.safe_load((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8"))
    for text in (data["title_zh"], data["story_zh"]):
        assert not HALF_WIDTH.search(text), text
        # A line folded in YAML leaves a blank, which Chinese does not have.
        assert not re.search(r"[\u3000-\u9fff\uff00-\uffef] |\s[\u4e00-\u9fff]", text), text


@pytest.mark.parametrize("one", [one for one in ALL if one.numeric], ids=named)
def test_a_number_has_bounds_and_its_default_lies_within_them(one: Parameter) -> None:
    assert one.low is not None
    assert one.high is not None
    for value in numbers(one.default):
        assert one.low < value if one.low_open else one.low <= value
        assert value < one.high if one.high_open else value <= one.high


def numbers(value: Any) -> list[float]:
    if isinstance(value, tuple):
        return [number for item in value for number in numbers(item)]
    return [] if value is None or isinstance(value, Section) else [value]


def test_the_defaults_are_valid_when_given_in_full() -> None:
    """Pydantic does not validate defaults, so a default against its own rule would pass until somebody writes it down."""
    assert Scenario.parse(Scenario().model_dump(mode="json")) == Scenario()


@pytest.mark.parametrize("name", library())
def test_library_files_are_valid_by_the_schema(name: str) -> None:
    data = yaml.safe_load((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema.schema()).validate(json.loads(json.dumps(data, default=str)))


def test_the_schema_is_a_schema_and_refuses_unknown_names_everywhere() -> None:
    made = schema.schema()
    jsonschema.Draft202012Validator.check_schema(made)
    for holder in (made, *made["$defs"].values()):
        assert holder["additionalProperties"] is False
        for field in holder["properties"].values():
            assert field["unit"]
            assert CHINESE.search(field["description"])
            assert field["description"].split("\n")[0]


@pytest.mark.parametrize(
    "data",
    [
        {"team": {"siez": 8}},
        {"team": {"size": 0}},
        {"team": {"size": True}},
        {"market": {"complaint_return": [0.1, 0.2]}},
        {"market": {"complaint_return": [0.1, 0.2, 1.3]}},
        {"workload": {"policy": "whim"}},
        {"incentive": {"tiers": [{"attainment": 1, "rat": 0.1}]}},
        {"story": "x"},
    ],
)
def test_the_schema_refuses_what_the_scenario_refuses(data: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, schema.schema())


@pytest.mark.parametrize("command", [docs.COMMAND, schema.COMMAND])
def test_the_commands_write_the_file_they_are_given(command: str, tmp_path: Path) -> None:
    import subprocess
    import sys

    file = tmp_path / "folder" / "written"
    subprocess.run([sys.executable, *command.split()[1:], str(file)], check=True, capture_output=True)
    assert file.read_text(encoding="utf-8") == (docs.page() if command == docs.COMMAND else schema.text())
