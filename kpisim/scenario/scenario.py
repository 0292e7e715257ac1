"""The frozen whole: one scenario, its variants, its digest."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from pydantic import ValidationError, model_validator
from pydantic_core import PydanticCustomError

from kpisim.scenario.calendar import Calendar
from kpisim.scenario.communication import Communication
from kpisim.scenario.culture import Culture
from kpisim.scenario.errors import first_error, unknown_path
from kpisim.scenario.fields import Section, par
from kpisim.scenario.incentive import Incentive
from kpisim.scenario.kpi_scheme import KpiScheme
from kpisim.scenario.market import Market
from kpisim.scenario.pressure import Pressure
from kpisim.scenario.reviews import Reviews
from kpisim.scenario.team import Team
from kpisim.scenario.workload import Workload
from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

SECTIONS: dict[str, type[Section]] = {
    "calendar": Calendar,
    "team": Team,
    "market": Market,
    "kpi": KpiScheme,
    "incentive": Incentive,
    "workload": Workload,
    "communication": Communication,
    "culture": Culture,
    "pressure": Pressure,
    "reviews": Reviews,
}

CHANGEABLE = ("market", "incentive", "workload", "communication", "pressure", "reviews", "kpi")
"""Sections that a dated change may set; who is in the team and the calendar stay as they began."""


class Change(Section):
    """A dated change: from the morning of `at` on, these parameters have these values."""

    at: date = par(date(2027, 4, 1), unit="date", en="First day on which the change counts", zh="生效日期")
    set: dict[str, Any] = par(
        (), unit="path: value", en="Parameters by path and their new values", zh="参数路径与新值"
    )

    @model_validator(mode="after")
    def _only_what_can_change(self) -> Self:
        for path in self.set:
            if path.split(".")[0] not in CHANGEABLE:
                kind = "unchangeable"
                raise PydanticCustomError(kind, "{path}", {"path": path, "sections": ", ".join(CHANGEABLE)})
        return self


class Scenario(Section):
    """A sales team, its market and its rules, ready to be played.  Frozen: derive, never mutate.

    Examples
    --------
    >>> base = Scenario()
    >>> base.derive({"team.size": 6}).team.size, base.team.size
    (6, 8)
    """

    name: str = par("default", unit="name", min_length=1, max_length=80, en="Name", zh="名称")
    title_en: str = par("", unit="text", max_length=200, en="Title in English", zh="英文标题")
    title_zh: str = par("", unit="text", max_length=200, en="Title in Chinese", zh="中文标题")
    story_en: str = par("", unit="text", max_length=5000, en="Story in English", zh="英文故事")
    story_zh: str = par("", unit="text", max_length=5000, en="Story in Chinese", zh="中文故事")
    currency: str = par("CNY", unit="code", min_length=1, max_length=8, en="Currency of all money", zh="货币")
    calendar: Calendar = par(Calendar(), unit="section", en="Working time", zh="工作日历")
    team: Team = par(Team(), unit="section", en="The reps", zh="团队")
    market: Market = par(Market(), unit="section", en="Demand and customers", zh="市场与客户")
    kpi: KpiScheme = par(KpiScheme(), unit="section", en="KPI scheme", zh="KPI方案")
    incentive: Incentive = par(Incentive(), unit="section", en="Incentive plan", zh="激励方案")
    workload: Workload = par(Workload(), unit="section", en="Workload and priorities", zh="工作量与优先级")
    communication: Communication = par(Communication(), unit="section", en="Departments and hand-overs", zh="跨部门沟通")
    culture: Culture = par(Culture(), unit="section", en="Culture", zh="团队文化")
    pressure: Pressure = par(Pressure(), unit="section", en="Interruptions and load", zh="压力与打断")
    reviews: Reviews = par(Reviews(), unit="section", en="Review cadence", zh="检视节奏")
    changes: tuple[Change, ...] = par((), unit="changes", max_length=50, en="Dated changes", zh="按日期的变更")

    @model_validator(mode="after")
    def _changes_are_playable(self) -> Self:
        for change in self.changes:
            try:
                _set_paths(self.model_dump(exclude={"changes"}), change.set)
            except UserError as problem:
                kind = "nested"
                raise PydanticCustomError(kind, "{path}", {"path": "changes", "problem": problem}) from None
        return self

    @classmethod
    def parse(cls, data: Mapping[str, Any], where: str = "") -> Scenario:
        """Build a scenario from plain data.

        Parameters
        ----------
        data
            Nested mapping as read from YAML or JSON.
        where
            What to name in an error, e.g. the file.

        Raises
        ------
        UserError
            Names the first wrong value, its rule and the remedy.
        """
        try:
            return cls.model_validate(dict(data))
        except ValidationError as problem:
            raise first_error(problem, cls, where) from None

    def derive(self, values: Mapping[str, Any], name: str | None = None) -> Scenario:
        """Return a new scenario with the parameters at dotted paths set.

        Parameters
        ----------
        values
            Path -> value, e.g. ``{"incentive.commission_rate": 0.08}``.  Items of a list are
            reached by position or by their name: ``communication.departments.product.people``.
        name
            Name of the variant; by default the old one.

        Raises
        ------
        UserError
            For an unknown path (with the nearest known one) or a value out of its range.
        """
        data = self.model_dump()
        _set_paths(data, values)
        if name is not None:
            data["name"] = name
        return Scenario.parse(data)

    def get(self, path: str) -> Any:
        """Return the value at a dotted `path`."""
        holder: Any = self.model_dump()
        known: list[str] = []
        for part in path.split("."):
            holder = holder[_key(holder, part, path, known)]
            known.append(part)
        return holder

    def digest(self) -> str:
        """Return 12 hexadecimal digits that name the content (texts left out)."""
        data = self.model_dump(mode="json", exclude={"name", "title_en", "title_zh", "story_en", "story_zh"})
        text = json.dumps(data, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def at(self, day: date) -> Scenario:
        """Return the scenario with every change that counts on `day` applied."""
        values: dict[str, Any] = {}
        for change in sorted(self.changes, key=lambda item: item.at):
            if change.at <= day:
                values.update(change.set)
        return self.derive({**values, "changes": ()}) if values else self

    def title(self) -> str:
        """Return the title in the current language, or the name where there is none."""
        from kpisim.text import current_language  # noqa: PLC0415

        return (self.title_zh if current_language() == "zh" else self.title_en) or self.name


def paths(model: type[Section] = Scenario, prefix: str = "") -> list[str]:
    """Return every settable dotted path of `model`, sections before their fields."""
    found: list[str] = []
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        found.append(path)
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            found += paths(kind, path + ".")
    return found


def _key(holder: Any, part: str, path: str, above: list[str]) -> Any:
    """Return the key or position that `part` means in `holder`."""
    if isinstance(holder, dict) and part in holder:
        return part
    if isinstance(holder, (list, tuple)):
        if part.isdigit() and int(part) < len(holder):
            return int(part)
        for position, item in enumerate(holder):
            if isinstance(item, dict) and item.get("name") == part:
                return position
    raise unknown_path(path, part, holder, above, paths())


def _set_paths(data: dict[str, Any], values: Mapping[str, Any]) -> None:
    for path, value in values.items():
        holder: Any = data
        above: list[str] = []
        *parents, last = path.split(".")
        for part in parents:
            key = _key(holder, part, path, above)
            if isinstance(holder[key], tuple):
                holder[key] = list(holder[key])
            holder = holder[key]
            above.append(part)
        holder[_key(holder, last, path, above)] = value
