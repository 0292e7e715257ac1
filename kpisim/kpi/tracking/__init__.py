"""Where targets lead, where a gap comes from, and what follows."""

from kpisim.kpi.tracking.gap import Driver, gap_lines, split_gap, split_target

__all__ = ["Driver", "gap_lines", "split_gap", "split_target"]
