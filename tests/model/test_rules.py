"""The rules beside every result are for managers: words, the formulas stand in docs/model."""

from __future__ import annotations

import re

import pytest

from kpisim.model.rules import _RULES, Rule

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("rule", [rule for rule, _ in _RULES], ids=lambda rule: rule.name)
def test_a_rule_is_said_in_words(rule: Rule) -> None:
    for said in (rule.en, rule.zh):
        assert not re.search(r"[=^√×₀-₉α-ωΑ-Ω]", said), said
    assert rule.rule == "assumption" or rule.source
