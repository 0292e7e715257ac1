"""One's own scorecard as KPI quadrants: where each KPI stands against its target, and how much it weighs."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from kpisim.kpi.library import card
from kpisim.kpi.registry import kpi
from kpisim.kpi.scorecard.declared import Line
from kpisim.kpi.scorecard.score import reached
from kpisim.kpi.scoring import rag, reshare
from kpisim.sheets.sums import culture_score
from kpisim.show.kpi_quadrants import Point, kpi_quadrants
from kpisim.show.panels.form import WIDE
from kpisim.show.theme import NARROW
from kpisim.text import t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kpisim.show.panels.desk import Desk

SHEET, COUNTED = "scorecard", "behaviour_week"


class KpiQuadrantPanel:
    """The chart below the scorecard; it follows what is saved there."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.box = w.HTML(layout=WIDE)
        self.box.add_class("kpisim-kpi-quadrants")
        desk.panels.append(self)
        desk.follow([SHEET, COUNTED], self.draw)
        self.draw()

    def draw(self) -> None:
        """Draw the saved scorecard in the current language; a hint where nobody has said yet where a KPI stands."""
        with self.desk.words():
            filled = self.desk.filled([SHEET, COUNTED])
            points = sheet_points(filled.get(SHEET, []), culture_score(filled.get(COUNTED, [])))
            head = f"<h3>{escape(t('KPI quadrants: attainment × weight'))}</h3>"
            if any(one.attained is not None for one in points):
                self.box.value = head + kpi_quadrants(points, width=NARROW).html()
                return
            hint = t("Say in your scorecard where a KPI stands now and save: it appears here.")
            self.box.value = f"{head}<p>{escape(hint)}</p>"


def sheet_points(rows: Sequence[Mapping[str, Any]], culture: float | None = None) -> list[Point]:
    """Return the rows of the scorecard sheet as points; without a target or a weight a row is none.

    Parameters
    ----------
    rows
        Rows of the sheet ``scorecard``.
    culture
        Culture score of the counted behaviours, for a row that says nothing else about where it stands.
    """
    rows = [{**row, "now": culture} if _open(row, "culture") else row for row in rows]
    whole = [row for row in rows if row.get("kpi") and row.get("target") is not None and row.get("weight")]
    shares = reshare([float(row["weight"]) for row in whole], [True] * len(whole))
    return [_point(row, share) for row, share in zip(whole, shares, strict=True)]


def _open(row: Mapping[str, Any], name: str) -> bool:
    return row.get("kpi") == name and row.get("now") is None


def _point(row: Mapping[str, Any], share: float) -> Point:
    name, now = str(row["kpi"]), row.get("now")
    attained = (
        None if now is None else reached(Line(kpi=name, target=float(row["target"])), card(name), float(now))
    )
    light = "none" if attained is None else rag(round(attained, 12))
    assert light is not None, "attainment is known"
    return Point(str(kpi(name).title), share, attained, light)


__all__ = ["KpiQuadrantPanel", "sheet_points"]
