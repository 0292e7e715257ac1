"""Mechanisms of behaviour: without a trace when off, no further than their diagram when alone, at work when on."""

from __future__ import annotations

import json
from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from kpisim.model import Model, interplay
from kpisim.model.allocation import care
from kpisim.model.cooperation import _pairs
from kpisim.model.culture_pay import focus
from kpisim.model.exits import Exits
from kpisim.model.handover import missing_after
from kpisim.model.rewards import rewards
from kpisim.model.strain import rested
from kpisim.scenario import ALL_OFF, Mechanisms, Scenario, load
from tests.model import part1

if TYPE_CHECKING:
    from kpisim.tables import Tables

pytestmark = pytest.mark.functional

BUSY = {
    "calendar.weeks": 26,
    "calendar.warmup_weeks": 2,
    "team.size": 5,
    "market.leads_per_rep_week": 8.0,
    "communication.keep_rate": 0.9,
    "communication.links": 2,
    "incentive.commission_rate": 0.08,
    "incentive.culture_share": 0.2,
    "reviews.pair_talk_hours": 1.0,
    "team.exit_rate": 1.5,
    "team.win_rate_sd": 0.04,
}
"""A quarter or two in which every mechanism has something to do."""


def only(*names: str) -> dict[str, bool]:
    return {name: name in names for name in Mechanisms.model_fields}


def model(changes: dict[str, Any] | None = None, on: tuple[str, ...] | None = None, run: int = 0) -> Model:
    values: dict[str, Any] = BUSY | (changes or {})
    if on is not None:
        values["mechanisms"] = only(*on)
    return Model(Scenario().derive(values), 1, run)


def played(changes: dict[str, Any] | None = None, on: tuple[str, ...] | None = None, run: int = 0) -> Tables:
    return model(changes, on, run).play()


# --- off ---


@pytest.mark.back
@pytest.mark.parametrize("name", part1.NAMES)
def test_with_all_mechanisms_off_the_engine_plays_as_before(name: str) -> None:
    """The figures were written by the engine before there were mechanisms; regenerate: python tests/model/part1.py."""
    before = json.loads(part1.FILE.read_text(encoding="utf-8"))[name]
    now = part1.figures(name)
    for table, figures in before.items():
        assert now[table]["rows"] == figures["rows"], table
        # Other machines may round exp() in the last place; anything the mechanisms did would be far larger.
        sums = now[table]["sums"]
        assert {name: sums[name] for name in figures["sums"]} == pytest.approx(figures["sums"], rel=1e-11), (
            table
        )
        # Columns that the schema did not have then are for imports; the model leaves them empty.
        assert not any(sums[name] for name in sums.keys() - figures["sums"].keys()), table


# --- alone ---


def test_the_diagram_is_what_the_code_says() -> None:
    assert interplay.FILE.read_text(encoding="utf-8") == interplay.diagram(), interplay.COMMAND


def test_every_switch_is_in_the_diagram_and_every_state_in_the_model() -> None:
    assert set(interplay.MECHANISMS) == set(Mechanisms.model_fields)
    seen = set().union(
        *(interplay.touched(module).reads | interplay.touched(module).writes for module in interplay.ENGINE),
        *(interplay.touch(name).reads | interplay.touch(name).writes for name in interplay.MECHANISMS),
    )
    assert seen == set(interplay.STATES)


@pytest.fixture(scope="module")
def engine_alone() -> Tables:
    return played(on=())


def _different(one: Tables, other: Tables) -> set[str]:
    found = set()
    for table, frame in one.frames.items():
        if not frame.equals(other[table]):
            found.add(table)
    return found


@pytest.mark.parametrize("name", list(interplay.MECHANISMS))
def test_a_mechanism_alone_changes_only_what_the_diagram_says(name: str, engine_alone: Tables) -> None:
    reach = interplay.reach(name)
    tables = played(on=(name,))
    different = _different(engine_alone, tables)
    if "results" not in reach:
        assert different <= ({"pay"} if "pay" in reach else set())
    if "people" not in reach:
        assert "reps" not in different
    # Nobody decides who comes to buy.
    leads = [
        frame["opportunities"].query("source in ['web', 'field']")["created"].reset_index(drop=True)
        for frame in (engine_alone, tables)
    ]
    pd.testing.assert_series_equal(leads[0], leads[1])


