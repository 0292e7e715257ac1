"""Calibration: laws and spreads that were put in come back, real files are scored on days not seen."""

from __future__ import annotations

import csv
from datetime import date
from math import log, sqrt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from kpisim.crm import load_export
from kpisim.crm.calibrate import calibrate, fit_shape, scores, split
from kpisim.crm.calibrate.command import calibration_lines
from kpisim.crm.calibrate.draft import NEUTRAL
from kpisim.crm.calibrate.repeat import LAWS, Watched, fit_rhythm
from kpisim.crm.calibrate.spread import true_spread
from kpisim.model import Model
from kpisim.scenario import Scenario, load
from kpisim.tables import Meta, Tables, conform
from kpisim.text import UserError

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.crm.calibrate.shapes import Shape

KNOWN = NEUTRAL | {
    "team.size": 12,
    "team.win_rate_sd": 0.10,
    "market.leads_per_rep_week": 20.0,
    "market.day_dispersion": 4.0,
    "market.deal_value": 5_000.0,
    "market.deal_sigma": 0.8,
    "market.customer_sigma": 0.7,
    "market.stages": [
        {"name": "lead", "rep_hours": 0.02, "customer_days": 2.0, "pass_rate": 0.6},
        {"name": "proposal", "rep_hours": 0.02, "customer_days": 5.0, "pass_rate": 0.7},
        {"name": "negotiation", "rep_hours": 0.02, "customer_days": 4.0, "pass_rate": 0.5},
    ],
    "calendar": {"weeks": 52, "warmup_weeks": 0},
}


@pytest.fixture(scope="module")
def played() -> Tables:
    return Model(Scenario().derive(KNOWN), 3, 0).play()


@pytest.mark.theory
@pytest.mark.parametrize(
    ("law", "draw"),
    [
        ("exponential", lambda g: g.exponential(3.0, 4000)),
        ("lognormal", lambda g: g.lognormal(1.0, 0.9, 4000)),
        ("gamma", lambda g: g.gamma(4.0, 2.0, 4000)),
        ("weibull", lambda g: 3.0 * g.weibull(2.5, 4000)),
        (
            "two lognormals",
            lambda g: np.where(g.random(4000) < 0.3, g.lognormal(-2, 0.5, 4000), g.lognormal(4, 1.0, 4000)),
        ),
    ],
)
def test_the_law_that_was_drawn_from_is_found(law: str, draw: object) -> None:
    shape = fit_shape(draw(np.random.default_rng(2)))  # type: ignore[operator]
    assert shape is not None
    assert shape.law == law


@pytest.mark.unit
def test_numbers_that_are_all_the_same_are_no_mistake() -> None:
    shape = fit_shape([60.0] * 50)
    assert shape is not None
    assert (shape.law, shape.median) == ("lognormal", 60.0)


@pytest.mark.unit
def test_too_few_numbers_are_not_fitted() -> None:
    assert fit_shape([1.0] * 10) is None
    assert fit_shape([-1.0, 0.0, float("nan")] * 20) is None


@pytest.mark.theory
def test_pure_chance_leaves_no_spread_and_a_true_one_comes_back() -> None:
    generator = np.random.default_rng(5)
    sizes = np.full(400, 200.0)
    chance = generator.binomial(200, 0.2, 400) / 200
    assert true_spread(chance, sizes) < 3 * sqrt(0.2 * 0.8 / 200) / (2 * 400) ** 0.25
    truth = generator.normal(0.2, 0.05, 400).clip(0.01, 0.99)
    found = true_spread(generator.binomial(200, truth) / 200, sizes)
    assert found == pytest.approx(0.05, abs=3 * 0.05 / sqrt(2 * 400) * 1.5)


@pytest.mark.functional
def test_what_a_run_was_given_comes_back(played: Tables) -> None:
    estimates = calibrate(played).estimates
    found = {one.name.en: one for one in estimates} | {one.path: one for one in estimates}
    for path, truth in (
        ("market.stages.lead.pass_rate", None),
        ("deal value, spread (ln)", 0.8),
        ("deal value, median", 5_000.0),
        ("market.leads_per_rep_week", 20.0),
    ):
        if truth is not None:
            assert abs(found[path].value - truth) < 4 * found[path].error + 0.02 * truth, path
    win = found["win rate (closed)"]
    assert abs(win.value - 0.6 * 0.7 * 0.5) < 4 * win.error + 0.01
    assert 2.0 < found["market.day_dispersion"].value < 7.0


