"""Goals: broken down exactly, dated, checked for SMART, aligned, and versioned."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpisim.kpi.goals.cascade import Cascade, Part, break_down, gaps
    from kpisim.kpi.goals.dates import FoundDate, deadline, find_dates
    from kpisim.kpi.goals.files import read_goals
    from kpisim.kpi.goals.goal import Goal
    from kpisim.kpi.goals.smart import Finding, Override, Verdict, check
    from kpisim.kpi.goals.targets import TargetHistory, Version, new_target, read_targets, write_targets
    from kpisim.kpi.goals.tree import Gap, GoalTree, goal_tree, served_goals
    from kpisim.kpi.goals.words import cascade_lines, goal_lines, smart_lines, target_lines

_HOME = {
    "Cascade": "kpisim.kpi.goals.cascade",
    "Finding": "kpisim.kpi.goals.smart",
    "FoundDate": "kpisim.kpi.goals.dates",
    "Gap": "kpisim.kpi.goals.tree",
    "Goal": "kpisim.kpi.goals.goal",
    "GoalTree": "kpisim.kpi.goals.tree",
    "Override": "kpisim.kpi.goals.smart",
    "Part": "kpisim.kpi.goals.cascade",
    "TargetHistory": "kpisim.kpi.goals.targets",
    "Verdict": "kpisim.kpi.goals.smart",
    "Version": "kpisim.kpi.goals.targets",
    "break_down": "kpisim.kpi.goals.cascade",
    "cascade_lines": "kpisim.kpi.goals.words",
    "check": "kpisim.kpi.goals.smart",
    "deadline": "kpisim.kpi.goals.dates",
    "find_dates": "kpisim.kpi.goals.dates",
    "gaps": "kpisim.kpi.goals.cascade",
    "goal_lines": "kpisim.kpi.goals.words",
    "goal_tree": "kpisim.kpi.goals.tree",
    "new_target": "kpisim.kpi.goals.targets",
    "read_goals": "kpisim.kpi.goals.files",
    "read_targets": "kpisim.kpi.goals.targets",
    "served_goals": "kpisim.kpi.goals.tree",
    "smart_lines": "kpisim.kpi.goals.words",
    "target_lines": "kpisim.kpi.goals.words",
    "write_targets": "kpisim.kpi.goals.targets",
}

__all__ = [
    "Cascade",
    "Finding",
    "FoundDate",
    "Gap",
    "Goal",
    "GoalTree",
    "Override",
    "Part",
    "TargetHistory",
    "Verdict",
    "Version",
    "break_down",
    "cascade_lines",
    "check",
    "deadline",
    "find_dates",
    "gaps",
    "goal_lines",
    "goal_tree",
    "new_target",
    "read_goals",
    "read_targets",
    "served_goals",
    "smart_lines",
    "target_lines",
    "write_targets",
]


def __getattr__(name: str) -> Any:
    """Import a name from its file when it is first asked for: the command line must start fast (PEP 562)."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    message = f"module 'kpisim.kpi.goals' has no attribute {name!r}"
    raise AttributeError(message)