@pytest.mark.parametrize("name", sorted(set(interplay.MECHANISMS) - {"appraisal"}))
def test_a_mechanism_that_is_on_does_something(name: str, engine_alone: Tables) -> None:
    changes = {"market.leads_per_rep_week": 14.0} if name == "hours" else {}
    alone = played(changes, on=()) if changes else engine_alone
    assert _different(alone, played(changes, on=(name,)))


# --- on ---


@pytest.mark.slow
def test_peaks_erode_the_norm_more_than_a_level_year() -> None:
    """Oliva & Sterman: with the same leads in total, the year with peaks ends with shorter contacts."""
    level, peaky = (1.0,) * 12, (0.4, 0.4, 2.2, 0.4, 0.4, 2.2, 0.4, 0.4, 2.2, 0.4, 0.4, 2.2)
    norms = []
    for season in (level, peaky):
        year = {"calendar.weeks": 52, "market.season": season, "market.leads_per_rep_week": 5.0}
        ended = []
        for run in range(3):
            one = model(year, on=("corner_cutting",), run=run)
            one.play()
            ended += [rep.norm for rep in one.world.reps]
        norms.append(float(np.mean(ended)))
    assert norms[1] < norms[0] <= 1.0


def test_more_load_less_energy() -> None:
    energy = []
    for leads in (2.0, 6.0, 12.0):
        one = model({"market.leads_per_rep_week": leads}, on=("strain",))
        one.play()
        energy.append(float(np.mean([rep.energy for rep in one.world.reps])))
    assert energy == sorted(energy, reverse=True)
    assert energy[0] > energy[2]


def test_a_rested_person_stays_rested_at_usual_load() -> None:
    base = rested(0.15)
    assert 0.5 < base.energy < 0.7
    assert rested(0.40).energy < 0.05, "the printed rate burns everybody out"


def test_coaching_lowers_beliefs_and_saves_energy() -> None:
    lost, beliefs = [], []
    for hours in (0.0, 4.0):
        one = model({"reviews.coaching_hours": hours}, on=("strain", "appraisal"))
        one.play()
        beliefs.append(float(np.mean([rep.belief for rep in one.world.reps])))
        lost.append(float(np.mean([rep.tired for rep in one.world.reps])))
    assert beliefs[1] < beliefs[0]
    assert lost[1] < lost[0]


def test_a_rep_who_is_ahead_is_not_driven_and_one_behind_is() -> None:
    one = model(on=("goals",))
    one.play()
    rep = one.world.reps[0]
    seen = one.manager.seen
    assert seen is not None
    payroll = one.payroll
    one.world.env._now = payroll.end - 0.5 * payroll._span_hours
    for sales, driven in ((0.0, True), (rep.quota, False)):
        rep.sales = sales
        seen(rep)
        assert (rep.drive > 0) is driven
    hard = played({"kpi.quota": 1e8, "incentive.commission_rate": 0.0}, on=("goals",))
    assert hard["rep_days"]["effort"].max() > 0
    vague = played(
        {"kpi.quota": 1e8, "incentive.commission_rate": 0.0, "reviews.goal_clarity": 0.0}, on=("goals",)
    )
    assert (vague["rep_days"]["effort"] == 0).all()


def test_links_lose_facts_and_reading_back_saves_some() -> None:
    rounds = [
        float(played(values, on=("handover",))["requests"]["rounds"].mean())
        for values in (
            {"communication.links": 1},
            {"communication.links": 3, "communication.read_back": True},
            {"communication.links": 3},
        )
    ]
    assert rounds == sorted(rounds)
    assert rounds[0] < rounds[1] < rounds[2]


def test_a_returned_request_is_asked_only_for_what_it_lacks() -> None:
    def rounds(*on: str) -> float:
        values = {
            "communication.keep_rate": 0.7,
            "communication.links": 1,
            "communication.clarify_hours": 0.0,
        }
        return float(played(values, on=on)["requests"]["rounds"].mean())

    # Told whole each time, four facts need .7 ** -4 = 4.2 rounds on average; told once each, the largest of four: 2.2.
    assert rounds("handover") < 0.7 * rounds()


