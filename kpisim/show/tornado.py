"""The tornado of a sensitivity screening: which guess moves a KPI how far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kpisim.show.picture import Picture
from kpisim.show.theme import BLUE, GREY, Medium, new_figure, set_title, theme
from kpisim.text import current_language, t

if TYPE_CHECKING:
    from pathlib import Path

    from kpisim.experiment.sensitivity import Sensitivity

BARS = 6
"""Guesses drawn per KPI."""


def tornado(found: Sensitivity, medium: Medium = "screen") -> Picture:
    """Draw the strongest guesses of every KPI, the longest bar at the top.

    Parameters
    ----------
    found
        Result of `kpisim.experiment.sensitivity.sensitivity`.
    medium
        Where the figure will be seen.
    """
    from kpisim.experiment.sensitivity import SURE, closing  # noqa: PLC0415
    from kpisim.kpi import kpi as known  # noqa: PLC0415

    meaning = {factor.path: factor for factor in found.factors}
    groups = [(str(name), rows.head(BARS)) for name, rows in found.morris.groupby("kpi", sort=False)]
    title = t("Which assumption moves which KPI")
    with theme(medium):
        figure, panels = new_figure(0.8 + 0.34 * sum(len(rows) + 2 for _, rows in groups))
        (axes,) = panels
        labels, place, said = [], 0, []
        for name, rows in groups:
            axes.text(0, place, str(known(name).title), fontweight="bold", va="center")
            labels.append((place, ""))
            place += 1
            strongest = rows.iloc[0]
            said.append(f"{known(name).title}: {meaning[strongest['path']].path} {strongest['share']:.0%}")
            for _, row in rows.iterrows():
                axes.barh(place, row["share"], color=BLUE if row["verdict"] in SURE else GREY, height=0.7)
                half = row["conf"] / row["mu_star"] * row["share"] if row["mu_star"] > 0 else 0.0
                axes.hlines(place, max(row["share"] - half, 0.0), row["share"] + half, color=GREY, lw=1.5)
                labels.append((place, row["path"]))
                place += 1
            place += 1
        axes.set_yticks([where for where, _ in labels], [what for _, what in labels])
        axes.set_ylim(place - 0.5, -1.0)
        axes.xaxis.set_major_formatter(lambda value, _position: f"{value:.0%}")
        axes.set_xlabel(t("effect of the whole range, share of the KPI"))
        set_title(figure, title)
    alt = t(
        "Bars show how far each KPI moves when one assumption runs through its range; the longest are at the top. {kpis}",
        kpis="; ".join(said),
    )
    return Picture(figure, title, alt, closing(found), medium, current_language())


def save(found: Sensitivity, folder: Path) -> list[Path]:
    """Write the screening as a table (CSV) and the tornado as a picture; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    table = folder / f"sensitivity-{found.scenario.name}.csv"
    picture = folder / f"sensitivity-{found.scenario.name}-{current_language()}.png"
    found.morris.to_csv(table, index=False, encoding="utf-8-sig")
    picture.write_bytes(tornado(found).png())
    return [table, picture]
