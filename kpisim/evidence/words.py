"""Cases as lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpisim.text import t
from kpisim.text.cells import pad

if TYPE_CHECKING:
    from kpisim.evidence.case import Case

_WIDTHS = (23, 10, 58, 11, 24, 11)


def head_line() -> str:
    """Return the line of column names."""
    names = (
        t("case"),
        t("class"),
        t("figure"),
        t("simulated"),
        t("95 % interval"),
        t("reference"),
        t("verdict"),
    )
    return "  ".join(pad(name, size) for name, size in zip(names, (*_WIDTHS, 0), strict=True)).rstrip()


def figure_line(case: Case, row: Any) -> str:
    """Return one figure of a case as a line."""
    cells = (
        case.name,
        t(case.rule),
        row.metric,
        f"{row.simulated:.4g}",
        f"{row.low:.4g} … {row.high:.4g}",
        f"{row.reference:.4g}",
        t(row.verdict),
    )
    return "  ".join(pad(cell, size) for cell, size in zip(cells, (*_WIDTHS, 0), strict=True)).rstrip()
