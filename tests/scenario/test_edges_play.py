"""Scenarios at the edge of their ranges play to the end and can be measured."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from kpisim.experiment import run
from kpisim.model import Model
from kpisim.scenario import Scenario

pytestmark = pytest.mark.functional

BASE = Scenario().derive({"calendar.weeks": 4, "calendar.warmup_weeks": 0, "team.size": 3})
DAYS_OFF = [date(2027, 1, 4) + timedelta(days=k) for k in range(28)]
NOTHING = {"market.leads_per_rep_week": 0, "market.accounts_per_rep": 0}
FLAT = {
    "market.hours_sigma": 0,
    "market.customer_sigma": 0,
    "market.deal_sigma": 0,
    "team.speed_sd": 0,
    "team.win_rate_sd": 0,
}
EDGES: dict[str, dict[str, Any]] = {
    "one week without warm-up": {"calendar.weeks": 1},
    "one working day": {"calendar.weeks": 1, "calendar.workdays": [2]},
    "a horizon of holidays after a warm-up": {"calendar.holidays": DAYS_OFF, "calendar.warmup_weeks": 4},
    "one day left of the horizon": {"calendar.holidays": DAYS_OFF[:-3]},
    "weekends only": {"calendar.workdays": [5, 6]},
    "a horizon that begins on a day off": {"calendar.start": "2027-01-09", "calendar.weeks": 1},
    "a swapped day": {"calendar.extra_workdays": ["2027-01-09"]},
    "six minutes a day": {"calendar.hours_per_day": 0.1},
    "day and night": {"calendar.hours_per_day": 24},
    "a fiscal year from July": {"calendar.fiscal_year_start": 7},
    "a team of one": {"team.size": 1},
    "no departments": {"communication.departments": []},
    "a department with no time": {
        "communication.departments": [{"name": "x", "own_load": 0.99, "people": 1}]
    },
    "nothing to tell": {"communication.facts": 0},
    "everything is lost": {"communication.keep_rate": 0},
    "one stage": {"market.stages": [{"name": "lead"}]},
    "one stage, the last": {"market.stages": [{"name": "negotiation"}]},
    "everybody signs": {"market.stages": [{"name": "lead", "pass_rate": 1}], "market.silence": 0},
    "no leads": {"market.leads_per_rep_week": 0},
    "no accounts": {"market.accounts_per_rep": 0},
    "nothing at all": NOTHING,
    "nothing at all for one rep in one week": {
        **NOTHING,
        "team.size": 1,
        "calendar.weeks": 1,
        "communication.departments": [],
        "workload.admin_per_day": 0,
    },
    "no season": {"market.season": [0] * 12},
    "leads on Sundays only": {"market.weekday_profile": [0, 0, 0, 0, 0, 0, 1]},
    "everybody leaves": {"market.churn": 1},
    "everything is cancelled": {"market.cancel": 1},
    "nobody pays": {"market.bad_debt": 1},
    "everybody complains": {"market.complaint": 1},
    "no spread": FLAT,
    "no time for the backlog": {"workload.outside_hours": 23},
    "a box after work": {"workload.time_boxes": [{"start_hour": 20, "hours": 4}]},
    "always interrupted": {"pressure.interruptions_per_hour": 60, "pressure.handling_minutes": 240},
    "no base salary": {"incentive.base_salary": 0},
    "no targets": {"kpi.targets": []},
    "a tiny quota": {"kpi.quota": 1e-6},
    "a huge quota": {"kpi.quota": 1e12},
    "no effort": {"team.max_effort": 0},
    "the strongest ratchet": {"incentive.ratchet": 0},
    "whole tiers from nothing": {
        "incentive.tiers": [{"attainment": 0, "rate": 0.01}, {"attainment": 1, "rate": 0.1}],
        "incentive.tier_mode": "whole",
    },
    "more prizes than reps": {"incentive.contest_prizes": [3, 2, 1] * 10},
    "departments come and go": {
        "communication.departments": [],
        "changes": [
            {
                "at": "2027-01-11",
                "set": {"communication.departments": [{"name": "a"}, {"name": "b", "serves": "lead"}]},
            },
            {"at": "2027-01-18", "set": {"communication.departments": []}},
        ],
    },
    "a change on a day off": {
        "changes": [
            {"at": "2027-01-10", "set": {"incentive.period": "month", "workload.policy": "easiest_first"}}
        ]
    },
}


@pytest.mark.parametrize("values", EDGES.values(), ids=EDGES)
def test_the_edge_plays_and_can_be_measured(values: dict[str, Any]) -> None:
    result = run(BASE.derive(values), 1, 1, workers=1, cache=False, progress=False)
    assert result.failures.empty, result.failures.iloc[0].to_dict()
    for row in result.per_run.to_dict("records"):
        # A KPI without a number says why; it never says infinity.
        assert pd.isna(row["value"]) != pd.isna(row["reason"]), row
        assert row["value"] not in {float("inf"), float("-inf")}, row


def test_nothing_in_nothing_out() -> None:
    tables = Model(BASE.derive(NOTHING), 1).play()
    for name in ("opportunities", "orders", "collections"):
        assert len(tables[name]) == 0
    assert len(tables["reps"]) == 3
