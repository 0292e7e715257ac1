"""Targets followed on a day: the tables as they were known then, targets and notes from files."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kpisim.crm.replay import as_of
from kpisim.kpi.facts import Facts
from kpisim.kpi.goals.targets import read_targets
from kpisim.kpi.measures import reps_named
from kpisim.kpi.tracking.aims import aims_of_table, aims_of_targets, names_of
from kpisim.kpi.tracking.follow import follow
from kpisim.kpi.tracking.forecast.period import last_day
from kpisim.kpi.tracking.notes import read_notes
from kpisim.kpi.window import as_date
from kpisim.text import UserError, did_you_mean

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from kpisim.kpi.tracking.aims import Aim
    from kpisim.kpi.tracking.follow import Tracked
    from kpisim.tables import Tables


def aims_on(tables: Tables, on: date, targets: Path | None = None, rep: str | None = None) -> list[Aim]:
    """Return the targets in force on `on`: those of a file, else those of the target table.

    Raises
    ------
    UserError
        A file that cannot be read, or a rep whom the tables do not know.
    """
    if rep is not None and rep not in (known := reps_named(Facts(tables))):
        raise UserError("{name}: no such rep; {remedy}", name=rep, remedy=did_you_mean(rep, known))
    if targets is None:
        return aims_of_table(tables, on, rep)
    aims = aims_of_targets(read_targets(targets).values(), tables, on)
    return aims if rep is None else [aim for aim in aims if aim.reps == (rep,)]


def tracked_on(
    tables: Tables,
    on: date | str | None = None,
    targets: Path | None = None,
    notes: Path | None = None,
    rep: str | None = None,
) -> Tracked:
    """Return the tracking board of a day, knowing nothing of later ones.

    Parameters
    ----------
    tables
        Tables of a run or of a firm.
    on
        The day; by default the last one of the records.
    targets, notes
        Files; without targets the target table is taken.
    rep
        Only this rep's targets.

    Raises
    ------
    UserError
        A day outside the records, or a file that cannot be read.
    """
    day = _last(tables, targets) if on is None else as_date(on, "--on")
    known = as_of(tables, day)
    aims = aims_on(known, day, targets, rep)
    names = [] if targets is None else list(read_targets(targets))
    said = [] if notes is None else read_notes(notes, names or names_of(aims))
    return follow(known, aims, day, said)


def _last(tables: Tables, targets: Path | None) -> date:
    """Return the last day of the records; where the target table ends before, its last day."""
    day, ends = last_day(tables), tables["targets"]["period_end"]
    if targets is not None or not len(ends):
        return day
    over: date = ends.max().date() - timedelta(days=1)
    return max(min(day, over), tables.meta.start)


__all__ = ["aims_on", "tracked_on"]
