"""What the rows of a sheet come to: hours that barriers cost by department, hours that a stopped drain gives back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from kpisim.text import Text
from kpisim.text.numbers import percent

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
    if sheet.name == "behaviour_week":
        return _behaviours(rows)
    return _drains(rows) if sheet.name == "time_audit" else []


def culture_score(rows: Rows) -> float | None:
    """Return the culture score of counted behaviours: times seen ÷ times wanted, over the weeks counted.

    More than is wanted of one behaviour, or in one week, makes up for no other.  None where nothing was counted.

    Parameters
    ----------
    rows
        Rows of the sheet ``behaviour_week``.
    """
    counted = [(row["wanted"], seen) for row in rows if row.get("wanted") for seen in _weeks(row)]
    wanted = sum(times for times, _ in counted)
    return sum(min(seen, times) for times, seen in counted) / wanted if wanted else None


def streak(row: Mapping[str, Any]) -> int:
    """Return how many of the weeks counted last, without a gap, reached what is wanted."""
    weeks = 0
    for seen in reversed(_weeks(row)):
        if seen < row["wanted"]:
            break
        weeks += 1
    return weeks


def _weeks(row: Mapping[str, Any]) -> list[float]:
    names = ("week_1", "week_2", "week_3", "week_4")
    return [float(row[name]) for name in names if row.get(name) is not None]


def _behaviours(rows: Rows) -> list[Text]:
    score = culture_score(rows)
    if score is None:
        return []
    lines = [_streak_line(row) for row in rows if row.get("wanted") and _weeks(row)]
    return [
        *lines,
        Text(
            "Culture score of your scorecard: {share} of what was wanted was seen",
            "计分卡的文化评分：应有的次数，看到了{share}",
            share=percent(score, 0),
        ),
    ]


def _streak_line(row: Mapping[str, Any]) -> Text:
    behaviour, weeks = str(row.get("behaviour") or "–")[:40], streak(row)
    if not weeks:
        return Text(
            "{behaviour}: in the last week counted less often than wanted",
            "{behaviour}：最近记的一周没达到应有次数",
            behaviour=behaviour,
        )
    return Text(
        "{behaviour}: {weeks} weeks in a row as often as wanted",
        "{behaviour}：连续{weeks}周达到应有次数",
        behaviour=behaviour,
        weeks=weeks,
    )


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


__all__ = ["culture_score", "streak", "sums"]
