"""A list of reports; a failed one becomes a row that says why, and the rest goes on."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kpisim.report.build import build_report
from kpisim.report.parameters import ReportParameters
from kpisim.show.numbers import rows_of
from kpisim.text import UserError, current_language, t
from kpisim.text.cells import align

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

COLUMNS = ("report", "title", "status", "message", "path", "seconds")
INDEX = "index"
"""The page that names the others; no report may take its place."""


def build_batch(
    file: Path, out_dir: Path, progress: Callable[[int, int], None] | None = None
) -> pd.DataFrame:
    """Build every report of a YAML list and an index page.

    Parameters
    ----------
    file
        A list of parameter sets, or ``reports:`` with the list below it; ``name`` gives the file's stem.
    out_dir
        Folder to write into.
    progress
        Called with (reports done, reports in all).

    Returns
    -------
    DataFrame
        One row per report: ``report, title, status`` (``ok`` or ``failed``), ``message, path, seconds``.
    """
    import time  # noqa: PLC0415

    import pandas as pd  # noqa: PLC0415

    entries = read_batch(Path(file))
    out_dir = Path(out_dir)
    rows: list[dict[str, Any]] = []
    used = {INDEX}
    for place, entry in enumerate(entries, start=1):
        began = time.perf_counter()
        values = dict(entry) if isinstance(entry, dict) else {}
        name = str(values.pop("name", "") or "")
        row: dict[str, Any] = {
            "report": name or f"{place}",
            "title": str(values.get("title") or values.get("scenario") or values.get("data") or "default")
            if isinstance(entry, dict)
            else "",
            "status": "failed",
            "message": "",
            "path": "",
        }
        try:
            _must_be_parameters(entry, place)
            values.setdefault("lang", current_language())
            checked = ReportParameters.check(
                _from(values, Path(file).parent), t("report {place}", place=place)
            )
            stem = _stem(name, checked, used)
            row["report"] = stem
            row["path"] = build_report(checked, out_dir, name=stem).name
            row["status"] = "ok"
        except UserError as problem:
            row["message"] = str(problem)
        except Exception as problem:  # noqa: BLE001  (one broken report must not take the others along)
            row["message"] = f"{type(problem).__name__}: {' '.join(str(problem).split())}"[:300]
        row["seconds"] = round(time.perf_counter() - began, 1)
        rows.append(row)
        if progress is not None:
            progress(place, len(entries))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    out_dir.mkdir(parents=True, exist_ok=True)
    (out_dir / f"{INDEX}.html").write_text(index_page(frame), encoding="utf-8")
    return frame


def read_batch(file: Path) -> list[Any]:
    """Return the parameter sets in `file`.

    Raises
    ------
    UserError
        Missing file, no YAML, or no list in it.
    """
    from kpisim.scenario.library import read_any_yaml  # noqa: PLC0415

    data = read_any_yaml(file)
    if isinstance(data, dict) and set(data) == {"reports"}:
        data = data["reports"]
    if not isinstance(data, list) or not data:
        raise UserError(
            "{path}: must hold a list of reports; begin each with “- scenario: NAME”", path=str(file)
        )
    return data


def _must_be_parameters(entry: Any, place: int) -> None:
    if not isinstance(entry, dict):
        raise UserError(
            "report {place}: {value} is not a set of parameters; write name: value",
            place=place,
            value=str(entry)[:40],
        )


def _from(values: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Resolve relative files beside the batch file, where they lie there."""
    found = dict(values)
    for key in ("scenario", "versus", "data", "mapping"):
        value = found.get(key)
        if (
            isinstance(value, str)
            and (folder / value).exists()
            and (key == "data" or value.lower().endswith((".yaml", ".yml")))
        ):
            found[key] = str(folder / value)
    return found


def _stem(name: str, checked: ReportParameters, used: set[str]) -> str:
    """Return a file stem nobody has taken in this batch; case is ignored, as Windows does."""
    base = (
        "".join(char if char.isalnum() or char in "-_" else "-" for char in name).strip("-") or checked.stem()
    )
    stem, count = base, 2
    while stem.casefold() in used:
        stem, count = f"{base}-{count}", count + 1
    used.add(stem.casefold())
    return stem


def batch_lines(frame: pd.DataFrame) -> list[str]:
    """Return a line for each report: what it is about, whether it was made, and where it lies or why there is none."""
    rows = [[t("Report"), t("About"), t("Status"), t("Seconds"), t("Message")]]
    rows += [
        [
            str(row["report"]),
            str(row["title"]),
            t("done") if row["status"] == "ok" else t("failed"),
            f"{row['seconds']:.1f}",
            str(row["path"] if row["status"] == "ok" else row["message"]),
        ]
        for row in rows_of(frame)
    ]
    return align(rows, [False, False, False, True, False])


def index_page(frame: pd.DataFrame) -> str:
    """Return the index of a batch as a page that needs nothing else."""
    from urllib.parse import quote  # noqa: PLC0415

    from kpisim.report.shell import whole_page  # noqa: PLC0415

    failed = int((frame["status"] == "failed").sum())
    lines = []
    for row in rows_of(frame):
        done = row["status"] == "ok"
        name = (
            f'<a href="{quote(row["path"])}">{escape(row["report"])}</a>'
            if done
            else escape(str(row["report"]))
        )
        state = f'<span aria-hidden="true">{"✓" if done else "✗"}</span> {t("done") if done else t("failed")}'
        lines.append(
            f'<tr><th scope="row">{name}</th><td>{escape(str(row["title"]))}</td><td class="{"" if done else "bad"}">{state}</td>'
            f'<td>{escape(row["message"])}</td><td class="n">{row["seconds"]:.1f}</td></tr>'
        )
    heads = "".join(
        f'<th scope="col"{kind}>{escape(text)}</th>'
        for text, kind in (
            (t("Report"), ""),
            (t("About"), ""),
            (t("Status"), ""),
            (t("Message"), ""),
            (t("Seconds"), ' class="n"'),
        )
    )
    told = escape(t("{n} reports, {failed} failed", n=len(frame), failed=failed))
    return whole_page(
        t("Reports"),
        [
            f'<p class="lead">{told}</p>',
            f'<div class="wide"><table><thead><tr>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>',
        ],
    )


__all__ = ["COLUMNS", "batch_lines", "build_batch", "index_page", "read_batch"]
