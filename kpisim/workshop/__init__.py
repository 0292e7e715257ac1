"""``kpisim workshop``: make or resume a session folder, and open the day in JupyterLab or as plain pages."""

from __future__ import annotations

from kpisim.workshop.folder import SESSION, notebooks_path, prepare
from kpisim.workshop.lab import command, environment, workshop

__all__ = ["SESSION", "command", "environment", "notebooks_path", "prepare", "workshop"]
