"""One file per result: claim, citation, setting, scenarios, bands with their reasons, and the function that plays it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpisim.evidence.case import Case

EMERGING = (
    "review_interval",
    "group_targets",
    "pair_talks",
    "team_bonus",
    "volume_pay",
    "commission_cut",
    "staffing",
    "turnover_cost",
    "finish_what_you_started",
    "lead_response",
    "effort_or_timing",
    "fiscal_year_peak",
    "larkin",
    "ratchet_and_cap",
    "bonus_to_commission",
    "revenue_only",
    "peaks_erode",
    "exit_clusters",
    "read_back",
    "complaints",
    "quality_knee",
    "luck_in_attainment",
    "two_quarters",
    "contest_learning",
    "culture_growth",
    "mixed_teams",
    "safelite",
    "easy_first",
    "proximal_goals",
    "retention_steadies",
    "satisfaction_later",
    "overwork",
    "acquisition_pay",
    "no_plan_dominates",
)
MYTHS = (
    "myth_23_minutes",
    "myth_multitasking",
    "myth_stress_curve",
    "myth_recovery",
    "myth_quiet_time",
    "myth_feedback",
    "myth_individual_targets",
    "myth_retention",
    "myth_year_end",
)


def results() -> tuple[Case, ...]:
    """Return the cases that have a file of their own."""
    return tuple(import_module(f"{__name__}.{name}").CASE for name in (*EMERGING, *MYTHS))
