"""A folder for the quarter: the review, and one sheet per rep for the talks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from kpisim.crm.follow import aims_on
from kpisim.crm.replay import as_of
from kpisim.experiment.advice import rules
from kpisim.kpi.goals.targets import read_targets
from kpisim.kpi.tracking.aims import names_of
from kpisim.kpi.tracking.decisions import read_decisions
from kpisim.kpi.tracking.notes import read_notes
from kpisim.kpi.tracking.one_to_one import employed, one_to_one
from kpisim.kpi.tracking.review import quarter_aims, quarter_of, review
from kpisim.report.one_to_one import one_to_one_html
from kpisim.report.review import review_html
from kpisim.text.writing import writing_folder

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from kpisim.crm.discover import Source
    from kpisim.kpi.tracking.aims import Aim
    from kpisim.tables import Tables
    from kpisim.text import Text

_NAME = "".join(map(chr, range(32))) + '<>:"/\\|?*'


def review_pack(
    source: Source,
    quarter: str | None,
    out: Path,
    *,
    targets: Path | None = None,
    notes: Path | None = None,
    decisions: Path | None = None,
) -> list[Path]:
    """Write the review of a quarter and a one-to-one sheet per rep who worked in it.

    Parameters
    ----------
    source
        Tables and their title.
    quarter
        Like 2027Q2; None for the latest one that the records hold whole.
    out
        Folder to write into.
    targets, notes, decisions
        Files; without targets the target table is taken.

    Returns
    -------
    list of Path
        The review first.

    Raises
    ------
    UserError
        A quarter that is not in the records, a file that cannot be read, or a place that cannot be written to.
    """
    tables = source.tables
    label, period = quarter_of(tables, quarter)
    on = min(period.end, tables.meta.end) - timedelta(days=1)
    known = as_of(tables, on)
    histories = {} if targets is None else read_targets(targets)
    aims = quarter_aims(lambda day: aims_on(known, day, targets), period, on)
    said = [] if notes is None else read_notes(notes, list(histories) or names_of(aims))
    judged = [] if decisions is None else read_decisions(decisions)
    made = review(known, label, period, aims, targets=histories.values(), notes=said, decisions=judged)
    currency = tables.meta.currency
    tries: dict[str, list[Text]] = {}
    for rule in rules():
        for name in rule.kpis:
            tries.setdefault(name, []).append(rule.attempt)
    with writing_folder(out):
        people = out / "one_to_one"
        people.mkdir(parents=True, exist_ok=True)
        files = [out / "review.html"]
        files[0].write_text(review_html(made, source.name, currency), encoding="utf-8")
        ended = on + timedelta(days=1) == period.end
        for rep in employed(known, on, on + timedelta(days=1)):
            own = [aim for aim in aims if aim.reps == (rep,)] or _own(known, on, targets, rep)
            after = _own(known, period.end, targets, rep) if ended else []
            sheet = one_to_one(known, rep, period, on, own, notes=said, tries=tries, following=after)
            # A name may hold what no file may be called.
            file = people / f"{rep.translate(dict.fromkeys(map(ord, _NAME), '_'))}.html"
            file.write_text(one_to_one_html(sheet, currency), encoding="utf-8")
            files.append(file)
    return files


def _own(tables: Tables, day: date, targets: Path | None, rep: str) -> list[Aim]:
    """Return a rep's own targets: of the file where it has any of theirs, else of the target table."""
    return (targets is not None and aims_on(tables, day, targets, rep)) or aims_on(tables, day, None, rep)


__all__ = ["review_pack"]
