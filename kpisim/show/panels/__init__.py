"""Panels of the day: ipywidgets put together from plain, tested cores.  ``page("culture")`` shows a module."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kpisim.show.panels.practice import exercise
    from kpisim.show.panels.screen import page, step
    from kpisim.show.panels.trainer import console
    from kpisim.show.panels.wiping import wipe

_HOME = {
    "console": "kpisim.show.panels.trainer",
    "exercise": "kpisim.show.panels.practice",
    "page": "kpisim.show.panels.screen",
    "step": "kpisim.show.panels.screen",
    "wipe": "kpisim.show.panels.wiping",
}

__all__ = ["console", "exercise", "page", "step", "wipe"]


def __getattr__(name: str) -> Any:
    """Import a name from its file when it is first asked for (PEP 562)."""
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    message = f"module 'kpisim.show.panels' has no attribute {name!r}"
    raise AttributeError(message)
