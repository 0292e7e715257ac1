"""The day on paper, for a room in which no laptop works: sheets to fill by hand, role cards, the trainer's part."""

from __future__ import annotations

from kpisim.report.paper.write import write_kit

__all__ = ["write_kit"]
