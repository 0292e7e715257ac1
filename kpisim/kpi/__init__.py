"""What it means: a KPI is a declaration plus one function on Tables."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpisim.kpi.measure import Group, measure, measure_values, median_days, why
    from kpisim.kpi.registry import Kpi, kpi, kpis
    from kpisim.kpi.value import Value

_HOME = {
    "Group": "kpisim.kpi.measure",
    "Kpi": "kpisim.kpi.registry",
    "Value": "kpisim.kpi.value",
    "kpi": "kpisim.kpi.registry",
    "kpis": "kpisim.kpi.registry",
    "measure": "kpisim.kpi.measure",
    "measure_values": "kpisim.kpi.measure",
    "median_days": "kpisim.kpi.measure",
    "why": "kpisim.kpi.measure",
}

__all__ = ["Group", "Kpi", "Value", "kpi", "kpis", "measure", "measure_values", "median_days", "why"]


def __getattr__(name: str) -> Any:
    """Import a name from its file when it is first asked for: the command line must start fast (PEP 562)."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    message = f"module 'kpisim.kpi' has no attribute {name!r}"
    raise AttributeError(message)
