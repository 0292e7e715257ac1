"""What a report is asked for, checked before anything is launched.

One declaration serves the command line, the batch file and the notebook's ``parameters`` cell; a test
holds the cell to it.
"""

from __future__ import annotations

from datetime import date  # noqa: TC003  (pydantic reads annotations at run time)
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import ConfigDict, Field, ValidationError, field_validator, model_validator

from kpisim.scenario import Scenario, load
from kpisim.scenario.errors import first_error
from kpisim.scenario.fields import Section, broken
from kpisim.tables.sql import address
from kpisim.text import Language, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILES = (".yaml", ".yml")


class ReportParameters(Section):
    """One report: a scenario, perhaps against a second one, or a firm's own tables.

    Examples
    --------
    >>> ReportParameters.check({"scenario": "default", "replications": 10}).replications
    10
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    scenario: str | None = Field(
        None, min_length=1, description="Library name or YAML file; default where no data are given"
    )
    sets: dict[str, Any] = Field(
        default={}, alias="set", description="Parameter path -> value for the scenario"
    )
    versus: str | None = Field(None, min_length=1, description="A second scenario to compare with")
    versus_sets: dict[str, Any] = Field(
        default={}, alias="versus_set", description="Parameter path -> value for the second scenario"
    )
    lang: Language = Field("en", description="Language of the report")
    replications: int = Field(30, ge=2, le=10_000, description="Runs of each scenario")
    seed: int = Field(1, ge=0, le=2**63 - 1, description="Seed of the first run")
    workers: int | None = Field(None, ge=1, le=256, description="Processes to run on; empty means all cores")
    data: str | None = Field(
        None, min_length=1, description="Folder, file or database with a firm's own tables"
    )
    mapping: str | None = Field(
        None, min_length=1, description="Mapping for the folder: a known export or a YAML file"
    )
    start: date | None = Field(None, description="First day reported of own tables")
    end: date | None = Field(None, description="First day after those reported of own tables")
    title: str | None = Field(
        None, max_length=120, description="Title of the report; by default the scenario's"
    )
    xlsx: bool = Field(default=False, description="Also write the numbers as a workbook")
    sensitivity: bool = Field(default=False, description="Also screen which assumption moves which KPI")
    stories: bool = Field(default=False, description="Also tell three stories with numbers from runs")
    calibration: bool = Field(default=False, description="Also fit a scenario to own tables and play it")

    @field_validator("scenario", "versus", "data", "mapping", mode="before")
    @classmethod
    def _paths_are_texts(cls, value: Any) -> Any:
        return str(value) if isinstance(value, Path) else value

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if self.data is None:
            if self.mapping is not None:
                raise broken("mapping", "a mapping needs data; give the folder as data")
            if self.start is not None or self.end is not None:
                raise broken(
                    "start", "only own data have a period; set calendar.start of the scenario instead"
                )
            if self.calibration:
                raise broken("calibration", "a scenario is fitted to own data; give the folder as data")
            return self
        if self.stories:
            raise broken("stories", "the stories are played scenarios; leave them out for own data")
        if self.sensitivity:
            raise broken("sensitivity", "only a scenario rests on assumptions; leave it out for own data")
        if self.scenario is not None or self.sets or self.compares:
            raise broken("data", "a report is about data or about a scenario; give one of them")
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise broken("end", "the end must lie after the start")
        return self

    @classmethod
    def check(cls, values: Mapping[str, Any], where: str = "") -> ReportParameters:
        """Build parameters from plain values and load what they name, so that nothing fails later for a typo.

        Raises
        ------
        UserError
            Names the first wrong value, its rule and the remedy.
        """
        try:
            made = cls.model_validate(dict(values))
        except ValidationError as problem:
            raise first_error(problem, cls, where) from None
        if made.data is None:
            made.scenarios()
        elif "://" in made.data:
            address(made.data)
        elif not Path(made.data).exists():
            raise UserError("{path}: no such folder; check the path", path=made.data)
        elif made.mapping is not None:
            from kpisim.crm import load_mapping  # noqa: PLC0415

            load_mapping(made.mapping)
        return made

    @property
    def compares(self) -> bool:
        """Whether there is a second scenario."""
        return self.versus is not None or bool(self.versus_sets)

    def scenarios(self) -> tuple[Scenario, Scenario | None]:
        """Return the scenario and the one it is compared with.

        ``versus_set`` without ``versus`` varies the first scenario.
        """
        base = load(self.scenario or "default")
        first = base.derive(self.sets) if self.sets else base
        if not self.compares:
            return first, None
        second = load(self.versus) if self.versus is not None else first
        return first, second.derive(self.versus_sets) if self.versus_sets else second

    def values(self) -> dict[str, Any]:
        """Return the parameters as papermill writes them into the notebook: plain, with absolute paths."""
        plain = self.model_dump(mode="json")
        for name in ("data", "mapping", "scenario", "versus"):
            if (
                plain[name] is not None
                and Path(plain[name]).exists()
                and (name == "data" or plain[name].lower().endswith(_FILES))
            ):
                plain[name] = str(Path(plain[name]).resolve())
        return plain

    @property
    def source(self) -> str:
        """What own data are called; of a database only its name, as its address may hold a password."""
        assert self.data is not None, "own data"
        if "://" in self.data:
            return Path(address(self.data)[1]).stem
        path = Path(self.data).resolve()
        return path.stem if path.is_file() else path.name

    def stem(self) -> str:
        """Return the name of the report's files: what it is about, and its language."""
        about = self.source if self.data is not None else Path(self.scenario or "default").stem
        safe = (
            "".join(char if char.isalnum() or char in "-_" else "-" for char in about).strip("-") or "report"
        )
        against = "-versus" if self.compares else ""
        return f"{safe[:60]}{against}-{self.lang}"


__all__ = ["ReportParameters"]
