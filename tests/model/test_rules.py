"""The rules beside every result are for managers: words, the formulas stand in docs/model."""

from __future__ import annotations

import re

import pytest

from kpisim.model.rules import _RULES, Rule
from kpisim.scenario.scenario import SECTIONS, paths
from kpisim.text import catalogue

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("rule", [rule for rule, _ in _RULES], ids=lambda rule: rule.name)
def test_a_rule_is_said_in_words(rule: Rule) -> None:
    for said in (rule.en, rule.zh):
        assert not re.search(r"[=^√×₀-₉α-ωΑ-Ω]", said), said
    assert rule.rule == "assumption" or rule.source


def test_a_source_that_says_more_than_names_is_said_in_chinese() -> None:
    """Whoever changes a source and not its Chinese leaves English on a Chinese page."""
    prose = {rule.source for rule, _ in _RULES if set(re.findall(r"\b[a-z]+\b", rule.source)) - {"et", "al"}}
    assert len(prose) > 5
    assert prose - set(catalogue("zh")) == set(), "write its Chinese into kpisim/text/locale/zh/report.po"


def test_what_goes_into_a_rule_is_a_parameter_or_a_section() -> None:
    known = set(paths())
    for rule, _ in _RULES:
        assert rule.moved_by, rule.name
        assert set(rule.moved_by) <= known, rule.name


def test_no_parameter_is_without_a_rule() -> None:
    """Switches name mechanisms, and a calendar is no rule; whatever else can be set goes into one at least."""
    told = {path for rule, _ in _RULES for path in rule.moved_by}
    for name, section in SECTIONS.items():
        if name in {"mechanisms", "calendar"} | told:
            continue
        missing = {f"{name}.{field}" for field in section.model_fields} - told
        assert not missing, "name it in moved_by of the rule that reads it, in kpisim/model/rules.py"


def test_a_section_moves_a_rule_and_a_name_that_only_begins_alike_does_not() -> None:
    rule = Rule("x", "exact", "", "", moved_by=("workload", "kpi.quota"))
    assert rule.is_moved(["workload.policy"])
    assert rule.is_moved(["kpi.quota"])
    assert not rule.is_moved(["kpi.quota_spread", "workloads.policy", "kpi"])
    assert not rule.is_moved([])
