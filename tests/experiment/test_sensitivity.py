"""Which guess moves which KPI: the estimators on functions with known answers, the ranges, and the command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner

from kpisim.experiment import sensitivity as screening
from kpisim.experiment.sensitivity import Factor
from kpisim.scenario import Scenario
from kpisim.text import UserError

if TYPE_CHECKING:
    from pathlib import Path

SMALL = {"calendar.weeks": 4, "calendar.warmup_weeks": 1, "team.size": 2}


def guesses(*bounds: tuple[float, float]) -> list[Factor]:
    return [
        Factor(f"x{place}", low, high, (low + high) / 2, "", "") for place, (low, high) in enumerate(bounds)
    ]


@pytest.mark.theory
def test_morris_finds_the_slopes_of_a_plane() -> None:
    chosen = guesses((0.0, 1.0), (0.0, 2.0), (1.0, 3.0))
    design = screening._morris_design(chosen, 6, 1)
    values = (10.0 + design @ np.array([3.0, -2.0, 0.0]))[:, None]
    found = screening._morris(chosen, design, values, ["kpi"], 1).set_index("path")
    # An elementary effect is the slope times the whole range.
    assert found.loc["x0", "mu_star"] == pytest.approx(3.0)
    assert found.loc["x1", "mu"] == pytest.approx(-4.0)
    assert found.loc["x2", "mu_star"] == pytest.approx(0.0)
    assert found.loc["x2", "verdict"] == "hardly matters"


@pytest.mark.theory
def test_sobol_indices_of_the_ishigami_function() -> None:
    """S1 = (.3139, .4424, 0), ST = (.5576, .4424, .2437) for a = 7, b = 0.1."""
    chosen = guesses(*[(-np.pi, np.pi)] * 3)
    x = screening._sobol_design(chosen, 1024, 1)
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = screening._sobol(chosen, y[:, None], ["kpi"], 1)
    for name, references in (("S1", (0.3139, 0.4424, 0.0)), ("ST", (0.5576, 0.4424, 0.2437))):
        for value, half, reference in zip(found[name], found[f"{name}_conf"], references, strict=True):
            assert abs(value - reference) < max(2 * half, 0.03), name


@pytest.mark.unit
def test_only_guesses_are_varied_inside_their_limits() -> None:
    found = {factor.path: factor for factor in screening.factors(Scenario())}
    assert "pressure.usual_load" in found
    assert not {"team.size", "incentive.commission_rate", "kpi.quota", "market.response_exponent"} & set(
        found
    )
    alignment = found["culture.alignment"]
    assert alignment.high == 1.0, "cut at the declared limit"
    for factor in found.values():
        Scenario().derive({factor.path: _value(factor, factor.low)})
        Scenario().derive({factor.path: _value(factor, factor.high)})


def _value(factor: Factor, value: float) -> float:
    return round(value) if isinstance(Scenario().get(factor.path), int) else value


@pytest.mark.functional
def test_a_guess_that_does_nothing_is_found_to_do_nothing() -> None:
    scenario = Scenario().derive(SMALL | {"mechanisms.exits": False})
    found = screening.sensitivity(scenario, kpis=["revenue_booked"], trajectories=2, leaders=0, workers=1)
    rows = found.morris.set_index("path")
    assert rows.loc["team.exit_rate", "mu_star"] == 0.0
    assert rows["mu_star"].max() > 0
    assert found.failures == 0
    assert found.sobol.empty


@pytest.mark.unit
def test_an_unknown_kpi_is_refused() -> None:
    with pytest.raises(UserError, match="revenu"):
        screening.sensitivity(Scenario(), kpis=["revenu_booked"])


@pytest.mark.functional
@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_command_writes_a_table_and_a_picture(lang: str, tmp_path: Path) -> None:
    from kpisim.cli import cli

    typed = [
        "sensitivity",
        "default",
        "--quick",
        "--kpi",
        "revenue_booked",
        "--lang",
        lang,
        "-o",
        str(tmp_path),
    ]
    typed += ["-p", "team.size=3", "-p", "calendar.warmup_weeks=1"]
    said = CliRunner().invoke(cli, typed)
    assert said.exit_code == 0, said.output
    assert "market.deal_value" in said.output
    assert len(list(tmp_path.glob("sensitivity-default*"))) == 2
