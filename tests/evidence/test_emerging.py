"""Effects that nobody put in, and myths: every case runs with other values, and what comes out does so with other luck."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kpisim import evidence
from kpisim.evidence.case import CALIBRATED, REFUTED, SHOWN, STANDS, myth, put_in, shown
from kpisim.evidence.published import printed
from kpisim.evidence.results import EMERGING, MYTHS
from kpisim.evidence.tools import TOO_NOISY
from kpisim.evidence.words import Tally, at_edge, verdict_text
from kpisim.text import language

COMES_OUT = (
    "group_targets",
    "finish_what_you_started",
    "lead_response",
    "bonus_to_commission",
    "peaks_erode",
    "read_back",
    "complaints",
    "luck_in_attainment",
    "two_quarters",
    "contest_learning",
    "proximal_goals",
    "retention_steadies",
    "satisfaction_later",
)
"""Cases that come out in every figure, also with other luck.  A change here is news and must be meant.

`effort_or_timing` comes out with seeds 1 and 2 where its band is narrower than the interval of one figure; `no_plan_dominates` has a file of
its own (`test_no_plan`): it takes minutes."""

QUICK: dict[str, dict[str, Any]] = {
    "two_quarters": {"reps": 60},
    "contest_learning": {"teams": 4, "rounds": 20},
    "culture_growth": {"runs": 3, "months": 72},
    "finish_what_you_started": {"deals": 300, "runs": 2},
    "quality_knee": {"jobs": 2_000, "sizes": [4, 9], "runs": 2},
    "safelite": {"places": 40, "runs": 2},
    "luck_in_attainment": {"rep_years": 500, "deals": 6.0},
    "myth_23_minutes": {"tasks": 500},
    "myth_multitasking": {"tasks": 500},
    "myth_quiet_time": {"tasks": 500},
    "myth_feedback": {"people": 2_000},
    "myth_year_end": {"paths": 500},
    "myth_stress_curve": {"low": 30.0},
    "proximal_goals": {"runs": 2, "reviews": "month"},
}


@pytest.mark.unit
@pytest.mark.parametrize("name", [*EMERGING, *MYTHS])
def test_a_case_says_what_it_compares_in_both_languages(name: str) -> None:
    case = evidence.get(name)
    texts = (case.title, case.setting, case.a, case.b, case.reason, case.explanation, case.limits)
    for lang in ("zh", "en"):
        with language(lang):
            for text in (str(one) for one in texts if one is not None):
                assert any("\u4e00" <= char <= "\u9fff" for char in text) == (lang == "zh"), text
    assert any(digit in case.source for digit in "0123456789"), "a year"


@pytest.mark.functional
@pytest.mark.parametrize(
    ("name", "values"),
    [
        pytest.param(
            name,
            values,
            id=name,
            marks=[pytest.mark.slow] if name in {"proximal_goals", "luck_in_attainment"} else [],
        )
        for name, values in QUICK.items()
    ],
)
def test_a_case_runs_with_other_values_and_seeds(name: str, values: dict[str, Any]) -> None:
    one, again = (evidence.run(name, seed=7, **values) for _ in range(2))
    assert one.equals(again)
    assert len(one)
    assert np.isfinite(one["simulated"]).all()
    with language("zh"):
        metrics = evidence.run(name, seed=7, **values)["metric"]
    assert metrics.map(lambda text: any("\u4e00" <= char <= "\u9fff" for char in text)).all()


@pytest.mark.evidence
@pytest.mark.slow
@pytest.mark.parametrize("name", EMERGING)
def test_a_row_that_does_not_come_out_is_explained(name: str) -> None:
    case = evidence.get(name)
    if name not in COMES_OUT:
        assert case.explanation is not None
        return
    frame = evidence.run(name)
    assert (frame.loc[frame["claim"] == "emerges", "verdict"] == "pass").all(), frame.to_string()


@pytest.mark.evidence
@pytest.mark.slow
@pytest.mark.parametrize("name", MYTHS)
def test_a_myth_is_refuted_with_other_luck(name: str) -> None:
    frame = evidence.run(name, seed=4)
    assert set(frame["verdict"]) <= {REFUTED, SHOWN}, frame.to_string()
    assert REFUTED in set(frame["verdict"])


# --- verdicts -----------------------------------------------------------------------------------------


@pytest.mark.unit
def test_a_figure_put_in_by_hand_is_no_reproduction() -> None:
    row = put_in(printed("x", 1.0, 1.0, (0.9, 1.1)))
    assert (row.claim, row.verdict) == ("calibrated", CALIBRATED)
    assert put_in(printed("x", 2.0, 1.0, (0.9, 1.1))).verdict == "not reproduced"


@pytest.mark.unit
def test_a_myth_is_refuted_by_its_whole_interval_only() -> None:
    assert myth("x", 0.1, 0.4, (0.35, 0.45), 0.01).verdict == REFUTED
    assert myth("x", 0.3, 0.4, (0.35, 0.45), 0.1).verdict == STANDS
    assert myth("x", 0.4, 0.4, (0.35, 0.45)).verdict == STANDS
    assert myth("x", float("nan"), 0.4, (0.35, 0.45)).verdict == "fail"
    assert shown("x", 3.0, 5.0).verdict == SHOWN


@pytest.mark.unit
def test_the_tally_leaves_out_what_was_put_in() -> None:
    tally = Tally()
    case = evidence.get("read_back")
    for verdict, claim in ((CALIBRATED, "calibrated"), ("pass", "emerges")):
        tally.add(case, _Row(verdict, claim))
    first, last, _ = tally.lines()
    assert "1 of 1 figures" in first
    assert last.endswith("put in by hand: 1")


@pytest.mark.unit
@pytest.mark.parametrize(
    ("verdict", "low", "high", "edge"),
    [
        ("pass", 0.91, 1.09, False),
        ("pass", 0.89, 1.05, True),
        ("pass", 1.0, 1.11, True),
        ("not reproduced", 1.09, 1.3, True),
        ("not reproduced", 1.1, 1.3, False),
        ("not reproduced", 0.5, 0.9, False),
        (TOO_NOISY, -0.1, 1.0, False),
        (CALIBRATED, 1.0, 1.2, False),
    ],
)
def test_a_verdict_that_hangs_on_luck_says_so(verdict: str, low: float, high: float, edge: bool) -> None:
    row = _Row(verdict, "emerges", low, high, (0.9, 1.1))
    assert at_edge(row) is edge
    assert not at_edge(_Row(verdict, "exact", low, high, (0.9, 1.1)))
    with language("zh"):
        assert verdict_text(row).endswith("（贴边）") is edge
    assert verdict_text(row).endswith(", at the edge") is edge
    tally = Tally()
    tally.add(evidence.get("read_back"), row)
    out, come = (edge and verdict != "pass", edge and verdict == "pass")
    assert list(tally.lines())[-1].endswith(f"{come:d} figures that come out, {out:d} that do not")


class _Row:
    def __init__(
        self,
        verdict: str,
        claim: str,
        low: float = 1.0,
        high: float = 1.0,
        band: tuple[float, float] = (0.0, 2.0),
    ) -> None:
        self.verdict, self.claim, self.low, self.high, self.band = verdict, claim, low, high, band
