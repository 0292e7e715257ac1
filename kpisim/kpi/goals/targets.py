"""Targets that change: every version stays, with its reason, its author and its dates."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from kpisim.kpi.goals.files import fields_of, number_of, read_entries
from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.registry import kpi_with
from kpisim.kpi.window import Cut, as_date
from kpisim.text import Text, UserError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_TARGET = ("name", "kpi", "owner", "period", "versions")
_MUST = ("name", "kpi", "versions")
_FIELDS = ("value", "valid_from", "reason", "author", "recorded_on")


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a target.

    Attributes
    ----------
    value
        In the unit of the KPI.
    valid_from
        First day it counts.
    reason, author
        Why, and who decided.
    recorded_on
        Day it was written down.
    """

    value: float
    valid_from: date
    reason: str
    author: str
    recorded_on: date


@dataclass(frozen=True, slots=True)
class TargetHistory:
    """A target with all its versions, in the order they were recorded; made by :func:`new_target`.

    Attributes
    ----------
    name, kpi, owner
        What it is called, the KPI of the library, whose it is.
    versions
        Append-only: :meth:`changed` returns a longer history and leaves this one as it is.
    period
        Calendar period that the value is for.
    """

    name: str
    kpi: str
    owner: str
    versions: tuple[Version, ...]
    period: Cut = "quarter"

    def changed(
        self, value: float, valid_from: date, reason: str, *, author: str, recorded_on: date
    ) -> TargetHistory:
        """Return the history with one more version.

        Raises
        ------
        UserError
            No reason or author; a first day before the day of recording, or a day of recording before that of the
            last version: either would rewrite what has been reported.
        """
        version = _version(self.name, value, valid_from, reason, author, recorded_on)
        last = self.versions[-1]
        if recorded_on < last.recorded_on:
            raise UserError(
                "{name}: recorded on {day}, before the last version of {last}; history is only added to, give {last} or later",
                name=self.name,
                day=recorded_on,
                last=last.recorded_on,
            )
        if valid_from < recorded_on:
            raise UserError(
                "{name}: a change recorded on {day} cannot count from {start}; the past stays, give {day} or later",
                name=self.name,
                day=recorded_on,
                start=valid_from,
            )
        return replace(self, versions=(*self.versions, version))

    def as_of(self, day: date, known_on: date | None = None) -> Version | None:
        """Return the version in force on `day`: the last recorded of those that count by then.

        Parameters
        ----------
        day
            Day that is asked about.
        known_on
            Leave out what was recorded later, to see a report as it was then.

        Returns
        -------
        Version or None
            None before the first version counts.
        """
        known = [
            one
            for one in self.versions
            if one.valid_from <= day and (known_on is None or one.recorded_on <= known_on)
        ]
        return known[-1] if known else None

    def known(self, day: date) -> TargetHistory | None:
        """Return the history as it was on `day`, without what was recorded later; None where nothing had been."""
        versions = tuple(one for one in self.versions if one.recorded_on <= day)
        return replace(self, versions=versions) if versions else None

    def spans(self, start: date, end: date) -> list[tuple[date, date, Version]]:
        """Return the stretches of ``[start, end)`` with the version in force, e.g. for a report over a change."""
        edges = sorted({start, *(one.valid_from for one in self.versions if start < one.valid_from < end)})
        made: list[tuple[date, date, Version]] = []
        for first, last in zip(edges, [*edges[1:], end], strict=True):
            version = self.as_of(first)
            if version is None:
                continue
            # A version that a later one overtook before it began cuts nothing.
            begun = made.pop()[0] if made and made[-1][2] == version else first
            made.append((begun, last, version))
        return made


def new_target(  # noqa: PLR0913  (a version says all of it by name)
    name: str, kpi: str, value: float, valid_from: date, reason: str, *, author: str, recorded_on: date, owner: str = "",
    period: Cut = "quarter",
) -> TargetHistory:  # fmt: skip
    """Return a target with its first version.

    Parameters
    ----------
    name, kpi, owner, period
        As in :class:`TargetHistory`.
    value, valid_from, reason, author, recorded_on
        As in :class:`Version`.  The first version may count from before it was recorded: there is nothing to rewrite.

    Raises
    ------
    UserError
        An unknown KPI, a value that is no number, no reason, no author.
    """
    lookup(kpi)
    if period not in get_args(Cut):
        raise UserError(
            "{name}: {value} is no period; {remedy}",
            name=name,
            value=str(period),
            remedy=did_you_mean(str(period), get_args(Cut)),
        )
    first = _version(name, value, valid_from, reason, author, recorded_on)
    return TargetHistory(name, kpi, owner, (first,), period)