@pytest.mark.functional
@pytest.mark.slow
def test_the_calibrated_scenario_gives_back_what_it_was_fitted_on(played: Tables) -> None:
    from kpisim.crm.calibrate.command import beside

    rows = {
        name: (real, simulated, error) for name, real, simulated, error in beside(calibrate(played), played)
    }
    for name in ("win rate (closed)", "deal value, mean of ln", "deal value, spread of ln", "deals per week"):
        real, simulated, error = rows[name]
        assert abs(simulated - real) < 4 * error, (name, rows[name])


MIXED = KNOWN | {
    "market.small_share": 0.3,
    "market.small_value": 400.0,
    "market.small_sigma": 0.4,
    "market.stages": [
        {"name": "proposal", "rep_hours": 0.0001, "customer_days": 6.0, "customer_sigma": 0.5, "pass_rate": 0.8,
         "quick_share": 0.4, "quick_days": 0.004, "quick_sigma": 0.6},
        {"name": "negotiation", "rep_hours": 0.0001, "customer_days": 4.0, "pass_rate": 0.5},
    ],
}  # fmt: skip
"""Hours of work so short that they add nothing to a stage's time."""


@pytest.mark.functional
def test_a_mixture_that_was_played_comes_back() -> None:
    found = calibrate(Model(Scenario().derive(MIXED), 5, 0).play())
    figures = {one.path: one for one in found.estimates if one.path}
    for path, truth in (
        ("market.stages.proposal.quick_share", 0.4),
        ("market.stages.proposal.quick_sigma", 0.6),
        ("market.stages.proposal.customer_sigma", 0.5),
        ("market.small_share", 0.3),
        ("market.small_value", 400.0),
        ("market.small_sigma", 0.4),
        ("market.deal_value", 5_000.0),
        ("market.deal_sigma", 0.8),
    ):
        one = figures[path]
        # Values are rounded to two digits; nights and weekends stretch a wait, a few minutes hardly ever.
        slack = 0.12 if "stages" in path else 0.01
        assert abs(one.value - truth) < 4 * one.error + slack * truth, (path, one)
    again = found.scenario()
    assert again.market.stages[0].quick_share == pytest.approx(0.4, abs=0.06)


@pytest.mark.theory
def test_errors_of_a_mixture_are_those_of_other_samples() -> None:
    truth = (0.3, -1.0, 0.5, 2.0, 0.8)

    def drawn(seed: int) -> Shape:
        g = np.random.default_rng(seed)
        logs = np.where(g.random(1500) < truth[0], g.normal(*truth[1:3], 1500), g.normal(*truth[3:], 1500))
        shape = fit_shape(np.exp(logs))
        assert shape is not None
        return shape

    shapes = [drawn(seed) for seed in range(60)]
    numbers = np.array([shape.parameters for shape in shapes])
    errors = np.array([shape.errors for shape in shapes]).mean(axis=0)
    # The spread of 60 samples is known to about 9 %.
    assert np.abs(numbers.std(axis=0, ddof=1) / errors - 1).max() < 4 * 0.09
    assert (np.abs(numbers.mean(axis=0) - truth) < 4 * errors / sqrt(60)).all()


def records(days: float, spread: float, leavers: float, customers: int = 3000) -> Watched:
    """Return records of customers who order at rates of their own and are watched for a month to a year."""
    generator = np.random.default_rng(11)
    shape = 1.0 / spread**2 if spread else 0.0
    rates = (generator.gamma(shape, 1.0 / shape, customers) if spread else np.ones(customers)) / days
    seen = generator.uniform(30, 365, customers)
    again, last = np.zeros(customers), np.zeros(customers)
    for one in range(customers):
        while generator.random() >= leavers:
            due = last[one] + generator.exponential(1.0 / rates[one])
            if due > seen[one]:
                break
            again[one], last[one] = again[one] + 1, due
    return Watched(again, last, seen)


