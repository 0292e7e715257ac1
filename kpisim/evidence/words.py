"""Cases as lines for a terminal."""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING, Any

from kpisim.evidence.case import CALIBRATED, REFUTED, SHOWN
from kpisim.evidence.published import NOT_REPRODUCED
from kpisim.text import t
from kpisim.text.cells import pad

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kpisim.evidence.case import Case

GOOD = frozenset({"pass", REFUTED, CALIBRATED, SHOWN})
"""Verdicts that are as they should be; a myth should be refuted."""
_WIDTHS = (23, 10, 70, 11, 24, 11, 16)


def head_line() -> str:
    """Return the line of column names."""
    names = (
        t("case"),
        t("class"),
        t("figure"),
        t("simulated"),
        t("95% interval"),
        t("reference"),
        t("band"),
        t("verdict"),
    )
    return "  ".join(pad(name, size) for name, size in zip(names, (*_WIDTHS, 0), strict=True)).rstrip()


def figure_line(case: Case, row: Any) -> str:
    """Return one figure of a case as a line."""
    cells = (
        case.name,
        t(row.claim),
        row.metric,
        f"{row.simulated:.4g}",
        f"{row.low:.4g} … {row.high:.4g}",
        f"{row.reference:.4g}",
        band_text(row.band),
        verdict_text(row),
    )
    return "  ".join(pad(cell, size) for cell, size in zip(cells, (*_WIDTHS, 0), strict=True)).rstrip()


def band_text(band: tuple[float, float]) -> str:
    """Return an accepted range as text; one that is open to a side has one bound."""
    low, high = band
    if isinf(low) and isinf(high):
        return "-"
    if isinf(low):
        return f"≤ {high:.3g}"
    return f"≥ {low:.3g}" if isinf(high) else f"{low:.3g} … {high:.3g}"


def at_edge(row: Any) -> bool:
    """Whether other luck may judge a figure otherwise: its interval reaches over an edge of the band.

    Where only a sign is claimed, such a figure is ``too noisy`` already; the band of a theorem is three standard errors wide
    and says how long the run must be.
    """
    return (
        row.claim != "exact"
        and row.verdict in {"pass", NOT_REPRODUCED}
        and any(row.low < edge < row.high for edge in row.band)
    )


def verdict_text(row: Any) -> str:
    """Return the verdict on a figure, and whether it hangs on luck."""
    return t("{verdict}, at the edge", verdict=t(row.verdict)) if at_edge(row) else t(row.verdict)


class Tally:
    """How many figures and cases of each class come out."""

    def __init__(self) -> None:
        self._verdicts: dict[str, dict[str, list[str]]] = {}
        self._missed: set[str] = set()
        self._explained: set[str] = set()
        self._put_in = 0
        self._at_edge = [0, 0]

    def add(self, case: Case, row: Any) -> None:
        """Count one figure; one that was put in by hand shows nothing."""
        self._at_edge[row.verdict in GOOD] += at_edge(row)
        if row.claim == "calibrated":
            self._put_in += 1
        else:
            self._verdicts.setdefault(case.rule, {}).setdefault(case.name, []).append(row.verdict)
        if row.verdict not in GOOD:
            self._missed.add(case.name)
            if case.explanation is not None:
                self._explained.add(case.name)

    def missed(self, case: Case) -> bool:
        """Whether a figure of `case` did not come out."""
        return case.name in self._missed

    def lines(self) -> Iterator[str]:
        """Yield a line for each class, then one on what does not come out and one on what was put in."""
        for rule, found in self._verdicts.items():
            figures = [verdict in GOOD for verdicts in found.values() for verdict in verdicts]
            whole = sum(all(verdict in GOOD for verdict in verdicts) for verdicts in found.values())
            part = sum(any(verdict in GOOD for verdict in verdicts) for verdicts in found.values()) - whole
            yield t(
                "{rule}: {whole} of {cases} cases come out in every figure, {part} in some; {good} of {figures} figures",
                rule=t(rule),
                whole=whole,
                part=part,
                cases=len(found),
                good=sum(figures),
                figures=len(figures),
            )
        yield t(
            "cases with a figure that does not come out: {missed}, explained: {explained}; figures put in by hand: {put_in}",
            missed=len(self._missed),
            explained=len(self._explained),
            put_in=self._put_in,
        )
        outside, inside = self._at_edge
        yield t(
            "at the edge, where another seed may judge otherwise: {inside} figures that come out, {outside} that do not",
            inside=inside,
            outside=outside,
        )