@pytest.mark.unit
@pytest.mark.parametrize(
    ("missing", "arrives", "attention"),
    [(1, 0.5, 1.0), (4, 0.228, 1.0), (4, 0.9, 0.8), (3, 0.0, 1.0), (3, 1.0, 0.7)],
)
def test_what_is_still_missing_follows_the_binomial_of_what_failed(
    missing: int, arrives: float, attention: float
) -> None:
    complete = arrives**missing * attention
    lots = (np.arange(20_000) + 0.5) / 20_000
    left = np.array([missing_after(missing, arrives, complete, luck) for luck in lots])
    assert (np.diff(left) >= 0).all()
    assert (left.min(), left.max()) >= (1, 1)
    for count in range(1, missing + 1):
        chance = comb(missing, count) * (1 - arrives) ** count * arrives ** (missing - count)
        chance += (arrives**missing - complete) if count == 1 else 0.0
        assert (left == count).mean() == pytest.approx(chance / (1 - complete), abs=1e-4)


def test_talks_move_know_how_to_the_weaker_and_take_it_from_nobody() -> None:
    one = model(on=("cooperation",))
    spread = np.std([rep.win for rep in one.world.reps])
    one.play()
    know_how = [rep.know_how for rep in one.world.reps]
    assert min(know_how) >= 1.0
    assert max(know_how) > 1.0
    assert np.std([rep.win * rep.know_how for rep in one.world.reps]) < spread
    best = max(one.world.reps, key=lambda rep: rep.win)
    assert best.know_how == 1.0


@pytest.mark.unit
@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
def test_everybody_meets_everybody_once_in_a_round(size: int) -> None:
    reps: Any = list(range(size))
    rounds = size - 1 if size % 2 == 0 else size
    met = [frozenset(pair) for turn in range(rounds) for pair in _pairs(reps, turn)]
    assert len(met) == len(set(met)) == size * (size - 1) // 2


def test_shared_reward_brings_help_and_rivalry_ends_it() -> None:
    pool = {
        "incentive.commission_rate": 0.0,
        "incentive.team_pool_rate": 0.01,
        "reviews.pair_talk_hours": 0.0,
    }
    alone = {"incentive.commission_rate": 0.10, "reviews.pair_talk_hours": 0.0}
    helping = []
    for plan in (pool, alone):
        one = model(plan, on=("cooperation",))
        one.play()
        helping.append(sum(rep.helps for rep in one.world.reps))
    assert helping == [5, 0]


@pytest.mark.unit
def test_neglect_needs_a_rich_rival() -> None:
    assert care(0.0, 0.0, 0.5, 0.4) == 1.0
    given = [care(sales, 0.2, 0.5, 0.4) for sales in (0.2, 0.5, 0.8, 3.0)]
    assert given == sorted(given, reverse=True)
    assert given[-1] == 0.4
    # Holmström & Milgrom, task 2 unmeasured: t2 = -γ t1 with t1 = b1 / (1 - γ²)
    assert care(0.3636, 0.0, 0.5, 0.0) - 1 == pytest.approx(-0.242, abs=1e-3)


@pytest.mark.unit
@pytest.mark.parametrize("name", ["default", "medical_devices", "technology", "retail_peak"])
def test_rewards_are_shares_of_pay(name: str) -> None:
    scenario = load(name)
    reward = rewards(scenario, scenario.incentive, 3, scenario.team.size)
    assert 0 <= reward.sales <= 1.2
    assert 0 <= reward.service <= 1.2
    assert 0 <= reward.team <= 1.2


@pytest.mark.slow
def test_a_richer_plan_brings_weak_deals_and_they_go_bad() -> None:
    weak = []
    for rate in (0.0, 0.03, 0.12):
        counted: list[bool] = []
        for run in range(4):
            one = model({"incentive": {"commission_rate": rate}}, on=("acceptance",), run=run)
            # The world is cleared after a run, so the marks are counted as deals are signed.
            won = one.funnel.won
            one.funnel.won = lambda deal, won=won, counted=counted: (counted.append(deal.weak), won(deal))[1]  # type: ignore[misc]
            one.play()
        weak.append(float(np.mean(counted)))
    assert weak[0] == 0.0
    assert weak == sorted(weak)
    assert weak[2] > weak[1]
    unpaid = []
    for rate in (0.0, 0.12):
        cash = played({"incentive": {"commission_rate": rate}, "calendar.weeks": 52}, on=("acceptance",))[
            "collections"
        ]
        old = cash[cash["due"] < cash["due"].max() - pd.Timedelta(days=120)]
        unpaid.append(float(old["paid"].isna().mean()))
    assert unpaid[1] > unpaid[0]