@pytest.mark.theory
@pytest.mark.parametrize(
    ("law", "spread", "leavers"),
    [
        ("alike", 0.0, 0.0),
        ("alike, some leave", 0.0, 0.15),
        ("gamma rates", 0.9, 0.0),
        ("gamma rates, some leave", 0.9, 0.15),
    ],
)
def test_the_rhythm_of_customers_comes_back_however_long_they_were_watched(
    law: str, spread: float, leavers: float
) -> None:
    given = records(70.0, spread, leavers)
    found = fit_rhythm(given)
    assert found is not None
    assert found.law == law
    assert set(found.errors) == set(LAWS[law])
    for name, truth in (("days", 70.0), ("spread", spread), ("leavers", leavers)):
        assert abs(getattr(found, name) - truth) <= 4 * found.errors.get(name, 0.0), name
    # Of those watched for about 90 days, as many are back as the law says.
    watched = (given.seen > 80) & (given.seen < 100)
    share = found.back_within(90)
    assert abs((given.again[watched] > 0).mean() - share) < 4 * sqrt(share * (1 - share) / watched.sum())


ORDERED = NEUTRAL | {
    "team.size": 4,
    "market.leads_per_rep_week": 25.0,
    "market.repurchase_days": 30.0,
    "market.repurchase_spread": 0.8,
    "market.churn": 0.1,
    "market.repeat_value": 1.0,
    "market.stages": [{"name": "negotiation", "rep_hours": 0.001, "customer_days": 0.01, "pass_rate": 1.0}],
    "calendar": {"weeks": 52, "warmup_weeks": 0},
}


@pytest.mark.functional
def test_customers_that_were_played_come_back() -> None:
    found = calibrate(orders_alone(Model(Scenario().derive(ORDERED), 2, 0).play()))
    figures = {one.path: one for one in found.estimates if one.path}
    for path, truth in (
        # Working days that were played are calendar days in the tables.
        ("market.repurchase_days", 30.0 * 7 / 5),
        ("market.repurchase_spread", 0.8),
        ("market.churn", 0.1),
        ("market.leads_per_rep_week", 25.0),
    ):
        assert abs(figures[path].value - truth) < 4 * figures[path].error + 0.02 * truth, (
            path,
            figures[path],
        )


def orders_alone(tables: Tables) -> Tables:
    return Tables(tables.meta, {"orders": tables["orders"]})


@pytest.mark.theory
def test_orders_of_unlike_customers_are_negative_binomial() -> None:
    """Gamma rates make counts of variance m + (m × spread)² (Ehrenberg 1959)."""
    world = {
        "team.size": 10,
        "market.accounts_per_rep": 100,
        "market.leads_per_rep_week": 0.0,
        "market.churn": 0.0,
    }
    orders = Model(Scenario().derive(ORDERED | world), 4, 0).play()["orders"]
    ordered = orders.groupby("account_id").size().to_numpy(dtype=float)
    counts = np.concatenate([ordered, np.zeros(1000 - len(ordered))])
    mean = 260 / 30.0
    variance = mean + (mean * 0.8) ** 2
    # A year's working days are 260; a satisfied customer orders up to a hundredth more often.
    assert abs(counts.mean() - mean) < 4 * sqrt(variance / 1000) + 0.02 * mean
    fourth = float(((counts - counts.mean()) ** 4).mean())
    assert abs(counts.var() - variance) < 4 * sqrt((fourth - variance**2) / 1000) + 0.05 * variance


@pytest.mark.functional
def test_people_who_are_fast_are_found() -> None:
    world = KNOWN | {
        "team.size": 20,
        "team.speed_sd": 0.35,
        "team.learning_rate": 0.0,
        "workload.admin_per_day": 4.0,
        "calendar.weeks": 26,
    }
    tables = Model(Scenario().derive(world), 6, 0).play()
    found = {one.path: one for one in calibrate(Tables(tables.meta, {"tasks": tables["tasks"]})).estimates}
    speed = found["team.speed_sd"]
    # The team's own spread is known to one part in root 2 (n - 1) of its true one.
    assert abs(speed.value - 0.35) < 4 * 0.35 / sqrt(2 * 19)
    assert speed.n == 20
    assert speed.error > 0


