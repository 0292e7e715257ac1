"""What participants fill in: sheets declared as data, their fields, and the checks that say what is missing."""

from kpisim.sheets.check import Remark, check, tidy
from kpisim.sheets.declared import Field, Sheet

__all__ = ["Field", "Remark", "Sheet", "check", "tidy"]
