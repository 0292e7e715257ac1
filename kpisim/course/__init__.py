"""The day as data: what is taught when, in zh and en side by side."""

from kpisim.course.read import lesson, lessons, sheet, sheets

__all__ = ["lesson", "lessons", "sheet", "sheets"]
