"""A firm's own data: an export, a mapping file, and the same tables that a run leaves."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpisim.crm.load import apply, detect, load_export
    from kpisim.crm.mapping import Mapping, load_mapping, mappings

_HOME = {
    "Mapping": "kpisim.crm.mapping",
    "apply": "kpisim.crm.load",
    "detect": "kpisim.crm.load",
    "load_export": "kpisim.crm.load",
    "load_mapping": "kpisim.crm.mapping",
    "mappings": "kpisim.crm.mapping",
}

__all__ = ["Mapping", "apply", "detect", "load_export", "load_mapping", "mappings"]


def __getattr__(name: str) -> Any:
    """Import a name from its file when it is first asked for (PEP 562)."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    message = f"module 'kpisim.crm' has no attribute {name!r}"
    raise AttributeError(message)
