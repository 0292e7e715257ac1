"""What is played: frozen declarations with default, unit, range, meaning and source."""

from kpisim.scenario.calendar import Calendar
from kpisim.scenario.communication import Communication, Department
from kpisim.scenario.culture import Culture
from kpisim.scenario.incentive import Bonus, Incentive, Matrix, Tier
from kpisim.scenario.kpi_scheme import KpiScheme, Target
from kpisim.scenario.library import library, load, save
from kpisim.scenario.market import Market, Stage
from kpisim.scenario.mechanisms import ALL_OFF, Mechanisms
from kpisim.scenario.pressure import Pressure
from kpisim.scenario.reviews import Reviews
from kpisim.scenario.scenario import Change, Scenario, paths
from kpisim.scenario.team import Team
from kpisim.scenario.workload import TimeBox, Workload

__all__ = [
    "ALL_OFF",
    "Bonus",
    "Calendar",
    "Change",
    "Communication",
    "Culture",
    "Department",
    "Incentive",
    "KpiScheme",
    "Market",
    "Matrix",
    "Mechanisms",
    "Pressure",
    "Reviews",
    "Scenario",
    "Stage",
    "Target",
    "Team",
    "Tier",
    "TimeBox",
    "Workload",
    "library",
    "load",
    "paths",
    "save",
]
