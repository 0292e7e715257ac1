"""From a profile to the files that the other commands take: a scorecard, a scenario, and the profile itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml
from pydantic import BaseModel

from kpisim.kpi.profile.profile import base_scenario, industries, rounded
from kpisim.kpi.registry import kpi as lookup
from kpisim.kpi.scorecard.declared import Line, Scorecard
from kpisim.kpi.shown import show
from kpisim.scenario.library import load
from kpisim.scenario.library import save as save_scenario
from kpisim.text import Text, UserError, language, t
from kpisim.text.cells import align
from kpisim.text.numbers import percent
from kpisim.text.writing import writing_folder

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.kpi.profile.profile import Profile
    from kpisim.scenario import Scenario

PERIODS = {
    "month": Text("month", "月"),
    "quarter": Text("quarter", "季度"),
    "year": Text("year", "年度"),
}
FILES = ("profile.yaml", "scorecard.yaml", "scenario.yaml")


def scorecard_of(made: Profile) -> Scorecard:
    """Return the scorecard of the team for one period."""
    lines = tuple(
        Line(kpi=aim.kpi, target=aim.target, weight=aim.weight, method=aim.method, gate=aim.gate)
        for aim in made.kpis
    )
    return Scorecard(name=made.industry, level="team", lines=lines)


def scenario_of(made: Profile) -> Scenario:
    """Return the ready scenario of the industry with the profile's team, season, currency and targets."""
    base = load(base_scenario(made.industry))
    titles = industries()[made.industry]
    targets = [
        {
            "name": aim.kpi,
            "kpi": aim.kpi,
            "level": "team",
            "period": made.period,
            "target": aim.target,
            "weight": round(aim.weight / sum(one.weight for one in made.kpis), 4),
        }
        for aim in made.kpis
        if aim.kpi in _scheme_kpis()
    ]
    sets: dict[str, Any] = {
        **_money(base, made.factor),
        "name": f"{made.industry}_{made.team_size}",
        "title_en": f"{titles.en}, {made.team_size} reps",
        "title_zh": f"{titles.zh}，{made.team_size}人",
        "story_en": "Where a team may start from; figures are assumptions made for teaching.",
        "story_zh": "团队的起步设定；数字均为教学假设。",
        "currency": made.currency,
        "team.size": made.team_size,
        "market.season": list(made.season),
        "kpi.quota": made.quota,
        "kpi.targets": targets,
    }
    return base.derive(sets)


def write_profile(made: Profile, folder: Path) -> list[Path]:
    """Write the three files; what is there is never overwritten.

    Raises
    ------
    UserError
        One of the files is there, or the folder cannot be written to.
    """
    places = [folder / name for name in FILES]
    for place in places:
        if place.exists():
            raise UserError("{path}: is there already; choose another folder with -o", path=str(place))
    card, scenario = scorecard_of(made), scenario_of(made)
    with language(made.language), writing_folder(folder):
        folder.mkdir(parents=True, exist_ok=True)
        assumed = t(
            "# Where to start from: every figure is an assumption made for teaching. Put in your own."
        )
        again = t("# Change what you like, then: kpisim profile profile.yaml -o NEW_FOLDER")
        period = t("# Targets of the whole team for one {period}.", period=PERIODS[made.period])
        _write(places[0], [assumed, again, period], made.model_dump(mode="json"))
        _write(places[1], [assumed, period], card.model_dump(mode="json", exclude_defaults=True))
        save_scenario(scenario, places[2])
    return places


def profile_lines(made: Profile) -> list[str]:
    """Return a profile as aligned text in the reader's language."""
    total = sum(aim.weight for aim in made.kpis)
    rows = [[t("KPI"), t("target of the team"), t("weight")]]
    rows += [
        [str(lookup(aim.kpi).title), show(aim.target, lookup(aim.kpi).unit), percent(aim.weight / total, 0)]
        for aim in made.kpis
    ]
    high = max(range(12), key=lambda month: made.season[month])
    low = min(range(12), key=lambda month: made.season[month])
    return [
        t(
            "{industry}: {size} reps, money in {currency}, targets by the {period}",
            industry=industries()[made.industry],
            size=made.team_size,
            currency=made.currency,
            period=PERIODS[made.period],
        ),
        *align(rows, [False, True, True]),
        t("Season: strongest in month {high}, weakest in month {low}.", high=high + 1, low=low + 1),
        t("All figures are assumptions made for teaching; put in your own."),
    ]


def _write(place: Path, head: list[str], data: dict[str, Any]) -> None:
    body = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    place.write_text("\n".join([*head, body]), encoding="utf-8")


def _scheme_kpis() -> tuple[str, ...]:
    from typing import get_args  # noqa: PLC0415

    from kpisim.scenario.kpi_scheme import KpiName  # noqa: PLC0415

    return get_args(KpiName)


def _money(base: Scenario, factor: float) -> dict[str, Any]:
    """Return every amount of money of a scenario times `factor`, by path; its declared unit says what is money."""
    if factor == 1:
        return {}
    found: dict[str, Any] = {}
    for name in type(base).model_fields:
        value = getattr(base, name)
        # The scheme's targets are those of the profile.
        if isinstance(value, BaseModel) and name != "kpi":
            scaled, changed = _scaled(value, factor)
            found |= {f"{name}.{key}": scaled[key] for key in changed}
    return found


def _scaled(section: BaseModel, factor: float) -> tuple[dict[str, Any], set[str]]:
    made, changed = section.model_dump(mode="json"), set()
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        extra = field.json_schema_extra
        unit = str(extra.get("unit", "")) if isinstance(extra, dict) else ""
        if value is None:
            continue  # an amount that is not given
        if unit.split("/")[0] == "money":
            made[name] = (
                [rounded(one * factor) for one in value]
                if isinstance(value, tuple)
                else rounded(value * factor)
            )
            changed.add(name)
        elif isinstance(value, BaseModel):
            inner, touched = _scaled(value, factor)
            if touched:
                made[name] = inner
                changed.add(name)
        elif isinstance(value, tuple) and value and isinstance(value[0], BaseModel):
            parts = [_scaled(one, factor) for one in value]
            if any(touched for _, touched in parts):
                made[name] = [inner for inner, _ in parts]
                changed.add(name)
    return made, changed


__all__ = ["FILES", "profile_lines", "scenario_of", "scorecard_of", "write_profile"]
