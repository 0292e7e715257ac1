"""How sure we are: replications with intervals, paired comparison, sweeps."""

from kpisim.experiment.experiment import Comparison, compare, run, sweep, verdict
from kpisim.experiment.result import Result

__all__ = ["Comparison", "Result", "compare", "run", "sweep", "verdict"]
