"""Which parameters are guesses about the world, which are a manager's decisions, and how far a guess may be off."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, inf, isclose
from typing import TYPE_CHECKING, Any, Literal

from kpisim.text import Text, current_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kpisim.scenario import Scenario
    from kpisim.scenario.declared import Parameter

DECISIONS = frozenset(
    {
        # Whole sections that a manager decides on; what is not named here is a guess, new sections too.
        "incentive",
        "kpi",
        "calendar",
        "mechanisms",
        "changes",
        # In the other sections, what is decided or known.
        "team.size",
        "team.training_hours",
        "market.accounts_per_rep",
        "market.gross_margin",
        "workload.admin_per_day",
        "workload.time_boxes",
        "communication.departments.*.people",
        "pressure.pulse_every_weeks",
        "reviews.every",
        "reviews.hours",
        "reviews.stale_days",
        "reviews.allocation",
        "reviews.goal_clarity",
        "reviews.proximal_goals",
        "reviews.coaching_hours",
        "reviews.pair_talk_hours",
    }
)
"""Sections and parameters that stay as they are."""
SPREAD = 0.5
"""A guess without a plausible range of its own is varied by this share of its value, up and down."""
INSIDE = 0.001
"""A bound that is itself left out is kept away from by this share of the range's width."""

Why = Literal["zero", "list", "pinned", "empty"]

_SWITCHED: dict[str, tuple[str, ...]] = {
    "team.exit_rate": ("exits",),
    "team.exit_strain": ("exits",),
    "team.exit_pay": ("exits",),
    "team.outside_by_skill": ("exits",),
    "team.exit_contagion": ("exits",),
    "team.notice_weeks": ("exits",),
    "team.notice_output": ("exits",),
    "team.vacancy_weeks": ("exits",),
    "team.ramp_months": ("exits",),
    "team.ramp_start": ("exits",),
    "team.mean_tenure_months": ("exits", "culture"),
    "workload.rivalry": ("allocation", "cooperation", "culture_pay"),
    "workload.least_care": ("allocation",),
    "workload.care_worth": ("allocation",),
    "culture.intrinsic": ("allocation", "cooperation"),
    "culture.onboarding": ("culture",),
    "culture.tolerance": ("culture",),
    "culture.hiring_spread": ("culture",),
    "culture.peers_seen": ("cooperation",),
    "culture.practice": ("culture_pay",),
    "market.weak_share": ("acceptance",),
    "market.weak_default": ("acceptance",),
    "market.weak_complaint": ("acceptance",),
    "market.scruple": ("acceptance",),
    "communication.links": ("handover",),
    "pressure.contact_worth": ("corner_cutting",),
    "pressure.usual_load": ("corner_cutting", "hours", "strain"),
    "pressure.overtime": ("hours",),
    "pressure.drain": ("strain",),
    "pressure.tired_output": ("strain",),
    "pressure.tired_errors": ("strain",),
    "pressure.sick_days": ("strain",),
    "pressure.tired_sickness": ("strain",),
    "pressure.belief": ("appraisal", "strain"),
    "pressure.belief_sd": ("appraisal",),
    "reviews.goal_drive": ("goals",),
    "reviews.coaching_effect": ("appraisal",),
    "reviews.pair_talk_transfer": ("cooperation",),
}
"""Mechanisms that read a parameter: with all of them off it is not in force."""

_ITEMS_ZH = {
    "lead": "线索阶段",
    "qualified": "合格商机阶段",
    "proposal": "方案阶段",
    "negotiation": "谈判阶段",
    "marketing": "市场部",
    "product": "产品部",
    "customer service": "客服部",
}
"""Stages, and departments of the ready scenarios, in Chinese; any other name stands as it was given."""

