"""Published and exact cases of part two: they hold with other seeds and values, and wrong equations are caught."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kpisim import evidence
from kpisim.evidence import march
from kpisim.evidence.published import printed
from kpisim.model import corner_cutting, effort, hours, pay, socialisation, strain
from kpisim.text import UserError

PUBLISHED = [name for name, case in evidence.cases().items() if case.rule == "published"]

NOT_REPRODUCED = {
    # exp(-0.30 · 6) is the ratio of susceptibilities; strong socialisation uses its own gap up, see the case.
    "socialisation": {
        "shift in months 7-9 ÷ months 1-3, strength 0.3",
        "shift in months 7-9 ÷ months 1-3, strength 0.5",
    },
}
"""Every published figure that does not come out.  A change here is news about the source and must be meant."""


@pytest.mark.evidence
@pytest.mark.slow
@pytest.mark.parametrize("name", PUBLISHED)
def test_what_does_not_come_out_is_known(name: str) -> None:
    frame = evidence.run(name, seed=5)
    missed = set(frame.loc[~frame["verdict"].isin(["pass", "put in"]), "metric"])
    assert missed == NOT_REPRODUCED.get(name, set()), frame.to_string()


@pytest.mark.theory
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("linear_contract", {"aversions": [1.5], "costs": [1.5], "variances": [0.8], "months": 2000}),
        ("multitask", {"gammas": [0.3], "values": [1.5], "aversion": 2.0}),
        ("concave_plan", {"shape": 16.0, "reservation": 7.0}),
        ("contest_winners", {"teams": [8], "contests": 6000}),
        ("pipeline", {"servers": [3], "load": 0.6, "customers": 200_000, "leads": 30.0, "cycle": 2.0}),
    ],
)
def test_exact_cases_hold_with_other_values(name: str, parameters: dict[str, Any]) -> None:
    frame = evidence.run(name, seed=11, **parameters)
    assert (frame["verdict"] == "pass").all(), frame.to_string()


@pytest.mark.theory
@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("goodhart", {"value_sd": 2.0, "noise_sd": 1.0, "gaming_sds": [0.0, 2.0], "top": 0.2}),
        ("retention", {"before": 0.8, "after": 0.85, "discount": 0.05}),
        ("team_pay", {"sizes": [3, 5], "rate": 0.5, "cost": 2.0}),
        ("coordination", {"hours": [1.5, 3.0], "week": 36.0}),
        ("cap_and_kink", {"rate": 0.2, "cap": 1.2, "sigma": 0.25, "paths": 60_000}),
    ],
)
def test_quick_exact_cases_hold_with_other_values(name: str, parameters: dict[str, Any]) -> None:
    frame = evidence.run(name, seed=12, **parameters)
    assert (frame["verdict"] == "pass").all(), frame.to_string()


# --- figures of the papers that are not rows ----------------------------------------------------------


@pytest.mark.evidence
def test_a_time_to_raise_the_norm_within_the_wider_interval_undoes_the_lasting_loss() -> None:
    frame = evidence.run("corner_cutting", weeks_to_raise=19.0)
    missed = frame.loc[frame["verdict"] == "not reproduced", "metric"].tolist()
    assert missed == ["norm four years after 13 weeks of +10%"]


@pytest.mark.evidence
def test_early_contact_counts_several_times_late_contact_at_every_strength() -> None:
    frame = evidence.run("socialisation", strengths=[0.05, 0.5, 1.0])
    ratios = frame.loc[frame["metric"].str.startswith("shift"), "simulated"]
    assert (ratios < 0.35).all()
    assert ratios.is_monotonic_increasing


@pytest.mark.evidence
def test_the_code_learns_what_reality_is_and_no_more() -> None:
    known = march.knowledge(march.Rule(0.5, 0.9), 60, 40, np.random.default_rng(2))
    assert known[:, 0].max() == 0.0
    assert 0.7 < known[:, -1].mean() < 0.95
    blind = march.knowledge(march.Rule(0.5, 0.0), 10, 5, np.random.default_rng(2))
    assert blind.max() == 0.0


# --- verdicts can fail --------------------------------------------------------------------------------


@pytest.mark.unit
def test_a_published_row_passes_within_its_band_only() -> None:
    assert printed("x", 1.0, 1.1, (0.9, 1.2)).verdict == "pass"
    assert printed("x", 1.3, 1.1, (0.9, 1.2)).verdict == "not reproduced"
    assert printed("x", float("nan"), 1.1, (0.9, 1.2)).verdict == "fail"


@pytest.mark.evidence
def test_wrong_equations_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def missed(name: str, **values: Any) -> int:
        return int((~evidence.run(name, **values)["verdict"].isin(["pass", "put in"])).sum())

    symmetric = corner_cutting.next_norm
    with monkeypatch.context() as patch:
        patch.setattr(
            corner_cutting, "next_norm", lambda norm, given, *_: symmetric(norm, min(norm, given)) + 1e-3
        )
        assert missed("corner_cutting")
    with monkeypatch.context() as patch:
        wrong = replace(strain.PUBLISHED, drain=0.401)
        step = strain.step
        patch.setattr(strain, "step", lambda state, dt, _rates: step(state, dt, wrong))
        assert missed("strain")
    with monkeypatch.context() as patch:
        patch.setattr(socialisation, "PUBLISHED", replace(socialisation.PUBLISHED, tenure_decay=0.1))
        assert missed("socialisation", strengths=[0.1])
    with monkeypatch.context() as patch:
        patch.setattr(hours, "output", lambda worked: worked)
        assert missed("hours")
    with monkeypatch.context() as patch:
        patch.setattr("kpisim.model.handover.RETENTION", {"spoken": 0.7, "notes": 0.9, "sheet": 0.95})
        assert missed("handover_chain", chains=500)


@pytest.mark.theory
def test_wrong_pay_and_wrong_effort_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def failed(name: str, **values: Any) -> int:
        return int((evidence.run(name, **values)["verdict"] == "fail").sum())

    right = pay.goal
    with monkeypatch.context() as patch:
        patch.setattr(pay, "goal", lambda plan, x, quota, *_: right(plan, x, quota))
        assert failed("team_pay")
    with monkeypatch.context() as patch:
        patch.setattr(pay, "goal", lambda plan, x, quota, team=1: 1.1 * right(plan, x, quota, team))
        assert failed("linear_contract", aversions=[1.0], costs=[1.0], variances=[0.5], months=500)
        assert failed("cap_and_kink", paths=40_000)
    with monkeypatch.context() as patch:
        at = effort.Policy.effort_at
        patch.setattr(effort.Policy, "effort_at", lambda self, x, left: 1.2 * at(self, x, left))
        assert failed("cap_and_kink", paths=40_000)
    with monkeypatch.context() as patch:
        patch.setattr(pay, "contest", lambda prizes, _sales: list(prizes))  # prizes by name, not by result
        frame = evidence.run("contest_winners", teams=[5], contests=2000)
        assert (frame["verdict"] != "pass").any()


@pytest.mark.unit
def test_a_figure_not_reproduced_is_shown_but_does_not_end_in_a_failure() -> None:
    played = list(evidence.lines(["socialisation"]))
    assert any("not reproduced" in line for line, _ in played)
    assert all(good for _, good in played)


@pytest.mark.unit
def test_an_exact_figure_that_misses_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kpisim.model.coordination.links", lambda people: people)
    assert not all(good for _, good in evidence.lines(["coordination"]))


@pytest.mark.unit
@pytest.mark.parametrize(
    ("name", "parameters", "said"),
    [
        ("linear_contract", {"aversions": [0.0]}, "defaults|as many|linear_contract"),
        ("retention", {"after": 1.0}, "retention"),
        ("strain", {"dt": 0.0}, "strain"),
        ("goodhart", {"reps": 0}, "reps"),
        ("contest_winners", {"teams": [2.5]}, "contest_winners"),
    ],
)
def test_values_that_cannot_be_played_end_in_one_line(
    name: str, parameters: dict[str, Any], said: str
) -> None:
    with pytest.raises(UserError, match=said):
        evidence.run(name, **parameters)
