"""Checks that came back, beside the plans they belong to: kept in the session, counted over everybody, without names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import TYPE_CHECKING, Any

from kpisim.course import sheet
from kpisim.report.page import Wide, items, paragraph, section, table
from kpisim.report.returns import Action, LeftOut, Look, Returned, read_returns
from kpisim.report.self_check import HELPED, HINDERED, LOOK_BACK, MARKS, VERSION, commitments, return_code
from kpisim.session import Session
from kpisim.session.room import LEAST, LEAST_CHANGE
from kpisim.text import Text, t

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kpisim.report.page import Align
    from kpisim.session import Entry
    from kpisim.session.room import Cohort

KIND, PLAN = "self_check", "action_plan"
"""Kinds of entries: the check as it came back, and the plan it asks about."""
STRANGER = Text(
    "belongs to no plan in these sessions, perhaps of another room or another year; not counted",
    "在给出的培训记录里找不到对应的计划（可能是别的班或往年的），未计入",
)
BLANK = Text("nothing ticked; counted as not returned", "什么都没勾，按未交回计")


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of a folder of returned files.

    Attributes
    ----------
    people
        People whose check was kept.
    files
        Files read as checks.
    again
        Files of somebody who is in another file too.
    out
        Files that do not count, with the reason.
    """

    people: int
    files: int
    again: int
    out: tuple[LeftOut, ...]

    def lines(self) -> list[str]:
        """Return it in words, a line each; files are named, people are not."""
        head = t("Checks read: {files}, people: {people}", files=self.files, people=self.people)
        again = t("{count} of them are further copies of the same people: merged, the fuller answer counts", count=self.again)  # fmt: skip
        return [head, *([again] if self.again else []), *(str(one) for one in self.out)]


def collect(sessions: Sequence[Session], folder: Path) -> Collected:
    """Read a folder of returned checks and keep each with the person whose plan it asks about.

    Parameters
    ----------
    sessions
        Sessions of the day, as the cohort report takes them.
    folder
        Where the files that came back were put.

    Raises
    ------
    UserError
        No such folder, nothing in it, or a session that cannot be written to.
    """
    read, out = read_returns(folder)
    plans = _plans(sessions)
    mine: dict[str, list[Returned]] = {}
    for one in read:
        author = _author(one, plans)
        if author is None:
            out.append(LeftOut(one.path, STRANGER))
        elif not any(look.answered for look in one.looks.values()):
            out.append(LeftOut(one.path, BLANK))
        else:
            mine.setdefault(author, []).append(one)
    for author, files in mine.items():
        session, plan = plans[author]
        own = Session(session.engine, author)
        before = own.latest(KIND)
        after = _together(before, files, plan)
        if after != before:
            own.keep(KIND, after)
    counted = sum(len(files) for files in mine.values())
    return Collected(len(mine), counted, counted - len(mine), tuple(sorted(out, key=lambda one: one.path.name)))  # fmt: skip


def _plans(sessions: Sequence[Session]) -> dict[str, tuple[Session, Entry]]:
    """Return author -> their session and the plan that they saved last."""
    found: dict[str, tuple[Session, Entry]] = {}
    for session in sessions:
        for entry in session.cohort(PLAN):
            if commitments(entry.data) and (
                entry.author not in found or found[entry.author][1].at <= entry.at
            ):
                found[entry.author] = (session, entry)
    return found


def _author(one: Returned, plans: Mapping[str, tuple[Session, Entry]]) -> str | None:
    """Return whose check it is: by its code, or in a file of version 1 by its commitments, word for word."""
    for author in plans:
        if one.code is not None and one.code == return_code(author):
            return author
    if one.code is None:
        same = [
            author
            for author, (_, entry) in plans.items()
            if _plain(row["commitment"] for row in commitments(entry.data)) == _plain(one.words)
        ]
        if len(same) == 1:
            return same[0]
    return None


def _plain(words: Any) -> list[str]:
    return [" ".join(str(word).split()) for word in words]


def _together(before: Any, files: Sequence[Returned], plan: Entry) -> dict[str, Any]:
    """Return what is kept of one person: for each look back the fullest answer, of equal ones the newest file's."""
    areas = [str(row.get("area") or "") for row in commitments(plan.data)]
    looks: dict[str, Any] = dict(before["looks"]) if isinstance(before, dict) else {}
    for one in sorted(files, key=lambda file: (file.path.stat().st_mtime, file.path.name)):
        for days, look in one.looks.items():
            kept = looks.get(str(days))
            if look.answered and look.answered >= (0 if kept is None else _read(kept).answered):
                looks[str(days)] = _written(look, areas)
    planned = next((one.planned for one in files if one.planned), plan.at.astimezone().date())
    return {"version": VERSION, "planned": planned.isoformat(), "looks": looks}


def _written(look: Look, areas: Sequence[str]) -> dict[str, Any]:
    # A file of version 1 does not say the area; the plan it belongs to does, in the same order.
    actions = [
        {
            "area": one.area or (areas[place] if place < len(areas) else ""),
            "mark": one.mark,
            "since": None if one.since is None else one.since.isoformat(),
        }
        for place, one in enumerate(look.actions)
    ]
    return {"actions": actions, "helped": list(look.helped), "hindered": list(look.hindered)}


def _read(row: Mapping[str, Any]) -> Look:
    actions = tuple(
        Action(one["area"], one["mark"], one["since"] and date.fromisoformat(one["since"]))
        for one in row["actions"]
    )
    return Look(actions, tuple(row["helped"]), tuple(row["hindered"]))


