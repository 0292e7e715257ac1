"""Cases as lines for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kpisim.text import t
from kpisim.text.cells import pad

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kpisim.evidence.case import Case

_WIDTHS = (23, 10, 70, 11, 24, 11, 16)


def head_line() -> str:
    """Return the line of column names."""
    names = (
        t("case"),
        t("class"),
        t("figure"),
        t("simulated"),
        t("95 % interval"),
        t("reference"),
        t("band"),
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
        f"{row.band[0]:.3g} … {row.band[1]:.3g}",
        t(row.verdict),
    )
    return "  ".join(pad(cell, size) for cell, size in zip(cells, (*_WIDTHS, 0), strict=True)).rstrip()


class Tally:
    """How many figures and cases of each class come out."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, list[bool]]] = {}

    def add(self, case: Case, verdict: str) -> None:
        """Count one figure."""
        self._rows.setdefault(case.rule, {}).setdefault(case.name, []).append(verdict == "pass")

    def missed(self, case: Case) -> bool:
        """Whether a figure of `case` did not come out."""
        return not all(self._rows.get(case.rule, {}).get(case.name, [True]))

    def lines(self) -> Iterator[str]:
        """Yield a line for each class."""
        for rule, found in self._rows.items():
            figures = [good for rows in found.values() for good in rows]
            yield t(
                "{rule}: {whole} of {cases} cases come out in every figure, {part} in some; {good} of {figures} figures",
                rule=t(rule),
                whole=sum(all(rows) for rows in found.values()),
                part=sum(any(rows) and not all(rows) for rows in found.values()),
                cases=len(found),
                good=sum(figures),
                figures=len(figures),
            )
