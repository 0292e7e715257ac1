"""English months by their first three letters: `calendar.month_abbr` follows the machine's locale, a file does not."""

from __future__ import annotations

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

__all__ = ["MONTHS"]