_NEEDED: dict[str, Callable[[Scenario], float]] = {
    "team.training_effect": lambda s: s.team.training_hours,
    "team.training_lag_weeks": lambda s: s.team.training_hours,
    "pressure.handling_minutes": lambda s: s.pressure.interruptions_per_hour,
    "pressure.resumption_minutes": lambda s: s.pressure.interruptions_per_hour,
    "market.silence_days": lambda s: s.market.silence,
    "reviews.goal_drive": lambda s: s.reviews.goal_clarity,
    "reviews.coaching_effect": lambda s: s.reviews.coaching_hours,
    "reviews.pair_talk_transfer": lambda s: s.reviews.pair_talk_hours,
    "market.small_value": lambda s: s.market.small_share,
    "market.small_sigma": lambda s: s.market.small_share,
    "market.stages.*.quick_days": lambda s: max(stage.quick_share for stage in s.market.stages),
    "market.stages.*.quick_sigma": lambda s: max(stage.quick_share for stage in s.market.stages),
}
"""Parameters that say nothing while another number is 0."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One guess and the range it is varied over.

    Attributes
    ----------
    path
        Of the parameter; an item of a list stands by its name, e.g. ``market.stages.lead.pass_rate``.
    low, high, value
        Ends of the range, and what the scenario has, in the parameter's unit.
    en, zh
        Meaning.
    unit
        Unit of the three numbers.
    declared
        Whether the range is the plausible one of the declaration and not a share of the value.
    """

    path: str
    low: float
    high: float
    value: float
    en: str
    zh: str
    unit: str = ""
    declared: bool = False

    def meaning(self) -> str:
        """Return what the parameter means in the current language."""
        return self.zh if current_language() == "zh" else self.en


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A guess that is in force but not varied, and why: 0, not set, a list, or no room to move."""

    path: str
    why: Why


def decided(path: str) -> bool:
    """Whether the parameter at `path` (``*`` for an item) is decided or known and not a guess about the world."""
    parts = path.split(".")
    return any(".".join(parts[: n + 1]) in DECISIONS for n in range(len(parts)))


def in_force(path: str, scenario: Scenario) -> bool:
    """Whether the parameter at `path` can do anything in `scenario`."""
    switches = _SWITCHED.get(path)
    if switches is not None and not any(getattr(scenario.mechanisms, one) for one in switches):
        return False
    need = _NEEDED.get(path)
    return need is None or need(scenario) > 0


def guesses(scenario: Scenario) -> tuple[list[Factor], list[LeftOut]]:
    """Return the assumptions in force in `scenario` with their ranges, and those that cannot be varied.

    Parameters
    ----------
    scenario
        Whose values stand in the middle of the ranges.

    Returns
    -------
    list of Factor, list of LeftOut
        In the order of declaration.  A range is the declared plausible one where the scenario's value lies in it; else the
        value ± `SPREAD` of it, cut to the declared limits.  A value of 0 has no size to take a share of: it goes from 0 to
        the default, or is left out where that is 0 too.
    """
    from kpisim.scenario.declared import parameters  # noqa: PLC0415

    varied: list[Factor] = []
    left: list[LeftOut] = []
    for one in parameters():
        if one.rule != "assumption" or not one.numeric or one.item is not None or decided(one.path):
            continue
        if not in_force(one.path, scenario):
            continue
        for path, item in _places(one.path, scenario):
            value = scenario.get(path)
            if isinstance(value, (tuple, list)):
                left.append(LeftOut(path, "list"))
                continue
            if value is None:
                left.append(LeftOut(path, "empty"))
                continue
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                continue
            ends = span(one, value)
            if isinstance(ends, str):
                left.append(LeftOut(path, ends))
                continue
            named = ("", "") if item is None else (f"{item}: ", f"{_ITEMS_ZH.get(item, item)}：")
            varied.append(
                Factor(
                    path,
                    *ends,
                    float(value),
                    named[0] + one.en,
                    named[1] + one.zh,
                    one.unit,
                    _inside(one, value),
                )
            )
    return varied, left


def _inside(one: Parameter, value: float) -> bool:
    return one.plausible is not None and one.plausible[0] <= value <= one.plausible[1]


def span(one: Parameter, value: float) -> tuple[float, float] | Why:
    """Return the range `value` of a parameter is varied over, or why there is none.

    Parameters
    ----------
    one
        The declaration, with limits and perhaps a plausible range.
    value
        What the scenario has.
    """
    if one.plausible is not None and _inside(one, value):
        low, high = one.plausible
    elif value == 0:
        default = one.default if isinstance(one.default, (int, float)) else 0.0
        if default == 0:
            return "zero"
        low, high = min(0.0, default), max(0.0, default)
    else:
        low, high = sorted((value * (1 - SPREAD), value * (1 + SPREAD)))
    if isinstance(value, int):
        low, high = floor(low), ceil(high)
    gap = INSIDE * (high - low)
    floor_ = -inf if one.low is None else one.low + (gap if one.low_open else 0.0)
    ceiling = inf if one.high is None else one.high - (gap if one.high_open else 0.0)
    low, high = max(low, floor_), min(high, ceiling)
    if isinstance(value, int):
        low, high = ceil(low), floor(high)
    return "pinned" if high <= low or isclose(low, high) else (float(low), float(high))


def _places(path: str, scenario: Scenario) -> Iterator[tuple[str, str | None]]:
    """Yield where the parameter stands: once, or in every item of its list, by name where items have one."""
    if "*" not in path:
        yield path, None
        return
    holder, _, rest = path.partition(".*.")
    items: Any = scenario.get(holder)
    if "*" in rest or not isinstance(items, (tuple, list)):
        return
    names = [item.get("name") for item in items]
    for position, name in enumerate(names):
        # A name with a dot would lead elsewhere; one that is there twice would reach the first only.
        plain = isinstance(name, str) and "." not in name and not name.isdigit() and names.count(name) == 1
        key = str(name) if plain else str(position)
        yield f"{holder}.{key}.{rest}", key


WHY: dict[Why, Text] = {
    "zero": Text("is 0 here, with nothing to take a share of"),
    "list": Text("is a list"),
    "pinned": Text("has no room inside its limits"),
    "empty": Text("is not given here"),
}
"""Why a guess is not varied, in words."""

__all__ = ["DECISIONS", "SPREAD", "WHY", "Factor", "LeftOut", "decided", "guesses", "in_force", "span"]
