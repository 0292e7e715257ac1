"""The map from kinds of tasks to the KPIs they serve."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpisim.kpi.goals.files import fields_of, read_entries
from kpisim.kpi.registry import kpi_with
from kpisim.text import Text, UserError

if TYPE_CHECKING:
    from kpisim.kpi.scorecard import Scorecard

FILE = Path(__file__).with_name("task_kpis.yaml")
_FIELDS = ("kind", "kpis", "title", "away")


@dataclass(frozen=True, slots=True)
class Serves:
    """What a kind of task is for.

    Attributes
    ----------
    kind
        As it stands in the task table.
    kpis
        KPIs it serves; empty for work that no KPI counts.
    title
        What people call it.
    away
        Time off: it takes hours away and is no load.
    """

    kind: str
    kpis: tuple[str, ...]
    title: Text
    away: bool = False

    def weight(self, weights: dict[str, float]) -> float:
        """Return the weight of the KPIs it serves."""
        return sum(weights.get(name, 0.0) for name in self.kpis)


def read_serves(path: str | Path = FILE) -> dict[str, Serves]:
    """Return the map of a YAML file by kind.

    Raises
    ------
    UserError
        A file that cannot be read, an unknown field or KPI, a kind that is missing or stands twice.
    """
    found: dict[str, Serves] = {}
    for place, item in read_entries(path):
        made = _serves(item, place)
        if made.kind in found:
            raise UserError("{path}: {name} stands twice; keep one", path=Path(path).name, name=made.kind)
        found[made.kind] = made
    return found


def _serves(item: Any, place: str) -> Serves:
    item = fields_of(item, place, _FIELDS, ("kind",))
    kind = str(item["kind"]).strip()
    kpis, away = item.get("kpis") or [], item.get("away", False)
    if not isinstance(kpis, str | list):
        raise UserError("{where}: {name} is no list; write {name}: []", where=place, name="kpis")
    if not isinstance(away, bool):
        raise UserError(
            "{path}: {value} is not {wanted}; give {wanted}",
            path=f"{place}: away",
            value=away,
            wanted=Text("true or false"),
        )
    names = tuple(
        kpi_with(str(name), 0.0, lambda _: place).name for name in ([kpis] if isinstance(kpis, str) else kpis)
    )
    title = item.get("title")
    words = (
        Text(str(title.get("en", kind)), str(title.get("zh", kind)))
        if isinstance(title, dict)
        else Text(str(title or kind), str(title or kind))
    )
    return Serves(kind, names, words, away)


def weights_of(scorecard: Scorecard | None, serves: dict[str, Serves]) -> dict[str, float]:
    """Return the weight of each KPI as a share; without a scorecard all KPIs that a task serves weigh alike."""
    if scorecard is None:
        names = {name for one in serves.values() for name in one.kpis}
        return dict.fromkeys(sorted(names), 1 / len(names)) if names else {}
    whole = sum(line.weight for line in scorecard.lines)
    made: dict[str, float] = {}
    for line in scorecard.lines:
        made[line.kpi] = made.get(line.kpi, 0.0) + line.weight / whole
    return made


__all__ = ["FILE", "Serves", "read_serves", "weights_of"]