@pytest.mark.unit
def test_a_split_loses_nothing_and_mixes_nothing(played: Tables) -> None:
    early, late = split(played)
    assert len(early["opportunities"]) + len(late["opportunities"]) == len(played["opportunities"])
    assert early["opportunities"]["created"].max() < late["opportunities"]["created"].min()
    assert set(early["stage_changes"]["opportunity_id"]) <= set(early["opportunities"]["opportunity_id"])


WINDOW = Meta(date(2027, 1, 1), date(2028, 1, 1))


def pipeline(*states: str, created: str | None = None) -> pd.DataFrame:
    """Return a deal a day, with these states one after the other."""
    return pd.DataFrame(
        {
            "opportunity_id": [f"P{number}" for number in range(len(states))],
            "account_id": "A1",
            "rep_id": "R1",
            "created": created or pd.date_range("2027-01-04", periods=len(states)).astype("str"),
            "closed": [None if state == "open" else "2027-12-01" for state in states],
            "status": states,
            "value": 100.0,
        }
    )


@pytest.mark.unit
@pytest.mark.parametrize(
    ("states", "created", "figures"),
    [
        # A pipeline export may hold nothing but deals under way; closing them was a division by nought.
        (["open"] * 50, None, {"arrivals per rep and week": 7.0}),
        (["open"], None, {}),
        (["won", "lost"] * 15 + ["open"] * 20, None, {"win rate (closed)": 0.5}),
        (["lost"] * 50, None, {"win rate (closed)": 0.0}),
        (["won", "lost"] * 10, "2027-06-01", {"win rate (closed)": 0.5}),
    ],
)
def test_deals_that_are_all_alike_are_fitted_as_far_as_they_go(
    states: list[str], created: str | None, figures: dict[str, float]
) -> None:
    tables = Tables(WINDOW, {"opportunities": conform("opportunities", pipeline(*states, created=created))})
    found = {one.name.en: one.value for one in calibrate(tables).estimates}
    assert found | figures == pytest.approx(found)
    told = "\n".join(calibration_lines(calibrate(tables), tables, 1))
    assert "nan" not in told
    assert ("Nothing to score" in told) == (len(states) == 1 or created is not None)
    assert "Money in CNY; days are calendar days" in told
    assert ("Real beside simulated" in told) == ("win rate (closed)" in figures)


@pytest.mark.unit
def test_a_stage_that_no_closed_deal_was_in_is_left_out() -> None:
    deals = conform("opportunities", pipeline("won", "lost", "open"))
    changes = pd.DataFrame(
        {
            "opportunity_id": ["P0", "P1", "P2", "P2"],
            "stage": ["lead", "lead", "lead", "pilot"],
            "entered": "2027-02-01",
        }
    )
    frames = {"opportunities": deals, "stage_changes": conform("stage_changes", changes)}
    found = {one.name.en: one.value for one in calibrate(Tables(WINDOW, frames)).estimates}
    assert found["goes on from lead"] == 0.5
    assert not [name for name in found if "pilot" in name]


@pytest.mark.unit
def test_deals_that_begin_in_the_middle_are_no_loss_of_the_stages_before() -> None:
    # Old customers begin with a proposal: it is the fuller stage, and comes second all the same.
    deals = conform("opportunities", pipeline("won", "lost", "lost", "won", "won", "lost"))
    way = {
        "P0": ("lead", "qualified", "proposal"),
        "P1": ("lead", "qualified"),
        "P2": ("lead",),
        "P3": ("proposal",),
        "P4": ("proposal",),
        "P5": ("proposal",),
    }
    changes = pd.DataFrame(
        [
            {"opportunity_id": deal, "stage": stage, "entered": f"2027-02-0{day}"}
            for deal, stages in way.items()
            for day, stage in enumerate(stages, 1)
        ]
    )
    frames = {"opportunities": deals, "stage_changes": conform("stage_changes", changes)}
    made = calibrate(Tables(WINDOW, frames))
    found = {one.name.en: (one.value, one.n) for one in made.estimates if "goes on" in one.name.en}
    # All six are past lead or in it, five past it; four past qualified, three of these won.
    assert found == {
        "goes on from lead": (5 / 6, 6),
        "goes on from qualified": (4 / 5, 5),
        "goes on from proposal": (3 / 4, 4),
    }
    shares = [stage.pass_rate for stage in made.scenario().market.stages]
    assert np.prod(shares) == pytest.approx(0.5, abs=1e-4)


