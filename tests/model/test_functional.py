"""The whole model moves where it must, stays put where it must, and survives extremes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from kpisim.model import Model
from kpisim.scenario import ALL_OFF, Scenario, load
from kpisim.tables import TABLES, Tables

pytestmark = pytest.mark.functional

# The engine alone: what people do about it has tests of its own.
SMALL = {"calendar.weeks": 13, "calendar.warmup_weeks": 4, "team.size": 4, "mechanisms": ALL_OFF}


def play(changes: dict[str, Any] | None = None, seed: int = 1, run: int = 0, base: str = "default") -> Tables:
    return Model(load(base).derive(SMALL | (changes or {})), seed, run).play()


@pytest.mark.parametrize("name", ["default", "medical_devices", "technology", "retail_peak"])
def test_every_table_follows_its_schema(name: str) -> None:
    tables = play(base=name)
    # A sales team keeps no books: that table only comes from a firm.
    assert set(tables.frames) == set(TABLES) - {"finance"}
    for table, frame in tables.frames.items():
        declared = TABLES[table]
        assert tuple(frame.columns) == declared.names, table
        for column in declared.columns:
            if not column.empty:
                assert frame[column.name].notna().all(), (table, column.name)
        assert not frame.duplicated(list(declared.key)).any() or table in {"trainings", "targets"}, table


def test_every_table_is_accepted_as_a_foreign_one() -> None:
    from kpisim.tables.validate import conform

    tables = play(base="medical_devices")
    for name, frame in tables.frames.items():
        conformed = conform(name, frame)
        assert len(conformed) == len(frame), name


def test_no_leads_no_new_customers() -> None:
    tables = play({"market.leads_per_rep_week": 0, "market.referral": 0, "market.accounts_per_rep": 0})
    assert tables["opportunities"].empty
    assert tables["orders"].empty


def test_more_leads_more_opportunities() -> None:
    counts = [len(play({"market.leads_per_rep_week": rate})["opportunities"]) for rate in (2, 5, 10)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_lost_facts_bring_rework() -> None:
    rounds = [
        float(play({"communication.keep_rate": keep})["requests"]["rounds"].mean())
        for keep in (1.0, 0.9, 0.6)
    ]
    assert rounds == sorted(rounds)


def test_interruptions_take_time() -> None:
    calm, busy = play({"pressure.interruptions_per_hour": 0}), play({"pressure.interruptions_per_hour": 4})
    assert (calm["tasks"]["spent"].dropna() == calm["tasks"]["hours"][calm["tasks"]["spent"].notna()]).all()
    done = busy["tasks"].dropna(subset=["spent"])
    assert done["spent"].sum() > 1.2 * done["hours"].sum()


def test_higher_commission_more_effort_never_less() -> None:
    effort = [
        float(play({"incentive.commission_rate": rate})["rep_days"]["effort"].mean())
        for rate in (0.0, 0.02, 0.05)
    ]
    assert effort[0] == 0.0
    assert effort == sorted(effort)
    assert effort[1] > 0


def test_a_salary_brings_no_games() -> None:
    tables = play({"incentive": {"commission_rate": 0.0}})
    assert (tables["opportunities"]["discount"] == 0).all()


@pytest.mark.slow
def test_a_straight_line_brings_no_discounts_and_a_cliff_does() -> None:
    line, cliff = 0, 0
    for run in range(4):
        line += int(
            (
                play({"incentive": {"commission_rate": 0.04}, "team.size": 8}, run=run)["opportunities"][
                    "discount"
                ]
                > 0
            ).sum()
        )
        bonus = {
            "commission_rate": 0.0,
            "bonuses": [{"attainment": 1.0, "amount": 40_000}],
            "period": "month",
        }
        cliff += int(
            (play({"incentive": bonus, "team.size": 8}, run=run)["opportunities"]["discount"] > 0).sum()
        )
    assert line == 0
    assert cliff > 0


def test_games_can_be_forbidden() -> None:
    bonus = {"bonuses": [{"attainment": 1.0, "amount": 60_000}], "timing_games": False}
    assert (play({"incentive": bonus})["opportunities"]["discount"] == 0).all()


def test_a_dated_change_changes_nothing_before_its_day() -> None:
    day = date(2027, 3, 1)
    plain = play()
    changed = play({"changes": [{"at": day, "set": {"market.leads_per_rep_week": 15.0}}]})
    cut = pd.Timestamp(day)
    for name, column in (("opportunities", "created"), ("orders", "booked"), ("tasks", "created")):
        before = [
            frame[frame[column] < cut].reset_index(drop=True)[column]
            for frame in (plain[name], changed[name])
        ]
        assert before[0].equals(before[1]), name
    late = [int((frame["opportunities"]["created"] >= cut).sum()) for frame in (plain, changed)]
    assert late[1] > 1.8 * late[0]


def test_a_changed_plan_counts_from_the_next_period() -> None:
    changed = play(
        {
            "changes": [{"at": date(2027, 2, 10), "set": {"incentive.commission_rate": 0.10}}],
            "incentive.period": "month",
        }
    )
    pay = changed["pay"].assign(
        rate=lambda frame: frame["commission"] / frame["sales"].where(frame["sales"] > 0)
    )
    rates = pay.groupby("period_start")["rate"].mean().round(6)
    assert rates[pd.Timestamp(2027, 2, 1)] == 0.03
    assert rates[pd.Timestamp(2027, 3, 1)] == 0.10


def test_a_ratchet_moves_the_next_quota() -> None:
    pay = play({"incentive.ratchet": 0.5, "incentive.period": "month", "kpi.quota_by_season": False})["pay"]
    mine = pay[pay["rep_id"] == "R000"].sort_values("period_start")
    quotas, sales = mine["quota"].tolist(), mine["sales"].tolist()
    whole = list(zip(quotas[2:], quotas[1:], sales[1:], strict=False))[:2]
    for later, quota, result in whole:
        assert later == pytest.approx(0.5 * quota + 0.5 * max(result, 0.1 * quota))


def test_no_culture_share_reproduces_the_base_exactly() -> None:
    base, zero = play(), play({"incentive.culture_share": 0.0})
    for name, frame in base.frames.items():
        assert frame.equals(zero[name]), name
    assert (base["pay"]["culture"] == 0).all()


def test_training_takes_hours_now_and_helps_later() -> None:
    scenario = {"team.training_hours": 20.0, "team.training_effect": 0.01, "calendar.weeks": 40}
    trained, plain = play(scenario), play({"calendar.weeks": 40})
    assert trained["trainings"]["hours"].sum() > 0
    won = [(frame["opportunities"]["status"] == "won").sum() for frame in (trained, plain)]
    assert won[0] > won[1]


def test_reviews_clean_the_pipeline() -> None:
    often, never = play({"reviews.every": "week", "reviews.stale_days": 5}), play({"market.silence_days": 30})
    reasons = [frame["opportunities"]["reason"].astype(object).value_counts() for frame in (often, never)]
    assert reasons[0].get("stale", 0) > reasons[1].get("stale", 0)


def test_lost_deals_last_longer_than_won_ones() -> None:
    deals = play({"calendar.weeks": 40})["opportunities"]
    closed = deals[deals["closed"].notna()]
    days = (closed["closed"] - closed["created"]).dt.days
    silent = closed["reason"].astype(object).isin(["silence", "stale"])
    assert days[silent].mean() > days[closed["status"] == "won"].mean()


def test_existing_customers_win_more_often() -> None:
    deals = play({"calendar.weeks": 40})["opportunities"]
    closed = deals[deals["closed"].notna()]
    won = (closed["status"] == "won").groupby(closed["existing"].astype(bool)).mean()
    assert won[True] > 2 * won[False]


@pytest.mark.parametrize(
    "extreme",
    [
        {"team.size": 1, "calendar.weeks": 1, "calendar.warmup_weeks": 0},
        {"communication.departments": []},
        {"market.leads_per_rep_week": 0},
        {"market.silence": 0.95},
        {"workload.admin_per_day": 60.0},
        {"pressure.after_interruption": "restart", "pressure.interruptions_per_hour": 10.0},
        {"market.stages": [{"name": "lead", "pass_rate": 1.0}]},
        {"calendar.workdays": [0, 1, 2, 3, 4, 5, 6]},
        {"calendar.fiscal_year_start": 4, "incentive.period": "year"},
        {"reviews.allocation": "shortest_backlog"},
        {"market.accounts_per_rep": 0},
        {"incentive": {"base_salary": 0.0, "commission_rate": 1.0, "ratchet": 0.0}},
        {
            "workload.policy": "value_per_hour",
            "workload.time_boxes": [{"kind": "admin", "start_hour": 0, "hours": 1}],
        },
    ],
)
def test_extremes_play(extreme: dict[str, Any]) -> None:
    tables = play(extreme)
    assert len(tables["rep_days"]) > 0
    assert tables["pay"]["total"].notna().all()


def test_a_variance_to_mean_ratio_above_one_shows_in_the_days() -> None:
    ratios = []
    for dispersion in (1.0, 6.0):
        changes = {
            "market.day_dispersion": dispersion,
            "market.weekday_profile": [1, 1, 1, 1, 1, 0, 0],
            "team.size": 10,
            "calendar.weeks": 104,
            "market.referral": 0,
            "market.accounts_per_rep": 0,
            "workload.admin_per_day": 0,
            "workload.service_per_account_month": 0,
        }
        counts = play(changes)["opportunities"]["created"].dt.normalize().value_counts()
        ratios.append(float(counts.var() / counts.mean()))
    # Variance of a sample variance over 540 days: a factor of about 1 ± 0.2 for three standard errors.
    assert 0.75 < ratios[0] < 1.25
    assert 4.0 < ratios[1] < 9.0


def test_scenarios_are_not_touched_by_playing() -> None:
    scenario = Scenario().derive(SMALL)
    before = scenario.model_dump_json()
    Model(scenario, 1).play()
    assert scenario.model_dump_json() == before


def test_a_territory_is_shared_by_whoever_is_there() -> None:
    """Business counted for eight is the same for four and for sixteen; each has more or less of it."""
    customers, leads = [], []
    for size in (4, 8, 16):
        tables = play({"team.size": size, "market.territory": 8, "market.accounts_per_rep": 20})
        accounts, deals = tables["accounts"], tables["opportunities"]
        customers.append(int((accounts["since"] < pd.Timestamp(tables.meta.start)).sum()))
        leads.append(int(deals["source"].isin(["web", "field"]).sum()))
    assert min(customers) >= 8 * 20
    # Counts vary by a shared day factor of variance/mean 3 to 6, here over a quarter or more: five deviations.
    mean = sum(leads) / 3
    assert max(abs(one - mean) for one in leads) < 5 * (6 * mean) ** 0.5


def test_handled_complaints_are_rated_where_customers_are_asked() -> None:
    base = {"market.complaint": 0.3, "market.survey_response": 1.0, "mechanisms": ALL_OFF}
    asked, silent = (play(base | {"market.complaint_survey": on}) for on in (True, False))
    pd.testing.assert_frame_equal(asked["orders"], silent["orders"])
    assert len(asked["surveys"]) > len(silent["surveys"])
    more = len(asked["surveys"]) - len(silent["surveys"])
    assert more <= int(asked["complaints"]["answered"].notna().sum())


@pytest.mark.parametrize("name", ["default", "medical_devices", "technology", "retail_peak"])
def test_no_department_of_a_ready_team_is_overrun(name: str) -> None:
    """A desk that gets more than it can do answers later and later; nobody would believe a team like that."""
    scenario = load(name)
    requests = Model(scenario, 1).play()["requests"]
    days = (requests["finished"] - requests["submitted"]).dt.total_seconds() / 86_400
    late = requests["submitted"] >= pd.Timestamp(scenario.calendar.start) + pd.Timedelta(weeks=39)
    for desk, mine in days[late].groupby(requests.loc[late, "department"], observed=True):
        # A week at most, at the end of the season too; an overrun desk leaves its last requests lying.
        assert mine.mean() < 5, desk
        assert mine.isna().mean() < 0.1, desk
