"""What the rows of a sheet come to: a goal tree against its year, hours that barriers cost, hours a stopped drain gives back."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from kpisim.text import Text
from kpisim.text.numbers import percent, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kpisim.sheets.declared import Sheet

    Rows = Sequence[Mapping[str, Any]]

LONGEST = 40
"""Most signs that a sentence quotes of what somebody typed."""
WEEKS = 52
NEAR = 0.02
"""A week that comes within this share of the year adds up to it: nobody plans a week to the last thousand."""


def sums(sheet: Sheet, rows: Rows) -> list[Text]:
    """Return the sums of a sheet, a sentence each; none where there is nothing to add up.

    Parameters
    ----------
    sheet
        Its declaration.
    rows
        Its rows, tidied.
    """
    if sheet.name == "goal_tree":
        return _tree(rows)
    if sheet.name == "barrier_map":
        return _barriers(sheet, rows)
    if sheet.name == "behaviour_week":
        return _behaviours(rows)
    return _drains(rows) if sheet.name == "time_audit" else []


def _tree(rows: Rows) -> list[Text]:
    """Return what an ordinary week adds up to, as the step asks: every level against the one above."""
    row = rows[0] if rows else {}
    annual, people, week = (row.get(name) for name in ("annual", "people", "week"))
    if not annual or not people or week is None:
        return []
    lines = [
        Text(
            "Shared equally over {people} people and {weeks} weeks: {even} a week each; you wrote {week}",
            "按{people}人、全年{weeks}周平分，每人每周{even}；你写的是{week}",
            people=plain(people),
            weeks=WEEKS,
            even=plain(annual / people / WEEKS),
            week=plain(week),
        )
    ]
    sum_, steady = week * people * WEEKS, row.get("season") in {None, "flat"}
    gap = sum_ - annual
    if abs(gap) <= NEAR * annual:
        lines.append(Text("Your week adds up to the year", "你这一周的数，乘起来正好接得上全年目标"))
    else:
        lines.append(_gap(sum_, gap, steady=steady))
    return lines


def _gap(sum_: float, gap: float, *, steady: bool) -> Text:
    over, numbers = gap > 0, {"sum": plain(sum_), "gap": plain(abs(gap))}
    if over:
        return Text(
            "Your week for everybody, the whole year: {sum}, that is {gap} more than the target; is it the week of one person?",
            "你这一周的数乘上人数和全年周数是{sum}，比年度目标多{gap}：它是一个人一周的数吗？",
            **numbers,
        )
    if steady:
        return Text(
            "Your week for everybody, the whole year: {sum}, that is {gap} less than the target; who brings the rest?",
            "你这一周的数乘上人数和全年周数是{sum}，比年度目标少{gap}：缺口谁来补？",
            **numbers,
        )
    return Text(
        "Your week for everybody, the whole year: {sum}; the strong season has to bring the other {gap}",
        "你这一周的数乘上人数和全年周数是{sum}，还差的{gap}要靠旺季补上",
        **numbers,
    )


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
            "计分卡的文化评分：应有的次数里看到了{share}",
            share=percent(score, 0),
        ),
    ]


def _streak_line(row: Mapping[str, Any]) -> Text:
    said, weeks = str(row.get("behaviour") or "–"), streak(row)
    behaviour = said if len(said) <= LONGEST else said[: LONGEST - 1].rstrip() + "…"
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
