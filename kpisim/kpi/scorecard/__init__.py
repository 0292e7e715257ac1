"""From values to a scorecard: normalise, weigh, light, roll up, warn.  Score, progress and pay stay three things."""

from kpisim.kpi.scorecard.balance import warnings
from kpisim.kpi.scorecard.declared import Line, Scorecard, read_scorecard, scorecard_of
from kpisim.kpi.scorecard.score import LineScore, Scored, score_values

__all__ = [
    "Line",
    "LineScore",
    "Scorecard",
    "Scored",
    "read_scorecard",
    "score_values",
    "scorecard_of",
    "warnings",
]
