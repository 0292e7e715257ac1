"""Effects that nobody put in: every case says what it compares and why a figure is missed; the sure ones hold with other luck."""

from __future__ import annotations

import pytest

from kpisim import evidence
from kpisim.text import language

EMERGING = {name: case for name, case in evidence.cases().items() if case.rule == "emerges"}

MISSED = {
    "volume_pay": {"never paid, signed from the 25th on less before (volume pay)"},
    "revenue_only": {"share of customers who leave, revenue alone less mixed"},
}
"""Figures of the cases below that are known not to come out."""


@pytest.mark.unit
@pytest.mark.parametrize("name", list(EMERGING))
def test_a_case_says_what_it_compares_in_both_languages(name: str) -> None:
    case = EMERGING[name]
    assert case.a is not None
    assert case.b is not None
    assert case.reason is not None
    for lang in ("zh", "en"):
        with language(lang):
            said = [str(text) for text in (case.title, case.setting, case.a, case.b, case.reason, case.explanation, case.limits) if text is not None]
        assert all(said)
        for text in said:
            assert any("\u4e00" <= char <= "\u9fff" for char in text) == (lang == "zh"), text
    assert any(digit in case.source for digit in "0123456789"), "a year"


@pytest.mark.evidence
@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["bonus_to_commission", "read_back", "complaints", "volume_pay", "revenue_only"]
)
def test_what_emerges_does_so_with_other_luck(name: str) -> None:
    frame = evidence.run(name, seed=2)
    missed = set(frame.loc[~frame["verdict"].isin(["pass", "put in"]), "metric"])
    assert missed <= MISSED.get(name, set()), frame.to_string()
