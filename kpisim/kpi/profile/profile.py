"""A profile: industry, team, currency, language, season, and the KPIs with targets and weights to start from."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.registry import kpi_with
from kpisim.kpi.scorecard.declared import Method  # noqa: TC001  (pydantic reads the annotations)
from kpisim.scenario.errors import first_error
from kpisim.scenario.fields import Section, broken
from kpisim.scenario.library import line_in, load, read_yaml
from kpisim.text import Language, Text, UserError, current_language, did_you_mean

if TYPE_CHECKING:
    from kpisim.scenario.errors import Where

MONTHS = {"month": 12, "quarter": 4, "year": 1}
"""Periods in a year."""
CURRENCIES: dict[str, float] = {
    "CNY": 1.0, "USD": 0.14, "EUR": 0.13, "GBP": 0.11, "HKD": 1.1, "TWD": 4.5, "SGD": 0.19, "JPY": 20.0,
}  # fmt: skip
"""Round figures that invented teaching amounts in CNY are multiplied by, no exchange rates."""
_WEIGHT = 1e-9


class Aim(Section):
    """One KPI of a profile: its target for the whole team and one period, its weight, and how it is scored."""

    kpi: str
    target: float = Field(gt=0, le=1e12)
    weight: float = Field(ge=0, le=1000)
    method: Method = "attainment"
    gate: bool = False

    @model_validator(mode="after")
    def _scored_by_what_is_here(self) -> Self:
        if self.method != "attainment":
            raise broken(
                "method",
                "other ways of scoring need values that a profile has not; write attainment here, and change it in scorecard.yaml",
            )
        return self


class Profile(Section):
    """Where a team starts from.

    Attributes
    ----------
    industry, team_size, currency, language
        Whose profile it is.
    period
        What the targets are for.
    season
        Factor by month, January first.
    quota
        Booked revenue of one rep in a year.
    kpis
        What is measured.
    """

    industry: str
    team_size: int = Field(ge=1, le=1000)
    currency: str
    language: Language = "zh"
    period: Literal["month", "quarter", "year"] = "quarter"
    season: tuple[Annotated[float, Field(gt=0, le=100)], ...] = Field(min_length=12, max_length=12)
    quota: float = Field(gt=0, le=1e12)
    kpis: tuple[Aim, ...] = Field(min_length=1, max_length=30)

    @model_validator(mode="after")
    def _counts(self) -> Self:
        if sum(aim.weight for aim in self.kpis) <= _WEIGHT:
            raise broken("kpis", "all weights are 0; give at least one line a weight")
        return self

    @property
    def factor(self) -> float:
        """What amounts of the ready scenario are multiplied by."""
        return CURRENCIES[self.currency]


@cache
def _book() -> dict[str, Any]:
    return read_yaml(Path(__file__).with_name("industries.yaml"))


def industries() -> dict[str, Text]:
    """Return the industries: name -> title in the reader's language."""
    return {name: Text(one["title"]["en"], one["title"]["zh"]) for name, one in _book().items()}


def base_scenario(industry: str) -> str:
    """Return the ready scenario that an industry starts from."""
    return str(_book()[industry]["scenario"])


def _industry(name: str) -> str:
    asked = name.strip().casefold().replace(" ", "_").replace("-", "_")
    spelt = {word: known for known, one in _book().items() for word in (known, *one["also"])}
    if asked in spelt:
        return spelt[asked]
    near = did_you_mean(asked, _book())
    raise UserError("{name}: no such industry; {remedy}", name=name, remedy=near)


def _currency(code: str) -> str:
    known = code.strip().upper()
    if known not in CURRENCIES:
        raise UserError(
            "{name}: no such currency here; known: {names}", name=code, names=", ".join(CURRENCIES)
        )
    return known


def profile(
    industry: str, team_size: int | None = None, currency: str = "CNY", language: Language | None = None
) -> Profile:
    """Return the profile that a team of an industry starts from.

    Parameters
    ----------
    industry
        A name of :func:`industries`, or one of its other names in zh or en.
    team_size
        Number of reps; by default that of the ready scenario.
    currency
        A key of `CURRENCIES`.
    language
        Of what is written; by default the current one.

    Raises
    ------
    UserError
        Unknown industry or currency, or a size outside 1 to 1000.
    """
    name, money = _industry(industry), _currency(currency)
    one, base = _book()[name], load(base_scenario(name))
    size = base.team.size if team_size is None else team_size
    quota = rounded(base.kpi.quota * CURRENCIES[money])
    aims = []
    for row in one["kpis"]:
        unit = lookup(row["kpi"]).unit
        if unit == "money":
            target = quota * row["share"] * size / MONTHS[one["period"]]
        else:
            target = row["target"] * (size if unit == "count" else 1)
        rest = {key: row[key] for key in ("kpi", "weight", "method", "gate") if key in row}
        aims.append({"target": float(target), **rest})
    return _checked(
        {
            "industry": name, "team_size": size, "currency": money, "language": language or current_language(),
            "period": one["period"], "season": one["season"], "quota": quota, "kpis": aims,
        },
        name,
    )  # fmt: skip


def read_profile(path: str | Path) -> Profile:
    """Read a profile that was written before and perhaps changed by hand.

    Raises
    ------
    UserError
        A file that cannot be read, a value against its rule, an unknown KPI, or a target that no rate can reach.
    """
    file = Path(path)
    data = read_yaml(file)
    made = _checked(data, partial(line_in, file))
    for place, aim in enumerate(made.kpis):
        kpi_with(aim.kpi, aim.target, partial(_place, file, place))
    return made.model_copy(
        update={"industry": _industry(made.industry), "currency": _currency(made.currency)}
    )


def _place(file: Path, row: int, name: str) -> str:
    return line_in(file, ("kpis", str(row), name))


def _checked(data: dict[str, Any], where: Where) -> Profile:
    try:
        return Profile.model_validate(data)
    except ValidationError as problem:
        raise first_error(problem, Profile, where) from None


def rounded(amount: float) -> float:
    """Return an amount with three figures: a quota of 235,714.29 would look as if it were measured."""
    return float(f"{amount:.3g}")


__all__ = ["CURRENCIES", "Aim", "Profile", "base_scenario", "industries", "profile", "read_profile"]
