"""A firm's own tables turned into a scenario: what was fitted, how sure that is, and what stayed a guess."""

from kpisim.crm.calibrate.draft import Calibration, Estimate
from kpisim.crm.calibrate.fit import calibrate
from kpisim.crm.calibrate.score import scores, split
from kpisim.crm.calibrate.shapes import Shape, fit_shape

__all__ = ["Calibration", "Estimate", "Shape", "calibrate", "fit_shape", "scores", "split"]
