"""Work and time: which KPI a task serves, hours against hours there are, what comes first."""

from kpisim.kpi.work.hours import Load, Move, load
from kpisim.kpi.work.priority import Ranked, ranked
from kpisim.kpi.work.serves import Serves, read_serves
from kpisim.kpi.work.words import load_lines

__all__ = ["Load", "Move", "Ranked", "Serves", "load", "load_lines", "ranked", "read_serves"]