def _version(name: str, value: Any, valid_from: date, reason: Any, author: Any, recorded_on: date) -> Version:
    amount = number_of(value, name)
    for field, text in ((Text("reason", "原因"), reason), (Text("author", "责任人"), author)):
        if not isinstance(text, str) or not text.strip():
            raise UserError(
                "{name}: {field} is missing; every version of a target says it", name=name, field=field
            )
    return Version(amount, valid_from, reason.strip(), author.strip(), recorded_on)


def read_targets(path: str | Path) -> dict[str, TargetHistory]:
    """Return the targets of a JSON or YAML file by name.

    Raises
    ------
    UserError
        A file that cannot be read, or versions that :meth:`TargetHistory.changed` would refuse.
    """
    file = Path(path)
    found: dict[str, TargetHistory] = {}
    for place, item in read_entries(file):
        target = _from_plain(item, place)
        if target.name in found:
            raise UserError("{path}: target {name} stands twice; keep one", path=file, name=target.name)
        found[target.name] = target
    return found


def write_targets(targets: Iterable[TargetHistory], path: str | Path) -> Path:
    """Write targets as JSON or, by the ending .yaml or .yml, as YAML.

    Raises
    ------
    UserError
        The file holds a version that `targets` do not have: a history on disk is only added to.
    """
    import yaml  # noqa: PLC0415

    file = Path(path)
    named = {target.name: target for target in targets}
    if file.exists():
        for name, old in read_targets(file).items():
            kept = named.get(name)
            if kept is None or kept.versions[: len(old.versions)] != old.versions:
                raise UserError(
                    "{path}: holds versions of {name} that would be lost; read the file and add to it",
                    path=file,
                    name=name,
                )
    content = [_to_plain(target) for target in named.values()]
    if file.suffix.lower() == ".json":
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    else:
        text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    file.write_text(text, encoding="utf-8")
    return file


def _to_plain(target: TargetHistory) -> dict[str, Any]:
    versions = [
        {field: str(cell) if isinstance(cell := getattr(one, field), date) else cell for field in _FIELDS}
        for one in target.versions
    ]
    return {
        "name": target.name,
        "kpi": target.kpi,
        "owner": target.owner,
        "period": target.period,
        "versions": versions,
    }


def _from_plain(item: Any, place: str) -> TargetHistory:
    """Replay the versions, so that a file is held to the same rules as a change."""
    versions = item.get("versions") if isinstance(item, dict) else None
    if not isinstance(versions, list) or not versions or not all(isinstance(one, dict) for one in versions):
        raise UserError("{place}: {value} is not a target with versions; write {fields}", place=place, value=str(item)[:60],
                        fields="name, kpi, versions")  # fmt: skip
    name = str(item.get("name") or "").strip()
    if not name:
        raise UserError("{place}: {value} is not a target with versions; write {fields}", place=place, value=Text("a target without a name", "没有名称的目标"),
                        fields="name, kpi, versions")  # fmt: skip
    # A misspelt owner would make a person's target one of the whole team.
    kpi, (first, *later) = str(fields_of(item, place, _TARGET, _MUST)["kpi"]), versions
    for one in versions:
        value = fields_of(one, f"{place}: {name}", _FIELDS).get("value")
        kpi_with(kpi, number_of(value, name), lambda _: place)
    made = new_target(
        name,
        kpi,
        **_cells(name, first),
        owner=str(item.get("owner") or ""),
        period=item.get("period") or "quarter",
    )
    for one in later:
        made = made.changed(**_cells(name, one))
    return made


def _cells(name: str, version: Mapping[str, Any]) -> dict[str, Any]:
    cells = {field: version.get(field) for field in _FIELDS}
    for field in ("valid_from", "recorded_on"):
        day = cells[field]
        cells[field] = as_date(day if isinstance(day, date) else str(day), f"{name}: {field}")
    return cells


__all__ = ["TargetHistory", "Version", "new_target", "read_targets", "write_targets"]
