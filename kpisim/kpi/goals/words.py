"""Goals in plain lines for a terminal, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.kpi.goals.cascade import GRAIN_NAMES, LEVEL_NAMES, gaps
from kpisim.kpi.goals.smart import LETTERS, STATUSES
from kpisim.kpi.registry import kpi as lookup
from kpisim.text import Text
from kpisim.text.cells import align
from kpisim.text.numbers import percent, with_sign

if TYPE_CHECKING:
    from datetime import date

    from kpisim.kpi.goals.cascade import Cascade, Grain
    from kpisim.kpi.goals.smart import Status, Verdict
    from kpisim.kpi.goals.targets import TargetHistory
    from kpisim.kpi.goals.tree import GoalTree

SIGNS: dict[Status, str] = {"pass": "✓", "fail": "✗", "stretch": "▲", "unknown": "–"}
"""A shape beside the word, for those who see no colour."""


def value_text(value: float, kpi: str) -> str:
    """Return a target in the unit of its KPI; money always with two decimals, so that sums can be checked."""
    unit = lookup(kpi).unit if kpi else ""
    if unit == "share":
        return percent(value)
    if unit in {"money", "money/h"}:
        return f"{value:,.2f}"
    if unit == "days":
        return str(Text("{n:,.1f} days", "{n:,.1f}天", n=value))
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}"


def smart_lines(verdict: Verdict) -> list[str]:
    """Return the verdict on a goal: a line for each letter, and under it what to do.

    Parameters
    ----------
    verdict
        As :func:`kpisim.kpi.goals.smart.check` gives it.
    """
    rows = []
    for letter, found in verdict.letters.items():
        evidence = str(Text(", ", "、")).join(str(one) for one in found.evidence)
        rows.append([letter, str(LETTERS[letter]), f"{SIGNS[found.final]} {STATUSES[found.final]}", evidence])
    lines = [verdict.goal.text.strip() or verdict.goal.id] if verdict.goal.text or verdict.goal.id else []
    for line, found in zip(align(rows, [False] * 4), verdict.letters.values(), strict=True):
        lines.append(line)
        if found.override:
            by = found.override.by or str(Text("a person", "人工"))
            lines.append(
                "   "
                + str(
                    Text(
                        "decided by {by}: {note} (the rule says: {status})",
                        "由{by}改判：{note}（规则判定：{status}）",
                        by=by,
                        note=found.override.note,
                        status=STATUSES[found.status],
                    )
                )
            )
        elif found.remedy:
            lines.append(f"   → {found.remedy}")
    return lines


def cascade_lines(made: Cascade, grain: Grain = "quarter") -> list[str]:
    """Return a table of a cascade: a row for each company, team and person, a column for each period, then the year.

    Parameters
    ----------
    made
        As :func:`kpisim.kpi.goals.cascade.break_down` gives it.
    grain
        Length of the periods; the parts of a week that runs over the edge of a month stand in one column.
    """
    labels = list(dict.fromkeys(one.label for one in made.parts if one.grain == grain))
    cells: dict[str, dict[str, int]] = {}
    for one in made.parts:
        if one.grain in {grain, "year"}:
            row = cells.setdefault(one.name, {})
            row[one.label] = row.get(one.label, 0) + one.pieces
    years = [one for one in made.parts if one.grain == "year"]
    columns = [*labels, *([years[0].label] if grain != "year" else [])]
    head = [str(Text("level", "层级")), str(Text("name", "名称")), *columns]
    # The company, then each team with its people.
    order = [years[0]]
    for team in made.below(years[0]):
        order += [team, *made.below(team)]
    rows = [
        [str(LEVEL_NAMES[one.level]), one.name]
        + [value_text(cells[one.name][label] / one.scale, made.kpi) for label in columns]
        for one in order
    ]
    lines = [
        str(
            Text(
                "{kpi} by {grain}", "{kpi}按{grain}分解", kpi=lookup(made.kpi).title, grain=GRAIN_NAMES[grain]
            )
        ),
        *align([head, *rows], [False, False, *[True] * len(columns)]),
    ]
    lines += [
        str(
            Text(
                "{name} carries {extra} more than its target, as declared",
                "{name}下达时加码{extra}（已声明）",
                name=one.name,
                extra=value_text((one.handed - one.pieces) / one.scale, made.kpi),
            )
        )
        for one in order
        if one.handed != one.pieces
    ]
    wrong = gaps(made)
    for part, over in wrong:
        lines.append(
            str(
                Text(
                    "{name}, {label}: the parts are off by {gap}",
                    "{name}，{label}：各部分之和相差{gap}",
                    name=part.name,
                    label=part.label,
                    gap=_signed(over / part.scale, made.kpi),
                )
            )
        )
    if not wrong:
        lines.append(str(Text("All parts add up exactly.", "各级各期之和均与上级完全一致。")))
    return lines


def goal_lines(tree: GoalTree, buffer: float = 0.0) -> list[str]:
    """Return the alignment tree: goals by level, gaps with their amounts, orphans, share aligned.

    Parameters
    ----------
    tree
        As :func:`kpisim.kpi.goals.tree.goal_tree` gives it.
    buffer
        As in :meth:`kpisim.kpi.goals.tree.GoalTree.gaps`.
    """
    between = " | "
    lines = []
    for depth, goal in tree.walk():
        facts = [
            goal.id,
            str(LEVEL_NAMES[goal.level]) if goal.level else "",
            goal.owner,
            goal.text.strip() or (str(lookup(goal.kpi).title) if goal.kpi else ""),
            value_text(goal.target, goal.kpi) if goal.target is not None else "",
        ]
        lines.append("  " * depth + between.join(fact for fact in facts if fact))
    for gap in tree.gaps(buffer):
        if gap.silent:
            names = str(Text(", ", "、")).join(one.id for one in gap.silent)
            lines.append(
                f"– {gap.goal.id}{Text(': ', '：')}{Text('no target yet below: {names}', '下级还没写目标值：{names}', names=names)}"
            )
        if gap.amount is None and gap.silent and not gap.children:
            continue
        if gap.amount is None:
            why = (
                Text("{kpi} does not add up; work it out from its parts", "{kpi}不可相加，请由分子分母重新计算", kpi=lookup(gap.goal.kpi).title)
                if gap.children
                else Text("no goal below carries {kpi}", "下级目标均未承接{kpi}", kpi=lookup(gap.goal.kpi).title)
            )  # fmt: skip
            lines.append(f"– {gap.goal.id}{Text(': ', '：')}{why}")
        elif gap.amount:
            lines.append(
                str(
                    Text(
                        "✗ {id}: the goals below are off by {gap}",
                        "✗ {id}：下级目标之和相差{gap}",
                        id=gap.goal.id,
                        gap=_signed(gap.amount, gap.goal.kpi),
                    )
                )
            )
        else:
            lines.append(
                str(Text("✓ {id}: the goals below add up", "✓ {id}：下级目标之和一致", id=gap.goal.id))
            )
    if tree.orphans:
        names = str(Text(", ", "、")).join(goal.id for goal in tree.orphans)
        lines.append(str(Text("✗ serve no goal: {names}", "✗ 未挂上级目标：{names}", names=names)))
    if tree.alignment is not None:
        lines.append(
            str(
                Text(
                    "{share} of the weight is tied to a goal above",
                    "按权重计，{share}已对齐上级目标",
                    share=percent(tree.alignment, 0),
                )
            )
        )
    return lines


def target_lines(history: TargetHistory, today: date) -> list[str]:
    """Return all versions of a target, with a mark at the one in force today."""
    now = history.as_of(today)
    rows = [[" ", *map(str, (Text("from", "生效日"), Text("target", "目标值"), Text("recorded", "登记日"), Text("by", "责任人"), Text("reason", "原因")))]]  # fmt: skip
    rows += [
        [
            "●" if one is now else " ",
            str(one.valid_from),
            value_text(one.value, history.kpi),
            str(one.recorded_on),
            one.author,
            one.reason,
        ]
        for one in history.versions
    ]
    title = " | ".join(fact for fact in (history.name, history.owner, str(lookup(history.kpi).title)) if fact)
    return [title, *align(rows, [False, False, True, False, False, False])]


def _signed(value: float, kpi: str) -> str:
    return with_sign(value_text(abs(value), kpi), up=value > 0)


__all__ = ["SIGNS", "cascade_lines", "goal_lines", "smart_lines", "target_lines", "value_text"]
