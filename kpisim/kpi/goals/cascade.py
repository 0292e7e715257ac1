"""Goals broken down: year → quarter → month → week, and company → team → person, adding up both ways."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Literal

from kpisim.kpi.goals.grid import spread
from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.split import largest_remainder
from kpisim.kpi.window import Window, cut, shift
from kpisim.text import Text, UserError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    import pandas as pd

    from kpisim.scenario.calendar import Calendar

Grain = Literal["year", "quarter", "month", "week"]
Level = Literal["company", "team", "person"]
GRAINS: tuple[Grain, ...] = ("year", "quarter", "month", "week")
LEVELS: tuple[Level, ...] = ("company", "team", "person")
LEVEL_NAMES: dict[Level, Text] = {
    "company": Text("company", "公司"),
    "team": Text("team", "团队"),
    "person": Text("person", "个人"),
}
GRAIN_NAMES: dict[Grain, Text] = {
    "year": Text("year", "年"),
    "quarter": Text("quarter", "季"),
    "month": Text("month", "月"),
    "week": Text("week", "周"),
}
FLAT = (1.0,) * 12
_CENTS = 100


@dataclass(frozen=True, slots=True)
class Part:
    """The target of one company, team or person in one period.

    Attributes
    ----------
    level, name, team
        Whose it is; `team` is empty for the company.
    grain, label, start, end
        Period ``[start, end)``.  A week that runs over the edge of a month comes as two parts of one label.
    pieces
        Target in the smallest unit: cents (分) of money, single pieces of a count.
    handed
        What the next level down carries together: `pieces` plus the declared buffer.
    scale
        Pieces per unit of the KPI: 100 for money, 1 for a count.
    """

    level: Level
    name: str
    team: str
    grain: Grain
    label: str
    start: date
    end: date
    pieces: int
    handed: int
    scale: int

    @property
    def value(self) -> float:
        """Target in the unit of the KPI (money or count)."""
        return self.pieces / self.scale


@dataclass(frozen=True, slots=True)
class Cascade:
    """A yearly target broken down; `parts` run from the company's year to every person's weeks."""

    kpi: str
    parts: tuple[Part, ...]

    def part(self, name: str, label: str) -> Part:
        """Return the part of `name` (company, team or rep) in the period `label`; a week cut by a month edge, its first.

        Raises
        ------
        UserError
            No such part.
        """
        for one in self.parts:
            if one.name == name and one.label == label:
                return one
        raise UserError(
            "{name}, {label}: not in this cascade; write a name and a period that it has, such as {example}",
            name=name,
            label=label,
            example=f"{self.parts[0].name}, {self.parts[0].label}",
        )

    def sooner(self, part: Part) -> tuple[Part, ...]:
        """Return the next shorter periods inside `part`, for the same company, team or person."""
        return _sooner(part, self.parts)

    def below(self, part: Part) -> tuple[Part, ...]:
        """Return the teams of a company or the people of a team in the same period as `part`."""
        return _below(part, self.parts)

    def frame(self) -> pd.DataFrame:
        """Return one row per part: level, name, team, grain, label, start, end, target, buffer (unit of the KPI)."""
        import pandas as pd  # noqa: PLC0415

        names = ("level", "name", "team", "grain", "label", "start", "end")
        made = pd.DataFrame({name: [getattr(one, name) for one in self.parts] for name in names})
        made["target"] = [one.value for one in self.parts]
        made["buffer"] = [(one.handed - one.pieces) / one.scale for one in self.parts]
        for edge in ("start", "end"):
            made[edge] = pd.to_datetime(made[edge]).astype("datetime64[us]")
        return made

    def targets(
        self, grains: Collection[Grain] = ("quarter", "month"), levels: Collection[Level] = LEVELS
    ) -> pd.DataFrame:
        """Return rows of the ``targets`` table.

        Every grain has a target name of its own, so that a reader of the table never adds a quarter to its months.

        Parameters
        ----------
        grains, levels
            Which parts to give.
        """
        import pandas as pd  # noqa: PLC0415

        from kpisim.tables import conform  # noqa: PLC0415

        kept = [one for one in self.parts if one.grain in grains and one.level in levels]
        rows = {
            "name": [
                " · ".join([self.kpi, one.grain, *([one.name] * (one.level == "team"))]) for one in kept
            ],
            "kpi": [self.kpi] * len(kept),
            "level": [one.level for one in kept],
            "rep_id": [one.name if one.level == "person" else None for one in kept],
            "period_start": [one.start for one in kept],
            "period_end": [one.end for one in kept],
            "target": [one.value for one in kept],
        }
        return conform("targets", pd.DataFrame(rows))


@dataclass(frozen=True, slots=True)
class _Member:
    level: Level
    name: str
    team: str
    weight: float
    buffer: Decimal
    members: tuple[_Member, ...] = ()

    def below(self) -> Iterator[_Member]:
        yield self
        for member in self.members:
            yield from member.below()


@dataclass(frozen=True, slots=True)
class _Period:
    grain: Grain
    label: str
    start: date
    end: date
    weight: float
    periods: tuple[_Period, ...] = ()


_Amounts = dict[tuple[str, str], int]  # (level, name) -> pieces in the period at hand


def break_down(  # noqa: PLR0913  (a plan is said in one call, by name)
    kpi: str,
    target: float | Decimal,
    people: Mapping[str, Mapping[str, float]],
    year: int,
    *,
    season: Sequence[float] = FLAT,
    calendar: Calendar | None = None,
    fiscal_year_start: int | None = None,
    company: str = "company",
    buffers: Mapping[Level, float] | None = None,
) -> Cascade:
    """Break a yearly target down to every person's weeks.

    Months follow the season, weeks the working days, people their weights.  Everything is counted in whole
    pieces or cents; periods add up to the period above and people to the level above, both exactly.

    Parameters
    ----------
    kpi
        A KPI that is a sum or a count.  Rates and means are not split: they are worked out anew from their parts.
    target
        Target of the year in the unit of the KPI: money to the cent, or a whole count; 0 or more.
    people
        Team → rep → weight (a share, or capacity such as days present); a team weighs what its reps weigh together.
    year
        Year in which the fiscal year begins.
    season
        Weight of each month, January first, as in the scenario's ``market.season``.
    calendar
        Working days and fiscal year, as in a scenario; by default Monday to Friday and January.
    fiscal_year_start
        First month of the fiscal year, 1 to 12; by default that of the calendar.
    company
        Name of the whole.
    buffers
        ``{"company": 0.05}`` lets the teams carry 5 % more than the company promises, ``{"team": 0.05}`` the
        reps 5 % more than their team.

    Raises
    ------
    UserError
        A KPI that cannot be split, a target below 0 or with parts of a cent, weights below 0 or all 0, no people,
        a name that comes twice, a buffer below 0.

    Examples
    --------
    >>> made = break_down("wins", 1000, {"east": {"a": 1, "b": 1, "c": 1}}, 2027)
    >>> [part.pieces for part in made.below(made.part("east", "2027"))]
    [334, 333, 333]
    """
    declared = lookup(kpi)
    if declared.kind not in {"sum", "count"}:
        raise UserError(
            "{kpi} is a rate or a mean and does not split; set it at each level and work it out from its parts",
            kpi=declared.title,
        )
    scale = _CENTS if declared.unit == "money" else 1
    whole = _member(company, people, buffers or {})
    usual = calendar.fiscal_year_start if calendar else 1
    first = usual if fiscal_year_start is None else fiscal_year_start
    span = _year(year, first, season, calendar)
    pieces = _pieces(target, scale)

    amounts: _Amounts = {("company", company): pieces}
    handed: _Amounts = {}
    for member in whole.below():
        got = amounts[member.level, member.name]
        handed[member.level, member.name] = _raise(got, member.buffer)
        _share(member, handed[member.level, member.name], amounts)
    order = [span]
    parts: list[Part] = []
    found = {id(span): (amounts, handed)}
    while order:
        period = order.pop(0)
        amounts, handed = found.pop(id(period))
        parts += [
            Part(
                member.level, member.name, member.team, period.grain, period.label, period.start, period.end,
                amounts[member.level, member.name], handed[member.level, member.name], scale,
            )
            for member in whole.below()
        ]  # fmt: skip
        for inner, its in zip(period.periods, _through(whole, period, amounts, handed), strict=True):
            found[id(inner)] = its
            order.append(inner)
    return Cascade(kpi, tuple(parts))


def _through(
    whole: _Member, period: _Period, amounts: _Amounts, handed: _Amounts
) -> list[tuple[_Amounts, _Amounts]]:
    """Return the amounts in each of the periods inside `period`, for everybody."""
    if not period.periods:
        return []
    made: list[tuple[_Amounts, _Amounts]] = [({}, {}) for _ in period.periods]
    key = (whole.level, whole.name)
    for (own, _), cell in zip(
        made, _split(amounts[key], [one.weight for one in period.periods]), strict=True
    ):
        own[key] = cell
    for member in whole.below():
        key = (member.level, member.name)
        columns = [own[key] for own, _ in made]
        if handed[key] != amounts[key]:
            columns = _split(handed[key], columns)
        for (_, given), cell in zip(made, columns, strict=True):
            given[key] = cell
        rows = [amounts[one.level, one.name] for one in member.members]
        for one, line in zip(member.members, spread(rows, columns) if rows else (), strict=True):
            for (own, _), cell in zip(made, line, strict=True):
                own[one.level, one.name] = cell
    return made


def _share(member: _Member, handed: int, amounts: _Amounts) -> None:
    if member.members:
        for one, cell in zip(
            member.members, _split(handed, [one.weight for one in member.members]), strict=True
        ):
            amounts[one.level, one.name] = cell


def _split(pieces: int, weights: Sequence[float]) -> list[int]:
    """Split, but leave nothing to be nothing: a team of weight 0 has reps of weight 0."""
    return largest_remainder(pieces, weights) if pieces else [0] * len(weights)


def _raise(pieces: int, buffer: Decimal) -> int:
    return int((pieces * (1 + buffer)).to_integral_value(ROUND_HALF_UP))


def _pieces(target: float | Decimal, scale: int) -> int:
    exact = Decimal(str(target)) * scale
    if not exact.is_finite() or exact < 0 or exact != exact.to_integral_value():
        raise UserError(
            "target {value} is not {wanted}; give {wanted}",
            value=target,
            wanted=_wanted(scale),
        )
    return int(exact)


def _wanted(scale: int) -> Text:
    if scale == 1:
        return Text("a whole number of 0 or more", "不小于0的整数")
    return Text("an amount of 0 or more with at most 2 decimals", "不小于0、最多两位小数的金额")


def _member(
    company: str, people: Mapping[str, Mapping[str, float]], buffers: Mapping[Level, float]
) -> _Member:
    names = [company, *people, *(rep for reps in people.values() for rep in reps)]
    for name in names:
        if names.count(name) > 1:
            raise UserError(
                "{name} stands twice among company, teams and reps; give each a name of its own", name=name
            )
    extra: dict[str, Decimal] = {}
    for level, value in buffers.items():
        if level not in LEVELS[:-1] or not 0 <= value < 1:
            raise UserError(
                "buffer {level}: {value} cannot be used; give company or team a share from 0 to below 1",
                level=level,
                value=value,
            )
        extra[level] = Decimal(str(value))
    weights = [weight for reps in people.values() for weight in reps.values()]
    # The same refusal as in splitting, before anything is added up; a NaN is neither 0 nor more.
    if not weights or not all(0 <= weight < float("inf") for weight in weights) or not any(weights):
        raise UserError(
            "cannot split by the weights {weights}; give numbers of 0 or more, not all 0", weights=weights
        )
    teams = tuple(
        _Member(
            "team", team, team, sum(reps.values()), extra.get("team", Decimal(0)),
            tuple(_Member("person", rep, team, weight, Decimal(0)) for rep, weight in reps.items()),
        )
        for team, reps in people.items()
    )  # fmt: skip
    return _Member("company", company, "", 1.0, extra.get("company", Decimal(0)), teams)


def _year(year: int, first: int, season: Sequence[float], calendar: Calendar | None) -> _Period:
    if not 1 <= first <= 12:
        raise UserError("fiscal year start {value} is not a month; give 1 to 12", value=first)
    if len(season) != 12 or not all(0 <= weight < float("inf") for weight in season) or not any(season):
        raise UserError(
            "season {value}: not twelve weights; give one of 0 or more for each month, January first, not all 0",
            value=list(season),
        )
    start = date(year, first, 1)
    whole = Window(start, shift(start, 12), shift(start, 12))
    quarters = []
    for label, quarter in cut(whole, "quarter", first):
        months = []
        for name, month in cut(quarter, "month"):
            weeks = [
                _Period("week", week, span.start, span.end, working_days(calendar, span.start, span.end))
                for week, span in cut(month, "week")
            ]
            if not any(week.weight for week in weeks):  # a month off is still a month that has a target
                weeks = [
                    _Period("week", one.label, one.start, one.end, (one.end - one.start).days)
                    for one in weeks
                ]
            months.append(
                _Period("month", name, month.start, month.end, season[month.start.month - 1], tuple(weeks))
            )
        weight = sum(month.weight for month in months)
        quarters.append(_Period("quarter", label, quarter.start, quarter.end, weight, tuple(months)))
    return _Period("year", cut(whole, "year", first)[0][0], whole.start, whole.end, 1.0, tuple(quarters))


def working_days(calendar: Calendar | None, start: date, end: date) -> int:
    """Return the working days of ``[start, end)``: by the calendar's weekdays, holidays and swapped days."""
    weekdays = calendar.workdays if calendar else (0, 1, 2, 3, 4)
    off, extra = (set(calendar.holidays), set(calendar.extra_workdays)) if calendar else (set(), set())
    days = (start + timedelta(days=k) for k in range((end - start).days))
    return sum(day in extra or (day.weekday() in weekdays and day not in off) for day in days)