def test_newcomers_come_closer_and_old_hands_do_not_move() -> None:
    one = model({"culture.onboarding": 0.5, "team.mean_tenure_months": 400.0}, on=("culture",))
    before = [rep.alignment for rep in one.world.reps]
    one.play()
    assert np.allclose([rep.alignment for rep in one.world.reps], before, atol=0.02)
    fresh = model({"culture.onboarding": 0.5, "team.mean_tenure_months": 0.01}, on=("culture",))
    spread = np.std([rep.alignment for rep in fresh.world.reps])
    fresh.play()
    assert np.std([rep.alignment for rep in fresh.world.reps]) < 0.6 * spread


def test_people_come_and_go_and_nothing_gets_lost() -> None:
    tables = played({"team.exit_rate": 3.0, "team.vacancy_weeks": 3, "calendar.weeks": 40})
    reps, pay, days = tables["reps"], tables["pay"], tables["rep_days"]
    assert reps["left"].notna().sum() > 0
    assert len(reps) > 5
    assert reps["rep_id"].is_unique
    for name in ("opportunities", "orders", "tasks", "pay", "rep_days", "accounts"):
        assert set(tables[name]["rep_id"]) <= set(reps["rep_id"]), name
    assert not pay.duplicated(["rep_id", "period_start"]).any()
    assert not days.duplicated(["rep_id", "day"]).any()
    span = reps.set_index("rep_id")
    came, went = days["rep_id"].map(span["hired"]), days["rep_id"].map(span["left"])
    working = days["available"] > 0
    assert (days["day"][working].dt.normalize() >= came[working].dt.normalize()).all()
    assert (went[working].isna() | (days["day"][working] <= went[working])).all()
    done = tables["tasks"]["finished"].notna()
    assert days["worked"].sum() == pytest.approx(tables["tasks"]["spent"][done].sum(), rel=0.05)
    # Money: a leaver is paid for the days they were there.
    paid = pay.groupby("rep_id")["base"].sum()
    assert (paid > 0).all()


def test_a_cut_in_commission_drives_out_the_best() -> None:
    """Sandvik et al. 2021: the outside option rises with skill."""
    one = model({"team.exit_rate": 0.2}, on=("exits",))
    exits = one.behaviour._exits
    assert isinstance(exits, Exits)
    one.payroll.start()
    plan = one.payroll.plan
    cut = plan.model_copy(update={"commission_rate": plan.commission_rate * 0.82})
    quota = one.world.rules.kpi.quota
    loss = [exits._own(plan, quota)(skill) - exits._own(cut, quota)(skill) for skill in (0.5, 1.0, 1.5)]
    assert loss == sorted(loss)
    assert loss[0] < loss[2]


def test_nobody_left_alone_leaves() -> None:
    tables = played({"team.size": 1, "team.exit_rate": 3.0})
    assert tables["reps"]["left"].isna().all()


def test_a_team_of_mechanisms_is_the_same_twice() -> None:
    one, other = played(), played()
    assert not _different(one, other)
    assert Mechanisms(**only()) == ALL_OFF


@pytest.mark.unit
@pytest.mark.parametrize(
    ("hangs", "rivalry", "left"), [(0.0, 0.5, 1.0), (0.3, 0.0, 1.0), (0.09, 0.5, 0.94), (1.0, 0.9, 0.0)]
)
def test_what_culture_pays_selling_loses(hangs: float, rivalry: float, left: float) -> None:
    """1 - γ b / (1 - γ²), worked out by hand; never below nothing."""
    assert focus(hangs, rivalry) == pytest.approx(left)


def test_without_a_culture_share_nobody_changes() -> None:
    nothing = {"incentive.culture_share": 0.0}
    everything = tuple(Mechanisms.model_fields)
    without = tuple(name for name in everything if name != "culture_pay")
    assert not _different(played(nothing, on=everything), played(nothing, on=without))


def test_a_culture_share_lifts_alignment_and_costs_attention_at_once() -> None:
    """Row C2 of the course: cohesion rises with the share, short-term selling falls."""
    aligned, focused = [], []
    for share in (0.0, 0.1, 0.3):
        one = model({"incentive.culture_share": share, "culture.onboarding": 0.0}, on=("culture_pay",))
        one.play()
        aligned.append(np.mean([rep.alignment for rep in one.world.reps]))
        focused.append(np.mean([rep.focus for rep in one.world.reps]))
    assert aligned[0] < aligned[1] < aligned[2]
    assert 1.0 == focused[0] > focused[1] > focused[2] > 0.8
