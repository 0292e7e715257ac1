"""How sure we are: replications with intervals, paired comparison, sweeps, and which guess moves what."""

from kpisim.experiment.experiment import Comparison, compare, run, sweep, verdict
from kpisim.experiment.result import Result
from kpisim.experiment.screening import Sensitivity, sensitivity

__all__ = ["Comparison", "Result", "Sensitivity", "compare", "run", "sensitivity", "sweep", "verdict"]
