"""Where a gap comes from, and what follows."""

from kpisim.kpi.tracking.gap import Driver, gap_lines, split_gap

__all__ = ["Driver", "gap_lines", "split_gap"]
