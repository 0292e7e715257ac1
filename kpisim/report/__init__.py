"""Papermill runs turned into one self-contained HTML file, and a workbook beside it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpisim.report.batch import build_batch
    from kpisim.report.build import build_report
    from kpisim.report.parameters import ReportParameters

_HOME = {
    "ReportParameters": "kpisim.report.parameters",
    "build_batch": "kpisim.report.batch",
    "build_report": "kpisim.report.build",
}

__all__ = ["ReportParameters", "build_batch", "build_report"]


def __getattr__(name: str) -> Any:
    """Import a name when it is first asked for: papermill and nbconvert take a second (PEP 562)."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    message = f"module 'kpisim.report' has no attribute {name!r}"
    raise AttributeError(message)