@pytest.mark.functional
def test_the_default_team_wins_as_often_as_the_team_it_was_fitted_on() -> None:
    # It won 2.6% of deals where its original won 11.2%.
    tables = Model(load("default").derive({"calendar.weeks": 52}), 1, 0).play()
    made = calibrate(tables)
    rate = next(one.value for one in made.estimates if one.name.en == "win rate (closed)")
    shares = [stage.pass_rate for stage in made.scenario().market.stages]
    assert np.prod(shares) == pytest.approx(rate, rel=1e-3)


@pytest.mark.unit
def test_orders_that_are_all_returns_are_refused() -> None:
    orders = pd.DataFrame(
        {"order_id": ["a", "b"], "account_id": "A", "booked": "2027-02-01", "value": [0.0, -5.0]}
    )
    with pytest.raises(UserError, match="orders above 0"):
        calibrate(Tables(WINDOW, {"orders": conform("orders", orders)}))


@pytest.mark.unit
def test_empty_tables_are_refused_in_one_line(played: Tables) -> None:
    with pytest.raises(UserError, match="orders above 0, requests or tasks"):
        calibrate(Tables(Meta(played.meta.start, played.meta.end), {}))


@pytest.mark.slow
@pytest.mark.functional
def test_the_command_writes_a_scenario_that_plays(tmp_path: Path, played: Tables) -> None:
    from kpisim.cli import cli
    from kpisim.tables.io import write

    folder, target = tmp_path / "表格 out", tmp_path / "我的 team.yaml"
    write(played, folder, "csv")
    for lang in ("zh", "en"):
        said = CliRunner().invoke(cli, ["calibrate", str(folder), "-o", str(target), "--lang", lang])
        assert said.exit_code == 0, said.output
    scenario = load(str(target))
    assert scenario.team.size == 12
    assert len(Model(scenario.derive({"calendar.weeks": 4}), 1, 0).play()["opportunities"]) > 100


@pytest.mark.evidence
def test_the_bank_is_read_as_others_read_it(real_data: Path) -> None:
    """The spread between agents as in the published fit: 0.0473 over thirty agents."""
    from kpisim.crm.load import load_export

    file = next(real_data.glob("bpic2012_cases*.csv"))
    tables = load_export(file, "bpi2012")
    estimates = calibrate(tables).estimates
    found = {one.name.en: one for one in estimates} | {one.path: one for one in estimates}
    assert found["team.win_rate_sd"].value == pytest.approx(0.0473, abs=0.0005)
    assert found["team.win_rate_sd"].n == 30
    assert found["deal value, median"].value == pytest.approx(np.exp(9.1031), rel=1e-3)
    assert found["deal value, spread (ln)"].value == pytest.approx(0.9455, abs=1e-3)
    held = scores(tables)
    assert {one.name.en for one in held} >= {"win rate (closed)", "deal value, median"}
    assert all(one.n > 0 for one in held)
    # On the days not seen the mixtures say more than lognormals would.
    gains = {one.name.en: one.gain for one in held if one.gain == one.gain}
    assert len(gains) == 5
    assert min(gains.values()) > 0


@pytest.mark.evidence
@pytest.mark.slow
def test_the_bank_played_is_the_bank(real_data: Path) -> None:
    from kpisim.crm.calibrate.command import beside
    from kpisim.crm.load import load_export

    tables = load_export(next(real_data.glob("bpic2012_cases*.csv")), "bpi2012")
    for name, real, simulated, error in beside(calibrate(tables), tables):
        assert abs(simulated - real) < 3 * error, (name, real, simulated, error)


