"""kpisim: a sales team that plays by its KPI scheme, its pay plan and its workload.

The straight way is ``load`` a scenario, ``derive`` a variant, ``run`` or ``compare``, read KPIs.
Names are imported on first use, so that ``import kpisim`` stays as cheap as the command line needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpisim.experiment import Comparison, Result, Sensitivity, compare, run, sensitivity, sweep
    from kpisim.scenario import Scenario, library, load, save
    from kpisim.text import UserError, language, t

__version__ = "0.1.0"

_HOME = {
    "Comparison": "kpisim.experiment",
    "Result": "kpisim.experiment",
    "Scenario": "kpisim.scenario",
    "Sensitivity": "kpisim.experiment",
    "UserError": "kpisim.text",
    "compare": "kpisim.experiment",
    "language": "kpisim.text",
    "library": "kpisim.scenario",
    "load": "kpisim.scenario",
    "run": "kpisim.experiment",
    "save": "kpisim.scenario",
    "sensitivity": "kpisim.experiment",
    "sweep": "kpisim.experiment",
    "t": "kpisim.text",
}

_ROOMS = frozenset({"crm", "evidence", "experiment", "kpi", "report", "scenario", "tables"})
"""Rooms that can be reached without an import of their own."""

__all__ = [
    "Comparison",
    "Result",
    "Scenario",
    "Sensitivity",
    "UserError",
    "__version__",
    "compare",
    "language",
    "library",
    "load",
    "run",
    "save",
    "sensitivity",
    "sweep",
    "t",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its room when it is first asked for (PEP 562)."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    if name in _ROOMS:
        return import_module(f"kpisim.{name}")
    message = f"module 'kpisim' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """Name what can be asked for, also before it is: notebooks complete names from here."""
    return sorted({*globals(), *__all__, *_ROOMS})
