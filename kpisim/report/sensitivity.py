"""A sensitivity screening in a report, on a page of its own, and as tables to take home."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import pandas as pd

from kpisim.experiment.screening import DUMMY
from kpisim.experiment.screening_words import about, closing, direction, failed, half, head, plain, size
from kpisim.report.page import Block, Named, Wide, items, paragraph, picture, section, table
from kpisim.report.shell import whole_page
from kpisim.show.numbers import rows_of
from kpisim.show.tornado import tornado
from kpisim.text import current_language, t
from kpisim.text.numbers import percent

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.experiment.screening import Sensitivity
    from kpisim.report.page import Align

SHOWN = 5
"""Guesses per KPI in the table."""


def sensitivity_block(found: Sensitivity, shown: int = SHOWN) -> Block:
    """Return the section: what can be said, the tornado, the strongest guesses of every KPI, Sobol, how it was made.

    Parameters
    ----------
    found
        The screening.
    shown
        Guesses per KPI in the table.
    """
    from kpisim.kpi import kpi as known  # noqa: PLC0415

    heads: list[tuple[str, Align]] = [
        (t("assumption"), "text"),
        (t("range"), "number"),
        ("μ*", "number"),
        (t("of the KPI"), "number"),
        (t("direction"), "word"),
        ("σ", "number"),
        (t("class"), "word"),
        (t("verdict"), "word"),
    ]
    tables = []
    for kpi in found.kpis:
        mine = found.morris[found.morris["kpi"] == kpi]
        if mine.empty:
            tables.append(
                paragraph(t("{kpi}: no number at these points; play more weeks", kpi=known(kpi).title))
            )
            continue
        unit = known(kpi).unit
        top = [
            *mine[mine["path"] != DUMMY].head(shown).itertuples(),
            *mine[mine["path"] == DUMMY].itertuples(),
        ]
        rows: list[list[str | Wide | Named]] = []
        for row in top:
            factor, dummy = found.factor(str(row.path)), row.path == DUMMY
            rows.append(
                [
                    Named(factor.meaning(), t("(dummy)") if dummy else factor.path),
                    "" if dummy else f"{plain(factor.low)} … {plain(factor.high)}",
                    size(float(row.mu_star), unit),  # type: ignore[arg-type]
                    f"{percent(float(row.share))} ± {percent(half(row))}",  # type: ignore[arg-type]
                    "" if dummy else direction(row),
                    size(float(row.sigma), unit),  # type: ignore[arg-type]
                    "" if dummy else "△ " + t("assumption"),
                    t(str(row.verdict)),
                ]
            )
        tables.append(table(about(found, kpi), heads, rows))
    return section(
        "sensitivity",
        t("Which assumption moves which KPI"),
        items(closing(found)),
        picture(tornado(found)),
        *tables,
        _sobol(found),
        paragraph(failed(found)) if len(found.failures) else "",
        f"<h3>{escape(t('How it was screened'))}</h3>",
        items(head(found)),
    )


def _sobol(found: Sensitivity) -> str:
    if found.sobol.empty:
        return ""
    from kpisim.kpi import kpi as known  # noqa: PLC0415

    heads: list[tuple[str, Align]] = [
        (t("KPI"), "text"),
        (t("assumption"), "text"),
        ("S1", "number"),
        ("ST", "number"),
    ]
    rows: list[list[str | Wide | Named]] = [
        [
            str(known(row["kpi"]).title),
            Named(found.factor(row["path"]).meaning(), row["path"]),
            f"{row['S1']:.2f} ± {row['S1_conf']:.2f}",
            f"{row['ST']:.2f} ± {row['ST_conf']:.2f}",
        ]
        for row in rows_of(found.sobol)
    ]
    caption = t(
        "Share of the variance that each leader explains: S1 alone, ST with all it works through (Sobol)"
    )
    return table(caption, heads, rows)


def frame(found: Sensitivity) -> pd.DataFrame:
    """Return all effects with what each factor means, what luck alone reaches, and the class, for a CSV file."""
    chosen = [*found.factors, found.factor(DUMMY)]
    about_factors = pd.DataFrame(
        {
            "path": [one.path for one in chosen],
            "unit": [one.unit for one in chosen],
            "value": [one.value for one in chosen],
            "class": ["" if one.path == DUMMY else "assumption" for one in chosen],
            "meaning_en": [one.en for one in chosen],
            "meaning_zh": [one.zh for one in chosen],
        }
    )
    luck = found.luck[["kpi", "value", "floor"]].rename(columns={"value": "kpi_value"})
    return found.morris.merge(luck, on="kpi", how="left").merge(about_factors, on="path", how="left")


def save(found: Sensitivity, folder: Path) -> list[Path]:
    """Write the screening into `folder` and return the files: tables (CSV), the tornado (PNG) and a page (HTML).

    Raises
    ------
    OSError
        A place that cannot be written to; the command line says so in one line.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stem, lang = f"sensitivity-{_safe(found.scenario.name)}", current_language()
    shown = tornado(found)
    files = {
        f"{stem}.csv": _csv(frame(found)),
        f"{stem}-{lang}.png": shown.png(),
        f"{stem}-{lang}.html": _page(found).encode(),
    }
    if len(found.sobol):
        files[f"{stem}-sobol.csv"] = _csv(found.sobol)
    if len(found.failures):
        files[f"{stem}-failures.csv"] = _csv(found.failures)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def _csv(rows: pd.DataFrame) -> bytes:
    # Excel takes a file without the mark for one in the system's own encoding.
    return rows.to_csv(index=False).encode("utf-8-sig")


def _safe(name: str) -> str:
    return "".join(char if char.isalnum() or char in "-_" else "-" for char in name)[:60] or "scenario"


def _page(found: Sensitivity) -> str:
    title = t("Which assumption moves which KPI: {title}", title=found.scenario.title())
    return whole_page(title, [sensitivity_block(found).html])


__all__ = ["frame", "save", "sensitivity_block"]