def returned_section(room: Cohort) -> str:
    """Return the section on plans with a date and on checks that came back; reasons from five people on."""
    plans = [entry for entry in room.cohort(PLAN) if commitments(entry.data)]
    rows = [row for entry in plans for row in commitments(entry.data)]
    with_date = sum(any(row.get("date") for row in commitments(entry.data)) for entry in plans)
    checks = [(date.fromisoformat(entry.data["planned"]), _looks(entry)) for entry in room.cohort(KIND)]
    said = t(
        "People with a plan: {people}, with a date in it: {dated}. Commitments: {rows}, with a date: {rows_dated}. People whose check came back: {back}.",
        people=len(plans),
        dated=with_date,
        rows=len(rows),
        rows_dated=sum(bool(row.get("date")) for row in rows),
        back=sum(any(look.answered for look in looks.values()) for _, looks in checks),
    )
    parts = [paragraph(said)]
    if checks:
        parts.append(_marks(checks, len(plans)))
        parts += [_reasons([looks[days] for _, looks in checks if days in looks], days) for days in LOOK_BACK]
        parts.append(paragraph(t("Those who did something may be likelier to send it back: these numbers speak for those who answered, not for the room.")))  # fmt: skip
    return section("returned", t("After the day: plans and checks that came back"), *parts).html


def _looks(entry: Entry) -> dict[int, Look]:
    found = {int(days): _read(row) for days, row in entry.data["looks"].items()}
    return {days: look for days, look in found.items() if look.answered}


def _marks(checks: Sequence[tuple[date, dict[int, Look]]], plans: int) -> str:
    """Return how far commitments are: a row a look back, and a row for each part of the day in it."""
    heads: list[tuple[str, Align]] = [
        (t("Look back"), "text"),
        (t("came back"), "word"),
        *((str(words), "number") for words in reversed(MARKS.values())),
        (t("not ticked"), "number"),
        (t("median days until kept"), "number"),
    ]
    areas = {one.value: str(one.label.text()) for one in _areas()}
    lines: list[list[str | Wide]] = []
    for days in LOOK_BACK:
        told = [(planned, looks[days]) for planned, looks in checks if days in looks]
        if not told:
            continue
        back = t("{count} of {all}", count=len(told), all=plans)
        lines.append([t("{days} days", days=days), back, *_counts(told, None)])
        people = _people([look for _, look in told])
        shown = _shown(people)
        few = Wide(t("not shown: too few people, or the rest would tell theirs"))
        for area, name in areas.items():
            if area in people:
                lines.append([f"· {name}", "", *(_counts(told, area) if area in shown else [few])])
    return table(t("How far commitments are"), heads, lines)


def _people(looks: Sequence[Look]) -> dict[str, set[int]]:
    """Return area -> the places of those who have a commitment in it."""
    found: dict[str, set[int]] = {}
    for place, look in enumerate(looks):
        for one in look.actions:
            found.setdefault(one.area, set()).add(place)
    return found


def _shown(people: Mapping[str, set[int]]) -> set[str]:
    """Return the areas that may stand beside the sum of all: what they leave over must not be that of one or two people."""
    shown = {area for area, who in people.items() if area and len(who) >= LEAST}
    left = [who for area, who in people.items() if area not in shown]
    while shown and left and len(set().union(*left)) < LEAST:
        fewest = min(sorted(shown), key=lambda area: len(people[area]))
        shown.remove(fewest)
        left.append(people[fewest])
    return shown


def _counts(told: Sequence[tuple[date, Look]], area: str | None) -> list[str | Wide]:
    """Return the number of commitments by mark, and the median of days until one was kept; too few people show nothing."""
    some = [
        (planned, [one for one in look.actions if area in (None, one.area)])
        for planned, look in told
    ]  # fmt: skip
    some = [(planned, actions) for planned, actions in some if actions]
    if len(some) < LEAST:
        return [Wide(t("too few: shown from {count} people on", count=LEAST))]
    marks = [one.mark for _, actions in some for one in actions]
    days = {
        place: [
            (one.since - planned).days
            for one in actions
            if one.mark == max(MARKS) and one.since and one.since >= planned
        ]
        for place, (planned, actions) in enumerate(some)
    }
    all_days = [day for found in days.values() for day in found]
    enough = sum(bool(found) for found in days.values()) >= LEAST
    middle = f"{median(all_days):g}" if enough else "–"
    return [*(str(marks.count(mark)) for mark in reversed(MARKS)), str(marks.count(None)), middle]


def _areas() -> Sequence[Any]:
    return next(field.choices for field in sheet(PLAN).fields if field.name == "area")


def _reasons(looks: Sequence[Look], days: int) -> str:
    """Return what helped and what got in the way, by how many; nothing of fewer than five people."""
    if not looks:
        return ""
    head = t("After {days} days: what helped, what got in the way", days=days)
    if len(looks) < LEAST_CHANGE:
        few = t("too few: shown from {count} people on", count=LEAST_CHANGE)
        return paragraph(f"{head}{t(': ')}{few}")
    helped = [name for look in looks for name in look.helped]
    hindered = [name for look in looks for name in look.hindered]
    lines = [
        *_told(t("What helped?"), helped, HELPED),
        *_told(t("What got in the way?"), hindered, HINDERED),
    ]
    return paragraph(f"{head} (n = {len(looks)})") + items(lines)


def _told(title: str, names: Sequence[str], words: Mapping[str, Text]) -> list[str]:
    counts = sorted(((names.count(name), str(text)) for name, text in words.items()), reverse=True)
    return [f"{title} {text}{t(': ')}{count}" for count, text in counts if count] or [f"{title} –"]


__all__ = ["KIND", "Collected", "collect", "returned_section"]