def gaps(made: Cascade) -> list[tuple[Part, int]]:
    """Return the parts whose shorter periods or whose people do not add up, with the pieces too many (+) or missing.

    Empty for what :func:`break_down` makes; for a cascade that somebody has changed by hand.
    """
    # Looking for the children of each part among all others would be slow for a large team.
    named: dict[str, list[Part]] = {}
    timed: dict[tuple[Grain, date], list[Part]] = {}
    for part in made.parts:
        named.setdefault(part.name, []).append(part)
        timed.setdefault((part.grain, part.start), []).append(part)
    found = []
    for part in made.parts:
        below = _below(part, timed[part.grain, part.start])
        for children, whole in ((_sooner(part, named[part.name]), part.pieces), (below, part.handed)):
            over = sum(one.pieces for one in children) - whole
            if children and over:
                found.append((part, over))
    return found


def _sooner(part: Part, among: Sequence[Part]) -> tuple[Part, ...]:
    if part.grain == GRAINS[-1]:
        return ()
    finer = GRAINS[GRAINS.index(part.grain) + 1]
    return tuple(
        one
        for one in among
        if (one.level, one.name, one.grain) == (part.level, part.name, finer)
        and part.start <= one.start < part.end
    )


def _below(part: Part, among: Sequence[Part]) -> tuple[Part, ...]:
    if part.level == LEVELS[-1]:
        return ()
    level = LEVELS[LEVELS.index(part.level) + 1]
    return tuple(
        one
        for one in among
        if (one.level, one.grain, one.start) == (level, part.grain, part.start)
        and (part.level == "company" or one.team == part.team)
    )


__all__ = [
    "FLAT",
    "GRAINS",
    "GRAIN_NAMES",
    "LEVELS",
    "LEVEL_NAMES",
    "Cascade",
    "Grain",
    "Level",
    "Part",
    "break_down",
    "gaps",
    "working_days",
]
