"""What a period will come to: open days, methods, their past errors, the forecast and its words."""

from kpisim.kpi.tracking.forecast.backtest import PERIOD, Score, score, wape_before
from kpisim.kpi.tracking.forecast.methods import DEFAULT, METHODS
from kpisim.kpi.tracking.forecast.open_days import OpenDays, add_up, countable, newest_row, open_days
from kpisim.kpi.tracking.forecast.period import Forecast, forecast, last_day
from kpisim.kpi.tracking.forecast.words import forecast_lines, score_lines

__all__ = [
    "DEFAULT",
    "METHODS",
    "PERIOD",
    "Forecast",
    "OpenDays",
    "Score",
    "add_up",
    "countable",
    "forecast",
    "forecast_lines",
    "last_day",
    "newest_row",
    "open_days",
    "score",
    "score_lines",
    "wape_before",
]
