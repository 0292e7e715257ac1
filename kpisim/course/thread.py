"""One thread through the day: what a sheet says goes into the next round of the simulation.

Each function reads open sheets alone (private ones are another type and never come here) and says in one sentence what
it takes over.  How words on a sheet become parameters is our assumption, and the sentence names the parameter's value.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kpisim.text import Text
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Rows = Sequence[Mapping[str, Any]]
    Filled = Mapping[str, Rows]

MOST_SHARE = 0.3
"""Largest culture share of variable pay that a round plays."""
KEPT = {"word": 0.478, "notes": 0.969, "sheet": 0.998}
"""Share of facts that survives a hand-over, by its way; the figures stand beside ``communication.keep_rate``."""
WAYS = {
    "word": Text("by word of mouth", "口头交接"),
    "notes": Text("with notes", "边说边记"),
    "sheet": Text("on a form", "用表单交接"),
}
SCORED = {
    "revenue_booked": 650_000.0,
    "new_customers": 3.0,
    "csat": 0.8,
    "collection_rate": 0.9,
    "conversion_closed": 0.15,
    "workload": 0.9,
}
"""KPIs of the scorecard that the model's KPI scheme knows, with the case's target a rep and quarter."""
BOXES = {
    "customers": ("selling", Text("customers", "客户")),
    "service": ("complaint", Text("complaints and service", "客诉与服务")),
}
"""Kinds of boxes of the week that a rep's day can keep; focus and recovery have no counterpart in the model."""
DAY_BEGINS, DAY_HOURS, WORKDAYS = 9.0, 8.0, 5
ADMIN = 4.0
"""Paperwork tasks a day in round 4 before anybody strikes out anything."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one sheet gives to a round.

    Attributes
    ----------
    name
        Name of the connection.
    sheet
        Sheet it comes from.
    sets
        Path of a parameter -> value.
    says
        What is taken over, as a sentence.
    world
        Whether it describes the team as it is, and so is played on both sides.
    """

    name: str
    sheet: str
    sets: Mapping[str, Any]
    says: Text
    world: bool = False


def taken(names: Sequence[str], filled: Filled) -> list[Taken]:
    """Return what the sheets give to a round.

    Parameters
    ----------
    names
        Connections of the round, see ``rounds.yaml``.
    filled
        Sheet -> its rows; sheets nobody saved are left out.
    """
    return [one for name in names for one in [THREADS[name][1](filled)] if one is not None]


def _pulse(filled: Filled) -> Taken | None:
    row = _first(filled, "culture_pulse")
    marks = [float(value) for value in row.values() if value is not None]
    if not marks:
        return None
    mean = sum(marks) / len(marks)
    # A mark of 1 to 5 as a share, held off the ends where nobody differs any more.
    alignment = round(min(max((mean - 1) / 4, 0.1), 0.95), 2)
    return Taken(
        "pulse",
        "culture_pulse",
        {"culture.alignment": alignment},
        Text(
            "your pulse of {mean} out of 5 is played as an alignment of {alignment} with the team's values",
            "脉搏均分{mean}（满分5分），按价值观认同度{alignment}来推演",
            mean=f"{mean:.1f}",
            alignment=percent(alignment, 0),
        ),
        world=True,
    )


def _culture_share(filled: Filled) -> Taken | None:
    shares = [float(row["share"]) for row in filled.get("culture_action_plan", ()) if row.get("share")]
    if not shares:
        return None
    share = round(min(sum(shares) / 100, MOST_SHARE), 3)
    return Taken(
        "culture_share",
        "culture_action_plan",
        {"incentive.culture_share": share},
        Text(
            "{share} of variable pay hangs on culture",
            "浮动薪酬的{share}与文化挂钩",
            share=percent(share, 0 if share == round(share, 2) else 1),
        ),
    )


def _agreement(filled: Filled) -> Taken | None:
    row = next((row for row in filled.get("collab_agreement", ()) if row.get("handover") in KEPT), None)
    if row is None:
        return None
    way, back = str(row["handover"]), bool(row.get("read_back"))
    return Taken(
        "agreement",
        "collab_agreement",
        {"communication.keep_rate": KEPT[way], "communication.read_back": back},
        Text(
            "requests are handed over {way}{back}",
            "需求{way}{back}",
            way=WAYS[way],
            back=Text(" and read back", "，并复述确认") if back else "",
        ),
    )


