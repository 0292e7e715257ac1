"""What happened: typed tidy tables, from a run or from a firm's own export alike."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from kpisim.tables.schema import TABLES, Column, Table
from kpisim.tables.tables import Meta, Tables

if TYPE_CHECKING:
    from kpisim.tables.io import read, write
    from kpisim.tables.validate import check_references, conform

_HOME = {
    "check_references": "kpisim.tables.validate",
    "conform": "kpisim.tables.validate",
    "read": "kpisim.tables.io",
    "write": "kpisim.tables.io",
}

__all__ = ["TABLES", "Column", "Meta", "Table", "Tables", "check_references", "conform", "read", "write"]


def __getattr__(name: str) -> Any:
    """Import what needs pandas when it is first asked for (PEP 562)."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    message = f"module 'kpisim.tables' has no attribute {name!r}"
    raise AttributeError(message)
