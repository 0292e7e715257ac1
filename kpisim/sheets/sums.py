"""What the rows of a sheet come to: hours that barriers cost by department, hours that a stopped drain gives back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from kpisim.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kpisim.sheets.declared import Sheet

    Rows = Sequence[Mapping[str, Any]]


def sums(sheet: Sheet, rows: Rows) -> list[Text]:
    """Return the sums of a sheet, a sentence each; none where there is nothing to add up.

    Parameters
    ----------
    sheet
        Its declaration.
    rows
        Its rows, tidied.
    """
    if sheet.name == "barrier_map":
        return _barriers(sheet, rows)
    return _drains(rows) if sheet.name == "time_audit" else []


def _barriers(sheet: Sheet, rows: Rows) -> list[Text]:
    labels = {choice.value: choice.label.text() for field in sheet.fields for choice in field.choices}
    hours: Counter[str] = Counter()
    for row in rows:
        if row.get("department") and row.get("often") and row.get("hours"):
            hours[str(row["department"])] += row["often"] * row["hours"]
    lines = [
        Text(
            "{department}: {hours} h a month",
            "{department}：每月{hours}小时",
            department=labels[name],
            hours=f"{cost:,.15g}",
        )
        for name, cost in hours.most_common()
    ]
    if len(hours) > 1:
        lines.append(
            Text("Together: {hours} h a month", "合计：每月{hours}小时", hours=f"{hours.total():,.15g}")
        )
    return lines


def _drains(rows: Rows) -> list[Text]:
    whole = [row for row in rows if row.get("before") is not None and row.get("after") is not None]
    if not whole:
        return []
    saved = sum(row["before"] - row["after"] for row in whole)
    stopped = sum(row["before"] - row["after"] for row in whole if row.get("stop"))
    return [
        Text(
            "Hours saved a week: {saved}, of them {stopped} by what you stop yourself",
            "每周省下{saved}小时，其中自己就能停的占{stopped}小时",
            saved=f"{saved:g}",
            stopped=f"{stopped:g}",
        )
    ]


__all__ = ["sums"]