def _scorecard(filled: Filled) -> Taken | None:
    weights: Counter[str] = Counter()
    for row in filled.get("scorecard", ()):
        if row.get("kpi") in SCORED and row.get("weight"):
            weights[str(row["kpi"])] += row["weight"]
    total = sum(weights.values())
    if not total:
        return None
    left = sorted({str(row["kpi"]) for row in filled["scorecard"] if row.get("kpi")} - set(SCORED))
    targets = [
        {
            "name": name,
            "kpi": name,
            "level": "team" if name == "csat" else "person",
            "period": "quarter",
            "target": SCORED[name],
            "weight": round(weight / total, 4),
        }
        for name, weight in weights.items()
    ]
    return Taken(
        "scorecard",
        "scorecard",
        {"kpi.targets": targets},
        Text(
            "the weights {weights}; targets are the case's{left}",
            "权重为{weights}；目标值用案例的{left}",
            weights=_Listed(weights, total),
            left=Text("; not scored in the model: {names}", "；模型里不计分的：{names}", names=_Titles(left))
            if left
            else "",
        ),
    )


def _week_plan(filled: Filled) -> Taken | None:
    rows = [row for row in filled.get("week_plan", ()) if row.get("quadrant")]
    if not rows:
        return None
    kinds = Counter(str(row["quadrant"]) for row in rows)
    away = kinds["delegate"] + kinds["drop"]
    admin = max(round(ADMIN * (1 - away / len(rows))), 1)
    important = kinds["plan"] >= 1 and kinds["do"] <= 3
    first = "important_first" if important else "urgent_first"
    return Taken(
        "week_plan",
        "week_plan",
        {"workload.policy": first, "workload.admin_per_day": admin},
        Text(
            "{first}; {away} of {count} tasks are handed over or struck out: {admin} paperwork tasks a day",
            "{first}；{count}件事里{away}件交出去或划掉，行政任务每天{admin}件",
            first=Text("important work goes first", "先办要事")
            if important
            else Text("urgent work goes first", "先办急事"),
            away=away,
            count=len(rows),
            admin=admin,
        ),
    )


def _time_boxes(filled: Filled) -> Taken | None:
    boxes: list[dict[str, Any]] = []
    said: list[Any] = []
    ends = 0.0
    kinds = sorted(BOXES, key=lambda kind: _starts(filled, kind))
    for kind in kinds:
        hours = sum(_hours(row) for row in filled.get("timebox_week", ()) if row.get("kind") == kind)
        daily = round(hours / WORKDAYS * 4) / 4
        start = max(_starts(filled, kind), ends)
        daily = min(daily, DAY_HOURS - start)
        if daily <= 0:
            continue
        work, name = BOXES[kind]
        boxes.append({"kind": work, "start_hour": start, "hours": daily})
        said.append(Text("{hours} h for {kind}", "{hours}小时给{kind}", hours=f"{daily:g}", kind=name))
        ends = start + daily
    if not boxes:
        return None
    return Taken(
        "time_boxes",
        "timebox_week",
        {"workload.time_boxes": boxes},
        Text("each rep keeps {boxes} every day", "每名销售代表每天留出{boxes}", boxes=_Joined(said)),
    )


def _starts(filled: Filled, kind: str) -> float:
    """Return when the earliest box of a kind begins, in hours after the day does."""
    starts = [
        float(row["start"])
        for row in filled.get("timebox_week", ())
        if row.get("kind") == kind and row.get("start") is not None
    ]
    return min(max(min(starts) - DAY_BEGINS, 0.0), DAY_HOURS) if starts else DAY_HOURS


def _hours(row: Mapping[str, Any]) -> float:
    return float(row.get("hours") or 0.0)


def _first(filled: Filled, sheet: str) -> Mapping[str, Any]:
    rows = filled.get(sheet) or ({},)
    return rows[0]


class _Joined:
    """Texts with the comma of the language they are shown in."""

    def __init__(self, texts: Sequence[Any]) -> None:
        self.texts = texts

    def __str__(self) -> str:
        return str(Text(", ", "、")).join(str(one) for one in self.texts)


class _Titles(_Joined):
    """KPIs by the title on their card."""

    def __str__(self) -> str:
        from kpisim.kpi.registry import kpis  # noqa: PLC0415

        known = kpis()
        return str(_Joined([known[name].title if name in known else name for name in self.texts]))


class _Listed:
    """KPIs with their share of the weight."""

    def __init__(self, weights: Mapping[str, float], total: float) -> None:
        self.weights, self.total = dict(weights), total

    def __str__(self) -> str:
        return str(
            _Joined(
                [
                    f"{_Titles([name])} {percent(value / self.total, 0)}"
                    for name, value in self.weights.items()
                ]
            )
        )


THREADS: dict[str, tuple[str, Callable[[Filled], Taken | None]]] = {
    "pulse": ("culture_pulse", _pulse),
    "culture_share": ("culture_action_plan", _culture_share),
    "agreement": ("collab_agreement", _agreement),
    "scorecard": ("scorecard", _scorecard),
    "week_plan": ("week_plan", _week_plan),
    "time_boxes": ("timebox_week", _time_boxes),
}
"""Connection -> the sheet it reads, and what it makes of it."""

__all__ = ["KEPT", "SCORED", "THREADS", "Taken", "taken"]
