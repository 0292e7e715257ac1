"""What a comparison of two teams that differ in training says about output: now, later, and whether it has paid back.

It reads the runs of a comparison that was played anyway, so it costs no run of its own; two years take
:func:`kpisim.experiment.break_even`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any, Self

from kpisim.experiment.break_even import PATH, booked_more, turned
from kpisim.experiment.result import t_interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from kpisim.experiment.experiment import Comparison


@dataclass(frozen=True, slots=True)
class Span:
    """Difference of bookings over some weeks, mean over paired runs.

    Attributes
    ----------
    first, last
        Weeks, both counted in.
    difference, low, high
        Mean difference and its 95 % interval [money].
    """

    first: int
    last: int
    difference: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Payback:
    """Bookings of the second team minus those of the first, week by week, where the second has other training.

    Attributes
    ----------
    before, hours
        Training hours per rep and month on either side.
    alone
        Whether training is all they differ in; where it is not, the numbers are of everything together.
    runs
        Paired runs.
    now
        Weeks before anything learnt shows.
    later
        Weeks after that; None where the horizon ends before.
    path
        Mean sum up to each week [money].
    turn
        Week from which more training stays ahead, or less training stays behind, to the end; None where it does not.
    """

    before: float
    hours: float
    alone: bool
    runs: int
    now: Span
    later: Span | None
    path: tuple[float, ...]
    turn: int | None

    @property
    def raised(self) -> bool:
        """Whether the second team is trained more."""
        return self.hours > self.before

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Self:
        """Return what :func:`dataclasses.asdict` and JSON made of one."""
        spans = {name: row[name] and Span(**row[name]) for name in ("now", "later")}
        return cls(**(dict(row) | spans | {"path": tuple(row["path"])}))


def payback(versus: Comparison) -> Payback | None:
    """Return what a comparison says about training; None where both teams are trained alike or hardly a run is left.

    Parameters
    ----------
    versus
        Base and variant.  Training that the variant changes at the first day or from the beginning on counts.
    """
    a, b = versus.a.scenario, versus.b.scenario
    before, hours = _hours(a), _hours(b)
    weeks = booked_more(versus)
    if hours == before or len(weeks) < 2:
        return None
    changes = [*a.model_dump()["changes"], {"at": a.calendar.start, "set": {PATH: hours}}]
    alone = b.digest() in {a.derive({PATH: hours}).digest(), a.derive({"changes": changes}).digest()}
    count = weeks.shape[1]
    lag = min(max(round(b.team.training_lag_weeks), 1), count)
    mean = weeks.cumsum(axis=1).mean(axis=0)
    turn = turned(mean if hours > before else -mean)
    return Payback(
        before=before,
        hours=hours,
        alone=alone,
        runs=len(weeks),
        now=_span(weeks, 1, lag),
        later=_span(weeks, lag + 1, count) if lag < count else None,
        path=tuple(float(one) for one in mean),
        turn=int(turn) if isfinite(turn) else None,
    )


def _hours(scenario: Any) -> float:
    """Return the training in force on the first day that is measured."""
    hours: float = scenario.team.training_hours
    for change in sorted(scenario.changes, key=lambda one: one.at):
        if change.at <= scenario.calendar.start and PATH in change.set:
            # As it stands: 12 and 12.0 have different digests.
            hours = change.set[PATH]
    return hours


def _span(weeks: NDArray[np.float64], first: int, last: int) -> Span:
    return Span(first, last, *t_interval(weeks[:, first - 1 : last].sum(axis=1)))


__all__ = ["Payback", "Span", "payback"]
