"""The frozen whole: one scenario, its variants, its digest."""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, Self

from pydantic import AfterValidator, BaseModel, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from kpisim.scenario.calendar import Calendar
from kpisim.scenario.communication import Communication
from kpisim.scenario.culture import Culture
from kpisim.scenario.errors import first_error, unknown_path
from kpisim.scenario.fields import Section, broken, par
from kpisim.scenario.incentive import Incentive
from kpisim.scenario.kpi_scheme import KpiScheme
from kpisim.scenario.market import Market
from kpisim.scenario.mechanisms import Mechanisms
from kpisim.scenario.pressure import Pressure
from kpisim.scenario.reviews import Reviews
from kpisim.scenario.team import Team
from kpisim.scenario.workload import Workload
from kpisim.text import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kpisim.scenario.errors import Where

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
    "mechanisms": Mechanisms,
}

CHANGEABLE = ("market", "incentive", "workload", "communication", "pressure", "reviews", "kpi")
"""Sections that a dated change may set; who is in the team and the calendar stay as they began."""
CHANGEABLE_TOO = ("team.training_hours",)
"""Parameters of other sections that a dated change may set: training can begin at any time."""


class Values(dict[str, Any]):
    """A mapping that cannot be changed; a plain dict inside a frozen scenario would be a way around the freezing."""

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        message = "a scenario is frozen: derive a new one"
        raise TypeError(message)

    __setitem__ = __delitem__ = __ior__ = update = pop = popitem = clear = setdefault = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        # Pickle would otherwise fill an empty one item by item.
        return Values, (dict(self),)


def _frozen(value: Any) -> Any:
    """Return `value` with every list and mapping in it made unchangeable."""
    if isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, dict):
        return Values({str(name): _frozen(item) for name, item in value.items()})
    if isinstance(value, (list, tuple, set, frozenset)):
        return tuple(_frozen(item) for item in value)
    return value


class Change(Section):
    """A dated change: from the morning of `at` on, these parameters have these values."""

    at: date = par(
        date(2027, 4, 1),
        unit="date",
        ge=date(1980, 1, 1),
        le=date(2300, 1, 1),
        en="First day on which the change counts",
        zh="生效日期",
    )
    set: Annotated[dict[str, Any], AfterValidator(_frozen)] = par(
        Values(),
        unit="path: value",
        max_length=200,
        en="Parameters by path and their new values",
        zh="参数路径及其新值",
    )

    @model_validator(mode="after")
    def _only_what_can_change(self) -> Self:
        for path in self.set:
            if path.split(".")[0] not in CHANGEABLE and path not in CHANGEABLE_TOO:
                kind = "unchangeable"
                known = ", ".join((*CHANGEABLE, *CHANGEABLE_TOO))
                raise PydanticCustomError(kind, "{path}", {"path": path, "sections": known})
        return self