@pytest.mark.evidence
def test_tickets_are_a_mixture(real_data: Path) -> None:
    from kpisim.crm.load import load_export

    tables = load_export(next(real_data.glob("servicenow*.csv")), "ticket_log")
    shape = calibrate(tables).shapes["hours to finish"]
    assert shape.law == "two lognormals"
    assert shape.median == pytest.approx(51.033, rel=0.01)
    assert log(shape.median) > 3


@pytest.mark.evidence
def test_minutes_of_a_work_log_are_read_as_others_read_them(real_data: Path) -> None:
    from kpisim.crm.load import load_export

    tables = load_export(next(real_data.glob("bpic2012_work_items*.csv")), "work_log")
    found = {one.name.en: one for one in calibrate(tables).estimates}
    # Tasks of less than a second are left out of the published figures.
    for kind, median in (
        ("assess_file", 11.771),
        ("call_complete_application", 2.657),
        ("handle_lead", 1.887),
    ):
        assert found[f"minutes for {kind}, median"].value == pytest.approx(median, rel=0.02)
    assert found["true spread of handling times between reps (ln)"].value > 0.3
    assert {one.name.en for one in scores(tables)} >= {"minutes for assess_file, median"}


@pytest.mark.evidence
def test_calls_of_a_call_centre_swing_more_than_chance(real_data: Path) -> None:
    from kpisim.crm.load import load_export

    tables = load_export(next(real_data.glob("technion*.csv")), "call_log")
    assert len(tables["requests"]) == 17_456
    found = {one.name.en: one for one in calibrate(tables).estimates}
    assert "arrivals per rep and week" not in found
    assert found["arrivals per week, all together"].value > 7_000
    assert found["variance ÷ mean of a day's arrivals"].value > 3
    assert 1.3 < found["minutes for call, median"].value < 2.1


@pytest.mark.evidence
@pytest.mark.slow
def test_a_campaign_of_calls_is_read_as_others_read_it(real_data: Path) -> None:
    file = real_data / "bank_telemarketing_2008.csv"
    with file.open(encoding="utf-8") as rows:
        calls = list(csv.DictReader(rows))
    seconds = np.log([float(call["duration"]) for call in calls if float(call["duration"]) > 0])
    said = [call["y"] == "yes" for call in calls]
    tables = load_export(file, "telemarketing_log")
    found = {one.name.en: one for one in calibrate(tables).estimates}
    assert found["win rate (closed)"].value == pytest.approx(np.mean(said))
    assert found["minutes for call, median"].value == pytest.approx(np.exp(np.median(seconds)) / 60, rel=0.01)
    assert found["minutes for call, spread (ln)"].value == pytest.approx(seconds.std(), rel=1e-3)
    # Nobody is named: the rate is that of all together, and the scenario has hands enough.
    weeks = 225 / 7
    assert found["arrivals per week, all together"].value == pytest.approx(len(calls) / weeks, rel=0.01)
    scenario = calibrate(tables).scenario()
    assert scenario.team.size * scenario.market.leads_per_rep_week == pytest.approx(
        found["arrivals per week, all together"].value, rel=1e-4
    )
    assert scenario.market.stages[0].customer_days < 0.1


@pytest.mark.evidence
@pytest.mark.slow
def test_the_wholesaler_s_customers_are_unlike_and_do_not_leave(real_data: Path) -> None:
    from kpisim.crm.calibrate.command import beside
    from kpisim.crm.load import load_export

    tables = load_export(next(real_data.glob("online_retail*.csv")), "order_export")
    fitted = calibrate(tables)
    found = {one.path: one for one in fitted.estimates if one.path}
    assert found["market.repurchase_days"].law == "gamma rates"
    assert 0.8 < found["market.repurchase_spread"].value < 1.2
    assert "market.churn" not in found
    held = {one.name.en: one for one in fitted.estimates}
    assert held["new customers who order again within 90 days"].value == pytest.approx(0.4127, abs=0.03)
    played = {name: (real, simulated, error) for name, real, simulated, error in beside(fitted, tables)}
    for name in (
        "days between orders at the mean rate",
        "spread of order rates",
        "new customers per week",
        "order value, mean of ln",
    ):
        real, simulated, error = played[name]
        assert abs(simulated - real) < 4 * error, (name, played[name])
