"""Which parameters go straight into a rule is not asserted: the code of the rule is watched while it plays."""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import Any

import pytest

from kpisim.model import Model
from kpisim.model.rules import _RULES, Rule
from kpisim.scenario import load
from kpisim.scenario.scenario import SECTIONS

pytestmark = pytest.mark.functional

_PLAN = (
    "pay.py",
    "payroll.py:Payroll._policy",
    "payroll.py:Payroll.months",
    "payroll.py:Payroll._advance",
    "payroll.py:pay_at_quota",
)
"""Code that counts what the plan pays, whoever asks."""
_POLICY = (
    *_PLAN,
    "effort.py",
    "payroll.py:effort_cost",
    "payroll.py:risk_aversion",
    "timing.py:Timing._worth",
)
_BOOKED = (
    "customers.py:Customers._deliver",
    "customers.py:Customers._fall_due",
    "customers.py:Customers.won",
)
"""One function each for what happens to an order, whatever the rule behind it."""

OWN: dict[str, tuple[str, ...]] = {
    "effort": (
        "payroll.py:Payroll._policy",
        "payroll.py:Payroll.effort",
        "payroll.py:effort_cost",
        "payroll.py:risk_aversion",
        "effort.py",
    ),
    "effort forecast": ("payroll.py:forecast",),
    "pay": (
        "pay.py",
        "payroll.py:Payroll.settle",
        "payroll.py:Payroll._pay",
        "payroll.py:planned_quota",
        "payroll.py:kpi_score",
        "payroll.py:culture_target",
    ),
    "ratchet": ("effort.py:ratchet_charge",),
    "timing": ("timing.py",),
    "response": ("funnel.py:Funnel._interest",),
    "complaints": ("customers.py:Customers.monday",),
    "leaving": ("customers.py:Customers._leave", "customers.py:Customers._return"),
    "hand-over": ("handover.py", "departments.py:Departments._send", "departments.py:Departments._mend"),
    "queues": ("model.py:Model._set_desks",),
    "interruptions": ("desk.py:interruptions",),
    "skill": ("funnel.py:Funnel.learn",),
    "training": ("manager.py:Manager._train", "manager.py:Manager._trained"),
    "reviews": ("manager.py:Manager._review", "manager.py:Manager._reviewed"),
    "pulse": ("manager.py:Manager._ask_pulse",),
    "neglect": ("allocation.py", "rewards.py"),
    "acceptance": ("acceptance.py",),
    "corner-cutting": ("corner_cutting.py",),
    "strain": ("strain.py",),
    "hours": ("hours.py",),
    "appraisal": ("appraisal.py",),
    "goals": ("goals.py",),
    "read-back": ("handover.py",),
    "cooperation": ("cooperation.py", "rewards.py"),
    "culture": ("culture.py",),
    "culture pay": ("culture_pay.py",),
    "exits": ("exits.py",),
}
"""Rule -> the code that is this rule and no other: whatever it reads goes straight into the rule."""

SHARED: dict[str, tuple[str, ...]] = {
    "effort": _POLICY,
    "pay": (*_PLAN, "payroll.py", "rewards.py"),
    "timing": _POLICY,
    "demand": ("demand.py", "scenario.py:Scenario.business_each"),
    "response": ("funnel.py:Funnel.lead",),
    "funnel": ("funnel.py", "customers.py:talks"),
    "complaints": ("customers.py:Customers._complain", "customers.py:Customers._handled", *_BOOKED),
    "complaints left lying": ("customers.py:Customers._complain",),
    "satisfaction": ("customers.py", "funnel.py:Funnel.repeat"),
    "leaving": ("customers.py:Customers._usual_hazard",),
    "cash": (*_BOOKED, "record.py:_orders"),
    "hand-over": ("departments.py",),
    "queues": (
        "demand.py",
        "departments.py",
        "customers.py:Customers._complain",
        "manager.py:Manager._train",
        "manager.py:Manager._review",
        "appraisal.py",
        "cooperation.py:Cooperation.weekly",
    ),
    "skill": ("model.py:Model._hire",),
    "training": ("funnel.py:Funnel.chance",),
    "reviews": ("manager.py:Manager.morning",),
    "pulse": ("manager.py:Manager.morning",),
    "neglect": (*_PLAN, *_BOOKED),
    "acceptance": (*_POLICY, *_BOOKED, "payroll.py:Payroll.new_customer_worth"),
    "corner-cutting": ("behaviour.py:Behaviour._compose",),
    "goals": ("manager.py:Manager.morning", "payroll.py:Payroll._open"),
    "read-back": ("departments.py",),
    "cooperation": _PLAN,
    "culture": ("model.py:Model._hire",),
    "culture pay": ("rewards.py",),
    "exits": (*_POLICY, "worth.py", "behaviour.py"),
}
"""Rule -> code that it calls, or that plays its part among others: what goes into the rule is read there or in its own."""

