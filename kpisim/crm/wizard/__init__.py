"""The mapping wizard: what the columns of an unknown export may be, asked where it is open, written as a mapping."""

from __future__ import annotations

from kpisim.crm.wizard.draft import Draft, open_export
from kpisim.crm.wizard.words import NOT_USED, roles

__all__ = ["NOT_USED", "Draft", "open_export", "roles"]
