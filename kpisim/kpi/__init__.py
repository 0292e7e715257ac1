"""What it means: a KPI is a declaration plus one function on Tables."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpisim.kpi.measures import By, measure, measure_values, quantiles, why
    from kpisim.kpi.registry import Kpi, kpi, kpis
    from kpisim.kpi.value import Value

_HOME = {
    "By": "kpisim.kpi.measures",
    "Kpi": "kpisim.kpi.registry",
    "Value": "kpisim.kpi.value",
    "kpi": "kpisim.kpi.registry",
    "kpis": "kpisim.kpi.registry",
    "measure": "kpisim.kpi.measures",
    "measure_values": "kpisim.kpi.measures",
    "quantiles": "kpisim.kpi.measures",
    "why": "kpisim.kpi.measures",
}

__all__ = ["By", "Kpi", "Value", "kpi", "kpis", "measure", "measure_values", "quantiles", "why"]


def __getattr__(name: str) -> Any:
    """Import a name from its file when it is first asked for: the command line must start fast (PEP 562)."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    message = f"module 'kpisim.kpi' has no attribute {name!r}"
    raise AttributeError(message)