class Scenario(Section):
    """A sales team, its market and its rules, ready to be played.  Frozen: derive, never mutate.

    Examples
    --------
    >>> base = Scenario()
    >>> base.derive({"team.size": 6}).team.size, base.team.size
    (6, 8)
    """

    name: str = par(
        "default", unit="name", min_length=1, max_length=80, en="Name of the scenario", zh="场景名称"
    )
    title_en: str = par("", unit="text", max_length=200, en="Title in English", zh="英文标题")
    title_zh: str = par("", unit="text", max_length=200, en="Title in Chinese", zh="中文标题")
    story_en: str = par("", unit="text", max_length=5000, en="Story in English", zh="英文背景故事")
    story_zh: str = par("", unit="text", max_length=5000, en="Story in Chinese", zh="中文背景故事")
    currency: str = par(
        "CNY", unit="code", min_length=1, max_length=8, en="Currency of all money", zh="所有金额的货币"
    )
    calendar: Calendar = par(Calendar(), unit="section", en="Working time", zh="工作日历")
    team: Team = par(Team(), unit="section", en="The reps", zh="销售团队")
    market: Market = par(Market(), unit="section", en="Demand and customers", zh="市场与客户")
    kpi: KpiScheme = par(KpiScheme(), unit="section", en="KPI scheme", zh="KPI方案")
    incentive: Incentive = par(Incentive(), unit="section", en="Incentive plan", zh="激励方案")
    workload: Workload = par(Workload(), unit="section", en="Workload and priorities", zh="工作量与优先级")
    communication: Communication = par(
        Communication(), unit="section", en="Departments and hand-overs", zh="跨部门沟通"
    )
    culture: Culture = par(Culture(), unit="section", en="Culture", zh="团队文化")
    pressure: Pressure = par(Pressure(), unit="section", en="Interruptions and load", zh="压力与打断")
    reviews: Reviews = par(Reviews(), unit="section", en="Review cadence", zh="检视节奏")
    mechanisms: Mechanisms = par(
        Mechanisms(), unit="section", en="Which mechanisms of behaviour are on", zh="启用哪些行为机制"
    )
    changes: tuple[Change, ...] = par(
        (), unit="changes", max_length=50, en="Dated changes", zh="按日期生效的变更"
    )

    @model_validator(mode="after")
    def _changes_are_playable(self) -> Self:
        """Refuse a change that would fail in the middle of a run, or that no day of the run would see."""
        if not self.changes:
            return self
        first = self.calendar.start - timedelta(weeks=self.calendar.warmup_weeks)
        last = self.calendar.start + timedelta(weeks=self.calendar.weeks, days=-1)
        plain = self.model_dump(exclude={"changes"})
        for place, change in sorted(enumerate(self.changes), key=lambda item: item[1].at):
            path = f"changes.{place}"
            if not first <= change.at <= last:
                days = {"path": f"{path}.at", "input": change.at, "first": first, "last": last}
                raise PydanticCustomError("outside", "{path}", days)
            try:
                _set_paths(plain, change.set)
                after = Scenario.parse(plain)
            except UserError as problem:
                raise PydanticCustomError(
                    "nested", "{path}", {"path": f"{path}.set", "problem": problem}
                ) from None
            # Deals stand in a stage, so the funnel cannot lose one under them.
            if [stage.name for stage in after.market.stages] != [stage.name for stage in self.market.stages]:
                raise broken(
                    f"{path}.set", "a dated change may not add or remove stages; change their values"
                )
        return self

    @classmethod
    def parse(cls, data: Mapping[str, Any], where: Where = "") -> Scenario:
        """Build a scenario from plain data.

        Parameters
        ----------
        data
            Nested mapping as read from YAML or JSON.
        where
            What to name in an error, e.g. the file; see :func:`kpisim.scenario.errors.first_error`.

        Raises
        ------
        UserError
            Names the first wrong value, its rule and the remedy.
        """
        try:
            return cls.model_validate(dict(data))
        except ValidationError as problem:
            raise first_error(problem, cls, where) from None

    @property
    def business_each(self) -> float:
        """Part of a full territory that each rep has: 1 unless `market.territory` counts it for another number of reps."""
        territory = self.market.territory
        return territory / self.team.size if territory else 1.0

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
        above: list[str] = []
        for part in path.split("."):
            holder = holder[_key(holder, part, path, above)]
            above.append(part)
        return holder

    def differs_from(self, other: Scenario) -> set[str]:
        """Return which parameters, as ``section.field``, are not the same in `other`, from the start or by a dated change."""
        found = {
            f"{name}.{field}"
            for name, section in SECTIONS.items()
            for field in section.model_fields
            if getattr(getattr(self, name), field) != getattr(getattr(other, name), field)
        }
        here, there = (
            {(change.at, path, repr(value)) for change in one.changes for path, value in change.set.items()}
            for one in (self, other)
        )
        return found | {".".join(path.split(".")[:2]) for _, path, _ in here ^ there}

    def digest(self) -> str:
        """Return 12 hexadecimal digits that name the content (texts left out)."""
        data = self.model_dump(mode="json", exclude={"name", "title_en", "title_zh", "story_en", "story_zh"})
        text = json.dumps(data, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def at(self, day: date) -> Scenario:
        """Return the scenario with every change that counts on `day` applied."""
        due = [change for change in self.changes if change.at <= day]
        if not due:
            return self
        data = self.model_dump(exclude={"changes"})
        # One after the other: a later change may reach into what an earlier one set as a whole.
        for change in sorted(due, key=lambda item: item.at):
            _set_paths(data, change.set)
        return Scenario.parse(data)

    def title(self) -> str:
        """Return the title in the current language, or the name where there is none."""
        from kpisim.text import current_language  # noqa: PLC0415

        return (self.title_zh if current_language() == "zh" else self.title_en) or self.name


def paths(model: type[Section] = Scenario, prefix: str = "") -> list[str]:
    """Return every settable dotted path of `model`, sections before their fields.

    Parameters
    ----------
    model, prefix
        Where to begin, and what stands before its paths; by default the whole scenario.

    Examples
    --------
    >>> [path for path in paths() if path.startswith("team.exit")]
    ['team.exit_rate', 'team.exit_strain', 'team.exit_pay', 'team.exit_contagion']
    """
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
        if part.isascii() and part.isdigit() and int(part) < len(holder):
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
        # A copy, because a later path may reach into the value, and it is the caller's.
        holder[_key(holder, last, path, above)] = _plain(value)


def _plain(value: Any) -> Any:
    """Return a copy of `value` made of plain mappings and lists only, so that paths lead into it."""
    if isinstance(value, BaseModel):
        return value.model_dump()
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return deepcopy(value)
