"""Figures: data in, a picture with its finding and its alt text out.  Knows no files and no notebooks."""

from kpisim.show.compare import differences
from kpisim.show.kpis import kpi_intervals
from kpisim.show.money import pay_cost, pay_curve
from kpisim.show.numbers import amount, change, interval
from kpisim.show.picture import Picture
from kpisim.show.records import conversion, repurchase, revenue
from kpisim.show.team import attainment, pipeline, workload
from kpisim.show.theme import Medium, theme
from kpisim.text.numbers import percent

__all__ = [
    "Medium",
    "Picture",
    "amount",
    "attainment",
    "change",
    "conversion",
    "differences",
    "interval",
    "kpi_intervals",
    "pay_cost",
    "pay_curve",
    "percent",
    "pipeline",
    "repurchase",
    "revenue",
    "theme",
    "workload",
]