EVERYWHERE = {"team.size"}
"""Read to go through the team, by nearly everything."""


@pytest.fixture(scope="module")
def reads() -> dict[str, set[str]]:
    """Return the functions of the model that read each parameter while ready scenarios and one with everything on play."""
    found: dict[str, set[str]] = defaultdict(set)
    everything = load("default").derive(
        {
            "team.training_hours": 2.0,
            "reviews.coaching_hours": 1.0,
            "reviews.pair_talk_hours": 1.0,
            "communication.read_back": True,
            "incentive.team_pool_rate": 0.01,
            "incentive.contest_prizes": (1000.0,),
            "incentive.ratchet": 0.3,
            "incentive.culture_share": 0.1,
            "market.small_share": 0.2,
            "workload.complaint_waits": 4.0,
            "pressure.late_hours": 4.0,
        }
    )
    _forget()
    with pytest.MonkeyPatch.context() as patch:
        for name, section in SECTIONS.items():
            patch.setattr(section, "__getattribute__", _watched(section, name, found))
        for played in (everything, *map(load, ("default", "medical_devices", "technology", "retail_peak"))):
            Model(played, 1).play()
    return found


def _forget() -> None:
    """Empty the caches of the model: what another test asked before would not be read again."""
    for name, module in list(sys.modules.items()):
        if name.startswith("kpisim.model"):
            for one in vars(module).values():
                if hasattr(one, "cache_clear"):
                    one.cache_clear()


def _watched(section: Any, name: str, found: dict[str, set[str]]) -> Any:
    plain, fields = section.__getattribute__, set(section.model_fields)

    def read(self: Any, field: str) -> Any:
        if field in fields:
            code = sys._getframe(1).f_code
            folder, _, file = code.co_filename.replace("\\", "/").rpartition("/")
            if folder.endswith(("kpisim/model", "kpisim/scenario")):
                found[f"{name}.{field}"].add(f"{file}:{code.co_qualname}")
        return plain(self, field)

    return read


def _is_in(place: str, code: str) -> bool:
    """Whether a function is this one, or one of this file or class."""
    return place == code or place.startswith((code + ":", code + "."))


def _read_in(code: tuple[str, ...], reads: dict[str, set[str]]) -> set[str]:
    """Return the parameters of people, market and plan that this code reads (files, classes or functions)."""
    return {
        path
        for path, places in reads.items()
        if path.split(".")[0] not in {"calendar", "mechanisms"}
        and any(_is_in(place, one) for place in places for one in code)
    }


@pytest.mark.parametrize("rule", [rule for rule, _ in _RULES], ids=lambda rule: rule.name)
def test_what_moves_a_rule_is_what_its_code_reads(rule: Rule, reads: dict[str, set[str]]) -> None:
    own, shared = OWN.get(rule.name, ()), SHARED.get(rule.name, ())
    told = {f"{name}.{field}" for name, section in SECTIONS.items() for field in section.model_fields}
    told = {path for path in told if rule.is_moved([path])}
    assert _read_in(own, reads) - EVERYWHERE <= told, (
        "read by the rule and not told: add it to moved_by in kpisim/model/rules.py"
    )
    assert told - EVERYWHERE <= _read_in((*own, *shared), reads), "told and read nowhere"


def test_every_file_of_the_model_that_is_named_here_is_there(reads: dict[str, set[str]]) -> None:
    places = {place for found in reads.values() for place in found}
    for code in (*OWN.values(), *SHARED.values()):
        for one in code:
            assert any(_is_in(place, one) for place in places), one
