"""What a report is about: a run, perhaps a comparison, or a firm's own tables."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kpisim.report.parameters import ReportParameters
from kpisim.text import set_language

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from kpisim.experiment import Comparison, Result
    from kpisim.experiment.screening import Sensitivity
    from kpisim.scenario import Scenario
    from kpisim.tables import Tables


@dataclass(frozen=True)
class Content:
    """Everything the sections read.

    Attributes
    ----------
    parameters
        What was asked for.
    result, comparison
        Of a scenario; None for own tables, and where nothing is compared.
    tables, kpis
        Of own tables: the frames and the measured KPIs.
    sensitivity
        Screening of the assumptions: the one asked for, or one that is in the cache anyway.
    seconds
        Time the simulation or the import took.
    created
        When, with the zone.
    """

    parameters: ReportParameters
    result: Result | None = None
    comparison: Comparison | None = None
    tables: Tables | None = None
    kpis: pd.DataFrame | None = None
    sensitivity: Sensitivity | None = None
    seconds: float = 0.0
    created: datetime = field(default_factory=lambda: datetime.now(UTC).astimezone())

    def __repr__(self) -> str:
        about = self.parameters.source if self.parameters.data else self.parameters.scenario or "default"
        return f"Content({about!r})"

    @property
    def currency(self) -> str:
        """Currency of all money."""
        if self.result is not None:
            return self.result.scenario.currency
        return self.tables.meta.currency if self.tables is not None else "CNY"

    @property
    def window(self) -> tuple[Any, Any]:
        """First day reported of own tables, and first day after."""
        assert self.tables is not None
        meta = self.tables.meta
        return self.parameters.start or meta.start, self.parameters.end or meta.end

    @cached_property
    def quiet_since(self) -> date | None:
        """Day of the last new opportunity or order, where old cases alone go on for over a month after it; else None."""
        from kpisim.kpi.board import stopped  # noqa: PLC0415

        assert self.tables is not None
        last = stopped(self.tables)
        first, end = self.window
        return last if last is not None and first <= last < end else None

    @property
    def active(self) -> tuple[Any, Any]:
        """`window` as far as anything new was begun in it: a month of payments alone is none of sales."""
        first, end = self.window
        last = self.quiet_since
        return first, end if last is None else last + timedelta(days=1)


def prepare(**values: Any) -> Content:
    """Check the parameters, set the language, then run the simulation or read the tables.

    Parameters
    ----------
    **values
        The notebook's parameters, see :class:`ReportParameters`.
    """
    parameters = ReportParameters.check(values)
    set_language(parameters.lang)
    began = time.perf_counter()
    if parameters.data is not None:
        return _own_tables(parameters, began)
    import kpisim  # noqa: PLC0415

    first, second = parameters.scenarios()
    runs, seed, workers = parameters.replications, parameters.seed, parameters.workers
    comparison = None if second is None else kpisim.compare(first, second, runs, seed, workers=workers)
    result = kpisim.run(first, runs, seed, workers=workers) if comparison is None else comparison.a
    seconds = time.perf_counter() - began
    return Content(parameters, result, comparison, sensitivity=_screening(parameters, first), seconds=seconds)


def _screening(parameters: ReportParameters, scenario: Scenario) -> Sensitivity | None:
    """Return the largest screening known; none is played unless one was asked for, since it costs hundreds of runs."""
    from kpisim.experiment.screening import kept, quick, sensitivity  # noqa: PLC0415

    known = kept(scenario)
    if known is not None or not parameters.sensitivity:
        return known
    return sensitivity(scenario, seed=parameters.seed, workers=parameters.workers, **quick(scenario))


def _own_tables(parameters: ReportParameters, began: float) -> Content:
    from kpisim.kpi import measure  # noqa: PLC0415
    from kpisim.report.own import read_tables  # noqa: PLC0415

    tables = read_tables(parameters)
    kpis = measure(tables, start=parameters.start, end=parameters.end)
    return Content(parameters, tables=tables, kpis=kpis, seconds=time.perf_counter() - began)


__all__ = ["Content", "prepare"]
