"""What the command line calls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpisim.report.parameters import ReportParameters
from kpisim.text import Language, UserError, language

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd


def report(  # noqa: PLR0913  (one for each option of the command line)
    name: str | None,
    sets: Mapping[str, Any],
    versus: str | None,
    versus_sets: Mapping[str, Any],
    lang: Language,
    replications: int,
    seed: int,
    out: Path,
    xlsx: bool,  # noqa: FBT001
    data: Path | str | None = None,
    mapping: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    workers: int | None = None,
    sensitivity: bool = False,
    stories: bool = False,
    calibration: bool = False,
) -> Path:
    """Build one report and return its path.

    Parameters
    ----------
    name, sets, versus, versus_sets, lang, replications, seed, data, mapping
        As in :class:`ReportParameters`.
    out
        A folder, or a file that ends in ``.html``.
    xlsx
        Also write the workbook.
    progress
        Called with (cells begun, cells in all).
    workers
        Processes to run on; None means all cores.
    sensitivity
        Also screen which assumption moves which KPI.
    stories
        Also tell three stories with numbers from runs.
    calibration
        Also fit a scenario to own tables and play it beside them.
    """
    from kpisim.report.build import build_report  # noqa: PLC0415

    checked = ReportParameters.check(
        {
            "scenario": name,
            "sets": dict(sets),
            "versus": versus,
            "versus_sets": dict(versus_sets),
            "lang": lang,
            "replications": replications,
            "seed": seed,
            "workers": workers,
            "data": data,
            "mapping": mapping,
            "sensitivity": sensitivity,
            "stories": stories,
            "calibration": calibration,
        }
    )
    out = Path(out)
    file = out.suffix.lower() in {".html", ".htm"}
    if not file and out.is_file():
        raise UserError("{path}: is a file; give a folder or a name ending in .html", path=str(out))
    made = build_report(
        checked, out.parent if file else out, xlsx=xlsx, progress=progress, name=out.stem if file else None
    )
    if file and made != out:
        made = made.replace(out)
    return made


def reports(
    file: Path, out: Path, lang: Language, progress: Callable[[int, int], None] | None = None
) -> pd.DataFrame:
    """Build the reports listed in `file` and return a row for each; `lang` is used where a report names none."""
    from kpisim.report.batch import build_batch  # noqa: PLC0415

    with language(lang):
        return build_batch(Path(file), Path(out), progress=progress)


__all__ = ["report", "reports"]
